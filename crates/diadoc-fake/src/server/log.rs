//! The requests that a fake received, numbered, as many as it keeps.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::broadcast::{self, error::RecvError};

use super::Received;

/// How many requests a slow subscriber may be behind before it misses some.
const MOST_BEHIND: usize = 1024;

/// How many requests are kept, and of what size altogether.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub requests: usize,
    pub bytes: usize,
}

/// The last requests in the order in which they came. Numbers go up by one and are never given twice.
#[derive(Debug)]
pub(super) struct Log {
    bounds: Bounds,
    kept: VecDeque<Arc<Received>>,
    bytes: usize,
    last: u64,
    forgotten: u64,
    /// The numbers alone: who is behind keeps no request that has been forgotten.
    subscribers: broadcast::Sender<u64>,
}

/// The requests of a fake from some moment on, each once its answer is chosen; see
/// [`Script::subscribe`](super::Script::subscribe).
#[derive(Debug)]
pub struct Subscription {
    numbers: broadcast::Receiver<u64>,
    log: Weak<Mutex<Log>>,
    missed: u64,
}

impl Subscription {
    /// The next request, once there is one; none once the fake is gone.
    pub async fn next(&mut self) -> Option<Arc<Received>> {
        loop {
            match self.numbers.recv().await {
                Ok(number) => {
                    let log = self.log.upgrade()?;
                    let log = log.lock().unwrap_or_else(PoisonError::into_inner);
                    match log.place(number) {
                        Some(place) => return Some(log.kept[place].clone()),
                        None => self.missed += 1,
                    }
                }
                Err(RecvError::Lagged(missed)) => self.missed += missed,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// How many requests it has not given, because they were forgotten before they were asked for.
    pub fn missed(&self) -> u64 {
        self.missed
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            requests: 10_000,
            bytes: 256 << 20,
        }
    }
}

impl Log {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            kept: VecDeque::new(),
            bytes: 0,
            last: 0,
            forgotten: 0,
            subscribers: broadcast::Sender::new(MOST_BEHIND),
        }
    }

    /// Keeps a request that has just come, and gives it its number.
    pub(super) fn push(&mut self, received: &mut Received) {
        self.last += 1;
        received.number = self.last;
        self.bytes += received.size();
        self.kept.push_back(Arc::new(received.clone()));
        self.forget();
    }

    /// Puts what has been learned of a request in its place, and tells the subscribers.
    pub(super) fn update(&mut self, received: &Received) {
        if let Some(place) = self.place(received.number) {
            self.bytes = self.bytes - self.kept[place].size() + received.size();
            self.kept[place] = Arc::new(received.clone());
            self.forget();
        }
        // An error says that nobody listens.
        let _ = self.subscribers.send(received.number);
    }

    /// The kept requests with a greater number.
    pub(super) fn since(&self, number: u64) -> impl Iterator<Item = &Arc<Received>> {
        let first = self.kept.partition_point(|kept| kept.number <= number);
        self.kept.range(first..)
    }

    pub(super) fn subscribe(this: &Arc<Mutex<Self>>) -> Subscription {
        let log = this.lock().unwrap_or_else(PoisonError::into_inner);
        Subscription {
            numbers: log.subscribers.subscribe(),
            log: Arc::downgrade(this),
            missed: 0,
        }
    }

    /// How many requests are no longer kept because of the bounds.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Drops what is kept; the numbers go on.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.bytes = 0;
    }

    fn place(&self, number: u64) -> Option<usize> {
        let place = self.kept.binary_search_by_key(&number, |kept| kept.number);
        place.ok()
    }

    /// Drops the oldest beyond the bounds, but for the last one: it is kept whatever its size.
    fn forget(&mut self) {
        while self.kept.len() > 1
            && (self.kept.len() > self.bounds.requests || self.bytes > self.bounds.bytes)
        {
            if let Some(oldest) = self.kept.pop_front() {
                self.bytes -= oldest.size();
                self.forgotten += 1;
            }
        }
    }
}
