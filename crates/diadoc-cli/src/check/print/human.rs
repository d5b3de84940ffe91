//! What `diadoc check` prints for people.

use std::cmp::Reverse;
use std::env;
use std::io::{self, IsTerminal as _};

use diadoc_schema::{Finding, Report, Rule, Severity};

use super::fold::{Group, fold};
use crate::check::judge::Judgement;
use crate::check::source::Source;
use crate::check::summary::{Summary, Unreadable};
use crate::check::verdict::Fate;
use crate::names;
use crate::opening;
use crate::output;

/// How many findings of one body are shown with their source, and how many notes there are.
const MOST: usize = 50;
/// How many of what could not be read the end names.
const MOST_NAMED: usize = 3;
/// A wider column helps nobody.
const WIDEST: usize = 70;

/// The columns, and whether there is colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    files: usize,
    messages: usize,
    colour: bool,
    /// Whether there is one body, of which the end says what the server does.
    is_one: bool,
}

impl Style {
    /// Columns as wide as these sources need, and colour where a terminal shows it and nobody has
    /// asked for none.
    pub(super) fn over(sources: &[Source]) -> Self {
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let width = |text: &str| text.chars().count();
        let files = sources
            .iter()
            .map(|source| width(&output::printable(&source.input.to_string())));
        let mut messages: Vec<_> = sources.iter().filter_map(|source| source.message).collect();
        messages.dedup_by_key(|message| message.full_name());
        let messages = messages.iter().map(|message| width(names::short(message)));
        Self {
            files: files.max().unwrap_or(0).min(WIDEST),
            messages: messages.max().unwrap_or(0).min(WIDEST),
            is_one: matches!(sources, [source] if !source.lines && source.expected.is_none()),
            colour: io::stdout().is_terminal() && !no_colour,
        }
    }
}

/// File, message and verdict, under it the reasons, and what the server does about it.
pub(super) fn body(judgement: &Judgement<'_>, style: Style) -> String {
    let Style {
        files, messages, ..
    } = style;
    let file = output::printable(&judgement.place.to_string());
    let message = judgement.message.map_or("?", names::short);
    let verdict = output::printable(&judgement.verdict.text);
    let ways = match (judgement.ways.text(), judgement.message) {
        ("", _) | (_, None) => String::new(),
        (ways, Some(_)) => format!(", {ways}"),
    };
    let mut text = format!("{file:files$}  {message:messages$}  {verdict}{ways}\n");
    let mut line = |line: &str| text += &format!("    {}\n", output::printable(line));

    if !judgement.steps.is_empty() {
        line(&format!("opened: {}", opening::named(&judgement.steps)));
    }
    if let Some(looks_like) = judgement.looks_like {
        line(&format!("nothing opens it: it looks like {looks_like}"));
    }
    guess(judgement, &mut line);
    if let Some(refusal) = judgement
        .trip
        .refused
        .as_ref()
        .filter(|refusal| !refusal.reported)
    {
        line(&format!("refused: {}", refusal.message));
        if let Some(found) = &refusal.found {
            line(&format!("found: {found}"));
        }
    }
    for changed in &judgement.trip.changed {
        for difference in &changed.differences {
            line(&format!("changed, {}: {difference}", changed.step));
        }
    }
    let expected = judgement.source.expected.as_ref();
    if let Some(fault) = expected.and_then(|expected| expected.fault.as_ref()) {
        line(&format!("manifest: {fault}"));
    }

    // A body that does what its manifest says is not looked into for its warnings.
    let settled = judgement.verdict.as_expected && expected.is_some();
    let least = match settled {
        true => Severity::Error,
        false => Severity::Warning,
    };
    for report in &judgement.reports {
        if judgement.reports.len() > 1 && report.total() > 0 {
            text += &format!(
                "    as a {} (--direction says which it is):\n",
                report.direction
            );
        }
        let (mut shown, noted): (Vec<_>, Vec<_>) = merge_missing(&report.findings)
            .into_iter()
            .partition(|finding| finding.severity >= least);
        shown.sort_by_key(|finding| (Reverse(finding.severity), finding.effect));
        findings(judgement, report, &shown, style, &mut text);
        notes(&noted, &mut text);
        if report.left_out > 0 {
            text += &format!(
                "    left out: {}; --format json counts them\n",
                report.left_out
            );
        }
    }
    changes(judgement, &mut text);
    let has_findings = judgement.reports.iter().any(|report| report.total() > 0);
    if has_findings && !settled && !style.is_one {
        let sentence = output::printable(&judgement.verdict.sentence);
        text += &format!("    {sentence}\n");
    }
    text
}

/// The findings, those about several fields that one object lacks as one.
fn merge_missing(findings: &[Finding]) -> Vec<Finding> {
    let missing =
        |finding: &Finding| matches!(finding.rule, Rule::JsonRequired | Rule::WireRequired);
    let name = |finding: &Finding| {
        let name = finding.pointer.rsplit('/').next().unwrap_or_default();
        name.to_owned()
    };
    let object = |finding: &Finding| {
        let object = finding.path.strip_suffix(&name(finding));
        let object = object.unwrap_or(&finding.path);
        object.strip_suffix('.').unwrap_or(object).to_owned()
    };
    let mut merged = Vec::new();
    for run in findings.chunk_by(|a, b| {
        let same = (a.rule, a.severity, a.span) == (b.rule, b.severity, b.span);
        missing(a) && same && object(a) == object(b)
    }) {
        match run {
            [first, .., last] => {
                let names: Vec<_> = run[..run.len() - 1]
                    .iter()
                    .map(|finding| format!("`{}`", name(finding)))
                    .collect();
                let mut finding = first.clone();
                finding.path = object(first);
                finding.message = format!(
                    "the required fields {} and `{}` are missing",
                    names.join(", "),
                    name(last)
                );
                finding.expected = None;
                merged.push(finding);
            }
            run => merged.extend_from_slice(run),
        }
    }
    merged
}

/// Which message was taken, and why.
fn guess(judgement: &Judgement<'_>, line: &mut impl FnMut(&str)) {
    let Some(guess) = &judgement.guess else {
        if judgement.message.is_none() {
            line("nothing in it fits a message of the schema: name its message with --message");
        }
        return;
    };
    // What is not explained in full does not say 100.
    let percent = |score: f64| (score * 100.0).floor();
    line(&format!(
        "taken for {}, which explains {} % of it: {}",
        guess.message.full_name(),
        percent(guess.score),
        guess.reason
    ));
    for rival in &guess.rivals {
        line(&format!(
            "or is it {}, {} %: {}",
            rival.message,
            percent(rival.score),
            rival.reason
        ));
    }
    if !guess.rivals.is_empty() {
        line("--message NAME says which it is");
    }
}

/// The findings with the lines that they are about; those that differ in list indices once.
fn findings(
    judgement: &Judgement<'_>,
    report: &Report,
    findings: &[Finding],
    style: Style,
    text: &mut String,
) {
    if findings.is_empty() {
        return;
    }
    let source = String::from_utf8_lossy(&judgement.body);
    let mut one = report.clone();
    one.left_out = 0;
    let groups = fold(remarks(findings));
    for (at, group) in groups.iter().take(MOST).enumerate() {
        let Some(finding) = findings.get(group.first) else {
            continue;
        };
        let mut finding = finding.clone();
        finding.column = judgement.column(finding.line, finding.column);
        finding.line = judgement.line(finding.line);
        one.findings = vec![finding];
        if at > 0 {
            text.push('\n');
        }
        for line in one.render(&source, style.colour).trim_end().lines() {
            *text += &format!("    {line}\n");
        }
        if group.count > 1 {
            let path = output::printable(&group.path);
            *text += &format!("    ... and so {} times in all: {path}\n", group.count);
        }
    }
    let more = groups.len().saturating_sub(MOST);
    if more > 0 {
        *text += &format!("    left out: {more} more kinds; --format json prints them\n");
    }
}

/// What is worth knowing, in a line each.
fn notes(findings: &[Finding], text: &mut String) {
    let mut lines = Vec::new();
    for group in fold(remarks(findings)) {
        let Some(finding) = findings.get(group.first) else {
            continue;
        };
        let label = format!("{}[{}]", finding.effect, finding.rule);
        let mut message = finding.message.clone();
        // Where the message does not say it itself.
        if let Some(meant) = finding.suggestion.as_ref().map(|name| format!("`{name}`"))
            && finding.rule != Rule::JsonIntegerString
            && !message.contains(&meant)
        {
            message += &format!(" (did you mean {meant}?)");
        }
        lines.push((label, message, group));
    }
    print_lines(&lines, text);
}

/// What the round trip changes by the rules, where the report has nothing about the place.
fn changes(judgement: &Judgement<'_>, text: &mut String) {
    let notes: Vec<_> = (judgement.trip.notes.iter())
        .map(|note| (note.path.as_str(), change(note)))
        .collect();
    let mut lines = Vec::new();
    for group in fold(notes.iter().map(|(path, change)| (*path, change.as_str()))) {
        if let Some((_, change)) = notes.get(group.first) {
            lines.push(("note".to_owned(), change.clone(), group));
        }
    }
    print_lines(&lines, text);
}

fn print_lines(lines: &[(String, String, Group)], text: &mut String) {
    for (label, message, group) in lines.iter().take(MOST) {
        let path = match group.path.as_str() {
            "" => String::new(),
            path => format!("{path}: "),
        };
        let times = match group.count {
            1 => String::new(),
            count => format!(" ({count} times)"),
        };
        let line = output::printable(&format!("{label}: {path}{message}{times}"));
        *text += &format!("    {line}\n");
    }
    if lines.len() > MOST {
        *text += &format!("    left out: {} more notes\n", lines.len() - MOST);
    }
}

fn remarks(findings: &[Finding]) -> impl Iterator<Item = (&str, &str)> {
    findings
        .iter()
        .map(|finding| (finding.path.as_str(), finding.message.as_str()))
}

/// A note's text without its path.
fn change(note: &diadoc_testkit::normalise::Note) -> String {
    let text = note.to_string();
    let rest = text.strip_prefix(&note.path).unwrap_or(&text);
    rest.trim_start_matches(": ").to_owned()
}

/// The first of what could not be read, and how many more there are.
fn named(unreadable: &[Unreadable]) -> String {
    let places = unreadable.iter().take(MOST_NAMED);
    let places: Vec<_> = places
        .map(|one| output::printable(&one.place.to_string()))
        .collect();
    match unreadable.len().saturating_sub(MOST_NAMED) {
        0 => places.join(", "),
        more => format!("{} and {more} more", places.join(", ")),
    }
}

/// `13 bodies: 11 pass, 2 are refused, all as the manifest says`.
pub(super) fn end(summary: &Summary) -> String {
    if summary.bodies == 0 && !summary.unreadable.is_empty() {
        return String::new();
    }
    let fates = [
        (Fate::Passes, "passes", "pass"),
        (Fate::Findings, "has findings", "have findings"),
        (Fate::Dropped, "is partly dropped", "are partly dropped"),
        (Fate::Changed, "is changed", "are changed"),
        (Fate::Foreign, "is another message", "are other messages"),
        (Fate::Refused, "is refused", "are refused"),
        (Fate::Unknown, "fits no message", "fit no message"),
    ];
    let parts: Vec<_> = fates
        .iter()
        .filter_map(|&(fate, one, many)| match summary.count(fate) {
            0 => None,
            1 if summary.bodies == 1 => Some(one.to_owned()),
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {many}")),
        })
        .collect();
    let bodies = match summary.bodies {
        0 => return "\nthere are no bodies\n".to_owned(),
        1 => "1 body".to_owned(),
        count => format!("{count} bodies"),
    };
    let all = summary.by_manifest == summary.bodies;
    let judgement = match (summary.by_manifest, summary.surprises) {
        (0, _) => "",
        (1, 0) if all => ", as the manifest says",
        (_, 0) if all => ", all as the manifest says",
        (_, 0) => "; those of a manifest as it says",
        (_, 1) => "; 1 is not as the manifest says",
        (_, count) => &format!("; {count} are not as the manifest says"),
    };
    let unreadable = match summary.unreadable.len() {
        0 => "",
        count => &format!(
            "; {count} could not be read: {}",
            named(&summary.unreadable)
        ),
    };
    let unnamed = match summary.unnamed {
        0 => "",
        1 => "; 1 more is not in its manifest",
        count => &format!("; {count} more are not in their manifest"),
    };
    let sentence = match (summary.bodies, summary.by_manifest) {
        (1, 0) => format!("; {}", output::printable(&summary.sentence)),
        _ => String::new(),
    };
    format!(
        "\n{bodies}: {}{judgement}{unreadable}{unnamed}{sentence}\n",
        parts.join(", ")
    )
}
