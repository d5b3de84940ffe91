//! What can be read of JSON that is broken.
//!
//! A body that lacks a comma or its end still says by its keys what it is meant to be.

use diadoc_schema::read_json;
use serde_json::{Map, Value};

/// How deep it is read; what lies deeper says little.
const DEEPEST: usize = 60;

/// The value with what is left of it: commas and colons may be missing, brackets may not match,
/// and the text may end anywhere.
pub(super) fn read(body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let mut tokens = Tokens { rest: &text };
    match tokens.token() {
        Some(token) => tokens.value(token, 0),
        None => Value::Null,
    }
}

struct Tokens<'t> {
    rest: &'t str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Open(char),
    Close,
    /// A string as it stands, with its quotes.
    String(&'t str),
    /// A number, `true`, or what is meant to be one.
    Word(&'t str),
}

impl<'t> Tokens<'t> {
    /// The next token; commas and colons are passed over.
    fn token(&mut self) -> Option<Token<'t>> {
        self.rest = self
            .rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '\u{feff}'));
        let first = self.rest.chars().next()?;
        let (length, token): (_, fn(&'t str) -> Token<'t>) = match first {
            '{' => (1, |_| Token::Open('{')),
            '[' => (1, |_| Token::Open('[')),
            '}' | ']' => (1, |_| Token::Close),
            '"' => (self.string_length(), Token::String),
            _ => {
                let ends = |c: char| c.is_whitespace() || "{}[]\",:".contains(c);
                (self.rest.find(ends).unwrap_or(self.rest.len()), Token::Word)
            }
        };
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(token(text))
    }

    /// To the closing quote, or to the end of the line where there is none.
    fn string_length(&self) -> usize {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                '\n' => return at,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return at + 1,
                _ => {}
            }
        }
        self.rest.len()
    }

    fn value(&mut self, token: Token<'t>, depth: usize) -> Value {
        match token {
            _ if depth > DEEPEST => Value::Null,
            Token::Open('{') => self.object(depth),
            Token::Open(_) => {
                let mut list = Vec::new();
                while let Some(token) = self.token().filter(|token| *token != Token::Close) {
                    list.push(self.value(token, depth + 1));
                }
                Value::Array(list)
            }
            Token::Close => Value::Null,
            Token::String(text) => Value::String(string(text)),
            // What is no word of JSON, such as a text without quotes, is there all the same.
            Token::Word(text) => read_json(text.as_bytes()).unwrap_or_else(|_| text.into()),
        }
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut object = Map::new();
        while let Some(token) = self.token() {
            match token {
                Token::Close => break,
                Token::String(key) => {
                    let value = match self.token() {
                        None | Some(Token::Close) => {
                            object.insert(string(key), Value::Null);
                            break;
                        }
                        Some(token) => self.value(token, depth + 1),
                    };
                    object.insert(string(key), value);
                }
                // No key: what stands here belongs to none.
                token => drop(self.value(token, depth + 1)),
            }
        }
        Value::Object(object)
    }
}

fn string(text: &str) -> String {
    serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn reads_what_is_left() {
        let whole = json!({"a": [1, {"b": "c"}], "d": true});
        for text in [
            r#"{"a": [1, {"b": "c"}], "d": true}"#,
            r#"{"a": [1 {"b" "c"}] "d": true"#,
            r#"{"a": [1, {"b": "c"}],, "d": true}}"#,
            "{\"a\": [1, {\"b\": \"c\n}], \"d\": true",
        ] {
            let read = read(text.as_bytes());
            assert_eq!(read["d"], whole["d"], "{text}");
            assert_eq!(read["a"][0], whole["a"][0], "{text}");
        }
        assert_eq!(read(b"{\"a\": "), json!({"a": null}));
        assert_eq!(read(b""), json!(null));
        assert_eq!(read(b"\xff{\xff"), json!("\u{fffd}"));
        assert_eq!(
            read(b"{\"a\": 1e999, \"b\": True"),
            json!({"a": "1e999", "b": "True"})
        );
        let nested = "[".repeat(100_000);
        assert!(read(nested.as_bytes()).is_array());
        let nested = r#"{"a":"#.repeat(100_000);
        assert!(read(nested.as_bytes()).is_object());
    }
}
