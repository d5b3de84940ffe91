//! What the live server takes: for each kind of deviation from the schema its effect, and how that is
//! known. The facts stand in `deviations.json`; nobody else decides.
//!
//! The effect of a rule that the schema states is refined by the evidence that stands beside the rule.

use std::fmt::Write as _;
use std::sync::LazyLock;

use diadoc_core::rules::{Effect, Evidence};
use diadoc_core::{Direction, Language};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Rule, Severity};

/// What the server answers to a request without a body where one is due.
pub const EMPTY_BODY: &str = "Request body cannot be empty";

/// A kind of deviation from the schema; [`Rule`] is what it goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Deviation {
    /// The body has no bytes, or white space alone.
    EmptyBody,
    /// Protobuf where JSON is due, or JSON where protobuf is.
    OtherForm,
    /// JSON in another encoding than UTF-8, or compressed.
    OtherEncoding,
    /// The message stands under its own name as the only key of an object.
    Wrapped,
    /// The body is a JSON string that holds JSON.
    InString,
    /// An object none of whose keys the message knows.
    Foreign,
    /// A UTF-8 byte order mark before the body.
    ByteOrderMark,
    /// What is not JSON, a comment or a trailing comma among it.
    Syntax,
    /// More than [`Limits::DEPTH`](diadoc_core::Limits::DEPTH) levels of nesting.
    Depth,
    /// A key that the schema does not have.
    UnknownKey,
    /// A key that the server computes for its answers.
    ComputedKey,
    /// A key in another case.
    KeyCase,
    /// A key twice in an object.
    DuplicateKey,
    /// A value of another JSON type.
    OtherType,
    /// A string, number or boolean where a list of them is due.
    OneForList,
    /// Bytes as a list of numbers.
    BytesAsList,
    /// An integer beyond its type.
    IntegerRange,
    /// An integer with a fraction or an exponent.
    IntegerFraction,
    /// An integer in a string.
    IntegerAsText,
    /// A boolean as a string, "true" or "False".
    BooleanAsText,
    /// A boolean as 0 or 1.
    BooleanAsNumber,
    /// A number where a string is due.
    NumberForText,
    /// A name that the enum does not have.
    EnumName,
    /// The same in a required field of an enum without an unknown member.
    EnumNameRequired,
    /// The name of an enum's member in another case.
    EnumCase,
    /// The same in a required field of an enum without an unknown member.
    EnumCaseRequired,
    /// Another name of a member than the vendor writes.
    EnumAlias,
    /// An enum's member as its number.
    EnumAsNumber,
    /// A number that the enum does not have.
    EnumUnknownNumber,
    /// A required field is absent.
    Required,
    /// A required boolean is absent, which is read as false.
    RequiredBoolean,
    /// A required field is null.
    RequiredNull,
    /// Null as an element of a list.
    NullElement,
    /// Bytes that are no base64.
    Base64,
    /// Base64 without its padding.
    Base64Unpadded,
    /// Base64 of the URL-safe alphabet.
    Base64UrlSafe,
    /// White space inside base64.
    Base64WhiteSpace,
    /// A text in the wrong encoding, percent-encoded, or a word for no value.
    TextMangled,
    /// Protobuf that ends inside a field.
    WireTruncated,
    /// Protobuf that cannot be read on.
    WireMalformed,
    /// Messages nested deeper than readers follow.
    WireDepth,
    /// A field of another wire type.
    WireType,
    /// A field number that the schema does not have.
    WireUnknownField,
    /// A required field is absent.
    WireRequired,
    /// A required boolean is absent, which is read as false.
    WireRequiredBoolean,
    /// A field that is no list stands twice.
    WireDuplicateField,
    /// A number that the enum does not have.
    WireEnumUnknownNumber,
    /// A string that is not UTF-8.
    WireUtf8,
    /// A varint beyond 32 bits, of which readers keep the low ones.
    WireIntegerRange,
    /// A string that is too short or too long.
    FieldLength,
    /// A list with too few or too many elements.
    FieldItems,
    /// A number outside its range.
    FieldRange,
    /// A string that does not have the format of its field.
    FieldFormat,
    /// A string that does not match the pattern of its field.
    FieldPattern,
    /// A mask with bits that it does not know.
    FieldFlags,
    /// More bytes than the field may have.
    FieldBytes,
    /// An integer that is none of the numbers that the field knows.
    FieldValue,
    /// A required string or content that is empty.
    FieldEmpty,
    /// A content that is given and has no bytes.
    ContentEmpty,
    /// A content that is base64 of base64.
    ContentBase64Twice,
    /// A signature or certificate that is no DER.
    ContentNotCms,
    /// XML that declares another encoding than its bytes have.
    ContentXmlEncoding,
    /// Another content where XML is due.
    ContentNotXml,
    /// XML or other bytes where text is due.
    ContentXmlInText,
    /// Not the number of fields that there must be.
    MessageOneOf,
    /// Fields that exclude each other.
    MessageExcludes,
    /// A field that what else is given asks for.
    MessageRequired,
    /// A field that what else is given forbids.
    MessageForbidden,
    /// Fields with one value that must differ.
    MessageDiffer,
    /// A message, field or value that the vendor calls obsolete.
    Deprecated,
}

/// What is known of a kind of deviation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Verdict {
    /// The kind.
    pub deviation: Deviation,
    /// The rule whose findings tell of it.
    #[serde(deserialize_with = "rule")]
    pub rule: Rule,
    /// What it is, as a phrase of English.
    pub what: String,
    /// The same in Russian.
    pub what_ru: String,
    /// What the server does about it in a request; none where there is nothing to say.
    pub request: Taken,
    /// What it means in a response.
    pub response: Taken,
    /// Whether the server cannot make the message of such a request, so that this is all it says.
    #[serde(default)]
    pub unreadable: bool,
    /// How well the effect on a request is known.
    pub evidence: Evidence,
    /// Where that is known from: reports to the vendor, the vendor's pages, the behaviour of .NET.
    pub sources: Vec<String>,
}

/// How a deviation is taken in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// There is nothing to say of it.
    Nothing,
    /// It has this effect, and weighs so much unless somebody says otherwise.
    As(Effect, Severity),
}

impl<'de> Deserialize<'de> for Taken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        if text == "nothing" {
            return Ok(Self::Nothing);
        }
        let (effect, note) = match text.strip_suffix(", note") {
            Some(effect) => (effect, true),
            None => (text, false),
        };
        let known = Effect::ALL
            .into_iter()
            .find(|known| known.as_str() == effect);
        let effect = known.ok_or_else(|| serde::de::Error::custom(format!("no effect: {text}")))?;
        let severity = match note {
            true => Severity::Info,
            false => severity(effect),
        };
        Ok(Self::As(effect, severity))
    }
}

/// How much a finding of an effect weighs.
pub(crate) fn severity(effect: Effect) -> Severity {
    match effect.is_fault() {
        true => Severity::Error,
        false => Severity::Warning,
    }
}

fn rule<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rule, D::Error> {
    let id = <&str>::deserialize(deserializer)?;
    Rule::from_id(id).ok_or_else(|| serde::de::Error::custom(format!("no rule: {id}")))
}

/// All kinds of deviation with what is known of them, in the order of [`Deviation`].
///
/// ```
/// use diadoc_schema::{Deviation, Effect, Taken, verdicts};
///
/// let unpadded = verdicts().iter().find(|one| one.deviation == Deviation::Base64Unpadded).unwrap();
/// assert!(matches!(unpadded.request, Taken::As(Effect::Refused, _)));
/// assert!(matches!(unpadded.response, Taken::As(Effect::Accepted, _)));
/// ```
#[allow(clippy::expect_used, reason = "the table comes with this crate")]
pub fn verdicts() -> &'static [Verdict] {
    static VERDICTS: LazyLock<Vec<Verdict>> =
        LazyLock::new(|| serde_json::from_str(verdicts_json()).expect("a test reads the table"));
    &VERDICTS
}

/// The table as it is kept: a JSON list with an object for each kind. [`Shape::from_deviations`] takes
/// it, of any version.
///
/// [`Shape::from_deviations`]: crate::Shape::from_deviations
pub fn verdicts_json() -> &'static str {
    include_str!("deviations.json")
}

/// The table as Markdown: the rule of each kind, its effect on requests and on responses, how well the
/// first is known, and from where.
pub fn verdicts_markdown() -> String {
    let mut text = String::from(
        "| rule | what stands in the body | in a request | in a response | known | from |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for verdict in verdicts() {
        let effect = |taken: Taken| match taken {
            Taken::Nothing => "–".to_owned(),
            Taken::As(effect, Severity::Info) => format!("{effect}, a note"),
            Taken::As(effect, _) => effect.to_string(),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} |",
            verdict.rule,
            verdict.what.replace('|', "\\|"),
            effect(verdict.request),
            effect(verdict.response),
            verdict.evidence,
            verdict.sources.join("; ")
        );
    }
    text
}

impl Verdict {
    /// What the deviation is, as a phrase.
    pub fn what(&self, language: Language) -> &str {
        match language {
            Language::English => &self.what,
            Language::Russian => &self.what_ru,
        }
    }
}

impl Deviation {
    /// What is known of it.
    pub fn verdict(self) -> &'static Verdict {
        &verdicts()[self as usize]
    }

    /// The kind that findings against a rule of the schema are of.
    pub(crate) fn of_rule(rule: Rule) -> Option<Self> {
        let mut verdicts = verdicts().iter();
        verdicts
            .find(|verdict| verdict.rule == rule)
            .map(|verdict| verdict.deviation)
    }

    /// How it is taken in a direction.
    pub fn taken(self, direction: Direction) -> Taken {
        let verdict = self.verdict();
        match direction {
            Direction::Request => verdict.request,
            Direction::Response => verdict.response,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_each_kind_in_its_place() {
        for (place, verdict) in verdicts().iter().enumerate() {
            assert_eq!(verdict.deviation as usize, place, "{:?}", verdict.deviation);
            assert!(!verdict.sources.is_empty(), "{:?}", verdict.deviation);
            let [russian, english] = Language::ALL.map(|language| verdict.what(language));
            assert_eq!(
                diadoc_core::faults_in_words(&[("what", russian, english)]),
                [""; 0]
            );
            let Taken::As(effect, _) = verdict.request else {
                continue;
            };
            // An effect that nobody has seen is stated as such.
            assert_ne!(
                effect,
                Effect::Drift,
                "{:?}: drift is of responses",
                verdict.deviation
            );
            assert_ne!(effect, Effect::Foreign, "{:?}", verdict.deviation);
            if effect == Effect::Unproven {
                assert_eq!(verdict.evidence, Evidence::Open, "{:?}", verdict.deviation);
            }
            if verdict.unreadable {
                assert_eq!(effect, Effect::Refused, "{:?}", verdict.deviation);
            }
        }
        assert_eq!(verdicts().len(), Deviation::Deprecated as usize + 1);
    }
}
