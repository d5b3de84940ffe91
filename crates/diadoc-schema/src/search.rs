//! Finding parts of the schema by words in their names and comments.

use prost_reflect::{EnumDescriptor, MessageDescriptor};
use serde::Serialize;

use crate::describe::comment;
use crate::enums::values;
use crate::names::short_name;
use crate::{Item, ItemKind, Method, Schema};

/// A part of the schema that has the words which were looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Found {
    /// What it is.
    pub kind: ItemKind,
    /// Its full name, which [`Schema::resolve`] knows.
    pub name: String,
    /// What it is called in Russian.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The first sentence of its comment.
    pub summary: String,
    /// How well it fits: 0 where its own name is the text, then where its name begins with it, where
    /// name, path or title hold the words, and where they stand in the comment.
    #[serde(skip)]
    rank: u8,
}

impl Found {
    /// A part of the schema that nobody had to look for.
    pub fn of(item: &Item<'_>) -> Self {
        Self::new(item, &comment::of_item(item), 0)
    }

    fn new(item: &Item<'_>, comment: &str, rank: u8) -> Self {
        Self {
            kind: item.kind(),
            name: item.full_name(),
            title: item.title(),
            summary: comment::summary(comment),
            rank,
        }
    }

    /// The name without the package that all of Diadoc's names begin with.
    pub fn short_name(&self) -> &str {
        short_name(&self.name)
    }
}

impl Schema {
    /// The methods, messages, enums, fields and values whose name, path, title or comment has all the words
    /// of a text, whatever their case; the best first. Of a Russian word the ending does not count. Nothing
    /// where the text has no word.
    ///
    /// ```
    /// use diadoc_schema::Schema;
    ///
    /// let found = Schema::diadoc().search("getdocuments");
    /// assert_eq!(found[0].name, "Diadoc.Api.Methods.Documents.GetDocumentsV3");
    /// let found = Schema::diadoc().search("отправить сообщения");
    /// assert_eq!(found[0].name, "Diadoc.Api.Methods.Messages.PostMessageV3");
    /// ```
    pub fn search(&self, text: &str) -> Vec<Found> {
        let text = text.trim().to_lowercase();
        let words: Vec<_> = text.split_whitespace().map(without_ending).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut search = Search {
            text: &text,
            words,
            found: Vec::new(),
        };
        self.methods().iter().for_each(|it| search.method(it));
        self.messages().for_each(|it| search.message(&it));
        self.enums().for_each(|it| search.enumeration(&it));
        // Stable: beside each other stands what has the same kind, in the order of the schema.
        search
            .found
            .sort_by_key(|found| (found.rank, place(found.kind)));
        search.found
    }
}

struct Search<'t> {
    text: &'t str,
    words: Vec<&'t str>,
    found: Vec<Found>,
}

impl Search<'_> {
    fn method(&mut self, method: &Method) {
        let mut comment = method.comment();
        for parameter in &method.parameters {
            comment += "\n\n";
            comment += parameter.field.name();
        }
        self.item(&Item::Method(method), &method.path, &comment);
    }

    fn message(&mut self, message: &MessageDescriptor) {
        self.item(
            &Item::Message(message.clone()),
            "",
            &comment::of_message(message),
        );
        for field in message.fields() {
            let comment = comment::of_field(&field);
            let key = field.json_name().to_owned();
            self.item(&Item::Field(field), &key, &comment);
        }
    }

    fn enumeration(&mut self, item: &EnumDescriptor) {
        self.item(&Item::Enum(item.clone()), "", &comment::of_enum(item));
        for value in values(item) {
            let comment = comment::of_value(&value);
            self.item(&Item::Value(value), "", &comment);
        }
    }

    /// Keeps an item that has the words; `other` is a name beside its own.
    fn item(&mut self, item: &Item<'_>, other: &str, comment: &str) {
        let (own, full_name) = (item.name().to_lowercase(), item.full_name());
        let title = item.title();
        let called = title.as_deref().unwrap_or_default();
        let names = format!("{full_name} {other} {called}").to_lowercase();
        let has_all = |text: &str| self.words.iter().all(|word| text.contains(word));
        let rank = if own == self.text {
            0
        } else if own.starts_with(self.text) {
            1
        } else if has_all(&own) {
            2
        } else if has_all(&names) {
            3
        } else if has_all(&format!("{names}\n{}", comment.to_lowercase())) {
            4
        } else {
            return;
        };
        self.found.push(Found::new(item, comment, rank));
    }
}

/// A Russian word without its ending: `полками` is looked for as `полк`. Others stay as they are.
fn without_ending(word: &str) -> &str {
    const ENDS: [char; 14] = [
        'а', 'в', 'е', 'ё', 'и', 'й', 'м', 'о', 'у', 'х', 'ы', 'ь', 'ю', 'я',
    ];
    /// What is left has so many letters at least, and so many are taken at most.
    const LEFT: usize = 4;
    const TAKEN: usize = 3;

    let letters = word.chars().count();
    let ending = word
        .chars()
        .rev()
        .take_while(|letter| ENDS.contains(letter));
    let taken = ending.count().min(TAKEN).min(letters.saturating_sub(LEFT));
    let end = word.char_indices().rev().nth(taken.wrapping_sub(1));
    end.map_or(word, |(at, _)| &word[..at])
}

/// In which order the kinds stand.
fn place(kind: ItemKind) -> u8 {
    match kind {
        ItemKind::Method => 0,
        ItemKind::Message => 1,
        ItemKind::Enum => 2,
        ItemKind::Field => 3,
        ItemKind::Value => 4,
    }
}
