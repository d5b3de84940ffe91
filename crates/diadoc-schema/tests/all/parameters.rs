//! Parameters held against their method.

use diadoc_schema::{Schema, Severity, validate_parameters};

use crate::lines_of;

const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";

/// Rule, path and message of each finding.
fn found(method: &str, given: &[(&str, &str)], body: Option<&str>) -> Vec<String> {
    let method = Schema::diadoc().method(method).unwrap();
    let report = validate_parameters(method, given, body);
    lines_of(&report, |finding| {
        assert_eq!((finding.line, finding.column, finding.span.end), (0, 0, 0));
        format!("{} {}: {}", finding.rule, finding.path, finding.message)
    })
}

#[test]
fn what_is_right() {
    let right = [
        ("boxId", BOX),
        ("messageType", "Letter,Draft"),
        ("typeNamedId", "Contract"),
        ("typeNamedId", "Invoice,XmlTorg12"),
        ("orderBy", "Descending"),
        ("limit", "500"),
        ("timestampFromTicks", "638884246403244956"),
        ("departmentId", ""),
    ];
    assert_eq!(found("GetNewEventsV8", &right, None), [""; 0]);
    let flag = [
        ("boxId", BOX),
        ("messageId", BOX),
        ("entityId", BOX),
        ("injectEntityContent", "TRUE"),
    ];
    assert_eq!(found("GetDocumentV3", &flag, None), [""; 0]);
    // A parameter that travels in a header is one like the others.
    let service = [
        ("type", "trust"),
        ("serviceKey", "k"),
        ("serviceUserId", "u"),
    ];
    assert_eq!(found("AuthenticateV3", &service, None), [""; 0]);
}

#[test]
fn what_is_missing() {
    assert_eq!(
        found("GetDocflowsV4", &[("boxId", "")], None),
        [
            "json.required boxId: the required parameter `boxId` is missing",
            "json.required body: the body is missing",
        ]
    );
    assert_eq!(
        found("GetDocflowsV4", &[("boxId", BOX)], Some("body")),
        [""; 0]
    );
    // One of two ways has to be taken.
    let token = [("token", "t")];
    assert_eq!(
        found("AuthenticateConfirmV3", &token, None),
        ["message.one-of : none of `thumbprint` and `body` is set"]
    );
    assert_eq!(
        found("AuthenticateConfirmV3", &token, Some("body")),
        [""; 0]
    );
}

#[test]
fn what_is_wrong() {
    let wrong = [
        ("boxId", "box"),
        ("messageType", "Letter,Leter"),
        ("limit", "0"),
        ("limit", "5"),
        ("timestampFromTicks", "99999999999999999999"),
        ("timestampToTicks", "-1"),
        ("afterIndexKeyy", "k"),
        ("body", "{}"),
    ];
    assert_eq!(
        found("GetNewEventsV8", &wrong, None),
        [
            "field.format boxId: the string does not have the format of its field",
            "field.range limit: 0 lies outside the range of the field",
            "json.duplicate-key limit: the parameter `limit` is given twice",
            "json.integer-range timestampFromTicks: the number does not fit a 64-bit integer",
            "field.format timestampToTicks: -1 ticks are no moment",
            "json.unknown-key afterIndexKeyy: GetNewEventsV8 has no parameter `afterIndexKeyy`",
            "json.unknown-key body: GetNewEventsV8 has no parameter `body`",
            "json.enum-name messageType[1]: the value is no member of `MessageType`",
        ]
    );
    let excluded = [
        ("boxId", BOX),
        ("afterIndexKey", "k"),
        ("afterEventId", BOX),
    ];
    let method = Schema::diadoc().method("GetNewEventsV8").unwrap();
    let report = validate_parameters(method, &excluded, None);
    assert_eq!(report.count(Severity::Error), 1);
    let unknown = [("boxId", BOX), ("messageType", "Leter")];
    assert!(validate_parameters(method, &unknown, None).has_errors());
    assert_eq!(report.message, "Diadoc.Api.Methods.Events.GetNewEventsV8");
}

#[test]
fn names_with_what_json_would_read_otherwise() {
    let odd = [("boxId", BOX), ("a\"b\\", "\u{1}\n\""), ("", "x")];
    let found = found("GetLastEventV2", &odd, None);
    assert_eq!(found.len(), 2, "{found:?}");
}
