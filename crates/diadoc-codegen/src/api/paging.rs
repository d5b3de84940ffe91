//! Lists that come in pages.

use diadoc_schema::{Method, Paging, Response};
use proc_macro2::{Ident, Literal, TokenStream};
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use quote::{format_ident, quote};

use super::fault;
use crate::Error;
use crate::ident::{self, Path};

/// How the request of the next page is made of a page.
pub(super) fn implementation(method: &Method, paging: &Paging) -> Result<TokenStream, Error> {
    let Response::Message(page) = &method.response else {
        return Err(fault(method, "pages are no message"));
    };
    let items = field(method, page, &paging.items)?;
    let list = ident::snake(items.name());
    let (item, message) = match items.kind() {
        Kind::Message(message) => {
            let path = Path::of_message(&message);
            (quote!(#path), Some(message))
        }
        Kind::String => (quote!(String), None),
        other => return Err(fault(method, format!("items are {other:?}"))),
    };
    // The server takes no key beside these.
    let only_page = method.parameters_of_one_page().into_iter();
    let only_page = only_page.map(|name| ident::snake(&name));
    let mut ends: Vec<_> = only_page.map(|name| quote!(self.#name.is_some())).collect();
    if let Some(total) = &paging.total {
        let total = ident::snake(field(method, page, total)?.name());
        ends.push(quote!(usize::try_from(page.#total).is_ok_and(|total| seen >= total)));
    }
    if !paging.empty_pages {
        ends.push(quote!(page.#list.is_empty()));
    }
    if let Some(more) = &paging.more {
        let more = field(method, page, more)?;
        let member = ident::snake(more.name());
        ends.push(match more.cardinality() {
            Cardinality::Required => quote!(!page.#member),
            _ => quote!(!page.#member.unwrap_or_default()),
        });
    }
    let (next, cursor) = match (&paging.cursor, &paging.page, &paging.offset) {
        (Some(cursor), None, None) => {
            let next = after_key(method, paging, page, message.as_ref(), &list, cursor)?;
            let (_, key) = in_request(method, cursor)?;
            (next, quote!(paging::key(self.#key.as_ref())))
        }
        (None, Some(number), None) => {
            let (_, number) = in_request(method, number)?;
            let next = quote! {
                let mut next = self.clone();
                next.#number = Some(self.#number.unwrap_or(1).saturating_add(1));
                Ok(Some(next))
            };
            (next, quote!(paging::number(self.#number.unwrap_or(1))))
        }
        (None, None, Some(offset)) => {
            let next = after_offset(method, paging, &list, offset)?;
            let (_, offset) = in_request(method, offset)?;
            (next, quote!(paging::number(self.#offset.unwrap_or(0))))
        }
        _ => {
            return Err(fault(
                method,
                "exactly one of `cursor`, `page` and `offset`",
            ));
        }
    };
    let seen = if paging.total.is_some() {
        "seen"
    } else {
        "_seen"
    };
    let (seen, name) = (format_ident!("{seen}"), ident::ident(method.name()));
    Ok(quote! {
        impl Paged for #name {
            type Item = #item;
            fn count(page: &Self::Response) -> usize {
                page.#list.len()
            }
            fn items(page: Self::Response) -> Vec<Self::Item> {
                page.#list
            }
            fn place(&self) -> Vec<u8> {
                #cursor
            }
            fn next(&self, page: &Self::Response, #seen: usize) -> Result<Option<Self>, PagingError> {
                #(if #ends { return Ok(None); })*
                #next
            }
        }
    })
}

/// The next page by the number of items that came. A page without items moves on by a whole page,
/// or it would come again.
fn after_offset(
    method: &Method,
    paging: &Paging,
    list: &Ident,
    offset: &str,
) -> Result<TokenStream, Error> {
    let (_, offset) = in_request(method, offset)?;
    let no_size = || fault(method, "an offset needs the size of a page, with a default");
    let (size_field, size) = in_request(method, paging.size.as_ref().ok_or_else(no_size)?)?;
    let default = size_field.field_descriptor_proto().default_value();
    let default: Literal = default.parse().map_err(|_| no_size())?;
    Ok(quote! {
        let came = i32::try_from(page.#list.len()).unwrap_or(i32::MAX);
        let step = if came == 0 { self.#size.unwrap_or(#default).max(1) } else { came };
        let mut next = self.clone();
        next.#offset = Some(self.#offset.unwrap_or(0).saturating_add(step));
        Ok(Some(next))
    })
}

fn after_key(
    method: &Method,
    paging: &Paging,
    page: &MessageDescriptor,
    item: Option<&MessageDescriptor>,
    list: &Ident,
    cursor: &str,
) -> Result<TokenStream, Error> {
    let (_, cursor) = in_request(method, cursor)?;
    let replaced = paging.replaces.iter().map(|name| ident::snake(name));
    let set = quote!(|next, key| { next.#cursor = Some(key); #(next.#replaced = None;)* });
    match (&paging.item_cursor, &paging.next_cursor, item) {
        (Some(key), None, Some(item)) => {
            let key = field(method, item, key)?;
            let then = match key.cardinality() {
                Cardinality::Required => quote!(map),
                _ => quote!(and_then),
            };
            let key = ident::snake(key.name());
            Ok(quote! {
                let key = page.#list.last().#then(|last| last.#key.clone());
                paging::after_item(self, key, #set)
            })
        }
        (None, Some(key), _) => {
            let key = field(method, page, key)?;
            if key.cardinality() != Cardinality::Optional {
                return Err(fault(method, "without an optional key no page is the last"));
            }
            let key = ident::snake(key.name());
            Ok(quote! {
                let key = page.#key.clone();
                paging::after_page(self, key, #set)
            })
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
fn in_request(method: &Method, path: &str) -> Result<(FieldDescriptor, TokenStream), Error> {
    let found = method.field_at(path);
    let found = found.ok_or_else(|| fault(method, format!("the request has no field {path}")))?;
    let members = path.split('.').map(ident::snake);
    Ok((found, quote!(#(#members).*)))
}
