//! Holding the parameters of a call against its method.

use diadoc_core::base64;
use prost_reflect::Kind;
use serde_json::Value;

use crate::{
    Body, BodyKind, Direction, Example, Finding, Method, Parameter, Report, Rule, Severity, Span,
    example, nearest, validate_json,
};

/// Holds the parameters of a call against its method and its rules: unknown and missing ones, wrong
/// types, rules of values, and parameters that exclude each other.
///
/// `given` are the names and values as they stand in the query or in headers, percent-decoded and
/// in their order. `body` is the name of the body that goes with them, if one does: it is held
/// against the rules about which of several is given, and not looked into. An empty value counts as
/// not given. The path of a finding is the parameter's name; it has no place in a text.
///
/// ```
/// use diadoc_schema::{Schema, validate_parameters};
///
/// let method = Schema::diadoc().method("GetDocumentsV3")?;
/// let given = [("boxID", "1f208d03-2a60-4f64-91b1-b7aad54cfaf3"), ("count", "500")];
/// let report = validate_parameters(method, &given, None);
/// let found: Vec<_> = report.findings.iter().map(|f| (&*f.path, f.rule.id())).collect();
/// assert_eq!(
///     found,
///     [
///         ("boxId", "json.required"),
///         ("filterCategory", "json.required"),
///         ("boxID", "json.key-case"),
///         ("count", "field.range"),
///     ],
/// );
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn validate_parameters(method: &Method, given: &[(&str, &str)], body: Option<&str>) -> Report {
    let request = method.request();
    let mut report = validate_json(
        &request,
        as_json(method, given, body).as_bytes(),
        Direction::Request,
    );
    report.message = method.full_name().to_owned();
    // What stands in for the body is none of the caller's.
    report
        .findings
        .retain(|finding| !is_inside_body(method, finding, body));
    for finding in &mut report.findings {
        reword(method, finding);
    }
    report
}

/// The request message of a call as JSON, with every occurrence of a parameter.
fn as_json(method: &Method, given: &[(&str, &str)], body: Option<&str>) -> String {
    let mut members: Vec<(&str, String)> = Vec::new();
    let mut lists: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_empty()) {
        let Some(parameter) = method.parameter(name) else {
            members.push((name, Value::from(*value).to_string()));
            continue;
        };
        if !parameter.field.is_list() {
            members.push((name, token(parameter, value)));
            continue;
        }
        let values = match parameter.comma {
            true => value.split(',').collect(),
            false => vec![*value],
        };
        let tokens = values.iter().map(|value| token(parameter, value));
        match lists.iter_mut().find(|(list, _)| list == name) {
            Some((_, list)) => list.extend(tokens),
            None => lists.push((name, tokens.collect())),
        }
    }
    members.extend(
        lists
            .into_iter()
            .map(|(name, tokens)| (name, format!("[{}]", tokens.join(",")))),
    );
    let body = method
        .bodies
        .iter()
        .find(|one| Some(one.field.name()) == body);
    if let Some(body) = body {
        members.push((body.field.name(), stand_in(body).to_string()));
    }
    let members: Vec<_> = members
        .iter()
        .map(|(name, token)| format!("{}:{token}", Value::from(*name)))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// A value as JSON of its field's type; as a string where it is none.
fn token(parameter: &Parameter, value: &str) -> String {
    let integer = || value.parse::<i128>().ok().map(|number| number.to_string());
    let typed = match parameter.field.kind() {
        Kind::Bool if value.eq_ignore_ascii_case("true") => Some("true".to_owned()),
        Kind::Bool if value.eq_ignore_ascii_case("false") => Some("false".to_owned()),
        Kind::Bool | Kind::String | Kind::Bytes | Kind::Message(_) => None,
        // A member may be given by its number, too.
        _ => integer(),
    };
    typed.unwrap_or_else(|| Value::from(value).to_string())
}

/// A valid body, so that the rules about bodies find one.
fn stand_in(body: &Body) -> Value {
    match &body.kind {
        BodyKind::Message(message) => example(message, Example::Minimal),
        BodyKind::Bytes => base64::encode_to_string(b"body").into(),
        BodyKind::Text => "body".into(),
    }
}

fn is_inside_body(method: &Method, finding: &Finding, body: Option<&str>) -> bool {
    let Some(body) = method
        .bodies
        .iter()
        .find(|one| Some(one.field.name()) == body)
    else {
        return false;
    };
    let top = finding.path.split(['.', '[']).next();
    top == Some(body.field.name())
}

/// Says of a parameter what the validator says of a key.
fn reword(method: &Method, finding: &mut Finding) {
    finding.span = Span { start: 0, end: 0 };
    (finding.line, finding.column) = (0, 0);
    let name = finding.path.clone();
    let is_body = method.bodies.iter().any(|body| body.field.name() == name);
    match finding.rule {
        Rule::JsonUnknownKey | Rule::JsonComputedKey | Rule::JsonKeyCase => {
            let names = || method.parameters.iter().map(|one| one.field.name());
            finding.message = format!("{} has no parameter `{name}`", method.name());
            finding.severity = Severity::Error;
            finding.suggestion = nearest(&name, names())
                .first()
                .map(|near| (*near).to_owned());
            finding.found = None;
        }
        Rule::JsonDuplicateKey => {
            finding.message = format!("the parameter `{name}` is given twice");
            finding.expected = Some("each parameter once".to_owned());
            finding.found = None;
        }
        // In a body such a name would be read as the unknown member; here nothing stands for it.
        Rule::JsonEnumName => {
            let parameter = name.split('[').next().unwrap_or_default();
            let field = method.parameter(parameter).map(|one| one.field.kind());
            if let Some(Kind::Enum(item)) = field {
                finding.message = format!("the value is no member of `{}`", item.name());
            }
            finding.severity = Severity::Error;
        }
        Rule::JsonRequired if is_body => "the body is missing".clone_into(&mut finding.message),
        Rule::JsonRequired => {
            finding.message = format!("the required parameter `{name}` is missing");
        }
        _ => {}
    }
}
