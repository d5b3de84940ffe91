//! Options of our own on the elements of a schema, read by name.

use prost_reflect::{DescriptorPool, DynamicMessage, ReflectMessage as _, Value};

/// The option of that full name in the options of an element, where the pool defines it and the
/// element has it; for programs that read options of a schema themselves.
pub fn extension(
    pool: &DescriptorPool,
    name: &str,
    options: impl FnOnce() -> DynamicMessage,
) -> Option<DynamicMessage> {
    stated(pool, name, options)?.as_message().cloned()
}

/// The value of the option of that full name, where the pool defines it and the element has it.
pub(crate) fn stated(
    pool: &DescriptorPool,
    name: &str,
    options: impl FnOnce() -> DynamicMessage,
) -> Option<Value> {
    let extension = pool.get_extension_by_name(name)?;
    let options = options();
    // A foreign pool may use the name for something else.
    if extension.containing_message() != options.descriptor() {
        return None;
    }
    if !options.has_extension(&extension) {
        return None;
    }
    Some(options.get_extension(&extension).into_owned())
}

pub(crate) fn field(options: &DynamicMessage, name: &str) -> Option<Value> {
    let field = options.descriptor().get_field_by_name(name)?;
    options
        .has_field(&field)
        .then(|| options.get_field(&field).into_owned())
}

pub(crate) fn number(options: &DynamicMessage, name: &str) -> Option<i64> {
    match field(options, name)? {
        Value::I32(number) => Some(number.into()),
        Value::I64(number) => Some(number),
        Value::U32(number) => Some(number.into()),
        Value::U64(number) => i64::try_from(number).ok(),
        Value::EnumNumber(number) => Some(number.into()),
        _ => None,
    }
}

/// Whether an option is true.
pub(crate) fn flag(options: &DynamicMessage, name: &str) -> bool {
    field(options, name).is_some_and(|value| value == Value::Bool(true))
}

pub(crate) fn text(options: &DynamicMessage, name: &str) -> Option<String> {
    field(options, name)?.as_str().map(str::to_owned)
}

/// The strings of a list among the options of an element.
pub fn option_texts(options: &DynamicMessage, name: &str) -> Vec<String> {
    let list = field(options, name);
    let list = list.as_ref().and_then(Value::as_list).unwrap_or_default();
    list.iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
