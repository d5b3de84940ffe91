//! `cargo run --release -p diadoc-bench`: this workspace and its peers side by side.
//!
//! [`diadoc_bench::measure`] says how a number is made. Before anything is timed, every
//! contender's result is compared with ours; a wrong one ends the run with exit code 1. `--quick`
//! measures for a moment only.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use diadoc_bench::compare::{Field, sizes};
use diadoc_bench::contenders::{Operation, workloads};
use diadoc_bench::counts::counts;

const USAGE: &str = "usage: diadoc-bench [--quick]

Measures this workspace and its peers: JSON and protobuf, reading and writing.
  --quick      a few rounds only, to see that every result is right";

#[derive(Debug, Default)]
struct Options {
    quick: bool,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("{message}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Option<Options>, String> {
    let mut options = Options::default();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => options.quick = true,
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("unknown argument `{other}`")),
        }
    }
    Ok(Some(options))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let workloads = workloads()?;
    let field = Field::new(&workloads);
    let wrong = field.check();
    if !wrong.is_empty() {
        return Err(format!("wrong results:\n{}", wrong.join("\n")).into());
    }
    println!("{}", sizes(&workloads));
    let counts = counts()?;
    let budget = Duration::from_millis(if options.quick { 300 } else { 10_000 });
    for operation in Operation::ALL {
        println!(
            "{}: speed relative to {} (higher is better), time, allocations\n\n{}",
            operation.title(),
            operation.reference(),
            field.measure(operation, &counts, budget)
        );
    }
    Ok(())
}
