//! Integers (R3), eight digits at a time.

use super::fault::{Fault, Result};
use super::read::Reader;

impl Reader<'_> {
    /// Reads a number, of which the minus or the first digit has been seen; `None` where it has a
    /// fraction or an exponent, or does not fit in 64 bits.
    #[inline]
    pub(super) fn number(&mut self) -> Result<Option<i64>> {
        let negative = self.peek() == Some(b'-');
        let start = self.at + usize::from(negative);
        let (magnitude, end) = digits(self.bytes, start);
        let zero_first = self.bytes.get(start) == Some(&b'0');
        let goes_on = matches!(self.bytes.get(end), Some(b'.' | b'e' | b'E'));
        let plain = match end - start {
            1 => !goes_on,
            // Nineteen digits are always less than 2^64.
            2..=19 => !goes_on && !zero_first,
            _ => false,
        };
        if !plain {
            self.skip_number()?;
            return Ok(None);
        }
        self.at = end;
        Ok(signed(negative, magnitude))
    }

    /// Reads a number that nobody wants, of which the minus or the first digit has been seen.
    pub(super) fn skip_number(&mut self) -> Result<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let zero_first = self.peek() == Some(b'0');
        let start = self.at;
        self.some_digits()?;
        if zero_first && self.at - start > 1 {
            return Err(Fault::syntax(start + 1, "no digit after a zero"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(())
    }

    fn some_digits(&mut self) -> Result<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        match self.at == start {
            true => Err(Fault::syntax(start, "a digit")),
            false => Ok(()),
        }
    }
}

/// The number that the digits from `at` on make, modulo 2^64, and where they end.
#[inline]
fn digits(bytes: &[u8], mut at: usize) -> (u64, usize) {
    let mut number = 0_u64;
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        match eight_digits(u64::from_le_bytes(*word)) {
            Some(eight) => number = number.wrapping_mul(100_000_000).wrapping_add(eight),
            None => break,
        }
        at += 8;
    }
    while let Some(byte @ b'0'..=b'9') = bytes.get(at) {
        number = number.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        at += 1;
    }
    (number, at)
}

/// The number that eight bytes make, the first of them lowest in `word`, where all are digits.
#[inline]
fn eight_digits(word: u64) -> Option<u64> {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    // A digit has the high half 3, also after 6 more.
    let more = word.wrapping_add(0x0606_0606_0606_0606);
    if (word & HIGH) | ((more & HIGH) >> 4) != 0x3333_3333_3333_3333 {
        return None;
    }
    // Neighbours make pairs, pairs make fours, fours make eight.
    let ones = word & 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = (ones * 10 + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

fn signed(negative: bool, magnitude: u64) -> Option<i64> {
    match negative {
        true => 0_i64.checked_sub_unsigned(magnitude),
        false => magnitude.try_into().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, digits, eight_digits};

    fn number(text: &str) -> Option<i64> {
        let mut reader = Reader::new(text);
        let number = reader.number().expect("a number");
        assert_eq!(reader.at, text.trim_end_matches([' ', ',']).len(), "{text}");
        number
    }

    #[test]
    fn digits_of_any_count_are_read_whole() {
        let all = "98765432101234567890";
        for start in 0..all.len() {
            for end in start..=all.len().min(start + 19) {
                let text = &all[start..end];
                let expected = text.parse().unwrap_or(0);
                assert_eq!(digits(text.as_bytes(), 0), (expected, text.len()));
                let longer = format!("{text}:/ and more");
                assert_eq!(digits(longer.as_bytes(), 0), (expected, text.len()));
            }
        }
    }

    #[test]
    fn eight_digits_are_read_at_once() {
        for place in 0..8 {
            for byte in 0..=u8::MAX {
                let mut text = *b"98765432";
                text[place] = byte;
                let expected = str::from_utf8(&text).ok();
                let expected = expected.filter(|_| byte.is_ascii_digit());
                let expected = expected.and_then(|text| text.parse().ok());
                assert_eq!(eight_digits(u64::from_le_bytes(text)), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn numbers_are_exact_up_to_the_limits_of_64_bits() {
        for expected in [0, 7, -7, 638_884_246_403_244_956, i64::MAX, i64::MIN] {
            assert_eq!(number(&expected.to_string()), Some(expected));
            assert_eq!(number(&format!("{expected} ,")), Some(expected));
        }
        assert_eq!(number("-0"), Some(0));
        for beyond in [
            "9223372036854775808",
            "-9223372036854775809",
            "9999999999999999999",
            "18446744073709551617",
            "100000000000000000000000000000000000",
            "1.0",
            "1e3",
            "-0.0",
            "1E400",
        ] {
            assert_eq!(number(beyond), None, "{beyond}");
        }
    }
}
