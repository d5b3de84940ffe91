//! prost's derive for the whole schema, beside diadoc-proto: the tests of this package hold one against
//! the other.

#![allow(deprecated, reason = "every type is in the lists, and every field")]

use std::fmt::Debug;

use prost::bytes::buf::Chain;
use prost::bytes::{Buf, Bytes};
use prost::encoding::{DecodeContext, WireType, message, skip_field};
use prost::{DecodeError, Message, UnknownEnumValue};

/// The types of prost's derive.
#[allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    reason = "it is as prost-build writes it"
)]
mod derived {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

/// A message type of the schema: ours, and that of prost's derive.
#[derive(Debug)]
pub struct Pair {
    pub full_name: &'static str,
    pub ours: Subject,
    pub derived: Subject,
}

/// What can be done with a message type, whatever the type is.
#[derive(Debug)]
pub struct Subject {
    /// Reads a message from a buffer.
    pub decode: fn(Buffer<'_>) -> Outcome,
    /// Reads a message from the first bytes, and merges the buffer into it.
    pub merge: fn(&[u8], Buffer<'_>) -> Outcome,
    /// Reads a message behind its length; gives the rest of the buffer too.
    pub delimited: fn(Buffer<'_>) -> (Outcome, usize),
    /// Reads a message of another schema, in which the message is the field 1 and the field 2 another
    /// message of that schema.
    pub embedded: fn(Buffer<'_>) -> Outcome,
    /// Reads a message, and writes it in several ways.
    pub written: fn(&[u8]) -> Result<Written, DecodeError>,
    /// The message with nothing set.
    pub initial: fn() -> Read,
}

/// A message that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Read {
    /// It as it is written.
    pub bytes: Vec<u8>,
    /// It as `Debug` shows it, without the `r#` of prost's derive.
    pub shown: String,
    /// What its methods give.
    pub getters: Vec<String>,
}

/// What came of reading.
pub type Outcome = Result<Read, DecodeError>;

/// What came of writing: bytes or an error, for each way.
pub type Written = Vec<Result<Vec<u8>, String>>;

/// Bytes in a buffer that behaves as one of several types: one type in the code, because each is compiled
/// for each message.
#[derive(Debug)]
pub enum Buffer<'a> {
    Slice(&'a [u8]),
    Bytes(Bytes),
    /// In two pieces.
    Chain(Chain<Bytes, Bytes>),
    /// In as many pieces as there are bytes.
    Crumbs(&'a [u8]),
}

impl Buf for Buffer<'_> {
    fn remaining(&self) -> usize {
        match self {
            Self::Slice(bytes) | Self::Crumbs(bytes) => bytes.remaining(),
            Self::Bytes(bytes) => bytes.remaining(),
            Self::Chain(bytes) => bytes.remaining(),
        }
    }

    fn chunk(&self) -> &[u8] {
        match self {
            Self::Slice(bytes) => bytes.chunk(),
            Self::Bytes(bytes) => bytes.chunk(),
            Self::Chain(bytes) => bytes.chunk(),
            Self::Crumbs(bytes) => bytes.get(..1).unwrap_or_default(),
        }
    }

    fn advance(&mut self, count: usize) {
        match self {
            Self::Slice(bytes) | Self::Crumbs(bytes) => bytes.advance(count),
            Self::Bytes(bytes) => bytes.advance(count),
            Self::Chain(bytes) => bytes.advance(count),
        }
    }

    fn copy_to_bytes(&mut self, length: usize) -> Bytes {
        match self {
            Self::Slice(bytes) | Self::Crumbs(bytes) => bytes.copy_to_bytes(length),
            Self::Bytes(bytes) => bytes.copy_to_bytes(length),
            Self::Chain(bytes) => bytes.copy_to_bytes(length),
        }
    }
}

/// Asks an enum what it makes of a number.
pub type MemberOf = fn(i32) -> Member;

/// What an enum makes of a number.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    pub is_valid: bool,
    pub shown: Result<String, UnknownEnumValue>,
    pub number: Option<i32>,
    pub default: i32,
}

/// A message of another schema.
#[derive(Debug, Default)]
struct Foreign<M> {
    message: M,
    inner: Option<Box<Self>>,
}

impl<M: Message + Default> Message for Foreign<M> {
    fn encode_raw(&self, buf: &mut impl prost::bytes::BufMut) {
        message::encode(1, &self.message, buf);
        if let Some(inner) = &self.inner {
            message::encode(2, &**inner, buf);
        }
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        match tag {
            1 => message::merge(wire_type, &mut self.message, buf, ctx),
            2 => message::merge(
                wire_type,
                &mut **self.inner.get_or_insert_default(),
                buf,
                ctx,
            ),
            _ => skip_field(wire_type, tag, buf, ctx),
        }
    }

    fn encoded_len(&self) -> usize {
        let inner = self.inner.iter();
        let inner = inner.map(|inner| message::encoded_len(2, &**inner));
        message::encoded_len(1, &self.message) + inner.sum::<usize>()
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

fn read<M: Listed>(message: &M) -> Read {
    Read {
        bytes: message.encode_to_vec(),
        shown: format!("{message:?}").replace("r#", ""),
        getters: message.getters(),
    }
}

fn written<M: Message + Default>(bytes: &[u8]) -> Result<Written, DecodeError> {
    let message = M::decode(Buffer::Slice(bytes))?;
    let foreign = Foreign {
        message,
        inner: None,
    };
    let message = &foreign.message;
    let mut behind = vec![1, 2, 3];
    let result = message.encode(&mut behind);
    Ok(vec![
        Ok(message.encode_to_vec()),
        Ok(message.encode_length_delimited_to_vec()),
        Ok(foreign.encode_to_vec()),
        Ok(message.encoded_len().to_string().into_bytes()),
        result.map(|()| behind).map_err(|error| error.to_string()),
    ])
}

/// A message type in the lists.
trait Listed: Message + Default + Debug {
    /// What its methods give, as `Debug` shows it.
    fn getters(&self) -> Vec<String> {
        Vec::new()
    }
}

impl<M: Listed> Listed for Foreign<M> {}

impl Subject {
    const fn of<M: Listed>() -> Self {
        Self {
            decode: |buffer| {
                let message = M::decode(buffer)?;
                Ok(read(&message))
            },
            merge: |base, mut buffer| {
                let mut message = M::decode(Buffer::Slice(base))?;
                message.merge(&mut buffer)?;
                Ok(read(&message))
            },
            delimited: |mut buffer| {
                let mut message = M::default();
                let merged = message.merge_length_delimited(&mut buffer);
                (merged.map(|()| read(&message)), buffer.remaining())
            },
            embedded: |buffer| {
                let foreign = Foreign::<M>::decode(buffer)?;
                Ok(read(&foreign))
            },
            written: written::<M>,
            initial: || read(&M::default()),
        }
    }
}

macro_rules! pair {
    ($name:ident, $full_name:literal, $ours:ty, $derived:ty, $($getter:ident)*) => {
        impl Listed for $ours {
            fn getters(&self) -> Vec<String> {
                vec![$(format!("{:?}", self.$getter())),*]
            }
        }
        impl Listed for $derived {
            fn getters(&self) -> Vec<String> {
                vec![$(format!("{:?}", self.$getter())),*]
            }
        }
        static $name: Pair = Pair {
            full_name: $full_name,
            ours: Subject::of::<$ours>(),
            derived: Subject::of::<$derived>(),
        };
    };
}

/// An enum in the lists.
trait Enumeration: TryFrom<i32, Error = UnknownEnumValue> + Copy + Default + Debug {
    fn is_valid_number(number: i32) -> bool;
    fn number(self) -> i32;
}

fn member<E: Enumeration>(number: i32) -> Member {
    let member = E::try_from(number);
    Member {
        is_valid: E::is_valid_number(number),
        shown: member.map(|member| format!("{member:?}")),
        number: member.ok().map(E::number),
        default: E::default().number(),
    }
}

macro_rules! members {
    ($($type:ty),*) => {
        $(impl Enumeration for $type {
            fn is_valid_number(number: i32) -> bool {
                Self::is_valid(number)
            }
            fn number(self) -> i32 {
                self.into()
            }
        })*
    };
}

include!(concat!(env!("OUT_DIR"), "/lists.rs"));
