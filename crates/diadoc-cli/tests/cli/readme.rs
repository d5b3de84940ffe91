//! The session in the READMEs is one.

use std::fs;
use std::path::Path;

use crate::{folder, run_in};

const BODY: &str = r#"{
  "FromBoxId": "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru",
  "ToBoxId": "2f208d032a604f6491b1b7aad54cfaf3@diadoc.ru",
  "DocumentAttachments": [
    {
      "SignedContent": { "Content": "JVBERi0xLjQK", "Signatur": "MIIB" },
      "TypeNamedId": "Nonformalized",
      "Metadata": { "Key": "FileName", "Value": "акт.pdf" },
      "NeedRecipientSignature": true
    }
  ]
}
"#;

#[test]
fn the_session_is_what_the_program_prints() {
    let folder = folder(&[("post.json", BODY)]);
    let command = "check post.json --message MessageToPost";
    let russian = format!("{command} --lang ru");
    for (command, files) in [
        (command, &["README.md", "crates/diadoc-cli/README.md"][..]),
        (&russian, &["README.ru.md"]),
    ] {
        let arguments: Vec<_> = command.split(' ').collect();
        let ran = run_in(folder.path(), &arguments);
        let session = format!("$ diadoc {command}\n{}```\n", ran.stdout());
        for file in files {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../..")
                .join(file);
            let text = fs::read_to_string(path).unwrap().replace("\r\n", "\n");
            assert!(text.contains(&session), "{file} lacks\n{session}");
        }
    }
}
