//! What is known of a method, as data.

use bytes::Bytes;
use diadoc_core::dialect::{INTEGER_32, INTEGER_64};
use diadoc_core::rules::{FieldRule, Quantity, enumeration};
use diadoc_core::{Language, Stage};

use crate::{Form, METHODS, sounds_secret};

/// A method of the API over HTTP; [`METHODS`] lists them all.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Method {
    /// The group that it belongs to: `Documents`.
    pub service: &'static str,
    /// Its name: `GetDocumentsV3`.
    pub name: &'static str,
    /// Verb of HTTP.
    pub verb: http::Method,
    /// Path below the address of the API: `/V3/GetDocuments`.
    pub path: &'static str,
    /// What travels in the query or in a header.
    pub parameters: &'static [Parameter],
    /// What the body may be; exactly one of them where there are several.
    pub bodies: &'static [Body],
    /// What a successful answer holds.
    pub response: ResponseKind,
    /// Sets of parameters and bodies, and how many of each are given.
    pub sets: &'static [(Quantity, &'static [&'static str])],
    /// Answers that mean that the result is not ready yet.
    pub pending: &'static [Pending],
    /// Status of an answer without a body that says that there is nothing to answer with.
    pub absent: Option<u16>,
    /// Whether a body without any bytes is a response: of a message that has no required field, or
    /// where bytes or nothing are answered.
    pub may_be_empty: bool,
    /// Whether the same request may be sent again.
    pub idempotency: Idempotency,
    /// Method that asks for the outcome of the task that this one starts: it takes the `TaskId` of
    /// this one's answer as `taskId`.
    pub poll_with: Option<PollWith>,
    /// Whether the vendor calls it obsolete.
    pub obsolete: bool,
    /// Method to use in the place of an obsolete one.
    pub successor: Option<&'static str>,
    /// Day after which the vendor removes it, as `2027-04-03`.
    pub removal_after: Option<&'static str>,
    /// How far the vendor is with giving it up.
    pub stage: Stage,
    /// Whether it needs no token of a user.
    pub anonymous: bool,
}

/// A parameter of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name, as the query has it.
    pub name: &'static str,
    /// Header in which it travels, and not in the query.
    pub header: Option<&'static str>,
    /// Whether it has to be given; a text must not be empty then.
    pub required: bool,
    /// Whether its values travel as one, with commas between them; otherwise the parameter stands
    /// once for each.
    pub comma: bool,
    /// What its values are.
    pub kind: ParameterKind,
    /// Whether it takes any number of values.
    pub list: bool,
    /// Whether its value is a secret, which is shown as `***`.
    pub secret: bool,
    /// What its values have to look like.
    pub rules: &'static [FieldRule],
}

/// What the values of a parameter are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterKind {
    /// Texts.
    Text,
    /// Integers of 32 bits.
    Int32,
    /// Integers of 64 bits.
    Int64,
    /// `true` or `false`.
    Bool,
    /// Names of an enum's values: these.
    Enum(&'static [&'static str]),
}

/// A body of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body {
    /// The name in the schema.
    pub name: &'static str,
    /// What it holds.
    pub kind: BodyKind,
    /// Whether the method cannot do without it.
    pub required: bool,
    /// Whether the whole of it is a secret, which is shown as `***`; of bytes or a text.
    pub secret: bool,
    /// Where a message has secrets; none where it has none.
    pub secrets: Option<SecretKeys>,
    /// What bytes or a text have to look like; the rules of a message stand in its fields.
    pub rules: &'static [FieldRule],
}

/// Where a message has secrets, which are shown as `***`.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SecretKeys {
    /// The keys that JSON has them under, at whatever depth, and the names of their fields.
    pub keys: &'static [&'static str],
    pub(crate) json: fn(&Bytes) -> Option<String>,
}

impl SecretKeys {
    /// Whether a key of JSON is one of them, which the server reads in any case, or sounds like one, as a
    /// key that was misspelt.
    pub fn has(&self, key: &str) -> bool {
        let mut keys = self.keys.iter();
        keys.any(|known| known.eq_ignore_ascii_case(key)) || sounds_secret(key)
    }
}

/// Two are equal where they have the same keys.
impl PartialEq for SecretKeys {
    fn eq(&self, other: &Self) -> bool {
        self.keys == other.keys
    }
}

impl Eq for SecretKeys {}

/// What a body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyKind {
    /// The message of that full name, as protobuf or JSON.
    Message(&'static str),
    /// Bytes as they are.
    Bytes,
    /// Text as it is.
    Text,
}

/// What a successful answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseKind {
    /// The message of that full name, as protobuf or JSON.
    Message(&'static str),
    /// The bytes of a file.
    Bytes,
    /// A text.
    Text,
    /// Nothing.
    Nothing,
}

/// An answer that means that the result is not ready yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// Status code of such an answer.
    pub status: u16,
    /// Header with the delay in seconds after which to ask again.
    pub delay_header: &'static str,
    /// Whether answers of that status without the header are results, or errors.
    pub header_required: bool,
    /// Field of the answer that tells.
    pub field: Option<PendingField>,
}

/// A field of an answer that tells whether the result is ready.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PendingField {
    /// Its name in the schema.
    pub name: &'static str,
    /// The values that mean that it is not.
    pub values: &'static [&'static str],
    pub(crate) tells: fn(Form, &Bytes) -> bool,
}

/// Two are equal where they say the same of the same field.
impl PartialEq for PendingField {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.values) == (other.name, other.values)
    }
}

impl Eq for PendingField {}

/// The method that asks for the outcome of a task.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PollWith {
    /// Its name.
    pub method: &'static str,
    pub(crate) task_id: fn(Form, &Bytes) -> Option<String>,
}

/// Two are equal where they name the same method.
impl PartialEq for PollWith {
    fn eq(&self, other: &Self) -> bool {
        self.method == other.method
    }
}

impl Eq for PollWith {}

/// Whether the same request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idempotency {
    /// Nothing is stated: it may do its work twice.
    Unstated,
    /// It changes nothing.
    NoSideEffects,
    /// A second time changes nothing more, given the same `operationId` where there is one.
    Idempotent,
}

impl ParameterKind {
    /// Whether a text is a value of the kind.
    pub(crate) fn fits(self, text: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Enum(names) => names.contains(&text),
            // What is one comes as such.
            Self::Int32 | Self::Int64 | Self::Bool => false,
        }
    }

    /// What a value is.
    pub(crate) fn phrase(self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Int32 => INTEGER_32.to_owned(),
            Self::Int64 => INTEGER_64.to_owned(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Enum(names) => format!("one of {}", enumeration(names, Language::English)),
        }
    }
}

impl Method {
    /// The method of that name.
    ///
    /// ```
    /// let method = diadoc_api::Method::find("GetDocumentsV3").expect("the method exists");
    /// assert_eq!(method.path, "/V3/GetDocuments");
    /// ```
    pub fn find(name: &str) -> Option<&'static Method> {
        METHODS.iter().copied().find(|method| method.name == name)
    }

    /// The methods with that path, whatever its case, one for each verb that it takes.
    ///
    /// ```
    /// let mut methods = diadoc_api::Method::at("/V3/GetDocuments");
    /// assert_eq!(methods.next().map(|method| method.name), Some("GetDocumentsV3"));
    /// ```
    pub fn at(path: &str) -> impl Iterator<Item = &'static Method> {
        METHODS
            .iter()
            .copied()
            .filter(move |method| method.path.eq_ignore_ascii_case(path))
    }

    /// What the vendor says of it, where it gives the method up, and what to use in its place.
    ///
    /// ```
    /// let method = diadoc_api::Method::find("GetMessageV5").expect("the method exists");
    /// let news = "the vendor lists it for removal; use GetMessageV6";
    /// assert_eq!(method.news().as_deref(), Some(news));
    /// ```
    pub fn news(&self) -> Option<String> {
        self.stage
            .news(self.removal_after, self.successor, Language::English)
    }

    /// The method to use today: itself, or of one that the vendor gives up the last of its successors;
    /// none where there is nothing in its place.
    ///
    /// ```
    /// let method = diadoc_api::Method::find("GetMessageV4").expect("the method exists");
    /// assert_eq!(method.current().map(|method| method.name), Some("GetMessageV6"));
    /// ```
    pub fn current(&'static self) -> Option<&'static Method> {
        let mut method = self;
        // No chain is as long as that.
        for _ in METHODS {
            if !method.obsolete {
                return Some(method);
            }
            method = Self::find(method.successor?)?;
        }
        None
    }

    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }
}
