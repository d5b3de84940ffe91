//! The comments of the schema, from the source info of its files.

use prost_reflect::{
    EnumDescriptor, EnumValueDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor,
    MethodDescriptor,
};

pub(crate) fn of_message(message: &MessageDescriptor) -> String {
    at(&message.parent_file(), message.path())
}

pub(crate) fn of_field(field: &FieldDescriptor) -> String {
    at(&field.parent_file(), field.path())
}

pub(crate) fn of_method(method: &MethodDescriptor) -> String {
    at(&method.parent_file(), method.path())
}

pub(crate) fn of_enum(item: &EnumDescriptor) -> String {
    at(&item.parent_file(), item.path())
}

pub(crate) fn of_value(value: &EnumValueDescriptor) -> String {
    at(&value.parent_file(), value.path())
}

/// The comment at a path: without the space that follows `//`, or empty.
fn at(file: &FileDescriptor, path: &[i32]) -> String {
    let info = file.file_descriptor_proto().source_code_info.as_ref();
    let location = info.and_then(|info| info.location.iter().find(|place| place.path == path));
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
