//! Calls as commands for a POSIX shell, and as the text of HTTP.

use std::borrow::Cow;

use bytes::Bytes;
use diadoc_api::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use diadoc_api::http::{self, HeaderMap, Uri};
use diadoc_api::{
    Call, Config, Credentials, Form, HIDDEN, Method, Parameter, Request as _, without_values_of,
};
use shlex::Quoter;

use super::request::GivenBody;
use crate::input::Input;

/// The command of this program that makes a call without a body, with `***` in the place of secrets.
pub(crate) fn diadoc(call: &Call) -> String {
    let mut command = format!("diadoc call {}", call.method().name);
    for (name, value) in call.parameters() {
        let known = call.method().parameter(name);
        let value = match known.is_some_and(|known| known.secret) {
            true => HIDDEN,
            false => value,
        };
        command += &format!(" -p {}", quoted(&format!("{name}={value}")));
    }
    command
}

/// The variable of the environment that a command of curl takes a parameter's value from.
fn variable(parameter: &Parameter) -> String {
    let mut name = "DIADOC_SECRET_".to_owned();
    for letter in parameter.name.chars() {
        if letter.is_uppercase() {
            name.push('_');
        }
        name.extend(letter.to_uppercase());
    }
    name
}

/// The variables that a command of curl takes secrets from, with the names of their parameters.
pub(super) fn variables(call: &Call) -> Vec<(String, &'static str)> {
    let given = |parameter: &&Parameter| call.value(parameter.name).is_some();
    let secrets = secrets(call.method()).filter(given);
    secrets.map(|one| (variable(one), one.name)).collect()
}

fn secrets(method: &'static Method) -> impl Iterator<Item = &'static Parameter> {
    let parameters = method.parameters.iter();
    parameters.filter(|parameter| parameter.secret)
}

/// The command of curl that sends a request; it takes the token and other secrets from the environment.
pub(super) fn curl(
    call: &Call,
    request: &http::Request<Bytes>,
    config: &Config,
    body: Option<&GivenBody>,
    form: Form,
) -> String {
    let mut parts = Vec::new();
    let mut before = String::new();
    if request.method() != http::Method::GET {
        parts.push(format!("-X {}", request.method()));
    }
    let (target, in_query) = without_secrets(request.uri(), call);
    parts.push(quoted(&target));
    for secret in in_query {
        // What stands behind the first `=` is encoded by curl.
        let (name, variable) = (secret.name, variable(secret));
        parts.push(format!("--url-query \"{name}=${variable}\""));
    }
    // In double quotes, so that the shell puts the token in.
    let authorization = match config.credentials() {
        Some(credentials) => credentials.with(|_| "$DIADOC_CLIENT_ID", |_| "$DIADOC_TOKEN"),
        None => Credentials::bearer("").with(|_| "", |_| "$DIADOC_TOKEN"),
    };
    parts.push(format!("-H \"Authorization: {authorization}\""));
    for (name, value) in other_headers(request.headers()) {
        let title = titled(name);
        parts.push(match secret_of_header(call, name) {
            Some(secret) => format!("-H \"{title}: ${}\"", variable(secret)),
            None => format!("-H {}", quoted(&format!("{title}: {value}"))),
        });
    }
    match body {
        None if request.method() == http::Method::POST => {
            parts.push("--data-binary ''".to_owned());
        }
        None => {}
        Some(body) => {
            let file = match &body.input {
                Input::Stdin => None,
                Input::File(path) => Some(quoted(&path.to_string_lossy())),
            };
            match body.message {
                Some((message, given)) if given != form || !body.is_plain => {
                    let (name, file) = (message.full_name(), file.as_deref().unwrap_or("-"));
                    before = format!("diadoc convert -m {name} --to {form} {file} |\n");
                    parts.push("--data-binary @-".to_owned());
                }
                _ => parts.push(format!("--data-binary @{}", file.as_deref().unwrap_or("-"))),
            }
        }
    }
    format!("{before}curl {}\n", parts.join(" \\\n  "))
}

/// An address without the secrets in its query, and these.
fn without_secrets(uri: &Uri, call: &Call) -> (String, Vec<&'static Parameter>) {
    let text = uri.to_string();
    let Some((address, query)) = text.split_once('?') else {
        return (text, Vec::new());
    };
    let (mut pairs, mut found) = (Vec::new(), Vec::new());
    for pair in query.split('&') {
        match secret_of_pair(call, pair) {
            Some(secret) => found.push(secret),
            None => pairs.push(pair),
        }
    }
    match pairs.is_empty() {
        true => (address.to_owned(), found),
        false => (format!("{address}?{}", pairs.join("&")), found),
    }
}

fn secret_of_pair(call: &Call, pair: &str) -> Option<&'static Parameter> {
    let name = pair.split('=').next();
    secrets(call.method()).find(|secret| secret.header.is_none() && Some(secret.name) == name)
}

fn secret_of_header(call: &Call, name: &str) -> Option<&'static Parameter> {
    let is_it = |header: &str| header.eq_ignore_ascii_case(name);
    secrets(call.method()).find(|secret| secret.header.is_some_and(is_it))
}

/// A request as it is sent, with `***` in the place of secrets.
pub(super) fn http(call: &Call, request: &http::Request<Bytes>, config: &Config) -> String {
    let uri = request.uri();
    let mut target = uri.path().to_owned();
    for (place, pair) in uri
        .query()
        .iter()
        .flat_map(|query| query.split('&'))
        .enumerate()
    {
        target.push(if place == 0 { '?' } else { '&' });
        match secret_of_pair(call, pair) {
            Some(secret) => target += &format!("{}={HIDDEN}", secret.name),
            None => target += pair,
        }
    }
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let authorization = match config.credentials() {
        Some(credentials) => credentials.with(|_| HIDDEN, |_| HIDDEN),
        None => "(no token: set DIADOC_TOKEN)".to_owned(),
    };
    let mut text = format!(
        "{} {target} HTTP/1.1\n{HOST}: {host}\n{AUTHORIZATION}: {authorization}\n",
        request.method()
    );
    for (name, value) in other_headers(request.headers()) {
        let value = match secret_of_header(call, name) {
            Some(_) => HIDDEN,
            None => &*value,
        };
        text += &format!("{name}: {value}\n");
    }
    let body = request.body();
    if !body.is_empty() {
        text += &format!("content-length: {}\n\n", body.len());
        let protobuf = Form::Protobuf.media_type();
        let is_protobuf = request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|one| one == protobuf);
        text += &match str::from_utf8(body) {
            Ok(content) if !is_protobuf => format!("{}\n", shown(call, content).trim_end()),
            _ => format!("({} bytes)\n", body.len()),
        };
    }
    text
}

/// A body that is text without its secrets.
fn shown(call: &Call, content: &str) -> String {
    let given = call.given_body().map(|body| &*body.name);
    let mut known = call.method().bodies.iter();
    match known.find(|body| Some(body.name) == given) {
        Some(body) if body.secret => HIDDEN.to_owned(),
        Some(body) => match body.secrets {
            Some(keys) => without_values_of(content, |key| keys.has(key)),
            None => content.to_owned(),
        },
        None => content.to_owned(),
    }
}

fn other_headers(headers: &HeaderMap) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let others = headers.iter().filter(|(name, _)| *name != AUTHORIZATION);
    others.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
}

/// `content-type` as people write it: `Content-Type`.
fn titled(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join("-")
}

/// A word for a POSIX shell. A NUL, which no argument can hold, stays as it is.
pub(super) fn quoted(text: &str) -> String {
    let quoted = Quoter::new().allow_nul(true).quote(text);
    quoted.map(Cow::into_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_shell() {
        for (text, word) in [
            ("1f208d03-2a60", "1f208d03-2a60"),
            ("boxId=1", "'boxId=1'"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$HOME", "'$HOME'"),
            ("it's $HOME", r#""it's "'$HOME'"#),
            ("a?b&c", "'a?b&c'"),
        ] {
            assert_eq!(quoted(text), word);
        }
        assert_eq!(titled("content-type"), "Content-Type");
        assert_eq!(titled("X-Diadoc-ServiceKey"), "X-Diadoc-ServiceKey");
    }
}
