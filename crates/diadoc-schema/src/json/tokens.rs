//! Reads JSON text piece by piece, with the place of each piece.
//!
//! Own code on purpose, so that it is no part of what it is tested against (see the module above);
//! serde_json is the witness. It accepts and refuses what serde_json does: RFC 8259, no byte order
//! mark, no lone surrogates but in what is passed over. After a comment, a comma before a closing
//! bracket and a missing comma it goes on, so that one such fault hides no others.

use std::borrow::Cow;

use diadoc_core::dialect::without_mark;
use diadoc_core::{Language, Limits, fill};

use super::say::shorten;
use super::words::Words;
use crate::texts::not_utf8;
use crate::{Rule, Span};

/// A value, or the beginning of one.
#[derive(Debug)]
pub(super) enum Token<'t> {
    Null,
    Bool(bool),
    /// The text of a number, which follows JSON's grammar.
    Number(&'t str),
    String(Cow<'t, str>),
    /// The opening bracket of an object.
    Object,
    /// The opening bracket of an array.
    Array,
}

/// Where and why the text cannot be read on, or is no JSON though it can.
#[derive(Debug, Clone)]
pub(super) struct Broken {
    pub rule: Rule,
    pub span: Span,
    pub message: &'static str,
    pub expected: Cow<'static, str>,
    pub found: String,
    /// Whether the body as a whole is at fault, not the value that is being read.
    pub whole_body: bool,
}

impl Broken {
    fn syntax(
        span: Span,
        expected: impl Into<Cow<'static, str>>,
        message: &'static str,
        found: String,
    ) -> Self {
        Self {
            rule: Rule::JsonSyntax,
            span,
            message,
            expected: expected.into(),
            found,
            whole_body: false,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    /// How many levels deep it is.
    depth: usize,
    /// Whether what is read is passed over: nothing is made of it, so half a pair of surrogates is no fault.
    passes_over: bool,
    /// The first byte behind `text`, where it is not UTF-8, and what the body looks like.
    not_utf8: Option<(u8, Option<&'static str>)>,
    /// What is no JSON, though it can be read on.
    recovered: Vec<Broken>,
    words: &'static Words,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(body: &'t [u8], language: Language) -> Self {
        let (text, not_utf8) = match std::str::from_utf8(body) {
            Ok(text) => (text, None),
            Err(error) => {
                let (valid, rest) = body.split_at(error.valid_up_to());
                let text = std::str::from_utf8(valid).unwrap_or_default();
                let byte = rest.first().copied();
                (text, byte.map(|byte| (byte, not_utf8(body))))
            }
        };
        Self {
            text,
            at: without_mark(text).1,
            depth: 0,
            passes_over: false,
            not_utf8,
            recovered: Vec::new(),
            words: Words::of(language),
        }
    }

    /// The text from a place on, which is no more than a part of a body; nobody is told what is wrong with it.
    pub(super) fn at(text: &'t str, at: usize) -> Self {
        Self {
            text,
            at,
            depth: 0,
            passes_over: false,
            not_utf8: None,
            recovered: Vec::new(),
            words: Words::of(Language::English),
        }
    }

    /// The byte that comes next; after [`new`](Self::new) the first behind a byte order mark.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// What has been passed over that is no JSON: comments, commas too many or too few.
    pub(super) fn recovered(&mut self) -> Vec<Broken> {
        std::mem::take(&mut self.recovered)
    }

    /// The body, as far as it is UTF-8.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// The text of a span.
    pub(super) fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The next value: a scalar as a whole, or the opening bracket of an object or array.
    pub(super) fn value(&mut self) -> Result<(Token<'t>, Span), Broken> {
        let start = self.skip_space();
        let value = match self.peek() {
            Some(b'"') => Token::String(self.string()?),
            Some(b'{') => {
                self.at += 1;
                Token::Object
            }
            Some(b'[') => {
                self.at += 1;
                Token::Array
            }
            Some(b'-' | b'0'..=b'9') => Token::Number(self.number()?),
            Some(b't') => self.word("true", Token::Bool(true))?,
            Some(b'f') => self.word("false", Token::Bool(false))?,
            Some(b'n') => self.word("null", Token::Null)?,
            _ => return Err(self.unexpected(self.words.value, self.words.no_value)),
        };
        let end = self.at;
        Ok((value, Span { start, end }))
    }

    /// The next key of an object and its place, with the comma before it and the colon still to
    /// come; or none at the object's end, which is consumed.
    pub(super) fn key(&mut self, first: bool) -> Result<Option<(Cow<'t, str>, Span)>, Broken> {
        if !self.another(
            first,
            b'}',
            self.words.comma_or_brace,
            self.words.no_comma_in_object,
        )? {
            return Ok(None);
        }
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(self.words.key, self.words.no_key));
        }
        let key = self.string()?;
        let end = self.at;
        Ok(Some((key, Span { start, end })))
    }

    pub(super) fn colon(&mut self) -> Result<(), Broken> {
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`", self.words.no_colon));
        }
        self.at += 1;
        Ok(())
    }

    /// Whether an array has another element, with the comma before it; its end is consumed.
    pub(super) fn element(&mut self, first: bool) -> Result<bool, Broken> {
        self.another(
            first,
            b']',
            self.words.comma_or_bracket,
            self.words.no_comma_in_array,
        )
    }

    /// The end of the text.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        self.skip_space();
        if self.peek().is_some() || self.not_utf8.is_some() {
            return Err(self.unexpected(self.words.end, self.words.something_follows));
        }
        Ok(())
    }

    /// Passes over what is left of a value that [`value`](Self::value) has begun.
    pub(super) fn skip(&mut self, value: &Token<'_>) -> Result<(), Broken> {
        let outside = std::mem::replace(&mut self.passes_over, true);
        let skipped = self.skip_inside(value);
        self.passes_over = outside;
        skipped
    }

    /// Passes over the next value.
    pub(super) fn skip_next(&mut self) -> Result<(), Broken> {
        let outside = std::mem::replace(&mut self.passes_over, true);
        let value = self.value();
        let skipped = value.and_then(|(value, _)| self.skip_inside(&value));
        self.passes_over = outside;
        skipped
    }

    fn skip_inside(&mut self, value: &Token<'_>) -> Result<(), Broken> {
        if !matches!(value, Token::Object | Token::Array) {
            return Ok(());
        }
        // Its bracket has just been read.
        self.descend(self.at - 1)?;
        let mut first = true;
        match value {
            Token::Object => {
                while self.key(first)?.is_some() {
                    self.colon()?;
                    self.skip_next()?;
                    first = false;
                }
            }
            _ => {
                while self.element(first)? {
                    self.skip_next()?;
                    first = false;
                }
            }
        }
        self.ascend();
        Ok(())
    }

    /// Goes a level deeper, by a bracket that has been read: into a message that is not required, or into
    /// what is passed over.
    pub(super) fn descend(&mut self, bracket: usize) -> Result<(), Broken> {
        if self.depth == Limits::DEPTH {
            let words = self.words;
            let expected = fill(words.levels, &[&Limits::DEPTH]);
            let place = span(bracket, bracket + 1);
            return Err(Broken {
                rule: Rule::JsonDepth,
                ..Broken::syntax(
                    place,
                    expected,
                    words.too_deep,
                    words.one_more_level.to_owned(),
                )
            });
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Whether a member or element follows; consumes the comma before it, or the closing bracket.
    fn another(
        &mut self,
        first: bool,
        close: u8,
        expected: &'static str,
        message: &'static str,
    ) -> Result<bool, Broken> {
        self.skip_space();
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) if first => Ok(true),
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_space();
                if self.peek() == Some(close) {
                    let expected = if close == b'}' { "`}`" } else { "`]`" };
                    let message = self.words.comma_before_closing;
                    let place = span(comma, comma + 1);
                    let broken = Broken::syntax(place, expected, message, "`,`".to_owned());
                    self.recovered.push(broken);
                    self.at += 1;
                    return Ok(false);
                }
                if self.peek().is_none() {
                    return Err(self.unexpected_end(if close == b'}' {
                        self.words.key_after_comma
                    } else {
                        self.words.value_after_comma
                    }));
                }
                Ok(true)
            }
            None if first && close == b'}' => Err(self.unexpected_end(self.words.key_or_brace)),
            None if first => Err(self.unexpected_end(self.words.value_or_bracket)),
            // A comma was forgotten between two members or elements.
            Some(b'"') => self.without_comma(expected, message),
            Some(b'{') if close == b']' => self.without_comma(expected, message),
            _ => Err(self.unexpected(expected, message)),
        }
    }

    /// Goes on where a comma is missing.
    fn without_comma(
        &mut self,
        expected: &'static str,
        message: &'static str,
    ) -> Result<bool, Broken> {
        let broken = self.unexpected(expected, message);
        self.recovered.push(broken);
        Ok(true)
    }

    fn word(&mut self, word: &str, value: Token<'t>) -> Result<Token<'t>, Broken> {
        let rest = &self.text[self.at..];
        if !rest.starts_with(word) {
            if word.starts_with(rest) {
                return Err(self.unexpected_end(self.words.word));
            }
            return Err(self.unexpected(self.words.word, self.words.no_word));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<&'t str, Broken> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.peek() == Some(b'0');
        match self.digits() {
            0 => return Err(self.wrong_number(start, self.words.digit_after_minus)),
            1 => {}
            _ if leading_zero => {
                self.at -= 1;
                return Err(self.wrong_number(start, self.words.no_leading_zeros));
            }
            _ => {}
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.wrong_number(start, self.words.digit_after_point));
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.wrong_number(start, self.words.digit_in_exponent));
            }
        }
        Ok(&self.text[start..self.at])
    }

    /// What is wrong with the number from `start`, which cannot go on as it does here.
    fn wrong_number(&self, start: usize, expected: &'static str) -> Broken {
        if self.peek().is_none() {
            return self.unexpected_end(expected);
        }
        let place = span(start, self.word_end(self.at));
        let message = self.words.wrong_number;
        let found = format!("`{}`", shorten(self.slice(place)));
        Broken::syntax(place, expected, message, found)
    }

    /// Where what stands from there on ends, if it is a word or the like.
    fn word_end(&self, from: usize) -> usize {
        let ends = |c: char| c.is_whitespace() || "{}[],:\"".contains(c);
        let rest = &self.text[from..];
        from + rest.find(ends).unwrap_or(rest.len())
    }

    /// Passes over digits and counts them.
    fn digits(&mut self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        digits
    }

    /// The string that begins here, its escapes resolved.
    pub(super) fn string(&mut self) -> Result<Cow<'t, str>, Broken> {
        self.at += 1;
        let mut unescaped: Option<String> = None;
        let mut plain_from = self.at;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let plain = rest
                .iter()
                .take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f))
                .count();
            self.at += plain;
            let text = &self.text[plain_from..self.at];
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(match unescaped {
                        Some(unescaped) => Cow::Owned(unescaped + text),
                        None => Cow::Borrowed(text),
                    });
                }
                Some(b'\\') => {
                    let escaped = self.escape()?;
                    let unescaped = unescaped.get_or_insert_default();
                    unescaped.push_str(text);
                    unescaped.push(escaped);
                    plain_from = self.at;
                }
                Some(control) => {
                    let words = self.words;
                    let mut broken =
                        self.unexpected(words.quote_or_escape, words.not_closed_or_control);
                    broken.span.end = broken.span.start + 1;
                    broken.found = fill(words.control_character, &[&format_args!("{control:04X}")]);
                    return Err(broken);
                }
                None => return Err(self.unexpected("`\"`", self.words.not_closed)),
            }
        }
    }

    /// The character that the escape here stands for.
    fn escape(&mut self) -> Result<char, Broken> {
        let start = self.at;
        self.at += 1;
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape(start);
            }
            None => return Err(self.unexpected(self.words.escape, self.words.not_closed)),
            Some(_) => {
                return Err(self.wrong_escape(
                    start,
                    self.words.some_escape,
                    self.words.no_such_escape,
                ));
            }
        };
        self.at += 1;
        Ok(character)
    }

    /// The character of `\uXXXX` behind its `u`, or of a pair of surrogates.
    fn unicode_escape(&mut self, start: usize) -> Result<char, Broken> {
        let first = self.four_hex_digits(start)?;
        let mut code = first;
        if (0xD800..0xDC00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            let second = self.four_hex_digits(start)?;
            if (0xDC00..0xE000).contains(&second) {
                code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            }
        }
        // Surrogates are the only codes here that are no characters.
        match char::from_u32(code) {
            Some(character) => Ok(character),
            None if self.passes_over => Ok(char::REPLACEMENT_CHARACTER),
            // The second half may have been cut off, with the rest of the body.
            None if first < 0xDC00 && self.at == start + 6 && self.peek().is_none() => {
                Err(self.unexpected("`\"`", self.words.not_closed))
            }
            None => Err(self.wrong_escape(start, self.words.surrogates, self.words.half_a_pair)),
        }
    }

    fn four_hex_digits(&mut self, start: usize) -> Result<u32, Broken> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().map(|byte| char::from(byte).to_digit(16));
            match digit {
                Some(Some(digit)) => code = code * 16 + digit,
                Some(None) => {
                    return Err(self.wrong_escape(
                        start,
                        self.words.four_digits,
                        self.words.incomplete_escape,
                    ));
                }
                None => return Err(self.unexpected(self.words.digit, self.words.not_closed)),
            }
            self.at += 1;
        }
        Ok(code)
    }

    /// What is wrong with the escape from `start` to the character here.
    fn wrong_escape(&self, start: usize, expected: &'static str, message: &'static str) -> Broken {
        let next = self.text[self.at..].chars().next();
        let end = match next {
            Some('"') | None => self.at,
            Some(character) => self.at + character.len_utf8(),
        };
        let place = span(start, end);
        Broken::syntax(place, expected, message, format!("`{}`", self.slice(place)))
    }

    /// What is wrong where something else stands than expected, or the text ends.
    fn unexpected(&self, expected: &'static str, message: &'static str) -> Broken {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else {
            return self.unexpected_end(expected);
        };
        let second = self.at + first.len_utf8();
        let more = &self.text[second..];
        let end = match first {
            '"' => match more.find(['"', '\n']) {
                Some(end) if more[end..].starts_with('"') => second + end + 1,
                Some(end) => second + end,
                None => self.text.len(),
            },
            '{' | '}' | '[' | ']' | ',' | ':' => second,
            _ => self.word_end(second),
        };
        let place = span(self.at, end);
        let found = match first {
            '\u{feff}' => self.words.some_mark.to_owned(),
            _ => format!("`{}`", shorten(self.slice(place))),
        };
        Broken::syntax(place, expected, message, found)
    }

    fn unexpected_end(&self, expected: &'static str) -> Broken {
        let end = self.text.len();
        match self.not_utf8 {
            Some((byte, looks_like)) => Broken {
                rule: Rule::BodyEncoding,
                whole_body: true,
                ..Broken::syntax(
                    span(end, end + 1),
                    "UTF-8",
                    self.words.not_utf8,
                    match looks_like {
                        Some(other) => fill(self.words.byte_looks_like, &[&hex(byte), &other]),
                        None => fill(self.words.byte, &[&hex(byte)]),
                    },
                )
            },
            None => {
                let found = self.words.end.to_owned();
                Broken::syntax(span(end, end), expected, self.words.too_early, found)
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) -> usize {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') => match self.comment() {
                    Some(end) => {
                        let place = span(self.at, end);
                        let found = format!("`{}`", shorten(self.slice(place)));
                        let words = self.words;
                        let broken =
                            Broken::syntax(place, words.no_comment, words.no_comments, found);
                        self.recovered.push(broken);
                        self.at = end;
                    }
                    None => return self.at,
                },
                _ => return self.at,
            }
        }
    }

    /// Where the comment that begins here ends.
    fn comment(&self) -> Option<usize> {
        let rest = &self.text[self.at..];
        let end = match rest.get(..2)? {
            "//" => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            "/*" => rest.find("*/")? + 2,
            _ => return None,
        };
        Some(self.at + end)
    }
}

fn hex(byte: u8) -> String {
    format!("{byte:02X}")
}

fn span(start: usize, end: usize) -> Span {
    Span { start, end }
}
