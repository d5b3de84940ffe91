//! `cargo run --release -p diadoc-bench`: what reading and validating a page cost, side by side.
//!
//! The contenders take turns in one process, so that a slow moment of the machine hits all of them;
//! the table shows medians and the median of the ratios of neighbouring runs. `--quick` takes a
//! tenth of the rounds.

mod workloads;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use diadoc_proto::documents::DocumentList;
use diadoc_proto::json;
use diadoc_schema::{Direction, Schema, validate_json};

/// Something to measure: a name and a run over the body.
type Contender<'a> = (&'a str, Box<dyn Fn(&[u8]) + 'a>);

fn main() -> ExitCode {
    let rounds = match std::env::args().nth(1).as_deref() {
        None => 200,
        Some("--quick") => 20,
        Some(other) => {
            eprintln!("unknown argument `{other}`; usage: diadoc-bench [--quick]");
            return ExitCode::from(2);
        }
    };
    let body = match workloads::page(100) {
        Ok(body) => body,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let message = match Schema::diadoc().message("Diadoc.Api.Proto.Documents.DocumentList") {
        Ok(message) => message,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let contenders: [Contender<'_>; 3] = [
        (
            "read: json::from_slice::<DocumentList>",
            Box::new(|body| {
                black_box(json::from_slice::<DocumentList>(body).is_ok());
            }),
        ),
        (
            "validate: validate_json, as a response",
            Box::new(|body| {
                black_box(validate_json(&message, body, Direction::Response));
            }),
        ),
        (
            "parse alone: serde_json::Value",
            Box::new(|body| {
                black_box(serde_json::from_slice::<serde_json::Value>(body).is_ok());
            }),
        ),
    ];
    println!(
        "DocumentList with 100 documents, {} KB, {rounds} rounds",
        body.len() / 1000
    );
    print_table(&body, &contenders, rounds);
    ExitCode::SUCCESS
}

/// Runs the contenders in turn and prints a row for each; ratios are to the first.
fn print_table(body: &[u8], contenders: &[Contender<'_>], rounds: usize) {
    let mut times = vec![Vec::with_capacity(rounds); contenders.len()];
    for _ in 0..rounds {
        for (i, (_, run)) in contenders.iter().enumerate() {
            let start = Instant::now();
            run(body);
            times[i].push(start.elapsed());
        }
    }
    println!(
        "{:<42} {:>9} {:>8} {:>14}",
        "", "median", "MB/s", "time / reading"
    );
    for (i, (name, _)) in contenders.iter().enumerate() {
        let ratios = times[i]
            .iter()
            .zip(&times[0])
            .map(|(own, first)| own.as_secs_f64() / first.as_secs_f64())
            .collect();
        let middle = median(times[i].iter().map(Duration::as_secs_f64).collect());
        println!(
            "{name:<42} {:>6.0} µs {:>8.0} {:>14.2}",
            middle * 1e6,
            body.len() as f64 / middle / 1e6,
            median(ratios)
        );
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
