//! What the validator of diadoc-schema and the readers of diadoc-proto do not agree on. The fuzz
//! targets ask it too.
//!
//! The validator is stricter in one point: it says of a body as a whole that it is none of this message.

use diadoc_proto::json::{Error, ErrorKind};
use diadoc_proto::registry::MessageType;
use diadoc_schema::{
    Direction, Finding, Report, Rule, Schema, Severity, Span, validate_json, validate_protobuf,
};

/// What the reader and the validator do not agree on.
pub(crate) fn disagreement_on_json(message_type: &MessageType, body: &[u8]) -> Option<String> {
    let message = Schema::diadoc().message(message_type.full_name());
    let report = validate_json(&message.expect("a message"), body, Direction::Response);
    let errors: Vec<_> = errors(&report).collect();
    let problem = match message_type.from_json(body) {
        Ok(_) => {
            let more = errors.iter().find(|one| !is_stricter(one))?;
            format!("the reader takes what the validator refuses: {more:?}")
        }
        Err(refused) => {
            // Of a body with nothing in it the validator says so, the reader where something should be.
            let has_nothing = refused.offset() == body.len();
            let same = |error: &&Finding| match error.rule {
                Rule::BodyEmpty => has_nothing,
                _ => is_same(error, &refused, body),
            };
            if errors.iter().any(same) {
                return None;
            }
            format!("the reader refuses: {refused}; the validator reports {errors:#?}")
        }
    };
    let body = String::from_utf8_lossy(body);
    Some(format!("{}: {problem}\n{body}", message_type.full_name()))
}

/// Whether the validator's error is the reader's.
fn is_same(error: &Finding, refused: &Error, body: &[u8]) -> bool {
    // Of a body that is no JSON in UTF-8 at all readers say where they could not go on.
    let is_of_whole = error.span == Span::from(0..body.len());
    if is_of_whole && matches!(error.rule, Rule::BodyEncoding | Rule::BodyForm) {
        return true;
    }
    let same_path = error.path == refused.path();
    let syntax = is_syntax(error);
    match refused.kind() {
        // Readers look for it first, the validator comes across what stands before it.
        ErrorKind::Utf8 => syntax && error.span.start <= refused.offset(),
        // The validator points to all of a word, a number or an escape, and to the comma that
        // should not be there; the reader to the byte at which it could not go on.
        ErrorKind::Syntax => {
            let Span { start, end } = error.span;
            let space = body[end..].iter().take_while(|b| b.is_ascii_whitespace());
            let end = match body.get(start) {
                Some(b'\\') => start + r"\ud83d\ude00".len(),
                _ => end + space.count(),
            };
            // One of them may not have entered the element or the key yet, and below a key that readers
            // skip the validator says where.
            let (path, other) = (error.path.as_str(), refused.path());
            let nested = path.starts_with(other) || other.starts_with(path);
            nested && (start..=end).contains(&refused.offset())
        }
        kind => {
            let same_place = (error.line, error.column) == (refused.line(), refused.column());
            let same_kind = match kind {
                ErrorKind::Limit => error.rule == Rule::JsonDepth,
                _ => !syntax,
            };
            same_kind && same_path && same_place
        }
    }
}

fn is_syntax(error: &Finding) -> bool {
    matches!(
        error.rule,
        Rule::JsonSyntax | Rule::JsonDepth | Rule::BodyEncoding | Rule::BodyForm
    )
}

fn errors(report: &Report) -> impl Iterator<Item = &Finding> {
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    report.findings.iter().filter(is_error)
}

/// Whether an error is one of those that readers do not know.
pub(crate) fn is_stricter(error: &Finding) -> bool {
    matches!(error.rule, Rule::BodyForeign | Rule::BodyEmpty)
}

/// Whether the reader and the validator agree on protobuf, and what they say where they do not.
pub(crate) fn disagreement_on_protobuf(message_type: &MessageType, body: &[u8]) -> Option<String> {
    let message = Schema::diadoc().message(message_type.full_name());
    let report = validate_protobuf(&message.expect("a message"), body, Direction::Response);
    let has_errors = errors(&report).any(|error| !is_stricter(error));
    let read = message_type.decode(body).map(drop);
    (has_errors == read.is_ok()).then(|| {
        let findings = &report.findings;
        let name = message_type.full_name();
        format!("{name}: {read:?}, but {findings:#?}\n{body:02x?}")
    })
}
