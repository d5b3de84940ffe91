//! `diadoc diff`: what changed between two schemas.

mod source;

use clap::ValueEnum;
use diadoc_schema::{Breaks, compare, list_changes, total_changes};

use crate::outcome::{Failure, Outcome};
use crate::output;
use source::Source;

/// Shows what changed between two schemas, and what that breaks
///
/// Each schema is a folder of .proto files, whatever its layout; a file with a descriptor set, as
/// protoc, buf and `diadoc descriptor` write it; an OpenAPI document in JSON; or the word `builtin`,
/// which is this program's own schema. Against an OpenAPI document, which has no field numbers, only
/// what both sides state is compared: keys, types, names, and the methods with the parameters of the
/// query and the messages.
///
/// A folder may be the checkout of a vendor's SDK: where it has C# or Java beside the .proto files, the
/// paths that the code calls and the names of the parameters are held against the methods of the other
/// side. The code is read as text: what it puts together of parts is not seen.
///
/// The exit code is 1 when there are changes; with --breaking, when there are such that break.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc diff builtin sdk/proto
  diadoc diff builtin diadocsdk-csharp
  diadoc diff builtin openapi.json
  diadoc diff --breaking json old.binpb new.binpb")]
pub(crate) struct Arguments {
    /// The old schema: a folder, a file, `-` for standard input, or `builtin`
    old: Source,

    /// The new schema, in the same ways
    new: Source,

    /// Only changes that break bodies in this form
    #[arg(long, value_name = "FORM")]
    breaking: Option<Breaking>,

    /// How to print the changes
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Breaking {
    /// JSON bodies
    Json,
    /// protobuf bodies
    Wire,
    /// JSON or protobuf bodies
    Any,
}

impl Breaking {
    fn is_broken_by(self, breaks: Breaks) -> bool {
        match self {
            Self::Json => breaks.json(),
            Self::Wire => breaks.wire(),
            Self::Any => breaks.json() || breaks.wire(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Wire => "the wire",
            Self::Any => "the wire or JSON",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// For people: the changes by message and enum, and their totals
    Text,
    /// For programs: an array of the changes
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let (old, new) = (&arguments.old, &arguments.new);
    if old.is_stdin() && new.is_stdin() {
        return Err(Failure::new(
            "both schemas cannot come from standard input\nName a file for one of them.",
        ));
    }
    let (old, new) = (old.load()?, new.load()?);
    let mut changes = compare(&old, &new);
    let all = changes.len();
    if let Some(form) = arguments.breaking {
        changes.retain(|change| form.is_broken_by(change.breaks));
    }
    let text = match arguments.format {
        OutputFormat::Text => {
            let totals = match arguments.breaking {
                None => total_changes(&changes),
                Some(form) => totals_of(changes.len(), all, form.name()),
            };
            list_changes(&changes, &old, &new) + &totals + "\n"
        }
        OutputFormat::Json => output::json(&changes)?,
    };
    output::to_stdout(text.as_bytes())?;
    Ok(match changes.is_empty() {
        true => Outcome::Fine,
        false => Outcome::Findings,
    })
}

/// How many of all changes break a form.
fn totals_of(broken: usize, all: usize, form: &str) -> String {
    match (broken, all) {
        (0, 0) => "No changes.".to_owned(),
        (0, 1) => format!("The one change does not break {form}."),
        (0, all) => format!("None of {all} changes breaks {form}."),
        (1, 1) => format!("1 of 1 change breaks {form}."),
        (1, all) => format!("1 of {all} changes breaks {form}."),
        (broken, all) => format!("{broken} of {all} changes break {form}."),
    }
}
