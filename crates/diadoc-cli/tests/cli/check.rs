use insta::assert_snapshot;

use crate::{folder, repository, run, run_in, run_with_input};

const GOOD: &str = r#"{"Ticks": 638884246403244956}"#;
const BAD: &str = r#"{"Ticks": true}"#;

#[test]
fn the_fixtures_do_what_their_manifest_says() {
    let ran = run(&["check"]);
    ran.ended(0);
    assert_snapshot!("fixtures", ran.stdout());
    let ran = run(&["check", "--notes"]);
    ran.ended(0);
    assert_snapshot!("fixtures_with_notes", ran.stdout());
}

#[test]
fn the_fixtures_are_found_from_below_and_by_name() {
    let last = "14 bodies: 12 pass, 2 are refused, all as the manifest says\n";

    let below = run_in(&repository().join("crates/diadoc-cli"), &["check"]);
    below.ended(0);
    assert!(below.stdout().ends_with(last));
    assert!(below.stdout().starts_with("../../fixtures/"));

    for path in ["fixtures", "fixtures/manifest.json"] {
        let named = run(&["check", path]);
        named.ended(0);
        assert!(named.stdout().ends_with(last));
    }
}

#[test]
fn a_manifest_that_is_wrong_is_a_finding() {
    let folder = folder(&[
        (
            "manifest.json",
            r#"[
                {"file": "good.json", "message": "Timestamp", "direction": "response",
                 "refused_at": "Ticks", "fault": "Said to be wrong, but it is not."},
                {"file": "bad.json", "message": "Timestamp", "direction": "response"},
                {"file": "elsewhere.json", "message": "Diadoc.Api.Proto.Documents.DocumentList",
                 "direction": "response", "refused_at": "Documents[1]"},
                {"file": "cut.json", "message": "Timestamp", "direction": "response",
                 "refused_at": ""},
                {"file": "whole.json", "message": "Timestamp", "direction": "response",
                 "refused_at": ""}
            ]"#,
        ),
        ("good.json", GOOD),
        ("bad.json", BAD),
        ("elsewhere.json", r#"{"Documents": [{"MessageId": true}]}"#),
        ("cut.json", r#"{"Ticks": "#),
        ("whole.json", r#"{"Ticks": "12", "Extra": 1}"#),
    ]);
    let ran = run_in(folder.path(), &["check", "."]);
    assert_snapshot!("wrong_manifest", ran);
    assert_eq!(ran.code, Some(1));
}

#[test]
fn files_and_folders_of_one_message() {
    let folder = folder(&[
        ("good.json", GOOD),
        ("below/bad.json", BAD),
        ("below/deeper/list.JSON", r#"[1, 2]"#),
        ("below/manifest.json", "not a body"),
        ("below/notes.txt", "not a body"),
    ]);
    let arguments = ["check", "--message", "Timestamp", "-d=response"];

    let good = run_in(folder.path(), &[&arguments[..], &["good.json"]].concat());
    good.ended(0);
    let passes = "good.json  Timestamp  passes\n\n1 body: passes; readers take this answer\n";
    assert_eq!(good.stdout(), passes);

    let both = [&arguments[..], &["good.json", "below"]].concat();
    let all = run_in(folder.path(), &both);
    assert_snapshot!("files_and_folders", all);
    assert_eq!(all.code, Some(1));
}

#[test]
fn a_body_on_standard_input() {
    let ran = run_with_input(&["check", "-m", "Timestamp", "-"], BAD.as_bytes());
    ran.ended(1);
    let start = "standard input  Timestamp  REFUSED, as a request and as a response\n";
    assert!(ran.stdout().starts_with(start));
}

#[test]
fn control_characters_of_a_body_stay_off_the_terminal() {
    let body = r#"{"Ticks": 1, "\u001b[2J": 1, "a\nb": 2}"#;
    let arguments = ["check", "-m", "Timestamp", "-d", "response", "--notes", "-"];
    let ran = run_with_input(&arguments, body.as_bytes());
    ran.ended(0);
    ran.shows(r"drift[json.unknown-key]: \u{1b}[2J: `Timestamp` has no key");
    ran.shows(r"drift[json.unknown-key]: a\nb: `Timestamp` has no key");
    assert!(!ran.stdout().contains('\u{1b}'));
}

#[test]
fn hostile_bodies_are_findings() {
    let nested = "[".repeat(100_000);
    let unknown = format!(r#"{{"X": {nested}"#);
    for body in ["", "null", "nul", "\u{feff}{}", "{}{}", &nested, &unknown] {
        run_with_input(&["check", "-m", "Timestamp", "-"], body.as_bytes()).ended(1);
    }
    run_with_input(&["check", "-m", "Timestamp", "-"], b"{\"Ticks\": \"\xff\"}").ended(1);
}

/// Readers take each of them, whatever else is to be said, and write what stands there.
#[test]
fn a_value_that_is_spelt_in_another_way_is_not_changed() {
    let deep = "[".repeat(200) + &"]".repeat(200);
    for (message, body) in [
        (
            "DocumentId",
            r#"{"MessageId": -0, "EntityId": 1.50}"#.to_owned(),
        ),
        (
            "DocumentId",
            r#"{"MessageId": 1e5, "EntityId": 18446744073709551616}"#.to_owned(),
        ),
        // An unknown name has values compared.
        (
            "DocumentInfoV3",
            r#"{"PacketInfo": {"LockMode": -0, "PacketId": 1.50, "AddedAt": {"Ticks": "-0"}}}"#
                .to_owned(),
        ),
        (
            "BoxCounteragentEvent",
            r#"{"EventId": 5e-1, "EventTypes": ["Soon", -0], "New": "\ud800"}"#.to_owned(),
        ),
        ("Timestamp", r#"{"Ticks": 1, "\udc00": 1e999}"#.to_owned()),
        ("Timestamp", format!(r#"{{"Ticks": 1, "Deep": {deep}}}"#)),
    ] {
        let arguments = ["check", "-m", message, "-d", "response", "-"];
        let ran = run_with_input(&arguments, body.as_bytes());
        let said = ran.stdout().to_lowercase();
        assert!(
            !said.contains("changed") && !said.contains("not compared"),
            "{body}\n{ran}"
        );
    }
}

#[test]
fn a_body_beyond_the_limits_says_which() {
    let documents = vec!["{}"; 10_000].join(",");
    let body = format!("{{\"TotalCount\":1,\"Documents\":[{documents}],\"HasMoreResults\":false}}");
    let arguments = ["check", "-m", "DocumentList", "-d", "response", "-"];
    let ran = run_with_input(&arguments, body.as_bytes());
    ran.ended(1);
    ran.shows("(`Limits::memory`), found more");
    ran.shows("1 body: is refused; this cannot be read here");
}

/// Limits are those of this reading: of the server and of other readers they say nothing.
#[test]
fn what_nothing_but_limits_refuse_cannot_be_read_here() {
    let body = r#"{"InnList": ["9500000005", "7810000019"]}"#;
    for direction in ["request", "response"] {
        let message = "GetOrganizationsByInnListRequest";
        let arguments = ["check", "-m", message, "-d", direction, "-"];
        run_with_input(&arguments, body.as_bytes()).ended(0);
        let arguments = [&arguments[..], &["--max-elements", "1"]].concat();
        let ran = run_with_input(&arguments, body.as_bytes());
        ran.ended(1);
        ran.shows("1 body: is refused; this cannot be read here");
    }
}

#[test]
fn wrong_usage() {
    let folder = folder(&[("body.json", GOOD), ("empty/readme.txt", "")]);
    let run = |arguments: &[&str]| run_in(folder.path(), arguments);

    run(&["check"]).failed(2, &["no folder `fixtures`", "diadoc check PATH..."]);
    run(&["check", "gone"]).failed(2, &["gone: cannot be read", "Check the path."]);
    run(&["check", "empty"]).failed(2, &["empty: there are no *.json"]);
    run(&["check", "-m", "Timestamp"]).failed(2, &["there is nothing to check", "`-`"]);
    run(&["check", "-m", "Timestamp", "gone"]).failed(2, &["gone: cannot be read"]);
    run(&["check", "-m", "Timestamp", "empty"]).failed(2, &["empty: there are no *.json"]);
}
