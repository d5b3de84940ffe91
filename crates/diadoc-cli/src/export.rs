//! `diadoc export`: the schema in other people's languages.

mod catalog;
mod openapi;
mod proto;

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use clap_complete::ArgValueCompleter;
use diadoc_schema::{DIFFERENCES, Profile, Schema, json_schema, markdown};

use crate::outcome::{Failure, Outcome};
use crate::output::{self, Output};
use crate::{completions, descriptor, names};

/// Writes the schema in another form
///
/// An output file appears whole or not at all.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc export json-schema MessageToPost -o message.schema.json
  diadoc export markdown | less
  diadoc export openapi -o diadoc.openapi.json
  diadoc export proto --plain -o diadoc-proto
  diadoc export catalog -o schemas

`diadoc export json-schema --help` lists what JSON Schema cannot say.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    language: Language,
}

#[derive(Debug, Subcommand)]
enum Language {
    JsonSchema(JsonSchema),
    Catalog(catalog::Arguments),
    Markdown(Markdown),
    #[command(name = "openapi")]
    OpenApi(openapi::Arguments),
    Proto(proto::Arguments),
    Descriptor(descriptor::Arguments),
}

/// Writes a JSON Schema (draft 2020-12), with the comments as descriptions
///
/// Other validators take it as it is, ajv in its strict mode too. Each message and enum stands under
/// its full name in $defs.
#[derive(Debug, clap::Args)]
#[command(after_help = after_help())]
struct JsonSchema {
    /// The messages, each by its full name or a tail of it that no other message has; all where none
    /// is named
    #[arg(value_name = "NAME", add = ArgValueCompleter::new(completions::of_messages))]
    names: Vec<String>,

    /// Which bodies the schema takes
    #[arg(short, long, value_enum, default_value_t = ProfileName::Request)]
    profile: ProfileName,

    /// The file to write; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ProfileName {
    /// Requests that the live server takes as they are meant, with the rules of fields and messages
    Request,
    /// Answers that the schema knows, with the keys that the server computes; what is news is refused
    Response,
    /// What a tolerant reader takes: also unknown keys, missing and null fields, members from the
    /// future
    Tolerant,
    /// Bodies in the vendor's own spelling, both ways, one type for each value: for what makes code
    Written,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Request => Self::Request,
            ProfileName::Response => Self::Response,
            ProfileName::Tolerant => Self::Tolerant,
            ProfileName::Written => Self::Written,
        }
    }
}

/// The examples, and what the schema cannot say.
fn after_help() -> String {
    let mut help = "\
Examples:
  diadoc export json-schema MessageToPost -o message.schema.json
  diadoc export json-schema -p response DocumentList

What JSON Schema cannot say as `diadoc check` and readers do:
"
    .to_owned();
    for (rule, difference) in DIFFERENCES {
        help += &format!("  {rule}: {difference}\n");
    }
    help
}

/// Writes a reference of the schema in Markdown
///
/// Messages and enums stand by package, their fields and values in tables, with links between them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc export markdown -o schema.md")]
struct Markdown {
    /// The file to write; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    match &arguments.language {
        Language::JsonSchema(arguments) => arguments.run(),
        Language::Catalog(arguments) => arguments.run(),
        Language::Markdown(arguments) => arguments.run(),
        Language::OpenApi(arguments) => arguments.run(),
        Language::Proto(arguments) => arguments.run(),
        Language::Descriptor(arguments) => descriptor::run(arguments),
    }
}

impl JsonSchema {
    fn run(&self) -> Result<Outcome, Failure> {
        let schema = Schema::diadoc();
        let messages = self
            .names
            .iter()
            .map(|name| Ok(schema.message(names::resolve(name)?.full_name())?))
            .collect::<Result<Vec<_>, Failure>>()?;
        let text = output::json(&json_schema(schema, &messages, self.profile.into()))?;
        Output::from_argument(self.output.clone()).write(text.as_bytes())?;
        Ok(Outcome::Fine)
    }
}

impl Markdown {
    fn run(&self) -> Result<Outcome, Failure> {
        let text = markdown(Schema::diadoc());
        Output::from_argument(self.output.clone()).write(text.as_bytes())?;
        Ok(Outcome::Fine)
    }
}
