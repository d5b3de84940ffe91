//! The rules about several fields of a message: what the validator finds is held against what the testkit
//! computes over values of JSON.

use diadoc_core::rules::Demand;
use diadoc_schema::prost_reflect::MessageDescriptor;
use diadoc_schema::{
    Direction, Effect, Evidence, Example, Language, MessageRule, Schema, example, message_rules,
    validate_json,
};
use diadoc_testkit::bounds::{broken, is_of, spoilt};
use serde_json::Value;

use crate::SplitMix64;
use crate::properties::seeds;

/// What the validator finds of such rules.
fn found(message: &MessageDescriptor, body: &Value) -> Vec<String> {
    let report = validate_json(message, body.to_string().as_bytes(), Direction::Request);
    let findings = report.findings.iter();
    let of_messages = findings.filter(|finding| finding.rule.id().starts_with("message."));
    of_messages
        .map(|finding| format!("{} {}", finding.rule, finding.path))
        .collect()
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// Each rule of a request that depends on values, broken alone: that finding, and no other of the kind.
#[test]
fn each_rule_broken_alone_is_found_alone() {
    let schema = Schema::diadoc();
    let mut missing = Vec::new();
    let bodies: Vec<_> = schema
        .messages()
        .filter(|message| schema.directions(message).only() == Some(Direction::Request))
        .collect();
    let mut tried = 0;
    for message in schema.messages() {
        let outside = |rule: &MessageRule| {
            let mut bodies = bodies.iter();
            let within = rule.within.as_deref();
            bodies
                .find(|body| within == Some(body.name()))
                .unwrap_or(&message)
                .clone()
        };
        for rule in message_rules(&message) {
            if !matches!(rule.demand, Demand::Given(_) | Demand::Differ) {
                continue;
            }
            let body = outside(&rule);
            let alone = (0..60).flat_map(|seed| {
                let valid = example(&body, Example::Random(seed));
                spoilt(&body, &valid, &message, &rule)
            });
            let mut alone = alone.filter(|spoilt| broken(&body, spoilt).len() == 1);
            let Some(spoilt) = alone.find(|spoilt| is_of(&body, spoilt, &message, &rule)) else {
                missing.push(format!(
                    "{}: {}",
                    message.full_name(),
                    rule.phrase(Language::English)
                ));
                continue;
            };
            tried += 1;
            assert_eq!(found(&body, &spoilt), broken(&body, &spoilt), "{spoilt}");
            let report = validate_json(&body, spoilt.to_string().as_bytes(), Direction::Request);
            let of_messages =
                |finding: &&diadoc_schema::Finding| finding.rule.id().starts_with("message.");
            let finding = report.findings.iter().find(of_messages).unwrap();
            let expected = match rule.evidence {
                Evidence::Open => Effect::Unproven,
                _ => Effect::Refused,
            };
            assert_eq!(
                finding.effect,
                expected,
                "{}",
                rule.phrase(Language::English)
            );
        }
    }
    assert_eq!(missing, [""; 0]);
    assert!(tried > 40, "{tried}");
}

/// Over random bodies from which anything may be missing, the validator finds what is computed here.
#[test]
fn the_validator_agrees_over_spoilt_bodies() {
    let schema = Schema::diadoc();
    let mut broken_ones = 0;
    for message in schema.messages() {
        for seed in seeds().chain(100..102) {
            let mut body = example(&message, Example::Random(seed));
            let before = body.clone();
            let mut random = SplitMix64(seed);
            thin(&mut body, &mut |one_of| random.below(one_of) == 0);
            let expected = sorted(broken(&message, &body));
            broken_ones += expected.len();
            assert_eq!(
                sorted(found(&message, &body)),
                expected,
                "{body} from {before}"
            );
        }
    }
    assert!(broken_ones > 100, "{broken_ones}");
}

/// Leaves out members, and empties strings and booleans.
fn thin(value: &mut Value, chance: &mut dyn FnMut(usize) -> bool) {
    match value {
        Value::Object(object) => {
            object.retain(|_, _| !chance(5));
            object.values_mut().for_each(|value| thin(value, chance));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|value| thin(value, chance)),
        Value::Bool(flag) if chance(3) => *flag = !*flag,
        Value::String(text) if chance(8) => text.clear(),
        _ => {}
    }
}
