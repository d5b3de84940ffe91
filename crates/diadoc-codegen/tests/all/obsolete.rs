//! What a comment calls obsolete is deprecated, and the other way round.

use diadoc_codegen::schema::{METHODS_PACKAGE, is_below_root};
use prost_reflect::FileDescriptor;
use regex::Regex;

use crate::comments::element;
use crate::schema;

/// How a comment says that its own element is obsolete: in a sentence that begins so, or behind a
/// semicolon. Other places speak of something else, such as an obsolete method that takes it.
const MARK: &str = r"(?:^|[.:] )Obsolete\b|; obsolete\b";

/// An element of the schema: its full name, whether it is deprecated, and its comment on one line.
struct Marked {
    name: String,
    deprecated: bool,
    comment: String,
}

fn elements() -> Vec<Marked> {
    let pool = schema().pool;
    let is_ours = |package: &str| is_below_root(package) || package == METHODS_PACKAGE;
    let mut all = Vec::new();
    let mut add = |file: &FileDescriptor, name: &str, path: &[i32], deprecated: Option<bool>| {
        let comment = element(file, name, path).comment.unwrap_or_default();
        all.push(Marked {
            name: name.to_owned(),
            deprecated: deprecated == Some(true),
            comment: comment.split_whitespace().collect::<Vec<_>>().join(" "),
        });
    };
    for message in pool.all_messages().filter(|it| is_ours(it.package_name())) {
        let file = message.parent_file();
        let options = message.descriptor_proto().options.as_ref();
        let deprecated = options.map(|options| options.deprecated());
        add(&file, message.full_name(), message.path(), deprecated);
        for field in message.fields() {
            let options = field.field_descriptor_proto().options.as_ref();
            let deprecated = options.map(|options| options.deprecated());
            add(&file, field.full_name(), field.path(), deprecated);
        }
    }
    for item in pool.all_enums().filter(|it| is_ours(it.package_name())) {
        let file = item.parent_file();
        let options = item.enum_descriptor_proto().options.as_ref();
        let deprecated = options.map(|options| options.deprecated());
        add(&file, item.full_name(), item.path(), deprecated);
        for value in item.values() {
            let options = value.enum_value_descriptor_proto().options.as_ref();
            let deprecated = options.map(|options| options.deprecated());
            add(&file, value.full_name(), value.path(), deprecated);
        }
    }
    for service in pool.services().filter(|it| is_ours(it.package_name())) {
        let file = service.parent_file();
        for method in service.methods() {
            let options = method.method_descriptor_proto().options.as_ref();
            let deprecated = options.map(|options| options.deprecated());
            add(&file, method.full_name(), method.path(), deprecated);
        }
    }
    all
}

#[test]
fn comments_and_options_agree() {
    let mark = Regex::new(MARK).unwrap();
    let faults = elements().into_iter().filter_map(|element| {
        let Marked {
            name,
            deprecated,
            comment,
        } = element;
        match (mark.is_match(&comment), deprecated) {
            (true, false) => Some(format!("{name} is not deprecated: {comment}")),
            (false, true) => Some(format!("{name} is deprecated: {comment}")),
            _ => None,
        }
    });
    let faults: Vec<_> = faults.collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_comment_speaks_of_its_own_element() {
    let mark = Regex::new(MARK).unwrap();
    for (comment, expected) in [
        ("Obsolete: use `B`.", true),
        ("State of an invoice. Obsolete together with `B`.", true),
        ("Invoices of the message; obsolete.", true),
        ("Returned by the obsolete GetB (V1).", false),
        ("Returned by GetB (V2); V1 is obsolete.", false),
        ("Date of registration, obsolete and not in use.", false),
    ] {
        assert_eq!(mark.is_match(comment), expected, "{comment}");
    }
}
