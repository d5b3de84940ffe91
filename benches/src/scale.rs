//! Time and memory against size: pages of more and more documents in one body through the library, and
//! through the program, which checks as many bodies, a line each, too.
//!
//! A time of the library is the median of as many runs as fit into half a second, at least three;
//! its memory is the peak of the heap while the message is read and held, without the body, see
//! [`counts::peaks`]. A time of the program is that of one run, from start to exit; its memory is
//! the most that Linux saw resident, and unknown elsewhere.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, BufWriter};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use diadoc_proto::documents::DocumentList;
use diadoc_proto::json;
use diadoc_schema::{Direction, Schema, validate_json, validate_protobuf};
use prost::{Message as _, Name as _};

use crate::counts;
use crate::measure::median;
use crate::table::{self, Table};
use crate::workloads;

/// The name of the message for the program.
const MESSAGE: &str = "DocumentList";

/// The heading of a column beside one with times.
const PER_DOCUMENT: &str = "per doc.";

/// What one size took.
#[derive(Debug, Clone)]
pub struct Point {
    pub documents: usize,
    /// The bytes of the body.
    pub body: u64,
    /// Seconds.
    pub read: f64,
    pub write: f64,
    pub validate: f64,
    pub read_protobuf: f64,
    pub write_protobuf: f64,
    pub validate_protobuf: f64,
    /// Bytes.
    pub heap: u64,
    /// Where the program was run.
    pub program: Option<Program>,
}

/// What the program took.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// `diadoc check` of the one body.
    pub check: Run,
    /// `diadoc check` of as many bodies, a line each.
    pub check_lines: Run,
    /// `diadoc convert` of the one body into protobuf.
    pub convert: Run,
}

/// One run of the program.
#[derive(Debug, Clone, Copy)]
pub struct Run {
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
    let program = with_program.then(counts::program).transpose()?;
    let peaks = counts::peaks(sizes)?;
    sizes
        .iter()
        .zip(peaks)
        .map(|(documents, heap)| point(*documents, heap, program.as_deref()))
        .collect()
}

fn point(documents: usize, heap: u64, program: Option<&Path>) -> io::Result<Point> {
    let body = workloads::page(documents)?;
    // The program goes first, so that what this process holds takes little memory from it.
    let program = program.map(|path| Program::measure(documents, &body, path));
    let program = program.transpose()?;
    let message: DocumentList = json::from_slice(&body).map_err(io::Error::other)?;
    let protobuf = message.encode_to_vec();
    let descriptor = Schema::diadoc().message(&DocumentList::full_name());
    let descriptor = descriptor.map_err(io::Error::other)?;
    Ok(Point {
        documents,
        body: body.len() as u64,
        read: time(|| json::from_slice::<DocumentList>(&body)),
        write: time(|| json::to_vec(&message)),
        validate: time(|| validate_json(&descriptor, &body, Direction::Response)),
        read_protobuf: time(|| DocumentList::decode(&*protobuf)),
        write_protobuf: time(|| message.encode_to_vec()),
        validate_protobuf: time(|| validate_protobuf(&descriptor, &protobuf, Direction::Response)),
        heap,
        program,
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

impl Program {
    fn measure(documents: usize, body: &[u8], program: &Path) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (page, lines) = (
            folder.path().join("page.json"),
            folder.path().join("l.ndjson"),
        );
        fs::write(&page, body)?;
        workloads::lines(documents, BufWriter::new(File::create(&lines)?))?;
        let check = ["check", "--message", MESSAGE];
        let convert = ["convert", "--message", MESSAGE, "--from", "json"];
        let convert = [&convert[..], &["--to", "protobuf"]].concat();
        Ok(Self {
            check: Run::measure(program, &check, &page)?,
            check_lines: Run::measure(program, &check, &lines)?,
            convert: Run::measure(program, &convert, &page)?,
        })
    }
}

impl Run {
    fn measure(program: &Path, arguments: &[&str], input: &Path) -> io::Result<Self> {
        let start = Instant::now();
        let child = Command::new(program)
            .args(arguments)
            .arg(input)
            .stdout(Stdio::null())
            // What a body loses on its way is no news here.
            .stderr(Stdio::null())
            .spawn()?;
        let (status, resident) = watch(child)?;
        let time = start.elapsed().as_secs_f64();
        match status.success() {
            true => Ok(Self { time, resident }),
            false => Err(io::Error::other(format!("{arguments:?}: {status}"))),
        }
    }
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

/// The heading of a column, and what stands in it.
type Column<T, V> = (&'static str, fn(&T) -> V);

/// What the library took, and per document.
pub fn library(points: &[Point]) -> Table {
    let columns: [Column<Point, f64>; 6] = [
        ("read", |point| point.read),
        ("write", |point| point.write),
        ("validate", |point| point.validate),
        ("read protobuf", |point| point.read_protobuf),
        ("write protobuf", |point| point.write_protobuf),
        ("validate protobuf", |point| point.validate_protobuf),
    ];
    let names = columns.iter().flat_map(|(name, _)| [name, PER_DOCUMENT]);
    let mut table = Table::new(
        ["documents", "body"]
            .into_iter()
            .chain(names)
            .chain(["heap"]),
    );
    for point in points {
        let mut row = vec![point.documents.to_string(), table::size(point.body)];
        for (_, column) in columns {
            row.extend(point.times(column(point)));
        }
        row.push(table::size(point.heap));
        table.row(row);
    }
    table
}

/// What the program took, and how that compares with the documents and with the body.
pub fn program(points: &[Point]) -> Table {
    let columns: [Column<Program, Run>; 3] = [
        ("check", |program| program.check),
        ("check, NDJSON", |program| program.check_lines),
        ("convert to protobuf", |program| program.convert),
    ];
    let names = columns
        .iter()
        .flat_map(|(name, _)| [name, PER_DOCUMENT, "resident", "by the body"]);
    let mut table = Table::new(["documents", "body"].into_iter().chain(names));
    for point in points {
        let Some(program) = &point.program else {
            continue;
        };
        let mut row = vec![point.documents.to_string(), table::size(point.body)];
        for (_, column) in columns {
            let run = column(program);
            let by_body = |resident: u64| format!("{:.1}", resident as f64 / point.body as f64);
            row.extend(point.times(run.time));
            row.push(run.resident.map_or("-".into(), table::size));
            row.push(run.resident.map_or("-".into(), by_body));
        }
        table.row(row);
    }
    table
}

impl Point {
    /// A time, and that per document.
    fn times(&self, seconds: f64) -> [String; 2] {
        let per_document = seconds / self.documents as f64;
        [table::time(seconds), table::time(per_document)]
    }
}
