//! A request as HTTP.

use bytes::Bytes;
use diadoc_core::BoxId;
use diadoc_proto::json;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri};

use crate::answer::Meaning;
use crate::parts::BodyPart;
use crate::{
    Answer, ApiError, CheckError, Config, FieldRule, Form, Format, Idempotency, Method, Outcome,
    Parts, ResponseKind, Secrets, Value, answer, chain, check, headers, query,
};

/// A request of one method of the API.
///
/// The types in the modules of this crate implement it, one for each method, and
/// [`Call`](crate::Call) does for a method that is known at run time only.
pub trait Request: Sized {
    /// What the method answers with.
    type Response;

    /// What is known of the method: its name, its path, its parameters.
    fn method(&self) -> &'static Method;

    /// The parameters and the body.
    fn parts(&self) -> Parts<'_>;

    /// Reads a successful answer.
    ///
    /// # Errors
    ///
    /// The body is no response of the method.
    fn read(&self, answer: Answer) -> Result<Self::Response, ApiError>;

    /// Whether the same request may be sent again where nobody knows what became of it: a second time
    /// does nothing more.
    ///
    /// A request that posts may be, with an `operationId` or without: for one that has none the server
    /// takes the MD5 hash of its body, or refuses it as a duplicate. Not so with
    /// `disableDuplicatesDetection`.
    ///
    /// ```
    /// use diadoc_api::{Request, messages::PostMessageV3};
    ///
    /// let post = PostMessageV3::new(Default::default());
    /// assert!(post.is_repeatable());
    /// assert!(!post.disable_duplicates_detection(true).is_repeatable());
    /// ```
    fn is_repeatable(&self) -> bool {
        let undetected = |parts: &Parts<'_>| {
            let mut flags = parts.values("disableDuplicatesDetection");
            flags.any(|flag| flag != Value::Bool(false))
        };
        match self.method().idempotency {
            Idempotency::Unstated => false,
            Idempotency::NoSideEffects => true,
            Idempotency::Idempotent => !undetected(&self.parts()),
        }
    }

    /// Holds the request against the rules that the vendor states.
    ///
    /// ```
    /// use diadoc_api::{Request, documents::GetDocumentsV3};
    ///
    /// let request = GetDocumentsV3::new("1f208d03-2a60-4f64-91b1-b7aad54cfaf3", "Any.Inbound");
    /// let error = request.count(500).check().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "GetDocumentsV3 was not sent: count: 500 lies outside the range of the field, expected a \
    ///      number from 0 to 100 (field.range)"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// [`CheckError`] with all that goes against them.
    fn check(&self) -> Result<(), CheckError> {
        check::check(self.method(), &self.parts())
    }

    /// The request as HTTP.
    ///
    /// Values of the query are percent-encoded, and ids of boxes stand in it as GUIDs, whichever
    /// way they were given.
    ///
    /// # Errors
    ///
    /// The request goes against the rules (but for [`Config::unchecked`]), or holds what no header
    /// may.
    fn to_http(&self, config: &Config, form: Form) -> Result<http::Request<Bytes>, RequestError> {
        build(self.method(), self.parts(), config, form)
    }

    /// Whether an answer that begins so has the result in its body, which can then be taken piece by
    /// piece where it is a file. Any other answer is for [`outcome`](Request::outcome) to read, whole.
    fn brings_result(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        answer::meaning(self.method(), status, headers) == Meaning::Result
    }

    /// What came of the request, from the answer.
    ///
    /// Other limits of reading than the default ones go with the answer, as an extension of the type
    /// [`Limits`](crate::Limits).
    ///
    /// # Errors
    ///
    /// [`ApiError`] for a status that means an error, for one that means success and brings no result,
    /// such as 206, and for a body that cannot be read or lacks what the method always answers with.
    fn outcome(&self, response: Response<Bytes>) -> Result<Outcome<Self::Response>, ApiError> {
        outcome(self, response).map_err(|error| error.hiding(&self.secrets()))
    }

    /// The secrets among its parameters and in its body, which no text may show.
    ///
    /// ```
    /// use diadoc_api::{Call, Method, Request};
    ///
    /// let method = Method::find("CloudSignConfirm").expect("the method exists");
    /// let call = Call::new(method).parameter("confirmationCode", "271828");
    /// assert_eq!(call.secrets().hide("the code 271828 is wrong"), "the code *** is wrong");
    /// ```
    fn secrets(&self) -> Secrets {
        self.parts().secrets(self.method())
    }
}

/// Why a request did not become HTTP.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// It goes against the rules of its method.
    #[error(transparent)]
    Rules(#[from] CheckError),
    /// Its body cannot be written as JSON.
    #[error("the body of {method} cannot be written: {}", chain::to_root(cause))]
    Body {
        /// The method.
        method: &'static str,
        /// What the writer said.
        cause: json::Error,
    },
    /// A value that travels in a header holds characters that no header may.
    #[error("{method}: {}the header {header} holds no line breaks and no other control characters", of_parameter(*parameter))]
    Header {
        /// The method.
        method: &'static str,
        /// The parameter; none for the credentials.
        parameter: Option<&'static str>,
        /// The header.
        header: &'static str,
    },
    /// No URI can hold the request, mostly because the query is too long.
    #[error("{method}: the request does not fit a URI: {}", chain::to_root(cause))]
    Uri {
        /// The method.
        method: &'static str,
        /// What is wrong with it.
        cause: http::Error,
    },
}

fn of_parameter(parameter: Option<&str>) -> String {
    parameter.map_or_else(String::new, |name| {
        format!("{name}: the value cannot be sent: ")
    })
}

fn outcome<R: Request>(
    request: &R,
    response: Response<Bytes>,
) -> Result<Outcome<R::Response>, ApiError> {
    let method = request.method();
    match answer::meaning(method, response.status(), response.headers()) {
        Meaning::Pending(retry_after) => return Ok(Outcome::Pending { retry_after }),
        Meaning::Error => return Err(ApiError::from_response(method, response)),
        Meaning::NoResult => return Err(Answer::new(method, response).no_result()),
        Meaning::Result => {}
    }
    let answer = Answer::new(method, response);
    match answer.pending_by_field() {
        Some(retry_after) => Ok(Outcome::Pending { retry_after }),
        None => request.read(answer.check_content()?).map(Outcome::Ready),
    }
}

fn build(
    method: &'static Method,
    parts: Parts<'_>,
    config: &Config,
    form: Form,
) -> Result<http::Request<Bytes>, RequestError> {
    if config.is_checked() {
        check::check(method, &parts)?;
    }
    let header_error = |parameter, header| RequestError::Header {
        method: method.name,
        parameter,
        header,
    };
    let base = config.address().path().trim_end_matches('/');
    let mut path_and_query = format!("{base}{}", method.path);
    let mut own_headers = Vec::new();
    for (name, values) in &parts.parameters {
        let parameter = method.parameter(name);
        let is_box_id = parameter
            .is_some_and(|parameter| parameter.rules.contains(&FieldRule::Format(Format::BoxId)));
        let mut texts: Vec<_> = values
            .iter()
            .filter(|value| value.is_given())
            .map(|value| written(value, is_box_id))
            .collect();
        if parameter.is_some_and(|parameter| parameter.comma) {
            texts = match texts.is_empty() {
                true => texts,
                false => vec![texts.join(",")],
            };
        }
        match parameter.and_then(|known| Some((known, known.header?))) {
            Some((known, header)) => {
                for text in texts {
                    let value = Some(text).filter(|text| check::fits_header(text));
                    let value = value.and_then(|text| HeaderValue::try_from(text).ok());
                    let mut value = value.ok_or_else(|| header_error(Some(known.name), header))?;
                    value.set_sensitive(known.secret);
                    own_headers.push((header, value));
                }
            }
            None => texts
                .iter()
                .for_each(|text| query::push(&mut path_and_query, name, text)),
        }
    }

    let uri_error = |cause: http::Error| RequestError::Uri {
        method: method.name,
        cause,
    };
    let mut address = config.address().clone().into_parts();
    let path_and_query = PathAndQuery::try_from(path_and_query);
    address.path_and_query = Some(path_and_query.map_err(|error| uri_error(error.into()))?);
    let uri = Uri::from_parts(address).map_err(|error| uri_error(error.into()))?;

    let media_type = form.media_type();
    let (body, content_type) = match parts.bodies.first() {
        None => (Bytes::new(), media_type),
        Some((_, BodyPart::Message(message))) => {
            let body = message.encode(form).map_err(|cause| RequestError::Body {
                method: method.name,
                cause,
            })?;
            (body, media_type)
        }
        Some((_, BodyPart::Encoded(form, bytes))) => ((*bytes).clone(), form.media_type()),
        Some((_, BodyPart::Bytes(bytes))) => ((*bytes).clone(), "application/octet-stream"),
        Some((_, BodyPart::Text(text))) => (
            Bytes::copy_from_slice(text.as_bytes()),
            "text/plain; charset=utf-8",
        ),
    };
    let accept = match (form, method.response) {
        // Files and texts come as they are; only JSON is asked for by name, as the vendor does.
        (Form::Protobuf, ResponseKind::Bytes | ResponseKind::Text | ResponseKind::Nothing) => "*/*",
        _ => media_type,
    };
    let mut request = http::Request::new(body);
    *request.method_mut() = method.verb.clone();
    *request.uri_mut() = uri;
    let all = request.headers_mut();
    all.insert(ACCEPT, HeaderValue::from_static(accept));
    all.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(credentials) = config.credentials() {
        let value = credentials
            .header()
            .map_err(|_| header_error(None, AUTHORIZATION.as_str()))?;
        all.insert(AUTHORIZATION, value);
    }
    if let Some(name) = config.solution_info() {
        all.insert(headers::SOLUTION_INFO, name.clone());
    }
    for (name, value) in own_headers {
        let header = HeaderName::try_from(name).map_err(|_| header_error(None, name))?;
        all.append(header, value);
    }
    Ok(request)
}

/// A value as the query has it.
fn written(value: &Value<'_>, is_box_id: bool) -> String {
    match *value {
        Value::Text(text) => match text.parse::<BoxId>() {
            // The vendor's queries want the GUID.
            Ok(id) if is_box_id && !text.contains('-') => id.guid().to_string(),
            _ => text.to_owned(),
        },
        Value::Integer(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
    }
}
