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

/// A decimal string (R3): a minus or none, then digits and nothing else.
pub fn decimal(text: &str) -> Option<i64> {
    // `parse` alone would also take a plus.
    let digits = text.strip_prefix('-').unwrap_or(text);
    let decimal = digits.bytes().all(|byte| byte.is_ascii_digit());
    decimal.then(|| text.parse().ok()).flatten()
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
