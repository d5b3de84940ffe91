//! What `diadoc check --format sarif` prints: SARIF 2.1.0, for code scanning.

use std::path::{Component, Path};

use diadoc_schema::{Finding, Rule, Severity};
use serde_json::{Map, Value, json};

use super::json::to_json;
use crate::check::judge::Judgement;
use crate::check::source::Place;
use crate::check::summary::Summary;
use crate::check::verdict::Fate;
use crate::input::Input;

/// What can be found beside the rules of the schema: an id and a sentence.
const OWN_RULES: [(&str, &str); 3] = [
    ("check.refused", "The body cannot be read as its message."),
    ("check.changed", "Reading and writing the body changes it."),
    ("check.unknown", "No message of the schema fits the body."),
];

/// Everything before the results.
pub fn start() -> String {
    let rules: Vec<_> = Rule::ALL
        .iter()
        .map(|rule| (rule.id(), rule.summary()))
        .chain(OWN_RULES)
        .map(|(id, summary)| json!({"id": id, "shortDescription": {"text": summary}}))
        .collect();
    let driver = json!({
        "name": "diadoc",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    format!(
        "{{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\", \"version\": \"2.1.0\",\n\
         \"runs\": [{{\"tool\": {{\"driver\": {driver}}},\n\
         \"columnKind\": \"unicodeCodePoints\",\n\
         \"results\": [\n"
    )
}

/// The results of one body, if it has any.
pub fn body(judgement: &Judgement<'_>) -> String {
    let report = judgement.report_in_input();
    let body_findings = judgement.report.findings.iter();
    let mut results: Vec<_> = body_findings
        .zip(&report.findings)
        .map(|(in_body, finding)| {
            let level = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "note",
            };
            let region = region(in_body, finding, &judgement.body);
            result(
                judgement,
                finding.rule.id(),
                level,
                &text(finding),
                &finding.path,
                region,
            )
        })
        .collect();

    let mut own = |rule: &str, text: &str, path: &str| {
        let line = judgement.place.line.unwrap_or(1);
        let region = json!({"startLine": line});
        let text = format!("{text}.");
        results.push(result(judgement, rule, "error", &text, path, region));
    };
    let trip = &judgement.trip;
    if let Some(refusal) = trip.refused.as_ref().filter(|refusal| !refusal.reported) {
        own("check.refused", &refusal.message, &refusal.path);
    }
    for changed in &trip.changed {
        for difference in &changed.differences {
            own(
                "check.changed",
                &format!("{}: {difference}", changed.step),
                "",
            );
        }
    }
    if judgement.verdict.fate == Fate::Unknown {
        own(
            "check.unknown",
            "no message of the schema fits the body",
            "",
        );
    }
    let results: Vec<_> = results.iter().map(to_json).collect();
    results.join(",\n")
}

/// Everything behind the results.
pub fn end(summary: &Summary) -> String {
    let successful = summary.unreadable == 0;
    let mut invocation = json!({"executionSuccessful": successful});
    if !successful {
        let text = format!("{} inputs could not be read", summary.unreadable);
        invocation["toolExecutionNotifications"] =
            json!([{"level": "error", "message": {"text": text}}]);
    }
    format!("\n],\n\"invocations\": [{invocation}]}}]}}\n")
}

fn result(
    judgement: &Judgement<'_>,
    rule: &str,
    level: &str,
    text: &str,
    path: &str,
    region: Value,
) -> Value {
    let mut rules = Rule::ALL
        .iter()
        .map(|rule| rule.id())
        .chain(OWN_RULES.map(|(id, _)| id));
    let mut location = Map::new();
    location.insert(
        "physicalLocation".into(),
        json!({"artifactLocation": {"uri": uri(judgement.place)}, "region": region}),
    );
    if !path.is_empty() {
        let logical = json!([{"fullyQualifiedName": path}]);
        location.insert("logicalLocations".into(), logical);
    }
    let mut result = json!({
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [location],
    });
    if let Some(index) = rules.position(|known| known == rule) {
        result["ruleIndex"] = json!(index);
    }
    // A body that is wrong on purpose is no news.
    let expected = judgement.source.expected.as_ref();
    let expected = expected.filter(|expected| expected.refused_at.is_some());
    if let (Some(expected), true) = (expected, judgement.verdict.as_expected) {
        let why = expected.fault.as_deref().unwrap_or("The manifest says so.");
        result["suppressions"] = json!([{"kind": "external", "justification": why}]);
    }
    result
}

/// The finding in sentences.
fn text(finding: &Finding) -> String {
    let mut text = match finding.path.as_str() {
        "" => format!("{}.", finding.message),
        path => format!("{path}: {}.", finding.message),
    };
    let parts = [
        ("Expected", &finding.expected),
        ("Found", &finding.found),
        ("Did you mean", &finding.suggestion),
    ];
    for (label, part) in parts {
        if let Some(part) = part {
            text += &format!(" {label}: {part}.");
        }
    }
    text
}

/// Where a finding is: bytes, and for text lines and columns with the end's.
fn region(in_body: &Finding, finding: &Finding, body: &[u8]) -> Value {
    let mut region = json!({
        "byteOffset": finding.span.start,
        "byteLength": finding.span.end.saturating_sub(finding.span.start),
    });
    if finding.line > 0 {
        let (mut line, mut column) = (finding.line, finding.column);
        let end = in_body.span.end.min(body.len());
        for byte in body.get(in_body.span.start..end).unwrap_or_default() {
            match byte {
                b'\n' => (line, column) = (line + 1, 1),
                // Continues a character.
                0x80..=0xBF => {}
                _ => column += 1,
            }
        }
        region["startLine"] = json!(finding.line);
        region["startColumn"] = json!(finding.column);
        region["endLine"] = json!(line);
        region["endColumn"] = json!(column);
    }
    region
}

/// A URI reference: of a relative path a relative one, with slashes and escapes as URIs have them.
fn uri(place: &Place) -> String {
    match &place.input {
        Input::Stdin => "stdin".to_owned(),
        Input::File(path) => path_uri(path),
    }
}

fn path_uri(path: &Path) -> String {
    let mut uri = String::new();
    let mut root = false;
    for component in path.components() {
        let text = match component {
            Component::CurDir => continue,
            Component::RootDir => {
                root = true;
                continue;
            }
            // `C:` on Windows: file:///C:/…
            Component::Prefix(prefix) => prefix.as_os_str().to_string_lossy().into_owned(),
            Component::ParentDir => "..".to_owned(),
            Component::Normal(name) => escape(&name.to_string_lossy()),
        };
        if !uri.is_empty() {
            uri.push('/');
        }
        uri += &text;
    }
    match root {
        true => format!("file:///{uri}"),
        false => uri,
    }
}

fn escape(name: &str) -> String {
    let mut result = String::new();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                result.push(char::from(byte));
            }
            byte => result += &format!("%{byte:02X}"),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::path_uri;

    #[test]
    fn paths_become_uris() {
        let uri = |path| path_uri(Path::new(path));
        assert_eq!(uri("./a b/c#d:e.json"), "a%20b/c%23d%3Ae.json");
        assert_eq!(uri("../счёт.json"), "../%D1%81%D1%87%D1%91%D1%82.json");
        #[cfg(unix)]
        assert_eq!(uri("/tmp/a.json"), "file:///tmp/a.json");
    }
}
