//! The exported JSON Schema: what each profile takes, held against the validator, the reader of
//! diadoc-proto, and the validators of other people.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};

use diadoc_proto::registry;
use diadoc_schema::{
    DIFFERENCES, Deviation, Direction, Effect, Example, Finding, Language, Profile, Rule, Schema,
    example, json_schema, message_rules, validate_json,
};
use jsonschema::Validator;
use prost_reflect::{Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::properties::{Place, list_places, seeds};
use crate::{SplitMix64, good_fixtures, repository};

/// The most symbols of base64 whose number a schema looks at.
const MOST_COUNTED: usize = 262_144;

const PROFILES: [Profile; 3] = [Profile::Request, Profile::Response, Profile::Tolerant];

fn message(short: &str) -> MessageDescriptor {
    crate::message(&format!("Diadoc.Api.Proto.{short}"))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

/// The schema of objects whose keys are full names of messages and whose values are bodies, so that
/// the whole is compiled once.
fn named(profile: Profile) -> Value {
    let mut schema = json_schema(Schema::diadoc(), &[], profile);
    let property = |message: MessageDescriptor| {
        let name = message.full_name().to_owned();
        (name.clone(), json!({ "$ref": format!("#/$defs/{name}") }))
    };
    let properties = Schema::diadoc().messages().map(property);
    schema["type"] = "object".into();
    schema["properties"] = properties.collect::<Map<_, _>>().into();
    schema["additionalProperties"] = false.into();
    schema
}

/// Those of [`named`]; to compile them takes as long as all else.
pub(crate) fn validators() -> &'static [(Profile, Validator); 3] {
    static VALIDATORS: LazyLock<[(Profile, Validator); 3]> = LazyLock::new(|| {
        PROFILES.map(|profile| {
            let schema = named(profile);
            assert!(jsonschema::meta::is_valid(&schema));
            (profile, jsonschema::validator_for(&schema).unwrap())
        })
    });
    &VALIDATORS
}

pub(crate) fn faults(
    validator: &Validator,
    message: &MessageDescriptor,
    body: &Value,
) -> Vec<String> {
    let named = json!({ message.full_name(): body });
    let prefix = format!("/{}", message.full_name());
    let errors = validator.iter_errors(&named).map(|error| {
        let path = error.instance_path().to_string();
        let path = path.strip_prefix(&prefix).unwrap_or(&path).to_owned();
        format!("{path}: {error}")
    });
    errors.collect()
}

#[test]
fn of_a_message() {
    let request = [message("Docflow.SearchDocflowsRequest")];
    for (profile, name) in [
        (Profile::Request, "request"),
        (Profile::Response, "response"),
        (Profile::Tolerant, "tolerant"),
    ] {
        let exported = json_schema(Schema::diadoc(), &request, profile);
        insta::assert_snapshot!(format!("json_schema_{name}"), pretty(&exported));
        let body = json!({ "QueryString": "Договор", "Scope": "SearchScopeInbound" });
        assert!(jsonschema::is_valid(&exported, &body));
    }
}

#[test]
fn of_all() {
    let schema = Schema::diadoc();
    for profile in PROFILES {
        let all = json_schema(schema, &[], profile);
        let defs = all["$defs"].as_object().unwrap();
        assert_eq!(
            defs.len(),
            schema.messages().count() + schema.enums().count() + 1
        );
        // A message's own schema is the same, with no more than it reaches.
        let name = "Diadoc.Api.Proto.Documents.DocumentList";
        let one = json_schema(schema, &[schema.message(name).unwrap()], profile);
        let reached = one["$defs"].as_object().unwrap();
        assert!(reached.len() < defs.len());
        assert!(reached.iter().all(|(name, one)| defs[name] == *one));
    }
}

#[test]
fn rules_about_which_fields_are_set() {
    let search = "Documents.GetDocumentsV4Request";
    let exported = json_schema(Schema::diadoc(), &[message(search)], Profile::Request);
    let definition = &exported["$defs"][message(search).full_name()];
    insta::assert_snapshot!("json_schema_presence", pretty(&definition["allOf"]));
}

#[test]
fn documented_bodies_pass() {
    let validators = validators();
    for fixture in good_fixtures() {
        let body = serde_json::from_slice(&fixture.body).unwrap();
        for (profile, validator) in validators {
            if fixture.direction == Direction::Response && *profile == Profile::Request {
                continue;
            }
            let faults = faults(validator, &fixture.message, &body);
            assert!(
                faults.is_empty(),
                "{profile:?} {}: {faults:?}",
                fixture.file
            );
        }
    }
}

// What each profile takes

#[test]
fn what_each_profile_takes() {
    let validators = validators();
    let scope = "Docflow.SearchDocflowsRequest";
    let list = "Documents.DocumentList";
    // message, body, and whether request, response and tolerant take it
    #[rustfmt::skip]
    let cases = [
        ("Content", r#"{"Size": 1}"#, [true, true, true]),
        ("Content", r#"{}"#, [false, false, true]),
        ("Content", r#"{"Size": null}"#, [false, false, true]),
        ("Content", r#"{"Size": "12"}"#, [true, true, true]),
        ("Content", r#"{"Size": "+12"}"#, [false, false, false]),
        ("Content", r#"{"Size": "12\n"}"#, [false, false, false]),
        ("Content", r#"{"Size": "1.0"}"#, [false, false, false]),
        ("Content", r#"{"Size": 1.5}"#, [false, false, false]),
        ("Content", r#"{"Size": 2147483647}"#, [true, true, true]),
        ("Content", r#"{"Size": 2147483648}"#, [false, false, false]),
        ("Content", r#"{"Size": true}"#, [false, false, false]),
        ("Content", r#"{"Size": 1, "Else": 2}"#, [false, false, true]),
        ("Content", r#"{"Size": 1, "size": 2}"#, [false, false, true]),
        ("Content", r#"{"Size": 1, "Data": ""}"#, [true, true, true]),
        ("Content", r#"{"Size": 1, "Data": "/+8="}"#, [true, true, true]),
        ("Content", r#"{"Size": 1, "Data": "/+8"}"#, [false, true, true]),
        ("Content", r#"{"Size": 1, "Data": "_-8="}"#, [false, true, true]),
        ("Content", r#"{"Size": 1, "Data": "_-8"}"#, [false, true, true]),
        ("Content", r#"{"Size": 1, "Data": "/+\n8 =\r\n"}"#, [true, true, true]),
        ("Content", r#"{"Size": 1, "Data": "/-8="}"#, [false, false, false]),
        ("Content", r#"{"Size": 1, "Data": "AB=="}"#, [false, false, false]),
        ("Content", r#"{"Size": 1, "Data": "A"}"#, [false, false, false]),
        ("Content", r#"{"Size": 1, "Data": null}"#, [true, true, true]),
        ("Content", "[]", [false, false, false]),
        ("Timestamp", r#"{"Ticks": 638884246403244956}"#, [true, true, true]),
        ("Timestamp", r#"{"Ticks": 0}"#, [true, true, true]),
        ("Timestamp", r#"{"Ticks": -1}"#, [false, false, true]),
        ("Timestamp", r#"{"Ticks": 18446744073709551615}"#, [false, false, false]),
        // A key that the server computes.
        ("Timestamp", r#"{"Ticks": 1, "DateTime": "2025-07-18T08:30:43Z"}"#, [false, true, true]),
        ("Timestamp", r#"{"Ticks": 1, "DateTime": 1}"#, [false, false, true]),
        (list, r#"{"TotalCount": 0, "HasMoreResults": true}"#, [true, true, true]),
        (list, r#"{"TotalCount": 0, "HasMoreResults": "True"}"#, [true, true, true]),
        (list, r#"{"TotalCount": 0, "HasMoreResults": "true\n"}"#, [false, false, false]),
        (list, r#"{"TotalCount": 0, "HasMoreResults": 1}"#, [true, true, true]),
        (list, r#"{"TotalCount": 0, "HasMoreResults": 2}"#, [false, false, false]),
        (scope, r#"{"QueryString": 5, "Scope": "SearchScopeInbound"}"#, [true, true, true]),
        (scope, r#"{"QueryString": "q", "Scope": "SearchScopeIncoming"}"#, [true, true, true]),
        (scope, r#"{"QueryString": "q", "Scope": "FromTheFuture"}"#, [false, false, true]),
        (scope, r#"{"QueryString": "q", "Scope": 1}"#, [true, true, true]),
        (scope, r#"{"QueryString": "q", "Scope": 77}"#, [true, false, true]),
        (scope, r#"{"QueryString": "q", "Scope": 0.5}"#, [false, false, false]),
        (scope, r#"{"QueryString": "q", "Count": 101}"#, [false, false, true]),
        ("Organization", r#"{"Departments": {}}"#, [false, false, false]),
        // A required boolean.
        ("Events.RecipientTitleAttachment", r#"{"ParentEntityId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe", "SignedContent": {"NameOnShelf": "a"}}"#, [true, true, true]),
        // A line break at the end, which Python's `$` stands before.
        ("DocumentId", r#"{"MessageId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe\n", "EntityId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe"}"#, [false, false, true]),
        // Empty is absent in requests, where nothing else is said.
        ("DocumentId", r#"{"MessageId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe", "EntityId": ""}"#, [false, true, true]),
        ("DocumentId", r#"{"MessageId": "", "EntityId": "1"}"#, [true, true, true]),
        // A format that holds where something else is given.
        ("DocumentId", r#"{"MessageId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe", "EntityId": "1"}"#, [false, false, true]),
        // Either name of a field.
        ("LoginPassword", r#"{"login": "a", "Password": "b"}"#, [true, true, true]),
        ("LoginPassword", r#"{"login": "a"}"#, [false, false, true]),
        // Which fields are set: an empty string, an empty list and null are not.
        ("Events.ResolutionRequestAttachment", r#"{"InitialDocumentId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe", "Type": "ApprovementRequest", "TargetUserId": "", "TargetDepartmentId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe"}"#, [true, true, true]),
        ("Events.ResolutionRequestAttachment", r#"{"InitialDocumentId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe", "Type": "ApprovementRequest", "TargetUserId": "", "TargetDepartmentId": null}"#, [false, false, true]),
        ("Registration.RegistrationRequest", r#"{}"#, [false, false, true]),
        ("Registration.RegistrationRequest", r#"{"CertificateContent": "", "Thumbprint": "7A"}"#, [true, true, true]),
        ("Registration.RegistrationRequest", r#"{"CertificateContent": "MAA=", "Thumbprint": "7A"}"#, [false, false, true]),
        ("Events.PowerOfAttorneyToPost", r#"{"UseDefault": true, "Contents": []}"#, [true, true, true]),
    ];
    for (name, text, takes) in cases {
        let (message, body) = (message(name), serde_json::from_str(text).unwrap());
        for ((profile, validator), takes) in validators.iter().zip(takes) {
            let faults = faults(validator, &message, &body);
            assert_eq!(
                faults.is_empty(),
                takes,
                "{profile:?} {name} {text}: {faults:?}"
            );
        }
    }
}

/// Rules that hold where something else is given, or has a value. Nobody has seen the server refuse
/// what goes against the last one.
#[test]
fn rules_with_conditions() {
    let attachment = "Events.DocumentAttachment";
    let patch = "CounteragentGroups.CounteragentGroupDepartmentPatch";
    let power = "Events.PowerOfAttorneyToPost";
    // message, body, and whether request and response take it
    #[rustfmt::skip]
    let cases = [
        (attachment, json!({ "TypeNamedId": "Contract" }), [true, true]),
        (attachment, json!({ "TypeNamedId": "nonformalized" }), [false, false]),
        (attachment, json!({ "TypeNamedId": "Nonformalized2" }), [true, true]),
        (attachment, json!({ "TypeNamedId": "Nonformalized", "Metadata": [] }), [false, false]),
        (attachment, json!({ "TypeNamedId": "Nonformalized", "Metadata": [{ "Key": "Else", "Value": "a" }] }), [false, false]),
        (attachment, json!({ "TypeNamedId": "Nonformalized", "Metadata": [{ "Key": "Else", "Value": "a" }, { "Key": "fileName", "Value": "a" }] }), [true, true]),
        (attachment, json!({ "TypeNamedId": "Nonformalized", "IsEncrypted": true }), [true, true]),
        (attachment, json!({ "TypeNamedId": "Nonformalized", "IsEncrypted": "TRUE" }), [true, true]),
        (attachment, json!({ "TypeNamedId": "Nonformalized", "IsEncrypted": 1 }), [true, true]),
        (attachment, json!({ "TypeNamedId": "Nonformalized", "IsEncrypted": "False" }), [false, false]),
        (attachment, json!({ "TypeNamedId": "Nonformalized", "IsEncrypted": 0 }), [false, false]),
        (attachment, json!({ "TypeNamedId": "XmlTorg12", "Metadata": [{ "Key": "FileName", "Value": "a" }] }), [false, false]),
        (attachment, json!({ "TypeNamedId": "XmlTorg12", "Metadata": [{ "Key": "Else", "Value": "a" }] }), [true, true]),
        (patch, json!({ "AnyDepartment": true }), [true, true]),
        (patch, json!({ "AnyDepartment": false }), [false, false]),
        (patch, json!({}), [false, false]),
        (patch, json!({ "AnyDepartment": true, "Departments": {} }), [false, false]),
        (patch, json!({ "AnyDepartment": "false", "Departments": {} }), [true, true]),
        (power, json!({ "FullId": { "RegistrationNumber": "4a6c86ae-0f51-4353-afd0-132c02e72d07", "IssuerInn": "9500000005" } }), [true, false]),
    ];
    let [(_, request), (_, response), _] = validators();
    for (name, mut body, takes) in cases {
        if name == attachment {
            body["SignedContent"] = json!({ "NameOnShelf": "a" });
        }
        let message = message(name);
        let taken = [request, response].map(|one| faults(one, &message, &body).is_empty());
        assert_eq!(taken, takes, "{name} {body}");
        for (profile, takes) in PROFILES.into_iter().zip(takes) {
            let expected = match takes {
                true => Verdict::Takes,
                false => Verdict::Refuses,
            };
            assert_eq!(verdict(profile, &message, &body), expected, "{name} {body}");
        }
    }
}

/// What people have sent to the live server, in one place of a body each; whether it was read.
#[test]
fn requests_as_people_write_them() {
    let signed = "/DocumentAttachments/0/SignedContent";
    let content = &format!("{signed}/Content");
    let flag = "/DocumentAttachments/0/NeedRecipientSignature";
    let metadata = "/DocumentAttachments/0/Metadata";
    let value = &format!("{metadata}/0/Value");
    let power = &format!("{signed}/PowerOfAttorney");
    #[rustfmt::skip]
    let cases = [
        (flag, json!("True"), true),
        (flag, json!(1), true),
        (flag, json!("yes"), false),
        (content, json!("0J/RgNC4\r\n0LLQtdGC\r\n"), true),
        (content, json!(" 0J/R gNC4"), true),
        (content, json!("0J/RgNC40LLQtdE"), false),
        (content, json!("0J_RgNC4"), false),
        (content, json!({ "EntityId": "9b4a541e-68e3-4c6f-b5a0-6009f906d554" }), false),
        (value, json!(17), true),
        (value, json!(true), false),
        (metadata, json!({ "FileName": "akt.txt" }), false),
        (metadata, json!([null]), false),
        ("/DocumentAttachments", json!({}), false),
        ("/DocumentAttachments/0/TypeNamedId", json!(null), false),
        ("/SignWithTestSignature", json!(true), false),
        ("/FromBoxId", json!("my-box"), false),
        (power, json!({ "FullId": { "RegistrationNumber": "4a6c86ae-0f51-4353-afd0-132c02e72d07", "IssuerInn": "9500000005" } }), true),
        (power, json!({ "PowerOfAttorneyFullId": { "RegistrationNumber": "4a6c86ae-0f51-4353-afd0-132c02e72d07", "IssuerInn": "9500000005" } }), false),
        ("/MessageToPost", json!({}), false),
    ];
    let validators = validators();
    let [(_, request), ..] = validators;
    let message = message("Events.MessageToPost");
    let body = json!({
        "FromBoxId": "09ae254c5cd0408284de7ccb46d86f82@diadoc.ru",
        "ToBoxId": "5b1f7a60a4c94a3f9d2e8c7b6a594837@diadoc.ru",
        "DocumentAttachments": [{
            "TypeNamedId": "Nonformalized",
            "SignedContent": { "Content": "0J/RgNC40LLQtdGC", "Signature": "MAMCAQE=" },
            "Metadata": [{ "Key": "FileName", "Value": "akt.txt" }],
        }],
    });
    assert_eq!(faults(request, &message, &body), [""; 0]);
    assert_ne!(faults(request, &message, &body.to_string().into()), [""; 0]);
    for (pointer, value, takes) in cases {
        let (around, key) = pointer.rsplit_once('/').unwrap();
        let mut body = body.clone();
        let around = body.pointer_mut(around).and_then(Value::as_object_mut);
        around.unwrap().insert(key.to_owned(), value.clone());
        let faults = faults(request, &message, &body);
        assert_eq!(faults.is_empty(), takes, "{pointer} {value}: {faults:?}");
        let expected = if takes {
            Verdict::Takes
        } else {
            Verdict::Refuses
        };
        assert_eq!(
            verdict(Profile::Request, &message, &body),
            expected,
            "{pointer} {value}"
        );
    }
}

// Against the validator and the reader

/// What a profile is to say of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Takes,
    Refuses,
    /// JSON Schema cannot know, see [`DIFFERENCES`].
    Open,
}

fn verdict(profile: Profile, message: &MessageDescriptor, body: &Value) -> Verdict {
    let text = body.to_string();
    let direction = match profile {
        Profile::Request => Direction::Request,
        Profile::Response | Profile::Tolerant | Profile::Written => Direction::Response,
    };
    let report = validate_json(message, text.as_bytes(), direction);
    let findings = report.findings.iter();
    let (different, same): (Vec<_>, Vec<_>) =
        findings.partition(|finding| is_different(finding, profile, body));
    let refused = match profile {
        // The findings say where the reader and JSON Schema differ.
        Profile::Tolerant if !different.is_empty() => return Verdict::Open,
        Profile::Tolerant => {
            let reader = registry::find(message.full_name()).unwrap();
            reader.from_json(text.as_bytes()).is_err()
        }
        Profile::Request | Profile::Response | Profile::Written => {
            same.iter().any(|finding| counts(profile, finding))
        }
    };
    match (refused, different.is_empty()) {
        (true, _) => Verdict::Refuses,
        (false, true) => Verdict::Takes,
        (false, false) => Verdict::Open,
    }
}

/// Whether a profile refuses a body for a finding.
fn counts(profile: Profile, finding: &Finding) -> bool {
    match profile {
        Profile::Request => matches!(finding.effect, Effect::Refused | Effect::Dropped),
        // The vendor's documented answers leave out some booleans that are required.
        Profile::Response if finding.deviation == Deviation::RequiredBoolean => false,
        Profile::Response => matches!(
            finding.effect,
            Effect::Refused | Effect::Foreign | Effect::Drift
        ),
        Profile::Tolerant | Profile::Written => finding.effect == Effect::Refused,
    }
}

/// What the rules ask for that look at the outermost message of a body.
fn asked_of_the_body() -> &'static BTreeSet<String> {
    static ASKED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let rules = Schema::diadoc()
            .messages()
            .flat_map(|message| message_rules(&message));
        let rules = rules.filter(|rule| !rule.is_local());
        rules.map(|rule| rule.phrase(Language::English)).collect()
    });
    &ASKED
}

/// Whether JSON Schema cannot say it: the rule is one of [`DIFFERENCES`], and where that depends on
/// the value, the value is such a one.
fn is_different(finding: &Finding, profile: Profile, body: &Value) -> bool {
    if !DIFFERENCES.iter().any(|(rule, _)| *rule == finding.rule) {
        return false;
    }
    let value = body.pointer(&finding.pointer);
    match finding.rule {
        // Of these only another type than the vendor's is not seen.
        Rule::JsonBase64 | Rule::JsonBase64Form => {
            value.is_some_and(|value| value.as_str().is_some_and(|text| text.len() > MOST_COUNTED))
        }
        Rule::JsonIntegerRange | Rule::FieldRange | Rule::FieldValue => {
            value.is_some_and(Value::is_string)
        }
        Rule::FieldLength | Rule::FieldPattern => value.is_some_and(Value::is_number),
        Rule::FieldFormat => {
            let expected = finding.expected.as_deref().unwrap_or_default();
            let is = |words: &[&str]| words.iter().any(|word| expected.starts_with(word));
            match value {
                Some(Value::String(_)) => is(&["a date", "a filter", "an INN", "ticks"]),
                _ => is(&["an INN", "a KPP", "a box id"]),
            }
        }
        Rule::JsonComputedKey => profile == Profile::Response,
        Rule::JsonKeyCase => profile == Profile::Request,
        Rule::JsonIntegerFraction => {
            let number = value.and_then(Value::as_f64);
            profile == Profile::Request || number.is_some_and(|number| number.fract() == 0.0)
        }
        // Nobody knows what the server does.
        Rule::JsonType | Rule::JsonEnumCase => {
            profile == Profile::Request && finding.effect == Effect::Unproven
        }
        Rule::MessageOneOf | Rule::MessageRequired | Rule::MessageForbidden => {
            let expected = finding.expected.as_ref();
            expected.is_some_and(|expected| asked_of_the_body().contains(expected))
        }
        Rule::ContentNotCms | Rule::ContentXmlEncoding | Rule::ContentXmlInText => {
            counts(profile, finding)
        }
        Rule::TextMangled => profile == Profile::Response,
        _ => true,
    }
}

/// Bodies of every message: valid ones, and each with a value or key that is something else.
fn bodies() -> &'static [(MessageDescriptor, Value)] {
    static BODIES: LazyLock<Vec<(MessageDescriptor, Value)>> = LazyLock::new(make_bodies);
    &BODIES
}

fn make_bodies() -> Vec<(MessageDescriptor, Value)> {
    const OTHERS: usize = 8;
    let mut bodies = Vec::new();
    for message in Schema::diadoc().messages() {
        for seed in seeds() {
            let body = example(&message, Example::Random(seed));
            let mut places = Vec::new();
            list_places(&message, &body, "", "", &mut places);
            let mut random = SplitMix64(seed);
            for _ in 0..OTHERS {
                if let Some(place) = places.get(random.below(places.len())) {
                    let mut others = others(place, &body);
                    let other = others.swap_remove(random.below(others.len()));
                    bodies.push((message.clone(), other));
                }
            }
            bodies.push((message.clone(), body));
        }
    }
    bodies
}

/// The body with something else at a place.
fn others(place: &Place, body: &Value) -> Vec<Value> {
    let pointer = place.pointer();
    let with = |value: Value| {
        let mut body = body.clone();
        *body.pointer_mut(&pointer).expect("the place") = value;
        body
    };
    let value = body.pointer(&pointer).expect("the place");
    let mut others: Vec<_> = other_values(place, value).into_iter().map(with).collect();
    if place.index.is_none() {
        let key = place.field.json_name();
        let other = |change: &dyn Fn(&mut Map<String, Value>)| {
            let mut body = body.clone();
            let around = body.pointer_mut(&place.around.1);
            change(around.and_then(Value::as_object_mut).expect("an object"));
            body
        };
        let renamed = |to: String| {
            other(&|object| {
                let value = object.remove(key).expect("the key");
                object.insert(to.clone(), value);
            })
        };
        others.push(other(&|object| {
            object.remove(key);
        }));
        others.push(renamed(key.to_lowercase()));
        others.push(renamed(format!("{key}Иное")));
        others.push(renamed(place.field.name().to_owned()));
        for computed in ["MessageIdGuid", "DateTime", "CanSendDocuments"] {
            others.push(other(&|object| {
                object.insert(computed.to_owned(), true.into());
            }));
        }
    }
    others
}

fn other_values(place: &Place, value: &Value) -> Vec<Value> {
    let values = |text: &str| serde_json::from_str::<Vec<Value>>(text).expect("a list");
    let mut others = values(r#"[null, true, 5, 0.5, "Иное", {}, [], [null]]"#);
    if let (Some(items), true) = (value.as_array(), place.index.is_none()) {
        let first = items.iter().take(1);
        others.push(first.cycle().take(120).cloned().collect());
        return others;
    }
    others.extend(match place.field.kind() {
        Kind::Bool => values(r#"["True", "fALSE", "yes", "", 0, 1, 2, -1, "1"]"#),
        Kind::Bytes => values(
            r#"["", "AA==", "AA", "A", "AA=", "AB==", "AAB=", "AAE=", "_-8=", "_-8", "/-8=",
                "/+\n8 =\r\n", " ", "AA==AA==", "=", "AAЯ="]"#,
        ),
        Kind::String => {
            let mut others = values(
                r#"[7700000000, 1e3, -0.5, "31.02.2024", "01.02.2024", "2024-02-01", "a\n",
                    "bcd62464-5b5d-44ff-93b0-ec6981b7cefe\n", "BCD62464-5B5D-44FF-93B0-EC6981B7CEFE",
                    "09ae254c5cd0408284de7ccb46d86f82@diadoc.ru", "7700000001", "Any.InboundFoo"]"#,
            );
            others.extend([30, 61, 300, 5001].map(|length| "д😀".repeat(length / 2).into()));
            others
        }
        Kind::Enum(item) => {
            let mut others = values(r#"[0, -1, 1, 77, 2147483648, "1", ""]"#);
            for member in item.values() {
                others.extend([member.name().into(), member.number().into()]);
                others.push(member.name().to_lowercase().into());
            }
            others
        }
        Kind::Message(_) => Vec::new(),
        Kind::Float | Kind::Double => values(r#"["1.5", 1, -0.0]"#),
        _ => values(
            r#"[0, -1, 1, 101, 16, 2147483647, 2147483648, -2147483649, 3155378977000000000,
                18446744073709551615, "12", "-12", "007", "+1", "1.0", "", "12\n", 1.0,
                "99999999999999999999"]"#,
        ),
    });
    others
}

#[test]
fn profiles_say_what_the_validator_and_the_reader_say() {
    let validators = validators();
    let mut counted = BTreeMap::<_, usize>::new();
    let mut wrong = Vec::new();
    for (message, body) in bodies() {
        let named = json!({ message.full_name(): body });
        for (profile, validator) in validators {
            let verdict = verdict(*profile, message, body);
            *counted
                .entry(format!("{profile:?} {verdict:?}"))
                .or_default() += 1;
            let takes = validator.is_valid(&named);
            let agree = match verdict {
                Verdict::Takes => takes,
                Verdict::Refuses => !takes,
                Verdict::Open => true,
            };
            if !agree {
                let faults = faults(validator, message, body);
                wrong.push(format!("{profile:?}: {verdict:?}, but {faults:?}: {named}"));
            }
        }
    }
    let shown = &wrong[..wrong.len().min(20)];
    assert!(wrong.is_empty(), "{} of them: {shown:#?}", wrong.len());
    // Each verdict is tried often, and few are left open.
    for profile in PROFILES {
        let count = |verdict: Verdict| counted[&format!("{profile:?} {verdict:?}")];
        let (takes, refuses) = (count(Verdict::Takes), count(Verdict::Refuses));
        assert!(takes.min(refuses) > 2_000, "{counted:?}");
        assert!(count(Verdict::Open) * 10 < takes + refuses, "{counted:?}");
    }
}

/// Each of the differences is one.
#[test]
fn differences() {
    // Of these a schema hears nothing: they are about the text that a parser reads before.
    let mut tried = BTreeSet::from([
        Rule::BodyEmpty,
        Rule::BodyForm,
        Rule::BodyEncoding,
        Rule::JsonSyntax,
        Rule::JsonByteOrderMark,
        Rule::JsonDepth,
    ]);
    let scope = "Docflow.SearchDocflowsRequest";
    let search = "Documents.GetDocumentsV4Request";
    let long = &format!(r#"{{"Key": {}}}"#, "1".repeat(61));
    let contents = |symbols| format!(r#"{{"Size": 1, "Data": "{}"}}"#, "A".repeat(symbols));
    let large = &format!(r#"{{"Content": "AAAA {}"}}"#, "A".repeat(5_242_880 / 3 * 4));
    let post = |more: &str| {
        format!(
            r#"{{"FromBoxId": "09ae254c5cd0408284de7ccb46d86f82@diadoc.ru", "ToBoxId": "5b1f7a60a4c94a3f9d2e8c7b6a594837@diadoc.ru", "DocumentAttachments": [{{"TypeNamedId": "Contract", "SignedContent": {{"NameOnShelf": "a"{more}}}}}"#
        )
    };
    let (unsigned, signed_draft) = (
        &format!("{}]}}", post("")),
        &format!(
            r#"{}], "IsDraft": true}}"#,
            post(r#", "SignWithTestSignature": true"#)
        ),
    );
    let boxes = ["FromBoxId", "ToBoxId", "MessageFromBoxId", "MessageToBoxId"];
    let boxes = boxes.map(|key| {
        (
            key.to_owned(),
            "09ae254c5cd0408284de7ccb46d86f82@diadoc.ru".into(),
        )
    });
    let to_itself = &Value::from(Map::from_iter(boxes)).to_string();
    let (no_bytes, unpadded) = (&contents(MOST_COUNTED + 1), &contents(MOST_COUNTED + 2));
    #[rustfmt::skip]
    let cases = [
        (Profile::Tolerant, Rule::JsonDuplicateKey, "Content", r#"{"Size": 1, "Size": 2}"#),
        (Profile::Request, Rule::JsonKeyCase, "Content", r#"{"Size": 1, "data": ""}"#),
        (Profile::Response, Rule::JsonComputedKey, "Timestamp", r#"{"Ticks": 1, "DateTime": 1}"#),
        (Profile::Request, Rule::JsonType, search, r#"{"DocumentCategory": "Any", "DocumentNumbers": "1"}"#),
        (Profile::Request, Rule::JsonType, "Content", r#"{"Size": 1, "Data": [208, 159]}"#),
        (Profile::Tolerant, Rule::JsonType, "Documents.DocumentList", r#"{"TotalCount": 0, "HasMoreResults": 1.0}"#),
        (Profile::Tolerant, Rule::JsonIntegerFraction, "Content", r#"{"Size": 5.0}"#),
        (Profile::Request, Rule::JsonIntegerFraction, "Content", r#"{"Size": 5.5}"#),
        (Profile::Request, Rule::JsonEnumCase, scope, r#"{"QueryString": "q", "Scope": "searchscopeany"}"#),
        (Profile::Tolerant, Rule::JsonIntegerRange, "Content", r#"{"Size": "2147483648"}"#),
        (Profile::Tolerant, Rule::JsonBase64, "Content", no_bytes),
        (Profile::Request, Rule::JsonBase64Form, "Content", unpadded),
        (Profile::Request, Rule::FieldLength, "CustomDataItem", long),
        (Profile::Request, Rule::FieldRange, scope, r#"{"QueryString": "q", "Count": "101"}"#),
        (Profile::Request, Rule::FieldFormat, search, r#"{"DocumentCategory": "Any", "FromDocumentDate": "31.02.2024"}"#),
        (Profile::Request, Rule::FieldPattern, "CustomDataItem", r#"{"Key": 1.5}"#),
        (Profile::Request, Rule::FieldFlags, "Documents.AmendmentRequestMetadata", r#"{"AmendmentFlags": "16", "ReceiptStatus": "GeneralReceiptStatusUnknown"}"#),
        (Profile::Request, Rule::FieldBytes, "Events.UnsignedContent", large),
        (Profile::Response, Rule::FieldValue, "Documents.Types.SignerInfoV2", r#"{"SignerType": "7", "ExtendedDocumentTitleType": 0}"#),
        (Profile::Request, Rule::MessageOneOf, "Events.MessageToPost", unsigned),
        (Profile::Request, Rule::MessageForbidden, "Events.MessageToPost", signed_draft),
        (Profile::Response, Rule::MessageDiffer, "Events.TemplateToPost", to_itself),
        (Profile::Request, Rule::ContentNotCms, "Events.SignedContent", r#"{"NameOnShelf": "a", "Signature": "AA=="}"#),
        (Profile::Request, Rule::ContentXmlEncoding, "Events.SignedContent", r#"{"Content": "PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGluZz0iVVRGLTgiPz48YT7P8Oji5fI8L2E+"}"#),
        (Profile::Request, Rule::ContentXmlInText, "Registration.RegistrationConfirmRequest", r#"{"Thumbprint": "7A", "DataToSign": "z/Do4uXy", "Signature": "MAA="}"#),
        (Profile::Response, Rule::TextMangled, scope, r#"{"QueryString": "undefined"}"#),
    ];
    let validators = validators();
    for (profile, rule, name, text) in cases {
        let message = message(name);
        let direction = match profile {
            Profile::Request => Direction::Request,
            Profile::Response | Profile::Tolerant | Profile::Written => Direction::Response,
        };
        let report = validate_json(&message, text.as_bytes(), direction);
        let found: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
        assert!(found.contains(&rule), "{rule}: {found:?}");
        let refused = report
            .findings
            .iter()
            .any(|finding| counts(profile, finding));
        let body = serde_json::from_str(text).unwrap();
        let (_, validator) = validators
            .iter()
            .find(|(other, _)| *other == profile)
            .unwrap();
        let refuses = !faults(validator, &message, &body).is_empty();
        assert_ne!(refused, refuses, "{rule} {text}");
        tried.insert(rule);
    }
    let listed = DIFFERENCES.iter().map(|(rule, _)| *rule);
    assert_eq!(tried, listed.collect());
}

// Against other validators

/// ajv and Python's jsonschema take every schema as it is, and say of each body what the jsonschema of
/// Rust says. Where one of them is absent its part is skipped, unless the gate has installed it.
#[test]
fn others_say_the_same() {
    let script = |name: &str| {
        repository()
            .join("crates/diadoc-schema/tests/all")
            .join(name)
    };
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let others = [
        (
            "node",
            ["-e", "require('ajv/dist/2020')"],
            script("json_schema.cjs"),
            "DIADOC_AJV",
        ),
        (
            python.as_str(),
            ["-c", "import jsonschema"],
            script("json_schema.py"),
            "DIADOC_INTEROP",
        ),
    ];
    let here = others
        .into_iter()
        .filter(|(program, probe, script, required)| {
            let probe = Command::new(program)
                .args(probe)
                .envs(std::env::var_os("DIADOC_AJV").map(|folder| ("NODE_PATH", folder)))
                .stderr(Stdio::null())
                .status();
            let is_here = probe.is_ok_and(|status| status.success());
            let required = std::env::var_os(required).is_some();
            assert!(is_here || !required, "{script:?} cannot run");
            if !is_here {
                diadoc_testkit::skipped(&format!("{} cannot run", script.display()));
            }
            is_here
        });
    let here: Vec<_> = here.collect();
    if here.is_empty() {
        return;
    }

    let bodies = bodies();
    // All of them take long in Python.
    let bodies = bodies.iter().step_by(10);
    let mut bodies: Vec<_> = bodies
        .map(|(message, body)| json!({ message.full_name(): body }))
        .collect();
    // Engines of patterns give up on long texts.
    for symbols in [MOST_COUNTED - 4, MOST_COUNTED, 8_000_000] {
        for end in ["", "A", "!"] {
            let body = json!({ "Size": 1, "Data": "AAA\n".repeat(symbols / 4) + end });
            bodies.push(json!({ "Diadoc.Api.Proto.Content": body }));
        }
    }
    let lines: String = bodies.iter().map(|body| format!("{body}\n")).collect();
    let lines = Arc::new(lines);
    let mut running = Vec::new();
    for (profile, validator) in validators() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let file = folder.join(format!("{profile:?}.schema.json"));
        std::fs::write(&file, named(*profile).to_string()).unwrap();
        let ours: Vec<_> = bodies.iter().map(|body| validator.is_valid(body)).collect();
        for (program, _, script, _) in &here {
            let mut child = Command::new(program)
                .arg(script)
                .arg(&file)
                .envs(std::env::var_os("DIADOC_AJV").map(|folder| ("NODE_PATH", folder)))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut stdin = child.stdin.take().unwrap();
            let lines = Arc::clone(&lines);
            // Fails where the script ends early, which its status says.
            let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
            running.push((profile, script, ours.clone(), child, writer));
        }
    }
    for (profile, script, ours, child, writer) in running {
        let output = child.wait_with_output().unwrap();
        let _ = writer.join().unwrap();
        assert!(output.status.success(), "{profile:?}: {script:?} failed");
        let theirs = String::from_utf8(output.stdout).unwrap();
        let theirs: Vec<_> = theirs.lines().map(|line| line == "true").collect();
        assert_eq!(theirs.len(), ours.len());
        let other = ours
            .iter()
            .zip(&theirs)
            .position(|(ours, theirs)| ours != theirs);
        let body = other.map(|at| {
            bodies[at]
                .to_string()
                .chars()
                .take(10_000)
                .collect::<String>()
        });
        assert_eq!(
            body,
            None,
            "{profile:?}: {script:?} says {}",
            !ours[other.unwrap_or(0)]
        );
    }
}
