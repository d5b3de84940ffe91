//! What becomes of what is kept where the message changes between reading and writing.

use diadoc_proto::TotalCountType;
use diadoc_proto::events::{BoxCounteragentEvent, BoxCounteragentEventList};
use diadoc_proto::preserve::{Preservable, Preserved};
use serde_json::Value;

use super::{UNKNOWN, texts};
use crate::hostile::nested;

/// A list of events; each has a key `X` with its place.
fn events(ids: &[&str]) -> Preserved<BoxCounteragentEventList> {
    let event = |(index, id): (usize, &&str)| {
        format!(r#"{{"EventId":"{id}","EventTypes":["Soon"],"X":{index}}}"#)
    };
    let events: Vec<_> = ids.iter().enumerate().map(event).collect();
    let body = format!(
        r#"{{"Events":[{}],"TotalCount":9,"TotalCountType":"Later","Top":true}}"#,
        events.join(",")
    );
    Preserved::from_json(body.as_bytes()).unwrap()
}

/// The events as `id:X` where the key was kept, and what was lost.
fn seen<M: Preservable>(preserved: &Preserved<M>) -> (Vec<String>, Vec<String>) {
    let written = preserved.to_json().unwrap();
    let value: Value = serde_json::from_str(&written.body).unwrap();
    let events = value["Events"].as_array().cloned().unwrap_or_default();
    let event = |event: &Value| {
        let id = event["EventId"].as_str().unwrap();
        match event.get("X") {
            Some(x) => format!("{id}:{x}"),
            None => id.to_owned(),
        }
    };
    // The message itself is always itself.
    assert_eq!(value["Top"], true);
    let list = events.iter().map(event).collect();
    (list, texts(&written.lost))
}

#[test]
fn a_message_is_known_again_by_what_is_known_of_it() {
    let new = |id: &str| BoxCounteragentEvent {
        event_id: id.into(),
        ..Default::default()
    };
    let gone = |places: &[usize]| -> Vec<String> {
        let kinds = [
            ("X", "unknown key"),
            (
                "EventTypes[0]",
                "unknown enum name, read as the member for unknown names",
            ),
        ];
        let lost = |place: &usize| {
            kinds.map(|(key, kind)| {
                format!("Events[{place}].{key}: {kind}, lost: what it was in is gone or changed")
            })
        };
        places.iter().flat_map(lost).collect()
    };
    // The ids of the events, what is done to them, what is there then, and whose keys are lost.
    type Case<'c> = (
        &'c str,
        &'c dyn Fn(&mut BoxCounteragentEventList),
        &'c str,
        &'c [usize],
    );
    let cases: [Case<'_>; 10] = [
        ("a b", &|_| {}, "a:0 b:1", &[]),
        ("a b", &|list| list.total_count = None, "a:0 b:1", &[]),
        (
            "a b c",
            &|list| drop(list.events.remove(0)),
            "b:1 c:2",
            &[0],
        ),
        ("a b c", &|list| list.events.reverse(), "c:2 b:1 a:0", &[]),
        ("a", &|list| list.events.insert(0, new("n")), "n a:0", &[]),
        ("a b", &|list| list.events[0] = new("n"), "n b:1", &[0]),
        (
            "a b",
            &|list| list.events[0].event_id = "n".into(),
            "n b:1",
            &[0],
        ),
        ("a b", &|list| list.events.clear(), "", &[0, 1]),
        // Alike: which of them is gone, nobody can tell.
        ("a a", &|list| list.events.push(new("n")), "a:0 a:1 n", &[]),
        ("a a", &|list| drop(list.events.remove(0)), "a", &[0, 1]),
    ];
    for (number, (ids, change, expected, lost)) in cases.into_iter().enumerate() {
        let mut list = events(&ids.split(' ').collect::<Vec<_>>());
        change(list.message_mut());
        let expected = expected.split_terminator(' ').map(String::from).collect();
        assert_eq!(seen(&list), (expected, gone(lost)), "case {number}");
    }
}

#[test]
fn a_name_stands_where_the_field_has_the_value_that_it_was_read_as() {
    let replaced = |path: &str| {
        format!(
            "{path}: unknown enum name, read as the member for unknown names, lost: the field has another value now"
        )
    };
    let mut list = events(&[]);
    list.message_mut()
        .set_total_count_type(TotalCountType::Equal);
    let written = list.to_json().unwrap();
    assert!(
        written.body.contains(r#""TotalCountType":"Equal""#),
        "{}",
        written.body
    );
    assert_eq!(texts(&written.lost), [replaced("TotalCountType")]);
    // Back to what it was.
    list.message_mut()
        .set_total_count_type(TotalCountType::UnknownCountType);
    let written = list.to_json().unwrap();
    assert!(
        written.body.contains(r#""TotalCountType":"Later""#),
        "{}",
        written.body
    );
    assert!(written.lost.is_empty());

    let body = br#"{"EventId":"","EventTypes":["CounteragentInvitedMe","Soon"]}"#;
    let mut event = Preserved::<BoxCounteragentEvent>::from_json(body).unwrap();
    event.message_mut().event_types.swap(0, 1);
    let written = event.to_json().unwrap();
    assert_eq!(
        written.body,
        r#"{"EventId":"","EventTypes":["UnknownCounteragentEventType","CounteragentInvitedMe"]}"#
    );
    assert_eq!(texts(&written.lost), [replaced("EventTypes[1]")]);
}

#[test]
fn a_change_in_place_keeps_what_is_in_its_place() {
    let mut list = events(&["a", "b"]);
    list.change_in_place(|list| {
        list.events[1].event_id = "n".into();
        list.total_count = None;
    })
    .unwrap();
    let all = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(seen(&list), (all(&["a:0", "n:1"]), vec![]));

    // From now on it is known as it was changed, also in another place.
    list.message_mut().events.reverse();
    assert_eq!(seen(&list), (all(&["n:1", "a:0"]), vec![]));

    // What was lost before stays lost, and is said each time.
    list.message_mut().events[0].event_id = "lost".into();
    list.change_in_place(|list| list.events[0].event_id = "still".into())
        .unwrap();
    let (events, lost) = seen(&list);
    assert_eq!(events, ["still", "a:0"]);
    assert_eq!(lost.len(), 2);
    assert_eq!(seen(&list).1, lost);

    // In a list of another length messages are known by what is written.
    list.change_in_place(|list| {
        list.events.remove(0);
        list.events.push(BoxCounteragentEvent::default());
        list.events.push(BoxCounteragentEvent::default());
    })
    .unwrap();
    assert_eq!(seen(&list).0, ["a:0", "", ""]);
    list.change_in_place(|list| list.events[0].event_types.clear())
        .unwrap();
    let (events, lost) = seen(&list);
    assert_eq!(events, ["a:0", "", ""]);
    assert_eq!(
        lost[2..],
        [
            "Events[0].EventTypes[0]: unknown enum name, read as the member for unknown names, \
          lost: the field has another value now"
        ]
    );
}

#[test]
fn messages_in_protobuf_follow_the_same_rules() {
    let [number, group] = UNKNOWN;
    let event = |id: &[u8], more: &[u8]| nested(1, &[b"\x0a\x01", id, more].concat());
    let end = b"\x18\x01";
    let bytes = [&event(b"a", number), &event(b"b", group), &end[..], number].concat();
    let read = || Preserved::<BoxCounteragentEventList>::from_protobuf(&bytes).unwrap();
    assert_eq!(read().to_protobuf().unwrap().body, bytes);
    assert_eq!(read(), read());

    let mut list = read();
    list.message_mut().events.remove(0);
    let written = list.to_protobuf().unwrap();
    assert_eq!(
        written.body,
        [&event(b"b", group), &end[..], number].concat()
    );
    assert_eq!(
        texts(&written.lost),
        ["Events[0].99: unknown field, lost: what it was in is gone or changed"]
    );

    let mut list = read();
    list.change_in_place(|list| list.events[1].event_id = "c".into())
        .unwrap();
    let written = list.to_protobuf().unwrap();
    assert_eq!(
        written.body,
        [&event(b"a", number), &event(b"c", group), &end[..], number].concat()
    );
    assert!(written.lost.is_empty());
    assert_eq!(list.into_message().events[1].event_id, "c");
}
