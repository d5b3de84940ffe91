//! Every message type by its full name, for programs that learn the type at run time.
//!
//! ```
//! use diadoc_proto::registry;
//!
//! let message_type = registry::find("Diadoc.Api.Proto.Timestamp").unwrap();
//! let message = message_type.from_json(br#"{"Ticks": 638884246403244956}"#)?;
//! assert_eq!(message.encode_to_vec().len(), 9);
//! assert_eq!(message.to_json()?, r#"{"Ticks":638884246403244956}"#);
//! # Ok::<(), diadoc_proto::json::Error>(())
//! ```

use std::any::Any;
use std::fmt;
use std::io;

use crate::json::{self, JsonMessage};
#[cfg(feature = "preserve")]
use crate::preserve::{Preservable as Listed, Preserved, Unknown};
use crate::{DecodeWithin, Limits};

#[path = "generated/registry.rs"]
#[allow(deprecated)]
#[rustfmt::skip]
mod generated;
#[cfg(feature = "preserve")]
mod preserved;

/// What the messages of the table implement.
#[cfg(not(feature = "preserve"))]
use crate::json::JsonMessage as Listed;
#[cfg(feature = "preserve")]
pub use preserved::DynPreserved;

type Boxed<E> = Result<Box<dyn DynMessage>, E>;
#[cfg(feature = "preserve")]
type BoxedPreserved<E> = Result<Box<dyn DynPreserved>, E>;

/// A message type of the schema, known by its name.
#[derive(Clone, Copy)]
pub struct MessageType {
    full_name: &'static str,
    package: &'static str,
    memory_size: usize,
    default: fn() -> Box<dyn DynMessage>,
    decode: fn(&[u8], &Limits) -> Boxed<prost::DecodeError>,
    from_json: fn(&[u8], &Limits) -> Boxed<json::Error>,
    #[cfg(feature = "preserve")]
    decode_preserved: fn(&[u8], &Limits) -> BoxedPreserved<prost::DecodeError>,
    #[cfg(feature = "preserve")]
    from_json_preserved: fn(&[u8], &Limits) -> BoxedPreserved<json::Error>,
    #[cfg(feature = "preserve")]
    unknown_in_json: fn(&[u8], &Limits) -> Result<Vec<Unknown>, json::Error>,
}

impl MessageType {
    const fn of<M: DynMessage + Listed + DecodeWithin>(full_name: &'static str) -> Self {
        Self {
            full_name,
            package: M::PACKAGE,
            memory_size: size_of::<M>(),
            default: || Box::new(M::default()),
            decode: |bytes, limits| Ok(Box::new(M::decode_within(bytes, limits)?)),
            from_json: |body, limits| Ok(Box::new(json::from_slice_within::<M>(body, limits)?)),
            #[cfg(feature = "preserve")]
            decode_preserved: |bytes, limits| {
                Ok(Box::new(Preserved::<M>::from_protobuf_within(
                    bytes, limits,
                )?))
            },
            #[cfg(feature = "preserve")]
            from_json_preserved: |body, limits| {
                Ok(Box::new(Preserved::<M>::from_json_within(body, limits)?))
            },
            #[cfg(feature = "preserve")]
            unknown_in_json: Preserved::<M>::unknown_in_json_within,
        }
    }

    /// The package: `Diadoc.Api.Proto.Documents`.
    pub fn package(&self) -> &'static str {
        self.package
    }

    /// The name below the package: `DocumentList`.
    pub fn name(&self) -> &'static str {
        &self.full_name[self.package.len() + 1..]
    }

    /// The full name: `Diadoc.Api.Proto.Documents.DocumentList`.
    pub fn full_name(&self) -> &'static str {
        self.full_name
    }

    /// The size of its struct in memory, in bytes, without what it points to.
    pub fn memory_size(&self) -> usize {
        self.memory_size
    }

    /// The message with nothing set.
    pub fn default_message(&self) -> Box<dyn DynMessage> {
        (self.default)()
    }

    /// Reads a message of this type from protobuf bytes.
    ///
    /// # Errors
    ///
    /// The bytes are cut, or are not protobuf of this type.
    pub fn decode(&self, bytes: &[u8]) -> Result<Box<dyn DynMessage>, prost::DecodeError> {
        self.decode_within(bytes, &Limits::new())
    }

    /// Reads a message of this type from protobuf bytes, within limits.
    ///
    /// # Errors
    ///
    /// As [`DecodeWithin::decode_within`].
    pub fn decode_within(
        &self,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Box<dyn DynMessage>, prost::DecodeError> {
        (self.decode)(bytes, limits)
    }

    /// Reads a message of this type from Diadoc's JSON.
    ///
    /// # Errors
    ///
    /// As [`json::from_slice`].
    pub fn from_json(&self, body: &[u8]) -> Result<Box<dyn DynMessage>, json::Error> {
        self.from_json_within(body, &Limits::new())
    }

    /// Reads a message of this type from Diadoc's JSON, within limits.
    ///
    /// # Errors
    ///
    /// As [`json::from_slice_within`].
    pub fn from_json_within(
        &self,
        body: &[u8],
        limits: &Limits,
    ) -> Result<Box<dyn DynMessage>, json::Error> {
        (self.from_json)(body, limits)
    }

    /// Reads a message of this type from protobuf bytes, and keeps what the schema does not know.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    #[cfg(feature = "preserve")]
    pub fn decode_preserved(
        &self,
        bytes: &[u8],
    ) -> Result<Box<dyn DynPreserved>, prost::DecodeError> {
        self.decode_preserved_within(bytes, &Limits::new())
    }

    /// As [`decode_preserved`](Self::decode_preserved), within limits.
    ///
    /// # Errors
    ///
    /// As [`decode_within`](Self::decode_within).
    #[cfg(feature = "preserve")]
    pub fn decode_preserved_within(
        &self,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Box<dyn DynPreserved>, prost::DecodeError> {
        (self.decode_preserved)(bytes, limits)
    }

    /// Reads a message of this type from Diadoc's JSON, and keeps what the schema does not know.
    ///
    /// # Errors
    ///
    /// As [`Preserved::from_json`].
    #[cfg(feature = "preserve")]
    pub fn from_json_preserved(&self, body: &[u8]) -> Result<Box<dyn DynPreserved>, json::Error> {
        self.from_json_preserved_within(body, &Limits::new())
    }

    /// As [`from_json_preserved`](Self::from_json_preserved), within limits.
    ///
    /// # Errors
    ///
    /// As [`Preserved::from_json_within`].
    #[cfg(feature = "preserve")]
    pub fn from_json_preserved_within(
        &self,
        body: &[u8],
        limits: &Limits,
    ) -> Result<Box<dyn DynPreserved>, json::Error> {
        (self.from_json_preserved)(body, limits)
    }

    /// What the schema does not know in Diadoc's JSON of this type.
    ///
    /// # Errors
    ///
    /// As [`Preserved::unknown_in_json`].
    #[cfg(feature = "preserve")]
    pub fn unknown_in_json(&self, body: &[u8]) -> Result<Vec<Unknown>, json::Error> {
        self.unknown_in_json_within(body, &Limits::new())
    }

    /// As [`unknown_in_json`](Self::unknown_in_json), within limits.
    ///
    /// # Errors
    ///
    /// As [`Preserved::from_json_within`].
    #[cfg(feature = "preserve")]
    pub fn unknown_in_json_within(
        &self,
        body: &[u8],
        limits: &Limits,
    ) -> Result<Vec<Unknown>, json::Error> {
        (self.unknown_in_json)(body, limits)
    }
}

impl fmt::Debug for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageType({})", self.full_name)
    }
}

/// A message whose type is known at run time only.
pub trait DynMessage: Any + fmt::Debug + Send + Sync {
    /// The full name of its type.
    fn full_name(&self) -> String;

    /// The message as protobuf bytes.
    fn encode_to_vec(&self) -> Vec<u8>;

    /// The message as compact JSON.
    ///
    /// # Errors
    ///
    /// As [`json::to_string`].
    fn to_json(&self) -> Result<String, json::Error>;

    /// The message as JSON over several lines.
    ///
    /// # Errors
    ///
    /// As [`json::to_string`].
    fn to_json_pretty(&self) -> Result<String, json::Error>;

    /// Writes the message as compact JSON, in parts.
    ///
    /// # Errors
    ///
    /// As [`json::to_writer`].
    fn write_json(&self, writer: &mut dyn io::Write) -> Result<(), json::Error>;

    /// Writes the message as JSON over several lines, in parts.
    ///
    /// # Errors
    ///
    /// As [`json::to_writer_pretty`].
    fn write_json_pretty(&self, writer: &mut dyn io::Write) -> Result<(), json::Error>;

    /// Whether `other` is of the same type and equal.
    fn dyn_eq(&self, other: &dyn DynMessage) -> bool;
}

impl<M> DynMessage for M
where
    M: JsonMessage + fmt::Debug + PartialEq + Send + Sync + 'static,
{
    fn full_name(&self) -> String {
        <M as prost::Name>::full_name()
    }

    fn encode_to_vec(&self) -> Vec<u8> {
        prost::Message::encode_to_vec(self)
    }

    fn to_json(&self) -> Result<String, json::Error> {
        json::to_string(self)
    }

    fn to_json_pretty(&self) -> Result<String, json::Error> {
        json::to_string_pretty(self)
    }

    fn write_json(&self, writer: &mut dyn io::Write) -> Result<(), json::Error> {
        json::to_writer(writer, self)
    }

    fn write_json_pretty(&self, writer: &mut dyn io::Write) -> Result<(), json::Error> {
        json::to_writer_pretty(writer, self)
    }

    fn dyn_eq(&self, other: &dyn DynMessage) -> bool {
        (other as &dyn Any).downcast_ref::<M>() == Some(self)
    }
}

impl PartialEq for dyn DynMessage {
    fn eq(&self, other: &Self) -> bool {
        self.dyn_eq(other)
    }
}

/// Every message type of the schema, sorted by full name.
pub fn messages() -> &'static [MessageType] {
    &generated::MESSAGES
}

/// The message type of that full name.
pub fn find(full_name: &str) -> Option<&'static MessageType> {
    let messages = messages();
    messages
        .binary_search_by_key(&full_name, |message| message.full_name)
        .ok()
        .map(|index| &messages[index])
}
