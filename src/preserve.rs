//! Messages that keep what the schema does not know.
//!
//! Reading is tolerant: keys, enum names and fields of protobuf that this version of the schema does
//! not know are skipped, and are lost when the message is written. [`Preserved`] keeps them beside
//! the message, so that a body passes through a program that is older than the server.
//!
//! ```
//! use diadoc_proto::{DocumentId, preserve::Preserved};
//!
//! let body = br#"{"MessageId": "m", "EntityId": "e", "Weight": 1.50}"#;
//! let mut preserved = Preserved::<DocumentId>::from_json(body)?;
//! assert_eq!(preserved.unknown()[0].to_string(), "Weight: unknown key");
//!
//! preserved.message_mut().entity_id = "f".into();
//! let written = preserved.to_json()?;
//! assert_eq!(written.body, r#"{"MessageId":"m","EntityId":"f","Weight":1.50}"#);
//! assert!(written.lost.is_empty());
//! # Ok::<(), diadoc_proto::preserve::Error>(())
//! ```
//!
//! Nothing else gets slower or larger: a message is read as ever, then the body is gone over once
//! more. What is kept takes memory of the order of what is unknown; where there is something, the
//! message is also written once, and that is kept too.
//!
//! # What is kept
//!
//! - In JSON an unknown key with its value, token by token as it stood: `1.50`, `1e400` and integers
//!   of any length stay what they are. It is written at the end of its object. Space is not kept.
//! - In JSON an unknown name of an enum. It is written where the field has the value that it was read
//!   as. In a list of names that is a list with nothing changed.
//! - In protobuf an unknown field as it stood, be it a group. It is written at the end of its message,
//!   and such fields keep their order; Google's implementations do the same. A number that an enum
//!   does not know is no unknown field: the message itself keeps it.
//!
//! JSON has no place for fields of protobuf, nor protobuf for keys and names: what is written in the
//! other form is without them.
//!
//! A name that cannot be read at all stays an error: that of a required enum without a member that
//! means unknown.
//!
//! # A message that changes
//!
//! What is kept must not come to stand in another object than its own. The message as a whole is
//! always itself. A message in it is known again by what is known of it: by being written the way it
//! was when it was read, wherever in its list it is now. Of those that are written alike the order
//! tells which is which, as long as there are as many as before. One that has a value changed is not
//! known again, and what was kept of it is lost. Whoever changes values and moves nothing says so
//! with [`Preserved::change_in_place`]; then a message is known by its place.
//!
//! Nothing is lost in silence: what is not written [`Written::lost`] lists.

use std::borrow::Cow;
use std::fmt;

use diadoc_core::Form;

use crate::json::{self, JsonMessage};
use crate::{DecodeWithin, Limits};

pub(crate) mod fields;
#[allow(deprecated)]
#[path = "generated/preserve.rs"]
#[rustfmt::skip]
mod generated;
pub(crate) mod tree;
mod wire;

use fields::Fields;
use tree::Node;

/// A message of which the unknown can be kept: every message of this crate, and no other.
pub trait Preservable: JsonMessage + DecodeWithin + fields::Known {}

impl<M: JsonMessage + DecodeWithin + fields::Known> Preservable for M {}

/// A message, and what the schema does not know of the body that it was read from.
///
/// Two of them are equal where the messages are and what is kept.
#[derive(Clone, PartialEq)]
pub struct Preserved<M> {
    message: M,
    kept: Kept,
    /// What changes in place have lost.
    lost: Vec<Lost>,
}

/// What is kept, in the form in which it was read.
#[derive(Clone, PartialEq)]
enum Kept {
    Nothing,
    Json(Box<Source<String>>),
    Protobuf(Box<Source<Vec<u8>>>),
}

/// What is kept of a message that is written like this.
#[derive(Clone, PartialEq)]
struct Source<F> {
    written: F,
    root: Node<F>,
}

/// Something that the schema does not know, and that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unknown {
    /// Where: `Documents[0].MessageIdGuid`. A field of protobuf stands in it with its number:
    /// `Documents[0].99`.
    pub path: String,
    /// What it is.
    pub kind: UnknownKind,
}

/// What something unknown is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownKind {
    /// A key of JSON.
    Key,
    /// A name of an enum in JSON, read as the member that means unknown.
    Name,
    /// A name of an enum in JSON without such a member, read as no value.
    NameLeftOut,
    /// A field of protobuf.
    Field,
}

/// Something that was kept and has no place any more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost {
    /// What it is, and where it was.
    pub unknown: Unknown,
    /// Why it has no place.
    pub why: Why,
}

/// Why something that was kept is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The object that it was in is gone, or was changed and is not known again.
    Gone,
    /// The field with the unknown name has another value.
    Replaced,
    /// The form that is written has no place for it.
    Form(Form),
}

/// A body as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Written<B> {
    /// The body: a `String` of JSON, or a `Vec` of protobuf.
    pub body: B,
    /// What was kept and is not in it.
    pub lost: Vec<Lost>,
}

/// Why a body could not be read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The JSON is wrong.
    Json(json::Error),
    /// The protobuf is wrong.
    Protobuf(prost::DecodeError),
}

impl<M: Preservable> Preserved<M> {
    /// Reads a message from the bytes of a JSON text.
    ///
    /// # Errors
    ///
    /// As [`json::from_slice`].
    pub fn from_json(body: &[u8]) -> Result<Self, json::Error> {
        Self::from_json_within(body, &Limits::new())
    }

    /// Reads a message from the bytes of a JSON text, within limits.
    ///
    /// # Errors
    ///
    /// As [`json::from_slice_within`]; what is kept counts on its own.
    pub fn from_json_within(body: &[u8], limits: &Limits) -> Result<Self, json::Error> {
        let text = json::text(body)?;
        let message = json::from_str_within::<M>(text, limits)?;
        let root = json::kept::collect(text, M::fields(), limits)?;
        let kept = match root.is_empty() {
            true => Kept::Nothing,
            false => Kept::Json(Box::new(Source {
                written: json::to_string(&message)?,
                root,
            })),
        };
        Ok(Self::new(message, kept))
    }

    /// Reads a message from protobuf bytes.
    ///
    /// # Errors
    ///
    /// As [`prost::Message::decode`].
    pub fn from_protobuf(bytes: &[u8]) -> Result<Self, prost::DecodeError> {
        Self::from_protobuf_within(bytes, &Limits::new())
    }

    /// Reads a message from protobuf bytes, within limits.
    ///
    /// # Errors
    ///
    /// As [`DecodeWithin::decode_within`].
    pub fn from_protobuf_within(bytes: &[u8], limits: &Limits) -> Result<Self, prost::DecodeError> {
        let message = M::decode_within(bytes, limits)?;
        let mut root = Node::default();
        wire::collect(bytes, M::fields(), &mut root)?;
        let kept = match root.is_empty() {
            true => Kept::Nothing,
            false => Kept::Protobuf(Box::new(Source {
                written: message.encode_to_vec(),
                root,
            })),
        };
        Ok(Self::new(message, kept))
    }

    fn new(message: M, kept: Kept) -> Self {
        let lost = Vec::new();
        Self {
            message,
            kept,
            lost,
        }
    }

    /// The message.
    pub fn message(&self) -> &M {
        &self.message
    }

    /// The message, to be changed. What was kept of messages in it is lost where these are changed or
    /// replaced; see [the rules](self#a-message-that-changes).
    pub fn message_mut(&mut self) -> &mut M {
        &mut self.message
    }

    /// Lets `change` give values to fields, and keeps what is kept at its places.
    ///
    /// Here a message in the message is known by its field, and by its index where the field is a list
    /// that is as long as before. So `change` may do anything to values, but is not to put another
    /// message where one was: that would inherit what is kept of the first. In a list that is longer or
    /// shorter than before, messages are known by what is written, as after
    /// [`message_mut`](Self::message_mut).
    ///
    /// ```
    /// use diadoc_proto::documents::DocumentList;
    /// use diadoc_proto::preserve::Preserved;
    ///
    /// let body = br#"{"TotalCount": 1, "Documents": [{"MessageId": "m", "New": 1}]}"#;
    /// let mut list = Preserved::<DocumentList>::from_json(body)?;
    /// list.change_in_place(|list| list.documents[0].entity_id = "e".into())?;
    /// assert!(list.to_json()?.body.contains(r#""New":1"#));
    /// # Ok::<(), diadoc_proto::preserve::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// None today, as in [`json::to_string`].
    pub fn change_in_place(&mut self, change: impl FnOnce(&mut M)) -> Result<(), Error> {
        // What was changed before was not changed in place.
        self.settle(false)?;
        change(&mut self.message);
        self.settle(true)
    }

    /// Brings what is kept to the message as it is now.
    fn settle(&mut self, in_place: bool) -> Result<(), Error> {
        let fields = M::fields();
        match &mut self.kept {
            Kept::Nothing => {}
            Kept::Json(source) => {
                let now = json::to_string(&self.message)?;
                source.follow(fields, now, in_place, &mut self.lost)?;
            }
            Kept::Protobuf(source) => {
                let now = self.message.encode_to_vec();
                source.follow(fields, now, in_place, &mut self.lost)?;
            }
        }
        Ok(())
    }

    /// What the schema does not know in the bytes of a JSON text: what [`unknown`](Self::unknown)
    /// lists, with neither the message nor what is kept in memory any more.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json).
    pub fn unknown_in_json(body: &[u8]) -> Result<Vec<Unknown>, json::Error> {
        Self::unknown_in_json_within(body, &Limits::new())
    }

    /// As [`unknown_in_json`](Self::unknown_in_json), within limits.
    ///
    /// # Errors
    ///
    /// As [`from_json_within`](Self::from_json_within).
    pub fn unknown_in_json_within(
        body: &[u8],
        limits: &Limits,
    ) -> Result<Vec<Unknown>, json::Error> {
        let text = json::text(body)?;
        // What is kept is looked for in a body that is known to read.
        json::from_str_within::<M>(text, limits)?;
        let root = json::kept::collect(text, M::fields(), limits)?;
        let mut all = Vec::new();
        root.list(M::fields(), "", &mut all);
        Ok(all)
    }

    /// The message without what is kept.
    pub fn into_message(self) -> M {
        self.message
    }

    /// What is kept, with the places that it has been read at or was last
    /// [changed in place](Self::change_in_place) at.
    pub fn unknown(&self) -> Vec<Unknown> {
        let mut all = Vec::new();
        match &self.kept {
            Kept::Nothing => {}
            Kept::Json(source) => source.root.list(M::fields(), "", &mut all),
            Kept::Protobuf(source) => source.root.list(M::fields(), "", &mut all),
        }
        all
    }

    /// Writes the message as compact JSON, with what is kept.
    ///
    /// # Errors
    ///
    /// As [`json::to_string`].
    pub fn to_json(&self) -> Result<Written<String>, json::Error> {
        let mut body = json::to_string(&self.message)?;
        let mut lost = self.lost.clone();
        match &self.kept {
            Kept::Json(source) => {
                let root = source.root_for(M::fields(), &body, &mut lost)?;
                let mut written = String::with_capacity(body.len());
                json::kept::splice(&body, M::fields(), &root, &mut written)?;
                body = written;
            }
            Kept::Nothing | Kept::Protobuf(_) => lost.extend(self.all_lost(Form::Json)),
        }
        Ok(Written { body, lost })
    }

    /// Writes the message as JSON over several lines, indented by two spaces, with what is kept.
    ///
    /// # Errors
    ///
    /// As [`json::to_string`].
    pub fn to_json_pretty(&self) -> Result<Written<String>, json::Error> {
        let Written { body, lost } = self.to_json()?;
        let body = json::kept::pretty(&body);
        Ok(Written { body, lost })
    }

    /// Writes the message as protobuf bytes, with what is kept.
    ///
    /// Fields that only JSON has, such as `Document::participants`, are known, and protobuf does not
    /// have them: they are written by [`to_json`](Self::to_json) alone, and are none of what is lost.
    ///
    /// # Errors
    ///
    /// None today. The result leaves room for limits.
    pub fn to_protobuf(&self) -> Result<Written<Vec<u8>>, prost::DecodeError> {
        let mut body = self.message.encode_to_vec();
        let mut lost = self.lost.clone();
        match &self.kept {
            Kept::Protobuf(source) => {
                let root = source.root_for(M::fields(), &body, &mut lost)?;
                let mut written = Vec::with_capacity(body.len());
                wire::splice(&body, M::fields(), &root, &mut written)?;
                body = written;
            }
            Kept::Nothing | Kept::Json(_) => lost.extend(self.all_lost(Form::Protobuf)),
        }
        Ok(Written { body, lost })
    }

    /// Everything that is kept, for a form that has no place for it.
    fn all_lost(&self, form: Form) -> impl Iterator<Item = Lost> {
        let unknown = self.unknown().into_iter();
        unknown.map(Lost::because(Why::Form(form)))
    }
}

impl<F: tree::Form + Clone + PartialEq> Source<F> {
    /// What is kept of the message that is written as `now`.
    fn root_for(
        &self,
        fields: &'static Fields,
        now: &F::Text,
        lost: &mut Vec<Lost>,
    ) -> Result<Cow<'_, Node<F>>, F::Error> {
        let old = self.written.text();
        if old == now {
            return Ok(Cow::Borrowed(&self.root));
        }
        let mut root = self.root.clone();
        root.follow(fields, (old, now), false, "", lost)?;
        Ok(Cow::Owned(root))
    }

    /// Goes over to the message that is written as `now`.
    fn follow(
        &mut self,
        fields: &'static Fields,
        now: F,
        in_place: bool,
        lost: &mut Vec<Lost>,
    ) -> Result<(), F::Error> {
        let both = (self.written.text(), now.text());
        self.root.follow(fields, both, in_place, "", lost)?;
        self.written = now;
        Ok(())
    }
}

impl Lost {
    pub(crate) fn because(why: Why) -> impl Fn(Unknown) -> Self {
        move |unknown| Self { unknown, why }
    }
}

/// Of what is kept it shows the places.
impl From<json::Error> for Error {
    fn from(error: json::Error) -> Self {
        Self::Json(error)
    }
}

impl From<prost::DecodeError> for Error {
    fn from(error: prost::DecodeError) -> Self {
        Self::Protobuf(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => error.fmt(f),
            Self::Protobuf(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    /// That of the error itself, whose text this one's is.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Json(error) => error.source(),
            Self::Protobuf(error) => error.source(),
        }
    }
}

impl<M: Preservable + fmt::Debug> fmt::Debug for Preserved<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preserved")
            .field("message", &self.message)
            .field("unknown", &self.unknown())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.kind)
    }
}

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "unknown key",
            Self::Name => "unknown enum name, read as the member for unknown names",
            Self::NameLeftOut => "unknown enum name, left unset",
            Self::Field => "unknown field",
        })
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, lost: {}", self.unknown, self.why)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("what it was in is gone or changed"),
            Self::Replaced => f.write_str("the field has another value now"),
            Self::Form(Form::Json) => f.write_str("JSON has no place for it"),
            Self::Form(Form::Protobuf) => f.write_str("protobuf has no place for it"),
        }
    }
}
