//! What the gate asks of the workspace as a whole.
//!
//! - `packages`: licences, sources and versions of all that is built, against `deny.toml`, and the oldest
//!   Rust that each package promises.
//! - `unused`: dependencies that no file names.
//! - `features`: the sets of features that have to build, one a line, for the gate to try.
//! - `published`: the names of the packages that are published, one a line.
//! - `api`: writes the public API of every published library to `api/`.

mod api;
mod features;
mod packages;
mod rust_version;
mod unused;

use std::error::Error;
use std::process::ExitCode;
use std::{env, path::Path};

use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, Package};

fn main() -> ExitCode {
    if let Some(code) = api::as_rustdoc() {
        return code;
    }
    match run(env::args().nth(1).as_deref().unwrap_or_default()) {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Does what the word says, and gives what is wrong, a line each.
fn run(word: &str) -> Result<Vec<String>, Box<dyn Error>> {
    match word {
        "packages" => {
            let rules = packages::Rules::read(&root().join("deny.toml"))?;
            let metadata = metadata()?;
            let mut faults = rules.judge(&packages::found(&metadata));
            faults.extend(rust_version::faults(&metadata, &published(&metadata))?);
            println!(
                "{} packages held against deny.toml",
                metadata.packages.len()
            );
            Ok(faults)
        }
        "unused" => {
            let metadata = metadata()?;
            let mut faults = Vec::new();
            for package in metadata.workspace_packages() {
                faults.extend(unused::unused(&metadata, package)?);
            }
            Ok(faults)
        }
        "features" => {
            for package in published(&metadata()?) {
                for set in features::sets(package)? {
                    println!("{} {}", package.name, set.join(","));
                }
            }
            Ok(Vec::new())
        }
        "published" => {
            for package in published(&metadata()?) {
                println!("{}", package.name);
            }
            Ok(Vec::new())
        }
        "api" => api::write(&published(&metadata()?), &root()),
        _ => Err("one of: packages, unused, features, published, api".into()),
    }
}

/// The workspace, where this package stands in it.
fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All packages of the lock file, for every platform, with all features.
fn metadata() -> Result<Metadata, cargo_metadata::Error> {
    MetadataCommand::new()
        .current_dir(root())
        .features(CargoOpt::AllFeatures)
        .other_options(["--locked".to_owned()])
        .exec()
}

/// The packages of the workspace that are published, by name.
fn published(metadata: &Metadata) -> Vec<&Package> {
    let mut packages = metadata.workspace_packages();
    packages.retain(|package| package.publish.is_none());
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    packages
}
