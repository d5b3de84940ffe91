//! What is said of secrets.

use diadoc_core::secrets::sounds_secret;
use diadoc_schema::{Checks, Direction, Form, Report, Schema, is_secret, secret_keys};
use protox::file::{
    ChainFileResolver, File, FileResolver, GoogleFileResolver, IncludeFileResolver,
};

const SECRET: &str = "c4n4ry";

/// Messages with secrets that rules are about, and one around them.
const MESSAGES: &str =
    "syntax = \"proto2\"; package Diadoc.Api.Proto; import \"diadoc/rules.proto\";
    message A {
      required string Pass = 1 [(Rules.field) = {secret: true, max_len: 3, format: GUID}];
      repeated bytes Keys = 2 [(Rules.field) = {secret: true, max_bytes: 2}];
      optional string Plain = 3 [(Rules.field).max_len = 3];
      optional B Inner = 4 [(Rules.field).secret = true];
    }
    message B { optional string Text = 1 [(Rules.field).format = DATE]; optional int32 Number = 2; }
    message Around { repeated A All = 1; }";

struct Own;

impl FileResolver for Own {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        match name {
            "own.proto" => File::from_source(name, MESSAGES),
            _ => Err(protox::Error::file_not_found(name)),
        }
    }
}

fn schema() -> Schema {
    let mut files = ChainFileResolver::new();
    files.add(Own);
    files.add(IncludeFileResolver::new(crate::repository().join("proto")));
    files.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(files);
    compiler
        .include_imports(true)
        .open_file("own.proto")
        .unwrap();
    Schema::from_descriptor_set(&compiler.encode_file_descriptor_set()).unwrap()
}

fn check(schema: &Schema, name: &str, form: Form, body: &[u8]) -> Report {
    let message = schema.message(name).unwrap();
    Checks::new(Direction::Request).check(&message, form, body)
}

/// All that a report says, with the lines of the body.
fn all_of(report: &Report, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let json = serde_json::to_string(report).unwrap();
    #[cfg(feature = "render")]
    let lines = report.render(&text, false);
    #[cfg(not(feature = "render"))]
    let lines = text.is_empty();
    format!("{report:?}\n{json}\n{lines}")
}

#[test]
fn no_finding_shows_one() {
    let schema = schema();
    for body in [
        format!(r#"{{"Pass": "{SECRET}", "Plain": "too long"}}"#),
        format!(r#"{{"Pass": {{"x": "{SECRET}"}}, "Plain": "too long"}}"#),
        format!(r#"{{"Pass": ["{SECRET}"], "Keys": "{SECRET}!"}}"#),
        format!(r#"{{"PASS": "{SECRET}", "keys": ["{SECRET}", 5, "%63%34{SECRET}"]}}"#),
        format!(
            r#"{{"Pass": "a", "Inner": {{"Text": "{SECRET}", "Number": "{SECRET}", "X": 1}}}}"#
        ),
        format!(r#"{{"Pass": "{SECRET}"#),
        format!(r#"{{"Pass": {SECRET}, "Plain": "too long"}}"#),
        format!(r#"{{"Pass": "\q{SECRET}", "Plain": "too long"}}"#),
        format!(r#"{{"Plain": "too long", "password": "{SECRET}"}}"#),
        format!(r#"{{"Plain": "a", "password": {SECRET}}}"#),
        format!(r#"{{"Plain": "{{\"password\": \"{SECRET}\"}}"}}"#),
    ] {
        let report = check(&schema, "A", Form::Json, body.as_bytes());
        assert!(report.total() > 0, "{body}");
        let shown = all_of(&report, body.as_bytes());
        assert!(!shown.contains(SECRET), "{body}\n{shown}");
        let around = format!(r#"{{"All": [{body}, 5]}}"#);
        let report = check(&schema, "Around", Form::Json, around.as_bytes());
        let shown = all_of(&report, around.as_bytes());
        assert!(!shown.contains(SECRET), "{around}\n{shown}");
    }
    let field = |number: u8, text: &[u8]| {
        let length = u8::try_from(text.len()).unwrap();
        [&[number << 3 | 2, length], text].concat()
    };
    for bytes in [
        field(1, SECRET.as_bytes()),
        field(1, &[SECRET.as_bytes(), b"\xff"].concat()),
        field(2, SECRET.as_bytes()),
        field(4, &field(1, SECRET.as_bytes())),
        field(4, &field(9, SECRET.as_bytes())),
    ] {
        let report = check(&schema, "A", Form::Protobuf, &bytes);
        assert!(report.total() > 0, "{bytes:?}");
        let shown = all_of(&report, &bytes);
        assert!(
            !shown.contains(SECRET) && !shown.contains("63 34"),
            "{shown}"
        );
    }
}

/// A body with one character less, or with another in its place, that is no letter of a key or of a secret.
fn nearly(body: &str) -> impl Iterator<Item = String> {
    let places = body
        .char_indices()
        .filter(|(_, letter)| !letter.is_ascii_alphanumeric());
    places.flat_map(|(at, _)| {
        let others = [
            "", " ", "\"", "'", ",", ":", "=", ";", "{", "}", "[", "]", "\\", "\n", "\u{a0}",
        ];
        others.map(|other| format!("{}{other}{}", &body[..at], &body[at + 1..]))
    })
}

#[test]
fn no_text_that_is_nearly_json_shows_one() {
    let schema = schema();
    let body =
        format!(r#"{{"Plain": "too long", "Pass": "{SECRET}", "Keys": ["{SECRET}"], "X": 1}}"#);
    let lines = body.replace(", ", ",\n  ").replace('{', "{\n  ");
    let mut bodies: Vec<_> = nearly(&body).chain(nearly(&lines)).collect();
    for other in [
        "{'Plain': 'a', 'Pass': '_'}",
        "{Plain: 'a', Pass: '_', X: 1}",
        "{Plain: a, Pass: _}",
        "Plain=a&Pass=_&X=1",
        "Plain: a\nPass: _\nX: 1",
        "Plain: a\nPass: |\n  _\n  _\nKeys:\n- _\n",
        "<A><Plain>a</Plain><Pass>_</Pass></A>",
        "<A>\n  <Pass>\n    _\n  </Pass>\n  <Keys v='_'/>\n</A>",
        "Plain;Pass=_",
        "// Pass: _\n{\"Plain\": \"too long\"}",
        "{\"Plain\": \"a\" /* Pass: _ */}",
        "POST / HTTP/1.1\r\nCookie: _\r\nPass: _\r\n\r\n{\"Pass\": \"_\"}",
        "{\"Pass\": \"_\"} {\"Pass\": \"_\"}",
        "Pass: _ {\"Plain\": \"a\"",
        "{\"Plain\": \"a\", \"Psas\": \"_\"}",
        "{\"Plain\": \"a\", \"Psas\": \"_\"",
    ] {
        bodies.push(other.replace('_', SECRET));
    }
    for body in bodies {
        let report = check(&schema, "A", Form::Json, body.as_bytes());
        let shown = all_of(&report, body.as_bytes());
        assert!(!shown.contains(SECRET), "{body}\n{shown}");
    }
}

#[cfg(feature = "render")]
#[test]
fn lines_of_a_body_are_shown_without_them() {
    let body = format!(r#"{{"login": "{SECRET}", "passwrod": 1, "password": "{SECRET}", "x": 1}}"#);
    let report = check(
        Schema::diadoc(),
        "LoginPassword",
        Form::Json,
        body.as_bytes(),
    );
    let shown = report.render(&body, false);
    let line = r#"{"login": ***, "passwrod": ***, "password": ***, "x": 1}"#;
    let lines: Vec<_> = shown.lines().collect();
    let mut places = Vec::new();
    for (above, below) in lines.iter().zip(&lines[1..]) {
        if let Some(start) = above.find(line) {
            let carets = below.find('^').unwrap() - start;
            places.push(&line[carets..][..below.matches('^').count()]);
        }
    }
    assert_eq!(places, [r#""passwrod""#, r#""x""#], "{shown}");
}

/// So that they are known where a body is not of the message, or cannot be read.
#[test]
fn every_secret_in_a_body_sounds_like_one() {
    let mut count = 0;
    for message in Schema::diadoc().messages() {
        for field in message.fields().filter(is_secret) {
            assert!(sounds_secret(field.json_name()), "{}", field.full_name());
            count += 1;
        }
    }
    assert_eq!(count, 5);
    let employee = Schema::diadoc().message("EmployeeToCreate").unwrap();
    assert_eq!(secret_keys(&employee), ["Login"]);
}
