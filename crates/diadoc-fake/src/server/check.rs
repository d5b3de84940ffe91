//! Holding parameters and body against their method.

use std::borrow::Cow;
use std::ops::Range;

use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use diadoc_api::{BodyKind, Call, CallBody, Form, Method, Request as _, Violation, headers};
use diadoc_core::dialect;
use diadoc_schema::{
    Checks, Deviation, Direction, EMPTY_BODY, Effect, Finding, Report, Rule, Schema, Severity,
};
use prost_reflect::MessageDescriptor;

use super::reply::Reply;
use super::{Received, forms};

/// The vendor's code of the errors that bodies make.
const BAD_REQUEST: &str = "Http.BadRequest";

/// What a fake makes of what the live server only ignores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Mode {
    /// It ignores what the server ignores, such as a parameter or a key that nobody knows, and says so
    /// in [`Received::remarks`]. What the server refuses it refuses in the server's own words, and in
    /// these alone where they are known. But any bytes are taken for a signature, since programs under
    /// test have no qualified certificates; that the server asks for DER stands in the remarks.
    LikeServer,
    /// It refuses that, too, with all that is wrong as text: a program that sends it means something
    /// that the server will not do.
    #[default]
    Strict,
}

/// What a request is refused with for its parameters and its body.
pub(super) struct Refused {
    pub reply: Box<Reply>,
    /// Whether these are the fake's own words, and the world may be asked for the server's: the request
    /// can be read, and the schema does not know what the server says to it.
    pub is_in_own_words: bool,
}

/// Holds parameters and body against the method; the answer where it refuses them.
pub(super) fn check(mode: Mode, call: &Call, received: &mut Received) -> Result<(), Refused> {
    let method = call.method();
    let mut refusal = Refusal {
        mode,
        ..Refusal::default()
    };
    if let Err(error) = call.check() {
        received.violations = error.violations().to_vec();
        for violation in error.violations() {
            refusal.add_violation(method, violation);
        }
    }
    // Messages alone have a form.
    if let Some(body) = call.given_body()
        && let Some(form) = body.form
    {
        check_message(method, form, body, received, &mut refusal);
    }
    let taken = refusal.taken.iter();
    let taken = taken.map(|what| format!("taken, but the server refuses it: {what}"));
    received.remarks.extend(taken);
    let takes_dropped = mode == Mode::LikeServer || refusal.dropped.is_empty();
    if refusal.refused.is_empty() && takes_dropped {
        let dropped = refusal.dropped.iter();
        received
            .remarks
            .extend(dropped.map(|what| format!("dropped: {what}")));
        return Ok(());
    }
    received.reasons.clone_from(&refusal.refused);
    received.reasons.extend(refusal.dropped.iter().cloned());
    let is_read =
        call.given_body().is_none_or(|body| body.form.is_none()) || received.message.is_some();
    Err(Refused {
        is_in_own_words: mode == Mode::LikeServer && is_read && refusal.answer.is_none(),
        reply: Box::new(refusal.reply(method)),
    })
}

/// What the server says where a parameter is missing, or cannot be read (diadoc/diadocapi-docs#1071,
/// diadoc/diadocsdk-1c-docs#1141).
pub(super) fn unreadable_parameter(name: &str) -> String {
    format!("{name}: Could not find or parse query param")
}

/// Why a request is refused.
#[derive(Debug, Default)]
struct Refusal {
    mode: Mode,
    /// What the server says, in its own words.
    answer: Option<String>,
    /// What is wrong, as this crate says it at length.
    text: String,
    /// What the server refuses, a line each.
    refused: Vec<String>,
    /// What the server would ignore, and its sender cannot mean, a line each.
    dropped: Vec<String>,
    /// What the server refuses and the fake takes all the same, a line each.
    taken: Vec<String>,
}

impl Refusal {
    fn add_violation(&mut self, method: &Method, violation: &Violation) {
        let is_dropped = violation.rule == Rule::ParameterUnknown && self.mode == Mode::LikeServer;
        if is_dropped {
            self.dropped.push(violation.to_string());
            return;
        }
        let parameter = method.parameter(&violation.parameter);
        let is_in_query = parameter.is_some_and(|parameter| parameter.header.is_none());
        let unreadable = [
            Rule::ParameterRequired,
            Rule::ParameterType,
            Rule::FieldFormat,
        ];
        if is_in_query && unreadable.contains(&violation.rule) {
            let answer = unreadable_parameter(&violation.parameter);
            self.answer.get_or_insert(answer);
        }
        self.text += &format!("error: {violation}\n");
        self.refused.push(violation.to_string());
        let mut bodies = method.bodies.iter();
        let is_body = bodies.any(|body| body.name == violation.parameter);
        if is_body && violation.rule == Rule::ParameterRequired {
            self.answer = Some(EMPTY_BODY.to_owned());
        }
    }

    fn add_report(&mut self, report: &Report) {
        for finding in &report.findings {
            let line = match finding.path.as_str() {
                "" => finding.message.clone(),
                path => format!("{path}: {}", finding.message),
            };
            match finding.effect {
                Effect::Refused if self.takes(finding) => self.taken.push(line),
                Effect::Refused => self.refused.push(line),
                Effect::Dropped => self.dropped.push(line),
                _ => {}
            }
        }
    }

    /// Whether the fake takes what the server refuses: bytes that are no signature.
    fn takes(&self, finding: &Finding) -> bool {
        self.mode == Mode::LikeServer && finding.deviation == Deviation::ContentNotCms
    }

    /// The server's own words stand first, in the mode like the server alone.
    fn reply(self, method: &Method) -> Reply {
        let explained = self.explained(method);
        let Some(answer) = self.answer else {
            return Reply::text(StatusCode::BAD_REQUEST, explained);
        };
        let text = match self.mode {
            Mode::LikeServer => answer,
            Mode::Strict => format!("{answer}\n\n{explained}"),
        };
        Reply::text(StatusCode::BAD_REQUEST, text).with(
            HeaderName::from_static(headers::ERROR_CODE),
            HeaderValue::from_static(BAD_REQUEST),
        )
    }

    fn explained(&self, method: &Method) -> String {
        let dropped = match (self.refused.is_empty(), self.dropped.is_empty()) {
            (false, false) => "; what is marked `dropped` the server would only ignore",
            (true, false) => " here: the server would take it, and ignore what is marked `dropped`",
            (_, true) => "",
        };
        let Self { text, .. } = self;
        format!(
            "the request of {} is refused{dropped}\n\n{text}",
            method.name
        )
    }
}

fn check_message(
    method: &Method,
    form: Form,
    body: &CallBody,
    received: &mut Received,
    refusal: &mut Refusal,
) {
    let Some((message, report)) = report_of_request(method, form, &body.content) else {
        let why = format!("{} has no message", method.name);
        refusal.text += &format!("{why}\n");
        refusal.refused.push(why);
        return;
    };
    refusal.add_report(&report);
    let mut held = Cow::Borrowed(&report);
    if !refusal.taken.is_empty() {
        let findings = &mut held.to_mut().findings;
        findings.retain(|finding| !refusal.takes(finding));
    }
    let mut findings = held.findings.iter();
    if findings.any(|finding| finding.effect.is_fault()) {
        refusal.text += &held.render(&String::from_utf8_lossy(&body.content), false);
        refusal.text += &hint(form, received);
        let answer = held.answer().map(Cow::into_owned);
        refusal.answer = answer.or(refusal.answer.take());
    }
    received.message = match form {
        Form::Json => forms::from_json(&message, &with_known_keys(&message, body, &report)).ok(),
        Form::Protobuf => Some(body.content.clone()),
    };
    received.report = Some(report);
}

/// Holds the body of a request against its method's message; of several against the one that it fits.
/// None where the method has no message.
pub(crate) fn report_of_request(
    method: &Method,
    form: Form,
    body: &[u8],
) -> Option<(MessageDescriptor, Report)> {
    let messages = method.bodies.iter().filter_map(|body| match body.kind {
        BodyKind::Message(full_name) => Schema::diadoc().message(full_name).ok(),
        _ => None,
    });
    let checks = Checks::new(Direction::Request);
    let reports = messages.map(|message| {
        let report = checks.check(&message, form, body);
        (message, report)
    });
    let found = |report: &Report| (report.count(Severity::Error), report.findings.len());
    reports.min_by_key(|(_, report)| found(report))
}

/// A body in JSON with its keys as the schema has them: the server reads them whatever their case, and
/// diadoc-proto does not.
fn with_known_keys<'b>(
    message: &MessageDescriptor,
    body: &'b CallBody,
    report: &Report,
) -> Cow<'b, [u8]> {
    let mut content = Cow::Borrowed(&body.content[..]);
    let mut keys = known_keys(report);
    // A report keeps so many findings of a rule and no more.
    while !keys.is_empty() {
        for (span, key) in keys.iter().rev() {
            content.to_mut().splice(span.clone(), key.bytes());
        }
        let checks = Checks::new(Direction::Request);
        keys = known_keys(&checks.check(message, Form::Json, &content));
    }
    content
}

/// The places of the keys in another case, in their order, and what is to stand there.
fn known_keys(report: &Report) -> Vec<(Range<usize>, String)> {
    let findings = report.findings.iter();
    let keys = findings.filter(|finding| finding.deviation == Deviation::KeyCase);
    keys.filter_map(|finding| {
        let key = finding.suggestion.as_ref()?;
        Some((finding.span.start..finding.span.end, format!("\"{key}\"")))
    })
    .collect()
}

/// What may be behind a body that reads as nothing.
fn hint(form: Form, received: &Received) -> String {
    let starts_like_json = dialect::trim(&received.body).starts_with(b"{");
    if form == Form::Json || !starts_like_json {
        return String::new();
    }
    let media_type = received.header(CONTENT_TYPE.as_str()).unwrap_or("none");
    format!(
        "the Content-Type is {media_type}, so the body was read as protobuf: of JSON it is \
         application/json\n"
    )
}
