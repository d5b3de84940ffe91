//! Cuts the schema down to what the workloads reach: compiling every message for every peer would
//! take minutes.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::{DescriptorProto, FileDescriptorSet};

/// The files of `all` with those messages and enums alone that a value of one of `roots` (full
/// names with a leading dot) can hold. A message stays whole: its fields, and what is nested in it.
pub(crate) fn reachable(all: &FileDescriptorSet, roots: &[&str]) -> FileDescriptorSet {
    let mut messages = BTreeMap::new();
    for file in &all.file {
        for message in &file.message_type {
            let name = format!(".{}.{}", file.package(), message.name());
            messages.insert(name, message);
        }
    }
    let mut kept = BTreeSet::new();
    let mut open: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    while let Some(name) = open.pop() {
        // A nested type comes with the message that it is nested in.
        let mut top = name.as_str();
        while !messages.contains_key(top)
            && let Some((outer, _)) = top.rsplit_once('.')
            && !outer.is_empty()
        {
            top = outer;
        }
        match messages.get(top) {
            Some(message) => {
                if kept.insert(top.to_owned()) {
                    references(message, &mut open);
                }
            }
            // An enum beside the messages.
            None => {
                kept.insert(name);
            }
        }
    }

    let mut files = all.clone();
    for file in &mut files.file {
        let package = file.package().to_owned();
        let is_kept = |name: &str| kept.contains(&format!(".{package}.{name}"));
        file.message_type.retain(|message| is_kept(message.name()));
        file.enum_type.retain(|item| is_kept(item.name()));
        file.source_code_info = None;
    }
    files
        .file
        .retain(|file| !file.message_type.is_empty() || !file.enum_type.is_empty());
    let names: BTreeSet<String> = files.file.iter().map(|f| f.name().to_owned()).collect();
    for file in &mut files.file {
        file.dependency.retain(|name| names.contains(name));
        file.public_dependency.clear();
        file.weak_dependency.clear();
    }
    files
}

/// Adds the names of the types that the fields of `message` and of those nested in it have.
fn references(message: &DescriptorProto, names: &mut Vec<String>) {
    let types = message
        .field
        .iter()
        .filter_map(|field| field.type_name.clone());
    names.extend(types);
    for nested in &message.nested_type {
        references(nested, names);
    }
}
