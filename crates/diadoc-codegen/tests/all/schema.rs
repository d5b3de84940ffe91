//! What becomes of rules and comments, and the facts of the schema that its steps rest on.

use diadoc_codegen::DESCRIBED;
use std::collections::{BTreeMap, BTreeSet};

use diadoc_codegen::schema::aliases;
use prost_reflect::{DescriptorPool, Value};

use crate::{generate_from, schema};

const HEAD: &str =
    "syntax = \"proto2\";\npackage Diadoc.Api.Proto;\nimport \"diadoc/json.proto\";\n";

#[test]
fn a_file_that_does_not_compile_is_shown_with_its_place() {
    let error = generate_from(
        "broken",
        &format!("{HEAD}message A {{ optional B b = 1; }}"),
    );
    let error = error.unwrap_err();
    assert!(error.contains("test.proto"), "{error}");
}

#[test]
fn names_in_comments_become_links() {
    let proto = format!(
        "{HEAD}\
         // Holds a `B` with its `B.Name`, see `Known`.\n\
         message A {{\n  // As `Other`, unlike `Nothing`.\n  optional string Name = 1;\n  \
         // Second.\n  optional string Other = 2;\n}}\n\
         message B {{ optional string Name = 1; }}\n\
         enum E {{ option (Json.names).no_unknown = true; Known = 0; }}\n"
    );
    let output = generate_from("links", &proto).unwrap();
    let code = String::from_utf8(output.files["src/generated/mod.rs"].clone()).unwrap();
    for expected in [
        "/// Holds a [`B`](crate::B) with its [`B.Name`](crate::B::name), see [`Known`](crate::E::Known).",
        "/// As [`Other`](crate::A::other), unlike `Nothing`.",
    ] {
        assert!(code.contains(expected), "{code}");
    }
}

const WITH_RULES: &str = r#"
import "diadoc/rules.proto";
// A body.
message A {
  option (Rules.message).any_of = {fields: ["Names", "Mask"]};
  // Names of it.
  repeated string Names = 1 [
    deprecated = true,
    (Rules.field).pattern = "^[a-z]$",
    (Rules.field).max_items = 3
  ];
  optional int32 Mask = 2 [(Rules.field).flags = "AmendmentFlags"];
}
"#;

#[test]
fn rules_reach_the_comments() {
    let output = generate_from("rules", &format!("{HEAD}{WITH_RULES}")).unwrap();
    let code = String::from_utf8(output.files["src/generated/mod.rs"].clone()).unwrap();
    for expected in [
        "/// A body.\n///\n/// Rules: at least one of [`Names`](crate::A::names) and [`Mask`](crate::A::mask).\n",
        "    /// Names of it.\n    ///\n    /// Rules: at most 3 elements; each matching `^[a-z]$`.\n",
        "    /// Rules: a mask of the bits 1 AmendmentRequested, 2 Revised, 4 Corrected, 8 PoaAmendmentRequested.\n",
    ] {
        assert!(code.contains(expected), "{code}");
    }
    for line in [
        "docs: rules in 3 comments",
        "types: step `rules-opening-bracket`, 1 places",
        "types: step `rules-closing-bracket`, 1 places",
    ] {
        assert!(output.log.iter().any(|l| l == line), "{:?}", output.log);
    }
}

#[test]
fn rules_are_no_code_and_stand_in_the_described_set_only() {
    let output = generate_from("sets", &format!("{HEAD}{WITH_RULES}")).unwrap();
    assert!(output.files.keys().all(|name| !name.contains("rules")));

    let plain = DescriptorPool::decode(&*output.files["src/generated/descriptor_set.bin"]).unwrap();
    let names: Vec<_> = plain.files().map(|file| file.name().to_owned()).collect();
    assert_eq!(names, ["diadoc/test.proto"]);
    let message = plain.get_message_by_name("Diadoc.Api.Proto.A").unwrap();
    assert_eq!(message.descriptor_proto().options, None);
    let [names, mask] = ["Names", "Mask"].map(|name| message.get_field_by_name(name).unwrap());
    assert!(
        names
            .field_descriptor_proto()
            .options
            .as_ref()
            .unwrap()
            .deprecated()
    );
    assert_eq!(mask.field_descriptor_proto().options, None);

    let described = &*output.files[&format!("{DESCRIBED}/descriptor_set.bin")];
    let described = DescriptorPool::decode(described).unwrap();
    let message = described.get_message_by_name("Diadoc.Api.Proto.A").unwrap();
    let names = message.get_field_by_name("Names").unwrap();
    assert_eq!(names.json_name(), "Names");
    let extension = described
        .get_extension_by_name("Diadoc.Rules.field")
        .unwrap();
    let options = names.options();
    let rules = options.get_extension(&extension);
    let items = rules.as_message().unwrap().get_field_by_name("max_items");
    assert_eq!(items.as_deref(), Some(&Value::U32(3)));
    assert_eq!(
        options.get_field_by_name("deprecated").as_deref(),
        Some(&Value::Bool(true))
    );
    let file = message.parent_file();
    let locations = &file
        .file_descriptor_proto()
        .source_code_info
        .as_ref()
        .unwrap()
        .location;
    let comments = locations.iter().filter_map(|l| l.leading_comments.clone());
    let comments: Vec<_> = comments.collect();
    assert_eq!(comments, [" A body.\n", " Names of it.\n"]);
}

/// As protoc writes a set: each file after its imports, and places in the order of the text.
#[test]
fn the_described_set_is_in_order() {
    let output = generate_from("order", &format!("{HEAD}{WITH_RULES}")).unwrap();
    let set = &*output.files[&format!("{DESCRIBED}/descriptor_set.bin")];
    let pool = DescriptorPool::decode(set).unwrap();
    let names: Vec<_> = pool.files().map(|file| file.name().to_owned()).collect();
    let [descriptor, rules] = ["google/protobuf/descriptor.proto", "diadoc/rules.proto"];
    assert_eq!(
        names,
        [
            descriptor,
            "diadoc/http.proto",
            "diadoc/json.proto",
            rules,
            "diadoc/test.proto"
        ]
    );

    let locations = |name: &str| {
        let file = pool.get_file_by_name(name).unwrap();
        let info = file.file_descriptor_proto().source_code_info.clone();
        info.unwrap().location
    };
    let starts = locations("diadoc/test.proto");
    let starts: Vec<_> = starts
        .iter()
        .map(|one| (one.span[0], one.span[1]))
        .collect();
    assert!(starts.len() > 20 && starts.is_sorted(), "{starts:?}");
    // What is extended stands before the field, which has it as a part.
    let paths: Vec<_> = locations(rules).into_iter().map(|one| one.path).collect();
    let field = paths.iter().position(|path| path == &[7, 0]).unwrap();
    assert_eq!(
        paths[field - 1..field + 2],
        [vec![7], vec![7, 0], vec![7, 0, 2]]
    );
}

/// The enums without a member that a name from the future may be read as. In the first six a name
/// suggests that there is one, and what the vendor says of it that there is none.
const NO_UNKNOWN: [&str; 20] = [
    "CertificateUsage",
    "DocumentHistoryEmbed",
    "DssCertificateType",
    "OrganizationType",
    "TtGisFixationCancellationStatus",
    "UniversalMessageBehaviour",
    "CustomDataPatchOperation",
    "DocumentTitleType",
    "DssSignDataSource",
    "FunctionType",
    "InvoiceFormatVersion",
    "ItemMark",
    "NonQualifiedDetails.NonQualifiedSignatureSource",
    "OrgType",
    "OrganizationInvoiceFormatVersion",
    "QualifiedDetails.QualifiedSignatureSource",
    "SearchScope",
    "Sociability",
    "TaxRate",
    "TitleActionPredefinedOperationResult",
];

#[test]
fn the_unknown_member_never_means_something() {
    let schema = schema();
    let mut without = BTreeSet::new();
    for item in schema.enums() {
        let values = item.descriptor.value.iter();
        match schema.unknown_member(&item) {
            Some(name) => {
                assert!(name.contains("Unknown") || name.ends_with("Unspecified"));
                // Of two that are called so, nobody could say which is meant.
                let alike = values.filter(|value| value.name().contains("Unknown"));
                assert!(alike.count() <= 1, "{}", item.full_name());
            }
            None => {
                without.insert(item.name.clone());
            }
        }
    }
    assert_eq!(without, NO_UNKNOWN.map(str::to_owned).into());
}

#[test]
fn other_names_of_members_are_known() {
    let schema = schema();
    let aliased: Vec<_> = schema
        .enums()
        .iter()
        .flat_map(|item| {
            aliases(item.descriptor)
                .into_iter()
                .map(|(first, alias)| format!("{first} = {alias}"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        aliased,
        [
            "SearchScopeInbound = SearchScopeIncoming",
            "SearchScopeOutbound = SearchScopeOutgoing",
            "RepresentativeLegalSubsidiaryEntity = RepresentativeLegalEntitySubsidiary",
            "RepresentativeForeignLegalSubsidiaryEntity = RepresentativeForeignLegalEntitySubsidiary",
        ]
    );
}

/// Compilers of other languages put what they make of all files in one folder, by the names without the
/// underlines.
#[test]
fn no_two_files_have_the_same_name() {
    let schema = schema();
    let mut known = BTreeMap::new();
    for file in schema.pool.files() {
        let name = file.name().rsplit('/').next().unwrap_or_default();
        let name = name.replace('_', "").to_lowercase();
        if let Some(other) = known.insert(name, file.name().to_owned()) {
            panic!("{other} and {}", file.name());
        }
    }
}
