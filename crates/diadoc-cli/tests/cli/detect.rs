use crate::{repository, run, run_with_input, to_convert};

/// The first message that is named.
fn first(stdout: &str) -> &str {
    let line = stdout.lines().next().expect("a line");
    line.split_whitespace().nth(1).expect("a name")
}

#[test]
fn the_message_of_a_fixture_in_both_forms() {
    let name = "Diadoc.Api.Proto.Documents.DocumentList";
    let path = "fixtures/GetDocuments_V3_response.json";
    let ran = run(&["detect", path]);
    ran.ended(0);
    assert_eq!(first(ran.stdout()), name);
    // Candidates and reasons in turn, ten at most.
    let lines: Vec<_> = ran.stdout().lines().collect();
    assert!(lines.len() % 2 == 0 && lines.len() <= 20, "{ran}");
    for pair in lines.chunks(2) {
        assert!(pair[0][..6].trim_end().ends_with('%'), "{ran}");
        assert!(
            pair[1].starts_with("      ") && !pair[1].ends_with('.'),
            "{ran}"
        );
    }

    let body = std::fs::read(repository().join(path)).unwrap();
    let protobuf = run_with_input(&to_convert(name, "json", "protobuf"), &body).stdout;
    let guessed = run_with_input(&["detect", "-"], &protobuf);
    guessed.ended(0);
    assert_eq!(first(guessed.stdout()), name);
    let told = run_with_input(&["detect", "-", "--from", "protobuf"], &protobuf);
    assert_eq!(told.stdout, guessed.stdout);
}

#[test]
fn protobuf_that_begins_like_json_is_protobuf() {
    // A line feed and a brace: field 1 with 123 bytes, as JSON could begin too.
    let id = "x".repeat(123);
    let body = format!(r#"{{"MessageId": "{id}", "EntityId": "e"}}"#);
    let convert = to_convert("DocumentId", "json", "protobuf");
    let protobuf = run_with_input(&convert, body.as_bytes()).stdout;
    assert!(protobuf.starts_with(b"\n{"));
    run_with_input(&["detect", "-"], &protobuf).ended(0);
}

#[test]
fn nothing_fits() {
    let detect = |body: &str| run_with_input(&["detect", "-"], body.as_bytes());
    let no = "standard input: no message fits this body, read as";
    detect(r#"{"Xyzzy": 1}"#).failed(1, &[no, "JSON\nKeys match case exactly"]);
    detect(" []").failed(1, &[no, "JSON\nA body is an object, not an array"]);
    detect("no protobuf").failed(1, &["this is neither JSON nor protobuf\n", "--from json"]);
    detect("").failed(1, &["there is no body in it"]);
    let protobuf = |body: &str| run_with_input(&["detect", "--from", "protobuf"], body.as_bytes());
    protobuf("no protobuf").failed(1, &[no, "protobuf\n", "--from json"]);
    protobuf("").failed(1, &[no, "It is empty"]);
}

#[test]
fn broken_json() {
    let ran = run_with_input(&["detect", "-"], b"{\"TotalCount\": 1,\n \"HasMore");
    ran.failed(1, &["this is not JSON", "line 2", "--from protobuf"]);
    let ran = run_with_input(&["detect", "-", "--from", "json"], b"\n\x7b");
    ran.failed(1, &["this is not JSON"]);
}

#[test]
fn wrong_usage() {
    run(&["detect", "gone.json"]).failed(2, &["gone.json: cannot be read", "Check the path."]);
    run(&["detect", "fixtures"]).failed(2, &["Name a file in this folder."]);
    run(&["detect", "--from", "xml", "-"]).failed(2, &["[possible values: auto, json, protobuf]"]);
}
