//! What the validator says of a body: the texts of its findings.

use diadoc_core::dialect::number_kind;
use diadoc_core::{Language, fill, secrets};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::suggest::{Meant, meant};
use super::tokens::{Broken, Token};
use super::words::Words;
use super::{Validator, scalars, whole};
use crate::collector::Collector;
use crate::computed_keys::KeyHolds;
use crate::plan::{FieldPlan, Plan, Plans, Shape};
use crate::{Deviation, Direction, Finding, Rule, Span, words};

/// What is due in a place, as a phrase.
pub(super) enum Due {
    /// A message or the entries of a map.
    Object(String),
    Other(String),
}

impl<'t> Validator<'t> {
    pub(super) fn words(&self) -> &'static Words {
        Words::of(self.findings.language())
    }

    /// Reports a value of the wrong type, with what may have been meant, and passes over what is inside it.
    pub(super) fn wrong_type(
        &mut self,
        due: Due,
        value: Token<'_>,
        span: Span,
        meant: Option<String>,
    ) -> Result<(), Broken> {
        let words = self.words();
        let template = match (&value, &due) {
            (Token::String(text), Due::Object(_)) if whole::is_object(text) => words.json_in_string,
            _ => words.not_it,
        };
        let (Due::Object(expected) | Due::Other(expected)) = due;
        let message = fill(template, &[&expected]);
        let finding = Finding::new(Deviation::OtherType, span, message)
            .expected(expected)
            .found(self.standing(&value, span))
            .suggestion(meant);
        self.findings.add(finding);
        self.skip(&value)
    }

    /// What stands there, for those who expected another type.
    pub(super) fn standing(&self, value: &Token<'_>, span: Span) -> String {
        let (words, language) = (self.words(), self.findings.language());
        match value {
            Token::Null => "null".to_owned(),
            Token::Object => words.object.to_owned(),
            Token::Array => words.array.to_owned(),
            Token::Bool(_) => standing(words.boolean, self.tokens.slice(span)),
            Token::String(_) => quoted_string(self.tokens.slice(span), language),
            Token::Number(number) => standing(number_kind(number, language), number),
        }
    }

    pub(super) fn null(
        &mut self,
        deviation: Deviation,
        span: Span,
        message: &'static str,
        field: &FieldPlan,
    ) {
        let expected = expected(self.plans, field, self.words());
        let finding = Finding::new(deviation, span, message);
        let finding = finding.expected(expected).found("null");
        self.findings.add(finding);
    }

    /// What a key that is none of the message may mean; another case of a key, and a computed key, are
    /// reported at once.
    pub(super) fn unknown_key(&mut self, plan: &'t Plan, key: &str, span: Span) -> Meant {
        let token = self.tokens.slice(span);
        if let Some(holds) = plan.computed_key(key) {
            let finding = computed(key, holds, token, span, &self.findings);
            self.findings.add_at(key, finding);
            return Meant::Computed;
        }
        let near = self.findings.has_room(Rule::JsonUnknownKey);
        let meant = meant(plan, &self.around, key, near);
        if let Meant::OtherCase(place) = &meant {
            let name = &plan.fields[*place].key;
            let template = match self.findings.is_request() {
                true => self.words().other_case_read,
                false => self.words().other_case_passed,
            };
            let text = fill(template, &[&quotable(token)]);
            let finding = Finding::new(Deviation::KeyCase, span, text)
                .found(shorten(token))
                .suggestion(Some(name.to_string()));
            self.findings.add_at(key, finding);
        }
        meant
    }

    pub(super) fn say_unknown(&mut self, plan: &Plan, key: &str, span: Span, meant: Meant) {
        let token = self.tokens.slice(span);
        // What a secret goes under, misspelt, is one as well.
        if let Meant::Near(name) = &meant
            && super::is_one_of(&self.secret_keys, name)
            && !self.is_secret_key(key)
        {
            let keys = self.secret_keys.iter().cloned();
            self.secret_keys = keys.chain([key.to_owned()]).collect();
        }
        let finding = unknown(plan, token, span, meant, &self.findings);
        self.findings.add_at(key, finding);
    }

    pub(super) fn wrapped(&mut self, message: &MessageDescriptor, key: &str, span: Span) {
        let words = self.words();
        let text = fill(words.wrapped, &[&key]);
        let finding = Finding::new(Deviation::Wrapped, span, text);
        let keys: Vec<_> = message
            .fields()
            .map(|field| field.json_name().to_owned())
            .collect();
        let keys = keys.iter().take(3).map(|key| format!("`{key}`"));
        let keys = keys.collect::<Vec<_>>().join(", ");
        self.findings.add_at(
            key,
            finding.expected(fill(words.keys_of, &[&message.name(), &keys])),
        );
    }

    pub(super) fn foreign(&mut self, message: &MessageDescriptor, bracket: Span, keys: usize) {
        let words = self.words();
        let text = match keys {
            1 => fill(words.foreign_one_key, &[&message.name()]),
            keys => fill(words.foreign_keys, &[&message.name(), &keys]),
        };
        let finding = Finding::new(Deviation::Foreign, bracket, text);
        self.findings
            .add(finding.expected(object_of(message, words)));
    }

    pub(super) fn duplicate_key(&mut self, field: &FieldDescriptor, key: &str, span: Span) {
        let words = self.words();
        let name = field.json_name();
        let message = if name == field.name() {
            fill(words.duplicate_key, &[&name])
        } else {
            fill(words.duplicate_field, &[&name, &field.name()])
        };
        let finding = Finding::new(Deviation::DuplicateKey, span, message)
            .expected(words.each_key_once)
            .found(shorten(self.tokens.slice(span)));
        // Readers name the field, whichever of its names stood there.
        let outside = self.findings.enter_field(name, key);
        self.findings.add(finding);
        self.findings.leave(outside);
    }

    /// Reports where the body cannot be read on.
    pub(super) fn broken_off(&mut self, broken: Broken) {
        let hidden = secrets::values_of(self.tokens.text(), |key| self.is_secret_key(key));
        let Span { start, end } = broken.span;
        let has_secret = hidden
            .iter()
            .any(|secret| secret.start < end && start < secret.end);
        self.broken(broken, has_secret);
    }

    /// Reports where the JSON breaks off, or what is no JSON though it can be read on; of a secret in
    /// it nothing.
    pub(super) fn broken(&mut self, broken: Broken, has_secret: bool) {
        if broken.whole_body {
            self.findings.leave(Collector::BODY);
        }
        let deviation = match broken.rule {
            Rule::JsonDepth => Deviation::Depth,
            Rule::BodyEncoding => Deviation::OtherEncoding,
            _ => Deviation::Syntax,
        };
        let finding = Finding::new(deviation, broken.span, broken.message)
            .expected(broken.expected)
            .found(broken.found);
        let in_secret = self.findings.is_secret;
        self.findings.is_secret |= has_secret;
        self.findings.add(finding);
        self.findings.is_secret = in_secret;
    }
}

/// A required field that an object lacks, whose bracket stands there.
pub(super) fn missing(
    plans: &Plans,
    field: &FieldPlan,
    bracket: Span,
    language: Language,
) -> Finding {
    let words = Words::of(language);
    let deviation = match field.shape {
        Shape::Bool => Deviation::RequiredBoolean,
        _ => Deviation::Required,
    };
    let message = fill(words.missing, &[&field.key]);
    Finding::new(deviation, bracket, message).expected(expected(plans, field, words))
}

/// A key that the server computes, and that stands as `token` in the body.
pub(super) fn computed(
    key: &str,
    holds: &KeyHolds,
    token: &str,
    span: Span,
    findings: &Collector<'_>,
) -> Finding {
    let words = Words::of(findings.language());
    let template = match findings.direction() {
        Direction::Request => words.computed_ignored,
        Direction::Response => words.computed,
    };
    let text = fill(template, &[&key, &holds.say(findings.language())]);
    Finding::new(Deviation::ComputedKey, span, text).found(shorten(token))
}

/// A key that the message does not have, and that stands as `token` in the body.
pub(super) fn unknown(
    plan: &Plan,
    token: &str,
    span: Span,
    meant: Meant,
    findings: &Collector<'_>,
) -> Finding {
    let words = Words::of(findings.language());
    let template = match findings.direction() {
        Direction::Request => words.unknown_dropped,
        Direction::Response => words.unknown,
    };
    let mut text = fill(template, &[&plan.name(), &quotable(token)]);
    let (hint, suggestion) = meant.words(words);
    if let Some(hint) = hint {
        text += &format!("; {hint}");
    }
    Finding::new(Deviation::UnknownKey, span, text)
        .found(shorten(token))
        .suggestion(suggestion)
}

/// A list of what a field holds.
pub(super) fn list_of(field: &FieldDescriptor, words: &Words) -> String {
    match field.kind() {
        Kind::Message(message) if !field.is_map() => fill(words.array_of, &[&message.name()]),
        _ => words.array.to_owned(),
    }
}

/// What a field holds, or each element of a list.
pub(super) fn due(plans: &Plans, field: &FieldPlan, words: &Words) -> Due {
    let expected = expected(plans, field, words);
    match field.shape {
        Shape::Message(_) | Shape::Map(_) => Due::Object(expected),
        _ => Due::Other(expected),
    }
}

/// The same, as a phrase.
pub(super) fn expected(plans: &Plans, field: &FieldPlan, words: &Words) -> String {
    match &field.shape {
        Shape::Message(place) => fill(words.object_of, &[&plans.name(*place)]),
        Shape::Map(_) => words.object.to_owned(),
        Shape::Enum(members) => fill(words.name_of, &[&members.name()]),
        Shape::Bool => words.boolean.to_owned(),
        Shape::String => words.string.to_owned(),
        Shape::Bytes => "base64".to_owned(),
        Shape::Float => words.number.to_owned(),
        Shape::Integer(kind, _) => scalars::integer_kind(kind, words).to_owned(),
    }
}

pub(super) fn object_of(message: &MessageDescriptor, words: &Words) -> String {
    fill(words.object_of, &[&message.name()])
}

/// What stands at a scalar: its kind and its text, shortened.
pub(super) fn standing(kind: &str, text: &str) -> String {
    format!("{kind}: {}", shorten(text))
}

/// A string's token as what stands there. One that is JSON with a secret in it is not shown.
pub(super) fn quoted_string(token: &str, language: Language) -> String {
    let string = words::Words::of(language).string;
    match secrets::values_of(token, secrets::sounds_secret).is_empty() {
        true => standing(string, token),
        false => standing(string, secrets::HIDDEN),
    }
}

/// A string's token as it can stand in a message: shortened, its escapes as they were written.
pub(super) fn quotable(token: &str) -> String {
    let inside = token.strip_prefix('"').unwrap_or(token);
    shorten(inside.strip_suffix('"').unwrap_or(inside))
}

/// A text, cut where it is long.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
