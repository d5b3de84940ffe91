//! Lists that come in pages.

use diadoc_core::rules::Quantity;
use diadoc_schema::{BodyKind, Method, Paging, Response, message_rules};
use heck::ToSnakeCase as _;
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};

use super::{fault, field_name, message_path};
use crate::Error;

/// How the request of the next page is made of a page.
pub(super) fn implementation(method: &Method, paging: &Paging) -> Result<String, Error> {
    let Response::Message(page) = &method.response else {
        return Err(fault(method, "pages are no message"));
    };
    let items = field(method, page, &paging.items)?;
    let list = field_name(&items);
    let (item, message) = match items.kind() {
        Kind::Message(message) => (message_path(&message), Some(message)),
        Kind::String => ("String".to_owned(), None),
        other => return Err(fault(method, format!("items are {other:?}"))),
    };
    let mut steps = only_page(method, paging);
    if let Some(total) = &paging.total {
        let total = field_name(&field(method, page, total)?);
        steps += &format!(
            "if usize::try_from(page.{total}).is_ok_and(|total| seen >= total) {{ return Ok(None); }}\n"
        );
    }
    if !paging.empty_pages {
        steps += &format!("if page.{list}.is_empty() {{ return Ok(None); }}\n");
    }
    if let Some(more) = &paging.more {
        let more = field(method, page, more)?;
        let value = match more.cardinality() {
            Cardinality::Required => format!("page.{}", field_name(&more)),
            _ => format!("page.{}.unwrap_or_default()", field_name(&more)),
        };
        steps += &format!("if !{value} {{ return Ok(None); }}\n");
    }
    steps += &match (&paging.cursor, &paging.page, &paging.offset) {
        (Some(cursor), None, None) => after_key(method, paging, page, message.as_ref(), cursor)?,
        (None, Some(number), None) => {
            let number = in_request(method, number)?.1;
            format!(
                "let mut next = self.clone();\n\
                 next.{number} = Some(self.{number}.unwrap_or(1).saturating_add(1));\nOk(Some(next))\n"
            )
        }
        (None, None, Some(offset)) => {
            let offset = in_request(method, offset)?.1;
            let size = paging.size.as_ref();
            let size = size.ok_or_else(|| fault(method, "an offset needs the size of a page"))?;
            let (size_field, size) = in_request(method, size)?;
            let default = size_field.field_descriptor_proto().default_value();
            format!(
                "let came = i32::try_from(page.{list}.len()).unwrap_or(i32::MAX);\n\
                 // A page without items moves on by a whole page, or it would come again.\n\
                 let step = if came == 0 {{ self.{size}.unwrap_or({default}).max(1) }} else {{ came }};\n\
                 let mut next = self.clone();\n\
                 next.{offset} = Some(self.{offset}.unwrap_or(0).saturating_add(step));\n\
                 Ok(Some(next))\n"
            )
        }
        _ => {
            return Err(fault(
                method,
                "exactly one of `cursor`, `page` and `offset`",
            ));
        }
    };
    let seen = match paging.total {
        Some(_) => "seen",
        None => "_seen",
    };
    Ok(format!(
        "impl Paged for {} {{\ntype Item = {item};\n\
         fn count(page: &Self::Response) -> usize {{\npage.{list}.len()\n}}\n\
         fn items(page: Self::Response) -> Vec<Self::Item> {{\npage.{list}\n}}\n\
         fn next(&self, page: &Self::Response, {seen}: usize) -> Result<Option<Self>, PagingError> {{\n\
         {steps}}}\n}}\n",
        method.name()
    ))
}

/// A parameter that excludes the cursor, and does not give way to it, means that there is one page.
fn only_page(method: &Method, paging: &Paging) -> String {
    let Some(cursor) = &paging.cursor else {
        return String::new();
    };
    let rules = message_rules(&method.request()).into_iter();
    let excludes = rules.filter(|(quantity, _)| *quantity == Quantity::Excludes);
    let excludes: Vec<_> = excludes.map(|(_, fields)| fields).collect();
    excludes
        .iter()
        .filter(|set| set.contains(cursor))
        .flatten()
        .filter(|name| *name != cursor && !paging.replaces.contains(name))
        .map(|name| {
            let name = name.to_snake_case();
            format!("// The server takes no key beside it.\nif self.{name}.is_some() {{ return Ok(None); }}\n")
        })
        .collect()
}

fn after_key(
    method: &Method,
    paging: &Paging,
    page: &MessageDescriptor,
    item: Option<&MessageDescriptor>,
    cursor: &str,
) -> Result<String, Error> {
    let (_, cursor) = in_request(method, cursor)?;
    let list = field_name(&field(method, page, &paging.items)?);
    let replaced: String = paging
        .replaces
        .iter()
        .map(|name| format!("next.{} = None;\n", name.to_snake_case()))
        .collect();
    let set = format!("|next, key| {{\nnext.{cursor} = Some(key);\n{replaced}}}");
    match (&paging.item_cursor, &paging.next_cursor, item) {
        (Some(key), None, Some(item)) => {
            let key = field(method, item, key)?;
            let (key, then) = match key.cardinality() {
                Cardinality::Required => (field_name(&key), "map"),
                _ => (field_name(&key), "and_then"),
            };
            Ok(format!(
                "let key = page.{list}.last().{then}(|last| last.{key}.clone());\n\
                 paging::after_item(self, self.{cursor}.as_ref(), key, {set})\n"
            ))
        }
        (None, Some(key), _) => {
            let key = field(method, page, key)?;
            if key.cardinality() != Cardinality::Optional {
                return Err(fault(method, "without an optional key no page is the last"));
            }
            let key = field_name(&key);
            Ok(format!(
                "let key = page.{key}.clone();\n\
                 paging::after_page(self, self.{cursor}.as_ref(), key, {set})\n"
            ))
        }
        _ => Err(fault(
            method,
            "exactly one of `item_cursor` and `next_cursor`",
        )),
    }
}

fn field(
    method: &Method,
    message: &MessageDescriptor,
    name: &str,
) -> Result<FieldDescriptor, Error> {
    let found = message.get_field_by_name(name);
    found.ok_or_else(|| fault(method, format!("{} has no field {name}", message.name())))
}

/// A field of the request, or of its body, and how Rust reaches it.
fn in_request(method: &Method, path: &str) -> Result<(FieldDescriptor, String), Error> {
    let Some((body, name)) = path.split_once('.') else {
        let found = field(method, &method.request(), path)?;
        let name = field_name(&found);
        return Ok((found, name));
    };
    let own = method.bodies.iter().find(|own| own.field.name() == body);
    match own.map(|own| (&own.field, &own.kind)) {
        Some((own, BodyKind::Message(message))) => {
            let found = field(method, message, name)?;
            let path = format!("{}.{}", field_name(own), field_name(&found));
            Ok((found, path))
        }
        _ => Err(fault(method, format!("no body {body}"))),
    }
}
