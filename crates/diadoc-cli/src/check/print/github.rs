//! What `diadoc check --format github` prints: workflow commands of GitHub Actions, each of which becomes an
//! annotation at its line.

use diadoc_schema::Severity;

use super::problems::{Problem, in_checkout, on_purpose, problems};
use super::{Shown, unnamed};
use crate::check::find::Unnamed;
use crate::check::judge::Judgement;
use crate::check::source::Place;
use crate::outcome::Failure;

pub(super) fn body(judgement: &Judgement<'_>, shown: Shown) -> String {
    if on_purpose(judgement).is_some() {
        return String::new();
    }
    let problems = problems(judgement, shown);
    problems
        .iter()
        .map(|problem| problem_line(problem, judgement.place))
        .collect()
}

fn problem_line(problem: &Problem, place: &Place) -> String {
    let command = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let column = problem
        .column
        .map_or_else(String::new, |column| format!(",col={column}"));
    let at = format!("{},line={}{column}", file(place), problem.line);
    line(command, &at, problem.rule, &problem.text)
}

pub(super) fn unreadable(place: &Place, failure: &Failure) -> String {
    line("error", &file(place), "unreadable", &failure.to_string())
}

pub(super) fn unnamed(unnamed: &Unnamed) -> String {
    let (rule, _) = unnamed::RULE;
    let at = property("file", &in_checkout(&unnamed.body.display().to_string()));
    line(
        "error",
        &at,
        rule,
        &format!("{}.", unnamed::sentence(unnamed)),
    )
}

fn line(command: &str, at: &str, title: &str, text: &str) -> String {
    let title = property("title", title);
    format!("::{command} {at},{title}::{}\n", data(text))
}

fn file(place: &Place) -> String {
    property("file", &in_checkout(&super::json::file(place)))
}

fn property(name: &str, value: &str) -> String {
    let value = data(value).replace(':', "%3A").replace(',', "%2C");
    format!("{name}={value}")
}

/// A text on one line, as the commands have it.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}
