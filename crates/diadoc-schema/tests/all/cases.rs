//! The table `cases.toml`: for every rule a body that goes against it and a neighbour that does
//! not.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use diadoc_schema::{Checks, Direction, Form, Language, Report, Rule, Schema};
use prost_reflect::MessageDescriptor;
use serde::Deserialize;

use crate::lines_of;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// The id of the rule that the case is about.
    rule: String,
    title: String,
    /// The message's name below Diadoc's package, or the last part of it; also that of a request.
    message: String,
    pub(crate) direction: Direction,
    json: Option<String>,
    /// Protobuf, as hexadecimal digits.
    hex: Option<String>,
    /// How many times an `@` in the body opens a bracket (or a group) and closes it again.
    nest: Option<usize>,
    /// How many letters `A` an `@` in the body stands for.
    fill: Option<usize>,
    /// `rule effect path` of each finding, in order.
    findings: Vec<String>,
}

impl Case {
    pub(crate) fn message(&self) -> MessageDescriptor {
        let schema = Schema::diadoc();
        let full_name = format!("Diadoc.Api.Proto.{}", self.message);
        let found = schema.message(&full_name);
        found
            .or_else(|_| schema.message(&self.message))
            .or_else(|error| {
                let of_method = format!("Diadoc.Api.Methods.{}", self.message);
                schema.pool().get_message_by_name(&of_method).ok_or(error)
            })
            .unwrap_or_else(|error| panic!("{}: {error}", self.title))
    }

    /// The report and the body as text.
    fn run(&self) -> (Report, String) {
        self.run_in(Language::English)
    }

    fn run_in(&self, language: Language) -> (Report, String) {
        let (form, body) = self.body();
        let checks = Checks::new(self.direction).language(language);
        let report = checks.check(&self.message(), form, &body);
        (report, String::from_utf8_lossy(&body).into_owned())
    }

    pub(crate) fn body(&self) -> (Form, Vec<u8>) {
        let nested = |open: &str, close: &str| {
            let times = self.nest.unwrap_or(0);
            open.repeat(times) + &close.repeat(times)
        };
        let filled = |letter: &str| letter.repeat(self.fill.unwrap_or(0));
        match (&self.json, &self.hex) {
            (Some(json), None) => {
                let json = match (self.nest, self.fill) {
                    (Some(_), _) => json.replace('@', &nested("[", "]")),
                    (None, Some(_)) => json.replace('@', &filled("A")),
                    (None, None) => json.clone(),
                };
                (Form::Json, json.into_bytes())
            }
            (None, Some(hex)) => {
                // A group of the field 15, which none of the messages has.
                let digits = match self.fill {
                    Some(_) => hex.replace('@', &filled("41")),
                    None => hex.replace('@', &nested("7b", "7c")),
                };
                let digits: String = digits.split_whitespace().collect();
                let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal");
                let bytes = (0..digits.len()).step_by(2).map(byte);
                (Form::Protobuf, bytes.collect())
            }
            _ => panic!("{}: either `json` or `hex`", self.title),
        }
    }

    fn heading(&self) -> String {
        format!("== {}: {} ==", self.rule, self.title)
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let table: Table = toml::from_str(include_str!("cases.toml")).expect("the table");
    table.case
}

/// `rule effect path` of each finding.
fn brief(report: &Report) -> Vec<String> {
    lines_of(report, |f| {
        format!("{} {} {}", f.rule, f.effect, f.path)
            .trim_end()
            .to_owned()
    })
}

#[test]
fn findings_are_those_of_the_table() {
    let mut wrong = String::new();
    for case in cases() {
        let found = brief(&case.run().0);
        if found != case.findings {
            let _ = writeln!(wrong, "{}\nfindings = {found:?}\n", case.heading());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn each_rule_has_a_case_that_breaks_it_and_one_that_does_not() {
    let mut covered = BTreeSet::new();
    let mut titles = BTreeSet::new();
    for case in cases() {
        let (report, _) = case.run();
        let broken = report.findings.iter().any(|f| f.rule.id() == case.rule);
        assert!(titles.insert(case.heading()), "twice: {}", case.heading());
        covered.insert((case.rule, broken));
    }
    // Parameters are held against their rules where calls are made.
    let of_bodies = |id: &String| !id.starts_with("parameter.");
    let wanted = Rule::ALL.iter().map(|rule| rule.id().to_owned());
    let wanted = wanted.filter(of_bodies);
    let wanted: BTreeSet<_> = wanted
        .flat_map(|id| [(id.clone(), false), (id, true)])
        .collect();
    assert_eq!(covered, wanted);
}

#[test]
fn reports_as_json() {
    let mut text = String::new();
    for case in cases() {
        let report = serde_json::to_string_pretty(&case.run().0).expect("JSON");
        let _ = writeln!(text, "{}\n{report}\n", case.heading());
    }
    insta::assert_snapshot!(text);
}

#[cfg(feature = "render")]
#[test]
fn reports_as_text() {
    let mut text = String::new();
    // A body of megabytes is no reading.
    for case in cases().iter().filter(|case| case.fill.is_none()) {
        let (report, source) = case.run();
        let _ = writeln!(
            text,
            "{}\n{}",
            case.heading(),
            report.render(&source, false)
        );
    }
    insta::assert_snapshot!(text);
}

/// Of each rule the first body that breaks it.
#[cfg(feature = "render")]
#[test]
fn reports_in_russian() {
    let (mut text, mut shown) = (String::new(), BTreeSet::new());
    for case in cases().iter().filter(|case| case.fill.is_none()) {
        let (report, source) = case.run_in(Language::Russian);
        let breaks = report.findings.iter().any(|f| f.rule.id() == case.rule);
        if breaks && shown.insert(case.rule.clone()) {
            let _ = writeln!(
                text,
                "{}\n{}",
                case.heading(),
                report.render(&source, false)
            );
        }
    }
    assert!(shown.len() > 50, "{}", shown.len());
    insta::assert_snapshot!(text);
}
