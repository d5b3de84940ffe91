//! Documents by a query in words or by a tag.

use diadoc_core::Ticks;

use crate::world::World;
use crate::world::access::Actor;
use crate::world::index::Row;
use crate::world::lists::ListKey;
use crate::world::state::{Direction, DocumentState};

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

    fn finds(&self, world: &World, state: &DocumentState<'_>) -> bool {
        match self {
            Self::Tag(key, value) => {
                let mut tags = state.flags.tags.iter();
                tags.any(|(one, of)| one.to_lowercase() == *key && of == value)
            }
            Self::Words(words) => {
                let texts = texts(world, state);
                let mut words = words.iter();
                words.any(|word| texts.iter().any(|text| text.contains(word.as_str())))
            }
        }
    }
}

impl World {
    /// The documents that a query finds among those that the employee sees, the newest first.
    pub(crate) fn search_docflows<'w>(
        &'w self,
        actor: &Actor,
        query: &Query,
        scope: SearchScope,
    ) -> impl Iterator<Item = DocumentState<'w>> {
        let box_id = actor.box_id;
        let actor = actor.clone();
        let query = query.clone();
        let first = (box_id, ListKey::first_at(Ticks::MIN));
        let last = (box_id, ListKey::last_at(Ticks::MAX));
        let rows = self.tables.documents.range(first..=last).rev();
        rows.map(|(_, row)| row)
            .filter(move |row| scope.has(row) && actor.sees(row.department))
            .filter_map(move |row| {
                let letter = self.tables.letters.get(&row.document.letter)?;
                let upto = letter.patches.len();
                DocumentState::of(letter, row.document.entity, box_id, upto)
            })
            .filter(move |state| query.finds(self, state))
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

/// What words are looked for in, in small letters.
fn texts(world: &World, state: &DocumentState<'_>) -> Vec<String> {
    let mut texts = vec![crate::world::views::title(state)];
    texts.extend(state.document.piece.entity.file_name.clone());
    let metadata = state.details.metadata.iter();
    texts.extend(metadata.map(|(_, value)| value.clone()));
    let letter = state.letter;
    let parties = [Some(letter.sender), letter.proxy, letter.recipient];
    for party in parties.into_iter().flatten() {
        if let Some(organization) = world.tables.organizations.get(&party.box_id) {
            texts.push(organization.full_name.clone());
            texts.push(organization.short_name.clone());
            texts.push(organization.inn.clone());
        }
    }
    texts.iter().map(|text| text.to_lowercase()).collect()
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
