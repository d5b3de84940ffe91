//! `diadoc call`: one call of a method.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use diadoc_schema::{Method, Schema};

use crate::input::Input;
use crate::outcome::{Failure, Outcome};
use crate::output::Output;

mod answer;
mod curl;
mod request;
mod send;
mod settings;

use answer::Answer;
use request::{Form, Request};
use settings::Settings;

/// How long --wait waits where it names no time.
const DEADLINE: &str = "300";

/// Calls a method of the API and prints its answer
///
/// Parameters and body are held against the schema before anything is sent. A message that comes
/// back is printed as JSON, a file goes to -o FILE or to standard output where that is no terminal.
///
/// Where to call and on whose behalf stand in the environment or in a file, config.toml in the folder
/// `diadoc` of your configuration (~/.config/diadoc/config.toml) or the one that --config names; the
/// environment goes first:
///
///   DIADOC_URL         url        the address; https://diadoc-api.kontur.ru by default
///   DIADOC_TOKEN       token      the token
///   DIADOC_CLIENT_ID   client_id  the developer key of the older DiadocAuth; with it the token is
///                                 sent that way, else as Bearer
#[allow(rustdoc::bare_urls, reason = "the comment is the text of --help")]
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_help = "\
Exit codes: 0 the method answered, 1 it answered with an error or its result is not ready, 2 nothing
was sent or no answer came.

Examples:
  diadoc call GetMyOrganizations
  diadoc call GetDocumentsV3 -p boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3 \\
    -p filterCategory=Any.Inbound --dry-run
  diadoc call PostMessageV3 --body message.json
  diadoc describe GetDocumentsV3   explains the method and its parameters")]
pub struct Arguments {
    /// The method: its name, such as GetDocumentsV3
    method: String,

    /// A parameter as NAME=VALUE; a list has it several times
    #[arg(short, long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    params: Vec<(String, String)>,

    /// The body: a message in JSON or protobuf, or a file as it is, as the method wants it; `-` is
    /// standard input
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,

    /// Which body it is, of a method that takes one of several
    #[arg(long, value_name = "NAME", requires = "body")]
    body_name: Option<String>,

    /// The form in which messages travel
    #[arg(long, value_name = "FORM", default_value = "json")]
    wire: Form,

    /// Print the request and send nothing
    #[arg(long, conflicts_with = "curl")]
    dry_run: bool,

    /// Print a command of curl that sends the request, and send nothing
    #[arg(long)]
    curl: bool,

    /// Wait while the result is not ready, and for the outcome of a task that the call starts; at
    /// most so many seconds, 300 by default
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
          default_missing_value = DEADLINE)]
    wait: Option<u64>,

    /// Send the request even where it goes against the schema
    #[arg(long)]
    unchecked: bool,

    /// The file to write the answer to; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The file with the address and the token
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

fn parameter(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a parameter is written as NAME=VALUE"),
    }
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let schema = Schema::diadoc();
    let method = schema.method(&arguments.method).map_err(|error| {
        Failure::new(format!(
            "{error}\n`diadoc list --methods` prints all methods."
        ))
    })?;
    let mut params = arguments.params.clone();
    give_operation_id(method, &mut params);
    let body = arguments.body.clone().map(Input::from_argument);
    let body = request::Body::read(method, body, arguments.body_name.as_deref(), arguments.wire)?;
    if !arguments.unchecked {
        request::check(method, &params, body.as_ref())?;
    }
    let settings = Settings::read(arguments.config.as_deref())?;
    let request = Request::new(method, params, body, arguments.wire);
    if arguments.dry_run || arguments.curl {
        let text = match arguments.curl {
            true => curl::command(&request, &settings),
            false => request.show(&settings),
        };
        crate::output::to_stdout(text.as_bytes())?;
        return Ok(Outcome::Fine);
    }

    let output = Output::from_argument(arguments.output.clone());
    let sender = send::Sender::new(&settings);
    let deadline = arguments.wait.map(Duration::from_secs);
    let answer = sender.wait(&request, deadline)?;
    let answer = match (answer.task(method), deadline) {
        (Some(task), Some(_)) => {
            let request = request.outcome_of(schema, &task)?;
            sender.wait(&request, deadline)?
        }
        (Some(task), None) => {
            let next = request.outcome_of(schema, &task)?;
            say(&format!("the outcome comes from: {}", next.as_call()));
            answer
        }
        (None, _) => answer,
    };
    finish(answer, &output)
}

/// The result to where it shall go; all else is said.
fn finish(answer: Answer, output: &Output) -> Result<Outcome, Failure> {
    match answer {
        Answer::Json(text) => output.write(text.as_bytes())?,
        Answer::File { content, name } => {
            output.keep_binary_off_terminal("the file")?;
            output.write(&content)?;
            if let Some(name) = name {
                say(&format!("file name: {name}"));
            }
        }
        Answer::Text(text) => output.write(format!("{text}\n").as_bytes())?,
        Answer::Nothing => {}
        Answer::Absent => say("there is nothing: the method answers without a body"),
        Answer::Pending { seconds } => {
            let when = match seconds {
                Some(seconds) => format!(" in {seconds} s"),
                None => String::new(),
            };
            say(&format!(
                "the result is not ready yet: call again{when}, or give --wait"
            ));
            return Ok(Outcome::Findings);
        }
        Answer::Error(text) => {
            say(&format!("error: {text}"));
            return Ok(Outcome::Findings);
        }
    }
    Ok(Outcome::Fine)
}

/// Gives a method that takes an operationId one, so that what is sent twice is done once.
fn give_operation_id(method: &Method, params: &mut Vec<(String, String)>) {
    const NAME: &str = "operationId";
    let is_given = params.iter().any(|(name, _)| name == NAME);
    if method.parameter(NAME).is_some() && !is_given {
        params.push((NAME.to_owned(), uuid::Uuid::new_v4().to_string()));
    }
}

/// A line to standard error; where that is gone, there is nobody to tell.
fn say(text: &str) {
    let lines: Vec<_> = text.lines().map(crate::output::printable).collect();
    let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
}
