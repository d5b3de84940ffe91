//! The options of `proto/diadoc/http.proto`, as rpcs and their parameters have them.

use prost_reflect::{DynamicMessage, FieldDescriptor, MethodDescriptor, Value};
use prost_types::MethodOptions;
use prost_types::method_options::IdempotencyLevel;

use super::{Idempotency, Paging, Pending, Stage, Verb};
use crate::options::{extension, field, number, option_texts, text};

const DELAY_HEADER: &str = "Retry-After";

/// The option of an rpc.
pub(super) struct MethodOption {
    pub verb: Verb,
    pub path: String,
    pub body: Vec<String>,
    pub pending: Vec<Pending>,
    pub poll_with: Option<String>,
    pub paging: Option<Paging>,
    pub successor: Option<String>,
    pub removal_after: Option<String>,
    pub stage: Stage,
    pub anonymous: bool,
    pub absent: Option<u16>,
}

pub(super) fn of_method(method: &MethodDescriptor) -> Option<MethodOption> {
    let pool = method.parent_pool();
    let options = extension(pool, "Diadoc.Http.method", || method.options())?;
    let get = text(&options, "get").map(|path| (Verb::Get, path));
    let post = text(&options, "post").map(|path| (Verb::Post, path));
    let (verb, path) = get.or(post)?;
    let removal_after = text(&options, "removal_after");
    Some(MethodOption {
        verb,
        path,
        body: option_texts(&options, "body"),
        pending: messages(&options, "pending").iter().map(pending).collect(),
        poll_with: text(&options, "poll_with"),
        paging: message(&options, "paging").as_ref().map(paging),
        successor: text(&options, "successor"),
        stage: stage(&options, removal_after.is_some(), method),
        removal_after,
        anonymous: flag(&options, "anonymous"),
        absent: status(&options, "absent"),
    })
}

/// The header in which a parameter travels, and whether its list is one value with commas.
pub(super) fn of_parameter(parameter: &FieldDescriptor) -> (Option<String>, bool) {
    let pool = parameter.parent_pool();
    match extension(pool, "Diadoc.Http.parameter", || parameter.options()) {
        Some(options) => (text(&options, "header"), flag(&options, "comma")),
        None => (None, false),
    }
}

/// What the option `stage` says, or else a day of removal and `deprecated`.
fn stage(options: &DynamicMessage, has_day: bool, method: &MethodDescriptor) -> Stage {
    let declared = method.method_descriptor_proto().options.as_ref();
    match number(options, "stage").and_then(Stage::from_number) {
        Some(stage) => stage,
        _ if has_day => Stage::ToBeRemoved,
        _ if declared.is_some_and(|options| options.deprecated()) => Stage::Obsolete,
        _ => Stage::Current,
    }
}

pub(super) fn idempotency(options: Option<&MethodOptions>) -> Idempotency {
    match options.map(MethodOptions::idempotency_level) {
        Some(IdempotencyLevel::NoSideEffects) => Idempotency::NoSideEffects,
        Some(IdempotencyLevel::Idempotent) => Idempotency::Idempotent,
        Some(IdempotencyLevel::IdempotencyUnknown) | None => Idempotency::Unstated,
    }
}

fn pending(options: &DynamicMessage) -> Pending {
    Pending {
        status: status(options, "status").unwrap_or_default(),
        delay_header: text(options, "delay_header").unwrap_or_else(|| DELAY_HEADER.to_owned()),
        header_required: flag(options, "header_required"),
        field: text(options, "field"),
        values: option_texts(options, "values"),
    }
}

fn paging(options: &DynamicMessage) -> Paging {
    Paging {
        cursor: text(options, "cursor"),
        page: text(options, "page"),
        size: text(options, "size"),
        items: text(options, "items").unwrap_or_default(),
        item_cursor: text(options, "item_cursor"),
        next_cursor: text(options, "next_cursor"),
        more: text(options, "more"),
        total: text(options, "total"),
        offset: text(options, "offset"),
        empty_pages: flag(options, "empty_pages"),
        replaces: option_texts(options, "replaces"),
    }
}

fn status(options: &DynamicMessage, name: &str) -> Option<u16> {
    number(options, name).and_then(|status| u16::try_from(status).ok())
}

fn flag(options: &DynamicMessage, name: &str) -> bool {
    field(options, name).and_then(|value| value.as_bool()) == Some(true)
}

fn message(options: &DynamicMessage, name: &str) -> Option<DynamicMessage> {
    field(options, name)?.as_message().cloned()
}

fn messages(options: &DynamicMessage, name: &str) -> Vec<DynamicMessage> {
    let list = field(options, name);
    let list = list.as_ref().and_then(Value::as_list).unwrap_or_default();
    list.iter().filter_map(Value::as_message).cloned().collect()
}
