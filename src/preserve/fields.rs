//! The fields of a message by key and by number, for finding what is none of them.

use std::sync::LazyLock;

use diadoc_core::dialect::FIRST_ONLY_IN_JSON;

use crate::json::generated::{Keys, Members};

/// A message whose fields are known: every message of this crate; the code is generated.
pub trait Known {
    fn fields() -> &'static Fields;
}

/// The fields of a message, in the order of the schema, which is that of its keys.
#[derive(Debug)]
pub struct Fields {
    keys: LazyLock<&'static Keys>,
    fields: &'static [Field],
}

/// What has to be known of a field.
#[derive(Debug)]
pub(crate) struct Field {
    number: u32,
    pub(crate) repeated: bool,
    pub(crate) holds: Holds,
}

/// What a field holds, where something unknown can be in it.
#[derive(Debug)]
pub(crate) enum Holds {
    /// No message and no enum.
    Value,
    Enum(&'static Members),
    /// A function, because messages may hold each other.
    Message(fn() -> &'static Fields),
}

impl Fields {
    pub(crate) const fn new(keys: fn() -> &'static Keys, fields: &'static [Field]) -> Self {
        Self {
            keys: LazyLock::new(keys),
            fields,
        }
    }

    /// The index and the field that a key is for.
    pub(crate) fn of_key(&self, key: &str) -> Option<(usize, &'static Field)> {
        let index = self.keys.find(key.as_bytes())?;
        Some((index, self.fields.get(index)?))
    }

    /// The index and the field of a number on the wire.
    pub(crate) fn of_number(&self, number: u32) -> Option<(usize, &'static Field)> {
        let is_it = |field: &&Field| field.number == number && number < FIRST_ONLY_IN_JSON;
        // Most messages count from 1.
        let guess = (number as usize).wrapping_sub(1);
        let guessed = self.fields.get(guess).filter(is_it);
        guessed.map(|field| (guess, field)).or_else(|| {
            let mut fields = self.fields.iter().enumerate();
            fields.find(|(_, field)| is_it(field))
        })
    }

    /// The fields with their JSON names.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&'static str, &'static Field)> {
        let fields = self.fields.iter().enumerate();
        fields.map(|(index, field)| (self.name(index), field))
    }

    /// How many fields there are.
    pub(crate) fn count(&self) -> usize {
        self.fields.len()
    }

    /// Whether a field is a list.
    pub(crate) fn is_list(&self, index: usize) -> bool {
        self.fields.get(index).is_some_and(|field| field.repeated)
    }

    /// The JSON name of a field.
    pub(crate) fn name(&self, index: usize) -> &'static str {
        self.keys.name(index).unwrap_or_default()
    }

    /// The fields of the messages in a field; none where it holds no messages.
    pub(crate) fn inside(&self, index: usize) -> Option<&'static Fields> {
        self.fields.get(index)?.inside()
    }

    /// The enum of a field.
    pub(crate) fn members(&self, index: usize) -> Option<&'static Members> {
        match self.fields.get(index)?.holds {
            Holds::Enum(members) => Some(members),
            Holds::Value | Holds::Message(_) => None,
        }
    }
}

impl Field {
    pub(crate) const fn value(number: u32) -> Self {
        Self::new(number, false, Holds::Value)
    }

    pub(crate) const fn member_of(number: u32, members: &'static Members) -> Self {
        Self::new(number, false, Holds::Enum(members))
    }

    pub(crate) const fn members_of(number: u32, members: &'static Members) -> Self {
        Self::new(number, true, Holds::Enum(members))
    }

    pub(crate) const fn message<M: Known>(number: u32) -> Self {
        Self::new(number, false, Holds::Message(M::fields))
    }

    pub(crate) const fn message_list<M: Known>(number: u32) -> Self {
        Self::new(number, true, Holds::Message(M::fields))
    }

    const fn new(number: u32, repeated: bool, holds: Holds) -> Self {
        Self {
            number,
            repeated,
            holds,
        }
    }

    /// The fields of the messages that it holds.
    pub(crate) fn inside(&self) -> Option<&'static Fields> {
        match self.holds {
            Holds::Message(fields) => Some(fields()),
            Holds::Value | Holds::Enum(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST_ONLY_IN_JSON, Field, Fields};
    use crate::DocumentId;
    use crate::json::generated::Codec as _;

    #[test]
    fn a_number_leads_to_its_field_unless_only_json_has_it() {
        static FIELDS: Fields = Fields::new(
            || DocumentId::default().keys(),
            &[Field::value(2), Field::value(FIRST_ONLY_IN_JSON)],
        );
        let index = |number| FIELDS.of_number(number).map(|(index, _)| index);
        assert_eq!(index(2), Some(0));
        for none in [0, 1, 3, FIRST_ONLY_IN_JSON, u32::MAX] {
            assert_eq!(index(none), None, "{none}");
        }
        let keys = ["MessageId", "EntityId", "Other"];
        let of_keys = keys.map(|key| FIELDS.of_key(key).map(|(index, _)| index));
        assert_eq!(of_keys, [Some(0), Some(1), None]);
    }
}
