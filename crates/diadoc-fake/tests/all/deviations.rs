//! The table `deviations.toml`: for each kind of deviation a body and a neighbour, and what all who
//! read bodies make of them: the validator, the codec, serde, the testkit, and the fake.

use diadoc_api::{BodyKind, Config, Form, METHODS, Method, Request as _};
use diadoc_fake::{Fake, example_call};
use diadoc_proto::registry;
use diadoc_schema::prost_reflect::MessageDescriptor;
use diadoc_schema::{Checks, Deviation, Direction, Effect, Example, Schema, Taken, verdicts};
use diadoc_testkit::round_trip;
use prost::Message;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{http, started};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    deviation: Deviation,
    message: String,
    against: Written,
    beside: Written,
    nest: Option<usize>,
    fill: Option<[usize; 2]>,
    with: Option<String>,
}

/// A body as the table has it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Json(String),
    JsonHex(String),
    Hex(String),
}

struct Body {
    form: Form,
    content: Vec<u8>,
}

impl Case {
    fn message(&self) -> MessageDescriptor {
        let full_name = format!("Diadoc.Api.Proto.{}", self.message);
        Schema::diadoc().message(&full_name).unwrap()
    }

    /// The first method that takes the message; none where it is no request.
    fn method(&self) -> Option<&'static Method> {
        let message = self.message();
        METHODS.iter().copied().find(|method| {
            let is_it = |kind: &BodyKind| {
                matches!(kind, BodyKind::Message(name) if *name == message.full_name())
            };
            matches!(method.bodies, [body] if is_it(&body.kind))
        })
    }

    /// The body that deviates, and its neighbour.
    fn bodies(&self) -> [Body; 2] {
        let fill = self.fill.unwrap_or_default();
        [(&self.against, fill[0]), (&self.beside, fill[1])].map(|(body, fill)| {
            let nested = |open: &str, close: &str| {
                let times = self.nest.unwrap_or(0);
                open.repeat(times) + &close.repeat(times)
            };
            let with = self.with.as_deref().unwrap_or("A");
            match body {
                Written::Json(json) => {
                    let inside = match self.nest {
                        Some(_) => nested("[", "]"),
                        None => with.repeat(fill),
                    };
                    let json = json.replace('@', &inside);
                    let words = [("BOX", BOX), ("TO", TO), ("GUID", GUID)];
                    let json = words.iter().fold(json, |json, (word, id)| {
                        json.replace(&format!("\"{word}\""), &format!("\"{id}\""))
                    });
                    Body {
                        form: Form::Json,
                        content: json.into_bytes(),
                    }
                }
                Written::JsonHex(hex) => Body {
                    form: Form::Json,
                    content: bytes(hex),
                },
                Written::Hex(hex) => Body {
                    form: Form::Protobuf,
                    content: bytes(&hex.replace('@', &nested("7b", "7c"))),
                },
            }
        })
    }
}

const BOX: &str = "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru";
const TO: &str = "8c1ffe254cd0408284de7ccb46d86f83@diadoc.ru";
const GUID: &str = "ba04162c-e26f-448f-a370-299b4f15b6d1";

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn cases() -> Vec<Case> {
    let table: Table = toml::from_str(include_str!("deviations.toml")).expect("the table");
    table.case
}

#[test]
fn each_kind_of_deviation_has_a_case() {
    let cases = cases();
    let cases = cases.iter().map(|case| case.deviation);
    let all = verdicts().iter().map(|verdict| verdict.deviation);
    assert_eq!(cases.collect::<Vec<_>>(), all.collect::<Vec<_>>());
}

#[test]
fn the_validator_says_what_the_table_does() {
    for case in cases() {
        let [against, beside] = case.bodies();
        for direction in [Direction::Request, Direction::Response] {
            let findings = |body: &Body| {
                let checks = Checks::new(direction);
                let report = checks.check(&case.message(), body.form, &body.content);
                let findings = report.findings.into_iter();
                let of_kind = findings.filter(|finding| finding.deviation == case.deviation);
                of_kind.collect::<Vec<_>>()
            };
            let found = findings(&against);
            let what = || format!("{:?} in a {direction}: {found:#?}", case.deviation);
            let taken = case.deviation.taken(direction);
            match taken {
                Taken::Nothing => assert!(found.is_empty(), "{}", what()),
                Taken::As(effect, severity) => {
                    let first = found.first().unwrap_or_else(|| panic!("{}", what()));
                    let is = (first.effect, first.severity);
                    assert_eq!(is, (effect, severity), "{}", what());
                }
            }
            let beside = findings(&beside);
            assert!(beside.is_empty(), "{direction}: {beside:#?}");
        }
    }
}

/// What readers make of a body: the message as protobuf, or a refusal.
type Read = Result<Vec<u8>, String>;

fn by_codec(message: &MessageDescriptor, body: &Body) -> Read {
    let message_type = registry::find(message.full_name()).expect("every message has a type");
    match body.form {
        Form::Json => message_type
            .from_json(&body.content)
            .map(|message| message.encode_to_vec())
            .map_err(|error| error.to_string()),
        Form::Protobuf => message_type
            .decode(&body.content)
            .map(|message| message.encode_to_vec())
            .map_err(|error| error.to_string()),
    }
}

fn by_serde<M: Message + DeserializeOwned>(json: &[u8]) -> Read {
    // serde_json refuses a byte order mark, which those skip who hand a body to it.
    let json = json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json);
    match serde_json::from_slice::<M>(json) {
        Ok(message) => Ok(message.encode_to_vec()),
        Err(error) => Err(error.to_string()),
    }
}

/// The same by the name of the message.
#[allow(deprecated)]
fn by_serde_named(message: &str, json: &[u8]) -> Read {
    use diadoc_proto::{docflow, documents, dss, events, registration};
    match message {
        "AcquireCounteragentRequest" => by_serde::<diadoc_proto::AcquireCounteragentRequest>(json),
        "CustomPrintFormDetectionRequest" => {
            by_serde::<diadoc_proto::CustomPrintFormDetectionRequest>(json)
        }
        "Docflow.AmendmentRequestDocflow" => by_serde::<docflow::AmendmentRequestDocflow>(json),
        "Docflow.GetDocflowEventsRequest" => by_serde::<docflow::GetDocflowEventsRequest>(json),
        "Docflow.SearchDocflowsRequest" => by_serde::<docflow::SearchDocflowsRequest>(json),
        "Documents.GetDocumentsV4Request" => by_serde::<documents::GetDocumentsV4Request>(json),
        "Dss.DssSignRequestV2" => by_serde::<dss::DssSignRequestV2>(json),
        "Events.MessagePatchToPost" => by_serde::<events::MessagePatchToPost>(json),
        "Events.MessagePatchToPostV2" => by_serde::<events::MessagePatchToPostV2>(json),
        "Events.MessageToPost" => by_serde::<events::MessageToPost>(json),
        "Events.RoamingNotificationToPost" => by_serde::<events::RoamingNotificationToPost>(json),
        "Registration.RegistrationRequest" => by_serde::<registration::RegistrationRequest>(json),
        "UniversalMessageEvent" => by_serde::<diadoc_proto::UniversalMessageEvent>(json),
        other => panic!("{other} has no line here"),
    }
}

/// A reader refuses what the table says to be refused in a response, and nothing else.
#[test]
fn the_readers_do_what_the_table_says() {
    for case in cases() {
        let Taken::As(effect, _) = case.deviation.taken(Direction::Response) else {
            continue;
        };
        let [against, beside] = case.bodies();
        for (body, refused) in [(against, effect == Effect::Refused), (beside, false)] {
            let what = format!("{:?}, refused: {refused}", case.deviation);
            let read = by_codec(&case.message(), &body);
            assert_eq!(read.is_err(), refused, "{what}: {read:?}");
            if body.form != Form::Json {
                continue;
            }
            let serde = by_serde_named(&case.message, &body.content);
            assert_eq!(
                read.clone().ok(),
                serde.clone().ok(),
                "{what}: {read:?} {serde:?}"
            );
            let message_type = registry::find(case.message().full_name()).expect("a type");
            let content = &body.content[..];
            let content = content
                .strip_prefix("\u{feff}".as_bytes())
                .unwrap_or(content);
            let trip = round_trip::check(message_type, content);
            assert_eq!(trip.passed(), !refused, "{what}: {:?}", trip.losses);
        }
    }
}

async fn send(fake: &Fake, method: &'static Method, body: &Body) -> http::Came {
    let call = example_call(method, Example::Minimal);
    let name = method.bodies[0].name;
    let call = call.body(name, Some(body.form), body.content.clone());
    let config = Config::new().unchecked();
    let request = call
        .to_http(&config.bearer("some-token"), Form::Json)
        .unwrap();
    http::Call::of(&request).send(fake).await
}

/// The fake refuses what the server refuses or drops, and takes the rest.
#[tokio::test]
async fn the_fake_does_what_the_table_says() {
    let fake = started().await;
    let mut no_requests = Vec::new();
    for case in cases() {
        let Some(method) = case.method() else {
            no_requests.push(case.deviation);
            continue;
        };
        let effect = match case.deviation.taken(Direction::Request) {
            Taken::As(effect, _) => Some(effect),
            Taken::Nothing => None,
        };
        let refused = matches!(effect, Some(Effect::Refused | Effect::Dropped));
        let [against, beside] = case.bodies();
        for (body, refused) in [(&against, refused), (&beside, false)] {
            let came = send(&fake, method, body).await;
            let said = String::from_utf8_lossy(&came.body);
            let what = format!("{:?}, refused: {refused}: {said}", case.deviation);
            assert_eq!(came.status == 400, refused, "{what}");
            assert!(refused || matches!(came.status, 200 | 204), "{what}");
        }
        let came = send(&fake, method, &against).await;
        let marked = format!("dropped[{}]", case.deviation.verdict().rule);
        let said = String::from_utf8_lossy(&came.body);
        assert_eq!(
            said.contains(&marked),
            effect == Some(Effect::Dropped),
            "{said}"
        );
        if case.deviation.verdict().unreadable {
            let name = case.message();
            let answer = format!(
                "Can't deserialize request body into type: {}\n",
                name.name()
            );
            assert!(said.starts_with(&answer), "{said}");
            assert_eq!(came.header("x-diadoc-errorcode"), Some("Http.BadRequest"));
        }
    }
    // Rules of values that only answers have.
    assert_eq!(no_requests, [Deviation::FieldFlags, Deviation::FieldValue]);
}
