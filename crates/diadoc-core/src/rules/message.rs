//! The rules about which fields of a message are given, and how they go together.

use std::borrow::Cow;

use super::term::Term;
use super::words::Words;
use super::{Evidence, Format, Quantity, Rule, Violation, listed};
use crate::{BoxId, Language, fill};

/// Texts that stand in a generated table, or were read from a schema.
pub type Texts = Cow<'static, [Cow<'static, str>]>;

/// A rule about several fields of a message, or about one where another one says so.
///
/// Fields and conditions are terms:
///
/// - `ToBoxId`: the field is given. A list is with an element, a string and bytes when they are not
///   empty, a boolean when it is true, anything else when it stands there.
/// - `TypeNamedId=Nonformalized|Contract`: its value is one of these, in any case; `*Date` stands for
///   all that end so.
/// - `Metadata[Key=FileName]`: a message in the field, or in the list, for which the inner term holds.
/// - `/IsDraft`: the same of the body's outermost message.
///
/// ```
/// use diadoc_core::Language;
/// use diadoc_core::rules::{Demand, Evidence, Fields, Given, MessageRule, Quantity};
///
/// struct Message {
///     to_box_id: &'static str,
///     is_draft: bool,
/// }
///
/// impl Fields for Message {
///     fn name(&self) -> &str {
///         "Message"
///     }
///     fn field(&self, name: &str) -> Given<'_> {
///         match name {
///             "ToBoxId" => Given::text(self.to_box_id),
///             "IsDraft" => Given::is(self.is_draft),
///             _ => Given::No,
///         }
///     }
/// }
///
/// let rule = MessageRule {
///     demand: Demand::Given(Quantity::AnyOf),
///     fields: vec!["ToBoxId".into()].into(),
///     when: vec![].into(),
///     unless: vec!["IsDraft".into()].into(),
///     within: None,
///     evidence: Evidence::Proven,
///     answer: None,
/// };
/// let check = |message: &Message| rule.check(message, message, Language::English);
/// assert!(check(&Message { to_box_id: "", is_draft: true }).is_none());
/// let violation = check(&Message { to_box_id: "", is_draft: false }).expect("there is no recipient");
/// assert_eq!(violation.message, "`ToBoxId` is not given");
/// assert_eq!(violation.expected, "`ToBoxId`, unless `IsDraft` is set");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRule {
    /// What it asks for.
    pub demand: Demand,
    /// The fields that it is about, as terms.
    pub fields: Texts,
    /// It holds only where all of these terms do.
    pub when: Texts,
    /// It holds only where none of these terms does.
    pub unless: Texts,
    /// It holds only inside a body of the message of that name, or in it itself.
    pub within: Option<Cow<'static, str>>,
    /// How well it is known that the server refuses what goes against it.
    pub evidence: Evidence,
    /// What the server answers, where that is known: `{at}` stands for the place of the message,
    /// `{field}` for that of the field, from the name of the body's message on.
    pub answer: Option<Cow<'static, str>>,
}

/// What a [`MessageRule`] asks of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Demand {
    /// That so many are given.
    Given(Quantity),
    /// That no two of them have the same value.
    Differ,
    /// That their values have a format.
    Format(Format),
}

/// A message that rules are held against.
pub trait Fields {
    /// The message's name without its package.
    fn name(&self) -> &str;

    /// What is given of a field, by its name in the schema.
    fn field(&self, name: &str) -> Given<'_>;

    /// The messages in a field or list.
    fn messages(&self, name: &str) -> Vec<Box<dyn Fields + '_>> {
        let _ = name;
        Vec::new()
    }
}

impl<F: Fields + ?Sized> Fields for &F {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn field(&self, name: &str) -> Given<'_> {
        (**self).field(name)
    }

    fn messages(&self, name: &str) -> Vec<Box<dyn Fields + '_>> {
        (**self).messages(name)
    }
}

/// What is given of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<'a> {
    /// It is absent, empty or false.
    No,
    /// It has a value.
    Yes,
    /// It has this text: of a string, or the name of an enum's member.
    Text(&'a str),
}

impl<'a> Given<'a> {
    /// A text, where it is not empty.
    pub fn text(text: &'a str) -> Self {
        match text {
            "" => Self::No,
            text => Self::Text(text),
        }
    }

    /// Something that is given or not.
    pub fn is(given: bool) -> Self {
        match given {
            true => Self::Yes,
            false => Self::No,
        }
    }
}

/// The options of a [`MessageRule`], by their names in `Diadoc.Rules.FieldSet`.
pub trait SetOptions {
    /// An enum's number.
    fn number(&self, name: &str) -> Option<i64>;

    /// A string.
    fn text(&self, name: &str) -> Option<String>;

    /// The strings of a list.
    fn texts(&self, name: &str) -> Vec<String>;
}

impl MessageRule {
    /// The names of the options that state such rules, lists of `Diadoc.Rules.FieldSet`.
    pub const OPTIONS: [&'static str; 6] = [
        "any_of", "one_of", "excludes", "none_of", "differ", "format",
    ];

    /// The rule that one element of an option states; none where the option is none of
    /// [`OPTIONS`](Self::OPTIONS), or a format lacks.
    pub fn read(option: &str, set: &dyn SetOptions) -> Option<Self> {
        let owned = |texts: Vec<String>| -> Texts { texts.into_iter().map(Cow::Owned).collect() };
        let format = || set.number("format").and_then(Format::from_number);
        let quantity = Quantity::ALL
            .into_iter()
            .find(|quantity| quantity.option() == option);
        let demand = match (quantity, option) {
            (Some(quantity), _) => Demand::Given(quantity),
            (None, "differ") => Demand::Differ,
            (None, "format") => Demand::Format(format()?),
            _ => return None,
        };
        let evidence = set.number("evidence").and_then(Evidence::from_number);
        Some(Self {
            demand,
            fields: owned(set.texts("fields")),
            when: owned(set.texts("when")),
            unless: owned(set.texts("unless")),
            within: set.text("within").map(Cow::Owned),
            evidence: evidence.unwrap_or(Evidence::Likely),
            answer: set.text("answer").map(Cow::Owned),
        })
    }

    /// The rule as an expression of Rust, for generated tables.
    pub fn expression(&self) -> String {
        let text = |text: &str| format!("Cow::Borrowed({text:?})");
        let texts = |texts: &Texts| {
            let texts: Vec<_> = texts.iter().map(|one| text(one)).collect();
            format!("Cow::Borrowed(&[{}])", texts.join(", "))
        };
        let option = |value: &Option<Cow<'static, str>>| match value {
            Some(value) => format!("Some({})", text(value)),
            None => "None".to_owned(),
        };
        let demand = match self.demand {
            Demand::Given(quantity) => format!("Demand::Given(Quantity::{quantity:?})"),
            Demand::Differ => "Demand::Differ".to_owned(),
            Demand::Format(format) => format!("Demand::Format(Format::{format:?})"),
        };
        format!(
            "MessageRule {{ demand: {demand}, fields: {}, when: {}, unless: {}, within: {}, \
             evidence: Evidence::{:?}, answer: {} }}",
            texts(&self.fields),
            texts(&self.when),
            texts(&self.unless),
            option(&self.within),
            self.evidence,
            option(&self.answer),
        )
    }

    /// All terms of the rule, each with what it is for.
    pub fn terms(&self) -> impl Iterator<Item = Term<'_>> {
        let all = self.fields.iter().chain(self.when.iter());
        all.chain(self.unless.iter()).map(|text| Term::parse(text))
    }

    /// Whether all that the rule asks about stands in the message itself.
    pub fn is_local(&self) -> bool {
        self.within.is_none() && !self.terms().any(|term| term.of_body)
    }

    /// Whether the rule is about how many of its own fields are given, and nothing else.
    pub fn is_plain(&self) -> bool {
        self.when.is_empty()
            && self.unless.is_empty()
            && self.within.is_none()
            && matches!(self.demand, Demand::Given(_))
            && self.terms().all(|term| term.is_plain())
    }

    /// The id that a violation goes by.
    pub fn rule(&self) -> Rule {
        match self.demand {
            Demand::Given(Quantity::AnyOf) if self.fields.len() == 1 => Rule::MessageRequired,
            Demand::Given(quantity) => quantity.rule(),
            Demand::Differ => Rule::MessageDiffer,
            Demand::Format(_) => Rule::FieldFormat,
        }
    }

    /// What the rule asks for, as a phrase: `` `ToBoxId`, unless `IsDraft` is set ``.
    pub fn phrase(&self, language: Language) -> String {
        let words = Words::of(language);
        let terms: Vec<_> = self.fields.iter().map(|text| Term::parse(text)).collect();
        let names: Vec<_> = terms.iter().map(|term| term.subject(words)).collect();
        let all = join(&names, Joint::And, words);
        let mut phrase = match self.demand {
            Demand::Given(Quantity::AnyOf) if terms.len() == 1 => all,
            Demand::Given(Quantity::NoneOf) if terms.len() == 1 => fill(words.without, &[&all]),
            Demand::Given(quantity) => quantity.of(&all, words),
            Demand::Differ => fill(words.different, &[&all]),
            Demand::Format(format) => format.phrase(language).to_owned(),
        };
        if !self.when.is_empty() {
            let when = conditions(&self.when, Joint::And, words);
            phrase = fill(words.where_, &[&phrase, &when]);
        }
        if !self.unless.is_empty() {
            let unless = conditions(&self.unless, Joint::Or, words);
            phrase = fill(words.unless, &[&phrase, &unless]);
        }
        phrase
    }

    /// Holds a message against the rule; `body` is the outermost message around it, or itself.
    pub fn check(
        &self,
        message: &dyn Fields,
        body: &dyn Fields,
        language: Language,
    ) -> Option<Violation> {
        if self
            .within
            .as_deref()
            .is_some_and(|name| body.name() != name)
        {
            return None;
        }
        let holds = |text: &Cow<'static, str>| Term::parse(text).holds(message, body);
        if !self.when.iter().all(holds) || self.unless.iter().any(holds) {
            return None;
        }
        let fields = || self.fields.iter().map(|text| Term::parse(text));
        let given: Vec<_> = fields().filter(|term| term.holds(message, body)).collect();
        let words = Words::of(language);
        let subjects = |terms: &[Term<'_>]| {
            let subjects = terms.iter().map(|term| term.subject(words));
            join(&subjects.collect::<Vec<_>>(), Joint::And, words)
        };
        let all: Vec<_> = fields().collect();
        let (text, place) = match self.demand {
            Demand::Given(quantity) => {
                if quantity.misses(given.len()) == 0 {
                    return None;
                }
                let though = |text: String| match self.when.is_empty() {
                    true => text,
                    false => {
                        let when = conditions(&self.when, Joint::And, words);
                        fill(words.though, &[&text, &when])
                    }
                };
                match (given.as_slice(), all.as_slice()) {
                    ([], [one]) => (
                        though(fill(words.not_given, &[&one.subject(words)])),
                        Some(one.field),
                    ),
                    ([], all) => (though(fill(words.none_is_set, &[&subjects(all)])), None),
                    ([one], _) => (
                        though(fill(words.is_given, &[&one.subject(words)])),
                        Some(one.field),
                    ),
                    (given, _) if quantity == Quantity::NoneOf => {
                        (though(fill(words.are_given, &[&subjects(given)])), None)
                    }
                    (given, _) => (fill(words.set_together, &[&subjects(given)]), None),
                }
            }
            Demand::Differ => {
                let values: Vec<_> = given
                    .iter()
                    .filter_map(|term| Some((term, term.text(message, body)?)))
                    .collect();
                let same = values.iter().enumerate().find_map(|(place, (one, value))| {
                    let others = &values[place + 1..];
                    let other = others.iter().find(|(_, other)| same(value, other));
                    other.map(|(other, _)| (one, other))
                });
                let (one, other) = same?;
                let (one, other_name) = (one.subject(words), other.subject(words));
                let text = fill(words.same_value, &[&one, &other_name]);
                (text, Some(other.field))
            }
            Demand::Format(format) => {
                let wrong = given.iter().find(|term| {
                    let text = term.text(message, body);
                    text.is_some_and(|text| !format.fits_text(text))
                })?;
                let subject = wrong.subject(words);
                let text = fill(words.is_not, &[&subject, &format.phrase(language)]);
                (text, Some(wrong.field))
            }
        };
        Some(Violation {
            evidence: self.evidence,
            place: place.map(str::to_owned),
            answer: self.answer.as_deref().map(|answer| {
                let keys: Vec<_> = given.iter().filter_map(|term| term.inner_value()).collect();
                answer.replace("{keys}", &keys.join(", "))
            }),
            ..Violation::new(self.rule(), text, self.phrase(language))
        })
    }
}

/// How parts of a sentence are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
}

impl Joint {
    fn template(self, words: &Words) -> &'static str {
        match self {
            Self::And => words.and,
            Self::Or => words.or,
        }
    }
}

/// Conditions in words: `` `A` and `B` are set ``, `` `C` is Nonformalized ``.
fn conditions(texts: &Texts, joint: Joint, words: &Words) -> String {
    let terms = || texts.iter().map(|text| Term::parse(text));
    let set: Vec<_> = terms()
        .filter(|term| term.values.is_none())
        .map(|term| term.subject(words))
        .collect();
    let template = match set.len() {
        2.. if joint == Joint::And => words.are_set,
        _ => words.is_set,
    };
    let set = (!set.is_empty()).then(|| fill(template, &[&join(&set, joint, words)]));
    let others = terms().filter(|term| term.values.is_some());
    let all = set
        .into_iter()
        .chain(others.map(|term| term.condition(words)));
    all.reduce(|all, one| fill(joint.template(words), &[&all, &one]))
        .unwrap_or_default()
}

/// Whether two values mean the same; ids of boxes do in both their spellings.
fn same(one: &str, other: &str) -> bool {
    match (one.parse::<BoxId>(), other.parse::<BoxId>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// A list in words: `a, b and c`; of a long one the first few, and how many more there are.
fn join(parts: &[String], joint: Joint, words: &Words) -> String {
    const SHOWN: usize = 6;
    let more = parts.len().saturating_sub(SHOWN);
    let mut shown = parts[..parts.len() - more].to_vec();
    if more > 0 {
        shown.push(fill(words.more, &[&more]));
    }
    listed(&shown, joint.template(words))
}
