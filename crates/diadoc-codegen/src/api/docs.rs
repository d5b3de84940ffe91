//! The comments of methods, as rustdoc.

use proc_macro2::TokenStream;
use prost_reflect::FileDescriptor;

use crate::docs::{Links, attributes};
use crate::schema::METHODS_PACKAGE;
use crate::{Schema, ident};

/// Writes doc comments with links to messages and to methods.
pub(super) struct Docs<'a> {
    schema: &'a diadoc_schema::Schema,
    linker: Links,
    /// How many links were made.
    pub links: usize,
}

impl<'a> Docs<'a> {
    pub(super) fn new(schema: &Schema, described: &'a diadoc_schema::Schema) -> Self {
        Self {
            schema: described,
            linker: Links::new(schema),
            links: 0,
        }
    }

    /// The comment at a path of a file.
    pub(super) fn comment(&mut self, file: &FileDescriptor, path: &[i32]) -> TokenStream {
        let info = file.file_descriptor_proto().source_code_info.as_ref();
        let location = info.and_then(|info| info.location.iter().find(|place| place.path == path));
        let text = location.map_or("", |location| location.leading_comments());
        let lines = text.lines();
        let lines: Vec<_> = lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        self.lines(&lines.join("\n"))
    }

    /// A text as a doc comment.
    pub(super) fn lines(&mut self, text: &str) -> TokenStream {
        let schema = self.schema;
        let resolve = |index: &crate::docs::Index, name: &str| {
            if let Ok(method) = schema.method(name) {
                // A link to what a feature leaves out would be broken without it.
                let module = ident::snake(method.service().name());
                return (!method.deprecated).then(|| format!("crate::{module}::{}", method.name()));
            }
            let path = index.resolve(METHODS_PACKAGE, name)?;
            Some(path.replacen("crate::", "diadoc_proto::", 1))
        };
        let linked = self.linker.link(text, &mut self.links, resolve);
        attributes(linked.trim_matches('\n'))
    }
}
