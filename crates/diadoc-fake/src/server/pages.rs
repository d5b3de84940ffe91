//! A list that comes in pages, as the options of its method say.

use bytes::Bytes;
use diadoc_core::base64;
use diadoc_schema::{BodyKind, Example, Method, Paging, example, rules_of_field};
use prost::Message as _;
use prost_reflect::{
    Cardinality, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _,
    Value,
};

use super::answer::{Items, List};
use super::reply::message_of;
use super::{FakeError, Received, forms};

/// How many items a page has where neither the request nor the schema says so.
const DEFAULT_SIZE: usize = 100;

/// All items of a list, and how to serve them.
pub(super) struct Pages {
    method: &'static Method,
    paging: &'static Paging,
    /// A response without items.
    template: DynamicMessage,
    items: Vec<Value>,
    /// Of each item the place to go on from.
    cursors: Vec<Vec<u8>>,
    /// After how many items a page without any comes.
    empty_pages: Vec<usize>,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy)]
struct Start {
    item: usize,
    /// Whether the empty page that stands there was served.
    past_empty: bool,
}

impl Pages {
    /// Pages of a list; `template` is a response in protobuf to take the other fields from.
    pub(super) fn new(
        method: &'static Method,
        list: &List,
        template: Option<&Bytes>,
    ) -> Result<Self, FakeError> {
        let no_pages = || FakeError::NoPages {
            method: method.name().to_owned(),
        };
        let paging = method.paging.as_ref().ok_or_else(no_pages)?;
        let response = message_of(method).ok_or_else(no_pages)?;
        let field = response
            .get_field_by_name(&paging.items)
            .ok_or_else(no_pages)?;
        let has_place = paging.next_cursor.is_some() || paging.offset.is_some();
        let may_be_empty = paging.empty_pages && has_place;
        if !may_be_empty && !list.empty_pages.is_empty() {
            return Err(FakeError::NoEmptyPages {
                method: method.name().to_owned(),
            });
        }
        let mut items = read_items(method, &response, &field, &list.items)?;
        let cursors = cursors(method, paging, &mut items);
        let minimal = || {
            let body = example(&response, Example::Minimal).to_string();
            forms::from_json(&response, body.as_bytes()).unwrap_or_default()
        };
        let template = template.cloned().unwrap_or_else(minimal);
        let mut template = DynamicMessage::decode(response.clone(), template)
            .unwrap_or_else(|_| DynamicMessage::new(response));
        template.clear_field(&field);
        Ok(Self {
            method,
            paging,
            template,
            items,
            cursors,
            empty_pages: list.empty_pages.clone(),
        })
    }

    /// The page that a request asks for, as protobuf; the text says why there is none.
    pub(super) fn page(&self, received: &Received) -> Result<Bytes, String> {
        let request = Request::new(self.method, received);
        let size = self.size(&request);
        let total = self.items.len();
        let offset = self.paging.offset.as_ref();
        let start = match offset {
            Some(offset) => self.start_at_offset(request.number(offset).unwrap_or(0), size),
            None => self.start(&request, size)?,
        };
        let is_empty = !start.past_empty && self.empty_pages.contains(&start.item);
        let end = match is_empty {
            true => start.item,
            false => {
                let next_empty = self.empty_pages.iter().copied().find(|at| *at > start.item);
                let end = start.item.saturating_add(size).min(total);
                next_empty.map_or(end, |next_empty| end.min(next_empty))
            }
        };
        let ends_before_empty = !is_empty && self.empty_pages.contains(&end) && end > start.item;
        let more = end < total || is_empty && start.item < total || ends_before_empty;
        let next = Start {
            item: end,
            past_empty: is_empty,
        };
        let items = self.items.get(start.item..end).unwrap_or_default();
        Ok(self.write(items.to_vec(), more.then_some(next)))
    }

    fn write(&self, items: Vec<Value>, next: Option<Start>) -> Bytes {
        let mut page = self.template.clone();
        let message = page.descriptor();
        let mut set = |name: &str, value: Option<Value>| {
            let Some(field) = message.get_field_by_name(name) else {
                return;
            };
            match value {
                Some(value) if value.is_valid_for_field(&field) => page.set_field(&field, value),
                // What is required is written even where it says nothing.
                _ if field.cardinality() == Cardinality::Required => {
                    page.set_field(&field, field.default_value());
                }
                _ => page.clear_field(&field),
            }
        };
        set(&self.paging.items, Some(Value::List(items)));
        // Not every list that has these fields is paged by them; the server fills them all the same.
        let more = ["HasMoreResults", "HaveMoreDocuments"].into_iter();
        for name in more.chain(self.paging.more.as_deref()) {
            set(name, Some(Value::Bool(next.is_some())));
        }
        let total = i32::try_from(self.items.len()).unwrap_or(i32::MAX);
        for name in [Some("TotalCount"), self.paging.total.as_deref()]
            .into_iter()
            .flatten()
        {
            set(name, Some(Value::I32(total)));
        }
        if let Some(name) = &self.paging.next_cursor {
            let cursor = next.map(Start::cursor);
            let is_bytes = message
                .get_field_by_name(name)
                .is_some_and(|field| field.kind() == Kind::Bytes);
            let value = cursor.map(|cursor| match is_bytes {
                true => Value::Bytes(cursor.into()),
                false => Value::String(cursor),
            });
            set(name, value);
        }
        page.encode_to_vec().into()
    }

    fn size(&self, request: &Request<'_>) -> usize {
        let asked = self.paging.size.as_ref().and_then(|size| {
            let declared = || {
                request
                    .field(size)
                    .map(|field| number(&field.default_value()))
            };
            let given = request.number(size);
            given.or_else(|| declared().flatten().filter(|size| *size > 0))
        });
        asked.unwrap_or(DEFAULT_SIZE)
    }

    fn start(&self, request: &Request<'_>, size: usize) -> Result<Start, String> {
        let at = |item| Start {
            item,
            past_empty: false,
        };
        if let Some(page) = &self.paging.page {
            let page = request.number(page).unwrap_or(1).max(1);
            return Ok(at((page - 1).saturating_mul(size)));
        }
        let Some(name) = &self.paging.cursor else {
            return Ok(at(0));
        };
        let Some(cursor) = request.bytes(name).filter(|cursor| !cursor.is_empty()) else {
            return Ok(at(0));
        };
        let known = match self.paging.next_cursor {
            Some(_) => Start::of_cursor(&cursor).filter(|start| start.item <= self.items.len()),
            None => {
                let place = self.cursors.iter().position(|one| *one == cursor);
                place.map(|place| at(place + 1))
            }
        };
        known.ok_or_else(|| {
            format!(
                "{name}: `{}` is no place in this list; a key has to be sent as it was received, \
                 percent-encoded in a query",
                String::from_utf8_lossy(&cursor)
            )
        })
    }

    /// The start of the page at that offset: an empty page takes as many places as it could hold.
    fn start_at_offset(&self, offset: usize, size: usize) -> Start {
        let mut passed = 0;
        for empty in &self.empty_pages {
            let hole = empty + passed;
            if offset < hole {
                break;
            }
            if offset < hole + size {
                return Start {
                    item: *empty,
                    past_empty: false,
                };
            }
            passed += size;
        }
        let item = offset - passed.min(offset);
        Start {
            item,
            past_empty: self.empty_pages.contains(&item),
        }
    }
}

impl Start {
    /// As text that does not survive a query unless it is encoded.
    fn cursor(self) -> String {
        let empty = if self.past_empty { "E" } else { "" };
        format!("{}{empty}+/=", self.item)
    }

    fn of_cursor(cursor: &[u8]) -> Option<Self> {
        let text = str::from_utf8(cursor).ok()?.strip_suffix("+/=")?;
        let (item, past_empty) = match text.strip_suffix('E') {
            Some(item) => (item, true),
            None => (text, false),
        };
        Some(Self {
            item: item.parse().ok()?,
            past_empty,
        })
    }
}

/// What a request gives, by the names that the options of its method use.
struct Request<'a> {
    method: &'static Method,
    received: &'a Received,
    body: Option<DynamicMessage>,
}

impl<'a> Request<'a> {
    fn new(method: &'static Method, received: &'a Received) -> Self {
        let message = body_message(method);
        let body = message
            .zip(received.message.clone())
            .and_then(|(message, body)| DynamicMessage::decode(message, body).ok());
        Self {
            method,
            received,
            body,
        }
    }

    /// The field of a name such as `count`, or `body.Count` inside the body.
    fn field(&self, name: &str) -> Option<FieldDescriptor> {
        match name.split_once('.') {
            Some((_, inner)) => body_message(self.method)?.get_field_by_name(inner),
            None => Some(self.method.parameter(name)?.field.clone()),
        }
    }

    fn value(&self, name: &str) -> Option<Value> {
        let Some((_, inner)) = name.split_once('.') else {
            let text = self.received.parameter(name)?;
            return Some(Value::String(text.to_owned()));
        };
        let body = self.body.as_ref()?;
        let field = body.descriptor().get_field_by_name(inner)?;
        body.has_field(&field)
            .then(|| body.get_field(&field).into_owned())
    }

    fn number(&self, name: &str) -> Option<usize> {
        number(&self.value(name)?)
    }

    fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        match self.value(name)? {
            Value::String(text) => Some(text.into_bytes()),
            Value::Bytes(bytes) => Some(bytes.to_vec()),
            _ => None,
        }
    }
}

fn body_message(method: &Method) -> Option<MessageDescriptor> {
    method.bodies.iter().find_map(|body| match &body.kind {
        BodyKind::Message(message) => Some(message.clone()),
        _ => None,
    })
}

fn number(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::I32(number) => usize::try_from(*number).ok(),
        Value::I64(number) => usize::try_from(*number).ok(),
        _ => None,
    }
}

fn read_items(
    method: &Method,
    response: &MessageDescriptor,
    field: &FieldDescriptor,
    items: &Items,
) -> Result<Vec<Value>, FakeError> {
    match items {
        Items::Messages(full_name, items) => {
            let wrong = |expected: &str| FakeError::Element {
                method: method.name().to_owned(),
                expected: expected.to_owned(),
                given: full_name.clone(),
            };
            let Kind::Message(message) = field.kind() else {
                return Err(wrong("texts, to be given as JSON"));
            };
            if message.full_name() != full_name {
                return Err(wrong(message.full_name()));
            }
            let read = |item: &Bytes| {
                DynamicMessage::decode(message.clone(), item.clone())
                    .map(Value::Message)
                    .map_err(|_| wrong(message.full_name()))
            };
            items.iter().map(read).collect()
        }
        Items::Json(items) => {
            let key = serde_json::Value::from(field.json_name());
            let items = serde_json::Value::from(items.clone());
            let body = format!("{{{key}:{items}}}");
            let body = forms::from_json(response, body.as_bytes());
            let body = body.map_err(|source| FakeError::Json {
                method: method.name().to_owned(),
                source,
            })?;
            let body = DynamicMessage::decode(response.clone(), body);
            let list = body.ok().and_then(|body| {
                let list = body.get_field(field);
                list.as_list().map(<[Value]>::to_vec)
            });
            Ok(list.unwrap_or_default())
        }
    }
}

/// The cursor of each item. Where items have none of their own, or share one, all get new ones.
fn cursors(method: &Method, paging: &Paging, items: &mut [Value]) -> Vec<Vec<u8>> {
    let Some(name) = &paging.item_cursor else {
        return Vec::new();
    };
    let given = |item: &Value| {
        let value = item.as_message()?.get_field_by_name(name)?.into_owned();
        let cursor = match value {
            Value::String(text) => text.into_bytes(),
            Value::Bytes(bytes) => bytes.to_vec(),
            _ => return None,
        };
        (!cursor.is_empty()).then_some(cursor)
    };
    let own: Option<Vec<_>> = items.iter().map(given).collect();
    if let Some(own) = own {
        let mut unique = own.clone();
        unique.sort_unstable();
        unique.dedup();
        if unique.len() == own.len() {
            return own;
        }
    }
    let is_guid = paging
        .cursor
        .as_ref()
        .and_then(|cursor| method.parameter(cursor))
        .is_some_and(|cursor| {
            rules_of_field(&cursor.field)
                .iter()
                .any(|rule| rule.contains("GUID"))
        });
    let mut cursors = Vec::new();
    for (index, item) in items.iter_mut().enumerate() {
        let cursor = match is_guid {
            true => format!("00000000-0000-4000-8000-{index:012x}"),
            // With `+` and `=`, which do not survive a query unless they are encoded.
            false => format!(
                "{}+/=",
                base64::encode_to_string(format!("item {index}").as_bytes())
            ),
        };
        if let Value::Message(item) = item
            && let Some(field) = item.descriptor().get_field_by_name(name)
        {
            let value = match field.kind() {
                Kind::Bytes => Value::Bytes(cursor.clone().into()),
                _ => Value::String(cursor.clone()),
            };
            item.set_field(&field, value);
        }
        cursors.push(cursor.into_bytes());
    }
    cursors
}
