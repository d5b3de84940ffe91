//! The comments of the schema, from the source info of its files.

#[cfg(feature = "bundled")]
use std::collections::HashMap;
#[cfg(feature = "bundled")]
use std::sync::LazyLock;

#[cfg(feature = "bundled")]
use prost_reflect::prost::{Message as _, encode_length_delimiter};
use prost_reflect::{
    EnumDescriptor, EnumValueDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor,
    MethodDescriptor, ServiceDescriptor,
};
#[cfg(feature = "bundled")]
use prost_types::FileDescriptorSet;
use prost_types::SourceCodeInfo;

use crate::Item;
#[cfg(feature = "bundled")]
use crate::protobuf::wire::{Value, WireReader};

pub(crate) fn of_message(message: &MessageDescriptor) -> String {
    at(&message.parent_file(), message.path())
}

pub(crate) fn of_field(field: &FieldDescriptor) -> String {
    at(&field.parent_file(), field.path())
}

pub(crate) fn of_method(method: &MethodDescriptor) -> String {
    at(&method.parent_file(), method.path())
}

pub(crate) fn of_service(service: &ServiceDescriptor) -> String {
    at(&service.parent_file(), service.path())
}

pub(crate) fn of_enum(item: &EnumDescriptor) -> String {
    at(&item.parent_file(), item.path())
}

pub(crate) fn of_value(value: &EnumValueDescriptor) -> String {
    at(&value.parent_file(), value.path())
}

pub(crate) fn of_item(item: &Item<'_>) -> String {
    match item {
        Item::Message(message) => of_message(message),
        Item::Enum(item) => of_enum(item),
        Item::Field(field) => of_field(field),
        Item::Value(value) => of_value(value),
        Item::Method(method) => method.comment(),
    }
}

/// A FileDescriptorSet without comments and places; none where the bytes are none.
#[cfg(feature = "bundled")]
pub(crate) fn left_out(set: &[u8]) -> Option<Vec<u8>> {
    /// `FileDescriptorProto.source_code_info`
    const COMMENTS: u32 = 9;

    let mut files = WireReader::new(set);
    let mut left = Vec::with_capacity(set.len() / 2);
    while !files.is_empty() {
        let key = files.key().ok()?;
        let Ok(Value::Length(file)) = files.skip(key, 0) else {
            return None;
        };
        let mut fields = files.part(file);
        let mut parts = Vec::new();
        while !fields.is_empty() {
            let key = fields.key().ok()?;
            fields.skip(key, 0).ok()?;
            if key.number != COMMENTS {
                parts.push(fields.content(key.start..fields.position()));
            }
        }
        let length = parts.iter().map(|part| part.len()).sum();
        // `FileDescriptorSet.file`
        left.push(0x0a);
        encode_length_delimiter(length, &mut left).ok()?;
        parts.iter().for_each(|part| left.extend_from_slice(part));
    }
    Some(left)
}

/// The comments of Diadoc's own schema, by the names of its files.
#[cfg(feature = "bundled")]
fn bundled(file: &FileDescriptor) -> Option<&'static SourceCodeInfo> {
    static COMMENTS: LazyLock<HashMap<String, SourceCodeInfo>> = LazyLock::new(|| {
        let set = FileDescriptorSet::decode(crate::DESCRIPTOR_SET);
        let files = set.map_or_else(|_| Vec::new(), |set| set.file);
        let comments = files
            .into_iter()
            .filter_map(|file| file.name.zip(file.source_code_info));
        comments.collect()
    });
    let is_own = file.parent_pool() == crate::Schema::diadoc().pool();
    is_own.then(|| COMMENTS.get(file.name())).flatten()
}

#[cfg(not(feature = "bundled"))]
fn bundled(_: &FileDescriptor) -> Option<&'static SourceCodeInfo> {
    None
}

/// The comments and places of a file, where they are known.
pub(crate) fn source_info(file: &FileDescriptor) -> Option<&SourceCodeInfo> {
    let own = file.file_descriptor_proto().source_code_info.as_ref();
    own.or_else(|| bundled(file))
}

/// The comment at a path: without the space that follows `//`, or empty.
fn at(file: &FileDescriptor, path: &[i32]) -> String {
    let location =
        source_info(file).and_then(|info| info.location.iter().find(|place| place.path == path));
    let Some(location) = location else {
        return String::new();
    };
    let text = match location.leading_comments() {
        "" => location.trailing_comments(),
        leading => leading,
    };
    let lines: Vec<_> = text
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// A comment as blocks, each on one line: paragraphs, and items of lists with their `- `.
pub fn blocks(comment: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut open = false;
    for line in comment.lines() {
        let text = line.trim();
        if text.is_empty() {
            open = false;
            continue;
        }
        match blocks.last_mut() {
            Some(block) if open && !is_item(text) => {
                block.push(' ');
                block.push_str(text);
            }
            _ => blocks.push(text.to_owned()),
        }
        open = true;
    }
    blocks
}

/// Whether a line or block is an item of a list.
pub(crate) fn is_item(text: &str) -> bool {
    text.starts_with("- ") || text.starts_with("* ")
}

/// The first sentence of a comment, on one line.
pub(crate) fn summary(comment: &str) -> String {
    let first = blocks(comment).into_iter().next().unwrap_or_default();
    let mut in_code = false;
    for (at, letter) in first.char_indices() {
        in_code ^= letter == '`';
        if letter != '.' || in_code {
            continue;
        }
        let (sentence, rest) = first.split_at(at + 1);
        let abbreviated = ABBREVIATIONS.iter().any(|word| sentence.ends_with(word));
        // What goes on with a small letter or a digit is the same sentence.
        let next = rest.strip_prefix(' ').and_then(|rest| rest.chars().next());
        if !abbreviated && next.is_some_and(|next| next.is_uppercase() || next == '`') {
            return sentence.to_owned();
        }
    }
    first
}

/// Their dot ends no sentence.
const ABBREVIATIONS: &[&str] = &["e.g.", "i.e.", "cf.", "vs.", "No."];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_the_first_sentence() {
        let cases = [
            ("", ""),
            ("One line.", "One line."),
            ("One. Two.", "One."),
            ("Wrapped\nline. Two.", "Wrapped line."),
            ("An e.g. `a. B` inside. Two.", "An e.g. `a. B` inside."),
            ("Ends without a dot\n\nTwo.", "Ends without a dot"),
            ("One. `Two` begins.", "One."),
            ("A version, e.g. `v1`. Two.", "A version, e.g. `v1`."),
        ];
        for (comment, expected) in cases {
            assert_eq!(summary(comment), expected);
        }
    }

    #[test]
    fn blocks_keep_lists() {
        let comment = "A mask:\n\n- `0`: nothing,\n  really.\n- `1`: one.\n\nMore\ntext.";
        let expected = [
            "A mask:",
            "- `0`: nothing, really.",
            "- `1`: one.",
            "More text.",
        ];
        assert_eq!(blocks(comment), expected);
    }
}
