//! Fields that the schema does not know, in protobuf.

use prost::DecodeError;
use prost::encoding::{
    DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint, skip_field,
};

use super::UnknownKind;
use super::fields::Fields;
use super::tree::{Form, Node, Parts, Place};

/// A field as it stands on the wire.
struct Raw<'b> {
    number: u32,
    /// The field from its key to its end.
    whole: &'b [u8],
    /// What its length is of, where it has one.
    content: Option<&'b [u8]>,
}

/// Reads a field, a group with all that it holds.
fn field<'b>(rest: &mut &'b [u8]) -> Result<Raw<'b>, DecodeError> {
    let start = *rest;
    let (number, wire_type) = decode_key(rest)?;
    let value = *rest;
    skip_field(wire_type, number, rest, DecodeContext::default())?;
    let content = match wire_type {
        WireType::LengthDelimited => {
            let mut content = &value[..value.len() - rest.len()];
            decode_varint(&mut content)?;
            Some(content)
        }
        _ => None,
    };
    Ok(Raw {
        number,
        whole: &start[..start.len() - rest.len()],
        content,
    })
}

/// Calls `each` with the fields of a message, and with the place and the content of those that hold
/// messages.
fn each_field<'b>(
    mut bytes: &'b [u8],
    fields: &'static Fields,
    mut each: impl FnMut(Raw<'b>, Option<(Place, &'b [u8])>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    // How many messages a list has so far.
    let mut counts = vec![0; fields.count()];
    while !bytes.is_empty() {
        let raw = field(&mut bytes)?;
        let message = raw.content.zip(fields.of_number(raw.number));
        let message = message.and_then(|(content, (index, field))| {
            field.inside()?;
            let count = counts.get_mut(index)?;
            // Readers merge messages that stand twice in a field that is no list.
            let element = *count;
            *count += usize::from(field.repeated);
            Some(((index, element), content))
        });
        each(raw, message)?;
    }
    Ok(())
}

/// Takes note of what the schema does not know in a message that has been read.
pub(super) fn collect(
    bytes: &[u8],
    fields: &'static Fields,
    node: &mut Node<Vec<u8>>,
) -> Result<(), DecodeError> {
    each_field(bytes, fields, |raw, message| {
        match message.and_then(|it| Some((it, fields.inside(it.0.0)?))) {
            Some(((place, content), fields)) => {
                let mut inner = node.inner.remove(&place).unwrap_or_default();
                collect(content, fields, &mut inner)?;
                if !inner.is_empty() {
                    node.inner.insert(place, inner);
                }
            }
            None if fields.of_number(raw.number).is_none() => {
                node.own.extend_from_slice(raw.whole);
            }
            None => {}
        }
        Ok(())
    })
}

/// Writes a message with what is kept of it: unknown fields stand after the known ones, in the order
/// in which they were read.
pub(super) fn splice(
    bytes: &[u8],
    fields: &'static Fields,
    node: &Node<Vec<u8>>,
    written: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    each_field(bytes, fields, |raw, message| {
        let kept = message.and_then(|(place, content)| {
            let inner = node.inner.get(&place)?;
            Some((inner, content, fields.inside(place.0)?))
        });
        match kept {
            Some((inner, content, fields)) => {
                let mut body = Vec::new();
                splice(content, fields, inner, &mut body)?;
                encode_key(raw.number, WireType::LengthDelimited, written);
                encode_varint(body.len() as u64, written);
                written.append(&mut body);
            }
            None => written.extend_from_slice(raw.whole),
        }
        Ok(())
    })?;
    written.extend_from_slice(&node.own);
    Ok(())
}

impl Form for Vec<u8> {
    type Text = [u8];
    type Error = DecodeError;
    const KIND: UnknownKind = UnknownKind::Field;

    fn text(&self) -> &[u8] {
        self
    }

    fn parts<'t>(bytes: &'t [u8], fields: &'static Fields) -> Result<Parts<'t, [u8]>, DecodeError> {
        let mut parts = Parts::new();
        each_field(bytes, fields, |_, message| {
            parts.extend(message);
            Ok(())
        })?;
        Ok(parts)
    }

    fn names(&self) -> Vec<String> {
        let mut rest = &self[..];
        let mut names = Vec::new();
        // They are whole: they have been read when they were kept.
        while !rest.is_empty()
            && let Ok(field) = field(&mut rest)
        {
            names.push(field.number.to_string());
        }
        names
    }
}
