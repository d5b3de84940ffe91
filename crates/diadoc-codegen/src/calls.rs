//! Step 10: a call of every method, for the tests of diadoc-fake.
//!
//! A typed request stands in the code by its name, so a test that makes all of them needs a line per
//! method. The parameters are those of the smallest valid example.

use diadoc_schema::{Example, Method, Response, example};
use heck::ToSnakeCase as _;
use proc_macro2::{Ident, TokenStream};
use prost_reflect::{Cardinality, FieldDescriptor, Kind};
use quote::{format_ident, quote};

use crate::api::field_name;
use crate::{Error, modules};

/// `mod.rs` with a function per service and one that calls them all. `described` is the set with
/// comments and options.
pub fn generate(described: &[u8], log: &mut Vec<String>) -> Result<Vec<u8>, Error> {
    let described = diadoc_schema::Schema::from_descriptor_set(described)
        .map_err(|error| Error::Schema(error.to_string()))?;
    let mut functions = Vec::new();
    let mut names = Vec::new();
    for service in described.pool().services() {
        let name = format_ident!("{}", service.name().to_snake_case());
        let methods = described.methods().iter();
        let calls = methods
            .filter(|method| method.service() == &service)
            .map(|method| call(&name, method))
            .collect::<Result<Vec<_>, _>>()?;
        functions.push(quote! {
            async fn #name(calls: &mut Calls) { #(calls.#calls.await;)* }
        });
        names.push(name);
    }
    log.push(format!("calls: {} methods", described.methods().len()));
    let code = quote! {
        use super::every_method::{Calls, bytes, value};

        pub async fn call_each(calls: &mut Calls) {
            // A future of its own for each service, so that none becomes too large for the stack.
            #(Box::pin(#names(calls)).await;)*
        }

        #(#functions)*
    };
    modules::format("Diadoc.Api.Methods", &code.to_string(), "a line per method")
}

/// The call of a method, and of its request what it requires in `new`, and of the rest what a valid one has besides.
/// Where none of several bodies must be there, the first one is.
fn call(module: &Ident, method: &Method) -> Result<TokenStream, Error> {
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
            let setter: Ident = syn::parse_str(&field_name(&field))
                .map_err(|error| Error::Schema(format!("{}: {error}", field.full_name())))?;
            others.push(quote! { .#setter(#value) });
        }
    }
    let name = format_ident!("{}", method.name());
    let request = quote! { diadoc_api::#module::#name::new(#(#required),*) #(#others)* };
    Ok(match (&method.response, method.absent) {
        (Response::Message(_), None) => quote! { send_and_compare(#request) },
        _ => quote! { send(#request) },
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
