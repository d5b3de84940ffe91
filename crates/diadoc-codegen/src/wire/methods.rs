//! The methods of a message beside its fields.

use proc_macro2::TokenStream;
use prost_types::field_descriptor_proto::{Label, Type};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;

use super::Field;
use crate::ident::Path;

impl Field<'_> {
    /// The methods that prost gives to fields of its kind.
    pub(super) fn methods(&self) -> Option<TokenStream> {
        let (name, default) = (&self.name, &self.default);
        let plain = name.unraw().to_string();
        let value =
            format!("Returns the value of `{plain}`, or the default value if `{plain}` is unset.");
        let method = |returned: TokenStream, value_of: TokenStream| {
            quote! {
                #[doc = #value]
                pub fn #name(&self) -> #returned {
                    #value_of
                }
            }
        };
        let kind = self.descriptor.r#type();
        if let Some(item) = &self.of_enum {
            return Some(self.methods_of_enum(item));
        }
        if self.label() != Label::Optional || self.is_message() {
            return None;
        }
        Some(match kind {
            Type::String => method(
                quote!(&str),
                quote!(self.#name.as_deref().unwrap_or(#default)),
            ),
            Type::Bytes => method(
                quote!(&[u8]),
                quote!(self.#name.as_deref().unwrap_or(#default)),
            ),
            Type::Bool => method(quote!(bool), quote!(self.#name.unwrap_or(#default))),
            Type::Int64 | Type::Sint64 | Type::Sfixed64 => {
                method(quote!(i64), quote!(self.#name.unwrap_or(#default)))
            }
            _ => method(quote!(i32), quote!(self.#name.unwrap_or(#default))),
        })
    }

    fn methods_of_enum(&self, item: &Path) -> TokenStream {
        let (name, default) = (&self.name, &self.default);
        let plain = name.unraw().to_string();
        let (set, push) = (format_ident!("set_{plain}"), format_ident!("push_{plain}"));
        let set_doc = format!("Sets `{plain}` to the provided enum value.");
        match self.label() {
            Label::Required => {
                let get_doc = format!(
                    "Returns the enum value of `{plain}`, or the default if the field is set to an \
                     invalid enum value."
                );
                quote! {
                    #[doc = #get_doc]
                    pub fn #name(&self) -> #item {
                        #item::try_from(self.#name).unwrap_or(#default)
                    }
                    #[doc = #set_doc]
                    pub fn #set(&mut self, value: #item) {
                        self.#name = value as i32;
                    }
                }
            }
            Label::Optional => {
                let get_doc = format!(
                    "Returns the enum value of `{plain}`, or the default if the field is unset or set \
                     to an invalid enum value."
                );
                quote! {
                    #[doc = #get_doc]
                    pub fn #name(&self) -> #item {
                        self.#name.and_then(|value| #item::try_from(value).ok()).unwrap_or(#default)
                    }
                    #[doc = #set_doc]
                    pub fn #set(&mut self, value: #item) {
                        self.#name = Some(value as i32);
                    }
                }
            }
            Label::Repeated => {
                let get_doc = format!(
                    "Returns an iterator which yields the valid enum values contained in `{plain}`."
                );
                let push_doc = format!("Appends the provided enum value to `{plain}`.");
                quote! {
                    #[doc = #get_doc]
                    pub fn #name(&self) -> ::core::iter::FilterMap<
                        ::core::iter::Cloned<::core::slice::Iter<'_, i32>>,
                        fn(i32) -> Option<#item>,
                    > {
                        self.#name.iter().cloned().filter_map(|value| #item::try_from(value).ok())
                    }
                    #[doc = #push_doc]
                    pub fn #push(&mut self, value: #item) {
                        self.#name.push(value as i32);
                    }
                }
            }
        }
    }
}
