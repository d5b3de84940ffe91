//! Numbers, some of which end in digits that check the others.

use super::Pseudonyms;
use crate::check_digits;

impl Pseudonyms {
    /// Digits in the place of digits, as many. Such as an INN (10 or 12) or an OGRN (13 or 15) may have
    /// get the right check digits. The first is 0 where it was.
    pub(super) fn digits(&self, digits: &str) -> String {
        let mut made = self.plain_digits("digits", digits);
        check_digits::put(&mut made);
        text(&made)
    }

    /// The same for each run of digits in a number such as `-12.5`.
    pub(in crate::proxy) fn digits_in(&self, number: &str) -> String {
        let mut made = String::with_capacity(number.len());
        let mut rest = number;
        while !rest.is_empty() {
            let other = rest.find(|character: char| character.is_ascii_digit());
            let (before, from) = rest.split_at(other.unwrap_or(rest.len()));
            made.push_str(before);
            let end = from.find(|character: char| !character.is_ascii_digit());
            let (digits, after) = from.split_at(end.unwrap_or(from.len()));
            if !digits.is_empty() {
                made.push_str(&self.digits(digits));
            }
            rest = after;
        }
        made
    }

    /// A number of a person's insurance (СНИЛС), spelled as that one: `112-233-445 95`.
    pub(super) fn snils(&self, snils: &str) -> String {
        let digits: String = snils.chars().filter(char::is_ascii_digit).collect();
        let separates = |character: char| matches!(character, '-' | ' ');
        let is_snils = digits.len() == 11
            && snils
                .chars()
                .all(|character| character.is_ascii_digit() || separates(character));
        if !is_snils {
            return self.words(snils);
        }
        let mut made = self.plain_digits("snils", &digits);
        let sum: u32 = (1..=9)
            .rev()
            .zip(&made)
            .map(|(weight, digit)| weight * digit)
            .sum();
        let check = sum % 101 % 100;
        (made[9], made[10]) = (check / 10, check % 10);
        let made = text(&made);
        let mut made = made.chars();
        let next = |character: char| match separates(character) {
            true => character,
            false => made.next().unwrap_or(character),
        };
        snils.chars().map(next).collect()
    }

    fn plain_digits(&self, domain: &str, digits: &str) -> Vec<u32> {
        let mut stream = self.stream(domain, digits.as_bytes());
        let digit = |(place, was): (usize, char)| match (place, was) {
            (0, '0') => 0,
            (0, _) => 1 + stream.below(9),
            _ => stream.below(10),
        };
        digits.chars().enumerate().map(digit).collect()
    }
}

fn text(digits: &[u32]) -> String {
    let digits = digits
        .iter()
        .filter_map(|digit| char::from_digit(*digit, 10));
    digits.collect()
}
