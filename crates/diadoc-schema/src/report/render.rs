//! A report as text.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};

use diadoc_core::secrets::{HIDDEN, values_of};
use diadoc_core::{Language, fill};

use super::words::Words;
use super::{Finding, Report, Severity, Span};

/// How many characters of a line are shown before the place and from it on.
const BEFORE: usize = 50;
const AFTER: usize = 75;
/// How much of a path is shown.
const LONGEST_PATH: usize = 160;

pub(super) fn report(report: &Report, source: &str, colour: bool) -> String {
    let renderer = match colour {
        true => Renderer::styled(),
        false => Renderer::plain(),
    };
    let mut text = String::new();
    let shown = Shown::of(report, source);
    for item in &report.findings {
        text += &finding(
            &shown.finding(item),
            &shown.source,
            &renderer,
            report.language,
        );
        text += "\n\n";
    }
    if report.left_out > 0 {
        let words = Words::of(report.language);
        text += &fill(words.left_out, &[&report.left_out]);
        text.push('\n');
    }
    text
}

/// A body as it is shown: without its secrets.
struct Shown<'s> {
    source: Cow<'s, str>,
    /// What was left out of the body.
    hidden: Vec<Range<usize>>,
}

impl<'s> Shown<'s> {
    fn of(report: &Report, source: &'s str) -> Self {
        let is_secret = |key: &str| Report::is_secret_key(&report.secret_keys, key);
        // Of protobuf no line is shown.
        let is_text = report.findings.iter().any(|finding| finding.line > 0);
        let hidden = match is_text {
            true => values_of(source, is_secret),
            false => Vec::new(),
        };
        let (mut shown, mut at) = (String::new(), 0);
        for value in &hidden {
            shown += &source[at..value.start];
            shown += HIDDEN;
            at = value.end;
        }
        let source = match hidden.is_empty() {
            true => Cow::Borrowed(source),
            false => Cow::Owned(shown + &source[at..]),
        };
        Self { source, hidden }
    }

    /// A finding with its span in what is shown.
    fn finding<'f>(&self, finding: &'f Finding) -> Cow<'f, Finding> {
        if self.hidden.is_empty() {
            return Cow::Borrowed(finding);
        }
        let mut moved = finding.clone();
        moved.span = Span {
            start: self.place(finding.span.start, false),
            end: self.place(finding.span.end, true),
        };
        Cow::Owned(moved)
    }

    /// Where a place of the body is in what is shown; one inside what was left out is at its end, or at
    /// its start.
    fn place(&self, at: usize, is_end: bool) -> usize {
        let mut place = at;
        for value in &self.hidden {
            if at >= value.end {
                place = place + HIDDEN.len() - value.len();
            } else if at > value.start {
                place -= at - value.start;
                place += if is_end { HIDDEN.len() } else { 0 };
            }
        }
        place
    }
}

fn finding(finding: &Finding, source: &str, renderer: &Renderer, language: Language) -> String {
    let words = Words::of(language);
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let heading = finding.effect.heading(language);
    let name = match (finding.severity, finding.effect.is_fault()) {
        (Severity::Error, false) => fill(words.denied, &[&heading]),
        _ => heading.to_owned(),
    };
    let level = level.with_name(name);
    let title = level
        .primary_title(one_line(&finding.message))
        .id(finding.rule.id());
    let mut group = Group::with_title(title);
    if let Some(window) = Window::around(finding, source) {
        group = group.element(
            Snippet::<Annotation<'_>>::source(window.text)
                .line_start(finding.line)
                .fold(false)
                .annotation(AnnotationKind::Primary.span(window.place)),
        );
    }
    // The snippet's own heading would count columns from where the line is cut.
    let notes = [
        (
            Level::NOTE.with_name(words.at),
            Some(&place(finding, words)),
        ),
        (
            Level::NOTE.with_name(words.expected),
            finding.expected.as_ref(),
        ),
        (Level::NOTE.with_name(words.found), finding.found.as_ref()),
        (
            Level::HELP.with_name(words.did_you_mean),
            finding.suggestion.as_ref(),
        ),
        (
            Level::NOTE.with_name(words.server_says),
            finding.answer.as_ref(),
        ),
    ];
    for (level, note) in notes {
        if let Some(note) = note {
            group = group.element(level.message(one_line(note)));
        }
    }
    renderer.render(&[group])
}

/// Text that may quote the body, without what would steer a terminal.
fn one_line(text: &str) -> String {
    normalize_untrusted_str(&without_c1(text).replace('\n', "␊"))
}

/// The text without the control characters from U+0080 on, which the library lets through: a terminal
/// may take U+009B for the start of an escape.
fn without_c1(text: &str) -> String {
    text.replace(|letter| matches!(letter, '\u{80}'..='\u{9f}'), "\u{fffd}")
}

/// Path, and line and column or, in protobuf, bytes; the path alone of what has no place.
fn place(finding: &Finding, words: &Words) -> String {
    let path = match finding.path.as_str() {
        "" => words.whole_body.to_owned(),
        path => shorten(path),
    };
    let Finding { line, column, .. } = finding;
    let Span { start, end } = finding.span;
    match line {
        0 if end == 0 => path,
        0 if end > start + 1 => fill(words.bytes, &[&path, &start, &(end - 1)]),
        0 => fill(words.byte, &[&path, &start]),
        line => fill(words.line, &[&path, line, column]),
    }
}

/// A long path without its middle.
fn shorten(path: &str) -> String {
    let length = path.chars().count();
    if length <= LONGEST_PATH {
        return path.to_owned();
    }
    let half = LONGEST_PATH / 2;
    let start: String = path.chars().take(half).collect();
    let end: String = path.chars().skip(length - half).collect();
    format!("{start}…{end}")
}

/// The part of a line that is shown.
struct Window {
    text: String,
    /// The bytes of it to underline.
    place: Range<usize>,
}

impl Window {
    /// None where the finding is about no text, or about another than `source`.
    fn around(finding: &Finding, source: &str) -> Option<Self> {
        if finding.line == 0 {
            return None;
        }
        let (before, rest) = source.split_at_checked(finding.span.start)?;
        let before_start = before
            .char_indices()
            .rev()
            .take_while(|(_, character)| *character != '\n')
            .take(BEFORE)
            .last()
            .map_or(before.len(), |(start, _)| start);
        let rest_end = rest
            .char_indices()
            .enumerate()
            .find(|(count, (_, character))| *count == AFTER || *character == '\n')
            .map_or(rest.len(), |(_, (end, _))| end);

        let mut text = String::new();
        if before_start > 0 && !before[..before_start].ends_with('\n') {
            text.push('…');
        }
        let rest_text = rest[..rest_end].trim_end_matches('\r');
        let length = finding.span.end.saturating_sub(finding.span.start);
        let mut end = length.min(rest_text.len());
        // A span of one byte that is not UTF-8 covers what stands for it in `source`.
        while !rest_text.is_char_boundary(end) {
            end += 1;
        }
        let (marked, behind) = rest_text.split_at(end);
        text += &without_c1(&before[before_start..]);
        let start = text.len();
        text += &without_c1(marked);
        let end = text.len();
        text += &without_c1(behind);
        if rest_end < rest.len() && !rest[rest_end..].starts_with('\n') {
            text.push('…');
        }
        Some(Self {
            text,
            place: start..end,
        })
    }
}
