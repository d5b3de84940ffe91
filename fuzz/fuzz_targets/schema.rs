//! A schema of tomorrow, in the form that the first byte names: it is refused, or compared with ours and
//! with itself, and written out.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use diadoc_fuzz::{LANGUAGE, folder, small_set};
use diadoc_schema::{
    Profile, Schema, Shape, changes_markdown, compare, describe, json_schema, list_changes,
    markdown, total_changes,
};
use libfuzzer_sys::fuzz_target;

static OURS: LazyLock<Shape> = LazyLock::new(|| {
    let ours = Schema::from_descriptor_set(&small_set()).expect("a part of the schema is one");
    Shape::from(&ours)
});

/// A folder with the files that options are of.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = folder("schema");
    std::fs::create_dir_all(folder.join("diadoc")).expect("a folder");
    for file in LANGUAGE {
        let from = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../proto")
            .join(file);
        std::fs::copy(from, folder.join(file)).expect("a file");
    }
    folder
});

fuzz_target!(|data: &[u8]| {
    let Some((form, data)) = data.split_first() else {
        return;
    };
    match form % 4 {
        0 => {
            if let Ok(schema) = Schema::from_descriptor_set(data) {
                all_of(&schema);
            }
        }
        1 => {
            std::fs::write(FOLDER.join("tomorrow.proto"), data).expect("a file");
            if let Ok(schema) = Schema::from_proto_folder(&FOLDER) {
                all_of(&schema);
            }
        }
        2 => {
            if let Ok(shape) = Shape::from_openapi(data) {
                against(&shape);
            }
        }
        _ => {
            let folder = FOLDER.join("sources");
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(folder.join("Api.cs"), data).expect("a file");
            let mut shape = Shape::default();
            shape.read_sources(&folder).expect("a file can be read");
            against(&shape);
        }
    }
});

fn all_of(schema: &Schema) {
    against(&Shape::from(schema));
    for profile in [Profile::Request, Profile::Response, Profile::Tolerant] {
        json_schema(schema, &[], profile);
    }
    markdown(schema);
    for message in schema.messages() {
        describe(schema, message.full_name()).expect("the schema has it");
    }
    let _ = schema.methods();
}

fn against(theirs: &Shape) {
    let none = compare(theirs, theirs);
    assert!(none.is_empty(), "it differs from itself: {none:#?}");
    for (old, new) in [(&*OURS, theirs), (theirs, &*OURS)] {
        let changes = compare(old, new);
        assert!(changes.is_sorted_by_key(|change| &change.path));
        list_changes(&changes, old, new);
        changes_markdown(&changes, old, new);
        total_changes(&changes);
    }
}
