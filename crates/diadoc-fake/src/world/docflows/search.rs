//! Documents by a query in words or by a tag.

use std::collections::BTreeSet;

use diadoc_core::BoxId;

use crate::world::World;
use crate::world::access::Actor;
use crate::world::index::Row;
use crate::world::model::{DocumentKey, Organization};
use crate::world::state::Direction;
use crate::world::views::title_of;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Query {
    /// One of these words, in small letters.
    Words(Vec<String>),
    /// This tag with this value.
    Tag(String, String),
}

/// Where it is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SearchScope {
    /// Among all that is not deleted.
    Any,
    Direction(Direction),
    /// Among what is deleted.
    Deleted,
}

impl Query {
    /// As the vendor reads it: a line `key: value` is about tags, anything else is words.
    pub(crate) fn parse(text: &str) -> Self {
        let pair = text.trim().split_once(':');
        if let Some((key, value)) = pair
            && value.starts_with([' ', '\t'])
            && !key.trim().is_empty()
            && !key.trim().contains(char::is_whitespace)
        {
            let plain = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
            return Self::Tag(plain(key).to_lowercase(), plain(value));
        }
        let is_separator = |c: char| c.is_whitespace() || ",;|/\\()[]{}«»\"'№".contains(c);
        let words = text.to_lowercase();
        let words = words.split(is_separator).filter(|word| !word.is_empty());
        Self::Words(words.map(str::to_owned).collect())
    }

    /// Whether one of its words stands in one of those texts.
    fn is_in<'t>(words: &[String], texts: impl IntoIterator<Item = &'t str>) -> bool {
        let has = |text: String| words.iter().any(|word| text.contains(word.as_str()));
        texts.into_iter().any(|text| has(text.to_lowercase()))
    }
}

impl World {
    /// The documents that a query finds among those that the employee sees, the newest first.
    pub(crate) fn search_docflows(
        &self,
        actor: &Actor,
        query: &Query,
        scope: SearchScope,
    ) -> impl Iterator<Item = DocumentKey> {
        let actor = actor.clone();
        let query = query.clone();
        let named = match &query {
            Query::Words(words) => self.named(words),
            Query::Tag(..) => BTreeSet::new(),
        };
        let rows = self.rows_of(actor.box_id).rev();
        rows.filter(move |row| scope.has(row) && actor.sees(row.department))
            .filter(move |row| match &query {
                Query::Tag(key, value) => {
                    let mut tags = row.tags.iter();
                    tags.any(|(one, of)| one.to_lowercase() == *key && of == value)
                }
                Query::Words(words) => self.is_about(row.document, words, &named),
            })
            .map(|row| row.document)
    }

    /// The organizations that one of these words names.
    fn named(&self, words: &[String]) -> BTreeSet<BoxId> {
        let organizations = self.tables.organizations.iter();
        let is_named = |row: &Organization| {
            let texts = [&row.full_name, &row.short_name, &row.inn];
            Query::is_in(words, texts.map(String::as_str))
        };
        organizations
            .filter(|(_, row)| is_named(row))
            .map(|(box_id, _)| *box_id)
            .collect()
    }

    /// Whether one of these words is about a document, or its letter is between organizations that are
    /// `named`.
    fn is_about(&self, key: DocumentKey, words: &[String], named: &BTreeSet<BoxId>) -> bool {
        let Some(letter) = self.tables.letters.get(&key.letter) else {
            return false;
        };
        let mut boxes = letter.boxes();
        if boxes.any(|box_id| named.contains(&box_id)) {
            return true;
        }
        let piece = letter.piece(key.entity);
        piece.is_some_and(|piece| {
            piece.document.as_deref().is_some_and(|details| {
                let file_name = piece.entity.file_name.as_deref();
                let title = title_of(details, file_name);
                let metadata = details.metadata.iter().map(|(_, value)| value.as_str());
                let texts = file_name.into_iter().chain(metadata);
                Query::is_in(words, texts.chain([title.as_str()]))
            })
        })
    }
}

impl SearchScope {
    fn has(self, row: &Row) -> bool {
        match self {
            Self::Deleted => row.is_deleted,
            Self::Any => !row.is_deleted,
            Self::Direction(direction) => !row.is_deleted && row.direction == direction,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn a_line_with_a_colon_is_about_a_tag() {
        let words = |words: &[&str]| Query::Words(words.iter().map(ToString::to_string).collect());
        let tag = |key: &str, value: &str| Query::Tag(key.to_owned(), value.to_owned());
        assert_eq!(
            Query::parse("Договор 29.05.2025"),
            words(&["договор", "29.05.2025"])
        );
        assert_eq!(Query::parse("  УПД №12/а, "), words(&["упд", "12", "а"]));
        assert_eq!(
            Query::parse("Склад: Южный берег"),
            tag("склад", "Южный берег")
        );
        assert_eq!(Query::parse("10:30"), words(&["10:30"]));
        assert_eq!(Query::parse(""), words(&[]));
    }
}
