//! `diadoc upload`: a file of any size to the shelf.

use std::path::PathBuf;
use std::time::Duration;

use diadoc_api::Form;

use crate::call::{Asked, Prepared, Sender, Sending};
use crate::opening;
use crate::outcome::{Failure, Outcome};
use crate::output::Output;

/// The method by whose name credentials are looked up.
const METHOD: &str = "ShelfUploadPartInit";

/// Puts a file on the shelf, and prints its name there
///
/// A file of any size goes up in parts, and a part that fails is sent again. The name is for
/// NameOnShelf in a message. Where to call and on whose behalf says `diadoc call --help`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 it is on the shelf, 1 the server answered with an error, 2 nothing was sent or no answer
came.

Example:
  diadoc upload --extension .zip archive.zip")]
pub(crate) struct Arguments {
    /// The file
    file: PathBuf,

    /// What its name on the shelf ends with; the end of the file's own name where nothing is given
    #[arg(long, value_name = "END")]
    extension: Option<String>,

    /// How many seconds it may take, each part and each try included
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,

    /// The file with the address and the token
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let own = || {
        let end = arguments.file.extension()?.to_str()?;
        Some(format!(".{end}"))
    };
    let extension = arguments.extension.clone().or_else(own);
    let prepared = Prepared::new(Asked {
        method: METHOD,
        parameters: Vec::new(),
        body: None,
        body_name: None,
        opening: &opening::Arguments::default(),
        form: Form::Json,
        // What is sent is made of the file, part by part.
        unchecked: true,
        config: arguments.config.as_deref(),
    })?;
    let sender = Sender::new(
        &prepared,
        Sending {
            wait: arguments.wait.map(Duration::from_secs),
            ..Sending::default()
        },
    )?;
    let name = sender.upload(&arguments.file, &extension.unwrap_or_default())?;
    Output::Default.write_text(&format!("{name}\n"))?;
    Ok(Outcome::Fine)
}
