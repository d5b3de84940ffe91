//! The rules of bodies.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_schema::{BodyKind, Schema, field_rules, message_rules};
use proc_macro2::TokenStream;
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use quote::{format_ident, quote};

use super::{field_fault, table};
use crate::ident::{self, Path};
use crate::schema::ROOT_PACKAGE;
use crate::{Error, modules};

/// `bodies.rs`: for each message that a body holds, what its fields have to look like.
pub(super) fn generate(described: &Schema) -> Result<Vec<u8>, Error> {
    let bodies: Vec<_> = described
        .methods()
        .iter()
        .flat_map(|method| &method.bodies)
        .filter_map(|body| match &body.kind {
            BodyKind::Message(message) => Some(message.clone()),
            _ => None,
        })
        .collect();
    let reached = reached(&bodies);
    let ruled = ruled(&reached);
    let mut code = quote! {
        #[allow(unused_imports)]
        use std::borrow::Cow;
        use crate::check::{Checked, Checker};
        #[allow(unused_imports)]
        use crate::{Code, FieldRule, Flag, Format, Quantity};
    };
    for (name, message) in &reached {
        let checked = bodies.iter().any(|body| body.full_name() == name) || ruled.contains(name);
        if checked {
            code.extend(implementation(message, &ruled)?);
        }
    }
    modules::format(ROOT_PACKAGE, code, "the rules of each body")
}

/// The messages and all that lies in them, by full name.
fn reached(bodies: &[MessageDescriptor]) -> BTreeMap<String, MessageDescriptor> {
    let mut reached = BTreeMap::new();
    let mut waiting = bodies.to_vec();
    while let Some(message) = waiting.pop() {
        let name = message.full_name().to_owned();
        if reached.insert(name, message.clone()).is_none() {
            waiting.extend(message.fields().filter_map(|field| inner(&field)));
        }
    }
    reached
}

/// Those that have rules, or hold ones that have.
fn ruled(reached: &BTreeMap<String, MessageDescriptor>) -> BTreeSet<String> {
    let own = |message: &MessageDescriptor| {
        !message_rules(message).is_empty()
            || message
                .fields()
                .any(|field| !field_rules(&field).is_empty())
    };
    let with_rules = reached.iter().filter(|(_, message)| own(message));
    let mut ruled: BTreeSet<String> = with_rules.map(|(name, _)| name.clone()).collect();
    loop {
        let holds_one = |message: &MessageDescriptor| {
            let inner = message.fields().filter_map(|field| inner(&field));
            inner
                .into_iter()
                .any(|inner| ruled.contains(inner.full_name()))
        };
        let holders = reached.iter().filter(|(_, message)| holds_one(message));
        let holders: Vec<_> = holders
            .map(|(name, _)| name.clone())
            .filter(|name| !ruled.contains(name))
            .collect();
        if holders.is_empty() {
            return ruled;
        }
        ruled.extend(holders);
    }
}

fn inner(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    match field.kind() {
        Kind::Message(message) => Some(message),
        _ => None,
    }
}

fn implementation(
    message: &MessageDescriptor,
    ruled: &BTreeSet<String>,
) -> Result<TokenStream, Error> {
    let mut lines = Vec::new();
    for field in message.fields() {
        lines.extend(items(&field)?);
        lines.extend(match inner(&field) {
            Some(inner) if ruled.contains(inner.full_name()) => Some(messages(&field)),
            Some(_) => None,
            None => values(&field)?,
        });
    }
    for (quantity, set) in message_rules(message) {
        let quantity = format_ident!("{quantity:?}");
        // All of them are there, or the checks of the schema would have said so.
        let fields = set.iter().filter_map(|name| {
            let is_set = is_set(&message.get_field_by_name(name)?);
            Some(quote!((#name, #is_set)))
        });
        lines.push(quote!(set(Quantity::#quantity, &[#(#fields),*])));
    }
    let checker = if lines.is_empty() {
        "_checker"
    } else {
        "checker"
    };
    let (checker, path) = (format_ident!("{checker}"), Path::of_message(message));
    Ok(quote! {
        impl Checked for #path {
            fn check(&self, #checker: &mut Checker<'_>) {
                #(#checker.#lines;)*
            }
        }
    })
}

fn is_set(field: &FieldDescriptor) -> TokenStream {
    let name = ident::snake(field.name());
    match field.cardinality() {
        Cardinality::Required => quote!(true),
        Cardinality::Optional => quote!(self.#name.is_some()),
        Cardinality::Repeated => quote!(!self.#name.is_empty()),
    }
}

/// The call that checks how many elements a list has, where there are rules.
fn items(field: &FieldDescriptor) -> Result<Option<TokenStream>, Error> {
    if !field.is_list() || field_rules(field).is_empty() {
        return Ok(None);
    }
    let (name, member) = (field.name(), ident::snake(field.name()));
    let rules = table::rules_tokens(field)?;
    Ok(Some(quote!(items(#name, self.#member.len(), &#rules))))
}

/// The call that checks the messages in a field.
fn messages(field: &FieldDescriptor) -> TokenStream {
    let (name, member) = (field.name(), ident::snake(field.name()));
    match field.cardinality() {
        Cardinality::Required => quote!(message(#name, Some(&self.#member))),
        // Optional messages are boxed.
        Cardinality::Optional => quote!(message(#name, self.#member.as_deref())),
        Cardinality::Repeated => quote!(messages(#name, &self.#member)),
    }
}

/// The call that checks the values of a field, where there are rules.
fn values(field: &FieldDescriptor) -> Result<Option<TokenStream>, Error> {
    let (name, member) = (field.name(), ident::snake(field.name()));
    if field_rules(field).is_empty() {
        return Ok(None);
    }
    let rules = table::rules_tokens(field)?;
    let (call, values) = match (field.kind(), field.cardinality()) {
        (Kind::String, Cardinality::Required) => ("text", quote!(Some(&self.#member))),
        (Kind::String, Cardinality::Optional) => ("text", quote!(self.#member.as_ref())),
        (Kind::String, Cardinality::Repeated) => ("texts", quote!(&self.#member)),
        (Kind::Bytes, Cardinality::Required) => ("bytes", quote!(Some(&self.#member))),
        (Kind::Bytes, Cardinality::Optional) => ("bytes", quote!(self.#member.as_ref())),
        (Kind::Bytes, Cardinality::Repeated) => {
            return Err(field_fault(field, "lists of bytes are not checked"));
        }
        (Kind::Int64 | Kind::Sfixed64, Cardinality::Required) => {
            ("integer", quote!(Some(self.#member)))
        }
        (Kind::Int64 | Kind::Sfixed64, Cardinality::Optional) => ("integer", quote!(self.#member)),
        (_, Cardinality::Required) => ("integer", quote!(Some(i64::from(self.#member)))),
        (_, Cardinality::Optional) => ("integer", quote!(self.#member.map(i64::from))),
        (_, Cardinality::Repeated) => {
            return Err(field_fault(field, "lists of integers are not checked"));
        }
    };
    let call = format_ident!("{call}");
    Ok(Some(quote!(#call(#name, #values, &#rules))))
}
