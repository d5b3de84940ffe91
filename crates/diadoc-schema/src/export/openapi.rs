//! OpenAPI 3.1, for what makes clients, mocks and documentation of it.

use std::collections::BTreeMap;

use diadoc_core::Language;
use diadoc_core::rules::FieldRule;
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use super::json_schema::{field_schema, json_schema};
use crate::describe::comment::{self, blocks, is_item};
use crate::names::short_name;
use crate::{
    Body, BodyKind, Idempotency, Item, Method, Paging, Parameter, Pending, Profile, Response,
    Schema, field_rules, must_have_content, rules_of_message,
};

/// How [`openapi`] writes the methods. The default has the current methods, with all rules, and
/// summaries in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenApiForm {
    /// With the methods that the vendor gives up, as `deprecated`.
    pub obsolete: bool,
    /// Without the rules about several fields of a message as keywords, which many generators of code
    /// do not bear. Descriptions tell them all the same.
    pub plain: bool,
    /// The language of summaries: in English the first sentence of the comment, in Russian the title.
    pub language: Language,
}

/// Where the vendor's API and identity server are.
const SERVER: &str = "https://diadoc-api.kontur.ru";
const STAGING_SERVER: &str = "https://diadoc-api-staging.kontur.ru";
const OPENID_CONFIGURATION: &str = "https://identity.kontur.ru/.well-known/openid-configuration";

const JSON: &str = "application/json";
const TEXT: &str = "text/plain";
const BYTES: &str = "application/octet-stream";

/// The header with the vendor's code of an error, and the component for those that say how long to wait.
const ERROR_CODE: &str = "X-Diadoc-ErrorCode";
const DELAY: &str = "Delay";
/// The component for refusals of which nothing else is known.
const REFUSED: &str = "Refused";
/// Refusals that every method knows, those of a token only where it needs one: component, status and
/// meaning.
const COMMON: [(&str, &str, &str); 5] = [
    (
        "BadRequest",
        "400",
        "The request is malformed, or a parameter is missing.",
    ),
    (
        "Unauthorized",
        "401",
        "There are no credentials, or wrong ones, or the token has expired.",
    ),
    (
        "SubscriptionEnded",
        "402",
        "The box's subscription to the API has ended.",
    ),
    ("Forbidden", "403", "These credentials have no access."),
    ("TooManyRequests", "429", "There are too many requests."),
];
/// Those of a token.
const OF_TOKEN: [&str; 3] = ["401", "402", "403"];

/// The ways to sign in, by name.
const OPENID_CONNECT: &str = "openIdConnect";
const DIADOC_AUTH: &str = "diadocAuth";

/// The methods as an OpenAPI 3.1 document, with all that they send and answer with.
///
/// Bodies are those of [`Profile::Written`]: JSON as the vendor writes it, required fields, rules, and the
/// keys that the server computes as `readOnly`. Answers that mean "not ready yet", refusals, the ways to
/// sign in and what the vendor says of a method's end stand with each operation; what OpenAPI has no
/// place for is an extension, `x-diadoc`.
///
/// ```
/// use diadoc_schema::{OpenApiForm, Schema, openapi};
///
/// let document = openapi(Schema::diadoc(), OpenApiForm::default());
/// let operation = &document["paths"]["/V3/PostMessage"]["post"];
/// assert_eq!(operation["operationId"], "PostMessageV3");
/// assert_eq!(
///     operation["requestBody"]["content"]["application/json"]["schema"]["$ref"],
///     "#/components/schemas/Events.MessageToPost",
/// );
/// ```
pub fn openapi(schema: &Schema, form: OpenApiForm) -> Value {
    let methods = schema.methods().iter();
    let methods: Vec<_> = methods
        .filter(|method| form.obsolete || !method.deprecated)
        .collect();
    let mut paths = BTreeMap::<&str, Map<String, Value>>::new();
    for method in &methods {
        let path = paths.entry(&method.path).or_default();
        path.insert(
            method.verb.as_str().to_lowercase(),
            operation(method, form.language),
        );
    }
    let mut document = json!({
        "openapi": "3.1.1",
        "info": info(form.language),
        "servers": [
            { "url": SERVER },
            { "url": STAGING_SERVER, "description": "For tests." },
        ],
        "security": [{ OPENID_CONNECT: [] }, { DIADOC_AUTH: [] }],
        "tags": tags(&methods),
        "paths": paths,
        "components": {
            "schemas": components(schema, &methods, form),
            "responses": common_responses(),
            "headers": headers(),
            "securitySchemes": security_schemes(),
        },
    });
    refer_to_components(&mut document);
    document
}

fn info(language: Language) -> Value {
    let title = match language {
        Language::Russian => "API Диадока",
        _ => "Diadoc API",
    };
    json!({
        "title": title,
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Exchange of legally significant documents: Kontur Diadoc.",
        "description": "Made from the schema of diadoc-proto, which is not the vendor's.\n\n\
            Bodies are JSON where the request says so: `Content-Type: application/json` for what is \
            sent, `Accept: application/json` for what is answered; otherwise they are protobuf.\n\n\
            Integers of 64 bits are JSON numbers beyond 2^53, such as `638884246403244956`: a parser \
            that makes doubles of them changes them in silence.",
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    })
}

fn tags(methods: &[&Method]) -> Vec<Value> {
    let mut tags: Vec<Value> = Vec::new();
    for method in methods {
        let service = method.service();
        if tags.iter().all(|tag| tag["name"] != service.name()) {
            let about = comment::of_service(service);
            tags.push(json!({ "name": service.name(), "description": markdown(&about) }));
        }
    }
    tags
}

fn security_schemes() -> Value {
    json!({
        OPENID_CONNECT: {
            "type": "openIdConnect",
            "openIdConnectUrl": OPENID_CONFIGURATION,
            "description": "An access token: `Authorization: Bearer TOKEN`. The vendor recommends it.",
        },
        DIADOC_AUTH: {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The older form: `DiadocAuth ddauth_api_client_id=KEY,ddauth_token=TOKEN`, \
                with the developer's key and a token of AuthenticateV3.",
        },
    })
}

/// An answer with an error.
fn refused(description: &str) -> Value {
    json!({
        "description": description,
        "headers": { ERROR_CODE: { "$ref": format!("#/components/headers/{ERROR_CODE}") } },
        "content": { TEXT: { "schema": { "type": "string" } } },
    })
}

fn common_responses() -> Value {
    let common = COMMON.map(|(name, status, text)| {
        let mut refused = refused(text);
        if status == "429" {
            refused["headers"]["Retry-After"] = delay();
        }
        (name, refused)
    });
    let other = refused("The server refuses; the body says why.");
    let responses = common.into_iter().chain([(REFUSED, other)]);
    json!(responses.collect::<BTreeMap<_, _>>())
}

/// The seconds to wait, as a header.
fn delay() -> Value {
    json!({ "$ref": format!("#/components/headers/{DELAY}") })
}

fn headers() -> Value {
    json!({
        ERROR_CODE: {
            "description": "The vendor's code of the error, where it has one.",
            "schema": { "type": "string" },
        },
        DELAY: {
            "description": "The seconds to wait before the same request is sent again.",
            "schema": { "type": "integer", "minimum": 0 },
        },
    })
}

// Operations

fn operation(method: &Method, language: Language) -> Value {
    let about = method.comment();
    let (about, statuses) = parted(&about);
    let title = Item::Method(method).title();
    let summary = match (language, title) {
        (Language::Russian, Some(title)) => title,
        _ => comment::summary(&about),
    };
    // Whoever shows both shows the summary first.
    let mut description = markdown(&about);
    if let Some(rest) = description.strip_prefix(&summary) {
        description = rest.trim_start().to_owned();
    }
    for rule in rules_of_message(&method.request()) {
        description += &format!("\n\nRule: {rule}.");
    }
    if let Some(news) = method.news() {
        description += &format!("\n\nNote: {news}.");
    }
    let mut operation = Map::new();
    let mut put = |key: &str, value: Value| operation.insert(key.to_owned(), value);
    put("operationId", method.name().into());
    put("tags", json!([method.service().name()]));
    put("summary", summary.trim_end_matches('.').into());
    if !description.is_empty() {
        put("description", description.trim_start().into());
    }
    if method.deprecated {
        put("deprecated", true.into());
    }
    if method.anonymous {
        put("security", json!([{ DIADOC_AUTH: [] }, {}]));
    }
    let parameters: Vec<_> = method.parameters.iter().map(parameter).collect();
    if !parameters.is_empty() {
        put("parameters", parameters.into());
    }
    if let Some(body) = request_body(&method.bodies) {
        put("requestBody", body);
    }
    put("responses", responses(method, statuses));
    let extension = extension(method);
    if !extension.is_empty() {
        put("x-diadoc", extension.into());
    }
    operation.into()
}

/// A comment of a method without the statuses that it lists, and these.
fn parted(about: &str) -> (String, BTreeMap<String, String>) {
    let mut statuses = BTreeMap::new();
    let mut rest = Vec::new();
    for block in blocks(about) {
        let item = block
            .strip_prefix("- ")
            .and_then(|item| item.split_once(": "));
        match item {
            Some((status, text)) if is_status(status) => {
                statuses.insert(status.to_owned(), text.to_owned());
            }
            _ => rest.push(block),
        }
    }
    (joined(&rest), statuses)
}

fn is_status(text: &str) -> bool {
    text.len() == 3
        && text
            .parse::<u16>()
            .is_ok_and(|status| (400..600).contains(&status))
}

/// A comment as Markdown: paragraphs, and lists whose items stand below each other.
fn markdown(about: &str) -> String {
    joined(&blocks(about))
}

fn joined(blocks: &[String]) -> String {
    let mut text = String::new();
    let mut was_item = false;
    for block in blocks {
        let is_item = is_item(block);
        text += match (text.is_empty(), is_item && was_item) {
            (true, _) => "",
            (false, true) => "\n",
            (false, false) => "\n\n",
        };
        text += block;
        was_item = is_item;
    }
    text
}

fn parameter(parameter: &Parameter) -> Value {
    let field = &parameter.field;
    let (mut schema, description, deprecated) = described(field);
    let mut written = Map::new();
    let mut put = |key: &str, value: Value| written.insert(key.to_owned(), value);
    match &parameter.header {
        Some(header) => {
            put("name", header.as_str().into());
            put("in", "header".into());
        }
        None => {
            put("name", field.name().into());
            put("in", "query".into());
        }
    }
    put("description", description);
    if must_have_content(field) && field.is_required() && field.kind() == Kind::String {
        schema["minLength"] = schema["minLength"].as_u64().unwrap_or(0).max(1).into();
    }
    if field.is_required() {
        put("required", true.into());
    }
    if deprecated {
        put("deprecated", true.into());
    }
    if field.is_list() && parameter.header.is_none() {
        put("style", "form".into());
        put("explode", (!parameter.comma).into());
    }
    put("schema", schema);
    written.into()
}

/// The schema of a field, with what it says of itself taken out: its description, and whether it is
/// deprecated.
fn described(field: &FieldDescriptor) -> (Value, Value, bool) {
    let mut schema = field_schema(field, Profile::Written);
    let mut take = |key: &str| schema.as_object_mut().and_then(|schema| schema.remove(key));
    let description = take("description").unwrap_or_default();
    let deprecated = take("deprecated").is_some();
    (schema, description, deprecated)
}

/// The body, of one of its forms where there are several.
fn request_body(bodies: &[Body]) -> Option<Value> {
    if bodies.is_empty() {
        return None;
    }
    let mut content = BTreeMap::<&str, Vec<Value>>::new();
    let mut descriptions = Vec::new();
    for body in bodies {
        let (schema, description, _) = described(&body.field);
        // Which of them is meant, is told by name.
        let named = description.as_str().map(|text| match bodies.len() {
            1 => text.to_owned(),
            _ => format!("`{}`: {text}", body.field.name()),
        });
        descriptions.extend(named);
        let (media_type, schema) = match &body.kind {
            BodyKind::Message(_) => (JSON, schema),
            BodyKind::Bytes => (BYTES, binary(&body.field)),
            BodyKind::Text => (TEXT, schema),
        };
        content.entry(media_type).or_default().push(schema);
    }
    let content: Map<_, _> = content
        .into_iter()
        .map(|(media_type, mut schemas)| {
            let schema = match schemas.len() {
                1 => schemas.remove(0),
                _ => json!({ "oneOf": schemas }),
            };
            (media_type.to_owned(), json!({ "schema": schema }))
        })
        .collect();
    let is_required = bodies.iter().all(|body| body.field.is_required());
    Some(json!({
        "description": descriptions.join("\n\n"),
        "required": is_required,
        "content": content,
    }))
}

/// Bytes as they are, with the most that there may be.
fn binary(field: &FieldDescriptor) -> Value {
    let mut schema = json!({ "type": "string", "format": "binary" });
    let rules = field_rules(field).into_iter();
    let most = rules.filter_map(|rule| match rule {
        FieldRule::Bytes { max } => Some(max),
        _ => None,
    });
    for most in most {
        schema["maxLength"] = most.into();
    }
    schema
}

// Responses

fn responses(method: &Method, statuses: BTreeMap<String, String>) -> Value {
    let mut responses = BTreeMap::new();
    let mut success = answer(method);
    let mut refusals = refusals(method, statuses);
    for pending in &method.pending {
        let status = pending.status.to_string();
        // The same status may mean something else without the header.
        let mut answer = match pending.status {
            200 => success.take(),
            _ => refusals.remove(&status).unwrap_or_else(|| json!({})),
        };
        let texts = [answer["description"].as_str(), Some(&*not_ready(pending))];
        answer["description"] = texts
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
            .into();
        answer["headers"][&pending.delay_header] = delay();
        match pending.status {
            200 => success = answer,
            _ => drop(responses.insert(status, answer)),
        }
    }
    if let Some(status) = method.absent {
        let absent = json!({ "description": "There is nothing to answer with." });
        responses.entry(status.to_string()).or_insert(absent);
    }
    for (status, refusal) in refusals {
        responses.entry(status).or_insert(refusal);
    }
    responses.insert("200".to_owned(), success);
    let other = json!({ "$ref": format!("#/components/responses/{REFUSED}") });
    responses.insert("default".to_owned(), other);
    json!(responses)
}

/// The refusals of a method, by status: what the schema lists beside what every method knows.
fn refusals(method: &Method, statuses: BTreeMap<String, String>) -> BTreeMap<String, Value> {
    let common = COMMON
        .into_iter()
        .filter(|(_, status, _)| !OF_TOKEN.contains(status) || !method.anonymous);
    let mut refusals: BTreeMap<_, _> = common
        .map(|(name, status, _)| {
            let component = json!({ "$ref": format!("#/components/responses/{name}") });
            (status.to_owned(), component)
        })
        .collect();
    for (status, text) in statuses {
        let common = COMMON.iter().find(|(_, other, _)| *other == status);
        let text = match common {
            Some((_, _, common)) => format!("{common} {}", capitalized(&text)),
            None => capitalized(&text),
        };
        refusals.insert(status, refused(&text));
    }
    refusals
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn not_ready(pending: &Pending) -> String {
    let header = &pending.delay_header;
    let mut text = match pending.header_required {
        true => format!("With the header `{header}` the result is not ready yet"),
        false => "The result is not ready yet".to_owned(),
    };
    if let Some(field) = &pending.field {
        text = format!(
            "While `{field}` is {}, the result is not ready yet",
            pending.values.join(" or ")
        );
    }
    text + ": send the same request again later."
}

/// The answer with a result.
fn answer(method: &Method) -> Value {
    match &method.response {
        Response::Message(message) => json!({
            "description": comment::summary(&comment::of_message(message)),
            "content": { JSON: { "schema": { "$ref": reference(message.full_name()) } } },
        }),
        Response::Bytes => json!({
            "description": "The file.",
            "content": { "*/*": { "schema": { "type": "string", "format": "binary" } } },
        }),
        Response::Text => json!({
            "description": "The text.",
            "content": { TEXT: { "schema": { "type": "string" } } },
        }),
        Response::Nothing => json!({ "description": "It is done." }),
    }
}

/// What OpenAPI has no place for.
fn extension(method: &Method) -> Map<String, Value> {
    let mut extension = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        extension.extend(value.map(|value| (key.to_owned(), value)));
    };
    let repeat = match method.idempotency {
        Idempotency::NoSideEffects => Some("no-side-effects"),
        Idempotency::Idempotent => Some("idempotent"),
        Idempotency::Unstated => None,
    };
    put("repeat", repeat.map(Value::from));
    put("poll-with", method.poll_with.clone().map(Value::from));
    put("successor", method.successor.clone().map(Value::from));
    put(
        "removal-after",
        method.removal_after.clone().map(Value::from),
    );
    let stage = method.deprecated.then(|| method.stage.as_str().into());
    put("stage", stage);
    put("paging", method.paging.as_ref().map(paging));
    extension
}

fn paging(paging: &Paging) -> Value {
    let mut written = Map::new();
    let mut put = |key: &str, value: &Option<String>| {
        written.extend(
            value
                .iter()
                .map(|value| (key.to_owned(), value.as_str().into())),
        );
    };
    put("cursor", &paging.cursor);
    put("page", &paging.page);
    put("offset", &paging.offset);
    put("size", &paging.size);
    put("items", &Some(paging.items.clone()));
    put("item-cursor", &paging.item_cursor);
    put("next-cursor", &paging.next_cursor);
    put("more", &paging.more);
    put("total", &paging.total);
    written.into()
}

// Components

/// The messages and enums that the methods need.
fn components(schema: &Schema, methods: &[&Method], form: OpenApiForm) -> Value {
    let mut roots: Vec<MessageDescriptor> = Vec::new();
    for method in methods {
        // Its fields are parameters, and the body.
        roots.push(method.request());
        if let Response::Message(message) = &method.response {
            roots.push(message.clone());
        }
    }
    if roots.is_empty() {
        return json!({});
    }
    let mut definitions = json_schema(schema, &roots, Profile::Written)["$defs"].take();
    let Some(definitions) = definitions.as_object_mut() else {
        return json!({});
    };
    for method in methods {
        definitions.remove(method.request().full_name());
    }
    let components = std::mem::take(definitions)
        .into_iter()
        .map(|(name, mut definition)| {
            if let Some(definition) = definition.as_object_mut().filter(|_| form.plain) {
                definition.remove("allOf");
            }
            (component(&name).to_owned(), definition)
        });
    components.collect::<Map<_, _>>().into()
}

/// The name of a message or enum among the components: what stands below Diadoc's packages.
fn component(full_name: &str) -> &str {
    let short = short_name(full_name);
    short.strip_prefix("Diadoc.Api.").unwrap_or(short)
}

fn reference(full_name: &str) -> String {
    format!("#/components/schemas/{}", component(full_name))
}

/// References of a JSON Schema as those to components.
fn refer_to_components(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value
                    .as_str()
                    .and_then(|text| text.strip_prefix("#/$defs/"))
                {
                    Some(name) if key == "$ref" => *value = reference(name).into(),
                    _ => refer_to_components(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(refer_to_components),
        _ => {}
    }
}
