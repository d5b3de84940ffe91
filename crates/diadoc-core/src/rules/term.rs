//! What a rule says of a field, in one word of the schema.

use super::message::{Fields, Given};
use super::words::Words;
use crate::fill;

/// A term of a [`MessageRule`](super::MessageRule), taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term<'t> {
    /// Whether it is about the body's outermost message.
    pub of_body: bool,
    /// The field's name in the schema.
    pub field: &'t str,
    /// The term that a message in the field is to fulfil.
    pub inside: Option<&'t str>,
    /// The values of which the field is to have one, between bars.
    pub values: Option<&'t str>,
}

impl<'t> Term<'t> {
    /// Takes a term apart: `/A`, `A=x|y`, `A[B=x]`.
    pub fn parse(text: &'t str) -> Self {
        let (of_body, text) = match text.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let inner = text.strip_suffix(']').and_then(|text| text.split_once('['));
        let (field, inside, values) = match (inner, text.split_once('=')) {
            (Some((field, inside)), _) => (field, Some(inside), None),
            (None, Some((field, values))) => (field, None, Some(values)),
            (None, None) => (text, None, None),
        };
        Self {
            of_body,
            field,
            inside,
            values,
        }
    }

    /// Whether it only asks whether a field of the message is given.
    pub fn is_plain(&self) -> bool {
        !self.of_body && self.inside.is_none() && self.values.is_none()
    }

    /// Whether it holds for a message in that body.
    pub fn holds(&self, message: &dyn Fields, body: &dyn Fields) -> bool {
        let of = if self.of_body { body } else { message };
        match (self.inside, self.values) {
            (Some(inside), _) => {
                let inside = Term::parse(inside);
                let mut messages = of.messages(self.field).into_iter();
                messages.any(|message| inside.holds(&*message, body))
            }
            (None, Some(values)) => match of.field(self.field) {
                Given::Text(text) => values.split('|').any(|value| is(text, value)),
                Given::Yes | Given::No => false,
            },
            (None, None) => of.field(self.field) != Given::No,
        }
    }

    /// The field's text, where it has one.
    pub(super) fn text<'m>(
        &self,
        message: &'m dyn Fields,
        body: &'m dyn Fields,
    ) -> Option<&'m str> {
        let of = if self.of_body { body } else { message };
        match of.field(self.field) {
            Given::Text(text) => Some(text),
            Given::Yes | Given::No => None,
        }
    }

    /// The value that a message in the field is to have: `FileName` of `Metadata[Key=FileName]`.
    pub(super) fn inner_value(&self) -> Option<&'t str> {
        Term::parse(self.inside?).values
    }

    /// What it is about, as the subject of a sentence.
    pub(super) fn subject(&self, words: &Words) -> String {
        match self.inside.map(Term::parse) {
            None => format!("`{}`", self.field),
            Some(inside) => match inside.values {
                Some(values) => {
                    let values = values.replace('|', "`, `");
                    fill(words.named_in, &[&values, &self.field])
                }
                None => fill(words.subject_in, &[&inside.subject(words), &self.field]),
            },
        }
    }

    /// It as a condition: `` `TypeNamedId` is Nonformalized ``.
    pub(super) fn condition(&self, words: &Words) -> String {
        let Some(values) = self.values.filter(|_| self.inside.is_none()) else {
            return fill(words.is_set, &[&self.subject(words)]);
        };
        if let Some(end) = values.strip_prefix('*') {
            return fill(words.ends_with, &[&self.field, &end]);
        }
        let mut values: Vec<_> = values.split('|').map(str::to_owned).collect();
        let more = values.split_off(values.len().min(4)).len();
        let values = values.into_iter();
        let values = values.reduce(|listed, value| fill(words.or, &[&listed, &value]));
        let values = values.unwrap_or_default();
        let values = match more {
            0 => values,
            more => fill(words.or_more, &[&values, &more]),
        };
        fill(words.is_value, &[&self.field, &values])
    }
}

/// Whether a text is a value of a term; `*Date` stands for all that end so.
fn is(text: &str, value: &str) -> bool {
    match value.strip_prefix('*') {
        Some(end) => text
            .len()
            .checked_sub(end.len())
            .and_then(|at| text.get(at..))
            .is_some_and(|text| text.eq_ignore_ascii_case(end)),
        None => text.eq_ignore_ascii_case(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_taken_apart() {
        let term = Term::parse("/A[B[C=x|*y]]");
        assert_eq!((term.of_body, term.field, term.values), (true, "A", None));
        let inside = Term::parse(term.inside.unwrap());
        assert_eq!((inside.field, inside.inside), ("B", Some("C=x|*y")));
        assert_eq!(Term::parse("C=x|*y").values, Some("x|*y"));
        assert!(Term::parse("C").is_plain());
        for (text, value, expected) in [
            ("nonformalized", "Nonformalized", true),
            ("ContractDate", "*Date", true),
            ("Date", "*Date", true),
            ("ate", "*Date", false),
            ("Dates", "*Date", false),
            ("ёDate", "*Date", true),
            ("ё", "*e", false),
        ] {
            assert_eq!(is(text, value), expected, "{text} {value}");
        }
    }
}
