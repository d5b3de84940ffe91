//! Validating JSON: each rule, the places, hostile input, the fixtures.

use diadoc_schema::{Direction, Finding, Report, Rule, Schema, Severity, Span, validate_json};
use serde_json::Value;

use Direction::{Request, Response};

use crate::{Fixture, fixtures, lines_of, message, schema};

/// One field of each kind.
fn small() -> Schema {
    let text = r#"
        package T;
        message All {
            optional bool Flag = 1;
            optional string Text = 2;
            optional int32 Small = 3;
            optional sfixed64 Large = 4;
            optional bytes Data = 5;
            optional Colour Colour = 6;
            optional State State = 7;
            optional All Inner = 8;
            repeated string Texts = 9;
            repeated All Inners = 10;
            repeated Colour Colours = 11;
            optional Needy Needy = 12;
            optional uint64 Unsigned = 13;
            optional double Double = 14;
            optional string WireName = 15 [json_name = "jsonName"];
        }
        message Needy {
            required string Id = 1;
            required Colour Colour = 2;
            required State State = 3;
        }
        enum Colour {
            option allow_alias = true;
            ColourRed = 0;
            ColourCrimson = 0;
            ColourGreen = 1;
            None = 2;
        }
        enum State { Ready = 0; UnknownState = 1; Unknown = 2; }"#;
    schema(text, |_| {})
}

fn check(message: &str, body: &str, direction: Direction) -> Report {
    let message = small().message(message).unwrap();
    validate_json(&message, body.as_bytes(), direction)
}

/// `effect rule path` of each finding, the rule without `json.`, with commas between.
fn brief(report: &Report) -> String {
    let line = |f: &Finding| {
        let rule = f.rule.id();
        let rule = rule.strip_prefix("json.").unwrap_or(rule);
        format!("{} {rule} {}", f.effect, f.path)
            .trim_end()
            .to_owned()
    };
    lines_of(report, line).join(", ")
}

#[track_caller]
fn found(body: &str, direction: Direction, expected: &str) {
    let actual = brief(&check("T.All", body, direction));
    if actual != expected && std::env::var_os("PATCH").is_some() {
        let place = std::panic::Location::caller();
        println!("@@{}@@{actual}", place.line());
        return;
    }
    assert_eq!(actual, expected, "{body}");
}

/// The same in both directions, or `in a request | in a response`.
#[track_caller]
fn both(body: &str, expected: &str) {
    let in_direction = |direction| brief(&check("T.All", body, direction));
    let (request, response) = (in_direction(Request), in_direction(Response));
    let actual = match request == response {
        true => request,
        false => format!("{request} | {response}"),
    };
    if actual != expected && std::env::var_os("PATCH").is_some() {
        let place = std::panic::Location::caller();
        println!("@@{}@@{actual}", place.line());
        return;
    }
    assert_eq!(actual, expected, "{body}");
}

/// The only finding.
#[track_caller]
fn only(body: &str) -> Finding {
    let report = check("T.All", body, Request);
    assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    report.findings.into_iter().next().unwrap()
}

#[track_caller]
fn suggestion(body: &str, expected: Option<&str>) {
    assert_eq!(only(body).suggestion.as_deref(), expected, "{body}");
}

#[test]
fn a_body_without_faults() {
    both("{}", "");
    both(
        r#" {"Flag": true, "Text": "t", "Small": -1, "Large": 9223372036854775807, "Data": "AAE=",
            "Colour": "ColourRed", "State": "UnknownState", "Inner": {"Flag": false}, "Texts": ["a"],
            "Inners": [{}, {"Inners": []}], "Colours": ["ColourGreen"], "Unsigned": 0,
            "Needy": {"Id": "a", "Colour": "ColourRed", "State": "Ready"}, "Double": 1.5e3,
            "jsonName": "j"} "#,
        "",
    );
    both(r#"{"WireName": "w"}"#, "");
    both(
        r#"{"Text": "\"\\\/\b\f\n\r\tA\u0041\uD83D\uDE00 текст"}"#,
        "",
    );
}

#[test]
fn unknown_keys() {
    both(
        r#"{"Else": {"Flag": 2, "x": [[1], {"y": null}]}, "Flag": true}"#,
        "dropped unknown-key Else | drift unknown-key Else",
    );
    suggestion(r#"{"Flag": true, "Inne": {}}"#, Some("Inner"));
    suggestion(r#"{"Flag": true, "wire_name": ""}"#, Some("jsonName"));
    suggestion(r#"{"Flag": true, "Wirename1": ""}"#, Some("jsonName"));
    suggestion(r#"{"Flag": true, "Quite": ""}"#, None);
    let long = "Text".repeat(100);
    suggestion(&format!(r#"{{"Flag": true, "{long}": 1}}"#), None);
}

#[test]
fn keys_in_another_case() {
    both(
        r#"{"flag": 1}"#,
        "accepted key-case flag, accepted boolean-form flag | drift key-case flag",
    );
    // Readers of responses pass over what it holds, whatever that is.
    found(
        r#"{"inner": {"Flag": {}, "\ud800": []}, "Flag": true}"#,
        Response,
        "drift key-case inner",
    );
    suggestion(r#"{"flag": true}"#, Some("Flag"));
    suggestion(r#"{"JSONNAME": ""}"#, Some("jsonName"));
    suggestion(r#"{"wirename": ""}"#, Some("jsonName"));
}

#[test]
fn keys_that_the_server_computes() {
    let timestamp = message("Diadoc.Api.Proto.Timestamp");
    let body = br#"{"Ticks": 635802325536912186, "DateTime": "2015-10-12T08:00:00Z"}"#;
    let response = validate_json(&timestamp, body, Response);
    assert_eq!(brief(&response), "accepted computed-key DateTime");
    let request = validate_json(&timestamp, body, Request);
    assert_eq!(brief(&request), "dropped computed-key DateTime");
    found(
        r#"{"DateTime": 1}"#,
        Response,
        "foreign body.foreign, drift unknown-key DateTime",
    );
}

#[test]
fn duplicate_keys() {
    both(
        r#"{"Flag": null, "Flag": true}"#,
        "refused duplicate-key Flag",
    );
    // The path names the field as readers do, the pointer the key.
    let finding = only(r#"{"jsonName": "", "WireName": ""}"#);
    assert_eq!(finding.rule, Rule::JsonDuplicateKey);
    assert_eq!(finding.path, "jsonName");
    assert_eq!(finding.pointer, "/WireName");
    both(
        r#"{"Flag": true, "Flag": 2}"#,
        "refused duplicate-key Flag, refused type Flag",
    );
    both(r#"{"Inners": [{"Flag": true}, {"Flag": true}]}"#, "");
    found(
        r#"{"x": {"a": 1, "a": 2}, "x": 3}"#,
        Response,
        "foreign body.foreign, drift unknown-key x, drift unknown-key x",
    );
}

#[test]
fn types() {
    for (body, path) in [
        (r#"{"Flag": "yes"}"#, "Flag"),
        (r#"{"Flag": 2}"#, "Flag"),
        (r#"{"Text": [1]}"#, "Text"),
        (r#"{"Text": true}"#, "Text"),
        (r#"{"Text": {"Text": 1}}"#, "Text"),
        (r#"{"Small": "one"}"#, "Small"),
        (r#"{"Small": ""}"#, "Small"),
        (r#"{"Small": "+1"}"#, "Small"),
        (r#"{"Small": "1.0"}"#, "Small"),
        (r#"{"Small": true}"#, "Small"),
        (r#"{"Small": [1]}"#, "Small"),
        (r#"{"Large": {}}"#, "Large"),
        (r#"{"Data": 1}"#, "Data"),
        (r#"{"Colour": true}"#, "Colour"),
        (r#"{"Colour": {"x": [{}]}}"#, "Colour"),
        (r#"{"Inner": "x"}"#, "Inner"),
        (r#"{"Inner": [2]}"#, "Inner"),
        (r#"{"Texts": {"a": "x"}}"#, "Texts"),
        (r#"{"Texts": ["x", true]}"#, "Texts[1]"),
        (r#"{"Texts": [["x"]]}"#, "Texts[0]"),
        (
            r#"{"Inners": [{}, {"Inners": [7]}]}"#,
            "Inners[1].Inners[0]",
        ),
        (r#"{"Double": "1"}"#, "Double"),
        ("[]", ""),
        ("null", ""),
        (r#""text""#, ""),
        ("1", ""),
    ] {
        both(body, format!("refused type {path}").trim_end());
    }
    // What is inside is checked as if it were right.
    both(
        r#"{"Inner": [{"Flag": 2}]}"#,
        "refused type Inner, refused type Inner[0].Flag",
    );
    both(
        r#"{"Inners": {"Flag": 2}}"#,
        "refused type Inners, refused type Inners.Flag",
    );
    // Nobody has seen what the server does about these.
    both(
        r#"{"Data": [1, 2]}"#,
        "unproven type Data | refused type Data",
    );
    both(
        r#"{"Texts": "x"}"#,
        "unproven type Texts | refused type Texts",
    );
    let finding = only(r#"{"Inner": "text"}"#);
    assert_eq!(finding.expected.as_deref(), Some("an object (All)"));
    assert_eq!(finding.found.as_deref(), Some(r#"a string: "text""#));
}

#[test]
fn integers() {
    both(r#"{"Small": -0, "Large": -9223372036854775808}"#, "");
    both(r#"{"Small": 2147483648}"#, "refused integer-range Small");
    both(r#"{"Small": "-2147483649"}"#, "refused integer-range Small");
    both(
        r#"{"Large": 9223372036854775808, "Unsigned": -1}"#,
        "refused integer-range Large, refused integer-range Unsigned",
    );
    let endless = "1".repeat(1000);
    let body = format!(r#"{{"Large": {endless}, "Small": "{endless}"}}"#);
    both(
        &body,
        "refused integer-range Large, refused integer-range Small",
    );
    for number in ["1.0", "1e3", "1E-3", "-0.0", "6.38884246403245e17", "1e400"] {
        let body = format!(r#"{{"Small": {number}, "Large": {number}}}"#);
        both(
            &body,
            "unproven integer-fraction Small, unproven integer-fraction Large | refused integer-fraction Small, refused integer-fraction Large",
        );
    }
    let message = only(r#"{"Large": 1e3}"#).message;
    assert!(message.contains("loses precision"));
    suggestion(r#"{"Small": 12.00}"#, Some("12"));
    suggestion(r#"{"Small": 12.5}"#, None);
    suggestion(r#"{"Small": 12.0e1}"#, None);
    both(
        r#"{"Small": "12", "Large": "-0012"}"#,
        "accepted integer-string Small, accepted integer-string Large",
    );
    suggestion(r#"{"Large": "-0012"}"#, Some("-12"));
}

#[test]
fn enums() {
    both(
        r#"{"Colour": "Mauve", "State": "Mauve", "Colours": ["Mauve", "1"]}"#,
        "refused enum-name Colour, refused enum-name State, refused enum-name Colours[0], \
         refused enum-name Colours[1] | drift enum-name Colour, drift enum-name State, \
         drift enum-name Colours[0], drift enum-name Colours[1]",
    );
    // Readers refuse a required enum without a member that means unknown, whatever its names.
    let needy = check(
        "T.Needy",
        r#"{"Id": "", "Colour": "Mauve", "State": "ready"}"#,
        Response,
    );
    assert_eq!(
        brief(&needy),
        "refused enum-name Colour, refused enum-case State"
    );
    let message = Schema::diadoc().message("Events.Message").unwrap();
    let known = validate_json(&message, br#"{"LockMode": "full"}"#, Response);
    let stated = known.findings.iter().filter(|f| f.path == "LockMode");
    let messages = needy.findings.iter().chain(stated);
    let messages: Vec<_> = messages.map(|f| f.message.as_str()).collect();
    insta::assert_snapshot!(messages.join("\n"), @r"
    `Colour` has no member `Mauve`; the field is required, so the body is refused
    `State` has no member `ready`; the field is required, so the body is refused
    `LockMode` has no member `full`; it is read as `Unknown`
    ");
    both(
        r#"{"Colour": "colourred"}"#,
        "unproven enum-case Colour | drift enum-case Colour",
    );
    suggestion(r#"{"Colour": "colourcrimson"}"#, Some("ColourRed"));
    suggestion(r#"{"Colour": "ColorGreen"}"#, Some("ColourGreen"));
    suggestion(r#"{"Colour": "Green"}"#, Some("ColourGreen"));
    suggestion(r#"{"Colour": "COLOUR_GREEN"}"#, Some("ColourGreen"));
    suggestion(r#"{"Colour": "1"}"#, Some("ColourGreen"));
    suggestion(r#"{"Colour": "Mauve"}"#, None);
    both(
        r#"{"Colour": "ColourCrimson"}"#,
        "accepted enum-alias Colour",
    );
    suggestion(r#"{"Colour": "ColourCrimson"}"#, Some("ColourRed"));
    both(
        r#"{"Colour": 0, "Colours": [1]}"#,
        "accepted enum-number Colour, accepted enum-number Colours[0]",
    );
    suggestion(r#"{"Colour": 0}"#, Some("ColourRed"));
    both(
        r#"{"Colour": 7}"#,
        "unproven enum-unknown-number Colour | drift enum-unknown-number Colour",
    );
    both(
        r#"{"Colour": 1.0}"#,
        "unproven integer-fraction Colour | refused integer-fraction Colour",
    );
    both(r#"{"Colour": 2147483648}"#, "refused integer-range Colour");
}

#[test]
fn required_fields() {
    both(
        r#"{"Text": true, "Needy": {"Colour": "ColourRed"}, "Flag": 2}"#,
        "refused type Text, refused required Needy.Id, refused required Needy.State, \
         refused type Flag | refused type Text, drift required Needy.Id, \
         drift required Needy.State, refused type Flag",
    );
    // At the object's bracket, so before what is inside it.
    let body = r#"{"Needy": {"State": 7.5}}"#;
    let report = check("T.All", body, Request);
    assert_eq!(
        brief(&report),
        "refused required Needy.Id, refused required Needy.Colour, unproven integer-fraction Needy.State"
    );
    assert_eq!(report.findings[0].span, Span { start: 10, end: 11 });
    assert_eq!(report.findings[0].pointer, "/Needy/Id");
    // Not where the object itself is wrong, absent or not read to its end.
    both(r#"{"Needy": []}"#, "refused type Needy");
    both(r#"{"Needy": null}"#, "");
    both(r#"{"Needy": {"Id": "x""#, "refused syntax Needy");
}

#[test]
fn nulls() {
    let nulls = r#"{"Id": null, "Colour": null, "State": "Ready"}"#;
    assert_eq!(
        brief(&check("T.Needy", nulls, Request)),
        "refused null Id, refused null Colour"
    );
    assert_eq!(
        brief(&check("T.Needy", nulls, Response)),
        "drift null Id, drift null Colour"
    );
    both(
        r#"{"Texts": ["a", null], "Inners": [null], "Colours": [null]}"#,
        "refused null Texts[1], refused null Inners[0], refused null Colours[0]",
    );
    both(
        r#"{"Flag": null, "Texts": null, "Inners": null, "Inner": null, "Colour": null}"#,
        "",
    );
}

#[test]
fn base64() {
    for data in ["", "AA==", "AAA=", "AAAA", "+/8="] {
        both(&format!(r#"{{"Data": "{data}"}}"#), "");
    }
    for data in ["AA", "AAA", "-_8=", "-_8", "AAAAAA"] {
        both(
            &format!(r#"{{"Data": "{data}"}}"#),
            "refused base64-form Data | accepted base64-form Data",
        );
    }
    // Not the alphabet, both alphabets, half a padding, a group of one, trailing bits, inner padding.
    for data in [
        "A A=", "+_8=", "AA=", "A", "AB==", "AAF=", "AA==AA==", "MII...8=", "Ж",
    ] {
        both(&format!(r#"{{"Data": "{data}"}}"#), "refused base64 Data");
    }
}

#[test]
fn broken_json() {
    let mut table = String::new();
    for body in [
        "{",
        "[",
        "}",
        "{\"Flag\"",
        "{\"Flag\" true}",
        "{\"Flag\":",
        "{\"Flag\":}",
        "{\"Flag\": true",
        "{\"Flag\": true,",
        "{\"Flag\": true,}",
        "{\"Flag\": true \"Text\": 1}",
        "{\"Flag\": tru}",
        "{\"Flag\": tru",
        "{\"Flag\": True}",
        "{Flag: true}",
        "{'Flag': true}",
        "{\"Texts\": [\"a\" \"b\"]}",
        "{\"Texts\": [\"a\",]}",
        "{\"Texts\": [,]}",
        "{\"Texts\": [\"a\"",
        "{\"Texts\": [\"a\"}",
        "{\"Small\": 01}",
        "{\"Small\": -}",
        "{\"Small\": 1.}",
        "{\"Small\": .5}",
        "{\"Small\": 1e}",
        "{\"Small\": +1}",
        "{\"Small\": NaN}",
        "{\"Small\": 0x10}",
        "{\"Text\": \"a",
        "{\"Text\": \"a\nb\"}",
        "{\"Text\": \"\\x\"}",
        "{\"Text\": \"\\u12G4\"}",
        "{\"Text\": \"\\uD800\"}",
        "{\"Text\": \"\\uDC00\"}",
        "{\"Text\": \"\\uD800\\u0041\"}",
        "{\"Text\": \"\\u12",
        "{\"Else\": [{\"a\": x}]}",
        "{} {}",
        "{}x",
        "{\"Flag\": true} // done",
        "{\"Flag\": 2 /* */ }",
    ] {
        let report = check("T.All", body, Response);
        assert!(serde_json::from_str::<Value>(body).is_err(), "{body}");
        let syntax = report
            .findings
            .iter()
            .filter(|f| f.rule == Rule::JsonSyntax);
        let [f] = syntax.collect::<Vec<_>>()[..] else {
            panic!("{body}: {:#?}", report.findings)
        };
        assert_eq!(f.severity, Severity::Error);
        let (expected, found) = (f.expected.as_ref().unwrap(), f.found.as_ref().unwrap());
        table += &format!(
            "{body:?}\n    {}..{} at {:?}: ",
            f.span.start, f.span.end, f.path
        );
        table += &format!("{}. Expected {expected}, found {found:?}.\n", f.message);
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_was_found_before_the_json_broke_off() {
    both(
        r#"{"Flag": 2, "Else": 2, "Text": "a}"#,
        "refused type Flag, dropped unknown-key Else, refused syntax Text | refused type Flag, \
         drift unknown-key Else, refused syntax Text",
    );
}

#[test]
fn what_an_unreadable_body_looks_like() {
    let message = small().message("T.All").unwrap();
    let windows_1251 = b"{\"Texts\": [\"\xD1\xD7\xD4\xC4\xCE\xCF\"]}";
    let utf_16: Vec<u8> = "\u{feff}{\"Text\": \"\"}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (body, found) in [
        (
            &windows_1251[..],
            "the byte 0xD1; the body looks like windows-1251",
        ),
        (&utf_16, "UTF-16, little-endian"),
        (b"{\"Text\": \"\xFF\x01", "the byte 0xFF"),
    ] {
        let report = validate_json(&message, body, Request);
        let finding = report.findings.last().expect("a finding");
        assert_eq!(finding.found.as_deref(), Some(found));
    }
    for (body, said) in [
        ("", "the body is empty, and an empty body is no message"),
        (
            " \r\n",
            "the body is empty, and an empty body is no message",
        ),
        (
            "\u{feff}\n",
            "the body is empty, and an empty body is no message",
        ),
        ("{", "the body ends too early"),
        ("{\"Text\":", "the body ends too early"),
    ] {
        let report = validate_json(&message, body.as_bytes(), Request);
        let finding = report.findings.last().expect("a finding");
        assert_eq!(finding.message, said, "{body:?}");
    }
}

#[test]
fn not_utf8() {
    let message = small().message("T.All").unwrap();
    for (body, start) in [
        (&b"{\"Flag\": 2, \"Text\": \"a\xFF\"}"[..], 22),
        (b"{\"Flag\": 2}\n\xC3", 12),
        (b"{\"Flag\": 2, \"Texts\": [\"\xD0\xB6\xE2\x82\"]}", 25),
    ] {
        let report = validate_json(&message, body, Response);
        assert_eq!(brief(&report), "refused type Flag, refused body.encoding");
        let finding = &report.findings[1];
        assert_eq!((finding.span.start, finding.span.end), (start, start + 1));
        assert_eq!(finding.expected.as_deref(), Some("UTF-8"));
    }
}

#[test]
fn depth() {
    let nested = |levels: usize| {
        let inner = levels - 1;
        format!("{}{{}}{}", r#"{"Inner":"#.repeat(inner), "}".repeat(inner))
    };
    both(&nested(101), "");
    let report = check("T.All", &nested(102), Response);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].rule, Rule::JsonDepth);
    assert_eq!(report.findings[0].path, ["Inner"; 101].join("."));
    for open in ["[", "{\"a\":", "{\"Inner\":", "{\"Inners\":["] {
        let report = check("T.All", &open.repeat(10_000), Response);
        let last = report.findings.last().unwrap();
        assert_eq!(last.rule, Rule::JsonDepth, "{open}");
    }
    // Depth is of nesting, not of the number of brackets.
    let wide = format!(r#"{{"Inners": [{}{{}}]}}"#, "{},".repeat(1000));
    both(&wide, "");
}

#[test]
fn places() {
    let body =
        "{\n  \"Text\": \"жук\", \"Тест\": 1,\r\n\t\"Texts\": [\"😀\", 2],\n  \"a/b~c\": {}}";
    let report = check("T.All", body, Response);
    let place = |f: &Finding| {
        let there = &body[f.span.start..f.span.end];
        format!("{} {there} {}:{}", f.pointer, f.line, f.column)
    };
    insta::assert_snapshot!(lines_of(&report, place).join("\n"), @r#"
    /Тест "Тест" 2:18
    /Texts/1 2 3:17
    /a~1b~0c "a/b~c" 4:3
    "#);
    assert_eq!(report.findings[1].path, "Texts[1]");
    assert_eq!(report.findings[2].path, "a/b~c");
    // Of a container the opening bracket, at the end of the body nothing.
    let bracket = only(r#"{"Flag": {"a": 1}}"#);
    assert_eq!(bracket.span, Span { start: 9, end: 10 });
    assert_eq!(only(r#"{"Flag""#).span, Span { start: 7, end: 7 });
}

#[test]
fn findings_stand_in_the_order_of_the_body() {
    for fixture in fixtures() {
        let report = check_fixture(&fixture, &fixture.body);
        assert!(report.findings.is_sorted_by_key(|f| f.span.start));
        for finding in &report.findings {
            let json: Value = serde_json::from_slice(&fixture.body).unwrap();
            let pointer = &finding.pointer;
            let there = json.pointer(pointer).is_some();
            assert_eq!(there, finding.rule != Rule::JsonRequired, "{pointer}");
        }
    }
}

#[test]
fn found_is_short() {
    let long = "ж".repeat(1 << 20);
    let body = format!(r#"{{"Flag": "{long}", "{long}": 1}}"#);
    let report = check("T.All", &body, Request);
    assert_eq!(report.findings.len(), 2);
    for finding in report.findings {
        assert!(finding.found.unwrap().chars().count() < 60);
        assert!(finding.message.chars().count() < 120);
    }
}

#[test]
fn many_findings_of_a_kind_hide_none_of_another() {
    let most = Report::MOST_OF_A_RULE;
    let many = r#"{"Else": 1, "Text": ""},"#.repeat(2 * most);
    let body = format!(r#"{{"Inners": [{many} {{"Flag": 2}}, 1], x"#);
    let report = check("T.All", &body, Response);
    assert_eq!(report.left_out, most);
    let unknown = |finding: &&Finding| finding.rule == Rule::JsonUnknownKey;
    assert_eq!(report.findings.iter().filter(unknown).count(), most);
    let others = report.findings.iter().filter(|finding| !unknown(finding));
    let others: Vec<_> = others.map(|f| (f.rule, f.path.as_str())).collect();
    assert_eq!(
        others,
        [
            (Rule::JsonType, "Inners[2000].Flag"),
            (Rule::JsonType, "Inners[2001]"),
            (Rule::JsonSyntax, ""),
        ]
    );
    let counts: Vec<_> = report
        .counts
        .iter()
        .map(|count| (count.rule, count.path.as_str(), count.count))
        .collect();
    assert_eq!(
        counts,
        [
            (Rule::JsonSyntax, "", 1),
            (Rule::JsonType, "Inners[*]", 1),
            (Rule::JsonType, "Inners[*].Flag", 1),
            (Rule::JsonUnknownKey, "Inners[*].Else", 2 * most),
        ]
    );
    assert_eq!(report.total(), 2 * most + 3);
}

#[test]
fn keys_like_no_other_are_counted_together() {
    let most = Report::MOST_PATTERNS;
    let keys: Vec<_> = (0..2 * most).map(|key| format!(r#""K{key}": 1"#)).collect();
    let report = check("T.All", &format!("{{{}}}", keys.join(",")), Response);
    let unknown: Vec<_> = report
        .counts
        .iter()
        .filter(|count| count.rule == Rule::JsonUnknownKey)
        .collect();
    assert_eq!(unknown.len(), most + 1);
    assert_eq!(
        unknown.iter().map(|count| count.count).sum::<usize>(),
        2 * most
    );
    let other = unknown
        .iter()
        .find(|count| count.path == Report::OTHER_PATHS);
    assert_eq!(other.unwrap().count, most);
}

/// What a finding costs does not grow with the length of its path: each level would cost 3 000 of them.
#[test]
fn a_flood_of_findings_is_counted_however_deep_it_lies() {
    let message = Schema::diadoc().message("Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorney");
    let message = message.unwrap();
    let elements = vec!["{}"; 3_000].join(",");
    for depth in [1, 90] {
        let (open, close) = (r#"{"DelegationChain":["#.repeat(depth), "]}".repeat(depth));
        let body = format!("{open}{elements}{close}");
        let report = validate_json(&message, body.as_bytes(), Response);
        let path = "DelegationChain[*].".repeat(depth) + "FullId";
        let mut counts = report.counts.iter();
        assert!(counts.any(|count| count.path == path && count.count == 3_000));
    }
}

#[test]
fn a_report_without_findings_says_so() {
    let report = check("T.All", r#"{"Text": "a"}"#, Request);
    let expected = r#"{"message":"T.All","direction":"request","findings":[],"counts":[]}"#;
    assert_eq!(serde_json::to_string(&report).unwrap(), expected);
}

#[test]
fn syntax_is_refused_where_serde_json_refuses_it() {
    let message = small().message("T.All").unwrap();
    let seed =
        r#"{"Text": "a\n\u0041\uD83D\uDE00", "Small": -12.5e+3, "Inners": [{"Flag": true}, null]}"#;
    for at in 0..seed.len() {
        for with in [
            "", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "1", "-", "+", ".", "e", "t", "u",
            "D", " ", "\n", "\t", "\u{c}", "\u{0}", "ж", "\u{a0}",
        ] {
            for width in 0..=2 {
                let end = (at + width).min(seed.len());
                let body = format!("{}{with}{}", &seed[..at], &seed[end..]);
                let refused = match serde_json::from_str::<Value>(&body) {
                    // Beyond a double's range, which only matters for a field of that type.
                    Err(error) => !error.to_string().starts_with("number out of range"),
                    Ok(_) => false,
                };
                let report = validate_json(&message, body.as_bytes(), Response);
                let rules = report.findings.iter().map(|f| f.rule);
                let broken = rules.filter(|rule| *rule == Rule::JsonSyntax).count();
                assert_eq!(broken > 0, refused, "{body}");
            }
        }
    }
}

fn check_fixture(fixture: &Fixture, body: &[u8]) -> Report {
    validate_json(&fixture.message, body, fixture.direction)
}

#[test]
fn the_fixtures() {
    let mut all = String::new();
    for fixture in fixtures() {
        let report = check_fixture(&fixture, &fixture.body);
        let mut findings = report.findings.iter();
        let first = findings.find(|f| f.severity == Severity::Error);
        assert_eq!(first.map(|f| &f.path), fixture.refused_at.as_ref());
        all += &format!(
            "{} ({}, {})\n",
            fixture.file, report.message, report.direction
        );
        for f in report.findings {
            let place = format!("{}:{}", f.line, f.column);
            all += &format!("  {place} {} {} {}\n", f.severity, f.rule, f.path);
            all += &format!("      {}\n", f.message);
            let names = ["expected", "found", "meant"];
            for (name, text) in names.iter().zip([f.expected, f.found, f.suggestion]) {
                let line = |text| format!("      {name}: {text}\n");
                all += &text.map_or_else(String::new, line);
            }
        }
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_fixture_as_json() {
    let file = "GetSignatureInfo_response.json";
    let fixture = fixtures().into_iter().find(|fixture| fixture.file == file);
    let fixture = fixture.unwrap();
    let report = check_fixture(&fixture, &fixture.body);
    insta::assert_snapshot!(serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn every_prefix_of_every_fixture() {
    for fixture in fixtures() {
        let whole = fixture.body.trim_ascii_end().len();
        // The rest of a long body says nothing more.
        for end in 0..whole.min(1500) {
            let report = check_fixture(&fixture, &fixture.body[..end]);
            let last = report.findings.last().unwrap();
            let part = &fixture.body[..end];
            let rule = match std::str::from_utf8(part) {
                _ if part.trim_ascii().is_empty() => Rule::BodyEmpty,
                Ok(_) => Rule::JsonSyntax,
                Err(_) => Rule::BodyEncoding,
            };
            assert_eq!(last.rule, rule, "{} to {end}", fixture.file);
            assert!(last.span.start <= end && last.span.end <= end);
            #[cfg(feature = "render")]
            report.render(&String::from_utf8_lossy(&fixture.body[..end]), false);
        }
    }
}

#[cfg(feature = "render")]
mod rendered {
    use super::*;

    fn render(body: &str, direction: Direction) -> String {
        check("T.All", body, direction).render(body, false)
    }

    #[test]
    fn of_each_kind() {
        let body = "{\r\n  \"inner\": {},\r\n\t\"Colour\": \"ColorRed\", \"Text\": \"жук\", \"Flag\": 2,\r\n  \"Needy\": {\"Id\": null,\r\n  \"Colour\": 0, \"State\": 5}\r\n";
        insta::assert_snapshot!(render(body, Response));
    }

    #[test]
    fn of_a_long_line() {
        let long = "жук ".repeat(100_000);
        let body = format!(r#"{{"Text": "{long}", "Flag": "{long}", "Texts": ["{long}"]}}"#);
        insta::assert_snapshot!(render(&body, Request));
    }

    #[test]
    fn with_escapes_in_the_body() {
        let body = "{\"\\u001b[31m\\nred\": 1, \"\u{202e}x\": 2, \"Flag\": \"\u{1b}[0m\"}";
        let text = render(body, Request);
        assert!(!text.contains(['\u{1b}', '\u{202e}']));
        insta::assert_snapshot!(text);
    }

    /// Every character that steers a terminal, as it stands and escaped, in what is quoted, in paths and
    /// in the lines of the body.
    #[test]
    fn without_what_steers_a_terminal() {
        let controls = ('\0'..='\u{9f}').filter(|letter| letter.is_control() && *letter != '\n');
        for letter in controls {
            let escaped = format!("\\u{:04x}", u32::from(letter));
            for text in [letter.to_string(), escaped] {
                let body = format!(r#"{{"{text}a{text}":1,"Flag":"{text}","Colour":"{text}Ж"}}"#);
                let rendered = render(&body, Request);
                assert!(
                    rendered.contains("Flag") || rendered.contains("syntax"),
                    "{rendered}"
                );
                let steers = |letter: char| letter.is_control() && letter != '\n';
                assert!(!rendered.contains(steers), "{letter:?}: {rendered:?}");
            }
        }
    }

    #[test]
    fn in_colour() {
        let body = r#"{"Flag": 2}"#;
        let text = check("T.All", body, Request).render(body, true);
        assert!(text.contains("\u{1b}["));
    }

    #[test]
    fn of_another_body() {
        let report = check("T.All", r#"{"Text": "жук", "Flag": 2}"#, Request);
        let text = report.render("", false);
        assert!(text.contains("at: Flag, line 1, column 25"));
        let text = report.render(&"ж".repeat(40), false);
        assert!(text.contains("at: Flag"));
    }
}
