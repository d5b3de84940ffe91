//! Diadoc's own JSON, for any message.
//!
//! The functions are named and shaped after serde_json's, with one [`Error`] that says where a body
//! went wrong. They read and write by a codec that is generated from the schema and fills the
//! structs in place. With the feature `serde` the types also implement `serde::Serialize` and
//! `serde::Deserialize`, in the same dialect, for use with any other serde format or framework.
//!
//! ```
//! use diadoc_proto::{DocumentId, json};
//!
//! let id: DocumentId = json::from_str(r#"{"MessageId": "m", "EntityId": "e"}"#)?;
//! assert_eq!(id.entity_id, "e");
//! assert_eq!(json::to_string(&id)?, r#"{"MessageId":"m","EntityId":"e"}"#);
//! # Ok::<(), json::Error>(())
//! ```
//!
//! # Writing
//!
//! - Keys are the field names of the schema, or a field's `json_name`.
//! - 64-bit integers are JSON numbers, exact.
//! - Enums are names; a number that the enum does not know is written as that number.
//! - Bytes are standard, padded base64.
//! - Required fields always stand; optional ones where they are set, also when they equal their
//!   default; empty lists are left out.
//!
//! # Reading
//!
//! Tolerant, so that a page of 100 documents survives one new field:
//!
//! - Unknown keys are skipped.
//! - `null` means absent, for every field.
//! - Integers are numbers or decimal strings; a fraction, an exponent or an overflow is an error.
//! - Enums are names, alias names or numbers. An unknown name becomes the member that the schema
//!   states for it, mostly `Unknown…`; where there is none the field is left unset, an element of a
//!   list is dropped, and a required field is an error.
//! - A missing required field takes its default, as in the binary format.
//! - Base64 is standard or URL-safe, padded or not; white space in it is skipped.
//! - Booleans may be strings (`"true"`, `"False"`, any case) and 0 or 1.
//! - A number where a string is due is read as its text.
//! - A byte order mark before the body is skipped.
//! - Keys match case exactly; a key of the schema that stands twice is an error.
//! - A body may be 100 levels deep, as in protobuf, see [`Limits::depth`]: what is read in one form can be
//!   carried by the other. serde_json itself follows 127 brackets, in lists and in what is skipped too.
//! - What the message takes in memory is bounded, see [`Limits`]: a long body of nothing but
//!   empty objects is an error before it takes much more than four times itself.
//!
//! What is skipped or dropped here, `preserve::Preserved` keeps, with the feature `preserve`.
//!
//! Both ways agree on all of this but for numbers whose spelling serde_json does not keep: the text
//! `-0.0`, which it does not tell from `-0`, is an integer to serde and none here, and where a string
//! is due, serde reads `1.50` as `1.5` and refuses `1e400`. A byte order mark, serde_json refuses.

// How the parts hang together, from the schema's side to the text's:
// `codec` is what the generated code implements for each message, over the tables of `keys`, which
// rest on the hash of `diadoc_core::names`; `values` has the functions that it calls for its fields; `read` and
// `write` walk bodies, with `strings`, `numbers`, `skip` and `hints` for what they meet;
// `fault` is what stops the reader, and `error` what the caller gets of it. `kept` goes over bodies
// that have been read and written, for `crate::preserve`.

use std::io::{self, Read as _};

use diadoc_core::Limits;

mod codec;
mod error;
mod fault;
mod hints;
#[cfg(feature = "preserve")]
pub(crate) mod kept;
mod keys;
mod numbers;
mod pretty;
mod read;
mod skip;
mod strings;
mod values;
mod write;

pub use error::{Error, ErrorKind};

/// What the generated code names.
pub(crate) mod generated {
    pub(crate) use super::codec::Codec;
    pub(crate) use super::fault::Result;
    pub(crate) use super::keys::{Keys, Members};
    pub(crate) use super::read::Reader;
    pub(crate) use super::write::Writer;
    pub(crate) use diadoc_core::names::Names;
}

/// A message that Diadoc's JSON can carry: every message of this crate, and no other.
pub trait JsonMessage: prost::Name + Default + codec::Codec {}

impl<M: prost::Name + Default + codec::Codec> JsonMessage for M {}

/// Reads a message from a JSON text.
///
/// # Errors
///
/// The text is not JSON, a value in it does not fit its field, or it goes beyond the [`Limits`] that
/// hold by default; see [`Error`].
pub fn from_str<M: JsonMessage>(body: &str) -> Result<M, Error> {
    from_str_within(body, &Limits::new())
}

/// Reads a message from a JSON text, within limits.
///
/// # Errors
///
/// As [`from_str`]; also where the text goes beyond a limit.
///
/// ```
/// use diadoc_proto::documents::DocumentList;
/// use diadoc_proto::{Limit, Limits, json};
///
/// let body = r#"{"TotalCount": 3, "Documents": [{}, {}, {}]}"#;
/// let limits = Limits::new().elements(2);
/// let error = json::from_str_within::<DocumentList>(body, &limits).unwrap_err();
/// assert_eq!(error.limit().map(|error| error.limit()), Some(Limit::Elements));
/// assert_eq!(error.path(), "Documents[2]");
/// ```
pub fn from_str_within<M: JsonMessage>(body: &str, limits: &Limits) -> Result<M, Error> {
    let mut message = M::default();
    match read::body(body, limits, &mut message) {
        Ok(()) => Ok(message),
        Err(fault) => Err(Error::read(body, *fault)),
    }
}

/// Reads a message from the bytes of a JSON text.
///
/// # Errors
///
/// As [`from_str`]; also where the bytes are not UTF-8.
pub fn from_slice<M: JsonMessage>(body: &[u8]) -> Result<M, Error> {
    from_slice_within(body, &Limits::new())
}

/// Reads a message from the bytes of a JSON text, within limits.
///
/// # Errors
///
/// As [`from_str_within`]; also where the bytes are not UTF-8.
pub fn from_slice_within<M: JsonMessage>(body: &[u8], limits: &Limits) -> Result<M, Error> {
    from_str_within(text(body)?, limits)
}

/// A body as a text, which UTF-8 is.
pub(crate) fn text(body: &[u8]) -> Result<&str, Error> {
    match simdutf8::basic::from_utf8(body) {
        Ok(text) => Ok(text),
        // std says where, which the fast check does not.
        Err(_) => std::str::from_utf8(body).map_err(|error| Error::utf8(body, error)),
    }
}

/// Reads a message from a reader, to its end.
///
/// The body is read into memory whole, which is faster than parsing it byte by byte; not more of it
/// than [`Limits::bytes`] lets through.
///
/// # Errors
///
/// As [`from_slice`]; also where the reader fails.
pub fn from_reader<R: io::Read, M: JsonMessage>(reader: R) -> Result<M, Error> {
    from_reader_within(reader, &Limits::new())
}

/// Reads a message from a reader, to its end, within limits.
///
/// # Errors
///
/// As [`from_slice_within`]; also where the reader fails.
pub fn from_reader_within<R: io::Read, M: JsonMessage>(
    reader: R,
    limits: &Limits,
) -> Result<M, Error> {
    let mut body = Vec::new();
    // One byte more tells that the body is too long.
    let most = (limits.most_bytes() as u64).saturating_add(1);
    reader
        .take(most)
        .read_to_end(&mut body)
        .map_err(Error::io)?;
    // A body that is cut there may end within a character.
    limits
        .check_bytes(body.len())
        .map_err(|error| Error::limited(&body, error))?;
    from_slice_within(&body, limits)
}

/// Writes a message as compact JSON.
///
/// # Errors
///
/// None today: every message can be written. The result leaves room for limits.
pub fn to_string<M: JsonMessage>(message: &M) -> Result<String, Error> {
    Ok(write::body(message))
}

/// Writes a message as JSON over several lines, indented by two spaces.
///
/// # Errors
///
/// As [`to_string`].
pub fn to_string_pretty<M: JsonMessage>(message: &M) -> Result<String, Error> {
    Ok(pretty::pretty(&write::body(message)))
}

/// Writes a message as the bytes of compact JSON.
///
/// # Errors
///
/// As [`to_string`].
pub fn to_vec<M: JsonMessage>(message: &M) -> Result<Vec<u8>, Error> {
    Ok(write::body(message).into_bytes())
}

/// Writes a message as compact JSON into a writer, without flushing it.
///
/// It gets the body in parts of some 64 KiB, so that a large message takes no more memory.
///
/// # Errors
///
/// The writer fails; what it has taken by then stays written.
pub fn to_writer<W: io::Write, M: JsonMessage>(mut writer: W, message: &M) -> Result<(), Error> {
    let written = write::body_to(message, |part| writer.write_all(part.as_bytes()));
    written.map_err(Error::io)
}

/// Writes a message into a writer as JSON over several lines, as [`to_string_pretty`] lays it out and
/// in parts as [`to_writer`].
///
/// # Errors
///
/// As [`to_writer`].
pub fn to_writer_pretty<W: io::Write, M: JsonMessage>(
    mut writer: W,
    message: &M,
) -> Result<(), Error> {
    let mut layout = pretty::Layout::default();
    let mut lines = String::new();
    let written = write::body_to(message, |part| {
        lines.clear();
        layout.lay(part, &mut lines);
        writer.write_all(lines.as_bytes())
    });
    written.map_err(Error::io)
}
