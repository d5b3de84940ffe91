//! What a descriptor set may not have before a library of others reads it, which keeps each part of a name
//! and takes escapes on trust.

use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

use diadoc_core::Limits;

/// How many parts a name has at most.
const MOST: usize = Limits::DEPTH;

/// What is wrong with a file of a descriptor set.
pub(crate) fn fault_of_file(file: &FileDescriptorProto) -> Option<String> {
    if file.package().split('.').count() > MOST {
        return Some(format!("the package has more than {MOST} parts"));
    }
    let messages = file.message_type.iter();
    fault_of_fields(&file.extension).or_else(|| messages.into_iter().find_map(fault_of_message))
}

fn fault_of_message(message: &DescriptorProto) -> Option<String> {
    fault_of_fields(&message.field)
        .or_else(|| fault_of_fields(&message.extension))
        .or_else(|| message.nested_type.iter().find_map(fault_of_message))
}

fn fault_of_fields(fields: &[FieldDescriptorProto]) -> Option<String> {
    let is_wrong = |field: &&FieldDescriptorProto| {
        field.r#type() == Type::Bytes && !is_escaped(field.default_value())
    };
    let field = fields.iter().find(is_wrong)?;
    let name = field.name();
    Some(format!(
        "the default value of the bytes field {name} is not escaped as protoc does it"
    ))
}

/// Whether a text stands for bytes: ASCII, of which a backslash has a letter, up to three octal digits or
/// two hexadecimal ones behind it.
fn is_escaped(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = match (first, behind) {
            (b'\\', [b'x' | b'X', one, two, behind @ ..])
                if one.is_ascii_hexdigit() && two.is_ascii_hexdigit() =>
            {
                behind
            }
            (b'\\', [digit @ b'0'..=b'7', ..]) => {
                let is_octal = |digit: &&u8| matches!(digit, b'0'..=b'7');
                let digits = behind.iter().take(3).take_while(is_octal).count();
                if digits == 3 && *digit > b'3' {
                    return false;
                }
                &behind[digits..]
            }
            (
                b'\\',
                [
                    b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'?' | b'"' | b'\'' | b'\\',
                    behind @ ..,
                ],
            ) => behind,
            (b' '..=b'[' | b']'..=b'~', behind) => behind,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_of_bytes() {
        for right in ["", "a b~", "\\000\\377\\n\\\"\\\\", "\\1a", "\\x0fz", "\\0"] {
            assert!(is_escaped(right), "{right}");
        }
        for wrong in [
            "\\", "\\x1", "\\x1ы", "\\400", "\\777", "ы", "\n", "\\q", "\\8",
        ] {
            assert!(!is_escaped(wrong), "{wrong}");
        }
    }
}
