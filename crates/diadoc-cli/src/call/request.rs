//! What is to be called, and with what.

use diadoc_api::{BodyKind, Call, Form, Method, Request as _};
use diadoc_proto::Limits;
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{Direction, Schema, validate_json, validate_protobuf};

use crate::input::Input;
use crate::names::lines;
use crate::opening;
use crate::outcome::Failure;

/// The body of a call.
#[derive(Debug, Clone)]
pub(super) struct GivenBody {
    /// Its name in the schema.
    pub name: &'static str,
    /// Where it comes from.
    pub input: Input,
    /// As it was read.
    pub given: Vec<u8>,
    /// The message that it is of, and the form that it was given in; none of a file or a text.
    pub message: Option<(MessageType, Form)>,
    /// Whether the input holds it as it is.
    pub is_plain: bool,
}

/// Where the body of a call comes from.
#[derive(Debug)]
pub(crate) enum BodySource {
    Input(Input),
    /// Bytes, and what to call them.
    Bytes(&'static str, Vec<u8>),
}

impl GivenBody {
    /// Reads the body of a call.
    pub(super) fn read(
        method: &'static Method,
        source: BodySource,
        name: Option<&str>,
        opening: &opening::Arguments,
    ) -> Result<Self, Failure> {
        let which_body = || {
            Failure::new(format!(
                "{} takes one of several bodies\nGive --body-name with one of these:{}",
                method.name,
                lines(method.bodies.iter().map(|body| body.name))
            ))
        };
        let body = match (method.bodies, name) {
            ([], _) => {
                return Err(Failure::new(format!(
                    "{} takes no body\nLeave out --body; parameters are given with -p NAME=VALUE.",
                    method.name
                )));
            }
            ([body], None) => body,
            (bodies, Some(name)) => bodies
                .iter()
                .find(|body| body.name == name)
                .ok_or_else(which_body)?,
            (_, None) => return Err(which_body()),
        };
        let limits = Limits::new();
        let (input, mut given) = match source {
            BodySource::Input(input) => {
                let given = input.read(&limits)?;
                (input, given)
            }
            BodySource::Bytes(called, bytes) => (Input::File(called.into()), bytes),
        };
        let mut is_plain = true;
        let message = match body.kind {
            BodyKind::Message(full_name) => {
                let opened = opening.body(&input, given, &limits)?;
                (given, is_plain) = (opened.bytes, opened.steps.is_empty());
                Some((message_type(full_name)?, opened.form))
            }
            _ => None,
        };
        Ok(Self {
            name: body.name,
            input,
            given,
            message,
            is_plain,
        })
    }

    /// Gives it to a call, a message in that form.
    pub(super) fn add_to(&self, call: Call, form: Form) -> Result<Call, Failure> {
        let content = match self.message {
            // What is sent as it came is for the check to judge, and for the server.
            Some((message, given)) if given != form => self.in_form(message, form)?,
            _ => self.given.clone(),
        };
        Ok(call.body(self.name, self.message.map(|_| form), content))
    }

    fn in_form(&self, message: MessageType, form: Form) -> Result<Vec<u8>, Failure> {
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::new(format!(
                "{}: {error}\n\
                 Nothing was sent. Correct the body: it was read as {}; `diadoc check` finds all that\n\
                 is wrong.",
                self.input,
                message.full_name()
            ))
        };
        match form {
            Form::Protobuf => match message.from_json(&self.given) {
                Ok(message) => Ok(message.encode_to_vec()),
                Err(error) => Err(wrong(&error)),
            },
            Form::Json => match message.decode(&self.given) {
                Ok(message) => {
                    let text = message.to_json().map_err(|error| wrong(&error))?;
                    Ok(text.into_bytes())
                }
                Err(error) => Err(wrong(&error)),
            },
        }
    }
}

/// Holds parameters and body against the schema.
pub(super) fn check(call: &Call, body: Option<&GivenBody>) -> Result<(), Failure> {
    let mut text = String::new();
    if let Err(error) = call.check() {
        for violation in error.violations() {
            text += &format!("error: {violation}\n");
        }
    }
    if let Some(body) = body
        && let Some((message, form)) = body.message
    {
        let descriptor = Schema::diadoc()
            .message(message.full_name())
            .map_err(|error| Failure::new(error.to_string()))?;
        let report = match form {
            Form::Json => validate_json(&descriptor, &body.given, Direction::Request),
            Form::Protobuf => validate_protobuf(&descriptor, &body.given, Direction::Request),
        };
        if report.has_errors() {
            text += &report.render(&String::from_utf8_lossy(&body.given), false);
        }
    }
    if body.is_none() && call.method().bodies.iter().any(|body| body.required) {
        text += "A body is given with --body FILE.\n";
    }
    match text.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "{name} was not sent\n\n{}\n\n\
             Correct that, or give --unchecked to send it as it is. `diadoc describe {name}` explains\n\
             the method.",
            text.trim_end(),
            name = call.method().name,
        ))),
    }
}

pub(super) fn message_type(full_name: &str) -> Result<MessageType, Failure> {
    registry::find(full_name)
        .copied()
        .ok_or_else(|| Failure::new(format!("no message is called `{full_name}`")))
}
