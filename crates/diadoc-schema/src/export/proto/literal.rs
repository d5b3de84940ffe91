//! Values of options as `.proto` files write them.

use prost_reflect::{DynamicMessage, EnumDescriptor, Kind, MapKey, Value};

/// A value of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    /// A number, a text in quotes, a name.
    Plain(String),
    /// `[a, b]`
    List(Vec<Literal>),
    /// `{a: 1, b: 2}`
    Message(Vec<(String, Literal)>),
}

impl Literal {
    pub(super) fn text(text: &str) -> Self {
        Self::Plain(quoted(text.as_bytes()))
    }

    pub(super) fn plain(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }

    pub(super) fn message<const N: usize>(fields: [(&str, Self); N]) -> Self {
        Self::Message(fields.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// The value of a field, or of an element of a list.
    pub(super) fn of_value(value: &Value, kind: &Kind) -> Self {
        match value {
            Value::Bool(value) => Self::plain(value),
            Value::I32(value) => Self::plain(value),
            Value::I64(value) => Self::plain(value),
            Value::U32(value) => Self::plain(value),
            Value::U64(value) => Self::plain(value),
            Value::F32(value) => Self::Plain(float((*value).into())),
            Value::F64(value) => Self::Plain(float(*value)),
            Value::String(text) => Self::text(text),
            Value::Bytes(bytes) => Self::Plain(quoted(bytes)),
            Value::EnumNumber(number) => Self::Plain(match kind.as_enum() {
                Some(item) => enum_name(item, *number),
                None => number.to_string(),
            }),
            Value::Message(message) => Self::of_message(message),
            Value::List(values) => {
                let values = values.iter().map(|value| Self::of_value(value, kind));
                Self::List(values.collect())
            }
            Value::Map(entries) => {
                let value_kind = kind
                    .as_message()
                    .map(|entry| entry.map_entry_value_field().kind());
                let entries = entries.iter().map(|(key, value)| {
                    let value = match &value_kind {
                        Some(kind) => Self::of_value(value, kind),
                        None => Self::List(Vec::new()),
                    };
                    Self::message([("key", Self::of_key(key)), ("value", value)])
                });
                Self::List(entries.collect())
            }
        }
    }

    pub(super) fn of_message(message: &DynamicMessage) -> Self {
        let fields = message.fields().map(|(field, value)| {
            (
                field.name().to_owned(),
                Self::of_value(value, &field.kind()),
            )
        });
        let extensions = message.extensions().map(|(extension, value)| {
            let name = format!("[{}]", extension.full_name());
            (name, Self::of_value(value, &extension.kind()))
        });
        Self::Message(fields.chain(extensions).collect())
    }

    fn of_key(key: &MapKey) -> Self {
        match key {
            MapKey::Bool(key) => Self::plain(key),
            MapKey::I32(key) => Self::plain(key),
            MapKey::I64(key) => Self::plain(key),
            MapKey::U32(key) => Self::plain(key),
            MapKey::U64(key) => Self::plain(key),
            MapKey::String(key) => Self::text(key),
        }
    }

    /// The value on one line.
    pub(super) fn line(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::List(values) => {
                let values: Vec<_> = values.iter().map(Self::line).collect();
                format!("[{}]", values.join(", "))
            }
            Self::Message(fields) => {
                let fields = fields.iter();
                let fields: Vec<_> = fields
                    .map(|(name, value)| format!("{name}: {}", value.line()))
                    .collect();
                format!("{{{}}}", fields.join(", "))
            }
        }
    }

    /// The value on a line that has that much room, or on several lines, of which the later ones are
    /// indented.
    pub(super) fn lines(&self, room: usize) -> String {
        let line = self.line();
        if line.chars().count() <= room {
            return line;
        }
        let (open, close, parts) = match self {
            Self::Plain(_) => return line,
            Self::List(values) => {
                let parts: Vec<_> = values.iter().map(|value| (String::new(), value)).collect();
                ('[', ']', parts)
            }
            Self::Message(fields) => {
                let fields = fields.iter();
                let parts = fields
                    .map(|(name, value)| (format!("{name}: "), value))
                    .collect();
                ('{', '}', parts)
            }
        };
        let parts: Vec<_> = parts
            .into_iter()
            .map(|(head, value)| {
                let room = room.saturating_sub(INDENT.len() + head.chars().count());
                let value = value.lines(room).replace('\n', &format!("\n{INDENT}"));
                format!("{INDENT}{head}{value}")
            })
            .collect();
        format!("{open}\n{}\n{close}", parts.join(",\n"))
    }
}

/// How far what stands inside braces is indented.
pub(super) const INDENT: &str = "  ";

/// The name of an enum's value, or its number where it has none.
fn enum_name(item: &EnumDescriptor, number: i32) -> String {
    let value = item.get_value(number);
    value.map_or_else(|| number.to_string(), |value| value.name().to_owned())
}

fn float(value: f64) -> String {
    if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "inf" } else { "-inf" }.to_owned()
    } else {
        value.to_string()
    }
}

/// A text or bytes in quotes. Letters beyond ASCII stay as they are.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut text = "\"".to_owned();
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '"' => text += "\\\"",
                '\\' => text += "\\\\",
                '\n' => text += "\\n",
                '\r' => text += "\\r",
                '\t' => text += "\\t",
                letter if letter.is_ascii_control() => text += &octal(letter as u8),
                letter => text.push(letter),
            }
        }
        chunk
            .invalid()
            .iter()
            .for_each(|byte| text += &octal(*byte));
    }
    text.push('"');
    text
}

fn octal(byte: u8) -> String {
    format!("\\{byte:03o}")
}
