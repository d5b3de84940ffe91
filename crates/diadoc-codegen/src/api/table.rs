//! The methods as data.

use diadoc_core::rules::Demand;
use diadoc_schema::{
    BodyKind, Idempotency, Method, Parameter, Pending, Response, Schema, Verb, field_rules,
    is_secret, message_rules, secret_keys,
};
use proc_macro2::{Literal, TokenStream};
use prost_reflect::{Cardinality, FieldDescriptor, Kind};
use quote::{format_ident, quote};

use super::{fault, field_fault, optional};
use crate::ident::Path;
use crate::schema::METHODS_PACKAGE;
use crate::{Error, ident, modules};

/// `methods.rs`: a static per method, and a list of them.
pub(super) fn generate(described: &Schema) -> Result<Vec<u8>, Error> {
    let methods = described.methods();
    let entries = methods.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let names = methods.iter().map(|method| ident::shouty(method.name()));
    let count = Literal::usize_unsuffixed(methods.len());
    let code = quote! {
        #[allow(unused_imports)]
        use std::borrow::Cow;
        #[allow(unused_imports)]
        use crate::{
            Body, BodyKind, Code, FieldRule, Flag, Format, Idempotency, Method, Parameter, ParameterKind,
            Pending, PendingField, PollWith, Quantity, ResponseKind, SecretKeys, Stage, answer,
        };
        #(#entries)*
        /// All methods of the API, obsolete ones included, in the order of their groups.
        pub static METHODS: [&Method; #count] = [#(&#names),*];
    };
    modules::format(METHODS_PACKAGE, code, "a static per method")
}

fn entry(method: &Method) -> Result<TokenStream, Error> {
    let parameters = method.parameters.iter().map(parameter);
    let parameters = parameters.collect::<Result<Vec<_>, _>>()?;
    let bodies = method.bodies.iter().map(|body| {
        let kind = match &body.kind {
            BodyKind::Message(message) => message_kind(message.full_name()),
            BodyKind::Text => quote!(Text),
            _ => quote!(Bytes),
        };
        let name = body.field.name();
        let required = body.field.cardinality() == Cardinality::Required;
        let (secret, secrets) = (is_secret(&body.field), optional(secrets(&body.kind)));
        let rules = rules_tokens(&body.field)?;
        Ok(quote! {
            Body {
                name: #name,
                kind: BodyKind::#kind,
                required: #required,
                secret: #secret,
                secrets: #secrets,
                rules: &#rules,
            }
        })
    });
    let bodies = bodies.collect::<Result<Vec<_>, Error>>()?;
    let response = match &method.response {
        Response::Message(message) => message_kind(message.full_name()),
        Response::Text => quote!(Text),
        Response::Nothing => quote!(Nothing),
        _ => quote!(Bytes),
    };
    let verb = match method.verb {
        Verb::Post => quote!(POST),
        _ => quote!(GET),
    };
    let idempotency = match method.idempotency {
        Idempotency::NoSideEffects => quote!(NoSideEffects),
        Idempotency::Idempotent => quote!(Idempotent),
        _ => quote!(Unstated),
    };
    // The checks of the schema let no other rules through here.
    let rules = message_rules(&method.request());
    let sets = rules.iter().filter_map(|rule| match rule.demand {
        Demand::Given(quantity) => {
            let quantity = format_ident!("{quantity:?}");
            let fields = rule.fields.iter().map(AsRef::as_ref);
            let fields = fields.map(|field: &str| quote!(#field));
            Some(quote!((Quantity::#quantity, &[#(#fields),*])))
        }
        Demand::Differ | Demand::Format(_) => None,
    });
    let pending = method.pending.iter().map(|one| pending(method, one));
    let pending = pending.collect::<Result<Vec<_>, _>>()?;
    let (constant, name) = (ident::shouty(method.name()), method.name());
    let (service, path) = (method.service().name(), &method.path);
    let absent = optional(method.absent.map(Literal::u16_unsuffixed));
    let may_be_empty = may_be_empty(&method.response);
    let poll_with = optional(poll_with(method)?);
    let successor = optional(method.successor.as_ref());
    let removal_after = optional(method.removal_after.as_ref());
    let (obsolete, anonymous) = (method.deprecated, method.anonymous);
    let stage = format_ident!("{}", format!("{:?}", method.stage));
    Ok(quote! {
        pub(super) static #constant: Method = Method {
            service: #service,
            name: #name,
            verb: http::Method::#verb,
            path: #path,
            parameters: &[#(#parameters),*],
            bodies: &[#(#bodies),*],
            response: ResponseKind::#response,
            sets: &[#(#sets),*],
            pending: &[#(#pending),*],
            absent: #absent,
            may_be_empty: #may_be_empty,
            idempotency: Idempotency::#idempotency,
            poll_with: #poll_with,
            obsolete: #obsolete,
            successor: #successor,
            removal_after: #removal_after,
            stage: Stage::#stage,
            anonymous: #anonymous,
        };
    })
}

/// Whether a body without bytes is a response: of a message, where no field has to be there.
fn may_be_empty(response: &Response) -> bool {
    match response {
        Response::Message(message) => message
            .fields()
            .all(|field| field.cardinality() != Cardinality::Required),
        Response::Text => false,
        _ => true,
    }
}

/// Where a message has secrets, of one that has any.
fn secrets(kind: &BodyKind) -> Option<TokenStream> {
    let BodyKind::Message(message) = kind else {
        return None;
    };
    let (keys, path) = (secret_keys(message), Path::of_message(message));
    (!keys.is_empty())
        .then(|| quote!(SecretKeys { keys: &[#(#keys),*], json: answer::to_json::<#path> }))
}

fn message_kind(name: &str) -> TokenStream {
    quote!(Message(#name))
}

fn parameter(parameter: &Parameter) -> Result<TokenStream, Error> {
    let field = &parameter.field;
    let kind = match field.kind() {
        Kind::String => quote!(Text),
        Kind::Int32 => quote!(Int32),
        Kind::Int64 => quote!(Int64),
        Kind::Bool => quote!(Bool),
        Kind::Enum(item) => {
            let values = item.enum_descriptor_proto().value.iter();
            let names = values.map(|value| value.name());
            quote!(Enum(&[#(#names),*]))
        }
        other => return Err(field_fault(field, &format!("no parameter is {other:?}"))),
    };
    let header = optional(parameter.header.as_ref());
    let required = field.cardinality() == Cardinality::Required;
    let (name, comma, list) = (field.name(), parameter.comma, field.is_list());
    let secret = is_secret(field);
    let rules = rules_tokens(field)?;
    Ok(quote! {
        Parameter {
            name: #name,
            header: #header,
            required: #required,
            comma: #comma,
            kind: ParameterKind::#kind,
            list: #list,
            secret: #secret,
            rules: &#rules,
        }
    })
}

fn pending(method: &Method, pending: &Pending) -> Result<TokenStream, Error> {
    let field = match &pending.field {
        Some(name) => {
            let (message, tells) = tells(method, name, &pending.values)?;
            let values = &pending.values;
            Some(quote! {
                PendingField {
                    name: #name,
                    values: &[#(#values),*],
                    tells: |form, body| {
                        answer::ask(form, body, |response: #message| #tells) == Some(true)
                    },
                }
            })
        }
        None => None,
    };
    let field = optional(field);
    let status = Literal::u16_unsuffixed(pending.status);
    let (header, required) = (&pending.delay_header, pending.header_required);
    Ok(quote! {
        Pending {
            status: #status,
            delay_header: #header,
            header_required: #required,
            field: #field,
        }
    })
}

/// The message that a method answers with, and whether one called `response` has one of the values
/// in a field.
fn tells(method: &Method, name: &str, values: &[String]) -> Result<(Path, TokenStream), Error> {
    let (message, field) = response_field(method, name)?;
    let member = ident::snake(name);
    let is_text = field.kind() == Kind::String;
    let values: Vec<_> = match field.kind() {
        Kind::Enum(item) => {
            let path = Path::of_enum(&item);
            let variants = values.iter().map(|value| path.join(ident::camel(value)));
            variants.map(|variant| quote!(#variant as i32)).collect()
        }
        Kind::String => values.iter().map(|value| quote!(#value)).collect(),
        other => return Err(fault(method, format!("{name} is {other:?}"))),
    };
    let values = quote!([#(#values),*]);
    let tells = match field.cardinality() {
        Cardinality::Required => {
            let borrow = is_text.then(|| quote!(.as_str()));
            quote!(#values.contains(&response.#member #borrow))
        }
        _ => {
            let borrow = is_text.then(|| quote!(.as_deref()));
            quote!(response.#member #borrow.is_some_and(|value| #values.contains(&value)))
        }
    };
    Ok((message, tells))
}

/// The method that tells the outcome of the task that a method starts.
fn poll_with(method: &Method) -> Result<Option<TokenStream>, Error> {
    let Some(name) = &method.poll_with else {
        return Ok(None);
    };
    let (message, _) = response_field(method, "TaskId")?;
    Ok(Some(quote! {
        PollWith {
            method: #name,
            task_id: |form, body| {
                let id = answer::ask(form, body, |response: #message| response.task_id)??;
                (!id.is_empty()).then_some(id)
            },
        }
    }))
}

fn response_field(method: &Method, name: &str) -> Result<(Path, FieldDescriptor), Error> {
    let Response::Message(message) = &method.response else {
        return Err(fault(method, "a field tells, but there is no message"));
    };
    let field = message.get_field_by_name(name);
    let field = field.ok_or_else(|| fault(method, format!("the response lacks {name}")))?;
    Ok((Path::of_message(message), field))
}

/// The rules of a field, as an array.
pub(super) fn rules_tokens(field: &FieldDescriptor) -> Result<TokenStream, Error> {
    let rules = field_rules(field).into_iter().map(|rule| {
        let rule: Result<TokenStream, _> = rule.expression().parse();
        rule.map_err(|error| field_fault(field, &error.to_string()))
    });
    let rules = rules.collect::<Result<Vec<_>, _>>()?;
    Ok(quote!([#(#rules),*]))
}
