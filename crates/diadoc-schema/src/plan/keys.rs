//! A table of names.

use diadoc_core::names::{hash, same};

/// Names, each with a place; found by their hash.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    names: Vec<(Box<[u8]>, usize)>,
    /// One more than the index of a name in `names`, or 0. What finds its slot taken lies in one behind it.
    /// At least half of the slots are empty.
    slots: Vec<u16>,
}

impl Keys {
    /// A table of names with their places; of a name that stands twice the last place counts.
    pub(crate) fn new<'n>(names: impl IntoIterator<Item = (&'n str, usize)>) -> Self {
        let mut keys = Self::default();
        for (name, place) in names {
            let name = name.as_bytes();
            match keys.names.iter_mut().find(|(known, _)| **known == *name) {
                Some(known) => known.1 = place,
                None => keys.names.push((name.into(), place)),
            }
        }
        keys.slots = vec![0; (2 * keys.names.len()).next_power_of_two()];
        let last = keys.slots.len() - 1;
        for ((name, _), index) in keys.names.iter().zip(1..) {
            let mut slot = hash(name) as usize & last;
            while keys.slots[slot] != 0 {
                slot = (slot + 1) & last;
            }
            keys.slots[slot] = index;
        }
        keys
    }

    /// The place of a name.
    #[inline]
    pub(crate) fn find(&self, name: &[u8]) -> Option<usize> {
        let last = self.slots.len().checked_sub(1)?;
        let mut slot = hash(name) as usize & last;
        loop {
            let index = usize::from(*self.slots.get(slot)?);
            let (known, place) = self.names.get(index.checked_sub(1)?)?;
            if same(name, known) {
                return Some(*place);
            }
            slot = (slot + 1) & last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn finds_each_name_and_no_other() {
        let names: Vec<_> = (0..1000).map(|number| format!("Name{number}")).collect();
        let keys = Keys::new(names.iter().map(String::as_str).zip(0..));
        for (name, place) in names.iter().zip(0..) {
            assert_eq!(keys.find(name.as_bytes()), Some(place));
            assert_eq!(keys.find(&name.as_bytes()[1..]), None);
        }
        assert_eq!(Keys::new([]).find(b""), None);
        assert_eq!(Keys::new([("", 1), ("a", 2), ("a", 3)]).find(b"a"), Some(3));
    }
}
