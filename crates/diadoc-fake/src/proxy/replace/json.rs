//! Bodies in JSON. Tokens are replaced where they stand: what is odd about a body stays so.

use diadoc_core::base64;
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde::de::IgnoredAny;

use super::Unreadable;
use crate::proxy::pseudonyms::{Known, Pseudonyms};
use crate::proxy::treatment::{self, Treatment};

const MARK: &str = "\u{feff}";
/// How long a key is at most that may be one of a schema, in characters.
const LONGEST_KEY: usize = 64;
/// How many digits such a key has at most.
const MOST_DIGITS: usize = 4;

pub(super) fn body(
    pseudonyms: &Pseudonyms,
    known: &mut Known,
    message: &MessageDescriptor,
    body: &[u8],
) -> Result<Vec<u8>, Unreadable> {
    let text = std::str::from_utf8(body).map_err(|_| Unreadable)?;
    let json = text.strip_prefix(MARK).unwrap_or(text);
    // From here on it is JSON, and no deeper than serde_json reads.
    serde_json::from_str::<IgnoredAny>(json).map_err(|_| Unreadable)?;
    let mut writer = Writer {
        pseudonyms,
        known,
        rest: json,
        made: text[..text.len() - json.len()].to_owned(),
    };
    writer
        .value(&Place::Message(message.clone()))
        .ok_or(Unreadable)?;
    writer.made.push_str(writer.rest);
    Ok(writer.made.into_bytes())
}

/// What is due where a value stands.
enum Place {
    Message(MessageDescriptor),
    /// A value of a field, or one of its elements.
    Field(FieldDescriptor),
    Unknown,
}

struct Writer<'a> {
    pseudonyms: &'a Pseudonyms,
    known: &'a mut Known,
    rest: &'a str,
    made: String,
}

/// None where the text is no JSON after all.
impl<'a> Writer<'a> {
    fn value(&mut self, place: &Place) -> Option<()> {
        self.space();
        match self.rest.as_bytes().first()? {
            b'{' => self.object(place),
            b'[' => self.list(place),
            b'"' => {
                let token = self.string_token()?;
                self.string(place, token);
                Some(())
            }
            b't' | b'f' | b'n' => {
                let word = self.take(|character| !character.is_ascii_alphabetic());
                self.made.push_str(word);
                Some(())
            }
            _ => {
                let number = self.take(|character| {
                    !matches!(character, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')
                });
                self.number(place, number);
                (!number.is_empty()).then_some(())
            }
        }
    }

    fn object(&mut self, place: &Place) -> Option<()> {
        let message = match place {
            Place::Message(message) => Some(message.clone()),
            Place::Field(field) => match field.kind() {
                Kind::Message(message) => Some(message),
                _ => None,
            },
            Place::Unknown => None,
        };
        self.keep(1)?;
        loop {
            self.space();
            match self.rest.as_bytes().first()? {
                b'}' => return self.keep(1),
                b',' => self.keep(1)?,
                _ => {
                    let token = self.string_token()?;
                    let key = read(token);
                    let field = message.as_ref().and_then(|message| field_of(message, &key));
                    match field.is_some() || is_key(&key) {
                        true => self.made.push_str(token),
                        false => {
                            let made = self.pseudonyms.words(&key);
                            self.write(&made);
                        }
                    }
                    self.space();
                    self.keep(1)?;
                    self.value(&field.map_or(Place::Unknown, Place::Field))?;
                }
            }
        }
    }

    fn list(&mut self, place: &Place) -> Option<()> {
        self.keep(1)?;
        loop {
            self.space();
            match self.rest.as_bytes().first()? {
                b']' => return self.keep(1),
                b',' => self.keep(1)?,
                _ => self.value(place)?,
            }
        }
    }

    fn string(&mut self, place: &Place, token: &str) {
        let text = read(token);
        let made = match place {
            Place::Unknown | Place::Message(_) => self.pseudonyms.unknown(&text),
            Place::Field(field) => match treatment::of(field) {
                Treatment::Content => self.bytes(&text),
                // Numbers and booleans may be strings.
                Treatment::Text if field.kind() != Kind::String && is_plain(&text) => text.clone(),
                treatment => self.pseudonyms.of_field(treatment, &text),
            },
        };
        match made == text {
            true => self.made.push_str(token),
            false => {
                self.known.learn(&text);
                self.write(&made);
            }
        }
    }

    /// Base64 in the same alphabet, with the same line breaks and padding.
    fn bytes(&self, text: &str) -> String {
        let Some(bytes) = base64::decode(text.as_bytes()) else {
            return self.pseudonyms.of_field(Treatment::Text, text);
        };
        let made = base64::encode_to_string(&self.pseudonyms.content(&bytes));
        let is_url_safe = base64::is_url_safe(text);
        let mut symbols = made.chars();
        let mut next = |was: char| {
            if was.is_ascii_whitespace() {
                return was;
            }
            match symbols.next().unwrap_or(was) {
                // So that it is seen which alphabet it is.
                _ if matches!(was, '-' | '_') => was,
                '+' if is_url_safe => '-',
                '/' if is_url_safe => '_',
                symbol => symbol,
            }
        };
        text.chars().map(&mut next).collect()
    }

    fn number(&mut self, place: &Place, number: &str) {
        let made = match place {
            // A reader takes it for its text.
            Place::Field(field) if matches!(field.kind(), Kind::String | Kind::Bytes) => {
                match treatment::of(field) {
                    Treatment::Amount => number.to_owned(),
                    Treatment::Secret => "0".to_owned(),
                    _ => self.pseudonyms.digits_in(number),
                }
            }
            Place::Field(_) => number.to_owned(),
            Place::Unknown | Place::Message(_) => self.pseudonyms.number(number),
        };
        self.made.push_str(&made);
    }

    fn write(&mut self, text: &str) {
        self.made
            .push_str(&serde_json::Value::from(text).to_string());
    }

    fn space(&mut self) {
        let space = self.take(|character| !matches!(character, ' ' | '\t' | '\n' | '\r'));
        self.made.push_str(space);
    }

    /// Takes what stands before the first such character.
    fn take(&mut self, is_end: impl Fn(char) -> bool) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at(self.rest.find(is_end).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Keeps so many bytes of punctuation.
    fn keep(&mut self, bytes: usize) -> Option<()> {
        let (kept, rest) = self.rest.split_at_checked(bytes)?;
        self.made.push_str(kept);
        self.rest = rest;
        Some(())
    }

    /// Takes a string with its quotes.
    fn string_token(&mut self) -> Option<&'a str> {
        let bytes = self.rest.as_bytes();
        let mut place = 1;
        loop {
            match bytes.get(place)? {
                b'"' => break,
                b'\\' => place += 2,
                _ => place += 1,
            }
        }
        let (token, rest) = self.rest.split_at_checked(place + 1)?;
        self.rest = rest;
        Some(token)
    }
}

/// What a string says; half of a character outside of the first plane is none.
fn read(token: &str) -> String {
    serde_json::from_str(token).unwrap_or_else(|_| token.trim_matches('"').to_owned())
}

/// The field of a key, which the server reads in any case.
fn field_of(message: &MessageDescriptor, key: &str) -> Option<FieldDescriptor> {
    let exact = message
        .get_field_by_json_name(key)
        .or_else(|| message.get_field_by_name(key));
    exact.or_else(|| {
        let mut fields = message.fields();
        fields.find(|field| {
            field.json_name().eq_ignore_ascii_case(key) || field.name().eq_ignore_ascii_case(key)
        })
    })
}

/// Whether a key that the schema does not have looks like one of another schema, not like data.
fn is_key(key: &str) -> bool {
    key.chars().count() <= LONGEST_KEY
        && key.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_')
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && key.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
}

/// Whether a text is a number or a boolean.
fn is_plain(text: &str) -> bool {
    text.parse::<i64>().is_ok()
        || text.eq_ignore_ascii_case("true")
        || text.eq_ignore_ascii_case("false")
}
