//! What prost's derive gives to an enum.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ident::{self, Path};
use crate::schema::{Enum, aliases};

/// What the derive would have written for an enum.
pub(super) fn enumeration(item: &Enum<'_>) -> TokenStream {
    let path = Path::local(&item.name);
    let aliases: Vec<&str> = aliases(item.descriptor)
        .iter()
        .map(|(_, name)| *name)
        .collect();
    let values = item.descriptor.value.iter();
    let (numbers, members): (Vec<_>, Vec<_>) = values
        .filter(|value| !aliases.contains(&value.name()))
        .map(|value| {
            let member = ident::camel(value.name());
            (
                Literal::i32_unsuffixed(value.number()),
                quote!(Self::#member),
            )
        })
        .unzip();
    let (first, name) = (
        &members[..1],
        ident::camel(item.descriptor.name()).to_string(),
    );
    let is_valid_doc = format!("Returns `true` if `value` is a variant of `{name}`.");
    quote! {
        impl #path {
            #[doc = #is_valid_doc]
            pub const fn is_valid(value: i32) -> bool {
                matches!(value, #(#numbers)|*)
            }
        }
        impl Default for #path {
            fn default() -> Self {
                #(#first)*
            }
        }
        impl From<#path> for i32 {
            fn from(value: #path) -> i32 {
                value as i32
            }
        }
        impl TryFrom<i32> for #path {
            type Error = ::prost::UnknownEnumValue;
            fn try_from(value: i32) -> Result<Self, ::prost::UnknownEnumValue> {
                match value {
                    #(#numbers => Ok(#members),)*
                    _ => Err(::prost::UnknownEnumValue(value)),
                }
            }
        }
    }
}
