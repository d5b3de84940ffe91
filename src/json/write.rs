//! The writer: a message as compact JSON, at the end of one growing string.
//!
//! Every value is followed by a comma, and a closing bracket takes the place of the last one: that
//! way a field needs to know nothing of those before it. Lines and indentation are laid over the
//! finished text by [`pretty`](super::pretty).

use super::codec::Codec;
use super::strings::plain_end;
use diadoc_core::base64;

/// The room that there should be for the start of an object.
const ROOM: usize = 512;
/// The most that is asked for ahead.
const MOST_ROOM: usize = 1 << 20;

/// What has been written so far.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
}

/// A message as compact JSON.
pub(super) fn body(message: &dyn Codec) -> String {
    let mut writer = Writer::default();
    writer.object(message);
    writer.text.pop();
    writer.text
}

impl Writer {
    /// Writes an object and a comma.
    pub fn object(&mut self, message: &dyn Codec) {
        self.make_room();
        self.raw("{");
        message.write_fields(self);
        self.close("},");
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
        base64::encode(bytes, &mut self.text);
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;

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
