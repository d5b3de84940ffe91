//! The guard: stops a build whose generated code is older than `proto/`.
//!
//! It generates nothing: it compares the digest of `proto/` with the one that `diadoc-codegen`
//! recorded when it wrote `src/generated/`.

use std::fs;
use std::path::Path;

use diadoc_core::digest::{DIGEST_FILE, digest};

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
