//! What `diadoc check --format gitlab` prints: a report of GitLab's Code Quality, which merge requests show.

use std::collections::HashMap;

use diadoc_schema::Severity;
use serde::Serialize;

use super::json::{file, to_json};
use super::problems::{first_line, in_checkout, on_purpose, problems};
use super::{Shown, unnamed};
use crate::check::find::Unnamed;
use crate::check::judge::Judgement;
use crate::check::source::Place;
use crate::outcome::Failure;

pub(super) const START: &str = "[\n";
pub(super) const END: &str = "\n]\n";

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    /// The same for the same problem in another run, and no other's.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn body(judgement: &Judgement<'_>, shown: Shown) -> String {
    if on_purpose(judgement).is_some() {
        return String::new();
    }
    // Of equal ones each has its number: GitLab takes those with one fingerprint for the same.
    let mut known: HashMap<(&str, String, String), usize> = HashMap::new();
    let issues = problems(judgement, shown).into_iter().map(|problem| {
        let key = (problem.rule, problem.path.clone(), problem.text.clone());
        let count = known.entry(key).or_default();
        *count += 1;
        let severity = match problem.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info => "info",
        };
        let parts = [
            problem.rule,
            &problem.path,
            &problem.text,
            &count.to_string(),
        ];
        issue(&file(judgement.place), problem.line, severity, &parts)
    });
    issues.collect::<Vec<_>>().join(",\n")
}

pub(super) fn unreadable(place: &Place, failure: &Failure) -> String {
    let text = failure.to_string();
    issue(
        &file(place),
        first_line(place),
        "critical",
        &["unreadable", "", &text, ""],
    )
}

pub(super) fn unnamed(unnamed: &Unnamed) -> String {
    let (rule, _) = unnamed::RULE;
    let text = format!("{}.", unnamed::sentence(unnamed));
    issue(
        &unnamed.body.display().to_string(),
        1,
        "major",
        &[rule, "", &text, ""],
    )
}

/// `parts` are rule, path, text, and what tells equal ones apart.
fn issue(file: &str, line: usize, severity: &'static str, parts: &[&str; 4]) -> String {
    let [rule, _, text, _] = parts;
    to_json(&Issue {
        description: text,
        check_name: rule,
        fingerprint: fingerprint(file, parts),
        severity,
        location: Location {
            path: in_checkout(file),
            lines: Lines { begin: line },
        },
    })
}

/// 128 bits of FNV-1a: enough to tell problems apart, and no secret is in it.
fn fingerprint(file: &str, parts: &[&str; 4]) -> String {
    let bytes = [file].into_iter().chain(parts.iter().copied());
    let bytes = bytes.flat_map(|part| part.bytes().chain([0xff]));
    let hash = bytes.fold(
        0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128,
        |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        },
    );
    format!("{hash:032x}")
}
