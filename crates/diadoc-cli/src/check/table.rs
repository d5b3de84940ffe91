//! The table that `diadoc check` prints.

use diadoc_testkit::round_trip::{Fault, Report};

use super::bodies::Body;
use super::fold::fold;
use super::verdict::{Fate, Verdict};
use crate::names;
use crate::output;

/// A body and what became of it.
#[derive(Debug)]
pub struct Row {
    pub body: Body,
    pub report: Report,
    pub verdict: Verdict,
}

/// File, message and verdict of each body, the reasons and notes under it, and a summary.
pub fn render(rows: &[Row]) -> String {
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            let file = output::printable(&row.body.input.to_string());
            (file, names::short(row.body.message))
        })
        .collect();
    let width = |text: &str| text.chars().count();
    let files = cells.iter().map(|(file, _)| width(file)).max();
    let messages = cells.iter().map(|(_, message)| width(message)).max();
    let (files, messages) = (files.unwrap_or(0), messages.unwrap_or(0));

    let mut text = String::new();
    for (row, (file, message)) in rows.iter().zip(&cells) {
        let verdict = output::printable(&row.verdict.text);
        text += &format!("{file:files$}  {message:messages$}  {verdict}\n");
        for line in details(row) {
            text += &format!("    {}\n", output::printable(&line));
        }
    }
    text + "\n" + &summary(rows) + "\n"
}

/// Why a body did not pass, what its manifest says about that, and what the rules changed.
fn details(row: &Row) -> Vec<String> {
    let mut lines = Vec::new();
    for fault in &row.report.faults {
        match fault {
            Fault::Refused(error) => {
                lines.push(format!("refused: {error}"));
                if let Some(found) = output::found(error) {
                    lines.push(format!("found: {found}"));
                }
            }
            Fault::Changed { step, differences } => lines.extend(
                differences
                    .iter()
                    .map(|difference| format!("changed, {step}: {difference}")),
            ),
            other => lines.push(format!("{other:?}")),
        }
    }
    let expected = row.body.expected.as_ref();
    if let Some(fault) = expected.and_then(|expected| expected.fault.as_ref()) {
        lines.push(format!("manifest: {fault}"));
    }
    for note in fold(&row.report.notes) {
        lines.push(format!("note: {note}"));
    }
    lines
}

/// `13 bodies: 11 pass, 2 are refused, all as the manifest says`.
fn summary(rows: &[Row]) -> String {
    let fates = [
        (Fate::Passed, "passes", "pass"),
        (Fate::Refused, "is refused", "are refused"),
        (Fate::Changed, "is changed", "are changed"),
    ];
    let parts: Vec<_> = fates
        .iter()
        .filter_map(|&(fate, one, many)| {
            match rows.iter().filter(|row| row.verdict.fate == fate).count() {
                0 => None,
                1 if rows.len() == 1 => Some(one.to_owned()),
                1 => Some(format!("1 {one}")),
                count => Some(format!("{count} {many}")),
            }
        })
        .collect();
    let bodies = match rows.len() {
        1 => "1 body".to_owned(),
        count => format!("{count} bodies"),
    };
    let surprises = rows.iter().filter(|row| !row.verdict.as_expected).count();
    let by_manifest = rows.iter().any(|row| row.body.expected.is_some());
    let judgement = match (by_manifest, surprises) {
        (false, _) => String::new(),
        (true, 0) if rows.len() == 1 => ", as the manifest says".to_owned(),
        (true, 0) => ", all as the manifest says".to_owned(),
        (true, 1) => "; 1 is not as the manifest says".to_owned(),
        (true, count) => format!("; {count} are not as the manifest says"),
    };
    format!("{bodies}: {}{judgement}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;
    use std::path::PathBuf;

    #[test]
    fn a_change_names_its_step_and_places() {
        let body = Body {
            input: Input::File(PathBuf::from("a.json")),
            message: names::resolve("Timestamp").unwrap(),
            expected: None,
        };
        let report = Report {
            notes: Vec::new(),
            faults: vec![Fault::Changed {
                step: "over protobuf",
                differences: vec!["Ticks: 1 expected, 2 written".into()],
            }],
        };
        let verdict = Verdict::of(&body, &report);
        let row = Row {
            body,
            report,
            verdict,
        };
        assert_eq!(
            render(&[row]),
            "a.json  Timestamp  CHANGED\n    \
             changed, over protobuf: Ticks: 1 expected, 2 written\n\n\
             1 body: is changed\n"
        );
    }
}
