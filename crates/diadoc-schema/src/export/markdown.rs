//! A reference in Markdown, with links that work on GitHub.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use crate::describe::comment::{blocks, is_item};
use crate::describe::{Description, ENGLISH, describe_item, rules_sentence};
use crate::names::short_name;
use crate::schema::ROOT_PACKAGE;
use crate::{Item, ItemKind, Schema};

const CONTENTS: &str = "Contents";

/// A reference of the schema: a list of contents, then a section per package with its messages and
/// enums by name, their fields and values in tables.
///
/// The same schema always gives the same text. Types are linked by the anchors that GitHub makes
/// of headings.
pub fn markdown(schema: &Schema) -> String {
    let packages = packages(schema);
    let anchors = Anchors::new(&packages);
    let mut out = String::from("# The Diadoc schema\n\n");
    let _ = writeln!(
        out,
        "Packages lie below `{ROOT_PACKAGE}`, and names are shortened by that. Fields are \
         optional unless they say otherwise; JSON keys are the names of the fields unless a field \
         says otherwise.\n\n## {CONTENTS}\n"
    );
    for (package, types) in &packages {
        let _ = writeln!(out, "- {}", anchors.link(&package_heading(package)));
        for item in types {
            let _ = writeln!(out, "  - {}", anchors.link(short_name(&item.name)));
        }
    }
    for (package, types) in &packages {
        let _ = writeln!(out, "\n## {}", package_heading(package));
        for item in types {
            match item.kind {
                ItemKind::Enum => write_enum(&mut out, item, &anchors),
                _ => write_message(&mut out, item, &anchors),
            }
        }
    }
    out
}

/// The types of each package, by name.
fn packages(schema: &Schema) -> BTreeMap<String, Vec<Description>> {
    let messages = schema.messages().filter(|message| !message.is_map_entry());
    let items = messages.map(Item::Message);
    let mut packages: BTreeMap<String, Vec<Description>> = BTreeMap::new();
    for item in items.chain(schema.enums().map(Item::Enum)) {
        let described = describe_item(schema, &item);
        let package = described.package.clone();
        packages.entry(package).or_default().push(described);
    }
    for types in packages.values_mut() {
        types.sort_by(|one, other| one.name.cmp(&other.name));
    }
    packages
}

fn package_heading(package: &str) -> String {
    format!("Package {package}")
}

/// GitHub's anchors of headings: letters, digits, `-` and `_` in lower case, spaces as `-`, and a
/// number behind one that stood before.
struct Anchors(HashMap<String, String>);

impl Anchors {
    fn new(packages: &BTreeMap<String, Vec<Description>>) -> Self {
        let mut anchors = Self(HashMap::new());
        let mut taken = HashMap::new();
        for heading in ["The Diadoc schema", CONTENTS] {
            anchors.add(heading, &mut taken);
        }
        for (package, types) in packages {
            anchors.add(&package_heading(package), &mut taken);
            for item in types {
                anchors.add(short_name(&item.name), &mut taken);
            }
        }
        anchors
    }

    fn add(&mut self, heading: &str, taken: &mut HashMap<String, usize>) {
        let slug: String = heading
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .collect();
        let before = taken.entry(slug.clone()).or_insert(0);
        let anchor = match *before {
            0 => slug,
            count => format!("{slug}-{count}"),
        };
        *before += 1;
        self.0.insert(heading.to_owned(), anchor);
    }

    fn link(&self, heading: &str) -> String {
        match self.0.get(heading) {
            Some(anchor) => format!("[{heading}](#{anchor})"),
            None => heading.to_owned(),
        }
    }
}

fn write_message(out: &mut String, message: &Description, anchors: &Anchors) {
    write_head(out, message, "Message");
    if message.fields.is_empty() {
        out.push_str("\nNo fields.\n");
    } else {
        out.push_str("\n| No. | Field | Type | Meaning |\n| --: | --- | --- | --- |\n");
    }
    for field in &message.fields {
        let label = match field.label {
            "optional" => String::new(),
            label => format!("{label} "),
        };
        let mut notes = Vec::new();
        if field.deprecated {
            notes.push("Deprecated.".to_owned());
        }
        notes.extend(field.title.clone());
        notes.extend(blocks(&field.comment));
        if field.json_name != field.name {
            notes.push(format!("In JSON: `{}`.", field.json_name));
        }
        if let Some(default) = &field.default {
            notes.push(match default.as_str() {
                "" => "Default: empty.".to_owned(),
                default => format!("Default: `{default}`."),
            });
        }
        notes.extend(rules_sentence(&field.rules, ENGLISH));
        let _ = writeln!(
            out,
            "| {} | `{}` | {label}{} | {} |",
            field
                .number
                .map_or("JSON only".to_owned(), |number| number.to_string()),
            field.name,
            anchors.link(short_name(&field.type_name)),
            cell(&notes)
        );
    }
    write_used_by(out, message, anchors);
}

fn write_enum(out: &mut String, item: &Description, anchors: &Anchors) {
    write_head(out, item, "Enum");
    out.push_str("\n| No. | Value | Meaning |\n| --: | --- | --- |\n");
    for value in &item.values {
        let mut notes = Vec::new();
        if value.deprecated {
            notes.push("Deprecated.".to_owned());
        }
        notes.extend(value.title.clone());
        notes.extend(blocks(&value.comment));
        if let Some(first) = &value.alias_of {
            notes.push(format!("Another name of `{first}`, which JSON writes."));
        }
        let _ = writeln!(
            out,
            "| {} | `{}` | {} |",
            value.number,
            value.name,
            cell(&notes)
        );
    }
    write_used_by(out, item, anchors);
}

fn write_head(out: &mut String, item: &Description, kind: &str) {
    let deprecated = if item.deprecated { ", deprecated" } else { "" };
    let _ = writeln!(
        out,
        "\n### {}\n\n{kind}{deprecated}; in Rust `{}`.",
        short_name(&item.name),
        item.rust
    );
    if let Some(title) = &item.title {
        let _ = writeln!(out, "\n{}", escape(title));
    }
    let mut in_list = false;
    for block in blocks(&item.comment) {
        if !(in_list && is_item(&block)) {
            out.push('\n');
        }
        in_list = is_item(&block);
        let _ = writeln!(out, "{}", escape(&block));
    }
    if let Some(rules) = rules_sentence(&item.rules, ENGLISH) {
        let _ = writeln!(out, "\n{}", escape(&rules));
    }
}

fn write_used_by(out: &mut String, item: &Description, anchors: &Anchors) {
    let mut owners: Vec<&str> = item
        .used_by
        .iter()
        .filter_map(|field| field.rsplit_once('.'))
        .map(|(owner, _)| short_name(owner))
        .collect();
    owners.sort_unstable();
    owners.dedup();
    if !owners.is_empty() {
        let links: Vec<_> = owners.iter().map(|owner| anchors.link(owner)).collect();
        let _ = writeln!(out, "\nUsed by {}.", links.join(", "));
    }
}

/// Paragraphs and items of lists in one cell of a table.
fn cell(blocks: &[String]) -> String {
    let lines: Vec<_> = blocks
        .iter()
        .map(|block| match block.strip_prefix("- ") {
            Some(item) => format!("• {}", escape(item)),
            None => escape(block),
        })
        .collect();
    lines.join("<br>").replace('|', "\\|")
}

/// Angle brackets outside code would be taken for HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut in_code = false;
    for letter in text.chars() {
        match letter {
            '`' => in_code = !in_code,
            '<' if !in_code => {
                escaped.push_str("&lt;");
                continue;
            }
            _ => {}
        }
        escaped.push(letter);
    }
    escaped
}
