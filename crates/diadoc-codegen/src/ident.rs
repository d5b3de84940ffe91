//! The names of Rust items: what prost-build makes of the schema's names, and what the requests do.

use std::collections::BTreeMap;
use std::fmt;

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};
use proc_macro2::{Ident, Span, TokenStream};
use prost_reflect::{EnumDescriptor, MessageDescriptor};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;

use crate::schema::{METHODS_PACKAGE, ROOT_PACKAGE, Schema};

/// The name of a field or a module.
pub fn snake(name: &str) -> Ident {
    ident(&name.to_snake_case())
}

/// The name of a type or a variant.
pub fn camel(name: &str) -> Ident {
    ident(&name.to_upper_camel_case())
}

/// The name of a static or a constant.
pub fn shouty(name: &str) -> Ident {
    ident(&name.to_shouty_snake_case())
}

/// A name as it is: raw where it is a keyword, and with an underscore where it cannot be raw.
pub fn ident(name: &str) -> Ident {
    let span = Span::call_site();
    match name {
        "" | "_" | "super" | "self" | "Self" | "extern" | "crate" => {
            Ident::new(&format!("{name}_"), span)
        }
        _ if name.starts_with(|c: char| c.is_numeric()) => Ident::new(&format!("_{name}"), span),
        // A keyword since the edition 2024, which syn does not know.
        "gen" => Ident::new_raw(name, span),
        _ => syn::parse_str(name).unwrap_or_else(|_| Ident::new_raw(name, span)),
    }
}

/// Whether the name is a keyword, which rustdoc has no links to.
pub fn is_raw(name: &Ident) -> bool {
    *name != name.unraw()
}

/// The path of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<Ident>);

impl Path {
    /// The path of a type from its package's module: `Outer.Inner` is `outer::Inner`.
    pub fn local(name: &str) -> Self {
        let (outer, inner) = name.rsplit_once('.').unwrap_or(("", name));
        Self(modules(outer).chain([camel(inner)]).collect())
    }

    /// The path of a type of diadoc-proto from the root of the crate that is called `root`.
    pub fn below(root: &str, package: &str, name: &str) -> Self {
        let root = [Ident::new(root, Span::call_site())].into_iter();
        let modules = root.chain(package_modules(package));
        Self(modules.chain(Self::local(name).0).collect())
    }

    /// The path of a type from the root of diadoc-proto.
    pub fn in_crate(package: &str, name: &str) -> Self {
        Self::below("crate", package, name)
    }

    /// The path of a message's type in diadoc-proto, for other crates.
    pub fn of_message(message: &MessageDescriptor) -> Self {
        Self::in_proto(message.package_name(), message.full_name())
    }

    /// The path of an enum: in diadoc-proto, or in the module itself where methods alone use it.
    pub fn of_enum(item: &EnumDescriptor) -> Self {
        match item.package_name() {
            METHODS_PACKAGE => Self::local(item.name()),
            package => Self::in_proto(package, item.full_name()),
        }
    }

    fn in_proto(package: &str, full_name: &str) -> Self {
        let name = full_name.strip_prefix(package).unwrap_or(full_name);
        Self::below("diadoc_proto", package, name.trim_start_matches('.'))
    }

    /// The path of something in the item.
    pub fn join(&self, name: Ident) -> Self {
        Self(self.0.iter().cloned().chain([name]).collect())
    }
}

/// The paths of all enums of diadoc-proto, by their full names.
pub fn enum_paths(schema: &Schema) -> BTreeMap<String, Path> {
    let enums = schema.enums().into_iter();
    enums
        .map(|item| (item.full_name(), Path::in_crate(item.package, &item.name)))
        .collect()
}

/// The modules of a package below the root of the crate.
pub fn package_modules(package: &str) -> impl Iterator<Item = Ident> {
    modules(package.strip_prefix(ROOT_PACKAGE).unwrap_or_default())
}

fn modules(names: &str) -> impl Iterator<Item = Ident> {
    names.split('.').filter(|name| !name.is_empty()).map(snake)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let colons = if index == 0 { "" } else { "::" };
            write!(f, "{colons}{name}")?;
        }
        Ok(())
    }
}

impl ToTokens for Path {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let names = &self.0;
        tokens.extend(quote!(#(#names)::*));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_raw_or_end_in_an_underscore() {
        for (name, expected) in [
            ("BoxId", "box_id"),
            ("type", "r#type"),
            ("gen", "r#gen"),
            ("self", "self_"),
            ("_", "_"),
            ("_1", "_1"),
        ] {
            assert_eq!(snake(name).to_string(), expected);
        }
        assert_eq!(camel("self").to_string(), "Self_");
        assert_eq!(shouty("GetBoxV2").to_string(), "GET_BOX_V2");
        let path = Path::in_crate("Diadoc.Api.Proto.Documents.Types", "Outer.Inner");
        assert_eq!(path.to_string(), "crate::documents::types::outer::Inner");
        assert_eq!(
            path.join(snake("type")).to_string(),
            format!("{path}::r#type")
        );
    }
}
