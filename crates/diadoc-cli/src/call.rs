//! `diadoc call`: one call of a method.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use diadoc_api::{
    self as api, Call, CallMessage, CallResponse, Form, Method, Request as _, StartsTask as _,
};
use diadoc_proto::Limits;
use diadoc_schema::Schema;

use crate::input::{Input, form_parser};
use crate::opening;
use crate::outcome::{Failure, Outcome};
use crate::output::{self, Output, say};
use crate::session::{Session, Store};
use crate::settings::Settings;

mod file;
mod request;
mod send;
mod shell;

use request::{GivenBody, message_type};
use send::Came;

/// How long --wait waits where it names no time.
const DEADLINE: &str = "300";
/// How long an answer may be that is held whole.
const MOST_BYTES: u64 = Limits::BYTES as u64;

/// Calls a method of the API and prints its answer
///
/// Parameters and body are held against the schema before anything is sent. A message that comes
/// back is printed as JSON, a file goes to -o FILE or to standard output where that is no terminal.
///
/// Where to call and on whose behalf stand in the environment or in a file, config.toml in the folder
/// `diadoc` of your configuration (~/.config/diadoc/config.toml) or the one that --config names; the
/// environment goes first:
///
///   DIADOC_URL            url            the address; https://diadoc-api.kontur.ru by default
///   DIADOC_TOKEN          token          the token
///   DIADOC_CLIENT_ID      client_id      the developer key of the older DiadocAuth; with it the token
///                                        is sent that way, else as Bearer
///   DIADOC_SOLUTION_INFO  solution_info  the name of your program, which the vendor sees
///
/// Without a token, the one that `diadoc login` keeps is taken, refreshed where it is due or refused.
/// For that the id and the secret of your program stand beside the address, as `diadoc login --help`
/// says. Instead of signing in, a refresh token from the vendor's integrator cabinet will do; the ones
/// that follow it are kept where `diadoc login` keeps its own:
///
///   DIADOC_OIDC_REFRESH_TOKEN  oidc_refresh_token
#[allow(rustdoc::bare_urls, reason = "the comment is the text of --help")]
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_help = "\
Exit codes: 0 the method answered, 1 it answered with an error or its result is not ready, 2 nothing
was sent or no answer came.

Examples:
  diadoc login && diadoc call GetMyOrganizations
  diadoc call GetDocumentsV3 -p boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3 \\
    -p filterCategory=Any.Inbound --dry-run
  diadoc call PostMessageV3 --body message.json
  diadoc describe GetDocumentsV3   explains the method and its parameters")]
pub(crate) struct Arguments {
    /// The method: its name, such as GetDocumentsV3
    method: String,

    /// A parameter as NAME=VALUE; a list has it several times
    #[arg(short, long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,

    /// The body: a message in JSON or protobuf, or a file as it is, as the method wants it; `-` is
    /// standard input
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,

    /// Which body it is, of a method that takes one of several
    #[arg(long, value_name = "NAME", requires = "body")]
    body_name: Option<String>,

    #[command(flatten)]
    opening: opening::Arguments,

    /// The form in which messages travel
    #[arg(long, value_name = "FORM", default_value = "json", value_parser = form_parser())]
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

    /// How many bytes an answer may have, a gibibyte by default; a file is written as it comes, and may
    /// have more
    #[arg(long, value_name = "BYTES", default_value_t = MOST_BYTES, hide_default_value = true)]
    max_bytes: u64,

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

/// Reads a parameter; an error does not quote it, since it may hold a secret.
fn parameter(text: &str) -> Result<(&str, &str), Failure> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    pair.ok_or_else(|| {
        Failure::new("-p: a parameter is written as NAME=VALUE\nGive each as one argument.")
    })
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let method = Schema::diadoc()
        .method(&arguments.method)
        .map_err(|error| {
            Failure::new(format!(
                "{error}\n`diadoc list --methods` prints all methods."
            ))
        })?;
    // Both come from the same schema.
    let method = Method::find(method.name())
        .ok_or_else(|| Failure::new(format!("{} cannot be called", method.name())))?;
    let form = arguments.wire;
    let mut call = Call::new(method);
    for text in &arguments.params {
        let (name, value) = parameter(text)?;
        call = call.parameter(name, value);
    }
    let body = arguments.body.clone().map(Input::from_argument);
    let name = arguments.body_name.as_deref();
    let body = GivenBody::read(method, body, name, &arguments.opening)?;
    if let Some(body) = &body {
        call = body.add_to(call, form)?;
    }
    if !arguments.unchecked {
        request::check(&call, body.as_ref())?;
    }
    let settings = Settings::read(arguments.config.as_deref())?;
    let config = settings.config.clone().unchecked();
    let session = Session::new(&settings);
    if let Some(news) = method.news() {
        say(&format!("warning: {}: {news}", method.name));
    }
    if arguments.dry_run || arguments.curl {
        send::check_credentials(&config)?;
        let http = call
            .to_http(&config.clone().without_credentials(), form)
            .map_err(|error| Failure::new(error.to_string()))?;
        let config = match &session {
            Some(session) if send::needs_sign_in(&call, &config) && session.is_signed_in()? => {
                if arguments.curl {
                    say(&format!(
                        "the command takes its token from DIADOC_TOKEN, which is not set: the stored \
                         one is not in it\n\
                         Set it to the `access_token` in {}.",
                        Store::usual()?
                    ));
                }
                // What the token is, shows neither.
                config.bearer("")
            }
            _ => config,
        };
        let text = match arguments.curl {
            true => {
                for (variable, parameter) in shell::variables(&call) {
                    say(&format!(
                        "the command takes `{parameter}` from {variable}, which has to be set"
                    ));
                }
                shell::curl(&call, &http, &config, body.as_ref(), form)
            }
            false => shell::http(&call, &http, &config),
        };
        output::to_stdout(text.as_bytes())?;
        return Ok(Outcome::Fine);
    }

    let output = Output::from_argument(arguments.output.clone());
    let sender = send::Sender::new(&config, session.as_ref(), form, arguments.max_bytes);
    let (start, deadline) = (Instant::now(), arguments.wait.map(Duration::from_secs));
    let mut answer = sender.wait(&call, deadline)?;
    if let Ok(api::Outcome::Ready(Came::Whole(started))) = &answer
        && let Some(next) = call.result(started)
    {
        match deadline {
            Some(all) => {
                let left = all.saturating_sub(start.elapsed());
                answer = sender.wait(&next, Some(left))?;
                call = next;
            }
            None => say(&format!("the outcome comes from: {}", shell::diadoc(&next))),
        }
    }
    finish(answer, &call, &sender, &output)
}

/// The result to where it shall go; all else is said.
fn finish(
    answer: send::CallResult,
    call: &Call,
    sender: &send::Sender<'_>,
    output: &Output,
) -> Result<Outcome, Failure> {
    let method = call.method();
    let response = match answer {
        Ok(api::Outcome::Ready(response)) => response,
        Ok(api::Outcome::Pending { retry_after }) => {
            let when = match retry_after {
                Some(delay) => format!(" in {} s", delay.as_secs()),
                None => String::new(),
            };
            say(&format!(
                "the result is not ready yet: call again{when}, or give --wait"
            ));
            return Ok(Outcome::Findings);
        }
        Err(error) => {
            say(&format!("error: {error}"));
            return Ok(Outcome::Findings);
        }
    };
    let response = match response {
        Came::Whole(response) => response,
        Came::File(file) => {
            file.write(call, sender, output)?;
            return Ok(Outcome::Fine);
        }
    };
    match response {
        CallResponse::Message(message) => {
            let text = json(&message).map_err(|why| {
                Failure::finding(format!("{}: the answer cannot be read: {why}", method.name))
            })?;
            output.write_text(&text)?;
        }
        CallResponse::Text(text) => output.write_text(&format!("{text}\n"))?,
        CallResponse::Absent => say("there is nothing: the method answers without a body"),
        _ => {}
    }
    Ok(Outcome::Fine)
}

/// A message as JSON over several lines; the text says why it is none.
fn json(message: &CallMessage) -> Result<String, String> {
    if message.form == Form::Json {
        // As the server wrote it, with what the schema does not know.
        let value: serde_json::Value = serde_json::from_slice(&message.content)
            .map_err(|error| format!("this is no JSON: {error}"))?;
        return output::json(&value).map_err(|error| error.to_string());
    }
    let message_type = message_type(message.full_name).map_err(|error| error.to_string())?;
    let message = message_type
        .decode(&message.content)
        .map_err(|error| format!("this is no protobuf of {}: {error}", message_type.name()))?;
    let text = message
        .to_json_pretty()
        .map_err(|error| error.to_string())?;
    Ok(text + "\n")
}
