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
    /// Whether the vendor calls it obsolete, or what it is of.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub obsolete: bool,
    /// How well it fits, the best first.
    #[serde(skip)]
    rank: Rank,
}

/// How well something fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Its own name is the text.
    Name,
    /// Its own name begins with it.
    Start,
    /// Its full name, its path and its title have the words as words.
    WordsOfNames,
    /// They have them inside of words.
    PartsOfNames,
    /// They stand in its comment, as words.
    WordsOfComment,
    PartsOfComment,
}

impl Found {
    /// A part of the schema that nobody had to look for.
    pub fn of(item: &Item<'_>) -> Self {
        Self::new(item, &comment::of_item(item), Rank::Name)
    }

    fn new(item: &Item<'_>, comment: &str, rank: Rank) -> Self {
        Self {
            obsolete: item.is_obsolete(),
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
    /// of a text, whatever their case; the best first, and before what the vendor calls obsolete. Of a Russian
    /// word the ending does not count, and `ё` is `е`. Nothing where the text has no word.
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
        let text = folded(text.trim());
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
            .sort_by_key(|found| (found.obsolete, found.rank, place(found.kind)));
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
        let full_name = item.full_name();
        let title = item.title();
        let called = title.as_deref().unwrap_or_default();
        let names = format!("{full_name} {other} {called}");
        let name = folded(item.name());
        let rank = if name == self.text {
            Rank::Name
        } else if name.starts_with(self.text) {
            Rank::Start
        } else if self.are_words_of(&names) {
            Rank::WordsOfNames
        } else if self.are_in(&names) {
            Rank::PartsOfNames
        } else {
            let all = format!("{names}\n{comment}");
            if self.are_words_of(&all) {
                Rank::WordsOfComment
            } else if self.are_in(&all) {
                Rank::PartsOfComment
            } else {
                return;
            }
        };
        self.found.push(Found::new(item, comment, rank));
    }

    /// Whether a text has all the words, wherever.
    fn are_in(&self, text: &str) -> bool {
        let text = folded(text);
        self.words.iter().all(|word| text.contains(word))
    }

    /// Whether words of a text, such as `Documents` in `GetDocumentsV3`, begin with all of them.
    fn are_words_of(&self, text: &str) -> bool {
        let text = apart(text);
        let begins = |word: &&str| {
            let mut places = text.match_indices(word);
            places.any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
        };
        self.words.iter().all(begins)
    }
}

/// A text in which case does not count, nor the dots of `ё`.
fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// The same with a space before each word of a name.
fn apart(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for letter in text.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(letter);
        before = letter;
    }
    folded(&words)
}

/// A Russian word without its ending: `полками` is looked for as `полк`. Others stay as they are.
fn without_ending(word: &str) -> &str {
    const ENDS: [char; 13] = [
        'а', 'в', 'е', 'и', 'й', 'м', 'о', 'у', 'х', 'ы', 'ь', 'ю', 'я',
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
