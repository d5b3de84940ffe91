//! What stopped the reader, as it travels up from value to value. It becomes an
//! [`Error`](super::Error) once it has left the body.

use std::borrow::Cow;

use diadoc_core::LimitError;

/// What the reader's functions return.
pub(crate) type Result<T> = std::result::Result<T, Box<Fault>>;

/// What stopped the reader.
#[derive(Debug)]
pub struct Fault {
    pub cause: Cause,
    /// The byte offset at which it stands.
    pub at: usize,
    /// The path of the value, innermost segment first.
    pub path: Vec<Segment>,
}

#[derive(Debug)]
pub enum Cause {
    /// The body is not JSON.
    Syntax { expected: &'static str },
    /// A value does not fit its field.
    Value {
        expected: Cow<'static, str>,
        /// Why, where the kind of value does not tell.
        reason: Option<String>,
    },
    /// A key of the schema stands twice.
    Twice,
    /// The body goes beyond a limit.
    Limit(LimitError),
}

/// A step from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    Key(String),
    Index(usize),
}

impl Fault {
    fn new(at: usize, cause: Cause) -> Box<Self> {
        let path = Vec::new();
        Box::new(Self { cause, at, path })
    }

    #[cold]
    pub fn syntax(at: usize, expected: &'static str) -> Box<Self> {
        Self::new(at, Cause::Syntax { expected })
    }

    #[cold]
    pub fn value(at: usize, expected: impl Into<Cow<'static, str>>) -> Box<Self> {
        let cause = Cause::Value {
            expected: expected.into(),
            reason: None,
        };
        Self::new(at, cause)
    }

    #[cold]
    pub fn not_base64(at: usize, reason: String) -> Box<Self> {
        let cause = Cause::Value {
            expected: "base64".into(),
            reason: Some(reason),
        };
        Self::new(at, cause)
    }

    #[cold]
    pub fn limit(at: usize, error: LimitError) -> Box<Self> {
        Self::new(at, Cause::Limit(error))
    }

    /// `key` is the field's JSON name, whichever of its names stands there.
    #[cold]
    pub fn twice(at: usize, key: &str) -> Box<Self> {
        Self::new(at, Cause::Twice).below(Segment::Key(key.to_owned()))
    }

    /// The same fault, seen from the value around.
    #[cold]
    pub fn below(mut self: Box<Self>, segment: Segment) -> Box<Self> {
        self.path.push(segment);
        self
    }
}
