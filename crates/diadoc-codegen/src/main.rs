//! `cargo run -p diadoc-codegen`: writes the generated code of the workspace from `proto/`.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use diadoc_codegen::{FOLDERS, Output, changes, generate};

const USAGE: &str = "usage: diadoc-codegen [--check]

Writes the generated code of the workspace from proto/. With --check it writes nothing and fails when
what is checked in differs from what proto/ gives. Either way it prints what a change of the schema
does to bodies, as `diadoc diff` would.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--check"] => true,
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = match generate(&root) {
        Ok(output) => output,
        Err(error) => {
            eprintln!("nothing was written: {error}");
            return ExitCode::FAILURE;
        }
    };
    for line in &output.log {
        println!("{line}");
    }
    if let Some(changes) = changes(&root, &output) {
        println!("\n{changes}\n");
    }
    match apply(&root, &output, check) {
        Ok(0) => {
            println!("the generated code is what proto/ gives");
            ExitCode::SUCCESS
        }
        Ok(changed) if check => {
            eprintln!("{changed} files differ; run `cargo run -p diadoc-codegen`");
            ExitCode::FAILURE
        }
        Ok(changed) => {
            println!("{changed} files changed");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Makes the checked-in files equal to `output` (or, with `check`, only counts); the number of
/// files that differed. The digest is written last, so that an interrupted run is run again.
fn apply(root: &Path, output: &Output, check: bool) -> io::Result<usize> {
    let mut changed = 0;
    let wanted: BTreeSet<PathBuf> = output.files.keys().map(|name| root.join(name)).collect();
    for folder in FOLDERS {
        for stale in files_below(&root.join(folder))? {
            if !wanted.contains(&stale) {
                changed += 1;
                if !check {
                    fs::remove_file(stale)?;
                }
            }
        }
    }
    let (last, first): (Vec<_>, Vec<_>) = output
        .files
        .iter()
        .partition(|(name, _)| name.ends_with(".digest"));
    for (name, content) in first.into_iter().chain(last) {
        let path = root.join(name);
        if fs::read(&path).is_ok_and(|old| old == *content) {
            continue;
        }
        changed += 1;
        if !check {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, content)?;
        }
    }
    Ok(changed)
}

fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.append(&mut files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    Ok(files)
}
