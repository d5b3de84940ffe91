//! The rules of fields and messages, as protovalidate (`buf.validate`) says them.

use diadoc_core::rules::{Demand, Evidence, FieldRule, Format, MessageRule, Quantity, Rule, Term};
use diadoc_core::{Language, Ticks};
use prost_reflect::{FieldDescriptor, FileDescriptor, Kind, MessageDescriptor};

use super::ProtoForm;
use super::literal::Literal;
use crate::field_rules::{field_rules, message_rules};
use crate::names::type_name;

/// The file that declares the options.
pub(super) const FILE: &str = "buf/validate/validate.proto";

/// Where protovalidate cannot say what [`validate_protobuf`](crate::validate_protobuf) says of rules: the
/// rule, and what of it is missing or different.
pub const PROTOVALIDATE_DIFFERENCES: &[(Rule, &str)] = &[
    (
        Rule::FieldEmpty,
        "a required field may be empty; only whether it is there is asked.",
    ),
    (
        Rule::FieldFormat,
        "a pattern knows neither how long months are nor check digits or lists of names; what holds \
         inside one message only is not asked.",
    ),
    (Rule::FieldFlags, "bounds only, no single bits."),
    (
        Rule::MessageOneOf,
        "not asked where it depends on the message around, or on the body's.",
    ),
    (
        Rule::MessageForbidden,
        "not asked where it depends on the message around, or on the body's, or where it is only guessed.",
    ),
    (
        Rule::MessageRequired,
        "not asked where nobody has seen that the server asks it.",
    ),
    (
        Rule::MessageDiffer,
        "not asked where nobody has seen that the server asks it.",
    ),
];

/// Whether a file has rules.
pub(super) fn is_used(file: &FileDescriptor, form: ProtoForm) -> bool {
    fn in_message(message: &MessageDescriptor, form: ProtoForm) -> bool {
        let demands = |field: &FieldDescriptor| field.is_required() && !form.keeps_required();
        let has_rules = |field: FieldDescriptor| of_field(&field, demands(&field)).is_some();
        of_message(message).next().is_some()
            || message.fields().any(has_rules)
            || message
                .child_messages()
                .any(|child| in_message(&child, form))
    }
    file.messages().any(|message| in_message(&message, form))
}

/// The option of a field; none where there is no rule. `is_demanded` says that the field must be set,
/// and no label does.
pub(super) fn of_field(field: &FieldDescriptor, is_demanded: bool) -> Option<(String, Literal)> {
    let mut own = Vec::new();
    let mut of_list = Vec::new();
    let mut of_value = ValueRules::default();
    for rule in field_rules(field) {
        match rule {
            FieldRule::Items { min, max } => {
                push(&mut of_list, "min_items", min);
                push(&mut of_list, "max_items", max);
            }
            rule => of_value.add(&rule, field),
        }
    }
    let of_value = of_value.literal(field);
    if field.is_list() {
        if !of_value.is_empty() {
            of_list.push(("items".to_owned(), Literal::Message(of_value)));
        }
        if !of_list.is_empty() {
            own.push(("repeated".to_owned(), Literal::Message(of_list)));
        }
    } else {
        own.extend(of_value);
    }
    if is_demanded {
        own.insert(0, ("required".to_owned(), Literal::plain(true)));
    }
    (!own.is_empty()).then(|| shortened("(buf.validate.field)".to_owned(), Literal::Message(own)))
}

/// The rules of one value, as fields of `buf.validate.FieldRules`.
#[derive(Default)]
struct ValueRules {
    /// Of the value's type: `max_len` of `StringRules`.
    of_type: Vec<(String, Literal)>,
    /// Expressions of CEL.
    cel: Vec<Literal>,
}

impl ValueRules {
    fn add(&mut self, rule: &FieldRule, field: &FieldDescriptor) {
        let of_type = &mut self.of_type;
        match rule {
            FieldRule::Items { .. } => {}
            FieldRule::Format(Format::Ticks) => {
                push(of_type, "gte", Some(Ticks::MIN.get()));
                push(of_type, "lte", Some(Ticks::MAX.get()));
            }
            FieldRule::Format(format) => {
                if let Some(pattern) = format.pattern() {
                    of_type.push(("pattern".to_owned(), Literal::text(pattern)));
                }
            }
            FieldRule::Length { min, max } => {
                push(of_type, "min_len", *min);
                push(of_type, "max_len", *max);
            }
            // A format has taken the only place there is.
            FieldRule::Pattern(pattern) if of_type.iter().any(|(name, _)| name == "pattern") => {
                if let Some(matches) = matches("this", pattern) {
                    let message = rule.phrase(Language::English);
                    self.cel.push(cel(rule.rule().id(), &message, &matches));
                }
            }
            FieldRule::Pattern(pattern) => {
                of_type.push(("pattern".to_owned(), Literal::text(pattern)));
            }
            FieldRule::Range { min, max } => {
                push(of_type, "gte", *min);
                push(of_type, "lte", *max);
            }
            FieldRule::Flags(flags) => {
                push(of_type, "gte", Some(0));
                push(
                    of_type,
                    "lte",
                    Some(flags.iter().fold(0, |bits, flag| bits | flag.bit)),
                );
            }
            FieldRule::Bytes { max } => {
                let name = match field.kind() {
                    Kind::Bytes => "max_len",
                    _ => "max_bytes",
                };
                push(of_type, name, Some(*max));
            }
            FieldRule::Values(codes) => {
                let numbers = codes.iter().map(|code| Literal::plain(code.number));
                of_type.push(("in".to_owned(), Literal::List(numbers.collect())));
            }
        }
    }

    fn literal(self, field: &FieldDescriptor) -> Vec<(String, Literal)> {
        let mut rules = Vec::new();
        rules.extend(self.cel.into_iter().map(|cel| ("cel".to_owned(), cel)));
        if !self.of_type.is_empty() {
            let name = type_name(&field.kind());
            rules.push((name, Literal::Message(self.of_type)));
        }
        rules
    }
}

fn push(rules: &mut Vec<(String, Literal)>, name: &str, value: Option<impl ToString>) {
    rules.extend(value.map(|value| (name.to_owned(), Literal::plain(value))));
}

/// `(option).a.b = 1` in the place of `(option) = {a: {b: 1}}`.
fn shortened(name: String, value: Literal) -> (String, Literal) {
    match value {
        Literal::Message(mut fields) if fields.len() == 1 => {
            let (field, value) = fields.remove(0);
            match value {
                // A list stands in a literal alone.
                Literal::List(_) => (name, Literal::Message(vec![(field, value)])),
                value => shortened(format!("{name}.{field}"), value),
            }
        }
        value => (name, value),
    }
}

/// The options of a message.
pub(super) fn of_message(
    message: &MessageDescriptor,
) -> impl Iterator<Item = (String, Literal)> + '_ {
    let rules = message_rules(message).into_iter().enumerate();
    rules.filter_map(|(index, rule)| {
        // What is only guessed of the server is no reason to refuse.
        if rule.evidence == Evidence::Open {
            return None;
        }
        let expression = expression(message, &rule)?;
        // Ids differ within a message.
        let id = format!("{}.{}", rule.rule().id(), index + 1);
        let value = cel(&id, &rule.phrase(Language::English), &expression);
        Some(("(buf.validate.message).cel".to_owned(), value))
    })
}

fn cel(id: &str, message: &str, expression: &str) -> Literal {
    Literal::message([
        ("id", Literal::text(id)),
        ("message", Literal::text(message)),
        ("expression", Literal::text(expression)),
    ])
}

/// A rule of a message in CEL; none where it asks about a message around.
fn expression(message: &MessageDescriptor, rule: &MessageRule) -> Option<String> {
    if rule.within.is_some() {
        return None;
    }
    let this = |text: &str| term(message, "this", text, 0);
    let all = |texts: &[_]| {
        texts
            .iter()
            .map(|text: &std::borrow::Cow<'_, str>| this(text))
            .collect::<Option<Vec<_>>>()
    };
    let demand = match rule.demand {
        Demand::Given(quantity) => {
            let terms = all(&rule.fields)?;
            match quantity {
                Quantity::AnyOf => terms.join(" || "),
                Quantity::NoneOf => format!("!({})", terms.join(" || ")),
                Quantity::OneOf => format!("{} == 1", count(&terms)),
                Quantity::Excludes => format!("{} <= 1", count(&terms)),
            }
        }
        Demand::Differ => {
            let mut pairs = Vec::new();
            for (place, one) in rule.fields.iter().enumerate() {
                for other in &rule.fields[place + 1..] {
                    let both = format!("{} && {}", this(one)?, this(other)?);
                    pairs.push(format!("!({both} && this.{one} == this.{other})"));
                }
            }
            pairs.join(" && ")
        }
        Demand::Format(format) => {
            let fields = rule.fields.iter().map(|field| {
                let is_text = message.get_field_by_name(field)?.kind() == Kind::String;
                is_text.then(|| matches(&format!("this.{field}"), format.pattern()?))?
            });
            fields.collect::<Option<Vec<_>>>()?.join(" && ")
        }
    };
    let mut excuses: Vec<_> = all(&rule.when)?
        .into_iter()
        .map(|when| format!("!({when})"))
        .collect();
    excuses.extend(all(&rule.unless)?);
    Some(match excuses.is_empty() {
        true => demand,
        false => format!("{} || ({demand})", excuses.join(" || ")),
    })
}

fn count(terms: &[String]) -> String {
    format!("[{}].filter(given, given).size()", terms.join(", "))
}

/// A term in CEL.
fn term(message: &MessageDescriptor, of: &str, text: &str, depth: usize) -> Option<String> {
    let term = Term::parse(text);
    let field = message
        .get_field_by_name(term.field)
        .filter(|_| !term.of_body)?;
    let value = format!("{of}.{}", field.name());
    Some(match (term.inside, term.values) {
        (Some(inside), _) => {
            let Kind::Message(inner) = field.kind() else {
                return None;
            };
            if field.is_list() {
                let item = format!("item{depth}");
                let inside = self::term(&inner, &item, inside, depth + 1)?;
                format!("{value}.exists({item}, {inside})")
            } else {
                // What is not there reads as an empty message.
                self::term(&inner, &value, inside, depth + 1)?
            }
        }
        (None, Some(values)) if field.kind() == Kind::String && !field.is_list() => {
            matches(&value, &one_of_values(values))?
        }
        (None, Some(_)) => return None,
        (None, None) => given(&field, &value),
    })
}

/// That a field is given.
fn given(field: &FieldDescriptor, value: &str) -> String {
    let (of, name) = value.rsplit_once('.').unwrap_or(("this", value));
    // What is not set reads as the default, of which most are nothing.
    let default = field.field_descriptor_proto().default_value();
    let has_default = !matches!(default, "" | "false");
    let is_set = format!("has({of}.{name})");
    match field.kind() {
        _ if field.is_list() || field.is_map() => format!("{value}.size() > 0"),
        Kind::String | Kind::Bytes if !has_default => format!("{value}.size() > 0"),
        Kind::String | Kind::Bytes => format!("({is_set} && {value}.size() > 0)"),
        Kind::Bool if !has_default => value.to_owned(),
        Kind::Bool => format!("({is_set} && {value})"),
        _ => is_set,
    }
}

/// That a text matches a pattern; none where CEL has no way to write it.
fn matches(value: &str, pattern: &str) -> Option<String> {
    let is_plain = !pattern.contains(['\'', '\n']);
    is_plain.then(|| format!("{value}.matches(r'{pattern}')"))
}

/// A pattern of the values that stand between bars, in any case.
fn one_of_values(values: &str) -> String {
    let values = values
        .split('|')
        .map(|value| match value.strip_prefix('*') {
            Some(end) => regex_text(end),
            None => format!("^{}", regex_text(value)),
        });
    format!("(?i)(?:{})$", values.collect::<Vec<_>>().join("|"))
}

/// A text as a pattern that matches nothing else.
fn regex_text(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        letter if letter.is_alphanumeric() || letter == '_' => letter.to_string(),
        letter if letter.is_ascii() => format!("\\{letter}"),
        letter => letter.to_string(),
    });
    letters.collect()
}
