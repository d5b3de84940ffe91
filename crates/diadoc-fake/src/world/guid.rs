//! GUIDs in keys, as the server writes them there.

use prost::Message;
use uuid::Uuid;

/// The bytes of a GUID as .NET orders them, in two halves.
#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct Guid {
    #[prost(fixed64, required, tag = "1")]
    low: u64,
    #[prost(fixed64, required, tag = "2")]
    high: u64,
}

impl From<Uuid> for Guid {
    fn from(guid: Uuid) -> Self {
        let bytes = u128::from_le_bytes(guid.to_bytes_le());
        #[expect(clippy::cast_possible_truncation, reason = "one half after the other")]
        let (low, high) = (bytes as u64, (bytes >> 64) as u64);
        Self { low, high }
    }
}

impl From<Guid> for Uuid {
    fn from(guid: Guid) -> Self {
        let bytes = u128::from(guid.high) << 64 | u128::from(guid.low);
        Self::from_bytes_le(bytes.to_le_bytes())
    }
}
