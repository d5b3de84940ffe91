//! Step 5: the schema as a FileDescriptorSet.

use prost::Message as _;
use prost_types::FileDescriptorSet;

use crate::Schema;

/// Without comments and positions: what diadoc-proto ships for reflection.
pub fn plain(schema: &Schema) -> Vec<u8> {
    let mut files = schema.files.clone();
    for file in &mut files.file {
        file.source_code_info = None;
    }
    encode(&files)
}

/// With comments: source info is kept for the elements that have one, which is what a program can
/// show; the positions of every name, number and bracket inside them are left out.
pub fn described(schema: &Schema) -> Vec<u8> {
    let mut files = schema.files.clone();
    for file in &mut files.file {
        if let Some(info) = &mut file.source_code_info {
            info.location.retain(|location| {
                location.leading_comments.is_some()
                    || location.trailing_comments.is_some()
                    || !location.leading_detached_comments.is_empty()
            });
        }
    }
    encode(&files)
}

fn encode(files: &FileDescriptorSet) -> Vec<u8> {
    files.encode_to_vec()
}
