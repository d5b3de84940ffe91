//! The first page: what there is, and what came last.

use axum::http::StatusCode;
use axum::response::Response;
use diadoc_schema::Schema;
use maud::html;

use super::layout::Place;
use super::visit::Visit;
use super::{faults, requests};

/// How many requests it shows.
const MOST: usize = 10;

pub(super) async fn show(visit: Visit) -> Response {
    let words = visit.words;
    let methods = Schema::diadoc().methods().len();
    let body = html! {
        p { (words.overview_about) }
        ul {
            li { a href="/_/world" { (words.boxes) } " — " (words.boxes_short) }
            li { a href="/_/check" { (words.check) } " — " (words.check_short) }
            li {
                a href="/_/reference" { (words.reference) } " — "
                (words.reference_short.replace("{}", &methods.to_string()))
            }
        }
        h2 { (words.last_requests) }
        (requests::table(&visit, MOST))
        h2 { (words.planned_faults) }
        (faults::planned(&visit))
        p { a href="/_/faults" { (words.faults_change) } }
    };
    visit.html(StatusCode::OK, Some(Place::Overview), words.overview, &body)
}
