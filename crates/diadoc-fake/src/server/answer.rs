//! Answers that a test puts in.

use std::fmt;
use std::sync::Arc;

use axum::http::header::CONTENT_DISPOSITION;
use bytes::Bytes;
use diadoc_api::headers;
use diadoc_proto::json::JsonMessage;
use serde_json::Value;

use super::{Received, forms};

/// What a method answers with.
///
/// ```
/// use diadoc_proto::Timestamp;
/// use diadoc_fake::Answer;
/// use serde_json::json;
///
/// let typed = Answer::message(&Timestamp { ticks: 638_884_246_403_244_956 });
/// let json = Answer::json(json!({ "Ticks": 638_884_246_403_244_956_i64 }));
/// let file = Answer::bytes("PK…").file_name("документы.zip").content_type("application/zip");
/// let refusal = Answer::error(409, "Черновик уже отправлен").header("X-Diadoc-ErrorCode", "Draft");
/// let own = Answer::by(|request| match request.parameter("boxId") {
///     Some("1f208d03-2a60-4f64-91b1-b7aad54cfaf3") => Answer::nothing(),
///     _ => Answer::error(403, "another box"),
/// });
/// ```
#[derive(Clone)]
#[must_use]
pub struct Answer {
    pub(super) kind: Kind,
    pub(super) status: Option<u16>,
    pub(super) headers: Vec<(String, String)>,
}

#[derive(Clone)]
pub(super) enum Kind {
    Message {
        full_name: String,
        held: Bytes,
    },
    Json(Value),
    Raw {
        content: Bytes,
        content_type: String,
    },
    Nothing,
    List(List),
    By(Arc<dyn Fn(&Received) -> Answer + Send + Sync>),
}

/// The items of a list that comes in pages.
#[derive(Clone)]
pub(super) struct List {
    pub items: Items,
    /// After how many items a page without any comes.
    pub empty_pages: Vec<usize>,
}

#[derive(Clone)]
pub(super) enum Items {
    /// Messages of that full name.
    Messages(String, Vec<Bytes>),
    Json(Vec<Value>),
}

impl Answer {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            status: None,
            headers: Vec::new(),
        }
    }

    /// A message, sent in the form that the request asks for.
    pub fn message<M: JsonMessage>(message: &M) -> Self {
        Self::new(Kind::Message {
            full_name: M::full_name(),
            held: forms::from_message(message),
        })
    }

    /// A message in Diadoc's JSON, sent in the form that the request asks for.
    pub fn json(body: Value) -> Self {
        Self::new(Kind::Json(body))
    }

    /// All items of a list that comes in pages, as messages. The fake serves the page that a request
    /// asks for, and gives items without a cursor one.
    pub fn list<M: JsonMessage>(items: impl IntoIterator<Item = M>) -> Self {
        let items = items.into_iter().map(|item| forms::from_message(&item));
        Self::new(Kind::List(List {
            items: Items::Messages(M::full_name(), items.collect()),
            empty_pages: Vec::new(),
        }))
    }

    /// All items of a list that comes in pages, in Diadoc's JSON.
    pub fn list_json(items: impl IntoIterator<Item = Value>) -> Self {
        Self::new(Kind::List(List {
            items: Items::Json(items.into_iter().collect()),
            empty_pages: Vec::new(),
        }))
    }

    /// Puts a page without items into a list after that many items. Only where a method says that
    /// such a page is not the end. Of another answer this changes nothing.
    pub fn empty_page_after(mut self, items: usize) -> Self {
        if let Kind::List(list) = &mut self.kind {
            list.empty_pages.push(items);
            list.empty_pages.sort_unstable();
            list.empty_pages.dedup();
        }
        self
    }

    /// Bytes as they are, whatever the method answers with: the content of a file, or a body that
    /// is not what it should be.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self::new(Kind::Raw {
            content: content.into(),
            content_type: "application/octet-stream".to_owned(),
        })
    }

    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Kind::Raw {
            content: text.into().into(),
            content_type: "text/plain; charset=utf-8".to_owned(),
        })
    }

    /// Nothing: an empty body.
    pub fn nothing() -> Self {
        Self::new(Kind::Nothing)
    }

    /// An error with the text that says why.
    pub fn error(status: u16, text: impl Into<String>) -> Self {
        Self::text(text).status(status)
    }

    /// An answer made from the request.
    pub fn by(make: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        Self::new(Kind::By(Arc::new(make)))
    }

    /// With another status than 200.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// With a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With that name of the file, in `Content-Disposition`.
    pub fn file_name(self, name: &str) -> Self {
        let value = headers::content_disposition(name);
        self.header(CONTENT_DISPOSITION.as_str(), value)
    }

    /// With that type of the content; of bytes and texts only.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        if let Kind::Raw { content_type, .. } = &mut self.kind {
            *content_type = media_type.into();
        }
        self
    }
}

/// Shows no content.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Message { full_name, .. } => full_name,
            Kind::Json(_) => "JSON",
            Kind::Raw { content_type, .. } => content_type,
            Kind::Nothing => "nothing",
            Kind::List(_) => "a list",
            Kind::By(_) => "by the request",
        };
        f.debug_struct("Answer")
            .field("kind", &format_args!("{kind}"))
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
