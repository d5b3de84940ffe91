//! Where diadoc-proto keeps a thing of the schema: the names that prost-build gives; and where
//! diadoc-api keeps the request of a method.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use prost_reflect::{EnumDescriptor, FieldDescriptor, MessageDescriptor, MethodDescriptor};

use crate::names::short_name;

pub(crate) fn message(message: &MessageDescriptor) -> String {
    path(message.package_name(), message.full_name())
}

pub(crate) fn enumeration(item: &EnumDescriptor) -> String {
    path(item.package_name(), item.full_name())
}

/// A module per service holds a request per method.
pub(crate) fn method(method: &MethodDescriptor) -> String {
    let module = method.parent_service().name().to_snake_case();
    format!("diadoc_api::{module}::{}", method.name())
}

/// The name of a field, raw where it is a keyword.
pub(crate) fn field(field: &FieldDescriptor) -> String {
    identifier(field.name().to_snake_case())
}

pub(crate) fn variant(value: &str) -> String {
    identifier(value.to_upper_camel_case())
}

/// A module per package, and per message that holds others: `Outer.Inner` is `outer::Inner`.
fn path(package: &str, full_name: &str) -> String {
    let own = full_name
        .strip_prefix(package)
        .map_or(full_name, |rest| rest.trim_start_matches('.'));
    let modules = match short_name(full_name).strip_suffix(own) {
        Some(modules) => modules.trim_end_matches('.'),
        None => "",
    };
    let (outer, name) = own.rsplit_once('.').unwrap_or(("", own));
    let mut path = String::from("diadoc_proto");
    for module in modules.split('.').chain(outer.split('.')) {
        if !module.is_empty() {
            path += "::";
            path += &identifier(module.to_snake_case());
        }
    }
    path + "::" + &identifier(name.to_upper_camel_case())
}

/// Keywords become raw, or get an underscore where Rust has no raw form of them.
#[rustfmt::skip]
fn identifier(name: String) -> String {
    match name.as_str() {
        "abstract" | "as" | "async" | "await" | "become" | "box" | "break" | "const" | "continue"
        | "do" | "dyn" | "else" | "enum" | "false" | "final" | "fn" | "for" | "gen" | "if"
        | "impl" | "in" | "let" | "loop" | "macro" | "match" | "mod" | "move" | "mut"
        | "override" | "priv" | "pub" | "ref" | "return" | "static" | "struct" | "trait" | "true"
        | "try" | "type" | "typeof" | "unsafe" | "unsized" | "use" | "virtual" | "where"
        | "while" | "yield" => format!("r#{name}"),
        "_" | "super" | "self" | "Self" | "extern" | "crate" => format!("{name}_"),
        other if other.starts_with(|first: char| first.is_numeric()) => format!("_{name}"),
        _ => name,
    }
}
