//! How long answers may be.

use diadoc_api::client::{Client, ClientError, SignIn};
use diadoc_api::documents::GetEntityContentV4;
use diadoc_api::oidc::Application;
use diadoc_proto::{Limit, Limits};
use futures_util::TryStreamExt as _;

use super::server::{Reply, Server, answer_with, json};
use super::{EMPTY, builder, documents};
use crate::{BOX, GUID};

const MEBIBYTE: usize = 1 << 20;

/// An answer that does not end, of that status, with more headers.
fn endless(status: u16, headers: &str) -> Reply {
    let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n{headers}\r\n");
    Reply::Endless(head.into_bytes(), vec![b' '; 1 << 16])
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_refused() {
    let promised = format!("Content-Length: {}\r\n", usize::MAX / 2);
    for headers in ["", &promised, "Content-Type: application/json\r\n"] {
        let server = Server::start(vec![endless(200, headers), json(EMPTY)]).await;
        let client = builder(&server).limits(Limits::new().bytes(MEBIBYTE));
        let error = client.build().unwrap().send(documents()).await.unwrap_err();
        let ClientError::TooLong { limit, .. } = error else {
            panic!("{error}");
        };
        assert_eq!((limit.limit(), limit.most()), (Limit::Bytes, MEBIBYTE));
        let text = "GetDocumentsV3: the answer is too long: expected at most 1048576 bytes of body \
                    (`Limits::bytes`), found more; `ClientBuilder::limits` sets how much may be";
        assert_eq!(error.to_string(), text);
        assert_eq!(server.seen().len(), 1, "it would be as long again");
    }
    // One that promises too much is refused before any of it has come.
    let head = format!("HTTP/1.1 200 OK\r\n{promised}\r\n");
    let server = Server::start(vec![Reply::Begun(head.into_bytes())]).await;
    let error = builder(&server).build().unwrap().send(documents()).await;
    assert!(matches!(error, Err(ClientError::TooLong { .. })));
    // Whatever the server says of an error, its beginning is enough.
    for headers in ["", &promised] {
        let server = Server::start(vec![endless(400, headers)]).await;
        let client = builder(&server).limits(Limits::new().bytes(1)).build();
        let error = client.unwrap().send(documents()).await.unwrap_err();
        assert!(matches!(error, ClientError::Api(_)), "{error}");
    }
}

/// Of an answer in pieces every piece counts, in an error too.
#[tokio::test]
async fn an_answer_comes_in_pieces() {
    for (status, first) in [(400, 3), (200, 3), (200, (1 << 16) - 3)] {
        let pieces = [vec![b'a'; first], b"bcd".to_vec(), b"efg".to_vec()];
        let all = pieces.concat();
        let length = all.len();
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n");
        let pieces = [&[head.into_bytes()], &pieces[..]].concat();
        let server = Server::start(vec![Reply::Pieces(pieces)]).await;
        let client = builder(&server).build().unwrap();
        let answer = client.send(GetEntityContentV4::new(BOX, GUID, GUID)).await;
        match answer {
            Ok(content) => assert!(content.content == all, "{status} {first}"),
            Err(ClientError::Api(error)) => assert_eq!(error.text().as_bytes(), all),
            Err(error) => panic!("{error}"),
        }
    }
}

/// The other limits go with the answer, in either form; what is raised is raised.
#[tokio::test]
async fn messages_are_read_within_them() {
    let list = r#"{"TotalCount": 2, "Documents": [{"MessageId": "m"}, {"MessageId": "n"}]}"#;
    let protobuf = "\u{8}\u{2}\u{12}\u{0}\u{12}\u{0}";
    for is_json in [true, false] {
        let reply = || match is_json {
            true => json(list),
            false => answer_with(200, &[], protobuf),
        };
        for (most, fits) in [(1, false), (2, true)] {
            let server = Server::start(vec![reply()]).await;
            let client = builder(&server).limits(Limits::new().elements(most));
            let outcome = client.build().unwrap().send(documents()).await;
            assert_eq!(outcome.is_ok(), fits);
            let said = outcome.err().map(|error| error.to_string());
            assert!(said.is_none_or(|said| said.contains("`Limits::elements`")));
        }
    }
}

/// What is streamed is not held, and as long as it is.
#[tokio::test]
async fn a_stream_may_be_longer() {
    let long = "a".repeat(10_000);
    let server = Server::start(vec![answer_with(200, &[], &long)]).await;
    let client = builder(&server).limits(Limits::new().bytes(1_000));
    let request = GetEntityContentV4::new(BOX, GUID, GUID);
    let download = client.build().unwrap().download(request).await.unwrap();
    let pieces: Vec<_> = download.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), long.as_bytes());
}

#[tokio::test]
async fn the_identity_server_says_little() {
    let server = Server::start(vec![endless(200, "")]).await;
    let application = Application::new("id", "secret");
    let application = application.with_identity(&server.config.address().to_string());
    let sign_in = SignIn::new(application.unwrap(), "refresh").unwrap();
    let client = Client::builder(server.config.clone().without_credentials());
    let client = client.renew_with(sign_in).build().unwrap();
    let error = client.send(documents()).await.unwrap_err();
    assert!(matches!(error, ClientError::Renewal(_)), "{error}");
    assert!(
        error.to_string().contains("at most 1048576 bytes"),
        "{error}"
    );
}
