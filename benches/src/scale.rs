//! Time and memory against size: pages of more and more documents in one body through the library,
//! and as many bodies, a line each, through the program `diadoc check`.
//!
//! A time of the library is the median of as many runs as fit into half a second, at least three;
//! its memory is the peak of the heap while the message is read and held, without the body, see
//! [`counts::peaks`]. A time of the program is that of one run, from start to exit; its memory is
//! the most that Linux saw resident, and unknown elsewhere.

use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufWriter};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use diadoc_proto::documents::DocumentList;
use diadoc_proto::json;
use prost::Message as _;

use crate::counts::{self, program};
use crate::measure::median;
use crate::table::{self, Table};
use crate::workloads;

/// What one size took.
#[derive(Debug, Clone)]
pub struct Point {
    pub documents: usize,
    /// The bytes of the body.
    pub body: u64,
    /// Seconds.
    pub read: f64,
    pub write: f64,
    pub read_protobuf: f64,
    /// Bytes.
    pub heap: u64,
    /// Where the program was run.
    pub check: Option<Check>,
}

/// One run of the program.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Seconds.
    pub time: f64,
    /// Bytes, where the system tells.
    pub resident: Option<u64>,
}

/// Measures all sizes, with or without the program, which cargo may have to build first.
///
/// # Errors
///
/// A fixture cannot be read, a program fails, or a body is refused.
pub fn measure(sizes: &[usize], with_program: bool) -> io::Result<Vec<Point>> {
    let program = with_program.then(program).transpose()?;
    let peaks = counts::peaks(sizes)?;
    sizes
        .iter()
        .zip(peaks)
        .map(|(documents, heap)| point(*documents, heap, program.as_deref()))
        .collect()
}

fn point(documents: usize, heap: u64, program: Option<&Path>) -> io::Result<Point> {
    // The program goes first, so that what this process holds takes no memory from it.
    let check = program.map(|path| check(documents, path)).transpose()?;
    let body = workloads::page(documents)?;
    let message: DocumentList = json::from_slice(&body).map_err(io::Error::other)?;
    let protobuf = message.encode_to_vec();
    Ok(Point {
        documents,
        body: body.len() as u64,
        read: time(|| json::from_slice::<DocumentList>(&body)),
        write: time(|| json::to_vec(&message)),
        read_protobuf: time(|| DocumentList::decode(&*protobuf)),
        heap,
        check,
    })
}

fn time<T>(run: impl Fn() -> T) -> f64 {
    let start = Instant::now();
    let mut times = Vec::new();
    while times.len() < 3 || start.elapsed() < Duration::from_millis(500) {
        let turn = Instant::now();
        black_box(run());
        times.push(turn.elapsed().as_secs_f64());
    }
    median(times)
}

/// Runs `diadoc check` on so many lines.
fn check(documents: usize, program: &Path) -> io::Result<Check> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bodies.ndjson");
    workloads::lines(documents, BufWriter::new(File::create(&path)?))?;
    let start = Instant::now();
    let child = Command::new(program)
        .args(["check", "--message", "DocumentList"])
        .arg(&path)
        .stdout(Stdio::null())
        .spawn()?;
    let (status, resident) = watch(child)?;
    let time = start.elapsed().as_secs_f64();
    if !status.success() {
        return Err(io::Error::other(format!("diadoc check: {status}")));
    }
    Ok(Check { time, resident })
}

/// Waits for the end of a process; looks every other millisecond how much memory it has had.
fn watch(mut child: Child) -> io::Result<(std::process::ExitStatus, Option<u64>)> {
    let file = format!("/proc/{}/status", child.id());
    let mut resident = None;
    loop {
        resident = high_water(&file).max(resident);
        if let Some(status) = child.try_wait()? {
            return Ok((status, resident));
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// The most bytes that a process had resident so far, from its `/proc/…/status`.
fn high_water(file: &str) -> Option<u64> {
    let status = std::fs::read_to_string(file).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The points, and what they come to per document.
pub fn table(points: &[Point]) -> Table {
    let mut table = Table::new([
        "documents",
        "body",
        "read",
        "per doc.",
        "write",
        "per doc.",
        "read protobuf",
        "per doc.",
        "heap",
        "per doc.",
        "check",
        "per doc.",
        "resident",
    ]);
    for point in points {
        let resident = point.check.and_then(|check| check.resident);
        let per = |seconds: f64| table::time(seconds / point.documents as f64);
        table.row([
            point.documents.to_string(),
            table::size(point.body),
            table::time(point.read),
            per(point.read),
            table::time(point.write),
            per(point.write),
            table::time(point.read_protobuf),
            per(point.read_protobuf),
            table::size(point.heap),
            table::size(point.heap / point.documents as u64),
            point.check.map_or("-".into(), |c| table::time(c.time)),
            point.check.map_or("-".into(), |c| per(c.time)),
            resident.map_or("-".into(), table::size),
        ]);
    }
    table
}
