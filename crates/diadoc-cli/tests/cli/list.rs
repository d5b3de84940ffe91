use crate::run;

#[test]
fn all_names_sorted() {
    let ran = run(&["list"]);
    ran.ended(0);
    let names: Vec<_> = ran.stdout().lines().collect();
    assert!(names.len() > 600);
    assert!(names.is_sorted());
    assert!(
        names
            .iter()
            .all(|name| name.starts_with("Diadoc.Api.Proto."))
    );
}

#[test]
fn names_that_hold_a_text() {
    let ran = run(&["list", "documentLIST"]);
    ran.ended(0);
    let names: Vec<_> = ran.stdout().lines().collect();
    assert!(names.contains(&"Diadoc.Api.Proto.Documents.DocumentList"));
    assert!(
        names
            .iter()
            .all(|name| name.to_lowercase().contains("documentlist"))
    );
}

#[test]
fn no_name_holds_the_text() {
    run(&["list", "xyzzy"]).failed(1, &["no message has `xyzzy` in its name", "diadoc list"]);
}

#[test]
fn the_enums() {
    let ran = run(&["list", "--enums"]);
    ran.ended(0);
    let names: Vec<_> = ran.stdout().lines().collect();
    assert!(names.is_sorted());
    assert!(names.contains(&"Diadoc.Api.Proto.LockMode"));
    assert!(!names.contains(&"Diadoc.Api.Proto.Documents.DocumentList"));
    let ran = run(&["list", "--enums", "documentlist"]);
    ran.failed(
        1,
        &[
            "no enum has `documentlist` in its name",
            "diadoc list --enums",
        ],
    );
}

#[test]
fn of_a_package() {
    let names = |package: &str| {
        let ran = run(&["list", "--package", package]);
        ran.ended(0);
        ran.stdout().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let documents = names("Documents");
    assert_eq!(documents, names("Diadoc.Api.Proto.documents"));
    let below = |package: &str| documents.iter().any(|name| name.starts_with(package));
    assert!(below("Diadoc.Api.Proto.Documents.DocumentList"));
    assert!(below("Diadoc.Api.Proto.Documents.Types."));
    assert!(
        documents
            .iter()
            .all(|name| name.starts_with("Diadoc.Api.Proto.Documents."))
    );
    assert_eq!(
        names("Diadoc.Api.Proto").len(),
        run(&["list"]).stdout().lines().count()
    );

    let both = run(&["list", "-p", "Documents", "LIST"]);
    both.ended(0);
    assert!(
        both.stdout()
            .lines()
            .all(|name| documents.iter().any(|known| known == name))
    );
}

#[test]
fn wrong_packages() {
    let ran = run(&["list", "--package", "Documets"]);
    ran.failed(
        2,
        &[
            "no package is called `Documets`",
            "Did you mean:\n  Diadoc.Api.Proto.Documents\n",
        ],
    );
    run(&["list", "--package", "xyzzyq"]).failed(2, &["`diadoc list`"]);
    run(&["list", "--package", ""]).failed(2, &["no package is called ``"]);
    let ran = run(&["list", "-p", "Documents", "xyzzy"]);
    ran.failed(
        1,
        &[
            "no message of Diadoc.Api.Proto.Documents has `xyzzy`",
            "leave out --package",
        ],
    );
}

#[test]
fn the_methods() {
    let ran = run(&["list", "--methods"]);
    ran.ended(0);
    let lines: Vec<_> = ran.stdout().lines().collect();
    assert_eq!(lines.len(), 217);
    assert!(lines.is_sorted_by_key(|line| line.split(' ').next()));

    let ran = run(&["list", "--methods", "v2/getforwardeddoc"]);
    ran.ended(0);
    assert_eq!(
        ran.stdout(),
        "GetForwardedDocumentEventsV2 POST /V2/GetForwardedDocumentEvents obsolete\n\
         GetForwardedDocumentsV2      POST /V2/GetForwardedDocuments obsolete\n"
    );
    run(&["list", "--methods", "xyzzy"]).failed(1, &["no method has `xyzzy` in its name"]);
    run(&["list", "--methods", "--enums"]).failed(2, &["cannot be used with"]);
}
