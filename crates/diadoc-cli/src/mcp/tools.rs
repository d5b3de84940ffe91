//! The tools that work in memory.

use std::any::Any;

use diadoc_core::base64;
use diadoc_schema::Language;
use rmcp::handler::server::tool::schema_for_type;
use rmcp::model::{ContentBlock, JsonObject, Tool, ToolAnnotations};
use rmcp::schemars::{self, JsonSchema};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::functions::{self, Check, Convert, Error};

/// What a tool does with its arguments, in a language.
type Work = fn(JsonObject, Language) -> Result<Vec<ContentBlock>, String>;

/// A tool: its name, what it is for, its arguments, what it does.
type Row = (
    &'static str,
    &'static str,
    fn() -> std::sync::Arc<JsonObject>,
    Work,
);

const TOOLS: &[Row] = &[
    (
        "describe",
        "Explains a message, field, enum, value, HTTP method or rule of the Diadoc API: what it means, its rules, \
         where it stands, what uses it.",
        schema_for_type::<Describe>,
        |arguments, language| {
            let asked: Describe = read(arguments)?;
            let lang = asked.lang.as_deref().or(Some(name(language)));
            text(functions::describe(&asked.name, lang, asked.json))
        },
    ),
    (
        "search",
        "Finds methods, messages, enums, fields and values by words, English or Russian, in names, paths, titles \
         and comments; the best first, as JSON.",
        schema_for_type::<Search>,
        |arguments, _| {
            let asked: Search = read(arguments)?;
            let found = functions::search(&asked.words).map_err(|error| error.to_string())?;
            let found: Vec<Value> = serde_json::from_str(&found).map_err(|e| e.to_string())?;
            let all = found.len();
            let shown: Vec<_> = found
                .into_iter()
                .take(asked.most.unwrap_or(MOST_FOUND))
                .collect();
            let left_out = all - shown.len();
            let found = serde_json::json!({"found": shown, "left_out": left_out});
            Ok(vec![ContentBlock::text(found.to_string())])
        },
    ),
    (
        "list",
        "Lists the names of all messages, enums or HTTP methods, or of those that hold a text.",
        schema_for_type::<List>,
        |arguments, _| {
            let asked: List = read(arguments)?;
            text(functions::list(&asked.kind, asked.pattern.as_deref()))
        },
    ),
    (
        "example",
        "Makes a valid body of a message as JSON: with its required fields, or with all.",
        schema_for_type::<Example>,
        |arguments, _| {
            let asked: Example = read(arguments)?;
            text(functions::example_json(
                &asked.message,
                asked.full,
                asked.seed,
            ))
        },
    ),
    (
        "check",
        "Checks a body against the schema and what is known of the live server: each finding with its place, what \
         was expected, and what the server does about it. A report as JSON.",
        schema_for_type::<CheckBody>,
        |arguments, language| {
            let asked: CheckBody = read(arguments)?;
            let check = Check {
                name: None,
                message: asked.message.as_deref(),
                direction: asked.direction.as_deref(),
                form: asked.body.form.as_deref(),
                at: asked.body.at.as_deref(),
                strict: asked.strict,
                lang: asked.lang.as_deref().or(Some(name(language))),
                ..Check::default()
            };
            text(functions::check(&asked.body.bytes()?, &check))
        },
    ),
    (
        "detect",
        "Names the messages that a body may be, the best first, as JSON.",
        schema_for_type::<Body>,
        |arguments, _| {
            let body: Body = read(arguments)?;
            let (form, at) = (body.form.as_deref(), body.at.as_deref());
            text(functions::detect(&body.bytes()?, form, at))
        },
    ),
    (
        "convert",
        "Converts a body of a message to Diadoc's JSON, protobuf or protobuf's text format. Protobuf comes as \
         base64. What is dropped or made up on the way is said.",
        schema_for_type::<ConvertBody>,
        |arguments, _| {
            let asked: ConvertBody = read(arguments)?;
            let convert = Convert {
                form: asked.body.form.as_deref(),
                at: asked.body.at.as_deref(),
                pretty: asked.pretty,
                keep_unknown: asked.keep_unknown,
            };
            let bytes = asked.body.bytes()?;
            let to = asked.to.as_deref().unwrap_or("json");
            let converted = functions::convert(&bytes, &asked.message, to, &convert);
            let converted = converted.map_err(|error| error.to_string())?;
            let body = match String::from_utf8(converted.body) {
                Ok(text) if to != "protobuf" => text,
                Ok(text) => base64::encode_to_string(text.as_bytes()),
                Err(error) => base64::encode_to_string(error.as_bytes()),
            };
            let mut content = vec![ContentBlock::text(body)];
            if !converted.notes.is_empty() {
                content.push(ContentBlock::text(converted.notes.join("\n")));
            }
            Ok(content)
        },
    ),
];

/// How many are found where nothing else is said.
const MOST_FOUND: usize = 20;

/// All of them.
pub(super) fn all() -> Vec<Tool> {
    let tools = TOOLS.iter().map(|(name, about, schema, _)| {
        let annotations = ToolAnnotations::new().read_only(true).open_world(false);
        Tool::new(*name, *about, schema()).with_annotations(annotations)
    });
    tools.collect()
}

/// What the tool of that name does with its arguments.
pub(super) fn work(
    name: &str,
    language: Language,
) -> Option<impl FnOnce(JsonObject) -> Result<Vec<ContentBlock>, String> + Send + use<>> {
    let (.., work) = TOOLS.iter().find(|(known, ..)| *known == name)?;
    let work = *work;
    Some(move |arguments| work(arguments, language))
}

/// The arguments of a tool; the text says what is wrong with them.
pub(super) fn read<T>(arguments: JsonObject) -> Result<T, String>
where
    T: DeserializeOwned + JsonSchema + Any,
{
    let schema = schema_for_type::<T>();
    let known = schema.get("properties").and_then(Value::as_object);
    let known: Vec<_> = known.into_iter().flat_map(JsonObject::keys).collect();
    if let Some(other) = arguments.keys().find(|key| !known.contains(key)) {
        let known: Vec<_> = known.iter().map(|key| key.as_str()).collect();
        return Err(format!(
            "the tool has no argument `{other}`; it has {}",
            known.join(", ")
        ));
    }
    serde_json::from_value(Value::Object(arguments))
        .map_err(|error| format!("the arguments of the tool are wrong: {error}"))
}

fn text(result: Result<String, Error>) -> Result<Vec<ContentBlock>, String> {
    match result {
        Ok(text) => Ok(vec![ContentBlock::text(text)]),
        Err(error) => Err(error.to_string()),
    }
}

fn name(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::Russian => "ru",
    }
}

#[derive(Deserialize, JsonSchema)]
struct Describe {
    /// The name: `DocumentList`, `Document.IndexKey`, `DocumentType.Invoice`, `POST /V3/PostMessage`,
    /// `GetDocuments (V3)`, `MessageToPost.DocumentAttachments[0].Comment`, `json.type`.
    name: String,
    /// `en` or `ru`: the language of headings and titles.
    lang: Option<String>,
    /// Whether it comes as JSON.
    #[serde(default)]
    json: bool,
}

#[derive(Deserialize, JsonSchema)]
struct Search {
    /// The words, all of which have to be there; of a Russian word the ending does not count.
    words: String,
    /// How many are given at most; 20 by default.
    most: Option<usize>,
}

#[derive(Deserialize, JsonSchema)]
struct List {
    /// `messages`, `enums` or `methods`.
    kind: String,
    /// A part of the names, whatever its case; of methods also of the paths.
    pattern: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct Example {
    /// A message, or a method for what it sends or else answers with.
    message: String,
    /// Whether it has every field, and not the required ones alone.
    #[serde(default)]
    full: bool,
    /// A number that chooses fields and values at random.
    seed: Option<u64>,
}

/// A body, as text or as base64.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Body {
    /// The body as text: JSON, or what it is wrapped in, such as a line of a log, a HAR file, base64 or YAML.
    #[serde(rename = "body")]
    text: Option<String>,
    /// The body as bytes in base64, in the place of `body`: protobuf, or something compressed.
    #[serde(rename = "body_base64")]
    base64: Option<String>,
    /// `json` or `protobuf`, to take the body as it is; else it is opened.
    pub form: Option<String>,
    /// The part of JSON that is the body: `.request.body`.
    pub at: Option<String>,
}

impl Body {
    fn bytes(&self) -> Result<Vec<u8>, String> {
        let given = body_of(self.text.as_deref(), self.base64.as_deref())?;
        given.ok_or_else(|| "give the body as `body`, or as `body_base64`".to_owned())
    }
}

/// The bytes of a body that is given as text or as base64; none where it is given as neither.
pub(super) fn body_of(text: Option<&str>, base64: Option<&str>) -> Result<Option<Vec<u8>>, String> {
    match (text, base64) {
        (None, None) => Ok(None),
        (Some(text), None) => Ok(Some(text.as_bytes().to_vec())),
        (None, Some(text)) => {
            let bytes = base64::decode(text.as_bytes());
            Ok(Some(bytes.ok_or("`body_base64` is no base64")?))
        }
        (Some(_), Some(_)) => Err("give `body` or `body_base64`, not both".to_owned()),
    }
}

#[derive(Deserialize, JsonSchema)]
struct CheckBody {
    #[serde(flatten)]
    body: Body,
    /// A message, or a method that has it; where nothing is given, the body tells.
    message: Option<String>,
    /// `request` or `response`: which way the body goes.
    direction: Option<String>,
    /// Whether every finding counts.
    #[serde(default)]
    strict: bool,
    /// `en` or `ru`: the language of the findings.
    lang: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct ConvertBody {
    #[serde(flatten)]
    body: Body,
    /// A message, or a method that has it.
    message: String,
    /// `json`, `protobuf` or `text`; JSON by default.
    to: Option<String>,
    /// Whether JSON and text stand over several lines.
    #[serde(default)]
    pretty: bool,
    /// Whether what the schema does not know is written as it was read.
    #[serde(default)]
    keep_unknown: bool,
}
