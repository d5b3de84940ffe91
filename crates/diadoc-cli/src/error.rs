//! What can go wrong, and the exit code that says so.

use std::io;
use std::path::PathBuf;

use diadoc_proto::json;
use diadoc_testkit::manifest::ManifestError;

use crate::input::Input;

/// Why a command could not do its work. The texts end with what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No message has the name.
    #[error("no message is called `{name}`\n{}", did_you_mean(.near))]
    UnknownMessage {
        name: String,
        /// Full names that look like it, the nearest first.
        near: Vec<&'static str>,
    },

    /// Several messages end with the name.
    #[error("`{name}` is the name of several messages\nGive one of these:{}", lines(.candidates))]
    AmbiguousMessage {
        name: String,
        candidates: Vec<&'static str>,
    },

    /// No message has the text in its name.
    #[error(
        "no message has `{0}` in its name\nTry a shorter part, or `diadoc list` for all names."
    )]
    NothingListed(String),

    /// There is no folder of fixtures here.
    #[error(
        "there is no folder `fixtures` with a manifest.json here or in a folder above\n\
         Name what to check: `diadoc check DIR` for a folder with a manifest.json, or\n\
         `diadoc check --message NAME PATH...` for files and folders."
    )]
    NoFixtures,

    /// A message was named, but nothing to check.
    #[error("there is nothing to check\nName files or folders, or `-` for standard input.")]
    NoPaths,

    /// A body was named, but not its message.
    #[error(
        "{0}: this is not a folder with a manifest.json, so its message must be named\n\
         Give it with --message NAME; `diadoc list` prints all names."
    )]
    NoMessage(Input),

    /// A manifest lists no body.
    #[error("{}: the manifest lists no bodies\nAdd one: an object with file, message and direction.", .0.display())]
    EmptyManifest(PathBuf),

    /// A manifest could not be used.
    #[error(
        "{0}\nCorrect the manifest, or name the bodies with `diadoc check --message NAME PATH...`."
    )]
    Manifest(#[from] ManifestError),

    /// A manifest names a message that does not stand alone.
    #[error("{}: for {}: {source}", .manifest.display(), .file.display())]
    ManifestMessage {
        manifest: PathBuf,
        file: PathBuf,
        source: Box<Error>,
    },

    /// A folder holds no body.
    #[error("{}: there are no *.json files in this folder\nName another folder, or the files themselves.", .0.display())]
    NoBodies(PathBuf),

    /// Something could not be read.
    #[error("{input}: cannot be read: {source}\n{}", read_advice(.source))]
    Read { input: Input, source: io::Error },

    /// A file could not be written.
    #[error(
        "{}: cannot be written: {source}\n\
         No file was changed. See to the folder and its permissions, or name another file with -o.",
        .path.display()
    )]
    Write { path: PathBuf, source: io::Error },

    /// Standard output took no more.
    #[error("standard output: cannot be written: {0}\nCheck where the output goes.")]
    Stdout(io::Error),

    /// Bytes would go to a terminal.
    #[error(
        "{0} is binary and standard output is a terminal\nName a file with -o FILE, or `-o -` to print it all the same."
    )]
    Terminal(&'static str),

    /// `--pretty` was given for protobuf.
    #[error("--pretty is for JSON\nLeave it out, or give `--to json`.")]
    PrettyProtobuf,

    /// A body is not JSON of its message.
    #[error(
        "{input}: {source}{}\n\
         Nothing was written. Correct the body there, or name its message with --message: it was\n\
         read as {message}.",
        found(.source)
    )]
    Json {
        input: Input,
        message: &'static str,
        source: json::Error,
    },

    /// Bytes are not protobuf of their message.
    #[error(
        "{input}: {source}\n\
         Nothing was written. Check that the body is complete and is protobuf, and name its message\n\
         with --message: it was read as {message}."
    )]
    Protobuf {
        input: Input,
        message: &'static str,
        source: prost::DecodeError,
    },

    /// A message could not be written as JSON.
    #[error(
        "{input}: cannot be written as JSON: {source}\nNothing was written; use `--to protobuf`."
    )]
    Encode { input: Input, source: json::Error },
}

impl Error {
    /// 1 for a finding about a body or the schema, 2 for wrong usage, reading and writing.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Json { .. }
            | Self::Protobuf { .. }
            | Self::Encode { .. }
            | Self::NothingListed(_) => 1,
            _ => 2,
        }
    }
}

/// The names, each on an indented line of its own.
fn lines(names: &[&str]) -> String {
    names.iter().map(|name| format!("\n  {name}")).collect()
}

fn did_you_mean(near: &[&str]) -> String {
    match near {
        [] => "`diadoc list` prints all names.".to_owned(),
        near => format!(
            "Did you mean:{}\n`diadoc list` prints all names.",
            lines(near)
        ),
    }
}

fn read_advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "Check the path.",
        io::ErrorKind::PermissionDenied => "Check that you may read it.",
        io::ErrorKind::IsADirectory => "Name a file in this folder.",
        _ => "Check that it is a file that you may read.",
    }
}

/// What stood in the body, on a line of its own, where the error itself does not say it all.
fn found(error: &json::Error) -> String {
    match crate::output::found(error) {
        Some(found) => format!("\nfound: {found}"),
        None => String::new(),
    }
}
