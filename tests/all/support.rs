//! What several test modules need.

use std::path::{Path, PathBuf};

use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::Schema;
use diadoc_testkit::manifest::{self, Fixture};

pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documented bodies.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let manifest = manifest::load(&repository().join("fixtures"), Schema::diadoc());
    manifest.expect("the fixtures have a manifest").fixtures
}

/// Bodies captured from the real server with their messages, where a folder of them is at hand: the
/// environment variable `DIADOC_SAMPLES` names it. Its `index.json` is a list of objects with `file`
/// and `message`; whatever else is noted there is passed over.
pub(crate) fn samples() -> Vec<(PathBuf, &'static MessageType)> {
    let Some(folder) = std::env::var_os("DIADOC_SAMPLES") else {
        diadoc_testkit::skipped("DIADOC_SAMPLES is not set: no captured bodies are read");
        return Vec::new();
    };
    let folder = PathBuf::from(folder);
    let index = read(&folder.join("index.json"));
    let index: Vec<serde_json::Value> = serde_json::from_slice(&index).expect("a list of bodies");
    let samples = index.iter().map(|entry| {
        let text = |key: &str| entry[key].as_str().expect("a text");
        let message = registry::find(text("message")).expect("a message by its full name");
        (folder.join(text("file")), message)
    });
    samples.collect()
}

pub(crate) fn message_type(fixture: &Fixture) -> &'static MessageType {
    registry::find(&fixture.message).expect("the manifest names a message by its full name")
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fixture's file name without its ending.
pub(crate) fn name(fixture: &Fixture) -> String {
    let stem = fixture.file.file_stem().expect("a file");
    stem.to_string_lossy().into_owned()
}
