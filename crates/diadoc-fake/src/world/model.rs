//! What a world holds: the rows of its tables, plain data that can be stored.

use std::collections::BTreeMap;

use bytes::Bytes;
use diadoc_core::{BoxId, Ticks};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod letter;
mod patches;
mod people;
mod sight;

pub use letter::{
    Author, ContentRef, DocumentDetails, DocumentKey, Fact, Letter, MessageKind, Origin, Party,
    Patch, Piece, Scope, SignatureDetails, Template,
};
pub use patches::Patches;
pub use people::{
    Action, Department, Employee, ExternalAccount, Group, Invitation, InvitationOutcome,
    Organization, Relation, RelationChange, RelationEvent, RelationState, Route, Step, User,
};

/// What a box learned, in its feed of messages and patches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id; of a new message the letter's own.
    pub id: Uuid,
    /// When.
    pub at: Ticks,
    /// Of which letter.
    pub letter: Uuid,
    /// How many patches the letter had then, this one among them.
    pub patches: usize,
    /// The box saw the letter for the first time: the event is the message with all that had happened.
    pub is_message: bool,
}

/// What changed for one document, in the feed of docflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocflowEvent {
    /// The [`Event`] that brought it.
    pub event: Event,
    /// The document.
    pub document: DocumentKey,
    /// The event of the same document before, and how many patches there were then.
    pub previous: Option<(Uuid, usize)>,
}

/// A file on the shelf of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShelfFile {
    /// Its parts, by number.
    pub parts: BTreeMap<u32, Bytes>,
    /// How many it has, once the last one came.
    pub count: Option<u32>,
    /// When the first part came.
    pub since: Option<Ticks>,
}

impl ShelfFile {
    /// Puts a part into it; the last one says how many there are, and takes away those behind it.
    pub fn put(&mut self, index: u32, part: Bytes, is_last: bool) {
        self.parts.insert(index, part);
        if is_last {
            let count = index.saturating_add(1);
            self.count = Some(count);
            self.parts.split_off(&count);
        }
    }

    /// The numbers of the parts that did not come, at most so many; none as long as nobody knows how many
    /// there are.
    pub fn missing(&self, most: usize) -> Vec<u32> {
        let numbers = 0..self.count.unwrap_or(0);
        let missing = numbers.filter(|number| !self.parts.contains_key(number));
        missing.take(most).collect()
    }

    /// The whole file, once all its parts are there.
    pub fn content(&self) -> Option<Bytes> {
        let count = self.count?;
        let mut parts = (0..count).map(|number| self.parts.get(&number));
        match (count, parts.next()??) {
            (1, only) => Some(only.clone()),
            (_, first) => {
                let mut whole = first.to_vec();
                for part in parts {
                    whole.extend_from_slice(part?);
                }
                Some(whole.into())
            }
        }
    }
}

/// A call that is answered once: a repeat gets what the first one made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The letter that it made or changed.
    pub letter: Uuid,
    /// How many patches the letter had then, the one that it made among them.
    pub patches: usize,
}

/// What is to be done at a later moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// The operator checks the sender's signatures and delivers a letter.
    Deliver {
        /// Which.
        letter: Uuid,
    },
    /// A counteragent follows a rule of its script.
    Act {
        /// The rule, by its place in the script.
        rule: usize,
        /// The document.
        document: DocumentKey,
    },
    /// The operator checks the signatures of a patch and delivers it to the other sides.
    CheckPatch {
        /// Of which letter.
        letter: Uuid,
        /// Which.
        patch: Uuid,
    },
    /// An archive is put on a shelf.
    Archive {
        /// The box that asks for it.
        box_id: BoxId,
        /// Whose shelf.
        user: Uuid,
        /// The document.
        document: DocumentKey,
        /// With all files of its docflow.
        is_full: bool,
        /// Its name on the shelf.
        name: String,
    },
    /// An invitation is sent or accepted.
    Invite {
        /// Its id.
        invitation: Uuid,
    },
}

/// The row's protobuf message, as bytes.
mod as_protobuf {
    use bytes::Bytes;
    use prost::Message;
    use serde::de::{Deserialize as _, Deserializer, Error as _};
    use serde::ser::Serializer;

    pub(super) fn serialize<M: Message, S: Serializer>(
        message: &M,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&message.encode_to_vec())
    }

    pub(super) fn deserialize<'de, M: Message + Default, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<M, D::Error> {
        M::decode(Bytes::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// The same of a message that there may be.
mod as_protobuf_if_any {
    use diadoc_core::base64;
    use prost::Message;
    use serde::de::{Deserialize as _, Deserializer, Error as _};
    use serde::ser::{Serialize as _, Serializer};

    pub(super) fn serialize<M: Message, S: Serializer>(
        message: &Option<M>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = message.as_ref().map(Message::encode_to_vec);
        text.map(|bytes| base64::encode_to_string(&bytes))
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, M: Message + Default, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<M>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let bytes = base64::decode(text.as_bytes()).ok_or_else(|| D::Error::custom("no base64"))?;
        M::decode(&*bytes).map(Some).map_err(D::Error::custom)
    }
}

/// Enums of the schema, by their names.
macro_rules! by_name {
    ($module:ident, $type:ty) => {
        mod $module {
            use serde::de::{Deserialize as _, Deserializer, Error as _};
            use serde::ser::Serializer;

            pub(super) fn serialize<S: Serializer>(
                value: &$type,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(value.as_str_name())
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$type, D::Error> {
                let name = String::deserialize(deserializer)?;
                <$type>::from_str_name(&name)
                    .ok_or_else(|| D::Error::custom(format!("{name} is no {}", stringify!($type))))
            }
        }
    };
}

by_name!(lock_mode, diadoc_proto::LockMode);
by_name!(access_level, diadoc_proto::DocumentAccessLevel);
