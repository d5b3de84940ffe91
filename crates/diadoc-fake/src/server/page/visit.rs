//! A request to the page, and how it is answered.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse as _, Response};
use diadoc_api::query::{pairs, percent_encoded};
use diadoc_core::Language;
use maud::{Markup, html};

use super::guard::Nonce;
use super::lang::{self, COOKIE_NAME, PARAMETER};
use super::layout::{self, Place};
use super::words::Words;
use super::{Page, ROOT};
use crate::Script;

/// How long a browser keeps the language, in seconds: a year.
const COOKIE_LIFE: u32 = 31_536_000;

/// Somebody who opens the page: what is asked for, and in which language.
#[derive(Debug)]
pub(super) struct Visit {
    page: Arc<Page>,
    pub lang: Language,
    pub words: &'static Words,
    pub nonce: String,
    path: String,
    query: Vec<(String, String)>,
}

impl FromRequestParts<Arc<Page>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, page: &Arc<Page>) -> Result<Self, Infallible> {
        let query = pairs(parts.uri.query().unwrap_or_default());
        let asked = value(&query, PARAMETER).and_then(|code| code.parse().ok());
        let lang = asked.unwrap_or_else(|| lang::of_headers(&parts.headers));
        let nonce = parts.extensions.get::<Nonce>();
        Ok(Self {
            page: page.clone(),
            lang,
            words: Words::of(lang),
            nonce: nonce.map(|nonce| nonce.0.clone()).unwrap_or_default(),
            path: parts.uri.path().to_owned(),
            query,
        })
    }
}

impl Visit {
    pub(super) fn script(&self) -> &Script {
        &self.page.script
    }

    /// What tells this fake from the one that listened here before it.
    pub(super) fn fake(&self) -> &str {
        &self.page.id
    }

    /// What the forms of the page have to send back.
    pub(super) fn token(&self) -> &str {
        &self.page.token
    }

    /// The value of a parameter in the query; empty where there is none.
    pub(super) fn query(&self, name: &str) -> &str {
        value(&self.query, name).unwrap_or_default()
    }

    /// The address of this same page in a language.
    pub(super) fn in_lang(&self, lang: Language) -> String {
        let mut address = format!("{}?", self.path);
        for (name, value) in self.query.iter().filter(|(name, _)| name != PARAMETER) {
            address += &format!("{}={}&", percent_encoded(name), percent_encoded(value));
        }
        address + &format!("{PARAMETER}={}", lang.code())
    }

    /// A page of that title; `here` is where it stands in the navigation.
    pub(super) fn html(
        &self,
        status: StatusCode,
        here: Option<Place>,
        title: &str,
        body: &Markup,
    ) -> Response {
        let page = layout::page(self, here, title, body).into_string();
        let mut response = (status, Html(page)).into_response();
        if value(&self.query, PARAMETER) == Some(self.lang.code()) {
            let cookie = format!(
                "{COOKIE_NAME}={}; Path={ROOT}; Max-Age={COOKIE_LIFE}; SameSite=Strict; HttpOnly",
                self.lang.code()
            );
            if let Ok(cookie) = HeaderValue::try_from(cookie) {
                response.headers_mut().insert(SET_COOKIE, cookie);
            }
        }
        response
    }

    /// A page of one sentence, such as one that says what went wrong.
    pub(super) fn message(&self, status: StatusCode, sentence: &str) -> Response {
        let body = html! {
            p { a href=(ROOT) { (self.words.to_overview) } }
        };
        self.html(status, None, sentence, &body)
    }
}

fn value<'q>(query: &'q [(String, String)], name: &str) -> Option<&'q str> {
    let pair = query.iter().find(|(key, _)| key == name)?;
    Some(&pair.1)
}
