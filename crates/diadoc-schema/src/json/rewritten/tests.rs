//! What is certain text by text is so by values too.

use diadoc_proto::registry::{self, DynMessage};
use diadoc_testkit::normalise::{self, Change, Note, normalise};
use prost_reflect::MessageDescriptor;
use serde_json::Value;

use super::{Rewrites, Rewritten, of_body};
use crate::example::SplitMix64;
use crate::json::carried::only_in_json;
use crate::plan::Plans;
use crate::spoil::{damaged, documented, seeds, spoilt};
use crate::{Example, Schema, example};

/// What is put into texts.
const PARTS: [&[u8]; 12] = [
    b" ", b",", b"\"", b"\\u0041", b"\\", b"0", b"-", b".0", b"=", b"null", b"{}", b"[]",
];

/// How often there was something to be certain about, and how often it was so.
#[derive(Debug, Default)]
struct Counts {
    read: usize,
    certain: usize,
}

/// Holds what is said of a body, and of other texts in the place of what was written, against values.
fn agree(message: &MessageDescriptor, body: &[u8], random: &mut SplitMix64, counts: &mut Counts) {
    let message_type = registry::find(message.full_name()).expect("the type");
    let Ok(read) = message_type.from_json(body) else {
        return;
    };
    let written = read.to_json().expect("JSON");
    counts.read += 1;
    counts.certain += usize::from(holds(message, body, &written));
    // Another text is written of nothing, and now and then it is the same after all.
    let value: Value = serde_json::from_str(&written).expect("JSON");
    holds(message, body, &spoilt(&value, random));
    if let Ok(other) = String::from_utf8(damaged(written.as_bytes(), &PARTS, random)) {
        holds(message, body, &other);
    }
    carries(message, &*read, &written, random);
}

/// Whether it is certain that this is to be written of the body; then values say so too.
fn holds(message: &MessageDescriptor, body: &[u8], written: &str) -> bool {
    let plans = Plans::of(message.parent_pool());
    let plan = plans.at(plans.place(message));
    let Some(Rewrites {
        changes,
        left_out: 0,
    }) = of_body(&plans, plan, body, written)
    else {
        return false;
    };
    let text = String::from_utf8_lossy(body);
    let name = message.full_name();
    let parse = |text: &str| serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'));
    let (Ok(value), Ok(found)) = (parse(&text), parse(written)) else {
        panic!("{name}: this is no JSON: {text}\n{written}");
    };
    let (expected, notes) = normalise(message, &value);
    let differences = normalise::differences(&expected, &found);
    assert_eq!(differences, [""; 0], "{name}: {text}\n{written}");
    let changes: Vec<_> = changes
        .into_iter()
        .map(|Rewritten { path, is_added }| Note {
            path,
            change: match is_added {
                true => Change::RequiredAdded,
                false => Change::UnknownKey,
            },
        })
        .collect();
    assert_eq!(changes, notes, "{name}: {text}\n{written}");
    true
}

/// The same of what protobuf carries.
fn carries(
    message: &MessageDescriptor,
    read: &dyn DynMessage,
    written: &str,
    random: &mut SplitMix64,
) {
    let message_type = registry::find(message.full_name()).expect("the type");
    let decoded = message_type
        .decode(&read.encode_to_vec())
        .expect("protobuf");
    let again = decoded.to_json().expect("JSON");
    let plans = Plans::of(message.parent_pool());
    let plan = plans.at(plans.place(message));
    let value: Value = serde_json::from_str(written).expect("JSON");
    let (left, notes) = normalise::over_protobuf(message, &value);
    let only = only_in_json(&plans, plan, written).expect("our own text");
    let paths: Vec<_> = notes.iter().map(|note| note.path.as_str()).collect();
    assert_eq!(only.paths().collect::<Vec<_>>(), paths, "{written}");
    let again_value: Value = serde_json::from_str(&again).expect("JSON");
    let other = spoilt(&again_value, random);
    for text in [&again, &other] {
        let found: Value = serde_json::from_str(text).expect("JSON");
        let is_left = normalise::differences(&left, &found).is_empty();
        let is_carried = only.is_carried_as(text);
        assert!(is_left || !is_carried, "{written}\n{text}");
        // Another text may say the same.
        assert!(
            is_carried || !is_left || *text == other,
            "{written}\n{text}"
        );
    }
}

/// A body in other styles: over several lines, with its keys in another order.
fn styles(body: &Value) -> [String; 2] {
    [
        format!("\u{feff}{body:#}\n"),
        turned(body).to_string().replace('/', "\\/"),
    ]
}

fn turned(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let turned = members.iter().rev();
            turned
                .map(|(key, value)| (key.clone(), self::turned(value)))
                .collect()
        }
        Value::Array(list) => list.iter().map(turned).collect(),
        value => value.clone(),
    }
}

#[test]
fn holds_of_every_message() {
    let (mut plain, mut other) = (Counts::default(), Counts::default());
    for message in Schema::diadoc().messages() {
        if registry::find(message.full_name()).is_none() {
            continue;
        }
        for seed in seeds() {
            let mut random = SplitMix64(seed);
            let body = example(&message, Example::Random(seed));
            agree(
                &message,
                body.to_string().as_bytes(),
                &mut random,
                &mut plain,
            );
            for text in styles(&body) {
                agree(&message, text.as_bytes(), &mut random, &mut plain);
            }
            for _ in 0..2 {
                let text = spoilt(&body, &mut random);
                agree(&message, text.as_bytes(), &mut random, &mut other);
                let text = damaged(body.to_string().as_bytes(), &PARTS, &mut random);
                agree(&message, &text, &mut random, &mut other);
            }
        }
    }
    assert_eq!(plain.certain, plain.read, "{plain:?}");
    assert!(
        other.read > 300 && other.certain * 10 > other.read * 8,
        "{other:?}"
    );
}

#[test]
fn holds_of_documented_bodies() {
    let mut counts = Counts::default();
    for (message, body) in documented() {
        let mut random = SplitMix64(1);
        agree(&message, &body, &mut random, &mut counts);
        let Ok(value) = serde_json::from_slice(&body) else {
            continue;
        };
        for text in styles(&value) {
            agree(&message, text.as_bytes(), &mut random, &mut counts);
        }
        for _ in 0..60 {
            let text = spoilt(&value, &mut random);
            agree(
                &message,
                text.as_bytes(),
                &mut random,
                &mut Counts::default(),
            );
        }
    }
    assert_eq!(counts.certain, counts.read, "{counts:?}");
}

/// Each of them is certain, with these changes, or is not.
#[test]
fn says_what_changes() {
    let message = Schema::diadoc()
        .message("Diadoc.Api.Proto.Content_v3")
        .expect("the message");
    let plans = Plans::of(message.parent_pool());
    let plan = plans.at(plans.place(&message));
    let of = |body: &str, written: &str| {
        let Rewrites { changes, .. } = of_body(&plans, plan, body.as_bytes(), written)?;
        let text = |change: Rewritten| {
            format!(
                "{}{}",
                ["-", "+"][usize::from(change.is_added)],
                change.path
            )
        };
        Some(changes.into_iter().map(text).collect::<Vec<_>>())
    };
    let written = r#"{"EntityId":{"MessageId":"a","EntityId":""}}"#;
    let added = Some(vec!["+EntityId.EntityId".to_owned()]);
    assert_eq!(of(r#"{"EntityId": {"MessageId": "a"}}"#, written), added);
    assert_eq!(
        of(
            r#"{"EntityId": {"MessageId": "a", "EntityId": null}}"#,
            written
        ),
        added
    );
    assert_eq!(
        of(
            r#"{"EntityId": {"MessageId": "\u0061", "EntityId": ""}}"#,
            written
        ),
        Some(Vec::new())
    );
    assert_eq!(
        of(
            r#"{"X": [1e999], "EntityId": {"EntityId": "", "Y": {}, "MessageId": "a"}}"#,
            written
        ),
        Some(vec!["-X".to_owned(), "-EntityId.Y".to_owned()])
    );
    for body in [
        r#"{"EntityId": {"MessageId": "b", "EntityId": ""}}"#,
        r#"{"EntityId": {"EntityId": "", "EntityId": "", "MessageId": "a"}}"#,
        r#"{"X": 1, "X": 1, "EntityId": {"MessageId": "a"}}"#,
        r#"{"EntityId": {"MessageId": 1}}"#,
        r#"{"EntityId": [{"MessageId": "a"}]}"#,
        r#"{"EntityId": {"MessageId": "a"}} 1"#,
        r#"{"EntityId": {"MessageId": "a"}"#,
        r#"{}"#,
        "",
    ] {
        assert_eq!(of(body, written), None, "{body}");
    }
    let written = r#"{"EntityId":{"MessageId":"a","EntityId":"b"}}"#;
    assert_eq!(of(r#"{"EntityId": {"MessageId": "a"}}"#, written), None);
}
