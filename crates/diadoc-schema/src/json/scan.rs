//! Passes over JSON text that is without fault, and gives up at the first that is not.
//!
//! What [`Tokens`](super::tokens::Tokens) takes without a word is taken, and no more: it tells what is
//! wrong with the rest.

use std::borrow::Cow;

use diadoc_core::Limits;
use diadoc_core::names::same;

use super::tokens::Tokens;

/// The text, and how far it has been read. What is no fault is `Some`.
#[derive(Debug, Clone)]
pub(super) struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    pub(super) at: usize,
    /// How many levels deep it is.
    depth: usize,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            depth: 0,
        }
    }

    /// The text between two places.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The byte that comes next.
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over white space; the byte that comes next.
    #[inline]
    pub(super) fn space(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Passes over the byte, which comes next.
    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        let is_next = self.space()? == byte;
        self.at += usize::from(is_next);
        is_next.then_some(())
    }

    /// Enters an object or array, whose bracket comes next; whether there is anything in it.
    #[inline]
    pub(super) fn enter(&mut self, close: u8) -> Option<bool> {
        self.at += 1;
        Some(!self.closes(close)?)
    }

    /// Goes a level deeper: into a message that is not required, or into what is passed over.
    #[inline]
    pub(super) fn descend(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= Limits::DEPTH).then_some(())
    }

    #[inline]
    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Goes on behind a member or element; whether there is another.
    #[inline]
    pub(super) fn another(&mut self, close: u8) -> Option<bool> {
        if self.space()? == b',' {
            self.at += 1;
            return (self.space()? != close).then_some(true);
        }
        match self.closes(close)? {
            true => Some(false),
            false => None,
        }
    }

    #[inline]
    fn closes(&mut self, close: u8) -> Option<bool> {
        let closes = self.space()? == close;
        if closes {
            self.at += 1;
        }
        Some(closes)
    }

    /// Passes over a key that is the one that was guessed, with its quotes.
    #[inline]
    pub(super) fn guessed(&mut self, key: &str) -> bool {
        let end = self.at + key.len() + 2;
        let is_it = matches!(self.bytes.get(self.at..end), Some([b'"', found @ .., b'"'])
            if same(found, key.as_bytes()));
        if is_it {
            self.at = end;
        }
        is_it
    }

    /// A string, whose quote comes next.
    #[inline]
    pub(super) fn string(&mut self) -> Option<Cow<'t, str>> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        let end = plain_end(self.bytes, start);
        if *self.bytes.get(end)? == b'"' {
            self.at = end + 1;
            return Some(Cow::Borrowed(self.slice(start, end)));
        }
        self.escaped()
    }

    /// Passes over a string of that text, however it is spelt; one without escapes is borrowed.
    #[inline]
    pub(super) fn repeats(&mut self, text: Cow<'_, str>) -> Option<()> {
        if let Cow::Borrowed(text) = text {
            let end = self.at + text.len() + 2;
            if let Some([b'"', found @ .., b'"']) = self.bytes.get(self.at..end)
                && same(found, text.as_bytes())
            {
                self.at = end;
                return Some(());
            }
        }
        (self.string()? == text).then_some(())
    }

    /// A string with escapes.
    #[cold]
    fn escaped(&mut self) -> Option<Cow<'t, str>> {
        let mut tokens = Tokens::at(self.text, self.at);
        let string = tokens.string().ok()?;
        self.at = tokens.position();
        Some(string)
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Option<()> {
        self.take(b':')
    }

    /// `true`, `false` or `null`, which comes next.
    #[inline]
    pub(super) fn word(&mut self, word: &str) -> Option<()> {
        let end = self.at + word.len();
        let is_it = self.bytes.get(self.at..end)? == word.as_bytes();
        self.at = end;
        is_it.then_some(())
    }

    /// A number, which comes next.
    #[inline]
    pub(super) fn number(&mut self) -> Option<&'t str> {
        let start = self.at;
        let minus = usize::from(self.peek()? == b'-');
        let mut end = start + minus;
        let digits = |end: &mut usize| {
            let first = *end;
            while let Some(b'0'..=b'9') = self.bytes.get(*end) {
                *end += 1;
            }
            *end - first
        };
        let whole = digits(&mut end);
        if whole == 0 || whole > 1 && self.bytes.get(start + minus) == Some(&b'0') {
            return None;
        }
        if self.bytes.get(end) == Some(&b'.') {
            end += 1;
            (digits(&mut end) > 0).then_some(())?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(end) {
            end += 1;
            if let Some(b'+' | b'-') = self.bytes.get(end) {
                end += 1;
            }
            (digits(&mut end) > 0).then_some(())?;
        }
        self.at = end;
        Some(self.slice(start, end))
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self) -> Option<()> {
        match self.space()? {
            b'"' => self.string().map(drop),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            b'{' => {
                self.descend()?;
                let mut more = self.enter(b'}')?;
                while more {
                    self.string()?;
                    self.colon()?;
                    self.skip()?;
                    more = self.another(b'}')?;
                }
                self.ascend();
                Some(())
            }
            b'[' => {
                self.descend()?;
                let mut more = self.enter(b']')?;
                while more {
                    self.skip()?;
                    more = self.another(b']')?;
                }
                self.ascend();
                Some(())
            }
            _ => self.number().map(drop),
        }
    }

    /// Whether nothing follows.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.space().is_none()
    }
}

/// Where a quote, a backslash or a control character stands, from `at` on; else the end.
#[inline]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    // Most strings are identifiers of 36 bytes: four words go at once.
    while let Some(words) = bytes.get(at..).and_then(<[u8]>::first_chunk::<32>) {
        let (words, _) = words.as_chunks::<8>();
        let mut ends = [0; 4];
        for (end, word) in ends.iter_mut().zip(words) {
            *end = ends_in(*word);
        }
        if ends != [0; 4] {
            break;
        }
        at += 32;
    }
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let found = ends_in(*word);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let plain = rest
        .iter()
        .take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f));
    at + plain.count()
}

/// Has its lowest bit in the first byte that ends plain text; none where there is no such byte.
#[inline]
fn ends_in(word: [u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    // The lowest high bit that is set is that of the first zero byte.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
    let word = u64::from_le_bytes(word);
    let controls = word.wrapping_sub(0x20 * ONES) & !word;
    let quotes = zeros(word ^ (u64::from(b'"') * ONES));
    let backslashes = zeros(word ^ (u64::from(b'\\') * ONES));
    (controls | quotes | backslashes) & HIGH
}

#[cfg(test)]
mod tests {
    use super::{Scan, plain_end};

    #[test]
    fn plain_text_ends_at_each_byte_that_ends_it() {
        for length in 0..40 {
            for byte in 0..=u8::MAX {
                for rest in [b'a', 0xd0, 0xff] {
                    let mut bytes = vec![rest; length];
                    bytes.push(byte);
                    bytes.extend([rest; 9]);
                    let ends = matches!(byte, b'"' | b'\\' | 0..=0x1f);
                    let expected = if ends { length } else { bytes.len() };
                    assert_eq!(plain_end(&bytes, 0), expected, "{length} {byte}");
                }
            }
        }
    }

    /// As serde_json says of each value, and of each that is cut short or goes on.
    #[test]
    fn takes_what_is_json() {
        let values = [
            "null",
            "true",
            "false",
            "0",
            "-0",
            "10",
            "1.5",
            "-1.5e+3",
            "1E9",
            "\"\"",
            "\"a\\n\"",
            "\"\\ud83d\\ude00\"",
            "[]",
            "[1,2]",
            "[ 1 , [ ] ]",
            "{}",
            "{\"a\":1}",
            " { \"a\" : [ { } ] , \"b\" : null } ",
            "\"\\u00\"",
            "\"\t\"",
            "01",
            "-",
            "1.",
            "1e",
            ".5",
            "+1",
            "nul",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "[1 2]",
            "/**/1",
            "\"\\x\"",
            "\"\\ud83d\"",
            "{,}",
            "[,1]",
        ];
        for value in values {
            for text in [
                value.to_owned(),
                format!("[{value}]"),
                format!("{{\"k\":{value}}}"),
                format!("{value}}}"),
                value[..value.len() - 1].to_owned(),
            ] {
                let mut scan = Scan::new(&text);
                let taken = scan.skip().is_some() && scan.is_at_end();
                let is_json = serde_json::from_str::<serde_json::Value>(&text).is_ok();
                assert_eq!(taken, is_json, "{text}");
            }
        }
    }
}
