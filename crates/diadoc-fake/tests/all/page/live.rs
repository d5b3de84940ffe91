//! Rows as they come.

use std::time::Duration;

use diadoc_fake::Fake;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::HOST;
use crate::http::{Call, JSON};
use crate::{BOX, started};

const TIME: Duration = Duration::from_secs(10);

/// A stream of rows that is open.
struct Listener(TcpStream, String);

impl Listener {
    async fn open(fake: &Fake, query: &str) -> Self {
        let mut stream = TcpStream::connect(fake.address()).await.expect("a fake");
        let head = format!("GET /_/requests/live?{query} HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("it is sent");
        let mut listener = Self(stream, String::new());
        listener.until("event: fake").await;
        listener
    }

    /// Reads until that text has come.
    async fn until(&mut self, text: &str) {
        let read = async {
            let mut bytes = [0; 4096];
            while !self.1.contains(text) {
                let count = self.0.read(&mut bytes).await.expect("the stream is open");
                assert!(count > 0, "it ended before {text}: {}", self.1);
                self.1 += &String::from_utf8_lossy(&bytes[..count]);
            }
        };
        tokio::time::timeout(TIME, read)
            .await
            .expect("it comes in time");
    }
}

fn call() -> Call {
    Call::get(format!("/V2/GetLastEvent?boxId={BOX}")).accept(JSON)
}

#[tokio::test]
async fn a_row_comes_with_its_request() {
    let fake = started().await;
    call().send(&fake).await;
    call().send(&fake).await;
    let mut listener = Listener::open(&fake, "after=1&lang=en").await;
    // One that came between the page and the stream is made up for.
    listener.until("<tr id=\"r2\"").await;
    assert!(!listener.1.contains("<tr id=\"r1\""));
    assert!(listener.1.contains("content-type: text/event-stream"));
    assert!(listener.1.contains("x-content-type-options: nosniff"));
    Call::get("/a%0Adata:%20%3Cscript%3E").send(&fake).await;
    listener.until("<tr id=\"r3\"").await;
    listener.until("refused").await;
    assert!(!listener.1.contains("<script>"));
}

#[tokio::test]
async fn it_does_not_hold_the_fake() {
    let fake = started().await;
    let mut listener = Listener::open(&fake, "").await;
    let stopped = tokio::time::timeout(TIME, fake.stop()).await;
    stopped.expect("it stops").unwrap();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(TIME, listener.0.read_to_end(&mut rest)).await;
    ended.expect("it ends").unwrap();
}
