//! A connection that is used again, as clients do in long runs.

use std::net::SocketAddr;

use bytes::Bytes;
use diadoc_api::http;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection to a fake.
pub(crate) struct Wire {
    address: SocketAddr,
    stream: Option<TcpStream>,
}

impl Wire {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
        }
    }

    /// The status of the answer to a request; none where the connection ends before all of it is there.
    pub(crate) async fn send(&mut self, request: &http::Request<Bytes>) -> Option<u16> {
        let target = request.uri().path_and_query().expect("a target");
        let mut bytes = format!("{} {target} HTTP/1.1\r\nHost: fake\r\n", request.method());
        for (name, value) in request.headers() {
            let value = value.to_str().expect("a header of ASCII");
            bytes += &format!("{name}: {value}\r\n");
        }
        bytes += &format!("Content-Length: {}\r\n\r\n", request.body().len());
        let mut bytes = bytes.into_bytes();
        bytes.extend_from_slice(request.body());
        self.exchange(&bytes).await
    }

    /// The same for the bytes of a request.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Option<u16> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => TcpStream::connect(self.address).await.expect("it listens"),
        };
        stream.write_all(request).await.ok()?;
        let mut came = Vec::new();
        let head = loop {
            if let Some(end) = came.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            match stream.read_buf(&mut came).await {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        };
        let text = String::from_utf8_lossy(&came[..head]).to_ascii_lowercase();
        let header = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let length = header("content-length").map_or(Some(0), |length| length.parse().ok())?;
        while came.len() < head + length {
            match stream.read_buf(&mut came).await {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
        if header("connection") != Some("close") {
            self.stream = Some(stream);
        }
        text.split(' ').nth(1)?.parse().ok()
    }
}
