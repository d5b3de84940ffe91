//! Every element of the schema says what it is.
//!
//! Read from the source info of the compiled schema: a message, field, enum or value without a
//! comment fails, and so does a comment that says nothing.

use std::collections::BTreeMap;
use std::path::Path;

use diadoc_codegen::Schema;
use diadoc_codegen::schema::METHODS_PACKAGE;
use prost_types::source_code_info::Location;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

/// A comment shorter than this says nothing.
const FEWEST_WORDS: usize = 4;
/// So many elements may share one text: the same field in the versions of a family.
const MOST_ALIKE: usize = 5;

struct Element {
    /// `Diadoc.Api.Proto.Documents.Document.IndexKey`
    name: String,
    comment: Option<String>,
}

#[test]
fn every_element_has_a_comment_that_says_something() {
    let elements = elements();
    assert_eq!(
        elements.len(),
        618 + 3002 + 100 + 708 + 4,
        "all, and four aliases"
    );
    let mut faults = Vec::new();
    for element in &elements {
        match &element.comment {
            None => faults.push(format!("{}: no comment", element.name)),
            Some(comment) => faults.extend(
                fault(&element.name, comment).map(|fault| format!("{}: {fault}", element.name)),
            ),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_method_and_parameter_has_a_comment_that_says_something() {
    let schema = schema();
    let files = schema.pool.files();
    let files = files.filter(|file| file.package_name() == METHODS_PACKAGE);
    let mut elements = Vec::new();
    for file in files {
        let file = file.file_descriptor_proto();
        list_types(file, &mut elements);
        for (i, service) in file.service.iter().enumerate() {
            let path = [6, index(i)];
            elements.push(element(file, service.name().to_owned(), &path));
            for (j, method) in service.method.iter().enumerate() {
                let name = format!("{}.{}", service.name(), method.name());
                elements.push(element(file, name, &[path[0], path[1], 2, index(j)]));
            }
        }
    }
    assert!(elements.len() > 1000, "{}", elements.len());
    let mut faults = Vec::new();
    for element in &elements {
        // A parameter may be what its name says, as `boxId` is; a method does something.
        let is_method = !element.name.starts_with("Diadoc.");
        match &element.comment {
            None => faults.push(format!("{}: no comment", element.name)),
            Some(comment) if comment.contains("TODO") || !comment.trim_end().ends_with('.') => {
                faults.push(format!("{}: {comment}", element.name));
            }
            Some(comment) if is_method => faults.extend(
                fault(&element.name, comment).map(|fault| format!("{}: {fault}", element.name)),
            ),
            Some(_) => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_text_stands_on_many_elements() {
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for element in elements() {
        if let Some(comment) = element.comment {
            by_text
                .entry(words(&comment).join(" "))
                .or_default()
                .push(element.name);
        }
    }
    let alike: Vec<_> = by_text
        .iter()
        .filter(|(_, names)| names.len() > MOST_ALIKE)
        .collect();
    assert!(alike.is_empty(), "{alike:#?}");
}

#[test]
fn every_file_says_what_it_describes_and_where_the_vendor_does() {
    let schema = schema();
    for file in &schema.files.file {
        let info = file
            .source_code_info
            .as_ref()
            .expect("compiled with comments");
        // A file's header stands on its first statement, `syntax`.
        let header: String = info
            .location
            .iter()
            .filter(|location| location.path == [12])
            .flat_map(|location| {
                let detached = location.leading_detached_comments.iter().cloned();
                detached.chain(location.leading_comments.clone())
            })
            .collect();
        assert!(words(&header).len() >= 8, "{}: {header:?}", file.name());
        assert!(header.contains("endor"), "{}: {header:?}", file.name());
    }
}

#[test]
fn lines_fit_and_hold_no_markup_that_rustdoc_would_take_for_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    for name in diadoc_codegen::guard::proto_files(&root).unwrap() {
        let text = std::fs::read_to_string(root.join(&name)).unwrap();
        for (i, line) in text.lines().enumerate() {
            let place = || format!("{name}:{}: {line}", i + 1);
            let Some((_, comment)) = line.split_once("//") else {
                continue;
            };
            assert!(line.chars().count() <= 100, "{}", place());
            // Outside of backticks.
            let prose: String = comment.split('`').step_by(2).collect();
            assert!(!prose.contains(['[', ']', '<', '>']), "{}", place());
            assert!(!comment.starts_with("     "), "code block: {}", place());
        }
    }
}

/// What is wrong with a comment, if anything.
fn fault(name: &str, comment: &str) -> Option<&'static str> {
    let words = words(comment);
    if words.len() < FEWEST_WORDS {
        return Some("the comment is too short to say anything");
    }
    // The words of the element's name and of what holds it, joined without spaces, so that
    // `IndexKey` is repeated by «index key» and by «indexkey».
    let own: String = name.rsplit('.').take(2).collect::<String>().to_lowercase();
    let filler = [
        "a", "an", "the", "of", "is", "this", "for", "in", "it", "its", "to",
    ];
    let says_more = words
        .iter()
        .any(|word| !filler.contains(&word.as_str()) && !own.contains(word.as_str()));
    if !says_more {
        return Some("the comment only repeats the name");
    }
    let first = comment
        .trim_start()
        .split("\n\n")
        .next()
        .unwrap_or_default();
    if !first.trim_end().ends_with(['.', ':']) {
        return Some("the first paragraph is no sentence");
    }
    None
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn schema() -> Schema {
    Schema::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto"))
        .expect("the schema compiles")
}

fn elements() -> Vec<Element> {
    let mut elements = Vec::new();
    for file in &schema().files.file {
        list_types(file, &mut elements);
    }
    elements
}

fn list_types(file: &FileDescriptorProto, elements: &mut Vec<Element>) {
    for (i, message) in file.message_type.iter().enumerate() {
        list_message(file, message, file.package(), &[4, index(i)], elements);
    }
    for (i, item) in file.enum_type.iter().enumerate() {
        list_enum(file, item, file.package(), &[5, index(i)], elements);
    }
}

fn list_message(
    file: &FileDescriptorProto,
    message: &DescriptorProto,
    parent: &str,
    path: &[i32],
    elements: &mut Vec<Element>,
) {
    let name = format!("{parent}.{}", message.name());
    let at = |tag: i32, i: usize| [path, &[tag, index(i)]].concat();
    elements.push(element(file, name.clone(), path));
    for (i, field) in message.field.iter().enumerate() {
        elements.push(element(file, format!("{name}.{}", field.name()), &at(2, i)));
    }
    for (i, inner) in message.nested_type.iter().enumerate() {
        list_message(file, inner, &name, &at(3, i), elements);
    }
    for (i, item) in message.enum_type.iter().enumerate() {
        list_enum(file, item, &name, &at(4, i), elements);
    }
}

fn list_enum(
    file: &FileDescriptorProto,
    item: &EnumDescriptorProto,
    parent: &str,
    path: &[i32],
    elements: &mut Vec<Element>,
) {
    let name = format!("{parent}.{}", item.name());
    elements.push(element(file, name.clone(), path));
    for (i, value) in item.value.iter().enumerate() {
        let path = [path, &[2, index(i)]].concat();
        elements.push(element(file, format!("{name}.{}", value.name()), &path));
    }
}

fn element(file: &FileDescriptorProto, name: String, path: &[i32]) -> Element {
    let comment = |location: &Location| {
        location
            .leading_comments
            .clone()
            .or_else(|| location.trailing_comments.clone())
    };
    Element {
        name,
        comment: file
            .source_code_info
            .as_ref()
            .and_then(|info| info.location.iter().find(|location| location.path == path))
            .and_then(comment),
    }
}

fn index(i: usize) -> i32 {
    i32::try_from(i).expect("a schema has fewer elements")
}
