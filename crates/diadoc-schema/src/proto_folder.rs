//! Descriptors from a folder of `.proto` files.

mod guard;

use std::path::{Component, Path, PathBuf};

use diadoc_core::files;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use crate::SchemaError;
use crate::folder;

/// Compiles all `.proto` files below the folder to a FileDescriptorSet.
pub(crate) fn compile(folder: &Path) -> Result<Vec<u8>, SchemaError> {
    let mut roots = vec![folder.to_owned()];
    let nested = folder.join("proto");
    if nested.is_dir() {
        // First, so that a file in it has the name that others import it by.
        roots.insert(0, nested);
    }
    let mut names = Vec::new();
    for path in folder::files(folder, &["proto"])? {
        names.push(import_name(&path, &roots)?);
    }
    if names.is_empty() {
        return Err(SchemaError::Proto(format!(
            "{}: there are no .proto files in this folder",
            folder.display()
        )));
    }
    let mut resolver = ChainFileResolver::new();
    resolver.add(Roots(roots));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(true);
    compiler
        .open_files(&names)
        .map_err(|error| proto_error(folder, &error))?;
    // The compiler's own pool was built before it read the options: its fields are never packed.
    Ok(compiler.encode_file_descriptor_set())
}

fn proto_error(folder: &Path, error: &protox::Error) -> SchemaError {
    let folder = folder.display();
    let hint = if error.is_file_not_found() {
        "; name the folder that the imports start from"
    } else {
        ""
    };
    SchemaError::Proto(match error.file() {
        // Only the debug form has line and column.
        Some(_) => format!("{folder}: {error:?}{hint}"),
        None => format!("{folder}: {error}{hint}"),
    })
}

/// The name by which other files import this one: its path below the first root that holds it.
fn import_name(path: &Path, roots: &[PathBuf]) -> Result<String, SchemaError> {
    let below = roots.iter().find_map(|root| path.strip_prefix(root).ok());
    let parts = below.unwrap_or(path).iter().map(|part| part.to_str());
    let parts: Option<Vec<_>> = parts.collect();
    parts
        .map(|parts| parts.join("/"))
        .ok_or_else(|| SchemaError::Proto(format!("{}: the path is not UTF-8", path.display())))
}

/// Files by the name that imports give them, looked for in each root in turn.
struct Roots(Vec<PathBuf>);

impl FileResolver for Roots {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        // An import stays below its root.
        let inside = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let mut paths = self.0.iter().map(|root| root.join(name));
        let Some(path) = paths.find(|path| inside && path.is_file()) else {
            return Err(protox::Error::file_not_found(name));
        };
        let text =
            files::text(&path).map_err(|error| protox::Error::new(format!("{name}: {error}")))?;
        // Editors on Windows leave a byte order mark, which protoc skips and protox does not.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        match guard::fault(text) {
            Some(fault) => Err(protox::Error::new(format!("{name}: {fault}"))),
            None => File::from_source(name, text),
        }
    }
}
