//! JSON as values.

use serde_json::Value;

/// Reads a body, whatever numbers stand in it: one that is too large for serde_json is read as a string,
/// as which it is the same where it is skipped, and in a field of strings.
///
/// # Errors
///
/// As serde_json says of a text that is no JSON.
pub(crate) fn parse(body: &[u8]) -> serde_json::Result<Value> {
    // serde_json takes no byte order mark.
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    serde_json::from_slice(body).or_else(|error| {
        let text = std::str::from_utf8(body).map(with_quoted_numbers);
        text.ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .ok_or(error)
    })
}

/// The text with quotes around the numbers that are too large.
fn with_quoted_numbers(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| matches!(c, '"' | '-' | '0'..='9')) {
        let (before, from) = rest.split_at(at);
        quoted.push_str(before);
        let is_string = from.starts_with('"');
        let (token, behind) = from.split_at(match is_string {
            true => string_end(from),
            false => {
                let is_part = |c: char| matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9');
                from.find(|c| !is_part(c)).unwrap_or(from.len())
            }
        });
        match !is_string && token.parse().is_ok_and(f64::is_infinite) {
            true => quoted.extend(["\"", token, "\""]),
            false => quoted.push_str(token),
        }
        rest = behind;
    }
    quoted + rest
}

/// Where the string ends that the text begins with.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    #[test]
    fn numbers_that_are_too_large_are_strings() {
        let body = "\u{feff}{\"1e999\": [1e999, -1E+999, 1e9, \"\\\\\", \"\\\"1e999\"]}";
        let value = parse(body.as_bytes()).expect("JSON");
        assert_eq!(
            value,
            json!({"1e999": ["1e999", "-1E+999", 1e9, "\\", "\"1e999"]})
        );
        for body in ["", "1e", "[1e999", "\"", "{\"a\": 1e999,}"] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
