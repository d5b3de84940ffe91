//! Headers of Diadoc's requests and answers, for those who read and for those who write them.

mod delay;

use http::HeaderMap;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use percent_encoding::percent_decode_str;

use crate::query::percent_encoded;

pub use delay::{LONG_DELAY, LONGEST_DELAY, delay, retry_after};

/// The vendor's code of an error: `Auth.InvalidToken`.
pub const ERROR_CODE: &str = "x-diadoc-errorcode";
/// The name of a file, percent-encoded.
pub const FILE_NAME: &str = "x-diadoc-filename";
/// The id of the request in the vendor's logs, in every answer; the vendor's support asks for it.
pub const TRACE_ID: &str = "x-kontur-trace-id";
/// The name of the program that a request comes from, where
/// [`Config::with_solution_info`](crate::Config::with_solution_info) gives one.
pub const SOLUTION_INFO: &str = "x-solution-info";

/// `Content-Disposition` of a file with that name, as RFC 6266 has it: in ASCII for clients that read
/// `filename` alone, with `_` for each other letter, and then whole.
///
/// ```
/// let value = diadoc_api::headers::content_disposition("акт 1.xml");
/// let whole = "UTF-8''%D0%B0%D0%BA%D1%82%201.xml";
/// assert_eq!(value, format!("attachment; filename=\"___ 1.xml\"; filename*={whole}"));
/// ```
pub fn content_disposition(file_name: &str) -> String {
    let plain = |letter: char| match letter {
        // What has a meaning inside quotes, or to clients that decode what they should not.
        '"' | '\\' | '%' => '_',
        ' '..='~' => letter,
        _ => '_',
    };
    let plain: String = file_name.chars().map(plain).collect();
    let encoded = percent_encoded(file_name);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The type of the content.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<String> {
    text(headers, CONTENT_TYPE.as_str()).map(str::to_owned)
}

/// `filename*` of `Content-Disposition` (RFC 6266), else `filename`, else [`FILE_NAME`].
pub fn file_name(headers: &HeaderMap) -> Option<String> {
    let disposition = headers.get(CONTENT_DISPOSITION);
    // A name in plain UTF-8 is against the RFC, but it happens.
    let disposition = disposition.map(|value| String::from_utf8_lossy(value.as_bytes()));
    let disposition = disposition.as_deref().unwrap_or_default();
    parameter(disposition, "filename*")
        .and_then(|value| {
            let (charset, rest) = value.split_once('\'')?;
            let (_, encoded) = rest.split_once('\'')?;
            let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
            charset
                .eq_ignore_ascii_case("utf-8")
                .then(|| decoded.into_owned())
        })
        .or_else(|| parameter(disposition, "filename"))
        .or_else(|| {
            let name = headers.get(FILE_NAME)?;
            let name = String::from_utf8_lossy(name.as_bytes());
            Some(percent_decode_str(&name).decode_utf8_lossy().into_owned())
        })
        .filter(|name| !name.is_empty())
}

/// The value of a parameter of a header, without its quotes.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => {
                let (value, next) = after.split_once(';').unwrap_or((after, ""));
                (value.trim().to_owned(), next)
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next;
    }
}

/// A quoted text up to its closing quote, and what follows the next semicolon.
fn unquote(quoted: &str) -> (String, &str) {
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                let after = &quoted[at + 1..];
                return (value, after.split_once(';').map_or("", |(_, next)| next));
            }
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            letter => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn name(header: &'static str, value: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        let value = http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
        headers.insert(header, value);
        file_name(&headers)
    }

    #[test]
    fn file_names() {
        let name = |value: &str| name(CONTENT_DISPOSITION.as_str(), value);
        let cases = [
            ("attachment; filename=a.xml", "a.xml"),
            ("attachment; filename=\"a b;c.xml\"; size=3", "a b;c.xml"),
            (r#"attachment; filename="a\"b.xml""#, "a\"b.xml"),
            (
                "attachment; filename=a.xml; filename*=UTF-8''%D0%B0%D0%BA%D1%82.xml",
                "акт.xml",
            ),
            ("attachment; FileName=\"акт.xml\"", "акт.xml"),
            ("attachment; filename*=koi8-r''x; filename=y", "y"),
        ];
        for (value, expected) in cases {
            assert_eq!(name(value).as_deref(), Some(expected), "{value}");
        }
        for value in [
            "attachment",
            "attachment; filename",
            "attachment; filename=",
            "",
        ] {
            assert_eq!(name(value), None, "{value}");
        }
        let own = self::name(FILE_NAME, "%D0%B0.xsd");
        assert_eq!(own.as_deref(), Some("а.xsd"));
    }

    #[test]
    fn what_is_written_is_read() {
        for name in ["a b;c.xml", "акт \"1\".xml", "100%.zip"] {
            let mut headers = HeaderMap::new();
            let value = HeaderValue::try_from(content_disposition(name)).expect("a header");
            headers.insert(CONTENT_DISPOSITION, value);
            assert_eq!(file_name(&headers).as_deref(), Some(name));
        }
    }
}
