//! Files that people write for the checks and for the fake: manifests, worlds, scripts of counteragents.
//! Faults are told with places that the text has.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use diadoc_fake::manifest::{self, ManifestError};
use diadoc_fake::world::World;
use diadoc_fake::world::script::{CounteragentScript, ScriptError};
use diadoc_fuzz::folder;
use diadoc_schema::Schema;
use libfuzzer_sys::fuzz_target;

/// A folder with some bodies.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = folder("manifest");
    for name in ["a.json", "b.ndjson", "c.bin", "answer.xml"] {
        std::fs::write(folder.join(name), "{}").expect("a file");
    }
    folder
});

fuzz_target!(|data: &[u8]| {
    let Some((kind, data)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match kind % 3 {
        0 => {
            let path = FOLDER.join(manifest::FILE_NAME);
            std::fs::write(&path, text).expect("a file");
            match manifest::load(&FOLDER, Schema::diadoc()) {
                Ok(manifest) => {
                    for fixture in &manifest.fixtures {
                        assert!(manifest::lies_in(&FOLDER, &fixture.file), "{fixture:?}");
                    }
                }
                Err(ManifestError::Faults { faults, .. }) => {
                    places(text, faults.iter().map(|one| (one.line, one.column)));
                }
                Err(error) => panic!("{error}"),
            }
        }
        1 => {
            if let Err(error) = World::from_json(text) {
                places(
                    text,
                    error.faults.iter().filter_map(|one| one.line_and_column),
                );
            }
        }
        _ => {
            let path = FOLDER.join("script.txt");
            std::fs::write(&path, text).expect("a file");
            match CounteragentScript::load(&path) {
                Err(ScriptError::Faults { faults, .. }) => {
                    places(text, faults.iter().map(|one| (one.line, one.column)));
                }
                Err(error) => panic!("{error}"),
                Ok(_) => {}
            }
        }
    }
});

/// There is a fault, and the text has the place of each.
fn places(text: &str, faults: impl Iterator<Item = (usize, usize)>) {
    let mut any = false;
    for (line, column) in faults {
        any = true;
        let lines: Vec<_> = text.split('\n').collect();
        let line = line.checked_sub(1).and_then(|line| lines.get(line));
        let letters = line.expect("the line").chars().count();
        assert!((1..=letters + 1).contains(&column), "{column} of {letters}");
    }
    assert!(any, "it is refused without a fault");
}
