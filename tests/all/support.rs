//! What several test modules need.

use std::path::{Path, PathBuf};

use diadoc_proto::registry::{self, MessageType};
use diadoc_testkit::manifest::{self, Fixture};

pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documented bodies.
pub(crate) fn fixtures() -> Vec<Fixture> {
    manifest::load(&repository().join("fixtures")).expect("the fixtures have a manifest")
}

/// Bodies captured from the real server, where a folder of them is at hand: the environment
/// variable `DIADOC_SAMPLES` names it, with a list `index.json` in the form of a manifest.
pub(crate) fn samples() -> Vec<Fixture> {
    let Some(folder) = std::env::var_os("DIADOC_SAMPLES") else {
        return Vec::new();
    };
    let index = PathBuf::from(folder).join("index.json");
    manifest::load_file(&index).expect("DIADOC_SAMPLES names a folder with an index.json")
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
