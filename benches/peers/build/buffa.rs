//! buffa's structs, with its JSON.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use prost::Message as _;
use prost_types::FileDescriptorSet;

pub fn generate(files: &FileDescriptorSet, out: &Path) -> Result<(), Box<dyn Error>> {
    let set = out.join("descriptor_set.bin");
    fs::write(&set, files.encode_to_vec())?;
    let names: Vec<PathBuf> = files.file.iter().map(|f| f.name().into()).collect();
    buffa_build::Config::new()
        .descriptor_set(set)
        .files(&names)
        .out_dir(out)
        .include_file("mod.rs")
        .generate_views(false)
        .generate_json(true)
        .compile()
}
