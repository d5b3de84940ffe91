//! The schemas that people can name.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diadoc_schema::{Schema, Shape};

use crate::error::Error;
use crate::input::{Input, looks_like_json};

/// Where a schema is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Builtin,
    /// A folder, a file or standard input.
    Input(Input),
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(argument: &str) -> Result<Self, Infallible> {
        Ok(match argument {
            "builtin" => Self::Builtin,
            path => Self::Input(Input::from_argument(PathBuf::from(path))),
        })
    }
}

impl Source {
    pub fn is_stdin(&self) -> bool {
        *self == Self::Input(Input::Stdin)
    }

    /// The schema, ready to be compared.
    pub fn load(&self) -> Result<Shape, Error> {
        match self {
            Self::Builtin => Ok(Shape::from(Schema::diadoc())),
            Self::Input(Input::File(folder)) if folder.is_dir() => load_folder(folder),
            Self::Input(input) => load_file(input),
        }
    }
}

fn load_folder(folder: &Path) -> Result<Shape, Error> {
    let schema =
        Schema::from_proto_folder(folder).map_err(|source| Error::SchemaFolder { source })?;
    not_foreign(&schema, folder.display().to_string())
}

fn load_file(input: &Input) -> Result<Shape, Error> {
    let bytes = input.read()?;
    if let Input::File(path) = input
        && path.extension().is_some_and(|end| end == "proto")
    {
        return Err(Error::ProtoFile(input.clone()));
    }
    let error = |source| Error::SchemaFile {
        input: input.clone(),
        source,
    };
    if looks_like_json(&bytes) {
        return Shape::from_openapi(&bytes).map_err(error);
    }
    let schema = Schema::from_descriptor_set(&bytes).map_err(error)?;
    not_foreign(&schema, input.to_string())
}

/// Comparing with a schema of something else would only say that all is gone.
fn not_foreign(schema: &Schema, name: String) -> Result<Shape, Error> {
    if schema.messages().next().is_none() {
        return Err(Error::ForeignSchema(name));
    }
    Ok(Shape::from(schema))
}
