//! Guesses at the next key of an object.
//!
//! Keys mostly stand in the order of the schema, and objects of one type in one body mostly have
//! the same of them. A guess that is right saves looking for the end of the key and for its field;
//! a wrong one costs a comparison of eight bytes.

use super::keys::Keys;

/// A power of two; the more, the fewer messages share a place, which costs speed and nothing else.
const PLACES: usize = 512;

/// For each field of each message the one whose key followed last, as the distance from the one
/// that follows in the schema.
#[derive(Debug)]
pub(super) struct Hints([u8; PLACES]);

impl Default for Hints {
    fn default() -> Self {
        Self([0; PLACES])
    }
}

impl Hints {
    /// Where the places of a message begin.
    #[inline]
    pub(super) fn base(keys: &'static Keys) -> usize {
        // The address spreads messages well enough; an odd factor keeps neighbours apart.
        (std::ptr::from_ref(keys).addr() / size_of::<Keys>()).wrapping_mul(37)
    }

    /// The field to expect; `after` is the one that follows the last one in the schema.
    #[inline]
    pub(super) fn guess(&self, base: usize, after: usize) -> usize {
        let distance = self.0[base.wrapping_add(after) % PLACES];
        usize::from((after as u8).wrapping_add(distance))
    }

    /// Takes note of the field that came.
    #[inline]
    pub(super) fn learn(&mut self, base: usize, after: usize, field: usize) {
        self.0[base.wrapping_add(after) % PLACES] = (field as u8).wrapping_sub(after as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::super::codec::Codec;
    use super::Hints;
    use crate::DocumentId;
    use crate::documents::Document;

    #[test]
    fn the_next_field_of_the_schema_is_guessed_until_another_came() {
        let mut hints = Hints::default();
        let base = Hints::base(Document::default().keys());
        assert_eq!(hints.guess(base, 0), 0);
        assert_eq!(hints.guess(base, 5), 5);
        for (after, field) in [(5, 40), (41, 2), (80, 0), (0, 79)] {
            hints.learn(base, after, field);
            assert_eq!(hints.guess(base, after), field);
        }
        assert_eq!(hints.guess(base, 6), 6);
        // A place that is shared may mislead; it never fails.
        let other = Hints::base(DocumentId::default().keys());
        assert_ne!(other, base);
        for after in 0..300 {
            hints.learn(other.wrapping_add(usize::MAX - 10), after, 127);
            hints.guess(other, after);
        }
    }
}
