//! The methods as data.

use diadoc_schema::{BodyKind, Idempotency, Method, Parameter, Pending, Response, Schema, Verb};
use proc_macro2::{Literal, TokenStream};
use prost_reflect::{Cardinality, FieldDescriptor};
use quote::{format_ident, quote};

use super::{field_fault, optional};
use crate::rules::options::{self, Format};
use crate::schema::METHODS_PACKAGE;
use crate::{Error, ident, modules};

/// `methods.rs`: a static per method, and a list of them.
pub(super) fn generate(described: &Schema) -> Result<Vec<u8>, Error> {
    let methods = described.methods();
    let entries = methods.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let names = methods.iter().map(|method| ident::shouty(method.name()));
    let count = Literal::usize_unsuffixed(methods.len());
    let code = quote! {
        use crate::{
            Body, BodyKind, Format, Idempotency, Method, Parameter, Pending, ResponseKind, Rules,
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
        quote!(Body::new(#name, BodyKind::#kind))
    });
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
    let rules = options::of_message(&method.request());
    let [any_of, one_of, excludes] =
        [rules.any_of, rules.one_of, rules.excludes].map(|sets| quote!(&[#(&[#(#sets),*]),*]));
    let pending = method.pending.iter().map(pending);
    let (constant, name) = (ident::shouty(method.name()), method.name());
    let (service, path) = (method.service().name(), &method.path);
    let absent = optional(method.absent.map(Literal::u16_unsuffixed));
    let poll_with = optional(method.poll_with.as_ref());
    let successor = optional(method.successor.as_ref());
    let removal_after = optional(method.removal_after.as_ref());
    let (obsolete, anonymous) = (method.deprecated, method.anonymous);
    Ok(quote! {
        pub(super) static #constant: Method = Method {
            service: #service,
            name: #name,
            verb: http::Method::#verb,
            path: #path,
            parameters: &[#(#parameters),*],
            bodies: &[#(#bodies),*],
            response: ResponseKind::#response,
            any_of: #any_of,
            one_of: #one_of,
            excludes: #excludes,
            pending: &[#(#pending),*],
            absent: #absent,
            idempotency: Idempotency::#idempotency,
            poll_with: #poll_with,
            obsolete: #obsolete,
            successor: #successor,
            removal_after: #removal_after,
            anonymous: #anonymous,
        };
    })
}

fn message_kind(name: &str) -> TokenStream {
    quote!(Message(#name))
}

fn parameter(parameter: &Parameter) -> Result<TokenStream, Error> {
    let field = &parameter.field;
    if options::of_field(field).max_items.is_some() {
        return Err(field_fault(field, "the number of values is not checked"));
    }
    let required = field.cardinality() == Cardinality::Required;
    let kind = format_ident!("{}", if required { "required" } else { "optional" });
    let header = parameter.header.iter();
    let commas = parameter.comma.then(|| quote!(.with_commas()));
    let (name, rules) = (field.name(), rules_tokens(field)?);
    Ok(quote!(Parameter::#kind(#name, Rules::ANY #rules) #(.in_header(#header))* #commas))
}

fn pending(pending: &Pending) -> TokenStream {
    let values = &pending.values;
    let field = pending.field.as_ref();
    let field = optional(field.map(|field| quote!((#field, &[#(#values),*]))));
    let status = Literal::u16_unsuffixed(pending.status);
    let (header, required) = (&pending.delay_header, pending.header_required);
    quote! {
        Pending {
            status: #status,
            delay_header: #header,
            header_required: #required,
            field: #field,
        }
    }
}

/// The rules of the values of a field, as calls that follow `Rules::ANY`; none where there are none.
pub(super) fn rules_tokens(field: &FieldDescriptor) -> Result<TokenStream, Error> {
    let rules = options::of_field(field);
    if !rules.flags.is_empty() {
        return Err(field_fault(field, "masks are not checked"));
    }
    let format = rules.format.map(|format| match format {
        Format::Guid => quote!(Guid),
        Format::BoxId => quote!(BoxId),
        Format::Date => quote!(Date),
        Format::Ticks => quote!(Ticks),
        Format::Inn => quote!(Inn),
        Format::FilterCategory => quote!(FilterCategory),
    });
    let (u32, i64) = (Literal::u32_unsuffixed, Literal::i64_unsuffixed);
    let calls = [
        format.map(|format| quote!(.format(Format::#format))),
        rules.min_len.map(u32).map(|value| quote!(.min_len(#value))),
        rules.max_len.map(u32).map(|value| quote!(.max_len(#value))),
        rules.pattern.map(|value| quote!(.pattern(#value))),
        rules.gte.map(i64).map(|value| quote!(.gte(#value))),
        rules.lte.map(i64).map(|value| quote!(.lte(#value))),
    ];
    Ok(calls.into_iter().flatten().collect())
}
