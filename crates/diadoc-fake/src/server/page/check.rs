//! A body to hold against the schema.

use axum::http::StatusCode;
use axum::response::Response;
use diadoc_core::base64;
use diadoc_schema::prost_reflect::MessageDescriptor;
use diadoc_schema::{
    BodyKind, Checks, Detected, Direction, Example, Form as BodyForm, Item, Report,
    Response as Answer, Schema, Severity, detect_json, detect_protobuf, example,
};
use maud::{Markup, html};

use super::form::{self, Form};
use super::layout::{Place, wide};
use super::visit::Visit;
use super::words::Words;
use super::{bodies, reference};

/// What stands in the form.
#[derive(Debug, Default)]
struct Filled<'f> {
    name: &'f str,
    direction: &'f str,
    form: &'f str,
    body: &'f str,
}

/// What a check came to.
struct Judged {
    /// The body as the reports speak of it.
    source: Vec<u8>,
    form: BodyForm,
    reports: Vec<Report>,
    /// The messages that fit, where none was named.
    detected: Vec<Detected>,
}

/// Why nothing is judged; a sentence, and names that may have been meant.
struct Refused(String);

/// The empty form; with `name` in the query an example of that message stands in it.
pub(super) async fn show(visit: Visit) -> Response {
    let name = visit.query("name").to_owned();
    let messages = messages(&name, None).unwrap_or_default();
    let body = match messages.first() {
        Some((message, _)) => bodies::json(example(message, Example::Minimal)),
        None => String::new(),
    };
    let filled = Filled {
        name: &name,
        body: &body,
        ..Filled::default()
    };
    page(&visit, StatusCode::OK, &filled, &html! {})
}

/// Judges the body that a form holds.
pub(super) async fn judge(form: Form) -> Response {
    let filled = Filled {
        name: form.field("name"),
        direction: form.field("direction"),
        form: form.field("form"),
        body: form.raw("body"),
    };
    let words = form.visit.words;
    let (status, result) = match judged(words, &filled) {
        Ok(judged) => (StatusCode::OK, found(words, &judged)),
        Err(Refused(why)) => {
            let alert = html! { div.alert role="alert" { p { (why) } } };
            (StatusCode::BAD_REQUEST, alert)
        }
    };
    page(&form.visit, status, &filled, &result)
}

fn judged(words: &Words, filled: &Filled<'_>) -> Result<Judged, Refused> {
    let refused = |why: &str| Refused(why.to_owned());
    let (form, source) = match filled.form {
        "protobuf" => {
            let bytes = base64::decode(filled.body.as_bytes());
            let bytes = bytes.ok_or_else(|| refused(words.no_base64))?;
            (BodyForm::Protobuf, bytes)
        }
        _ => (BodyForm::Json, filled.body.as_bytes().to_vec()),
    };
    if source.is_empty() {
        return Err(refused(words.no_body_given));
    }
    let direction = match filled.direction {
        "request" => Some(Direction::Request),
        "response" => Some(Direction::Response),
        _ => None,
    };
    let mut detected = Vec::new();
    let mut name = filled.name.to_owned();
    if name.is_empty() {
        detected = match form {
            BodyForm::Json => detect_json(Schema::diadoc(), without_mark(&source)),
            BodyForm::Protobuf => detect_protobuf(Schema::diadoc(), &source),
        };
        let best = detected
            .first()
            .ok_or_else(|| refused(words.nothing_fits))?;
        name.clone_from(&best.message);
    }
    let candidates = messages(&name, direction)
        .map_err(|error| Refused(error.unwrap_or_else(|| words.no_message_that_way.to_owned())))?;
    Ok(Judged {
        reports: reports(&candidates, form, &source),
        source,
        form,
        detected,
    })
}

/// The reports about a body. Where a method takes one of several messages, the body is held against
/// the one that it fits.
fn reports(
    candidates: &[(MessageDescriptor, Direction)],
    form: BodyForm,
    source: &[u8],
) -> Vec<Report> {
    let mut reports = Vec::new();
    for direction in [Direction::Request, Direction::Response] {
        let messages = candidates.iter().filter(|(_, way)| *way == direction);
        let found =
            messages.map(|(message, _)| Checks::new(direction).check(message, form, source));
        reports.extend(found.min_by_key(|report| (report.count(Severity::Error), report.total())));
    }
    reports
}

/// The messages that a name stands for, and which way a body of them goes. The error says what is
/// wrong with the name; nothing where it is right and has no message that way.
fn messages(
    name: &str,
    direction: Option<Direction>,
) -> Result<Vec<(MessageDescriptor, Direction)>, Option<String>> {
    let schema = Schema::diadoc();
    let item = match schema.method(name) {
        Ok(method) => Item::Method(method),
        Err(_) => {
            let message = schema
                .message(name)
                .map_err(|error| Some(error.to_string()))?;
            Item::Message(message)
        }
    };
    let goes = |way: Direction| direction.is_none_or(|direction| direction == way);
    let mut found = Vec::new();
    match item {
        Item::Method(method) => {
            let sent = method.bodies.iter().filter_map(|body| match &body.kind {
                BodyKind::Message(message) => Some((message.clone(), Direction::Request)),
                _ => None,
            });
            found.extend(sent.filter(|_| goes(Direction::Request)));
            // A method that takes a message is named for the sake of that.
            if let Answer::Message(message) = &method.response
                && (found.is_empty() || direction.is_some())
                && goes(Direction::Response)
            {
                found.push((message.clone(), Direction::Response));
            }
        }
        Item::Message(message) => {
            let only = direction.or_else(|| schema.directions(&message).only());
            for way in [Direction::Request, Direction::Response] {
                if only.is_none_or(|only| only == way) {
                    found.push((message.clone(), way));
                }
            }
        }
        _ => {}
    }
    match found.is_empty() {
        true => Err(None),
        false => Ok(found),
    }
}

fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
}

fn page(visit: &Visit, status: StatusCode, filled: &Filled<'_>, result: &Markup) -> Response {
    let words = visit.words;
    let body = html! {
        p { (words.check_about) }
        (result)
        (check_form(visit, filled))
    };
    visit.html(status, Some(Place::Check), words.check, &body)
}

/// What was found, a section for each report.
fn found(words: &Words, judged: &Judged) -> Markup {
    let source = String::from_utf8_lossy(&judged.source);
    html! {
        div role="status" id="result" {
            @if !judged.detected.is_empty() { (candidates(words, &judged.detected)) }
            @for report in &judged.reports {
                h2 {
                    (reference::link(&report.message)) " — "
                    @match report.direction {
                        Direction::Request => (words.as_request),
                        Direction::Response => (words.as_response),
                    }
                    " (" (judged.form.to_string()) ")"
                }
                p {
                    @if report.total() == 0 { span.verdict.ok { (words.nothing_found) } }
                    @for (severity, class, name) in [
                        (Severity::Error, "verdict bad", words.verdict_errors),
                        (Severity::Warning, "verdict warn", words.verdict_warnings),
                        (Severity::Info, "verdict muted", words.infos),
                    ] {
                        @if report.count(severity) > 0 {
                            span class=(class) { (name) ": " (report.count(severity)) } " "
                        }
                    }
                }
                @if let Some(answer) = report.answer() {
                    p { (words.server_says) " " code { (answer) } }
                }
                @if !report.findings.is_empty() {
                    (wide(words.findings, &html! { pre lang="en" { (report.render(&source, false)) } }))
                }
            }
        }
    }
}

fn candidates(words: &Words, detected: &[Detected]) -> Markup {
    html! {
        p { (words.detected) }
        ul {
            @for one in detected.iter().take(3) {
                // Rounded down: what is not explained in full does not say 100.
                li {
                    (reference::link(&one.message)) " — " ((one.score * 100.0).floor()) " %, "
                    span lang="en" { (one.reason) }
                }
            }
        }
    }
}

fn check_form(visit: &Visit, filled: &Filled<'_>) -> Markup {
    let words = visit.words;
    let option = |value: &str, name: &str, chosen: &str| {
        html! { option value=(value) selected[value == chosen] { (name) } }
    };
    html! {
        form method="post" action="/_/check" {
            (form::token(visit))
            div.fields {
                div.grow {
                    label for="name" { (words.check_name) }
                    input id="name" name="name" value=(filled.name) list="names" autocomplete="off"
                        aria-describedby="name-hint";
                    p.hint id="name-hint" { (words.check_name_hint) }
                }
                div {
                    label for="direction" { (words.direction) }
                    select id="direction" name="direction" {
                        (option("", words.direction_any, filled.direction))
                        (option("request", words.as_request, filled.direction))
                        (option("response", words.as_response, filled.direction))
                    }
                    p.hint { (words.direction_hint) }
                }
                div {
                    label for="form" { (words.form) }
                    select id="form" name="form" {
                        (option("json", "JSON", filled.form))
                        (option("protobuf", words.protobuf_base64, filled.form))
                    }
                    p.hint { (words.form_hint) }
                }
            }
            label for="body" { (words.body) }
            textarea id="body" name="body" spellcheck="false" autocomplete="off" required { (filled.body) }
            p { button type="submit" { (words.check_button) } }
            datalist id="names" {
                @for method in Schema::diadoc().methods() { option value=(method.name()) {} }
                @for message in Schema::diadoc().messages() { option value=(message.full_name()) {} }
            }
        }
    }
}
