//! `cargo run --release -p diadoc-bench --bin serve`: the fake under load.
//!
//! A world of 100 000 documents is served on loopback; clients with connections that are kept open ask for
//! one thing after the other. A row is one kind of request: how many of them a second are answered, and how
//! long they take. At the end, requests go on until there were 100 000, and what the process has on its heap
//! must not have grown with them: if it has, the exit code is 1. How far it is stands on standard error.
//! `--quick` takes a small world and few requests.

use std::alloc::System;
use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use diadoc_bench::table::{Table, time};
use diadoc_fake::world::{
    FIRST_BOX, LetterBuilder, OrganizationBuilder, SECOND_BOX, UserBuilder, World,
};
use diadoc_fake::{Fake, Mode};
use diadoc_proto::documents::DocumentList;
use diadoc_proto::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Connections at a time.
const CLIENTS: usize = 4;
/// What the heap may have more after all requests than after the first tenth: the log of requests that the
/// fake keeps may not be full by then.
const GROWTH: usize = 16 << 20;
/// Requests that the fake keeps, and bytes of them.
const KEPT: (usize, usize) = (1000, 8 << 20);

struct Size {
    documents: usize,
    /// Requests of each row.
    requests: usize,
    /// Requests in all.
    total: usize,
}

const FULL: Size = Size {
    documents: 100_000,
    requests: 500,
    total: 100_000,
};
const QUICK: Size = Size {
    documents: 200,
    requests: 20,
    total: 400,
};

fn main() -> ExitCode {
    let size = match std::env::args().nth(1).as_deref() {
        None => FULL,
        Some("--quick") => QUICK,
        Some(_) => {
            eprintln!("usage: serve [--quick]");
            return ExitCode::from(2);
        }
    };
    match run(&size) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(size: &Size) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let world = world(size.documents)?;
    eprintln!(
        "a world of {} documents, made in {}",
        size.documents,
        time(start.elapsed().as_secs_f64())
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let fake = Fake::builder()
        .world(world)
        .mode(Mode::LikeServer)
        .keep(KEPT.0, KEPT.1);
    let fake = runtime.block_on(fake.start())?;
    let load = Load {
        address: fake.address(),
        answered: AtomicUsize::new(0),
    };
    let kinds = kinds(&load)?;
    let mut table = Table::new(["request", "a second", "median", "99 of 100"]);
    for (name, request) in &kinds {
        let mut times = load.send(request, size.requests)?;
        times.sort_unstable();
        let taken: Duration = times.iter().sum();
        let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
        let a_second = times.len() as f64 * CLIENTS as f64 / taken.as_secs_f64();
        eprintln!("{name}: {} requests, {a_second:.0} a second", times.len());
        table.row([
            (*name).to_owned(),
            format!("{a_second:.0}"),
            time(at(50).as_secs_f64()),
            time(at(99).as_secs_f64()),
        ]);
    }
    println!("{table}");
    bounded(&load, &kinds, size)?;
    runtime.block_on(fake.stop())?;
    Ok(())
}

/// Goes on until there were enough requests, and holds the heap against what it was.
fn bounded(load: &Load, kinds: &[(&str, String)], size: &Size) -> Result<(), Box<dyn Error>> {
    // Those that change nothing, since documents have to stay; and no lists, of which so many would take
    // hours.
    let is_list = |request: &str| request.contains("count=100") || request.contains("limit=100");
    let reads: Vec<_> = kinds
        .iter()
        .filter(|(_, request)| request.starts_with("GET") && !is_list(request))
        .collect();
    let each = size.total / 10 / reads.len();
    let go_on = || -> Result<(), Box<dyn Error>> {
        for (_, request) in &reads {
            load.send(request, each)?;
        }
        let answered = load.answered.load(Ordering::Relaxed);
        eprintln!("{answered} of {} requests", size.total);
        Ok(())
    };
    go_on()?;
    let region = Region::new(ALLOCATOR);
    while load.answered.load(Ordering::Relaxed) < size.total {
        go_on()?;
    }
    let change = region.change();
    let held = change
        .bytes_allocated
        .saturating_sub(change.bytes_deallocated);
    let requests = load.answered.load(Ordering::Relaxed);
    println!(
        "after {requests} requests the heap has {} KB more than after a tenth",
        held >> 10
    );
    match held <= GROWTH {
        true => Ok(()),
        false => Err(format!("memory grows with the requests: {held} bytes").into()),
    }
}

fn world(documents: usize) -> Result<World, Box<dyn Error>> {
    let half = documents / 2;
    let letters = |from, to| LetterBuilder::new(from, to).file("акт.txt").repeat(half);
    let world = World::builder()
        .user(UserBuilder::new("ivanova@example.ru").name("Иванова", "Анна"))
        .organization(OrganizationBuilder::new(FIRST_BOX, "7705000010", "Ромашка"))
        .organization(OrganizationBuilder::new(
            SECOND_BOX,
            "7810000019",
            "Василёк",
        ))
        .letter(letters(FIRST_BOX, SECOND_BOX))
        .letter(letters(SECOND_BOX, FIRST_BOX));
    Ok(world.build()?)
}

/// Requests to a fake.
struct Load {
    address: SocketAddr,
    answered: AtomicUsize,
}

impl Load {
    /// Sends a request so many times, all clients together; how long each answer took.
    fn send(&self, request: &str, times: usize) -> Result<Vec<Duration>, Box<dyn Error>> {
        let left = AtomicUsize::new(times);
        let client = || -> std::io::Result<Vec<Duration>> {
            let mut connection = Connection::open(self.address)?;
            let mut taken = Vec::new();
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
                .is_ok()
            {
                let start = Instant::now();
                let (status, _) = connection.send(request)?;
                taken.push(start.elapsed());
                if status != 200 {
                    return Err(std::io::Error::other(format!("{status} to {request}")));
                }
                self.answered.fetch_add(1, Ordering::Relaxed);
            }
            Ok(taken)
        };
        let all = thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
            let ended = clients
                .into_iter()
                .map(|client| client.join().expect("no panic"));
            ended.collect::<Result<Vec<_>, _>>()
        })?;
        Ok(all.concat())
    }
}

/// A connection that is kept open.
struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    /// Status and body of the answer.
    fn send(&mut self, request: &str) -> std::io::Result<(u16, Vec<u8>)> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            if line.trim_end().is_empty() {
                break;
            }
            let header = line.split_once(':');
            if let Some((name, value)) = header
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(std::io::Error::other)?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status.unwrap_or(0), body))
    }
}

/// The kinds of requests, each with its text.
fn kinds(load: &Load) -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let (first, second) = (FIRST_BOX.guid(), SECOND_BOX.guid());
    let list = |status: &str, count: u32| {
        get(&format!(
            "/V3/GetDocuments?boxId={second}&filterCategory=Any.Inbound{status}&count={count}"
        ))
    };
    let (status, body) = Connection::open(load.address)?.send(&list("", 1))?;
    let page: DocumentList = json::from_slice(&body)?;
    let document = page.documents.first();
    let document = document.ok_or_else(|| format!("{status}: there is no document"))?;
    let (message, entity) = (&document.message_id, &document.entity_id);
    Ok(vec![
        ("GetDocuments, 100 of all", list("", 100)),
        (
            "GetDocuments, none of all",
            list("WithRecipientSignature", 100),
        ),
        (
            "GetDocument",
            get(&format!(
                "/V3/GetDocument?boxId={second}&messageId={message}&entityId={entity}"
            )),
        ),
        (
            "GetMessage",
            get(&format!(
                "/V6/GetMessage?boxId={second}&messageId={message}"
            )),
        ),
        (
            "GetNewEvents, 100",
            get(&format!("/V8/GetNewEvents?boxId={second}&limit=100")),
        ),
        (
            "PostMessage",
            post(
                "/V3/PostMessage?disableDuplicatesDetection=true",
                &format!(
                    r#"{{"FromBoxId":"{first}","ToBoxId":"{second}","DocumentAttachments":[{{
                "TypeNamedId":"Nonformalized","Metadata":[{{"Key":"FileName","Value":"a.txt"}}],
                "SignedContent":{{"Content":"0JDQutGC","SignWithTestSignature":true}}}}]}}"#
                ),
            ),
        ),
    ])
}

const HEADERS: &str =
    "Host: 127.0.0.1\r\nAuthorization: Bearer any\r\nAccept: application/json\r\n";

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{HEADERS}\r\n")
}

fn post(target: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\n{HEADERS}Content-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}
