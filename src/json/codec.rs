//! What every message implements for its JSON; the code is generated.

use super::fault::Result;
use super::keys::Keys;
use super::read::Reader;
use super::write::Writer;

/// A message that the direct codec can read and write.
///
/// It can be called through `dyn`, and is: the loops over keys and lists exist once, not once per
/// message, which keeps the code of a dependent small.
pub trait Codec {
    /// The keys of the message; a field's index there is the one that `read_field` takes.
    fn keys(&self) -> &'static Keys;

    /// Reads the value of a field, which is not `null`.
    fn read_field(&mut self, field: usize, reader: &mut Reader<'_>) -> Result<()>;

    /// Writes the fields in the order of the schema.
    fn write_fields(&self, writer: &mut Writer<'_>);
}
