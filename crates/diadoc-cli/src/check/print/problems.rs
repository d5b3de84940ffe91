//! What is wrong with a body, for the formats that tools read.

use std::collections::{HashMap, HashSet};

use diadoc_schema::{Direction, Finding, Severity};

use super::Shown;
use crate::check::judge::Judgement;
use crate::check::source::Place;
use crate::check::verdict::Fate;

/// Ids of what is found beside the rules of the schema.
pub(super) const REFUSED: &str = "check.refused";
pub(super) const CHANGED: &str = "check.changed";
pub(super) const UNKNOWN: &str = "check.unknown";

/// One thing that is wrong.
#[derive(Debug)]
pub(super) struct Problem {
    /// The id of its rule.
    pub rule: &'static str,
    pub severity: Severity,
    /// In sentences, with the path.
    pub text: String,
    /// Where in the body it is, empty at its top.
    pub path: String,
    /// From 1; of protobuf that of the body.
    pub line: usize,
    /// In characters, from 1; none where nobody knows it.
    pub column: Option<usize>,
    /// The finding, with places that count in the body, and in the input.
    pub finding: Option<(Finding, Finding)>,
}

/// All that is wrong with a body: the heaviest first; of a body that may go both ways, what is wrong each
/// way. What is merely worth knowing only where it was asked for.
pub(super) fn problems(judgement: &Judgement<'_>, shown: Shown) -> Vec<Problem> {
    let reports = judgement.reports_in_input();
    let of_ways = judgement.reports.iter().map(|report| report.direction);
    let of_ways = of_ways.zip(reports.into_iter().map(|report| report.findings));
    let in_input =
        of_ways.flat_map(|(way, findings)| findings.into_iter().map(move |one| (way, one)));
    let in_bodies = judgement.reports.iter().flat_map(|report| &report.findings);
    let mut findings: Vec<_> = in_bodies
        .zip(in_input)
        .filter(|(finding, _)| shown.notes || finding.severity > Severity::Info)
        .collect();
    findings.sort_by_key(|(_, (_, finding))| finding.effect);
    // Where a body may go both ways, each says of which it is; what is wrong either way is said once.
    let is_both_ways = judgement.reports.len() > 1;
    let key = |in_body: &Finding, said: &str| (in_body.rule, in_body.span, said.to_owned());
    let mut ways = HashMap::<_, HashSet<Direction>>::new();
    if is_both_ways {
        for (in_body, (way, finding)) in &findings {
            let ways = ways.entry(key(in_body, &text(finding))).or_default();
            ways.insert(*way);
        }
    }
    let first = first_line(judgement.place);
    let mut problems: Vec<_> = findings
        .into_iter()
        .filter_map(|(in_body, (way, finding))| {
            let said = text(&finding);
            let key = key(in_body, &said);
            let said = match (ways.get(&key).map_or(0, HashSet::len), way) {
                // Said already, of both.
                (0, _) if is_both_ways => return None,
                (0, _) => said,
                (1, Direction::Request) => format!("As a request, {said}"),
                (1, Direction::Response) => format!("As a response, {said}"),
                _ => {
                    ways.remove(&key);
                    said
                }
            };
            Some((in_body, finding, said))
        })
        .map(|(in_body, finding, said)| Problem {
            rule: finding.rule.id(),
            severity: finding.severity,
            text: said,
            path: finding.path.clone(),
            line: match judgement.place.is_made || finding.line == 0 {
                true => first,
                false => finding.line,
            },
            column: (!judgement.place.is_made && finding.line > 0).then_some(finding.column),
            finding: Some((in_body.clone(), finding)),
        })
        .collect();
    let mut own = |rule, text: &str, path: &str| {
        problems.push(Problem {
            rule,
            severity: Severity::Error,
            text: format!("{text}."),
            path: path.to_owned(),
            line: first,
            column: None,
            finding: None,
        });
    };
    let trip = &judgement.trip;
    if let Some(refusal) = trip.refused.as_ref().filter(|refusal| !refusal.reported) {
        own(REFUSED, &refusal.message, &refusal.path);
    }
    for changed in &trip.changed {
        for difference in &changed.differences {
            own(CHANGED, &format!("{}: {difference}", changed.step), "");
        }
    }
    if judgement.verdict.fate == Fate::Unknown {
        own(UNKNOWN, "no message of the schema fits the body", "");
    }
    problems
}

/// Why a body is wrong on purpose, where it is, and does what its manifest says.
pub(super) fn on_purpose<'a>(judgement: &'a Judgement<'_>) -> Option<&'a str> {
    let expected = judgement.source.expected.as_ref()?;
    let is_said = expected.refused_at.is_some() && judgement.verdict.as_expected;
    let why = expected.fault.as_deref().unwrap_or("The manifest says so.");
    is_said.then_some(why)
}

/// The path of an input from the folder of the checkout on, as tools of a repository want it.
pub(super) fn in_checkout(file: &str) -> String {
    let file = match cfg!(windows) {
        true => file.replace('\\', "/"),
        false => file.to_owned(),
    };
    file.strip_prefix("./").unwrap_or(&file).to_owned()
}

/// The line in which a body begins.
pub(super) fn first_line(place: &Place) -> usize {
    place.line.unwrap_or(1)
}

/// The finding in sentences.
fn text(finding: &Finding) -> String {
    let effect = finding.effect;
    let mut text = match finding.path.as_str() {
        "" => format!("{effect}: {}.", finding.message),
        path => format!("{effect}: {path}: {}.", finding.message),
    };
    let parts = [
        ("Expected", &finding.expected),
        ("Found", &finding.found),
        ("Did you mean", &finding.suggestion),
    ];
    for (label, part) in parts {
        if let Some(part) = part {
            text += &format!(" {label}: {part}.");
        }
    }
    text
}
