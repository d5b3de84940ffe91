//! One golden test per rule of Diadoc's JSON: W1 to W5 for writing, R1 to R12 for reading. Each
//! case goes through the codec, through the serde impls and through reflection, which must agree.

use std::fmt::Debug;

use bytes::Bytes;
use diadoc_proto::certificates::{CertificateInfoV2, CertificateUsage};
use diadoc_proto::docflow::{QualifiedDetails, SearchDocflowsRequest, SearchScope};
use diadoc_proto::documents::types::{DocumentTypeDescriptionV2, SignerInfoV2};
use diadoc_proto::documents::{Document, DocumentList, MessageType, ResolutionStatus};
use diadoc_proto::events::{CustomDataPatch, Entity, Message, MessagePatch, ResolutionRequestInfo};
use diadoc_proto::json::{self, Error, ErrorKind, JsonMessage};
use diadoc_proto::registry;
use diadoc_proto::{
    Certificate, Content, DocumentDirection, DocumentId, GarAddress, LockMode, LoginPassword,
    Organization, ResolutionAction, Timestamp,
};
use diadoc_testkit::round_trip;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{agreement, through_serde};

/// A message in this file.
trait Tested: JsonMessage + PartialEq + Debug + Serialize + DeserializeOwned {}

impl<M: JsonMessage + PartialEq + Debug + Serialize + DeserializeOwned> Tested for M {}

/// Reads a text as a message, through the codec and through serde. Reflection must agree: what is
/// read comes back as the rules say, and what is refused is an error to the validator, at the same
/// place.
fn from_str<M: Tested>(body: &str) -> Result<M, Error> {
    let read = json::from_str::<M>(body);
    assert!(through_serde::agree_on(body, &read), "{body}: {read:?}");
    let message_type = registry::find(&M::full_name()).unwrap();
    assert_eq!(
        agreement::oracle::disagreement_on_json(message_type, body.as_bytes()),
        None
    );
    if read.is_ok() {
        let report = round_trip::check(message_type, body.as_bytes());
        assert!(report.passed(), "{body}: {:?}", report.losses);
    }
    read
}

/// Writes a message, through the codec and through serde.
fn to_string<M: Tested>(message: &M) -> String {
    let text = json::to_string(message).unwrap();
    assert_eq!(text, serde_json::to_string(message).unwrap());
    let pretty = json::to_string_pretty(message).unwrap();
    assert_eq!(pretty, serde_json::to_string_pretty(message).unwrap());
    text
}

/// Reads a JSON value as a message.
fn read<M: Tested>(body: Value) -> M {
    match from_str(&body.to_string()) {
        Ok(message) => message,
        Err(error) => panic!("{body}: {error}"),
    }
}

/// The error of a JSON value that does not fit.
fn refused<M: Tested>(body: Value) -> Error {
    from_str::<M>(&body.to_string()).expect_err("the body does not fit")
}

/// A message as a JSON value.
fn written<M: Tested>(message: &M) -> Value {
    serde_json::from_str(&to_string(message)).unwrap()
}

/// What an error says: path, expected, found.
fn says(error: &Error) -> (String, String, String) {
    (
        error.path().to_owned(),
        error.expected().to_owned(),
        error.found(),
    )
}

fn triple(path: &str, expected: &str, found: &str) -> (String, String, String) {
    (path.into(), expected.into(), found.into())
}

mod w1_keys {
    use super::*;

    #[test]
    fn are_the_field_names_of_the_schema() {
        let status = ResolutionStatus {
            author_fio: "Иванов".into(),
            ..Default::default()
        };
        assert_eq!(written(&status)["AuthorFIO"], "Иванов");
        let list = DocumentList {
            total_count: 3,
            ..Default::default()
        };
        assert_eq!(to_string(&list), r#"{"TotalCount":3}"#);
    }

    #[test]
    fn are_the_json_names_where_the_schema_gives_one() {
        let login = LoginPassword {
            login: "user".into(),
            password: "secret".into(),
        };
        assert_eq!(to_string(&login), r#"{"login":"user","password":"secret"}"#);
        let patch = MessagePatch {
            delivered_patch_id: Some("p".into()),
            ..Default::default()
        };
        assert_eq!(written(&patch)["DeliveredEventId"], "p");
    }

    #[test]
    fn stand_in_the_order_of_the_schema() {
        let id = DocumentId {
            entity_id: "e".into(),
            message_id: "m".into(),
        };
        assert_eq!(to_string(&id), r#"{"MessageId":"m","EntityId":"e"}"#);
    }
}

mod w2_integers {
    use super::*;

    #[test]
    fn of_64_bits_are_exact_numbers() {
        for ticks in [
            638_884_246_403_244_956,
            i64::MIN,
            i64::MAX,
            (1 << 53) + 1,
            0,
        ] {
            let text = to_string(&Timestamp { ticks });
            assert_eq!(text, format!(r#"{{"Ticks":{ticks}}}"#));
            assert_eq!(from_str::<Timestamp>(&text).unwrap().ticks, ticks);
        }
    }

    #[test]
    fn are_numbers_where_they_are_optional() {
        let document = Document {
            send_timestamp_ticks: Some(638_884_246_398_030_543),
            ..Default::default()
        };
        assert_eq!(
            written(&document)["SendTimestampTicks"],
            json!(638_884_246_398_030_543_i64)
        );
    }
}

mod w3_enums {
    use super::*;

    #[test]
    fn are_names() {
        let message = Message {
            lock_mode: LockMode::Full.into(),
            ..Default::default()
        };
        assert_eq!(written(&message)["LockMode"], "Full");
    }

    #[test]
    fn are_the_name_that_json_writes_first() {
        let request = SearchDocflowsRequest {
            scope: Some(SearchScope::SearchScopeInbound.into()),
            ..Default::default()
        };
        assert_eq!(written(&request)["Scope"], "SearchScopeInbound");
    }

    #[test]
    fn are_numbers_where_the_schema_does_not_know_them() {
        let entity = Entity {
            attachment_type: Some(9999),
            ..Default::default()
        };
        assert_eq!(written(&entity)["AttachmentType"], 9999);
        let message = Message {
            lock_mode: -7,
            ..Default::default()
        };
        assert_eq!(written(&message)["LockMode"], -7);
        let request = ResolutionRequestInfo {
            actions: vec![ResolutionAction::ApproveAction.into(), 77],
            ..Default::default()
        };
        assert_eq!(written(&request)["Actions"], json!(["ApproveAction", 77]));
    }
}

mod w4_bytes {
    use super::*;

    #[test]
    fn are_standard_padded_base64() {
        let content = Content {
            size: 4,
            data: Some(Bytes::from_static(&[0xfb, 0xff, 0xfe, 0x00])),
        };
        assert_eq!(written(&content)["Data"], "+//+AA==");
    }

    #[test]
    fn are_an_empty_string_where_they_are_empty() {
        let certificate = Certificate::default();
        assert_eq!(written(&certificate)["RawCertificateData"], "");
    }
}

mod w5_presence {
    use super::*;

    #[test]
    fn required_fields_always_stand() {
        assert_eq!(to_string(&Content::default()), r#"{"Size":0}"#);
    }

    #[test]
    fn optional_fields_stand_when_set_even_to_their_default() {
        let unset = Document::default();
        assert!(written(&unset).get("IsDeleted").is_none());
        let set = Document {
            is_deleted: Some(false),
            document_direction: Some(DocumentDirection::UnknownDocumentDirection.into()),
            file_name: Some(String::new()),
            ..Default::default()
        };
        let set = written(&set);
        assert_eq!(set["IsDeleted"], false);
        assert_eq!(set["DocumentDirection"], "UnknownDocumentDirection");
        assert_eq!(set["FileName"], "");
    }

    #[test]
    fn empty_lists_are_left_out() {
        assert!(written(&DocumentList::default()).get("Documents").is_none());
    }
}

mod r1_unknown_keys {
    use super::*;

    #[test]
    fn are_skipped_whatever_they_hold() {
        let id: DocumentId = read(json!({
            "MessageId": "m",
            "MessageIdGuid": "m",
            "Nested": {"Deep": [[{"Documents": [1, 2.5e300, null, true]}]]},
            "EntityId": "e",
        }));
        assert_eq!((&*id.message_id, &*id.entity_id), ("m", "e"));
    }

    #[test]
    fn must_still_be_json() {
        let error = from_str::<DocumentId>(r#"{"Unknown": [1, }"#).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax);
    }
}

mod r2_null {
    use super::*;

    #[test]
    fn means_absent_for_every_label() {
        let document: Document = read(json!({
            "MessageId": null,
            "CreationTimestampTicks": null,
            "RecipientResponseStatus": null,
            "LockMode": null,
            "IndexKey": null,
            "IsDeleted": null,
            "DocumentType": null,
            "SendTimestampTicks": null,
            "Content": null,
            "InitialDocumentIds": null,
            "CustomData": null,
        }));
        assert_eq!(document, Document::default());
    }

    #[test]
    fn means_absent_for_bytes_and_lists_of_scalars() {
        let content: Content = read(json!({"Size": null, "Data": null}));
        assert_eq!(content, Content::default());
        let description: DocumentTypeDescriptionV2 = read(json!({"SupportedDocflows": null}));
        assert!(description.supported_docflows.is_empty());
        let request: ResolutionRequestInfo = read(json!({"Actions": null}));
        assert!(request.actions.is_empty());
        let certificate: Certificate = read(json!({"RawCertificateData": null}));
        assert!(certificate.raw_certificate_data.is_empty());
    }

    #[test]
    fn is_no_element_of_a_list() {
        let error = refused::<DocumentList>(json!({"TotalCount": 0, "Documents": [null]}));
        assert_eq!(
            says(&error),
            triple("Documents[0]", "an object (Document)", "null")
        );
    }

    #[test]
    fn is_no_body() {
        let error = refused::<DocumentId>(Value::Null);
        assert_eq!(says(&error), triple("", "an object (DocumentId)", "null"));
    }
}

mod r3_integers {
    use super::*;

    #[test]
    fn are_numbers_or_decimal_strings() {
        for (body, ticks) in [
            (
                json!({"Ticks": "638884246403244956"}),
                638_884_246_403_244_956,
            ),
            (json!({"Ticks": "-9223372036854775808"}), i64::MIN),
            (json!({"Ticks": 9_223_372_036_854_775_807_i64}), i64::MAX),
            (json!({"Ticks": "007"}), 7),
        ] {
            assert_eq!(read::<Timestamp>(body).ticks, ticks);
        }
        let minus_zero: Timestamp = from_str(r#"{"Ticks": -0}"#).unwrap();
        assert_eq!(minus_zero.ticks, 0);
        let content: Content = read(json!({"Size": "-1"}));
        assert_eq!(content.size, -1);
        let description: DocumentTypeDescriptionV2 = read(json!({"SupportedDocflows": [1, "2"]}));
        assert_eq!(description.supported_docflows, [1, 2]);
    }

    #[test]
    fn have_no_fraction_and_no_exponent() {
        for (number, kind) in [
            ("1.5", "a number with a fraction: 1.5"),
            ("1.0", "a number with a fraction: 1.0"),
            ("-0.0", "a number with a fraction: -0.0"),
            ("1e3", "a number with an exponent: 1e3"),
            ("\"1.5\"", "a string: \"1.5\""),
            ("\"+1\"", "a string: \"+1\""),
            ("\" 1\"", "a string: \" 1\""),
            ("\"\"", "a string: \"\""),
            ("\"-\"", "a string: \"-\""),
            ("true", "a boolean: true"),
        ] {
            let body = format!(r#"{{"Ticks": {number}}}"#);
            let error = from_str::<Timestamp>(&body).unwrap_err();
            assert_eq!(says(&error), triple("Ticks", "a 64-bit integer", kind));
        }
    }

    #[test]
    fn do_not_overflow() {
        let error = refused::<Content>(json!({"Size": 2_147_483_648_i64}));
        assert_eq!(
            says(&error),
            triple(
                "Size",
                "a 32-bit integer",
                "an integer beyond 32 bits: 2147483648"
            )
        );
        for number in ["9223372036854775808", "-9223372036854775809", "1e400"] {
            let body = format!(r#"{{"Ticks": {number}}}"#);
            let error = from_str::<Timestamp>(&body).unwrap_err();
            assert_eq!(error.path(), "Ticks", "{number}");
        }
        let error = refused::<Timestamp>(json!({"Ticks": "9223372036854775808"}));
        assert_eq!(error.path(), "Ticks");
    }
}

mod r4_enums {
    use super::*;

    #[test]
    fn are_names_aliases_or_numbers() {
        for scope in [
            json!("SearchScopeInbound"),
            json!("SearchScopeIncoming"),
            json!(1),
        ] {
            let request: SearchDocflowsRequest = read(json!({"QueryString": "", "Scope": scope}));
            assert_eq!(request.scope(), SearchScope::SearchScopeInbound);
        }
        let message: Message = read(json!({"LockMode": 3}));
        assert_eq!(message.lock_mode, 3);
    }

    #[test]
    fn keep_a_number_that_the_schema_does_not_know() {
        let message: Message = read(json!({"LockMode": 99}));
        assert_eq!(message.lock_mode, 99);
        let entity: Entity = read(json!({"AttachmentType": -5}));
        assert_eq!(entity.attachment_type, Some(-5));
        let error = refused::<Message>(json!({"LockMode": 3_000_000_000_u32}));
        assert_eq!(
            says(&error),
            triple(
                "LockMode",
                "a name or number of `LockMode`",
                "an integer beyond 32 bits: 3000000000"
            )
        );
    }

    #[test]
    fn an_unknown_name_becomes_the_unknown_member() {
        // Optional, required, and in a list; never a member that means something.
        let entity: Entity = read(json!({"AttachmentType": "FromTheFuture"}));
        assert_eq!(
            entity.attachment_type(),
            diadoc_proto::events::AttachmentType::UnknownAttachmentType
        );
        let message: Message = read(json!({"LockMode": "FromTheFuture"}));
        assert_eq!(message.lock_mode(), LockMode::Unknown);
        let request: ResolutionRequestInfo =
            read(json!({"Actions": ["FromTheFuture", "ApproveAction"]}));
        assert_eq!(
            request.actions,
            [
                i32::from(ResolutionAction::UnknownAction),
                ResolutionAction::ApproveAction.into()
            ]
        );
        // Not the default that the field declares.
        let address: GarAddress = read(json!({"DivisionType": "FromTheFuture"}));
        assert_eq!(
            address.division_type(),
            diadoc_proto::GarAddressDivisionType::UnknownDivisionType
        );
    }

    #[test]
    fn a_member_that_means_something_is_no_unknown_member_whatever_its_name() {
        // `UnknownDssType`: no mobile certificate. `UnknownUsage`: an error of the server.
        let certificate: CertificateInfoV2 = read(json!({
            "DssType": "KSignFromTheFuture",
            "Usages": ["FromTheFuture", "TokenUsage"],
        }));
        assert_eq!(certificate.dss_type, None);
        assert_eq!(certificate.usages, [CertificateUsage::TokenUsage as i32]);
        // `UnknownOrganizationType`: a foreign organization.
        let error = refused::<Organization>(json!({"OrganizationType": "FromTheFuture"}));
        assert_eq!(error.path(), "OrganizationType");
    }

    #[test]
    fn an_unknown_name_leaves_the_field_unset_where_there_is_no_unknown_member() {
        let request: SearchDocflowsRequest =
            read(json!({"QueryString": "", "Scope": "FromTheFuture"}));
        assert_eq!(request.scope, None);
    }

    #[test]
    fn an_unknown_name_is_an_error_where_the_field_must_have_a_value() {
        let error = refused::<CustomDataPatch>(json!({"Operation": "FromTheFuture"}));
        assert_eq!(
            says(&error),
            triple(
                "Operation",
                "`Set` or `Remove`",
                "a string: \"FromTheFuture\""
            )
        );
        let error = refused::<QualifiedDetails>(json!({"SignatureSource": "FromTheFuture"}));
        assert_eq!(error.path(), "SignatureSource");
    }

    #[test]
    fn match_case_exactly() {
        let message: Message = read(json!({"LockMode": "full"}));
        assert_eq!(message.lock_mode(), LockMode::Unknown);
    }

    #[test]
    fn are_no_other_type() {
        for wrong in [json!(true), json!([]), json!({}), json!(1.5)] {
            let error = refused::<Message>(json!({"LockMode": wrong}));
            assert_eq!(error.path(), "LockMode");
            assert_eq!(error.expected(), "a name or number of `LockMode`");
        }
    }

    #[test]
    fn read_alike_where_the_enum_stands_alone() {
        let scope: SearchScope = serde_json::from_str("\"SearchScopeOutgoing\"").unwrap();
        assert_eq!(scope, SearchScope::SearchScopeOutbound);
        let kind: MessageType = serde_json::from_str("\"FromTheFuture\"").unwrap();
        assert_eq!(kind, MessageType::Unknown);
        assert!(serde_json::from_str::<SearchScope>("\"FromTheFuture\"").is_err());
    }
}

mod r5_missing_required {
    use super::*;

    #[test]
    fn takes_the_default_of_the_binary_format() {
        let organization: Organization = read(json!({}));
        let decoded: Organization = prost::Message::decode(&[][..]).unwrap();
        assert_eq!(organization, decoded);
        assert_eq!(organization, Organization::default());
    }

    #[test]
    fn takes_the_default_that_the_schema_declares() {
        let message: Message = read(json!({}));
        assert_eq!(message.lock_mode(), LockMode::None);
        let signer: SignerInfoV2 = read(json!({}));
        assert_eq!(signer.extended_document_title_type, -1);
    }
}

mod r6_base64 {
    use super::*;

    #[test]
    fn is_standard_or_url_safe_and_padded_or_not() {
        for text in ["+//+AA==", "+//+AA", "-__-AA==", "-__-AA"] {
            let content: Content = read(json!({"Size": 4, "Data": text}));
            assert_eq!(
                content.data.as_deref(),
                Some(&[0xfb, 0xff, 0xfe, 0x00][..]),
                "{text}"
            );
        }
    }

    #[test]
    fn is_nothing_else() {
        for text in [
            "lores ipsum",
            "+_8=",
            "AA=",
            "A",
            "AA==AA==",
            "AB==",
            "MIII...8=",
            "=",
        ] {
            let error = refused::<Content>(json!({"Size": 4, "Data": text}));
            assert_eq!(
                (error.path(), error.expected()),
                ("Data", "base64"),
                "{text}"
            );
        }
        for wrong in [json!(1), json!(true), json!([1, 2]), json!({})] {
            let error = refused::<Content>(json!({"Data": wrong}));
            assert_eq!((error.path(), error.expected()), ("Data", "base64"));
        }
    }
}

mod r7_errors {
    use super::*;

    #[test]
    fn name_path_line_column_expected_and_found() {
        let body = "{\n  \"TotalCount\": 1,\n  \"Documents\": [\n    {\"Title\": \"Акт\", \"Content\": \"lores ipsum\"}\n  ]\n}";
        let error = from_str::<DocumentList>(body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Value);
        assert_eq!(
            says(&error),
            triple(
                "Documents[0].Content",
                "an object (Content)",
                "a string: \"lores ipsum\""
            )
        );
        assert_eq!((error.line(), error.column()), (4, 33));
        assert_eq!(&body[error.offset()..][..7], "\"lores ");
        assert_eq!(
            error.to_string(),
            "Documents[0].Content: expected an object (Content), found a string, \
             at line 4, column 33"
        );
        assert_eq!(
            format!("{error:?}"),
            format!("Error {{ kind: Value, message: {error} }}")
        );
    }

    #[test]
    fn tell_each_wrong_type() {
        for (body, expected, found) in [
            (json!({"IndexKey": true}), "a string", "a boolean: true"),
            (json!({"IndexKey": {}}), "a string", "an object"),
            (json!({"IsRead": "yes"}), "a boolean", "a string: \"yes\""),
            (json!({"IsRead": 2}), "a boolean", "an integer: 2"),
            (
                json!({"IsRead": "a\"b\\"}),
                "a boolean",
                r#"a string: "a\"b\\""#,
            ),
            // Forty characters are shown, not bytes, and a dot for what is more.
            (
                json!({"IsRead": "ж".repeat(38)}),
                "a boolean",
                &format!("a string: \"{}\"", "ж".repeat(38)),
            ),
            (
                json!({"IsRead": "ж".repeat(40)}),
                "a boolean",
                &format!("a string: \"{}…", "ж".repeat(39)),
            ),
            (json!({"Content": []}), "an object (Content)", "an array"),
            (json!({"Content": [{}]}), "an object (Content)", "an array"),
            (json!({"Metadata": {}}), "an array", "an object"),
            (json!({"Metadata": "x"}), "an array", "a string: \"x\""),
            (
                json!({"SendTimestampTicks": []}),
                "a 64-bit integer",
                "an array",
            ),
            (
                json!({"SendTimestampTicks": {"A": 1}}),
                "a 64-bit integer",
                "an object",
            ),
        ] {
            let key = body.as_object().unwrap().keys().next().unwrap().clone();
            let error = refused::<Document>(body);
            assert_eq!(says(&error), triple(&key, expected, found));
        }
        let error = refused::<Document>(json!({"Metadata": [{"Key": "a"}, [[]]]}));
        assert_eq!(
            says(&error),
            triple("Metadata[1]", "an object (MetadataItem)", "an array")
        );
    }

    #[test]
    fn tell_where_json_ends_to_be_json() {
        for (body, line, column, expected) in [
            ("", 1, 1, "a value"),
            ("{", 1, 2, "the rest of the body"),
            ("{\"TotalCount\": 1,}", 1, 18, "a value after the comma"),
            ("{\"TotalCount\": 1, 2}", 1, 19, "a key in double quotes"),
            ("{\"TotalCount\" 1}", 1, 15, "`:`"),
            ("{TotalCount: 1}", 1, 2, "a key in double quotes"),
            ("{\"TotalCount\": 1}}", 1, 18, "the end of the body"),
            (
                "{\n\"TotalCount\": tru}",
                2,
                18,
                "`true`, `false` or `null`",
            ),
        ] {
            let error = from_str::<DocumentList>(body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Syntax, "{body}");
            assert_eq!(
                (error.line(), error.column()),
                (line, column),
                "{body}: {error}"
            );
            assert_eq!(error.expected(), expected, "{body}");
        }
    }

    #[test]
    fn tell_of_bytes_that_are_not_utf8() {
        let error = json::from_slice::<DocumentId>(b"{\n\"MessageId\": \"\xff\"}").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Utf8);
        assert_eq!((error.line(), error.column(), error.offset()), (2, 15, 16));
        assert!(cause(&error).is_some_and(|cause| cause.contains("utf-8")));
    }

    #[test]
    fn keep_the_body_out_of_the_message() {
        let error = refused::<LoginPassword>(json!({"login": "u", "password": ["hunter2"]}));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        let error = refused::<CustomDataPatch>(json!({"Operation": "hunter2"}));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            assert!(!cause.to_string().contains("hunter2"));
            source = cause.source();
        }
    }

    #[test]
    fn pass_on_what_a_reader_or_writer_says() {
        struct Broken;
        impl std::io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("the cable"))
            }
        }
        impl std::io::Write for Broken {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("the cable"))
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let error = json::from_reader::<_, DocumentId>(Broken).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        let error = json::to_writer(Broken, &DocumentId::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("the cable"));
        assert_eq!(cause(&error).as_deref(), Some("the cable"));
    }

    #[test]
    fn pass_on_what_a_limit_says() {
        let limits = diadoc_proto::Limits::new().bytes(1);
        let error = json::from_str_within::<DocumentId>("{}", &limits).unwrap_err();
        assert!(cause(&error).is_some_and(|cause| cause.contains("`Limits::bytes`")));
    }

    /// What stands behind an error.
    fn cause(error: &json::Error) -> Option<String> {
        std::error::Error::source(error).map(ToString::to_string)
    }
}

mod r8_keys {
    use super::*;

    #[test]
    fn match_case_exactly() {
        let list: DocumentList = read(json!({"totalCount": 5, "TOTALCOUNT": 6, "total_count": 7}));
        assert_eq!(list.total_count, 0);
    }

    #[test]
    fn are_the_json_name_or_the_schema_name() {
        for key in ["DeliveredEventId", "DeliveredPatchId"] {
            let patch: MessagePatch = read(json!({key: "p"}));
            assert_eq!(patch.delivered_patch_id.as_deref(), Some("p"));
        }
        let login: LoginPassword = read(json!({"Login": "u", "password": "p"}));
        assert_eq!((&*login.login, &*login.password), ("u", "p"));
    }

    #[test]
    fn stand_once() {
        for body in [
            r#"{"TotalCount": 1, "TotalCount": 1}"#,
            r#"{"TotalCount": null, "TotalCount": 1}"#,
            r#"{"TotalCount": 1, "TotalCount": null}"#,
        ] {
            let error = from_str::<DocumentList>(body).unwrap_err();
            assert_eq!(
                (error.path(), error.expected()),
                ("TotalCount", "each key once")
            );
            assert_eq!(error.offset(), body.rfind("\"TotalCount\"").unwrap());
        }
        let body = r#"{"Documents": [{}, {"Metadata": [], "Metadata": []}], "TotalCount": 1}"#;
        let error = from_str::<DocumentList>(body).unwrap_err();
        assert_eq!(error.path(), "Documents[1].Metadata");
        assert_eq!(error.offset(), body.rfind("\"Metadata\"").unwrap());
        // Two names of one field are one key.
        let body = r#"{"DeliveredEventId": "a", "DeliveredPatchId": "b"}"#;
        let error = from_str::<MessagePatch>(body).unwrap_err();
        assert_eq!(error.path(), "DeliveredEventId");
        assert_eq!(error.offset(), body.find("\"DeliveredPatchId\"").unwrap());
    }
}

mod r9_booleans {
    use super::*;

    #[test]
    fn may_be_strings_and_zero_and_one() {
        for (flag, expected) in [
            (json!(true), true),
            (json!("true"), true),
            (json!("False"), false),
            (json!("TRUE"), true),
            (json!(1), true),
            (json!(0), false),
            (json!(-0), false),
        ] {
            let list: DocumentList = read(json!({"TotalCount": 0, "HasMoreResults": flag}));
            assert_eq!(list.has_more_results, Some(expected), "{flag}");
            let message: Message = read(json!({"IsTest": flag}));
            assert_eq!(message.is_test, Some(expected), "{flag}");
        }
    }

    #[test]
    fn are_nothing_else() {
        for wrong in [
            json!("yes"),
            json!(""),
            json!("true "),
            json!(2),
            json!(-1),
            json!(1.0),
        ] {
            let error = refused::<DocumentList>(json!({"HasMoreResults": wrong}));
            let said = (error.path(), error.expected());
            assert_eq!(said, ("HasMoreResults", "a boolean"), "{wrong}");
        }
    }
}

mod r10_strings {
    use super::*;

    #[test]
    fn take_numbers_as_their_text() {
        for (number, text) in [
            ("12", "12"),
            ("-7", "-7"),
            ("638884246403244956", "638884246403244956"),
            ("18446744073709551615", "18446744073709551615"),
            ("100.5", "100.5"),
        ] {
            let body = format!(r#"{{"MessageId": {number}, "EntityId": "e"}}"#);
            let id: DocumentId = from_str(&body).unwrap();
            assert_eq!(id.message_id, text);
        }
    }

    #[test]
    fn take_nothing_else() {
        for wrong in [json!(true), json!([1]), json!({})] {
            let error = refused::<DocumentId>(json!({"MessageId": wrong}));
            assert_eq!((error.path(), error.expected()), ("MessageId", "a string"));
        }
    }
}

mod r11_white_space {
    use super::*;

    #[test]
    fn is_skipped_in_base64() {
        for text in ["+//+\r\nAA==", " +//+AA", "-__-\tAA==", "+//+AA=\n="] {
            let content: Content = read(json!({"Size": 4, "Data": text}));
            assert_eq!(content.data.as_deref(), Some(&[0xfb, 0xff, 0xfe, 0x00][..]));
        }
    }

    /// A line break stands in a string of JSON as an escape alone.
    #[test]
    fn is_escaped() {
        let body = "{\"Size\": 4, \"Data\": \"+//+\nAA==\"}";
        let error = json::from_str::<Content>(body).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Syntax, 25));
    }
}

mod r12_byte_order_mark {
    use super::*;

    #[test]
    fn is_skipped_before_a_body() {
        let id: DocumentId = json::from_str("\u{feff}{\"MessageId\": \"m\"}").unwrap();
        assert_eq!(id.message_id, "m");
        let error = json::from_str::<DocumentId>("\u{feff}{\"MessageId\": []}").unwrap_err();
        assert_eq!((error.line(), error.column(), error.offset()), (1, 15, 17));
        for elsewhere in [
            "\u{feff}\u{feff}{}",
            " \u{feff}{}",
            "{}\u{feff}",
            "\u{feff}",
        ] {
            let error = json::from_str::<DocumentId>(elsewhere).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Syntax, "{elsewhere:?}");
        }
    }
}

/// Whatever a message is written to, it is written in the same way.
#[test]
fn every_way_of_writing_writes_the_same() {
    let mut list = DocumentList::default();
    for documents in [0, 1, 2_000] {
        list.documents.resize_with(documents, Default::default);
        let (text, lines) = (json::to_string(&list), json::to_string_pretty(&list));
        let (text, lines) = (text.unwrap(), lines.unwrap());
        assert_eq!(json::to_vec(&list).unwrap(), text.as_bytes());
        let (mut written, mut written_lines) = (Vec::new(), Vec::new());
        json::to_writer(&mut written, &list).unwrap();
        json::to_writer_pretty(&mut written_lines, &list).unwrap();
        assert!(written == text.as_bytes());
        assert!(written_lines == lines.as_bytes());
        assert!(lines.lines().count() > documents && text.lines().count() == 1);
    }
}
