//! Reading a call from HTTP, as a server does.

use bytes::Bytes;
use diadoc_core::rules::nearest;
use http::header::CONTENT_TYPE;

use super::{Call, CallBody};
use crate::{Body, BodyKind, Form, METHODS, Method, Retired, headers, query};

/// Why an HTTP request is no call of a method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// No method has the path.
    #[error("no method has the path {path}{}", near.map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
    Path {
        /// The path.
        path: String,
        /// One that may have been meant, of a method that the vendor does not give up.
        near: Option<&'static str>,
    },
    /// The vendor has retired the path.
    #[error(transparent)]
    Retired(&'static Retired),
    /// The method of the path takes another verb.
    #[error("{path} takes {}, not {verb}", allowed.join(", "))]
    Verb {
        /// The path.
        path: &'static str,
        /// The verb that was asked for.
        verb: http::Method,
        /// The verbs that the path takes.
        allowed: Vec<&'static str>,
    },
}

impl Call {
    /// Reads a request as a server does: finds the method by verb and path, and its parameters in
    /// the query and in headers. The case of paths and of names is no matter; a name of the query is
    /// as the method has it afterwards. Whether they are right is for [`check`](crate::Request::check)
    /// to say.
    ///
    /// # Errors
    ///
    /// No method has that verb and path.
    pub fn from_http(request: &http::Request<Bytes>) -> Result<Self, CallError> {
        let method = method_of(request.method(), request.uri().path())?;
        let pairs = query::pairs(request.uri().query().unwrap_or_default());
        let pairs = pairs.into_iter();
        let mut parameters: Vec<_> = pairs
            .map(|(name, value)| (known_name(method, name), value))
            .collect();
        for parameter in method.parameters {
            let values = parameter.header.iter();
            let values = values.flat_map(|header| request.headers().get_all(*header));
            parameters.extend(values.map(|value| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (parameter.name.to_owned(), value)
            }));
        }
        let media_type = headers::text(request.headers(), CONTENT_TYPE.as_str());
        let form = media_type.and_then(Form::of_media_type);
        let body = body_of(method, media_type, request.body().is_empty());
        Ok(Self {
            method,
            parameters,
            body: body.map(|body| CallBody {
                name: body.name.to_owned(),
                form: match body.kind {
                    BodyKind::Message(_) => Some(form.unwrap_or_default()),
                    BodyKind::Bytes | BodyKind::Text => None,
                },
                content: request.body().clone(),
            }),
        })
    }
}

fn method_of(verb: &http::Method, path: &str) -> Result<&'static Method, CallError> {
    let mut allowed = Vec::new();
    for method in Method::at(path) {
        if method.verb == verb {
            return Ok(method);
        }
        allowed.push(method);
    }
    if let Some(method) = allowed.first() {
        return Err(CallError::Verb {
            path: method.path,
            verb: verb.clone(),
            allowed: allowed.iter().map(|method| method.verb.as_str()).collect(),
        });
    }
    Err(match Retired::find(path) {
        Some(retired) => CallError::Retired(retired),
        None => CallError::Path {
            path: path.to_owned(),
            near: near(path),
        },
    })
}

/// The path of a method that is in use and may be meant: the newest version of one of that name,
/// else one that is spelt alike.
fn near(path: &str) -> Option<&'static str> {
    let name = |path: &str| {
        path.rsplit('/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let version = |path: &str| {
        let digits = path.get(2..).and_then(|rest| rest.split('/').next());
        digits.and_then(|digits| digits.parse::<u32>().ok())
    };
    let wanted = name(path);
    let versions = METHODS.iter().filter(|method| name(method.path) == wanted);
    let current = versions.filter_map(|method| method.current());
    let newest = current.max_by_key(|method| version(method.path));
    newest.map(|method| method.path).or_else(|| {
        let alike = nearest(path, METHODS.iter().map(|method| method.path));
        let mut alike = alike.into_iter().flat_map(Method::at);
        alike.find_map(|method| Some(method.current()?.path))
    })
}

/// The name of a parameter as the method has it, whatever the case.
fn known_name(method: &Method, name: String) -> String {
    let mut known = method.parameters.iter().map(|parameter| parameter.name);
    match known.find(|known| known.eq_ignore_ascii_case(&name)) {
        Some(known) => known.to_owned(),
        None => name,
    }
}

/// Which of a method's bodies came; of several messages, which look alike here, the first.
fn body_of(
    method: &'static Method,
    media_type: Option<&str>,
    is_empty: bool,
) -> Option<&'static Body> {
    if let [body] = method.bodies {
        // A message without a field that is set has no bytes in protobuf.
        let may_be_empty = body.required && matches!(body.kind, BodyKind::Message(_));
        return (may_be_empty || !is_empty).then_some(body);
    }
    if is_empty {
        return None;
    }
    let media_type = media_type.unwrap_or_default();
    let is_message = Form::of_media_type(media_type).is_some();
    let is_text = media_type.to_ascii_lowercase().starts_with("text/") && !is_message;
    let fits = |body: &&Body| match body.kind {
        BodyKind::Message(_) => is_message,
        BodyKind::Text => is_text,
        BodyKind::Bytes => !is_message && !is_text,
    };
    method.bodies.iter().find(fits).or(method.bodies.first())
}
