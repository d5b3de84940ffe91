//! `diadoc call`: one call of a method.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap_complete::ArgValueCompleter;
use diadoc_api::{CallMessage, CallResponse, Form, Request as _, StartsTask as _};
use diadoc_proto::Limits;
use serde_json::Value;

use crate::completions;
use crate::input::{Input, form_parser};
use crate::opening;
use crate::outcome::{Failure, Outcome};
use crate::output::{self, Output, say};
use crate::progress::Bar;
use crate::words::words;

mod pages;
mod prepared;
mod request;
mod send;
mod shell;

use pages::Pages;
pub(crate) use prepared::{Asked, Prepared};
pub(crate) use request::BodySource;
use request::message_type;
use send::RETRIES;
pub(crate) use send::{Sender, Sending, is_file};
pub(crate) use shell::diadoc as command;

/// How long --wait waits where it names no time.
const DEADLINE: &str = "300";
/// How long an answer may be that is held whole.
const MOST_BYTES: usize = Limits::BYTES;

/// Calls a method of the API and prints its answer
///
/// Parameters and body are held against the schema before anything is sent. A message that comes
/// back is printed as JSON, a file goes to -o FILE or to standard output where that is no terminal.
/// What fails on the way is tried again where that does nothing twice, and a file that breaks off is
/// gone on with.
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
  diadoc call GetDocumentsV3 -p boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3 \\
    -p filterCategory=Any.Inbound --all > documents.ndjson
  diadoc call PostMessageV3 --body message.json
  diadoc describe GetDocumentsV3   explains the method and its parameters")]
pub(crate) struct Arguments {
    /// The method: its name, such as GetDocumentsV3
    #[arg(add = ArgValueCompleter::new(completions::of_methods))]
    method: String,

    /// A parameter as NAME=VALUE; a list has it several times
    #[arg(short, long = "param", value_name = "NAME=VALUE",
          add = ArgValueCompleter::new(completions::of_parameters))]
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

    /// How often what fails is tried again, where that does nothing twice; 3 times by default
    #[arg(long, value_name = "N", default_value_t = RETRIES, hide_default_value = true)]
    retries: u32,

    /// All of a list that comes in pages: its items as JSON, one a line, as they come
    #[arg(long, conflicts_with_all = ["wait", "dry_run", "curl"])]
    all: bool,

    /// How many bytes an answer may have, a gibibyte by default; a file is written as it comes, and may
    /// have more
    #[arg(long, value_name = "BYTES", default_value_t = MOST_BYTES, hide_default_value = true)]
    max_bytes: usize,

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
    let parameters = arguments.params.iter().map(|text| parameter(text));
    let body = arguments.body.clone().map(Input::from_argument);
    let prepared = Prepared::new(Asked {
        method: &arguments.method,
        parameters: parameters.collect::<Result<_, _>>()?,
        body: body.map(BodySource::Input),
        body_name: arguments.body_name.as_deref(),
        opening: &arguments.opening,
        form: arguments.wire,
        unchecked: arguments.unchecked,
        config: arguments.config.as_deref(),
    })?;
    if let Some(news) = prepared.news() {
        say(&format!("warning: {news}"));
    }
    if arguments.curl {
        let (command, remarks) = prepared.curl()?;
        remarks.iter().for_each(|remark| say(remark));
        output::to_stdout(command.as_bytes())?;
        return Ok(Outcome::Fine);
    }
    if arguments.dry_run {
        output::to_stdout(prepared.http()?.as_bytes())?;
        return Ok(Outcome::Fine);
    }
    let output = Output::from_argument(arguments.output.clone());
    // What was done at the server cannot be asked for again because nobody could write it down.
    output.try_out()?;
    let sending = Sending {
        most_bytes: arguments.max_bytes,
        retries: arguments.retries,
        wait: arguments.wait.map(Duration::from_secs),
    };
    if arguments.all {
        return all(&prepared, sending, &output);
    }
    let start = Instant::now();
    let sender = Sender::new(&prepared, sending)?;
    let call = &prepared.call;
    if is_file(call) {
        sender.write_file(call, &output)?;
        return Ok(Outcome::Fine);
    }
    let mut response = sender.send(call)?;
    let mut no_task = None;
    if let Some(next) = call.result(&response) {
        let tell = || say(&format!("the outcome comes from: {}", shell::diadoc(&next)));
        match sending.wait {
            Some(all) => {
                let left = all.saturating_sub(start.elapsed());
                let rest = Sending {
                    wait: Some(left),
                    ..sending
                };
                let outcome = Sender::new(&prepared, rest)?.send(&next);
                // To call again would start another task.
                response = outcome.inspect_err(|_| tell())?;
            }
            None => tell(),
        }
    } else if let (Some(_), Some(poll_with)) = (sending.wait, call.method().poll_with) {
        no_task = Some(Failure::finding(format!(
            "{}: the answer names no task to ask {} for",
            call.method().name,
            poll_with.method
        )));
    }
    match text(call.method().name, &response)? {
        Some(text) => output.write_text(&text)?,
        None if response == CallResponse::Absent => {
            say("there is nothing: the method answers without a body");
        }
        None => {}
    }
    no_task.map_or(Ok(Outcome::Fine), Err)
}

/// Writes the items of all pages, one a line.
fn all(prepared: &Prepared, sending: Sending, output: &Output) -> Result<Outcome, Failure> {
    if prepared.form == Form::Protobuf {
        return Err(Failure::new(
            "pages are gone through as JSON\nLeave out `--wire protobuf`, or --all.",
        ));
    }
    let mut pages = Pages::new(prepared.call.clone())?;
    let sender = Sender::new(prepared, sending)?;
    let spinner = words().items;
    let bar = Bar::new(None, spinner, spinner, !output.is_terminal());
    let written = output.write_pieces(|| {
        let items = next_items(&mut pages, &sender);
        let items = items.map_err(|why| why.and(&format!("{} items had come.", pages.seen())))?;
        Ok(items.map(|items| {
            bar.add(items.len() as u64);
            let lines = items
                .iter()
                .map(|item| format!("{}\n", output.shown_here(&item.to_string())));
            lines.collect::<String>()
        }))
    });
    bar.finish();
    written.map(|()| Outcome::Fine)
}

/// The items of the next page; none after the last one.
fn next_items(pages: &mut Pages, sender: &Sender) -> Result<Option<Vec<Value>>, Failure> {
    let Some(call) = pages.next()? else {
        return Ok(None);
    };
    match sender.send(&call)? {
        CallResponse::Message(page) => pages.accept(&call, &page.content).map(Some),
        _ => Ok(None),
    }
}

/// What a method answered with, as text; none where that is nothing.
pub(crate) fn text(method: &str, response: &CallResponse) -> Result<Option<String>, Failure> {
    Ok(match response {
        CallResponse::Message(message) => Some(json(message).map_err(|why| {
            Failure::finding(format!("{method}: the answer cannot be read: {why}"))
        })?),
        CallResponse::Text(text) => Some(format!("{text}\n")),
        _ => None,
    })
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
