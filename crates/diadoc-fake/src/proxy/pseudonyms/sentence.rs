//! What the server says about an error, without the data in it.

use std::collections::HashSet;

use super::text::{Token, tokens};
use super::{DIGITS_OF_A_NUMBER, Pseudonyms};

/// How many words are known at most.
const MOST_WORDS: usize = 1 << 20;
/// From how many digits on a word such as `ivanov1980` is data.
const MOST_DIGITS: usize = 4;
/// How many characters a word has that says something.
const SHORTEST_WORD: usize = 3;

/// The words that were replaced, in lower case: none of them may stand in a sentence of the server.
#[derive(Default)]
pub(in crate::proxy) struct Known(HashSet<String>);

impl Known {
    pub(in crate::proxy) fn learn(&mut self, text: &str) {
        for token in tokens(text) {
            if let Token::Word(word) = token
                && word.chars().count() >= SHORTEST_WORD
                && self.0.len() < MOST_WORDS
            {
                self.0.insert(word.to_lowercase());
            }
        }
    }

    fn knows(&self, word: &str) -> bool {
        self.0.contains(&word.to_lowercase())
    }
}

impl Pseudonyms {
    /// A sentence of the server with its own words, but for what may be data: ids and numbers, what
    /// stands in quotes, words beyond ASCII, addresses of e-mail, and words that were data elsewhere.
    pub(in crate::proxy) fn sentence(&self, sentence: &str, known: &Known) -> String {
        let mut made = String::with_capacity(sentence.len());
        let mut quote = None;
        let mut rest = sentence;
        for token in tokens(sentence) {
            let (Token::Id(text)
            | Token::Hex(text)
            | Token::Digits(text)
            | Token::Word(text)
            | Token::Other(text)) = token;
            rest = rest.get(text.len()..).unwrap_or_default();
            let is_own = match token {
                Token::Word(word) => {
                    let is_of_address = rest.starts_with('@') || made.ends_with('@');
                    let digits = word.bytes().filter(u8::is_ascii_digit).count();
                    word.is_ascii()
                        && digits < MOST_DIGITS
                        && quote.is_none()
                        && !is_of_address
                        && !known.knows(word)
                }
                Token::Digits(digits) => digits.len() < DIGITS_OF_A_NUMBER && quote.is_none(),
                Token::Id(_) | Token::Hex(_) => false,
                Token::Other(_) => true,
            };
            match quote {
                Some(end) if text == end => quote = None,
                None => quote = end_of_quote(text),
                Some(_) => {}
            }
            match is_own {
                true => made.push_str(text),
                false => made.push_str(&self.token(token)),
            }
        }
        made
    }
}

fn end_of_quote(start: &str) -> Option<&'static str> {
    Some(match start {
        "\"" => "\"",
        "`" => "`",
        "«" => "»",
        "“" | "„" => "”",
        _ => return None,
    })
}
