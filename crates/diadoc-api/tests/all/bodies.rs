//! Every body that is a message, in the request of its method: what it lacks is named before it is
//! sent, and all that is named is what the validator finds in its bytes.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_api::Request;
use diadoc_proto::json::{self, JsonMessage};
use diadoc_schema::{
    Effect, Example, Report, Schema, example, must_have_content, validate_json, validate_protobuf,
};
use diadoc_testkit::bounds::Bounds;
use diadoc_testkit::seeds;
use diadoc_testkit::strategies::nearly_valid;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use prost_reflect::{Cardinality, MessageDescriptor};
use serde::de::DeserializeOwned;

use crate::generated::each_body;

/// What is done with each body.
pub(super) trait Bodies {
    /// A body of a method, and how a request is made around it.
    fn body<M: JsonMessage, R: Request>(
        &mut self,
        method: &'static str,
        body: &'static str,
        make: impl Fn(M) -> R,
    );
}

/// The value of a parameter in the smallest valid request.
pub(super) fn value<T: DeserializeOwned>(method: &str, name: &str) -> T {
    let described = Schema::diadoc().method(method).unwrap();
    let value = example(&described.request(), Example::Minimal)[name].take();
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{method}, {name}: {error}"))
}

fn descriptor<M: JsonMessage>() -> MessageDescriptor {
    Schema::diadoc().message(&M::full_name()).unwrap()
}

/// `rule path` of what a request goes against in its body.
fn faults(request: &impl Request, body: &str) -> BTreeSet<String> {
    let error = request.check().err();
    let violations = error.iter().flat_map(|error| error.violations());
    violations
        .map(|violation| {
            let path = violation.parameter.strip_prefix(body).unwrap_or_else(|| {
                panic!("the parameters are those of a valid request: {violation}")
            });
            let path = path.strip_prefix('.').unwrap_or(path);
            format!("{} {path}", violation.rule)
        })
        .collect()
}

/// Why a body may hold defaults alone.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Why {
    /// It requires nothing.
    NothingRequired,
    /// It requires values of which the default may be meant: numbers, booleans, members of enums,
    /// messages that hold nothing else.
    DefaultsMayBeMeant,
}

use Why::{DefaultsMayBeMeant, NothingRequired};

/// The bodies that may hold defaults alone. All others are refused then.
#[rustfmt::skip]
const MAY_BE_DEFAULT: &[(&str, Why)] = &[
    ("AcquireCounteragentRequest", NothingRequired),
    ("CloudSignRequest", NothingRequired),
    ("CounteragentGroups.CounteragentGroupToUpdate", NothingRequired),
    ("CustomPrintFormDetectionRequest", NothingRequired),
    ("Departments.DepartmentToUpdate", NothingRequired),
    ("Docflow.GetDocflowBatchRequest", NothingRequired),
    ("Docflow.GetDocflowEventsRequest", DefaultsMayBeMeant),
    ("Dss.DssSignRequest", NothingRequired),
    ("Dss.DssSignRequestV2", DefaultsMayBeMeant),
    ("Employees.EmployeeToUpdate", NothingRequired),
    ("Employees.PowersOfAttorney.EmployeePowerOfAttorneyToUpdate", NothingRequired),
    ("Employees.Subscriptions.SubscriptionsToUpdate", NothingRequired),
    ("Events.TemplatePatchToPost", NothingRequired),
    ("Forwarding.GetForwardedDocumentEventsRequest", DefaultsMayBeMeant),
    ("Forwarding.GetForwardedDocumentsRequest", NothingRequired),
    ("GetOrganizationsByInnListRequest", NothingRequired),
    ("Invoicing.AcceptanceCertificateBuyerTitleInfo", DefaultsMayBeMeant),
    ("Invoicing.FnsRegistrationMessageInfo", NothingRequired),
    ("Invoicing.RevocationRequestInfo", NothingRequired),
    ("Invoicing.SignatureRejectionInfo", DefaultsMayBeMeant),
    ("Invoicing.Signer", NothingRequired),
    ("Invoicing.Signers.ExtendedSignerDetailsToPost", NothingRequired),
    ("KeyValueStorage.KeyValueStorageApiGetRequest", NothingRequired),
    ("KeyValueStorage.KeyValueStorageApiPutRequest", NothingRequired),
    ("PartnerEvents.GetPartnerEventsRequest", NothingRequired),
    ("PowersOfAttorney.PowerOfAttorneyPrevalidateRequest", DefaultsMayBeMeant),
];

#[derive(Default)]
struct Defaults {
    passed: BTreeSet<String>,
}

impl Bodies for Defaults {
    fn body<M: JsonMessage, R: Request>(
        &mut self,
        _method: &'static str,
        body: &'static str,
        make: impl Fn(M) -> R,
    ) {
        if faults(&make(M::default()), body).is_empty() {
            self.passed.insert(M::full_name());
        }
    }
}

#[test]
fn what_lacks_all_that_it_needs_is_not_sent() {
    let mut defaults = Defaults::default();
    each_body(&mut defaults);
    let listed = MAY_BE_DEFAULT.iter();
    let listed = listed.map(|(name, _)| format!("Diadoc.Api.Proto.{name}"));
    assert_eq!(defaults.passed, listed.collect());
    for (name, why) in MAY_BE_DEFAULT {
        let full_name = format!("Diadoc.Api.Proto.{name}");
        let message = Schema::diadoc().message(&full_name).unwrap();
        let required = message.fields().any(|field| {
            assert!(!must_have_content(&field), "{}", field.full_name());
            field.cardinality() == Cardinality::Required
        });
        assert_eq!(required, *why == DefaultsMayBeMeant, "{name}");
    }
}

/// Holds what the check finds against what the validator finds.
struct Agreement {
    bodies: usize,
    /// The rules that both have found.
    found: BTreeSet<String>,
}

/// `rule path` of what the validator finds that concerns values and messages, and that the server
/// refuses.
fn findings(report: &Report) -> BTreeSet<String> {
    let findings = report.findings.iter().filter(|finding| {
        let id = finding.rule.id();
        finding.effect == Effect::Refused
            && (id.starts_with("field.") || id.starts_with("message."))
    });
    findings
        .map(|finding| format!("{} {}", finding.rule, finding.path))
        .collect()
}

impl Bodies for Agreement {
    fn body<M: JsonMessage, R: Request>(
        &mut self,
        method: &'static str,
        body: &'static str,
        make: impl Fn(M) -> R,
    ) {
        self.bodies += 1;
        let message = descriptor::<M>();
        let valid = [Example::Minimal, Example::Full].map(|kind| example(&message, kind));
        for valid in valid {
            let read: M = json::from_str(&valid.to_string()).unwrap();
            assert_eq!(faults(&make(read), body), BTreeSet::new(), "{method}");
        }
        let mut runner = TestRunner::new(Config {
            cases: seeds::cases(24),
            ..seeds::config(message.full_name())
        });
        let found = std::cell::RefCell::new(BTreeSet::new());
        let direction = diadoc_schema::Direction::Request;
        let run = runner.run(&nearly_valid(message.clone()), |random| {
            let bytes = || random.transcode_to::<M>().expect("the same message");
            let (protobuf, json) = (bytes().encode_to_vec(), json::to_string(&bytes()).unwrap());
            let ours = faults(&make(bytes()), body);
            for theirs in [
                validate_protobuf(&message, &protobuf, direction),
                validate_json(&message, json.as_bytes(), direction),
            ] {
                let theirs = findings(&theirs);
                if ours != theirs {
                    return Err(TestCaseError::fail(format!(
                        "{method}: the check finds {ours:#?}, the validator {theirs:#?} in {json}"
                    )));
                }
            }
            let rules = ours.iter().filter_map(|fault| fault.split(' ').next());
            found.borrow_mut().extend(rules.map(str::to_owned));
            Ok(())
        });
        if let Err(error) = run {
            panic!("{error}");
        }
        self.found.extend(found.into_inner());
    }
}

/// The rules of bodies are written twice, as data there and as code here.
#[test]
fn the_check_finds_what_the_validator_finds() {
    let mut agreement = Agreement {
        bodies: 0,
        found: BTreeSet::new(),
    };
    each_body(&mut agreement);
    let methods = diadoc_api::METHODS.iter().flat_map(|method| method.bodies);
    let messages = methods.filter(|body| matches!(body.kind, diadoc_api::BodyKind::Message(_)));
    assert_eq!(agreement.bodies, messages.count());
    // Those that so many messages cannot miss.
    for rule in [
        "field.empty",
        "field.format",
        "message.one-of",
        "message.required",
    ] {
        assert!(
            agreement.found.contains(rule),
            "{rule}: {:?}",
            agreement.found
        );
    }
}

/// Holds the check against bodies at the bounds of all rules of a body and of the messages in it.
#[derive(Default)]
struct AtBounds {
    seen: BTreeSet<String>,
    /// How often each rule was broken.
    broken: BTreeMap<String, usize>,
    /// The same in `MessageToPost`, with the place in the element of its list.
    in_messages: BTreeMap<String, usize>,
}

impl Bodies for AtBounds {
    fn body<M: JsonMessage, R: Request>(
        &mut self,
        method: &'static str,
        body: &'static str,
        make: impl Fn(M) -> R,
    ) {
        if !self.seen.insert(M::full_name()) {
            return;
        }
        let message = descriptor::<M>();
        let direction = diadoc_schema::Direction::Request;
        for case in Bounds::of(&message).values() {
            let proven = case.fault.as_ref().filter(|fault| fault.is_proven);
            let expected: BTreeSet<_> = proven.map(ToString::to_string).into_iter().collect();
            let read: M = json::from_str(&case.content).unwrap();
            let protobuf = read.encode_to_vec();
            let start: String = case.content.chars().take(4_000).collect();
            assert_eq!(faults(&make(read), body), expected, "{method}: {start}");
            for report in [
                validate_json(&message, case.content.as_bytes(), direction),
                validate_protobuf(&message, &protobuf, direction),
            ] {
                assert_eq!(findings(&report), expected, "{method}: {start}");
            }
            if let Some(fault) = case.fault {
                *self.broken.entry(fault.rule.to_string()).or_default() += 1;
                if message.name() == "MessageToPost" {
                    let inner = fault.path.split_once("].").map_or("", |(_, inner)| inner);
                    let inner = format!("{} {inner}", fault.rule);
                    *self.in_messages.entry(inner).or_default() += 1;
                }
            }
        }
    }
}

/// What is valid is sent, and of what breaks one rule that one is named, as the validator names it: at each
/// rule's bounds, in all bodies and the messages in them.
#[test]
fn at_the_bounds_of_all_rules() {
    let mut all = AtBounds::default();
    each_body(&mut all);
    println!("{:?}", all.broken);
    for (rule, least) in [
        ("field.empty", 100),
        ("field.format", 100),
        ("field.items", 30),
        ("field.length", 100),
        ("field.pattern", 10),
        ("field.range", 5),
        ("message.differ", 1),
        ("message.excludes", 10),
        ("message.forbidden", 1),
        ("message.one-of", 10),
        ("message.required", 1),
    ] {
        let broken = all.broken.get(rule).copied().unwrap_or(0);
        assert!(broken >= least, "{rule}: {:?}", all.broken);
    } // The rules of messages inside it that are asked in `MessageToPost` alone.
    for (inner, least) in [
        ("field.format Metadata[0].Value", 1),
        ("message.forbidden SignedContent.Signature", 2),
        ("message.forbidden SignedContent.SignatureNameOnShelf", 1),
        ("message.one-of SignedContent", 2),
    ] {
        let broken = all.in_messages.get(inner).copied().unwrap_or(0);
        assert!(broken >= least, "{inner}: {:?}", all.in_messages);
    }
}
