//! The page for browsers, over sockets and without one.

mod browser;
mod check;
mod faults;
mod guard;
mod live;
mod reference;
mod requests;
mod world;

use diadoc_api::query::percent_encoded;
use diadoc_fake::Fake;

use crate::http::{Call, Came};

/// What a value must not become a part of the page as.
const HOSTILE: &str = "<script>alert('1')</script>\"'&";
const HOST: &str = "127.0.0.1:8070";
const FORM: &str = "application/x-www-form-urlencoded";

/// A page of the fake in English.
async fn page(fake: &Fake, path: &str) -> Came {
    open(path).send(fake).await
}

fn open(path: &str) -> Call {
    Call::get(path)
        .with("Host", HOST)
        .with("Accept-Language", "en")
}

/// What comes of a form that the page sends, filled in so.
async fn submit(fake: &Fake, path: &str, fields: &[(&str, &str)]) -> Came {
    let token = token(fake).await;
    form(path, &token, fields).send(fake).await
}

fn form(path: &str, token: &str, fields: &[(&str, &str)]) -> Call {
    let mut body = format!("token={token}");
    for (name, value) in fields {
        body += &format!("&{name}={}", percent_encoded(value));
    }
    Call::post(path, FORM, body)
        .with("Host", HOST)
        .with("Origin", &format!("http://{HOST}"))
        .with("Sec-Fetch-Site", "same-origin")
        .with("Accept-Language", "en")
}

/// What the forms of the page send back.
async fn token(fake: &Fake) -> String {
    let page = page(fake, "/_/faults").await;
    let (_, rest) = page
        .text()
        .split_once("name=\"token\" value=\"")
        .expect("a form");
    rest.split('"').next().expect("a value").to_owned()
}

impl Came {
    /// Asserts that its body has no `text` in it.
    #[track_caller]
    fn does_not_say(&self, text: &str) {
        assert!(!self.text().contains(text), "{text} is in {}", self.text());
    }
}
