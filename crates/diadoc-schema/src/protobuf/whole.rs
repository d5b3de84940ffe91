//! What can be said of bytes as a whole.

use diadoc_core::{dialect, fill};
use prost_reflect::{Cardinality, MessageDescriptor};

use super::words::Words;
use crate::collector::Collector;
use crate::detect::explains;
use crate::{
    Deviation, EMPTY_BODY, Finding, Rule, Schema, Span, check_json, detect_protobuf, words,
};

/// Whether the bytes are no message at all; reported then.
pub(super) fn stop(
    findings: &mut Collector<'_>,
    message: &MessageDescriptor,
    bytes: &[u8],
) -> bool {
    let whole = Span::from(0..bytes.len());
    // A message in which nothing is set has no bytes.
    let may_be_empty = || {
        let mut fields = message.fields();
        fields.all(|field| field.cardinality() != Cardinality::Required)
    };
    if bytes.is_empty() && !may_be_empty() {
        let text = words::Words::of(findings.language()).body_empty;
        let mut finding = Finding::new(Deviation::EmptyBody, whole, text);
        if findings.is_request() {
            finding.answer = Some(EMPTY_BODY.to_owned());
        }
        findings.add(finding);
        return true;
    }
    let text = json_of(bytes);
    if may_be_json(bytes) && check_json(text).is_ok() {
        let text = Words::of(findings.language()).is_json;
        let finding = Finding::new(Deviation::OtherForm, whole, text);
        findings.add(finding.expected("protobuf").found("JSON"));
        return true;
    }
    false
}

/// The text of bytes that are JSON.
fn json_of(bytes: &[u8]) -> &[u8] {
    let text = bytes.strip_prefix("\u{feff}".as_bytes());
    dialect::trim(text.unwrap_or(bytes))
}

/// Whether bytes begin and end as an object of JSON does.
pub(super) fn may_be_json(bytes: &[u8]) -> bool {
    let text = json_of(bytes);
    text.first() == Some(&b'{') && text.last() == Some(&b'}')
}

/// How much of the bytes another message has to explain, and how many bytes are enough to tell.
const NEARLY_ALL: f64 = 0.99;
const SHORTEST: usize = 24;

/// Faults that the bytes of another message have.
const STRUCTURE: [Rule; 6] = [
    Rule::WireTruncated,
    Rule::WireMalformed,
    Rule::WireType,
    Rule::WireUnknownField,
    Rule::WireRequired,
    Rule::WireUtf8,
];

/// Says which message the bytes are where they do not fit this one, and fit another.
pub(super) fn other_message(
    findings: &mut Collector<'_>,
    schema: &Schema,
    message: &MessageDescriptor,
    bytes: &[u8],
) {
    // A few bytes fit many messages, and a wrong value is a fault of this one.
    if !STRUCTURE.into_iter().any(|rule| findings.has_fault(rule)) || bytes.len() < SHORTEST {
        return;
    }
    let mut found = detect_protobuf(schema, bytes);
    let own = explains(message, bytes);
    found.retain(|one| one.score >= NEARLY_ALL && one.score > own);
    if found.is_empty() {
        return;
    }
    // A schema without methods may mean any.
    let bodies = schema.whole_bodies(findings.direction());
    found.retain(|one| bodies.is_empty() || bodies.contains(one.message.as_str()));
    let Some(best) = found.first() else { return };
    // The wire has no names: messages of one shape cannot be told apart.
    let alike = found
        .iter()
        .filter(|one| one.score >= best.score && one.explains_as(best));
    let language = findings.language();
    let words = Words::of(language);
    let names = alike.map(|one| format!("`{}`", one.message)).take(5);
    let names = names.reduce(|names, name| fill(words.or, &[&names, &name]));
    let text = fill(
        words.fits_better,
        &[
            &names.unwrap_or_default(),
            &message.name(),
            &best.reason_in(language),
        ],
    );
    let finding = Finding::new(Deviation::Foreign, Span::from(0..bytes.len()), text);
    findings.add(finding.suggestion(Some(best.message.clone())));
}
