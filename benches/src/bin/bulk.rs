//! `cargo run --release -p diadoc-bench --bin bulk`: what `diadoc check` takes of a processor.
//!
//! Files with a body a line (NDJSON) are made in a temporary folder: pages of documents with their docflows,
//! none of which, one in a hundred, or each of which has a key that the schema does not know. The program
//! checks them, and so does ajv, compiled from our own tolerant JSON Schema, where `DIADOC_AJV` names a
//! folder `node_modules` with it. Both take turns, once on one processor and once on all.
//!
//! At the end stands what it takes to start: one small body is checked, and converted.
//!
//! Times are those of all processors together, in user and system, from the start of a process to its end;
//! each is the median of its turns, and a ratio that of the ratios of the rounds. `--quick` takes few and
//! small bodies.

use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use diadoc_bench::counts::{processors, program};
use diadoc_bench::measure::median;
use diadoc_bench::table::{Table, time};
use diadoc_bench::workloads;

const MESSAGE: &str = "GetDocflowsByPacketIdResponseV4";

struct Size {
    lines: usize,
    documents: usize,
    rounds: usize,
    /// How often a small body is checked in a row.
    starts: usize,
}

const FULL: Size = Size {
    lines: 4000,
    documents: 6,
    rounds: 7,
    starts: 50,
};
const QUICK: Size = Size {
    lines: 100,
    documents: 1,
    rounds: 1,
    starts: 2,
};

fn main() -> ExitCode {
    let size = match std::env::args().nth(1).as_deref() {
        None => FULL,
        Some("--quick") => QUICK,
        Some(_) => {
            eprintln!("usage: bulk [--quick]");
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
    let folder = tempfile::tempdir()?;
    let bench = Bench {
        program: program()?,
        ajv: Ajv::find(folder.path())?,
    };
    if let Some(ajv) = &bench.ajv {
        let mut export = Command::new(&bench.program);
        export.args(["export", "json-schema", MESSAGE, "--profile", "tolerant"]);
        run_it(export.arg("--output").arg(&ajv.schema))?;
    }
    let mut table = Table::new([
        "bodies with findings",
        "size",
        "processors",
        "ajv",
        "check",
        "ajv / check",
    ]);
    for (name, is_odd) in KINDS {
        let path = folder.path().join("bodies.ndjson");
        let file = BufWriter::new(File::create(&path)?);
        workloads::docflow_lines(size.lines, size.documents, is_odd, file)?;
        let bytes = diadoc_bench::table::size(fs::metadata(&path)?.len());
        for &cores in Cores::all() {
            let (ajv, check) = bench.rounds(size, cores, &path)?;
            let ratios = ajv.iter().zip(&check).map(|(ajv, check)| ajv / check);
            let ratio = median(ratios.collect());
            let [ajv, ratio] = match ajv.is_empty() {
                true => ["-".to_owned(), "-".to_owned()],
                false => [time(median(ajv)), format!("{ratio:.2}")],
            };
            let check = time(median(check));
            table.row([
                name.to_owned(),
                bytes.clone(),
                cores.name().to_owned(),
                ajv,
                check,
                ratio,
            ]);
            eprintln!("{name}, {}: done", cores.name());
        }
    }
    println!("{table}");
    println!("{}", bench.starting(size, folder.path())?);
    Ok(())
}

/// The programs.
struct Bench {
    program: PathBuf,
    ajv: Option<Ajv>,
}

struct Ajv {
    modules: OsString,
    script: PathBuf,
    schema: PathBuf,
}

impl Ajv {
    /// ajv with the script for it, where it is there; otherwise standard error says so.
    fn find(folder: &Path) -> io::Result<Option<Self>> {
        let script = folder.join("bulk.cjs");
        fs::write(&script, include_str!("../bulk.cjs"))?;
        let Some(modules) = std::env::var_os("DIADOC_AJV") else {
            eprintln!("without ajv: DIADOC_AJV names no folder node_modules");
            return Ok(None);
        };
        let probe = Command::new("node")
            .args(["-e", "require('ajv/dist/2020')"])
            .env("NODE_PATH", &modules)
            .stderr(Stdio::null())
            .status();
        if !probe.is_ok_and(|status| status.success()) {
            eprintln!(
                "without ajv: node does not find it in {}",
                modules.display()
            );
            return Ok(None);
        }
        let schema = folder.join("schema.json");
        Ok(Some(Self {
            modules,
            script,
            schema,
        }))
    }
}

/// Which lines have a finding.
type IsOdd = fn(usize) -> bool;

const KINDS: [(&str, IsOdd); 3] = [
    ("none", |_| false),
    ("1 %", |line| line % 100 == 50),
    ("all", |_| true),
];

/// Where a process may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cores {
    One,
    All,
}

impl Cores {
    /// One processor, where the system can be told so, and all.
    fn all() -> &'static [Self] {
        let probe = Command::new("taskset")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        match probe.is_ok_and(|status| status.success()) {
            true => &[Self::One, Self::All],
            false => &[Self::All],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::All => "all",
        }
    }

    fn command(self, program: impl Into<OsString>) -> Command {
        match self {
            Self::One => {
                let mut command = Command::new("taskset");
                command.args(["--cpu-list", "0"]).arg(program.into());
                command
            }
            Self::All => Command::new(program.into()),
        }
    }
}

impl Bench {
    /// The times of ajv, where it is there, and those of the program, in rounds.
    fn rounds(
        &self,
        size: &Size,
        cores: Cores,
        path: &Path,
    ) -> Result<(Vec<f64>, Vec<f64>), Box<dyn Error>> {
        let (mut ajv, mut check) = (Vec::new(), Vec::new());
        for _ in 0..size.rounds {
            if let Some(peer) = &self.ajv {
                let mut command = cores.command("node");
                command.env("NODE_PATH", &peer.modules).arg(&peer.script);
                command.arg(&peer.schema).arg(path);
                let (seconds, output) = run_it(&mut command)?;
                if output != b"0\n" {
                    return Err("ajv refuses bodies".into());
                }
                ajv.push(seconds);
            }
            let mut command = cores.command(&self.program);
            command.args(["check", "--message", MESSAGE]).arg(path);
            check.push(run_it(&mut command)?.0);
        }
        Ok((ajv, check))
    }

    /// One small body, checked and converted.
    fn starting(&self, size: &Size, folder: &Path) -> Result<Table, Box<dyn Error>> {
        let path = folder.join("body.json");
        fs::write(&path, "{\"Ticks\":638884246403244956}")?;
        let commands: [&[&str]; 3] = [
            &["--version"],
            &[
                "convert",
                "--message",
                "Timestamp",
                "--from",
                "json",
                "--to",
                "json",
            ],
            &["check", "--message", "Timestamp"],
        ];
        let mut table = Table::new(["starting", "time"]);
        for arguments in commands {
            let mut times = Vec::new();
            for _ in 0..size.rounds {
                let mut all = 0.0;
                for _ in 0..size.starts {
                    let mut command = Command::new(&self.program);
                    command.args(arguments);
                    if arguments.len() > 1 {
                        command.arg(&path);
                    }
                    all += run_it(&mut command)?.0;
                }
                times.push(all / size.starts as f64);
            }
            let name = arguments.first().copied().unwrap_or_default();
            table.row([format!("`{name}`"), time(median(times))]);
        }
        Ok(table)
    }
}

/// Runs a process to its end: what it took of the processors, in seconds, and what it printed.
fn run_it(command: &mut Command) -> Result<(f64, Vec<u8>), Box<dyn Error>> {
    let before = processors().ok_or("this system does not tell what processes take")?;
    let output = command.stderr(Stdio::inherit()).output()?;
    let after = processors().unwrap_or(before);
    match output.status.success() {
        true => Ok((after - before, output.stdout)),
        false => Err(format!("{:?}: {}", command.get_program(), output.status).into()),
    }
}
