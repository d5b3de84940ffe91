//! Before step 2, and for the methods: names in backticks become links.
//!
//! Comments in `proto/` name types, fields and values as the schema does: `` `DocumentList` ``,
//! `` `Document.IndexKey` ``, `` `IndexKey` `` for a field of the same message. In rustdoc these
//! become links to the Rust item; a name that the schema does not know stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorSet};
use quote::quote;
use regex::{Captures, Regex};

use crate::Schema;
use crate::ident::{self, Path};

// The numbers of these fields in descriptor.proto, of which the paths of comments are made.
const FILE_MESSAGE: i32 = 4;
const FILE_ENUM: i32 = 5;
const MESSAGE_NESTED: i32 = 3;
const MESSAGE_ENUM: i32 = 4;

/// The schema's files with linked comments, and how many links they hold; `files` are those of the
/// schema, with the comments that are to be linked.
pub fn linked(schema: &Schema, mut files: FileDescriptorSet) -> (FileDescriptorSet, usize) {
    let links = Links::new(schema);
    let mut count = 0;
    for file in &mut files.file {
        let package = file.package().to_owned();
        let Some(mut info) = file.source_code_info.take() else {
            continue;
        };
        for location in &mut info.location {
            let scope = scope(
                &file.message_type,
                &file.enum_type,
                &location.path,
                &package,
            );
            for comment in [
                &mut location.leading_comments,
                &mut location.trailing_comments,
            ]
            .into_iter()
            .flatten()
            {
                *comment = links.link(comment, &mut count, |index, name| {
                    index.resolve(&scope, name).map(str::to_owned)
                });
            }
        }
        file.source_code_info = Some(info);
    }
    (files, count)
}

/// The lines of a text as a doc comment.
pub fn attributes(text: &str) -> TokenStream {
    let line = |line: &str| match line.trim_end() {
        "" => String::new(),
        line => format!(" {line}"),
    };
    let lines = text.lines().map(line);
    quote!(#(#[doc = #lines])*)
}

/// Makes links of names in backticks.
pub(crate) struct Links {
    index: Index,
    code: Regex,
}

impl Links {
    pub(crate) fn new(schema: &Schema) -> Self {
        Self {
            index: Index::new(schema),
            code: Regex::new("`([A-Za-z][A-Za-z0-9_.]*)`").expect("a valid pattern"),
        }
    }

    /// The text with links, where `resolve` gives the Rust path of a name; `count` counts them.
    pub(crate) fn link(
        &self,
        text: &str,
        count: &mut usize,
        resolve: impl Fn(&Index, &str) -> Option<String>,
    ) -> String {
        let linked = |found: &Captures<'_>| match resolve(&self.index, &found[1]) {
            Some(path) => {
                *count += 1;
                format!("[`{}`]({path})", &found[1])
            }
            None => found[0].to_owned(),
        };
        self.code.replace_all(text, linked).into_owned()
    }
}

/// The full name of the message or enum that the comment at `path` stands on or in.
fn scope(
    messages: &[DescriptorProto],
    enums: &[EnumDescriptorProto],
    path: &[i32],
    package: &str,
) -> String {
    let at = |index: i32| usize::try_from(index).unwrap_or(usize::MAX);
    let mut scope = package.to_owned();
    let (mut messages, mut enums) = (messages, enums);
    let (mut message_tag, mut enum_tag) = (FILE_MESSAGE, FILE_ENUM);
    for step in path.chunks_exact(2) {
        if step[0] == message_tag {
            let Some(message) = messages.get(at(step[1])) else {
                break;
            };
            scope = format!("{scope}.{}", message.name());
            (messages, enums) = (&message.nested_type, &message.enum_type);
            (message_tag, enum_tag) = (MESSAGE_NESTED, MESSAGE_ENUM);
        } else if step[0] == enum_tag {
            let Some(item) = enums.get(at(step[1])) else {
                break;
            };
            return format!("{scope}.{}", item.name());
        } else {
            break;
        }
    }
    scope
}

/// What a name in a comment can mean.
pub(crate) struct Index {
    /// Rust paths of types by full name.
    types: BTreeMap<String, String>,
    /// Rust paths of fields and values by the full name of their type, a dot, and their own name.
    members: BTreeMap<String, String>,
    /// Full names of types by each of their tails: `Document`, `Documents.Document`, and so on.
    tails: BTreeMap<String, BTreeSet<String>>,
    /// Full names of enum values by their own name.
    values: BTreeMap<String, BTreeSet<String>>,
}

impl Index {
    fn new(schema: &Schema) -> Self {
        let mut index = Self {
            types: BTreeMap::new(),
            members: BTreeMap::new(),
            tails: BTreeMap::new(),
            values: BTreeMap::new(),
        };
        for message in schema.messages() {
            let full_name = message.full_name();
            let path = Path::in_crate(message.package, &message.name);
            for field in &message.descriptor.field {
                let name = ident::snake(field.name());
                // rustdoc has no link to a field whose name is a keyword.
                if !ident::is_raw(&name) {
                    let member = format!("{full_name}.{}", field.name());
                    index.members.insert(member, path.join(name).to_string());
                }
            }
            index.add_type(full_name, path.to_string());
        }
        for item in schema.enums() {
            let full_name = item.full_name();
            let path = Path::in_crate(item.package, &item.name);
            let mut first_names = BTreeMap::new();
            for value in &item.descriptor.value {
                // An alias has no variant of its own.
                let variant = first_names.entry(value.number()).or_insert(value.name());
                let member = format!("{full_name}.{}", value.name());
                let variant = path.join(ident::camel(variant)).to_string();
                index.members.insert(member.clone(), variant);
                index
                    .values
                    .entry(value.name().to_owned())
                    .or_default()
                    .insert(member);
            }
            index.add_type(full_name, path.to_string());
        }
        index
    }

    fn add_type(&mut self, full_name: String, path: String) {
        let mut tail = full_name.as_str();
        loop {
            self.tails
                .entry(tail.to_owned())
                .or_default()
                .insert(full_name.clone());
            match tail.split_once('.') {
                Some((_, shorter)) => tail = shorter,
                None => break,
            }
        }
        self.types.insert(full_name, path);
    }

    /// The Rust path of `name` as written in the comment of something in `scope`.
    pub(crate) fn resolve(&self, scope: &str, name: &str) -> Option<&str> {
        let member_here = || self.members.get(&format!("{scope}.{name}"));
        let type_named = || self.types.get(&self.type_named(scope, name)?);
        let member_named = || {
            let (owner, member) = name.rsplit_once('.')?;
            let owner = self.type_named(scope, owner)?;
            self.members.get(&format!("{owner}.{member}"))
        };
        let value_named = || self.members.get(only(self.values.get(name)?)?);
        member_here()
            .or_else(type_named)
            .or_else(member_named)
            .or_else(value_named)
            .map(String::as_str)
    }

    /// The full name of the type that `name` means in `scope`: the one in the nearest package, else
    /// the only one of that name.
    fn type_named(&self, scope: &str, name: &str) -> Option<String> {
        let mut scope = Some(scope);
        while let Some(outer) = scope {
            let candidate = format!("{outer}.{name}");
            if self.types.contains_key(&candidate) {
                return Some(candidate);
            }
            scope = outer.rsplit_once('.').map(|(outer, _)| outer);
        }
        only(self.tails.get(name)?).cloned()
    }
}

fn only(names: &BTreeSet<String>) -> Option<&String> {
    match names.len() {
        1 => names.first(),
        _ => None,
    }
}
