//! A call of a method that is known at run time only.

use std::fmt;

use bytes::Bytes;

use crate::parts::BodyPart;
use crate::{
    Answer, ApiError, BodyKind, Content, Form, Method, Parameter, ParameterKind, Parts, Request,
    ResponseKind, StartsTask, Value, query,
};

mod from_http;

pub use from_http::CallError;

/// A call of a method that is known at run time only: parameters as texts, a body as bytes.
///
/// It is built, held against the rules, sent and answered as the typed requests are, but for what
/// is inside a message: that is for the validators of diadoc-schema to say. A server reads one from
/// HTTP with [`Call::from_http`].
///
/// ```
/// use diadoc_api::{Call, Config, Form, Method, Request};
///
/// let method = Method::find("GetBox").expect("the method exists");
/// let call = Call::new(method).parameter("boxId", "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru");
/// let http = call.to_http(&Config::new(), Form::Json)?;
/// assert_eq!(http.uri().path(), "/GetBox");
/// assert_eq!(http.uri().query(), Some("boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3"));
///
/// let error = Call::new(method).parameter("boxID", "").check().unwrap_err();
/// assert_eq!(error.violations().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `Debug` shows no values: some are secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    method: &'static Method,
    parameters: Vec<(String, String)>,
    body: Option<CallBody>,
}

/// The body of a [`Call`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallBody {
    /// Its name in the schema.
    pub name: String,
    /// The form that it is in, of a message; none of bytes and of a text.
    pub form: Option<Form>,
    /// The bytes.
    pub content: Bytes,
}

/// What a [`Call`] came to. `Debug` shows no content: a text may be a token.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallResponse {
    /// A message.
    Message(CallMessage),
    /// Word that there is nothing to answer with, see [`Method::absent`].
    Absent,
    /// A file.
    Content(Content),
    /// A text.
    Text(String),
    /// Nothing.
    Nothing,
}

/// A message that came, as it came.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallMessage {
    /// Its full name.
    pub full_name: &'static str,
    /// The form that it is in.
    pub form: Form,
    /// The bytes.
    pub content: Bytes,
}

impl Call {
    /// A call without parameters and body.
    pub fn new(method: &'static Method) -> Self {
        Self {
            method,
            parameters: Vec::new(),
            body: None,
        }
    }

    /// Gives a parameter; one that takes several values has them one after the other, or one text
    /// with commas where they travel so. What the method does not know is for
    /// [`check`](Request::check) to say.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Takes a parameter away, however often it was given.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(given, _)| given != name);
        self
    }

    /// Gives the body: a message in that form, or bytes or a text where there is none.
    #[must_use]
    pub fn body(
        mut self,
        name: impl Into<String>,
        form: Option<Form>,
        content: impl Into<Bytes>,
    ) -> Self {
        self.body = Some(CallBody {
            name: name.into(),
            form,
            content: content.into(),
        });
        self
    }

    /// The names and values of the parameters, as they were given.
    pub fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// The value of a parameter; the first where it was given several times.
    pub fn value(&self, name: &str) -> Option<&str> {
        let given = self.parameters.iter().find(|(given, _)| given == name)?;
        Some(&given.1)
    }

    /// The body that was given.
    pub fn given_body(&self) -> Option<&CallBody> {
        self.body.as_ref()
    }
}

impl Request for Call {
    type Response = CallResponse;

    fn method(&self) -> &'static Method {
        self.method
    }

    fn parts(&self) -> Parts<'_> {
        let mut parts = Parts::default();
        for (name, text) in &self.parameters {
            let parameter = self.method.parameter(name);
            let values = values(parameter, text);
            match parts.parameters.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => known.extend(values),
                None => parts.parameters.push((name, values)),
            }
        }
        if let Some(body) = &self.body {
            let kind = self.method.bodies.iter().find(|one| one.name == body.name);
            let part = match (body.form, kind.map(|body| body.kind)) {
                (Some(form), _) => BodyPart::Encoded(form, &body.content),
                (None, Some(BodyKind::Text)) => match str::from_utf8(&body.content) {
                    Ok(text) => BodyPart::Text(text),
                    Err(_) => BodyPart::Bytes(&body.content),
                },
                (None, _) => BodyPart::Bytes(&body.content),
            };
            parts.bodies.push((&body.name, part));
        }
        parts
    }

    fn read(&self, answer: Answer) -> Result<CallResponse, ApiError> {
        Ok(match self.method.response {
            ResponseKind::Message(_) if answer.is_absent() => CallResponse::Absent,
            ResponseKind::Message(full_name) => {
                let (form, content) = answer.encoded()?;
                CallResponse::Message(CallMessage {
                    full_name,
                    form,
                    content,
                })
            }
            ResponseKind::Bytes => CallResponse::Content(answer.content()?),
            ResponseKind::Text => CallResponse::Text(answer.text()?),
            ResponseKind::Nothing => CallResponse::Nothing,
        })
    }
}

impl StartsTask for Call {
    type Result = Self;

    fn result(&self, started: &CallResponse) -> Option<Self> {
        let CallResponse::Message(message) = started else {
            return None;
        };
        let poll_with = self.method.poll_with?;
        let task_id = (poll_with.task_id)(message.form, &message.content)?;
        let method = Method::find(poll_with.method)?;
        let own = self.parameters.iter();
        let shared = own.filter(|(name, _)| method.parameter(name).is_some());
        let call = Self {
            method,
            parameters: shared.cloned().collect(),
            body: None,
        };
        Some(call.parameter("taskId", task_id))
    }
}

/// The values of a text, of the parameter's kind where they are; else as texts, for the check to
/// name them.
fn values<'a>(parameter: Option<&Parameter>, text: &'a str) -> Vec<Value<'a>> {
    let Some(parameter) = parameter else {
        return vec![Value::Text(text)];
    };
    let value = |text: &'a str| match parameter.kind {
        ParameterKind::Int32 => text.parse::<i32>().ok().map(Value::from),
        ParameterKind::Int64 => text.parse::<i64>().ok().map(Value::from),
        ParameterKind::Bool => query::flag(text).map(Value::from),
        ParameterKind::Text | ParameterKind::Enum(_) => None,
    };
    let texts: Vec<_> = match parameter.comma {
        true => text.split(',').collect(),
        false => vec![text],
    };
    let typed = |text| value(text).unwrap_or(Value::Text(text));
    texts.into_iter().map(typed).collect()
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.parameters.iter().map(|(name, _)| name).collect();
        f.debug_struct("Call")
            .field("method", &self.method.name)
            .field("parameters", &names)
            .field("body", &self.body)
            .finish()
    }
}

impl fmt::Debug for CallBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallBody")
            .field("name", &self.name)
            .field("form", &self.form)
            .field("content", &format_args!("{} bytes", self.content.len()))
            .finish()
    }
}

impl fmt::Debug for CallResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(message) => f.debug_tuple("Message").field(message).finish(),
            Self::Content(content) => f.debug_tuple("Content").field(content).finish(),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Absent => f.write_str("Absent"),
            Self::Nothing => f.write_str("Nothing"),
        }
    }
}

impl fmt::Debug for CallMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallMessage")
            .field("full_name", &self.full_name)
            .field("form", &self.form)
            .field("content", &format_args!("{} bytes", self.content.len()))
            .finish()
    }
}
