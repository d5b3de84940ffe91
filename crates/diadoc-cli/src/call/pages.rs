//! The pages of a list, one call after the other.

use std::collections::HashSet;

use bytes::Bytes;
use diadoc_api::{Call, Form, Request as _};
use diadoc_schema::{Method, Paging, Response, Schema};
use serde_json::Value;

use crate::outcome::Failure;

/// So many pages in a row may have no items: some methods filter after they have cut the list into pages.
const MOST_EMPTY: usize = 1000;

/// Which pages there are of the list that a call asks for.
#[derive(Debug)]
pub(super) struct Pages {
    method: &'static Method,
    paging: &'static Paging,
    /// None after the last page; else why there is no next one.
    next: Result<Option<Call>, Failure>,
    seen: usize,
    /// How many pages in a row had no items.
    empty: usize,
    /// Where the pages so far began.
    places: HashSet<String>,
}

impl Pages {
    /// Those from the one that the call asks for.
    pub(super) fn new(first: Call) -> Result<Self, Failure> {
        let name = first.method().name;
        let method = Schema::diadoc().method(name)?;
        let Some(paging) = &method.paging else {
            return Err(Failure::new(format!(
                "{name} answers with no list that comes in pages\n\
                 Leave out --all."
            )));
        };
        Ok(Self {
            method,
            paging,
            next: Ok(Some(first)),
            seen: 0,
            empty: 0,
            places: HashSet::new(),
        })
    }

    /// The call of the next page; none after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Call>, Failure> {
        std::mem::replace(&mut self.next, Ok(None))
    }

    /// How many items came so far.
    pub(super) fn seen(&self) -> usize {
        self.seen
    }

    /// The items of the page that `call` was answered with.
    pub(super) fn accept(&mut self, call: &Call, page: &Bytes) -> Result<Vec<Value>, Failure> {
        let name = self.method.name();
        let page: Value = serde_json::from_slice(page)
            .map_err(|error| Failure::finding(format!("{name}: the answer is no JSON: {error}")))?;
        let items = match page.get(self.key(&self.paging.items)) {
            Some(Value::Array(items)) => items.clone(),
            // The server leaves out lists without items.
            None | Some(Value::Null) if page.is_object() => Vec::new(),
            _ => {
                return Err(Failure::finding(format!(
                    "{name}: the answer is no page: expected an object with a list {}",
                    self.paging.items
                )));
            }
        };
        self.seen = self.seen.saturating_add(items.len());
        self.empty = if items.is_empty() { self.empty + 1 } else { 0 };
        self.places.insert(self.place(call)?);
        // What came is given out, whatever comes of the next one.
        self.next = self
            .after(call, &page, &items)
            .and_then(|next| match &next {
                Some(call) if self.places.contains(&self.place(call)?) => Err(Failure::finding(
                    format!("{name}: the page leads back to one that came already"),
                )),
                Some(_) if self.empty > MOST_EMPTY => Err(Failure::finding(format!(
                    "{name}: {} pages in a row had no items",
                    self.empty
                ))),
                _ => Ok(next),
            });
        Ok(items)
    }

    /// The call of the page after one.
    fn after(&self, call: &Call, page: &Value, items: &[Value]) -> Result<Option<Call>, Failure> {
        let paging = self.paging;
        let number = |name: &str| page.get(self.key(name)).and_then(Value::as_u64);
        let total = paging.total.as_deref().and_then(number);
        let more = paging.more.as_ref();
        let mut only_page = self.method.parameters_of_one_page().into_iter();
        let is_last = only_page.any(|name| call.value(&name).is_some())
            || total.is_some_and(|total| self.seen as u64 >= total)
            || !paging.empty_pages && items.is_empty()
            || more.is_some_and(|more| page.get(self.key(more)) != Some(&Value::Bool(true)));
        if is_last {
            return Ok(None);
        }
        if let Some(at) = &paging.page {
            let number = given(call, at)?
                .and_then(|number| as_number(&number))
                .unwrap_or(1);
            return Ok(Some(set(call, at, self.number(number.saturating_add(1))?)?));
        }
        if let Some(at) = &paging.offset {
            let first = given(call, at)?
                .and_then(|number| as_number(&number))
                .unwrap_or(0);
            let step = match items.len() {
                0 => self.size(call)?,
                came => i64::try_from(came).unwrap_or(i64::MAX),
            };
            return Ok(Some(set(
                call,
                at,
                self.number(first.saturating_add(step))?,
            )?));
        }
        let Some(at) = &paging.cursor else {
            return Ok(None);
        };
        let key = match (&paging.item_cursor, &paging.next_cursor) {
            (Some(key), _) => items.last().and_then(|last| last.get(self.item_key(key))),
            (None, Some(key)) => page.get(self.key(key)),
            (None, None) => None,
        };
        let is_given = |key: &&Value| !key.is_null() && key.as_str() != Some("");
        match (key.filter(is_given), &paging.item_cursor) {
            (Some(key), _) if !key.is_string() => Err(Failure::finding(format!(
                "{}: the key to go on from is no text: {key}",
                self.method.name()
            ))),
            (Some(key), _) => {
                let mut next = set(call, at, key.clone())?;
                for replaced in &paging.replaces {
                    next = next.without(replaced);
                }
                Ok(Some(next))
            }
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Failure::finding(format!(
                "{}: the last item of the page has no key to go on from",
                self.method.name()
            ))),
        }
    }

    /// A number of a page or an item, which has 32 bits.
    fn number(&self, number: i64) -> Result<Value, Failure> {
        match i32::try_from(number) {
            Ok(number) => Ok(number.into()),
            Err(_) => Err(Failure::finding(format!(
                "{}: the list has more items than can be asked for",
                self.method.name()
            ))),
        }
    }

    /// Where in the list the page of a call begins.
    fn place(&self, call: &Call) -> Result<String, Failure> {
        let paging = self.paging;
        let at = [&paging.cursor, &paging.page, &paging.offset];
        let (Some(at), first) = (
            at.into_iter().flatten().next(),
            if paging.page.is_some() { "1" } else { "" },
        ) else {
            return Ok(String::new());
        };
        let given = given(call, at)?.filter(|value| paging.offset.is_none() || value != 0);
        Ok(match given {
            Some(Value::String(text)) => text,
            Some(value) => value.to_string(),
            None => first.to_owned(),
        })
    }

    /// How many items a page of a call has at most.
    fn size(&self, call: &Call) -> Result<i64, Failure> {
        let Some(at) = &self.paging.size else {
            return Ok(1);
        };
        let default = self.method.field_at(at).and_then(|size| {
            let declared = size.field_descriptor_proto().default_value();
            declared.parse().ok()
        });
        let given = given(call, at)?.and_then(|number| as_number(&number));
        Ok(given.or(default).unwrap_or(1).max(1))
    }

    /// The key that a field of the answer has in JSON.
    fn key(&self, field: &str) -> String {
        let found = match &self.method.response {
            Response::Message(page) => page.get_field_by_name(field),
            _ => None,
        };
        found.map_or_else(|| field.to_owned(), |field| field.json_name().to_owned())
    }

    /// And a field of an item.
    fn item_key(&self, field: &str) -> String {
        let found = match &self.method.response {
            Response::Message(page) => page.get_field_by_name(&self.paging.items),
            _ => None,
        };
        let found = found.and_then(|list| list.kind().as_message()?.get_field_by_name(field));
        found.map_or_else(|| field.to_owned(), |field| field.json_name().to_owned())
    }
}

fn as_number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_i64(),
    }
}

/// A value of a call by its path: `afterIndexKey` is a parameter, `body.AfterIndexKey` stands in the body.
fn given(call: &Call, path: &str) -> Result<Option<Value>, Failure> {
    Ok(match path.split_once('.') {
        None => call.value(path).map(|text| Value::String(text.to_owned())),
        Some((_, key)) => body(call)?.get(key).cloned(),
    })
}

/// A call with another value.
fn set(call: &Call, path: &str, value: Value) -> Result<Call, Failure> {
    let Some((name, key)) = path.split_once('.') else {
        let text = match value {
            Value::String(text) => text,
            value => value.to_string(),
        };
        return Ok(call.clone().without(path).parameter(path, text));
    };
    let mut body = body(call)?;
    body.insert(key.to_owned(), value);
    let content = Value::Object(body).to_string();
    Ok(call.clone().body(name, Some(Form::Json), content))
}

fn body(call: &Call) -> Result<serde_json::Map<String, Value>, Failure> {
    let Some(body) = call.given_body() else {
        return Ok(serde_json::Map::new());
    };
    serde_json::from_slice(&body.content)
        .map_err(|error| Failure::new(format!("the body is no JSON object: {error}")))
}
