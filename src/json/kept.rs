//! Keys and names that the schema does not know: found in a body that has been read, and put back
//! into one that has been written. For [`preserve`](crate::preserve).

use diadoc_core::Limits;
use diadoc_core::dialect::without_mark;

use super::Error;
use super::fault::{Result, Segment};
use super::keys::Members;
use super::read::Reader;
use crate::preserve::UnknownKind;
use crate::preserve::fields::{Field, Fields, Holds};
use crate::preserve::tree::{Form, Names, Node, Parts, Place, places_of};

pub(crate) use super::pretty::pretty;

/// Takes note of what the schema does not know in a body that has been read.
pub(crate) fn collect(
    text: &str,
    fields: &'static Fields,
    limits: &Limits,
) -> std::result::Result<Node<String>, Error> {
    let mut reader = Reader::within(text, limits);
    (_, reader.at) = without_mark(text);
    reader.space();
    object(&mut reader, fields).map_err(|fault| Error::read(text, *fault))
}

/// Reads an object.
fn object(reader: &mut Reader<'_>, fields: &'static Fields) -> Result<Node<String>> {
    let mut node = Node::<String>::default();
    let mut more = reader.first(b'}')?;
    while more {
        let start = reader.at;
        let field = fields.of_key(reader.string()?);
        let key = &reader.text[start..reader.at];
        reader.colon()?;
        let is_null = reader.space() == Some(b'n');
        match field {
            None => {
                // No fault can be in it: who reads the message has passed over it.
                let value = unknown_value(reader)?;
                if !node.own.is_empty() {
                    node.own.push(',');
                }
                node.own.push_str(key);
                node.own.push(':');
                node.own.push_str(&value);
            }
            Some(_) if is_null => reader.skip_value()?,
            Some((index, field)) => known_value(reader, index, field, &mut node)
                .map_err(|fault| fault.below(Segment::Key(fields.name(index).to_owned())))?,
        }
        more = reader.next(b'}')?;
    }
    Ok(node)
}

/// Reads a value that is kept, without the space in it.
fn unknown_value(reader: &mut Reader<'_>) -> Result<String> {
    let mut rest = value(reader)?;
    let mut compact = String::new();
    while let Some(at) = rest.find(['"', '{', '[', '}', ']', ' ', '\n', '\r', '\t']) {
        let (plain, behind) = rest.split_at(at);
        compact.push_str(plain);
        let mut length = 1;
        if behind.starts_with('"') {
            let mut string = Reader::new(behind);
            string.skip_string()?;
            length = string.at;
        }
        let (token, behind) = behind.split_at(length);
        compact.push_str(token.trim_ascii());
        rest = behind;
    }
    compact.push_str(rest);
    Ok(compact)
}

/// Reads the value of a field, which is not `null`.
fn known_value(
    reader: &mut Reader<'_>,
    index: usize,
    field: &Field,
    node: &mut Node<String>,
) -> Result<()> {
    match field.holds {
        Holds::Value => reader.skip_value()?,
        Holds::Enum(members) => {
            let names = match field.repeated {
                true => names(reader, members)?,
                false => name(reader, members)?,
            };
            node.names.extend(names.map(|names| (index, names)));
        }
        Holds::Message(inside) if field.repeated => {
            let mut more = reader.list()?;
            let mut element = 0;
            while more {
                let inner = object(reader, inside())
                    .map_err(|fault| fault.below(Segment::Index(element)))?;
                if !inner.is_empty() {
                    reader.take::<Inner>()?;
                    node.inner.insert((index, element), inner);
                }
                element += 1;
                more = reader.next_element()?;
            }
        }
        Holds::Message(inside) => {
            let inner = object(reader, inside())?;
            if !inner.is_empty() {
                reader.take::<Inner>()?;
                node.inner.insert((index, 0), inner);
            }
        }
    }
    Ok(())
}

/// What an entry of [`Node::inner`] takes.
type Inner = (Place, Node<String>);

/// Reads the name or number of an enum's member; what is kept where the name is unknown.
fn name(reader: &mut Reader<'_>, members: &Members) -> Result<Option<Names>> {
    let start = reader.at;
    if reader.peek() != Some(b'"') {
        reader.skip_value()?;
        return Ok(None);
    }
    let is_known = members.number(reader.string()?.as_bytes()).is_some();
    Ok((!is_known).then(|| Names {
        text: reader.text[start..reader.at].to_owned(),
        elements: None,
    }))
}

/// Reads a list of names and numbers; the list as it is written with the unknown names, where there
/// are any.
fn names(reader: &mut Reader<'_>, members: &Members) -> Result<Option<Names>> {
    let start = reader.at;
    let (mut unknown, mut length) = (Vec::new(), 2);
    let mut more = reader.list()?;
    let mut element = 0;
    while more {
        let member = Member::read(reader, members)?;
        length += member.length() + 1;
        if let Member::Unknown(_) = member {
            reader.push(&mut unknown, element)?;
        }
        element += 1;
        more = reader.next_element()?;
    }
    if unknown.is_empty() {
        return Ok(None);
    }
    // The names may be longer than the numbers that stand for them.
    reader.take_bytes(length)?;
    let mut text = String::with_capacity(length);
    reader.at = start;
    let mut more = reader.list()?;
    while more {
        text.push(if text.is_empty() { '[' } else { ',' });
        match Member::read(reader, members)? {
            Member::Known(name) => text.extend(["\"", name, "\""]),
            Member::Number(number) => text.push_str(&number.to_string()),
            Member::Unknown(name) => text.push_str(name),
        }
        more = reader.next_element()?;
    }
    text.push(']');
    Ok(Some(Names {
        text,
        elements: Some(unknown),
    }))
}

/// An element of a list of members.
enum Member<'t> {
    Known(&'static str),
    /// A number that the enum does not know.
    Number(i32),
    /// A name that it does not know, as it stands.
    Unknown(&'t str),
}

impl<'t> Member<'t> {
    fn read(reader: &mut Reader<'t>, members: &Members) -> Result<Self> {
        let start = reader.at;
        let number = match reader.peek() {
            Some(b'"') => members.number(reader.string()?.as_bytes()),
            _ => reader.number()?.and_then(|number| number.try_into().ok()),
        };
        Ok(match number {
            Some(number) => match members.name_of(number) {
                Some(name) => Self::Known(name),
                None => Self::Number(number),
            },
            None => Self::Unknown(&reader.text[start..reader.at]),
        })
    }

    /// The most bytes that it is written with.
    fn length(&self) -> usize {
        match self {
            Self::Known(name) => name.len() + 2,
            Self::Number(_) => "-2147483648".len(),
            Self::Unknown(name) => name.len(),
        }
    }
}

/// Writes an object with what is kept of it: unknown keys stand after the known ones.
pub(crate) fn splice(
    text: &str,
    fields: &'static Fields,
    node: &Node<String>,
    written: &mut String,
) -> std::result::Result<(), Error> {
    let parts = String::parts(text, fields)?;
    let comma = |written: &mut String| {
        if !written.ends_with('{') {
            written.push(',');
        }
    };
    written.push('{');
    for (index, (key, field)) in fields.named().enumerate() {
        let mut values = parts.range(places_of(index)).peekable();
        let names = node.names.get(&index);
        if values.peek().is_none() && names.is_none() {
            continue;
        }
        comma(written);
        written.extend(["\"", key, "\":"]);
        if let Some(names) = names {
            written.push_str(&names.text);
            continue;
        }
        let inside = field.inside();
        let is_list = field.repeated && inside.is_some();
        written.push_str(if is_list { "[" } else { "" });
        for (place, value) in values {
            written.push_str(if place.1 > 0 { "," } else { "" });
            match node.inner.get(place).zip(inside) {
                Some((inner, inside)) => splice(value, inside, inner, written)?,
                None => written.push_str(value),
            }
        }
        written.push_str(if is_list { "]" } else { "" });
    }
    if !node.own.is_empty() {
        comma(written);
        written.push_str(&node.own);
    }
    written.push('}');
    Ok(())
}

impl Form for String {
    type Text = str;
    type Error = Error;
    const KIND: UnknownKind = UnknownKind::Key;

    fn text(&self) -> &str {
        self
    }

    fn parts<'t>(
        text: &'t str,
        fields: &'static Fields,
    ) -> std::result::Result<Parts<'t, str>, Error> {
        parts(text, fields).map_err(|fault| Error::read(text, *fault))
    }

    fn names(&self) -> Vec<String> {
        let mut reader = Reader::new(self);
        let mut names = Vec::new();
        // They are whole: they have been read when they were kept.
        while let Some(b'"') = reader.peek()
            && let Ok(key) = reader.string()
        {
            names.push(key.to_owned());
            if reader.colon().and_then(|()| reader.skip_value()).is_err() {
                break;
            }
            reader.at += 1;
        }
        names
    }
}

fn parts<'t>(text: &'t str, fields: &'static Fields) -> Result<Parts<'t, str>> {
    let mut parts = Parts::new();
    let mut reader = Reader::new(text);
    let mut more = reader.first(b'}')?;
    while more {
        let field = fields.of_key(reader.string()?);
        reader.colon()?;
        match field {
            Some((index, field)) if field.repeated && field.inside().is_some() => {
                let mut element = 0;
                let mut more = reader.list()?;
                while more {
                    parts.insert((index, element), value(&mut reader)?);
                    element += 1;
                    more = reader.next_element()?;
                }
            }
            Some((index, _)) => {
                parts.insert((index, 0), value(&mut reader)?);
            }
            None => reader.skip_value()?,
        }
        more = reader.next(b'}')?;
    }
    Ok(parts)
}

/// Reads a value as it stands.
fn value<'t>(reader: &mut Reader<'t>) -> Result<&'t str> {
    let start = reader.at;
    reader.skip_value()?;
    Ok(&reader.text[start..reader.at])
}
