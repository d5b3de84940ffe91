//! Reports in both languages: the same findings, told in either.

use std::collections::BTreeSet;

use diadoc_schema::{Checks, Direction, Finding, Form, Language, Report, Schema};
use diadoc_testkit::bounds::Bounds;
use prost_reflect::MessageDescriptor;

use crate::cases::cases;
use crate::fixtures;

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..='\u{4ff}').contains(&letter)
}

/// Whether a text is the same to speakers of both languages: names of the schema and of formats, signs.
fn is_of_both(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "JSON",
        "UTF-8",
        "base64",
        "protobuf",
        "varint",
        "fixed32",
        "fixed64",
        "CMS",
        "SignedData",
    ];
    // Between backquotes stands what is quoted.
    let said: String = text.split('`').step_by(2).collect();
    let words = said.split_whitespace();
    let is_name = |word: &str| {
        let letters = word
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
        letters && (word.contains('.') || KINDS.contains(&word) || WORDS.contains(&word))
    };
    words
        .into_iter()
        .all(|word| is_name(word) || !word.contains(char::is_alphabetic))
}

/// The types of protobuf that are no messages.
const KINDS: [&str; 15] = [
    "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32",
    "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes",
];

/// What a finding is, but for what is told of it.
fn facts(finding: &Finding) -> Finding {
    let mut facts = finding.clone();
    facts.message.clear();
    facts.expected = facts.expected.map(|_| String::new());
    facts.found = facts.found.map(|_| String::new());
    facts
}

/// The English and the Russian report of a body, which say the same.
fn both(message: &MessageDescriptor, form: Form, direction: Direction, body: &[u8]) -> [Report; 2] {
    let [english, russian] = [Language::English, Language::Russian].map(|language| {
        let checks = Checks::new(direction).language(language);
        checks.check(message, form, body)
    });
    let name = message.full_name();
    let all = |report: &Report| report.findings.iter().map(facts).collect::<Vec<_>>();
    assert_eq!(all(&english), all(&russian), "{name}");
    assert_eq!(english.counts, russian.counts, "{name}");
    assert_eq!(english.left_out, russian.left_out, "{name}");
    assert_eq!(english.answer(), russian.answer(), "{name}");
    let paths = |report: &Report| {
        let contents = report.contents.iter();
        contents
            .map(|content| content.path.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(paths(&english), paths(&russian), "{name}");
    for (english, russian) in english.findings.iter().zip(&russian.findings) {
        assert!(russian.message.contains(is_cyrillic), "{russian:?}");
        assert!(!english.message.is_empty(), "{english:?}");
        if let Some(expected) = &russian.expected {
            let is_told = expected.contains(is_cyrillic) || is_of_both(expected);
            assert!(is_told, "{russian:?}");
        }
    }
    [english, russian]
}

fn in_both_directions(message: &MessageDescriptor, form: Form, body: &[u8]) -> usize {
    let reports =
        [Direction::Request, Direction::Response].map(|way| both(message, form, way, body));
    reports
        .iter()
        .flatten()
        .map(|report| report.findings.len())
        .sum()
}

#[test]
fn say_the_same_of_fixtures() {
    let mut findings = 0;
    for fixture in fixtures() {
        findings += in_both_directions(&fixture.message, Form::Json, &fixture.body);
        // Each cut short, and each as another message and as protobuf.
        for end in [fixture.body.len() / 3, fixture.body.len() / 2] {
            findings += in_both_directions(&fixture.message, Form::Json, &fixture.body[..end]);
        }
        findings += in_both_directions(&fixture.message, Form::Protobuf, &fixture.body);
        let other = crate::message("Diadoc.Api.Proto.Events.MessageToPost");
        findings += in_both_directions(&other, Form::Json, &fixture.body);
    }
    assert!(findings > 500, "{findings}");
}

#[test]
fn say_the_same_of_a_body_for_each_rule() {
    let mut rules = BTreeSet::new();
    for case in cases() {
        let (form, body) = case.body();
        let [english, _] = both(&case.message(), form, case.direction, &body);
        rules.extend(english.findings.iter().map(|finding| finding.rule));
        in_both_directions(&case.message(), form, &body);
    }
    assert!(rules.len() > 50, "{}", rules.len());
}

#[test]
fn say_the_same_at_the_bounds_of_the_rules() {
    let mut findings = 0;
    for message in Schema::diadoc().messages() {
        for case in Bounds::of_itself(&message).values() {
            let body = case.content.as_bytes();
            let [english, _] = both(&message, Form::Json, Direction::Request, body);
            findings += english.findings.len();
        }
    }
    assert!(findings > 1_000, "{findings}");
}

/// What is wrong as JSON, as a whole or in a value.
#[test]
fn say_the_same_of_what_is_broken() {
    let message = crate::message("Diadoc.Api.Proto.Events.MessageToPost");
    for body in [
        "",
        " ",
        "{",
        "[",
        "[]",
        "[{}]",
        "{]",
        "{\"",
        "{\"a\\q\": 1}",
        "{\"a\": tru}",
        "{\"a\": 01}",
        "{\"a\": 1.}",
        "{\"a\": \"\\ud800\"}",
        "{\"a\": \"\\u00",
        "{'a': 1}",
        "{\"a\" 1}",
        "{\"a\": 1,}",
        "{\"a\": 1 \"b\": 2}",
        "{} {}",
        "// a\n{}",
        "\u{feff}{}",
        "\"{}\"",
        "null",
        "1",
        "{\"a\": \"\n\"}",
        "{\"FromBoxId\": 1}",
        "{\"FromBoxId\": {}}",
        "{\"FromBoxId\": \"РЎР§Р¤\"}",
        "{\"fromboxid\": \"\"}",
        "{\"FromBoxId\": \"\", \"FromBoxId\": \"\"}",
        "{\"IsDraft\": \"True\", \"DelaySend\": 1}",
        "{\"DocumentAttachments\": {}}",
        "{\"DocumentAttachments\": 1}",
        "{\"MessageToPost\": {}}",
        "{\"DocumentAttachments\": [null, [], {\"SignedContent\": {\"Content\": [1]}}]}",
        "{\"DocumentAttachments\": [{\"SignedContent\": {\"Content\": \"A\", \"Signature\": \"data:,\"}}]}",
        "{\"DocumentAttachments\": [{\"Metadata\": {\"a\": \"b\"}}], \"LockMode\": \"none\"}",
    ] {
        for body in [body.as_bytes(), &[body.as_bytes(), b"\xff"].concat()] {
            in_both_directions(&message, Form::Json, body);
        }
    }
    for bytes in [
        &b""[..],
        b"\x0a",
        b"\x0a\x05a",
        b"\x08\x01",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x00",
        b"\x0f",
        b"\x0c",
        b"\x0a\x01\xff",
        b"\x0a\x01a\x0a\x01b",
        b"{}",
        b"\xf8\xff\xff\xff\xff\x01\x00",
        b"\x0b\x0c",
    ] {
        in_both_directions(&message, Form::Protobuf, bytes);
    }
}
