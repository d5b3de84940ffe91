//! What can go wrong, and the exit code that says so.

use std::fmt;
use std::io;
use std::path::PathBuf;

use diadoc_fake::FakeError;
use diadoc_proto::json;
use diadoc_schema::SchemaError;
use diadoc_testkit::manifest::ManifestError;

use crate::input::Input;
use crate::text;

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

    /// Nothing in the schema has the name.
    #[error("nothing in the schema is called `{name}`\n{}", near_names(.near))]
    UnknownName { name: String, near: Vec<String> },

    /// Several things in the schema end with the name.
    #[error("`{name}` is the name of several things\nGive one of these:{}", lines(.candidates))]
    AmbiguousName {
        name: String,
        candidates: Vec<String>,
    },

    /// No message or enum has the text in its name.
    #[error("no {what} has `{pattern}` in its name\n{advice}")]
    NothingListed {
        what: String,
        pattern: String,
        advice: &'static str,
    },

    /// No package has the name.
    #[error("no package is called `{name}`\n{}", near_packages(.near))]
    UnknownPackage {
        name: String,
        /// Full names that look like it.
        near: Vec<String>,
    },

    /// A package has messages, but no enums, or the other way round.
    #[error("{package} has no {what}\n{advice}")]
    EmptyPackage {
        package: String,
        what: &'static str,
        advice: &'static str,
    },

    /// There is no folder of fixtures here.
    #[error(
        "there is no folder `fixtures` with a manifest.json here or in a folder above\n\
         Name what to check: `diadoc check PATH...` for files, folders and patterns; --message NAME\n\
         says what they are."
    )]
    NoFixtures,

    /// A message was named, but nothing to check.
    #[error("there is nothing to check\nName files or folders, or `-` for standard input.")]
    NoPaths,

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
    #[error("{}: there are no {kinds} files in this folder\nName another folder, or the files themselves.", .folder.display())]
    NoBodies {
        folder: PathBuf,
        kinds: &'static str,
    },

    /// A pattern matches no file.
    #[error("{}: no file is there or matches\nCheck the path. A pattern has * within a name, ** for folders at any depth.", .0.display())]
    NoMatch(PathBuf),

    /// A pattern is none.
    #[error(
        "{pattern}: this is not a pattern: {source}\nWrite * within a name, ** between slashes, and [*] for a star itself."
    )]
    Pattern {
        pattern: String,
        source: glob::PatternError,
    },

    /// A line is longer than any body.
    #[error(
        "{place}: this line is longer than 64 MiB and was not checked\n\
         Bodies stand one a line with --ndjson and in *.ndjson and *.jsonl files; check that this\n\
         is one."
    )]
    LongLine { place: String },

    /// `--ndjson` was given for protobuf.
    #[error("--ndjson is for JSON\nLeave it out, or leave out `--from protobuf`.")]
    NdjsonProtobuf,

    /// The system gave no thread.
    #[error("no thread could be started: {0}\nCheck the limits of this system, then run it again.")]
    Thread(io::Error),

    /// A body was given up.
    #[error(
        "a body could not be checked to its end\nThe message above says why; please report it."
    )]
    Unfinished,

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

    /// A folder could not be made.
    #[error("{}: this folder cannot be made: {source}\nName another folder with -o.", .path.display())]
    Folder { path: PathBuf, source: io::Error },

    /// Standard output took no more.
    #[error("standard output: cannot be written: {0}\nCheck where the output goes.")]
    Stdout(io::Error),

    /// Bytes would go to a terminal.
    #[error(
        "{0} is binary and standard output is a terminal\nName a file with -o FILE, or `-o -` to print it all the same."
    )]
    Terminal(&'static str),

    /// `--pretty` was given for protobuf.
    #[error("--pretty is for JSON and text\nLeave it out, or give `--to json` or `--to text`.")]
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

    /// A text is not protobuf's text format of its message.
    #[error(
        "{input}: {source}\n\
         Nothing was written. Correct the text there, or name its message with --message: it was\n\
         read as {message}; `diadoc describe` lists its fields."
    )]
    Text {
        input: Input,
        message: &'static str,
        source: Box<text::Error>,
    },

    /// A message could not be written as JSON.
    #[error(
        "{input}: cannot be written as JSON: {source}\nNothing was written; use `--to protobuf`."
    )]
    Encode { input: Input, source: json::Error },

    /// A body to detect is not JSON, though it should be or begins like it.
    #[error(
        "{input}: this is not JSON: {source}\n\
         Correct it there, or give `--from protobuf` if it is protobuf."
    )]
    BrokenJson {
        input: Input,
        source: serde_json::Error,
    },

    /// A body fits no message.
    #[error("{input}: no message fits this body, read as {form}\n{advice}")]
    NothingFits {
        input: Input,
        form: &'static str,
        advice: &'static str,
    },

    /// A part of the schema could not be found or a foreign schema not be used.
    #[error("{0}\n`diadoc list` prints all names.")]
    Schema(#[from] SchemaError),

    /// No method has the name, or several have.
    #[error("{0}\n`diadoc list --methods` prints all methods.")]
    UnknownMethod(SchemaError),

    /// A request goes against the schema.
    #[error(
        "{method} was not sent\n\n{}\n\n\
         Correct that, or give --unchecked to send it as it is. `diadoc describe {method}` explains\n\
         the method.", .text.trim_end()
    )]
    Refused { method: String, text: String },

    /// A method takes no body.
    #[error("{0} takes no body\nLeave out --body; parameters are given with -p NAME=VALUE.")]
    NoBody(String),

    /// A method takes one of several bodies.
    #[error("{method} takes one of several bodies\nGive --body-name with one of these:{}", lines(.names))]
    BodyName { method: String, names: Vec<String> },

    /// A body cannot be sent in the form that is asked for.
    #[error(
        "{input}: {source}\n\
         Nothing was sent. Correct the body: it was read as {message}; `diadoc check` finds all that\n\
         is wrong."
    )]
    Body {
        input: Input,
        message: &'static str,
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// The address of the API is none.
    #[error(
        "{0}: this is no address\nGive one such as https://diadoc-api.kontur.ru in DIADOC_URL or in the file."
    )]
    Address(String),

    /// A file of settings is none.
    #[error(
        "{}: line {line}: {fault}\nThe file is TOML with the keys url, token and client_id.",
        .path.display()
    )]
    Settings {
        path: PathBuf,
        line: usize,
        fault: String,
    },

    /// There are no credentials.
    #[error(
        "there is no token\nSet {0}, or put it into the file: `diadoc call --help` says where."
    )]
    NoToken(&'static str),

    /// A token holds what no header may.
    #[error(
        "the token holds a line break or a character that no header may\nCheck DIADOC_TOKEN and DIADOC_CLIENT_ID."
    )]
    TokenText,

    /// A request cannot be written as HTTP.
    #[error("{method}: this cannot be sent: {source}\nCheck the parameters.")]
    Http { method: String, source: http::Error },

    /// No answer came.
    #[error(
        "{method}: no whole answer came from {url}: {source}\nCheck the address and the connection, then call again."
    )]
    NoAnswer {
        method: String,
        url: String,
        source: Box<ureq::Error>,
    },

    /// An answer is not what the method answers with.
    #[error("{method}: the answer has status {status}, but cannot be read: {fault}")]
    Answer {
        method: String,
        status: u16,
        fault: String,
    },

    /// The fake cannot do as it is told.
    #[error("{0}\n`diadoc serve --help` explains the options.")]
    Fake(#[from] FakeError),

    /// The fake cannot listen.
    #[error(
        "{address}: cannot be served: {source}\nName another port with --port; 0 takes a free one."
    )]
    Serve {
        address: std::net::SocketAddr,
        source: io::Error,
    },

    /// Both schemas to compare would be read from standard input.
    #[error("both schemas cannot come from standard input\nName a file for one of them.")]
    BothStdin,

    /// A file of a foreign schema is none.
    #[error("{input}: {source}\n{SCHEMA_ADVICE}")]
    SchemaFile { input: Input, source: SchemaError },

    /// A folder of a foreign schema does not compile.
    #[error(
        "{source}\n\
         Correct that, or name the folder that the imports start from: all .proto files below it are\n\
         compiled."
    )]
    SchemaFolder { source: SchemaError },

    /// A single `.proto` file was named.
    #[error("{0}: this is a single .proto file\nName the folder that its imports start from.")]
    ProtoFile(Input),

    /// A schema holds nothing to compare.
    #[error("{0}: there is no message below the package Diadoc.Api.Proto in it\n{SCHEMA_ADVICE}")]
    ForeignSchema(String),
}

const SCHEMA_ADVICE: &str = "\
Name a folder of .proto files, a descriptor set (`protoc --include_imports --descriptor_set_out`,
`diadoc descriptor`), an OpenAPI document in JSON, or the word builtin.";

impl Error {
    /// 1 for a finding about a body or the schema, 2 for wrong usage, reading and writing.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Json { .. }
            | Self::Protobuf { .. }
            | Self::Text { .. }
            | Self::Encode { .. }
            | Self::BrokenJson { .. }
            | Self::NothingFits { .. }
            | Self::Answer { .. }
            | Self::NothingListed { .. }
            | Self::EmptyPackage { .. } => 1,
            _ => 2,
        }
    }
}

/// The names, each on an indented line of its own.
fn lines(names: &[impl fmt::Display]) -> String {
    names.iter().map(|name| format!("\n  {name}")).collect()
}

fn near_names(near: &[String]) -> String {
    let advice = "`diadoc list` prints all messages, `diadoc list --enums` all enums.";
    match near {
        [] => advice.to_owned(),
        near => format!("Did you mean:{}\n{advice}", lines(near)),
    }
}

fn near_packages(near: &[String]) -> String {
    match near {
        [] => "The names of `diadoc list` begin with the packages.".to_owned(),
        near => format!("Did you mean:{}", lines(near)),
    }
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
