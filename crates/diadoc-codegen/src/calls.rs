//! Step 11: a call of every method, for the tests of diadoc-fake, and a request around every body that
//! is a message, for those of diadoc-api.
//!
//! A typed request stands in the code by its name, so a test that makes all of them needs a line per
//! method. The parameters are those of the smallest valid example.

use diadoc_schema::{Body, BodyKind, Example, Method, Response, Schema, example};
use proc_macro2::{Ident, TokenStream};
use prost_reflect::{Cardinality, FieldDescriptor, Kind};
use quote::quote;

use crate::ident::Path;
use crate::schema::METHODS_PACKAGE;
use crate::{Error, ident, modules};

/// `mod.rs` with a function per service and one that calls them all.
pub fn generate(compiled: &Schema, log: &mut Vec<String>) -> Result<Vec<u8>, Error> {
    let mut functions = Vec::new();
    let mut names = Vec::new();
    for service in compiled.pool().services() {
        let name = ident::snake(service.name());
        let methods = compiled.methods().iter();
        let calls = methods
            .filter(|method| method.service() == &service)
            .map(|method| call(&name, method));
        functions.push(quote! {
            async fn #name(calls: &mut Calls) { #(calls.#calls.await;)* }
        });
        names.push(name);
    }
    log.push(format!("calls: {} methods", compiled.methods().len()));
    let code = quote! {
        use super::every_method::{Calls, bytes, value};

        pub(super) async fn call_each(calls: &mut Calls) {
            // A future of its own for each service, so that none becomes too large for the stack.
            #(Box::pin(#names(calls)).await;)*
        }

        #(#functions)*
    };
    modules::format(METHODS_PACKAGE, code, "a line per method")
}

/// The call of a method, with what its request requires in `new`, and what a valid one has besides.
/// Where none of several bodies must be there, the first one is.
fn call(module: &Ident, method: &Method) -> TokenStream {
    let example = example(&method.request(), Example::Minimal);
    let is_set = |field: &FieldDescriptor| example.get(field.json_name()).is_some();
    let body = match &method.bodies[..] {
        [first, _, ..] if !method.bodies.iter().any(|body| is_set(&body.field)) => {
            Some(&first.field)
        }
        _ => None,
    };
    let (mut required, mut others) = (Vec::new(), Vec::new());
    for field in method.request().fields() {
        let value = argument(method, &field);
        if field.cardinality() == Cardinality::Required {
            required.push(value);
        } else if is_set(&field) || body == Some(&field) {
            let setter = ident::snake(field.name());
            others.push(quote! { .#setter(#value) });
        }
    }
    let name = ident::ident(method.name());
    let request = quote! { diadoc_api::#module::#name::new(#(#required),*) #(#others)* };
    match (&method.response, method.absent) {
        (Response::Message(_), None) => quote! { send_and_compare(#request) },
        _ => quote! { send(#request) },
    }
}

/// `mod.rs` with a function that makes a request around each body that is a message.
pub fn bodies(compiled: &Schema) -> Result<Vec<u8>, Error> {
    let lines = compiled.methods().iter().flat_map(|method| {
        let bodies = method.bodies.iter();
        bodies.filter_map(|body| around_body(method, body))
    });
    let code = quote! {
        use super::bodies::{Bodies, value};

        pub(super) fn each_body(bodies: &mut impl Bodies) {
            #(bodies.#lines;)*
        }
    };
    modules::format(METHODS_PACKAGE, code, "a line per body")
}

/// The request of a method with a given body, and what it requires besides.
fn around_body(method: &Method, body: &Body) -> Option<TokenStream> {
    let BodyKind::Message(message) = &body.kind else {
        return None;
    };
    let service = ident::snake(method.service().name());
    let name = ident::ident(method.name());
    let request = method.request();
    let required = request
        .fields()
        .filter(|field| field.cardinality() == Cardinality::Required);
    let required = required.map(|field| match field == body.field {
        true => quote! { body },
        false => argument(method, &field),
    });
    let setter = (body.field.cardinality() != Cardinality::Required).then(|| {
        let setter = ident::snake(body.field.name());
        quote! { .#setter(body) }
    });
    let (of_method, of_body) = (method.name(), body.field.name());
    let path = Path::of_message(message);
    Some(quote! {
        body(#of_method, #of_body, |body: #path| {
            diadoc_api::#service::#name::new(#(#required),*) #setter
        })
    })
}

/// The value of a parameter. The type stands where `new` or the setter takes several.
fn argument(method: &Method, field: &FieldDescriptor) -> TokenStream {
    let plain = match field.kind() {
        Kind::Bytes => return quote! { bytes() },
        Kind::String => quote! { String },
        Kind::Int64 => quote! { i64 },
        _ => quote! { _ },
    };
    let of_type = match field.is_list() {
        true => quote! { Vec<#plain> },
        false => plain,
    };
    let (method, name) = (method.name(), field.name());
    quote! { value::<#of_type>(#method, #name) }
}
