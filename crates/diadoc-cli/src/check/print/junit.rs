//! What `diadoc check --format junit` prints: JUnit's XML, a test case for each body.

use std::fmt::Write as _;

use diadoc_schema::Severity;

use super::problems::{on_purpose, problems};
use super::{Shown, unnamed};
use crate::check::find::Unnamed;
use crate::check::judge::Judgement;
use crate::check::source::Place;
use crate::check::verdict::Fate;
use crate::names;
use crate::outcome::Failure;

pub(super) const START: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <testsuites>\n<testsuite name=\"diadoc check\">\n";
pub(super) const END: &str = "</testsuite>\n</testsuites>\n";

/// A body that does not do what is expected of it has failed; what else there is to say of it stands in the
/// output of its case.
pub(super) fn body(judgement: &Judgement<'_>, shown: Shown) -> String {
    let name = escaped(&judgement.place.to_string());
    let class = judgement.message.map_or("?", names::short);
    let mut case = format!(
        "<testcase name=\"{name}\" classname=\"{}\">",
        escaped(class)
    );
    let problems = match on_purpose(judgement) {
        Some(_) => Vec::new(),
        None => problems(judgement, shown),
    };
    let mut lines = String::new();
    for problem in &problems {
        let column = problem
            .column
            .map_or_else(String::new, |column| format!(":{column}"));
        let place = format!("{}{column}", problem.line);
        let _ = writeln!(lines, "{place}: [{}] {}", problem.rule, problem.text);
    }
    if judgement.verdict.fate == Fate::Skipped {
        let _ = write!(
            case,
            "\n<skipped message=\"{}\"/>",
            escaped(&judgement.verdict.sentence)
        );
    } else if judgement.verdict.as_expected {
        if !lines.is_empty() {
            let _ = write!(case, "\n<system-out>{}</system-out>", escaped(&lines));
        }
    } else {
        let worst = problems
            .iter()
            .find(|problem| problem.severity == Severity::Error);
        let rule = worst.map_or("check", |problem| problem.rule);
        let verdict = format!("{}: {}", judgement.verdict.text, judgement.verdict.sentence);
        let _ = write!(
            case,
            "\n<failure type=\"{rule}\" message=\"{}\">{}</failure>",
            escaped(&verdict),
            escaped(&lines),
        );
    }
    case + "</testcase>\n"
}

pub(super) fn unreadable(place: &Place, failure: &Failure) -> String {
    let text = escaped(&failure.to_string());
    format!(
        "<testcase name=\"{}\" classname=\"?\">\n<error type=\"unreadable\" message=\"{text}\"/></testcase>\n",
        escaped(&place.to_string()),
    )
}

pub(super) fn unnamed(unnamed: &Unnamed) -> String {
    let (rule, _) = unnamed::RULE;
    format!(
        "<testcase name=\"{}\" classname=\"?\">\n<failure type=\"{rule}\" message=\"{}\"/></testcase>\n",
        escaped(&unnamed.body.display().to_string()),
        escaped(&unnamed::sentence(unnamed)),
    )
}

/// A text in XML. Characters that XML has not at all are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' => escaped += "&#10;",
            '\t' => escaped += "&#9;",
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}
