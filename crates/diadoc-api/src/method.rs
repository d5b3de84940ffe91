//! What is known of a method, as data.

use diadoc_core::rules::{FieldRule, Quantity};

use crate::METHODS;

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
    /// Whether the same request may be sent again.
    pub idempotency: Idempotency,
    /// Method that asks for the outcome of the task that this one starts.
    pub poll_with: Option<&'static str>,
    /// Whether the vendor calls it obsolete.
    pub obsolete: bool,
    /// Method to use in the place of an obsolete one.
    pub successor: Option<&'static str>,
    /// Day after which the vendor removes it, as `2027-04-03`.
    pub removal_after: Option<&'static str>,
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
    /// What its values have to look like.
    pub rules: &'static [FieldRule],
}

/// A body of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body {
    /// The name in the schema.
    pub name: &'static str,
    /// What it holds.
    pub kind: BodyKind,
}

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
    /// Field of the answer that tells, and its values that mean so.
    pub field: Option<(&'static str, &'static [&'static str])>,
}

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

    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }
}

/// What the generated code is written with.
impl Parameter {
    pub(crate) const fn required(name: &'static str, rules: &'static [FieldRule]) -> Self {
        Self {
            required: true,
            ..Self::optional(name, rules)
        }
    }

    pub(crate) const fn optional(name: &'static str, rules: &'static [FieldRule]) -> Self {
        Self {
            name,
            header: None,
            required: false,
            comma: false,
            rules,
        }
    }

    pub(crate) const fn in_header(mut self, header: &'static str) -> Self {
        self.header = Some(header);
        self
    }

    pub(crate) const fn with_commas(mut self) -> Self {
        self.comma = true;
        self
    }
}

impl Body {
    pub(crate) const fn new(name: &'static str, kind: BodyKind) -> Self {
        Self { name, kind }
    }
}
