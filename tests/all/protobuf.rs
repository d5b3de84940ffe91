//! The binary side: content is shared, not copied.

use bytes::Bytes;
use diadoc_proto::events::{Entity, Message};
use diadoc_proto::{Certificate, Content, json};
use prost::Message as _;

/// Whether `part` lies in the memory of `whole`.
fn is_shared(whole: &Bytes, part: &Bytes) -> bool {
    let (whole, part) = (whole.as_ptr_range(), part.as_ptr_range());
    whole.start <= part.start && part.end <= whole.end
}

#[test]
fn decoding_from_bytes_shares_all_content() {
    let entity = |filler: u8| Entity {
        content: Some(Box::new(Content {
            size: 1000,
            data: Some(Bytes::from(vec![filler; 1000])),
        })),
        ..Default::default()
    };
    let message = Message {
        entities: (1..=20).map(entity).collect(),
        ..Default::default()
    };
    let bytes = Bytes::from(message.encode_to_vec());
    let decoded = Message::decode(bytes.clone()).unwrap();
    assert_eq!(decoded, message);
    let mut shared = 0;
    for entity in &decoded.entities {
        let content = entity.content.as_ref().and_then(|c| c.data.as_ref());
        assert!(is_shared(&bytes, content.unwrap()));
        shared += 1;
    }
    assert_eq!(shared, 20);
}

#[test]
fn decoding_from_bytes_shares_required_content() {
    let certificate = Certificate {
        raw_certificate_data: Bytes::from(vec![7; 1000]),
    };
    let bytes = Bytes::from(certificate.encode_to_vec());
    let decoded = Certificate::decode(bytes.clone()).unwrap();
    assert_eq!(decoded, certificate);
    assert!(is_shared(&bytes, &decoded.raw_certificate_data));
    // From a slice, which nobody can share, it is copied.
    let copied = Certificate::decode(&*bytes).unwrap();
    assert_eq!(copied, certificate);
    assert!(!is_shared(&bytes, &copied.raw_certificate_data));
}

#[test]
fn cloning_a_message_shares_its_content() {
    let body = r#"{"Size": 3, "Data": "AQID"}"#;
    let content: Content = json::from_str(body).unwrap();
    let clone = content.clone();
    assert!(is_shared(
        content.data.as_ref().unwrap(),
        clone.data.as_ref().unwrap()
    ));
}
