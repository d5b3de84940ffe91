//! What `index.js` is made of: [`diadoc_cli::functions`] with JavaScript's values.
//!
//! An error is the JSON of its text and its place, of which `index.js` makes a `DiadocError`.

use std::ffi::OsString;

use diadoc_cli::functions::{self, Check, Convert, Read, Value, Write};
use napi::bindgen_prelude::{
    Array, BigInt, Buffer, JsObjectValue as _, Null, Object, ToNapiValue as _, Uint8Array, Unknown,
};
use napi::{Env, Error, Property, Result};
use napi_derive::napi;
use serde_json::json;

/// [`Check`], as an object.
#[napi(object)]
#[derive(Debug)]
pub struct CheckOptions {
    pub name: Option<String>,
    pub message: Option<String>,
    pub direction: Option<String>,
    pub form: Option<String>,
    pub at: Option<String>,
    pub strict: Option<bool>,
    pub deny: Option<Vec<String>>,
    pub warn: Option<Vec<String>>,
    pub allow: Option<Vec<String>>,
    pub lang: Option<String>,
}

/// [`Read`], [`Write`] and [`Convert`], as an object.
#[napi(object)]
#[derive(Debug)]
pub struct BodyOptions {
    pub to: Option<String>,
    pub form: Option<String>,
    pub at: Option<String>,
    pub pretty: Option<bool>,
    pub keep_unknown: Option<bool>,
    /// What integers of 64 bits are: `bigint` or `string`.
    pub longs: Option<String>,
}

/// A body in another form, and what was dropped and made up on the way.
#[napi(object)]
#[allow(missing_debug_implementations, reason = "a Buffer has none")]
pub struct Converted {
    pub body: Buffer,
    pub notes: Vec<String>,
}

/// The error of a function, for `index.js`.
fn raise(error: &functions::Error) -> Error {
    let error = json!({
        "message": error.to_string(),
        "path": error.path(),
        "line": error.line(),
        "column": error.column(),
    });
    Error::from_reason(error.to_string())
}

impl CheckOptions {
    fn check(&self) -> Check<'_> {
        Check {
            name: self.name.as_deref(),
            message: self.message.as_deref(),
            direction: self.direction.as_deref(),
            form: self.form.as_deref(),
            at: self.at.as_deref(),
            strict: self.strict.unwrap_or_default(),
            deny: self.deny.as_deref().unwrap_or_default(),
            warn: self.warn.as_deref().unwrap_or_default(),
            allow: self.allow.as_deref().unwrap_or_default(),
            lang: self.lang.as_deref(),
        }
    }
}

/// A document in JSON, or a text for people.
#[napi]
pub fn check(body: Uint8Array, asked: CheckOptions, as_text: bool) -> Result<String> {
    let asked = asked.check();
    let checked = match as_text {
        true => functions::report(&body, &asked),
        false => functions::check(&body, &asked),
    };
    checked.map_err(|error| raise(&error))
}

/// One document in JSON; a name for each body.
#[napi]
pub fn check_all(
    bodies: Vec<Uint8Array>,
    names: Vec<String>,
    asked: CheckOptions,
) -> Result<String> {
    let bodies = names
        .iter()
        .zip(&bodies)
        .map(|(name, body)| (&**name, &**body));
    functions::check_all(bodies, &asked.check()).map_err(|error| raise(&error))
}

#[napi]
pub fn merge(reports: Vec<String>) -> Result<String> {
    functions::merge(reports.iter().map(String::as_str)).map_err(|error| raise(&error))
}

#[napi]
pub fn read<'env>(
    env: &'env Env,
    body: Uint8Array,
    message: String,
    asked: BodyOptions,
) -> Result<Unknown<'env>> {
    let longs = Longs::named(asked.longs.as_deref())?;
    let asked = Read {
        form: asked.form.as_deref(),
        at: asked.at.as_deref(),
        keep_unknown: asked.keep_unknown.unwrap_or_default(),
    };
    let value = functions::read(&body, &message, &asked).map_err(|error| raise(&error))?;
    to_js(env, value, longs)
}

/// `value` is JSON.
#[napi]
pub fn write(value: String, message: String, asked: BodyOptions) -> Result<Buffer> {
    let asked = Write {
        to: asked.to.as_deref(),
        pretty: asked.pretty.unwrap_or_default(),
        keep_unknown: asked.keep_unknown.unwrap_or_default(),
    };
    let body = functions::write(value.as_bytes(), &message, &asked);
    body.map(Buffer::from).map_err(|error| raise(&error))
}

#[napi]
pub fn convert(
    body: Uint8Array,
    message: String,
    to: String,
    asked: BodyOptions,
) -> Result<Converted> {
    let asked = Convert {
        form: asked.form.as_deref(),
        at: asked.at.as_deref(),
        pretty: asked.pretty.unwrap_or_default(),
        keep_unknown: asked.keep_unknown.unwrap_or_default(),
    };
    let converted = functions::convert(&body, &message, &to, &asked);
    let converted = converted.map_err(|error| raise(&error))?;
    Ok(Converted {
        body: Buffer::from(converted.body),
        notes: converted.notes,
    })
}

#[napi]
pub fn detect(body: Uint8Array, asked: BodyOptions) -> Result<String> {
    let detected = functions::detect(&body, asked.form.as_deref(), asked.at.as_deref());
    detected.map_err(|error| raise(&error))
}

#[napi]
pub fn describe(name: String, lang: Option<String>) -> Result<String> {
    functions::describe(&name, lang.as_deref(), false).map_err(|error| raise(&error))
}

#[napi]
pub fn search(words: String) -> Result<String> {
    functions::search(&words).map_err(|error| raise(&error))
}

#[napi]
pub fn example<'env>(
    env: &'env Env,
    message: String,
    full: bool,
    seed: Option<u32>,
    longs: Option<String>,
) -> Result<Unknown<'env>> {
    let longs = Longs::named(longs.as_deref())?;
    let value = functions::example(&message, full, seed.map(u64::from));
    to_js(env, value.map_err(|error| raise(&error))?, longs)
}

#[napi]
pub fn messages() -> Vec<&'static str> {
    functions::messages()
}

/// The program: its exit code.
#[napi]
pub fn main(arguments: Vec<String>) -> u32 {
    diadoc_cli::main(arguments.into_iter().map(OsString::from)).into()
}

/// What integers of 64 bits are in JavaScript, whose numbers do not hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Longs {
    BigInt,
    Text,
}

impl Longs {
    fn named(name: Option<&str>) -> Result<Self> {
        match name {
            None | Some("bigint") => Ok(Self::BigInt),
            Some("string") => Ok(Self::Text),
            Some(other) => {
                let text = format!("longs are `bigint` or `string`, not `{other}`");
                Err(Error::from_reason(json!({ "message": text }).to_string()))
            }
        }
    }
}

/// JavaScript's value of a message's.
fn to_js(env: &Env, value: Value, longs: Longs) -> Result<Unknown<'_>> {
    match value {
        Value::Null => Null.into_unknown(env),
        Value::Bool(value) => value.into_unknown(env),
        Value::Int(number) => number.into_unknown(env),
        Value::Long(number) if longs == Longs::Text => number.to_string().into_unknown(env),
        Value::Long(number) => BigInt::from(number).into_unknown(env),
        Value::Double(number) => number.into_unknown(env),
        Value::Text(text) => text.into_unknown(env),
        Value::Bytes(bytes) => Buffer::from(bytes).into_unknown(env),
        Value::List(elements) => {
            let elements = elements.into_iter();
            let elements = elements.map(|element| to_js(env, element, longs));
            let elements = elements.collect::<Result<Vec<_>>>()?;
            Array::from_vec(env, elements)?.into_unknown(env)
        }
        Value::Message(fields) => {
            let mut message = Object::new(env)?;
            for (key, value) in fields {
                let value = to_js(env, value, longs)?;
                // To set it would give the object another prototype.
                if key == "__proto__" {
                    let property = Property::new().with_utf8_name(&key)?;
                    message.define_properties(&[property.with_value(&value)])?;
                } else {
                    message.set(key, value)?;
                }
            }
            message.into_unknown(env)
        }
    }
}
