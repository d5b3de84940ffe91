//! Bodies at the bounds of the rules of every message: what is valid is taken, and of what breaks one rule
//! just that is found, at its place, in both forms.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_proto::registry;
use diadoc_schema::{
    Direction, Effect, Language, Report, Rule, Schema, field_rules, message_rules,
    must_have_content, validate_json, validate_protobuf,
};
use diadoc_testkit::bounds::{Bounds, Fault};
use prost_reflect::MessageDescriptor;

/// `rule path` of each finding. What is obsolete is valid, too; what contents are, and which other message a
/// body may be, is no question here.
fn found(report: &Report) -> BTreeSet<String> {
    let findings = report.findings.iter().filter(|finding| {
        let id = finding.rule.id();
        let others = [Rule::SchemaDeprecated, Rule::BodyForeign];
        !others.contains(&finding.rule) && !id.starts_with("content.")
    });
    findings
        .map(|finding| format!("{} {}", finding.rule, finding.path))
        .collect()
}

#[track_caller]
fn check(message: &MessageDescriptor, report: &Report, fault: Option<&Fault>, body: &[u8]) {
    let expected: BTreeSet<_> = fault.map(ToString::to_string).into_iter().collect();
    let body = body[..body.len().min(2_000)].escape_ascii();
    assert_eq!(found(report), expected, "{}: {body}", message.full_name());
    let Some(fault) = fault else { return };
    let id = fault.rule.id();
    if id.starts_with("field.") || id.starts_with("message.") {
        let finding = report
            .findings
            .iter()
            .find(|finding| finding.rule == fault.rule);
        let is_refused = finding.is_some_and(|finding| finding.effect == Effect::Refused);
        assert_eq!(
            is_refused,
            fault.is_proven,
            "{}: {fault}",
            message.full_name()
        );
    }
}

const SHORTER: &str = "an empty text is shorter than the least length, too";
const LARGE: &str =
    "content of so many bytes is not made: the rule is held in tests of its kind, with fewer";
const IN_A_MESSAGE: &str =
    "it is asked in `MessageToPost` alone, whose bodies are tried in the requests of diadoc-api";

/// The rules that no body of their message breaks alone, and why not.
#[rustfmt::skip]
const NOT_ALONE: &[(&str, &str)] = &[
    ("CustomDataItem.Key: a value", SHORTER),
    ("Events.StructuredDataAttachment.Content: at most 10485760 bytes", LARGE),
    ("Events.CustomDataPatch.Key: a value", SHORTER),
    ("Events.SignedContent.Content: at most 73400320 bytes", LARGE),
    ("Events.SignedContent: none of `Signature` and `SignWithTestSignature` where `IsDraft` is set", IN_A_MESSAGE),
    ("Events.SignedContent: none of `Signature` and `SignWithTestSignature` where `DelaySend` is set, unless `IsDraft` is set", IN_A_MESSAGE),
    ("Events.SignedContent: no `SignatureNameOnShelf` where `IsDraft` is set", IN_A_MESSAGE),
    ("Events.MetadataItem: a date dd.MM.yyyy where `Key` ends with Date", IN_A_MESSAGE),
    ("Events.UnsignedContent.Content: at most 5242880 bytes", LARGE),
];

#[test]
fn values() {
    let mut broken = BTreeMap::<Rule, usize>::new();
    let mut missed = Vec::new();
    for message in Schema::diadoc().messages() {
        let message_type = registry::find(message.full_name()).unwrap();
        let mut of_message = BTreeSet::new();
        for case in Bounds::of_itself(&message).values() {
            let body = case.content.as_bytes();
            let report = validate_json(&message, body, Direction::Request);
            check(&message, &report, case.fault.as_ref(), body);
            let bytes = message_type.from_json(body).unwrap().encode_to_vec();
            let report = validate_protobuf(&message, &bytes, Direction::Request);
            let is_carried = case
                .fault
                .as_ref()
                .is_none_or(|fault| !is_lost(&message, fault));
            if is_carried {
                check(&message, &report, case.fault.as_ref(), body);
            }
            if let Some(fault) = case.fault {
                *broken.entry(fault.rule).or_default() += 1;
                of_message.insert((fault.rule, fault.path));
            }
        }
        missed.extend(not_broken(&message, &of_message));
    }
    let listed = NOT_ALONE.iter().map(|(rule, _)| *rule);
    let listed = listed.map(|rule| format!("Diadoc.Api.Proto.{rule}"));
    assert_eq!(missed, listed.collect::<Vec<_>>());
    assert!(broken.values().sum::<usize>() > 1_000, "{broken:?}");
}

/// Whether the field is one that protobuf does not have.
fn is_lost(message: &MessageDescriptor, fault: &Fault) -> bool {
    let key = fault.path.split(['[', '.']).next().unwrap();
    let field = message.get_field_by_json_name(key);
    field.is_some_and(|field| diadoc_schema::is_only_in_json(&field))
}

/// The rules of a message that no case has broken.
fn not_broken(message: &MessageDescriptor, broken: &BTreeSet<(Rule, String)>) -> Vec<String> {
    let mut missed = Vec::new();
    for field in message.fields() {
        let mut rules: Vec<_> = field_rules(&field)
            .iter()
            .map(|rule| (rule.rule(), rule.phrase(Language::English)))
            .collect();
        if must_have_content(&field) {
            rules.push((Rule::FieldEmpty, "a value".to_owned()));
        }
        for (rule, phrase) in rules {
            let key = field.json_name();
            let is_of = |path: &str| {
                let rest = path.strip_prefix(key);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
            };
            let is_broken = |(other, path): &(Rule, String)| *other == rule && is_of(path);
            if !broken.iter().any(is_broken) {
                missed.push(format!("{}: {phrase}", field.full_name()));
            }
        }
    }
    let rules = message_rules(message);
    let has = rules.iter().filter(|rule| {
        let mut broken = broken.iter();
        !broken.any(|(other, _)| *other == rule.rule())
    });
    missed.extend(has.map(|rule| {
        format!(
            "{}: {}",
            message.full_name(),
            rule.phrase(Language::English)
        )
    }));
    missed
}

#[test]
fn keys() {
    let mut cases = 0;
    for message in Schema::diadoc().messages() {
        for case in Bounds::of_itself(&message).keys() {
            let body = case.content.as_bytes();
            let report = validate_json(&message, body, Direction::Request);
            check(&message, &report, case.fault.as_ref(), body);
            cases += 1;
        }
    }
    assert!(cases > 1_000, "{cases}");
}

#[test]
fn fields_on_the_wire() {
    let mut cases = 0;
    for message in Schema::diadoc().messages() {
        for case in Bounds::of_itself(&message).wire() {
            let body = &case.content;
            let report = validate_protobuf(&message, body, Direction::Request);
            check(&message, &report, case.fault.as_ref(), body);
            cases += 1;
        }
    }
    assert!(cases > 1_000, "{cases}");
}
