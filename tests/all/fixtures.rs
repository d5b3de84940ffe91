//! The documented bodies: each is written back as it was, or refused where it is wrong.

use diadoc_schema::{Direction, Rule, validate_json};
use diadoc_testkit::{descriptor, round_trip};

use crate::support::{fixtures, message_type, name, read, samples};

#[test]
fn every_body_is_as_its_manifest_says() {
    let mut passed = 0;
    for fixture in fixtures() {
        let report = round_trip::check(message_type(&fixture), &read(&fixture.file));
        match &fixture.refused_at {
            None => {
                assert!(report.passed(), "{}: {:?}", name(&fixture), report.losses);
                passed += 1;
            }
            Some(path) => {
                let error = report.refusal().expect("a body that is wrong is refused");
                assert_eq!(error.path(), path, "{}", name(&fixture));
            }
        }
    }
    assert_eq!((passed, fixtures().len()), (12, 14));
}

#[test]
fn each_body_written_back() {
    for fixture in fixtures().iter().filter(|f| f.refused_at.is_none()) {
        let message = message_type(fixture)
            .from_json(&read(&fixture.file))
            .expect("the manifest says that it reads");
        let written = message.to_json_pretty().expect("a message can be written");
        insta::assert_snapshot!(format!("written_{}", name(fixture)), written);
    }
}

#[test]
fn each_refusal() {
    for fixture in fixtures().iter().filter(|f| f.refused_at.is_some()) {
        let error = message_type(fixture)
            .from_json(&read(&fixture.file))
            .expect_err("the manifest says that it is refused");
        let text = format!(
            "{error}\nkind: {:?}\npath: {}\nline {}, column {}, byte {}\nexpected: {}\nfound: {}",
            error.kind(),
            error.path(),
            error.line(),
            error.column(),
            error.offset(),
            error.expected(),
            error.found(),
        );
        insta::assert_snapshot!(format!("refusal_{}", name(fixture)), text);
    }
}

#[test]
fn what_reading_and_writing_changes() {
    let mut text = String::new();
    for fixture in fixtures().iter().filter(|f| f.refused_at.is_none()) {
        let report = round_trip::check(message_type(fixture), &read(&fixture.file));
        text += &format!("{}\n", name(fixture));
        for note in report.notes {
            text += &format!("  {note}\n");
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn captured_bodies_survive() {
    for (file, message) in samples() {
        let report = round_trip::check(message, &read(&file));
        assert!(report.passed(), "{}: {:?}", file.display(), report.losses);
        // Nothing is dropped but what the server computes.
        let descriptor = descriptor(message.full_name()).expect("a message of the schema");
        let judged = validate_json(&descriptor, &read(&file), Direction::Response);
        let unknown = judged.findings.iter();
        let unknown = unknown.filter(|finding| finding.rule == Rule::JsonUnknownKey);
        let unknown: Vec<_> = unknown.map(|finding| &finding.path).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", file.display());
    }
}
