//! What the reader knows of a message or an enum beside the struct that it fills.

use super::names::Names;

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
