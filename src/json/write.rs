//! The writer: a message as compact JSON, at the end of one growing string.
//!
//! Every value is followed by a comma, and a closing bracket takes the place of the last one: that
//! way a field needs to know nothing of those before it. Lines and indentation are laid over the
//! finished text by [`pretty`](super::pretty).

use std::fmt;
use std::io;

use super::codec::Codec;
use super::strings::plain_end;
use diadoc_core::base64;

/// The room that there should be for the start of an object.
const ROOM: usize = 512;
/// The most that is asked for ahead.
const MOST_ROOM: usize = 1 << 20;
/// How long a text becomes before it goes on to where it is written.
const CHUNK: usize = 64 << 10;
/// How many bytes are written as base64 at once where the text goes on: a multiple of 3, so that
/// only the last part is padded.
const CONTENT: usize = 48 << 10;

/// What has been written so far.
#[derive(Default)]
pub struct Writer<'a> {
    text: String,
    /// Where the text goes when it is long.
    onward: Option<Onward<'a>>,
}

struct Onward<'a> {
    to: &'a mut Parts<'a>,
    /// After a failure, nothing goes on.
    written: io::Result<()>,
}

/// What takes a text part by part.
type Parts<'a> = dyn FnMut(&str) -> io::Result<()> + 'a;

/// A message as compact JSON.
pub(super) fn body(message: &dyn Codec) -> String {
    let mut writer = Writer::default();
    writer.object(message);
    writer.text.pop();
    writer.text
}

/// Writes a message as compact JSON, part by part.
pub(super) fn body_to(
    message: &dyn Codec,
    mut to: impl FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let mut writer = Writer {
        text: String::new(),
        onward: Some(Onward {
            to: &mut to,
            written: Ok(()),
        }),
    };
    writer.object(message);
    writer.text.pop();
    writer.go_on(0);
    writer.onward.map_or(Ok(()), |onward| onward.written)
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut writer = f.debug_struct("Writer");
        writer.field("text", &self.text).finish_non_exhaustive()
    }
}

impl Writer<'_> {
    /// Writes an object and a comma.
    pub fn object(&mut self, message: &dyn Codec) {
        if self.text.len() >= CHUNK {
            // The last byte may be a comma, of which a bracket takes the place.
            self.go_on(1);
        }
        self.make_room();
        self.raw("{");
        message.write_fields(self);
        self.close("},");
    }

    /// Lets the text but for so many bytes go on to where it is written, where that is anywhere.
    fn go_on(&mut self, keep: usize) {
        let Some(onward) = &mut self.onward else {
            return;
        };
        let gone = self.text.len().saturating_sub(keep);
        if onward.written.is_ok() {
            onward.written = (onward.to)(&self.text[..gone]);
        }
        self.text.drain(..gone);
    }

    /// Grows the text ahead of need, fourfold while it is small: a `String` by itself doubles, and
    /// the copying from each size to the next then costs as much as the writing.
    #[inline]
    fn make_room(&mut self) {
        let length = self.text.len();
        if self.text.capacity() - length < ROOM {
            self.text.reserve(ROOM + (3 * length).min(MOST_ROOM));
        }
    }

    /// Ends an object or a list with its bracket and a comma.
    #[inline]
    pub(super) fn close(&mut self, bracket: &'static str) {
        if self.text.ends_with(',') {
            self.text.truncate(self.text.len() - 1);
        }
        self.text.push_str(bracket);
    }

    /// Adds what is JSON already.
    #[inline]
    pub(super) fn raw(&mut self, json: &str) {
        self.text.push_str(json);
    }

    /// Adds a text, with escapes where it needs them.
    #[inline]
    pub(super) fn string(&mut self, text: &str) {
        let end = plain_end(text.as_bytes(), 0);
        if end == text.len() {
            self.raw(text);
        } else {
            self.string_with_escapes(text);
        }
    }

    #[cold]
    fn string_with_escapes(&mut self, text: &str) {
        let mut start = 0;
        loop {
            let end = plain_end(text.as_bytes(), start);
            self.raw(&text[start..end]);
            match text.as_bytes().get(end) {
                Some(byte) => self.escape(*byte),
                None => return,
            }
            start = end + 1;
        }
    }

    fn escape(&mut self, byte: u8) {
        match byte {
            b'"' => self.raw("\\\""),
            b'\\' => self.raw("\\\\"),
            0x08 => self.raw("\\b"),
            0x0c => self.raw("\\f"),
            b'\n' => self.raw("\\n"),
            b'\r' => self.raw("\\r"),
            b'\t' => self.raw("\\t"),
            control => {
                let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
                self.raw("\\u00");
                self.text.push(digit(control >> 4));
                self.text.push(digit(control & 15));
            }
        }
    }

    pub(super) fn integer(&mut self, number: impl itoa::Integer) {
        self.raw(itoa::Buffer::new().format(number));
    }

    pub(super) fn base64(&mut self, bytes: &[u8]) {
        if self.onward.is_none() {
            return base64::encode(bytes, &mut self.text);
        }
        for part in bytes.chunks(CONTENT) {
            base64::encode(part, &mut self.text);
            self.go_on(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{CHUNK, CONTENT, Codec, Writer, body, body_to};
    use crate::Content;
    use crate::documents::DocumentList;
    use crate::events::Message;

    /// A message as it is written, part by part.
    fn parts(message: &dyn Codec) -> Vec<String> {
        let mut parts = Vec::new();
        let written = body_to(message, |part| {
            parts.push(part.to_owned());
            Ok(())
        });
        written.expect("all of it is taken");
        parts
    }

    fn assert_in_parts(message: &dyn Codec) {
        let parts = parts(message);
        assert_eq!(parts.concat(), body(message));
        let longest = parts.iter().map(String::len).max();
        assert!(longest < Some(3 * CHUNK), "{longest:?}");
    }

    #[test]
    fn a_long_text_goes_on_in_parts() {
        let mut list = DocumentList::default();
        for documents in [0, 1, 3_000] {
            list.documents.resize_with(documents, Default::default);
            assert_in_parts(&list);
            // And not in a part for each document.
            assert!(parts(&list).len() <= body(&list).len() / CHUNK + 1);
        }
        let sizes = [0, 1, 2, CONTENT - 1, CONTENT, CONTENT + 1, 10 * CONTENT + 1];
        for size in sizes {
            let mut message = Message::default();
            message.entities.resize_with(2, Default::default);
            for entity in &mut message.entities {
                let data = Some(vec![7; size].into());
                entity.content = Some(Box::new(Content {
                    data,
                    ..Content::default()
                }));
            }
            assert_in_parts(&message);
        }
    }

    #[test]
    fn a_writer_shows_its_text() {
        let mut writer = Writer::default();
        writer.raw("{}");
        assert_eq!(format!("{writer:?}"), "Writer { text: \"{}\", .. }");
    }

    #[test]
    fn nothing_goes_on_after_a_failure() {
        let mut list = DocumentList::default();
        list.documents.resize_with(1_000, Default::default);
        let mut calls = 0;
        let written = body_to(&list, |_| {
            calls += 1;
            Err(io::ErrorKind::StorageFull.into())
        });
        let error = written.expect_err("nothing is taken");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(calls, 1);
    }

    #[test]
    fn escapes_are_those_of_serde_json() {
        let every_char: String = ('\0'..='\u{2fff}').collect();
        let each_alone = every_char.chars().map(String::from);
        let between = every_char
            .chars()
            .map(|c| format!("seven b{c}and more than eight{c}"));
        for text in each_alone
            .chain(between)
            .chain([every_char.clone(), "💼".into()])
        {
            let mut writer = Writer::default();
            writer.string(&text);
            let expected = serde_json::to_string(&text).expect("JSON");
            assert_eq!(format!("\"{}\"", writer.text), expected);
        }
    }
}
