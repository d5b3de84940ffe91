//! Taking secrets out of what a server says.

use diadoc_core::base64;
use diadoc_core::secrets::{HIDDEN, escape, texts_of};

use crate::query::percent_encoded;
use crate::{Credentials, Form, SecretKeys, Token};

/// How many symbols of base64 there are at least before they are taken for a secret.
const LEAST_SYMBOLS: usize = 6;
/// How long an escape of JSON is at most: two units of UTF-16.
const LONGEST_ESCAPE: usize = 12;
/// How long an entity of HTML is at most, without its `&`: `#x10ffff;`.
const LONGEST_ENTITY: usize = 9;
/// How many letters in a row of bytes are taken for a text.
const LEAST_LETTERS: usize = 4;

/// Secrets that a request goes out with. No text that comes back may show them, since a server may repeat
/// what it does not take.
///
/// ```
/// use diadoc_api::{Credentials, Secrets};
///
/// let secrets = Secrets::from(&Credentials::bearer("s3/cr+t"));
/// assert_eq!(secrets.hide("no s3/cr+t, s3%2fcr%2Bt"), "no ***, ***");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Secrets(Vec<Token>);

impl Secrets {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These and others.
    #[must_use]
    pub fn and(mut self, others: impl IntoIterator<Item = Token>) -> Self {
        self.extend(others);
        self
    }

    /// A text with `***` in the place of each secret: as it is, percent-encoded, as a form, a query, JSON
    /// or HTML writes it, or in base64, by itself or inside a longer text.
    pub fn hide(&self, text: &str) -> String {
        self.hide_in(text, false)
    }

    /// The same; where the text was cut, what a secret begins with at its end is one, too. The text is
    /// gone over once, so that what stands in the place of one secret is not taken for another.
    pub(crate) fn hide_in(&self, text: &str, is_cut: bool) -> String {
        let mut plain: Vec<_> = self.0.iter().map(Token::expose).collect();
        plain.retain(|secret| !secret.is_empty());
        if plain.is_empty() {
            return text.to_owned();
        }
        // Of two that begin alike the longer one is hidden whole.
        plain.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let encoded: Vec<_> = plain.iter().flat_map(|secret| in_base64(secret)).collect();
        let (mut shown, mut rest) = (String::new(), text);
        while let Some(letter) = rest.chars().next() {
            let found = plain
                .iter()
                .map(|secret| spelt(rest, secret))
                .max()
                .unwrap_or(Spelt::No);
            match found {
                Spelt::Whole(length) => {
                    shown += HIDDEN;
                    rest = &rest[length..];
                    continue;
                }
                Spelt::Cut if is_cut => {
                    shown += HIDDEN;
                    break;
                }
                _ => {}
            }
            if let Some(found) = encoded.iter().find(|symbols| symbols.begin(rest)) {
                if found.shares_first && shown.ends_with(is_symbol) {
                    shown.pop();
                }
                shown += HIDDEN;
                rest = &rest[found.text.len()..];
                if found.shares_last {
                    rest = rest.strip_prefix(is_symbol).unwrap_or(rest);
                }
                rest = rest.trim_start_matches('=');
                continue;
            }
            shown.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
        shown
    }
}

impl Extend<Token> for Secrets {
    fn extend<I: IntoIterator<Item = Token>>(&mut self, secrets: I) {
        self.0.extend(secrets);
    }
}

impl FromIterator<Token> for Secrets {
    fn from_iter<I: IntoIterator<Item = Token>>(secrets: I) -> Self {
        Self(secrets.into_iter().collect())
    }
}

impl IntoIterator for Secrets {
    type Item = Token;
    type IntoIter = std::vec::IntoIter<Token>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<&Credentials> for Secrets {
    fn from(credentials: &Credentials) -> Self {
        credentials.secrets().into_iter().cloned().collect()
    }
}

/// The secrets in a body, as far as it can be read: of JSON that breaks off, what stands under the keys; of
/// protobuf that cannot be read, every text in it.
pub(crate) fn of_body(keys: SecretKeys, form: Form, body: &bytes::Bytes) -> Vec<Token> {
    let json = match form {
        Form::Json => String::from_utf8_lossy(body).into_owned(),
        Form::Protobuf => match (keys.json)(body) {
            Some(json) => json,
            None => return texts_in(body),
        },
    };
    let found = texts_of(&json, |key| keys.has(key));
    found.into_iter().map(Token::from).collect()
}

/// The runs of letters in bytes that may be texts, each also without its first letter, which may be the
/// length of the rest.
fn texts_in(bytes: &[u8]) -> Vec<Token> {
    let text = String::from_utf8_lossy(bytes);
    let is_end = |letter: char| letter.is_control() || letter == char::REPLACEMENT_CHARACTER;
    let runs = text.split(is_end).filter(|run| run.len() >= LEAST_LETTERS);
    let texts = runs.flat_map(|run| {
        let mut letters = run.chars();
        letters.next();
        [run, letters.as_str()]
    });
    texts.map(Token::from).collect()
}

/// How a text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spelt {
    /// Not with the secret.
    No,
    /// With as much of the secret as there is text.
    Cut,
    /// With the secret, which has so many bytes there.
    Whole(usize),
}

/// Whether a text begins with a secret in any spelling but base64.
fn spelt(text: &str, secret: &str) -> Spelt {
    if text.starts_with(secret) {
        return Spelt::Whole(secret.len());
    }
    let mut rest = text;
    for letter in secret.chars() {
        if rest.is_empty() {
            return Spelt::Cut;
        }
        match behind(rest, letter) {
            Some(more) => rest = more,
            // An escape that is cut is the end of the text, too.
            None if rest.len() < 6 && rest.starts_with(['%', '\\', '&']) && rest != text => {
                return Spelt::Cut;
            }
            None => return Spelt::No,
        }
    }
    Spelt::Whole(text.len() - rest.len())
}

/// Reads the first letter of a text, and how many bytes it has there.
type Read = fn(&str) -> Option<(char, usize)>;

/// What stands behind a letter, however it is written: what is JSON may have been JSON before, and a part of
/// a query after that.
fn behind(text: &str, letter: char) -> Option<&str> {
    let spellings: [Read; 5] = [twice_escaped, once_escaped, twice_encoded, unit, plain];
    let found = spellings.iter().find_map(|read| {
        let (found, length) = read(text)?;
        (found == letter).then(|| &text[length..])
    });
    match letter {
        ' ' => found.or_else(|| text.strip_prefix('+')),
        _ => found,
    }
}

fn plain(text: &str) -> Option<(char, usize)> {
    let letter = text.chars().next()?;
    Some((letter, letter.len_utf8()))
}

/// The byte that a text begins with where it is percent-encoded, and how long that is.
fn percent(text: &str) -> Option<(u8, usize)> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    Some((u8::from_str_radix(digits, 16).ok()?, 3))
}

/// The same where it is so twice.
fn twice_percent(text: &str) -> Option<(u8, usize)> {
    let digits = text.strip_prefix("%25")?.get(..2)?;
    Some((u8::from_str_radix(digits, 16).ok()?, 5))
}

/// The letter of one to four bytes, each of which is read so.
fn of_bytes(text: &str, read: fn(&str) -> Option<(u8, usize)>) -> Option<(char, usize)> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    while bytes.len() < 4 {
        let (byte, length) = read(&text[at..])?;
        bytes.push(byte);
        at += length;
        if let Ok(letter) = std::str::from_utf8(&bytes) {
            return Some((letter.chars().next()?, at));
        }
    }
    None
}

fn twice_encoded(text: &str) -> Option<(char, usize)> {
    of_bytes(text, twice_percent)
}

/// The first letter, percent-encoded or an entity of HTML or plain, and how long it is.
fn unit(text: &str) -> Option<(char, usize)> {
    if let Some(letter) = of_bytes(text, percent) {
        return Some(letter);
    }
    let name = text.strip_prefix('&').and_then(|text| {
        let end = text
            .bytes()
            .take(LONGEST_ENTITY)
            .position(|byte| byte == b';')?;
        text.get(..end)
    });
    match name.and_then(|name| Some((of_entity(name)?, name.len() + 2))) {
        Some(letter) => Some(letter),
        None => plain(text),
    }
}

fn once_escaped(text: &str) -> Option<(char, usize)> {
    escaped(text, unit)
}

fn twice_escaped(text: &str) -> Option<(char, usize)> {
    escaped(text, |text| once_escaped(text).or_else(|| unit(text)))
}

/// The letter of the escape of JSON that a text begins with, whose own letters are read so.
fn escaped(text: &str, read: impl Fn(&str) -> Option<(char, usize)>) -> Option<(char, usize)> {
    let (mut inside, mut at) = (String::new(), 0);
    while inside.len() < LONGEST_ESCAPE {
        let (letter, length) = read(&text[at..])?;
        inside.push(letter);
        at += length;
        if !inside.starts_with('\\') {
            return None;
        }
        if let Some((letter, length)) = escape(&inside)
            && length == inside.len()
        {
            return Some((letter, at));
        }
    }
    None
}

/// The letter of an entity of HTML, without `&` and `;`.
fn of_entity(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    let hex = number.and_then(|number| number.strip_prefix(['x', 'X']));
    match (number, hex) {
        (_, Some(digits)) => char::from_u32(u32::from_str_radix(digits, 16).ok()?),
        (Some(digits), _) => char::from_u32(digits.parse().ok()?),
        _ => Some(match name {
            "quot" => '"',
            "apos" => '\'',
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            _ => return None,
        }),
    }
}

/// Symbols of base64 that a secret makes.
struct Symbols {
    text: String,
    /// Whether the symbol before them, or behind them, has bits of the secret as well.
    shares_first: bool,
    shares_last: bool,
}

impl Symbols {
    /// Whether a text begins with them, in either alphabet, percent-encoded where they need be or not.
    fn begin(&self, text: &str) -> bool {
        text.starts_with(&self.text)
    }
}

/// What a secret is in base64, by how many bytes stand before it in what was encoded.
fn in_base64(secret: &str) -> Vec<Symbols> {
    let mut all = Vec::new();
    for before in 0..3 {
        let mut bytes = vec![0; before];
        bytes.extend(secret.bytes());
        let symbols = base64::encode_to_string(&bytes);
        // Those that have no bit of anything else.
        let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        if last < first + LEAST_SYMBOLS {
            continue;
        }
        let text = &symbols[first..last];
        let url_safe = text.replace('+', "-").replace('/', "_");
        let mut spellings = vec![text.to_owned(), percent_encoded(text), url_safe];
        spellings.dedup();
        all.extend(spellings.into_iter().map(|text| Symbols {
            text,
            shares_first: before != 0,
            shares_last: !(bytes.len() * 8).is_multiple_of(6),
        }));
    }
    all
}

fn is_symbol(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "+/-_".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(secrets: &[&str], text: &str) -> String {
        let secrets = secrets.iter().map(|secret| Token::from(*secret));
        secrets.collect::<Secrets>().hide(text)
    }

    #[test]
    fn secrets_are_hidden_once() {
        for (secrets, text, shown) in [
            (&["s3"][..], "not s3, but S3", "not ***, but S3"),
            // What stands in its place holds no secret.
            (&["s3", "*", "d"], "s3 d", "*** ***"),
            (&["s3", "s3cr3t"], "s3cr3t", "***"),
            (&["a b"], "a+b a%20b a b", "*** *** ***"),
            (&["у"], "ну", "н***"),
            (&[""], "text", "text"),
        ] {
            assert_eq!(hidden(secrets, text), shown, "{secrets:?}");
        }
    }

    #[test]
    fn every_spelling() {
        let secret = "p\"a/ß w+d\\&<0>";
        for text in [
            secret,
            "p%22a%2F%c3%9f+w%2Bd%5C%26%3C0%3E",
            "p%22a%2f%C3%9F%20w%2bd%5c%26%3c0%3e",
            r#"p\"a\/ß w+d\\&<0>"#,
            r"p\u0022a/\u00df w\u002bd\u005c\u0026\u003c0\u003e",
            "p&quot;a/ß w+d\\&amp;&lt;0&gt;",
            "p&#34;a/&#xDF; w+d\\&amp;<0>",
            // JSON in JSON, and in a query.
            r#"p\\\"a/ß w+d\\\\&<0>"#,
            r"p\\u0022a/\\u00DF w+d\\\\&<0>",
            "p%5C%22a%2F%5cu00df+w%2Bd%5C%5C%26%3C0%3E",
            // An address in a query.
            "p%2522a%252F%25C3%259f%2520w%252Bd%255C%2526%253C0%253E",
            // Some encode no more than they must.
            "p%22a/%C3%9F+w%2Bd%5C%26<0>",
        ] {
            assert_eq!(hidden(&[secret], text), "***", "{text}");
            assert_eq!(hidden(&[secret], &format!("[{text}]")), "[***]");
        }
    }

    #[test]
    fn base64_of_it_and_around_it() {
        let secret = "s3cr3t?token>";
        for (before, behind) in [
            ("", ""),
            ("u", ""),
            ("us", ":"),
            ("use", "::"),
            ("us:", "xyz"),
        ] {
            let text = format!("{before}{secret}{behind}");
            let standard = base64::encode_to_string(text.as_bytes());
            let url_safe = base64::encode_url_safe(text.as_bytes());
            for text in [percent_encoded(&standard), standard, url_safe] {
                let shown = hidden(&[secret], &format!("no {text}."));
                assert!(shown.contains("***"), "{shown}");
                assert!(shown.len() < text.len(), "{shown}");
                // No three letters of it are left.
                for place in 0..text.len() - 4 {
                    let left = &text[place..place + 4];
                    let bytes = base64::decode(left.as_bytes()).unwrap_or_default();
                    let is_secret = secret.as_bytes().windows(3).any(|part| part == bytes);
                    assert!(!is_secret || !shown.contains(left), "{text}: {shown}");
                }
            }
        }
    }

    #[test]
    fn what_is_cut_is_hidden() {
        let secrets: Secrets = [Token::from("s3cr3t token")].into_iter().collect();
        for (text, shown) in [
            ("no s3cr3t tok", "no ***"),
            ("no s3cr3t%2", "no ***"),
            ("no s3cr3t\\u00", "no ***"),
            ("no", "no"),
        ] {
            assert_eq!(secrets.hide_in(text, true), shown);
            assert_eq!(secrets.hide_in(text, false), text);
        }
    }
}
