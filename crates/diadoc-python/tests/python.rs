//! The module in Python: `test_diadoc.py` beside this file, over the library that cargo has built.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What cargo has built beside this test.
fn library() -> PathBuf {
    let folder = env::current_exe().unwrap();
    let folder = folder.parent().unwrap();
    let (before, after) = (env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    folder.join(format!("{before}diadoc_python{after}"))
}

#[test]
fn the_module_does_what_it_says() {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    // One that is maintained has this.
    let has = Command::new(&python)
        .args(["-c", "import tomllib"])
        .output();
    if !has.is_ok_and(|has| has.status.success()) {
        let required = env::var("DIADOC_INTEROP").is_ok_and(|value| value == "required");
        assert!(!required, "{python} is not to be had, or older than 3.11");
        diadoc_testkit::skipped("there is no Python of 3.11 or newer");
        return;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let package = folder.join("diadoc");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&package).unwrap();
    for file in fs::read_dir(here.join("python/diadoc")).unwrap() {
        let file = file.unwrap().path();
        if file.is_file() {
            fs::copy(&file, package.join(file.file_name().unwrap())).unwrap();
        }
    }
    let end = if cfg!(windows) { "pyd" } else { "abi3.so" };
    fs::hard_link(library(), package.join(format!("_diadoc.{end}"))).unwrap();
    let ran = Command::new(&python)
        .arg(here.join("tests/test_diadoc.py"))
        .env("PYTHONPATH", &folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    // As the runner of unittest closes.
    assert!(said.trim_end().ends_with("OK"), "{said}");
}
