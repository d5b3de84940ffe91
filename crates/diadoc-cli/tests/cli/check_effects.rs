//! `diadoc check`: what the server does, which way a body goes, and how much a rule weighs.

use crate::{Ran, folder, run_in, run_with_input};

const TYPO: &str = r#"{"FromBoxId": "5b1f0c7a2d3e4f60918273645a6b7c8d@diadoc.ru",
    "ToBoxId": "0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f@diadoc.ru",
    "DocumentAttachments": [{"TypeNamedId": "Contract",
        "SignedContent": {"NameOnShelf": "a", "Signatur": "MIIB", "SignWithTestSignature": true}}]}"#;

/// A page of documents with a key that is news.
const PAGE: &str = r#"{"TotalCount": 0, "Documents": [], "HasMoreResults": false, "New": 1}"#;

fn check(body: &str, more: &[&str]) -> Ran {
    run_with_input(&[&["check", "-"], more].concat(), body.as_bytes())
}

#[test]
fn the_methods_say_which_way_a_body_goes() {
    let typo = check(TYPO, &[]);
    typo.ended(1);
    typo.shows("PARTLY DROPPED, as a request, which PostMessageV3 takes\n");
    typo.shows("did you mean: Signature\n");
    typo.shows("the server would take this, and ignore what is marked `dropped`\n");

    let page = check(PAGE, &["-m", "DocumentList"]);
    page.ended(0);
    page.shows("; --notes shows 1 note\n");
    let page = check(PAGE, &["-m", "DocumentList", "--notes"]);
    page.shows("passes, as a response, which ");
    page.shows("drift[json.unknown-key]: New: `DocumentList` has no key `New` in the schema\n");

    // Somebody who says it is right.
    check(PAGE, &["-m", "DocumentList", "-d", "request"]).ended(1);
}

#[test]
fn a_body_of_another_message_is_foreign() {
    for (message, body) in [
        ("DocumentId", r#"{"a": 1, "b": 2}"#),
        ("CounteragentList", PAGE),
        ("BoxEventList", r#"{"Message": "no access", "Code": 403}"#),
    ] {
        let ran = check(body, &["-m", message, "-d", "response"]);
        ran.ended(1);
        ran.shows("ANOTHER MESSAGE\n");
    }
    let page = check(PAGE, &["-m", "CounteragentList"]);
    page.shows("the body fits `Diadoc.Api.Proto.Documents.DocumentList` better");
    // Keys that the server computes say nothing.
    let computed = r#"{"MessageIdGuid": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe"}"#;
    check(computed, &["-m", "Documents.Document"]).ended(0);
}

#[test]
fn an_empty_body_is_no_message() {
    for from in ["json", "protobuf"] {
        let ran = check("", &["-m", "MessageToPost", "--from", from]);
        ran.ended(1);
        ran.shows("the body is empty");
        ran.shows("the server would answer 400 to this: Request body cannot be empty\n");
    }
}

#[test]
fn options_give_rules_other_levels() {
    let page = |more: &[&str]| check(PAGE, &[&["-m", "DocumentList"], more].concat());
    page(&[]).ended(0);
    let denied = page(&["--deny", "json.unknown-key"]);
    denied.ended(1);
    denied.shows("HAS 1 ERROR");
    let warned = page(&["--warn", "json.unknown-key"]);
    warned.ended(0);
    warned.shows("passes with 1 warning");
    let allowed = page(&["--allow", "json.unknown-key", "--strict"]);
    allowed.ended(0);
    assert!(!allowed.stdout().contains("drift"));
    page(&["--strict"]).ended(1);

    let typo = |more: &[&str]| check(TYPO, more);
    typo(&["--allow", "json.unknown-key"]).ended(0);
    typo(&["--warn", "json.unknown-key"]).ended(0);
    typo(&["--deny", "json.unknwon-key"]).failed(2, &["did you mean `json.unknown-key`?"]);
}

#[test]
fn a_file_above_the_body_gives_rules_other_levels() {
    let deny = "[rules]\n\"json.unknown-key\" = \"deny\"\n";
    let folder = folder(&[
        ("diadoc.toml", deny),
        ("a/b/page.json", PAGE),
        (
            "c/diadoc.toml",
            "[rules]\n\"json.unknown-key\" = \"allow\"\n",
        ),
        ("c/page.json", PAGE),
        ("d/diadoc.toml", "[rules]\n\"json.unknown\" = \"deny\"\n"),
        ("d/page.json", PAGE),
        ("e/diadoc.toml", "[rules]\n\n\"json.null\" = \"forbid\"\n"),
        ("e/page.json", PAGE),
        ("f/diadoc.toml", "[rule]\n"),
        ("f/page.json", PAGE),
        (
            "m/manifest.json",
            r#"[{"file": "page.json", "message": "DocumentList", "direction": "response"}]"#,
        ),
        ("m/page.json", PAGE),
        ("m/diadoc.toml", deny),
    ]);
    let check = |arguments: &[&str]| run_in(folder.path(), &[&["check"], arguments].concat());
    let page = |path: &str| check(&["-m", "DocumentList", path]);
    page("a/b/page.json").ended(1);
    page("c/page.json").ended(0);
    // What an option says comes first.
    check(&[
        "-m",
        "DocumentList",
        "a/b/page.json",
        "--warn",
        "json.unknown-key",
    ])
    .ended(0);
    check(&["m"]).ended(1);
    page("d/page.json").failed(2, &["diadoc.toml: line 2: there is no rule `json.unknown`"]);
    page("e/page.json").failed(
        2,
        &["diadoc.toml: line 3: a level is `deny`, `warn` or `allow`"],
    );
    page("f/page.json").failed(2, &["diadoc.toml: line 1: unknown field `rule`"]);
}

#[test]
fn contents_are_looked_into_unless_nobody_wants_it() {
    let body = r#"{"Content": "UEQ5NGJXd2dkbVZ5YzJsdmJqMGlNUzR3SWo4K1BFRXZQZz09"}"#;
    let check = |more: &[&str]| check(body, &[&["-m", "SignedContent"], more].concat());
    let looked = check(&[]);
    looked.ended(0);
    looked.shows("accepted[content.base64-twice]");
    let json = check(&["--format", "json"]).json();
    let content = &json["bodies"][0]["report"]["contents"][0];
    assert_eq!(content["path"], "Content");
    assert!(
        content["is"].as_str().unwrap().contains("base64"),
        "{content}"
    );
    let not = check(&["--no-contents"]);
    assert!(!not.stdout().contains("content.base64-twice"));
}

#[test]
fn many_findings_of_one_kind_hide_no_other() {
    let many = r#"{"New": 1},"#.repeat(3_000);
    let body = format!(r#"{{"Documents": [{many} {{"Size": true}}], "TotalCount": "x"}}"#);
    let ran = check(&body, &["-m", "DocumentList"]);
    ran.ended(1);
    ran.shows("refused[json.type]");
    ran.shows("left out: ");
    let json = check(&body, &["-m", "DocumentList", "--format", "json"]).json();
    let counts = json["bodies"][0]["report"]["counts"].as_array().unwrap();
    let new = counts
        .iter()
        .find(|count| count["path"] == "Documents[*].New")
        .unwrap();
    assert_eq!(new["count"], 3_000);
}

#[test]
fn what_the_vendor_calls_obsolete() {
    let invoices = r#"{"FromBoxId": "5b1f0c7a2d3e4f60918273645a6b7c8d@diadoc.ru",
        "ToBoxId": "0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f@diadoc.ru",
        "Invoices": [{"SignedContent": {"NameOnShelf": "a", "SignWithTestSignature": true}}]}"#;
    let message = ["-m", "MessageToPost", "--notes"];
    let ran = check(invoices, &message);
    ran.ended(0);
    ran.shows(
        "accepted[schema.deprecated]: Invoices: the vendor calls `Invoices` of `MessageToPost` \
         obsolete\n",
    );
    check(invoices, &[&message[..], &["--strict"]].concat()).ended(1);
    let allowed = check(
        invoices,
        &[&message[..], &["--strict", "--allow", "schema.deprecated"]].concat(),
    );
    allowed.ended(0);

    let patch = r#"{"BoxId": "5b1f0c7a2d3e4f60918273645a6b7c8d@diadoc.ru",
        "MessageId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe",
        "Resolutions": [{"InitialDocumentId": "9b4a541e-68e3-4c6f-b5a0-6009f906d554",
            "ResolutionType": "Approve"}]}"#;
    let ran = check(patch, &["-m", "MessagePatchToPost", "--notes"]);
    ran.ended(0);
    ran.shows(
        "as a request, which PostMessagePatchV3 takes (the vendor removes it after 2027-04-03; use \
         PostMessagePatchV4)\n",
    );
    ran.shows("the vendor calls the message `MessagePatchToPost` obsolete\n");
    // One that the vendor keeps is named before one that it gives up.
    let routes = r#"{"ResolutionChains": [{"ChainId": "1f208d03-2a60-4f64-91b1-b7aad54cfaf3", "Name": "x"}]}"#;
    check(routes, &["-m", "ResolutionRouteList"])
        .shows("as a response, which GetResolutionRoutes gives\n");
    // The same for programs, and where the way is said.
    let news = "the vendor removes it after 2027-04-03; use PostMessagePatchV4";
    for direction in [&[][..], &["--direction", "request"]] {
        let message = ["-m", "MessagePatchToPost"];
        check(patch, &[&message[..], direction].concat()).shows(news);
        let as_json = check(
            patch,
            &[&message, direction, &["--format", "json"]].concat(),
        );
        as_json.shows(r#""method":"PostMessagePatchV3""#);
        as_json.shows(&format!(r#""method_news":"{news}""#));
    }
}
