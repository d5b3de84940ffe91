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
use crate::steps::Step;

/// What stands for the brackets of rules until prost-build has run: it escapes brackets lest they
/// become links, but a pattern stands in backticks, where nothing does and the escapes would show.
const STAND_INS: [(&str, &str, &str); 2] = [
    ("rules-opening-bracket", "[", "\u{e000}"),
    ("rules-closing-bracket", "]", "\u{e001}"),
];

/// The schema with the rules in its comments.
#[derive(Debug)]
pub struct Commented {
    pub files: FileDescriptorSet,
    /// How many comments say rules.
    pub count: usize,
    /// What puts the brackets of the rules back into the code of prost-build.
    pub steps: Vec<Step>,
}

/// Says the rules of all elements in their comments.
pub fn commented(schema: &Schema) -> Commented {
    let paragraphs = paragraphs(schema);
    let mut files = schema.files.clone();
    let mut written = String::new();
    let mut count = 0;
    for file in &mut files.file {
        let Some(paragraphs) = paragraphs.get(file.name()) else {
            continue;
        };
        let locations = &mut file.source_code_info.get_or_insert_default().location;
        for (path, paragraph) in paragraphs {
            count += 1;
            written += paragraph;
            let mut paragraph = paragraph.clone();
            for (_, bracket, stand_in) in STAND_INS {
                paragraph = paragraph.replace(bracket, stand_in);
            }
            match locations.iter_mut().find(|location| location.path == *path) {
                Some(location) => {
                    let comment = location.leading_comments.get_or_insert_default();
                    if !comment.is_empty() {
                        comment.push('\n');
                    }
                    comment.push_str(&paragraph);
                }
                None => locations.push(Location {
                    path: path.clone(),
                    leading_comments: Some(paragraph),
                    ..Location::default()
                }),
            }
        }
    }
    let steps = STAND_INS.map(|(name, bracket, stand_in)| Step {
        name,
        why: "a pattern in a comment is shown as it is, where prost-build escapes its brackets",
        pattern: stand_in.to_owned(),
        replacement: bracket,
        expected: written.matches(bracket).count(),
    });
    Commented {
        files,
        count,
        steps: steps.into(),
    }
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
