//! Fields that JSON has and protobuf does not.

use diadoc_core::dialect::FIRST_ONLY_IN_JSON;
use prost_reflect::{FieldDescriptor, MessageDescriptor};

use crate::options::{extension, flag};

/// The option of a field that says how JSON has it.
const FIELD: &str = "Diadoc.Json.field";

/// Whether only JSON has the field: it has the option `(Json.field).only`, since the vendor has
/// published no number for it. Its number stands in for one, and never travels.
///
/// ```
/// use diadoc_schema::{Schema, is_only_in_json};
///
/// let document = Schema::diadoc().message("Documents.Document")?;
/// let only_in_json = document.fields().filter(is_only_in_json);
/// assert!(only_in_json.map(|field| field.name().to_owned()).any(|name| name == "Participants"));
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn is_only_in_json(field: &FieldDescriptor) -> bool {
    // The number spares most fields the look at their options.
    field.number() >= FIRST_ONLY_IN_JSON
        && extension(field.parent_pool(), FIELD, || field.options())
            .is_some_and(|option| flag(&option, "only"))
}

/// The field that protobuf has under the number.
pub(crate) fn wire_field(message: &MessageDescriptor, number: u32) -> Option<FieldDescriptor> {
    message
        .get_field(number)
        .filter(|field| !is_only_in_json(field))
}
