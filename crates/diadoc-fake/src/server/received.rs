//! What came in.

use std::fmt;

#[cfg(feature = "page")]
use axum::http::HeaderMap;
use bytes::Bytes;
#[cfg(feature = "page")]
use diadoc_api::Request as _;
use diadoc_api::{Call, Token, Violation};
use diadoc_schema::Report;
use prost::Message;

#[cfg(feature = "page")]
use super::identity::Place;

/// What a request takes beside what is counted of it, roughly.
const EACH: usize = 1024;
/// What a text takes beside its bytes, roughly.
const TEXT: usize = size_of::<String>() + 16;
/// What a finding or a violation takes beside its texts, roughly.
const FINDING: usize = 256;

/// A request that a fake received. `Debug` shows no secret: of the query and the headers the names, of the
/// body its length.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// Its place among all requests since the fake began, from 1.
    pub number: u64,
    /// Name of the method, where verb and path are those of one.
    pub method: Option<&'static str>,
    /// Verb of HTTP.
    pub verb: String,
    /// Path, without the query.
    pub path: String,
    /// Names and values of the query, decoded, in their order.
    pub query: Vec<(String, String)>,
    /// Names in lower case and values of the headers, but for `authorization`.
    pub headers: Vec<(String, String)>,
    /// The body as it came; empty for the identity server, whose forms hold secrets.
    pub body: Bytes,
    /// What its parameters go against; empty where it is refused for its token or its path.
    pub violations: Vec<Violation>,
    /// What its body goes against, and what is notable; of a message only.
    pub report: Option<Report>,
    /// Status of the answer; none before one is chosen, and where none ever comes.
    pub status: Option<u16>,
    /// Why the answer is what it is, where it is not the method's result: `fault: 429`. Of the identity
    /// server what was asked for, and the error: `refresh_token`, `refresh_token: invalid_grant`.
    pub note: Option<String>,
    /// Why it is refused, a line each; empty where it is not.
    pub reasons: Vec<String>,
    /// What is odd about it and yet taken, a line each: what the server drops, names in another case,
    /// a method that the vendor gives up.
    pub remarks: Vec<String>,
    pub(super) token: Option<Token>,
    pub(super) message: Option<Bytes>,
    pub(super) call: Option<Call>,
    /// What was answered, before a fault met it.
    #[cfg(feature = "page")]
    pub(super) sent: Option<Sent>,
}

/// An answer as it was sent. `Debug` shows no content.
#[cfg(feature = "page")]
#[derive(Clone)]
pub(super) struct Sent {
    pub headers: Vec<(String, String)>,
    /// The body, as much of it as is kept.
    pub body: Bytes,
    /// How many bytes the body has.
    pub length: usize,
}

#[cfg(feature = "page")]
impl Sent {
    /// How many bytes of a body are kept.
    const MOST: usize = 1 << 18;

    /// What is kept of the answer to a request: of one that signs somebody in nothing but the length.
    pub(super) fn of(received: &Received, headers: &HeaderMap, body: &Bytes) -> Self {
        if received.is_confidential() {
            return Self {
                headers: Vec::new(),
                body: Bytes::new(),
                length: body.len(),
            };
        }
        let headers = headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.to_string(), value)
        });
        let kept = match body.len() > Self::MOST {
            true => Bytes::copy_from_slice(&body[..Self::MOST]),
            false => body.clone(),
        };
        Self {
            headers: headers.collect(),
            body: kept,
            length: body.len(),
        }
    }
}

#[cfg(feature = "page")]
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| -> Vec<String> {
            pairs.iter().map(|(name, _)| name.clone()).collect()
        };
        f.debug_struct("Received")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("verb", &self.verb)
            .field("path", &self.path)
            .field("query", &names(&self.query))
            .field("headers", &names(&self.headers))
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("violations", &self.violations)
            .field("report", &self.report)
            .field("status", &self.status)
            .field("note", &self.note)
            .field("reasons", &self.reasons)
            .field("remarks", &self.remarks)
            .finish_non_exhaustive()
    }
}

impl Received {
    /// Whether it signs somebody in, so that bodies hold passwords and tokens.
    #[cfg(feature = "page")]
    pub(super) fn is_confidential(&self) -> bool {
        match &self.call {
            Some(call) => call.method().anonymous,
            None => Place::find(&self.path).is_some(),
        }
    }

    /// The value of that parameter, in the query or in a header; the first where it stands several
    /// times.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        match &self.call {
            Some(call) => call.value(name),
            None => first(&self.query, |key| key == name),
        }
    }

    /// Its memory in bytes, roughly, and rather too much. Many small texts take more than their bytes.
    pub(super) fn size(&self) -> usize {
        let given = self.call.as_ref().map_or(&[][..], Call::parameters);
        let pairs = self.query.iter().chain(&self.headers).chain(given);
        let pairs: usize = pairs.map(|(name, value)| texts([name, value])).sum();
        let message = self.message.as_ref().map_or(0, Bytes::len);
        let report = self.report.as_ref();
        let findings = report.map_or(&[][..], |report| &report.findings[..]);
        let findings: usize = findings
            .iter()
            .map(|one| {
                let told = one.expected.iter().chain(&one.found).chain(&one.answer);
                FINDING + texts([&one.path, &one.pointer, &one.message]) + texts(told)
            })
            .sum();
        let violations: usize = self
            .violations
            .iter()
            .map(|one| {
                let told = [&one.parameter, &one.message, &one.expected];
                FINDING + texts(told) + texts(&one.suggestion)
            })
            .sum();
        let lines = texts(self.reasons.iter().chain(&self.remarks));
        #[cfg(feature = "page")]
        let sent = self.sent.as_ref().map_or(0, |sent| {
            let headers = sent.headers.iter();
            let headers = headers.map(|(name, value)| texts([name, value]));
            sent.body.len() + headers.sum::<usize>()
        });
        #[cfg(not(feature = "page"))]
        let sent = 0;
        let bodies = self.body.len() + message + sent;
        EACH + self.path.len() + pairs + bodies + lines + findings + violations
    }

    /// The call that it is; none where verb and path are those of no method.
    pub fn call(&self) -> Option<&Call> {
        self.call.as_ref()
    }

    /// The value of that header.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, |key| key.eq_ignore_ascii_case(name))
    }

    /// The body as a message, in whichever form it came, keys in another case among it, which the
    /// server reads as well; none where it is no such message. What nobody knows the server to read,
    /// such as a single string for a list, is answered and yet no message here.
    pub fn message<M: Message + Default>(&self) -> Option<M> {
        M::decode(self.message.clone()?).ok()
    }
}

/// What texts take.
fn texts<'t>(texts: impl IntoIterator<Item = &'t String>) -> usize {
    texts.into_iter().map(|text| TEXT + text.len()).sum()
}

fn first(pairs: &[(String, String)], is: impl Fn(&str) -> bool) -> Option<&str> {
    let pair = pairs.iter().find(|(name, _)| is(name))?;
    Some(&pair.1)
}
