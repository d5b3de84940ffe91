//! What a form of the page sends.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use diadoc_api::query::pairs;
use maud::{Markup, html};

use super::visit::Visit;
use super::{Page, guard};
use crate::server::body::{Room, Unread};

/// Forms with more fields are refused: each takes more than its bytes.
const MOST_FIELDS: usize = 100;
/// The field that holds the token of the page.
const TOKEN: &str = "token";

/// The fields of a form that the page itself sent, or a program on this machine.
#[derive(Debug)]
pub(super) struct Form {
    pub visit: Visit,
    fields: Vec<(String, String)>,
    _room: Room,
}

impl FromRequest<Arc<Page>> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, page: &Arc<Page>) -> Result<Self, Response> {
        let (mut parts, content) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, page).await;
        let headers = &parts.headers;
        let foreign =
            |visit: &Visit| visit.message(StatusCode::FORBIDDEN, visit.words.form_not_from_here);
        if !guard::is_from_the_page(headers) {
            return Err(foreign(&visit));
        }
        let too_long = || visit.message(StatusCode::PAYLOAD_TOO_LARGE, visit.words.form_too_long);
        let (content, room) = match visit.script().bodies.read(content).await {
            Ok(read) => read,
            Err(Unread::TooLong(_)) => return Err(too_long()),
            Err(why) => return Err((why.status(), format!("{why}\n")).into_response()),
        };
        if content.iter().filter(|byte| **byte == b'&').count() >= MOST_FIELDS {
            return Err(too_long());
        }
        let form = Self {
            fields: pairs(&String::from_utf8_lossy(&content)),
            visit,
            _room: room,
        };
        match guard::is_from_a_program(headers) || form.field(TOKEN) == form.visit.token() {
            true => Ok(form),
            false => Err(foreign(&form.visit)),
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
