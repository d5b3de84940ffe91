use insta::assert_snapshot;

use crate::{run, run_with_input};

#[test]
fn any_unambiguous_tail_is_a_name() {
    for name in [
        "Diadoc.Api.Proto.Timestamp",
        "Api.Proto.Timestamp",
        "Proto.Timestamp",
        "Timestamp",
    ] {
        run_with_input(&["check", "--message", name, "-"], br#"{"Ticks": 1}"#).ended(0);
    }
}

#[test]
fn a_name_of_several_messages() {
    let ran = run(&["check", "--message", "Entity", "body.json"]);
    ran.failed(2, &[]);
    assert_snapshot!("ambiguous", ran);
}

#[test]
fn a_name_of_no_message() {
    let ran = run(&["check", "--message", "MetadataItems", "body.json"]);
    ran.failed(2, &[]);
    assert_snapshot!("unknown", ran);

    let case = run(&["check", "--message", "documents.documentlist", "body.json"]);
    case.failed(2, &[]);
    assert_snapshot!("other_case", case);

    let nothing_near = run(&["check", "--message", "xyzzy", "body.json"]);
    nothing_near.failed(2, &[]);
    assert_snapshot!("nothing_near", nothing_near);
}
