//! The fake and how it begins.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use diadoc_api::Token;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::world::World;

mod answer;
mod body;
mod check;
mod defaults;
mod documented;
mod error;
mod example_call;
mod fault;
mod forms;
mod identity;
mod limits;
mod listen;
mod log;
#[cfg(feature = "page")]
mod page;
mod pages;
mod patient;
mod received;
mod reply;
mod request;
mod script;
mod serve;
mod shelf;
mod stateful;

pub use answer::Answer;
pub use check::Mode;
pub use error::FakeError;
pub use example_call::{call_with, example_call};
pub use fault::{Fault, PlannedFault, PlannedFaultError, Times};
pub use identity::{Approval, Oidc};
pub use limits::Timeouts;
pub use log::Subscription;
pub use received::Received;
pub use script::Script;

#[cfg(feature = "proxy")]
pub(crate) use body::Reader;
#[cfg(feature = "proxy")]
pub(crate) use check::report_of_request;
#[cfg(feature = "proxy")]
pub(crate) use limits::Limits;
#[cfg(feature = "proxy")]
pub(crate) use listen::serve as listen;

/// A fake Diadoc that listens on a port of this machine; it stops when it is dropped.
///
/// Everything that a test says to it and asks of it are methods of [`Script`].
#[derive(Debug)]
pub struct Fake {
    script: Script,
    address: SocketAddr,
    stop: Arc<watch::Sender<bool>>,
    task: Option<JoinHandle<io::Result<()>>>,
}

/// How a fake Diadoc begins. `Debug` shows no token.
#[derive(Debug)]
#[must_use]
pub struct Builder {
    options: script::Options,
}

impl Fake {
    /// A fake that begins with two test organizations which are counteragents ([`World::default`]), and
    /// accepts any token.
    pub fn builder() -> Builder {
        Builder {
            options: script::Options::default(),
        }
    }

    /// Its address: `http://127.0.0.1:49152`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of its page for browsers; none where it serves no page.
    #[cfg(feature = "page")]
    pub fn page_url(&self) -> Option<String> {
        let page = self.script.options().page == Some(true);
        page.then(|| format!("{}{}", self.url(), page::ROOT))
    }

    /// Its address, as a socket has it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it, and waits until the answers on their way are sent, for as long as
    /// [`Timeouts::stop`] at most: one who holds half a request does not hold the stop.
    ///
    /// # Errors
    ///
    /// The server failed while it ran.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stop.send_replace(true);
        match self.task.take() {
            Some(task) => task.await.map_err(io::Error::other)?,
            None => Ok(()),
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl Deref for Fake {
    type Target = Script;

    fn deref(&self) -> &Script {
        &self.script
    }
}

impl Builder {
    /// Only this token is accepted: as `Bearer`, or as the `ddauth_token` of `DiadocAuth`. Otherwise
    /// any is. [`Script::accept_token`] changes it later.
    ///
    /// It stands for the user of the world who has it, else for the user of every token, and where there
    /// is none for the first user in the order of their ids.
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.options.token = Some(token.into());
        self
    }

    /// Only access tokens that the fake itself has given are accepted, as long as they live; beside them
    /// the one of [`token`](Self::token). Without this, anybody can sign in, and any token does.
    ///
    /// A token that names no user stands for the user of every token, and where there is none for the
    /// first user in the order of their ids.
    pub fn oidc(mut self, oidc: Oidc) -> Self {
        self.options.identity = oidc;
        self.options.demands_sign_in = true;
        self
    }

    /// Anybody can sign in as this says, and yet any token does: as [`oidc`](Self::oidc), but for what
    /// the API takes.
    pub fn signs_in(mut self, oidc: Oidc) -> Self {
        self.options.identity = oidc;
        self
    }

    /// It remembers: it begins with this world, in the place of the one with two organizations.
    pub fn world(mut self, world: World) -> Self {
        self.options.world = Some(world);
        self
    }

    /// It remembers nothing but what lies on the shelf: every method answers with an example.
    pub fn stateless(mut self) -> Self {
        self.options.world = None;
        self
    }

    /// Answers with the bodies of a folder with a `manifest.json` (see [`manifest`](crate::manifest))
    /// in the place of the documented ones that come with the crate. It remembers nothing then, as if it
    /// was told to be [`stateless`](Self::stateless).
    ///
    /// # Errors
    ///
    /// A file cannot be read, names a method or message that there is not, or is not a body of it.
    pub fn fixtures(mut self, folder: &Path) -> Result<Self, FakeError> {
        self.options.documented = documented::folder(folder)?;
        Ok(self.stateless())
    }

    /// Every answer takes so long.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.options.latency = latency;
        self
    }

    /// The seconds that answers ask to wait for, where nothing else says: 1.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.options.retry_after = seconds;
        self
    }

    /// What it makes of what the live server only ignores; [`Mode::Strict`] by default.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.options.mode = mode;
        self
    }

    /// Keeps so many requests, and of so many bytes altogether: beyond that the oldest are forgotten,
    /// but for the last one, and [counted](Script::forgotten). Otherwise 10 000 requests of 256 MiB.
    pub fn keep(mut self, requests: usize, bytes: usize) -> Self {
        self.options.keep = log::Bounds { requests, bytes };
        self
    }

    /// Refuses bodies of more bytes with 413, before they are held: otherwise those beyond 100 MiB. The
    /// bodies of all requests that are not answered yet may have four times as much altogether; one
    /// that goes beyond that gets 503.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.options.limits.body = bytes;
        self
    }

    /// Takes so many connections at a time, at least one; others wait until one ends. Otherwise 1000. A
    /// [`router`](Self::router) leaves that to its server.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.options.limits.connections = connections;
        self
    }

    /// How long a client may take for what it sends and reads, see [`Timeouts`]. A
    /// [`router`](Self::router) leaves all but the times of bodies to its server.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.options.limits.timeouts = timeouts;
        self
    }

    /// Whether the page for browsers is served, at `/_/`. Without this it is where the fake itself
    /// listens, on an address of this machine alone, and not in a [`router`](Self::router). A request
    /// that names another host than this machine gets none of it either way.
    #[cfg(feature = "page")]
    pub fn page(mut self, page: bool) -> Self {
        self.options.page = Some(page);
        self
    }

    /// Calls `with` with every request once its answer is chosen.
    pub fn on_request(mut self, with: impl Fn(&Received) + Send + Sync + 'static) -> Self {
        self.options.on_request = Some(script::OnRequest(Arc::new(with)));
        self
    }

    /// Calls `with` with a line for each thing that a counteragent was to do by its script and could not
    /// do at its time; [`World::skipped`] has them all.
    pub fn on_skipped(mut self, with: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.options.on_skipped = Some(script::OnSkipped(Arc::new(with)));
        self
    }

    /// The fake as a router, for a server of one's own, and the handle to tell it what to answer.
    pub fn router(self) -> (Router, Script) {
        let (stop, _) = watch::channel(false);
        self.into_router(&Arc::new(stop))
    }

    /// Starts it on a free port of 127.0.0.1, in the background of the tokio runtime that this is
    /// called in.
    ///
    /// # Errors
    ///
    /// The system gave no port.
    pub async fn start(self) -> io::Result<Fake> {
        self.start_at((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Starts it at that address.
    ///
    /// # Errors
    ///
    /// The system did not give that address.
    pub async fn start_at(mut self, address: SocketAddr) -> io::Result<Fake> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        self.options.page.get_or_insert(address.ip().is_loopback());
        let stop = Arc::new(watch::Sender::new(false));
        let (router, script) = self.into_router(&stop);
        let server = listen::serve(listener, router, stop.subscribe(), script.options().limits);
        Ok(Fake {
            script,
            address,
            stop,
            task: Some(tokio::spawn(server)),
        })
    }

    fn into_router(self, stop: &Arc<watch::Sender<bool>>) -> (Router, Script) {
        let script = Script::new(self.options, stop.subscribe());
        let router = Router::new()
            .fallback(serve::serve)
            .with_state(script.clone());
        #[cfg(feature = "page")]
        let router = match script.options().page {
            Some(true) => router.merge(page::router(script.clone())),
            _ => router,
        };
        (router, script)
    }
}
