//! Requests of every method at the bounds of the rules: what is valid the check of diadoc-api and the fake
//! take, and of what breaks one rule both name just that, at its place.

use std::collections::BTreeSet;

use diadoc_api::{Call, Config, Form, METHODS, Method, ParameterKind, Request as _, Violation};
use diadoc_fake::{Fake, Received, call_of, example_call};
use diadoc_schema::{Effect, Example, Rule, Schema};
use diadoc_testkit::bounds::{Bounds, Fault};
use prost_reflect::MessageDescriptor;
use serde_json::Value;

use crate::every_method::in_form;
use crate::http;

/// A fake that keeps no more than the last request.
async fn fake() -> Fake {
    let fake = Fake::builder().stateless().keep(1, 1 << 30);
    fake.start().await.expect("a port")
}

/// `rule parameter` of violations; of a rule about several parameters the rule alone.
fn named(violations: &[Violation]) -> BTreeSet<String> {
    let lines = violations
        .iter()
        .map(|one| match one.rule.id().starts_with("message.") {
            true => one.rule.to_string(),
            false => format!("{} {}", one.rule, one.parameter),
        });
    lines.collect()
}

/// What the fake makes of a call as it stands.
async fn received(fake: &Fake, call: &Call) -> Received {
    let form = call.given_body().and_then(|body| body.form);
    let config = Config::new().with_address(&fake.url()).unwrap();
    let config = config.bearer("some-token").unchecked();
    let request = call.to_http(&config, form.unwrap_or(Form::Json)).unwrap();
    http::Call::of(&request).send(fake).await;
    fake.received().pop().unwrap()
}

/// Holds a call against the check, and then the fake.
async fn check(fake: &Fake, call: &Call, expected: &BTreeSet<String>) {
    let name = call.method().name;
    let found = call.check().err();
    let found = found.as_ref().map_or(&[][..], |error| error.violations());
    let values = call.parameters();
    assert_eq!(named(found), *expected, "{name}: {values:?}");
    // Nobody writes other letters into a header.
    let in_headers = values.iter().filter(|(key, _)| {
        let parameter = call.method().parameter(key);
        parameter.is_some_and(|parameter| parameter.header.is_some())
    });
    if in_headers.into_iter().any(|(_, text)| !text.is_ascii()) {
        return;
    }
    let received = received(fake, call).await;
    assert_eq!(named(&received.violations), *expected, "{name}: {values:?}");
    assert_eq!(
        received.reasons.is_empty(),
        expected.is_empty(),
        "{name}: {received:?}"
    );
}

fn request_of(method: &Method) -> MessageDescriptor {
    Schema::diadoc().method(method.name).unwrap().request()
}

/// What the check says of a request with that fault; none where a call cannot have it.
fn expected(method: &Method, fault: &Fault) -> Option<String> {
    let name = fault.path.split('[').next().unwrap_or_default();
    let is_body = method.bodies.iter().any(|body| body.name == name);
    match fault.rule {
        // Bytes without any are no body.
        Rule::FieldEmpty if is_body => None,
        Rule::FieldEmpty => Some(format!("{} {name}", Rule::ParameterRequired)),
        rule if rule.id().starts_with("message.") => Some(rule.to_string()),
        rule => Some(format!("{rule} {name}")),
    }
}

#[tokio::test]
async fn values_of_parameters() {
    let mut found = BTreeSet::new();
    for method in METHODS {
        let fake = fake().await;
        for case in Bounds::of_itself(&request_of(method)).values() {
            let request: Value = serde_json::from_str(&case.content).unwrap();
            let mut bodies = method.bodies.iter();
            if bodies
                .clone()
                .filter(|body| !request[body.name].is_null())
                .count()
                > 1
            {
                // No call has two.
                continue;
            }
            let is_large = bodies.any(|body| request[body.name].to_string().len() > 1 << 20);
            let lines = match &case.fault {
                None => BTreeSet::new(),
                Some(fault) => match expected(method, fault) {
                    Some(line) if fault.is_proven => BTreeSet::from([line]),
                    Some(_) => BTreeSet::new(),
                    None => continue,
                },
            };
            found.extend(
                lines
                    .iter()
                    .map(|line| line.split(' ').next().unwrap().to_owned()),
            );
            let call = call_of(method, &request);
            match is_large {
                // Once is enough.
                true => assert_eq!(
                    call.check()
                        .err()
                        .map(|error| named(error.violations()))
                        .unwrap_or_default(),
                    lines
                ),
                false => check(&fake, &call, &lines).await,
            }
        }
    }
    let all = [
        "field.bytes",
        "field.format",
        "field.items",
        "field.length",
        "field.pattern",
        "field.range",
        "message.excludes",
        "message.one-of",
        "parameter.required",
    ];
    for rule in all {
        assert!(found.contains(rule), "{rule} is not in {found:?}");
    }
}

/// A parameter that nobody knows, one twice that is no list, one that is missing, and one of another type.
#[tokio::test]
async fn parameters() {
    let mut found = BTreeSet::new();
    for method in METHODS {
        let fake = fake().await;
        let valid = example_call(method, Example::Minimal);
        let mut broken = vec![(
            Rule::ParameterUnknown,
            "notInTheSchema",
            valid.clone().parameter("notInTheSchema", "1"),
        )];
        for parameter in method.parameters {
            let name = parameter.name;
            let without = |call: &Call| {
                let mut other = Call::new(method);
                for (key, value) in call.parameters().iter().filter(|(key, _)| key != name) {
                    other = other.parameter(key, value);
                }
                match call.given_body() {
                    Some(body) => other.body(&body.name, body.form, body.content.clone()),
                    None => other,
                }
            };
            if let Some(value) = valid.value(name) {
                if !parameter.list {
                    let twice = valid.clone().parameter(name, value);
                    broken.push((Rule::ParameterDuplicate, name, twice));
                }
                if parameter.required {
                    broken.push((Rule::ParameterRequired, name, without(&valid)));
                }
            }
            let other = match parameter.kind {
                ParameterKind::Enum(_) => "FromTheFuture",
                ParameterKind::Int32 | ParameterKind::Int64 => "1.5",
                ParameterKind::Bool => "maybe",
                _ => continue,
            };
            // Where it may not be given beside others, there is a second thing to name.
            let call = without(&valid).parameter(name, other);
            let count = call
                .check()
                .map_or_else(|error| error.violations().len(), |()| 0);
            if count == 1 {
                broken.push((Rule::ParameterType, name, call));
            }
        }
        check(&fake, &valid, &BTreeSet::new()).await;
        for (rule, name, call) in broken {
            found.insert(rule);
            check(&fake, &call, &BTreeSet::from([format!("{rule} {name}")])).await;
        }
    }
    assert_eq!(found.len(), 4, "{found:?}");
}

/// What the fake finds in the body of a call, as `rule path`.
async fn found_in_body(fake: &Fake, call: &Call) -> BTreeSet<String> {
    let received = received(fake, call).await;
    let report = received
        .report
        .unwrap_or_else(|| panic!("{}: no report", call.method().name));
    let findings = report.findings.iter().filter(|finding| {
        // What contents are, and which other message it may be, is no question here.
        let is_asked = !finding.rule.id().starts_with("content.");
        finding.effect.is_fault() && is_asked && finding.rule != Rule::BodyForeign
    });
    let lines: BTreeSet<_> = findings
        .map(|finding| format!("{} {}", finding.rule, finding.path))
        .collect();
    let is_refused = report
        .findings
        .iter()
        .any(|finding| matches!(finding.effect, Effect::Refused | Effect::Dropped));
    assert_eq!(
        received.reasons.is_empty(),
        !is_refused,
        "{:?}",
        received.reasons
    );
    lines
}

#[tokio::test]
async fn bodies() {
    let mut cases = 0;
    for method in METHODS {
        let valid = example_call(method, Example::Minimal);
        let Some((body, Some(_))) = valid.given_body().map(|body| (body, body.form)) else {
            continue;
        };
        let described = Schema::diadoc().method(method.name).unwrap();
        // Of several the fake takes the one that a body fits best.
        let [one] = &described.bodies[..] else {
            continue;
        };
        let diadoc_schema::BodyKind::Message(message) = &one.kind else {
            continue;
        };
        let fake = fake().await;
        let bounds = Bounds::of_itself(message);
        let json = bounds
            .values()
            .into_iter()
            .chain(bounds.keys())
            .map(|case| {
                let call = valid
                    .clone()
                    .body(&body.name, Some(Form::Json), case.content);
                (call, case.fault, true)
            });
        let wire = bounds.wire().into_iter().map(|case| {
            let call = valid
                .clone()
                .body(&body.name, Some(Form::Protobuf), case.content);
            (call, case.fault, false)
        });
        for (call, fault, is_json) in json.chain(wire) {
            let fault = fault.filter(|fault| fault.is_proven);
            let expected: BTreeSet<_> = fault.iter().map(ToString::to_string).collect();
            assert_eq!(found_in_body(&fake, &call).await, expected, "{call:?}");
            cases += 1;
            // Values and what is given travel in the other form as well.
            let is_value = fault
                .as_ref()
                .is_none_or(|fault| !fault.rule.id().starts_with("json."));
            if is_json && is_value {
                let call = in_form(&call, Form::Protobuf);
                assert_eq!(found_in_body(&fake, &call).await, expected, "{call:?}");
            }
        }
    }
    assert!(cases > 1_000, "{cases}");
}
