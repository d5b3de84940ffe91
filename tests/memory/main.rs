//! What reading takes of the heap, for bodies that are made to take much: at most four times the body
//! and 4 MiB, or an error that names the limit. And what a page takes that goes there and back: some three
//! times itself.
//!
//! This is a program of its own with one test, because the heap is that of the whole program.

mod floods;

use std::alloc::System;
use std::collections::BTreeMap;

use diadoc_proto::bytes::Bytes;
use diadoc_proto::documents::DocumentList;
use diadoc_proto::registry::{self, MessageType};
use diadoc_proto::{Limit, Limits, json};
use diadoc_schema::{Checks, Direction, Form, Prepared, Schema, detect_json, detect_protobuf};
use diadoc_testkit::changes::Changes;
use diadoc_testkit::round_trip;
use floods::{Flood, floods, wire_floods};
use peakmem_alloc::{PeakMemAlloc, PeakMemAllocTrait as _};
use prost::{DecodeError, Message as _};
use prost_reflect::DynamicMessage;

#[global_allocator]
static HEAP: PeakMemAlloc<System> = PeakMemAlloc::new(System);

/// The bytes of a flood, about; judges are slower, as they say what is wrong.
const LENGTH: usize = 600_000;
const LENGTH_FOR_JUDGES: usize = 12_000;

/// What a judge takes at most for each byte of a body, and beside that: a report keeps so many findings of
/// each rule, and a round trip holds two messages.
const JUDGE_FOR_A_BYTE: usize = 64;
const JUDGE_AT_LEAST: usize = 2 * Limits::MEMORY_AT_LEAST + (1 << 20);

/// What an error takes, and what is made once.
const SLACK: usize = 64 << 10;

#[test]
fn reading_takes_a_multiple_of_the_body_or_names_the_limit() {
    a_page_is_far_from_the_limit();
    a_page_goes_there_and_back_in_three_times_itself();
    every_flood_is_bounded(floods(LENGTH), WAYS);
    every_flood_is_bounded(wire_floods(LENGTH), WIRE_WAYS);
    every_judge_is_bounded(floods(LENGTH_FOR_JUDGES), &JUDGES);
    every_judge_is_bounded(wire_floods(LENGTH_FOR_JUDGES), &WIRE_JUDGES);
}

fn a_page_is_far_from_the_limit() {
    let list = registry::find("Diadoc.Api.Proto.Documents.DocumentList").expect("the message");
    let page = page(3_000);
    let (read, peak) = peak(|| list.from_json(page.as_bytes()));
    assert!(read.is_ok());
    assert!(peak < 2 * page.len(), "{peak} for {}", page.len());
}

/// The body, the message, which takes as much, and what is written of it: nothing else of that size at any
/// time. The longest list has just been doubled, so that it would have twice the room that it needs.
fn a_page_goes_there_and_back_in_three_times_itself() {
    let list = registry::find("Diadoc.Api.Proto.Documents.DocumentList").expect("the message");
    // The tables are made once.
    assert!(round_trip::check(list, page(1).as_bytes()).passed());
    // As a reader writes it: what there is to be said of unknown keys takes room of its own.
    let written = list
        .from_json(page(4_100).as_bytes())
        .and_then(|read| read.to_json());
    let page = written.expect("a page");
    let (changes, most) = peak(|| Changes::of_json(list, page.as_bytes()));
    assert_eq!(changes.notes().count(), 0);
    let beside_the_body = page.len() * 9 / 4;
    assert!(most < beside_the_body, "{most} for {}", page.len());
    let (round_trip, most) = peak(|| round_trip::check(list, page.as_bytes()));
    assert!(round_trip.passed(), "{:?}", round_trip.losses);
    assert!(most < beside_the_body, "{most} for {}", page.len());
}

fn page(documents: usize) -> String {
    let page = include_bytes!("../../fixtures/GetDocuments_V3_response.json");
    let mut page: serde_json::Value = serde_json::from_slice(page).expect("JSON");
    let originals = page["Documents"].as_array().expect("a list").clone();
    page["Documents"] = originals.iter().cycle().take(documents).cloned().collect();
    page.to_string()
}

fn every_flood_is_bounded(floods: impl Iterator<Item = Flood>, ways: [(&'static str, Way); 2]) {
    let mut outcomes = BTreeMap::new();
    let mut too_much = Vec::new();
    for flood in floods {
        let most =
            (1 + Limits::MEMORY_FOR_A_BYTE) * flood.body.len() + Limits::MEMORY_AT_LEAST + SLACK;
        for (way, read) in ways {
            let most = most + own_text(way, &flood);
            let (limit, peak) = peak(|| read(&flood));
            *outcomes.entry((way, limit.is_some())).or_insert(0) += 1;
            if peak > most {
                let (name, length) = (&flood.name, flood.body.len());
                too_much.push(format!("{way} of {name}: {peak} bytes for {length}"));
            }
        }
    }
    assert!(too_much.is_empty(), "{}", too_much.join("\n"));
    // Each way has met the limit, and has read what is bounded by itself.
    for (way, _) in ways {
        for refused in [false, true] {
            let count = outcomes.get(&(way, refused)).copied().unwrap_or(0);
            assert!(count > 1, "{way}: {count} with refused = {refused}");
        }
    }
}

/// Reads a flood; the limit that it goes beyond, where it does. Anything else that is wrong with it is
/// no matter here.
type Way = fn(&Flood) -> Option<Limit>;

const WAYS: [(&str, Way); 2] = [("from_json", from_json), ("from_json_preserved", preserved)];
/// The same for protobuf.
const WIRE_WAYS: [(&str, Way); 2] = [("decode", decode), ("decode from Bytes", decode_shared)];

fn from_json(flood: &Flood) -> Option<Limit> {
    let read = flood.message.from_json(&flood.body);
    read.err().and_then(limit)
}

fn preserved(flood: &Flood) -> Option<Limit> {
    let read = flood.message.from_json_preserved(&flood.body);
    read.err().and_then(limit)
}

fn decode(flood: &Flood) -> Option<Limit> {
    let read = flood.message.decode(&flood.body);
    read.err().and_then(|error| named(&error))
}

/// What `Preserved` holds beside the message and what it keeps: the message as it is written. The text
/// grows ahead of need.
fn own_text(way: &str, flood: &Flood) -> usize {
    if way != "from_json_preserved" {
        return 0;
    }
    let read = flood.message.from_json(&flood.body);
    let written = read.and_then(|message| message.to_json());
    written.map_or(0, |text| 2 * text.len())
}

/// The one that shares content is told by its type, here that of the list of documents.
fn decode_shared(flood: &Flood) -> Option<Limit> {
    let bytes = Bytes::copy_from_slice(&flood.body);
    let read = DocumentList::decode(bytes);
    read.err().and_then(|error| named(&error))
}

/// prost's error has a text alone.
fn named(error: &DecodeError) -> Option<Limit> {
    error
        .to_string()
        .contains("`Limits::memory`")
        .then_some(Limit::Memory)
}

fn limit(error: json::Error) -> Option<Limit> {
    error.limit().map(|error| error.limit())
}

/// What a function gives, and the most that the heap held beyond what it held before.
fn peak<T>(run: impl FnOnce() -> T) -> (T, usize) {
    HEAP.reset_peak_memory();
    let before = HEAP.get_peak_memory();
    let result = run();
    (result, HEAP.get_peak_memory() - before)
}

/// Something that says more of a body than whether it reads, whatever that is.
type Judge = fn(&Flood);

const JUDGES: [(&str, Judge); 4] = [
    ("check of a request", |flood| {
        check(flood, Direction::Request, Form::Json)
    }),
    ("check of a response", |flood| {
        check(flood, Direction::Response, Form::Json)
    }),
    ("detect", |flood| {
        drop(detect_json(Schema::diadoc(), &flood.body))
    }),
    ("round trip", |flood| {
        drop(round_trip::check(flood.message, &flood.body))
    }),
];
/// The same for protobuf.
const WIRE_JUDGES: [(&str, Judge); 4] = [
    ("check of a request", |flood| {
        check(flood, Direction::Request, Form::Protobuf)
    }),
    ("check of a response", |flood| {
        check(flood, Direction::Response, Form::Protobuf)
    }),
    ("detect", |flood| {
        drop(detect_protobuf(Schema::diadoc(), &flood.body))
    }),
    ("text", to_text),
];

fn check(flood: &Flood, direction: Direction, form: Form) {
    let message = Prepared::diadoc(flood.message.full_name()).expect("the message");
    message.check(&Checks::new(direction), form, &flood.body);
}

/// As the program does: what reads as the message is written as text.
fn to_text(flood: &Flood) {
    if flood.message.decode(&flood.body).is_ok() {
        let descriptor = Schema::diadoc().message(flood.message.full_name());
        let message = DynamicMessage::decode(descriptor.expect("the message"), &*flood.body);
        drop(message.map(|message| message.to_text_format()));
    }
}

fn every_judge_is_bounded(floods: impl Iterator<Item = Flood>, judges: &[(&str, Judge)]) {
    let mut most = BTreeMap::new();
    for flood in floods {
        for (name, judge) in judges {
            // What is made once of the schema is no matter of the body.
            if !most.contains_key(name) {
                judge(&flood);
            }
            let ((), peak) = peak(|| judge(&flood));
            let (name, length) = (*name, flood.body.len());
            let worst = most.entry(name).or_insert((0, String::new()));
            if peak > worst.0 {
                *worst = (peak, format!("{} of {length} bytes", flood.name));
            }
            let bound = JUDGE_FOR_A_BYTE * length + JUDGE_AT_LEAST;
            assert!(
                peak < bound,
                "{name} of {}: {peak} bytes for {length}",
                flood.name
            );
        }
    }
    for (name, (peak, flood)) in most {
        eprintln!("{name}: {peak} bytes at most, for {flood}");
    }
}
