//! Worlds in a file, as other files leave them.

use std::fs;
use std::panic::catch_unwind;

use diadoc_fake::world::{StoreError, World};

/// A file that was cut is an error that names it, wherever it was cut.
#[test]
fn a_file_that_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.redb");
    drop(World::default().kept_in(&path).unwrap());
    let whole = fs::read(&path).unwrap();
    let steps = 60;
    let lengths = (1..steps).map(|step| whole.len() * step / steps);
    let ends = [1, 100, 4_096, whole.len() - 4_096, whole.len() - 1];
    let (mut panicked, mut opened) = (Vec::new(), Vec::new());
    for length in lengths.chain(ends) {
        fs::write(&path, &whole[..length]).unwrap();
        match catch_unwind(|| World::default().kept_in(&path).map(drop)) {
            Err(_) => panicked.push(length),
            Ok(Ok(())) => opened.push(length),
            Ok(Err(error)) => {
                let text = error.to_string();
                assert!(text.contains("world.redb"), "{text}");
                assert!(!matches!(error, StoreError::InUse { .. }), "{text}");
            }
        }
    }
    assert_eq!((panicked, opened), (vec![], vec![]), "of {}", whole.len());
    // What is whole is there as before.
    fs::write(&path, &whole).unwrap();
    World::default().kept_in(&path).unwrap();
}
