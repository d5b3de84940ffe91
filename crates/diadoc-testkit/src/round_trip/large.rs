//! The round trip of a large body: the same steps, with no more than one message and one text beside the
//! body at any time. What is not certain that way is left to the steps that hold more.

use std::hash::{DefaultHasher, Hasher as _};
use std::io;

use diadoc_proto::registry::{DynMessage, MessageType};
use diadoc_proto::{Limits, json};
use diadoc_schema::Prepared;

use super::RoundTrip;
use crate::normalise::Listed;

/// From how many bytes on a body is large.
pub(super) const LARGE: usize = 1 << 20;

/// The round trip of a body that survives it; none of one of which that is not certain.
pub(super) fn survives(
    message_type: &MessageType,
    body: &[u8],
    limits: &Limits,
) -> Option<RoundTrip> {
    let prepared = Prepared::diadoc(message_type.full_name())?;
    let message = message_type.from_json_within(body, limits).ok()?;
    let written = written_like(body, &*message).ok()?;
    drop(message);
    let Listed { notes, left_out } = prepared.rewritten(body, &written)?.into();

    // Messages are held against each other as they are written: every value of theirs is.
    let again = message_type
        .from_json_within(written.as_bytes(), limits)
        .ok()?;
    let mut expected = Expected(written.as_bytes());
    again.write_json(&mut expected).ok()?;
    expected.0.is_empty().then_some(())?;
    let carried = hash_of(prepared.only_in_json(&written)?.carried());
    drop(written);

    let bytes = again.encode_to_vec();
    drop(again);
    let decoded = message_type.decode_within(&bytes, limits).ok()?;
    drop(bytes);
    let mut over_protobuf = Hashed::default();
    decoded.write_json(&mut over_protobuf).ok()?;
    (over_protobuf.0.finish() == carried).then(|| RoundTrip {
        notes,
        left_out,
        losses: Vec::new(),
    })
}

/// A message as JSON, which is about as long as the body that it was read from: a text that grows by
/// doubling takes three times its length for a while.
///
/// # Errors
///
/// As [`json::to_string`].
pub fn written_like(body: &[u8], message: &dyn DynMessage) -> Result<String, json::Error> {
    let mut text = Text(String::with_capacity(body.len()));
    message.write_json(&mut text)?;
    Ok(text.0)
}

/// What has been written; each part is whole characters.
struct Text(String);

impl io::Write for Text {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(part).map_err(|_| io::ErrorKind::InvalidData)?;
        self.0.push_str(text);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is still to come of a text that is to be written.
struct Expected<'t>(&'t [u8]);

impl io::Write for Expected<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let rest = self.0.strip_prefix(part);
        self.0 = rest.ok_or(io::ErrorKind::InvalidData)?;
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The hash of what is written.
#[derive(Default)]
struct Hashed(DefaultHasher);

impl io::Write for Hashed {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.0.write(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The hash of a text that comes in pieces.
fn hash_of<'p>(pieces: impl Iterator<Item = &'p str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    // Written on, whatever the pieces are: another hash would only make nothing certain.
    pieces.for_each(|piece| hasher.write(piece.as_bytes()));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use diadoc_proto::Limits;
    use diadoc_proto::registry::{self, MessageType};

    use super::{LARGE, survives};
    use crate::round_trip::check;

    fn list() -> &'static MessageType {
        registry::find("Diadoc.Api.Proto.Documents.DocumentList").expect("the message")
    }

    /// A large body of documents like that one, with titles of some length.
    fn body(document: &str) -> String {
        let document = document.replace("№ 5", &"№ 5".repeat(200));
        let documents = vec![document.as_str(); LARGE / document.len()].join(",");
        format!(
            "{{\"TotalCount\":1,\"New\":2,\"Documents\":[{documents}],\"HasMoreResults\":false}}"
        )
    }

    #[test]
    fn a_large_body_has_the_notes_of_a_small_one() {
        let document = r#"{"MessageId":"m","EntityId":"e","Title":"Акт № 5","IsDeleted":true,
            "CreationTimestampTicks":638884242433705569,"MessageIdGuid":"m","DocumentType":"Invoice",
            "CustomData":[{"Key":"k","Value":"v"}],"PacketId":null}"#;
        let large =
            survives(list(), body(document).as_bytes(), &Limits::new()).expect("it survives");
        assert!(large.passed());
        let notes = |round_trip: &super::RoundTrip, documents: usize| {
            let notes = round_trip.notes.iter().map(ToString::to_string);
            notes.take(documents).collect::<Vec<_>>()
        };
        let small = format!(
            "{{\"TotalCount\":1,\"New\":2,\"Documents\":[{document}],\"HasMoreResults\":false}}"
        );
        let small = check(list(), small.as_bytes());
        let count = small.notes.len();
        assert!(count > 3, "{:?}", small.notes);
        assert_eq!(notes(&large, count), notes(&small, count));
    }

    #[test]
    fn protobuf_does_not_carry_what_only_json_has() {
        let document = r#"{"Title":"Акт № 5","Participants":[{"Inn":"1"}],"IsRead":true}"#;
        let large =
            survives(list(), body(document).as_bytes(), &Limits::new()).expect("it survives");
        assert!(large.passed());
    }

    #[test]
    fn what_is_not_certain_is_left_to_the_other_steps() {
        assert!(survives(list(), b"{\"TotalCount\":\"no number\"}", &Limits::new()).is_none());
        assert!(survives(list(), b"{\"TotalCount\":1", &Limits::new()).is_none());
    }
}
