//! Bodies judged in parallel, the results in order.
//!
//! One thread reads where bodies stand, others judge them, and the caller takes the results in the
//! order of the bodies. What is under way is bounded in number and in bytes, so that memory does not
//! grow with the length of a file. When the caller stops early, the threads end with the program.

mod lines;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::source::{Place, Source};
use crate::input::Input;
use crate::outcome::Failure;
use lines::Lines;

/// How many bodies are under way at most. A body of nothing but faults has megabytes of results, and
/// these wait where the output is slow.
const MOST_BODIES: usize = 16;
/// How many bytes of bodies are under way at most; one body may be larger. Checking takes a few
/// times as much.
const MOST_BYTES: u64 = 4 << 20;
/// Messages nest, and reading and checking follow them.
const STACK: usize = 8 << 20;

/// A body to be judged.
#[derive(Debug)]
pub(super) struct Job {
    source: Arc<Source>,
    place: Place,
    content: Content,
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
    pub(super) fn read(self) -> (Arc<Source>, Place, Result<Vec<u8>, Failure>) {
        let bytes = match self.content {
            Content::Whole => self.place.input.read(),
            Content::Bytes(bytes) => Ok(bytes),
            Content::Failed(error) => Err(error),
        };
        (self.source, self.place, bytes)
    }
}

/// Results in the order of the bodies.
pub(super) struct Results<R> {
    pending: Receiver<Pending<R>>,
    budget: Arc<Budget>,
    /// Taken from `pending`; its result may not be there yet.
    next: Option<Pending<R>>,
    /// The result of `next`.
    result: Option<R>,
}

struct Pending<R> {
    result: Receiver<R>,
    size: u64,
}

/// Judges all bodies of the sources.
pub(super) fn run<R: Send + 'static>(
    sources: Vec<Source>,
    work: impl Fn(Job) -> R + Send + Sync + 'static,
) -> Result<Results<R>, Failure> {
    let (job_sender, jobs) = mpsc::channel::<(Job, Sender<R>)>();
    let (pending_sender, pending) = mpsc::sync_channel(MOST_BODIES);
    let budget = Arc::new(Budget::default());
    let jobs = Arc::new(Mutex::new(jobs));
    let work = Arc::new(work);

    let workers = thread::available_parallelism().map_or(1, usize::from);
    for _ in 0..workers {
        let (jobs, work) = (Arc::clone(&jobs), Arc::clone(&work));
        let run = move || {
            while let Some((job, result)) = take(&jobs) {
                // Nobody waits for it where the output has ended.
                let _ = result.send(work(job));
            }
        };
        let worker = thread::Builder::new().stack_size(STACK).spawn(run);
        worker.map_err(Failure::no_thread)?;
    }
    let feeder = Feeder {
        jobs: job_sender,
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
        result: None,
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
        if self.next.is_none() {
            self.next = self.pending.try_recv().ok();
        }
        if let (None, Some(next)) = (&self.result, &self.next) {
            self.result = next.result.try_recv().ok();
        }
        self.result.is_some()
    }

    /// The next result, with the size of its body; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<(R, u64)>, Failure> {
        let Some(pending) = self.next.take().or_else(|| self.pending.recv().ok()) else {
            return Ok(None);
        };
        let result = match self.result.take() {
            Some(result) => result,
            None => pending.result.recv().map_err(|_| {
                Failure::new(
                    "a body could not be checked to its end\n\
                     The message above says why; please report it.",
                )
            })?,
        };
        self.budget.give_back(pending.size);
        Ok(Some((result, pending.size)))
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
    jobs: Sender<(Job, Sender<R>)>,
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
        let place = Place::whole(source.input.clone());
        self.send(&source, place, Content::Whole, source.input.size())
    }

    fn feed_lines(&self, source: &Arc<Source>) -> Result<(), Gone> {
        let input = &source.input;
        let failed = |error: io::Error| Content::Failed(input.unreadable(&error));
        let reader: Box<dyn BufRead> = match input {
            Input::Stdin => Box::new(BufReader::new(io::stdin())),
            Input::File(path) => match File::open(path) {
                Ok(file) => Box::new(BufReader::new(file)),
                Err(error) => {
                    return self.send(source, Place::whole(input.clone()), failed(error), 0);
                }
            },
        };
        let mut lines = Lines::new(reader);
        loop {
            let line = match lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => return Ok(()),
                Err(error) => {
                    return self.send(source, Place::whole(input.clone()), failed(error), 0);
                }
            };
            let place = Place::line(input.clone(), line.number, line.offset);
            let (content, size) = match line.bytes {
                Some(bytes) => {
                    let size = bytes.len() as u64 + 1;
                    (Content::Bytes(bytes), size)
                }
                None => {
                    let failure = Failure::new(format!(
                        "{place}: this line is longer than 64 MiB and was not checked\n\
                         Bodies stand one a line with --ndjson and in *.ndjson and *.jsonl files; \
                         check that this\nis one."
                    ));
                    (Content::Failed(failure), 0)
                }
            };
            self.send(source, place, content, size)?;
        }
    }

    fn send(
        &self,
        source: &Arc<Source>,
        place: Place,
        content: Content,
        size: u64,
    ) -> Result<(), Gone> {
        self.budget.take(size);
        let (sender, result) = mpsc::channel();
        let source = Arc::clone(source);
        let job = Job {
            source,
            place,
            content,
        };
        let pending = Pending { result, size };
        self.pending.send(pending).map_err(|_| Gone)?;
        self.jobs.send((job, sender)).map_err(|_| Gone)
    }
}
