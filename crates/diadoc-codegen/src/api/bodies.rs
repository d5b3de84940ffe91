//! The rules of bodies.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::rules::Term;
use diadoc_schema::{BodyKind, Schema, field_rules, message_rules, must_have_content};
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
    let asked = asked(&reached, &bodies);
    let mut code = quote! {
        #[allow(unused_imports)]
        use std::borrow::Cow;
        use crate::check::{Checked, Checker};
        #[allow(unused_imports)]
        use crate::{
            Code, Demand, Evidence, FieldRule, Flag, Format, Given, MessageRule, Quantity,
        };
    };
    for (name, message) in &reached {
        let asked = asked.get(name);
        if asked.is_some() || ruled.contains(name) {
            code.extend(implementation(message, &ruled, asked)?);
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
                .any(|field| !field_rules(&field).is_empty() || must_have_content(&field))
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
    asked: Option<&BTreeSet<String>>,
) -> Result<TokenStream, Error> {
    let mut lines = Vec::new();
    for field in message.fields() {
        lines.extend(items(&field)?);
        lines.extend(content(&field));
        lines.extend(match inner(&field) {
            Some(inner) if ruled.contains(inner.full_name()) => Some(messages(&field)),
            Some(_) => None,
            None => values(&field)?,
        });
    }
    let rules = message_rules(message);
    if !rules.is_empty() {
        let rules: Vec<TokenStream> = rules
            .iter()
            .map(|rule| {
                let expression = rule.expression();
                expression.parse().map_err(|error| {
                    Error::Schema(format!("{}: {expression}: {error}", message.full_name()))
                })
            })
            .collect::<Result<_, _>>()?;
        lines.push(quote!(message_rules(self, &[#(#rules),*])));
    }
    let checker = if lines.is_empty() {
        "_checker"
    } else {
        "checker"
    };
    let (checker, path) = (format_ident!("{checker}"), Path::of_message(message));
    let answers = asked.map(|fields| answers(message, fields));
    Ok(quote! {
        impl Checked for #path {
            fn check(&self, #checker: &mut Checker<'_>) {
                #(#checker.#lines;)*
            }
            #answers
        }
    })
}

/// The fields that rules ask about, by the messages that have them; each body has an entry.
fn asked(
    reached: &BTreeMap<String, MessageDescriptor>,
    bodies: &[MessageDescriptor],
) -> BTreeMap<String, BTreeSet<String>> {
    let names = bodies.iter().map(|body| body.full_name().to_owned());
    let mut asked: BTreeMap<_, BTreeSet<String>> =
        names.map(|name| (name, BTreeSet::new())).collect();
    for message in reached.values() {
        let rules = message_rules(message);
        if !rules.is_empty() {
            asked.entry(message.full_name().to_owned()).or_default();
        }
        for term in rules.iter().flat_map(|rule| rule.terms()) {
            match term.of_body {
                true => bodies.iter().for_each(|body| ask(&mut asked, body, &term)),
                false => ask(&mut asked, message, &term),
            }
        }
    }
    asked
}

fn ask(
    asked: &mut BTreeMap<String, BTreeSet<String>>,
    message: &MessageDescriptor,
    term: &Term<'_>,
) {
    let Some(field) = message.get_field_by_name(term.field) else {
        return;
    };
    let fields = asked.entry(message.full_name().to_owned()).or_default();
    fields.insert(term.field.to_owned());
    if let Some(inner) = inner(&field) {
        asked.entry(inner.full_name().to_owned()).or_default();
        if let Some(inside) = term.inside {
            ask(asked, &inner, &Term::parse(inside));
        }
    }
}

/// What a message answers to rules that ask for these fields.
fn answers(message: &MessageDescriptor, names: &BTreeSet<String>) -> TokenStream {
    let fields: Vec<_> = names
        .iter()
        .filter_map(|name| message.get_field_by_name(name))
        .collect();
    let given = fields.iter().map(|field| {
        let (name, given) = (field.name(), given(field));
        quote!(#name => #given)
    });
    let inside = fields.iter().filter(|field| inner(field).is_some());
    let messages: Vec<_> = inside
        .map(|field| {
            let (name, member) = (field.name(), ident::snake(field.name()));
            let messages = match field.cardinality() {
                Cardinality::Required => quote!(vec![&self.#member]),
                Cardinality::Optional => quote! {
                    self.#member.as_deref().map(|message| message as &dyn Checked).into_iter().collect()
                },
                Cardinality::Repeated => quote! {
                    self.#member.iter().map(|message| message as &dyn Checked).collect()
                },
            };
            quote!(#name => #messages)
        })
        .collect();
    let messages = (!messages.is_empty()).then(|| {
        quote! {
            fn messages_in(&self, field: &str) -> Vec<&dyn Checked> {
                match field {
                    #(#messages,)*
                    _ => Vec::new(),
                }
            }
        }
    });
    let given = (!fields.is_empty()).then(|| {
        quote! {
            fn given(&self, field: &str) -> Given<'_> {
                match field {
                    #(#given,)*
                    _ => Given::No,
                }
            }
        }
    });
    let name = message.name();
    quote! {
        fn message_name(&self) -> &'static str {
            #name
        }
        #given
        #messages
    }
}

/// Whether a field is given, and its text.
fn given(field: &FieldDescriptor) -> TokenStream {
    let name = ident::snake(field.name());
    match (field.kind(), field.cardinality()) {
        (_, Cardinality::Repeated) => quote!(Given::is(!self.#name.is_empty())),
        (Kind::String, Cardinality::Required) => quote!(Given::text(&self.#name)),
        (Kind::String, Cardinality::Optional) => {
            quote!(Given::text(self.#name.as_deref().unwrap_or_default()))
        }
        (Kind::Bytes, Cardinality::Required) => quote!(Given::is(!self.#name.is_empty())),
        (Kind::Bytes, Cardinality::Optional) => {
            quote!(Given::is(self.#name.as_ref().is_some_and(|bytes| !bytes.is_empty())))
        }
        (Kind::Bool, Cardinality::Required) => quote!(Given::is(self.#name)),
        (Kind::Bool, Cardinality::Optional) => quote!(Given::is(self.#name == Some(true))),
        (_, Cardinality::Required) => quote!(Given::Yes),
        (_, Cardinality::Optional) => quote!(Given::is(self.#name.is_some())),
    }
}

/// The call that refuses an empty value of a required field.
fn content(field: &FieldDescriptor) -> Option<TokenStream> {
    let (name, member) = (field.json_name(), ident::snake(field.name()));
    must_have_content(field).then(|| quote!(content(#name, self.#member.is_empty())))
}

/// The call that checks how many elements a list has, where there are rules.
fn items(field: &FieldDescriptor) -> Result<Option<TokenStream>, Error> {
    if !field.is_list() || field_rules(field).is_empty() {
        return Ok(None);
    }
    let (name, member) = (field.json_name(), ident::snake(field.name()));
    let rules = table::rules_tokens(field)?;
    Ok(Some(quote!(items(#name, self.#member.len(), &#rules))))
}

/// The call that checks the messages in a field.
fn messages(field: &FieldDescriptor) -> TokenStream {
    let (name, member) = (field.json_name(), ident::snake(field.name()));
    match field.cardinality() {
        Cardinality::Required => quote!(message(#name, Some(&self.#member))),
        // Optional messages are boxed.
        Cardinality::Optional => quote!(message(#name, self.#member.as_deref())),
        Cardinality::Repeated => quote!(messages(#name, &self.#member)),
    }
}

/// The call that checks the values of a field, where there are rules.
fn values(field: &FieldDescriptor) -> Result<Option<TokenStream>, Error> {
    let (name, member) = (field.json_name(), ident::snake(field.name()));
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
