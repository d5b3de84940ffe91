//! The binary side: content is shared, not copied.

use bytes::Bytes;
use diadoc_proto::Content;
use diadoc_proto::events::{Entity, Message};
use prost::Message as _;

#[test]
fn decoding_from_bytes_shares_the_content() {
    let content = Content {
        size: 1000,
        data: Some(Bytes::from(vec![7; 1000])),
    };
    let message = Message {
        entities: vec![Entity {
            content: Some(Box::new(content)),
            ..Default::default()
        }],
        ..Default::default()
    };
    let bytes = Bytes::from(message.encode_to_vec());
    let decoded = Message::decode(bytes.clone()).unwrap();
    assert_eq!(decoded, message);
    let data = decoded.entities[0]
        .content
        .as_ref()
        .and_then(|content| content.data.as_ref())
        .unwrap();
    assert!(bytes.as_ptr_range().contains(&data.as_ptr()));
}
