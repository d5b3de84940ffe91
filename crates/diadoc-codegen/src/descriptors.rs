//! Step 6: the schema as a FileDescriptorSet.

use prost::Message as _;
use prost_reflect::{DynamicMessage, ReflectMessage as _, Value};
use prost_types::{DescriptorProto, FileDescriptorSet};

use crate::schema::{METHODS_PACKAGE, is_below_root};
use crate::wire::only_in_json;
use crate::{Error, Schema};

/// Without comments, positions and rules, and without the fields that only JSON has, which nothing
/// would tell from others here: what diadoc-proto ships for reflection.
pub fn plain(schema: &Schema) -> Vec<u8> {
    fn drop_only_in_json(message: &mut DescriptorProto) {
        message.field.retain(|field| !only_in_json(field));
        message.nested_type.iter_mut().for_each(drop_only_in_json);
    }
    let mut files = schema.files.clone();
    for file in &mut files.file {
        file.source_code_info = None;
        file.message_type.iter_mut().for_each(drop_only_in_json);
    }
    files.encode_to_vec()
}

/// With comments, with the rules and the files that define them, and with the methods. Source info is kept for the
/// elements that have a comment, which is what a program can show; the positions of every name,
/// number and bracket inside them are left out.
///
/// The types of prost know no extensions and would drop the rules, so this works on dynamic
/// messages, which keep them as they were read.
pub fn described(schema: &Schema) -> Result<Vec<u8>, Error> {
    let mut set = DynamicMessage::decode(
        FileDescriptorSet::default().descriptor(),
        &*schema.pool.encode_to_vec(),
    )?;
    let files = list(&mut set, "file");
    files.sort_by_cached_key(|file| file.as_message().map(|file| text(file, "name")));
    for file in messages(files) {
        let package = text(file, "package");
        if is_below_root(&package) || package == METHODS_PACKAGE {
            messages(list(file, "message_type")).for_each(fill_json_names);
        }
        if file.has_field_by_name("source_code_info")
            && let Some(info) = file.get_field_by_name_mut("source_code_info")
            && let Some(info) = info.as_message_mut()
        {
            list(info, "location").retain(|location| location.as_message().is_some_and(commented));
        }
    }
    Ok(set.encode_to_vec())
}

/// What [`Schema::load`] does to the plain files.
fn fill_json_names(message: &mut DynamicMessage) {
    for field in messages(list(message, "field")) {
        if !field.has_field_by_name("json_name") {
            let name = text(field, "name");
            field.set_field_by_name("json_name", Value::String(name));
        }
    }
    messages(list(message, "nested_type")).for_each(fill_json_names);
}

fn commented(location: &DynamicMessage) -> bool {
    [
        "leading_comments",
        "trailing_comments",
        "leading_detached_comments",
    ]
    .into_iter()
    .any(|name| location.has_field_by_name(name))
}

fn text(message: &DynamicMessage, field: &str) -> String {
    let value = message.get_field_by_name(field);
    let text = value.as_ref().and_then(|value| value.as_str());
    text.unwrap_or_default().to_owned()
}

/// A list of descriptor.proto, which has it under that name.
fn list<'a>(message: &'a mut DynamicMessage, field: &str) -> &'a mut Vec<Value> {
    message
        .get_field_by_name_mut(field)
        .and_then(Value::as_list_mut)
        .expect("descriptor.proto has the list")
}

fn messages(list: &mut [Value]) -> impl Iterator<Item = &mut DynamicMessage> {
    list.iter_mut().filter_map(Value::as_message_mut)
}
