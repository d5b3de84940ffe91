//! Texts: the ids and numbers in them, and words.

use super::{Pseudonyms, Stream};

/// Behind a box id in its other spelling.
const DOMAIN: &str = "@diadoc.ru";
/// The characters of a GUID.
const GUID: usize = 36;
/// From how many hex digits on a word is a number in hex, such as a thumbprint.
const HEX: usize = 16;
/// How long the end of a file's name is at most, without its dot.
const LONGEST_EXTENSION: usize = 5;

/// What a text has at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// 128 bits with hyphens or without: the id of a box, a message, a person.
    Id(&'t str),
    /// A number in hex.
    Hex(&'t str),
    Digits(&'t str),
    /// Letters and digits.
    Word(&'t str),
    /// Neither letters nor digits, or what says nothing of anybody.
    Other(&'t str),
}

impl Pseudonyms {
    /// A text in which each word is replaced the same way as in any other text.
    pub(in crate::proxy) fn words(&self, text: &str) -> String {
        self.with_words(text, |word| {
            let lower = word.to_lowercase();
            shaped(&mut self.stream("word", lower.as_bytes()), word)
        })
    }

    /// A text of which nothing but the ids and numbers in it can be found again elsewhere.
    pub(super) fn text(&self, text: &str) -> String {
        let mut stream = self.stream("text", text.as_bytes());
        self.with_words(text, |word| shaped(&mut stream, word))
    }

    /// A file's name, with the same end.
    pub(super) fn file_name(&self, name: &str) -> String {
        let is_extension = |end: &str| {
            (1..=LONGEST_EXTENSION).contains(&end.len())
                && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && end.bytes().any(|byte| byte.is_ascii_alphabetic())
        };
        match name.rsplit_once('.') {
            Some((stem, end)) if is_extension(end) => format!("{}.{end}", self.words(stem)),
            _ => self.words(name),
        }
    }

    fn with_words(&self, text: &str, mut word: impl FnMut(&str) -> String) -> String {
        let mut made = String::with_capacity(text.len());
        for token in tokens(text) {
            match token {
                Token::Word(text) => made.push_str(&word(text)),
                other => made.push_str(&self.token(other)),
            }
        }
        made
    }

    /// What stands in the place of a token; a word is replaced as in [`words`](Self::words).
    pub(super) fn token(&self, token: Token<'_>) -> String {
        match token {
            Token::Id(id) => self.id(id),
            Token::Hex(hex) => self.hex(hex),
            Token::Digits(digits) => self.digits(digits),
            Token::Word(word) => self.words(word),
            Token::Other(other) => other.to_owned(),
        }
    }

    /// The same 128 bits for the same ones, in whichever spelling. The id of zeros, which stands for the
    /// head department, stays.
    fn id(&self, id: &str) -> String {
        let digits = id.replace('-', "").to_lowercase();
        if digits.bytes().all(|digit| digit == b'0') {
            return id.to_owned();
        }
        let hash = self.hash("id", digits.as_bytes());
        let (start, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        // As random GUIDs have it, which those of the server are.
        let made = uuid::Builder::from_random_bytes(*start).into_uuid();
        let made = match id.contains('-') {
            true => made.hyphenated().to_string(),
            false => made.simple().to_string(),
        };
        match id.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => made.to_uppercase(),
            false => made,
        }
    }

    fn hex(&self, hex: &str) -> String {
        let mut stream = self.stream("hex", hex.to_lowercase().as_bytes());
        let is_upper = hex.bytes().any(|byte| byte.is_ascii_uppercase());
        let digit = |_| {
            let digit = char::from_digit(stream.below(16), 16).unwrap_or('0');
            match is_upper {
                true => digit.to_ascii_uppercase(),
                false => digit,
            }
        };
        hex.chars().map(digit).collect()
    }
}

/// The tokens of a text, in their order; together they are the text.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (token, after) = first(rest)?;
        rest = after;
        Some(token)
    })
}

fn first(text: &str) -> Option<(Token<'_>, &str)> {
    let start = text.chars().next()?;
    if text.starts_with(DOMAIN) {
        let (domain, after) = text.split_at(DOMAIN.len());
        return Some((Token::Other(domain), after));
    }
    if !start.is_alphanumeric() {
        let (other, after) = text.split_at(start.len_utf8());
        return Some((Token::Other(other), after));
    }
    if let Some((guid, after)) = text.split_at_checked(GUID)
        && is_guid(guid)
        && !after.starts_with(char::is_alphanumeric)
    {
        return Some((Token::Id(guid), after));
    }
    let end = text.find(|character: char| !character.is_alphanumeric());
    let (run, after) = text.split_at(end.unwrap_or(text.len()));
    let is_hex = run.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_digits = run.bytes().any(|byte| byte.is_ascii_digit());
    let token = match run.len() {
        32 if is_hex => Token::Id(run),
        _ if run.bytes().all(|byte| byte.is_ascii_digit()) => Token::Digits(run),
        HEX.. if is_hex && has_digits => Token::Hex(run),
        3 if is_operator(run, after) => Token::Other(run),
        _ => Token::Word(run),
    };
    Some((token, after))
}

fn is_guid(text: &str) -> bool {
    text.bytes().enumerate().all(|(place, byte)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

/// Whether these three characters are the operator in an id of a participant: `2BM-9500000005-…`.
fn is_operator(run: &str, after: &str) -> bool {
    let [first, second, third] = run.as_bytes() else {
        return false;
    };
    let after = after.as_bytes();
    first.is_ascii_digit()
        && second.is_ascii_uppercase()
        && third.is_ascii_uppercase()
        && matches!(after, [b'-', next, ..] if next.is_ascii_digit())
}

/// Letters and digits in the place of such, of the same alphabet and case.
fn shaped(stream: &mut Stream, word: &str) -> String {
    let letter = |stream: &mut Stream, first: char, count: u32| {
        char::from_u32(u32::from(first) + stream.below(count)).unwrap_or(first)
    };
    word.chars()
        .map(|character| match character {
            'A'..='Z' => letter(stream, 'A', 26),
            'А'..='Я' | 'Ё' => letter(stream, 'А', 32),
            'а'..='я' | 'ё' => letter(stream, 'а', 32),
            _ if character.is_numeric() => letter(stream, '0', 10),
            _ => letter(stream, 'a', 26),
        })
        .collect()
}
