//! What the validator says of a body: the texts of its findings.

use diadoc_core::dialect::number_kind;
use diadoc_core::secrets;
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::suggest::{Meant, meant};
use super::tokens::{Broken, Token};
use super::{Validator, scalars, whole};
use crate::collector::Collector;
use crate::plan::{FieldPlan, Plan, Plans, Shape};
use crate::{Deviation, Direction, Finding, Rule, Span};

impl<'t> Validator<'t> {
    /// Reports a value of the wrong type and passes over what is inside it.
    pub(super) fn wrong_type(
        &mut self,
        expected: &str,
        value: Token<'_>,
        span: Span,
    ) -> Result<(), Broken> {
        self.wrong_type_for(expected, value, span, None)
    }

    pub(super) fn wrong_type_for(
        &mut self,
        expected: &str,
        value: Token<'_>,
        span: Span,
        meant: Option<String>,
    ) -> Result<(), Broken> {
        let message = match &value {
            Token::String(text) if whole::is_object(text) && expected.starts_with("an object") => {
                format!("the value is JSON inside a JSON string, not {expected}")
            }
            _ => format!("the value is not {expected}"),
        };
        let finding = Finding::new(Deviation::OtherType, span, message)
            .expected(expected)
            .found(self.standing(&value, span))
            .suggestion(meant);
        self.findings.add(finding);
        self.skip(&value)
    }

    /// What stands there, for those who expected another type.
    pub(super) fn standing(&self, value: &Token<'_>, span: Span) -> String {
        match value {
            Token::Null => "null".to_owned(),
            Token::Object => "an object".to_owned(),
            Token::Array => "an array".to_owned(),
            Token::Bool(_) => standing("a boolean", self.tokens.slice(span)),
            Token::String(_) => quoted_string(self.tokens.slice(span)),
            Token::Number(number) => standing(number_kind(number), number),
        }
    }

    pub(super) fn null(
        &mut self,
        deviation: Deviation,
        span: Span,
        message: &str,
        field: &FieldPlan,
    ) {
        let finding = Finding::new(deviation, span, message.to_owned());
        let finding = finding.expected(expected(self.plans, field)).found("null");
        self.findings.add(finding);
    }

    /// What a key that is none of the message may mean; another case of a key, and a computed key, are
    /// reported at once.
    pub(super) fn unknown_key(&mut self, plan: &'t Plan, key: &str, span: Span) -> Meant {
        let token = self.tokens.slice(span);
        if let Some(holds) = plan.computed_key(key) {
            let finding = computed(key, holds, token, span, self.findings.direction());
            self.findings.add_at(key, finding);
            return Meant::Computed;
        }
        let near = self.findings.has_room(Rule::JsonUnknownKey);
        let meant = meant(plan, &self.around, key, near);
        if let Meant::OtherCase(place) = &meant {
            let name = &plan.fields[*place].key;
            let consequence = match self.findings.is_request() {
                true => "the server reads it all the same",
                false => "readers pass over it",
            };
            let text = format!(
                "the key `{}` differs from the schema's in case; {consequence}",
                quotable(token)
            );
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
            && self.is_secret_key(name)
            && !self.is_secret_key(key)
        {
            let keys = self.secret_keys.iter().cloned();
            self.secret_keys = keys.chain([key.to_owned()]).collect();
        }
        let finding = unknown(plan, token, span, meant, self.findings.direction());
        self.findings.add_at(key, finding);
    }

    pub(super) fn wrapped(&mut self, message: &MessageDescriptor, key: &str, span: Span) {
        let text = format!(
            "the message is wrapped in its own name `{key}`: send what is inside, without the object \
             around it"
        );
        let finding = Finding::new(Deviation::Wrapped, span, text);
        let keys: Vec<_> = message
            .fields()
            .map(|field| field.json_name().to_owned())
            .collect();
        let keys = keys.iter().take(3).map(|key| format!("`{key}`"));
        let keys = keys.collect::<Vec<_>>().join(", ");
        self.findings.add_at(
            key,
            finding.expected(format!("the keys of `{}`: {keys} …", message.name())),
        );
    }

    pub(super) fn foreign(&mut self, message: &MessageDescriptor, bracket: Span, keys: usize) {
        let keys = match keys {
            1 => "the one key".to_owned(),
            keys => format!("any of the {keys} keys"),
        };
        let text = format!("`{}` does not know {keys} of this object", message.name());
        let finding = Finding::new(Deviation::Foreign, bracket, text);
        self.findings.add(finding.expected(object_of(message)));
    }

    pub(super) fn duplicate_key(&mut self, field: &FieldDescriptor, key: &str, span: Span) {
        let name = field.json_name();
        let message = if name == field.name() {
            format!("the key `{name}` stands twice in the object")
        } else {
            format!(
                "the field `{name}`, also called `{}`, stands twice in the object",
                field.name()
            )
        };
        let finding = Finding::new(Deviation::DuplicateKey, span, message)
            .expected("each key once")
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
pub(super) fn missing(plans: &Plans, field: &FieldPlan, bracket: Span) -> Finding {
    let deviation = match field.shape {
        Shape::Bool => Deviation::RequiredBoolean,
        _ => Deviation::Required,
    };
    let message = format!("the required field `{}` is missing", field.key);
    Finding::new(deviation, bracket, message).expected(expected(plans, field))
}

/// A key that the server computes, and that stands as `token` in the body.
pub(super) fn computed(
    key: &str,
    holds: &str,
    token: &str,
    span: Span,
    direction: Direction,
) -> Finding {
    let text = match direction {
        Direction::Request => format!(
            "`{key}` is a key that the server computes for its answers, and ignores here: it holds \
             {holds}"
        ),
        Direction::Response => {
            format!("`{key}` is not in the schema, though the vendor's JSON has it: {holds}")
        }
    };
    Finding::new(Deviation::ComputedKey, span, text).found(shorten(token))
}

/// A key that the message does not have, and that stands as `token` in the body.
pub(super) fn unknown(
    plan: &Plan,
    token: &str,
    span: Span,
    meant: Meant,
    direction: Direction,
) -> Finding {
    let (name, quoted) = (plan.name(), quotable(token));
    let consequence = match direction {
        Direction::Request => "; the server drops it in silence",
        Direction::Response => " in the schema",
    };
    let mut text = format!("`{name}` has no key `{quoted}`{consequence}");
    let (hint, suggestion) = meant.words();
    if let Some(hint) = hint {
        text += &format!("; {hint}");
    }
    Finding::new(Deviation::UnknownKey, span, text)
        .found(shorten(token))
        .suggestion(suggestion)
}

/// A list of what a field holds.
pub(super) fn list_of(field: &FieldDescriptor) -> String {
    match field.kind() {
        Kind::Message(message) if !field.is_map() => {
            format!("an array of objects ({})", message.name())
        }
        _ => "an array".to_owned(),
    }
}

/// What a field holds, or each element of a list.
pub(super) fn expected(plans: &Plans, field: &FieldPlan) -> String {
    match &field.shape {
        Shape::Message(place) => format!("an object ({})", plans.name(*place)),
        Shape::Map(_) => "an object".to_owned(),
        Shape::Enum(members) => format!("a name of `{}`", members.name()),
        Shape::Bool => "a boolean".to_owned(),
        Shape::String => "a string".to_owned(),
        Shape::Bytes => "base64".to_owned(),
        Shape::Float => "a number".to_owned(),
        Shape::Integer(kind, _) => scalars::integer_kind(kind).to_owned(),
    }
}

pub(super) fn object_of(message: &MessageDescriptor) -> String {
    format!("an object ({})", message.name())
}

/// What stands at a scalar: its kind and its text, shortened.
pub(super) fn standing(kind: &str, text: &str) -> String {
    format!("{kind}: {}", shorten(text))
}

/// A string's token as what stands there. One that is JSON with a secret in it is not shown.
pub(super) fn quoted_string(token: &str) -> String {
    match secrets::values_of(token, secrets::sounds_secret).is_empty() {
        true => standing("a string", token),
        false => standing("a string", secrets::HIDDEN),
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
