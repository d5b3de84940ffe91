//! The walker says what the validator says, or nothing.

use serde_json::Value;

use super::walk;
use crate::example::SplitMix64;
use crate::json::explain;
use crate::plan::Plans;
use crate::spoil::{DIRECTIONS, damaged, documented, seeds, spoilt};
use crate::{Checks, Deviation, Direction, Example, Schema, example};
use prost_reflect::MessageDescriptor;

/// What the walker can say itself.
const SAID: [Deviation; 4] = [
    Deviation::ComputedKey,
    Deviation::Required,
    Deviation::RequiredBoolean,
    Deviation::Deprecated,
];

/// Holds walker and validator against each other: whether the walker said it all, and whether it should
/// have.
fn agree(message: &MessageDescriptor, body: &[u8], direction: Direction) -> (bool, bool) {
    let checks = Checks::new(direction);
    let plans = Plans::of(message.parent_pool());
    let plan = plans.at(plans.place(message));
    let walked = walk(&plans, plan, body, &checks);
    let explained = explain(&plans, plan, body, &checks);
    let is_plain = explained
        .findings
        .iter()
        .all(|finding| SAID.contains(&finding.deviation));
    let is_walked = walked.is_some();
    if let Some(walked) = walked {
        let text = String::from_utf8_lossy(body);
        assert_eq!(
            walked,
            explained,
            "{direction} {}: {text}",
            message.full_name()
        );
    }
    (is_walked, is_plain)
}

/// What is put into texts.
const PARTS: [&[u8]; 16] = [
    b" ",
    b"\n",
    b",",
    b"}",
    b"]",
    b"\"",
    b"\\u0041",
    b"\\",
    b"// a\n",
    b"\xd0",
    b"\xff",
    b"\0",
    b"0",
    b"\xef\xbb\xbf",
    b"null",
    b"{}",
];

#[test]
fn says_of_every_message_what_the_validator_says() {
    let (mut walked, mut plain) = (0, 0);
    for message in Schema::diadoc().messages() {
        for seed in seeds() {
            let mut random = SplitMix64(seed);
            let body = example(&message, Example::Random(seed));
            let text = body.to_string();
            for direction in DIRECTIONS {
                let (is_walked, is_plain) = agree(&message, text.as_bytes(), direction);
                assert!(
                    is_walked || !is_plain,
                    "{direction} {}: {text}",
                    message.full_name()
                );
                for _ in 0..4 {
                    let body = spoilt(&body, &mut random);
                    let (is_walked, is_plain) = agree(&message, body.as_bytes(), direction);
                    walked += usize::from(is_walked);
                    plain += usize::from(is_plain);
                    agree(
                        &message,
                        &damaged(text.as_bytes(), &PARTS, &mut random),
                        direction,
                    );
                }
            }
        }
    }
    // Of what is spoilt harmlessly some goes to the validator too: an integer in a string of none.
    assert!(
        walked > 300 && walked * 10 > plain * 8,
        "{walked} of {plain}"
    );
}

#[test]
fn says_of_documented_bodies_what_the_validator_says() {
    for (message, body) in documented() {
        let value: Option<Value> = serde_json::from_slice(&body).ok();
        let mut random = SplitMix64(1);
        for direction in DIRECTIONS {
            agree(&message, &body, direction);
            for _ in 0..60 {
                agree(&message, &damaged(&body, &PARTS, &mut random), direction);
                if let Some(value) = &value {
                    agree(&message, spoilt(value, &mut random).as_bytes(), direction);
                }
            }
        }
    }
}

/// A key that the vendor has added is no reason to begin anew, unless it may mean something else.
#[test]
fn says_which_keys_are_unknown() {
    let message = Schema::diadoc()
        .message("Diadoc.Api.Proto.DocumentId")
        .expect("the message");
    let id = "bcd62464-5b5d-44ff-93b0-ec6981b7cefe";
    let ids = format!(r#""MessageId": "{id}", "EntityId": "{id}""#);
    for (others, is_walked) in [
        (r#""New": 1"#, true),
        (r#""New": [{"MessageId": 1}]"#, true),
        (r#""MessageIt": null"#, true),
        (r#""New": {"MessageId": 1}"#, false),
        (r#""messageid": 1"#, false),
        (r#""DocumentId": 1"#, false),
        (r#""A": 1, "B": 2"#, false),
    ] {
        for direction in DIRECTIONS {
            let body = format!("{{{ids}, {others}}}");
            let (walked, _) = agree(&message, body.as_bytes(), direction);
            assert_eq!(walked, is_walked, "{direction} {body}");
        }
    }
}
