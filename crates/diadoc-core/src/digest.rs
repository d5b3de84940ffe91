//! Whether generated code is that of the schema beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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
