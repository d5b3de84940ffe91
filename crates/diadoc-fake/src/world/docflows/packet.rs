//! The documents of a packet.

use bytes::Bytes;
use diadoc_core::BoxId;
use prost::Message;
use uuid::Uuid;

use crate::world::access::Actor;
use crate::world::guid::Guid;
use crate::world::model::{DocumentKey, MessageKind};
use crate::world::state::DocumentState;
use crate::world::{Refusal, World};

/// Documents of a packet.
#[derive(Debug)]
pub(crate) struct PacketPage<'w> {
    pub documents: Vec<DocumentState<'w>>,
    /// There are more.
    pub has_more: bool,
}

/// Where a packet begins: behind it all documents come.
pub(crate) const BEGINNING: DocumentKey = DocumentKey {
    letter: Uuid::nil(),
    entity: Uuid::nil(),
};

/// Before the message, a key has this byte.
const KEY_VERSION: u8 = 2;

/// The place of a document in a packet, as keys have it.
#[derive(Clone, PartialEq, Message)]
struct Place {
    #[prost(message, required, tag = "1")]
    message: Guid,
    #[prost(message, required, tag = "2")]
    entity: Guid,
}

impl World {
    /// The documents of a packet that the employee sees, at most `count`, after the one of the key.
    ///
    /// # Errors
    ///
    /// 400 for a key that is none, 409 where a template is in the packet.
    pub(crate) fn packet_page(
        &self,
        actor: &Actor,
        packet: Uuid,
        after: Option<&Bytes>,
        count: usize,
    ) -> Result<PacketPage<'_>, Refusal> {
        let members = self.members(actor.box_id, packet);
        let template = members
            .iter()
            .find(|state| state.letter.kind == MessageKind::Template);
        if let Some(template) = template {
            let key = template.key();
            let (box_id, letter) = (actor.box_id.guid(), key.letter);
            let text = format!(
                "Команда не поддерживается документом {box_id}:{letter}:{}",
                key.entity
            );
            return Err(Refusal::conflict(text));
        }
        let after = after
            .map(|key| place_of(key).ok_or_else(bad_key))
            .transpose()?;
        let after = after.filter(|key| *key != BEGINNING);
        let after = after.map(|key| self.order(key));
        let mut documents: Vec<_> = members
            .into_iter()
            .filter(|state| actor.sees(state.flags.department))
            .filter(|state| after.is_none_or(|after| self.order(state.key()) > after))
            .collect();
        let has_more = documents.len() > count;
        documents.truncate(count);
        Ok(PacketPage {
            documents,
            has_more,
        })
    }

    /// The documents that are in a packet now, the oldest first.
    pub(crate) fn members(&self, box_id: BoxId, packet: Uuid) -> Vec<DocumentState<'_>> {
        let ever = self
            .tables
            .packets
            .get(&(box_id, packet))
            .into_iter()
            .flatten();
        let states = ever.filter_map(|key| {
            let letter = self.tables.letters.get(&key.letter)?;
            DocumentState::of(letter, key.entity, box_id, letter.patches.len())
        });
        let mut now: Vec<_> = states
            .filter(|state| state.flags.packet == Some(packet))
            .collect();
        now.sort_by_key(|state| self.order(state.key()));
        now
    }

    /// Where a document stands among others: by its letter's age, and by its place in it.
    fn order(&self, key: DocumentKey) -> (i64, Uuid, usize) {
        let letter = self.tables.letters.get(&key.letter);
        let place = letter.and_then(|letter| {
            let mut documents = letter.documents();
            documents.position(|(piece, _)| piece.id() == key.entity)
        });
        let created = letter.map_or(i64::MAX, |letter| letter.created().get());
        (created, key.letter, place.unwrap_or(usize::MAX))
    }
}

/// The key of a document in a packet, in the vendor's form.
pub(crate) fn key_of(document: DocumentKey) -> Bytes {
    let place = Place {
        message: document.letter.into(),
        entity: document.entity.into(),
    };
    let mut key = vec![KEY_VERSION];
    key.extend(place.encode_to_vec());
    key.into()
}

fn place_of(key: &Bytes) -> Option<DocumentKey> {
    let (version, rest) = key.split_first()?;
    let place = Place::decode(rest).ok()?;
    (*version == KEY_VERSION).then(|| DocumentKey {
        letter: place.message.into(),
        entity: place.entity.into(),
    })
}

fn bad_key() -> Refusal {
    Refusal::bad_request("afterIndexKey has incorrect size")
}

#[cfg(test)]
mod tests {
    use diadoc_core::base64;
    use uuid::uuid;

    use super::{key_of, place_of};
    use crate::world::model::DocumentKey;

    #[test]
    fn keys_are_those_of_the_vendor() {
        // GetDocflowsByPacketId of the vendor's pages.
        let document = DocumentKey {
            letter: uuid!("207f66c8-e4ec-44c0-ac55-ca470353895c"),
            entity: uuid!("deed95ff-1838-449f-a5a9-f494e8daff13"),
        };
        let key = key_of(document);
        assert_eq!(
            base64::encode_to_string(&key),
            "AgoSCchmfyDs5MBEEaxVykcDU4lcEhIJ/5Xt3jgYn0QRpan0lOja/xM="
        );
        assert_eq!(place_of(&key), Some(document));
        assert_eq!(place_of(&key.slice(..7)), None);
    }
}
