//! Every method with parameters and a body at the bounds of their rules: what is valid the fake does not
//! refuse by a rule, and of what breaks one rule just it names that one, at its place.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, header};
use diadoc_api::query::percent_encoded;
use diadoc_api::{
    BodyKind, Call, FieldRule, Form, METHODS, Method, ParameterKind, Request as _, Stage,
};
use diadoc_core::rules::Quantity;
use diadoc_fake::world::{
    DepartmentBuilder, EmployeeBuilder, LetterBuilder, OrganizationBuilder, UserBuilder, World,
    model::RelationState,
};
use diadoc_fake::{Fake, Mode, call_with, example_call};
use diadoc_proto::BoxId;
use diadoc_schema::{Example, Rule, Schema};
use diadoc_testkit::bounds::{Bounds, Fault};
use serde_json::Value;
use uuid::Uuid;

use crate::in_process::{Came, InProcess};
use crate::revive;

/// The box and the GUID of valid calls.
const BOX: &str = "09ae254c5cd0408284de7ccb46d86f82@diadoc.ru";
const ID: &str = "bcd62464-5b5d-44ff-93b0-ec6981b7cefe";

/// A call as HTTP, with each value as it was given: a client writes some in another way.
fn http(call: &Call) -> Request<Body> {
    let method = call.method();
    let mut target = method.path.to_owned();
    let mut headers = Vec::new();
    let mut together = BTreeMap::<&str, Vec<&str>>::new();
    let mut push = |name: &str, text: &str| {
        let separator = if target.contains('?') { '&' } else { '?' };
        target += &format!("{separator}{name}={}", percent_encoded(text));
    };
    for (name, text) in call.parameters() {
        match method.parameter(name) {
            Some(parameter) if parameter.comma => together.entry(name).or_default().push(text),
            Some(parameter) if parameter.header.is_some() => headers.extend(
                parameter
                    .header
                    .map(|header| (HeaderName::try_from(header), HeaderValue::try_from(text))),
            ),
            _ => push(name, text),
        }
    }
    for (name, texts) in together {
        push(name, &texts.join(","));
    }
    let mut request = Request::builder().method(method.verb.clone()).uri(target);
    for (name, value) in headers {
        request = request.header(name.expect("a name"), value.expect("a value"));
    }
    let body = call.given_body();
    let kind = body.and_then(|body| method.bodies.iter().find(|one| one.name == body.name));
    let media_type = match (body.and_then(|body| body.form), kind.map(|body| body.kind)) {
        (Some(form), _) => form.media_type(),
        (None, Some(BodyKind::Text)) => "text/plain; charset=utf-8",
        (None, Some(_)) => "application/octet-stream",
        // As clients do: without a body, too.
        (None, None) => Form::Json.media_type(),
    };
    let content = body.map(|body| body.content.clone()).unwrap_or_default();
    request
        .header(header::AUTHORIZATION, "Bearer some-token")
        .header(header::CONTENT_TYPE, media_type)
        .body(Body::from(content))
        .expect("a request")
}

/// A call, and the one rule that it breaks; none where it is valid.
#[derive(Clone)]
struct Case {
    call: Call,
    fault: Option<Fault>,
}

/// Calls with valid parameters, and with ones of which one is wrong.
fn of_parameters(method: &'static Method) -> Vec<Case> {
    let described = Schema::diadoc().method(method.name).expect("a method");
    let bounds = Bounds::of_itself(&described.request());
    let mut cases = Vec::new();
    for case in bounds.values().into_iter().chain(bounds.keys()) {
        let request: Value = serde_json::from_str(&case.content).expect("JSON");
        let given = method.bodies.iter();
        let bodies = given.filter(|body| !request[body.name].is_null()).count();
        let fault = case.fault.map(|fault| of_call(method, fault));
        // An empty parameter is none.
        let fault = fault.filter(|fault| {
            let parameter = method.parameter(&fault.path);
            parameter.is_none_or(|one| one.required || request[one.name] != "")
        });
        // HTTP has one body, and what stands twice in JSON is one value by now.
        let is_sent = bodies <= 1
            && fault
                .as_ref()
                .is_none_or(|fault| fault.rule != Rule::JsonDuplicateKey);
        if is_sent {
            cases.push(Case {
                call: call_with(method, &request),
                fault,
            });
        }
    }
    let smallest = example_call(method, Example::Minimal);
    let unknown = smallest.clone().parameter("notInTheSchema", "1");
    cases.push(Case {
        call: unknown,
        fault: fault(Rule::ParameterUnknown, "notInTheSchema"),
    });
    for parameter in method.parameters {
        let name = parameter.name;
        if parameter.required {
            let call = without(&smallest, name);
            cases.push(Case {
                call,
                fault: fault(Rule::ParameterRequired, name),
            });
        }
        let Some((call, value)) = call_that_has(method, name) else {
            continue;
        };
        if !parameter.list {
            let call = call.clone().parameter(name, value);
            cases.push(Case {
                call,
                fault: fault(Rule::ParameterDuplicate, name),
            });
        }
        let (valid, broken): (&[&str], &[&str]) = match parameter.kind {
            ParameterKind::Int32 => (&[], &["many", "1.0", "1e1", "2147483648", "-2147483649"]),
            ParameterKind::Int64 => (&[], &["many", "1.0", "9223372036854775808"]),
            ParameterKind::Bool => (&["true", "False", "1", "0"], &["yes", "2", "-"]),
            ParameterKind::Enum(names) => (names, &["FromTheFuture"]),
            _ => continue,
        };
        let faults = broken
            .iter()
            .map(|text| (text, fault(Rule::ParameterType, name)));
        for (text, fault) in valid.iter().map(|text| (text, None)).chain(faults) {
            let call = without(&call, name).parameter(name, *text);
            cases.push(Case { call, fault });
        }
    }
    cases
}

fn fault(rule: Rule, path: &str) -> Option<Fault> {
    Some(Fault {
        rule,
        path: path.to_owned(),
        is_proven: true,
    })
}

/// The call without a parameter.
fn without(call: &Call, name: &str) -> Call {
    let others = call.parameters().iter().filter(|(given, _)| given != name);
    let method = call.method();
    let others = others.fold(Call::new(method), |call, (name, text)| {
        call.parameter(name, text)
    });
    match call.given_body() {
        Some(body) => others.body(&body.name, body.form, body.content.clone()),
        None => others,
    }
}

/// A valid call that has a parameter, and its value; others may exclude it.
fn call_that_has(method: &'static Method, name: &str) -> Option<(Call, String)> {
    let extents = (0..64).map(Example::Random);
    let mut calls = [Example::Full].into_iter().chain(extents);
    calls.find_map(|extent| {
        let call = example_call(method, extent);
        let value = call.value(name).map(str::to_owned)?;
        Some((call, value))
    })
}

/// A fault in the request message as a call has it: parameters are no JSON.
fn of_call(method: &Method, fault: Fault) -> Fault {
    let body = method.bodies.iter().find(|body| body.name == fault.path);
    let is_message = body.is_some_and(|body| matches!(body.kind, BodyKind::Message(_)));
    let rule = match fault.rule {
        Rule::JsonUnknownKey => Rule::ParameterUnknown,
        Rule::JsonRequired if is_message => Rule::BodyEmpty,
        Rule::JsonRequired | Rule::FieldEmpty => Rule::ParameterRequired,
        Rule::JsonEnumName => Rule::ParameterType,
        other => other,
    };
    let path = match is_message {
        true => String::new(),
        // A parameter has no place for each of its values.
        false => fault.path.split('[').next().unwrap_or_default().to_owned(),
    };
    Fault {
        rule,
        path,
        ..fault
    }
}

/// Calls with valid bodies, and with ones of which one thing is wrong.
fn of_bodies(method: &'static Method) -> Vec<Case> {
    let call = example_call(method, Example::Minimal);
    let mut cases = Vec::new();
    for body in method.bodies {
        let BodyKind::Message(full_name) = body.kind else {
            continue;
        };
        let message = Schema::diadoc().message(full_name).expect("a message");
        let bounds = Bounds::of(&message);
        let with = |form, content: Vec<u8>| call.clone().body(body.name, Some(form), content);
        for case in bounds.values().into_iter().chain(bounds.keys()) {
            let call = with(Form::Json, case.content.into_bytes());
            cases.push(Case {
                call,
                fault: case.fault,
            });
        }
        for case in bounds.wire() {
            let call = with(Form::Protobuf, case.content);
            cases.push(Case {
                call,
                fault: case.fault,
            });
        }
    }
    cases
}

/// What the server is known to do about a broken rule.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Known {
    Refused,
    Dropped,
    /// It takes it, or nobody has seen that it does not.
    Taken,
}

impl Known {
    fn of(fault: &Fault) -> Self {
        let is_dropped = [
            Rule::ParameterUnknown,
            Rule::JsonUnknownKey,
            Rule::WireUnknownField,
        ];
        match fault.is_proven {
            true if is_dropped.contains(&fault.rule) => Self::Dropped,
            true => Self::Refused,
            false => Self::Taken,
        }
    }
}

/// `rule path` of all that the fake found at fault in the call.
fn faults(came: &Came) -> BTreeSet<String> {
    let violations = came.received.violations.iter().map(|violation| {
        // A rule about several parameters names all of them.
        let path = Some(&violation.parameter[..]).filter(|name| !name.contains(", "));
        format!("{} {}", violation.rule, path.unwrap_or_default())
    });
    let findings = came
        .received
        .report
        .iter()
        .flat_map(|report| &report.findings);
    let findings = findings.filter(|finding| {
        // What contents are, and which other message a body may be, is no question here.
        let is_other =
            finding.rule == Rule::BodyForeign || finding.rule.id().starts_with("content.");
        finding.effect.is_fault() && !is_other
    });
    let findings = findings.map(|finding| format!("{} {}", finding.rule, finding.path));
    violations.chain(findings).collect()
}

/// Whether the fake refuses it by a rule, and not by what the world is like.
fn is_by_rule(came: &Came, method: &Method) -> bool {
    came.text
        .contains(&format!("the request of {} is refused", method.name))
}

/// Why a call is not answered as its case asks for; none where it is.
fn wrong(mode: Mode, case: &Case, came: &Came) -> Option<String> {
    let method = case.call.method();
    let expected = case.fault.as_ref().map(|fault| (Known::of(fault), fault));
    let named = match expected {
        Some((Known::Refused | Known::Dropped, fault)) => Some(fault.to_string()),
        _ => None,
    };
    let found = faults(came);
    if found != named.iter().cloned().collect() {
        return Some(format!("finds {found:?}"));
    }
    let refused = is_by_rule(came, method);
    let known = expected.map_or(Known::Taken, |(known, _)| known);
    let is_strict = mode == Mode::Strict;
    let is_right = match (known, is_strict) {
        (Known::Refused, true) | (Known::Dropped, true) => came.status == 400 && refused,
        // In the server's words, where they are known.
        (Known::Refused, false) => (400..500).contains(&came.status),
        (Known::Dropped, false) | (Known::Taken, _) => !refused,
    };
    if !is_right {
        return Some(format!("answers {}", came.status));
    }
    if let Some((_, fault)) = expected.filter(|(known, _)| *known != Known::Taken && is_strict) {
        let (rule, path) = (fault.rule, &fault.path);
        let mark = match known {
            Known::Dropped => "dropped",
            _ => "refused",
        };
        let of_parameter = came.text.contains(&format!("({rule})"))
            && (path.is_empty() || came.text.contains(&format!("error: {path}: ")));
        let of_body = came.text.contains(&format!("{mark}[{rule}]"))
            && (path.is_empty() || path.len() > 150 || came.text.contains(&format!("at: {path}")));
        if !of_parameter && !of_body {
            return Some("does not say so".to_owned());
        }
    }
    None
}

/// Two organizations whose ids and boxes are those that valid calls name.
fn world() -> World {
    let [one, other] = [BOX, ID].map(|id| id.parse::<BoxId>().expect("a box"));
    let id: Uuid = ID.parse().expect("a GUID");
    let login = "user@example.com";
    let organization = |box_id, inn: &str, name: &str| {
        let employee = EmployeeBuilder::new(login);
        OrganizationBuilder::new(box_id, inn, name).employee(employee)
    };
    let department = DepartmentBuilder::new("Sales").id(id);
    let first = organization(one, "9500000005", "One").department(department);
    World::builder()
        .user(UserBuilder::new(login).id(id))
        .organization(first)
        .organization(organization(other, "7810000019", "Other").id(id))
        .relation(one, other, RelationState::Counteragents)
        .letter(LetterBuilder::new(other, one))
        .build()
        .expect("a world")
}

/// So many cases of each rule, and so many valid ones, in steps of one length; each method begins elsewhere.
fn sampled(cases: Vec<Case>, most: usize, method: usize) -> Vec<Case> {
    let mut of_rules = BTreeMap::<Option<Rule>, Vec<Case>>::new();
    for case in cases {
        let rule = case.fault.as_ref().map(|fault| fault.rule);
        of_rules.entry(rule).or_default().push(case);
    }
    let samples = of_rules.into_values().flat_map(|cases| {
        let step = cases.len().div_ceil(most);
        cases.into_iter().skip(method % step).step_by(step)
    });
    samples.collect()
}

/// How many cases of each rule of a method are tried: a body has hundreds.
const MOST: usize = 8;

/// Methods of which any request gets this status, whatever its parameters and body: no rule is asked, and
/// there is no report.
const WITHOUT_RULES: &[(&str, u16)] = &[
    ("GetExternalServiceAuthInfo", 410),
    ("GenerateForwardedDocumentPrintForm", 410),
    ("GenerateForwardedDocumentProtocolV2", 410),
    ("AddEmployeePowerOfAttorney", 410),
    ("DeleteEmployeePowerOfAttorney", 410),
    ("PrevalidatePowerOfAttorney", 410),
    ("UpdateEmployeePowerOfAttorney", 410),
    ("AutoSignReceipts", 410),
    ("AutoSignReceiptsResult", 410),
];

/// What else calls that the server takes are refused with 400 for: how the sentence begins, and why no rule of the schema is
/// behind it. What there is not, and what cannot be done now, has other statuses.
const BY_THE_WORLD: &[(&str, &str)] = &[
    (
        "AcquireCounteragentRequest.BoxId is required field",
        "nobody is named who could be invited; that the server says no is likely, and the schema has no rule",
    ),
    (
        "TemplateToPost should contain at least one attachment",
        "there is nothing to send",
    ),
    (
        "MessageToPost.FromDepartmentId is required field.",
        "an internal letter goes from one department below the head one to another",
    ),
    ("MessageToPost.ToBoxId: Box ", "there is no such box"),
    ("TemplateToPost.ToBoxId: Box ", "there is no such box"),
    (
        "DocumentDirections: unknown value",
        "the vendor names the three values, and the field is a text",
    ),
    (
        "MessageTypes: unknown value",
        "the vendor names the three values, and the field is a text",
    ),
    (
        "There is no action ",
        "the rights are those that the world knows",
    ),
    (
        "TotalSums: ",
        "the vendor says that it is a sum, and the field is a text",
    ),
    (
        "afterIndexKey query param has incorrect size",
        "keys are those that the server has given",
    ),
    (
        "cursor must have valid value",
        "keys are those that the server has given",
    ),
    (
        "afterIndexKey has incorrect size",
        "keys are those that the server has given",
    ),
    (
        "afterIndexKey: `",
        "keys are those that the server has given",
    ),
    ("body.Cursor: `", "keys are those that the server has given"),
    (
        "There is no subscription ",
        "what there is to subscribe to is in the world",
    ),
    (
        "DocumentAccessLevel is unknown",
        "nobody has that access; what the server makes of such a number is not known",
    ),
    (
        "letterId: Could not find or parse query param",
        "needed where `titleIndex` is above 0, and parameters have no such rule",
    ),
    (
        "documentId: Could not find or parse query param",
        "needed where `titleIndex` is above 0, and parameters have no such rule",
    ),
    (
        "Files can't be put into the public part of the shelf",
        "what may be written lies below `__userId__/`",
    ),
];

/// Tries samples of the cases of every method, and gives the beginnings of sentences with 400 that were
/// said to calls that the server takes.
async fn try_all(cases_of: fn(&'static Method) -> Vec<Case>) -> BTreeSet<&'static str> {
    let mut said = BTreeSet::new();
    let mut failures = Vec::new();
    for (index, method) in METHODS.iter().enumerate() {
        let cases = sampled(cases_of(method), MOST, index);
        for mode in [Mode::Strict, Mode::LikeServer] {
            let builder = Fake::builder().world(world()).mode(mode);
            let fake = InProcess::new(builder.keep(1, 1 << 30));
            revive(&fake.script);
            for case in &cases {
                let came = fake.send(http(&case.call)).await;
                let known = BY_THE_WORLD.iter().map(|(start, _)| *start);
                let known = known.clone().find(|start| came.text.starts_with(start));
                let is_refused = case.fault.as_ref().map(Known::of).is_some_and(|known| {
                    known == Known::Refused || known == Known::Dropped && mode == Mode::Strict
                });
                let why = match (wrong(mode, case, &came), came.status) {
                    (Some(why), _) => why,
                    (None, _) if is_refused => continue,
                    (None, 200 | 204 | 403 | 404 | 409) => continue,
                    (None, 400) if known.is_some() => {
                        said.extend(known);
                        continue;
                    }
                    (None, status) => format!("answers {status}"),
                };
                let fault = case.fault.as_ref().map(ToString::to_string);
                let fault = fault.unwrap_or_else(|| "nothing".to_owned());
                let text: String = came.text.chars().take(2_000).collect();
                failures.push(format!(
                    "{text}\n{} in {mode:?}, wrong is {fault}: it {why}\n{:?}\n{}",
                    method.name,
                    case.call.parameters(),
                    came.received
                        .body
                        .escape_ascii()
                        .take(2_000)
                        .map(char::from)
                        .collect::<String>(),
                ));
            }
        }
    }
    // Of those that end alike one is enough.
    let count = failures.len();
    failures.sort();
    failures.dedup_by_key(|failure| failure.lines().next().map(str::to_owned));
    assert_eq!(count, 0, "{}", failures.join("\n\n"));
    said
}

#[test]
fn what_is_valid_is_taken_and_a_broken_rule_is_named() {
    let run = |cases_of: fn(&'static Method) -> Vec<Case>| {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_all().build().expect("a runtime");
        runtime.block_on(try_all(cases_of))
    };
    let said = thread::scope(|scope| {
        let halves = [of_parameters, of_bodies].map(|half| scope.spawn(move || run(half)));
        halves.map(|half| half.join().expect("it holds"))
    });
    let said: BTreeSet<_> = said.into_iter().flatten().collect();
    let listed = BY_THE_WORLD.iter().map(|(start, _)| *start);
    assert_eq!(said, listed.collect());
}

/// Every rule of every parameter is broken by some call.
#[test]
fn no_rule_of_a_parameter_is_left_out() {
    let mut missed = Vec::new();
    for method in METHODS {
        let cases = of_parameters(method);
        let is_broken = |rule: Rule, name: &str| {
            let mut faults = cases.iter().filter_map(|case| case.fault.as_ref());
            faults.any(|fault| fault.rule == rule && fault.path == name)
        };
        for parameter in method.parameters {
            let rules = parameter.rules.iter().map(FieldRule::rule);
            let own = [
                (parameter.kind != ParameterKind::Text, Rule::ParameterType),
                (parameter.required, Rule::ParameterRequired),
                (!parameter.list, Rule::ParameterDuplicate),
            ];
            let own = own.iter().filter(|(has, _)| *has).map(|(_, rule)| *rule);
            let missing = rules
                .chain(own)
                .filter(|rule| !is_broken(*rule, parameter.name));
            missed.extend(missing.map(|rule| format!("{} {} {rule}", method.name, parameter.name)));
        }
        let is_body = |name: &&str| method.bodies.iter().any(|body| body.name == *name);
        for (quantity, fields) in method.sets {
            // HTTP has one body: no call has two that exclude each other.
            if fields.iter().all(is_body) && *quantity == Quantity::Excludes {
                continue;
            }
            let broken = cases.iter().filter_map(|case| case.fault.as_ref());
            if !broken.clone().any(|fault| fault.rule == quantity.rule()) {
                missed.push(format!("{} {} of {fields:?}", method.name, quantity.rule()));
            }
        }
        let unknown = cases.iter().filter_map(|case| case.fault.as_ref());
        let has_unknown = unknown
            .clone()
            .any(|fault| fault.rule == Rule::ParameterUnknown);
        if !has_unknown {
            missed.push(format!("{} unknown", method.name));
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}

/// A method that is given up is refused before its rules are asked.
#[tokio::test]
async fn methods_without_rules() {
    let gone = METHODS.iter().filter(|method| method.stage == Stage::Gone);
    let listed = WITHOUT_RULES.iter().map(|(name, _)| *name);
    assert_eq!(
        gone.map(|method| method.name).collect::<BTreeSet<_>>(),
        listed.collect()
    );
    for (name, status) in WITHOUT_RULES {
        let method = Method::find(name).expect("a method");
        let cases = of_parameters(method).into_iter().chain(of_bodies(method));
        for mode in [Mode::Strict, Mode::LikeServer] {
            let fake = InProcess::new(Fake::builder().mode(mode));
            for case in sampled(cases.clone().collect(), MOST, 0) {
                let came = fake.send(http(&case.call)).await;
                assert_eq!(came.status, *status, "{name}: {}", came.text);
                assert!(came.text.contains("is retired"), "{}", came.text);
                assert!(faults(&came).is_empty() && came.received.report.is_none());
            }
        }
    }
}
