//! What a form of the page sends.

use std::sync::Arc;

use axum::body;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::StatusCode;
use axum::response::Response;
use diadoc_api::query::pairs;
use maud::{Markup, html};

use super::visit::Visit;
use super::{Page, guard};

/// Forms beyond this are refused; a body to check stands in one, percent-encoded.
const MOST_BYTES: usize = 64 << 20;
/// The field that holds the token of the page.
const TOKEN: &str = "token";

/// The fields of a form that the page itself sent, or a program on this machine.
#[derive(Debug)]
pub(super) struct Form {
    pub visit: Visit,
    fields: Vec<(String, String)>,
}

impl FromRequest<Arc<Page>> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, page: &Arc<Page>) -> Result<Self, Response> {
        let (mut parts, content) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, page).await;
        let Ok(content) = body::to_bytes(content, MOST_BYTES).await else {
            return Err(visit.message(StatusCode::PAYLOAD_TOO_LARGE, visit.words.form_too_long));
        };
        let form = Self {
            fields: pairs(&String::from_utf8_lossy(&content)),
            visit,
        };
        let headers = &parts.headers;
        let is_own = guard::is_from_the_page(headers)
            && (guard::is_from_a_program(headers) || form.field(TOKEN) == form.visit.token());
        match is_own {
            true => Ok(form),
            false => {
                let words = form.visit.words;
                Err(form
                    .visit
                    .message(StatusCode::FORBIDDEN, words.form_not_from_here))
            }
        }
    }
}

impl Form {
    /// The value of a field without space around it; empty where there is none.
    pub(super) fn field(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The value of a field as it was sent.
    pub(super) fn raw(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(key, _)| key == name);
        field.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

/// The field of a form that shows that the page itself sent it.
pub(super) fn token(visit: &Visit) -> Markup {
    html! { input type="hidden" name=(TOKEN) value=(visit.token()); }
}
