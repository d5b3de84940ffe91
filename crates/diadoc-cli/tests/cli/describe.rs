use insta::assert_snapshot;

use crate::{Ran, diadoc, run};

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

/// Names as people hold them.
#[test]
fn each_way_to_write_a_name() {
    for (written, name) in [
        ("/V3/PostMessage", "Methods.Messages.PostMessageV3 - method"),
        (
            "POST /V3/PostMessage",
            "Methods.Messages.PostMessageV3 - method",
        ),
        (
            "PostMessage (V3)",
            "Methods.Messages.PostMessageV3 - method",
        ),
        ("PostMessage", "Methods.Messages.PostMessageV3 - method"),
        (
            "https://diadoc-api.kontur.ru/V3/GetDocuments?boxId=1",
            "Methods.Documents.GetDocumentsV3 - method",
        ),
        (
            "MessageToPost.DocumentAttachments[0].SignedContent.Content",
            "Proto.Events.SignedContent.Content - field",
        ),
        (
            "/DocumentAttachments/0/SignedContent/Content",
            "Proto.Events.SignedContent.Content - field",
        ),
    ] {
        let ran = run(&["describe", written]);
        ran.ended(0);
        ran.shows(&format!("Diadoc.Api.{name}\n"));
    }
    for rule in ["json.unknown-key", "dropped[json.unknown-key]"] {
        let ran = run(&["describe", rule]);
        ran.ended(0);
        ran.shows("A key is not in the schema.");
    }
    // The name of a field alone, of which there are several.
    let ran = run(&["describe", "ToBoxId"]);
    ran.ended(0);
    ran.shows("field Events.MessageToPost.ToBoxId\n");
    let retired = "/V3/GetMessage is retired";
    run(&["describe", "GET /V3/GetMessage"]).failed(2, &[retired, "GET /V6/GetMessage"]);
}

#[test]
fn in_russian() {
    let ran = run(&["describe", "--lang", "ru", "POST /V3/PostMessage"]);
    ran.ended(0);
    assert_snapshot!("describe_russian", ran.stdout());
    for (locale, heading) in [("ru_RU.UTF-8", "ИМЯ\n"), ("de_DE.UTF-8", "NAME\n")] {
        let mut command = diadoc();
        command.args(["describe", "LockMode"]).env("LC_ALL", locale);
        Ran::from(command.output().unwrap()).shows(heading);
    }
    run(&["describe", "--lang", "de", "LockMode"]).says("a language is `en` or `ru`");
}

/// Of two or three things each is explained, of more each is named.
#[test]
fn a_name_of_several_things() {
    let ran = run(&["describe", "Invoice"]);
    ran.ended(0);
    ran.shows("DocumentType.Invoice - enum value\n");
    ran.shows("FunctionType.Invoice - enum value\n");
    let ran = run(&["describe", "--json", "Invoice"]);
    assert_eq!(ran.json().as_array().unwrap().len(), 3);
    let ran = run(&["describe", "Entity"]);
    ran.ended(0);
    ran.shows("Diadoc.Api.Proto.Docflow.Entity - message\n");
    ran.shows("Diadoc.Api.Proto.Events.Entity - message\n");
    let ran = run(&["describe", "Unknown"]);
    ran.ended(0);
    ran.shows("`Unknown` is the name of ");
    ran.shows("\nenum value ");
}

#[test]
fn search_finds_by_words_of_both_languages() {
    for (words, found) in [
        (
            &["полка"][..],
            "method Diadoc.Api.Methods.Shelf.ShelfUpload, obsolete\n",
        ),
        (&["ПОЛКУ", "файл"], "Shelf.ShelfUploadV2\n"),
        // Nobody has to type the dots, or to leave them out.
        (&["shelf", "file"], "Shelf.ShelfUploadV2\n"),
        (&["отправить", "сообщения"], "Messages.PostMessageV3\n"),
    ] {
        let ran = run(&[&["search", "--all"], words].concat());
        ran.ended(0);
        ran.shows(found);
    }
    let ran = run(&["search", "--lang", "ru", "--json", "отправить", "сообщения"]);
    assert_eq!(ran.json()[0]["title"], "Отправить сообщение");
    run(&["search", "подпись"]).shows(" more; --all prints them\n");
    let ran = run(&["search", "xyzzyq"]);
    assert_eq!((ran.code, ran.stdout()), (Some(1), ""));
    ran.says("nothing has the word `xyzzyq`\n");
    let ran = run(&["search", "--lang", "ru", "GetDocumnts"]);
    assert_eq!(ran.code, Some(1));
    ran.says("GetDocumentsV4 (method)");
    ran.says("ни в чём нет слова `GetDocumnts`");
}

/// What is sent today stands before what the vendor calls obsolete, and methods before the rest; a word is the
/// beginning of one, where there is such.
#[test]
fn search_shows_what_is_current_first() {
    let names = |words: &[&str]| -> Vec<String> {
        let ran = run(&[&["search", "--all"], words].concat());
        let lines = ran.stdout().lines().filter(|line| !line.starts_with(' '));
        lines.map(str::to_owned).collect()
    };
    for words in [&["getmessage"][..], &["shelf"]] {
        let found = names(words);
        let first_obsolete = found.iter().position(|line| line.ends_with(", obsolete"));
        let first_obsolete =
            first_obsolete.unwrap_or_else(|| panic!("nothing is obsolete for {words:?}"));
        assert!(
            found[first_obsolete..]
                .iter()
                .all(|line| line.ends_with(", obsolete")),
            "{words:?}"
        );
        assert!(found[0].starts_with("method "), "{words:?}: {}", found[0]);
    }
    // `act` stands in `contract` as well.
    let found = names(&["act"]);
    let place = |part: &str| {
        found
            .iter()
            .position(|line| line.contains(part))
            .expect("it is found")
    };
    assert!(place("Action") < place("Contract"));
    // The dots of `ё` may be typed or left out.
    assert_eq!(names(&["счёт"]), names(&["счет"]));
    assert!(!names(&["счёт"]).is_empty());
}

#[test]
fn a_method_stands_for_its_message() {
    for (arguments, message) in [
        (&["example", "POST /V3/PostMessage"][..], "FromBoxId"),
        (&["example", "GetMessageV6"], "MessageId"),
    ] {
        let ran = run(arguments);
        ran.ended(0);
        ran.shows(message);
    }
    run(&["example", "GetEntityContentV4"])
        .failed(2, &["has no message in its body or its answer"]);
}

#[test]
fn wrong_names() {
    let ran = run(&["describe", "Document.IndxKey"]);
    let meant = "Did you mean:\n  Documents.Document.IndexKey (field)\n";
    ran.failed(2, &[meant]);
    // What is suggested is understood.
    run(&["describe", "Documents.Document.IndexKey"]).ended(0);
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
