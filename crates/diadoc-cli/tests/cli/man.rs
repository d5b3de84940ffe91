use std::fs;

use crate::{folder, names_in, run_in};

#[test]
fn the_main_page() {
    let folder = folder(&[]);
    let ran = run_in(folder.path(), &["man"]);
    ran.ended(0);
    ran.shows(".TH diadoc 1");
    ran.shows("diadoc\\-check(1)");
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn a_page_for_each_command() {
    let folder = folder(&[("diadoc.1", "old")]);
    let path = folder.path();
    for output in [".", "new/man1"] {
        let ran = run_in(path, &["man", "-o", output]);
        ran.ended(0);
        assert!(ran.stdout.is_empty());
    }
    let names = names_in(&path.join("new/man1"));
    for name in [
        "diadoc.1",
        "diadoc-check.1",
        "diadoc-export.1",
        "diadoc-export-json-schema.1",
    ] {
        assert!(
            names.iter().any(|known| known == name),
            "{name} in {names:?}"
        );
        let page = fs::read(path.join(name)).unwrap();
        assert_eq!(page, fs::read(path.join("new/man1").join(name)).unwrap());
    }
    assert_eq!(
        fs::read(path.join("diadoc.1")).unwrap(),
        run_in(path, &["man"]).stdout
    );
    let page = fs::read_to_string(path.join("diadoc-convert.1")).unwrap();
    assert!(
        page.contains("diadoc convert") && page.contains(".SH EXAMPLES\n"),
        "{page}"
    );
    assert!(page.contains(".SH \"SEE ALSO\"\ndiadoc(1)"), "{page}");
    let page = fs::read_to_string(path.join("diadoc-call.1")).unwrap();
    assert!(
        page.contains(".SH \"EXIT STATUS\"\n0 the method answered"),
        "{page}"
    );
    let page = fs::read_to_string(path.join("diadoc-export-json-schema.1")).unwrap();
    assert!(page.contains("diadoc\\-export(1)"), "{page}");
    for name in &names {
        let page = fs::read_to_string(path.join(name)).unwrap();
        assert!(!page.contains(".SH EXTRA"), "{name}");
    }
}

#[test]
fn a_folder_that_cannot_be() {
    let folder = folder(&[("file", "old"), ("sub/diadoc.1/x", "")]);
    let man = |output| run_in(folder.path(), &["man", "-o", output]);
    man("file").failed(
        2,
        &[
            "file: this folder cannot be made: ",
            "Name another folder with -o.",
        ],
    );
    man("file/sub").failed(2, &["file/sub: this folder cannot be made: "]);
    man("sub").failed(2, &["diadoc.1: cannot be written: "]);
    assert_eq!(
        fs::read_to_string(folder.path().join("file")).unwrap(),
        "old"
    );
}
