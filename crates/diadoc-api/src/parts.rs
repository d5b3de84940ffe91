//! What a request says, before it becomes bytes.

use bytes::Bytes;
use diadoc_proto::json::{self, JsonMessage};

use crate::check::{Checked, Checker};
use crate::secrets::of_body;
use crate::{Form, Method, Secrets, Token};

/// The parameters that a request gives, and its body. `Debug` shows their names alone: some are
/// secrets.
#[derive(Default)]
pub struct Parts<'a> {
    pub(crate) parameters: Vec<(&'a str, Vec<Value<'a>>)>,
    pub(crate) bodies: Vec<(&'a str, BodyPart<'a>)>,
}

/// A value of a parameter. An enum travels as the name of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// An integer.
    Integer(i64),
    /// `true` or `false`.
    Bool(bool),
}

impl Value<'_> {
    /// Whether it says something: an empty text counts as not given, and does not travel.
    pub(crate) fn is_given(self) -> bool {
        self != Self::Text("")
    }
}

pub(crate) enum BodyPart<'a> {
    Message(&'a dyn Encode),
    /// A message in that form.
    Encoded(Form, &'a Bytes),
    Bytes(&'a Bytes),
    Text(&'a str),
}

/// A message that can be written in either form.
pub(crate) trait Encode {
    fn encode(&self, form: Form) -> Result<Bytes, json::Error>;
    fn check(&self, checker: &mut Checker<'_>);
    fn checked(&self) -> &dyn Checked;
}

impl<'a> Parts<'a> {
    /// The values of a parameter that say something.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = Value<'a>> {
        let given = self
            .parameters
            .iter()
            .filter(move |(given, _)| *given == name);
        given
            .flat_map(|(_, values)| values.iter().copied())
            .filter(|value| value.is_given())
    }

    /// The secrets among the parameters and in the body.
    pub(crate) fn secrets(&self, method: &Method) -> Secrets {
        let mut secrets = Secrets::default();
        for (name, values) in &self.parameters {
            if method.parameter(name).is_some_and(|known| known.secret) {
                secrets.extend(values.iter().filter_map(|value| match value {
                    Value::Text(text) => Some(Token::from(*text)),
                    _ => None,
                }));
            }
        }
        for (name, body) in &self.bodies {
            let Some(known) = method.bodies.iter().find(|known| known.name == *name) else {
                continue;
            };
            secrets.extend(match (known.secrets, body) {
                (Some(keys), BodyPart::Message(message)) => match message.encode(Form::Json) {
                    Ok(json) => of_body(keys, Form::Json, &json),
                    Err(_) => Vec::new(),
                },
                (Some(keys), BodyPart::Encoded(form, body)) => of_body(keys, *form, body),
                (None, BodyPart::Text(text)) if known.secret => vec![Token::from(text.trim())],
                (None, BodyPart::Bytes(bytes)) if known.secret => {
                    vec![Token::from(String::from_utf8_lossy(bytes).trim())]
                }
                _ => Vec::new(),
            });
        }
        secrets
    }

    /// A parameter that is given.
    pub fn required(&mut self, name: &'static str, value: impl Into<Value<'a>>) {
        self.parameters.push((name, vec![value.into()]));
    }

    /// A parameter that may be given. An empty text counts as not given, and does not travel.
    pub fn optional(&mut self, name: &'static str, value: Option<impl Into<Value<'a>>>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// A parameter with any number of values.
    pub fn list<V: Into<Value<'a>>>(
        &mut self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) {
        let values: Vec<_> = values.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.parameters.push((name, values));
        }
    }

    /// A message as the body.
    pub fn message<M>(&mut self, name: &'static str, body: &'a M)
    where
        M: prost::Message + JsonMessage + Checked,
    {
        self.bodies.push((name, BodyPart::Message(body)));
    }

    /// Bytes as the body.
    pub fn bytes(&mut self, name: &'static str, body: &'a Bytes) {
        self.bodies.push((name, BodyPart::Bytes(body)));
    }

    /// A text as the body.
    pub fn text(&mut self, name: &'static str, body: &'a str) {
        self.bodies.push((name, BodyPart::Text(body)));
    }
}

impl<M: prost::Message + JsonMessage + Checked> Encode for M {
    fn checked(&self) -> &dyn Checked {
        self
    }

    fn check(&self, checker: &mut Checker<'_>) {
        Checked::check(self, checker);
    }

    fn encode(&self, form: Form) -> Result<Bytes, json::Error> {
        match form {
            Form::Protobuf => Ok(self.encode_to_vec().into()),
            Form::Json => json::to_vec(self).map(Bytes::from),
        }
    }
}

impl std::fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parameters = self.parameters.iter().map(|(name, _)| *name);
        let bodies = self.bodies.iter().map(|(name, _)| *name);
        f.debug_list().entries(parameters).entries(bodies).finish()
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}
