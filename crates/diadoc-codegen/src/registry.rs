//! Step 5: a table of all messages by full name.

use crate::schema::ROOT_PACKAGE;
use crate::{Error, Schema, modules};

/// `registry.rs`: one line per message, sorted by name.
pub fn generate(schema: &Schema) -> Result<Vec<u8>, Error> {
    let mut lines: Vec<_> = schema
        .messages()
        .iter()
        .map(|message| {
            let path = modules::crate_path(message.package, &message.name);
            (message.full_name(), path)
        })
        .collect();
    lines.sort();
    let entries: String = lines
        .iter()
        .map(|(name, path)| format!("MessageType::of::<{path}>({name:?}),\n"))
        .collect();
    let code = format!(
        "use super::MessageType;\n\
         /// Every message of the schema, sorted by full name.\n\
         pub(super) static MESSAGES: [MessageType; {}] = [\n{entries}];\n",
        lines.len()
    );
    modules::format(ROOT_PACKAGE, &code, "a line per message")
}
