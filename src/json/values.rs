//! The values of fields: for each kind of value how it reads and writes, for each label a function
//! that the generated code calls.

use diadoc_core::dialect::{INTEGER_32, INTEGER_64, boolean_number, boolean_text, decimal};
use diadoc_core::{Language, base64};
use std::borrow::Cow;

use bytes::Bytes;
use memchr::memchr2;

use super::codec::Codec;
use super::fault::{Fault, Result, Segment};
use super::keys::Members;
use super::read::{MessageList, Reader};
use super::write::Writer;

/// A value that is no message and no enum.
pub trait Value: Sized {
    /// Whether it is written in quotes.
    const QUOTED: bool;

    fn read(reader: &mut Reader<'_>) -> Result<Self>;

    /// Writes what stands between the quotes.
    fn write(&self, writer: &mut Writer<'_>);
}

impl Value for bool {
    const QUOTED: bool = false;

    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.peek() {
            Some(b't') => reader.word("true").map(|()| true),
            Some(b'f') => reader.word("false").map(|()| false),
            Some(b'"' | b'-' | b'0'..=b'9') => boolean(reader),
            _ => Err(reader.mismatch("a boolean")),
        }
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.raw(if *self { "true" } else { "false" });
    }
}

impl Value for String {
    const QUOTED: bool = true;

    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.peek() {
            Some(b'"') => reader.string().map(str::to_owned),
            Some(b'-' | b'0'..=b'9') => number_text(reader),
            _ => Err(reader.mismatch("a string")),
        }
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.string(self);
    }
}

impl Value for Bytes {
    const QUOTED: bool = true;

    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let start = reader.at + 1;
        if reader.peek() != Some(b'"') {
            return Err(reader.mismatch("base64"));
        }
        // Content is long: the end of the string is found first and fast, and that it holds no
        // control character follows from its being base64.
        let rest = reader.bytes.get(start..).unwrap_or_default();
        if let Some(length) = memchr2(b'"', b'\\', rest)
            && rest[length] == b'"'
            && let Some(bytes) = base64::decode_plain(&rest[..length])
        {
            reader.at = start + length + 1;
            return Ok(bytes.into());
        }
        let text = reader.string()?;
        match base64::decode(text.as_bytes()) {
            Some(bytes) => Ok(bytes.into()),
            None => Err(Fault::not_base64(
                start - 1,
                base64::reason(text, Language::English),
            )),
        }
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.base64(self);
    }
}

impl Value for i64 {
    const QUOTED: bool = false;

    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        integer(reader, INTEGER_64)
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.integer(*self);
    }
}

impl Value for i32 {
    const QUOTED: bool = false;

    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        integer(reader, INTEGER_32)
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.integer(*self);
    }
}

/// Reads a boolean in a string, or as a number (R9).
#[cold]
fn boolean(reader: &mut Reader<'_>) -> Result<bool> {
    let at = reader.at;
    let found = match reader.peek() {
        Some(b'"') => boolean_text(reader.string()?),
        _ => reader.number()?.and_then(boolean_number),
    };
    found.ok_or_else(|| Fault::value(at, "a boolean"))
}

/// Reads a number where a string is due, as its text (R10).
#[cold]
fn number_text(reader: &mut Reader<'_>) -> Result<String> {
    let start = reader.at;
    reader.skip_number()?;
    Ok(reader.text[start..reader.at].to_owned())
}

/// Reads an integer: a number or a decimal string (R3).
#[inline]
fn integer<T: TryFrom<i64>>(reader: &mut Reader<'_>, expected: &'static str) -> Result<T> {
    let at = reader.at;
    let number = match reader.peek() {
        Some(b'-' | b'0'..=b'9') => reader.number()?,
        Some(b'"') => decimal(reader.string()?),
        _ => return Err(reader.mismatch(expected)),
    };
    match number.and_then(|number| number.try_into().ok()) {
        Some(number) => Ok(number),
        None => Err(Fault::value(at, expected)),
    }
}

/// Reads an enum's name or number; `None` for a name that the enum does not know where it
/// has no member for unknown names (R4).
fn enum_number(reader: &mut Reader<'_>, members: &Members) -> Result<Option<i32>> {
    let at = reader.at;
    let number = match reader.peek() {
        Some(b'"') => {
            let name = reader.string()?;
            return Ok(members.number(name.as_bytes()).or(members.unknown));
        }
        Some(b'-' | b'0'..=b'9') => reader.number()?,
        _ => return Err(reader.mismatch(expected_of(members))),
    };
    match number.and_then(|number| number.try_into().ok()) {
        Some(number) => Ok(Some(number)),
        None => Err(Fault::value(at, expected_of(members))),
    }
}

#[cold]
fn expected_of(members: &Members) -> Cow<'static, str> {
    format!("a name or number of `{}`", members.name).into()
}

#[cold]
fn one_of(members: &Members) -> Cow<'static, str> {
    match members.written_names() {
        [one, other] => format!("`{one}` or `{other}`").into(),
        names => format!("one of `{}`", names.join("`, `")).into(),
    }
}

/// Reading, a function per label: plain names for required fields.
impl Reader<'_> {
    #[inline]
    pub fn value<T: Value>(&mut self, field: &mut T) -> Result<()> {
        *field = T::read(self)?;
        Ok(())
    }

    #[inline]
    pub fn optional<T: Value>(&mut self, field: &mut Option<T>) -> Result<()> {
        *field = Some(T::read(self)?);
        Ok(())
    }

    pub fn values<T: Value>(&mut self, field: &mut Vec<T>) -> Result<()> {
        let mut more = self.list()?;
        let mut index = 0;
        while more {
            let read = T::read(self).and_then(|value| self.push(field, value));
            if let Err(fault) = read {
                return Err(fault.below(Segment::Index(index)));
            }
            index += 1;
            more = self.next_element()?;
        }
        Ok(())
    }

    pub fn member_of(&mut self, field: &mut i32, members: &Members) -> Result<()> {
        let at = self.at;
        match enum_number(self, members)? {
            Some(number) => *field = number,
            None => return Err(Fault::value(at, one_of(members))),
        }
        Ok(())
    }

    pub fn optional_member_of(&mut self, field: &mut Option<i32>, members: &Members) -> Result<()> {
        *field = enum_number(self, members)?;
        Ok(())
    }

    pub fn members_of(&mut self, field: &mut Vec<i32>, members: &Members) -> Result<()> {
        let mut more = self.list()?;
        let mut index = 0;
        while more {
            let read = match enum_number(self, members) {
                Ok(Some(number)) => self.push(field, number),
                other => other.map(drop),
            };
            if let Err(fault) = read {
                return Err(fault.below(Segment::Index(index)));
            }
            index += 1;
            more = self.next_element()?;
        }
        Ok(())
    }

    #[inline]
    pub fn message(&mut self, field: &mut dyn Codec) -> Result<()> {
        self.object(field)
    }

    #[inline]
    pub fn optional_message<M>(&mut self, field: &mut Option<Box<M>>) -> Result<()>
    where
        M: Codec + Default,
    {
        let message = self.boxed()?;
        self.inner_object(&mut **field.insert(message))
    }

    #[inline]
    pub fn message_list(&mut self, field: &mut dyn MessageList) -> Result<()> {
        self.messages(field)
    }
}

/// Writing, in the same order. A key comes with its quotes and its colon, and with the first quote
/// of a value that has them.
impl Writer<'_> {
    #[inline]
    pub fn value<T: Value>(&mut self, key: &'static str, field: &T) {
        self.raw(key);
        self.end_of(field);
    }

    #[inline]
    pub fn optional<T: Value>(&mut self, key: &'static str, field: &Option<T>) {
        if let Some(value) = field {
            self.value(key, value);
        }
    }

    pub fn values<T: Value>(&mut self, key: &'static str, field: &[T]) {
        self.list(key, field, |writer, value| {
            writer.raw(if T::QUOTED { "\"" } else { "" });
            writer.end_of(value);
        });
    }

    pub fn member_of(&mut self, key: &'static str, field: i32, members: &Members) {
        self.raw(key);
        self.enum_number(field, members);
    }

    #[inline]
    pub fn optional_member_of(&mut self, key: &'static str, field: Option<i32>, members: &Members) {
        if let Some(number) = field {
            self.member_of(key, number, members);
        }
    }

    pub fn members_of(&mut self, key: &'static str, field: &[i32], members: &Members) {
        self.list(key, field, |writer, number| {
            writer.enum_number(*number, members);
        });
    }

    pub fn message(&mut self, key: &'static str, field: &dyn Codec) {
        self.raw(key);
        self.object(field);
    }

    #[inline]
    pub fn optional_message<M: Codec>(&mut self, key: &'static str, field: &Option<Box<M>>) {
        if let Some(message) = field {
            self.message(key, &**message);
        }
    }

    pub fn message_list<M: Codec>(&mut self, key: &'static str, field: &[M]) {
        self.list(key, field, |writer, message| writer.object(message));
    }

    /// Writes a list, where it is not empty (W5); `write` writes an element and a comma.
    #[inline]
    fn list<T>(&mut self, key: &'static str, list: &[T], write: impl Fn(&mut Self, &T)) {
        if list.is_empty() {
            return;
        }
        self.raw(key);
        self.raw("[");
        for element in list {
            write(self, element);
        }
        self.close("],");
    }

    /// Writes a value from behind its first quote, and a comma.
    fn end_of<T: Value>(&mut self, value: &T) {
        value.write(self);
        self.raw(if T::QUOTED { "\"," } else { "," });
    }

    /// Writes a name, or the number where the enum has no such member (W3), and a comma.
    fn enum_number(&mut self, number: i32, members: &Members) {
        match members.name_of(number) {
            Some(name) => {
                self.raw("\"");
                self.raw(name);
                self.raw("\",");
            }
            None => {
                self.integer(number);
                self.raw(",");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Members, Reader, Value};
    use crate::docflow::SearchScope;

    fn scopes(body: &str) -> Result<Vec<i32>, String> {
        let mut scopes = Vec::new();
        let mut reader = Reader::new(body);
        let read = reader.members_of(&mut scopes, SearchScope::MEMBERS);
        read.map(|()| scopes).map_err(|fault| format!("{fault:?}"))
    }

    /// No list of the schema has such an enum today.
    #[test]
    fn a_list_drops_unknown_names_where_the_enum_has_no_unknown_member() {
        let members: &Members = SearchScope::MEMBERS;
        assert_eq!(members.unknown, None);
        let body = r#"["FromTheFuture", "SearchScopeAny", "", 9, "SearchScopeIncoming"]"#;
        assert_eq!(scopes(body), Ok(vec![0, 9, 1]));
        assert_eq!(scopes(r#"["FromTheFuture"]"#), Ok(vec![]));
        // An element that is dropped counts in the path of a later one.
        let error = scopes(r#"["FromTheFuture", null]"#).expect_err("null is no element");
        assert!(error.contains("Index(1)"), "{error}");
    }

    #[test]
    fn every_element_counts_in_the_path() {
        let mut texts = Vec::<String>::new();
        for (body, index) in [("[true]", 0), (r#"["a",true]"#, 1), (r#"["a",1,{}]"#, 2)] {
            let fault = Reader::new(body).values(&mut texts).expect_err("no text");
            let (fault, place) = (format!("{fault:?}"), format!("Index({index})"));
            assert!(fault.contains(&place), "{fault}");
        }
    }

    #[test]
    fn escapes_do_not_matter_in_what_is_no_text() {
        let read = |text: &str| i64::read(&mut Reader::new(text)).ok();
        assert_eq!(read(r#""\u0031\u0032""#), Some(12));
        let read = |text: &str| bytes::Bytes::read(&mut Reader::new(text)).ok();
        assert_eq!(read(r#""\/\/\/\/""#).as_deref(), Some(&[0xff; 3][..]));
        assert_eq!(scopes(r#"["\u0053earchScopeAny"]"#), Ok(vec![0]));
    }
}
