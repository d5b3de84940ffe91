//! How a number is made.
//!
//! The contenders of a column take turns in one process: a round times each of them once, in an
//! order that moves on by one from round to round, so that a slow moment of the machine hits all of
//! them and nobody always follows the same neighbour. A turn begins with one run that is not timed,
//! after which caches and allocator are as the contender itself leaves them, not its neighbour.
//! What takes less than 50 µs is timed several times in a row; what is far slower than the reference
//! takes part in fewer rounds. The time is that of the work and of dropping what it made.
//!
//! `median` is the median of a contender's times. `speed` is the median of the paired ratios: the
//! time of the reference by that of the contender, in the same round. 2.0 is twice as fast.

use std::time::{Duration, Instant};

use crate::contenders::Run;

/// What a contender's turns gave.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Seconds for the work.
    pub median: f64,
    /// How many times as fast as the reference.
    pub speed: f64,
}

/// The least time that one turn lasts.
const TURN: Duration = Duration::from_micros(50);
/// A contender so many times slower than the reference takes part in every round.
const PATIENCE: f64 = 4.0;
/// Rounds of the reference that there are in any case.
const ROUNDS: usize = 5;

/// Times `runs` for about the time `budget`; the reference is the run with that index.
pub fn measure(runs: &[&Run<'_>], reference: usize, budget: Duration) -> Vec<Measured> {
    // The first time warms caches and allocator, the second tells how long a turn takes.
    let first: Vec<f64> = runs
        .iter()
        .map(|run| {
            run.time(1);
            run.time(1).as_secs_f64().max(1e-9)
        })
        .collect();
    let times: Vec<u32> = first
        .iter()
        .map(|one| (TURN.as_secs_f64() / one).ceil() as u32)
        .collect();
    let turn = |i: usize| first[i] * f64::from(times[i]);
    let every: Vec<usize> = (0..runs.len())
        .map(|i| ((turn(i) / turn(reference) / PATIENCE) as usize).max(1))
        .collect();

    let mut own = vec![Vec::new(); runs.len()];
    let mut ratios = vec![Vec::new(); runs.len()];
    let start = Instant::now();
    let mut round = 0;
    while round < ROUNDS || start.elapsed() < budget {
        let mut turns = vec![None; runs.len()];
        for step in 0..runs.len() {
            let i = (round + step) % runs.len();
            if round % every[i] == 0 {
                runs[i].time(1);
                let elapsed = runs[i].time(times[i]).as_secs_f64();
                turns[i] = Some(elapsed / f64::from(times[i]));
            }
        }
        for (i, turn) in turns.iter().enumerate() {
            if let (Some(turn), Some(reference)) = (turn, turns[reference]) {
                own[i].push(*turn);
                ratios[i].push(reference / turn);
            }
        }
        round += 1;
    }
    let medians = own.into_iter().map(median);
    medians
        .zip(ratios.into_iter().map(median))
        .map(|(median, speed)| Measured { median, speed })
        .collect()
}

/// The middle one of the values, the upper one of two.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
