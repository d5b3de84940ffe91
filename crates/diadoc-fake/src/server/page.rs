//! The page of a fake, for a browser on this machine: what came in, what goes wrong, and the schema to
//! read and to hold bodies against.
//!
//! It is made of HTML alone; the one script adds rows to lists that are open. Everything that came from
//! outside is escaped by the templates, which have no other way to write it.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{Redirect, Response};
use axum::routing::{any, get, post};
use uuid::Uuid;

use super::Script;

mod bodies;
mod check;
mod clock;
mod comment;
mod faults;
mod form;
mod guard;
mod lang;
mod layout;
mod live;
mod overview;
mod reference;
mod requests;
mod secrets;
mod verdict;
mod visit;
mod words;
mod world;

use visit::Visit;

/// The path of the page; everything of it lies below. No method of the API begins so.
pub(super) const ROOT: &str = "/_/";

/// What the page knows besides the request.
#[derive(Debug)]
struct Page {
    script: Script,
    /// What tells this fake from the one that listened here before it.
    id: String,
    /// What a form has to send back, so that no other site can fill it in.
    token: String,
}

/// The page of the fake that `script` speaks of.
pub(super) fn router(script: Script) -> Router {
    let page = Arc::new(Page {
        script,
        id: Uuid::new_v4().simple().to_string(),
        token: Uuid::new_v4().simple().to_string(),
    });
    Router::new()
        .route("/_", any(|| async { Redirect::permanent(ROOT) }))
        .route(ROOT, get(overview::show))
        .route("/_/world", get(world::list))
        .route("/_/world/{box_id}", get(world::one))
        .route("/_/world/letters/{id}", get(world::letter))
        .route("/_/requests", get(requests::list))
        .route("/_/requests/live", get(live::stream))
        .route("/_/requests/{number}", get(requests::one))
        .route("/_/faults", get(faults::show).post(faults::plan))
        .route("/_/faults/remove", post(faults::remove))
        .route("/_/clock", post(clock::advance))
        .route("/_/check", get(check::show).post(check::judge))
        .route("/_/reference", get(reference::search))
        .route("/_/reference/{name}", get(reference::item))
        .route("/_/{*rest}", any(nothing_here))
        .route_layer(middleware::from_fn(guard::guard))
        .with_state(page)
}

async fn nothing_here(visit: Visit) -> Response {
    visit.message(StatusCode::NOT_FOUND, visit.words.nothing_here)
}
