use std::collections::BTreeMap;

use prost_reflect::Kind;

use super::{Kept, Likeness};
use crate::compare::shape::{Enum, EnumValue, Field, Label, Message, Shape, Type};
use crate::compare::{Breaks, changes};

/// Enough that a square of it would be seen.
const MANY: usize = 400;

fn field(number: usize, name: &str, kind: Type) -> Field {
    Field {
        name: name.to_owned(),
        json_name: name.to_owned(),
        number: u32::try_from(number).unwrap(),
        label: Label::Optional,
        kind,
        default: None,
        oneof: None,
        only_in_json: false,
    }
}

fn shape(messages: impl IntoIterator<Item = (String, Vec<Field>)>) -> Shape {
    let messages = messages.into_iter().map(|(name, fields)| {
        let message = Message {
            fields,
            ..Message::default()
        };
        (name, message)
    });
    Shape {
        numbered: true,
        messages: messages.collect(),
        ..Shape::default()
    }
}

/// Messages each of which lies in the one before, the first in the last; `last` is a field of the last.
fn ring(package: &str, last: Kind) -> Shape {
    let name = |at: usize| format!("{package}.M{at}");
    shape((0..MANY).map(|at| {
        let next = Type::Message(name((at + 1) % MANY));
        let mut fields = vec![field(1, "Next", next)];
        if at + 1 == MANY {
            fields.push(field(2, "Last", Type::Scalar(last.clone())));
        }
        (name(at), fields)
    }))
}

#[test]
fn each_pair_is_looked_into_once() {
    let (old, new) = (ring("A", Kind::String), ring("B", Kind::String));
    let likeness = Likeness::between(&old, &new);
    for at in 0..MANY {
        assert!(likeness.same_message(&format!("A.M{at}"), &format!("B.M{at}")));
    }
    assert_eq!(likeness.compared.get(), MANY);
}

/// One difference far below is a difference of all that it lies below, in whatever order they are asked.
#[test]
fn a_difference_below_is_one_above() {
    let (old, new) = (ring("A", Kind::String), ring("B", Kind::Bool));
    let likeness = Likeness::between(&old, &new);
    for at in (0..MANY).chain((0..MANY).rev()) {
        let breaks = likeness.in_place_of(&format!("A.M{at}"), &format!("B.M{at}"));
        assert_eq!(breaks, Breaks::WIRE | Breaks::JSON);
    }
    assert_eq!(likeness.compared.get(), MANY);
}

/// What lies beside a difference, and not above it, is alike.
#[test]
fn a_difference_beside_is_none() {
    let messages = |package: &str, other: Kind| {
        let name = |name: &str| format!("{package}.{name}");
        shape([
            (
                name("Top"),
                vec![
                    field(1, "Same", Type::Message(name("Same"))),
                    field(2, "Other", Type::Message(name("Other"))),
                ],
            ),
            (
                name("Same"),
                vec![field(1, "Text", Type::Scalar(Kind::String))],
            ),
            (name("Other"), vec![field(1, "Value", Type::Scalar(other))]),
        ])
    };
    let (old, new) = (messages("A", Kind::String), messages("B", Kind::Bool));
    let likeness = Likeness::between(&old, &new);
    assert!(!likeness.same_message("A.Top", "B.Top"));
    assert!(likeness.same_message("A.Same", "B.Same"));
    assert!(!likeness.same_message("A.Other", "B.Other"));
}

/// A message that has all fields of another, and more, is none that reads and writes as that: at any
/// place among the fields, and in a message below.
#[test]
fn a_field_more_is_a_difference() {
    let text = |number| field(number, &format!("F{number}"), Type::Scalar(Kind::String));
    let messages = |package: &str, numbers: &[usize]| {
        let name = |name: &str| format!("{package}.{name}");
        let inner = Type::Message(name("Inner"));
        shape([
            (name("Outer"), vec![field(1, "Inner", inner)]),
            (
                name("Inner"),
                numbers.iter().map(|number| text(*number)).collect(),
            ),
        ])
    };
    let some = [&[][..], &[1], &[2], &[1, 2], &[1, 3], &[2, 3], &[1, 2, 3]];
    for a in some {
        for b in some {
            let (old, new) = (messages("A", a), messages("B", b));
            let likeness = Likeness::between(&old, &new);
            for name in ["Inner", "Outer"] {
                let same = likeness.same_message(&format!("A.{name}"), &format!("B.{name}"));
                assert_eq!(same, a == b, "{name} of {a:?} and {b:?}");
            }
        }
    }
}

#[test]
fn an_enum_of_many_fields_is_looked_into_once() {
    let values = |count: i32| Enum {
        values: (0..count)
            .map(|number| EnumValue {
                name: format!("V{number}"),
                number,
            })
            .collect(),
        ..Enum::default()
    };
    let side = |name: &str, count: i32| {
        let fields = (1..=MANY).map(|at| field(at, &format!("F{at}"), Type::Enum(name.to_owned())));
        let mut shape = shape([("A.M".to_owned(), fields.collect())]);
        shape.enums = BTreeMap::from([(name.to_owned(), values(count))]);
        shape
    };
    let (old, new) = (side("A.Old", 3), side("A.New", 4));
    let likeness = Likeness::between(&old, &new);
    for _ in 0..MANY {
        assert_eq!(likeness.keeps_enum("A.Old", "A.New"), Some(Kept::More));
    }
    assert_eq!(likeness.compared.get(), 1);
    let retyped = changes(&old, &new);
    let retyped = retyped
        .iter()
        .filter(|change| change.path.starts_with("A.M.F"));
    assert_eq!(retyped.count(), MANY);
}
