//! The schemas that people can name.

use std::convert::Infallible;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diadoc_core::dialect;
use diadoc_proto::Limits;
use diadoc_schema::{Schema, SchemaError, Shape};

use crate::input::{Input, looks_like_json};
use crate::outcome::Failure;

/// What a schema may be.
const ADVICE: &str = "\
Name a folder of .proto files, a descriptor set (`protoc --include_imports --descriptor_set_out`,
`diadoc descriptor`), an OpenAPI document in JSON, the table of `diadoc rules --json`, or the word
builtin.";

/// Where a schema is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
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

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin => write!(f, "builtin, diadoc {}", env!("CARGO_PKG_VERSION")),
            Self::Input(input) => input.fmt(f),
        }
    }
}

impl Source {
    pub(super) fn is_stdin(&self) -> bool {
        *self == Self::Input(Input::Stdin)
    }

    /// The schema, ready to be compared.
    pub(super) fn load(&self) -> Result<Shape, Failure> {
        match self {
            Self::Builtin => Ok(Shape::diadoc()),
            Self::Input(Input::File(folder)) if folder.is_dir() => load_folder(folder),
            Self::Input(input) => load_file(input),
        }
    }
}

fn load_folder(folder: &Path) -> Result<Shape, Failure> {
    let schema =
        Schema::from_proto_folder(folder).map_err(|error| {
        Failure::new(format!(
            "{error}\n\
             Correct that, or name the folder that the imports start from: all .proto files below it \
             are\ncompiled."
        ))
    })?;
    let mut shape = not_foreign(&schema, folder.display().to_string())?;
    // The checkout of an SDK has the code that calls the methods beside the messages.
    let read = shape.read_sources(folder);
    read.map_err(|error| Failure::new(format!("{error}\nCheck the path.")))?;
    Ok(shape)
}

fn load_file(input: &Input) -> Result<Shape, Failure> {
    let bytes = input.read(&Limits::new())?;
    if let Input::File(path) = input
        && path.extension().is_some_and(|end| end == "proto")
    {
        return Err(Failure::new(format!(
            "{input}: this is a single .proto file\nName the folder that its imports start from."
        )));
    }
    let error = |error: SchemaError| Failure::new(format!("{input}: {error}\n{ADVICE}"));
    if looks_like_list(&bytes) {
        return Shape::from_deviations(&bytes).map_err(error);
    }
    if looks_like_json(&bytes) {
        return Shape::from_openapi(&bytes).map_err(error);
    }
    let schema = Schema::from_descriptor_set(&bytes).map_err(error)?;
    not_foreign(&schema, input.to_string())
}

/// Whether the bytes begin as a JSON list does.
fn looks_like_list(bytes: &[u8]) -> bool {
    dialect::trim(bytes).starts_with(b"[")
}

/// Comparing with a schema of something else would only say that all is gone.
fn not_foreign(schema: &Schema, name: String) -> Result<Shape, Failure> {
    if schema.messages().next().is_none() {
        return Err(Failure::new(format!(
            "{name}: there is no message below the package Diadoc.Api.Proto in it\n{ADVICE}"
        )));
    }
    Ok(Shape::from(schema))
}
