//! rust-protobuf's structs. Its generator writes one module per file, named after the file alone,
//! so the files get names that hold their folder.

use std::error::Error;
use std::path::Path;

use prost::Message as _;
use prost_types::FileDescriptorSet;
use protobuf::Message as _;
use protobuf::descriptor::FileDescriptorSet as Files;
use protobuf_codegen::Customize;
use protobuf_codegen::gen_and_write::gen_and_write;
use protobuf_parse::ProtoPathBuf;

pub(crate) fn generate(files: &FileDescriptorSet, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut renamed = files.clone();
    for file in &mut renamed.file {
        file.name = file.name.as_deref().map(flat);
        file.dependency = file.dependency.iter().map(|name| flat(name)).collect();
    }
    let names = renamed
        .file
        .iter()
        .map(|file| ProtoPathBuf::new(file.name().to_owned()))
        .collect::<Result<Vec<_>, _>>()?;
    let files = Files::parse_from_bytes(&renamed.encode_to_vec())?;
    gen_and_write(
        &files.file,
        "protox",
        &names,
        out,
        &Customize::default().gen_mod_rs(true),
        &Defaults,
    )?;
    Ok(())
}

/// `diadoc/docflow/attachment.proto` as `diadoc_docflow_attachment.proto`.
fn flat(name: &str) -> String {
    name.replace('/', "_")
}

/// Nothing customised.
struct Defaults;

impl protobuf_codegen::CustomizeCallback for Defaults {}
