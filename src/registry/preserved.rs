//! Messages that keep what the schema does not know, of a type that is known at run time only.

use std::fmt;

use super::DynMessage;
use crate::json;
use crate::preserve::{Preservable, Preserved, Unknown, Written};

/// A [`Preserved`] whose message type is known at run time only.
pub trait DynPreserved: fmt::Debug + Send + Sync {
    /// The message.
    fn message(&self) -> &dyn DynMessage;

    /// As [`Preserved::unknown`].
    fn unknown(&self) -> Vec<Unknown>;

    /// As [`Preserved::to_json`].
    ///
    /// # Errors
    ///
    /// As there.
    fn to_json(&self) -> Result<Written<String>, json::Error>;

    /// As [`Preserved::to_json_pretty`].
    ///
    /// # Errors
    ///
    /// As there.
    fn to_json_pretty(&self) -> Result<Written<String>, json::Error>;

    /// As [`Preserved::to_protobuf`].
    ///
    /// # Errors
    ///
    /// As there.
    fn to_protobuf(&self) -> Result<Written<Vec<u8>>, prost::DecodeError>;
}

impl<M: Preservable + DynMessage> DynPreserved for Preserved<M> {
    fn message(&self) -> &dyn DynMessage {
        self.message()
    }

    fn unknown(&self) -> Vec<Unknown> {
        self.unknown()
    }

    fn to_json(&self) -> Result<Written<String>, json::Error> {
        self.to_json()
    }

    fn to_json_pretty(&self) -> Result<Written<String>, json::Error> {
        self.to_json_pretty()
    }

    fn to_protobuf(&self) -> Result<Written<Vec<u8>>, prost::DecodeError> {
        self.to_protobuf()
    }
}
