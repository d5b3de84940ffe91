//! What a page says of an HTTP method.

use prost_reflect::FieldDescriptor;
use serde::Serialize;

use super::words::ENGLISH;
use super::{comment, label};
use crate::names::type_name;
use crate::{
    BodyKind, Idempotency, Item, Method, Paging, Pending, Response, Schema, rules_of_field,
};

/// How a method travels, in a [`Description`](crate::Description).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MethodDescription {
    /// `GET` or `POST`.
    pub verb: &'static str,
    /// Path below the address of the API.
    pub path: String,
    /// What the query, the headers and the body hold, in the order of the request message.
    pub parameters: Vec<ParameterDescription>,
    /// What an answer holds: the full name of a message, `bytes`, `text` or `nothing`.
    pub response: String,
    /// Whether the same request may be sent again, as a phrase.
    pub repeat: &'static str,
    /// Answers that mean that the result is not ready yet, as phrases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<String>,
    /// Method that asks for the outcome of the task that this one starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll_with: Option<String>,
    /// How to get all items of a list that comes in pages, as a phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paging: Option<String>,
    /// Method to use in the place of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
    /// Day after which the vendor removes it, as `2027-04-03`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removal_after: Option<String>,
    /// How far the vendor is with giving it up: `current`, `obsolete`, `to be removed` or `gone`.
    pub stage: &'static str,
    /// What the vendor says of that, and what to use in its place, as a phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub news: Option<String>,
    /// Whether it needs no token of a user.
    pub anonymous: bool,
    /// Status of an answer without a body that says that there is nothing to answer with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<u16>,
}

/// A parameter or a body in a [`MethodDescription`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ParameterDescription {
    /// The name in the schema, which the query uses.
    pub name: String,
    /// `query`, `body`, or `header` with its name: `header X-Diadoc-ServiceKey`.
    #[serde(rename = "in")]
    pub place: String,
    /// `required`, `optional` or `repeated`; a list in the query stands once for each element, or
    /// as `repeated, with commas`.
    pub label: &'static str,
    /// `string`, `int32` and so on, or the full name of a message or enum.
    #[serde(rename = "type")]
    pub type_name: String,
    /// What the server takes where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What it is called in Russian.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The whole comment.
    pub comment: String,
    /// What the values must hold to, as phrases: `from 0 to 100`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}

pub(super) fn describe(method: &Method) -> MethodDescription {
    let mut parameters: Vec<_> = method
        .parameters
        .iter()
        .map(|parameter| {
            let place = match &parameter.header {
                Some(header) => format!("header {header}"),
                None => "query".to_owned(),
            };
            let mut described = describe_parameter(&parameter.field, place);
            if parameter.comma {
                described.label = ENGLISH.with_commas;
            }
            described
        })
        .collect();
    let bodies = method.bodies.iter();
    parameters.extend(bodies.map(|body| describe_parameter(&body.field, "body".to_owned())));
    MethodDescription {
        verb: method.verb.as_str(),
        path: method.path.clone(),
        parameters,
        response: match &method.response {
            Response::Message(message) => message.full_name().to_owned(),
            Response::Bytes => "bytes".to_owned(),
            Response::Text => "text".to_owned(),
            Response::Nothing => "nothing".to_owned(),
        },
        repeat: match method.idempotency {
            Idempotency::NoSideEffects => ENGLISH.no_side_effects,
            Idempotency::Idempotent => ENGLISH.idempotent,
            Idempotency::Unstated => ENGLISH.unstated,
        },
        pending: method.pending.iter().map(pending).collect(),
        poll_with: method.poll_with.clone(),
        paging: method.paging.as_ref().map(paging),
        successor: method.successor.clone(),
        removal_after: method.removal_after.clone(),
        stage: method.stage.as_str(),
        news: method.news(),
        anonymous: method.anonymous,
        absent: method.absent,
    }
}

fn describe_parameter(field: &FieldDescriptor, place: String) -> ParameterDescription {
    ParameterDescription {
        name: field.name().to_owned(),
        place,
        label: label(field),
        type_name: type_name(&field.kind()),
        default: field.field_descriptor_proto().default_value.clone(),
        title: Item::Field(field.clone()).title(),
        comment: comment::of_field(field),
        rules: rules_of_field(field),
    }
}

fn pending(pending: &Pending) -> String {
    let mut phrase = format!("status {}", pending.status);
    if let Some(field) = &pending.field {
        phrase += &format!(" with {field} {}", pending.values.join(", "));
    }
    phrase
        + &match pending.header_required {
            true => format!(
                " with the header {}, the seconds to wait",
                pending.delay_header
            ),
            false => format!("; {} gives the seconds to wait", pending.delay_header),
        }
}

fn paging(paging: &Paging) -> String {
    let items = &paging.items;
    let next = match (&paging.item_cursor, &paging.next_cursor) {
        (Some(item), _) => format!("{item} of the last of {items}"),
        (None, Some(next)) => format!("{next} of the answer"),
        (None, None) => format!("the number of {items} so far"),
    };
    let place = paging.cursor.as_ref().or(paging.offset.as_ref());
    let mut phrase = match (place, &paging.page) {
        (Some(place), _) => format!("{place} is {next}"),
        (None, Some(page)) => format!("{page} is the number of the page, from 1"),
        (None, None) => format!("the list is {items}"),
    };
    if let Some(more) = &paging.more {
        phrase += &format!("; {more} says whether there are more");
    }
    phrase += match (paging.empty_pages, &paging.next_cursor) {
        (true, Some(_)) => "; without one it was the last; a page may be empty",
        (true, None) => "; a page may be empty",
        (false, _) => "; an empty page is the end",
    };
    phrase
}

/// The methods that send a message or enum, or answer with it, by name.
pub(super) fn that_use(schema: &Schema, type_full_name: &str) -> Vec<String> {
    let uses = |method: &&Method| {
        let sent = method.bodies.iter().any(|body| {
            matches!(&body.kind, BodyKind::Message(message) if message.full_name() == type_full_name)
        });
        let parameter = |field: &FieldDescriptor| type_name(&field.kind()) == type_full_name;
        sent || method.parameters.iter().any(|p| parameter(&p.field))
            || matches!(&method.response, Response::Message(m) if m.full_name() == type_full_name)
    };
    let methods = schema.methods().iter().filter(uses);
    methods
        .map(|method| format!("{}.{}", method.service().name(), method.name()))
        .collect()
}
