//! Writing down what passed, with other data.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use axum::http::{Response, StatusCode};
use bytes::Bytes;
use diadoc_api::{Call, Form, HIDDEN, Request as _, Secrets};
use diadoc_proto::registry;
use diadoc_schema::{Checks, Direction, Effect, Method, Response as Answers};
use serde::Serialize;

use super::ProxyError;
use super::exchange::Held;
use super::pseudonyms::{Known, Pseudonyms};
use super::replace::{self, Unreadable};
use crate::manifest::FILE_NAME;

/// How much of the text of an error is written, in bytes.
const LONGEST_SENTENCE: usize = 64 << 10;

/// A folder that exchanges are written to.
pub(super) struct Recorder {
    folder: PathBuf,
    pseudonyms: Pseudonyms,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: Vec<Entry>,
    known: Known,
}

/// An entry of the manifest, with its keys.
#[derive(Serialize)]
struct Entry {
    file: String,
    method: String,
    message: String,
    direction: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

/// What passed in one exchange of a method.
pub(super) struct Passed<'a> {
    pub number: usize,
    pub call: &'a Call,
    pub method: &'a Method,
    pub request: Option<Held>,
    pub response: Option<Held>,
    /// The answer as it came; none where there was none.
    pub answer: Option<&'a Response<Bytes>>,
    /// What the request went out with.
    pub secrets: &'a Secrets,
}

/// What was written, and what was not, as a phrase for each.
#[derive(Default)]
pub(super) struct Written {
    pub files: Vec<String>,
    pub notes: Vec<String>,
}

impl Recorder {
    /// A recorder to a folder, which is made where it is not there and must have no manifest.
    pub(super) fn new(folder: &Path, seed: Option<&str>) -> Result<Self, ProxyError> {
        let failed = |source| ProxyError::Io {
            path: folder.to_owned(),
            source,
        };
        fs::create_dir_all(folder).map_err(failed)?;
        if folder.join(FILE_NAME).exists() {
            return Err(ProxyError::Recorded(folder.to_owned()));
        }
        // Before anything passes that could not be written.
        let probe = folder.join(".probe.part");
        fs::write(&probe, []).map_err(failed)?;
        fs::remove_file(&probe).map_err(failed)?;
        Ok(Self {
            folder: folder.to_owned(),
            pseudonyms: Pseudonyms::new(seed),
            state: Mutex::default(),
        })
    }

    /// Writes an exchange down. The bodies come before the manifest that names them, so that the
    /// manifest holds whenever the writing ends.
    pub(super) fn record(&self, passed: &Passed) -> io::Result<Written> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut written = Written::default();
        let before = state.entries.len();
        for held in passed.request.iter().chain(&passed.response) {
            self.record_message(passed, held, &mut state, &mut written)?;
        }
        self.record_other(passed, &state.known, &mut written)?;
        if state.entries.len() > before {
            self.write_manifest(&state.entries)?;
        }
        Ok(written)
    }

    fn record_message(
        &self,
        passed: &Passed,
        held: &Held,
        state: &mut State,
        written: &mut Written,
    ) -> io::Result<()> {
        let Held {
            message,
            form,
            direction,
            body,
        } = held;
        let made = replace::body(&self.pseudonyms, &mut state.known, message, *form, body);
        let Ok(made) = made else {
            let Unreadable = Unreadable;
            let note = format!("the {} cannot be read and was not recorded", direction);
            written.notes.push(note);
            return Ok(());
        };
        let end = match form {
            Form::Json => "json",
            Form::Protobuf => "bin",
        };
        let file = name_of(passed, *direction, end);
        self.write(&file, &made)?;
        let (refused_at, fault) = refusal(held, &made).unzip();
        state.entries.push(Entry {
            file: file.clone(),
            method: passed.method.name().to_owned(),
            message: message.full_name().to_owned(),
            direction: direction.to_string(),
            refused_at,
            fault,
        });
        written.files.push(file);
        Ok(())
    }

    /// Writes what is no message: files, and what the server says about an error. The manifest does not
    /// name them. What a method answers with as a text, or to somebody without a token, may be a token:
    /// it is not written.
    fn record_other(
        &self,
        passed: &Passed,
        known: &Known,
        written: &mut Written,
    ) -> io::Result<()> {
        let given = passed.call.given_body();
        let given = given.filter(|body| body.form.is_none() && !body.content.is_empty());
        if let Some(body) = given {
            let file = name_of(passed, Direction::Request, "dat");
            let mut known = passed.call.method().bodies.iter();
            let made = match known.any(|one| one.name == body.name && one.secret) {
                true => HIDDEN.into(),
                false => self.pseudonyms.content(&body.content),
            };
            self.write(&file, &made)?;
            written.files.push(file);
        }
        let Some(answer) = passed.answer.filter(|answer| !answer.body().is_empty()) else {
            return Ok(());
        };
        let content = answer.body();
        let (end, made) = match (answer.status(), &passed.method.response) {
            (status, _) if status.is_client_error() || status.is_server_error() => {
                let sentence = &content[..content.len().min(LONGEST_SENTENCE)];
                let sentence = String::from_utf8_lossy(sentence);
                let sentence = passed.secrets.hide(&sentence);
                let sentence = self.pseudonyms.sentence(&sentence, known);
                (ending(status), sentence.into_bytes())
            }
            (_, Answers::Bytes) if !passed.method.anonymous => {
                ("dat".to_owned(), self.pseudonyms.content(content))
            }
            _ => return Ok(()),
        };
        let file = name_of(passed, Direction::Response, &end);
        self.write(&file, &made)?;
        written.files.push(file);
        Ok(())
    }

    fn write_manifest(&self, entries: &[Entry]) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(entries)?;
        text.push(b'\n');
        self.write(FILE_NAME, &text)
    }

    /// Writes a file as a whole or not at all.
    fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        // What is hidden is no body, should it stay behind.
        let temporary = self.folder.join(format!(".{name}.part"));
        fs::write(&temporary, content)?;
        fs::rename(&temporary, self.folder.join(name))
    }
}

/// `0007_PostMessageV3_request.json`.
fn name_of(passed: &Passed, direction: Direction, end: &str) -> String {
    let (number, method) = (passed.number, passed.method.name());
    format!("{number:04}_{method}_{}.{end}", direction)
}

/// The end of the name of an error's text: `400.txt`.
fn ending(status: StatusCode) -> String {
    format!("{}.txt", status.as_u16())
}

/// Where a body is refused, and why; none where it is not.
fn refusal(held: &Held, body: &[u8]) -> Option<(String, String)> {
    let report = Checks::new(held.direction).check(&held.message, held.form, body);
    let mut findings = report.findings.iter();
    if let Some(finding) = findings.find(|finding| finding.effect == Effect::Refused) {
        return Some((finding.path.clone(), finding.message.clone()));
    }
    // What readers refuse, and the schema says nothing of.
    let message = registry::find(held.message.full_name())?;
    match held.form {
        Form::Json => {
            let error = message.from_json(body).err()?;
            Some((error.path().to_owned(), error.to_string()))
        }
        Form::Protobuf => {
            let error = message.decode(body).err()?;
            Some((String::new(), error.to_string()))
        }
    }
}
