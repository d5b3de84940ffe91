//! The reader: walks a body once and fills the structs in place.
//!
//! This file holds what walks: objects, lists, space, nesting. What a value is made of stands in
//! [`strings`](super::strings), [`numbers`](super::numbers) and [`values`](super::values); what the
//! schema does not know goes through [`skip`](super::skip). The generated code calls one function
//! of `values` per field.
//!
//! A fault costs nothing until there is one: it knows the byte at which it stands, and each object
//! and list that it leaves adds its own step to the path.

use std::borrow::Cow;

use diadoc_core::dialect::without_mark;
use diadoc_core::limits::Budget;
use diadoc_core::names::same;
use diadoc_core::{Limit, LimitError, Limits};

use super::codec::Codec;
use super::fault::{Fault, Result, Segment};
use super::hints::Hints;
use super::keys::Keys;

/// Expected where the body ends too early.
pub(super) const REST: &str = "the rest of the body";

/// A body, and how far it has been read.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(super) text: &'a str,
    /// The same as bytes.
    pub(super) bytes: &'a [u8],
    /// The byte offset of what comes next.
    pub(super) at: usize,
    /// How many levels it may go deeper.
    pub(super) levels: usize,
    /// How many may lie below the body.
    most_levels: usize,
    /// What lists and structs may still take.
    budget: Budget,
    /// The last string that had escapes, without them.
    pub(super) unescaped: String,
    /// Which key followed which.
    hints: Hints,
}

/// The list that a reader adds messages to, whatever their type.
pub trait MessageList {
    /// Adds a message with nothing set.
    fn add(&mut self, budget: &mut Budget) -> std::result::Result<&mut dyn Codec, LimitError>;

    /// All have been added.
    fn end(&mut self, budget: &mut Budget);
}

impl<M: Codec + Default> MessageList for Vec<M> {
    fn add(&mut self, budget: &mut Budget) -> std::result::Result<&mut dyn Codec, LimitError> {
        let at = self.len();
        budget.push(self, M::default())?;
        Ok(&mut self[at])
    }

    fn end(&mut self, budget: &mut Budget) {
        budget.fit(self);
    }
}

/// Reads a whole body into a message with nothing set.
pub(super) fn body(text: &str, limits: &Limits, message: &mut dyn Codec) -> Result<()> {
    let too_long = |error| Fault::limit(limits.most_bytes(), error);
    limits.check_bytes(text.len()).map_err(too_long)?;
    let mut reader = Reader::within(text, limits);
    (_, reader.at) = without_mark(text);
    reader.space();
    reader.object(message)?;
    match reader.space() {
        None => Ok(()),
        Some(_) => Err(Fault::syntax(reader.at, "the end of the body")),
    }
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        Self::within(text, &Limits::new())
    }

    pub(super) fn within(text: &'a str, limits: &Limits) -> Self {
        let most_levels = limits.most_depth();
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            levels: most_levels,
            most_levels,
            budget: Budget::new(limits, text.len()),
            unescaped: String::new(),
            hints: Hints::default(),
        }
    }

    /// Reads an object into a message.
    pub fn object(&mut self, message: &mut dyn Codec) -> Result<()> {
        let keys = message.keys();
        if self.peek() != Some(b'{') {
            return Err(self.no_object(keys));
        }
        // A bit per field that has been seen: no message has more fields than that.
        let mut seen = [0_u64; 2];
        let base = Hints::base(keys);
        // One more than the field of the last key.
        let mut after = 0;
        let mut more = self.first(b'}')?;
        while more {
            let start = self.at;
            let guess = self.hints.guess(base, after);
            let field = self.key(keys, guess)?;
            if let Some(field) = field {
                let bit = 1 << (field % 64);
                let seen = &mut seen[field / 64 % 2];
                if *seen & bit != 0 {
                    return Err(Fault::twice(start, keys.name(field).unwrap_or_default()));
                }
                *seen |= bit;
                if field != guess {
                    self.hints.learn(base, after, field);
                }
                after = field + 1;
            }
            self.colon()?;
            if let Err(fault) = self.member(message, field) {
                return Err(fault.below(Segment::Key(self.key_at(start))));
            }
            more = self.next(b'}')?;
        }
        Ok(())
    }

    /// Reads an object into a message that lies a level deeper: an optional one, or an element of a list. A
    /// required message is a part of its own, and no level: where a body lacks it, it is written all the
    /// same, and what is written must not lie deeper than what is read.
    pub(super) fn inner_object(&mut self, message: &mut dyn Codec) -> Result<()> {
        let Some(levels) = self.levels.checked_sub(1) else {
            return match self.peek() {
                Some(b'{') => Err(self.too_deep()),
                _ => Err(self.no_object(message.keys())),
            };
        };
        let outside = std::mem::replace(&mut self.levels, levels);
        self.object(message)?;
        self.levels = outside;
        Ok(())
    }

    /// Reads the value of a key.
    #[inline]
    fn member(&mut self, message: &mut dyn Codec, field: Option<usize>) -> Result<()> {
        match (field, self.space()) {
            (None, _) => self.skip_value(),
            // R2: null means absent, for every field.
            (Some(_), Some(b'n')) => self.word("null"),
            (Some(field), _) => message.read_field(field, self),
        }
    }

    /// Reads a key, and finds its field.
    #[inline]
    fn key(&mut self, keys: &Keys, guess: usize) -> Result<Option<usize>> {
        if let Some(name) = keys.name(guess) {
            let start = self.at + 1;
            let end = start + name.len();
            if let Some([key @ .., b'"']) = self.bytes.get(start..=end)
                && same(key, name.as_bytes())
            {
                self.at = end + 1;
                return Ok(Some(guess));
            }
        }
        Ok(keys.find(self.string()?.as_bytes()))
    }

    /// The key that starts at `start`, which has been read before.
    #[cold]
    fn key_at(&self, start: usize) -> String {
        let mut again = Reader::new(self.text);
        again.at = start;
        again.string().unwrap_or_default().to_owned()
    }

    /// Reads a list of messages.
    pub fn messages(&mut self, list: &mut dyn MessageList) -> Result<()> {
        let mut more = self.list()?;
        let mut index = 0;
        while more {
            let read = match list.add(&mut self.budget) {
                Ok(message) => self.inner_object(message),
                Err(error) => Err(self.beyond(error)),
            };
            if let Err(fault) = read {
                return Err(fault.below(Segment::Index(index)));
            }
            index += 1;
            more = self.next_element()?;
        }
        list.end(&mut self.budget);
        Ok(())
    }

    /// Reads the start of a list; whether it has an element.
    pub fn list(&mut self) -> Result<bool> {
        if self.peek() != Some(b'[') {
            return Err(self.mismatch("an array"));
        }
        self.first(b']')
    }

    /// Reads on from an element to the next; whether there is one.
    pub fn next_element(&mut self) -> Result<bool> {
        self.next(b']')
    }

    /// Reads an opening bracket and what follows up to the first key or element; whether there is
    /// one.
    #[inline]
    pub(super) fn first(&mut self, close: u8) -> Result<bool> {
        self.at += 1;
        match self.space() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if close == b'}' && byte != b'"' => Err(Fault::syntax(self.at, NO_KEY)),
            Some(_) => Ok(true),
            None => Err(Fault::syntax(self.at, REST)),
        }
    }

    /// Reads from the end of a value to the next key or element; whether there is one.
    #[inline]
    pub(super) fn next(&mut self, close: u8) -> Result<bool> {
        match self.space() {
            Some(b',') => {
                self.at += 1;
                match self.space() {
                    Some(b'"') => Ok(true),
                    Some(byte) if byte != close && close == b']' => Ok(true),
                    other => Err(self.after_comma(other, close)),
                }
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            other => Err(self.no_comma(other, close)),
        }
    }

    #[cold]
    fn after_comma(&self, found: Option<u8>, close: u8) -> Box<Fault> {
        let expected = match found {
            None => "a value",
            Some(byte) if byte == close => "a value after the comma",
            Some(_) => NO_KEY,
        };
        Fault::syntax(self.at, expected)
    }

    #[cold]
    fn no_comma(&self, found: Option<u8>, close: u8) -> Box<Fault> {
        let expected = match (found, close) {
            (None, _) => REST,
            (Some(_), b'}') => "`,` or `}`",
            (Some(_), _) => "`,` or `]`",
        };
        Fault::syntax(self.at, expected)
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<()> {
        match self.space() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(Fault::syntax(self.at, "`:`")),
            None => Err(Fault::syntax(self.at, REST)),
        }
    }

    /// The byte that comes next.
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Reads space; the byte that comes next.
    #[inline]
    pub(super) fn space(&mut self) -> Option<u8> {
        match self.peek() {
            Some(byte) if byte > b' ' => Some(byte),
            _ => self.more_space(),
        }
    }

    fn more_space(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    /// Reads `true`, `false` or `null`, of which the first letter has been seen.
    #[inline]
    pub(super) fn word(&mut self, word: &str) -> Result<()> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) == Some(word.as_bytes()) {
            self.at = end;
            return Ok(());
        }
        Err(self.no_word(word))
    }

    #[cold]
    fn no_word(&self, word: &str) -> Box<Fault> {
        let rest = self.bytes.iter().skip(self.at);
        let same = rest
            .zip(word.bytes())
            .take_while(|(found, byte)| *found == byte);
        let at = self.at + same.count();
        let expected = match self.bytes.get(at) {
            Some(_) => "`true`, `false` or `null`",
            None => "a value",
        };
        Fault::syntax(at, expected)
    }

    /// Adds an element to a list.
    #[inline]
    pub(super) fn push<T>(&mut self, list: &mut Vec<T>, element: T) -> Result<()> {
        let pushed = self.budget.push(list, element);
        pushed.map_err(|error| self.beyond(error))
    }

    /// Makes a message that stands in a box.
    #[inline]
    pub(super) fn boxed<M: Default>(&mut self) -> Result<Box<M>> {
        self.take::<M>()?;
        Ok(Box::default())
    }

    /// Takes the memory of a value.
    #[inline]
    pub(super) fn take<T>(&mut self) -> Result<()> {
        self.take_bytes(size_of::<T>())
    }

    #[inline]
    pub(super) fn take_bytes(&mut self, bytes: usize) -> Result<()> {
        let taken = self.budget.take(bytes);
        taken.map_err(|error| self.beyond(error))
    }

    /// What comes next goes beyond a limit.
    #[cold]
    fn beyond(&self, error: LimitError) -> Box<Fault> {
        Fault::limit(self.at, error)
    }

    #[cold]
    pub(super) fn too_deep(&self) -> Box<Fault> {
        self.beyond(LimitError::new(Limit::Depth, self.most_levels))
    }

    #[cold]
    fn no_object(&mut self, keys: &Keys) -> Box<Fault> {
        self.mismatch(format!("an object ({})", keys.message))
    }

    /// The value that comes next does not fit its field. Where it is no value at all, that is the
    /// fault.
    #[cold]
    pub(super) fn mismatch(&mut self, expected: impl Into<Cow<'static, str>>) -> Box<Fault> {
        let at = self.at;
        let scalar = match self.peek() {
            Some(b'{' | b'[') => Ok(()),
            Some(b'"') => self.string().map(drop),
            _ => self.skip_value(),
        };
        match scalar {
            Ok(()) => Fault::value(at, expected),
            Err(fault) => fault,
        }
    }
}

/// Expected where a key does not start as one.
const NO_KEY: &str = "a key in double quotes";
