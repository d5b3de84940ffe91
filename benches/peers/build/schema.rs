//! Compiles `proto/`.

use std::error::Error;
use std::path::{Path, PathBuf};

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorSet};

/// All files below `proto`, with the JSON keys that Diadoc has.
pub(crate) fn load(proto: &Path) -> Result<FileDescriptorSet, Box<dyn Error>> {
    let mut names = Vec::new();
    walk(proto, &mut names)?;
    names.sort();
    let mut compiler = protox::Compiler::new([proto])?;
    compiler.open_files(&names)?;
    let mut files = FileDescriptorSet::decode(&*compiler.encode_file_descriptor_set())?;
    for file in &mut files.file {
        file.message_type.iter_mut().for_each(fill_json_names);
    }
    Ok(files)
}

fn walk(folder: &Path, names: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, names)?;
        } else if path.extension().is_some_and(|end| end == "proto") {
            names.push(path);
        }
    }
    Ok(())
}

/// The JSON key is the field's name unless the schema gives another `json_name`; generators would
/// fill a missing one with a camel-case guess.
fn fill_json_names(message: &mut DescriptorProto) {
    for field in &mut message.field {
        if field.json_name.is_none() {
            field.json_name = field.name.clone();
        }
    }
    message.nested_type.iter_mut().for_each(fill_json_names);
}
