//! Calls as commands for a POSIX shell, and as the text of HTTP.

use std::borrow::Cow;

use bytes::Bytes;
use diadoc_api::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use diadoc_api::http::{self, HeaderMap};
use diadoc_api::{Call, Config, Credentials, Form, Request as _};
use shlex::Quoter;

use super::request::GivenBody;
use crate::input::Input;

/// The command of this program that makes a call without a body.
pub(super) fn diadoc(call: &Call) -> String {
    let mut command = format!("diadoc call {}", call.method().name);
    for (name, value) in call.parameters() {
        command += &format!(" -p {}", quoted(&format!("{name}={value}")));
    }
    command
}

/// The command of curl that sends a request; it takes the token from the environment.
pub(super) fn curl(
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
    parts.push(quoted(&request.uri().to_string()));
    // In double quotes, so that the shell puts the token in.
    let authorization = match config.credentials() {
        Some(credentials) => credentials.with(|_| "$DIADOC_CLIENT_ID", |_| "$DIADOC_TOKEN"),
        None => Credentials::bearer("").with(|_| "", |_| "$DIADOC_TOKEN"),
    };
    parts.push(format!("-H \"Authorization: {authorization}\""));
    for (name, value) in other_headers(request.headers()) {
        parts.push(format!(
            "-H {}",
            quoted(&format!("{}: {value}", titled(name)))
        ));
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
                Some((message, given)) if given != form => {
                    let (name, file) = (message.full_name(), file.as_deref().unwrap_or("-"));
                    before =
                        format!("diadoc convert -m {name} --from {given} --to {form} {file} |\n");
                    parts.push("--data-binary @-".to_owned());
                }
                _ => parts.push(format!("--data-binary @{}", file.as_deref().unwrap_or("-"))),
            }
        }
    }
    format!("{before}curl {}\n", parts.join(" \\\n  "))
}

/// A request as it is sent, without the token.
pub(super) fn http(request: &http::Request<Bytes>, config: &Config) -> String {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let authorization = match config.credentials() {
        Some(credentials) => credentials.with(|_| REDACTED, |_| REDACTED),
        None => "(no token: set DIADOC_TOKEN)".to_owned(),
    };
    let mut text = format!(
        "{} {target} HTTP/1.1\n{HOST}: {host}\n{AUTHORIZATION}: {authorization}\n",
        request.method()
    );
    for (name, value) in other_headers(request.headers()) {
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
            Ok(content) if !is_protobuf => format!("{}\n", content.trim_end()),
            _ => format!("({} bytes)\n", body.len()),
        };
    }
    text
}

const REDACTED: &str = "[redacted]";

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
