//! Step 6: the fields of each message by key and number, with which `diadoc_proto::preserve` finds
//! what the schema does not know.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::Label;
use quote::quote;

use crate::ident::{self, Path};
use crate::schema::{Kind, ROOT_PACKAGE, kind};
use crate::{Error, Schema, modules};

/// `preserve.rs`: a table per message, in the order of the schema.
pub fn generate(schema: &Schema) -> Result<Vec<u8>, Error> {
    let messages = schema.messages();
    let message_paths = messages.iter().map(|message| {
        let path = Path::in_crate(message.package, &message.name);
        (message.full_name(), path)
    });
    let paths: BTreeMap<String, Path> = message_paths.chain(ident::enum_paths(schema)).collect();

    let mut code = quote!(
        use super::fields::{Field, Fields, Known};
        use crate::json::generated::Codec as _;
    );
    for message in &messages {
        let path = Path::in_crate(message.package, &message.name);
        let fields = message.descriptor.field.iter();
        let fields: Vec<_> = fields
            .map(|it| field(it, &paths))
            .collect::<Result<_, _>>()?;
        code.extend(quote! {
            impl Known for #path {
                fn fields() -> &'static Fields {
                    static FIELDS: Fields = Fields::new(|| #path::default().keys(), &[#(#fields),*]);
                    &FIELDS
                }
            }
        });
    }
    modules::format(ROOT_PACKAGE, code, "a table of fields per message")
}

/// The expression that makes the entry of a field.
fn field(
    field: &FieldDescriptorProto,
    paths: &BTreeMap<String, Path>,
) -> Result<TokenStream, Error> {
    let no_rule = || Error::Schema(format!("{}: nothing to keep it by", field.name()));
    let number = Literal::i32_unsuffixed(field.number());
    let repeated = field.label() == Label::Repeated;
    let path = paths.get(field.type_name().trim_start_matches('.'));
    Ok(match (kind(field).ok_or_else(no_rule)?, path) {
        (Kind::Enum, Some(path)) if repeated => quote!(Field::members_of(#number, #path::MEMBERS)),
        (Kind::Enum, Some(path)) => quote!(Field::member_of(#number, #path::MEMBERS)),
        (Kind::Message, Some(path)) if repeated => quote!(Field::message_list::<#path>(#number)),
        (Kind::Message, Some(path)) => quote!(Field::message::<#path>(#number)),
        (Kind::Enum | Kind::Message, None) => return Err(no_rule()),
        _ => quote!(Field::value(#number)),
    })
}
