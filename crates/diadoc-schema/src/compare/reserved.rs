//! What changed in the numbers and names that a message or enum reserves.

use std::ops::RangeInclusive;

use super::elements::shown;
use super::shape::Reserved;
use super::verdicts::{self as v, Verdict};
use super::{ChangeKind, Comparison};

/// What breaks where a number, and a name, of a body can be taken again.
pub(super) const IN_BODIES: [Verdict; 2] = [v::NUMBER_FREE, v::NAME_FREE];

impl Comparison<'_> {
    /// `free` is what is said of a number, and of a name, that can be taken again.
    pub(super) fn reserved(
        &mut self,
        path: &str,
        old: &Reserved,
        new: &Reserved,
        free: [Verdict; 2],
    ) {
        let taken = [v::RESERVED; 2];
        for (from, other, kind, [number, name]) in [
            (old, new, ChangeKind::ReservedRemoved, free),
            (new, old, ChangeKind::ReservedAdded, taken),
        ] {
            let numbers = without(&from.numbers, &other.numbers);
            let numbers = numbers
                .into_iter()
                .map(|(start, end)| (shown(start, end), number));
            let names = from.names.difference(&other.names);
            let names = names.map(|text| (format!("{text:?}"), name));
            for (text, verdict) in numbers.chain(names).collect::<Vec<_>>() {
                let (was, now) = match kind {
                    ChangeKind::ReservedRemoved => (Some(text), None),
                    _ => (None, Some(text)),
                };
                self.add(path, kind, was, now, verdict);
            }
        }
    }
}

/// The numbers of the first ranges that are in none of the others, as ranges.
fn without(ranges: &[RangeInclusive<i64>], others: &[RangeInclusive<i64>]) -> Vec<(i64, i64)> {
    let mut others: Vec<_> = others
        .iter()
        .map(|range| (*range.start(), *range.end()))
        .collect();
    others.sort_unstable();
    let mut left = Vec::new();
    for range in ranges {
        let (mut start, end) = (*range.start(), *range.end());
        for (other_start, other_end) in &others {
            if *other_end < start || *other_start > end {
                continue;
            }
            if *other_start > start {
                left.push((start, other_start - 1));
            }
            start = start.max(other_end + 1);
        }
        if start <= end {
            left.push((start, end));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_ranges() {
        let cases: [(&[_], &[_], &[_]); 6] = [
            (&[1..=3], &[], &[(1, 3)]),
            (&[1..=3], &[1..=3], &[]),
            (&[1..=9], &[3..=4, 6..=6], &[(1, 2), (5, 5), (7, 9)]),
            (&[1..=9], &[5..=20, 1..=2], &[(3, 4)]),
            (&[1..=2, 8..=9], &[0..=100], &[]),
            (&[4..=4], &[1..=3, 5..=9], &[(4, 4)]),
        ];
        for (ranges, others, left) in cases {
            assert_eq!(
                without(ranges, others),
                left,
                "{ranges:?} without {others:?}"
            );
        }
    }
}
