//! The fields of a message one by one, whatever their types: what the reader fills and the writer
//! shows. The generated code gives out a field by its index in the message's keys.

use bytes::Bytes;

use crate::json::generated::{Codec, Members};

/// A message of which the fields can be had by index.
pub(crate) trait Slots: Codec {
    /// The name that formats get which name structs.
    fn name(&self) -> &'static str;

    /// Where the value of a field goes.
    fn slot(&mut self, field: usize) -> Slot<'_>;

    /// The value of a field.
    fn value(&self, field: usize) -> Value<'_>;
}

/// Where the value of a field goes.
pub(crate) enum Slot<'a> {
    /// Of a message without fields.
    Nothing,
    Bool(Place<'a, bool>),
    Int32(Place<'a, i32>),
    Int64(Place<'a, i64>),
    String(Place<'a, String>),
    Bytes(Place<'a, Bytes>),
    Enum(Place<'a, i32>, &'static Members),
    Message(&'a mut dyn Slots),
    OptionalMessage(&'a mut dyn MessageBox),
    Messages(&'a mut dyn MessageList),
}

/// The place of a value, by the label of its field.
pub(crate) enum Place<'a, T> {
    Required(&'a mut T),
    Optional(&'a mut Option<T>),
    Repeated(&'a mut Vec<T>),
}

/// The value of a field, or what stands in a list.
pub(crate) enum Value<'a> {
    /// An optional field without a value, or an empty list: nothing is written (W5).
    Absent,
    Bool(Held<'a, bool>),
    Int32(Held<'a, i32>),
    Int64(Held<'a, i64>),
    String(Held<'a, String>),
    Bytes(Held<'a, Bytes>),
    Enum(Held<'a, i32>, &'static Members),
    Message(&'a dyn Slots),
    Messages(&'a dyn MessageList),
}

/// A value, or those of a list.
pub(crate) enum Held<'a, T> {
    One(&'a T),
    Many(&'a [T]),
}

/// An optional message, whatever its type.
pub(crate) trait MessageBox {
    /// Puts a message with nothing set into it.
    fn fill(&mut self) -> &mut dyn Slots;
}

/// A list of messages, whatever their type.
pub(crate) trait MessageList {
    /// Adds a message with nothing set.
    fn add(&mut self) -> &mut dyn Slots;

    fn len(&self) -> usize;

    /// The message at an index below the length.
    fn get(&self, index: usize) -> &dyn Slots;
}

impl<M: Slots + Default> MessageBox for Option<Box<M>> {
    fn fill(&mut self) -> &mut dyn Slots {
        &mut **self.insert(Box::default())
    }
}

impl<M: Slots + Default> MessageList for Vec<M> {
    fn add(&mut self) -> &mut dyn Slots {
        let at = self.len();
        self.push(M::default());
        &mut self[at]
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn get(&self, index: usize) -> &dyn Slots {
        &self[index]
    }
}

/// The type of a field that is no enum.
pub(crate) trait Field {
    fn slot(&mut self) -> Slot<'_>;
    fn value(&self) -> Value<'_>;
}

/// The slot of a field that is no enum.
pub(crate) fn slot<F: Field>(field: &mut F) -> Slot<'_> {
    field.slot()
}

/// The value of a field that is no enum.
pub(crate) fn value<F: Field>(field: &F) -> Value<'_> {
    field.value()
}

/// The slot of a field that is an enum.
pub(crate) fn member<'a, F>(field: &'a mut F, members: &'static Members) -> Slot<'a>
where
    Place<'a, i32>: From<&'a mut F>,
{
    Slot::Enum(field.into(), members)
}

/// The value of a field that is an enum.
pub(crate) fn members<'a, F>(field: &'a F, members: &'static Members) -> Value<'a>
where
    Option<Held<'a, i32>>: From<Reference<'a, F>>,
{
    match Reference(field).into() {
        Some(held) => Value::Enum(held, members),
        None => Value::Absent,
    }
}

/// A field that is looked at.
pub(crate) struct Reference<'a, F>(&'a F);

impl<'a, T> From<&'a mut T> for Place<'a, T> {
    fn from(value: &'a mut T) -> Self {
        Self::Required(value)
    }
}

impl<'a, T> From<&'a mut Option<T>> for Place<'a, T> {
    fn from(value: &'a mut Option<T>) -> Self {
        Self::Optional(value)
    }
}

impl<'a, T> From<&'a mut Vec<T>> for Place<'a, T> {
    fn from(list: &'a mut Vec<T>) -> Self {
        Self::Repeated(list)
    }
}

impl<'a, T> From<Reference<'a, T>> for Option<Held<'a, T>> {
    fn from(field: Reference<'a, T>) -> Self {
        Some(Held::One(field.0))
    }
}

impl<'a, T> From<Reference<'a, Option<T>>> for Option<Held<'a, T>> {
    fn from(field: Reference<'a, Option<T>>) -> Self {
        field.0.as_ref().map(Held::One)
    }
}

impl<'a, T> From<Reference<'a, Vec<T>>> for Option<Held<'a, T>> {
    fn from(field: Reference<'a, Vec<T>>) -> Self {
        (!field.0.is_empty()).then_some(Held::Many(field.0))
    }
}

/// Implements [`Field`] for the three labels of a scalar.
macro_rules! scalars {
    ($($variant:ident($type:ty)),+) => {$(
        scalars!($variant, $type, Option<$type>, Vec<$type>);
    )+};
    ($variant:ident, $($type:ty),+) => {$(
        impl Field for $type {
            fn slot(&mut self) -> Slot<'_> {
                Slot::$variant(self.into())
            }

            fn value(&self) -> Value<'_> {
                Option::from(Reference(self)).map_or(Value::Absent, Value::$variant)
            }
        }
    )+};
}

scalars!(
    Bool(bool),
    Int32(i32),
    Int64(i64),
    String(String),
    Bytes(Bytes)
);

impl<M: Slots> Field for M {
    fn slot(&mut self) -> Slot<'_> {
        Slot::Message(self)
    }

    fn value(&self) -> Value<'_> {
        Value::Message(self)
    }
}

impl<M: Slots + Default> Field for Option<Box<M>> {
    fn slot(&mut self) -> Slot<'_> {
        Slot::OptionalMessage(self)
    }

    fn value(&self) -> Value<'_> {
        match self {
            Some(message) => Value::Message(&**message),
            None => Value::Absent,
        }
    }
}

impl<M: Slots + Default> Field for Vec<M> {
    fn slot(&mut self) -> Slot<'_> {
        Slot::Messages(self)
    }

    fn value(&self) -> Value<'_> {
        match self.is_empty() {
            true => Value::Absent,
            false => Value::Messages(self),
        }
    }
}
