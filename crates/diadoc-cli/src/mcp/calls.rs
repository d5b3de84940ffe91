//! The tool that calls methods of the API, and the word of a person that some of them need.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, RandomState};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use diadoc_api::{CallResponse, Form, Idempotency, Request as _};
use diadoc_core::base64;
use diadoc_schema::printable_lines;
use rmcp::handler::server::tool::schema_for_type;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ClientCapabilities, ContentBlock, ElicitRequest,
    ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationSchema, InputRequest,
    InputRequiredResult, JsonObject, ProtocolVersion, Tool, ToolAnnotations,
};
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde::Deserialize;
use serde_json::Value;

use super::tools::{body_of, read};
use super::{answered, failed};
use crate::call::{self, Asked, BodySource, Prepared, Sender, Sending};
use crate::opening;
use crate::outcome::Failure;

/// The tool's name.
pub(super) const NAME: &str = "call";
/// What a person is asked under.
const QUESTION: &str = "confirmation";
/// What a person says there.
const ANSWER: &str = "send";
/// How long an answer may be: an agent reads it whole.
const MOST_BYTES: usize = 1 << 20;
/// How much of a request a person is shown.
const MOST_SHOWN: usize = 4000;
const MOST_LINES: usize = 60;
/// How many questions may be open. Those of clients that asked and never came back are forgotten.
const MOST_OPEN: usize = 100;

/// Sends calls, where a person has agreed.
pub(super) struct Calls {
    /// The file with the settings, where one is named.
    config: Option<PathBuf>,
    /// What a person was asked about: the digest of each call, by the state that its answer comes with.
    open: Mutex<HashMap<String, u64>>,
    hasher: RandomState,
}

pub(super) fn tool() -> Tool {
    let about = "Calls a method of the Diadoc API on behalf of who runs this server, and gives its answer: a \
        message as JSON, a text, a file as base64. Parameters and body are held against the schema first. A method \
        that changes nothing is called at once; of any other a person is asked first.";
    let annotations = ToolAnnotations::new()
        .read_only(false)
        .destructive(true)
        .idempotent(false)
        .open_world(true);
    Tool::new(NAME, about, schema_for_type::<Arguments>()).with_annotations(annotations)
}

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// The method: `GetDocumentsV3`, `POST /V3/PostMessage`.
    method: String,
    /// The parameters by their names; a list is an array.
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    /// The body as text: a message as JSON, or a text.
    body: Option<String>,
    /// The body as bytes in base64, in the place of `body`.
    body_base64: Option<String>,
    /// Which body it is, of a method that takes one of several.
    body_name: Option<String>,
}

/// The texts of a parameter's value; of a list one for each element.
fn texts(name: &str, value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Number(number) => Ok(vec![number.to_string()]),
        Value::Bool(flag) => Ok(vec![flag.to_string()]),
        Value::Array(values) if !values.is_empty() => {
            let texts: Result<Vec<_>, _> = values.iter().map(|value| texts(name, value)).collect();
            Ok(texts?.concat())
        }
        _ => Err(format!(
            "parameter `{name}`: expected a text, a number, true, false, or a list of them with something in it, \
             found {value}"
        )),
    }
}

/// What a person is asked, and how.
enum Asking {
    /// Over the connection, while the call waits.
    Now,
    /// With an answer that the client comes back with.
    ByAnswer,
    /// There is no way.
    Never,
}

impl Calls {
    pub(super) fn new(config: Option<PathBuf>) -> Self {
        Self {
            config,
            open: Mutex::default(),
            hasher: RandomState::new(),
        }
    }

    pub(super) async fn call(
        &self,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let CallToolRequestParams {
            arguments,
            input_responses,
            request_state,
            ..
        } = request;
        let arguments = arguments.unwrap_or_default();
        let prepared = self.prepare(arguments.clone());
        let prepared = prepared.and_then(|prepared| {
            let http = prepared.http().map_err(|why| why.to_string())?;
            Ok((prepared, http))
        });
        let (prepared, http) = match prepared {
            Ok(prepared) => prepared,
            Err(why) => return Ok(failed(why).into()),
        };
        // Where it goes may change with the settings.
        let digest = self.digest(&arguments, &http);
        let method = prepared.call.method();
        if method.idempotency != Idempotency::NoSideEffects {
            let answer = match (
                &request_state,
                self.was_asked(request_state.as_deref(), digest),
            ) {
                (Some(_), true) => {
                    let answers = input_responses.unwrap_or_default();
                    let answer = answers.get(QUESTION).cloned().unwrap_or_default();
                    serde_json::from_value(answer).ok()
                }
                (Some(_), false) => {
                    let why =
                        "the confirmation is of another call, or came before: nothing was sent";
                    return Ok(failed(why).into());
                }
                (None, _) => match asking(context) {
                    Asking::ByAnswer => return self.question(&prepared, &http, digest),
                    Asking::Now => ask(&prepared, &http, context).await?,
                    Asking::Never => {
                        let command = call::command(&prepared.call);
                        let body = match prepared.call.given_body() {
                            Some(_) => " --body FILE",
                            None => "",
                        };
                        return Ok(failed(format!(
                            "{} changes something, and this client cannot ask a person whether to send it: nothing \
                             was sent. Who wants it can run:\n{command}{body}",
                            method.name
                        ))
                        .into());
                    }
                },
            };
            if !answer.is_some_and(|answer| is_yes(&answer)) {
                let why = format!("{} was not sent: nobody said so", method.name);
                return Ok(failed(why).into());
            }
        }
        if context.ct.is_cancelled() {
            let why = format!("{} was not sent: the client took it back", method.name);
            return Ok(failed(why).into());
        }
        let done = answered(move || send(&prepared).map_err(|why| why.to_string()));
        done.await.map(Into::into)
    }

    /// The call that the arguments are of; the text says why there is none.
    fn prepare(&self, arguments: JsonObject) -> Result<Prepared, String> {
        let asked: Arguments = read(arguments)?;
        let body = body_of(asked.body.as_deref(), asked.body_base64.as_deref())?;
        let mut given = Vec::new();
        for (name, value) in &asked.parameters {
            let texts = texts(name, value)?.into_iter();
            given.extend(texts.map(|text| (name, text)));
        }
        let prepared = Prepared::new(Asked {
            method: &asked.method,
            parameters: given
                .iter()
                .map(|(name, text)| (&***name, &**text))
                .collect(),
            body: body.map(|bytes| BodySource::Bytes("body", bytes)),
            body_name: asked.body_name.as_deref(),
            opening: &opening::Arguments::default(),
            form: Form::Json,
            unchecked: false,
            config: self.config.as_deref(),
        });
        prepared.map_err(|why| why.to_string())
    }

    fn digest(&self, arguments: &JsonObject, http: &str) -> u64 {
        let mut sorted: Vec<_> = arguments.iter().collect();
        sorted.sort_by_key(|(name, _)| *name);
        let texts = sorted.iter().map(|(name, value)| format!("{name}={value}"));
        self.hasher.hash_one((texts.collect::<Vec<_>>(), http))
    }

    /// Whether a person was asked about the call under that state; nobody is asked twice under one.
    fn was_asked(&self, state: Option<&str>, digest: u64) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = state.and_then(|state| open.remove(state));
        asked == Some(digest)
    }

    /// The question as an answer, which the client comes back with.
    fn question(
        &self,
        prepared: &Prepared,
        http: &str,
        digest: u64,
    ) -> Result<CallToolResponse, ErrorData> {
        let state = uuid::Uuid::new_v4().to_string();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST_OPEN {
            open.clear();
        }
        open.insert(state.clone(), digest);
        let question = InputRequest::Elicitation(ElicitRequest::new(parameters(prepared, http)?));
        let questions = BTreeMap::from([(QUESTION.to_owned(), question)]);
        Ok(InputRequiredResult::new(Some(questions), Some(state)).into())
    }
}

/// How a person is asked over this connection.
fn asking(context: &RequestContext<RoleServer>) -> Asking {
    let can = |capabilities: ClientCapabilities| {
        let elicitation = capabilities.elicitation?;
        // Who names no way knows forms alone.
        Some(elicitation.form.is_some() || elicitation.url.is_none())
    };
    if context.client_capabilities().and_then(can) != Some(true) {
        return Asking::Never;
    }
    match context.protocol_version() {
        Some(version) if version >= ProtocolVersion::V_2026_07_28 => Asking::ByAnswer,
        _ => Asking::Now,
    }
}

/// Asks while the call waits; nothing where there is no answer.
async fn ask(
    prepared: &Prepared,
    http: &str,
    context: &RequestContext<RoleServer>,
) -> Result<Option<ElicitResult>, ErrorData> {
    let answer = context.peer.create_elicitation(parameters(prepared, http)?);
    Ok(answer.await.ok())
}

/// The question: the request as it would be sent, without secrets, and a box to tick.
fn parameters(prepared: &Prepared, http: &str) -> Result<ElicitRequestParams, ErrorData> {
    let no_question = |why: String| ErrorData::internal_error(why, None);
    // What a body holds is to push nothing out of sight, and to look like nothing else.
    let whole = printable_lines(http);
    let lines: Vec<_> = whole.trim_end().lines().take(MOST_LINES).collect();
    let mut shown: String = lines.join("\n").chars().take(MOST_SHOWN).collect();
    let left_out = whole.trim_end().len().saturating_sub(shown.len());
    if left_out > 0 {
        shown += &format!("\n… and {left_out} more bytes, which are not shown");
    }
    let news = prepared.news().map(|news| format!("\nNote: {news}."));
    let schema = serde_json::json!({
        "type": "object",
        "properties": {ANSWER: {
            "type": "boolean",
            "title": "Send it",
            "description": "Whether this request is sent to Diadoc on your behalf",
        }},
        "required": [ANSWER],
    });
    let Value::Object(schema) = schema else {
        return Err(no_question("no question can be made".to_owned()));
    };
    Ok(ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: format!(
            "{} changes something at Diadoc. Send this request?{}\n\n{shown}",
            prepared.call.method().name,
            news.unwrap_or_default()
        ),
        requested_schema: ElicitationSchema::from_json_schema(schema)
            .map_err(|error| no_question(error.to_string()))?,
    })
}

fn is_yes(answer: &ElicitResult) -> bool {
    let ticked = answer
        .content
        .as_ref()
        .and_then(|content| content.get(ANSWER));
    answer.action == ElicitationAction::Accept && ticked == Some(&Value::Bool(true))
}

fn send(prepared: &Prepared) -> Result<Vec<ContentBlock>, Failure> {
    let (call, method) = (&prepared.call, prepared.call.method());
    let sending = Sending {
        most_bytes: MOST_BYTES,
        ..Sending::default()
    };
    let sender = Sender::new(prepared, sending)?;
    let text = if call::is_file(call) {
        match sender.file(call)? {
            Some(content) => base64::encode_to_string(&content),
            None => {
                return Err(Failure::new(format!(
                    "{}: the file has more than {MOST_BYTES} bytes\nTake it with: {} -o FILE",
                    method.name,
                    call::command(call)
                )));
            }
        }
    } else {
        let response = sender.send(call)?;
        match call::text(method.name, &response)? {
            Some(text) => text,
            None if response == CallResponse::Absent => {
                "there is nothing to answer with".to_owned()
            }
            None => "done; the method answers with nothing".to_owned(),
        }
    };
    let mut content = vec![ContentBlock::text(text)];
    content.extend(prepared.news().map(ContentBlock::text));
    Ok(content)
}
