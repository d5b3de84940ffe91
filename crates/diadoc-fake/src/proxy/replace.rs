//! A body with other data in it, and the same otherwise: the same keys, numbers of fields, order and
//! length of lists, and, as far as the data does not decide it, the same findings.

mod json;
mod protobuf;

use diadoc_api::Form;
use prost_reflect::MessageDescriptor;

use super::pseudonyms::{Known, Pseudonyms};

/// A body that cannot be read, so that nobody can say where its data is.
#[derive(Debug)]
pub(super) struct Unreadable;

/// The body with other data; `known` learns the words that were replaced.
pub(super) fn body(
    pseudonyms: &Pseudonyms,
    known: &mut Known,
    message: &MessageDescriptor,
    form: Form,
    body: &[u8],
) -> Result<Vec<u8>, Unreadable> {
    match form {
        Form::Json => json::body(pseudonyms, known, message, body),
        Form::Protobuf => protobuf::body(pseudonyms, known, message, body),
    }
}

#[cfg(test)]
mod tests;
