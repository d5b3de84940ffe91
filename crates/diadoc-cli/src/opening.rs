//! Bodies as they lie around, for all commands that take one.

use std::fmt::Display;

use clap::ValueEnum;
use diadoc_api::Form;
use diadoc_core::fill;
use diadoc_open::{Exchange, OpenError, Opened, OpenedBody, Opener, Path, Step, Trouble};
use diadoc_proto::Limits;
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{Direction, Schema, SchemaError};

use crate::input::Input;
use crate::limits;
use crate::names::lines;
use crate::outcome::Failure;
use crate::output::{printable, say};
use crate::words::words;

/// What an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum InputFormat {
    /// JSON or protobuf, which the body itself tells, by itself or wrapped: compressed, in base64 or
    /// hexadecimal digits, in UTF-16 or windows-1251, in a HAR file, behind a head of HTTP, in the lines of a
    /// log, in a JSON string, or as YAML
    #[default]
    Auto,
    /// JSON, as it is
    Json,
    /// Protobuf, as it is
    Protobuf,
}

impl InputFormat {
    /// The form that is named; none where the body tells it.
    pub(crate) fn form(self) -> Option<Form> {
        match self {
            Self::Auto => None,
            Self::Json => Some(Form::Json),
            Self::Protobuf => Some(Form::Protobuf),
        }
    }
}

/// What the input is, and where in it the body stands.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// What the input is: `json` or `protobuf`, as it is; `auto` tells them apart, and opens what the body is
    /// wrapped in, which it names
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub from: InputFormat,

    /// The part of JSON that is the body, such as `.request.body` or `/items/0/text`; in the lines of a log
    /// that of each
    #[arg(long, value_name = "PATH")]
    pub at: Option<Path>,
}

impl Arguments {
    /// The one body of an input, which is told where it was opened.
    pub(crate) fn body(
        &self,
        input: &Input,
        bytes: Vec<u8>,
        limits: &Limits,
    ) -> Result<Body, Failure> {
        let body = body(input, bytes, self.from.form(), self.at.as_ref(), limits)?;
        body.tell(input);
        Ok(body)
    }
}

/// A body that was opened.
#[derive(Debug)]
pub(crate) struct Body {
    pub bytes: Vec<u8>,
    pub form: Form,
    /// What it was opened from, the outermost first; nothing where the input is the body.
    pub steps: Vec<Step>,
}

impl Body {
    /// Says on standard error what was opened.
    pub(crate) fn tell(&self, input: &Input) {
        if !self.steps.is_empty() {
            let opened = fill(words().opened, &[input, &named(&self.steps)]);
            say(&printable(&opened));
        }
    }
}

/// The one body of an input of a form, or of one that the body tells.
pub(crate) fn body(
    input: &dyn Display,
    bytes: Vec<u8>,
    form: Option<Form>,
    at: Option<&Path>,
    limits: &Limits,
) -> Result<Body, Failure> {
    let opener = Opener::new().limits(*limits).at(at.cloned());
    if let (Some(form), None) = (form, at) {
        return Ok(Body {
            bytes,
            form,
            steps: Vec::new(),
        });
    }
    if opener.is_plain(&bytes) && diadoc_schema::check_json(&bytes).is_ok() {
        return Ok(Body {
            bytes,
            form: Form::Json,
            steps: Vec::new(),
        });
    }
    let mut opened = opener
        .open(&bytes)
        .map_err(|error| unopened(input, &error))?;
    if opened.bodies.len() > 1 {
        return Err(several(input, &opened));
    }
    let body = opened.bodies.pop().ok_or_else(|| several(input, &opened))?;
    Ok(Body {
        form: form.unwrap_or(body.form),
        bytes: body.bytes.into_owned(),
        steps: body.steps,
    })
}

/// The wrappings that were taken off, the outermost first.
pub(crate) fn named(steps: &[Step]) -> String {
    let steps: Vec<_> = steps.iter().map(Step::to_string).collect();
    steps.join(", ")
}

/// What something looks like that is none of what is opened, if that is known; none of it where it is
/// damaged or beyond a limit.
pub(crate) fn looks_like(error: &OpenError) -> Option<Option<&'static str>> {
    match error.trouble {
        Trouble::Empty => Some(None),
        Trouble::Unknown { looks_like } => Some(looks_like),
        _ => None,
    }
}

/// Nothing is a body in it.
pub(crate) fn unopened(input: &dyn Display, error: &OpenError) -> Failure {
    let words = words();
    let advice = match &error.trouble {
        Trouble::Limit(limit) => limits::advice(&limit.to_string()).unwrap_or_default(),
        Trouble::NoSuchPart { .. } | Trouble::NotJson { .. } => words.correct_at.to_owned(),
        Trouble::Empty => words.where_from.to_owned(),
        _ => words.no_body_there.to_owned(),
    };
    let text = format!("{input}: {error}\n{advice}");
    match looks_like(error) {
        Some(_) => Failure::finding(text),
        None => Failure::new(text),
    }
}

fn several(input: &dyn Display, opened: &Opened<'_>) -> Failure {
    const MOST: usize = 10;
    let bodies = opened
        .bodies
        .iter()
        .take(MOST)
        .map(|body| match &body.exchange {
            Some(exchange) => format!("{}: {}", named(&body.steps), request_line(exchange)),
            None => named(&body.steps),
        });
    let count = opened.bodies.len();
    Failure::new(fill(
        words().several_bodies_there,
        &[input, &count, &lines(bodies)],
    ))
}

/// The request of an exchange without its query, in which secrets may be.
pub(crate) fn request_line(exchange: &Exchange) -> String {
    let target = exchange.target.as_deref().unwrap_or_default();
    let path = target.split(['?', '#']).next().unwrap_or_default();
    format!("{} {path}", exchange.verb.as_deref().unwrap_or_default())
}

/// What a body came with.
pub(crate) fn described(body: &OpenedBody<'_>) -> String {
    match &body.exchange {
        Some(exchange) => match exchange.status {
            Some(status) if status >= 400 => {
                fill(words().an_answer, &[&request_line(exchange), &status])
            }
            _ => request_line(exchange),
        },
        None => String::new(),
    }
}

/// What the request of an exchange says about its body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Known {
    /// It is this message, and goes this way.
    Message(&'static MessageType, Direction),
    /// Nothing: no request is known, or its body is no message or one of several.
    Nothing,
    /// It is none of the API's: another site's, or the text of an error.
    Foreign,
}

/// What the request of a body says about it.
pub(crate) fn known(body: &OpenedBody<'_>) -> Known {
    let Some(exchange) = &body.exchange else {
        return Known::Nothing;
    };
    if exchange.status.is_some_and(|status| status >= 400) {
        return Known::Foreign;
    }
    if exchange.target.is_none() {
        return Known::Nothing;
    }
    let schema = Schema::diadoc();
    let message = schema
        .method(&request_line(exchange))
        .and_then(|method| method.message(exchange.direction));
    match message {
        Ok(message) => match registry::find(message.full_name()) {
            Some(message) => Known::Message(message, exchange.direction),
            None => Known::Nothing,
        },
        Err(SchemaError::NoMethod { .. }) => Known::Foreign,
        Err(_) => Known::Nothing,
    }
}
