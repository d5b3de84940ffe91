//! Faults to plan and to take back, and the clock to move.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use diadoc_schema::Schema;
use maud::{Markup, html};

use super::clock;
use super::form::{self, Form};
use super::layout::{Column, Place, head, wide};
use super::visit::Visit;
use super::words::Words;
use crate::{PlannedFault, Times};

/// What can be planned: the text of the fault, in which `#` stands for a number, and what it means.
type Kind = (&'static str, fn(&Words) -> &'static str);

const KINDS: [Kind; 10] = [
    ("429", |words| words.fault_too_many),
    ("#", |words| words.fault_status),
    ("503:#", |words| words.fault_status_after),
    ("pending", |words| words.fault_pending),
    ("slow:#", |words| words.fault_slow),
    ("no-answer", |words| words.fault_no_answer),
    ("storm:#", |words| words.fault_storm),
    ("lost", |words| words.fault_lost),
    ("cut", |words| words.fault_cut),
    ("garbage", |words| words.fault_garbage),
];

/// What stands in the form.
#[derive(Debug, Default)]
struct Filled<'f> {
    method: &'f str,
    kind: &'f str,
    number: &'f str,
    times: &'f str,
}

pub(super) async fn show(visit: Visit) -> Response {
    let filled = Filled {
        method: "*",
        times: "1",
        ..Filled::default()
    };
    page(&visit, StatusCode::OK, &filled, None)
}

/// Plans the fault that a form names.
pub(super) async fn plan(form: Form) -> Response {
    let filled = Filled {
        method: form.field("method"),
        kind: form.field("kind"),
        number: form.field("number"),
        times: form.field("times"),
    };
    let mut text = format!(
        "{}={}",
        filled.method,
        filled.kind.replace('#', filled.number)
    );
    if !filled.times.is_empty() {
        text += &format!("*{}", filled.times);
    }
    let planned = text
        .parse::<PlannedFault>()
        .map_err(|error| error.to_string());
    let done = planned.and_then(|planned| {
        let planned = form.visit.script().plan(planned);
        planned.map_err(|error| error.to_string())
    });
    match done {
        Ok(()) => Redirect::to(Place::Faults.address()).into_response(),
        Err(error) => page(&form.visit, StatusCode::BAD_REQUEST, &filled, Some(&error)),
    }
}

/// Takes a planned fault back.
pub(super) async fn remove(form: Form) -> Response {
    // One that has met its last call meanwhile is as good as taken back.
    if let Ok(number) = form.field("number").parse() {
        form.visit.script().remove_fault(number);
    }
    Redirect::to(Place::Faults.address()).into_response()
}

fn page(visit: &Visit, status: StatusCode, filled: &Filled<'_>, error: Option<&str>) -> Response {
    let words = visit.words;
    let body = html! {
        h2 { (words.planned_faults) }
        (planned(visit))
        h2 { (words.plan_fault) }
        p { (words.plan_about) }
        @if let Some(error) = error {
            div.alert role="alert" id="wrong" { p { (words.not_planned) } p lang="en" { (error) } }
        }
        (plan_form(visit, filled, error.is_some()))
        (clock::section(visit))
    };
    visit.html(status, Some(Place::Faults), words.faults, &body)
}

/// The planned faults, each with a button that takes it back.
pub(super) fn planned(visit: &Visit) -> Markup {
    let words = visit.words;
    let faults = visit.script().faults();
    if faults.is_empty() {
        return html! { p { (words.no_faults) } };
    }
    wide(
        words.planned_faults,
        &html! {
            table {
                caption { (words.faults_caption) }
                (head(&[Column::Text(words.method), Column::Text(words.fault), Column::Number(words.remaining), Column::Text(words.action)]))
                tbody {
                    @for (number, planned) in &faults {
                        tr {
                            th scope="row" { code { (planned.method) } }
                            td { code { (planned.fault) } }
                            td.number {
                                @match planned.times {
                                    Times::Next(next) => { (next) }
                                    Times::Always => { (words.always) }
                                }
                            }
                            td {
                                form method="post" action="/_/faults/remove" {
                                    (form::token(visit))
                                    input type="hidden" name="number" value=(number);
                                    button.quiet type="submit"
                                        aria-label={ (words.remove) ": " (planned) } { (words.remove) }
                                }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn plan_form(visit: &Visit, filled: &Filled<'_>, is_wrong: bool) -> Markup {
    let words = visit.words;
    let wrong = is_wrong.then_some("wrong");
    html! {
        form method="post" action="/_/faults" aria-describedby=[wrong] {
            (form::token(visit))
            div.fields {
                div.grow {
                    label for="method" { (words.method) }
                    input id="method" name="method" value=(filled.method) list="methods" required
                        autocomplete="off" aria-describedby="method-hint";
                    p.hint id="method-hint" { (words.method_hint) }
                }
                div.grow {
                    label for="kind" { (words.fault) }
                    select id="kind" name="kind" {
                        @for (text, meaning) in KINDS {
                            option value=(text) selected[text == filled.kind] { (meaning(words)) }
                        }
                    }
                    p.hint { (words.kind_hint) }
                }
                div {
                    label for="number" { (words.fault_number) }
                    input id="number" name="number" value=(filled.number) inputmode="numeric"
                        size="8" autocomplete="off" aria-describedby="number-hint";
                    p.hint id="number-hint" { (words.number_hint) }
                }
                div {
                    label for="times" { (words.times) }
                    input id="times" name="times" value=(filled.times) inputmode="numeric"
                        size="8" autocomplete="off" aria-describedby="times-hint";
                    p.hint id="times-hint" { (words.times_hint) }
                }
            }
            button type="submit" { (words.plan_button) }
            datalist id="methods" {
                option value="*" {}
                @for method in Schema::diadoc().methods() { option value=(method.name()) {} }
            }
        }
    }
}
