//! What is known of a method, as data.

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
    /// Sets of parameters and bodies of which at least one is given.
    pub any_of: &'static [&'static [&'static str]],
    /// Sets of parameters and bodies of which exactly one is given.
    pub one_of: &'static [&'static [&'static str]],
    /// Sets of parameters and bodies of which at most one is given.
    pub excludes: &'static [&'static [&'static str]],
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
    pub rules: Rules,
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

/// What values have to look like. In a list each value has to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rules {
    /// Format of a text, or of an integer where the format says so.
    pub format: Option<Format>,
    /// Smallest number of characters.
    pub min_len: Option<u32>,
    /// Largest number of characters.
    pub max_len: Option<u32>,
    /// Regular expression that a text matches, the empty one too.
    pub pattern: Option<&'static str>,
    /// Smallest integer.
    pub gte: Option<i64>,
    /// Largest integer.
    pub lte: Option<i64>,
}

/// Formats of values. An empty text has any format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// GUID with hyphens.
    Guid,
    /// Id of a box, see [`BoxId`](diadoc_proto::BoxId).
    BoxId,
    /// Date, see [`DocumentDate`](diadoc_proto::DocumentDate).
    Date,
    /// Moment as an integer, see [`Ticks`](diadoc_proto::Ticks).
    Ticks,
    /// Taxpayer number (ИНН) of 10 or 12 digits.
    Inn,
    /// Filter of documents, see [`FilterCategory`](crate::FilterCategory).
    FilterCategory,
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
impl Rules {
    pub(crate) const ANY: Self = Self {
        format: None,
        min_len: None,
        max_len: None,
        pattern: None,
        gte: None,
        lte: None,
    };

    pub(crate) const fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    pub(crate) const fn min_len(mut self, least: u32) -> Self {
        self.min_len = Some(least);
        self
    }

    pub(crate) const fn max_len(mut self, most: u32) -> Self {
        self.max_len = Some(most);
        self
    }

    pub(crate) const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    pub(crate) const fn gte(mut self, least: i64) -> Self {
        self.gte = Some(least);
        self
    }

    pub(crate) const fn lte(mut self, most: i64) -> Self {
        self.lte = Some(most);
        self
    }
}

/// What the generated code is written with.
impl Parameter {
    pub(crate) const fn required(name: &'static str, rules: Rules) -> Self {
        Self {
            required: true,
            ..Self::optional(name, rules)
        }
    }

    pub(crate) const fn optional(name: &'static str, rules: Rules) -> Self {
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

impl Format {
    /// What a value of the format is.
    pub fn text(self) -> &'static str {
        match self {
            Self::Guid => "a GUID with hyphens",
            Self::BoxId => "a box id, as a GUID with hyphens or as 32 hex digits and `@diadoc.ru`",
            Self::Date => "a date dd.MM.yyyy",
            Self::Ticks => "ticks of the years 1 to 9999, or 0 for none",
            Self::Inn => "an INN of 10 or 12 digits",
            Self::FilterCategory => "a filter `<type>.<class><status>` such as `Any.Inbound`",
        }
    }
}
