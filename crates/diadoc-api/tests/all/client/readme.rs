//! The program that the READMEs show.

use std::fs;
use std::path::Path;

use diadoc_fake::Fake;

#[path = "../../../examples/archive.rs"]
#[allow(dead_code, reason = "`main` reads the environment")]
mod archive;

#[tokio::test]
async fn the_program_fetches_an_archive() {
    let fake = Fake::builder().retry_after(0).start().await.unwrap();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("archive.zip");
    let _ = fs::remove_file(&file);
    let to = file.to_str().unwrap();
    archive::archive(&fake.url(), "any", to).await.unwrap();
    assert!(fs::read(&file).unwrap().starts_with(b"PK"));
}

#[test]
fn the_readmes_show_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| {
        let text = fs::read_to_string(root.join(path)).unwrap();
        text.replace("\r\n", "\n")
    };
    let example = read("crates/diadoc-api/examples/archive.rs");
    let (_, program) = example.split_once("\n\n").unwrap();
    for file in ["README.md", "README.ru.md"] {
        assert!(read(file).contains(program), "{file} lacks\n{program}");
    }
}
