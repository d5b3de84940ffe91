//! The methods and messages of the schema: a search, and a page for each name.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use diadoc_api::query::percent_encoded;
use diadoc_schema::{
    Description, Example, Found, ItemKind, Schema, SchemaError, describe, example,
};
use maud::{Markup, html};

use super::layout::{Place, wide};
use super::visit::Visit;
use super::words::Words;
use super::{bodies, comment};

mod tables;

/// How many results a search shows.
const MOST: usize = 100;
/// What the full names of all messages begin with, and those of all methods.
const PREFIXES: [&str; 2] = ["Diadoc.Api.Proto.", "Diadoc.Api.Methods."];

/// The search, and all methods by their service where nothing is looked for.
pub(super) async fn search(visit: Visit) -> Response {
    let words = visit.words;
    let text = visit.query("q");
    let body = html! {
        (search_form(words, text))
        @if text.trim().is_empty() { (all(words)) } @else { (results(words, text)) }
    };
    visit.html(
        StatusCode::OK,
        Some(Place::Reference),
        words.reference,
        &body,
    )
}

/// The page of a name.
pub(super) async fn item(visit: Visit, Path(name): Path<String>) -> Response {
    let words = visit.words;
    let place = Some(Place::Reference);
    match describe(Schema::diadoc(), &name) {
        Ok(description) => {
            let title = short(&description.name).to_owned();
            visit.html(
                StatusCode::OK,
                place,
                &title,
                &described(words, &description),
            )
        }
        Err(error) => {
            let (status, sentence, names) = unknown(words, &name, error);
            let body = html! {
                @if !names.is_empty() { ul { @for name in &names { li { (link(name)) } } } }
                (search_form(words, &name))
            };
            visit.html(status, place, &sentence, &body)
        }
    }
}

/// A link to the page of a name.
pub(super) fn link(name: &str) -> Markup {
    html! { a href={ "/_/reference/" (percent_encoded(name)) } { code { (short(name)) } } }
}

/// A full name without what all of them begin with.
fn short(name: &str) -> &str {
    let found = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
    found.unwrap_or(name)
}

fn unknown(words: &Words, name: &str, error: SchemaError) -> (StatusCode, String, Vec<String>) {
    let named = |sentence: &str| sentence.replace("{}", name);
    match error {
        SchemaError::Ambiguous { candidates, .. } => (
            StatusCode::MULTIPLE_CHOICES,
            named(words.name_of_several),
            candidates,
        ),
        SchemaError::NoName { near, .. } => {
            let near = near.into_iter().map(|near| near.name).collect();
            (StatusCode::NOT_FOUND, named(words.no_such_name), near)
        }
        _ => (StatusCode::NOT_FOUND, named(words.no_such_name), Vec::new()),
    }
}

fn search_form(words: &Words, text: &str) -> Markup {
    html! {
        search {
            form method="get" action="/_/reference" {
                div.fields {
                    div.grow {
                        label for="q" { (words.search_for) }
                        input type="search" id="q" name="q" value=(text) aria-describedby="q-hint";
                        p.hint id="q-hint" { (words.search_hint) }
                    }
                    button type="submit" { (words.search) }
                }
            }
        }
    }
}

fn results(words: &Words, text: &str) -> Markup {
    let found = Schema::diadoc().search(text);
    html! {
        h2 { (words.found) ": " (found.len()) }
        @if found.len() > MOST { p.hint { (words.first_shown.replace("{}", &MOST.to_string())) } }
        @if found.is_empty() { p { (words.search_advice) } }
        ul.results { @for one in found.iter().take(MOST) { (result(words, one)) } }
    }
}

fn result(words: &Words, found: &Found) -> Markup {
    html! {
        li {
            (link(&found.name)) " " span.tag { (kind(words, found.kind)) }
            (tables::title(found.title.as_deref()))
            @if !found.summary.is_empty() { p lang="en" { (comment::inline(&found.summary)) } }
        }
    }
}

fn kind(words: &Words, kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Message => words.kind_message,
        ItemKind::Enum => words.kind_enum,
        ItemKind::Field => words.kind_field,
        ItemKind::Value => words.kind_value,
        ItemKind::Method => words.kind_method,
        _ => words.name,
    }
}

/// All methods, and all messages.
fn all(words: &Words) -> Markup {
    let methods = Schema::diadoc().methods();
    let services = methods.chunk_by(|one, next| one.service() == next.service());
    html! {
        h2 { (words.methods) }
        @for service in services {
            h3 { (service[0].service().name()) }
            ul.names {
                @for method in service {
                    li {
                        (link(method.name()))
                        @if method.deprecated { " " span.tag { (words.obsolete) } }
                    }
                }
            }
        }
        h2 { (words.messages) }
        ul.names { @for message in Schema::diadoc().messages() { li { (link(message.full_name())) } } }
    }
}

fn described(words: &Words, description: &Description) -> Markup {
    let Description {
        kind: what, name, ..
    } = description;
    html! {
        p {
            span.tag { (kind(words, *what)) }
            @if description.deprecated { " " span.tag { (words.obsolete) } }
        }
        @if let Some(method) = &description.method {
            p { code { (method.verb) " " (method.path) } }
            @if let Some(news) = &method.news { p.note lang="en" { (news) } }
        }
        (tables::title(description.title.as_deref()))
        div lang="en" { (comment::show(&description.comment)) }
        @if let Some(method) = &description.method { (tables::method(words, method)) }
        @if *what == ItemKind::Message || *what == ItemKind::Field {
            (tables::fields(words, &description.fields))
        }
        @if !description.values.is_empty() { (tables::values(words, &description.values)) }
        @if !description.rules.is_empty() {
            h2 { (words.rules) }
            ul lang="en" { @for rule in &description.rules { li { (comment::inline(rule)) } } }
        }
        @if *what == ItemKind::Message { (example_of(words, name)) }
        (tables::names(words.used_by, &description.used_by))
        (tables::names(words.methods, &description.methods))
        h2 { (words.place) }
        dl {
            dt { (words.full_name) } dd { code { (name) } }
            dt { (words.package) } dd { code { (description.package) } }
            dt { (words.file) } dd { code { (description.file) } }
            dt { "Rust" } dd { code { (description.rust) } }
        }
    }
}

/// A valid body of a message, and the way to the form that checks it.
fn example_of(words: &Words, name: &str) -> Markup {
    let Ok(message) = Schema::diadoc().message(name) else {
        return html! {};
    };
    let body = bodies::json(example(&message, Example::Minimal));
    html! {
        h2 { (words.example) }
        (wide(words.example, &html! { pre { (body) } }))
        p { a href={ "/_/check?name=" (percent_encoded(name)) } { (words.check_this) } }
    }
}
