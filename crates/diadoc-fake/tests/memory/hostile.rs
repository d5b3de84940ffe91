//! Clients that send too much, too slowly, or what is no HTTP: each gets a status or the end of its
//! connection, what they take is bounded, and others are served.

use std::net::SocketAddr;
use std::time::Duration;

use diadoc_fake::world::FIRST_BOX;
use diadoc_fake::{Answer, Fake, Timeouts};
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::wire::Wire;
use super::{MIB, begin, most, started};

const MOST_BODY: usize = 4 * MIB;
const KEPT: usize = 8 * MIB;
/// What all of them may take at once: the room of four bodies and what is read of each, what is kept, and
/// what these clients have to send.
const MOST: usize = 160 * MIB;
/// How long none of them may be left without an answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two pieces of what is sent slowly.
const SLOWLY: Duration = Duration::from_millis(100);

/// What a client sends, and which status it gets; none for the end of the connection without one.
struct Client {
    name: &'static str,
    head: Vec<u8>,
    /// Sent so many times after the head.
    piece: (Vec<u8>, usize),
    pause: Duration,
    statuses: &'static [Option<u16>],
    says: &'static str,
}

fn client(
    name: &'static str,
    head: impl Into<Vec<u8>>,
    statuses: &'static [Option<u16>],
) -> Client {
    Client {
        name,
        head: head.into(),
        piece: (Vec::new(), 0),
        pause: Duration::ZERO,
        statuses,
        says: "",
    }
}

impl Client {
    fn then(mut self, piece: impl Into<Vec<u8>>, times: usize) -> Self {
        self.piece = (piece.into(), times);
        self
    }

    fn slowly(mut self) -> Self {
        self.pause = SLOWLY;
        self
    }

    fn told(mut self, text: &'static str) -> Self {
        self.says = text;
        self
    }

    /// Calls the fake; what is wrong with its answer.
    async fn calls(&self, address: SocketAddr) -> Option<String> {
        let (name, head) = (self.name, self.head.clone());
        let stream = TcpStream::connect(address).await.expect("it listens");
        let (mut reading, mut writing) = stream.into_split();
        let ((piece, times), pause) = (self.piece.clone(), self.pause);
        // It goes on after the answer, as long as somebody takes it.
        let sending = tokio::spawn(async move {
            writing.write_all(&head).await?;
            for _ in 0..times {
                writing.write_all(&piece).await?;
                if !pause.is_zero() {
                    sleep(pause).await;
                }
            }
            // What is sent stays open: the end is the fake's to make.
            sleep(PATIENCE).await;
            std::io::Result::Ok(())
        });
        let mut answer = Vec::new();
        let read = timeout(PATIENCE, reading.read_to_end(&mut answer)).await;
        sending.abort();
        let text = String::from_utf8_lossy(&answer);
        if read.is_err() {
            return Some(format!("{name}: the connection does not end: {text:.300}"));
        }
        let status = text.split(' ').nth(1).and_then(|text| text.parse().ok());
        let is_right = self.statuses.contains(&status) && text.contains(self.says);
        (!is_right).then(|| format!("{name}: {status:?}: {text:.600}"))
    }
}

fn post(headers: &str) -> String {
    format!("POST /Nothing HTTP/1.1\r\nHost: fake\r\nConnection: close\r\n{headers}\r\n")
}

fn clients() -> Vec<Client> {
    let endless = usize::MAX;
    let chunk = || {
        let bytes = "x".repeat(64 << 10);
        format!("{:x}\r\n{bytes}\r\n", bytes.len())
    };
    let chunked = || post("Transfer-Encoding: chunked\r\n");
    let too_long = "the body is longer than 4194304 bytes; `max_body` of the builder and `diadoc serve \
                    --max-body` set another limit";
    vec![
        client(
            "a body that says it is too long",
            post("Content-Length: 4194305\r\n"),
            &[Some(413)],
        )
        .then(vec![0; MIB], 5)
        .told(too_long),
        client("a body in chunks that is too long", chunked(), &[Some(413)])
            .then(chunk(), 100)
            .told(too_long),
        client("chunks without an end", chunked(), &[Some(413)]).then(chunk(), endless),
        client("small chunks without an end", chunked(), &[Some(408)])
            .then("1\r\nx\r\n", endless)
            .slowly()
            .told("the body took longer than 2s"),
        client(
            "a slow body",
            post("Content-Length: 1000000\r\n"),
            &[Some(408)],
        )
        .then("x", endless)
        .slowly(),
        client(
            "half a body",
            post("Content-Length: 10\r\n") + "x",
            &[Some(408)],
        )
        .told("nothing of the body came for 1s"),
        client("half a chunk", chunked() + "ff\r\nx", &[Some(408)]),
        client("half a head", "POST /Nothing HTTP/1.1\r\nHost: fa", &[None]),
        client("half a line", "PO", &[None]),
        client("nothing", "", &[None]),
        client("a slow head", "GET / HTTP/1.1\r\n", &[None, Some(431)])
            .then("a: b\r\n", endless)
            .slowly(),
        client(
            "nothing after an answer",
            "GET /Nothing HTTP/1.1\r\nHost: fake\r\n\r\n",
            &[Some(501)],
        ),
        client(
            "10^18 bytes",
            post("Content-Length: 1000000000000000000\r\n") + "few",
            &[Some(413)],
        ),
        client(
            "10^30 bytes",
            post(&format!("Content-Length: 1{}\r\n", "0".repeat(30))),
            &[Some(400)],
        ),
        client(
            "less than no bytes",
            post("Content-Length: -1\r\n"),
            &[Some(400)],
        ),
        client(
            "two lengths",
            post("Content-Length: 1\r\nContent-Length: 2\r\n") + "xx",
            &[Some(400)],
        ),
        client(
            "a chunk of 2^68 bytes",
            chunked() + "fffffffffffffffff\r\nx",
            &[Some(400)],
        ),
        client(
            "chunks that are none",
            chunked() + "nothing\r\n",
            &[Some(400)],
        ),
        client(
            "a length to wait for",
            post("Expect: 100-continue\r\nContent-Length: 4194305\r\n"),
            &[Some(413)],
        ),
        client("10,000 headers", many_headers(), &[Some(431)]),
        client("headers without an end", "GET / HTTP/1.1\r\n", &[Some(431)])
            .then("a: b\r\n".repeat(1000), endless),
        client("a header of 1 MB", "GET / HTTP/1.1\r\na: ", &[Some(431)]).then("b".repeat(MIB), 1),
        client(
            "a header without an end",
            "GET / HTTP/1.1\r\na: ",
            &[Some(431)],
        )
        .then("b".repeat(MIB), endless),
        client("a query of 1 MB", "GET /?", &[Some(414), Some(431)]).then("b".repeat(MIB), 1),
        client(
            "a query of many parameters",
            many_parameters(),
            &[Some(400)],
        ),
        client("trailers without an end", chunked() + "0\r\n", &[Some(400)])
            .then("a: b\r\n".repeat(1000), endless),
        client("no HTTP", "what is this?\r\n\r\n", &[Some(400)]),
        client(
            "bytes",
            [
                0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, b'\r', b'\n', b'\r', b'\n',
            ],
            &[Some(400)],
        ),
        client(
            "lines without an end",
            "",
            &[Some(400), Some(414), Some(431)],
        )
        .then("x".repeat(MIB), endless),
        client("empty lines", "", &[None, Some(400), Some(431)]).then("\r\n".repeat(1000), endless),
        client(
            "HTTP/2",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            &[None, Some(400), Some(505)],
        ),
        client(
            "a NUL in a header",
            "GET / HTTP/1.1\r\na: \0\r\n\r\n",
            &[Some(400)],
        ),
        client("a verb of 1 MB", "X".repeat(MIB), &[Some(400), Some(431)]),
        client(
            "CONNECT",
            "CONNECT example.com:80 HTTP/1.1\r\nHost: fake\r\nConnection: close\r\n\r\n",
            &[Some(400), Some(405), Some(501)],
        ),
        client(
            "garbage behind a request",
            "GET /Nothing HTTP/1.1\r\nHost: fake\r\n\r\n",
            &[Some(501)],
        )
        .then(vec![0xff; MIB], endless)
        .told("400 Bad Request"),
        client(
            "a thousand requests at once, and the answers not asked for",
            "",
            &[Some(501)],
        )
        .then("GET /Nothing HTTP/1.1\r\nHost: fake\r\n\r\n", 1000),
    ]
}

fn many_headers() -> String {
    format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(10_000))
}

fn many_parameters() -> String {
    let many = "a=1&".repeat(12_000);
    format!(
        "GET /V2/GetLastEvent?boxId={FIRST_BOX}&{many} HTTP/1.1\r\nHost: fake\r\n\
         Authorization: Bearer any\r\nConnection: close\r\n\r\n"
    )
}

pub(crate) async fn clients_get_a_status_or_are_cut_off() {
    let mut timeouts = Timeouts::default();
    timeouts.head = Duration::from_secs(3);
    timeouts.pause = Duration::from_secs(1);
    timeouts.body = Duration::from_secs(2);
    let builder = Fake::builder()
        .keep(1000, KEPT)
        .max_body(MOST_BODY)
        .timeouts(timeouts);
    let fake = started(builder).await;
    let clients = clients();
    begin();
    // All at the same time, and one that wants nothing special among them.
    let calling = join_all(clients.iter().map(|client| client.calls(fake.address())));
    let others = async {
        let mut wire = Wire::new(fake.address());
        for _ in 0..50 {
            assert_eq!(wire.exchange(last_event().as_bytes()).await, Some(200));
            sleep(SLOWLY / 5).await;
        }
    };
    let (wrong, ()) = tokio::join!(calling, others);
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let took = most();
    assert!(took < MOST, "{took}");

    two_lengths_are_one_request(&fake).await;
    huge_bodies_to_unknown_paths(&fake).await;
    who_reads_nothing_is_cut_off(&fake).await;
    assert_eq!(
        Wire::new(fake.address())
            .exchange(last_event().as_bytes())
            .await,
        Some(200)
    );
}

fn last_event() -> String {
    format!(
        "GET /V2/GetLastEvent?boxId={FIRST_BOX} HTTP/1.1\r\nHost: fake\r\n\
         Authorization: Bearer any\r\n\r\n"
    )
}

/// A request whose length stands there in two ways is refused, or read in one: what follows is no
/// request that somebody has hidden in a body.
async fn two_lengths_are_one_request(fake: &Fake) {
    let before = fake.received_since(0).last().map_or(0, |last| last.number);
    let both = post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n");
    let hidden = "0\r\n\r\nGET /Hidden HTTP/1.1\r\nHost: fake\r\n\r\n";
    let client = client("both lengths", both + hidden, &[Some(400), Some(501)]);
    assert_eq!(client.calls(fake.address()).await, None);
    let came = fake.received_since(before);
    assert!(came.iter().all(|one| one.path != "/Hidden"), "{came:?}");
}

async fn huge_bodies_to_unknown_paths(fake: &Fake) {
    let mut wire = Wire::new(fake.address());
    let mut body = post(&format!("Content-Length: {MOST_BODY}\r\n")).into_bytes();
    body.resize(body.len() + MOST_BODY, b'x');
    begin();
    for _ in 0..10 {
        assert_eq!(wire.exchange(&body).await, Some(501));
    }
    // What is kept, and one that is being read.
    let took = most();
    assert!(took < KEPT + 4 * MOST_BODY, "{took}");
}

async fn who_reads_nothing_is_cut_off(fake: &Fake) {
    // More than the system takes for somebody who does not read.
    let content = vec![0; 40 * MIB];
    fake.answer("GetEntityContentV4", Answer::bytes(content.clone()))
        .expect("an answer of it");
    let mut stream = TcpStream::connect(fake.address())
        .await
        .expect("it listens");
    let target = format!(
        "/V4/GetEntityContent?boxId={FIRST_BOX}&messageId={FIRST_BOX}&entityId={FIRST_BOX}"
    );
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: fake\r\nAuthorization: Bearer any\r\n\r\n");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is sent");
    sleep(Duration::from_secs(3)).await;
    let mut answer = Vec::new();
    // How it ends is the system's affair.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .expect("it ends");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "it was begun");
    assert!(answer.len() < content.len(), "{}", answer.len());
}

/// Beyond so many connections others wait until one ends, as idle ones do.
pub(crate) async fn connections_beyond_the_limit_wait() {
    let mut timeouts = Timeouts::default();
    timeouts.head = Duration::from_secs(1);
    let fake = started(Fake::builder().max_connections(2).timeouts(timeouts)).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(
            TcpStream::connect(fake.address())
                .await
                .expect("it listens"),
        );
    }
    let mut wire = Wire::new(fake.address());
    let asked = timeout(PATIENCE, wire.exchange(last_event().as_bytes())).await;
    assert_eq!(asked.expect("an answer"), Some(200));
}
