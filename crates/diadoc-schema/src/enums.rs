//! Enums and the names of their members.

use prost_reflect::{EnumDescriptor, EnumValueDescriptor};

use crate::options::{extension, text};

/// The members in the order of the schema.
pub(crate) fn members(item: &EnumDescriptor) -> impl Iterator<Item = (&str, i32)> {
    let values = &item.enum_descriptor_proto().value;
    values.iter().map(|value| (value.name(), value.number()))
}

/// The members as descriptors; prost-reflect's own order is that of the numbers.
pub(crate) fn values(item: &EnumDescriptor) -> impl Iterator<Item = EnumValueDescriptor> {
    members(item).filter_map(|(name, _)| item.get_value_by_name(name))
}

/// The name that JSON writes for a number: the first that the enum declares for it.
pub(crate) fn first_name(item: &EnumDescriptor, number: i32) -> Option<&str> {
    members(item)
        .find(|(_, other)| *other == number)
        .map(|(name, _)| name)
}

/// The option of an enum that says what becomes of a name that it does not have (R4).
const NAMES: &str = "Diadoc.Json.names";

/// The member that a name from the future is read as, where the enum states one with the option
/// `(Json.names).unknown`. How the members are called decides nothing: `UnknownDssType` says that a
/// certificate is not a mobile one. An enum of a foreign schema states none.
///
/// ```
/// use diadoc_schema::{Schema, unknown_member};
///
/// let schema = Schema::diadoc();
/// let named = |name| schema.enums().find(|item| item.name() == name).expect("the schema has it");
/// assert_eq!(unknown_member(&named("SortDirection")), Some("UnknownSortDirection"));
/// assert_eq!(unknown_member(&named("DssCertificateType")), None);
/// ```
pub fn unknown_member(item: &EnumDescriptor) -> Option<&str> {
    let names = extension(item.parent_pool(), NAMES, || item.options())?;
    let stated = text(&names, "unknown")?;
    members(item)
        .map(|(name, _)| name)
        .find(|name| *name == stated)
}
