//! `diadoc describe`: what the schema says about one of its names.

use clap_complete::ArgValueCompleter;
use diadoc_api::Retired;
use diadoc_schema::{Item, Language, Rule, Schema, SchemaError, describe_item};

use crate::outcome::{Failure, Outcome};
use crate::{completions, language, names, output, rules, search};

/// Where all of what can be explained stands, but for fields and methods.
const ALL_NAMES: &str = "`diadoc search` finds names by words, `diadoc list` prints all messages, \
    `diadoc list --enums` all enums, `diadoc list --methods` all methods.";
/// Of so many things of one name each is explained, of more they are listed.
const MOST_EXPLAINED: usize = 3;

/// Explains a message, field, enum, value, method or rule
///
/// Prints what it means, its rules, where it stands, and which fields and methods use it. The name
/// is a full name or a tail of one: `DocumentList`, `Document.IndexKey` for a field by its name or
/// its key in JSON, a path as `check` prints it, `DocumentType.Invoice` for an enum's value; of an HTTP
/// method the name, the vendor's title or the path: `GetDocumentsV3`, `GetDocuments (V3)`,
/// `GET /V3/GetDocuments`; without a version the newest; of a rule the id. Where several things have the
/// name, each is explained, or all are listed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc describe DocumentList
  diadoc describe --lang ru 'POST /V3/PostMessage'
  diadoc describe --json Document.IndexKey
  diadoc describe 'MessageToPost.DocumentAttachments[0].Comment'")]
pub(crate) struct Arguments {
    /// What to explain
    #[arg(add = ArgValueCompleter::new(completions::of_names))]
    name: String,

    /// Print it as JSON, for programs
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    language: language::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let language = arguments.language.language();
    let text = explained(&arguments.name, language, arguments.json)?;
    output::to_stdout(text.as_bytes())?;
    Ok(Outcome::Fine)
}

/// What there is to say of a name.
pub(crate) fn explained(name: &str, language: Language, json: bool) -> Result<String, Failure> {
    let name = name.trim();
    // As reports print it: `refused[json.type]`.
    let id = name.rsplit('[').next().unwrap_or_default();
    let rule = Rule::from_id(id.trim_end_matches(']'));
    if let (Some(rule), false) = (rule, json) {
        return Ok(rules::explain(rule, language));
    }
    let schema = Schema::diadoc();
    let items = schema
        .resolve_all(name)
        .map_err(|error| unknown(name, error))?;
    let pages: Vec<_> = (items.iter().take(MOST_EXPLAINED))
        .map(|item| describe_item(schema, item))
        .collect();
    match (&pages[..], json) {
        (_, _) if items.len() > MOST_EXPLAINED => list(&items, name, language, json),
        ([page], true) => output::json(page),
        (pages, true) => output::json(&pages),
        (pages, false) => {
            let pages: Vec<_> = pages.iter().map(|page| page.page(language)).collect();
            Ok(pages.join("\n"))
        }
    }
}

/// All that has the name, one a line.
fn list(items: &[Item<'_>], name: &str, language: Language, json: bool) -> Result<String, Failure> {
    let found = items.iter().map(diadoc_schema::Found::of);
    let found: Vec<_> = found.collect();
    if json {
        return output::json(&found);
    }
    let lines: String = found
        .iter()
        .map(|one| search::line(one, language))
        .collect();
    Ok(match language {
        Language::English => format!("`{name}` is the name of {} things:\n{lines}", found.len()),
        Language::Russian => format!("Имя `{name}` носят {}:\n{lines}", found.len()),
    })
}

fn unknown(name: &str, error: SchemaError) -> Failure {
    // `GET /V3/GetMessage`.
    let path = name.split_whitespace().last().unwrap_or_default();
    if let Some(retired) = Retired::find(path) {
        return Failure::new(retired.to_string());
    }
    match error {
        SchemaError::NoName { name, near } => Failure::new(format!(
            "nothing in the schema is called `{name}`\n{}",
            names::did_you_mean(&near, ALL_NAMES)
        )),
        other => other.into(),
    }
}
