//! As much of HTTP as these tests need, so that nothing stands between them and the bytes.

use std::net::SocketAddr;

use bytes::Bytes;
use diadoc_api::http;
use diadoc_fake::Fake;
use prost::Message;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(crate) const JSON: &str = "application/json";
pub(crate) const PROTOBUF: &str = "application/x-protobuf";

/// A request to a fake.
pub(crate) struct Call {
    verb: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Came {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the body is shorter than was promised.
    pub is_cut: bool,
}

impl Call {
    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target.into())
    }

    pub(crate) fn post(target: impl Into<String>, form: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut call = Self::new("POST", target.into()).with("Content-Type", form);
        call.body = body.into();
        call
    }

    /// The call that a request is.
    pub(crate) fn of(request: &http::Request<Bytes>) -> Self {
        let target = request.uri().path_and_query().expect("a target");
        let headers = request.headers().iter().map(|(name, value)| {
            let value = value.to_str().expect("a header of ASCII");
            (name.to_string(), value.to_owned())
        });
        Self {
            verb: request.method().to_string(),
            target: target.to_string(),
            headers: headers.collect(),
            body: request.body().to_vec(),
        }
    }

    pub(crate) fn new(verb: &str, target: String) -> Self {
        Self {
            verb: verb.to_owned(),
            target,
            headers: vec![("Authorization".into(), "Bearer some-token".into())],
            body: Vec::new(),
        }
    }

    /// With that header, in the place of one of the same name.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(key, _)| key != name);
        if !value.is_empty() {
            self.headers.push((name.into(), value.into()));
        }
        self
    }

    /// With an answer in that form.
    pub(crate) fn accept(self, media_type: &str) -> Self {
        self.with("Accept", media_type)
    }

    pub(crate) async fn send(self, fake: &Fake) -> Came {
        self.send_to(fake.address()).await
    }

    pub(crate) async fn send_to(self, address: SocketAddr) -> Came {
        let mut stream = TcpStream::connect(address).await.expect("the fake listens");
        let mut head = format!("{} {} HTTP/1.1\r\n", self.verb, self.target);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        let length = self.body.len();
        if !self.headers.iter().any(|(name, _)| name == "Host") {
            head += "Host: fake\r\n";
        }
        head += &format!("Connection: close\r\nContent-Length: {length}\r\n\r\n");
        for part in [head.as_bytes(), &self.body] {
            stream.write_all(part).await.expect("it is sent");
        }
        let mut bytes = Vec::new();
        // A connection that is cut ends with an error or without; the lengths tell.
        let _ = stream.read_to_end(&mut bytes).await;
        Came::read(&bytes)
    }
}

impl Came {
    fn read(bytes: &[u8]) -> Self {
        let mut ends = bytes.windows(4);
        let end = ends.position(|four| four == b"\r\n\r\n");
        let end = end.expect("a head");
        let head = std::str::from_utf8(&bytes[..end]).expect("the head is text");
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines.filter_map(|line| line.split_once(": "));
        let mut came = Self {
            status: status.expect("a status").parse().expect("a number"),
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: bytes[end + 4..].to_vec(),
            is_cut: false,
        };
        let promised = came.header("content-length");
        let promised = promised.map(|length| length.parse::<usize>().expect("a length"));
        came.is_cut = promised.is_some_and(|promised| came.body.len() < promised);
        came
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(key, _)| key == name);
        header.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }

    /// Asserts that its body has `text` in it.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) {
        let said = self.text();
        assert!(said.contains(text), "{text} is not in {said}");
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let media_type = "application/json; charset=utf-8";
        assert_eq!(self.header("content-type"), Some(media_type));
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    #[track_caller]
    pub(crate) fn message<M: Message + Default>(&self) -> M {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.header("content-type"), Some(PROTOBUF), "{body}");
        M::decode(&self.body[..]).expect("the body is the message")
    }
}
