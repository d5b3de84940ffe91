//! A manifest may come from somebody else: it has no file read outside of its folder.

use std::fs;
use std::path::Path;

use crate::{Ran, folder, run_in};

const SECRET: &str = r#"{"Ticks": "s3cr3t"}"#;

fn check(folder: &Path, file: &str) -> Ran {
    let manifest = serde_json::json!([
        {"file": file, "message": "Timestamp", "direction": "response"}
    ]);
    fs::write(folder.join("m/manifest.json"), manifest.to_string()).unwrap();
    run_in(folder, &["check", "m"])
}

fn with_secret() -> tempfile::TempDir {
    folder(&[
        ("secret.json", SECRET),
        ("m/a.json", r#"{"Ticks": 1}"#),
        ("m/below/b.json", r#"{"Ticks": 1}"#),
    ])
}

#[track_caller]
fn is_refused(ran: &Ran, why: &str) {
    ran.failed(2, &["m/manifest.json:1:", why, "Correct the manifest"]);
    assert!(!ran.stderr.contains("s3cr3t"), "{ran}");
}

#[test]
fn a_name_that_leads_out_is_refused() {
    let folder = with_secret();
    let path = folder.path();
    let absolute = path.join("secret.json");
    for name in [
        "../secret.json",
        "below/../../secret.json",
        "../m/a.json",
        // Whether it is there or not is nobody's business either.
        "../gone.json",
        "../*.json",
        "../**/secret.json",
        "**/../../secret.json",
        absolute.to_str().unwrap(),
        path.join("*.json").to_str().unwrap(),
    ] {
        is_refused(
            &check(path, name),
            &format!("`{name}` leads out of the manifest's folder"),
        );
    }
    for name in ["below/../a.json", "./a.json"] {
        let ran = check(path, name);
        assert_eq!(ran.code, Some(1), "{ran}");
        ran.shows("1 body: passes, as the manifest says; 1 more is not in its manifest\n");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_is_refused() {
    use std::os::unix::fs::symlink;

    let folder = with_secret();
    let path = folder.path();
    fs::create_dir(path.join("apart")).unwrap();
    fs::write(path.join("apart/secret.json"), SECRET).unwrap();
    symlink("../secret.json", path.join("m/file.json")).unwrap();
    symlink("file.json", path.join("m/twice.json")).unwrap();
    symlink("../apart", path.join("m/folder")).unwrap();
    symlink("a.json", path.join("m/inside.json")).unwrap();
    for name in [
        "file.json",
        "twice.json",
        "folder/secret.json",
        "f*.json",
        "folder/*.json",
    ] {
        is_refused(
            &check(path, name),
            "is a link that leads out of the manifest's folder",
        );
    }
    let inside = check(path, "inside.json");
    inside.shows("m/inside.json  Timestamp  passes");

    // The folder itself may be a link, and the manifest is found through it.
    symlink("m", path.join("link")).unwrap();
    let linked = run_in(path, &["check", "link"]);
    linked.shows("link/inside.json  Timestamp  passes");

    // Nor is such a manifest written.
    fs::remove_file(path.join("m/manifest.json")).unwrap();
    let init = run_in(path, &["manifest", "init", "m"]);
    init.says("m/file.json: left out: it is a link that leads out of the folder");
    assert!(!init.stderr.contains("s3cr3t"), "{init}");
}

/// Near names are looked for among the files a bounded number of times.
#[test]
fn many_files_that_are_not_there() {
    let folder = folder(&[("m/body1.json", "{}")]);
    let entries: Vec<_> = (0..200)
        .map(|_| serde_json::json!({"file": "body.json", "message": "Timestamp"}))
        .collect();
    let manifest = serde_json::to_string(&entries).unwrap();
    fs::write(folder.path().join("m/manifest.json"), manifest).unwrap();
    let ran = run_in(folder.path(), &["check", "m"]);
    let told = "the file `body.json` is not there";
    assert_eq!(ran.stderr.matches(told).count(), 200);
    assert_eq!(ran.stderr.matches("did you mean `body1.json`").count(), 20);
}
