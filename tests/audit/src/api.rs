//! The public API of the published libraries, a file for each, as rustdoc sees it with all features.

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

use cargo_metadata::{Package, TargetKind};
use public_api::Builder;

/// The release whose rustdoc writes the JSON that `public-api` reads. Another one writes another.
const RUST: &str = "1.95";
/// Set where this program is called in rustdoc's place.
const AS_RUSTDOC: &str = "DIADOC_AUDIT_AS_RUSTDOC";

/// Runs rustdoc with its JSON unlocked, where Cargo calls this program in its place. The variable that
/// unlocks it must not reach Cargo: build scripts look at it, and everything would be built again.
pub(crate) fn as_rustdoc() -> Option<ExitCode> {
    env::var_os(AS_RUSTDOC)?;
    let status = Command::new("rustdoc")
        .args(env::args_os().skip(1))
        .env("RUSTC_BOOTSTRAP", "1")
        .status();
    Some(match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Writes `api/<package>.txt` for each package that has a library.
///
/// With another release of Rust than [`RUST`] nothing is written, and a line says so.
pub(crate) fn write(packages: &[&Package], root: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let rustc = Command::new("rustc").arg("--version").output()?;
    let version = String::from_utf8(rustc.stdout)?;
    if !version.starts_with(&format!("rustc {RUST}.")) {
        println!("not compared: the public API is read with Rust {RUST}, and this is {version}");
        return Ok(Vec::new());
    }
    let folder = root.join("api");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    for package in packages {
        let library = package
            .targets
            .iter()
            .find(|target| target.is_kind(TargetKind::Lib));
        if let Some(library) = library {
            let json = document(&package.name, &library.name, root)?;
            let lines = lines(&json).map_err(|error| format!("{}: {error}", package.name))?;
            println!("{}: {} lines", package.name, lines.len());
            let text = lines.join("\n") + "\n";
            fs::write(folder.join(format!("{}.txt", package.name)), text)?;
        }
    }
    Ok(Vec::new())
}

/// Documents a package as docs.rs does, and gives the file with the JSON.
fn document(
    package: &str,
    library: &str,
    root: &Path,
) -> Result<std::path::PathBuf, Box<dyn Error>> {
    let target = root.join("target");
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args([
            "rustdoc",
            "--quiet",
            "--locked",
            "--lib",
            "--all-features",
            "--package",
            package,
        ])
        .arg("--target-dir")
        .arg(&target)
        .args([
            "--",
            "-Zunstable-options",
            "--output-format=json",
            "--cfg=docsrs",
        ])
        .env("RUSTDOC", env::current_exe()?)
        .env(AS_RUSTDOC, "1")
        .status()?;
    if !status.success() {
        return Err(format!("rustdoc cannot document {package}").into());
    }
    Ok(target.join("doc").join(format!("{library}.json")))
}

/// The public items, one a line. Of a trait's implementation it has the head and the associated types: the
/// rest is as the trait says. Implementations that follow from others by themselves are left out.
fn lines(json: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let api = Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()?;
    let items: Vec<_> = api
        .into_items()
        .map(|item| (item.to_string(), item))
        .collect();
    let traits: HashSet<_> = items
        .iter()
        .filter(|(line, _)| is_of_trait(line))
        .map(|(_, item)| item.id())
        .collect();
    Ok(items
        .into_iter()
        .filter(|(line, item)| {
            let inside = item
                .parent_id()
                .is_some_and(|parent| traits.contains(&parent));
            !inside || line.starts_with("pub type ")
        })
        .map(|(line, _)| line)
        .collect())
}

/// Whether a line is the head of a trait's implementation.
fn is_of_trait(line: &str) -> bool {
    line.starts_with("impl") && line.contains(" for ")
}
