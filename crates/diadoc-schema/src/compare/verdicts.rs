//! What changes break and why, each once; [`kinds`](super::kinds) says which of them a kind of change
//! may have, and the functions here and beside it choose among them.
//!
//! Both directions count: a body that is valid by one schema is to be read by the other, and to mean
//! the same there. So a wider type breaks what a narrower one does.

use prost_reflect::Kind;

use super::Breaks;
use super::likeness::{Kept, Likeness};
use super::shape::{Field, Label, Type};

/// What a change breaks, and why as a phrase.
pub(crate) type Verdict = (Breaks, &'static str);

const N: Breaks = Breaks::NOTHING;
const W: Breaks = Breaks::WIRE;
const J: Breaks = Breaks::JSON;
const WJ: Breaks = W.and(J);
const H: Breaks = Breaks::HTTP;
const V: Breaks = Breaks::VALIDATION;

macro_rules! verdicts {
    ($($name:ident $breaks:expr, $why:literal;)+) => {
        $(pub(super) const $name: Verdict = ($breaks, $why);)+
    };
}

verdicts! {
    // Messages.
    NO_BODY_YET N, "no body of the old schema has it";
    NOT_DESCRIBED WJ, "its bodies are no longer described";
    MESSAGE_MOVED N, "the name of a message is in neither form";
    READERS_OF_PROTO3 W, "readers of proto3 refuse strings that are not UTF-8, and keep numbers that an enum lacks";
    MESSAGE_SET W, "the wire delimits what is in a message set in another way";
    EXTENSIONS_SKIPPED N, "readers skip extensions that they do not know";
    RESERVED N, "what stands in bodies does not change";
    NUMBER_FREE W, "it is not reserved any more: something else may take the number";
    NAME_FREE J, "it is not reserved any more: something else may take the name";

    // Fields.
    SKIPPED N, "readers of the old schema skip it";
    INSISTED_ON WJ, "bodies of the old schema lack it, and readers of the new one insist on it";
    NUMBER_WAS_RESERVED W, "its number was reserved: older bodies may have something else there";
    NAME_WAS_RESERVED J, "its name was reserved: older bodies may have something else there";
    BOTH_WERE_RESERVED WJ, "its number and name were reserved: older bodies may have something else there";
    OLD_READERS_INSIST WJ, "readers of the old schema insist on it";
    BOTH_FREE WJ, "its number and name are not reserved: something else may take them";
    ITS_NUMBER_FREE W, "its number is not reserved: something else may take it";
    ITS_NAME_FREE J, "its name is not reserved: something else may take it";
    BOTH_RESERVED N, "its number and name are reserved";
    UNKNOWN_KEY J, "readers of the new schema do not know the key";
    STAND_IN N, "its number stands in for one, and never travels";
    NO_NUMBER N, "JSON has the field all the same, and protobuf without it is read as before";
    BY_NUMBER W, "the wire knows a field by its number alone";
    BY_NAME J, "JSON knows a field by its name";
    NEITHER_CHANGES N, "neither the number nor the key in JSON changes";
    BY_OTHER_KEY N, "JSON knows the field by another key, told apart";
    OTHER_KEY J, "readers of one schema do not know the other's key";
    READS_AS_OTHER WJ, "the same body without this field reads as another value";
    LAST_OF_ONEOF WJ, "of a oneof's fields readers keep only the last that stands in a body";
    ONEOF_RENAMED N, "the oneof has the same fields, and its name is in neither form";
    BOTH_PACKINGS N, "readers take a list packed and unpacked";
    PRESENCE WJ, "on one side a given default cannot be told from an absent field";

    // Types of fields.
    SAME_SHAPE N, "both messages have the same shape, and their names are in neither form";
    OTHER_RULES V, "both messages have the same shape, and other rules";
    OTHER_SHAPE WJ, "the two messages differ in shape, or in an option that decides how they are read";
    GROUP W, "the wire delimits groups in another way";
    VALUES_KEPT N, "every value of the old enum stands in the new one, and other names are taken for unknown";
    VALUES_REFUSED J, "the new enum has further values, which readers of the old one refuse in a required field";
    VALUES_MISSING WJ, "values of the old enum are missing in the new one";
    ENUM_TO_NUMBER J, "the wire carries the same numbers, but JSON has names for an enum";
    NUMBER_TO_ENUM WJ, "numbers that the enum does not know are lost, and JSON has names for an enum";
    ONLY_JSON_ALIKE W, "JSON writes the two types alike, the wire does not";
    OTHER_RANGE WJ, "readers of one type refuse or misread numbers that only the other has";
    OTHER_TYPE WJ, "the wire and JSON write the two types in different ways";
    LARGER_NUMBER J, "readers of one side refuse a larger number";
    OTHER_JSON J, "JSON writes the two types in different ways";
    OTHER_KEYS J, "the two have different keys";
    OTHER_NAMES J, "the two have different names";

    // Labels.
    NEW_READERS_INSIST WJ, "bodies of the old schema may lack it, and readers of the new one insist on it";
    READERS_INSISTED WJ, "bodies of the new schema may lack it, and readers of the old one insist on it";
    TO_MANY WJ, "readers of a single value keep the last of several elements, and JSON writes a list";
    TO_ONE WJ, "of several elements at most the last is kept, and JSON wrote a list";
    BRACKETS J, "JSON writes a list in brackets";

    // Enums.
    IN_FIELDS N, "an enum stands in bodies only through fields, which are told apart";
    FURTHER_NAME N, "a further name of a number that is known";
    TAKEN_FOR_UNKNOWN N, "readers of the old schema take it for an unknown value";
    REFUSED_WHERE_REQUIRED J, "a required field has the enum, in which no member means unknown: readers of the old schema refuse the body";
    OLD_REFUSED_WHERE_REQUIRED J, "a required field has the enum, in which no member means unknown: readers of the new schema refuse the body";
    KEEPS_OTHER_NAME J, "the number keeps another name, but JSON with this one is not read";
    VALUE_BY_NAME J, "JSON knows a value by its name";
    VALUE_BY_NUMBER W, "the wire knows a value by its number alone";
    WRITES_OTHER_NAME J, "JSON now writes the other name, which older readers may not know";
    TWO_NAMES J, "the two sides write different names of one value";
    OTHER_UNKNOWN J, "a name that the enum does not have is read as something else";
    ALIASES_TOLD N, "the names of values are told apart";
    CODE_OF_FIELDS V, "fields have it as a number or a bit, which the validators of one schema do not take";

    // Options.
    MARK N, "a mark for the reader of the schema, in no body and no request";
    RULE_ADDED V, "validators of the new schema may refuse what was valid";
    RULE_REMOVED V, "validators of the old schema may refuse what is valid now";
    RULE_NARROWER V, "it asks for more: validators of the new schema may refuse what was valid";
    RULE_WIDER V, "it asks for less: validators of the old schema may refuse what is valid now";
    RULE_OTHER V, "validators of one schema may refuse what the other's take";
    RULED_BY_NAME V, "rules know a field by its name, and are not held against it under none or another";
    RULE_NOTE N, "it says where a rule is known from, or in which words the server answers";
    NOT_SHOWN N, "it says what is shown of a value, and is in no body";
    TITLE N, "it says what people call it, and is in no body";
    FOR_CODE N, "it speaks to generators of code, and is in no body";
    NOT_JUDGED Breaks::UNJUDGED, "the table of options does not have it";
    DEFINITION N, "it is part of the language of the schema: what it states is told where it is used";

    // Methods.
    CALLED_NOT_YET N, "no client of the old schema calls it";
    NOT_CALLED H, "clients of the old schema call it, and nobody says what they get";
    RPC_NAME N, "verb and path are the same, and the name of a method is not sent";
    SERVICE_NAME N, "the name of a service is not sent, its methods are told apart";
    REQUEST_NAME N, "the name of the request is not sent, its fields are told apart";
    OTHER_REQUEST H, "the request is another one";
    OTHER_ANSWER WJ.and(H), "the answer's body is of another message";
    OTHER_ADDRESS H, "requests of one schema do not reach the method of the other";
    OTHER_BODY H, "what is sent as the body changes";
    OTHER_PENDING H, "clients take an answer that is not ready for a result, or the other way round";
    OTHER_PAGES H, "clients that fetch a list page by page stop early, or go on in another way";
    OTHER_OUTCOME H, "clients ask another method for the outcome of the task";
    OTHER_SIGN_IN H, "clients of one schema send no token where the other asks for one";
    OTHER_NOTHING H, "clients take an answer that says that there is nothing for an error, or the other way round";
    SENT_AGAIN H, "clients decide by it whether a request that failed may be sent again";
    STREAM H, "one message is sent, or a stream of them";
    SUCCESSOR N, "advice, which is in no request";
    GIVEN_UP H, "the vendor has given the method up, and nobody says what a request gets";
    TO_BE_REMOVED N, "requests work as before until then";

    // Parameters.
    PARAMETER_OPTIONAL N, "requests of the old schema lack it, and may";
    PARAMETER_REQUIRED H, "requests of the old schema lack it, and it is required";
    PARAMETER_GONE H, "clients of the old schema send it, and it is not known any more";
    PARAMETER_NAME H, "the query has a parameter under its name";
    BODY_NAME N, "a body is sent without a name";
    PARAMETER_NUMBER N, "the number of a parameter is not sent";
    PARAMETER_KEY N, "a parameter is sent under its own name";
    PARAMETER_TEXT N, "the query has the same text for both types";
    PARAMETER_TYPE H, "the query has another text for a value, or takes other values";
    BODY_TYPE WJ.and(H), "the body is of another type";
    BODY_SAME N, "both messages have the same shape, and their names are not sent";
    VALUE_SENT H, "clients of the old schema send its name, which is not known any more";
    PARAMETER_LABEL H, "requests of one schema lack what the other asks for, or have it once or many times";
    PARAMETER_DEFAULT H, "a request without it means something else";
    PARAMETER_ONEOF H, "parameters that exclude each other can be sent together by the other schema";
    PARAMETER_HEADER H, "it is sent in the query, or in another header";
    PARAMETER_COMMA H, "its list is sent as one value, or as many";

    // What the live server takes.
    TAKEN_OTHERWISE V, "validators say something else of such a body";
    TAKEN_NEWLY V, "validators of the old schema do not tell it apart";
    KNOWN_FROM N, "how it is known, and in which words, is no part of what is taken";
}

/// A field that only the new message has.
pub(super) fn added_field(field: &Field, number_reserved: bool, name_reserved: bool) -> Verdict {
    match (
        field.label,
        number_reserved && !field.only_in_json,
        name_reserved,
    ) {
        (Label::Required, ..) => INSISTED_ON,
        (_, true, true) => BOTH_WERE_RESERVED,
        (_, true, false) => NUMBER_WAS_RESERVED,
        (_, false, true) => NAME_WAS_RESERVED,
        (_, false, false) => SKIPPED,
    }
}

/// A field or value that only the old schema has.
pub(super) fn removed_part(number_free: bool, name_free: bool) -> Verdict {
    match (number_free, name_free) {
        (true, true) => BOTH_FREE,
        (true, false) => ITS_NUMBER_FREE,
        (false, true) => ITS_NAME_FREE,
        (false, false) => BOTH_RESERVED,
    }
}

/// A field has another number, which the old schema may have reserved.
pub(super) fn renumbered(old: &Field, new: &Field, number_reserved: bool) -> Verdict {
    match old.only_in_json || new.only_in_json {
        true if number_reserved && !new.only_in_json => NUMBER_WAS_RESERVED,
        true => STAND_IN,
        false => BY_NUMBER,
    }
}

/// A field has another name.
pub(super) fn renamed(old: &Field, new: &Field) -> Verdict {
    if old.json_name == new.json_name {
        NEITHER_CHANGES
    } else if old.json_name == old.name && new.json_name == new.name {
        BY_NAME
    } else {
        BY_OTHER_KEY
    }
}

/// How a scalar stands in JSON.
#[derive(PartialEq)]
enum Json {
    Integer(u8, Sign),
    Float,
    Double,
    Bool,
    Text,
    Base64,
    /// Of a type that is none.
    NoScalar,
}

#[derive(PartialEq)]
enum Sign {
    Signed,
    Unsigned,
}

fn json(scalar: &Kind) -> Json {
    match scalar {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Json::Integer(32, Sign::Signed),
        Kind::Uint32 | Kind::Fixed32 => Json::Integer(32, Sign::Unsigned),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Json::Integer(64, Sign::Signed),
        Kind::Uint64 | Kind::Fixed64 => Json::Integer(64, Sign::Unsigned),
        Kind::Float => Json::Float,
        Kind::Double => Json::Double,
        Kind::Bool => Json::Bool,
        Kind::String => Json::Text,
        Kind::Bytes => Json::Base64,
        Kind::Message(_) | Kind::Enum(_) => Json::NoScalar,
    }
}

/// Whether a document that knows neither signs nor sizes of floats writes two scalars alike.
pub(super) fn same_json(a: &Kind, b: &Kind) -> bool {
    match (json(a), json(b)) {
        (Json::Integer(a, _), Json::Integer(b, _)) => a == b,
        (Json::Float | Json::Double, Json::Float | Json::Double) => true,
        (a, b) => a == b,
    }
}

/// A field is of another type.
pub(super) fn retyped(
    likeness: &Likeness<'_>,
    (a, was): (&Type, Label),
    (b, now): (&Type, Label),
) -> Verdict {
    match (a, b) {
        (Type::Scalar(a), Type::Scalar(b)) => scalar(a, b),
        (Type::Message(a), Type::Message(b)) | (Type::Group(a), Type::Group(b)) => {
            other_message(likeness.in_place_of(a, b), SAME_SHAPE, OTHER_SHAPE)
        }
        (Type::Message(a), Type::Group(b)) | (Type::Group(a), Type::Message(b))
            if likeness.in_place_of(a, b).is_nothing() =>
        {
            GROUP
        }
        (Type::Enum(a), Type::Enum(b)) => match likeness.keeps_enum(a, b) {
            Some(Kept::All | Kept::MoreUnknown) => VALUES_KEPT,
            Some(Kept::More) if was == Label::Required || now == Label::Required => VALUES_REFUSED,
            Some(Kept::More) => VALUES_KEPT,
            Some(Kept::TwoNames) => TWO_NAMES,
            Some(Kept::OtherUnknown) => OTHER_UNKNOWN,
            None => VALUES_MISSING,
        },
        (Type::Enum(_), Type::Scalar(Kind::Int32)) => ENUM_TO_NUMBER,
        (Type::Scalar(Kind::Int32), Type::Enum(_)) => NUMBER_TO_ENUM,
        _ => OTHER_TYPE,
    }
}

fn scalar(a: &Kind, b: &Kind) -> Verdict {
    match (json(a), json(b)) {
        (a, b) if a == b => ONLY_JSON_ALIKE,
        (Json::Integer(..), Json::Integer(..)) => OTHER_RANGE,
        (Json::Float | Json::Double, Json::Float | Json::Double) => OTHER_RANGE,
        _ => OTHER_TYPE,
    }
}

/// A message stands in the place of another one: what that breaks decides between the verdicts for two
/// that are alike and for two that are not. An option that nobody has judged may decide anything.
pub(super) fn other_message(breaks: Breaks, alike: Verdict, other: Verdict) -> Verdict {
    if breaks.is_nothing() {
        alike
    } else if breaks == Breaks::VALIDATION {
        OTHER_RULES
    } else {
        other
    }
}

/// A field is of another type, where one side says nothing about the wire.
pub(super) fn retyped_in_json(a: &Type, b: &Type) -> Verdict {
    match (a, b) {
        (Type::Scalar(a), Type::Scalar(b)) => match (json(a), json(b)) {
            (Json::Integer(..), Json::Integer(..)) => LARGER_NUMBER,
            _ => OTHER_JSON,
        },
        (Type::Message(_), Type::Message(_)) => OTHER_KEYS,
        (Type::Enum(_), Type::Enum(_)) => OTHER_NAMES,
        _ => OTHER_JSON,
    }
}

/// A field has another label.
pub(super) fn relabelled(old: &Field, new: &Field) -> Verdict {
    match (old.label, new.label) {
        (_, Label::Required) => NEW_READERS_INSIST,
        (Label::Required, _) => READERS_INSISTED,
        (_, Label::Repeated) => TO_MANY,
        _ => TO_ONE,
    }
}

/// How far the vendor is with giving up a method.
pub(super) fn given_up(was: Option<&str>, now: Option<&str>) -> Verdict {
    match [was, now].contains(&Some("GONE")) {
        true => GIVEN_UP,
        false => TO_BE_REMOVED,
    }
}

/// A bound of a rule moved: `upper` says whether less of it is narrower.
pub(super) fn moved_bound(was: &str, now: &str, upper: bool) -> Verdict {
    match (was.parse::<i128>(), now.parse::<i128>()) {
        (Ok(was), Ok(now)) if (now < was) == upper => RULE_NARROWER,
        (Ok(_), Ok(_)) => RULE_WIDER,
        _ => RULE_OTHER,
    }
}

/// The type of a parameter, or of a field that is the body.
pub(super) fn other_parameter(
    likeness: &Likeness<'_>,
    a: &Type,
    b: &Type,
    is_body: bool,
) -> Verdict {
    match (a, b) {
        (Type::Message(a), Type::Message(b)) if is_body => {
            other_message(likeness.in_place_of(a, b), BODY_SAME, BODY_TYPE)
        }
        _ if is_body => BODY_TYPE,
        (Type::Scalar(a), Type::Scalar(b)) if json(a) == json(b) => PARAMETER_TEXT,
        _ => PARAMETER_TYPE,
    }
}
