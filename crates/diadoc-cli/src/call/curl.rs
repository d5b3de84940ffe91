//! A request as a command of curl.

use std::borrow::Cow;

use diadoc_api::Credentials;
use shlex::Quoter;

use super::request::{Form, Request, file_of};
use super::settings::Settings;

/// A command for a POSIX shell; it takes the token from the environment.
pub fn command(request: &Request, settings: &Settings) -> String {
    let url = quoted(&format!("{}{}", settings.url, request.target()));
    let mut parts = Vec::new();
    let mut before = String::new();
    if request.method.verb.as_str() != "GET" {
        parts.push(format!("-X {}", request.method.verb));
    }
    parts.push(url);
    // In double quotes, so that the shell puts the token in.
    parts.push(format!("-H \"Authorization: {}\"", authorization(settings)));
    for (name, value) in request.headers() {
        parts.push(format!(
            "-H {}",
            quoted(&format!("{}: {value}", titled(&name)))
        ));
    }
    match &request.body {
        None if request.method.verb.as_str() == "POST" => parts.push("--data-binary ''".to_owned()),
        None => {}
        Some(body) => {
            let file = file_of(body).map(|path| quoted(&path.to_string_lossy()));
            let file = file.as_deref();
            let message = body.message.as_ref();
            if let Some(message) = message.filter(|message| message.given != request.form) {
                let (from, to) = (word(message.given), word(request.form));
                let name = message.message_type.full_name();
                let file = file.unwrap_or("-");
                before = format!("diadoc convert -m {name} --from {from} --to {to} {file} |\n");
                parts.push("--data-binary @-".to_owned());
            } else {
                parts.push(match file {
                    Some(file) => format!("--data-binary @{file}"),
                    None => "--data-binary @-".to_owned(),
                });
            }
        }
    }
    format!("{before}curl {}\n", parts.join(" \\\n  "))
}

fn authorization(settings: &Settings) -> &'static str {
    match &settings.credentials {
        Some(Credentials::DiadocAuth { token: None, .. }) => {
            "DiadocAuth ddauth_api_client_id=$DIADOC_CLIENT_ID"
        }
        Some(Credentials::DiadocAuth { .. }) => {
            "DiadocAuth ddauth_api_client_id=$DIADOC_CLIENT_ID,ddauth_token=$DIADOC_TOKEN"
        }
        _ => "Bearer $DIADOC_TOKEN",
    }
}

fn word(form: Form) -> &'static str {
    match form {
        Form::Json => "json",
        Form::Protobuf => "protobuf",
    }
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
pub fn quoted(text: &str) -> String {
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
