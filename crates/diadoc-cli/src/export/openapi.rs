//! `diadoc export openapi`: the methods as an OpenAPI document.

use std::path::PathBuf;

use diadoc_schema::{Language, OpenApiForm, Schema, openapi};

use crate::outcome::{Failure, Outcome};
use crate::output::{self, Output};

/// Writes the methods as an OpenAPI 3.1 document, in JSON
///
/// With the bodies as the vendor writes them, required fields, rules, keys that the server computes,
/// answers that mean "not ready yet", refusals, ways to sign in, and what the vendor says of a method's end.
/// Generators of clients, mocks and documentation take it as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc export openapi -o diadoc.openapi.json
  diadoc export openapi --plain | npx openapi-typescript -o diadoc.ts

Integers of 64 bits are numbers in Diadoc's JSON, beyond 2^53: a client whose language has doubles alone
needs a parser that keeps them.")]
pub(super) struct Arguments {
    /// The methods that the vendor gives up too, as deprecated
    #[arg(long)]
    all: bool,

    /// Without the rules about several fields of a message as keywords, which some generators of code do not
    /// bear; descriptions tell them all the same
    #[arg(long)]
    plain: bool,

    /// The language of summaries: `en`, the first sentence of the comment, or `ru`, the title
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    lang: Language,

    /// The file to write; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Arguments {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let form = OpenApiForm {
            obsolete: self.all,
            plain: self.plain,
            language: self.lang,
        };
        let text = output::json(&openapi(Schema::diadoc(), form))?;
        Output::from_argument(self.output.clone()).write(text.as_bytes())?;
        Ok(Outcome::Fine)
    }
}
