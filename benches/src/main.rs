//! `cargo run --release -p diadoc-bench`: this workspace and its peers side by side.
//!
//! [`diadoc_bench::measure`] says how a number is made. Before anything is timed, every
//! contender's result is compared with ours; a wrong one ends the run with exit code 1. `--quick`
//! measures for a moment only; `--plot FILE` draws the scale as SVG.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use diadoc_bench::compare::{Field, sizes};
use diadoc_bench::contenders::{Operation, workloads};
use diadoc_bench::counts::counts;
use diadoc_bench::{plot, scale};

const USAGE: &str = "usage: diadoc-bench [--quick] [--plot FILE]

Measures this workspace and its peers: JSON and protobuf, reading and writing, and how time and
memory grow with the size.
  --quick      a few rounds and small sizes only, to see that every result is right
  --plot FILE  draw the growth into this SVG file";

#[derive(Debug, Default)]
struct Options {
    quick: bool,
    plot: Option<PathBuf>,
}

/// Numbers of documents for the growth.
const SIZES: [usize; 6] = [1, 10, 100, 1_000, 10_000, 100_000];

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
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => options.quick = true,
            "--plot" => {
                let file = arguments.next().ok_or("--plot needs a file")?;
                options.plot = Some(file.into());
            }
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
    let budget = Duration::from_millis(if options.quick { 300 } else { 6_000 });
    for operation in Operation::ALL {
        println!(
            "{}: speed relative to {} (higher is better), time, allocations\n\n{}",
            operation.title(),
            operation.reference(),
            field.measure(operation, &counts, budget)
        );
    }
    println!("Growth: documents in one body, through the library\n");
    let sizes = if options.quick { &SIZES[..3] } else { &SIZES };
    let points = scale::measure(sizes, !options.quick)?;
    println!("{}", scale::library(&points));
    if !options.quick {
        println!("Growth: documents in one body, or a line each, through the program\n");
        println!("{}", scale::program(&points));
    }
    if let Some(path) = &options.plot {
        plot::draw(&points, path).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}
