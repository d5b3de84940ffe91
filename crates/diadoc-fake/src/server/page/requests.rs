//! What came in: the list, and a request by itself.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use diadoc_schema::Schema;
use maud::{Markup, html};

use super::layout::{Column, Place, head, wide};
use super::secrets::{self, shown};
use super::verdict::Verdict;
use super::visit::Visit;
use super::words::Words;
use super::{bodies, reference};
use crate::Received;
use crate::server::received::Sent;

/// How many requests the list shows at most.
const MOST: usize = 200;

/// All requests, the last one first.
pub(super) async fn list(visit: Visit) -> Response {
    let words = visit.words;
    let body = html! {
        p { (words.requests_about) }
        (table(&visit, MOST))
    };
    visit.html(StatusCode::OK, Some(Place::Requests), words.requests, &body)
}

/// The last requests, as many as `most`, which the script keeps up to date.
pub(super) fn table(visit: &Visit, most: usize) -> Markup {
    let words = visit.words;
    let all = visit.script().received_since(0);
    let last = all.last().map_or(0, |received| received.number);
    let forgotten = visit.script().forgotten();
    html! {
        @if forgotten > 0 {
            p.hint { (words.requests_forgotten.replace("{}", &forgotten.to_string())) }
        }
        div.bar {
            button.quiet type="button" id="pause" aria-pressed="false" hidden { (words.pause) }
            p.hint role="status" aria-live="polite" id="news" {}
        }
        p id="none-yet" hidden[!all.is_empty()] { (words.no_requests) }
        div.wide tabindex="0" role="region" aria-label=(words.requests) hidden[all.is_empty()]
            data-live=(last) data-fake=(visit.fake()) data-most=(most) data-news="news" data-pause="pause" data-empty="none-yet" {
            table {
                caption { (words.requests_caption) }
                (head(&[Column::Number(words.number), Column::Text(words.request), Column::Text(words.method), Column::Number(words.status), Column::Text(words.verdict)]))
                tbody {
                    @for received in all.iter().rev().take(most) { (row(words, received, false)) }
                }
            }
        }
    }
}

/// A request in the list; `is_new` where it came while the list was open.
pub(super) fn row(words: &Words, received: &Received, is_new: bool) -> Markup {
    let Received {
        number, verb, path, ..
    } = received;
    let status = status(received);
    let verdict = Verdict::of(received);
    let text = verdict.text(words);
    html! {
        tr id={ "r" (number) } data-number=(number) class=[is_new.then_some("new")]
            data-news={ (verb) " " (path) " " (status) " " (text) } {
            th.number scope="row" { a href={ "/_/requests/" (number) } { (number) } }
            td.path { code { (verb) " " (path) } }
            td { @if let Some(method) = received.method { (reference::link(method)) } }
            td.number { (status) }
            td {
                span class={ "verdict " (verdict.class()) } { (text) }
                @if let Some(note) = &received.note { " " span.muted lang="en" { (note) } }
            }
        }
    }
}

fn status(received: &Received) -> String {
    received
        .status
        .map_or_else(|| "—".to_owned(), |status| status.to_string())
}

/// A request, and what it was answered with.
pub(super) async fn one(visit: Visit, Path(number): Path<String>) -> Response {
    let words = visit.words;
    let number = number.parse().unwrap_or(0);
    let mut found = visit.script().received_since(number.max(1) - 1).into_iter();
    let Some(received) = found.next().filter(|received| received.number == number) else {
        return visit.message(StatusCode::NOT_FOUND, words.no_such_request);
    };
    let verdict = Verdict::of(&received);
    let body = html! {
        p {
            code { (received.verb) " " (received.path) } " "
            span class={ "verdict " (verdict.class()) } { (verdict.text(words)) }
        }
        dl {
            @if let Some(method) = received.method {
                dt { (words.method) } dd { (reference::link(method)) }
            }
            dt { (words.status) } dd { (status(&received)) }
            @if let Some(note) = &received.note { dt { (words.note) } dd lang="en" { (note) } }
        }
        (judged(words, &received))
        h2 { (words.query) }
        (pairs(words, words.query, &received, &received.query))
        h2 { (words.headers) }
        (pairs(words, words.headers, &received, &received.headers))
        p.hint { (words.headers_hidden) }
        h2 { (words.body) }
        @if received.is_confidential() || secrets::is_unreadable(&received) { p { (words.confidential) } }
        @else {
            (bodies::show(words, words.body, received.header("content-type"), &received.body, message_of(&received).as_deref()))
        }
        h2 { (words.answer) }
        (answer(words, &received))
    };
    let title = words.request_number.replace("{}", &number.to_string());
    visit.html(StatusCode::OK, Some(Place::Requests), &title, &body)
}

/// What is wrong with a request, as `diadoc check` shows it.
fn judged(words: &Words, received: &Received) -> Markup {
    let mut report = received.report.clone();
    let may_quote = secrets::may_be_quoted(received);
    let mut source = String::from_utf8_lossy(&received.body);
    if let Some(report) = report.as_mut().filter(|_| !may_quote) {
        source = "".into();
        for finding in &mut report.findings {
            finding.found = None;
            finding.answer = None;
        }
    }
    html! {
        // Of a body that is judged the reasons quote it.
        @if may_quote || report.is_none() {
            (lines(words.reasons, &received.reasons))
            (lines(words.remarks, &received.remarks))
        }
        h2 { (words.findings) }
        @if !received.violations.is_empty() {
            ul lang="en" { @for violation in &received.violations { li.bad { (violation) } } }
        }
        @match &report {
            Some(report) if report.total() > 0 => {
                (wide(words.findings, &html! { pre lang="en" { (report.render(&source, false)) } }))
            }
            _ if received.violations.is_empty() => { p { (words.nothing_found) } }
            _ => {}
        }
    }
}

/// Lines under a heading; nothing where there is none.
fn lines(heading: &str, lines: &[String]) -> Markup {
    html! {
        @if !lines.is_empty() {
            h2 { (heading) }
            ul lang="en" { @for line in lines { li { (line) } } }
        }
    }
}

fn pairs(words: &Words, caption: &str, received: &Received, pairs: &[(String, String)]) -> Markup {
    if pairs.is_empty() {
        return html! { p.muted { (words.none) } };
    }
    wide(
        caption,
        &html! {
            table {
                caption.hidden { (caption) }
                (head(&[Column::Text(words.name), Column::Text(words.value)]))
                tbody {
                    @for (name, value) in pairs {
                        tr { th scope="row" { code { (name) } } td.path { code { (secrets::without_queries(shown(received, name, value))) } } }
                    }
                }
            }
        },
    )
}

fn answer(words: &Words, received: &Received) -> Markup {
    let Some(Sent {
        headers,
        body,
        length,
    }) = &received.sent
    else {
        return html! { p { (words.no_answer) } };
    };
    let header = |wanted: &str| {
        let mut found = headers.iter().filter(|(name, _)| name == wanted);
        found.next().map(|(_, value)| value.as_str())
    };
    let is_refused = received.status.is_some_and(|status| status >= 400);
    let is_quoting = is_refused && !secrets::may_be_quoted(received);
    let message = received
        .status
        .filter(|status| *status < 300)
        .and(received.method);
    let message = message.and_then(|name| Schema::diadoc().method(name).ok());
    let message = message.and_then(|method| match &method.response {
        diadoc_schema::Response::Message(message) => Some(message.full_name()),
        _ => None,
    });
    html! {
        p {
            (words.status) " " (status(received)) ", "
            (words.bytes.replace("{}", &length.to_string()))
        }
        @if received.is_confidential() || is_quoting { p { (words.confidential) } }
        @else {
            (pairs(words, words.answer_headers, received, headers))
            @if Verdict::of(received) == Verdict::Fault { p.hint { (words.answer_before_fault) } }
            @if body.len() < *length { p.hint { (words.cut) } }
            (bodies::show(words, words.answer, header("content-type"), body, message))
        }
    }
}

/// The message that the body of a request is.
fn message_of(received: &Received) -> Option<String> {
    received
        .report
        .as_ref()
        .map(|report| report.message.clone())
}
