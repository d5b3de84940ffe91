use insta::assert_snapshot;

use crate::run;

#[test]
fn a_message() {
    let ran = run(&["describe", "ForwardedDocumentId"]);
    ran.ended(0);
    assert_snapshot!("describe_message", ran.stdout());
}

#[test]
fn a_field_an_enum_a_method_and_a_value() {
    for (name, package, kind) in [
        ("Document.IndexKey", "Proto.Documents", "field"),
        ("LockMode", "Proto", "enum"),
        ("GetDocumentsV3", "Methods.Documents", "method"),
        ("LockMode.Send", "Proto", "enum value"),
    ] {
        let ran = run(&["describe", name]);
        ran.ended(0);
        ran.shows(&format!("Diadoc.Api.{package}.{name} - {kind}"));
        ran.shows("\nDESCRIPTION\n");
    }
}

#[test]
fn as_json() {
    let ran = run(&["describe", "--json", "DocumentId"]);
    ran.ended(0);
    let page = ran.json();
    assert_eq!(page["kind"], "message");
    assert_eq!(page["name"], "Diadoc.Api.Proto.DocumentId");
    assert_eq!(page["fields"][0]["name"], "MessageId");
    let users = page["used_by"].as_array().unwrap();
    let user = "Diadoc.Api.Proto.Events.DocumentAttachment.InitialDocumentIds";
    assert!(users.contains(&user.into()));
}

#[test]
fn wrong_names() {
    let ran = run(&["describe", "Document.IndxKey"]);
    let meant = "Did you mean:\n  Documents.Document.IndexKey (field)\n";
    ran.failed(2, &[meant]);
    // What is suggested is understood.
    run(&["describe", "Documents.Document.IndexKey"]).ended(0);
    let ran = run(&["describe", "Entity"]);
    let one = "\n  Diadoc.Api.Proto.Docflow.Entity\n";
    ran.failed(2, &["several things", one]);
    let ran = run(&["describe", "xyzzyq"]);
    let nothing = "nothing in the schema is called `xyzzyq`";
    ran.failed(2, &[nothing, "`diadoc list`"]);
    run(&["describe", ""]).failed(2, &["nothing in the schema is called ``"]);
}

/// A name longer than any is near to none, and its length costs nothing.
#[test]
fn a_long_name_is_near_to_none() {
    let end = "a".repeat(60_000);
    for name in [
        end.clone(),
        format!("DocumentList{end}"),
        format!("Document.{end}"),
        format!("{end}.IndxKey{end}"),
        "a.".repeat(60_000) + "IndxKeyIndxKey",
    ] {
        let ran = run(&["describe", &name]);
        ran.failed(2, &["nothing in the schema is called `"]);
        assert!(!ran.stderr.contains("Did you mean"));
    }
}
