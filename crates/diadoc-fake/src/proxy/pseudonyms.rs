//! What stands in the place of the data in a recording.
//!
//! A value is replaced by one of the same form: ids by ids, numbers of the tax service by such with
//! right check digits, letters by letters. What it is replaced by comes from a keyed hash of the value,
//! so that the same value is replaced the same way everywhere, and nobody without the key finds out what
//! it was.

mod content;
mod numbers;
mod sentence;
mod text;

use diadoc_core::DocumentDate;
use diadoc_core::secrets::HIDDEN;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::treatment::Treatment;

pub(super) use sentence::Known;

/// How long a name is at most that is kept as a code, in characters.
const LONGEST_CODE: usize = 64;

/// From how many digits on a number may be somebody's.
const DIGITS_OF_A_NUMBER: usize = 6;

/// Makes what stands in the place of data. It has no `Debug`: the key is a secret.
pub(super) struct Pseudonyms {
    key: [u8; 32],
}

/// Bytes that follow from a hash. Not secret in themselves: whoever sees them learns the hash at most.
struct Stream(u64);

impl Pseudonyms {
    /// With a key that follows from a text, or with a random one.
    pub(super) fn new(seed: Option<&str>) -> Self {
        let mut hash = Sha256::new();
        match seed {
            Some(seed) => hash.update(seed),
            // Two of them, as six bits of each are fixed.
            None => [Uuid::new_v4(), Uuid::new_v4()]
                .iter()
                .for_each(|random| hash.update(random.as_bytes())),
        }
        Self {
            key: hash.finalize().into(),
        }
    }

    /// What stands in the place of a string of a field.
    pub(super) fn of_field(&self, treatment: Treatment, text: &str) -> String {
        match treatment {
            Treatment::Code if is_code(text) => text.to_owned(),
            Treatment::Date if text.parse::<DocumentDate>().is_ok() => text.to_owned(),
            Treatment::Amount if is_amount(text) => text.to_owned(),
            Treatment::Secret if text.is_empty() => String::new(),
            Treatment::Secret => HIDDEN.to_owned(),
            Treatment::FileName => self.file_name(text),
            Treatment::Snils => self.snils(text),
            Treatment::Text | Treatment::Content => self.text(text),
            Treatment::Code | Treatment::Date | Treatment::Amount | Treatment::Words => {
                self.words(text)
            }
        }
    }

    /// What stands in the place of a string where the schema has none. A moment is kept, as dates are.
    pub(super) fn unknown(&self, text: &str) -> String {
        match is_moment(text) {
            true => text.to_owned(),
            false => self.words(text),
        }
    }

    /// What stands in the place of a number where no number is known to be.
    pub(super) fn number(&self, number: &str) -> String {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let is_moment = number.parse().is_ok_and(is_recent);
        match digits < DIGITS_OF_A_NUMBER || is_moment {
            true => number.to_owned(),
            false => self.digits_in(number),
        }
    }

    /// The keyed hash of a value. `domain` keeps values of different kinds apart.
    #[allow(clippy::expect_used, reason = "the length of a key is not bounded")]
    fn hash(&self, domain: &str, value: &[u8]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256>>::new_from_slice(&self.key).expect("a key may have any length");
        mac.update(domain.as_bytes());
        mac.update(&[0]);
        mac.update(value);
        mac.finalize().into_bytes().into()
    }

    #[allow(clippy::expect_used, reason = "the length is that of the type")]
    fn stream(&self, domain: &str, value: &[u8]) -> Stream {
        let hash = self.hash(domain, value);
        let (start, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        Stream(u64::from_le_bytes(*start))
    }
}

impl Stream {
    /// The next 64 bits, by splitmix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ bits >> 31
    }

    /// A number below that one.
    fn below(&mut self, end: u32) -> u32 {
        let high = (u128::from(self.next()) * u128::from(end)) >> 64;
        u32::try_from(high).unwrap_or_default()
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend_from_slice(&self.next().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}

/// Whether a text may be a name in a system, such as `UniversalTransferDocument` or `utd820_05_01_01`:
/// letters and digits, `_`, `-` and dots, and no long number in it.
fn is_code(text: &str) -> bool {
    let is_of_code =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    let mut parts = text.split(|character: char| !character.is_ascii_digit());
    text.chars().count() <= LONGEST_CODE
        && text.chars().all(is_of_code)
        && parts.all(|digits| digits.len() < DIGITS_OF_A_NUMBER)
        && text.parse::<diadoc_core::BoxId>().is_err()
}

/// Whether a text is an amount: `-12345.67`.
fn is_amount(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    let are_digits = |digits: &str| {
        (1..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    are_digits(whole) && are_digits(part)
}

/// Whether a text is a moment as .NET writes it: `2025-07-18T09:30:00Z`, perhaps with parts of a second.
fn is_moment(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00";
    let is_part =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'Z' | b'+' | b'-' | b':');
    let text = text.as_bytes();
    let Some((start, end)) = text.split_at_checked(FORM.len()) else {
        return false;
    };
    let mut pairs = start.iter().zip(FORM);
    pairs.all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        form => byte == form,
    }) && end.len() <= 14
        && end.iter().all(is_part)
}

/// Whether a number is the ticks of a moment of the years 1990 to 2100: of a date, which is kept.
fn is_recent(number: i64) -> bool {
    const FIRST: i64 = 627_667_488_000_000_000;
    const LAST: i64 = 662_380_416_000_000_000;
    (FIRST..LAST).contains(&number)
}

#[cfg(test)]
mod tests;
