//! What the reader knows of a message or an enum beside the struct that it fills.

use diadoc_core::names::Names;

/// The keys of a message.
#[derive(Debug)]
pub struct Keys {
    /// The name of the message, as in the schema.
    pub message: &'static str,
    /// The JSON names of the fields, then the schema's own names where they differ.
    names: Names,
    /// How many fields there are.
    fields: usize,
    /// The fields of the names behind those of the fields.
    aliases: &'static [u8],
}

impl Keys {
    pub const fn new(message: &'static str, names: Names, aliases: &'static [u8]) -> Self {
        let fields = names.list().len() - aliases.len();
        Self {
            message,
            names,
            fields,
            aliases,
        }
    }

    /// The index of the field that a key is for.
    #[inline]
    pub fn find(&self, key: &[u8]) -> Option<usize> {
        let index = self.names.find(key)?;
        match index.checked_sub(self.fields) {
            None => Some(index),
            Some(alias) => self.aliases.get(alias).map(|field| usize::from(*field)),
        }
    }

    /// All names that a field is found by: the JSON names of the fields, then their other names.
    #[cfg(feature = "serde")]
    pub fn names(&self) -> &'static [&'static str] {
        self.names.list()
    }

    /// The JSON names of the fields.
    #[cfg(feature = "serde")]
    pub fn json_names(&self) -> &'static [&'static str] {
        &self.names.list()[..self.fields]
    }

    /// The JSON name of a field.
    #[inline]
    pub fn name(&self, field: usize) -> Option<&'static str> {
        self.names.list().get(field).copied()
    }
}

/// The members of an enum.
#[derive(Debug)]
pub struct Members {
    /// The name of the enum, as in the schema.
    pub name: &'static str,
    /// The number that an unknown name turns into (R4).
    pub unknown: Option<i32>,
    /// The names that JSON writes, one per member, then other names.
    names: Names,
    /// The numbers of the names.
    numbers: &'static [i32],
    /// How many members there are.
    members: usize,
}

impl Members {
    pub const fn new(
        name: &'static str,
        unknown: Option<i32>,
        names: Names,
        numbers: &'static [i32],
        aliases: usize,
    ) -> Self {
        let members = names.list().len() - aliases;
        Self {
            name,
            unknown,
            names,
            numbers,
            members,
        }
    }

    /// The number of a name.
    #[inline]
    pub fn number(&self, name: &[u8]) -> Option<i32> {
        self.numbers.get(self.names.find(name)?).copied()
    }

    /// The name that JSON writes for a number (W3).
    #[inline]
    pub fn name_of(&self, number: i32) -> Option<&'static str> {
        let numbers = self.numbers.get(..self.members)?;
        // Most enums count from 0, and then a number is its own index.
        let guess = usize::try_from(number).ok();
        let index = match guess.filter(|index| numbers.get(*index) == Some(&number)) {
            Some(index) => index,
            None => numbers.iter().position(|known| *known == number)?,
        };
        self.names.list().get(index).copied()
    }

    /// The names that JSON writes, in the order of the schema.
    pub fn written_names(&self) -> &'static [&'static str] {
        self.names.list().get(..self.members).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::codec::Codec;
    use crate::docflow::SearchScope;
    use crate::documents::Document;
    use crate::events::{AttachmentType, MessagePatch};

    #[test]
    fn each_key_leads_to_its_field_and_others_lead_nowhere() {
        let document = Document::default();
        let keys = document.keys();
        assert_eq!(keys.message, "Document");
        let mut count = 0;
        while let Some(name) = keys.name(count) {
            assert_eq!(keys.find(name.as_bytes()), Some(count), "{name}");
            for other in [
                name.to_lowercase(),
                format!("{name}s"),
                name[1..].to_owned(),
                format!("x{}", &name[1..]),
            ] {
                assert_eq!(keys.find(other.as_bytes()), None, "{other}");
            }
            count += 1;
        }
        assert_eq!(count, 85);
        assert_eq!(keys.find(b""), None);
        assert_eq!(keys.find(&[0; 100_000]), None);
    }

    #[test]
    fn the_names_of_the_schema_lead_to_the_same_fields() {
        let patch = MessagePatch::default();
        let keys = patch.keys();
        let field = keys.find(b"DeliveredEventId").expect("a key");
        assert_eq!(keys.find(b"DeliveredPatchId"), Some(field));
        assert_eq!(keys.name(field), Some("DeliveredEventId"));
    }

    #[test]
    fn each_name_of_an_enum_leads_to_its_number_and_back() {
        let members = AttachmentType::MEMBERS;
        assert_eq!(members.unknown, Some(-1));
        for name in members.written_names() {
            let number = members.number(name.as_bytes()).expect("a name");
            assert_eq!(members.name_of(number), Some(*name));
            let member = AttachmentType::from_str_name(name).expect("a name");
            assert_eq!(i32::from(member), number);
        }
        assert_eq!(members.number(b"FromTheFuture"), None);
        assert_eq!(members.name_of(9999), None);
        assert_eq!(members.name_of(i32::MIN), None);
    }

    #[test]
    fn of_two_names_the_first_is_written() {
        let members = SearchScope::MEMBERS;
        for name in ["SearchScopeIncoming", "SearchScopeInbound"] {
            assert_eq!(members.number(name.as_bytes()), Some(1));
        }
        assert_eq!(members.name_of(1), Some("SearchScopeInbound"));
        assert!(!members.written_names().contains(&"SearchScopeIncoming"));
    }
}
