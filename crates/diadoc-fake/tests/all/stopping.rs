//! A fake that stops lets nobody hold it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::started;

async fn sent(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("the fake listens");
    stream.write_all(text.as_bytes()).await.expect("it is sent");
    // Time for the fake to read it.
    tokio::time::sleep(Duration::from_millis(50)).await;
    stream
}

#[tokio::test]
async fn half_a_request() {
    for text in [
        "",
        "GET /V2/GetLastEvent HT",
        "POST /V3/PostMessage HTTP/1.1\r\nHost: fake\r\nContent-Length: 10\r\n\r\n{",
    ] {
        let fake = started().await;
        let mut stream = sent(fake.address(), text).await;
        let start = Instant::now();
        fake.stop().await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(5), "{text}");
        let mut rest = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest));
        let _ = read.await.expect("the connection ends");
    }
}

/// A body that does not come whole is no request, and yet it is told.
#[tokio::test]
async fn half_a_body() {
    let fake = started().await;
    let mut requests = fake.subscribe();
    let head = "POST /V3/PostMessage HTTP/1.1\r\nHost: fake\r\nContent-Length: 10\r\n\r\n{";
    let mut stream = sent(fake.address(), head).await;
    stream.shutdown().await.unwrap();
    let next = tokio::time::timeout(Duration::from_secs(5), requests.next());
    let received = next.await.unwrap().unwrap();
    assert_eq!(requests.missed(), 0);
    assert_eq!(
        (received.status, &received.reasons[0][..]),
        (Some(400), "the body is cut")
    );
}
