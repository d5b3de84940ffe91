//! Moving the clock of the fake.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::form::{self, Form};
use super::layout::Place;
use super::visit::Visit;
use super::words::Words;

/// A unit of time: its name in the form, its seconds, and what people call it.
type Unit = (&'static str, u64, fn(&Words) -> &'static str);

const UNITS: [Unit; 4] = [
    ("seconds", 1, |words| words.seconds),
    ("minutes", 60, |words| words.minutes),
    ("hours", 3_600, |words| words.hours),
    ("days", 86_400, |words| words.days),
];
/// The most that the clock moves at once, in seconds: ten years.
const MOST: u64 = 3_650 * 86_400;
/// The parameter of the query that says that the clock was moved.
const MOVED: &str = "moved";

/// Moves the clock ahead by what a form says.
pub(super) async fn advance(form: Form) -> Response {
    let unit = UNITS.iter().find(|(name, ..)| *name == form.field("unit"));
    let amount = form.field("amount").parse::<u64>().ok();
    let seconds = unit
        .zip(amount)
        .and_then(|((_, seconds, _), amount)| amount.checked_mul(*seconds));
    match seconds.filter(|seconds| (1..=MOST).contains(seconds)) {
        Some(seconds) => {
            form.visit.script().move_clock(Duration::from_secs(seconds));
            let address = format!("{}?{MOVED}={seconds}#clock", Place::Faults.address());
            Redirect::to(&address).into_response()
        }
        None => {
            let words = form.visit.words;
            form.visit
                .message(StatusCode::BAD_REQUEST, words.clock_wrong)
        }
    }
}

/// The form, and that the clock was moved just now.
pub(super) fn section(visit: &Visit) -> Markup {
    let words = visit.words;
    html! {
        h2 id="clock" { (words.clock) }
        p { (words.clock_about) }
        @if let Ok(seconds) = visit.query(MOVED).parse::<u64>() {
            p.note role="status" { (words.clock_moved.replace("{}", &seconds.to_string())) }
        }
        form method="post" action="/_/clock" {
            (form::token(visit))
            div.fields {
                div {
                    label for="amount" { (words.clock_by) }
                    input id="amount" name="amount" inputmode="numeric" size="8" required
                        autocomplete="off";
                }
                div {
                    label for="unit" { (words.unit) }
                    select id="unit" name="unit" {
                        @for (name, _, called) in UNITS { option value=(name) { (called(words)) } }
                    }
                }
                button type="submit" { (words.clock_button) }
            }
        }
    }
}
