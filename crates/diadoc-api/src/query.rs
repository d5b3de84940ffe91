//! Query strings, as Diadoc reads them.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the characters that RFC 3986 calls unreserved. `+`, `/` and `=` of an index key are
/// encoded too: the server would read a bare `+` as a space.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A text with all characters percent-encoded but those that RFC 3986 calls unreserved.
///
/// ```
/// assert_eq!(diadoc_api::query::percent_encoded("a b/c"), "a%20b%2Fc");
/// ```
pub fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// The names and values of a query, decoded, in their order.
///
/// ```
/// let pairs = diadoc_api::query::pairs("boxId=1f20&name=a%20b");
/// assert_eq!(pairs[1], ("name".to_owned(), "a b".to_owned()));
/// ```
pub fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// The flag that a value of a query is: the server takes `true` and `false` in any case, and `1` and
/// `0`, which the vendor's page of ShelfUpload asks for and its SDKs send.
///
/// ```
/// use diadoc_api::query::flag;
///
/// assert_eq!((flag("True"), flag("0"), flag("yes")), (Some(true), Some(false), None));
/// ```
pub fn flag(value: &str) -> Option<bool> {
    let is = |text: &str| value.eq_ignore_ascii_case(text);
    match value {
        "1" => Some(true),
        "0" => Some(false),
        _ if is("true") => Some(true),
        _ if is("false") => Some(false),
        _ => None,
    }
}

/// Appends `name=value` to the path and query, with `?` or `&` before it.
pub(crate) fn push(path_and_query: &mut String, name: &str, value: &str) {
    let separator = match path_and_query.contains('?') {
        true => '&',
        false => '?',
    };
    let (name, value) = (
        utf8_percent_encode(name, ENCODED),
        utf8_percent_encode(value, ENCODED),
    );
    // Writing into a String does not fail.
    let _ = write!(path_and_query, "{separator}{name}={value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_arrive_whole() {
        let mut query = String::from("/V3/GetDocuments");
        push(&mut query, "afterIndexKey", "a+b/c=d e&f?g#h%i");
        push(&mut query, "query", "Ромашка");
        assert_eq!(
            query,
            "/V3/GetDocuments?afterIndexKey=a%2Bb%2Fc%3Dd%20e%26f%3Fg%23h%25i\
             &query=%D0%A0%D0%BE%D0%BC%D0%B0%D1%88%D0%BA%D0%B0"
        );
    }
}
