//! What a change of a field's type or label breaks, after buf's categories WIRE and WIRE_JSON.
//!
//! Where the two differ from Diadoc's JSON, the latter counts: it writes 64-bit integers as
//! numbers, so that an integer may grow from 32 to 64 bits.

use prost_reflect::Kind;

use super::Breaks;
use super::shape::{Field, Label, Shape, Type, holds_enum, same_message};

pub(crate) type Verdict = (Breaks, &'static str);

/// How a scalar stands in JSON.
#[derive(PartialEq)]
enum Json {
    Integer(u8),
    Number,
    Bool,
    Text,
    Base64,
    /// Of a type that is none.
    NoScalar,
}

fn json(scalar: &Kind) -> Json {
    match scalar {
        Kind::Int32 | Kind::Uint32 | Kind::Sint32 | Kind::Fixed32 | Kind::Sfixed32 => {
            Json::Integer(32)
        }
        Kind::Int64 | Kind::Uint64 | Kind::Sint64 | Kind::Fixed64 | Kind::Sfixed64 => {
            Json::Integer(64)
        }
        Kind::Double | Kind::Float => Json::Number,
        Kind::Bool => Json::Bool,
        Kind::String => Json::Text,
        Kind::Bytes => Json::Base64,
        Kind::Message(_) | Kind::Enum(_) => Json::NoScalar,
    }
}

/// Scalars of one group are read from each other's bytes.
fn wire_group(scalar: &Kind) -> u8 {
    match scalar {
        Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::Uint64 | Kind::Bool => 0,
        Kind::Sint32 | Kind::Sint64 => 1,
        Kind::Fixed32 | Kind::Sfixed32 => 2,
        Kind::Fixed64 | Kind::Sfixed64 => 3,
        Kind::Double => 4,
        Kind::Float => 5,
        Kind::String => 6,
        Kind::Bytes => 7,
        Kind::Message(_) | Kind::Enum(_) => 8,
    }
}

/// Whether JSON cannot tell two scalars apart.
pub(crate) fn same_json(a: &Kind, b: &Kind) -> bool {
    json(a) == json(b)
}

/// A field is of another type.
pub(crate) fn retyped(old: &Shape, a: &Type, new: &Shape, b: &Type) -> Verdict {
    match (a, b) {
        (Type::Scalar(a), Type::Scalar(b)) => scalar(a, b),
        (Type::Message(a), Type::Message(b)) | (Type::Group(a), Type::Group(b)) => {
            if same_message(old, a, new, b) {
                (
                    Breaks::Nothing,
                    "both messages have the same shape, and their names are in neither form",
                )
            } else {
                (Breaks::Both, "the two messages differ in shape")
            }
        }
        (Type::Message(a), Type::Group(b)) | (Type::Group(a), Type::Message(b))
            if same_message(old, a, new, b) =>
        {
            (Breaks::Wire, "the wire delimits groups in another way")
        }
        (Type::Enum(a), Type::Enum(b)) => {
            if holds_enum(old, a, new, b) {
                (
                    Breaks::Nothing,
                    "every value of the old enum stands in the new one",
                )
            } else {
                (
                    Breaks::Both,
                    "values of the old enum are missing in the new one",
                )
            }
        }
        (Type::Enum(_), Type::Scalar(scalar)) if is_varint_integer(scalar) => (
            Breaks::Json,
            "the wire carries the same numbers, but JSON has names for an enum",
        ),
        (Type::Scalar(scalar), Type::Enum(_)) if is_varint_integer(scalar) => (
            Breaks::Both,
            "numbers that the enum does not know are lost, and JSON has names for an enum",
        ),
        _ => (
            Breaks::Both,
            "the wire and JSON write the two types in different ways",
        ),
    }
}

/// A field is of another type, where one side says nothing about the wire.
pub(crate) fn retyped_in_json(a: &Type, b: &Type) -> Verdict {
    match (a, b) {
        (Type::Scalar(a), Type::Scalar(b)) => match (json(a), json(b)) {
            (Json::Integer(a), Json::Integer(b)) if a < b => {
                (Breaks::Nothing, "JSON writes both as numbers")
            }
            (Json::Integer(_), Json::Integer(_)) => {
                (Breaks::Json, "readers of JSON refuse a larger number")
            }
            _ => (Breaks::Json, "JSON writes the two types in different ways"),
        },
        (Type::Message(_), Type::Message(_)) => (Breaks::Json, "the two have different keys"),
        (Type::Enum(_), Type::Enum(_)) => (Breaks::Json, "the two have different names"),
        _ => (Breaks::Json, "JSON writes the two types in different ways"),
    }
}

fn is_varint_integer(scalar: &Kind) -> bool {
    wire_group(scalar) == 0 && *scalar != Kind::Bool
}

fn scalar(a: &Kind, b: &Kind) -> Verdict {
    // The other way round, not every value is UTF-8.
    let wire = wire_group(a) == wire_group(b) || (a, b) == (&Kind::String, &Kind::Bytes);
    let (in_json, narrower) = match (json(a), json(b)) {
        (Json::Integer(a), Json::Integer(b)) => (b >= a, b < a),
        (a, b) => (a == b, false),
    };
    match (wire, in_json) {
        (true, true) => (
            Breaks::Nothing,
            "the wire and JSON write the two types alike",
        ),
        (true, false) if narrower => (
            Breaks::Json,
            "the wire carries the two types alike, but readers of JSON refuse a larger number",
        ),
        (true, false) => (
            Breaks::Json,
            "the wire carries the two types alike, JSON does not",
        ),
        (false, true) => (
            Breaks::Wire,
            "JSON writes the two types alike, the wire does not",
        ),
        (false, false) => (
            Breaks::Both,
            "the wire and JSON write the two types in different ways",
        ),
    }
}

/// A field has another label.
pub(crate) fn relabelled(old: &Field, new: &Field) -> Verdict {
    match (old.label, new.label) {
        (_, Label::Required) => (
            Breaks::Both,
            "bodies of the old schema may lack it, and readers of the new one insist on it",
        ),
        (Label::Required, _) => (
            Breaks::Both,
            "bodies of the new schema may lack it, and readers of the old one insist on it",
        ),
        (Label::Optional, Label::Repeated) if new.packed => (
            Breaks::Both,
            "the wire packs the elements together, and JSON writes a list",
        ),
        (Label::Optional, Label::Repeated) => (
            Breaks::Json,
            "the wire writes one element like a single value, JSON writes a list",
        ),
        _ => (
            Breaks::Both,
            "of several elements at most the last is kept, and JSON wrote a list",
        ),
    }
}
