//! Step 9: the requests of diadoc-api.
//!
//! A plain pass over the services: a module per service with a type per rpc, and a table of all
//! methods as data. What an rpc says is read by diadoc-schema.

mod bodies;
mod docs;
mod flags;
mod paging;
mod requests;
mod table;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use prost_reflect::{FieldDescriptor, Kind};
use quote::{ToTokens, quote};

use crate::ident::{self, Path};
use crate::schema::METHODS_PACKAGE;
use crate::{Error, Schema, SchemaFault, modules};

const MADE_BY: &str = "a type per method";

/// The files below `crates/diadoc-api/src/generated/`; none where the schema has no methods.
/// `compiled` is the schema with comments, places and options.
pub fn generate(
    schema: &Schema,
    compiled: &diadoc_schema::Schema,
    log: &mut Vec<String>,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut files = BTreeMap::new();
    if compiled.methods().is_empty() {
        return Ok(files);
    }
    let mut docs = docs::Docs::new(schema, compiled);
    let mut module_lines = TokenStream::new();
    for service in compiled.pool().services() {
        let module = ident::snake(service.name());
        let file = service.parent_file();
        let comment = docs.comment(&file, service.path());
        module_lines.extend(quote!(#comment pub mod #module;));

        let mut code = requests::uses();
        let enums = compiled.pool().all_enums();
        for item in enums.filter(|item| item.parent_file() == file) {
            code.extend(requests::enumeration(&mut docs, &item));
        }
        let methods = compiled.methods().iter();
        for method in methods.filter(|method| method.service() == &service) {
            code.extend(requests::request(compiled, &mut docs, method)?);
        }
        let code = modules::format(service.full_name(), code, MADE_BY)?;
        files.insert(format!("{module}.rs"), code);
    }
    let root = quote! {
        #module_lines
        mod bodies;
        mod flags;
        mod methods;
        pub use flags::*;
        pub use methods::METHODS;
    };
    let root = modules::format(METHODS_PACKAGE, root, MADE_BY)?;
    files.insert("mod.rs".into(), root);
    files.insert("methods.rs".into(), table::generate(compiled)?);
    files.insert("bodies.rs".into(), bodies::generate(compiled)?);
    files.insert("flags.rs".into(), flags::generate(&mut docs, compiled)?);
    log.push(format!(
        "api: {} methods in {} modules, {} names linked",
        compiled.methods().len(),
        compiled.pool().services().len(),
        docs.links
    ));
    Ok(files)
}

/// An error about something that a method names.
fn fault(method: &diadoc_schema::Method, what: impl std::fmt::Display) -> Error {
    Error::Faults(vec![SchemaFault::of(&method.descriptor, &[], what)])
}

/// An error about a field.
fn field_fault(field: &FieldDescriptor, what: &str) -> Error {
    Error::Faults(vec![SchemaFault::of(field, &[], what)])
}

/// The type of a scalar or enum parameter, or of a body, as plain Rust.
fn rust_type(
    method: &diadoc_schema::Method,
    field: &FieldDescriptor,
) -> Result<TokenStream, Error> {
    Ok(match field.kind() {
        Kind::String => quote!(String),
        Kind::Int32 => quote!(i32),
        Kind::Int64 => quote!(i64),
        Kind::Bool => quote!(bool),
        Kind::Bytes => quote!(bytes::Bytes),
        Kind::Enum(item) => Path::of_enum(&item).into_token_stream(),
        Kind::Message(message) => Path::of_message(&message).into_token_stream(),
        other => {
            let what = format!("{}: no type for {other:?}", field.name());
            return Err(fault(method, what));
        }
    })
}

/// `Some` of the value or `None`, as code.
fn optional(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
