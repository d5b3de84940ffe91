//! What `diadoc check` prints of a body that the manifest of its folder does not name.

use std::sync::Arc;

use diadoc_core::fill;
use serde::Serialize;
use serde_sarif::sarif::{Region, Result as SarifResult, ResultLevel};

use super::json::to_json;
use super::sarif;
use crate::check::find::Unnamed;
use crate::check::source::Place;
use crate::check::words::words;
use crate::input::Input;
use crate::output;

/// The id that it goes by, and what it says.
pub(super) const RULE: (&str, &str) = (
    "check.unnamed",
    "The manifest of the folder does not name the body.",
);

#[derive(Serialize)]
struct Body<'a> {
    file: String,
    verdict: &'a str,
    rule: &'a str,
    error: String,
}

pub(super) fn sentence(unnamed: &Unnamed) -> String {
    fill(words().no_entry, &[&unnamed.manifest.display()])
}

pub(super) fn text(unnamed: &Unnamed) -> String {
    let (rule, _) = RULE;
    let words = words();
    let line = fill(words.not_in_manifest, &[&unnamed.body.display()]);
    let reason = fill(words.rule_error, &[&rule, &sentence(unnamed)]);
    let (line, reason) = (output::printable(&line), output::printable(&reason));
    format!("{line}\n    {reason}\n")
}

pub(super) fn json(unnamed: &Unnamed) -> String {
    let (rule, _) = RULE;
    to_json(&Body {
        file: unnamed.body.display().to_string(),
        verdict: "unnamed",
        rule,
        error: sentence(unnamed),
    })
}

pub(super) fn sarif(unnamed: &Unnamed) -> String {
    let place = Place::whole(Arc::new(Input::File(unnamed.body.clone())));
    let (rule, _) = RULE;
    let region = Region::builder().start_line(1).build();
    let mut result = SarifResult::builder()
        .rule_id(rule)
        .level(ResultLevel::Error)
        .message(format!("{}.", sentence(unnamed)).as_str())
        .locations(vec![sarif::location(&place, "", region)])
        .build();
    result.rule_index = sarif::index_of(rule);
    to_json(&result)
}
