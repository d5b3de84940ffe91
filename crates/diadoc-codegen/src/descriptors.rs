//! Step 7: the schema as a FileDescriptorSet.
//!
//! The files stand in the order of the compiler: each after those that it imports. Descriptor pools of
//! protobuf's own libraries take one file at a time, and refuse one whose imports they do not have.

use std::cmp::Reverse;
use std::collections::HashMap;

use prost::Message as _;
use prost_reflect::{DynamicMessage, ReflectMessage as _, Value};
use prost_types::{DescriptorProto, FileDescriptorSet};

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
    let places: HashMap<_, _> = schema
        .pool
        .files()
        .enumerate()
        .map(|(place, file)| (file.name().to_owned(), place))
        .collect();
    files
        .file
        .sort_by_key(|file| places.get(file.name()).copied());
    for file in &mut files.file {
        file.source_code_info = None;
        file.message_type.iter_mut().for_each(drop_only_in_json);
    }
    files.encode_to_vec()
}

/// With comments and positions, with the rules and the files that define them, and with the methods:
/// what `protoc --include_imports --include_source_info` writes. Each file of `proto/` is the same,
/// byte for byte; `google/protobuf/descriptor.proto` is the one that protox brings, and protoc brings
/// another in each version.
///
/// The types of prost know no extensions and would drop the rules, so this works on dynamic
/// messages, which keep them as they were read.
pub fn described(schema: &Schema) -> Result<Vec<u8>, Error> {
    let mut set = DynamicMessage::decode(
        FileDescriptorSet::default().descriptor(),
        &*schema.pool.encode_to_vec(),
    )?;
    for file in messages(list(&mut set, "file")) {
        if file.has_field_by_name("source_code_info")
            && let Some(info) = file.get_field_by_name_mut("source_code_info")
            && let Some(info) = info.as_message_mut()
        {
            order_locations(list(info, "location"));
        }
    }
    Ok(set.encode_to_vec())
}

/// Puts locations into the order in which protoc comes across them, that of the text. protox orders
/// them by their paths.
fn order_locations(locations: &mut [Value]) {
    let read = |location: &Value| {
        let location = location.as_message()?;
        Some((integers(location, "path"), integers(location, "span")))
    };
    // What `extend` extends is read before the first field, which it is a part of all the same.
    let starts: HashMap<_, _> = locations
        .iter()
        .filter_map(read)
        .map(|(path, span)| (path, start(&span)))
        .collect();
    locations.sort_by_cached_key(|location| {
        let (mut path, span) = read(location).unwrap_or_default();
        let (length, own) = (path.len(), start(&span));
        path.push(EXTENDEE);
        // Paths of elements are pairs of a list and an index; that of a statement `option` is longer.
        let extendee = starts.get(&path).filter(|_| length % 2 == 0);
        let start = extendee.map_or(own, |extendee| own.min(*extendee));
        // What begins at one place is inside the other: the outer one first.
        (start, Reverse(end(&span)), length)
    });
}

/// `extendee` in a path to a field.
const EXTENDEE: i32 = 2;

/// Line and column, counted from 0.
fn start(span: &[i32]) -> (i32, i32) {
    match span {
        [line, column, ..] => (*line, *column),
        _ => (0, 0),
    }
}

/// A span on one line leaves out the second line.
fn end(span: &[i32]) -> (i32, i32) {
    match span {
        [line, _, column] | [_, _, line, column] => (*line, *column),
        _ => (0, 0),
    }
}

fn integers(message: &DynamicMessage, field: &str) -> Vec<i32> {
    let value = message.get_field_by_name(field);
    let list = value.as_ref().and_then(|value| value.as_list());
    list.unwrap_or_default()
        .iter()
        .filter_map(Value::as_i32)
        .collect()
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
