//! The key of a document in a list, `Document.IndexKey`.

use diadoc_core::Ticks;
use prost::Message;
use uuid::Uuid;

use crate::world::guid::Guid;
use crate::world::model::DocumentKey;
use crate::world::state::{Direction, DocumentState};

/// The place of a document in the list of its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ListKey {
    /// The moment by which it is sorted.
    pub at: Ticks,
    pub document: DocumentKey,
}

/// What stands before the message of a key.
const VERSION: u8 = 2;

/// As it travels: the numbers of the fields are those of the server's own keys.
#[derive(Clone, PartialEq, Message)]
struct Written {
    #[prost(int64, tag = "2")]
    at: i64,
    #[prost(message, required, tag = "4")]
    letter: Guid,
    #[prost(message, required, tag = "5")]
    entity: Guid,
}

impl ListKey {
    /// Where a document stands: by when it was sent, or when the viewer got it; until then by when it was
    /// made.
    pub(crate) fn of(state: &DocumentState<'_>) -> Self {
        let moment = match state.direction() {
            Direction::Inbound => state.seen(),
            Direction::Outbound | Direction::Internal => state.sent(),
        };
        Self {
            at: moment.unwrap_or_else(|| state.created()),
            document: state.key(),
        }
    }

    /// Before every document of a moment.
    pub(crate) fn first_at(at: Ticks) -> Self {
        Self::around(at, Uuid::nil())
    }

    /// Behind every document of a moment.
    pub(crate) fn last_at(at: Ticks) -> Self {
        Self::around(at, Uuid::max())
    }

    fn around(at: Ticks, id: Uuid) -> Self {
        Self {
            at,
            document: DocumentKey {
                letter: id,
                entity: id,
            },
        }
    }

    /// In upper-case hex.
    pub(crate) fn write(self) -> String {
        let written = Written {
            at: self.at.get(),
            letter: self.document.letter.into(),
            entity: self.document.entity.into(),
        };
        let mut bytes = vec![VERSION];
        bytes.extend(written.encode_to_vec());
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// Reads a key; none where it is no key of documents.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes = unhex(text)?;
        let message = bytes.strip_prefix(&[VERSION])?;
        let written = Written::decode(message).ok()?;
        let key = Self {
            at: Ticks::new(written.at).ok()?,
            document: DocumentKey {
                letter: written.letter.into(),
                entity: written.entity.into(),
            },
        };
        // A part of a key is none.
        (key.write() == text.to_ascii_uppercase()).then_some(key)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let is_even = text.len().is_multiple_of(2);
    let digits = text.as_bytes().chunks(2);
    is_even.then_some(())?;
    digits
        .map(|pair| {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            u8::try_from(high << 4 | low).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ListKey;

    /// The key of a document in the vendor's own example.
    const KEY: &str = "0210E18CEC96D6BAF1EE082212096424D6BC5D5BFF441193B0EC6981B7CEFE\
                       2A12091E544A9BE3686F4C11B5A06009F906D554";

    #[test]
    fn the_vendors_key_is_read_and_written_back() {
        let key = ListKey::read(KEY).unwrap();
        assert_eq!(key.at.get(), 638_884_242_433_705_569);
        let letter = key.document.letter.to_string();
        assert_eq!(letter, "bcd62464-5b5d-44ff-93b0-ec6981b7cefe");
        let entity = key.document.entity.to_string();
        assert_eq!(entity, "9b4a541e-68e3-4c6f-b5a0-6009f906d554");
        assert_eq!(key.write(), KEY);
    }

    #[test]
    fn what_is_no_key_is_none() {
        for text in ["", "02", "0210E18CEC96D6BAF1EE08", "zz", "0", "01ff", "я"] {
            assert_eq!(ListKey::read(text), None, "{text}");
        }
    }
}
