//! Step 3: pbjson-build writes the serde impls, and named steps adapt them to Diadoc's JSON.
//!
//! pbjson speaks proto3's JSON; Diadoc's server speaks another dialect. Each difference is one
//! [`Step`]. The types that the replacements name live in `src/serde/`.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use prost_build::Module;
use prost_types::field_descriptor_proto::Label;
use quote::quote;

use crate::ident::{self, Path};
use crate::schema::{Kind, Schema, aliases, kind};
use crate::steps::{self, Step};
use crate::{Error, modules};

/// The code of each package, by its protobuf name.
pub fn generate(
    schema: &Schema,
    log: &mut Vec<String>,
) -> Result<BTreeMap<String, TokenStream>, Error> {
    let mut builder = pbjson_build::Builder::new();
    for file in &schema.files.file {
        builder.register_file_descriptor(file.clone());
    }
    let generated = builder
        .retain_enum_prefix()
        .ignore_unknown_fields()
        .generate(&["."], |_| Ok(Vec::new()))
        .map_err(|source| Error::Generator {
            generator: "pbjson-build",
            source,
        })?;
    let generated: BTreeMap<String, String> = generated
        .into_iter()
        .map(|(name, code)| {
            (
                name.to_string(),
                String::from_utf8_lossy(&code).into_owned(),
            )
        })
        .collect();
    // pbjson names packages in snake case; the schema's own names tell them apart as well.
    let mut packages = BTreeMap::new();
    for package in schema.packages().into_keys() {
        let module = Module::from_protobuf_package_name(package);
        let snake = module.parts().collect::<Vec<_>>().join(".");
        if let Some(code) = generated.get(&snake) {
            packages.insert(package.to_owned(), code.clone());
        }
    }
    log.push(format!(
        "serde: serde impls in {} packages from pbjson-build",
        packages.len()
    ));

    steps::apply("serde", &steps(schema), &mut packages, log)?;
    read_scalars(schema, &mut packages, log)?;
    let packages = packages.into_iter().map(|(package, code)| {
        let mut code = modules::tokens(&package, &code)?;
        code.extend(enum_names(schema, &package));
        Ok((package, code))
    });
    let packages = packages.collect::<Result<_, Error>>()?;
    log.push(format!(
        "serde: names of {} enums, {} with a member for unknown names",
        schema.enums().len(),
        schema
            .enums()
            .iter()
            .filter(|item| schema.unknown_member(item).is_some())
            .count()
    ));
    Ok(packages)
}

/// The last step, for what pbjson leaves to the type of the field: booleans and strings are read by
/// the rules R9 and R10. Where they stand, the schema says.
fn read_scalars(
    schema: &Schema,
    packages: &mut BTreeMap<String, String>,
    log: &mut Vec<String>,
) -> Result<(), Error> {
    let (mut expected, mut found) = (0, 0);
    for message in schema.messages() {
        let fields = message.descriptor.field.iter();
        let calls = fields.filter_map(|field| {
            let call = match (kind(field)?, field.label()) {
                (Kind::Bool, _) => "boolean",
                (Kind::String, Label::Repeated) => "texts",
                (Kind::String, _) => "text",
                _ => return None,
            };
            let member = format!("{}__ = Some(", ident::snake(field.name()));
            let read = |call: &str| format!("{member}{call}?);");
            Some((
                read("map_.next_value()"),
                read(&format!("crate::serde::{call}(&mut map_)")),
            ))
        });
        let calls: Vec<_> = calls.collect();
        expected += calls.len();
        let Some(code) = packages.get_mut(message.package) else {
            continue;
        };
        let path = Path::local(&message.name);
        let start = code.find(&format!("impl<'de> serde::Deserialize<'de> for {path} {{"));
        let start = start.unwrap_or(code.len());
        let end = code[start..]
            .find("\n}")
            .map_or(code.len(), |end| start + end);
        let mut block = code[start..end].to_owned();
        for (plain, read) in calls {
            found += block.matches(&plain).count();
            block = block.replace(&plain, &read);
        }
        code.replace_range(start..end, &block);
    }
    if found != expected {
        return Err(Error::Step {
            step: "read-scalars",
            why: "R9 and R10: booleans and strings are read in more than one form",
            expected,
            found,
        });
    }
    log.push(format!("serde: step `read-scalars`, {found} places"));
    Ok(())
}

/// All adaptations, in the order in which they are made.
fn steps(schema: &Schema) -> Vec<Step> {
    use Kind::{Bool, Bytes, Enum, Int32, Int64, Message, String};
    use Label::{Optional, Repeated, Required};

    let count = |label: Label, kinds: &[Kind]| {
        schema.count_fields(|l, kind| l == label && kinds.contains(&kind))
    };
    let int = [Int32, Int64];
    let number = r"::pbjson::private::NumberDeserialize<_>";
    let bytes = r"::pbjson::private::BytesDeserialize<_>";
    let mut steps = Vec::new();
    let mut step = |name, why, pattern: &str, replacement, expected| {
        steps.push(Step {
            name,
            why,
            pattern: pattern.to_owned(),
            replacement,
            expected,
        });
    };

    // Writing.
    let as_string = r"#\[allow\(clippy::needless_borrow\)\]\s*#\[allow\(clippy::needless_borrows_for_generic_args\)\]\s*(struct_ser\.serialize_field\([^,]+, )ToString::to_string\(&([\w.#]+)\)\.as_str\(\)\)";
    step(
        "write-int64-as-number",
        "W2: 64-bit integers are JSON numbers, where pbjson writes strings",
        as_string,
        "$1&$2)",
        count(Optional, &[Int64]) + count(Required, &[Int64]),
    );
    step(
        "write-int64-list-as-numbers",
        "W2: 64-bit integers are JSON numbers, in lists too",
        r"&([\w.#]+)\.iter\(\)\.map\(ToString::to_string\)\.collect::<Vec<_>>\(\)",
        "&$1",
        count(Repeated, &[Int64]),
    );
    step(
        "write-unknown-enum-number",
        "W3: a number that the enum does not know is written as that number, where pbjson fails",
        r#"let v = ([\w:#]+)::try_from\(([\w.#*]+)\)\s*\.map_err\(\|_\| serde::ser::Error::custom\(format!\("Invalid variant \{\}", [\w.#*]+\)\)\)\?;"#,
        "let v = crate::serde::EnumValue::<$1>::new($2);",
        count(Optional, &[Enum]) + count(Required, &[Enum]),
    );
    step(
        "write-unknown-enum-number-in-list",
        "W3: a number that the enum does not know is written as that number, in lists too",
        r#"let v = ([\w.#]+)\.iter\(\)\.cloned\(\)\.map\(\|v\| \{\s*([\w:#]+)::try_from\(v\)\s*\.map_err\(\|_\| serde::ser::Error::custom\(format!\("Invalid variant \{\}", v\)\)\)\s*\}\)\.collect::<std::result::Result<Vec<_>, _>>\(\)\?;"#,
        "let v = $1.iter().copied().map(crate::serde::EnumValue::<$2>::new).collect::<Vec<_>>();",
        count(Repeated, &[Enum]),
    );

    // Reading: every field becomes `Option<Option<T>>`, the outer one for the key, the inner one
    // for `null`, so that `null` means absent and a key that stands twice is still seen.
    step(
        "read-null",
        "R2: null means absent, and R8: a key twice is an error even when one of them is null",
        r"__ = map_\.next_value\(\)\?;",
        "__ = Some(map_.next_value()?);",
        count(Optional, &[Bool, String, Message]) + count(Required, &[Message]),
    );
    step(
        "read-optional-number",
        "R3: numbers or decimal strings, without a buffered untagged enum",
        &format!(r"map_\.next_value::<::std::option::Option<{number}>>\(\)\?\.map\(\|x\| x\.0\)"),
        "Some(map_.next_value::<Option<crate::serde::Integer<_>>>()?.map(|x| x.0))",
        count(Optional, &int),
    );
    step(
        "read-required-number",
        "R3, and R2: null means absent, also where the field is required",
        &format!(r"Some\(map_\.next_value::<{number}>\(\)\?\.0\)"),
        "Some(map_.next_value::<Option<crate::serde::Integer<_>>>()?.map(|x| x.0))",
        count(Required, &int),
    );
    step(
        "read-number-list",
        "R3, and R2: null means absent, for lists too",
        &format!(
            r"Some\(map_\.next_value::<Vec<{number}>>\(\)\?\s*\.into_iter\(\)\.map\(\|x\| x\.0\)\.collect\(\)\)"
        ),
        "Some(map_.next_value::<Option<Vec<crate::serde::Integer<_>>>>()?.map(|list| list.into_iter().map(|x| x.0).collect()))",
        count(Repeated, &int),
    );
    step(
        "read-optional-bytes",
        "R6 and R7: bad base64 says what was expected",
        &format!(r"map_\.next_value::<::std::option::Option<{bytes}>>\(\)\?\.map\(\|x\| x\.0\)"),
        "Some(map_.next_value::<Option<crate::serde::Base64<_>>>()?.map(|x| x.0))",
        count(Optional, &[Bytes]),
    );
    step(
        "read-required-bytes",
        "R6 and R7, and R2: null means absent, also where the field is required",
        &format!(r"Some\(map_\.next_value::<{bytes}>\(\)\?\.0\)"),
        "Some(map_.next_value::<Option<crate::serde::Base64<_>>>()?.map(|x| x.0))",
        count(Required, &[Bytes]),
    );
    step(
        "read-bytes-list",
        "R6 and R7, and R2: null means absent, for lists too",
        &format!(
            r"Some\(map_\.next_value::<Vec<{bytes}>>\(\)\?\s*\.into_iter\(\)\.map\(\|x\| x\.0\)\.collect\(\)\)"
        ),
        "Some(map_.next_value::<Option<Vec<crate::serde::Base64<_>>>>()?.map(|list| list.into_iter().map(|x| x.0).collect()))",
        count(Repeated, &[Bytes]),
    );
    step(
        "read-optional-enum",
        "R4: any number is kept; an unknown name leaves the field unset where the enum has no member for unknown names",
        r"map_\.next_value::<::std::option::Option<([\w:#]+)>>\(\)\?\.map\(\|x\| x as i32\)",
        "Some(map_.next_value::<Option<crate::serde::EnumOrUnknown<$1>>>()?.and_then(|x| x.number))",
        count(Optional, &[Enum]),
    );
    step(
        "read-required-enum",
        "R4: any number is kept; an unknown name is an error where the enum has no member for unknown names",
        r"Some\(map_\.next_value::<([\w:#]+)>\(\)\? as i32\)",
        "Some(map_.next_value::<Option<crate::serde::KnownEnum<$1>>>()?.map(|x| x.number))",
        count(Required, &[Enum]),
    );
    step(
        "read-enum-list",
        "R4: any number is kept; an unknown name is dropped where the enum has no member for unknown names",
        r"Some\(map_\.next_value::<Vec<([\w:#]+)>>\(\)\?\.into_iter\(\)\.map\(\|x\| x as i32\)\.collect\(\)\)",
        "Some(map_.next_value::<Option<Vec<crate::serde::EnumOrUnknown<$1>>>>()?.map(|list| list.into_iter().filter_map(|x| x.number).collect()))",
        count(Repeated, &[Enum]),
    );
    step(
        "read-absent-optional",
        "R2: null and no key are the same",
        r"(?m)^(\s*)((?:r#)?\w+): ((?:r#)?\w+)__,$",
        "${1}${2}: ${3}__.flatten(),",
        schema.count_fields(|label, _| label == Optional),
    );
    step(
        "read-absent-list",
        "R2: null and no key are the same",
        r"__\.unwrap_or_default\(\),",
        "__.flatten().unwrap_or_default(),",
        schema.count_fields(|label, _| label == Repeated),
    );
    step(
        "read-absent-required",
        "R5: a missing required field takes the default that the schema gives it, where pbjson fails",
        r#"((?:r#)?\w+): ((?:r#)?\w+)__\.ok_or_else\(\|\| serde::de::Error::missing_field\("[^"]+"\)\)\?,"#,
        "${1}: ${2}__.flatten().unwrap_or_else(|| Self::Value::default().${1}),",
        schema.count_fields(|label, _| label == Required),
    );
    step(
        "name-the-message",
        "R7: an error says what was expected, in the schema's own name",
        r#"formatter\.write_str\("struct ([\w.]+)\.(\w+)"\)"#,
        r#"formatter.write_str("an object ($2)")"#,
        schema.messages().len(),
    );
    step(
        "read-enum-names",
        "R4: all names of a member are read, and an unknown name becomes the member for unknown \
         names where there is one; pbjson knows the first name only and fails on the rest",
        r"_ => Err\(serde::de::Error::unknown_variant\(value, FIELDS\)\),",
        "_ => crate::serde::other_name(value, FIELDS),",
        schema.enums().len(),
    );
    steps
}

/// What [`read-enum-names`](steps) asks of each enum: its name, its member for unknown names and its
/// aliases.
fn enum_names(schema: &Schema, package: &str) -> TokenStream {
    let enums = schema.enums().into_iter();
    let implementation = |item: crate::schema::Enum<'_>| {
        let (path, name) = (Path::local(&item.name), item.descriptor.name());
        let unknown = match schema.unknown_member(&item).as_deref().map(ident::camel) {
            Some(variant) => quote!(Some(Self::#variant)),
            None => quote!(None),
        };
        let (firsts, aliases): (Vec<_>, Vec<_>) = aliases(item.descriptor)
            .into_iter()
            .map(|(first, alias)| (ident::camel(first), alias))
            .unzip();
        quote! {
            impl crate::serde::EnumNames for #path {
                const NAME: &'static str = #name;
                const UNKNOWN: Option<Self> = #unknown;
                const ALIASES: &'static [(&'static str, Self)] = &[#((#aliases, Self::#firsts)),*];
            }
        }
    };
    enums
        .filter(|item| item.package == package)
        .map(implementation)
        .collect()
}
