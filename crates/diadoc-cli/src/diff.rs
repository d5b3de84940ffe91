//! `diadoc diff`: what changed between two schemas.

mod source;

use clap::ValueEnum;
use diadoc_proto::DocumentDate;
use diadoc_schema::{
    Breaks, Change, ChangeReport, Shape, changes_markdown, compare, kinds_markdown, list_changes,
    not_compared, report_markdown, total_changes,
};

use crate::outcome::{Failure, Outcome};
use crate::output;
use source::Source;

/// Shows what changed between two schemas, and what that breaks
///
/// Each schema is a folder of .proto files, whatever its layout; a file with a descriptor set, as
/// protoc, buf and `diadoc descriptor` write it; an OpenAPI document in JSON; the table of what the
/// live server takes, as `diadoc rules --json` writes it; or the word `builtin`, which is this
/// program's own schema and table. What only one side states is not compared, and the output says so,
/// with --format json on standard error: against an OpenAPI document, which has no field numbers, keys,
/// types, names, and the methods with the parameters of the query and the messages are; against a
/// vendor's .proto files, which have neither methods nor rules, bodies are.
///
/// A folder may be the checkout of a vendor's SDK: where it has C# or Java beside the .proto files, the
/// paths that the code calls and the names of the parameters are held against the methods of the other
/// side. The code is read as text: what it puts together of parts is not seen.
///
/// A change breaks the wire, JSON, HTTP or validation where what one schema writes or sends is refused
/// or misread by the other, in either direction. `--kinds` prints the table of all kinds of change.
///
/// The exit code is 1 when there are changes, with --report too; with --breaking, when there are such
/// that break.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc diff builtin sdk/proto
  diadoc diff builtin diadocsdk-csharp
  diadoc diff builtin openapi.json
  diadoc diff --breaking json old.binpb new.binpb
  diadoc diff --report --date 2026-11-29 old.binpb builtin > changes.md")]
pub(crate) struct Arguments {
    /// The old schema: a folder, a file, `-` for standard input, or `builtin`
    #[arg(required_unless_present = "kinds")]
    old: Option<Source>,

    /// The new schema, in the same ways
    #[arg(required_unless_present = "kinds")]
    new: Option<Source>,

    /// Only changes that break this; what nobody has judged counts as breaking
    #[arg(long, value_name = "WHAT")]
    breaking: Option<Breaking>,

    /// How to print the changes
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,

    /// A page in Markdown that says what changed at the vendor and what to do about it
    #[arg(long, conflicts_with_all = ["format", "breaking"])]
    report: bool,

    /// The day in the heading of the page; without it the page names none
    #[arg(long, value_name = "YYYY-MM-DD", requires = "report", value_parser = day)]
    date: Option<String>,

    /// The table of all kinds of change and what each breaks, as Markdown
    #[arg(long, conflicts_with_all = ["old", "new", "breaking", "format", "report"])]
    kinds: bool,
}

/// A day of the calendar, as ISO 8601 has it.
fn day(text: &str) -> Result<String, String> {
    let is_one = || {
        let [year, month, day]: [&str; 3] = text.split('-').collect::<Vec<_>>().try_into().ok()?;
        let has_digits = |part: &str, digits| {
            part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let is_written_so = has_digits(year, 4) && has_digits(month, 2) && has_digits(day, 2);
        let day = DocumentDate::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        (is_written_so && day.is_ok()).then_some(())
    };
    match is_one() {
        Some(()) => Ok(text.to_owned()),
        None => Err("it is no day such as 2026-11-29".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Breaking {
    /// JSON bodies
    Json,
    /// protobuf bodies
    Wire,
    /// Requests to methods and their answers
    Http,
    /// Whether bodies and parameters are valid
    Validation,
    /// Any of these
    Any,
}

impl Breaking {
    fn is_broken_by(self, breaks: Breaks) -> bool {
        breaks.unjudged()
            || match self {
                Self::Json => breaks.json(),
                Self::Wire => breaks.wire(),
                Self::Http => breaks.http(),
                Self::Validation => breaks.validation(),
                Self::Any => !breaks.is_nothing(),
            }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Wire => "the wire",
            Self::Http => "HTTP",
            Self::Validation => "validation",
            Self::Any => "anything",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// For people: the changes by message, enum and method, and their totals
    Text,
    /// For programs: an array of the changes
    Json,
    /// For pages: a table for each message, enum and method, and the totals
    Markdown,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let (Some(old), Some(new)) = (&arguments.old, &arguments.new) else {
        output::to_stdout(kinds_markdown().as_bytes())?;
        return Ok(Outcome::Fine);
    };
    if old.is_stdin() && new.is_stdin() {
        return Err(Failure::new(
            "both schemas cannot come from standard input\nName a file for one of them.",
        ));
    }
    let (old_name, new_name) = (old.to_string(), new.to_string());
    let (old, new) = (old.load()?, new.load()?);
    let mut changes = compare(&old, &new);
    let all = changes.len();
    if let Some(what) = arguments.breaking {
        changes.retain(|change| what.is_broken_by(change.breaks));
    }
    let text = if arguments.report {
        let report = ChangeReport {
            old: &old_name,
            new: &new_name,
            date: arguments.date.as_deref(),
        };
        report_markdown(&report, &changes, &old, &new)
    } else {
        let totals = match arguments.breaking {
            None => total_changes(&changes),
            Some(what) => totals_of(changes.len(), all, what.name()),
        };
        shown(arguments.format, &changes, &old, &new, &totals)?
    };
    output::to_stdout(text.as_bytes())?;
    Ok(match changes.is_empty() {
        true => Outcome::Fine,
        false => Outcome::Findings,
    })
}

fn shown(
    format: OutputFormat,
    changes: &[Change],
    old: &Shape,
    new: &Shape,
    totals: &str,
) -> Result<String, Failure> {
    let left_out = || -> String {
        let left_out = not_compared(old, new).into_iter();
        left_out
            .map(|text| format!("Not compared: {text}.\n"))
            .collect()
    };
    Ok(match format {
        OutputFormat::Text => list_changes(changes, old, new) + &left_out() + totals + "\n",
        OutputFormat::Markdown => changes_markdown(changes, old, new) + &left_out() + totals + "\n",
        OutputFormat::Json => {
            // Programs get the array as it is; who runs them is told all the same.
            let left_out = left_out();
            if !left_out.is_empty() {
                output::say(&left_out);
            }
            output::json(&changes)?
        }
    })
}

/// How many of all changes break something.
fn totals_of(broken: usize, all: usize, what: &str) -> String {
    match (broken, all) {
        (0, 0) => "No changes.".to_owned(),
        (0, 1) => format!("The one change does not break {what}."),
        (0, all) => format!("None of {all} changes breaks {what}."),
        (1, 1) => format!("1 of 1 change breaks {what}."),
        (1, all) => format!("1 of {all} changes breaks {what}."),
        (broken, all) => format!("{broken} of {all} changes break {what}."),
    }
}
