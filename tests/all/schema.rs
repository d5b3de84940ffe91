//! The schema and the public API as listings, so that no change to them goes unseen.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use diadoc_proto::registry;
use prost_reflect::{DescriptorPool, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use crate::support::repository;

fn pool() -> DescriptorPool {
    DescriptorPool::decode(diadoc_proto::FILE_DESCRIPTOR_SET).unwrap()
}

#[test]
fn the_schema() {
    let mut text = String::new();
    let pool = pool();
    let mut files: Vec<_> = pool.files().collect();
    files.sort_by_key(|file| file.name().to_owned());
    for file in files {
        writeln!(text, "{}: {}", file.name(), file.package_name()).unwrap();
        for message in file.messages() {
            list_message(&message, &mut text);
        }
        for item in file.enums() {
            list_enum(&item, &mut text);
        }
    }
    insta::assert_snapshot!(text);
}

/// Pools that take one file at a time refuse one whose imports they do not have.
#[test]
fn each_file_stands_after_those_that_it_imports() {
    let pool = pool();
    let mut seen = std::collections::HashSet::new();
    for file in pool.files() {
        for import in file.dependencies() {
            assert!(seen.contains(import.name()), "{}", file.name());
        }
        seen.insert(file.name().to_owned());
    }
}

fn list_message(message: &MessageDescriptor, text: &mut String) {
    writeln!(text, "  message {}", message.full_name()).unwrap();
    let mut fields: Vec<_> = message.fields().collect();
    fields.sort_by_key(FieldDescriptor::number);
    for field in fields {
        let proto = field.field_descriptor_proto();
        let label = format!("{:?}", proto.label()).to_lowercase();
        let kind = match field.kind() {
            Kind::Message(message) => message.full_name().to_owned(),
            Kind::Enum(item) => item.full_name().to_owned(),
            scalar => format!("{scalar:?}").to_lowercase(),
        };
        let (number, name) = (field.number(), field.name());
        write!(text, "    {number} {label} {kind} {name}").unwrap();
        if let Some(default) = &proto.default_value {
            write!(text, " default {default:?}").unwrap();
        }
        if field.json_name() != field.name() {
            write!(text, " json {}", field.json_name()).unwrap();
        }
        if proto.options.as_ref().is_some_and(|o| o.deprecated()) {
            write!(text, " deprecated").unwrap();
        }
        text.push('\n');
    }
    for inner in message.child_messages() {
        list_message(&inner, text);
    }
    for item in message.child_enums() {
        list_enum(&item, text);
    }
}

fn list_enum(item: &EnumDescriptor, text: &mut String) {
    writeln!(text, "  enum {}", item.full_name()).unwrap();
    for value in &item.enum_descriptor_proto().value {
        writeln!(text, "    {} {}", value.number(), value.name()).unwrap();
    }
}

#[test]
fn the_registry_has_every_message() {
    let pool = pool();
    assert_eq!(registry::messages().len(), pool.all_messages().len());
    for message in pool.all_messages() {
        assert!(registry::find(message.full_name()).is_some());
    }
}

#[test]
fn every_type_knows_its_name() {
    for message_type in registry::messages() {
        let message = message_type.default_message();
        assert_eq!(message.full_name(), message_type.full_name());
        let name = format!("{}.{}", message_type.package(), message_type.name());
        assert_eq!(message_type.full_name(), name);
    }
}

#[test]
#[cfg(target_pointer_width = "64")]
fn the_ten_largest_structs() {
    let messages = registry::messages().iter();
    let mut sizes: Vec<_> = messages
        .map(|one| (one.memory_size(), one.full_name()))
        .collect();
    sizes.sort_by(|a, b| b.cmp(a));
    let lines = sizes
        .iter()
        .take(10)
        .map(|(size, name)| format!("{size:>5} {name}\n"));
    insta::assert_snapshot!(lines.collect::<String>());
}

#[test]
fn the_public_module_tree() {
    let lines = module_lines(&repository().join("src/lib.rs"), "diadoc_proto");
    insta::assert_snapshot!(lines.join("\n"));
}

/// The public items of a module file and of the modules below it, a line each.
fn module_lines(file: &Path, path: &str) -> Vec<String> {
    let source =
        std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    item_lines(&syn::parse_file(&source).expect("Rust").items, file, path)
}

fn item_lines(items: &[syn::Item], file: &Path, path: &str) -> Vec<String> {
    let public = |vis: &syn::Visibility| matches!(vis, syn::Visibility::Public(_));
    let mut lines = Vec::new();
    for item in items {
        let (kind, name) = match item {
            syn::Item::Struct(i) if public(&i.vis) => ("struct", &i.ident),
            syn::Item::Enum(i) if public(&i.vis) => ("enum", &i.ident),
            syn::Item::Trait(i) if public(&i.vis) => ("trait", &i.ident),
            syn::Item::Fn(i) if public(&i.vis) => ("fn", &i.sig.ident),
            syn::Item::Const(i) if public(&i.vis) => ("const", &i.ident),
            syn::Item::Mod(i) if public(&i.vis) => {
                let path = format!("{path}::{}", i.ident);
                lines.push(format!("mod {path}"));
                lines.extend(match &i.content {
                    Some((_, items)) => item_lines(items, file, &path),
                    None => module_lines(&module_file(file, &i.ident.to_string()), &path),
                });
                continue;
            }
            syn::Item::Use(i) if public(&i.vis) => {
                lines.extend(use_lines(&i.tree, file, path));
                continue;
            }
            _ => continue,
        };
        lines.push(format!("{kind} {path}::{name}"));
    }
    lines
}

/// The items that a `pub use` brings: those of a private module, or single names.
fn use_lines(tree: &syn::UseTree, file: &Path, path: &str) -> Vec<String> {
    match tree {
        syn::UseTree::Path(part) if matches!(*part.tree, syn::UseTree::Glob(_)) => {
            module_lines(&module_file(file, &part.ident.to_string()), path)
        }
        syn::UseTree::Path(part) => use_lines(&part.tree, file, path),
        syn::UseTree::Group(group) => {
            let items = group.items.iter();
            items.flat_map(|item| use_lines(item, file, path)).collect()
        }
        syn::UseTree::Name(name) => vec![format!("use {path}::{}", name.ident)],
        syn::UseTree::Rename(_) | syn::UseTree::Glob(_) => panic!("no line for such a `use`"),
    }
}

/// The file of the module `name` that `file` declares.
fn module_file(file: &Path, name: &str) -> PathBuf {
    let folder = file.parent().expect("a folder");
    let stem = file.file_stem().expect("a file").to_string_lossy();
    let folder = match &*stem {
        "lib" | "mod" => folder.to_owned(),
        stem => folder.join(stem),
    };
    let flat = folder.join(format!("{name}.rs"));
    if flat.exists() {
        flat
    } else {
        folder.join(name).join("mod.rs")
    }
}
