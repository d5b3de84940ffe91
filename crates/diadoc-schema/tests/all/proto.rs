//! The schema as `.proto` files: what is written means what was read, comments too.

use std::collections::BTreeMap;

use diadoc_proto::registry;
use diadoc_schema::{DESCRIPTOR_SET, ProtoFile, ProtoForm, Schema, buf_yaml, proto_files};
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, Value};
use prost_types::FileDescriptorSet;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use crate::fixtures;

/// What the options of other people's files are, as far as they are written here. The numbers are
/// theirs.
const FOREIGN: &[(&str, &str)] = &[
    (
        "buf/validate/validate.proto",
        r#"
syntax = "proto2";
package buf.validate;
import "google/protobuf/descriptor.proto";
extend google.protobuf.MessageOptions { optional MessageRules message = 1159; }
extend google.protobuf.FieldOptions { optional FieldRules field = 1159; }
message Rule { optional string id = 1; optional string message = 2; optional string expression = 3; }
message MessageRules { repeated Rule cel = 3; }
message FieldRules {
  repeated Rule cel = 23;
  optional bool required = 25;
  oneof type {
    Int32Rules int32 = 3;
    Int64Rules int64 = 4;
    Int32Rules uint32 = 5;
    Int32Rules sfixed32 = 11;
    Int64Rules sfixed64 = 12;
    StringRules string = 14;
    BytesRules bytes = 15;
    RepeatedRules repeated = 18;
  }
}
message Int32Rules { optional int32 lte = 3; optional int32 gte = 5; repeated int32 in = 6; }
message Int64Rules { optional int64 lte = 3; optional int64 gte = 5; repeated int64 in = 6; }
message StringRules {
  optional uint64 min_len = 2;
  optional uint64 max_len = 3;
  optional uint64 max_bytes = 5;
  optional string pattern = 6;
}
message BytesRules { optional uint64 max_len = 3; }
message RepeatedRules {
  optional uint64 min_items = 1;
  optional uint64 max_items = 2;
  optional FieldRules items = 4;
}
"#,
    ),
    (
        "google/api/annotations.proto",
        r#"
syntax = "proto3";
package google.api;
import "google/protobuf/descriptor.proto";
extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
message HttpRule {
  oneof pattern { string get = 2; string post = 4; }
  string body = 7;
  repeated HttpRule additional_bindings = 11;
}
"#,
    ),
];

struct Texts(BTreeMap<String, String>);

impl FileResolver for Texts {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        match self.0.get(name) {
            Some(text) => File::from_source(name, text),
            None => Err(protox::Error::file_not_found(name)),
        }
    }
}

/// What a compiler makes of files, as an encoded FileDescriptorSet.
fn compiled(files: &[ProtoFile]) -> Vec<u8> {
    let texts = files
        .iter()
        .map(|file| (file.name.clone(), file.text.clone()));
    let foreign = FOREIGN
        .iter()
        .map(|(name, text)| (name.to_string(), text.to_string()));
    let mut resolver = ChainFileResolver::new();
    resolver.add(Texts(texts.chain(foreign).collect()));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(true);
    let names = files.iter().map(|file| &file.name);
    if let Err(error) = compiler.open_files(names) {
        panic!("{error:?}");
    }
    compiler.encode_file_descriptor_set()
}

/// The files of a set by their names: what they declare, options of our own among it, and which
/// comments stand where.
type Meaning = BTreeMap<String, (DynamicMessage, BTreeMap<Vec<i32>, Vec<String>>)>;

fn meaning(set: &[u8]) -> Meaning {
    let pool = DescriptorPool::decode(set).unwrap();
    let set = FileDescriptorSet::decode(set).unwrap();
    let own = pool.get_message_by_name("google.protobuf.FileDescriptorProto");
    let own = own.unwrap_or_else(|| {
        let google = prost_reflect::DescriptorPool::global();
        google
            .get_message_by_name("google.protobuf.FileDescriptorProto")
            .expect("the known one")
    });
    let files = pool
        .files()
        .filter(|file| !file.name().starts_with("google/protobuf/"));
    let files = files.map(|file| {
        let mut comments = BTreeMap::new();
        let info = set.file.iter().find(|other| other.name() == file.name());
        let info = info.and_then(|file| file.source_code_info.as_ref());
        for place in info.iter().flat_map(|info| &info.location) {
            let mut texts = place.leading_detached_comments.clone();
            texts.push(format!(
                "{}{}",
                place.leading_comments(),
                place.trailing_comments()
            ));
            if texts != [""] {
                comments.insert(place.path.clone(), texts);
            }
        }
        let mut message = DynamicMessage::decode(own.clone(), &*file.encode_to_vec()).unwrap();
        message.clear_field_by_name("source_code_info");
        // Nothing hangs on the order of imports.
        if let Some(Value::List(mut imports)) = message
            .get_field_by_name("dependency")
            .map(|value| value.into_owned())
        {
            imports.sort_by_key(|import| import.as_str().map(str::to_owned));
            message.set_field_by_name("dependency", Value::List(imports));
        }
        (file.name().to_owned(), (message, comments))
    });
    files.collect()
}

fn assert_same(written: &Meaning, read: &Meaning) {
    assert_eq!(
        written.keys().collect::<Vec<_>>(),
        read.keys().collect::<Vec<_>>()
    );
    for (name, (message, comments)) in read {
        let (other, other_comments) = &written[name];
        let (other, message) = (other.to_string(), message.to_string());
        let same = other
            .bytes()
            .zip(message.bytes())
            .take_while(|(one, two)| one == two);
        // The whole of a file is too long to read.
        let from = same.count().saturating_sub(100);
        let shown = |text: &str| text.chars().skip(from).take(300).collect::<String>();
        assert!(
            other == message,
            "{name}\n{}\n{}",
            shown(&other),
            shown(&message)
        );
        let places = comments.keys().chain(other_comments.keys());
        for place in places {
            assert_eq!(
                other_comments.get(place),
                comments.get(place),
                "{name} {place:?}"
            );
        }
    }
}

#[test]
fn as_it_stands() {
    let files = proto_files(Schema::diadoc(), ProtoForm::default());
    assert_same(&meaning(&compiled(&files)), &meaning(DESCRIPTOR_SET));
}

/// All that proto2 has, in one place: what is printed of it is the same again.
const STRANGE: &str = r#"// Head.

// Of the syntax.
syntax = "proto2";
// Of the package.
package Strange.Inner;
// Of the import.
import "google/protobuf/descriptor.proto";
option java_package = "a.\"b\"\\\n\tж";
option optimize_for = CODE_SIZE;
// Between.

// Of the message.
message Outer { // After the brace.
  option deprecated = true;
  // Numbers.
  optional int64 long = 1 [default = -9223372036854775808, jstype = JS_STRING];
  optional double float = 2 [default = -inf];
  optional double none = 3 [default = nan];
  optional string text = 4 [default = "a\"b\\\n\tж\001"];
  optional bytes data = 5 [default = "a\"\\\n\377\000"];
  optional bool flag = 6 [default = true];
  optional Kind kind = 7 [default = SECOND, json_name = "K\"ind"];
  repeated int32 packed = 8 [packed = true];
  required Outer outer = 9 [(mark) = {name: "a" list: [1, 2] inner {name: "b"} kind: SECOND}];
  // A group.
  optional group Group = 10 {
    optional Group again = 1;
    optional .Strange.Inner.Outer outer = 2;
  }
  map<string, Inner> map = 11;
  map<int32, Kind> kinds = 12;
  // Of the oneof.
  oneof choice {
    // One.
    string one = 13;
    Inner two = 14;
    group Three = 15 { optional int32 a = 1; }
  }
  message Inner {
    message Inner { optional Inner inner = 1; }
    optional Inner inner = 1;
    optional Strange.Inner.Outer.Inner outer = 2;
  }
  enum Kind {
    option allow_alias = true;
    FIRST = 1 [deprecated = true];
    UNO = 1;
    // Two.
    SECOND = -2;
    // Gone too.
    reserved 5, 7 to 9, 100 to max;
    reserved "THIRD";
  }
  // Gone.
  reserved 100, 200 to 300;
  // Gone by name.
  reserved "old", "older";
  // For others.
  extensions 1000 to 1999, 5000 to max;
  // Of a block inside.
  extend Outer {
    // Inside.
    repeated Inner inside = 1000;
  }
  optional int32 snake_case_1 = 20;
  optional int32 aB_c__d = 21;
}
message Empty {}
// Of a block.
extend Outer { optional int32 outside = 1001 [default = 3]; optional Outer.Kind kind = 1002; }
extend google.protobuf.FieldOptions { optional Mark mark = 50000; }
extend google.protobuf.MethodOptions { repeated string tags = 50000; }
message Mark {
  optional string name = 1;
  repeated int32 list = 2;
  optional Mark inner = 3;
  optional Outer.Kind kind = 4;
}
service Calls {
  option deprecated = true;
  // A call.
  rpc Call(Outer) returns (stream Empty);
  rpc Back(stream Outer.Inner) returns (Empty) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (tags) = "a";
    option (tags) = "b";
  }
}
"#;

fn file(name: &str, text: &str) -> ProtoFile {
    let mut files = proto_files(Schema::diadoc(), ProtoForm::default());
    let mut file = files.remove(0);
    file.name = name.to_owned();
    file.text = text.to_owned();
    file
}

fn as_schema(set: &[u8]) -> Schema {
    Schema::from_descriptor_set(set).unwrap()
}

#[test]
fn all_that_there_is() {
    let proto3 = "syntax = \"proto3\";\npackage P;\nmessage M {\n  optional int32 a = 1;\n  int32 b = 2;\n  \
                  repeated int32 c = 3 [packed = false];\n  oneof o { int32 d = 4; }\n}\n";
    let files = [
        file("strange.proto", STRANGE),
        file("p/three.proto", proto3),
    ];
    let read = compiled(&files);
    let written = proto_files(&as_schema(&read), ProtoForm::default());
    assert_same(&meaning(&compiled(&written)), &meaning(&read));
    // What was printed once is printed so again.
    let again = proto_files(&as_schema(&compiled(&written)), ProtoForm::default());
    assert_eq!(again, written);
    insta::assert_snapshot!("proto_strange", written[1].text);
}

fn text_of<'f>(files: &'f [ProtoFile], name: &str) -> &'f str {
    let file = files.iter().find(|file| file.name == name);
    &file.expect("a file of the schema").text
}

/// A form of Diadoc's schema, and its texts.
fn form(form: ProtoForm) -> (Schema, Vec<ProtoFile>) {
    let files = proto_files(Schema::diadoc(), form);
    (as_schema(&compiled(&files)), files)
}

const PLAIN: ProtoForm = ProtoForm {
    plain: true,
    without_required: false,
    proto3: false,
    protovalidate: false,
    google_http: false,
};

/// What protobuf and JSON see of the fields of all messages, enums and methods of a schema. The label
/// and the default go with some forms.
fn visible(schema: &Schema) -> Vec<String> {
    let mut lines = Vec::new();
    for message in schema.pool().all_messages() {
        for field in message.fields() {
            lines.push(format!(
                "{} {} {:?} {} {:?}",
                field.full_name(),
                field.number(),
                field.kind(),
                field.json_name(),
                field.is_packed(),
            ));
        }
    }
    for item in schema.pool().all_enums() {
        for value in item.values() {
            lines.push(format!("{} {}", value.full_name(), value.number()));
        }
    }
    for service in schema.pool().services() {
        for method in service.methods() {
            let (input, output) = (method.input(), method.output());
            let (input, output) = (input.full_name(), output.full_name());
            lines.push(format!("{} {input} {output}", method.full_name()));
        }
    }
    let of_options = [
        "Diadoc.Rules.",
        "Diadoc.Http.",
        "Diadoc.Title.",
        "Diadoc.Json.",
        "google.",
        "buf.",
    ];
    lines.retain(|line| !of_options.iter().any(|package| line.starts_with(package)));
    lines.sort();
    lines
}

#[test]
fn plain() {
    let (schema, files) = form(PLAIN);
    assert_eq!(visible(&schema), visible(Schema::diadoc()));
    assert!(
        schema
            .pool()
            .get_file_by_name("google/protobuf/descriptor.proto")
            .is_none()
    );
    assert_eq!(schema.pool().all_extensions().len(), 0);
    for file in &files {
        assert!(!file.text.contains("[("), "{}", file.name);
        assert!(!file.text.contains("option ("), "{}", file.name);
        for option in [
            "csharp_namespace",
            "go_package",
            "java_package",
            "php_namespace",
        ] {
            let count = file.text.matches(&format!("option {option} = ")).count();
            assert_eq!(count, 1, "{} {option}", file.name);
        }
    }
    // All comments of what is left.
    let own = meaning(&compiled(&proto_files(
        Schema::diadoc(),
        ProtoForm::default(),
    )));
    for (name, (_, comments)) in meaning(&compiled(&files)) {
        // Of messages, enums and services and of what is inside, but not of options.
        let is_part = |path: &[i32]| (4..=6).contains(&path[0]) && path.iter().all(|n| *n < 50_000);
        let (_, own) = &own[&name];
        for (path, texts) in own.iter().filter(|(path, _)| is_part(path)) {
            let own = texts.join("\n");
            let other = comments.get(path).map(|texts| texts.join("\n"));
            // More may stand below.
            let is_kept = other.is_some_and(|other| other.starts_with(own.trim_end()));
            assert!(is_kept || name == "diadoc/http.proto", "{name}: {own}");
        }
    }
    let text = |name| text_of(&files, name);
    insta::assert_snapshot!("proto_plain_http", text("diadoc/http.proto"));
    insta::assert_snapshot!("proto_plain_login", text("diadoc/login_password.proto"));
}

#[test]
fn without_required_and_in_proto3() {
    let optional = ProtoForm {
        without_required: true,
        ..PLAIN
    };
    let (schema, files) = form(optional);
    assert_eq!(visible(&schema), visible(Schema::diadoc()));
    let required = |schema: &Schema| {
        let messages = schema.messages().collect::<Vec<_>>();
        let fields = messages
            .iter()
            .flat_map(|message| message.fields().collect::<Vec<_>>());
        fields.filter(|field| field.is_required()).count()
    };
    assert_eq!(required(&schema), 0);
    let noted: usize = files
        .iter()
        .map(|file| file.text.matches("// Required.\n").count())
        .sum();
    assert!(noted >= required(Schema::diadoc()), "{noted}");

    let (schema, files) = form(ProtoForm {
        proto3: true,
        ..PLAIN
    });
    let zeros: Vec<_> = schema
        .pool()
        .all_enums()
        .filter(|item| {
            Schema::diadoc()
                .pool()
                .get_enum_by_name(item.full_name())
                .unwrap()
                .get_value(0)
                .is_none()
        })
        .map(|item| item.name().to_owned())
        .collect();
    let added = |line: &String| {
        zeros
            .iter()
            .any(|name| line.ends_with(&format!("{name}_NotSet 0")))
    };
    let mut lines = visible(&schema);
    lines.retain(|line| !added(line));
    let own = visible(Schema::diadoc());
    let differing = lines.iter().zip(&own).find(|(one, other)| one != other);
    assert_eq!(differing, None);
    assert_eq!(lines.len(), own.len());
    assert_eq!(required(&schema), 0);
    assert!(
        files
            .iter()
            .all(|file| file.text.contains("syntax = \"proto3\";"))
    );
    for item in schema.enums() {
        let proto = item.enum_descriptor_proto();
        assert_eq!(proto.value[0].number(), 0, "{}", item.full_name());
    }
}

/// The documented bodies are the same bytes in every form.
#[test]
fn bodies_in_every_form() {
    for proto3 in [false, true] {
        let (schema, _) = form(ProtoForm {
            without_required: true,
            proto3,
            ..PLAIN
        });
        for fixture in fixtures() {
            let name = fixture.message.full_name();
            let Ok(body) = registry::find(name).unwrap().from_json(&fixture.body) else {
                continue;
            };
            let bytes = body.encode_to_vec();
            let message = schema.message(name).unwrap();
            let other = DynamicMessage::decode(message, &*bytes).unwrap();
            assert_eq!(other.encode_to_vec(), bytes, "{}", fixture.file);
            assert_eq!(other.unknown_fields().count(), 0, "{}", fixture.file);
        }
    }
}

#[test]
fn with_rules_and_ways() {
    let rules = ProtoForm {
        protovalidate: true,
        google_http: true,
        ..PLAIN
    };
    let (schema, files) = form(rules);
    assert_eq!(visible(&schema), visible(Schema::diadoc()));
    let text = |name| text_of(&files, name);
    insta::assert_snapshot!(
        "proto_rules",
        text("diadoc/events/document_attachments_to_post.proto")
    );
    insta::assert_snapshot!("proto_http", text("diadoc/methods/shelf.proto"));
    // Nothing is imported that is not used.
    for file in &files {
        let rules = file.text.contains("(buf.validate.");
        assert_eq!(file.text.contains("import \"buf/"), rules, "{}", file.name);
        let http = file.text.contains("(google.api.http)");
        assert_eq!(
            file.text.contains("import \"google/api/"),
            http,
            "{}",
            file.name
        );
    }
    insta::assert_snapshot!("buf_yaml", buf_yaml(rules));
    // Where no label says it, an option does.
    let (_, files) = form(ProtoForm {
        proto3: true,
        ..rules
    });
    let count = |text: &str| {
        files
            .iter()
            .map(|file| file.text.matches(text).count())
            .sum::<usize>()
    };
    assert_eq!(
        count("// Required.\n"),
        count("required: true") + count(".required = true")
    );
}

/// A name is looked up from the inside out, by its first part.
#[test]
fn names_that_stand_in_the_way() {
    let text = r#"
syntax = "proto2";
package A.B;
message A { optional int32 a = 1; message B { optional A.B b = 1; } }
message B { optional .A.B.B b = 1; optional .A.B.A a = 2; optional .A.B.A.B c = 3; }
message C { message A { message D {} } optional .A.B.A a = 1; optional A.D d = 2; optional .A.B.A.B b = 3; }
"#;
    let read = compiled(&[file("a.proto", text)]);
    let written = proto_files(&as_schema(&read), ProtoForm::default());
    assert_same(&meaning(&compiled(&written)), &meaning(&read));
}
