//! Collects what a validation finds, each with its place: one for JSON and for protobuf.

mod place;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use diadoc_core::Language;
use diadoc_core::rules::{Effect, Evidence, MessageRule, Violation};
use diadoc_core::secrets::HIDDEN;

use crate::deprecated::Obsolete;
use crate::deviations::{Taken, severity};
use crate::given::Given;
use crate::json::shorten;
use crate::report::{Content, Count};
use crate::words::Words;
use crate::{Checks, Deviation, Direction, Finding, Report, Rule, Severity, Span};
use place::{Pattern, Patterns, Place};

pub(crate) use place::Outside;

/// A report in the making, and the place in the body that is being read.
pub(crate) struct Collector<'t> {
    report: Report,
    place: Place,
    /// How many findings there are of a rule and effect, and of those at a pattern of paths; none stands
    /// for patterns beyond those that are counted apart.
    kept: HashMap<(Rule, Effect), usize>,
    counts: HashMap<(Rule, Effect), HashMap<Option<Pattern>, usize>>,
    of_rules: HashMap<Rule, HashSet<Pattern>>,
    patterns: Patterns,
    pub(crate) checks: &'t Checks,
    /// Messages whose rules ask about the body around them.
    waiting: Vec<Waiting<'t>>,
    /// Whether something around the place is obsolete: what is inside it is not told again.
    pub(crate) is_deprecated: bool,
    /// Whether the place is in a secret: what stands there is not told.
    pub(crate) is_secret: bool,
}

/// A message that has been read, with rules that ask about the body around it.
struct Waiting<'t> {
    rules: Vec<&'t MessageRule>,
    given: Given<'t>,
    path: String,
    pointer: String,
    span: Span,
}

impl<'t> Collector<'t> {
    pub(crate) fn new(message: &str, checks: &'t Checks) -> Self {
        Self {
            report: Report::new(message, checks.direction, checks.language),
            place: Place::default(),
            kept: HashMap::new(),
            counts: HashMap::new(),
            of_rules: HashMap::new(),
            patterns: Patterns::default(),
            checks,
            waiting: Vec::new(),
            is_deprecated: false,
            is_secret: false,
        }
    }

    /// The report, in the order of the body. What is said of a whole stands before its parts.
    pub(crate) fn finish(mut self) -> Report {
        self.report
            .findings
            .sort_by_key(|finding| (finding.span.start, Reverse(finding.span.end)));
        // A place that was gone back to may have a pattern of its own, of the same text.
        let mut counts = BTreeMap::<_, usize>::new();
        for ((rule, effect), patterns) in self.counts {
            for (pattern, count) in patterns {
                let path = match pattern {
                    Some(pattern) => self.patterns.text(pattern),
                    None => Report::OTHER_PATHS.to_owned(),
                };
                *counts.entry((effect, rule, path)).or_default() += count;
            }
        }
        let counts = counts.into_iter();
        let count = |((effect, rule, path), count)| Count {
            rule,
            effect,
            path,
            count,
        };
        self.report.counts = counts.map(count).collect();
        self.report
    }

    pub(crate) fn enter_key(&mut self, key: &str) -> Outside {
        self.enter_field(key, key)
    }

    /// Enters a field under the name that readers give it and the key that stands in the body.
    pub(crate) fn enter_field(&mut self, name: &str, key: &str) -> Outside {
        self.place.enter_field(name, key)
    }

    pub(crate) fn enter_index(&mut self, index: usize) -> Outside {
        self.place.enter_index(index)
    }

    pub(crate) fn leave(&mut self, outside: Outside) {
        self.place.leave(outside);
    }

    /// Reports what is obsolete, unless something around it is.
    pub(crate) fn tell_deprecated(&mut self, obsolete: &Obsolete, span: Span) {
        if !self.is_deprecated {
            let text = obsolete.say(self.language());
            self.add(Finding::new(Deviation::Deprecated, span, text));
        }
    }

    /// The place of the body as a whole.
    pub(crate) const BODY: Outside = Outside::BODY;

    pub(crate) fn direction(&self) -> Direction {
        self.report.direction
    }

    /// The language of the findings.
    pub(crate) fn language(&self) -> Language {
        self.checks.language
    }

    pub(crate) fn is_request(&self) -> bool {
        self.direction() == Direction::Request
    }

    /// Whether the body has a fault against the rule so far.
    pub(crate) fn has_fault(&self, rule: Rule) -> bool {
        let mut kept = self.kept.keys();
        kept.any(|(kept, effect)| *kept == rule && effect.is_fault())
    }

    /// Whether another finding of the rule is kept: otherwise it is not worth looking for what may be
    /// meant.
    pub(crate) fn has_room(&self, rule: Rule) -> bool {
        let kept = self.kept.iter().filter(|((kept, _), _)| *kept == rule);
        kept.map(|(_, count)| *count).max().unwrap_or(0) < Report::MOST_OF_A_RULE
    }

    /// Adds a finding at the current place, with the effect that its deviation has.
    pub(crate) fn add(&mut self, finding: Finding) {
        if let Taken::As(effect, severity) = finding.deviation.taken(self.direction()) {
            self.add_as(finding, effect, severity);
        }
    }

    /// Adds a finding of a look that may leave doubt: then nobody knows what the server does.
    pub(crate) fn add_looked(&mut self, finding: Finding, exact: bool) {
        match finding.deviation.taken(self.direction()) {
            Taken::As(effect, _) if effect.is_fault() && !exact => {
                self.add_as(finding, Effect::Unproven, severity(Effect::Unproven));
            }
            _ => self.add(finding),
        }
    }

    /// Adds what the content at the current place is.
    pub(crate) fn add_content(&mut self, content: String) {
        if self.report.contents.len() < Report::MOST_OF_A_RULE {
            self.report.contents.push(Content {
                path: self.place.path.clone(),
                is: content,
            });
        }
    }

    fn add_as(&mut self, mut finding: Finding, effect: Effect, severity: Severity) {
        let Some(severity) = self.checks.levels.severity(finding.rule, severity) else {
            if severity == Severity::Error {
                self.report.allow_at(&self.place.path);
            }
            return;
        };
        self.count(finding.rule, effect);
        self.report.count_one(severity);
        let kept = self.kept.entry((finding.rule, effect)).or_default();
        if *kept >= Report::MOST_OF_A_RULE {
            self.report.left_out += 1;
            return;
        }
        *kept += 1;
        if self.is_secret {
            finding.hide(self.checks.language);
        }
        finding.effect = effect;
        finding.severity = severity;
        finding.path.clone_from(&self.place.path);
        finding.pointer.clone_from(&self.place.pointer);
        self.report.findings.push(finding);
    }

    /// Counts a finding under the pattern of the current path. A rule has so many at most: keys of the
    /// body may be anything.
    fn count(&mut self, rule: Rule, effect: Effect) {
        let of_rule = self.of_rules.entry(rule).or_default();
        let has_room = of_rule.len() < Report::MOST_PATTERNS;
        let pattern = self.place.pattern(&mut self.patterns, has_room);
        let pattern = pattern.filter(|pattern| has_room || of_rule.contains(pattern));
        of_rule.extend(pattern);
        let counts = self.counts.entry((rule, effect)).or_default();
        *counts.entry(pattern).or_default() += 1;
    }

    /// Adds a finding at a key of the current place.
    pub(crate) fn add_at(&mut self, key: &str, finding: Finding) {
        let outside = self.enter_key(key);
        self.add(finding);
        self.leave(outside);
    }

    /// Adds violations of one value. What stands there is only asked for where there are any.
    pub(crate) fn add_violations<F: Into<Option<String>>>(
        &mut self,
        violations: Vec<Violation>,
        span: Span,
        found: impl FnOnce() -> F,
    ) {
        if violations.is_empty() {
            return;
        }
        let found = found().into();
        for violation in violations {
            self.violation(violation, span, found.clone());
        }
    }

    fn violation(&mut self, violation: Violation, span: Span, found: Option<String>) {
        let Some(deviation) = Deviation::of_rule(violation.rule) else {
            return;
        };
        let Taken::As(effect, weight) = deviation.taken(self.direction()) else {
            return;
        };
        let (effect, weight) = match (self.is_request(), violation.evidence) {
            (true, Evidence::Open) => (Effect::Unproven, severity(Effect::Unproven)),
            _ => (effect, weight),
        };
        let mut finding = Finding::new(deviation, span, violation.message);
        finding.found = found;
        finding.expected = Some(violation.expected);
        finding.suggestion = violation.suggestion;
        if self.is_request() {
            finding.answer = violation.answer;
        }
        self.add_as(finding, effect, weight);
    }

    /// Holds a message that has been read against the rules about its fields. Those that ask about
    /// the body around it wait until that is read.
    pub(crate) fn message_rules(&mut self, rules: &'t [MessageRule], given: Given<'t>, span: Span) {
        let (local, asking): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.is_local());
        for rule in local {
            if !given.hides(rule, &given)
                && let Some(violation) = rule.check(&given, &given, self.language())
            {
                self.message_violation(violation, &given, span);
            }
        }
        if !asking.is_empty() {
            self.waiting.push(Waiting {
                rules: asking,
                given,
                path: self.place.path.clone(),
                pointer: self.place.pointer.clone(),
                span,
            });
        }
    }

    /// Holds the messages that have waited against the rules that ask about the body.
    pub(crate) fn whole_body(&mut self, body: &Given<'t>) {
        for waiting in std::mem::take(&mut self.waiting) {
            let Waiting {
                rules,
                given,
                path,
                pointer,
                span,
            } = waiting;
            self.place.go_to(path, pointer);
            for rule in rules {
                if !given.hides(rule, body)
                    && let Some(violation) = rule.check(&given, body, self.language())
                {
                    self.message_violation(violation, &given, span);
                }
            }
        }
        self.leave(Self::BODY);
    }

    fn message_violation(&mut self, mut violation: Violation, given: &Given<'_>, span: Span) {
        let name = self.report.message.rsplit('.').next().unwrap_or_default();
        // Of a wrapped message the name stands in the path.
        let inside = self
            .place
            .path
            .get(..name.len())
            .filter(|start| start.eq_ignore_ascii_case(name));
        let path = match inside {
            Some(_) => self.place.path[name.len()..].trim_start_matches('.'),
            None => self.place.path.as_str(),
        };
        let at = match path {
            "" => name.to_owned(),
            path => format!("{name}.{path}"),
        };
        let place = violation.place.take();
        violation.answer = violation.answer.map(|answer| {
            let field = place.as_deref().unwrap_or_default();
            let answer = answer.replace("{field}", &format!("{at}.{field}"));
            answer.replace("{at}", &at)
        });
        let (value, text) = place
            .as_deref()
            .map_or((None, None), |place| given.standing(place));
        let found = text.map(|text| {
            let string = Words::of(self.language()).string;
            format!("{string}: \"{}\"", shorten(text))
        });
        let outside = place.as_deref().map(|place| self.enter_key(place));
        let was_secret = self.is_secret;
        self.is_secret |= place.as_deref().is_some_and(|place| given.is_secret(place));
        self.violation(violation, value.unwrap_or(span), found);
        self.is_secret = was_secret;
        if let Some(outside) = outside {
            self.leave(outside);
        }
    }
}

impl Finding {
    /// A finding without a place and an effect, which the collector gives it.
    pub(crate) fn new(
        deviation: Deviation,
        span: Span,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            rule: deviation.verdict().rule,
            deviation,
            effect: Effect::Accepted,
            severity: Severity::Info,
            path: String::new(),
            pointer: String::new(),
            span,
            line: 0,
            column: 0,
            message: message.into().into_owned(),
            expected: None,
            found: None,
            suggestion: None,
            answer: None,
        }
    }

    /// Tells nothing of the value that it is about.
    fn hide(&mut self, language: Language) {
        let summary = self.rule.summary(language);
        let (sentence, _) = summary.split_once(". ").unwrap_or((summary, ""));
        let mut letters = sentence.trim_end_matches('.').chars();
        let first = letters.next().into_iter().flat_map(char::to_lowercase);
        self.message = first.chain(letters).collect();
        self.found = self.found.take().map(|_| HIDDEN.to_owned());
        self.suggestion = None;
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    pub(crate) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    pub(crate) fn suggestion(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }
}
