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
    for (name, text) in [
        (
            "Document.IndexKey",
            "Diadoc.Api.Proto.Documents.Document.IndexKey - field",
        ),
        ("LockMode", "Diadoc.Api.Proto.LockMode - enum"),
        (
            "GetDocumentsV3",
            "Diadoc.Api.Methods.Documents.GetDocumentsV3 - method",
        ),
        (
            "LockMode.Send",
            "Diadoc.Api.Proto.LockMode.Send - enum value",
        ),
    ] {
        let ran = run(&["describe", name]);
        ran.ended(0);
        ran.shows(text);
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
    assert!(
        users.contains(&"Diadoc.Api.Proto.Events.DocumentAttachment.InitialDocumentIds".into())
    );
}

#[test]
fn wrong_names() {
    let ran = run(&["describe", "Document.IndxKey"]);
    ran.failed(
        2,
        &["Did you mean:\n  Documents.Document.IndexKey (field)\n"],
    );
    // What is suggested is understood.
    run(&["describe", "Documents.Document.IndexKey"]).ended(0);
    let ran = run(&["describe", "Entity"]);
    ran.failed(
        2,
        &["several things", "\n  Diadoc.Api.Proto.Docflow.Entity\n"],
    );
    let ran = run(&["describe", "xyzzyq"]);
    ran.failed(
        2,
        &["nothing in the schema is called `xyzzyq`", "`diadoc list`"],
    );
    run(&["describe", ""]).failed(2, &["nothing in the schema is called ``"]);
}
