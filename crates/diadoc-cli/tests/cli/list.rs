use diadoc_schema::{Method, Schema};

use crate::run;

/// What `diadoc list` with these arguments lists.
fn lines(arguments: &[&str]) -> Vec<String> {
    let ran = run(&[&["list"], arguments].concat());
    ran.ended(0);
    ran.stdout().lines().map(str::to_owned).collect()
}

const DOCUMENT_LIST: &str = "Diadoc.Api.Proto.Documents.DocumentList";

#[test]
fn all_names_sorted() {
    let names = lines(&[]);
    let below = |name: &&str| name.starts_with("Diadoc.Api.Proto.");
    let messages = Schema::diadoc().messages();
    let all: Vec<_> = messages.map(|one| one.full_name().to_owned()).collect();
    let mut all: Vec<_> = all.iter().map(|name| &**name).filter(below).collect();
    all.sort_unstable();
    assert_eq!(names, all);
}

#[test]
fn names_that_hold_a_text() {
    let names = lines(&["documentLIST"]);
    assert!(names.iter().any(|name| name == DOCUMENT_LIST));
    for name in names {
        assert!(name.to_lowercase().contains("documentlist"), "{name}");
    }
}

#[test]
fn no_name_holds_the_text() {
    run(&["list", "xyzzy"]).failed(1, &["no message has `xyzzy` in its name", "diadoc list"]);
}

#[test]
fn the_enums() {
    let names = lines(&["--enums"]);
    assert!(names.is_sorted());
    assert!(names.iter().any(|name| name == "Diadoc.Api.Proto.LockMode"));
    assert!(!names.iter().any(|name| name == DOCUMENT_LIST));
    let ran = run(&["list", "--enums", "documentlist"]);
    let none = "no enum has `documentlist` in its name";
    ran.failed(1, &[none, "diadoc list --enums"]);
}

#[test]
fn of_a_package() {
    let names = |package: &str| lines(&["--package", package]);
    let documents = names("Documents");
    assert_eq!(documents, names("Diadoc.Api.Proto.documents"));
    let below = |package: &str| documents.iter().any(|name| name.starts_with(package));
    assert!(below(DOCUMENT_LIST));
    assert!(below("Diadoc.Api.Proto.Documents.Types."));
    for name in &documents {
        assert!(name.starts_with("Diadoc.Api.Proto.Documents."), "{name}");
    }
    assert_eq!(names("Diadoc.Api.Proto").len(), lines(&[]).len());
    for name in lines(&["-p", "Documents", "LIST"]) {
        assert!(documents.contains(&name), "{name}");
    }
}

#[test]
fn wrong_packages() {
    let ran = run(&["list", "--package", "Documets"]);
    let meant = "Did you mean:\n  Diadoc.Api.Proto.Documents\n";
    ran.failed(2, &["no package is called `Documets`", meant]);
    run(&["list", "--package", "xyzzyq"]).failed(2, &["`diadoc list`"]);
    run(&["list", "--package", ""]).failed(2, &["no package is called ``"]);
    let ran = run(&["list", "-p", "Documents", "xyzzy"]);
    let none = "no message of Diadoc.Api.Proto.Documents has `xyzzy`";
    ran.failed(1, &[none, "leave out --package"]);
}

#[test]
fn the_methods() {
    let listed = lines(&["--methods"]);
    let listed: Vec<_> = listed
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    let methods = Schema::diadoc().methods().iter();
    let mut methods: Vec<_> = methods.map(Method::name).collect();
    methods.sort_unstable();
    assert_eq!(listed, methods);

    let ran = run(&["list", "--methods", "v2/getforwardeddoc"]);
    ran.ended(0);
    assert_eq!(
        ran.stdout(),
        "GetForwardedDocumentEventsV2 POST /V2/GetForwardedDocumentEvents to be removed after 2025-11-01\n\
         GetForwardedDocumentsV2      POST /V2/GetForwardedDocuments to be removed after 2025-11-01\n"
    );
    for (method, stage) in [
        ("GetMessageV6", "/V6/GetMessage"),
        ("GetResolutionRoutesForOrganization", "obsolete"),
        ("GetMessageV5", "to be removed"),
        ("PostMessagePatchV3", "to be removed after 2027-04-03"),
        ("GetExternalServiceAuthInfo", "gone"),
    ] {
        let line = lines(&["--methods", method]).remove(0);
        assert!(line.ends_with(&format!(" {stage}")), "{line}");
    }
    run(&["list", "--methods", "xyzzy"]).failed(1, &["no method has `xyzzy` in its name"]);
    run(&["list", "--methods", "--enums"]).failed(2, &["cannot be used with"]);
}
