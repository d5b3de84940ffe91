//! Masks that travel as integers.

use diadoc_schema::Schema;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::Docs;
use crate::docs::attributes;
use crate::{Error, ident, modules};

const RULES_PACKAGE: &str = "Diadoc.Rules";

/// `flags.rs`: a type per enum of bits beside the rules.
pub(super) fn generate(docs: &mut Docs<'_>, described: &Schema) -> Result<Vec<u8>, Error> {
    let mut code = TokenStream::new();
    let conversions = attributes(
        "\n`from_bits_retain` takes the number of a field, and `bits` gives it back; bits that no \
         flag has stay.",
    );
    let enums = described.pool().all_enums();
    for item in enums.filter(|item| item.package_name() == RULES_PACKAGE) {
        if !item.name().ends_with("Flags") {
            continue;
        }
        let comment = docs.comment(&item.parent_file(), item.path());
        let name = ident::ident(item.name());
        let bits = item.values().map(|value| {
            let comment = docs.comment(&item.parent_file(), value.path());
            let name = ident::shouty(value.name());
            let bit = Literal::i32_unsuffixed(value.number());
            quote!(#comment const #name = #bit;)
        });
        let bits: TokenStream = bits.collect();
        code.extend(quote! {
            bitflags::bitflags! {
                #comment
                #conversions
                #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
                pub struct #name: i32 { #bits }
            }
            impl From<i32> for #name {
                fn from(bits: i32) -> Self {
                    Self::from_bits_retain(bits)
                }
            }
            impl From<#name> for i32 {
                fn from(flags: #name) -> Self {
                    flags.bits()
                }
            }
        });
    }
    modules::format(RULES_PACKAGE, code, "a type per mask")
}
