//! `diadoc search`: names by words.

use diadoc_schema::{Found, Language, Schema};

use crate::outcome::{Failure, Outcome};
use crate::{language, output};

/// Finds names by words, English or Russian
///
/// Looks for all the words in names, paths, Russian titles and comments of methods, messages, enums, fields
/// and values, whatever their case; of a Russian word the ending does not count. Prints what fits best first,
/// one a line: what it is, its name, and what it means. The exit code is 1 where nothing has the words.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc search полка
  diadoc search power of attorney
  diadoc search --lang ru --all подпись")]
pub(crate) struct Arguments {
    /// The words
    #[arg(required = true, value_parser = word)]
    words: Vec<String>,

    /// All that has the words, and not the first few alone
    #[arg(short, long)]
    all: bool,

    /// Print it as JSON, for programs
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    language: language::Arguments,
}

/// How many are printed without `--all`.
const MOST: usize = 20;

/// Reads a word: a text with a letter or a digit in it.
fn word(text: &str) -> Result<String, &'static str> {
    match text.contains(char::is_alphanumeric) {
        true => Ok(text.to_owned()),
        false => Err("there is no word in it"),
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let language = arguments.language.language();
    let found = Schema::diadoc().search(&arguments.words.join(" "));
    let most = if arguments.all { found.len() } else { MOST };
    let shown = &found[..found.len().min(most)];
    if arguments.json {
        output::to_stdout(output::json(&shown)?.as_bytes())?;
    } else {
        let mut text: String = shown.iter().map(|one| line(one, language)).collect();
        if shown.len() < found.len() {
            let more = found.len() - shown.len();
            text += &match language {
                Language::English => format!("{more} more; --all prints them\n"),
                Language::Russian => format!("Ещё {more}; все покажет --all\n"),
            };
        }
        output::to_stdout(text.as_bytes())?;
    }
    Ok(match found.is_empty() {
        true => Outcome::Findings,
        false => Outcome::Fine,
    })
}

/// What it is, its name, and what it means.
pub(crate) fn line(found: &Found, language: Language) -> String {
    let about = match (language, &found.title) {
        (Language::Russian, Some(title)) => title,
        _ => &found.summary,
    };
    let kind = found.kind.phrase(language);
    format!("{kind} {}\n    {about}\n", found.short_name())
}
