//! Before step 2: the rules of fields and messages reach their comments.
//!
//! Each rule becomes a phrase, and all of an element become the last paragraph of its comment:
//! `Rules: at most 30 elements; each at most 20 characters.` The phrases are those of
//! diadoc-core.

use std::collections::BTreeMap;

use diadoc_schema::{rules_of_field, rules_of_message};
use prost_types::FileDescriptorSet;
use prost_types::source_code_info::Location;

use crate::Schema;

/// The schema's files with the rules in the comments, and how many comments say rules.
pub fn commented(schema: &Schema) -> (FileDescriptorSet, usize) {
    let paragraphs = paragraphs(schema);
    let mut count = 0;
    let mut files = schema.files.clone();
    for file in &mut files.file {
        let Some(paragraphs) = paragraphs.get(file.name()) else {
            continue;
        };
        let locations = &mut file.source_code_info.get_or_insert_default().location;
        for (path, paragraph) in paragraphs {
            count += 1;
            match locations.iter_mut().find(|location| location.path == *path) {
                Some(location) => {
                    let comment = location.leading_comments.get_or_insert_default();
                    if !comment.is_empty() {
                        comment.push('\n');
                    }
                    comment.push_str(paragraph);
                }
                None => locations.push(Location {
                    path: path.clone(),
                    leading_comments: Some(paragraph.clone()),
                    ..Location::default()
                }),
            }
        }
    }
    (files, count)
}

/// Takes back prost-build's escapes in the rules of the code that it made, and how many rules had
/// any: it escapes brackets lest they become links, but a pattern stands in backticks, where
/// nothing becomes a link and the escapes would show.
pub fn unescape(types: &mut BTreeMap<String, String>) -> usize {
    let mut count = 0;
    for code in types.values_mut() {
        let lines = code.split_inclusive('\n').map(|line| {
            if line.trim_start().starts_with("/// Rules: ") && line.contains("\\[") {
                count += 1;
                line.replace("\\[", "[").replace("\\]", "]")
            } else {
                line.to_owned()
            }
        });
        *code = lines.collect();
    }
    count
}

/// The paragraphs of all elements with rules, by file and by the path of the element in it.
fn paragraphs(schema: &Schema) -> BTreeMap<String, BTreeMap<Vec<i32>, String>> {
    let mut paragraphs: BTreeMap<String, BTreeMap<_, _>> = BTreeMap::new();
    let mut add = |file: String, path: &[i32], texts: Vec<String>| {
        if !texts.is_empty() {
            let paragraph = format!(" Rules: {}.\n", texts.join("; "));
            let file = paragraphs.entry(file).or_default();
            file.insert(path.to_owned(), paragraph);
        }
    };
    for message in schema.pool.all_messages() {
        let file = || message.parent_file().name().to_owned();
        add(file(), message.path(), rules_of_message(&message));
        for field in message.fields() {
            add(file(), field.path(), rules_of_field(&field));
        }
    }
    paragraphs
}
