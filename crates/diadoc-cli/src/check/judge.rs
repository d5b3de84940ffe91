//! What is wrong with one body.

use std::sync::Arc;

use diadoc_api::Form;
use diadoc_core::fill;
use diadoc_open::{Opened, Opener, Path, Step};
use diadoc_proto::Limits;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Checks, Direction, Prepared, Report, Rule};

use super::direction::{Ways, WaysOf};
use super::guess::{self, Guess};
use super::source::{Place, Source};
use super::summary::Tally;
use super::trip::{Trip, trip};
use super::verdict::Verdict;
use super::words::words;
use crate::opening::{self, Known};
use crate::outcome::Failure;

/// All that is known about a body.
#[derive(Debug)]
pub(super) struct Judgement<'a> {
    pub source: &'a Source,
    pub place: &'a Place,
    pub body: Vec<u8>,
    /// What it was opened from, the outermost first.
    pub steps: Vec<Step>,
    /// What it looks like that is neither JSON nor protobuf, nor anything that is opened.
    pub looks_like: Option<&'static str>,
    /// None where nobody says it and no message fits.
    pub message: Option<&'static MessageType>,
    /// Why it is that message, where nobody says it.
    pub guess: Option<Guess>,
    /// Which way it goes, and why.
    pub ways: Arc<Ways>,
    /// One for each way. Places in it count from the body's start. Where no message fits, all that it
    /// says is where the JSON is broken.
    pub reports: Vec<Report>,
    pub trip: Trip,
    pub verdict: Verdict,
}

impl Judgement<'_> {
    pub(super) fn tally(&self) -> Tally {
        Tally {
            fate: self.verdict.fate,
            sentence: self.verdict.sentence.clone(),
            as_expected: self.verdict.as_expected,
            by_manifest: self.source.expected.is_some(),
            remarks: Vec::new(),
            notes: 0,
        }
    }

    /// The line in the input of a line in the body; 0 stays 0, as in protobuf.
    pub(super) fn line(&self, line: usize) -> usize {
        match (line, self.place.line) {
            (0, _) | (_, None) => line,
            _ if self.place.is_made => line,
            (line, Some(first)) => first + line - 1,
        }
    }

    /// The column in the input of one in a line of the body.
    pub(super) fn column(&self, line: usize, column: usize) -> usize {
        match line {
            1 if !self.place.is_made => column + self.place.column,
            _ => column,
        }
    }

    /// Whether it is JSON that cannot be read.
    fn is_broken(&self) -> bool {
        let mut findings = self.reports.iter().flat_map(|report| &report.findings);
        findings.any(|finding| finding.rule == Rule::JsonSyntax)
    }

    /// The reports with places that count from the start of the input, if the body stands there.
    pub(super) fn reports_in_input(&self) -> Vec<Report> {
        let mut reports = self.reports.clone();
        for finding in reports.iter_mut().flat_map(|report| &mut report.findings) {
            finding.column = self.column(finding.line, finding.column);
            finding.line = self.line(finding.line);
            if !self.place.is_made {
                finding.span.start += self.place.offset;
                finding.span.end += self.place.offset;
            }
        }
        reports
    }
}

/// How bodies are judged.
#[derive(Debug, Clone)]
pub(super) struct Judge {
    /// Whether every finding counts.
    pub strict: bool,
    pub ways: Arc<WaysOf>,
    /// How much reading a body may take.
    pub limits: Limits,
    /// The part of JSON that is the body, where one is named.
    pub at: Option<Path>,
}

/// What became of a part of an input.
#[derive(Debug)]
pub(super) enum Judged<T> {
    /// It is a body.
    Body(T),
    /// It is none of the API's, for that reason.
    PassedOver(String),
}

/// The parts of an input, each with its place.
pub(super) type AllJudged<T> = Vec<(Place, Result<Judged<T>, Failure>)>;

impl Judge {
    /// Opens what a source holds, and judges all bodies in it.
    pub(super) fn judge<T>(
        &self,
        source: &Source,
        place: Place,
        bytes: Vec<u8>,
        see: impl Fn(&Judgement<'_>) -> T,
    ) -> AllJudged<T> {
        let opener = Opener::new().limits(self.limits).at(self.at.clone());
        let as_it_is = match (source.form, &self.at) {
            (Some(form), None) => Some(form),
            _ => opener.is_plain(&bytes).then_some(Form::Json),
        };
        let Some(form) = as_it_is else {
            let error = match opener.open(&bytes) {
                Ok(opened) => return self.judge_opened(source, &place, &bytes, opened, see),
                Err(error) => error,
            };
            let (Some(looks_like), true) = (opening::looks_like(&error), error.steps.is_empty())
            else {
                return vec![(place.clone(), Err(opening::unopened(&place, &error)))];
            };
            // What is nothing at all is for the server to refuse.
            let form = place.input.form_by_name().unwrap_or(Form::Json);
            let body = Body {
                looks_like,
                ..Body::plain(bytes, form)
            };
            let seen = see(&self.judge_body(source, &place, body));
            return vec![(place, Ok(Judged::Body(seen)))];
        };
        let judgement = self.judge_body(source, &place, Body::plain(bytes, form));
        // What is no JSON as a whole may be lines of it.
        if source.form.is_none()
            && judgement.is_broken()
            && let Ok(opened) = opener.open(&judgement.body)
            && opened.bodies.iter().all(|body| !body.steps.is_empty())
        {
            return self.judge_opened(source, &place, &judgement.body, opened, see);
        }
        let seen = see(&judgement);
        vec![(place, Ok(Judged::Body(seen)))]
    }

    /// Judges what was opened.
    fn judge_opened<T>(
        &self,
        source: &Source,
        place: &Place,
        bytes: &[u8],
        opened: Opened<'_>,
        see: impl Fn(&Judgement<'_>) -> T,
    ) -> AllJudged<T> {
        let mut judged = Vec::new();
        for body in opened.bodies {
            let known = opening::known(&body);
            let is_line = |step: &Step| matches!(step, Step::LastOfLine { .. });
            let place = place.inside(bytes, body.offset, body.steps.iter().any(is_line));
            let other = match (&known, source.message) {
                (Known::Message(message, _), Some(asked)) => {
                    message.full_name() != asked.full_name()
                }
                (known, _) => matches!(known, Known::Foreign),
            };
            if other {
                let why = format!(
                    "{}: {}",
                    opening::named(&body.steps),
                    opening::described(&body)
                );
                judged.push((place, Ok(Judged::PassedOver(why))));
                continue;
            }
            let (message, direction) = match known {
                Known::Message(message, direction) => (Some(message), Some(direction)),
                Known::Nothing | Known::Foreign => (None, None),
            };
            let body = Body {
                bytes: body.bytes.into_owned(),
                form: source.form.unwrap_or(body.form),
                steps: body.steps,
                message,
                direction,
                looks_like: None,
            };
            let seen = see(&self.judge_body(source, &place, body));
            judged.push((place, Ok(Judged::Body(seen))));
        }
        for error in &opened.passed_over {
            judged.push((place.clone(), Ok(Judged::PassedOver(error.to_string()))));
        }
        let is_body =
            |(_, one): &(Place, Result<Judged<T>, Failure>)| matches!(one, Ok(Judged::Body(_)));
        if !judged.iter().any(is_body) {
            let failure = Failure::new(fill(words().no_body_of_the_api, &[place]));
            judged.push((place.clone(), Err(failure)));
        }
        judged
    }

    /// Holds a body against its message, or against the one that fits best.
    fn judge_body<'a>(&self, source: &'a Source, place: &'a Place, body: Body) -> Judgement<'a> {
        let Body {
            bytes: body,
            form,
            steps,
            message,
            direction,
            looks_like,
        } = body;
        let named = source.message.or(message);
        let direction = source.direction.or(direction);
        let guess = match named {
            Some(_) => None,
            None => guess::guess(form, &body, |message| {
                let ways = self.ways.of(message, None);
                let mut directions = ways.directions().iter();
                direction.is_none_or(|asked| directions.any(|way| *way == asked))
            }),
        };
        let message = named.or(guess.as_ref().map(|guess| guess.message));
        let ways = match message {
            Some(message) => self.ways.of(message, direction),
            None => Arc::new(Ways::of_nothing(direction)),
        };
        let checks = |direction: &Direction| source.checks(*direction);
        let directions = ways.directions().iter();
        let (reports, trip) = match message {
            Some(message) => {
                let reports: Vec<_> = directions
                    .map(|direction| check(message.full_name(), &body, form, checks(direction)))
                    .collect();
                let trip = trip(message, &body, form, &reports, &self.limits);
                (reports, trip)
            }
            None => {
                let report = |direction| no_message(&body, form, checks(direction));
                (directions.map(report).collect(), Trip::default())
            }
        };
        let reports_of_message = match message {
            Some(_) => reports.as_slice(),
            None => &[],
        };
        let verdict = Verdict::of(
            source.expected.as_ref(),
            reports_of_message,
            &trip,
            self.strict,
            source.may_be_foreign && reports.iter().all(|report| report.total() == 0),
        );
        Judgement {
            source,
            place,
            body,
            steps,
            looks_like,
            message,
            guess,
            ways,
            reports,
            trip,
            verdict,
        }
    }
}

/// A body that was opened, and what its request says about it.
struct Body {
    bytes: Vec<u8>,
    form: Form,
    steps: Vec<Step>,
    message: Option<&'static MessageType>,
    direction: Option<Direction>,
    looks_like: Option<&'static str>,
}

impl Body {
    fn plain(bytes: Vec<u8>, form: Form) -> Self {
        Self {
            bytes,
            form,
            steps: Vec::new(),
            message: None,
            direction: None,
            looks_like: None,
        }
    }
}

#[allow(
    clippy::expect_used,
    reason = "types and descriptors are of one schema"
)]
fn check(message: &str, body: &[u8], form: Form, checks: &Checks) -> Report {
    let message = Prepared::diadoc(message).expect("the types are made from this schema");
    message.check(checks, form, body)
}

/// What can be said of a body of which nothing is known: where it is no JSON or protobuf.
fn no_message(body: &[u8], form: Form, checks: &Checks) -> Report {
    let mut report = check("Diadoc.Api.Proto.Timestamp", body, form, checks);
    report.message.clear();
    for finding in &mut report.findings {
        // Of the message that it was held against.
        finding.expected = finding
            .expected
            .take()
            .filter(|_| finding.rule != Rule::BodyWrapped);
    }
    report.keep(&[
        Rule::BodyEmpty,
        Rule::BodyForm,
        Rule::BodyEncoding,
        Rule::BodyWrapped,
        Rule::JsonSyntax,
        Rule::JsonDepth,
        Rule::WireTruncated,
        Rule::WireMalformed,
    ]);
    report
}
