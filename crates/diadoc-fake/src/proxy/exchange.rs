//! What passed through the proxy, and what goes against the schema.

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, Request, Response};
use bytes::Bytes;
use diadoc_api::{Call, Form, Outcome, Request as _, Secrets, Violation, headers};
use diadoc_schema::{Checks, Direction, Method, Report, Response as Answers, Severity};
use prost_reflect::MessageDescriptor;

use crate::server;

/// A request that passed, and its answer. It holds neither token nor query.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Exchange {
    /// Which one it is, from 1.
    pub number: usize,
    /// Name of the method, where verb and path are those of one.
    pub method: Option<&'static str>,
    /// Verb of HTTP.
    pub verb: String,
    /// Path, without the query.
    pub path: String,
    /// Status of the answer; 502 where there was none.
    pub status: u16,
    /// What the parameters of the request go against.
    pub violations: Vec<Violation>,
    /// What the request's body goes against, where it is a message.
    pub request: Option<Report>,
    /// What the answer goes against, where it is the method's message.
    pub response: Option<Report>,
    /// What else is notable, each as a phrase: that no method has the path, why there was no answer,
    /// what was not looked into or not recorded.
    pub notes: Vec<String>,
    /// The files that it was recorded in, by their names in the folder.
    pub files: Vec<String>,
}

/// What passed so far. An exchange counts once for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Summary {
    /// Requests.
    pub requests: usize,
    /// Requests of no method.
    pub unknown: usize,
    /// Requests that go against the schema.
    pub wrong_requests: usize,
    /// Answers that go against the schema.
    pub wrong_responses: usize,
    /// Answers of another status than 2xx.
    pub refused: usize,
    /// Requests that the server gave no answer to.
    pub unanswered: usize,
    /// Files that were written.
    pub files: usize,
}

/// A message that passed.
pub(super) struct Held {
    pub message: MessageDescriptor,
    pub form: Form,
    pub direction: Direction,
    pub body: Bytes,
}

impl Exchange {
    pub(super) fn of(number: usize, request: &Request<Bytes>) -> Self {
        Self {
            number,
            method: None,
            verb: request.method().to_string(),
            path: request.uri().path().to_owned(),
            status: 502,
            violations: Vec::new(),
            request: None,
            response: None,
            notes: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Whether the request goes against the schema.
    pub fn request_is_wrong(&self) -> bool {
        !self.violations.is_empty() || is_wrong(self.request.as_ref())
    }

    /// Whether the answer goes against the schema.
    pub fn response_is_wrong(&self) -> bool {
        is_wrong(self.response.as_ref())
    }

    /// Holds a request against the schema; its message, where it has one.
    pub(super) fn check_request(&mut self, call: &Call, headers: &HeaderMap) -> Option<Held> {
        self.method = Some(call.method().name);
        if let Err(error) = call.check() {
            self.violations = error.violations().to_vec();
        }
        let body = call.given_body()?;
        let form = body.form?;
        if self.is_encoded("request", headers) {
            return None;
        }
        let (message, report) = server::report_of_request(call.method(), form, &body.content)?;
        self.request = Some(report);
        Some(Held {
            message,
            form,
            direction: Direction::Request,
            body: body.content.clone(),
        })
    }

    /// Holds an answer against the schema; its message, where it is one.
    pub(super) fn check_response(
        &mut self,
        call: &Call,
        method: &Method,
        response: &Response<Bytes>,
        secrets: &Secrets,
    ) -> Option<Held> {
        if !response.status().is_success() {
            if let Some(code) = text_of(response.headers(), headers::ERROR_CODE) {
                self.notes
                    .push(format!("the server says {}", secrets.hide(code)));
            }
            return None;
        }
        let Answers::Message(message) = &method.response else {
            return None;
        };
        if self.is_encoded("answer", response.headers()) {
            return None;
        }
        match call.outcome(response.clone()) {
            Ok(Outcome::Pending { .. }) => {
                self.notes.push("the result is not ready yet".to_owned());
                if response.body().is_empty() {
                    return None;
                }
            }
            Ok(Outcome::Ready(diadoc_api::CallResponse::Absent)) => return None,
            Ok(Outcome::Ready(_)) => {}
            Err(error) => {
                self.notes
                    .push(format!("the answer cannot be read: {error}"));
                return None;
            }
        }
        let media_type = text_of(response.headers(), CONTENT_TYPE.as_str());
        let form = media_type.and_then(Form::of_media_type).unwrap_or_default();
        let checks = Checks::new(Direction::Response);
        self.response = Some(checks.check(message, form, response.body()));
        Some(Held {
            message: message.clone(),
            form,
            direction: Direction::Response,
            body: response.body().clone(),
        })
    }

    fn is_encoded(&mut self, what: &str, headers: &HeaderMap) -> bool {
        match text_of(headers, CONTENT_ENCODING.as_str()) {
            Some(encoding) if !encoding.eq_ignore_ascii_case("identity") => {
                let note = format!("the {what} is compressed ({encoding}) and was not looked into");
                self.notes.push(note);
                true
            }
            _ => false,
        }
    }
}

impl Summary {
    pub(super) fn add(&mut self, exchange: &Exchange, is_answered: bool) {
        let counts = [
            (&mut self.requests, true),
            (&mut self.unknown, exchange.method.is_none()),
            (&mut self.wrong_requests, exchange.request_is_wrong()),
            (&mut self.wrong_responses, exchange.response_is_wrong()),
            (
                &mut self.refused,
                is_answered && !(200..300).contains(&exchange.status),
            ),
            (&mut self.unanswered, !is_answered),
        ];
        for (count, is_one) in counts {
            *count += usize::from(is_one);
        }
        self.files += exchange.files.len();
    }
}

/// Whether anything but a remark was found.
fn is_wrong(report: Option<&Report>) -> bool {
    report.is_some_and(|report| report.has(Severity::Warning))
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
