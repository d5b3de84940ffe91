//! Bodies judged in parallel, the results in order.
//!
//! One thread reads where bodies stand, others judge them, and the caller takes the results in the
//! order of the bodies. Lines that are there at once go together, so that small ones cost little more
//! than their checks. What is under way is bounded in number and in bytes, so that memory does not
//! grow with the length of a file. When the caller stops early, the threads end with the program.

mod lines;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::{mem, thread, vec};

use diadoc_core::fill;
use diadoc_proto::Limits;

use super::source::{Place, Source};
use super::words::words;
use crate::input::Input;
use crate::outcome::Failure;
use lines::Lines;

/// How many batches are under way at most. A body of nothing but faults has megabytes of results, and
/// these wait where the output is slow.
const MOST_BATCHES: usize = 16;
/// How many bytes of bodies are under way at most; one body may be larger. Checking takes a few
/// times as much.
const MOST_BYTES: u64 = 4 << 20;
/// How many bytes of lines are read at once; those that are there make a batch.
const AT_ONCE: usize = 256 << 10;
/// How many bodies make a batch at most: their results are kept until all are there.
const MOST_OF_A_BATCH: usize = 256;
/// Messages nest, and reading and checking follow them.
const STACK: usize = 8 << 20;

/// A body to be judged.
#[derive(Debug)]
pub(super) struct Job {
    place: Place,
    content: Content,
    size: u64,
}

#[derive(Debug)]
enum Content {
    /// All of the input, yet to be read.
    Whole,
    Bytes(Vec<u8>),
    Failed(Failure),
}

impl Job {
    /// The body, with where it comes from.
    pub(super) fn read(self, limits: &Limits) -> (Place, Result<Vec<u8>, Failure>) {
        let bytes = match self.content {
            Content::Whole => self.place.input.read(limits),
            Content::Bytes(bytes) => Ok(bytes),
            Content::Failed(error) => Err(error),
        };
        (self.place, bytes)
    }
}

/// Bodies of a source that one thread judges.
struct Batch<R> {
    source: Arc<Source>,
    jobs: Vec<Job>,
    results: Sender<Vec<(R, u64)>>,
}

/// Results in the order of the bodies.
pub(super) struct Results<R> {
    pending: Receiver<Pending<R>>,
    budget: Arc<Budget>,
    /// Taken from `pending`; its results may not be there yet.
    next: Option<Pending<R>>,
    /// Those of a batch that have not been taken, each with the size of its body.
    results: vec::IntoIter<(R, u64)>,
}

struct Pending<R> {
    results: Receiver<Vec<(R, u64)>>,
    size: u64,
}

/// Judges all bodies of the sources.
pub(super) fn run<R: Send + 'static>(
    sources: Vec<Source>,
    work: impl Fn(&Source, Job) -> R + Send + Sync + 'static,
) -> Result<Results<R>, Failure> {
    let (sender, batches) = mpsc::channel::<Batch<R>>();
    let (pending_sender, pending) = mpsc::sync_channel(MOST_BATCHES);
    let budget = Arc::new(Budget::default());
    let batches = Arc::new(Mutex::new(batches));
    let work = Arc::new(work);

    let workers = thread::available_parallelism().map_or(1, usize::from);
    for _ in 0..workers {
        let (batches, work) = (Arc::clone(&batches), Arc::clone(&work));
        let run = move || {
            while let Some(batch) = take(&batches) {
                let judge = |job: Job| {
                    let size = job.size;
                    (work(&batch.source, job), size)
                };
                // Nobody waits for it where the output has ended.
                let _ = batch
                    .results
                    .send(batch.jobs.into_iter().map(judge).collect());
            }
        };
        let worker = thread::Builder::new().stack_size(STACK).spawn(run);
        worker.map_err(Failure::no_thread)?;
    }
    let feeder = Feeder {
        batches: sender,
        pending: pending_sender,
        budget: Arc::clone(&budget),
    };
    let run = move || {
        // It ends early where nobody takes the results any more.
        let _ = sources
            .into_iter()
            .try_for_each(|source| feeder.feed(source));
    };
    thread::Builder::new()
        .spawn(run)
        .map_err(Failure::no_thread)?;
    Ok(Results {
        pending,
        budget,
        next: None,
        results: Vec::new().into_iter(),
    })
}

fn take<T>(jobs: &Mutex<Receiver<T>>) -> Option<T> {
    lock(jobs).recv().ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<R> Results<R> {
    /// Whether the next result can be had without waiting.
    pub(super) fn ready(&mut self) -> bool {
        if self.results.len() > 0 {
            return true;
        }
        if self.next.is_none() {
            self.next = self.pending.try_recv().ok();
        }
        let results = self
            .next
            .as_ref()
            .and_then(|next| next.results.try_recv().ok());
        if let Some(results) = results {
            self.come(results);
        }
        self.results.len() > 0
    }

    /// The next result, with the size of its body; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<(R, u64)>, Failure> {
        loop {
            if let Some(result) = self.results.next() {
                return Ok(Some(result));
            }
            if self.next.is_none() {
                self.next = self.pending.recv().ok();
            }
            let Some(next) = &self.next else {
                return Ok(None);
            };
            let results = next.results.recv();
            let results = results.map_err(|_| Failure::new(words().broken_off))?;
            self.come(results);
        }
    }

    /// The results of the batch that was waited for are there.
    fn come(&mut self, results: Vec<(R, u64)>) {
        if let Some(batch) = self.next.take() {
            self.budget.give_back(batch.size);
        }
        self.results = results.into_iter();
    }
}

/// Bytes under way.
#[derive(Debug, Default)]
struct Budget {
    taken: Mutex<u64>,
    given_back: Condvar,
}

impl Budget {
    /// Waits until there is room.
    fn take(&self, size: u64) {
        let mut taken = lock(&self.taken);
        while *taken > 0 && *taken + size > MOST_BYTES {
            taken = self
                .given_back
                .wait(taken)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *taken += size;
    }

    fn give_back(&self, size: u64) {
        *lock(&self.taken) -= size;
        self.given_back.notify_one();
    }
}

/// What reads where bodies stand.
struct Feeder<R> {
    batches: Sender<Batch<R>>,
    pending: SyncSender<Pending<R>>,
    budget: Arc<Budget>,
}

/// Nobody takes the results any more.
struct Gone;

impl<R> Feeder<R> {
    fn feed(&self, source: Source) -> Result<(), Gone> {
        let source = Arc::new(source);
        if source.lines {
            return self.feed_lines(&source);
        }
        let place = Place::whole(Arc::clone(&source.input));
        let size = source.input.size();
        let content = Content::Whole;
        let job = Job {
            place,
            content,
            size,
        };
        self.send(&source, vec![job])
    }

    fn feed_lines(&self, source: &Arc<Source>) -> Result<(), Gone> {
        let input = &source.input;
        let failed = |failure: Failure| Job {
            place: Place::whole(Arc::clone(input)),
            content: Content::Failed(failure),
            size: 0,
        };
        let reader: Box<dyn Read> = match &**input {
            Input::Stdin => Box::new(io::stdin()),
            Input::File(path) => match File::open(path) {
                Ok(file) => Box::new(file),
                Err(error) => {
                    return self.send(source, vec![failed(input.unreadable(&error))]);
                }
            },
        };
        let mut lines = Lines::new(BufReader::with_capacity(AT_ONCE, reader));
        let (mut jobs, mut is_empty) = (Vec::new(), true);
        loop {
            // Who writes the input may wait for what is said of a line before the next.
            if jobs.len() >= MOST_OF_A_BATCH || !jobs.is_empty() && !lines.has_another() {
                self.send(source, mem::take(&mut jobs))?;
            }
            let line = match lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => {
                    if is_empty {
                        jobs.push(failed(no_body(input)));
                    }
                    break;
                }
                Err(error) => {
                    jobs.push(failed(input.unreadable(&error)));
                    break;
                }
            };
            is_empty = false;
            let place = Place::line(Arc::clone(input), line.number, line.offset);
            let (content, size) = match line.bytes {
                Some(bytes) => {
                    let size = bytes.len() as u64 + 1;
                    (Content::Bytes(bytes), size)
                }
                None => {
                    let failure = Failure::new(fill(words().long_line, &[&place]));
                    (Content::Failed(failure), 0)
                }
            };
            jobs.push(Job {
                place,
                content,
                size,
            });
        }
        match jobs.is_empty() {
            true => Ok(()),
            false => self.send(source, jobs),
        }
    }

    fn send(&self, source: &Arc<Source>, jobs: Vec<Job>) -> Result<(), Gone> {
        let size = jobs.iter().map(|job| job.size).sum();
        self.budget.take(size);
        let (sender, results) = mpsc::channel();
        let batch = Batch {
            source: Arc::clone(source),
            jobs,
            results: sender,
        };
        self.pending
            .send(Pending { results, size })
            .map_err(|_| Gone)?;
        self.batches.send(batch).map_err(|_| Gone)
    }
}

/// As a folder without bodies, this is no check.
fn no_body(input: &Input) -> Failure {
    Failure::new(fill(words().no_body, &[input]))
}
