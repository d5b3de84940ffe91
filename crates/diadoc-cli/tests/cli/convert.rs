use std::fs;
use std::path::Path;

use crate::{Ran, folder, names_in, repository, run, run_in, run_with_input, to_convert};

fn run_convert(folder: &Path, from: &str, to: &str, more: &[&str]) -> Ran {
    let arguments = to_convert("Timestamp", from, to);
    run_in(folder, &[&arguments, more].concat())
}

/// What a body on standard input becomes; what it loses on the way is not looked at.
#[track_caller]
fn converted(convert: [&str; 7], more: &[&str], input: &[u8]) -> Vec<u8> {
    let ran = run_with_input(&[&convert, more].concat(), input);
    assert_eq!(ran.code, Some(0), "{ran}");
    ran.stdout
}

#[test]
fn json_to_protobuf_to_json_is_the_same() {
    let fixture = repository().join("fixtures/GetDocflows_V4_response.json");
    let body = fs::read(fixture).unwrap();
    let message = "GetDocflowBatchResponseV4";
    let convert = |from, to, input: &[u8]| converted(to_convert(message, from, to), &[], input);
    let written = convert("json", "json", &body);
    let protobuf = convert("json", "protobuf", &body);
    let again = convert("protobuf", "json", &protobuf);
    assert_eq!(written, again);
    assert_eq!(protobuf, convert("protobuf", "protobuf", &protobuf));
    assert_eq!(protobuf, convert("json", "protobuf", &again));

    // All that the body holds is there again.
    let value: serde_json::Value = serde_json::from_slice(&again).unwrap();
    let original: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let id = |body: &serde_json::Value| body["Documents"][0]["DocumentId"].clone();
    assert_eq!(id(&value), id(&original));
}

#[test]
fn json_ends_its_line_and_protobuf_is_exact() {
    let json = br#"{"Ticks": "638884246403244956", "Unknown": 1}"#;
    let run = |from, to, more: &[&str], input: &[u8]| {
        converted(to_convert("Timestamp", from, to), more, input)
    };
    let protobuf = run("json", "protobuf", &[], json);
    assert_eq!(protobuf, b"\x09\x9c\x63\x75\x4f\xd6\xc5\xdd\x08");
    let compact = b"{\"Ticks\":638884246403244956}\n";
    let pretty = b"{\n  \"Ticks\": 638884246403244956\n}\n";
    assert_eq!(run("protobuf", "json", &[], &protobuf), compact);
    let piped = run("protobuf", "json", &["-", "-o", "-"], &protobuf);
    assert_eq!(piped, compact);
    assert_eq!(run("protobuf", "json", &["--pretty"], &protobuf), pretty);
}

#[test]
fn files_in_and_out() {
    let folder = folder(&[("in.json", r#"{"Ticks": 1}"#), ("out.json", "old")]);
    let path = folder.path();
    run_convert(path, "json", "protobuf", &["in.json", "-o", "out.bin"]).ended(0);
    assert_eq!(fs::read(path.join("out.bin")).unwrap().len(), 9);
    run_convert(path, "protobuf", "json", &["out.bin", "-o", "out.json"]).ended(0);
    let json = fs::read_to_string(path.join("out.json")).unwrap();
    assert_eq!(json, "{\"Ticks\":1}\n");
    // A file may take its own place.
    run_convert(path, "json", "protobuf", &["out.json", "-o", "out.json"]).ended(0);
    assert_eq!(fs::read(path.join("out.json")).unwrap().len(), 9);
    assert_eq!(names_in(path), ["in.json", "out.bin", "out.json"]);
}

#[test]
fn a_bad_body_leaves_no_file_and_touches_none() {
    let bad = [("bad.json", r#"{"Ticks": "soon"}"#), ("bad.bin", "\u{8}")];
    let folder = folder(&[&bad[..], &[("old.bin", "old")]].concat());
    let path = folder.path();
    for out in ["new.bin", "old.bin"] {
        let ran = run_convert(path, "json", "protobuf", &["bad.json", "-o", out]);
        ran.failed(
            1,
            &[
                "bad.json: Ticks: expected ",
                "line 1, column 11\nfound: a string: \"soon\"\n",
                "Nothing was written.",
                "Diadoc.Api.Proto.Timestamp",
            ],
        );
        let ran = run_convert(path, "protobuf", "json", &["bad.bin", "-o", out]);
        ran.failed(1, &["bad.bin: ", "Nothing was written."]);
    }
    assert_eq!(fs::read(path.join("old.bin")).unwrap(), b"old");
    assert_eq!(names_in(path), ["bad.bin", "bad.json", "old.bin"]);
}

#[test]
fn unreadable_input() {
    let folder = folder(&[("old.bin", "old"), ("sub/x.json", "{}")]);
    let path = folder.path();
    let run = |input| run_convert(path, "json", "protobuf", &[input, "-o", "old.bin"]);
    run("gone.json").failed(2, &["gone.json: cannot be read: ", "Check the path."]);
    run("sub").failed(2, &["sub: cannot be read: "]);
    assert_eq!(fs::read(path.join("old.bin")).unwrap(), b"old");
}

#[test]
fn unwritable_output() {
    let folder = folder(&[("in.json", r#"{"Ticks": 1}"#), ("sub/x.json", "{}")]);
    let run = |out| run_convert(folder.path(), "json", "json", &["in.json", "-o", out]);
    run("sub").failed(2, &["sub: cannot be written: ", "-o"]);
    let ran = run("gone/out.json");
    ran.failed(2, &["gone/out.json: cannot be written: "]);
    // The file that is written first is none of the user's.
    assert!(!ran.stderr.contains(".diadoc-"), "{ran}");
    run("in.json/out.json").failed(2, &["in.json/out.json: cannot be written: "]);

    let file = folder.path().join("in.json");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    run("in.json").failed(2, &["in.json: cannot be written: it is read-only"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), r#"{"Ticks": 1}"#);
    assert_eq!(names_in(folder.path()), ["in.json", "sub"]);
}

#[cfg(unix)]
#[test]
fn permissions_and_links() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    let folder = folder(&[("in.json", r#"{"Ticks": 1}"#), ("kept.json", "old")]);
    let path = folder.path();
    let mode = |file| fs::metadata(path.join(file)).unwrap().permissions().mode() & 0o777;

    let status = Command::new("sh")
        .args(["-c", "umask 027; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_diadoc"))
        .args(to_convert("Timestamp", "json", "json"))
        .args(["in.json", "-o", "new.json"])
        .current_dir(path)
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(mode("new.json"), 0o640);

    fs::set_permissions(path.join("kept.json"), fs::Permissions::from_mode(0o604)).unwrap();
    symlink("kept.json", path.join("link.json")).unwrap();
    run_convert(path, "json", "json", &["in.json", "-o", "link.json"]).ended(0);
    assert_eq!(mode("kept.json"), 0o604);
    let text = fs::read_to_string(path.join("kept.json")).unwrap();
    assert_eq!(text, "{\"Ticks\":1}\n");
    assert!(path.join("link.json").is_symlink());
    run_convert(path, "json", "json", &["in.json", "-o", "/dev/null"]).ended(0);
}

#[test]
fn wrong_usage() {
    let pretty = run_convert(&repository(), "json", "protobuf", &["--pretty"]);
    pretty.failed(2, &["--pretty is for JSON and text"]);
    run(&to_convert("Timestam", "json", "json"))
        .failed(2, &["Did you mean:\n  Diadoc.Api.Proto.Timestamp\n"]);
    run(&to_convert("Timestamp", "xml", "json"))
        .failed(2, &["[possible values: auto, json, protobuf, text]"]);
    run(&["convert", "-m", "Timestamp"]).failed(2, &["--to <FORMAT>"]);
}

#[test]
fn text_holds_what_the_other_forms_hold() {
    let fixture = repository().join("fixtures/GetMessage_V6_response.json");
    let body = fs::read(fixture).unwrap();
    let convert = |from, to, more: &[&str], input: &[u8]| {
        converted(to_convert("Events.Message", from, to), more, input)
    };
    let json = convert("json", "json", &[], &body);
    let protobuf = convert("json", "protobuf", &[], &body);
    let text = convert("json", "text", &[], &body);
    let pretty = convert("protobuf", "text", &["--pretty"], &protobuf);
    assert_eq!(text.iter().filter(|&&byte| byte == b'\n').count(), 1);
    assert!(pretty.iter().filter(|&&byte| byte == b'\n').count() > 10);
    for text in [text, pretty] {
        assert_eq!(convert("text", "json", &[], &text), json);
        assert_eq!(convert("text", "protobuf", &[], &text), protobuf);
        let pretty = |from, input| convert(from, "text", &["--pretty"], input);
        assert_eq!(pretty("text", &text), pretty("json", &body));
    }
}

#[test]
fn text_is_for_people() {
    let to_text = |body: &str| {
        let convert = to_convert("DocumentId", "json", "text");
        String::from_utf8(converted(convert, &["--pretty"], body.as_bytes())).unwrap()
    };
    assert_eq!(
        to_text(r#"{"MessageId": "Счёт \"1\"", "EntityId": "\u202e"}"#),
        "MessageId: \"Счёт \\\"1\\\"\"\nEntityId: \"\\342\\200\\256\"\n"
    );
}

#[test]
fn bad_text() {
    let convert = |text: &[u8]| run_with_input(&to_convert("DocumentId", "text", "json"), text);
    let no_field = "line 2, column 2: field 'Entity' not found";
    for (text, place) in [
        ("MessageId: 'a'\n Entity: 'b'", no_field),
        ("MessageId: 1", "line 1, column 12: "),
        ("MessageId: 'a", "line 1, column 14: "),
        ("MessageId: 'a' EntityId:\n", "line 1, column 25: "),
        ("{\"MessageId\": \"a\"}", "line 1, column 1: "),
    ] {
        convert(text.as_bytes()).failed(1, &[place, "Nothing was written.", "`diadoc describe`"]);
    }
    convert(b"MessageId: '\xff'").failed(1, &["byte 12 is not UTF-8"]);
    let deep = "a {\n".repeat(100_000);
    convert(deep.as_bytes()).failed(1, &["line 101: messages lie more than 100 deep"]);
}

#[test]
fn what_is_lost_and_made_up_stands_on_standard_error() {
    let convert = |from, to, input: &[u8]| {
        let ran = run_with_input(&to_convert("DocumentId", from, to), input);
        assert_eq!(ran.code, Some(0), "{ran}");
        (ran.stderr, ran.stdout)
    };
    let (said, protobuf) = convert("json", "protobuf", br#"{"MessageId": "a", "Entity": "b"}"#);
    assert_eq!(
        said,
        "standard input: Entity: unknown key, skipped\n\
         standard input: EntityId: required field missing, default taken\n"
    );
    assert_eq!(protobuf, b"\x0a\x01a\x12\x00");
    let whole = ("".to_owned(), protobuf.clone());
    assert_eq!(convert("protobuf", "protobuf", &protobuf), whole);
    let (said, _) = convert("protobuf", "json", b"\x0a\x01a\x98\x06\x01");
    assert_eq!(
        said,
        "standard input: 99: unknown field, skipped\n\
         standard input: EntityId: required field missing, default taken\n"
    );
    let (said, _) = convert("text", "json", b"MessageId: 'a'");
    assert_eq!(
        said,
        "standard input: EntityId: required field missing, default taken\n"
    );
    // Of many the first.
    let keys: Vec<_> = (0..30).map(|n| format!("\"K{n}\": 1")).collect();
    let body = format!(
        "{{\"MessageId\": \"\", \"EntityId\": \"\", {}}}",
        keys.join(", ")
    );
    let (said, _) = convert("json", "json", body.as_bytes());
    assert_eq!(said.lines().count(), 21);
    assert!(
        said.ends_with("standard input: 10 more; `diadoc check` lists them\n"),
        "{said}"
    );
}

#[test]
fn what_is_unknown_is_kept_where_asked_for() {
    let convert = |from, to, more: &[&str], input: &[u8]| {
        let convert = to_convert("Content_v3", from, to);
        let ran = run_with_input(&[&convert[..], &["--keep-unknown"], more].concat(), input);
        assert_eq!(ran.code, Some(0), "{ran}");
        (ran.stderr, ran.stdout)
    };
    let body = br#"{"New": 1e400, "EntityId": {"X": [1.50], "MessageId": "m", "EntityId": ""}}"#;
    let made_up = "standard input: EntityId.EntityId: required field missing, default taken\n";
    let kept = r#"{"EntityId":{"MessageId":"m","EntityId":"","X":[1.50]},"New":1e400}"#;
    let lacking = br#"{"EntityId": {"MessageId": "m", "X": [1.50]}}"#;
    let (said, json) = convert("json", "json", &[], body);
    assert_eq!(json, format!("{kept}\n").as_bytes());
    assert_eq!(said, "");
    let (said, json) = convert("json", "json", &["--pretty"], lacking);
    assert!(json.ends_with(b"\n    \"X\": [\n      1.50\n    ]\n  }\n}\n"));
    assert_eq!(said, made_up);

    // Field 99 in both messages.
    let bytes = b"\x98\x06\x01\x1a\x06\x98\x06\x01\x0a\x01m";
    let (said, protobuf) = convert("protobuf", "protobuf", &[], bytes);
    assert_eq!(
        protobuf,
        b"\x1a\x08\x0a\x01m\x12\x00\x98\x06\x01\x98\x06\x01"
    );
    assert_eq!(said, made_up);

    // The other form has no place for them.
    let (said, protobuf) = convert("json", "protobuf", &[], body);
    assert_eq!(protobuf, b"\x1a\x05\x0a\x01m\x12\x00");
    assert_eq!(
        said,
        "standard input: New: unknown key, lost: protobuf has no place for it\n\
         standard input: EntityId.X: unknown key, lost: protobuf has no place for it\n"
    );
    let (said, json) = convert("protobuf", "json", &[], bytes);
    assert_eq!(
        json,
        b"{\"EntityId\":{\"MessageId\":\"m\",\"EntityId\":\"\"}}\n"
    );
    assert_eq!(
        said,
        format!(
            "standard input: 99: unknown field, lost: JSON has no place for it\n\
             standard input: EntityId.99: unknown field, lost: JSON has no place for it\n\
             {made_up}"
        )
    );
    let text = to_convert("Content_v3", "json", "text");
    run_with_input(&[&text[..], &["--keep-unknown"]].concat(), body)
        .failed(2, &["--keep-unknown is for JSON and protobuf"]);
    let (said, json) = convert("text", "json", &[], b"NameOnShelf: 'a'");
    assert_eq!(
        (said.as_str(), &*json),
        ("", &b"{\"NameOnShelf\":\"a\"}\n"[..])
    );
}

#[test]
fn what_is_dropped_is_named_whatever_it_is() {
    for (body, expected) in [
        (
            r#"{"Big": 1e400, "EventId": ""}"#,
            "standard input: Big: unknown key, skipped\n",
        ),
        (
            r#"{"EventId": "", "EventTypes": ["CounteragentInvitedMe", "Soon"]}"#,
            "standard input: EventTypes[1]: unknown enum name, read as the member for unknown names\n",
        ),
    ] {
        let convert = to_convert("BoxCounteragentEvent", "json", "json");
        let ran = run_with_input(&convert, body.as_bytes());
        assert_eq!(
            (ran.code, ran.stderr.as_str()),
            (Some(0), expected),
            "{ran}"
        );
    }
}

#[test]
fn an_empty_body_is_no_message() {
    for (from, body) in [("json", &b""[..]), ("json", b" \r\n"), ("protobuf", b"")] {
        // All fields of this one may be absent.
        let ran = run_with_input(&to_convert("Content_v3", from, "json"), body);
        ran.failed(
            1,
            &["standard input: the body is empty\nNothing was written."],
        );
    }
    let text = run_with_input(&to_convert("Content_v3", "text", "json"), b"");
    text.ended(0);
    assert_eq!(text.stdout, b"{}\n");
}

#[test]
fn what_only_json_has_is_named_where_protobuf_is_written() {
    let body = br#"{"DocumentInfo": {"Participants": [{}]}, "IsAttachedSignature": true}"#;
    let convert =
        |to, input: &[u8]| run_with_input(&to_convert("Events.Entity", "json", to), input);
    let lost = [
        "DocumentInfo.Participants: a field that only JSON has, not carried by protobuf",
        "IsAttachedSignature: a field that only JSON has, not carried by protobuf",
    ];
    for to in ["protobuf", "text"] {
        let ran = convert(to, body);
        lost.iter()
            .for_each(|line| assert!(ran.stderr.contains(line), "{ran}"));
    }
    let ran = convert("json", body);
    assert!(!ran.stderr.contains("only JSON"), "{ran}");
    ran.shows(r#""Participants":[{"#);

    let text = run_with_input(
        &to_convert("Events.Entity", "text", "json"),
        b"IsAttachedSignature: true",
    );
    text.failed(1, &["Entity.IsAttachedSignature: only JSON has the field"]);
}

/// What is skipped may be deeper than what is read.
#[test]
fn a_value_of_an_unknown_key_is_skipped_as_deep_as_it_may_be() {
    let body = |levels: usize| {
        let deep = "[".repeat(levels) + &"]".repeat(levels);
        format!(r#"{{"Ticks": 1, "Deep": {deep}}}"#)
    };
    let arguments = to_convert("Timestamp", "json", "json");
    let ran = run_with_input(&arguments, body(100).as_bytes());
    let said = "standard input: Deep: unknown key, skipped\n";
    assert_eq!((ran.code, &*ran.stderr), (Some(0), said), "{ran}");
    ran.shows("{\"Ticks\":1}\n");
    let ran = run_with_input(&arguments, body(101).as_bytes());
    ran.failed(
        1,
        &["Deep: expected at most 100 levels of nesting, found more, at line 1, column 122"],
    );
}

/// The options that each reading command has, the limit of each, and what a body of ten documents has of it.
const LIMITS: [(&str, &str, &str); 4] = [
    (
        "--max-bytes",
        "at most 9 bytes of body (`Limits::bytes`)",
        "9",
    ),
    (
        "--max-depth",
        "at most 0 levels of nesting (`Limits::depth`)",
        "0",
    ),
    (
        "--max-elements",
        "at most 9 elements in lists (`Limits::elements`)",
        "9",
    ),
    (
        "--max-memory",
        "at most 999 bytes of memory for structs and lists (`Limits::memory`)",
        "999",
    ),
];

#[test]
fn a_body_beyond_the_limits_is_no_wrong_one() {
    let json = |documents| {
        let documents = vec!["{}"; documents].join(",");
        format!("{{\"TotalCount\":1,\"HasMoreResults\":false,\"Documents\":[{documents}]}}")
    };
    let protobuf = |documents| b"\x12\x00".repeat(documents);
    let advice = |option: &str| format!("Allow more with {option}.");
    for from in ["json", "protobuf"] {
        let body = |documents| match from {
            "json" => json(documents).into_bytes(),
            _ => protobuf(documents),
        };
        let arguments = to_convert("DocumentList", from, "json");
        // Beyond the default, and then no more.
        let ran = run_with_input(&arguments, &body(30_000));
        let nothing = "Nothing was written. Allow more with --max-memory.";
        ran.failed(1, &["(`Limits::memory`), found more", nothing]);
        let more = [&arguments[..], &["--max-memory", "100000000"]].concat();
        assert_eq!(run_with_input(&more, &body(30_000)).code, Some(0), "{from}");
        let checked = [
            "check",
            "-m",
            "DocumentList",
            "-d",
            "response",
            "--from",
            from,
            "-",
        ];
        for (option, expected, most) in LIMITS {
            let code = if option == "--max-bytes" { 2 } else { 1 };
            let less = [&arguments[..], &[option, most]].concat();
            run_with_input(&less, &body(10)).failed(code, &[expected, &advice(option)]);
            let less = [&checked[..], &[option, most]].concat();
            let ran = run_with_input(&less, &body(10));
            assert_eq!(ran.code, Some(code), "{ran}");
            assert!(ran.to_string().contains(expected), "{ran}");
        }
    }
}

/// A text without a field would be a message of made-up values.
#[test]
fn a_text_that_sets_nothing_is_no_message() {
    for text in ["", "# nothing", " \n"] {
        let ran = run_with_input(&to_convert("DocumentList", "text", "json"), text.as_bytes());
        ran.failed(
            1,
            &["the text sets no field, and the message has required ones"],
        );
    }
    // Where all fields are optional, nothing is made up.
    run_with_input(
        &to_convert("KeyValueStorageApiGetResponse", "text", "json"),
        b"",
    )
    .ended(0);
}

#[test]
fn a_text_is_not_quoted_where_it_speaks_of_a_secret() {
    for text in [
        "Password: c4n4ry",
        "Login: \"a\"\nPassword: c4n4ry",
        "Passwort_Token: c4n4ry",
    ] {
        let ran = run_with_input(
            &to_convert("LoginPassword", "text", "json"),
            text.as_bytes(),
        );
        assert_ne!(ran.code, Some(0), "{ran}");
    }
}
