//! Strings: plain runs a word at a time, escapes one by one.

use super::fault::{Fault, Result};
use super::read::{REST, Reader};

/// The end of the plain run that starts at `at`: the first quote, backslash or control character,
/// or the end of `bytes`. The writer escapes just these as well.
#[inline]
pub(super) fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    // Four words at once, because most strings are identifiers of 36 bytes.
    while let Some(words) = bytes.get(at..).and_then(|rest| rest.first_chunk::<32>()) {
        let (words, _) = words.as_chunks::<8>();
        let mut specials = [0; 4];
        for (special, word) in specials.iter_mut().zip(words) {
            *special = special_bytes(*word);
        }
        if specials.iter().fold(0, |all, special| all | special) != 0 {
            for special in specials {
                if special != 0 {
                    return at + (special.trailing_zeros() / 8) as usize;
                }
                at += 8;
            }
        }
        at += 32;
    }
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let special = special_bytes(*word);
        if special != 0 {
            return at + (special.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.len().saturating_sub(at);
    if let Some(last) = bytes.last_chunk() {
        // The last word once more, less what has been seen; zeros come in from behind.
        let last = u64::from_le_bytes(*last) >> (8 * (8 - rest) % 64);
        let plain = special_bytes(last.to_le_bytes()).trailing_zeros() / 8;
        return at + rest.min(plain as usize);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let plain = rest
        .iter()
        .take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..b' '));
    at + plain.count()
}

/// Marks the first of eight bytes that is a quote, a backslash or a control character in its high
/// bit; later marks may be false. No mark, no such byte.
#[inline]
fn special_bytes(word: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(word);
    const ONES: u64 = 0x0101_0101_0101_0101;
    let quote = (word ^ (ONES * b'"' as u64)).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    let control = word.wrapping_sub(ONES * b' ' as u64);
    (quote | backslash | control) & !word & (ONES << 7)
}

impl<'a> Reader<'a> {
    /// Reads a string, of which the quote has been seen.
    #[inline]
    pub(super) fn string(&mut self) -> Result<&str> {
        let start = self.at + 1;
        let end = plain_end(self.bytes, start);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(&self.text[start..end]);
        }
        self.escaped_string(start, end)
    }

    /// The same, where a plain run from `start` to `end` is not all.
    fn escaped_string(&mut self, mut start: usize, mut end: usize) -> Result<&str> {
        self.unescaped.clear();
        loop {
            self.unescaped.push_str(&self.text[start..end]);
            self.at = end;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(&self.unescaped);
                }
                Some(b'\\') => {
                    let escaped = self.escape()?;
                    self.unescaped.push(escaped);
                }
                other => return Err(self.no_string(other)),
            }
            start = self.at;
            end = plain_end(self.bytes, start);
        }
    }

    /// Reads an escape into the character that it stands for.
    fn escape(&mut self) -> Result<char> {
        let start = self.at;
        let code = match self.escape_letter()? {
            b'b' => return Ok('\u{8}'),
            b'f' => return Ok('\u{c}'),
            b'n' => return Ok('\n'),
            b'r' => return Ok('\r'),
            b't' => return Ok('\t'),
            b'u' => self.four_digits()?,
            other => return Ok(char::from(other)),
        };
        let second_half = 0xdc00..0xe000;
        if !(0xd800..0xdc00).contains(&code) {
            return char::from_u32(code).ok_or_else(|| Fault::syntax(start, SURROGATES));
        }
        for byte in *b"\\u" {
            match self.peek() {
                Some(found) if found == byte => self.at += 1,
                None => return Err(Fault::syntax(self.at, REST)),
                Some(_) => return Err(Fault::syntax(self.at, SURROGATES)),
            }
        }
        let second = self.at - 2;
        let low = self.four_digits()?;
        if !second_half.contains(&low) {
            return Err(Fault::syntax(second, SURROGATES));
        }
        let code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        char::from_u32(code).ok_or_else(|| Fault::syntax(start, SURROGATES))
    }

    /// Reads the backslash and the letter of an escape.
    fn escape_letter(&mut self) -> Result<u8> {
        self.at += 1;
        match self.peek() {
            Some(letter @ (b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u')) => {
                self.at += 1;
                Ok(letter)
            }
            Some(_) => Err(Fault::syntax(self.at, "the letter of an escape")),
            None => Err(Fault::syntax(self.at, REST)),
        }
    }

    fn four_digits(&mut self) -> Result<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().map(|byte| char::from(byte).to_digit(16));
            match digit {
                Some(Some(digit)) => code = code * 16 + digit,
                Some(None) => return Err(Fault::syntax(self.at, "four hexadecimal digits")),
                None => return Err(Fault::syntax(self.at, REST)),
            }
            self.at += 1;
        }
        Ok(code)
    }

    /// Reads a string that nobody wants. As in serde_json, escapes must be whole, but surrogates
    /// need not stand in pairs.
    pub(super) fn skip_string(&mut self) -> Result<()> {
        self.at += 1;
        loop {
            self.at = plain_end(self.bytes, self.at);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    if self.escape_letter()? == b'u' {
                        self.four_digits()?;
                    }
                }
                other => return Err(self.no_string(other)),
            }
        }
    }

    #[cold]
    fn no_string(&self, found: Option<u8>) -> Box<Fault> {
        let expected = match found {
            Some(_) => "no control character in a string",
            None => REST,
        };
        Fault::syntax(self.at, expected)
    }
}

/// Expected where an escape is half of a character.
const SURROGATES: &str = "a pair of surrogates";

#[cfg(test)]
mod tests {
    use super::plain_end;

    /// Byte by byte.
    fn expected(bytes: &[u8], at: usize) -> usize {
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
        let rest = bytes.iter().skip(at);
        at + rest.take_while(|byte| !special(byte)).count()
    }

    #[test]
    fn a_plain_run_ends_at_the_first_special_byte() {
        for special in 0..=u8::MAX {
            for length in 0..80_usize {
                for place in [0, length / 3, length / 2, length.saturating_sub(1)] {
                    // What looks special in another byte of the word must not mark this one.
                    let mut bytes = vec![b'!'; length];
                    if let Some(byte) = bytes.get_mut(place) {
                        *byte = special;
                    }
                    assert_eq!(plain_end(&bytes, 0), expected(&bytes, 0), "{bytes:?}");
                }
            }
        }
    }

    #[test]
    fn a_plain_run_starts_anywhere() {
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(600).collect();
        for at in 0..=bytes.len() {
            assert_eq!(plain_end(&bytes, at), expected(&bytes, at), "from {at}");
            let cut = &bytes[..at];
            for back in 0..at.min(70) {
                let from = at - back;
                assert_eq!(plain_end(cut, from), expected(cut, from), "{from} of {at}");
            }
        }
    }
}
