//! `diadoc descriptor`: the schema for other protobuf tools.

use std::path::PathBuf;

use crate::outcome::{Failure, Outcome};
use crate::output::Output;

/// The FileDescriptorSet of the schema, with its comments.
const DESCRIPTOR_SET: &[u8] = diadoc_schema::DESCRIPTOR_SET;

/// Writes the schema as a FileDescriptorSet, with its comments
///
/// The form that protobuf tools take instead of .proto files: buf, protoc, grpcurl, prost-reflect. It is
/// what protoc --include_imports --include_source_info writes of the schema's files: each file stands
/// after those that it imports.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc descriptor -o diadoc.binpb")]
pub(crate) struct Arguments {
    /// The file to write; standard output where none is named and it is not a terminal
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let output = Output::from_argument(arguments.output.clone());
    output.keep_binary_off_terminal("the descriptor")?;
    output.write(DESCRIPTOR_SET)?;
    Ok(Outcome::Fine)
}
