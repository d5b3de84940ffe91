//! Finding out what a body is.

use diadoc_schema::{Schema, detect_json, detect_protobuf};
use insta::assert_snapshot;
use prost::Message as _;

use crate::{dynamic, fixtures, good_fixtures, repository};

/// The versions of a message that a fixture cannot be told from; the newest of them is named first.
const ALIKE: &[(&str, &str)] = &[
    (
        "GetDocflowsByPacketId_V4_response.json",
        "Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdResponseV3",
    ),
    (
        "SearchDocflows_V4_response.json",
        "Diadoc.Api.Proto.Docflow.SearchDocflowsResponseV3",
    ),
    (
        "GetDocflows_V4_response.json",
        "Diadoc.Api.Proto.Docflow.GetDocflowBatchResponseV3",
    ),
];

fn fixture(file: &str) -> Vec<u8> {
    std::fs::read(repository().join("fixtures").join(file)).unwrap()
}

fn ranking(body: &[u8], most: usize) -> String {
    detect_json(Schema::diadoc(), body)
        .iter()
        .take(most)
        .map(|found| format!("{:.2} {}: {}\n", found.score, found.message, found.reason))
        .collect()
}

#[test]
fn fixtures_are_detected() {
    for fixture in fixtures() {
        let found = detect_json(Schema::diadoc(), &fixture.body);
        let (file, reason) = (&fixture.file, &found[0].reason);
        assert!(found.len() <= 10);
        assert_eq!(found[0].message, fixture.message.full_name(), "{file}");
        assert!(found[0].score > 0.9, "{file}: {reason}");
        // Nobody else fits as well and is said to.
        let alike = ALIKE.iter().find(|(alike, _)| alike == file);
        let said = reason.split("`").nth(1);
        let name = alike.and_then(|(_, other)| other.rsplit('.').next());
        assert_eq!(said, name, "{file}: {reason}");
        if let Some((_, other)) = alike {
            assert!(reason.ends_with(" fits just as well, the newest is first"));
            assert_eq!(found[1].message, *other, "{file}");
        }
        let scores: Vec<_> = found.iter().map(|found| found.score).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    }
}

#[test]
fn fixtures_are_detected_in_the_wire_form() {
    // Bodies of few strings fit many messages there, and which of them comes first means nothing.
    let few = [
        "GenerateDocumentZip_response.json",
        "GetDocflowsByPacketId_V4_request.json",
        "SearchDocflows_V4_request.json",
        "GetDocflows_V4_request.json",
        "GetResolutionRoutes_response.json",
    ];
    for fixture in good_fixtures() {
        let bytes = dynamic(&fixture.message, &fixture.body).unwrap();
        let found = detect_protobuf(Schema::diadoc(), &bytes.encode_to_vec());
        assert!(!found.is_empty() && found.len() <= 10);
        if !few.contains(&&*fixture.file) {
            assert_eq!(found[0].message, fixture.message.full_name());
        }
    }
}

#[test]
fn reasons_say_what_counted() {
    let reasons: String = [
        "GetDocflowsByPacketId_V4_request.json",
        "GetDocflowsByPacketId_V4_response.json",
        "GetDocuments_V3_response.json",
        "GetSignatureInfo_response.json",
    ]
    .iter()
    .map(|file| format!("{file}\n{}", ranking(&fixture(file), 4)))
    .collect();
    assert_snapshot!(reasons, @r"
    GetDocflowsByPacketId_V4_request.json
    1.00 Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdRequest: the only member is known and fits
    1.00 Diadoc.Api.Proto.Docflow.Docflow: the only member is known and fits
    1.00 Diadoc.Api.Proto.Docflow.PacketInfo: the only member is known and fits; 1 required field is missing
    1.00 Diadoc.Api.Proto.Events.Entity: the only member is known and fits; 1 required field is missing
    GetDocflowsByPacketId_V4_response.json
    1.00 Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdResponseV4: all 291 members are known and fit; 6 required fields are missing; `GetDocflowsByPacketIdResponseV3` fits just as well, the newest is first
    1.00 Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdResponseV3: all 291 members are known and fit; 6 required fields are missing; `GetDocflowsByPacketIdResponseV4` fits just as well, the newest is first
    0.35 Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdResponseV5: 101 of 291 members are known and fit
    0.09 Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdResponse: 25 of 291 members are known and fit; 2 required fields are missing
    GetDocuments_V3_response.json
    0.97 Diadoc.Api.Proto.Documents.DocumentList: 171 of 177 members are known and fit
    0.06 Diadoc.Api.Proto.Docflow.GetDocflowBatchResponse: 11 of 177 members are known and fit
    0.06 Diadoc.Api.Proto.Docflow.SearchDocflowsResponse: 11 of 177 members are known and fit
    0.01 Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdResponseV5: 3 of 177 members are known and fit, 1 with an odd value; 2 required fields are missing; `GetDocflowsByPacketIdResponseV4`, `GetDocflowsByPacketIdResponseV3` and `GetDocflowsByPacketIdResponse` fit just as well, the newest is first
    GetSignatureInfo_response.json
    0.93 Diadoc.Api.Proto.SignatureInfo: 29 of 30 members are known and fit, 2 with odd values
    0.10 Diadoc.Api.Proto.Invoicing.Official: 3 of 30 members are known and fit
    0.10 Diadoc.Api.Proto.Invoicing.SignerDetails: 3 of 30 members are known and fit
    0.10 Diadoc.Api.Proto.Invoicing.Signers.ExtendedSignerDetails: 3 of 30 members are known and fit; 3 required fields are missing
    ");
}

#[test]
fn nulls_and_strings_for_integers_are_odd() {
    assert_snapshot!(
        ranking(br#"{"TotalCount": "5", "Documents": null, "HasMoreResults": true}"#, 1),
        @r"
    0.67 Diadoc.Api.Proto.Documents.DocumentList: all 3 members are known and fit, 2 with odd values
    "
    );
}

#[test]
fn what_is_no_message_has_no_ranking() {
    let schema = Schema::diadoc();
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let bodies: &[&[u8]] = &[
        b"",
        b"{}",
        b"[]",
        b"[{\"TotalCount\": 1}]",
        b"null",
        b"12",
        b"\"TotalCount\"",
        b"{",
        b"{\"TotalCount\": 1",
        b"\xff\xfe\x00",
        b"{\"no such key\": 1}",
        b"{\"TotalCount\": {}}",
        &deep,
    ];
    for body in bodies {
        assert_eq!(detect_json(schema, body), []);
    }
    let bodies: &[&[u8]] = &[
        b"",
        b"no protobuf",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"{\"TotalCount\": 1}",
        // A field that no message has.
        &[0xfa, 0xff, 0xff, 0xff, 0x0f, 0x00],
        // Groups without end.
        &[0x0b; 100_000],
    ];
    for body in bodies {
        assert_eq!(detect_protobuf(schema, body), []);
    }
}

/// The bound is far above what it takes, so that it holds without optimisation on a busy machine;
/// it fails when the time grows with the number of messages times the size.
#[test]
fn a_large_body_takes_no_time() {
    let mut body: serde_json::Value =
        serde_json::from_slice(&fixture("GetDocuments_V3_response.json")).unwrap();
    let document = body["Documents"][0].clone();
    body["Documents"] = vec![document; 60].into();
    let json = serde_json::to_vec(&body).unwrap();
    assert!(json.len() > 100_000, "{}", json.len());

    let read = dynamic(&crate::message("DocumentList"), &json).unwrap();
    let bytes = read.encode_to_vec();

    let start = std::time::Instant::now();
    let of_json = detect_json(Schema::diadoc(), &json);
    let json_time = start.elapsed();
    let of_bytes = detect_protobuf(Schema::diadoc(), &bytes);
    println!(
        "{} bytes: {json_time:?}, {} bytes: {:?}",
        json.len(),
        bytes.len(),
        start.elapsed() - json_time
    );
    assert!(start.elapsed().as_secs() < 5);
    for found in [of_json, of_bytes] {
        assert_eq!(found[0].message, "Diadoc.Api.Proto.Documents.DocumentList");
    }
}
