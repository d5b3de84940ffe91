//! Names: of types, their ends, and those that may have been meant.

use diadoc_core::rules::nearest;
use prost_reflect::Kind;

use crate::schema::ROOT_PACKAGE;

/// The full name of a message or enum, or protobuf's name of the scalar.
pub(crate) fn type_name(kind: &Kind) -> String {
    match kind {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(item) => item.full_name().to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}

/// The name in JSON that compilers make of a field's name where the schema states none.
pub(crate) fn default_json_name(name: &str) -> String {
    let mut json = String::with_capacity(name.len());
    for (index, part) in name.split('_').enumerate() {
        let mut letters = part.chars();
        if index > 0 {
            json.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        }
        json.extend(letters);
    }
    json
}

/// A name without the package that all of Diadoc's names begin with.
pub(crate) fn short_name(full_name: &str) -> &str {
    full_name
        .strip_prefix(ROOT_PACKAGE)
        .and_then(|rest| rest.strip_prefix('.'))
        .unwrap_or(full_name)
}

/// A name without the package or message that it lies in.
pub(crate) fn last_name(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}

/// A name without its version, and the version: `GetDocumentsV3` is 3 of `GetDocuments`; 1 where the
/// name has none.
pub(crate) fn version(name: &str) -> (&str, u32) {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    match (stem.strip_suffix('V'), name[stem.len()..].parse()) {
        (Some(unversioned), Ok(version)) => (unversioned, version),
        _ => (name, 1),
    }
}

/// Whether a name is that full name, or its end after a dot: everything in the schema may be named
/// so.
///
/// ```
/// use diadoc_schema::is_tail;
///
/// let full_name = "Diadoc.Api.Proto.Documents.DocumentList";
/// assert!(is_tail(full_name, "DocumentList") && is_tail(full_name, "Documents.DocumentList"));
/// assert!(!is_tail(full_name, "List") && !is_tail(full_name, ""));
/// ```
pub fn is_tail(full_name: &str, name: &str) -> bool {
    let outside = full_name.strip_suffix(name);
    !name.is_empty() && outside.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The full names whose last part is near to that of `name`, in the order of [`nearest`].
///
/// ```
/// use diadoc_schema::nearest_last_names;
///
/// let all = ["A.Message", "B.Message", "A.Messages", "A.Other"];
/// assert_eq!(nearest_last_names("C.message", all), ["A.Message", "B.Message"]);
/// ```
pub fn nearest_last_names<'a>(
    name: &str,
    full_names: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let full_names: Vec<_> = full_names.into_iter().collect();
    nearest(last_name(name), full_names.iter().map(|one| last_name(one)))
        .into_iter()
        .flat_map(|near| full_names.iter().filter(move |one| last_name(one) == near))
        .copied()
        .collect()
}
