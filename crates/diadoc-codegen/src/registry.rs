//! Step 5: a table of all messages by full name.

use std::collections::BTreeMap;

use quote::quote;

use crate::ident::Path;
use crate::schema::ROOT_PACKAGE;
use crate::{Error, Schema, modules};

/// `registry.rs`: one line per message, sorted by name.
pub fn generate(schema: &Schema) -> Result<Vec<u8>, Error> {
    let messages: BTreeMap<_, _> = schema
        .messages()
        .iter()
        .map(|message| {
            let path = Path::in_crate(message.package, &message.name);
            (message.full_name(), path)
        })
        .collect();
    let count = proc_macro2::Literal::usize_unsuffixed(messages.len());
    let (names, paths) = (messages.keys(), messages.values());
    let code = quote! {
        use super::MessageType;
        /// Every message of the schema, sorted by full name.
        pub(super) static MESSAGES: [MessageType; #count] = [
            #(MessageType::of::<#paths>(#names),)*
        ];
    };
    modules::format(ROOT_PACKAGE, code, "a line per message")
}
