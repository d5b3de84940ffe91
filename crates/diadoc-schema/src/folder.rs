//! Files below a folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::SchemaError;

/// All files below the folder whose names end so, sorted. Hidden folders and links to folders are
/// passed over, and so is what is no file, such as a named pipe, which might never end.
pub(crate) fn files(folder: &Path, ends: &[&str]) -> Result<Vec<PathBuf>, SchemaError> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let io_error = |source| SchemaError::Io {
            path: folder.clone(),
            source,
        };
        for entry in fs::read_dir(&folder).map_err(io_error)? {
            let entry = entry.map_err(io_error)?;
            let path = entry.path();
            // A link to a folder is none by its type, so that links cannot lead in a circle.
            if entry.file_type().map_err(io_error)?.is_dir() {
                if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|end| ends.iter().any(|one| end == *one))
                // What cannot be looked at is for the reader to tell.
                && fs::metadata(&path).map_or(true, |metadata| metadata.is_file())
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
