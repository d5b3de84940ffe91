//! What `diadoc check --format sarif` prints: SARIF 2.1.0, for code scanning.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use diadoc_api::query::percent_encoded;
use diadoc_schema::{Finding, Rule, Severity};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, LogicalLocation, MultiformatMessageString,
    Notification, PhysicalLocation, PropertyBag, Region, ReportingDescriptor,
    Result as SarifResult, ResultLevel, Suppression, Tool, ToolComponent,
};

use super::json::to_json;
use super::problems::{CHANGED, REFUSED, UNKNOWN, first_line, on_purpose, problems};
use super::{Shown, unnamed};
use crate::check::judge::Judgement;
use crate::check::source::Place;
use crate::check::summary::{Summary, Unreadable};
use crate::input::Input;
use crate::language;
use crate::rules::explain;

/// What can be found beside the rules of the schema: an id and a sentence.
const OWN_RULES: [(&str, &str); 4] = [
    (REFUSED, "The body cannot be read as its message."),
    (CHANGED, "Reading and writing the body changes it."),
    (UNKNOWN, "No message of the schema fits the body."),
    unnamed::RULE,
];

/// The page with all rules of the schema.
const RULES: &str = "https://docs.rs/diadoc-core/latest/diadoc_core/rules/enum.Rule.html";

/// Ids and sentences, in the order that results count them.
fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rules = Rule::ALL
        .iter()
        .map(|rule| (rule.id(), rule.summary(language::spoken())));
    rules.chain(OWN_RULES)
}

/// Where a rule stands among them.
pub(super) fn index_of(rule: &str) -> Option<i64> {
    rules().position(|(known, _)| known == rule).map(number)
}

/// Everything before the results. The frame is written by hand, since results go out as they come.
pub(super) fn start() -> String {
    let describe = |(id, summary): (&str, &str)| {
        let text = |text: &str| MultiformatMessageString::builder().text(text).build();
        let mut rule = ReportingDescriptor::builder()
            .id(id)
            .short_description(text(summary))
            .build();
        if let Some(explained) = Rule::from_id(id) {
            rule.help_uri = Some(format!("{RULES}#variant.{explained:?}"));
            let explained = explain(explained, language::spoken());
            rule.full_description = Some(text(&explained));
            rule.help = Some(text(&format!(
                "`diadoc rules {id}` prints this:\n\n{explained}"
            )));
        }
        rule
    };
    let driver = ToolComponent::builder()
        .name("diadoc")
        .version(env!("CARGO_PKG_VERSION"))
        .rules(rules().map(describe).collect::<Vec<_>>())
        .build();
    let tool = to_json(&Tool::from(driver));
    format!(
        "{{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\", \"version\": \"2.1.0\",\n\
         \"runs\": [{{\"tool\": {tool},\n\
         \"columnKind\": \"unicodeCodePoints\",\n\
         \"results\": [\n"
    )
}

/// The results of one body, if it has any.
pub(super) fn body(judgement: &Judgement<'_>, shown: Shown) -> String {
    let results = problems(judgement, shown).into_iter().map(|problem| {
        let region = match &problem.finding {
            Some((in_body, finding)) if !judgement.place.is_made => {
                region(in_body, finding, &judgement.body)
            }
            _ => Region::builder().start_line(number(problem.line)).build(),
        };
        let location = location(judgement.place, &problem.path, region);
        let mut result = result(judgement, problem.rule, &problem.text, location);
        result.level = Some(match problem.severity {
            Severity::Error => ResultLevel::Error,
            Severity::Warning => ResultLevel::Warning,
            Severity::Info => ResultLevel::Note,
        });
        result.properties = problem.finding.map(|(_, finding)| effect_of(&finding));
        // As text at once: the library's values are large, and a body may have ten thousand findings.
        to_json(&result)
    });
    results.collect::<Vec<_>>().join(",\n")
}

/// Everything behind the results.
pub(super) fn end(summary: &Summary) -> String {
    let mut invocation = Invocation::builder()
        .execution_successful(summary.unreadable.is_empty())
        .build();
    if !invocation.execution_successful {
        let notifications = summary.unreadable.iter().map(|Unreadable { place, why }| {
            let region = Region::builder()
                .start_line(number(first_line(place)))
                .build();
            Notification::builder()
                .level("error")
                .message(why.as_str())
                .locations(vec![location(place, "", region)])
                .build()
        });
        invocation.tool_execution_notifications = Some(notifications.collect());
    }
    let invocation = to_json(&invocation);
    format!("\n],\n\"invocations\": [{invocation}]}}]}}\n")
}

/// An error; who calls may set another level.
fn result(judgement: &Judgement<'_>, rule: &str, text: &str, location: Location) -> SarifResult {
    let mut result = SarifResult::builder()
        .rule_id(rule)
        .level(ResultLevel::Error)
        .message(text)
        .locations(vec![location])
        .build();
    result.rule_index = index_of(rule);
    // A body that is wrong on purpose is no news.
    if let Some(why) = on_purpose(judgement) {
        let suppression = Suppression::builder().kind("external").justification(why);
        result.suppressions = Some(vec![suppression.build()]);
    }
    result
}

/// A region of an input, and the path of what stands there.
pub(super) fn location(place: &Place, path: &str, region: Region) -> Location {
    let artifact = ArtifactLocation::builder().uri(uri(place)).build();
    let place = PhysicalLocation::builder().artifact_location(artifact);
    let mut location = Location::builder()
        .physical_location(place.region(region).build())
        .build();
    if !path.is_empty() {
        let named = LogicalLocation::builder()
            .fully_qualified_name(path)
            .build();
        location.logical_locations = Some(vec![named]);
    }
    location
}

/// What the server does about a finding, and how that is known.
fn effect_of(finding: &Finding) -> PropertyBag {
    let verdict = finding.deviation.verdict();
    let mut properties = BTreeMap::new();
    properties.insert("effect".to_owned(), finding.effect.as_str().into());
    properties.insert("evidence".to_owned(), verdict.evidence.as_str().into());
    PropertyBag::builder()
        .additional_properties(properties)
        .build()
}

/// A count as SARIF has it.
fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Where a finding is: bytes, and for text lines and columns with the end's.
fn region(in_body: &Finding, finding: &Finding, body: &[u8]) -> Region {
    let mut region = Region::builder()
        .byte_offset(number(finding.span.start))
        .byte_length(number(finding.span.end.saturating_sub(finding.span.start)))
        .build();
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
        region.start_line = Some(number(finding.line));
        region.start_column = Some(number(finding.column));
        region.end_line = Some(number(line));
        region.end_column = Some(number(column));
    }
    region
}

/// A URI reference: of a relative path a relative one, with slashes and escapes as URIs have them.
fn uri(place: &Place) -> String {
    match &*place.input {
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
            Component::Normal(name) => percent_encoded(&name.to_string_lossy()),
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
