//! Makes the code of the peers from `proto/`, for the messages that the workloads reach, without
//! protoc: protox compiles the schema, and each peer's own generator takes the descriptors.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "build/buffa.rs"]
mod buffa;
#[path = "build/prost.rs"]
mod prost;
#[path = "build/reachable.rs"]
mod reachable;
#[path = "build/rust_protobuf.rs"]
mod rust_protobuf;
#[path = "build/schema.rs"]
mod schema;

/// The messages of the workloads; `src/workloads.rs` of diadoc-bench makes bodies of them.
const ROOTS: [&str; 3] = [
    ".Diadoc.Api.Proto.Documents.DocumentList",
    ".Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdResponseV4",
    ".Diadoc.Api.Proto.Events.Message",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=../../proto");

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let schema = schema::load(Path::new("../../proto"))?;
    let files = reachable::reachable(&schema, &ROOTS);
    prost::derived(&files, &empty(&out, "derived")?)?;
    prost::pbjson(&files, &empty(&out, "pbjson")?)?;
    buffa::generate(&files, &empty(&out, "buffa")?)?;
    rust_protobuf::generate(&files, &empty(&out, "rust_protobuf")?)?;
    Ok(())
}

/// A folder below the output folder, without what an earlier build left there.
fn empty(out: &Path, name: &str) -> std::io::Result<PathBuf> {
    let folder = out.join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
