//! Enums and the names of their members.

use prost_reflect::{EnumDescriptor, EnumValueDescriptor};

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

/// The member that stands for names and numbers from the future, where the enum has one: readers
/// of Diadoc's JSON take a name that they do not know as this member.
///
/// ```
/// use diadoc_schema::{Schema, unknown_member};
///
/// let mut enums = Schema::diadoc().enums();
/// let direction = enums.find(|item| item.name() == "SortDirection").expect("the schema has it");
/// assert_eq!(unknown_member(&direction), Some("UnknownSortDirection"));
/// ```
pub fn unknown_member(item: &EnumDescriptor) -> Option<&str> {
    diadoc_core::dialect::unknown_member(members(item).map(|(name, _)| name))
}
