//! Texts: the ids and numbers in them, and words.

use super::{DIGITS_OF_A_NUMBER, Pseudonyms, Stream};

/// Behind a box id in its other spelling.
const DOMAIN: &str = "@diadoc.ru";
/// The characters of a GUID.
const GUID: usize = 36;
/// From how many hex digits on a word is a number in hex, such as a thumbprint.
const HEX: usize = 16;
/// From how many letters on a word is replaced the same way everywhere. There are so few shorter ones
/// that their counts would tell what they were.
const LONG_WORD: usize = 4;
/// The ends of names that say of a file what kind it is.
#[rustfmt::skip]
const EXTENSIONS: &[&str] = &[
    "7z", "bin", "bmp", "cer", "csv", "doc", "docx", "gif", "html", "jpeg", "jpg", "json", "odp", "ods",
    "odt", "p7m", "p7s", "pdf", "png", "ppt", "pptx", "rar", "rtf", "sgn", "sig", "tif", "tiff", "txt",
    "xls", "xlsx", "xml", "zip",
];

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
    /// A text in which each long word is replaced the same way as in any other text.
    pub(in crate::proxy) fn words(&self, text: &str) -> String {
        self.replaced(text, |word| word.chars().count() >= LONG_WORD)
    }

    /// A text of which nothing but the ids and numbers in it can be found again elsewhere.
    pub(super) fn text(&self, text: &str) -> String {
        self.replaced(text, |_| false)
    }

    /// A file's name, with the same end where that says what kind of file it is.
    pub(super) fn file_name(&self, name: &str) -> String {
        let is_known = |end: &str| EXTENSIONS.contains(&&*end.to_ascii_lowercase());
        match name.rsplit_once('.') {
            Some((stem, end)) if is_known(end) => format!("{}.{end}", self.words(stem)),
            _ => self.words(name),
        }
    }

    /// `is_same` says which words are replaced the same way everywhere; others, and short numbers, are
    /// by the whole text that they stand in.
    fn replaced(&self, text: &str, is_same: impl Fn(&str) -> bool) -> String {
        let mut stream = self.stream("text", text.as_bytes());
        let mut made = String::with_capacity(text.len());
        for token in tokens(text) {
            match token {
                Token::Word(word) if !is_same(word) => made += &shaped(&mut stream, word),
                Token::Digits(digits) if digits.len() < DIGITS_OF_A_NUMBER => {
                    made += &short_number(&mut stream, digits);
                }
                other => made += &self.token(other),
            }
        }
        made
    }

    /// What stands in the place of a token anywhere.
    pub(super) fn token(&self, token: Token<'_>) -> String {
        match token {
            Token::Id(id) => self.id(id),
            Token::Hex(hex) => self.hex(hex),
            Token::Digits(digits) => self.digits(digits),
            Token::Word(word) => {
                let lower = word.to_lowercase();
                shaped(&mut self.stream("word", lower.as_bytes()), word)
            }
            Token::Other(other) => other.to_owned(),
        }
    }

    /// The same 128 bits for the same ones, in whichever spelling. The id of zeros, which stands for the
    /// head department, stays.
    #[allow(clippy::expect_used, reason = "the length is that of the type")]
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

/// Digits in the place of a few; the first is 0 where it was.
fn short_number(stream: &mut Stream, digits: &str) -> String {
    let made = shaped(stream, digits);
    match (digits.starts_with('0'), made.split_at_checked(1)) {
        (true, Some((_, rest))) => format!("0{rest}"),
        _ => made,
    }
}
