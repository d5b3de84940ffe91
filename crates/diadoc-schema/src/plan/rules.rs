//! What bits alone tell of a rule about several fields.

use diadoc_core::rules::{Demand, MessageRule, Term};

use super::{Bits, bit};

/// A rule as sets of fields: it is certain what becomes of it where none of them is given that also has
/// to have a value.
#[derive(Debug)]
pub(crate) struct Test {
    demand: Demand,
    fields: Terms,
    when: Terms,
    unless: Terms,
}

/// Terms of a rule.
#[derive(Debug, Default)]
struct Terms {
    /// Each holds where its field is given.
    plain: Vec<Bits>,
    /// Each may hold where its field is given, and does not where it is not.
    asking: Vec<Bits>,
    /// How many are about the body around the message, so that each may hold.
    of_body: usize,
}

impl Terms {
    fn new<'r>(texts: &'r [impl AsRef<str> + 'r], place: &impl Fn(&str) -> Option<usize>) -> Self {
        let mut terms = Self::default();
        for text in texts {
            let term = Term::parse(text.as_ref());
            // What the message does not have is never given.
            let field = place(term.field).map_or(0, bit);
            match term {
                term if term.of_body => terms.of_body += 1,
                term if term.is_plain() => terms.plain.push(field),
                _ => terms.asking.push(field),
            }
        }
        terms
    }

    fn len(&self) -> usize {
        self.plain.len() + self.asking.len() + self.of_body
    }

    /// How many hold at least.
    fn certain(&self, given: Bits) -> usize {
        self.plain
            .iter()
            .filter(|field| **field & given != 0)
            .count()
    }

    /// How many hold at most.
    fn possible(&self, given: Bits) -> usize {
        let asking = self.asking.iter().filter(|field| **field & given != 0);
        self.certain(given) + asking.count() + self.of_body
    }
}

impl Test {
    /// `place` says where a field of that name stands in the plan.
    pub(super) fn new(rule: &MessageRule, place: impl Fn(&str) -> Option<usize>) -> Self {
        Self {
            demand: rule.demand,
            fields: Terms::new(&rule.fields, &place),
            when: Terms::new(&rule.when, &place),
            unless: Terms::new(&rule.unless, &place),
        }
    }

    /// Whether bits always tell whether the rule is kept.
    pub(super) fn is_exact(&self) -> bool {
        let terms = [&self.fields, &self.when, &self.unless];
        matches!(self.demand, Demand::Given(_))
            && terms.iter().all(|terms| terms.len() == terms.plain.len())
    }

    /// Whether the rule may be broken where these fields are given.
    pub(super) fn may_be_broken(&self, given: Bits) -> bool {
        if self.when.possible(given) < self.when.len() || self.unless.certain(given) > 0 {
            return false;
        }
        let (least, most) = (self.fields.certain(given), self.fields.possible(given));
        match self.demand {
            Demand::Given(quantity) => (least..=most).any(|count| quantity.misses(count) > 0),
            Demand::Differ => most > 1,
            Demand::Format(_) => most > 0,
        }
    }
}
