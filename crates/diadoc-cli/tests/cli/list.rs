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
