//! What `diadoc check` prints for people.

use std::cmp::Reverse;
use std::collections::HashSet;

use diadoc_core::fill;
use diadoc_schema::{Direction, Finding, Report, Rule, Severity};
use diadoc_testkit::normalise::Change;

use super::Shown;
use super::fold::{Group, fold, without_indices};
use crate::check::judge::Judgement;
use crate::check::source::Source;
use crate::check::summary::{Remark, Summary, Unreadable};
use crate::check::verdict::Fate;
use crate::check::words::words;
use crate::{colour, language, names, opening, output};

/// How many findings of one body are shown with their source, and how many notes there are.
const MOST: usize = 50;
/// How many of what could not be read the end names.
const MOST_NAMED: usize = 3;
/// A wider column helps nobody.
const WIDEST: usize = 70;

/// The columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    files: usize,
    messages: usize,
    /// Whether there is one body, of which the end says what the server does.
    is_one: bool,
}

impl Style {
    /// Columns as wide as these sources need.
    pub(super) fn over(sources: &[Source]) -> Self {
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
        }
    }
}

/// File, message and verdict, under it the reasons, and what the server does about it.
pub(super) fn body(judgement: &Judgement<'_>, style: Style, shown: Shown) -> String {
    let words = words();
    if shown.quiet && judgement.verdict.as_expected {
        return String::new();
    }
    let Style {
        files, messages, ..
    } = style;
    let file = output::printable(&judgement.place.to_string());
    let message = judgement.message.map_or("?", names::short);
    let verdict = output::printable(&judgement.verdict.text);
    let style_of_verdict = match (judgement.verdict.as_expected, judgement.verdict.fate) {
        (true, Fate::Skipped) => colour::FAINT,
        (true, _) => colour::GOOD,
        (false, _) => colour::BAD,
    };
    let verdict = colour::painted(&verdict, style_of_verdict, shown.colour);
    let ways = match (judgement.ways.text(), judgement.message) {
        ("", _) | (_, None) => String::new(),
        (ways, Some(_)) => format!(", {ways}"),
    };
    let opened = match judgement.steps.is_empty() {
        true => None,
        false => Some(fill(words.opened, &[&opening::named(&judgement.steps)])),
    };
    // Of many bodies that pass the end says at once what there is to say.
    let is_brief = is_brief(judgement, style, shown);
    let aside = match &opened {
        Some(opened) if is_brief => format!(", {opened}"),
        _ => String::new(),
    };
    let mut text = format!("{file:files$}  {message:messages$}  {verdict}{ways}{aside}\n");
    if is_brief {
        return text;
    }
    let mut line = |line: &str| text += &format!("    {}\n", output::printable(line));

    if let Some(opened) = &opened {
        line(opened);
    }
    if let Some(looks_like) = judgement.looks_like {
        line(&fill(words.nothing_opens, &[&looks_like]));
    }
    guess(judgement, &mut line);
    if let Some(refusal) = judgement
        .trip
        .refused
        .as_ref()
        .filter(|refusal| !refusal.reported)
    {
        line(&fill(words.reader_refused, &[&refusal.message]));
        if let Some(found) = &refusal.found {
            line(&fill(words.reader_found, &[found]));
        }
    }
    for changed in &judgement.trip.changed {
        for difference in &changed.differences {
            line(&fill(words.trip_changed, &[&changed.step, difference]));
        }
    }
    let expected = judgement.source.expected.as_ref();
    if let Some(fault) = expected.and_then(|expected| expected.fault.as_ref()) {
        line(&fill(words.manifest, &[fault]));
    }

    // A body that does what its manifest says is not looked into for its warnings.
    let settled = judgement.verdict.as_expected && expected.is_some();
    let least = match settled {
        true => Severity::Error,
        false => Severity::Warning,
    };
    for report in &judgement.reports {
        if judgement.reports.len() > 1 && report.total() > 0 {
            text += match report.direction {
                Direction::Request => words.way_request,
                Direction::Response => words.way_response,
            };
            text.push('\n');
        }
        let (mut loud, noted): (Vec<_>, Vec<_>) = merge_missing(&report.findings)
            .into_iter()
            .partition(|finding| finding.severity >= least);
        loud.sort_by_key(|finding| (Reverse(finding.severity), finding.effect));
        findings(judgement, report, &loud, shown.colour, &mut text);
        if shown.notes {
            notes(&noted, &mut text);
        }
        if report.left_out > 0 {
            text += &fill(words.left_out, &[&report.left_out]);
            text.push('\n');
        }
    }
    if shown.notes {
        changes(judgement, &mut text);
    }
    let has_findings = judgement.reports.iter().any(|report| report.total() > 0);
    if has_findings && !settled && !style.is_one {
        let sentence = output::printable(&judgement.verdict.sentence);
        text += &format!("    {sentence}\n");
    }
    text
}

/// Whether a body is one line: one of many that do what is expected of them. Where it may be one of
/// several messages, that is told.
fn is_brief(judgement: &Judgement<'_>, style: Style, shown: Shown) -> bool {
    let guess = judgement.guess.as_ref();
    let is_clear = guess.is_none_or(|guess| guess.rivals.is_empty());
    judgement.verdict.as_expected && is_clear && !style.is_one && !shown.notes
}

/// What the end is to say of a body that is one line.
pub(super) fn remarks_at_end(judgement: &Judgement<'_>, style: Style, shown: Shown) -> Vec<Remark> {
    let settled = judgement.source.expected.is_some();
    if settled || shown.quiet || !is_brief(judgement, style, shown) {
        return Vec::new();
    }
    let findings = judgement.reports.iter().flat_map(|report| &report.findings);
    let findings = findings.filter(|finding| finding.severity > Severity::Info);
    let mut remarks: Vec<_> = findings
        .map(|finding| Remark {
            label: label(finding),
            path: without_indices(&finding.path),
            text: finding.message.clone(),
        })
        .collect();
    let mut known = HashSet::new();
    remarks.retain(|remark| known.insert(remark.clone()));
    remarks
}

/// How many notes on a body are not shown.
pub(super) fn notes_left_out(judgement: &Judgement<'_>, shown: Shown) -> usize {
    if shown.notes || shown.quiet || judgement.source.expected.is_some() {
        return 0;
    }
    let notes = judgement
        .reports
        .iter()
        .map(|report| report.count(Severity::Info));
    notes.sum::<usize>() + judgement.trip.notes.len()
}

/// The effect and the rule of a finding.
fn label(finding: &Finding) -> String {
    let heading = finding.effect.heading(language::spoken());
    format!("{heading}[{}]", finding.rule)
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
                finding.message = fill(words().missing, &[&names.join(", "), &name(last)]);
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
    let words = words();
    let Some(guess) = &judgement.guess else {
        if judgement.message.is_none() {
            line(words.nothing_fits);
        }
        return;
    };
    // What is not explained in full does not say 100.
    let percent = |score: f64| (score * 100.0).floor();
    line(&fill(
        words.taken_for,
        &[
            &guess.message.full_name(),
            &percent(guess.score),
            &guess.reason,
        ],
    ));
    for rival in &guess.rivals {
        let reason = rival.reason_in(language::spoken());
        line(&fill(
            words.or_is_it,
            &[&rival.message, &percent(rival.score), &reason],
        ));
    }
    if !guess.rivals.is_empty() {
        line(words.say_which);
    }
}

/// The findings with the lines that they are about; those that differ in list indices once.
fn findings(
    judgement: &Judgement<'_>,
    report: &Report,
    findings: &[Finding],
    colour: bool,
    text: &mut String,
) {
    if findings.is_empty() {
        return;
    }
    let source = String::from_utf8_lossy(&judgement.body);
    let mut one = report.clone();
    one.left_out = 0;
    let groups = fold(folded(findings));
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
        for line in one.render(&source, colour).trim_end().lines() {
            *text += &format!("    {line}\n");
        }
        if group.count > 1 {
            let path = output::printable(&group.path);
            *text += &fill(words().times, &[&group.count, &path]);
            text.push('\n');
        }
    }
    let more = groups.len().saturating_sub(MOST);
    if more > 0 {
        *text += &fill(words().more_kinds, &[&more]);
        text.push('\n');
    }
}

/// What is worth knowing, in a line each.
fn notes(findings: &[Finding], text: &mut String) {
    let mut lines = Vec::new();
    for group in fold(folded(findings)) {
        let Some(finding) = findings.get(group.first) else {
            continue;
        };
        let label = label(finding);
        let mut message = finding.message.clone();
        // Where the message does not say it itself.
        if let Some(meant) = finding.suggestion.as_ref().map(|name| format!("`{name}`"))
            && finding.rule != Rule::JsonIntegerString
            && !message.contains(&meant)
        {
            message = fill(words().meant, &[&message, &meant]);
        }
        lines.push((label, message, group));
    }
    print_lines(&lines, text);
}

/// What the round trip changes by the rules, where the report has nothing about the place.
fn changes(judgement: &Judgement<'_>, text: &mut String) {
    let notes: Vec<_> = (judgement.trip.notes.iter())
        .map(|note| (note.path.as_str(), change(note.change)))
        .collect();
    let mut lines = Vec::new();
    for group in fold(notes.iter().copied()) {
        if let Some((_, change)) = notes.get(group.first) {
            lines.push((words().note.to_owned(), (*change).to_owned(), group));
        }
    }
    print_lines(&lines, text);
}

fn print_lines(lines: &[(String, String, Group)], text: &mut String) {
    let words = words();
    for (label, message, group) in lines.iter().take(MOST) {
        let path = match group.path.as_str() {
            "" => String::new(),
            path => format!("{path}: "),
        };
        let said = match group.count {
            1 => message.clone(),
            count => fill(words.note_times, &[message, &count]),
        };
        let line = output::printable(&format!("{label}: {path}{said}"));
        *text += &format!("    {line}\n");
    }
    if lines.len() > MOST {
        *text += &fill(words.more_notes, &[&(lines.len() - MOST)]);
        text.push('\n');
    }
}

fn folded(findings: &[Finding]) -> impl Iterator<Item = (&str, &str)> {
    findings
        .iter()
        .map(|finding| (finding.path.as_str(), finding.message.as_str()))
}

/// What reading and writing changes, as a phrase.
fn change(change: Change) -> &'static str {
    let words = words();
    match change {
        Change::UnknownKey => words.key_skipped,
        Change::UnknownField => words.field_skipped,
        Change::RequiredAdded => words.default_taken,
        Change::UnknownName => words.name_as_unknown,
        Change::UnknownNameDropped => words.name_unset,
        Change::OnlyInJson => words.not_carried,
        // There are no others in this version.
        _ => words.trip_other,
    }
}

/// The first of what could not be read, and how many more there are.
fn named(unreadable: &[Unreadable]) -> String {
    let places = unreadable.iter().take(MOST_NAMED);
    let places: Vec<_> = places
        .map(|one| output::printable(&one.place.to_string()))
        .collect();
    match unreadable.len().saturating_sub(MOST_NAMED) {
        0 => places.join(", "),
        more => fill(words().and_more, &[&places.join(", "), &more]),
    }
}

/// What there is to say of bodies that pass, what is said of most of them first.
fn remarks(summary: &Summary) -> String {
    if summary.remarks.is_empty() {
        return String::new();
    }
    let words = words();
    let mut remarks: Vec<_> = summary.remarks.iter().collect();
    remarks.sort_by_key(|(_, count, _)| Reverse(*count));
    let mut text = format!("\n{}\n", words.of_passing);
    for (
        Remark {
            label,
            path,
            text: said,
        },
        count,
        place,
    ) in remarks.iter().take(MOST)
    {
        let at = match path.as_str() {
            "" => String::new(),
            path => format!("{path}: "),
        };
        let of = match count {
            1 => place.to_string(),
            count => fill(words.in_bodies, &[count, place]),
        };
        let line = format!("{label}: {at}{said} ({of})");
        text += &format!("    {}\n", output::printable(&line));
    }
    let more = remarks.len().saturating_sub(MOST) + summary.more_remarks;
    if more > 0 {
        text += &fill(words.more_of_passing, &[&more]);
        text.push('\n');
    }
    text
}

/// `13 bodies: 11 pass, 2 are refused, all as the manifest says`.
pub(super) fn end(summary: &Summary, shown: Shown) -> String {
    if summary.bodies == 0 && !summary.unreadable.is_empty() {
        return String::new();
    }
    let wrong = summary.unexpected + summary.unnamed + summary.unreadable.len();
    if shown.quiet && wrong == 0 {
        return String::new();
    }
    let w = words();
    let fates = [
        (Fate::Passes, [w.one_passes, w.count_1_passes, w.count_pass]),
        (
            Fate::Skipped,
            [w.one_skipped, w.count_1_skipped, w.count_skipped],
        ),
        (
            Fate::Findings,
            [w.one_findings, w.count_1_findings, w.count_findings],
        ),
        (
            Fate::Dropped,
            [w.one_dropped, w.count_1_dropped, w.count_dropped],
        ),
        (
            Fate::Changed,
            [w.one_changed, w.count_1_changed, w.count_changed],
        ),
        (
            Fate::Foreign,
            [w.one_foreign, w.count_1_foreign, w.count_foreign],
        ),
        (
            Fate::Refused,
            [w.one_refused, w.count_1_refused, w.count_refused],
        ),
        (
            Fate::Unknown,
            [w.one_unknown, w.count_1_unknown, w.count_unknown],
        ),
    ];
    let parts: Vec<_> = fates
        .iter()
        .filter_map(|&(fate, [alone, one, many])| match summary.count(fate) {
            0 => None,
            1 if summary.bodies == 1 => Some(alone.to_owned()),
            1 => Some(one.to_owned()),
            count => Some(fill(many, &[&count])),
        })
        .collect();
    let bodies = match summary.bodies {
        0 => return format!("\n{}\n", w.no_bodies),
        1 => w.one_body.to_owned(),
        count => fill(w.bodies, &[&count]),
    };
    let all = summary.by_manifest == summary.bodies;
    let judgement = match (summary.by_manifest, summary.surprises) {
        (0, _) => String::new(),
        (1, 0) if all => w.as_said.to_owned(),
        (_, 0) if all => w.all_as_said.to_owned(),
        (_, 0) => w.some_as_said.to_owned(),
        (_, 1) => w.one_surprise.to_owned(),
        (_, count) => fill(w.surprises, &[&count]),
    };
    let unreadable = match summary.unreadable.len() {
        0 => String::new(),
        count => fill(w.unreadable, &[&count, &named(&summary.unreadable)]),
    };
    let unnamed = match summary.unnamed {
        0 => String::new(),
        1 => w.one_unnamed.to_owned(),
        count => fill(w.unnamed, &[&count]),
    };
    let sentence = match (summary.bodies, summary.by_manifest) {
        (1, 0) => format!("; {}", output::printable(&summary.sentence)),
        _ => String::new(),
    };
    let notes = match summary.notes {
        0 => String::new(),
        1 => w.one_note.to_owned(),
        count => fill(w.some_notes, &[&count]),
    };
    let remarks = remarks(summary);
    format!(
        "{remarks}\n{bodies}: {}{judgement}{unreadable}{unnamed}{sentence}{notes}\n",
        parts.join(", ")
    )
}
