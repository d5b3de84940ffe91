//! The guard: stops a build whose generated code is older than `proto/`.
//!
//! It has no dependencies and generates nothing: it compares the digest of `proto/` with the one
//! that `diadoc-codegen` recorded when it wrote `src/generated/`. The generator shares
//! `digest` from here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=proto");
    println!("cargo::rerun-if-changed=src/generated/{DIGEST_FILE}");

    let recorded = fs::read_to_string(Path::new("src/generated").join(DIGEST_FILE));
    match (digest(Path::new("proto")), recorded) {
        (Ok(now), Ok(recorded)) if now == recorded.trim() => {}
        (Ok(_), Ok(_)) => println!(
            "cargo::error=the code in src/generated is not the one that proto/ gives; \
             run `cargo run -p diadoc-codegen`"
        ),
        (Err(error), _) => println!("cargo::error=cannot read proto/: {error}"),
        (_, Err(error)) => println!(
            "cargo::error=cannot read src/generated/{DIGEST_FILE} ({error}); \
             run `cargo run -p diadoc-codegen`"
        ),
    }
}

/// The file beside the generated code that records the digest of the schema it was made from.
pub const DIGEST_FILE: &str = "proto.digest";

/// The digest of all `.proto` files below `root`: names and contents in the order of the names,
/// line endings as LF, hashed with 64-bit FNV-1a. It tells versions of the schema apart; it is no
/// protection against forgery.
pub fn digest(root: &Path) -> io::Result<String> {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut feed = |bytes: &[u8]| {
        for byte in bytes.iter().filter(|byte| **byte != b'\r') {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        // A byte that no UTF-8 text holds keeps names and contents apart.
        hash = (hash ^ 0xff).wrapping_mul(0x0000_0100_0000_01b3);
    };
    for name in proto_files(root)? {
        feed(name.as_bytes());
        feed(&fs::read(root.join(&name))?);
    }
    Ok(format!("{hash:016x}"))
}

/// The paths of all `.proto` files below `root`, relative to it, with `/`, sorted.
pub fn proto_files(root: &Path) -> io::Result<Vec<String>> {
    fn walk(folder: PathBuf, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                walk(entry.path(), &format!("{name}/"), names)?;
            } else if name.ends_with(".proto") {
                names.push(name);
            }
        }
        Ok(())
    }
    let mut names = Vec::new();
    walk(root.to_owned(), "", &mut names)?;
    names.sort();
    Ok(names)
}
