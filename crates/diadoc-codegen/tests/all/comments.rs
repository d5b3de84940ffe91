//! Every element of the schema says what it is.
//!
//! Read from the source info of the compiled schema: a message, field, enum or value without a
//! comment fails, and so does a comment that says nothing.

use std::collections::BTreeMap;

use diadoc_codegen::Schema;
use diadoc_codegen::schema::{METHODS_PACKAGE, is_below_root};
use prost_reflect::FileDescriptor;

use crate::{repository, schema};

/// A comment shorter than this says nothing.
const FEWEST_WORDS: usize = 4;
/// So many elements may share one text: the same field in the versions of a family.
const MOST_ALIKE: usize = 5;

pub(crate) struct Element {
    /// `Diadoc.Api.Proto.Documents.Document.IndexKey`
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
}

#[test]
fn every_element_has_a_comment_that_says_something() {
    let elements = elements();
    let schema = schema();
    let fields = schema.count_fields(|_, _| true);
    let values = schema.enums().into_iter();
    let values = values.map(|item| item.descriptor.value.len());
    let types = schema.messages().len() + schema.enums().len();
    assert_eq!(
        elements.len(),
        types + fields + values.sum::<usize>(),
        "all"
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
    let mut elements = types(&schema, |package| package == METHODS_PACKAGE);
    for service in schema.pool.services() {
        let file = service.parent_file();
        elements.push(element(&file, service.name(), service.path()));
        for method in service.methods() {
            let name = format!("{}.{}", service.name(), method.name());
            elements.push(element(&file, &name, method.path()));
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
    let root = repository().join("proto");
    for name in diadoc_core::digest::proto_files(&root).unwrap() {
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

fn elements() -> Vec<Element> {
    types(&schema(), is_below_root)
}

/// The messages and enums of packages with all that is in them.
fn types(schema: &Schema, of_package: impl Fn(&str) -> bool) -> Vec<Element> {
    let mut elements = Vec::new();
    for message in schema.pool.all_messages() {
        if of_package(message.package_name()) {
            let file = message.parent_file();
            elements.push(element(&file, message.full_name(), message.path()));
            let fields = message.fields();
            elements.extend(fields.map(|field| element(&file, field.full_name(), field.path())));
        }
    }
    for item in schema.pool.all_enums() {
        if of_package(item.package_name()) {
            let file = item.parent_file();
            elements.push(element(&file, item.full_name(), item.path()));
            let name = |value: &str| format!("{}.{value}", item.full_name());
            let values = item.values();
            elements.extend(values.map(|value| element(&file, &name(value.name()), value.path())));
        }
    }
    elements
}

pub(crate) fn element(file: &FileDescriptor, name: &str, path: &[i32]) -> Element {
    let info = file.file_descriptor_proto().source_code_info.as_ref();
    let mut locations = info.expect("compiled with comments").location.iter();
    let location = locations.find(|location| location.path == path);
    let comments = location.map(|place| [&place.leading_comments, &place.trailing_comments]);
    Element {
        name: name.to_owned(),
        comment: comments.and_then(|comments| comments.into_iter().flatten().next().cloned()),
    }
}
