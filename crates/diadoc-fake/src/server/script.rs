//! What a fake answers and what it received.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use diadoc_api::Token;
use diadoc_schema::{Method, Schema};
use tokio::sync::watch;

use super::body::Reader;
use super::check::Mode;
use super::documented::Documented;
use super::identity::{Identity, Place};
use super::limits::Limits;
use super::log::{Bounds, Log, Subscription};
use super::reply::{Prepared, prepare};
use super::shelf::Shelf;
use super::{Answer, Approval, FakeError, Fault, Oidc, PlannedFault, Received, Times, defaults};
use crate::world::World;

/// The name that stands for every method.
const EVERY: &str = "*";

/// The handle of a fake: what it answers, what goes wrong, and what came in.
///
/// Clones speak of the same fake. What is said takes effect with the next request. `Debug` shows no
/// token.
#[derive(Debug, Clone)]
pub struct Script {
    inner: Arc<Inner>,
    pub(super) bodies: Reader,
    pub(super) stop: watch::Receiver<bool>,
}

#[derive(Debug)]
struct Inner {
    options: Options,
    state: Mutex<State>,
    identity: Mutex<Identity>,
    world: Option<Mutex<World>>,
    log: Arc<Mutex<Log>>,
}

#[derive(Debug)]
pub(super) struct Options {
    pub token: Option<Token>,
    pub identity: Oidc,
    /// The API takes tokens of the identity server alone.
    pub demands_sign_in: bool,
    pub documented: Documented,
    pub latency: Duration,
    pub retry_after: u64,
    pub keep: Bounds,
    pub limits: Limits,
    pub mode: Mode,
    pub on_request: Option<OnRequest>,
    pub on_skipped: Option<OnSkipped>,
    /// What the fake remembers; none where it answers with examples alone.
    pub world: Option<World>,
    /// Whether the page is served; none where the address decides.
    pub page: Option<bool>,
}

pub(super) struct OnRequest(pub Arc<dyn Fn(&Received) + Send + Sync>);

pub(super) struct OnSkipped(pub Arc<dyn Fn(&str) + Send + Sync>);

#[derive(Debug, Default)]
struct State {
    token: Option<Token>,
    always: HashMap<&'static str, Arc<Prepared>>,
    next: HashMap<&'static str, VecDeque<Arc<Prepared>>>,
    /// What a method answers with where nothing was put in.
    defaults: HashMap<&'static str, Arc<Prepared>>,
    faults: Vec<Planned>,
    /// The number of the last fault that was planned.
    last_fault: u64,
    shelf: Shelf,
}

#[derive(Debug)]
struct Planned {
    number: u64,
    /// The name of a method, or a path of the identity server; none for every method.
    method: Option<&'static str>,
    fault: Fault,
    times: Times,
    /// Of a storm, the hundredths of a call that have come together since the last one that it met.
    gathered: u8,
}

impl Planned {
    /// Whether a storm lets the call through, which it counts.
    fn spares(&mut self) -> bool {
        let Fault::Storm(percent) = self.fault else {
            return false;
        };
        self.gathered = self.gathered.saturating_add(percent);
        let meets = self.gathered >= 100;
        if meets {
            self.gathered -= 100;
        }
        !meets
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            token: None,
            identity: Oidc::default(),
            demands_sign_in: false,
            documented: Documented::default(),
            latency: Duration::ZERO,
            retry_after: 1,
            keep: Bounds::default(),
            limits: Limits::default(),
            mode: Mode::default(),
            on_request: None,
            on_skipped: None,
            world: Some(World::default()),
            page: None,
        }
    }
}

impl fmt::Debug for OnRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRequest")
    }
}

impl fmt::Debug for OnSkipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnSkipped")
    }
}

impl Script {
    pub(super) fn new(mut options: Options, stop: watch::Receiver<bool>) -> Self {
        let state = State {
            token: options.token.clone(),
            ..State::default()
        };
        Self {
            bodies: Reader::new(options.limits, stop.clone()),
            inner: Arc::new(Inner {
                identity: Mutex::new(Identity::new(&options.identity)),
                world: options.world.take().map(Mutex::new),
                log: Arc::new(Mutex::new(Log::new(options.keep))),
                options,
                state: Mutex::new(state),
            }),
            stop,
        }
    }

    /// From now on a method answers with that, in the place of what was said before.
    ///
    /// # Errors
    ///
    /// There is no such method, or the answer is none of it.
    pub fn answer(&self, method: &str, answer: Answer) -> Result<(), FakeError> {
        let method = find(method)?;
        let prepared = Arc::new(prepare(method, answer)?);
        self.state().always.insert(method.name(), prepared);
        Ok(())
    }

    /// The next call of a method that gets through is answered with that; said several times, one
    /// call after the other.
    ///
    /// # Errors
    ///
    /// There is no such method, or the answer is none of it.
    pub fn answer_next(&self, method: &str, answer: Answer) -> Result<(), FakeError> {
        let method = find(method)?;
        let prepared = Arc::new(prepare(method, answer)?);
        let mut state = self.state();
        state
            .next
            .entry(method.name())
            .or_default()
            .push_back(prepared);
        Ok(())
    }

    /// A fault meets calls of a method, or of every method where it is called `*`. A call that is
    /// not right is refused first. Faults come in the order in which they were said; being slow goes
    /// together with the next one. Of the identity server the path is its name: `/connect/token`.
    ///
    /// # Errors
    ///
    /// There is no such method.
    pub fn fault(
        &self,
        method: &str,
        fault: Fault,
        times: impl Into<Times>,
    ) -> Result<(), FakeError> {
        let method = match method {
            EVERY => None,
            name => Some(match Place::find(name) {
                Some(place) => place.path(),
                None => find(name)?.name(),
            }),
        };
        let mut state = self.state();
        state.last_fault += 1;
        let number = state.last_fault;
        state.faults.push(Planned {
            number,
            method,
            fault,
            times: times.into(),
            gathered: 0,
        });
        Ok(())
    }

    /// The fault that a text plans.
    ///
    /// # Errors
    ///
    /// There is no such method.
    pub fn plan(&self, planned: PlannedFault) -> Result<(), FakeError> {
        self.fault(&planned.method, planned.fault, planned.times)
    }

    /// The planned faults that still meet calls, in their order, each with a number of its own; how
    /// often is what is left of it.
    pub fn faults(&self) -> Vec<(u64, PlannedFault)> {
        let state = self.state();
        let faults = state.faults.iter().map(|planned| {
            let fault = PlannedFault {
                method: planned.method.unwrap_or(EVERY).to_owned(),
                fault: planned.fault.clone(),
                times: planned.times,
            };
            (planned.number, fault)
        });
        faults.collect()
    }

    /// Takes the planned fault of that number back; whether there was one.
    pub fn remove_fault(&self, number: u64) -> bool {
        let faults = &mut self.state().faults;
        let before = faults.len();
        faults.retain(|planned| planned.number != number);
        faults.len() < before
    }

    /// From now on only this token is accepted, or any where it is none.
    pub fn accept_token(&self, token: Option<&str>) {
        self.state().token = token.map(Token::from);
    }

    /// Moves the clock ahead, of the world and of the identity server: what is due until then is done,
    /// and whatever lives no longer than that has ended.
    pub fn move_clock(&self, by: Duration) {
        self.with_identity(|identity| identity.move_clock(by));
        self.with_world(|world| world.advance(by));
    }

    /// From now on, what the user does when a program asks for access.
    pub fn approval(&self, approval: Approval) {
        self.with_identity(|identity| identity.set_approval(approval));
    }

    /// The requests so far, in the order in which they came: the last ones, as many as are kept (see
    /// [`Builder::keep`](super::Builder::keep)).
    pub fn received(&self) -> Vec<Received> {
        let log = self.log();
        log.since(0).map(|received| (**received).clone()).collect()
    }

    /// The kept requests whose number is greater, in their order; all of them since 0. One whose answer
    /// is not chosen yet has no status.
    pub fn received_since(&self, number: u64) -> Vec<Arc<Received>> {
        self.log().since(number).cloned().collect()
    }

    /// How many requests are no longer kept, since there were more than
    /// [`Builder::keep`](super::Builder::keep) allows; [`reset`](Self::reset) does not count.
    pub fn forgotten(&self) -> u64 {
        self.log().forgotten()
    }

    /// Each request from now on, once its answer is chosen, which may be in another order than they
    /// came. One who is too far behind misses the oldest, and is told how many.
    pub fn subscribe(&self) -> Subscription {
        Log::subscribe(&self.inner.log)
    }

    /// The kept requests of one method.
    pub fn received_of(&self, method: &str) -> Vec<Received> {
        let mut all = self.received();
        all.retain(|received| received.method == Some(method));
        all
    }

    /// Forgets all answers, faults and requests, and what lies on the shelf. The token stays, and
    /// what the identity server has given. Requests are numbered on.
    pub fn reset(&self) {
        self.log().clear();
        let mut state = self.state();
        *state = State {
            token: state.token.take(),
            last_fault: state.last_fault,
            ..State::default()
        };
    }

    pub(super) fn options(&self) -> &Options {
        &self.inner.options
    }

    pub(super) fn accepted_token(&self) -> Option<Token> {
        self.state().token.clone()
    }

    /// The fault that meets this call, and how slow the answer is.
    pub(super) fn take_fault(&self, called: Called) -> (Duration, Option<Fault>) {
        let mut delay = Duration::ZERO;
        let mut taken = None;
        for planned in &mut self.state().faults {
            let meets = match (planned.method, called) {
                (None, called) => matches!(called, Called::Method(_)),
                (Some(name), called) => name == called.name(),
            };
            if !meets || planned.times == Times::Next(0) || planned.spares() {
                continue;
            }
            if let Times::Next(next) = &mut planned.times {
                *next -= 1;
            }
            match &planned.fault {
                Fault::Slow(slow) => delay += *slow,
                fault => {
                    taken = Some(fault.clone());
                    break;
                }
            }
        }
        self.state()
            .faults
            .retain(|one| one.times != Times::Next(0));
        (delay, taken)
    }

    /// Whether a test has put in what the method answers with next.
    pub(super) fn has_answer(&self, method: &str) -> bool {
        let state = self.state();
        let next = state.next.get(method);
        state.always.contains_key(method) || next.is_some_and(|next| !next.is_empty())
    }

    /// What is answered where neither a test nor the world says anything.
    pub(super) fn default_answer(&self, method: &'static Method) -> Arc<Prepared> {
        let state = self.state();
        if let Some(answer) = state.defaults.get(method.name()) {
            return answer.clone();
        }
        drop(state);
        let answer = Arc::new(defaults::answer(self, method));
        let mut state = self.state();
        state.defaults.insert(method.name(), answer.clone());
        answer
    }

    /// Keeps a request that has just come, and gives it its number.
    pub(super) fn keep(&self, received: &mut Received) {
        self.log().push(received);
    }

    /// Tells what the answer of a request is to whoever listens, and keeps it.
    pub(super) fn update(&self, received: &Received) {
        if let Some(on_request) = &self.inner.options.on_request {
            on_request.0(received);
        }
        self.log().update(received);
    }

    pub(super) fn with_shelf<T>(&self, with: impl FnOnce(&mut Shelf) -> T) -> T {
        with(&mut self.state().shelf)
    }

    pub(super) fn with_identity<T>(&self, with: impl FnOnce(&mut Identity) -> T) -> T {
        let identity = self.inner.identity.lock();
        with(&mut identity.unwrap_or_else(PoisonError::into_inner))
    }

    /// What `with` makes of the world; none where the fake has none.
    pub fn with_world<T>(&self, with: impl FnOnce(&mut World) -> T) -> Option<T> {
        let world = self.inner.world.as_ref()?.lock();
        // A call that panicked is rolled back with the next one that is refused; what it left is shown.
        let mut world = world.unwrap_or_else(PoisonError::into_inner);
        let made = with(&mut world);
        if let Some(on_skipped) = &self.inner.options.on_skipped {
            let skipped = world.newly_skipped();
            // Who is told may ask the world.
            drop(world);
            skipped.iter().for_each(|note| on_skipped.0(note));
        }
        Some(made)
    }

    /// Whether a token stands for a user, be it the first one: the one that a test accepts, and those that
    /// the identity server has given, as long as they live.
    pub(super) fn vouches_for(&self, token: &Token) -> bool {
        self.accepted_token().as_ref() == Some(token)
            || self.with_identity(|identity| identity.takes(token))
    }

    /// Whether a token stands for somebody, where the fake has users.
    pub(super) fn has_user_of(&self, token: &Token) -> bool {
        let is_any = self.with_world(|world| world.user_of(None, None).is_ok());
        is_any.unwrap_or(true) || self.vouches_for(token)
    }

    /// What a test has said that this call is answered with.
    pub(super) fn take_said(&self, method: &'static Method) -> Option<Arc<Prepared>> {
        let mut state = self.state();
        let next = state.next.get_mut(method.name());
        let next = next.and_then(VecDeque::pop_front);
        next.or_else(|| state.always.get(method.name()).cloned())
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        let log = self.inner.log.lock();
        log.unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A closure that panicked left the state as it was.
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a request is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Called {
    Method(&'static Method),
    Identity(Place),
}

impl Called {
    fn name(self) -> &'static str {
        match self {
            Self::Method(method) => method.name(),
            Self::Identity(place) => place.path(),
        }
    }
}

pub(super) fn find(name: &str) -> Result<&'static Method, FakeError> {
    Ok(Schema::diadoc().method(name)?)
}
