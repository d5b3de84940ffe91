//! What can be said of a body as a whole.

use diadoc_core::{dialect, fill};
use prost_reflect::MessageDescriptor;

use super::Known;
use super::words::Words;
use crate::collector::Collector;
use crate::protobuf::wire::is_protobuf;
use crate::texts::not_utf8;
use crate::{Deviation, EMPTY_BODY, Finding, Schema, Span, check_json, detect_json, words};

/// Whether a body cannot be read as JSON at all; reported then.
pub(super) fn stop(findings: &mut Collector<'_>, body: &[u8]) -> bool {
    let words = Words::of(findings.language());
    let whole = Span::from(0..body.len());
    let text = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let text = dialect::trim(text);
    if text.is_empty() {
        let mut finding = Finding::new(
            Deviation::EmptyBody,
            Span::from(0..0),
            words::Words::of(findings.language()).body_empty,
        );
        if findings.is_request() {
            finding.answer = Some(EMPTY_BODY.to_owned());
        }
        findings.add(finding.expected(words.object));
        return true;
    }
    // What is UTF-8 but for some letters is read up to the first of them.
    if let Some(other) = not_utf8(body).filter(|other| *other != "windows-1251") {
        let text = fill(words.other_encoding, &[&other]);
        let finding = Finding::new(Deviation::OtherEncoding, whole, text);
        findings.add(finding.expected("UTF-8").found(other));
        return true;
    }
    let starts_like_json = matches!(
        text.first(),
        Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' | b'/')
    );
    if !starts_like_json && is_protobuf(body) {
        let finding = Finding::new(Deviation::OtherForm, whole, words.is_protobuf);
        findings.add(finding.expected("JSON").found("protobuf"));
        return true;
    }
    false
}

/// Says which message the body is where it is not this one: most of its keys are unknown, and another
/// message has nearly all of them.
pub(super) fn other_message(
    findings: &mut Collector<'_>,
    schema: &Schema,
    message: &MessageDescriptor,
    body: &[u8],
    known: &Known,
) {
    if known.unknown == 0 || known.unknown < known.known {
        return;
    }
    let found = detect_json(schema, body);
    let Some(best) = found
        .first()
        .filter(|best| best.message != message.full_name())
    else {
        return;
    };
    let own = found.iter().find(|one| one.message == message.full_name());
    let own = own.map_or(0.0, |own| own.score);
    if best.score < NEARLY_ALL || own * 2.0 > best.score {
        return;
    }
    let language = findings.language();
    let text = fill(
        Words::of(language).fits_better,
        &[&best.message, &message.name(), &best.reason_in(language)],
    );
    findings.leave(Collector::BODY);
    let finding = Finding::new(Deviation::Foreign, Span::from(0..body.len().min(1)), text);
    findings.add(finding.suggestion(Some(best.message.clone())));
}

/// How much of a body another message has to explain.
const NEARLY_ALL: f64 = 0.7;

/// Whether a text is an object of JSON.
pub(super) fn is_object(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('{') && text.ends_with('}') && check_json(text.as_bytes()).is_ok()
}
