//! `diadoc export`: the schema in other people's languages.

use std::path::PathBuf;

use clap::Subcommand;
use diadoc_schema::{Flavour, Schema, json_schema, markdown};

use crate::outcome::{Failure, Outcome};
use crate::output::{self, Output};
use crate::{descriptor, names};

/// Writes the schema in another form
///
/// An output file appears whole or not at all.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc export json-schema DocumentList -o document_list.schema.json
  diadoc export markdown | less")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    language: Language,
}

#[derive(Debug, Subcommand)]
enum Language {
    JsonSchema(JsonSchema),
    Markdown(Markdown),
    Descriptor(descriptor::Arguments),
}

/// Writes a JSON Schema (draft 2020-12), with the comments as descriptions
///
/// It takes what the vendor writes: known keys only, required ones present, no null. With --tolerant
/// it takes what a tolerant reader does. Each message and enum stands under its full name in $defs.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc export json-schema DocumentList
  diadoc export json-schema --tolerant -o diadoc.schema.json")]
struct JsonSchema {
    /// The messages, each by its full name or a tail of it that no other message has; all where none
    /// is named
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Also take unknown keys, missing and null fields, and numbers and enums in other spellings
    #[arg(long)]
    tolerant: bool,

    /// The file to write; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
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
        Language::Markdown(arguments) => arguments.run(),
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
        let flavour = if self.tolerant {
            Flavour::Tolerant
        } else {
            Flavour::Strict
        };
        let text = output::json(&json_schema(schema, &messages, flavour))?;
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
