//! A server on loopback that answers with what a test wrote down, byte for byte: also with what no
//! good server sends.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use diadoc_api::Config;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with one request.
pub(super) enum Reply {
    /// Sends these bytes, and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes after a while.
    Late(Duration, Vec<u8>),
    /// Sends these bytes, and nothing more.
    Begun(Vec<u8>),
    /// Sends these pieces, each a moment after the one before it.
    Pieces(Vec<Vec<u8>>),
    /// Sends a head, and this piece over and over.
    Endless(Vec<u8>, Vec<u8>),
    /// Reads the request, and never answers.
    Silence,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// `GET /path?query`
    pub line: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }
}

pub(super) struct Server {
    pub config: Config,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// A server that gives the replies in turn; a connection for each.
    pub(super) async fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            for reply in replies {
                let (mut connection, _) = listener.accept().await.unwrap();
                let request = read(&mut connection).await;
                log.lock().unwrap().push(request);
                tokio::spawn(answer(connection, reply));
            }
            // Whatever else comes finds nobody.
        });
        Self {
            config: Config::new()
                .with_address(&address)
                .unwrap()
                .bearer("first-token"),
            seen,
        }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn answer(mut connection: TcpStream, reply: Reply) {
    match reply {
        Reply::Bytes(bytes) => {
            let _ = connection.write_all(&bytes).await;
        }
        Reply::Late(delay, bytes) => {
            tokio::time::sleep(delay).await;
            let _ = connection.write_all(&bytes).await;
        }
        Reply::Begun(bytes) => {
            let _ = connection.write_all(&bytes).await;
            let _ = connection.read(&mut [0]).await;
        }
        Reply::Pieces(pieces) => {
            for piece in pieces {
                let _ = connection.write_all(&piece).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Reply::Endless(head, piece) => {
            let _ = connection.write_all(&head).await;
            while connection.write_all(&piece).await.is_ok() {}
        }
        Reply::Silence => {
            let _ = connection.read(&mut [0]).await;
        }
    }
}

async fn read(connection: &mut TcpStream) -> Seen {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        assert_ne!(connection.read_buf(&mut bytes).await.unwrap(), 0);
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let line = lines.next().unwrap().strip_suffix(" HTTP/1.1").unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    let mut seen = Seen {
        line: line.to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: bytes[end + 4..].to_vec(),
    };
    let length = seen
        .header("content-length")
        .map(|length| length.parse().unwrap());
    while seen.body.len() < length.unwrap_or(0) {
        assert_ne!(connection.read_buf(&mut seen.body).await.unwrap(), 0);
    }
    seen
}

/// An answer with a status, headers and a body.
pub(super) fn answer_with(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut text = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if status != 204 {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    Reply::Bytes(format!("{text}\r\n{body}").into_bytes())
}

/// A JSON answer.
pub(super) fn json(body: &str) -> Reply {
    answer_with(200, &[("Content-Type", "application/json")], body)
}
