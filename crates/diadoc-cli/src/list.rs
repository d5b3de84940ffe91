//! `diadoc list`: the names of the messages and enums, and the HTTP methods.

use std::collections::BTreeSet;

use diadoc_proto::registry;
use diadoc_schema::{Schema, Stage, is_tail, nearest_last_names};

use crate::names::{self, MOST_SUGGESTED};
use crate::outcome::{Failure, Outcome};
use crate::output;

/// Lists the names of all messages, enums or methods
///
/// Prints the full names, sorted, one per line; of a method its name, verb and path. Wherever a
/// command takes a message, the full name or any tail of it that no other message has will do:
/// `DocumentList`, `Documents.DocumentList`.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc list docflow
  diadoc list --enums --package Documents
  diadoc list --methods zip")]
pub(crate) struct Arguments {
    /// Only names that hold this text, whatever its case
    pub pattern: Option<String>,

    /// Only what lies in this package or below it: its full name or a tail of it, whatever its case
    #[arg(short, long, value_name = "NAME")]
    pub package: Option<String>,

    /// The enums, not the messages
    #[arg(long)]
    pub enums: bool,

    /// The HTTP methods, not the messages; the text may also be part of the path
    #[arg(long, conflicts_with_all = ["enums", "package"])]
    pub methods: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    output::to_stdout(listed(arguments)?.as_bytes())?;
    Ok(Outcome::Fine)
}

/// The lines of what is asked for.
pub(crate) fn listed(arguments: &Arguments) -> Result<String, Failure> {
    if arguments.methods {
        return list_methods(arguments.pattern.as_deref().unwrap_or_default());
    }
    let all: Vec<Item> = if arguments.enums { enums() } else { messages() };
    let what = if arguments.enums { "enum" } else { "message" };
    let packages = arguments.package.as_deref().map(packages).transpose()?;
    let in_packages = |item: &&Item| match &packages {
        Some(packages) => packages.iter().any(|name| is_in(&item.package, name)),
        None => true,
    };
    let in_packages: Vec<_> = all.iter().filter(in_packages).collect();
    if let (true, Some(packages)) = (in_packages.is_empty(), &packages) {
        return Err(Failure::finding(format!(
            "{} has no {what}s\n{}",
            packages.join(", "),
            match arguments.enums {
                true => "Leave out --enums for its messages.",
                false => "Give --enums for its enums.",
            },
        )));
    }

    let pattern = arguments.pattern.as_deref().unwrap_or_default();
    let wanted = pattern.to_lowercase();
    let names: String = in_packages
        .iter()
        .filter(|item| item.full_name.to_lowercase().contains(&wanted))
        .map(|item| format!("{}\n", item.full_name))
        .collect();
    if names.is_empty() {
        let what = match &packages {
            Some(packages) => format!("{what} of {}", packages.join(", ")),
            None => what.to_owned(),
        };
        let other = match (&packages, arguments.enums) {
            (Some(_), _) => "leave out --package",
            (None, true) => "`diadoc list --enums` for all names",
            (None, false) => "`diadoc list` for all names",
        };
        return Err(nothing_listed(&what, pattern, other));
    }
    Ok(names)
}

/// A line per method: its name, verb and path in columns, and what becomes of it at the vendor.
fn list_methods(pattern: &str) -> Result<String, Failure> {
    let wanted = pattern.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&wanted);
    let methods = Schema::diadoc().methods().iter();
    let methods = methods.filter(|method| holds(method.name()) || holds(&method.path));
    let mut methods: Vec<_> = methods.collect();
    methods.sort_by_key(|method| method.name());
    let width = methods.iter().map(|method| method.name().len()).max();
    let Some(width) = width else {
        let other = "`diadoc list --methods` for all names";
        return Err(nothing_listed("method", pattern, other));
    };
    let mut lines = String::new();
    for method in methods {
        let (name, verb, path) = (method.name(), method.verb.as_str(), &method.path);
        lines += &format!("{name:width$} {verb:4} {path}");
        if method.stage.is_obsolete() {
            lines += &format!(" {}", method.stage);
        }
        if let (Stage::ToBeRemoved, Some(day)) = (method.stage, &method.removal_after) {
            lines += &format!(" after {day}");
        }
        lines.push('\n');
    }
    Ok(lines)
}

/// `other` is what to do where a shorter part does not help.
fn nothing_listed(what: &str, pattern: &str, other: &str) -> Failure {
    Failure::finding(format!(
        "no {what} has `{pattern}` in its name\nTry a shorter part, or {other}."
    ))
}

struct Item {
    full_name: String,
    package: String,
}

impl Item {
    fn new(full_name: &str, package: &str) -> Self {
        Self {
            full_name: full_name.to_owned(),
            package: package.to_owned(),
        }
    }
}

fn messages() -> Vec<Item> {
    let messages = registry::messages().iter();
    messages
        .map(|one| Item::new(one.full_name(), one.package()))
        .collect()
}

fn enums() -> Vec<Item> {
    let enums = Schema::diadoc().enums();
    let enums = enums.map(|one| Item::new(one.full_name(), one.package_name()));
    let mut enums: Vec<_> = enums.collect();
    enums.sort_by(|a, b| a.full_name.cmp(&b.full_name));
    enums
}

/// The packages that a name means.
fn packages(name: &str) -> Result<Vec<String>, Failure> {
    let all = messages().into_iter().chain(enums());
    let all: BTreeSet<_> = all.map(|item| item.package).collect();
    let wanted = name.to_lowercase();
    let is_meant = |package: &&String| is_tail(&package.to_lowercase(), &wanted);
    let found: Vec<_> = all.iter().filter(is_meant).cloned().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let near = nearest_last_names(name, all.iter().map(String::as_str)).into_iter();
    let advice = match names::lines(near.take(MOST_SUGGESTED)) {
        none if none.is_empty() => "The names of `diadoc list` begin with the packages.".to_owned(),
        near => format!("Did you mean:{near}"),
    };
    let what = format!("no package is called `{name}`\n{advice}");
    Err(Failure::new(what))
}

fn is_in(package: &str, ancestor: &str) -> bool {
    package
        .strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
