//! buffa's structs and views, with its JSON.

use std::error::Error;
use std::fs;
use std::path::Path;

use buffa_codegen::generated::descriptor::FileDescriptorSet as Files;
use buffa_codegen::{
    CodeGenConfig, GeneratedFileKind, IncludeMode, generate_module_tree, generate_with_diagnostics,
};
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// What buffa-build does, which takes descriptors from a file only, and has cargo run the build
/// script again whenever that file is new.
pub(crate) fn generate(files: &FileDescriptorSet, out: &Path) -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = files.file.iter().map(|f| f.name().to_owned()).collect();
    let files: Files =
        buffa_codegen::tooling_decode_options()?.decode_from_slice(&files.encode_to_vec())?;
    let mut config = CodeGenConfig::default();
    config.generate_views = true;
    config.generate_json = true;
    let (generated, warnings) = generate_with_diagnostics(&files.file, &names, &config)?;
    for warning in warnings {
        println!("cargo::warning=buffa: {warning}");
    }
    let mut modules = Vec::new();
    for file in generated {
        fs::write(out.join(&file.name), file.content)?;
        if file.kind == GeneratedFileKind::PackageMod {
            modules.push((file.name, file.package));
        }
    }
    let tree = generate_module_tree(&modules, IncludeMode::Relative(""), false);
    fs::write(out.join("mod.rs"), tree)?;
    Ok(())
}
