//! `diadoc search`: names by words.

use diadoc_schema::{Found, Language, Schema, SchemaError};

use crate::outcome::{Failure, Outcome};
use crate::{language, names, output};

/// Finds names by words, English or Russian
///
/// Looks for all the words in names, paths, Russian titles and comments of methods, messages, enums, fields
/// and values, whatever their case; of a Russian word the ending does not count. Prints what fits best first,
/// and what is obsolete last, one a line: what it is, its name, and what it means. The exit code is 1 where
/// nothing has the words.
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
    if found.is_empty() {
        output::say(&nothing_found(&arguments.words, language));
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Fine)
}

/// What to do where nothing has all the words.
fn nothing_found(words: &[String], language: Language) -> String {
    let text = words.join(" ");
    let near = match Schema::diadoc().resolve(&text) {
        Err(SchemaError::NoName { near, .. }) => near,
        _ => Vec::new(),
    };
    let (what, advice) = match (language, text.split_whitespace().count()) {
        (Language::English, 1) => ("nothing has the word", "Try its beginning, or another one."),
        (Language::English, _) => (
            "nothing has all the words",
            "Leave one out, or try their beginnings.",
        ),
        (Language::Russian, 1) => (
            "ни в чём нет слова",
            "Попробуйте его начало или другое слово.",
        ),
        (Language::Russian, _) => (
            "ни в чём нет всех слов",
            "Уберите одно из них или попробуйте их начала.",
        ),
    };
    format!("{what} `{text}`\n{}", names::did_you_mean(&near, advice))
}

/// What it is, its name, and what it means.
pub(crate) fn line(found: &Found, language: Language) -> String {
    let about = match (language, &found.title) {
        (Language::Russian, Some(title)) => title,
        _ => &found.summary,
    };
    let kind = found.kind.phrase(language);
    let obsolete = match (found.obsolete, language) {
        (false, _) => "",
        (true, Language::English) => ", obsolete",
        (true, Language::Russian) => ", устарело",
    };
    format!("{kind} {}{obsolete}\n    {about}\n", found.short_name())
}
