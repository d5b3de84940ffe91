//! Protobuf: what generated code calls to read and write it.
//!
//! A message says through [`Fields`] which fields it has, one short call each; all that is long stands
//! here, once for all messages: [`Reader`] goes along the bytes, [`Lengths`] counts them, [`Writer`] puts
//! them down. [`message!`] makes `prost::Message` of it, which is a thin layer: it brings a buffer into
//! the one form that [`Reader`] has, whatever its type is.
//!
//! So [`Fields`] is the seam. The generator could write other code against it, or other code in its
//! place, for another implementation of protobuf, and neither the structs nor their users would see it.
//!
//! prost's derive is the measure: the same bytes are written, the same are read as the same values,
//! duplicates and unknown fields and all, the same are refused with the same errors, and the depth is
//! bounded as there. Beyond that, what lists and structs take is bounded by [`Limits`]. What a refused
//! message holds then, and how far a buffer was read then, is not stated; prost does not state it either.

use diadoc_core::Limits;

mod buffers;
mod faults;
mod read;
mod show;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use buffers::{merge, merge_field, merge_within};
pub(crate) use read::Reader;
pub(crate) use show::{Hidden, Member};
pub(crate) use write::{Lengths, Writer, length, to_vec};

/// What reading a field gives. prost's error is a pointer, so this is one word.
pub(crate) type Result<T = ()> = std::result::Result<T, prost::DecodeError>;

/// A message with the fields that it has on the wire; the code is generated.
///
/// It is called through `dyn`, so that the loops over fields exist once, not once per message, which
/// keeps the code of a dependent small.
pub(crate) trait Fields: Send + Sync {
    /// The names that errors give.
    fn names(&self) -> &'static Names;

    /// Reads the field of that number, whose key has been read, and merges it with what is there.
    fn read_field(&mut self, number: u32, reader: &mut Reader<'_>) -> Result;

    /// Counts the bytes of the fields.
    fn length(&self, lengths: &mut Lengths) -> usize;

    /// Writes the fields in the order of their numbers, which is the order that `length` counts in.
    fn write_fields(&self, writer: &mut Writer<'_>);
}

/// The names of a message and its fields in Rust, as prost's errors give them.
pub(crate) struct Names {
    pub(crate) message: &'static str,
    /// The fields on the wire, sorted by number.
    pub(crate) fields: &'static [(u32, &'static str)],
}

impl Names {
    fn of(&self, number: u32) -> Option<&'static str> {
        let fields = self.fields;
        let index = fields.binary_search_by_key(&number, |field| field.0).ok()?;
        Some(fields[index].1)
    }
}

/// Implements `prost::Message` for a type that has [`Fields`].
///
/// Of what prost would do by itself, only that is done here which is faster so: there are hundreds of
/// messages, and each method of each is compiled.
macro_rules! message {
    ($message:path) => {
        impl ::prost::Message for $message {
            #[inline]
            fn encode_raw(&self, buf: &mut impl ::prost::bytes::BufMut) {
                buf.put_slice(&crate::wire::to_vec(self));
            }
            #[inline]
            fn merge_field(
                &mut self,
                tag: u32,
                wire_type: ::prost::encoding::WireType,
                buf: &mut impl ::prost::bytes::Buf,
                ctx: ::prost::encoding::DecodeContext,
            ) -> crate::wire::Result {
                crate::wire::merge_field(self, tag, wire_type, buf, ctx)
            }
            #[inline]
            fn encoded_len(&self) -> usize {
                crate::wire::length(self)
            }
            #[inline]
            fn encode_to_vec(&self) -> Vec<u8> {
                crate::wire::to_vec(self)
            }
            #[inline]
            fn merge(&mut self, buf: impl ::prost::bytes::Buf) -> crate::wire::Result {
                crate::wire::merge(self, buf)
            }
            #[inline]
            fn clear(&mut self) {
                *self = Self::default();
            }
        }
    };
}
pub(crate) use message;

/// Reading protobuf within limits of one's own; `prost::Message::decode` has the default ones.
pub trait DecodeWithin: Sized {
    /// Reads a message from all of a buffer.
    ///
    /// # Errors
    ///
    /// The bytes are cut, are not protobuf of this type, or go beyond a limit, which the error names.
    ///
    /// ```
    /// use diadoc_proto::documents::DocumentList;
    /// use diadoc_proto::{DecodeWithin, Limits};
    ///
    /// // Two documents without anything.
    /// let body = [18, 0, 18, 0];
    /// let limits = Limits::new().elements(1);
    /// let error = DocumentList::decode_within(&body[..], &limits).unwrap_err();
    /// assert!(error.to_string().contains("`Limits::elements`"), "{error}");
    /// ```
    fn decode_within(
        buf: impl prost::bytes::Buf,
        limits: &Limits,
    ) -> std::result::Result<Self, prost::DecodeError>;
}

impl<M: Fields + Default> DecodeWithin for M {
    #[inline]
    fn decode_within(buf: impl prost::bytes::Buf, limits: &Limits) -> Result<Self> {
        let mut message = Self::default();
        merge_within(&mut message, buf, limits)?;
        Ok(message)
    }
}
