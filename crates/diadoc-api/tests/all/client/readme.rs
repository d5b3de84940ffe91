//! The program that the READMEs show.

use std::fs;
use std::path::Path;
use std::time::Duration;

use diadoc_api::oidc::Application;
use diadoc_fake::world::World;
use diadoc_fake::{Fake, Oidc};

#[path = "../../../examples/exchange.rs"]
#[allow(dead_code, reason = "`main` reads the environment")]
mod exchange;

/// Runs it twice with one client, a minute apart, with tokens that live for a minute; and a third time
/// from the start.
#[tokio::test]
async fn the_program_signs_in_and_exchanges_a_document() {
    let oidc = Oidc::default()
        .refresh_token("issued")
        .token_life(Duration::from_secs(60));
    let fake = Fake::builder()
        .oidc(oidc)
        .world(World::default())
        .retry_after(0);
    let fake = fake.start().await.unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (token, file) = (folder.join("refresh-token.txt"), folder.join("archive.zip"));
    fs::write(&token, "issued\n").unwrap();
    let application = Application::new("any", "any")
        .with_identity(&fake.url())
        .unwrap();
    let client = || {
        let token = token.to_str().unwrap();
        exchange::client(&fake.url(), application.clone(), token).unwrap()
    };
    let (first, mut kept) = (client(), vec!["issued\n".to_owned()]);
    for run in 0..3 {
        let again = client();
        let client = if run < 2 { &first } else { &again };
        let _ = fs::remove_file(&file);
        exchange::exchange(client, file.to_str().unwrap())
            .await
            .unwrap();
        assert!(fs::read(&file).unwrap().starts_with(b"PK"));
        let next = fs::read_to_string(&token).unwrap();
        assert!(!kept.contains(&next), "each time the next token is kept");
        kept.push(next);
        let left = fs::exists(folder.join("refresh-token.txt.next")).unwrap();
        assert!(!left, "nothing is left over");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&token).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fake.move_clock(Duration::from_secs(60));
    }
}

#[test]
fn the_readmes_show_the_programs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| {
        let text = fs::read_to_string(root.join(path)).unwrap();
        text.replace("\r\n", "\n")
    };
    let readmes = ["README.md", "README.ru.md"];
    for (name, files) in [
        ("exchange", readmes.as_slice()),
        ("errors", &["crates/diadoc-api/README.md"]),
        ("events", &["crates/diadoc-api/README.md"]),
        ("service", &["crates/diadoc-api/README.md"]),
        ("shelf", &["crates/diadoc-api/README.md"]),
    ] {
        let example = read(&format!("crates/diadoc-api/examples/{name}.rs"));
        let (_, program) = example.split_once("\n\n").unwrap();
        for file in files {
            assert!(read(file).contains(program), "{file} lacks\n{program}");
        }
    }
}
