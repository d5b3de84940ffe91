//! The rules of fields and messages, their checks and their words, without any schema.

use std::borrow::Cow;
use std::collections::BTreeMap;

use diadoc_core::rules::{
    Code, Demand, Effect, Evidence, FieldOptions, FieldRule, FieldValue, Fields, Fit, Flag, Format,
    Given, MessageRule, Quantity, Rule, SetOptions, Term, Texts, elements, enumeration, nearest,
};
use diadoc_core::{Direction, Language};

use FieldValue::{Bytes, Integer, Items, Text};

fn flags() -> FieldRule {
    let flag = |name: &'static str, bit| Flag {
        name: name.into(),
        bit,
    };
    FieldRule::Flags(
        [flag("One", 1), flag("Two", 2), flag("Eight", 8)]
            .into_iter()
            .collect(),
    )
}

fn values() -> FieldRule {
    let code = |name: &'static str, number| Code {
        name: name.into(),
        number,
    };
    FieldRule::Values([code("Zero", 0), code("Seven", 7)].into_iter().collect())
}

/// Options of a field or of a set of fields.
#[derive(Default)]
struct Options {
    numbers: BTreeMap<&'static str, i64>,
    texts: BTreeMap<&'static str, Vec<&'static str>>,
}

impl FieldOptions for Options {
    fn number(&self, name: &str) -> Option<i64> {
        self.numbers.get(name).copied()
    }

    fn text(&self, name: &str) -> Option<String> {
        let texts = self.texts.get(name)?;
        Some(texts[0].to_owned())
    }

    fn values(&self, name: &str) -> Vec<(String, i64)> {
        match name {
            "Bits" => vec![("One".into(), 1), ("Two".into(), 2)],
            "Codes" => vec![("Seven".into(), 7)],
            _ => Vec::new(),
        }
    }
}

impl SetOptions for Options {
    fn number(&self, name: &str) -> Option<i64> {
        self.numbers.get(name).copied()
    }

    fn text(&self, name: &str) -> Option<String> {
        FieldOptions::text(self, name)
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let texts = self.texts.get(name).into_iter().flatten();
        texts.map(|text| (*text).to_owned()).collect()
    }
}

fn options(numbers: &[(&'static str, i64)], texts: &[(&'static str, &[&'static str])]) -> Options {
    let texts = texts.iter().map(|(name, texts)| (*name, texts.to_vec()));
    Options {
        numbers: numbers.iter().copied().collect(),
        texts: texts.collect(),
    }
}

/// Each rule with values on both sides of each of its bounds, and of kinds that it says nothing of.
#[test]
fn values_at_the_bounds_of_a_field_rule() {
    let length = |min, max| FieldRule::Length { min, max };
    let range = |min, max| FieldRule::Range { min, max };
    let items = |min, max| FieldRule::Items { min, max };
    let format = FieldRule::Format;
    let two_bytes = "я".repeat(3);
    for (rule, fits, breaks) in [
        (
            length(None, Some(3)),
            vec![
                Text(""),
                Text("abc"),
                Text(&two_bytes),
                Items(9),
                Integer(9),
                Bytes(9),
            ],
            vec![Text("abcd"), Text("ббббб")],
        ),
        (
            length(Some(2), None),
            vec![Text("ab"), Text("яя"), Text("abcdef")],
            vec![Text(""), Text("a"), Text("я")],
        ),
        (
            length(Some(2), Some(3)),
            vec![Text("ab"), Text("яяя")],
            vec![Text("я"), Text("яяяя")],
        ),
        (
            items(Some(1), Some(2)),
            vec![Items(1), Items(2), Text(""), Integer(5)],
            vec![Items(0), Items(3), Items(usize::MAX)],
        ),
        (
            items(None, Some(2)),
            vec![Items(0), Items(2)],
            vec![Items(3)],
        ),
        (
            range(Some(-1), Some(5)),
            vec![Integer(-1), Integer(5), Text("9"), Items(9)],
            vec![
                Integer(-2),
                Integer(6),
                Integer(i64::MIN),
                Integer(i64::MAX),
            ],
        ),
        (
            range(Some(1), None),
            vec![Integer(1), Integer(i64::MAX)],
            vec![Integer(0)],
        ),
        (
            range(None, Some(1)),
            vec![Integer(1), Integer(i64::MIN)],
            vec![Integer(2)],
        ),
        (
            flags(),
            vec![Integer(0), Integer(1), Integer(11), Text("4")],
            vec![
                Integer(4),
                Integer(15),
                Integer(16),
                Integer(-1),
                Integer(i64::MIN),
            ],
        ),
        (
            FieldRule::Bytes { max: 4 },
            vec![Bytes(0), Bytes(4), Text("abcd"), Text("яя"), Items(9)],
            vec![Bytes(5), Text("abcde"), Text("яяя")],
        ),
        (
            values(),
            vec![Integer(0), Integer(7), Text("1")],
            vec![Integer(1), Integer(-7)],
        ),
        (
            FieldRule::Pattern("^_?[a-z]+$".into()),
            vec![Text("a"), Text("_az"), Integer(0)],
            vec![Text(""), Text("_"), Text("a\n"), Text("A")],
        ),
        // Nobody can keep to what is no pattern.
        (
            FieldRule::Pattern("(".into()),
            vec![Text(""), Text("a")],
            vec![],
        ),
        (
            format(Format::Date),
            vec![Text(""), Text("29.02.2024"), Integer(-1)],
            vec![Text("29.02.2023"), Text(" ")],
        ),
        (
            format(Format::Ticks),
            vec![Integer(0), Integer(3_155_378_975_999_999_999), Text("-1")],
            vec![Integer(-1), Integer(3_155_378_976_000_000_000)],
        ),
        (
            format(Format::Guid),
            vec![Text("bcd62464-5b5d-44ff-93b0-ec6981b7cefe"), Integer(-1)],
            vec![Text("bcd624645b5d44ff93b0ec6981b7cefe"), Text("-")],
        ),
    ] {
        for value in fits {
            assert_eq!(
                rule.check(value, Language::English),
                None,
                "{rule:?} {value:?}"
            );
        }
        for value in breaks {
            let violation = rule
                .check(value, Language::English)
                .unwrap_or_else(|| panic!("{rule:?} {value:?}"));
            assert_eq!(violation.rule, rule.rule());
            let expected = match rule {
                FieldRule::Values(_) => Evidence::Open,
                _ => Evidence::Likely,
            };
            assert_eq!(violation.evidence, expected);
        }
    }
}

#[test]
fn what_is_said_of_values() {
    let said = |rule: FieldRule, value: FieldValue<'_>| {
        let violation = rule.check(value, Language::English).unwrap();
        let rule = violation.rule;
        format!("{}; {}; {rule}", violation.message, violation.expected)
    };
    let (min, max) = (Some(1), Some(2));
    let items = FieldRule::Items { min, max };
    let length = FieldRule::Length { min: None, max };
    let single = FieldRule::Length { min, max: min };
    let (gte, lte) = (Some(1), Some(2));
    for (said, expected) in [
        (
            said(items.clone(), Items(0)),
            "the list has no elements; from 1 to 2 elements; field.items",
        ),
        (
            said(items, Items(3)),
            "the list has 3 elements; from 1 to 2 elements; field.items",
        ),
        (
            said(length, Text("яяя")),
            "the string is 3 characters long; at most 2 characters; field.length",
        ),
        (
            said(single, Text("")),
            "the string is 0 characters long; exactly 1 character; field.length",
        ),
        (
            said(FieldRule::Range { min: gte, max: lte }, Integer(3)),
            "3 lies outside the range of the field; a number from 1 to 2; field.range",
        ),
        (
            said(
                FieldRule::Range {
                    min: gte,
                    max: None,
                },
                Integer(0),
            ),
            "0 lies outside the range of the field; a number of at least 1; field.range",
        ),
        (
            said(
                FieldRule::Range {
                    min: None,
                    max: lte,
                },
                Integer(3),
            ),
            "3 lies outside the range of the field; a number of at most 2; field.range",
        ),
        (
            said(flags(), Integer(4 | 16 | 1)),
            "the mask has the unknown bits 20; a mask of the bits 1 One, 2 Two, 8 Eight; field.flags",
        ),
        (
            said(flags(), Integer(-1)),
            "a mask is not negative; a mask of the bits 1 One, 2 Two, 8 Eight; field.flags",
        ),
        (
            said(FieldRule::Bytes { max: 4 }, Bytes(5)),
            "the content has 5 bytes; at most 4 bytes; field.bytes",
        ),
        (
            said(FieldRule::Bytes { max: 4 }, Text("яяя")),
            "the string has 6 bytes in UTF-8; at most 4 bytes; field.bytes",
        ),
        (
            said(values(), Integer(1)),
            "1 is none of the numbers that the field knows; one of the numbers 0 Zero, 7 Seven; \
             field.value",
        ),
        (
            said(FieldRule::Pattern("^a$".into()), Text("b")),
            "the string does not match the pattern of its field; a string matching `^a$`; field.pattern",
        ),
        (
            said(FieldRule::Format(Format::Date), Text("b")),
            "the string does not have the format of its field; a date dd.MM.yyyy; field.format",
        ),
        (
            said(FieldRule::Format(Format::Ticks), Integer(-1)),
            "-1 ticks are no moment; ticks of the years 1 to 9999, or 0 for none; field.format",
        ),
    ] {
        assert_eq!(said, expected);
    }
}

#[test]
fn field_rules_are_read_from_options() {
    let read = |numbers: &[_], texts: &[_]| FieldRule::read(&options(numbers, texts));
    assert_eq!(read(&[], &[]), []);
    let all = read(
        &[
            ("min_items", 1),
            ("format", 3),
            ("max_len", 5),
            ("gte", -1),
            ("max_bytes", 9),
        ],
        &[
            ("pattern", &["^a$"]),
            ("flags", &["Bits"]),
            ("values", &["Codes"]),
        ],
    );
    let [one, two] = [("One", 1), ("Two", 2)].map(|(name, bit)| Flag {
        name: name.into(),
        bit,
    });
    let seven = Code {
        name: "Seven".into(),
        number: 7,
    };
    assert_eq!(
        all,
        [
            FieldRule::Items {
                min: Some(1),
                max: None
            },
            FieldRule::Format(Format::Date),
            FieldRule::Length {
                min: None,
                max: Some(5)
            },
            FieldRule::Pattern("^a$".into()),
            FieldRule::Range {
                min: Some(-1),
                max: None
            },
            FieldRule::Flags([one, two].into_iter().collect()),
            FieldRule::Bytes { max: 9 },
            FieldRule::Values([seven].into_iter().collect()),
        ]
    );
    // What stands for nothing is no rule.
    let nothing = read(
        &[("format", 99), ("max_bytes", -1), ("max_len", -1)],
        &[("flags", &["None"]), ("values", &["None"])],
    );
    assert_eq!(nothing, []);
    assert_eq!(
        read(&[("max_items", 2), ("min_len", 3), ("lte", 4)], &[]),
        [
            FieldRule::Items {
                min: None,
                max: Some(2)
            },
            FieldRule::Length {
                min: Some(3),
                max: None
            },
            FieldRule::Range {
                min: None,
                max: Some(4)
            },
        ]
    );
}

#[test]
fn samples_keep_to_their_rule() {
    for format in Format::ALL {
        let rule = FieldRule::Format(*format);
        assert_eq!(rule.samples(), [format.sample()]);
        assert_eq!(rule.check(Text(format.sample()), Language::English), None);
    }
    let pattern = FieldRule::Pattern("^(a|bc)$".into());
    assert_eq!(pattern.samples(), ["a", "bc"]);
    assert_eq!(FieldRule::Pattern("^a$".into()).samples(), [""; 0]);
    assert_eq!(values().integers(), [0, 7]);
    assert_eq!(flags().integers(), [0; 0]);
    assert_eq!(flags().samples(), [""; 0]);
}

#[test]
fn rules_as_expressions() {
    for (rule, expected) in [
        (
            FieldRule::Items {
                min: None,
                max: Some(2),
            },
            "FieldRule::Items { min: None, max: Some(2) }",
        ),
        (
            FieldRule::Format(Format::Date),
            "FieldRule::Format(Format::Date)",
        ),
        (
            FieldRule::Pattern("\"".into()),
            r#"FieldRule::Pattern(Cow::Borrowed("\""))"#,
        ),
        (
            values(),
            "FieldRule::Values(Cow::Borrowed(&[Code { name: Cow::Borrowed(\"Zero\"), number: 0 }, \
             Code { name: Cow::Borrowed(\"Seven\"), number: 7 }, ]))",
        ),
        (
            flags(),
            "FieldRule::Flags(Cow::Borrowed(&[Flag { name: Cow::Borrowed(\"One\"), bit: 1 }, \
             Flag { name: Cow::Borrowed(\"Two\"), bit: 2 }, \
             Flag { name: Cow::Borrowed(\"Eight\"), bit: 8 }, ]))",
        ),
    ] {
        assert_eq!(rule.expression(), expected);
    }
    let rule = rule(Demand::Given(Quantity::OneOf), &["A"], &["B"], &[]);
    assert_eq!(
        rule.expression(),
        "MessageRule { demand: Demand::Given(Quantity::OneOf), fields: Cow::Borrowed(&[\
         Cow::Borrowed(\"A\")]), when: Cow::Borrowed(&[Cow::Borrowed(\"B\")]), unless: \
         Cow::Borrowed(&[]), within: None, evidence: Evidence::Likely, answer: None }"
    );
    let rule = MessageRule {
        demand: Demand::Differ,
        within: Some("Body".into()),
        answer: Some("No".into()),
        ..rule
    };
    let expression = rule.expression();
    assert!(
        expression.contains("demand: Demand::Differ, "),
        "{expression}"
    );
    assert!(
        expression.contains("within: Some(Cow::Borrowed(\"Body\")), "),
        "{expression}"
    );
    assert!(
        expression.contains("answer: Some(Cow::Borrowed(\"No\"))"),
        "{expression}"
    );
    let rule = MessageRule {
        demand: Demand::Format(Format::Inn),
        ..rule
    };
    assert!(
        rule.expression()
            .contains("demand: Demand::Format(Format::Inn), ")
    );
}

/// A message by its fields: the texts of some, and the messages in others.
#[derive(Debug, Default, Clone)]
struct Message {
    name: &'static str,
    texts: BTreeMap<&'static str, &'static str>,
    messages: BTreeMap<&'static str, Vec<Message>>,
}

impl Fields for Message {
    fn name(&self) -> &str {
        self.name
    }

    fn field(&self, name: &str) -> Given<'_> {
        match (self.texts.get(name), self.messages.get(name)) {
            (Some(&"+"), _) => Given::Yes,
            (Some(text), _) => Given::text(text),
            (None, messages) => Given::is(messages.is_some_and(|inner| !inner.is_empty())),
        }
    }

    fn messages(&self, name: &str) -> Vec<Box<dyn Fields + '_>> {
        let messages = self.messages.get(name).into_iter().flatten();
        messages
            .map(|inner| Box::new(inner) as Box<dyn Fields>)
            .collect()
    }
}

/// `A B=text`; a field without a text is given all the same.
fn message(fields: &'static str) -> Message {
    let pairs = fields.split_whitespace();
    Message {
        name: "Message",
        texts: pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "+")))
            .collect(),
        ..Message::default()
    }
}

fn texts(all: &[&'static str]) -> Texts {
    all.iter().map(|text| Cow::Borrowed(*text)).collect()
}

fn rule(
    demand: Demand,
    fields: &[&'static str],
    when: &[&'static str],
    unless: &[&'static str],
) -> MessageRule {
    MessageRule {
        demand,
        fields: texts(fields),
        when: texts(when),
        unless: texts(unless),
        within: None,
        evidence: Evidence::Likely,
        answer: None,
    }
}

/// `message (expected), at place (rule)` of what a message breaks.
fn said(rule: &MessageRule, message: &Message) -> String {
    let Some(violation) = rule.check(message, message, Language::English) else {
        return String::new();
    };
    let place = violation.place.as_deref().unwrap_or("-");
    format!(
        "{} ({}) at {place}, {}",
        violation.message, violation.expected, violation.rule
    )
}

#[test]
fn how_many_fields_are_given() {
    use Quantity::{AnyOf, Excludes, NoneOf, OneOf};

    let two = &["A", "B"][..];
    for (quantity, fields, given, expected) in [
        (
            AnyOf,
            two,
            "",
            "none of `A` and `B` is set (at least one of `A` and `B`) at -, message.one-of",
        ),
        (AnyOf, two, "A", ""),
        (AnyOf, two, "A B", ""),
        (
            AnyOf,
            &["A"],
            "",
            "`A` is not given (`A`) at A, message.required",
        ),
        (AnyOf, &["A"], "A", ""),
        (
            OneOf,
            two,
            "",
            "none of `A` and `B` is set (exactly one of `A` and `B`) at -, message.one-of",
        ),
        (OneOf, two, "B", ""),
        (
            OneOf,
            two,
            "A B",
            "`A` and `B` are set together (exactly one of `A` and `B`) at -, message.one-of",
        ),
        (Excludes, two, "", ""),
        (Excludes, two, "A", ""),
        (
            Excludes,
            two,
            "A B",
            "`A` and `B` are set together (at most one of `A` and `B`) at -, message.excludes",
        ),
        (NoneOf, two, "", ""),
        (
            NoneOf,
            two,
            "B",
            "`B` is given (none of `A` and `B`) at B, message.forbidden",
        ),
        (
            NoneOf,
            two,
            "A B",
            "`A` and `B` are given (none of `A` and `B`) at -, message.forbidden",
        ),
        (
            NoneOf,
            &["A"],
            "A",
            "`A` is given (no `A`) at A, message.forbidden",
        ),
    ] {
        let rule = rule(Demand::Given(quantity), fields, &[], &[]);
        assert_eq!(
            said(&rule, &message(given)),
            expected,
            "{quantity:?} {given}"
        );
        assert!(rule.is_plain() && rule.is_local());
        // The same of parameters, which are no message.
        let is_given = |name: &str| given.split_whitespace().any(|one| one == name);
        let violation = quantity.check(fields, is_given, Language::English);
        assert_eq!(
            violation.is_some(),
            !expected.is_empty(),
            "{quantity:?} {given}"
        );
        let count = given.split_whitespace().count();
        assert_eq!(quantity.misses(count) > 0, !expected.is_empty());
    }
    for (quantity, misses) in [
        (AnyOf, [1, 0, 0, 0]),
        (OneOf, [1, 0, 1, 2]),
        (Excludes, [0, 0, 1, 2]),
        (NoneOf, [0, 1, 2, 3]),
    ] {
        assert_eq!([0, 1, 2, 3].map(|given| quantity.misses(given)), misses);
    }
    let violation = OneOf
        .check(&["A", "B", "C"], |name| name != "B", Language::English)
        .unwrap();
    assert_eq!(violation.message, "`A` and `C` are set together");
    assert_eq!(violation.expected, "exactly one of `A`, `B` and `C`");
    let violation = AnyOf
        .check(&["A", "B"], |_| false, Language::English)
        .unwrap();
    assert_eq!(violation.message, "none of `A` and `B` is set");
}

#[test]
fn where_a_rule_applies() {
    let any = Demand::Given(Quantity::AnyOf);
    let plain = rule(any, &["A"], &["B", "C=x|y"], &["D", "E=z"]);
    assert!(!plain.is_plain() && plain.is_local());
    for (given, applies) in [
        ("", false),
        ("B", false),
        ("C=x", false),
        ("B C=x", true),
        ("B C=Y", true),
        ("B C=z", false),
        ("B C=x D", false),
        ("B C=x E=z", false),
        ("B C=x E=y", true),
        ("B C=x A", false),
    ] {
        assert_eq!(
            plain
                .check(&message(given), &message(given), Language::English)
                .is_some(),
            applies,
            "{given}"
        );
    }
    assert_eq!(
        said(&plain, &message("B C=x")),
        "`A` is not given, though `B` is set and `C` is x or y (`A` where `B` is set and `C` is x or y, \
         unless `D` is set or `E` is z) at A, message.required"
    );
    // What stands in the body around it, and which message that is.
    let outside = rule(any, &["A"], &["/B"], &[]);
    assert!(!outside.is_plain() && !outside.is_local());
    assert!(
        outside
            .check(&message(""), &message("B"), Language::English)
            .is_some()
    );
    assert!(
        outside
            .check(&message("B"), &message(""), Language::English)
            .is_none()
    );
    let within = MessageRule {
        within: Some("Message".into()),
        ..rule(any, &["A"], &[], &[])
    };
    assert!(!within.is_plain() && !within.is_local());
    assert!(
        within
            .check(&message(""), &message(""), Language::English)
            .is_some()
    );
    let other = Message {
        name: "Other",
        ..Message::default()
    };
    assert!(
        within
            .check(&message(""), &other, Language::English)
            .is_none()
    );
    for (fields, is_plain) in [(&["A"][..], true), (&["A[B]"], false), (&["A=x"], false)] {
        assert_eq!(rule(any, fields, &[], &[]).is_plain(), is_plain);
    }
    assert!(!rule(Demand::Differ, &["A", "B"], &[], &[]).is_plain());
    assert!(!rule(any, &["A"], &[], &["B"]).is_plain());
}

#[test]
fn messages_in_a_field_are_looked_into() {
    let any = Demand::Given(Quantity::AnyOf);
    let keys = MessageRule {
        answer: Some("lacks {keys}".into()),
        ..rule(any, &["Data[Key=FileName]"], &[], &[])
    };
    let with = |inner: &[&'static str]| Message {
        messages: [("Data", inner.iter().map(|inner| message(inner)).collect())].into(),
        ..message("")
    };
    for (inner, fits) in [
        (&[][..], false),
        (&["Key=Other"], false),
        (&["Key=Other", "Key=filename"], true),
    ] {
        assert_eq!(said(&keys, &with(inner)).is_empty(), fits, "{inner:?}");
    }
    assert_eq!(
        said(&keys, &with(&[])),
        "`FileName` in `Data` is not given (`FileName` in `Data`) at Data, message.required"
    );
    let none = MessageRule {
        demand: Demand::Given(Quantity::NoneOf),
        answer: Some("has {keys}".into()),
        ..rule(any, &["Data[Key=A]", "Data[Key=B]"], &[], &[])
    };
    let both = with(&["Key=A", "Key=B"]);
    let violation = none.check(&both, &both, Language::English).unwrap();
    assert_eq!(violation.answer.as_deref(), Some("has A, B"));
}

/// A reference to a message is the message, and one that says nothing of messages in it has none.
#[test]
fn fields_of_a_reference() {
    struct Flat;

    impl Fields for Flat {
        fn name(&self) -> &str {
            "Flat"
        }

        fn field(&self, _: &str) -> Given<'_> {
            Given::Yes
        }
    }

    fn shape(fields: impl Fields) -> (String, Vec<String>) {
        let inner = fields.messages("Data");
        let inner = inner.iter().map(|inner| inner.name().to_owned());
        (fields.name().to_owned(), inner.collect())
    }

    assert_eq!(shape(&Flat), ("Flat".to_owned(), Vec::new()));
    let outer = Message {
        messages: [("Data", vec![message(""), message("")])].into(),
        ..message("")
    };
    let inner = vec!["Message".to_owned(); 2];
    assert_eq!(shape(&outer), ("Message".to_owned(), inner));
}

#[test]
fn what_is_given() {
    for (text, given) in [("", Given::No), ("a", Given::Text("a"))] {
        assert_eq!(Given::text(text), given);
    }
    for (is, given) in [(false, Given::No), (true, Given::Yes)] {
        assert_eq!(Given::is(is), given);
    }
}

#[test]
fn values_that_differ_or_have_a_format() {
    let differ = rule(Demand::Differ, &["A", "B", "C"], &[], &[]);
    let id = "A=1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru B=1F208D03-2A60-4F64-91B1-B7AAD54CFAF3";
    for (given, expected) in [
        ("", ""),
        ("A=x", ""),
        ("A=x B=y C=z", ""),
        ("A=x B=X", ""),
        ("A B", ""),
        (
            "A=x C=x",
            "`A` and `C` have the same value (different values of `A`, `B` and `C`) at C, message.differ",
        ),
        (
            "B=x C=x",
            "`B` and `C` have the same value (different values of `A`, `B` and `C`) at C, message.differ",
        ),
        // Two spellings of one box.
        (
            id,
            "`A` and `B` have the same value (different values of `A`, `B` and `C`) at B, message.differ",
        ),
    ] {
        assert_eq!(said(&differ, &message(given)), expected, "{given}");
    }
    let format = rule(Demand::Format(Format::Date), &["A", "B"], &["C"], &[]);
    for (given, expected) in [
        ("A=x", ""),
        ("C A=01.02.2024", ""),
        ("C A B", ""),
        (
            "C A=x",
            "`A` is not a date dd.MM.yyyy (a date dd.MM.yyyy where `C` is set) at A, field.format",
        ),
        (
            "C A=01.02.2024 B=x",
            "`B` is not a date dd.MM.yyyy (a date dd.MM.yyyy where `C` is set) at B, field.format",
        ),
    ] {
        assert_eq!(said(&format, &message(given)), expected, "{given}");
    }
}

#[test]
fn message_rules_are_read_from_options() {
    let set = options(
        &[("evidence", 3), ("format", 3)],
        &[
            ("fields", &["A", "B"]),
            ("when", &["C"]),
            ("unless", &["D"]),
            ("within", &["Body"]),
            ("answer", &["No"]),
        ],
    );
    for option in MessageRule::OPTIONS {
        let rule = MessageRule::read(option, &set).unwrap();
        let demand = match option {
            "differ" => Demand::Differ,
            "format" => Demand::Format(Format::Date),
            other => {
                let mut all = Quantity::ALL.into_iter();
                Demand::Given(all.find(|quantity| quantity.option() == other).unwrap())
            }
        };
        let expected = MessageRule {
            within: Some("Body".into()),
            evidence: Evidence::Open,
            answer: Some("No".into()),
            ..self::rule(demand, &["A", "B"], &["C"], &["D"])
        };
        assert_eq!(rule, expected);
        assert_eq!(
            rule.terms().map(|term| term.field).collect::<String>(),
            "ABCD"
        );
    }
    assert_eq!(MessageRule::read("other", &set), None);
    let bare = options(&[], &[("fields", &["A"])]);
    assert_eq!(MessageRule::read("format", &bare), None);
    let read = MessageRule::read("any_of", &bare).unwrap();
    assert_eq!(read, rule(Demand::Given(Quantity::AnyOf), &["A"], &[], &[]));
}

#[test]
fn phrases_of_many_fields() {
    let all = ["A", "B", "C", "D", "E", "F", "G", "H"];
    let any = Demand::Given(Quantity::AnyOf);
    let phrase = |fields: &[&'static str]| rule(any, fields, &[], &[]).phrase(Language::English);
    assert_eq!(
        phrase(&all[..6]),
        "at least one of `A`, `B`, `C`, `D`, `E` and `F`"
    );
    assert_eq!(
        phrase(&all),
        "at least one of `A`, `B`, `C`, `D`, `E`, `F` and 2 more"
    );
    let when = |when: &[&'static str]| rule(any, &["A"], when, &[]).phrase(Language::English);
    assert_eq!(
        when(&["B", "C", "D=x"]),
        "`A` where `B` and `C` are set and `D` is x"
    );
    assert_eq!(when(&["B=*End"]), "`A` where `B` ends with End");
    assert_eq!(
        when(&["B=a|b|c|d|e|f"]),
        "`A` where `B` is a or b or c or d or 2 more"
    );
    assert_eq!(when(&["B[C]"]), "`A` where `C` in `B` is set");
    let unless = rule(any, &["A"], &[], &["B", "C"]).phrase(Language::English);
    assert_eq!(unless, "`A`, unless `B` or `C` is set");
    assert_eq!(enumeration(&["A"; 0], Language::English), "");
    assert_eq!(
        enumeration(&["A", "B", "C"], Language::English),
        "`A`, `B` and `C`"
    );
    assert_eq!(
        [0, 1, 2].map(|count| elements(count, Language::English)),
        ["no elements", "one element", "2 elements"]
    );
    let term = Term::parse("/A[B=x]");
    assert!(term.of_body && !term.is_plain());
    assert!(!Term::parse("A=x").is_plain() && !Term::parse("/A").is_plain());
}

#[test]
fn effects_and_evidence() {
    for (place, effect) in Effect::ALL.into_iter().enumerate() {
        assert_eq!(effect.is_fault(), place < 3, "{effect}");
        let sentences = [Direction::Request, Direction::Response]
            .map(|way| effect.sentence(way, Language::English));
        assert!(
            sentences.iter().all(|sentence| sentence.len() > 20),
            "{sentences:?}"
        );
        let is_of_both = matches!(effect, Effect::Foreign | Effect::Dropped | Effect::Drift);
        assert_eq!(sentences[0] == sentences[1], is_of_both, "{effect}");
    }
    let names = Effect::ALL.map(|effect| effect.to_string()).join(" ");
    assert_eq!(names, "refused foreign dropped unproven drift accepted");
    let names = Evidence::ALL.map(|evidence| evidence.to_string()).join(" ");
    assert_eq!(names, "proven likely open");
    let numbers = [0, 1, 2, 3, 4].map(Evidence::from_number);
    let [proven, likely, open] = Evidence::ALL.map(Some);
    assert_eq!(numbers, [None, proven, likely, open, None]);
    for rule in Rule::ALL {
        assert_eq!(Rule::from_id(rule.id()), Some(*rule));
        assert_eq!(rule.to_string(), rule.id());
        assert!(rule.summary(Language::English).ends_with('.'), "{rule}");
    }
    assert_eq!(Rule::from_id("field"), None);
    let rules = Rule::ALL
        .iter()
        .map(|rule| Language::ALL.map(|language| rule.summary(language)));
    let formats = Format::ALL
        .iter()
        .map(|format| Language::ALL.map(|language| format.phrase(language)));
    for [russian, english] in rules.chain(formats) {
        assert_eq!(
            diadoc_core::faults_in_words(&[("", russian, english)]),
            [""; 0]
        );
    }
}

#[test]
fn formats_by_their_numbers() {
    for (place, format) in Format::ALL.iter().enumerate() {
        assert_eq!(Format::from_number(place as i64 + 1), Some(*format));
        assert!(format.fits_text(""), "{format:?}");
        assert_eq!(format.fits_integer(-1), *format != Format::Ticks);
        assert_eq!(format.pattern().is_none(), *format == Format::Ticks);
        assert_eq!(
            format.fit() == Fit::LongIntegers,
            *format == Format::Ticks,
            "{format:?}"
        );
    }
    assert_eq!(Format::from_number(0), None);
    assert_eq!(Format::from_number(Format::ALL.len() as i64 + 1), None);
}

/// What may have been meant by what is no filter, no category and no status.
#[test]
fn filters_that_may_have_been_meant() {
    let meant = |format: Format, text: &str| {
        let violation = FieldRule::Format(format).check(Text(text), Language::English);
        violation.map(|violation| (violation.message, violation.suggestion))
    };
    let no_filter = "the string is no filter: ";
    let withdrawn = "the server no longer takes the group of types `AnyInvoiceDocumentType`; ask for each of \
                     its types, or for `Any`";
    for (format, text, start, suggestion) in [
        (
            Format::FilterCategory,
            "Any.Incoming",
            "the filter has a class",
            Some("Any.Inbound"),
        ),
        (
            Format::FilterCategory,
            "Any.Outgoing",
            "the filter has a class",
            Some("Any.Outbound"),
        ),
        (
            Format::FilterCategory,
            "Any.InboundNotReed",
            "the filter has a status",
            Some("Any.InboundNotRead"),
        ),
        (
            Format::FilterCategory,
            "Inbound",
            no_filter,
            Some("Any.Inbound"),
        ),
        (Format::FilterCategory, "Ж.Inbound", no_filter, None),
        (
            Format::FilterCategory,
            "AnyInvoiceDocumentType.Inbound",
            withdrawn,
            Some("Any.Inbound"),
        ),
        (
            Format::DocumentCategory,
            "Any.Inbound",
            "the string is a filter as GetDocuments (V3) has it",
            Some("Incoming"),
        ),
        (
            Format::DocumentCategory,
            "OutboundNotRead",
            "the string is no category",
            Some("Outgoing"),
        ),
        (
            Format::DocumentCategory,
            "internal",
            "the string is no category",
            Some("Internal"),
        ),
        (
            Format::DocumentCategory,
            "Else",
            "the string is no category",
            None,
        ),
        (
            Format::DocumentStatus,
            "Any.InboundNotRead",
            "the vendor names no such status",
            Some("NotRead"),
        ),
        (
            Format::DocumentStatus,
            "Finishd",
            "the vendor names no such status",
            Some("Finished"),
        ),
        (
            Format::DocumentStatus,
            "Никакой",
            "the vendor names no such status",
            None,
        ),
    ] {
        let (message, found) = meant(format, text).unwrap_or_else(|| panic!("{text}"));
        assert!(message.starts_with(start), "{text}: {message}");
        assert_eq!(found.as_deref(), suggestion, "{text}");
    }
    for (format, text) in [
        (Format::FilterCategory, "Any.Deleted"),
        (Format::FilterCategory, "Torg12.InboundNotFinished"),
        (Format::DocumentCategory, "Any"),
        (Format::DocumentStatus, "RequestsMyRevocation"),
    ] {
        assert_eq!(meant(format, text), None, "{text}");
    }
}

#[test]
fn names_that_are_near() {
    for (wanted, candidates, near) in [
        (
            "documentid",
            &["DocumentId", "Documents"][..],
            &["DocumentId"][..],
        ),
        (
            "Documnets",
            &["DocumentId", "Documents"],
            &["Documents", "DocumentId"],
        ),
        ("abc", &["abd", "abd", "abde", "xyz"], &["abd"]),
        ("ab", &["ac"], &[]),
        (
            "abcdef",
            &["abcdefgh", "abcdefghi", "abcd"],
            &["abcd", "abcdefgh"],
        ),
        ("", &["a", ""], &[""]),
    ] {
        assert_eq!(
            nearest(wanted, candidates.iter().copied()),
            near,
            "{wanted}"
        );
    }
}
