//! Sending a call and reading the answer.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use diadoc_api::client::{Client, ClientError, Download, NextAttempt, RenewError, RetryPolicy};
use diadoc_api::http::header::AUTHORIZATION;
use diadoc_api::{
    Call, CallResponse, Config, Credentials, Limits, Outcome, PollPolicy, Request as _,
    RequestError, ResponseKind, Upload, UploadError,
};
use futures_util::StreamExt as _;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tokio::runtime::{self, Runtime};
use tokio::task::spawn_blocking;

use super::prepared::Prepared;
use crate::input::Input;
use crate::outcome::Failure;
use crate::output::{Output, say};
use crate::progress::Bar;
use crate::session::Session;
use crate::words::words;

/// How often what fails is tried again.
pub(super) const RETRIES: u32 = 3;
/// How long one attempt may take; of a file, until it begins, and then each piece of it.
const TIMEOUT: Duration = Duration::from_secs(100);
/// What to do about a token of the settings that no header takes.
const OF_SETTINGS: &str = "Check DIADOC_TOKEN and DIADOC_CLIENT_ID.";
/// And about a stored one.
const OF_STORE: &str = "It is the stored one: sign in again with `diadoc login`.";

/// Sends calls on somebody's behalf.
pub(crate) struct Sender {
    /// Taken when this is dropped.
    runtime: Option<Runtime>,
    client: Client,
    config: Config,
    /// How long an answer may be that is held whole.
    most_bytes: usize,
    /// When all has to be over.
    end: Option<Instant>,
    advice: &'static str,
}

/// How calls are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sending {
    /// How long an answer may be that is held whole.
    pub most_bytes: usize,
    /// How often what fails is tried again, where that does nothing twice.
    pub retries: u32,
    /// How long to wait for a result that is not ready; this is all the time that there is. None where nobody
    /// waits.
    pub wait: Option<Duration>,
}

/// Nobody waits, and an answer may be as long as by default.
impl Default for Sending {
    fn default() -> Self {
        Self {
            most_bytes: Limits::BYTES,
            retries: RETRIES,
            wait: None,
        }
    }
}

impl Sender {
    /// What sends a call, and others on the same behalf.
    pub(crate) fn new(prepared: &Prepared, sending: Sending) -> Result<Self, Failure> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Failure::no_thread)?;
        let session = match &prepared.session {
            Some(session) if prepared.needs_sign_in() && session.is_signed_in()? => Some(session),
            _ => None,
        };
        check_token(prepared, session.is_some())?;
        let config = prepared.config.clone();
        let builder = match session {
            // Else these would go first.
            Some(_) => Client::builder(config.clone().without_credentials()),
            None => Client::builder(config.clone()),
        };
        let end = sending
            .wait
            .and_then(|wait| Instant::now().checked_add(wait));
        let mut retry = RetryPolicy::default();
        retry.attempts = sending.retries.saturating_add(1);
        let mut builder = builder
            .form(prepared.form)
            .retry(retry)
            .limits(Limits::new().bytes(sending.most_bytes))
            .on_retry(say_next);
        if let Some(wait) = sending.wait {
            builder = builder
                .deadline(wait)
                .timeout(TIMEOUT.min(wait))
                .polling(PollPolicy::within(wait));
        }
        if let Some(session) = session {
            let session = Arc::new(session.clone());
            builder = builder.renew_with(move |old: Option<Credentials>| {
                renewed(Arc::clone(&session), old, end)
            });
        }
        let client = builder.build();
        Ok(Self {
            runtime: Some(runtime),
            client: client.map_err(|error| Failure::new(error.to_string()))?,
            config,
            most_bytes: sending.most_bytes,
            end,
            advice: match session {
                Some(_) => OF_STORE,
                None => OF_SETTINGS,
            },
        })
    }

    /// Does work of the client to its end.
    fn run<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        match &self.runtime {
            Some(runtime) => Ok(runtime.block_on(work)),
            None => Err(Failure::no_thread(io::ErrorKind::NotConnected.into())),
        }
    }

    /// Sends a call, and again where that may help; with a wait, until its result is there.
    pub(crate) fn send(&self, call: &Call) -> Result<CallResponse, Failure> {
        let outcome = self.run(async {
            match self.end.is_some() {
                true => self.client.wait(call.clone()).await.map(Outcome::Ready),
                false => self.client.outcome(call.clone()).await,
            }
        })?;
        match outcome {
            Ok(Outcome::Ready(response)) => Ok(response),
            Ok(Outcome::Pending { retry_after }) => Err(not_ready(retry_after)),
            Err(error) => Err(self.failure(call, error)),
        }
    }

    /// Sends a call that is answered with a file, which has begun to come then.
    fn open(&self, call: &Call) -> Result<Download, Failure> {
        let download = self.run(async {
            match self.end.is_some() {
                true => self.client.wait_download(call.clone()).await,
                false => self.client.download(call.clone()).await,
            }
        })?;
        download.map_err(|error| self.failure(call, error))
    }

    /// Writes the file that a call is answered with as it comes: it is never held whole.
    pub(super) fn write_file(&self, call: &Call, output: &Output) -> Result<(), Failure> {
        let mut download = self.open(call)?;
        output.keep_binary_off_terminal("the file")?;
        let words = words();
        let shown = !output.is_terminal();
        let bar = Bar::new(download.size, words.bar, words.spinner, shown);
        let written = output.write_pieces(|| {
            let piece = self.in_time("the file", download.next())?;
            let piece = piece
                .transpose()
                .map_err(|error| self.failure(call, error))?;
            bar.add(piece.as_ref().map_or(0, |piece| piece.len() as u64));
            Ok(piece)
        });
        bar.finish();
        written?;
        if let Some(name) = download.file_name {
            say(&format!("file name: {name}"));
        }
        Ok(())
    }

    /// The file that a call is answered with, whole; none where it is longer than an answer may be.
    pub(crate) fn file(&self, call: &Call) -> Result<Option<Vec<u8>>, Failure> {
        let mut download = self.open(call)?;
        let mut content = Vec::new();
        loop {
            match self.in_time("the file", download.next())? {
                None => return Ok(Some(content)),
                Some(Err(error)) => return Err(self.failure(call, error)),
                Some(Ok(piece)) if content.len() + piece.len() > self.most_bytes => {
                    return Ok(None);
                }
                Some(Ok(piece)) => content.extend_from_slice(&piece),
            }
        }
    }

    /// Puts a file on the shelf, and gives its name there.
    pub(crate) fn upload(&self, path: &Path, extension: &str) -> Result<String, Failure> {
        let input = Input::File(path.into());
        let before = fs::metadata(path).map_err(|error| input.unreadable(&error))?;
        if !before.is_file() {
            return Err(Failure::new(format!(
                "{input}: this is no file\nName a file."
            )));
        }
        let words = words();
        let bar = Bar::new(Some(before.len()), words.bar, words.spinner, true);
        let uploaded = self.in_time("the upload", async {
            let file = File::open(path).await.map_err(ClientError::Content)?;
            let mut upload = Upload::new(before.len())?.extension(extension);
            let content = Counted { file, bar: &bar };
            self.client.upload_rest(&mut upload, content).await
        });
        bar.finish();
        let after = fs::metadata(path).map_err(|error| input.unreadable(&error))?;
        let is_same = |one: &Metadata, other: &Metadata| {
            one.len() == other.len() && one.modified().ok() == other.modified().ok()
        };
        if !is_same(&before, &after) {
            return Err(Failure::new(format!(
                "{input}: the file has changed while it went up\n\
                 What is on the shelf, if anything, is no one state of it: upload it again."
            )));
        }
        uploaded?.map_err(|error| match error {
            ClientError::Content(why) => input.unreadable(&why),
            ClientError::Upload(why @ (UploadError::Empty | UploadError::TooLarge { .. })) => {
                Failure::new(format!("{input}: {why}"))
            }
            ClientError::Upload(why) => Failure::finding(format!("{input}: {why}")),
            error => self.no_result(&error, &error.to_string(), false),
        })
    }

    /// Does work of the client to its end, or until the time is up that there is for all of it.
    fn in_time<T>(&self, what: &str, work: impl Future<Output = T>) -> Result<T, Failure> {
        let Some(end) = self.end else {
            return self.run(work);
        };
        let left = end.saturating_duration_since(Instant::now());
        let done = self.run(async { tokio::time::timeout(left, work).await })?;
        done.map_err(|_| {
            Failure::new(format!(
                "{what} did not come to its end in the time of --wait"
            ))
        })
    }

    /// Why a call has no result, and what to do about it.
    fn failure(&self, call: &Call, error: ClientError) -> Failure {
        let method = call.method().name;
        let said = call.secrets().hide(&error.to_string());
        match error {
            ClientError::TooLong { .. } => Failure::new(format!(
                "{method}: the answer has more than {} bytes\n\
                 Allow more with --max-bytes BYTES.",
                self.most_bytes
            )),
            ClientError::Broken { bytes, why } => {
                let why = self.failure(call, *why);
                why.and(&format!("{bytes} bytes had come. Call again."))
            }
            ClientError::Changed { bytes, .. } => Failure::new(format!(
                "{method}: the file has become another one while it came\n\
                 {bytes} bytes had come. Call again."
            )),
            ClientError::Request(RequestError::Header { header, .. })
                if header == AUTHORIZATION.as_str() =>
            {
                no_header(self.advice)
            }
            ClientError::Request(_) => Failure::new(format!("{said}\nCheck the parameters.")),
            error => {
                let is_done_twice = error.may_be_done() && !call.is_repeatable();
                self.no_result(&error, &said, is_done_twice)
            }
        }
    }

    /// The same, where it has nothing to do with what the call is of.
    /// `may_be_done_twice`: whether another call may do again what this one has done.
    fn no_result(&self, error: &ClientError, said: &str, may_be_done_twice: bool) -> Failure {
        match error {
            ClientError::Pending { retry_after, .. } => not_ready(*retry_after),
            ClientError::Polling(_) => not_ready(None),
            ClientError::Deadline {
                last: Some(last), ..
            } if matches!(**last, ClientError::Pending { .. }) => not_ready(None),
            ClientError::Renewal(why) => match why.cause().downcast_ref::<Failure>() {
                Some(failure) => failure.clone(),
                None => Failure::new(said),
            },
            ClientError::Api(_) | ClientError::Uncertain { .. } => Failure::finding(said),
            _ if may_be_done_twice => Failure::new(format!(
                "{said}\nThe server may have done it all the same: see whether it has before you call again."
            )),
            // Without the target: its query may hold a secret.
            _ => Failure::new(format!(
                "{said}\nCheck the address {} and the connection, then call again.",
                self.config.address().to_string().trim_end_matches('/'),
            )),
        }
    }
}

/// A file that says how far it was read.
struct Counted<'b> {
    file: File,
    bar: &'b Bar,
}

impl AsyncRead for Counted<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.file).poll_read(context, buffer);
        self.bar.add((buffer.filled().len() - before) as u64);
        read
    }
}

impl AsyncSeek for Counted<'_> {
    fn start_seek(mut self: Pin<&mut Self>, position: io::SeekFrom) -> io::Result<()> {
        if let io::SeekFrom::Start(position) = position {
            self.bar.set(position);
        }
        Pin::new(&mut self.file).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.file).poll_complete(context)
    }
}

/// What somebody else is still at is not waited for.
impl Drop for Sender {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The token of who is signed in, or a new one in the place of a refused one.
async fn renewed(
    session: Arc<Session>,
    old: Option<Credentials>,
    end: Option<Instant>,
) -> Result<Credentials, Box<dyn std::error::Error + Send + Sync>> {
    let token = spawn_blocking(move || {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        session.token(old.as_ref().and_then(Credentials::token), left)
    });
    match token.await.map_err(RenewError::lasting)? {
        Ok(Some(token)) => Ok(Credentials::bearer(token)),
        Ok(None) => Err(no_token(false).into()),
        Err(failure) => Err(failure.into()),
    }
}

fn say_next(next: &NextAttempt<'_>) {
    let delay = next.delay.as_secs_f64();
    say(&format!("{}\ntrying again in {delay:.1} s", next.error));
}

fn not_ready(retry_after: Option<Duration>) -> Failure {
    let when = match retry_after {
        Some(delay) => format!(" in {} s", delay.as_secs()),
        None => String::new(),
    };
    Failure::finding(format!(
        "the result is not ready yet: call again{when}, or give --wait"
    ))
}

pub(crate) fn is_file(call: &Call) -> bool {
    call.method().response == ResponseKind::Bytes
}

/// Whether there are credentials, and a header takes them.
fn check_token(prepared: &Prepared, is_signed_in: bool) -> Result<(), Failure> {
    let anonymous = prepared.call.method().anonymous;
    let credentials = prepared.config.credentials();
    let lacks = |one: &Credentials| !anonymous && one.token().is_none();
    if !is_signed_in && credentials.is_none_or(lacks) {
        return Err(no_token(anonymous));
    }
    check_credentials(&prepared.config)
}

fn no_token(anonymous: bool) -> Failure {
    let needed = match anonymous {
        true => "Set DIADOC_CLIENT_ID",
        false => "Sign in with `diadoc login`, set DIADOC_TOKEN",
    };
    Failure::new(format!(
        "there is no token\n\
         {needed}, or put it into the file: `diadoc call --help` says where."
    ))
}

/// Whether a header takes the credentials of the settings.
pub(super) fn check_credentials(config: &Config) -> Result<(), Failure> {
    match config.credentials().map(Credentials::header) {
        Some(Err(_)) => Err(no_header(OF_SETTINGS)),
        _ => Ok(()),
    }
}

fn no_header(advice: &str) -> Failure {
    Failure::new(format!(
        "the token holds a line break or a character that no header may\n{advice}"
    ))
}
