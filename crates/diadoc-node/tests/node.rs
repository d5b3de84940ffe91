//! The module in Node: `diadoc.test.js` beside this file, over the library that cargo has built.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What cargo has built beside this test.
fn library() -> PathBuf {
    let folder = env::current_exe().unwrap();
    let folder = folder.parent().unwrap();
    let (before, after) = (env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    folder.join(format!("{before}diadoc_node{after}"))
}

#[test]
fn the_module_does_what_it_says() {
    if Command::new("node").arg("--version").output().is_err() {
        diadoc_testkit::skipped("there is no Node");
        return;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node");
    let package = modules.join("diadoc");
    let _ = fs::remove_dir_all(&modules);
    fs::create_dir_all(package.join("bin")).unwrap();
    for file in ["index.js", "bin/diadoc.js", "package.json"] {
        fs::copy(here.join(file), package.join(file)).unwrap();
    }
    fs::hard_link(library(), package.join("diadoc.node")).unwrap();
    // In a package it is made by the builder, and looks for the library of the platform.
    let native = "module.exports = require('./diadoc.node')\n";
    fs::write(package.join("native.js"), native).unwrap();
    let ran = Command::new("node")
        .args(["--test", "--test-reporter", "tap"])
        .arg(here.join("tests/diadoc.test.js"))
        .env("NODE_PATH", &modules)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}");
    assert!(
        said.contains("# fail 0") && !said.contains("# pass 0"),
        "{said}"
    );
}
