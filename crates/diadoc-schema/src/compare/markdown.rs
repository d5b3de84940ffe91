//! Changes as Markdown: a list, and the page that says what changed at the vendor.

use std::fmt::Write as _;

use super::change::quoted;
use super::listing::by_owner;
use super::{Breaks, Change, Shape, not_compared, total_changes};
use crate::printable;

/// What a page of [`report_markdown`] says besides the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeReport<'a> {
    /// Where the old schema comes from, in words or as a path.
    pub old: &'a str,
    /// Where the new schema comes from.
    pub new: &'a str,
    /// The day that stands in the heading, where one is given: `2026-11-29`. Nobody looks at a clock.
    pub date: Option<&'a str>,
}

/// The changes by the message, enum or method that they are in, as Markdown: a table for each. `old`
/// and `new` are the schemas that were [compared](super::compare).
pub fn changes_markdown(changes: &[Change], old: &Shape, new: &Shape) -> String {
    let mut text = String::new();
    for (owner, changes) in by_owner(changes, old, new) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "### {}\n", code(owner));
        text += "| where | change | breaks | why |\n| --- | --- | --- | --- |\n";
        for (member, change) in changes {
            let place = member.map_or_else(|| "itself".to_owned(), code_in_cell);
            let why = match &change.hint {
                Some(hint) => format!("{}; {}", change.why, cell(hint)),
                None => change.why.to_owned(),
            };
            let headline = change.headline(code_in_cell);
            let _ = writeln!(text, "| {place} | {headline} | {} | {why} |", change.breaks);
        }
        text.push('\n');
    }
    text
}

/// The page that says what changed at the vendor: a summary by what breaks, what to do about it, and
/// the changes. The same schemas give the same page.
///
/// ```
/// use diadoc_schema::{ChangeReport, Shape, report_markdown};
///
/// let shape = Shape::diadoc();
/// let report = ChangeReport { old: "yesterday's", new: "today's", date: Some("2026-11-29") };
/// let page = report_markdown(&report, &[], &shape, &shape);
/// assert!(page.starts_with("# What changed at the vendor, 2026-11-29\n"));
/// assert!(page.contains("No changes."));
/// ```
pub fn report_markdown(
    report: &ChangeReport<'_>,
    changes: &[Change],
    old: &Shape,
    new: &Shape,
) -> String {
    let date = report.date.map(|date| format!(", {}", cell(date)));
    let mut text = format!(
        "# What changed at the vendor{}\n\n- old: {}\n- new: {}\n",
        date.unwrap_or_default(),
        code(report.old),
        code(report.new),
    );
    for left_out in not_compared(old, new) {
        let _ = writeln!(text, "- not compared: {left_out}");
    }
    let _ = writeln!(text, "\n{}", total_changes(changes));
    if changes.is_empty() {
        return text;
    }
    text += "\n| breaks | changes | what to do |\n| --- | ---: | --- |\n";
    for member in Breaks::members() {
        let broken = changes
            .iter()
            .filter(|change| change.breaks.without(member) != change.breaks);
        let count = broken.count();
        if count > 0 {
            let _ = writeln!(text, "| {member} | {count} | {} |", advice(member));
        }
    }
    let harmless = changes
        .iter()
        .filter(|change| change.breaks.is_nothing())
        .count();
    if harmless > 0 {
        let _ = writeln!(
            text,
            "| nothing | {harmless} | {} |",
            advice(Breaks::NOTHING)
        );
    }
    text += "\nA change that breaks several things counts in each row.\n";
    let (breaking, others): (Vec<_>, Vec<_>) = changes
        .iter()
        .cloned()
        .partition(|change| !change.breaks.is_nothing());
    for (title, changes) in [("What breaks", breaking), ("What breaks nothing", others)] {
        if !changes.is_empty() {
            let _ = write!(text, "\n## {title}\n\n");
            text += changes_markdown(&changes, old, new).trim_end();
            text.push('\n');
        }
    }
    text
}

/// What somebody does who keeps a schema and its users.
fn advice(breaks: Breaks) -> &'static str {
    if breaks.wire() {
        "Follow the new numbers and types in the schema, build again, and roll out readers before writers: programs with the old schema misread protobuf."
    } else if breaks.json() {
        "Follow the new keys, names and types in the schema and build again; until then use protobuf where that does not break."
    } else if breaks.http() {
        "Go through the callers of these methods: change addresses, parameters and what they make of answers, and look at the vendor's page of each method."
    } else if breaks.validation() {
        "Check stored and generated bodies again (`diadoc check`): what was valid may be refused, or the other way round."
    } else if breaks.unjudged() {
        "Look at each by hand, and give the option a row in the table of options."
    } else {
        "Take it over when you need it; what is obsolete is worth a note."
    }
}

/// A foreign name or text, in which Markdown and HTML mean nothing.
fn code(text: &str) -> String {
    match text {
        "" => "`\"\"`".to_owned(),
        text => quoted(&printable(text)),
    }
}

/// The same in a cell of a table, which a bar would end inside of backquotes too.
fn code_in_cell(text: &str) -> String {
    cell(&code(text))
}

/// A text that stands in a cell of a table. The names in it stand in backquotes.
fn cell(text: &str) -> String {
    printable(text).replace('|', "\\|")
}
