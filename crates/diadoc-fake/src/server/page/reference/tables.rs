//! The tables of a page of the reference.

use diadoc_schema::{FieldDescription, MethodDescription, ParameterDescription, ValueDescription};
use maud::{Markup, html};

use super::link;
use crate::server::page::comment;
use crate::server::page::layout::{Column, head, wide};
use crate::server::page::words::Words;

/// How a method travels.
pub(super) fn method(words: &Words, method: &MethodDescription) -> Markup {
    html! {
        h2 { (words.parameters) }
        @if method.parameters.is_empty() { p.muted { (words.none) } }
        @else { (parameters(words, &method.parameters)) }
        h2 { (words.answer) }
        dl {
            dt { (words.answers_with) } dd { (type_name(&method.response)) }
            dt { (words.repeating) } dd lang="en" { (comment::inline(method.repeat)) }
            @for pending in &method.pending {
                dt { (words.not_ready) } dd lang="en" { (pending) }
            }
            @if let Some(name) = &method.poll_with { dt { (words.poll_with) } dd { (link(name)) } }
            @if let Some(paging) = &method.paging {
                dt { (words.paging) } dd lang="en" { (comment::inline(paging)) }
            }
            @if let Some(name) = &method.successor { dt { (words.successor) } dd { (link(name)) } }
            @if let Some(day) = &method.removal_after {
                dt { (words.removal_after) } dd { (day) }
            }
            @if let Some(status) = method.absent { dt { (words.absent) } dd { (status) } }
            @if method.anonymous { dt { (words.token) } dd { (words.no_token) } }
        }
    }
}

fn parameters(words: &Words, parameters: &[ParameterDescription]) -> Markup {
    wide(
        words.parameters,
        &html! {
            table {
                caption.hidden { (words.parameters) }
                (head(&[Column::Text(words.name), Column::Text(words.stands_in), Column::Text(words.type_name), Column::Text(words.meaning)]))
                tbody {
                    @for one in parameters {
                        tr {
                            th scope="row" { code { (one.name) } }
                            td lang="en" { (one.place) }
                            td { (type_name(&one.type_name)) " " span.tag lang="en" { (one.label) } }
                            td lang="en" {
                                (title(one.title.as_deref()))
                                (meaning(words, &one.comment, &one.rules, one.default.as_deref()))
                            }
                        }
                    }
                }
            }
        },
    )
}

/// The fields of a message.
pub(super) fn fields(words: &Words, fields: &[FieldDescription]) -> Markup {
    html! {
        h2 { (words.fields) }
        @if fields.is_empty() { p.muted { (words.none) } }
        @else {
            (wide(words.fields, &html! {
                table {
                    caption { (words.fields_caption) }
                    (head(&[Column::Number(words.number), Column::Text(words.key), Column::Text(words.type_name), Column::Text(words.meaning)]))
                    tbody { @for one in fields { (field(words, one)) } }
                }
            }))
        }
    }
}

fn field(words: &Words, field: &FieldDescription) -> Markup {
    html! {
        tr {
            td.number { @if let Some(number) = field.number { (number) } @else { (words.only_json) } }
            th scope="row" {
                code { (field.json_name) }
                @if field.json_name != field.name { br; span.muted { code { (field.name) } } }
                @if field.deprecated { " " span.tag { (words.obsolete) } }
            }
            td { (type_name(&field.type_name)) " " span.tag lang="en" { (field.label) } }
            td lang="en" {
                (title(field.title.as_deref()))
                (meaning(words, &field.comment, &field.rules, field.default.as_deref()))
            }
        }
    }
}

/// The values of an enum.
pub(super) fn values(words: &Words, values: &[ValueDescription]) -> Markup {
    html! {
        h2 { (words.values) }
        (wide(words.values, &html! {
            table {
                caption.hidden { (words.values) }
                (head(&[Column::Number(words.number), Column::Text(words.name), Column::Text(words.meaning)]))
                tbody {
                    @for one in values {
                        tr {
                            td.number { (one.number) }
                            th scope="row" {
                                code { (one.name) }
                                @if let Some(alias) = &one.alias_of { " = " code { (alias) } }
                                @if one.deprecated { " " span.tag { (words.obsolete) } }
                            }
                            td lang="en" {
                                (title(one.title.as_deref()))
                                (comment::show(&one.comment))
                            }
                        }
                    }
                }
            }
        }))
    }
}

/// Links to names under a heading; nothing where there is no name.
pub(super) fn names(heading: &str, names: &[String]) -> Markup {
    html! {
        @if !names.is_empty() {
            h2 { (heading) }
            ul.names { @for name in names { li { (link(name)) } } }
        }
    }
}

/// What something is called in Russian.
pub(super) fn title(title: Option<&str>) -> Markup {
    html! { @if let Some(title) = title { p.title lang="ru" { (title) } } }
}

fn meaning(words: &Words, text: &str, rules: &[String], default: Option<&str>) -> Markup {
    html! {
        (comment::show(text))
        @if !rules.is_empty() { ul { @for rule in rules { li { (comment::inline(rule)) } } } }
        @if let Some(default) = default { p.muted { (words.default_value) " " code { (default) } } }
    }
}

/// The name of a type, with a link where it is a message or enum.
fn type_name(name: &str) -> Markup {
    match name.contains('.') {
        true => link(name),
        false => html! { code { (name) } },
    }
}
