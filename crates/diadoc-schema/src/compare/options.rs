//! What a change of an option, or of another thing that an element states, breaks.

use std::fmt::Write as _;

use super::elements::is_ours;
use super::kinds::ChangeKind;
use super::shape::Shape;
use super::tree::{Difference, Tree, differences};
use super::verdicts::{self as v, Verdict, given_up, moved_bound};
use super::{Breaks, Comparison};
use crate::titles;

/// How a change of an option is judged.
#[derive(Debug, Clone, Copy)]
enum Judge {
    /// Always so.
    As(ChangeKind, Verdict),
    /// A mark that something is obsolete.
    Deprecation,
    /// A rule that asks for something: more of it where there is more to it.
    Demand,
    /// A rule's upper bound.
    Upper,
    /// A rule's lower bound.
    Lower,
    /// A part of a rule that may ask for more or for less.
    Part,
    /// How far the vendor is with giving up a method.
    Stage,
}

use Judge::{As, Demand, Deprecation, Lower, Part, Stage, Upper};

/// What is judged, by the names in the options; `*` stands for any one name. Options of protobuf
/// itself have short names, ours their full ones with the names of the fields inside.
const OPTIONS: &[(&str, Judge)] = &[
    // What a descriptor states besides its options.
    ("syntax", As(ChangeKind::Syntax, v::READERS_OF_PROTO3)),
    (
        "extension_range",
        As(ChangeKind::ExtensionRange, v::EXTENSIONS_SKIPPED),
    ),
    ("presence", As(ChangeKind::FieldPresence, v::PRESENCE)),
    ("packed", As(ChangeKind::FieldPacked, v::BOTH_PACKINGS)),
    (
        "client_streaming",
        As(ChangeKind::MethodStreaming, v::STREAM),
    ),
    (
        "server_streaming",
        As(ChangeKind::MethodStreaming, v::STREAM),
    ),
    // The options of protobuf.
    ("deprecated", Deprecation),
    (
        "message_set_wire_format",
        As(ChangeKind::MessageSet, v::MESSAGE_SET),
    ),
    (
        "allow_alias",
        As(ChangeKind::AliasesAllowed, v::ALIASES_TOLD),
    ),
    (
        "idempotency_level",
        As(ChangeKind::MethodIdempotency, v::SENT_AGAIN),
    ),
    (
        "no_standard_descriptor_accessor",
        As(ChangeKind::CodeOption, v::FOR_CODE),
    ),
    ("ctype", As(ChangeKind::CodeOption, v::FOR_CODE)),
    ("jstype", As(ChangeKind::CodeOption, v::FOR_CODE)),
    ("lazy", As(ChangeKind::CodeOption, v::FOR_CODE)),
    ("unverified_lazy", As(ChangeKind::CodeOption, v::FOR_CODE)),
    ("weak", As(ChangeKind::CodeOption, v::FOR_CODE)),
    ("debug_redact", As(ChangeKind::CodeOption, v::FOR_CODE)),
    // The rules of fields.
    ("Diadoc.Rules.field.min_len", Lower),
    ("Diadoc.Rules.field.max_len", Upper),
    ("Diadoc.Rules.field.pattern", Demand),
    ("Diadoc.Rules.field.format", Demand),
    ("Diadoc.Rules.field.min_items", Lower),
    ("Diadoc.Rules.field.max_items", Upper),
    ("Diadoc.Rules.field.gte", Lower),
    ("Diadoc.Rules.field.lte", Upper),
    ("Diadoc.Rules.field.flags", Demand),
    ("Diadoc.Rules.field.max_bytes", Upper),
    ("Diadoc.Rules.field.values", Demand),
    ("Diadoc.Rules.field.may_be_empty", Part),
    ("Diadoc.Rules.field.content", Demand),
    (
        "Diadoc.Rules.field.secret",
        As(ChangeKind::FieldSecret, v::NOT_SHOWN),
    ),
    // The rules of messages.
    ("Diadoc.Rules.message.*", Demand),
    ("Diadoc.Rules.message.*.fields", Part),
    ("Diadoc.Rules.message.*.when", Part),
    ("Diadoc.Rules.message.*.unless", Part),
    ("Diadoc.Rules.message.*.within", Part),
    ("Diadoc.Rules.message.*.evidence", Part),
    (
        "Diadoc.Rules.message.*.sources",
        As(ChangeKind::RuleNote, v::RULE_NOTE),
    ),
    (
        "Diadoc.Rules.message.*.answer",
        As(ChangeKind::RuleNote, v::RULE_NOTE),
    ),
    ("Diadoc.Rules.message.*.format", Part),
    // JSON.
    (
        "Diadoc.Json.names.unknown",
        As(ChangeKind::UnknownMember, v::OTHER_UNKNOWN),
    ),
    (
        "Diadoc.Json.names.no_unknown",
        As(ChangeKind::UnknownMember, v::OTHER_UNKNOWN),
    ),
    (
        "Diadoc.Json.field.only",
        As(ChangeKind::FieldOnlyInJson, v::NO_NUMBER),
    ),
    // Titles.
    (titles::MESSAGE, As(ChangeKind::Title, v::TITLE)),
    (titles::ENUM, As(ChangeKind::Title, v::TITLE)),
    (titles::FIELD, As(ChangeKind::Title, v::TITLE)),
    (titles::VALUE, As(ChangeKind::Title, v::TITLE)),
    (titles::METHOD, As(ChangeKind::Title, v::TITLE)),
    // Methods.
    (
        "Diadoc.Http.method.get",
        As(ChangeKind::MethodPath, v::OTHER_ADDRESS),
    ),
    (
        "Diadoc.Http.method.post",
        As(ChangeKind::MethodPath, v::OTHER_ADDRESS),
    ),
    (
        "Diadoc.Http.method.body",
        As(ChangeKind::MethodBody, v::OTHER_BODY),
    ),
    (
        "Diadoc.Http.method.pending",
        As(ChangeKind::MethodPending, v::OTHER_PENDING),
    ),
    (
        "Diadoc.Http.method.pending.*",
        As(ChangeKind::MethodPending, v::OTHER_PENDING),
    ),
    (
        "Diadoc.Http.method.poll_with",
        As(ChangeKind::MethodPolling, v::OTHER_OUTCOME),
    ),
    (
        "Diadoc.Http.method.paging.*",
        As(ChangeKind::MethodPaging, v::OTHER_PAGES),
    ),
    (
        "Diadoc.Http.method.successor",
        As(ChangeKind::MethodSuccessor, v::SUCCESSOR),
    ),
    (
        "Diadoc.Http.method.removal_after",
        As(ChangeKind::MethodRemoval, v::TO_BE_REMOVED),
    ),
    ("Diadoc.Http.method.stage", Stage),
    (
        "Diadoc.Http.method.anonymous",
        As(ChangeKind::MethodAnonymous, v::OTHER_SIGN_IN),
    ),
    (
        "Diadoc.Http.method.absent",
        As(ChangeKind::MethodAbsent, v::OTHER_NOTHING),
    ),
    // What the live server takes.
    (
        "deviation.rule",
        As(ChangeKind::DeviationChanged, v::TAKEN_OTHERWISE),
    ),
    (
        "deviation.request",
        As(ChangeKind::DeviationChanged, v::TAKEN_OTHERWISE),
    ),
    (
        "deviation.response",
        As(ChangeKind::DeviationChanged, v::TAKEN_OTHERWISE),
    ),
    (
        "deviation.unreadable",
        As(ChangeKind::DeviationChanged, v::TAKEN_OTHERWISE),
    ),
    (
        "deviation.what",
        As(ChangeKind::DeviationEvidence, v::KNOWN_FROM),
    ),
    (
        "deviation.what_ru",
        As(ChangeKind::DeviationEvidence, v::KNOWN_FROM),
    ),
    (
        "deviation.evidence",
        As(ChangeKind::DeviationEvidence, v::KNOWN_FROM),
    ),
    (
        "deviation.sources",
        As(ChangeKind::DeviationEvidence, v::KNOWN_FROM),
    ),
    // Parameters.
    (
        "Diadoc.Http.parameter.comma",
        As(ChangeKind::ParameterComma, v::PARAMETER_COMMA),
    ),
    (
        "Diadoc.Http.parameter.header",
        As(ChangeKind::ParameterHeader, v::PARAMETER_HEADER),
    ),
];

/// What a descriptor states besides its options, of which the kind of change says all.
const NO_OPTIONS: [&str; 4] = ["syntax", "extension_range", "presence", "packed"];

fn judge(name: &str) -> Option<Judge> {
    let mut rows = OPTIONS.iter();
    rows.find(|(pattern, _)| fits(pattern, name))
        .map(|row| row.1)
}

fn fits(pattern: &str, name: &str) -> bool {
    let mut names = name.split('.');
    let mut patterns = pattern.split('.');
    patterns.all(|part| names.next().is_some_and(|name| part == "*" || part == name))
        && names.next().is_none()
}

/// Whether a change of the option of that name is judged: `Diadoc.Rules.field.max_len`. One that is
/// not is reported as [`ChangeKind::OptionUnjudged`].
pub fn is_judged(option: &str) -> bool {
    judge(option).is_some()
}

impl Judge {
    fn of(self, difference: &Difference) -> (ChangeKind, Verdict) {
        let rule = match (&difference.was, &difference.now) {
            (None, _) => ChangeKind::RuleAdded,
            (_, None) => ChangeKind::RuleRemoved,
            _ => ChangeKind::RuleChanged,
        };
        let whole =
            |changed: &dyn Fn(&str, &str) -> Verdict| match (&difference.was, &difference.now) {
                (Some(was), Some(now)) => changed(was, now),
                (None, _) => v::RULE_ADDED,
                (_, None) => v::RULE_REMOVED,
            };
        match self {
            As(kind, verdict) => (kind, verdict),
            Deprecation => match difference.now.as_deref() {
                Some("true") => (ChangeKind::Deprecated, v::MARK),
                _ => (ChangeKind::Undeprecated, v::MARK),
            },
            Demand => (rule, whole(&|_, _| v::RULE_OTHER)),
            Upper => (rule, whole(&|was, now| moved_bound(was, now, true))),
            Lower => (rule, whole(&|was, now| moved_bound(was, now, false))),
            Part => (rule, v::RULE_OTHER),
            Stage => {
                let (was, now) = (difference.was.as_deref(), difference.now.as_deref());
                (ChangeKind::MethodStage, given_up(was, now))
            }
        }
    }

    fn name(self) -> (&'static str, String) {
        let always = |kind: ChangeKind, (breaks, _): Verdict| (kind.id(), breaks.to_string());
        let rule = |word| ("rule-added, rule-removed, rule-changed", word);
        match self {
            As(kind, verdict) => always(kind, verdict),
            Deprecation => ("deprecated, undeprecated", v::MARK.0.to_string()),
            Demand => rule("validation".to_owned()),
            Upper => rule("validation: less of it asks for more".to_owned()),
            Lower => rule("validation: more of it asks for more".to_owned()),
            Part => rule("validation: it may ask for more or for less".to_owned()),
            Stage => (
                "method-stage",
                "HTTP where the method is gone, else nothing".to_owned(),
            ),
        }
    }
}

/// The table as Markdown.
pub(super) fn options_markdown() -> String {
    let mut text = String::from("| option | kinds of change | breaks |\n| --- | --- | --- |\n");
    for (option, judge) in OPTIONS {
        let (kinds, breaks) = judge.name();
        let _ = writeln!(text, "| `{option}` | {kinds} | {breaks} |");
    }
    text
}

/// The differences of two trees of one element that are told.
fn told(old: &Shape, was: &Tree, new: &Shape, now: &Tree) -> Vec<Difference> {
    let mut differences = differences(was, now);
    if old.annotated != new.annotated {
        differences.retain(|difference| !is_ours(&difference.name));
    }
    differences
}

fn verdict_of(difference: &Difference) -> (ChangeKind, Verdict) {
    judge(&difference.name).map_or((ChangeKind::OptionUnjudged, v::NOT_JUDGED), |judge| {
        judge.of(difference)
    })
}

/// What breaks where an element of one schema stands in the place of one of another, by what the two
/// state.
pub(super) fn stated_breaks(old: &Shape, was: &str, new: &Shape, now: &str) -> Breaks {
    let nothing = Tree::new();
    let was = old.elements.get(was).unwrap_or(&nothing);
    let now = new.elements.get(now).unwrap_or(&nothing);
    let breaks = told(old, was, new, now).into_iter();
    let breaks = breaks.map(|difference| verdict_of(&difference).1.0);
    breaks.fold(Breaks::NOTHING, Breaks::and)
}

impl Comparison<'_> {
    /// What an element of both sides states in another way. Options of our own count where both
    /// schemas have such.
    pub(super) fn stated(&mut self, path: &str, old: &str, new: &str) {
        let nothing = Tree::new();
        let old = self.old.elements.get(old).unwrap_or(&nothing);
        let new = self.new.elements.get(new).unwrap_or(&nothing);
        self.judged(path, old, new);
    }

    /// The differences of two trees of one element.
    pub(super) fn judged(&mut self, path: &str, old: &Tree, new: &Tree) {
        for difference in told(self.old, old, self.new, new) {
            let (kind, verdict) = verdict_of(&difference);
            let mark = matches!(judge(&difference.name), Some(Deprecation));
            let (was, now) = match mark {
                true => (None, None),
                false => (difference.was, difference.now),
            };
            // Where the kind says all, the name would say it again.
            let told = mark || NO_OPTIONS.contains(&&*difference.name);
            let change = self.add(path, kind, was, now, verdict);
            change.option = (!told).then_some(difference.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Breaks;

    /// Each of our options that an element may have, and each thing inside of one.
    #[cfg(feature = "bundled")]
    fn of_our_own() -> Vec<String> {
        fn inside(name: &str, kind: &prost_reflect::Kind, names: &mut Vec<String>) {
            let prost_reflect::Kind::Message(message) = kind else {
                return;
            };
            for field in message.fields() {
                let name = format!("{name}.{}", field.name());
                inside(&name, &field.kind(), names);
                let whole = field.kind().as_message().is_none();
                // A message in place is told by its parts, one in a list may be told as a whole.
                if whole || field.is_list() {
                    names.push(name);
                }
            }
        }
        let mut names = Vec::new();
        for extension in crate::Schema::diadoc().pool().all_extensions() {
            let name = extension.full_name();
            match extension.kind() {
                prost_reflect::Kind::Message(_) => inside(name, &extension.kind(), &mut names),
                _ => names.push(name.to_owned()),
            }
        }
        names
    }

    #[cfg(feature = "bundled")]
    #[test]
    fn every_option_of_our_own_is_judged() {
        let names = of_our_own();
        assert!(names.len() > 60, "{names:?}");
        let missing: Vec<_> = names.iter().filter(|name| !is_judged(name)).collect();
        assert!(missing.is_empty(), "no row for {missing:?}");
        // And the other way round: no row is of an option that is gone.
        for (pattern, _) in OPTIONS.iter().filter(|(row, _)| row.starts_with("Diadoc.")) {
            assert!(names.iter().any(|name| fits(pattern, name)), "{pattern}");
        }
    }

    #[test]
    fn an_option_is_judged_by_the_first_row_that_fits() {
        let is = |name: &str, was: Option<&str>, now: Option<&str>| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let difference = Difference {
                name: name.to_owned(),
                was: owned(was),
                now: owned(now),
            };
            judge(name).map(|judge| judge.of(&difference).1.0)
        };
        let note = "Diadoc.Rules.message.one_of.sources";
        assert_eq!(is(note, None, Some("x")), Some(Breaks::NOTHING));
        let rule = "Diadoc.Rules.message.one_of.when";
        assert_eq!(is(rule, None, Some("x")), Some(Breaks::VALIDATION));
        assert_eq!(is("features", None, Some("x")), None);
        assert_eq!(is("Diadoc.Rules.field.max_len.more", None, Some("x")), None);
    }
}
