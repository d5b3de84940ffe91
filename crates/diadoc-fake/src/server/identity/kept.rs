//! Things by token, as many as are remembered.

use std::collections::HashMap;

use diadoc_api::Token;

/// So many things of a kind are remembered; with one more, the older half of them is forgotten.
pub(super) const MOST: usize = 10_000;

/// Things by token.
#[derive(Debug)]
pub(super) struct Kept<V> {
    /// With the place of each in the order in which they came.
    things: HashMap<Token, (u64, V)>,
    count: u64,
}

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self {
            things: HashMap::new(),
            count: 0,
        }
    }
}

impl<V> Kept<V> {
    pub(super) fn get(&self, token: &Token) -> Option<&V> {
        self.things.get(token).map(|(_, thing)| thing)
    }

    pub(super) fn get_mut(&mut self, token: &Token) -> Option<&mut V> {
        self.things.get_mut(token).map(|(_, thing)| thing)
    }

    pub(super) fn insert(&mut self, token: Token, thing: V) {
        if self.things.len() >= MOST {
            let mut places: Vec<_> = self.things.values().map(|(place, _)| *place).collect();
            let (_, middle, _) = places.select_nth_unstable(MOST / 2);
            let middle = *middle;
            self.things.retain(|_, (place, _)| *place >= middle);
        }
        self.count += 1;
        self.things.insert(token, (self.count, thing));
    }

    pub(super) fn remove(&mut self, token: &Token) -> Option<V> {
        self.things.remove(token).map(|(_, thing)| thing)
    }

    pub(super) fn retain(&mut self, is_kept: impl Fn(&V) -> bool) {
        self.things.retain(|_, (_, thing)| is_kept(thing));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.things.len()
    }
}

#[cfg(test)]
mod tests {
    use diadoc_api::Token;

    use super::{Kept, MOST};

    #[test]
    fn the_older_half_is_forgotten() {
        let mut kept = Kept::default();
        let token = |number: usize| Token::from(number.to_string());
        for number in 0..3 * MOST {
            kept.insert(token(number), number);
            assert!(kept.len() <= MOST);
        }
        assert_eq!(kept.get(&token(0)), None);
        for number in 2 * MOST + MOST / 2..3 * MOST {
            assert_eq!(kept.get(&token(number)), Some(&number));
        }
    }
}
