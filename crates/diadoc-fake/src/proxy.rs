//! A proxy in front of a real Diadoc: it sends requests on, holds both directions against the schema,
//! and writes down what passed, with other data in it.

mod exchange;
mod pseudonyms;
mod record;
mod replace;
mod treatment;
mod upstream;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use diadoc_api::{Call, Credentials, Secrets};
use diadoc_schema::Schema;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::server::{self, Limits, Reader, Timeouts};
pub use exchange::{Exchange, Summary};
use record::{Passed, Recorder};
use upstream::{Upstream, without_user};

/// A proxy that listens on a port of this machine; it stops when it is dropped.
///
/// Requests go on as they are, but for `Host`, the headers of the connection, and `Accept-Encoding`:
/// the answer is asked for without compression. Answers come back as they are. Where the server gives
/// none, the answer is 502 with a text.
///
/// # Recording
///
/// For each message that passes, the folder gets a file, and an entry in its `manifest.json` (see
/// [`manifest`](crate::manifest)); it can be served again with [`Builder::fixtures`](crate::Builder).
/// Files and the texts of errors lie beside them, without an entry. Neither headers nor queries are
/// written, nor what an identity server is asked.
///
/// All data is replaced by other data of the same form: by the format and the name of its field, and
/// where these do not say that it is harmless, in any case. Enums, numbers, dates, sums, types and
/// versions of documents stay, as do the lengths of texts and contents. The same id, number or name is
/// replaced the same way throughout a recording, and with the same seed throughout all of them.
///
/// ```no_run
/// use diadoc_fake::Proxy;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let proxy = Proxy::builder("https://diadoc-api.kontur.ru")
///     .record("captured")
///     .on_exchange(|exchange| println!("{} {}", exchange.status, exchange.path))
///     .start_at(([127, 0, 0, 1], 8070).into())
///     .await?;
/// println!("the client calls {}", proxy.url());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Proxy {
    inner: Arc<Inner>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<io::Result<()>>>,
}

/// How a proxy begins. `Debug` shows no seed.
#[must_use]
pub struct ProxyBuilder {
    upstream: String,
    record: Option<PathBuf>,
    seed: Option<String>,
    on_exchange: Option<OnExchange>,
    limits: Limits,
}

/// Why a proxy cannot begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// The address of the server is none.
    #[error("{address} is no address of a server: {why}")]
    Upstream {
        /// The address, without a user in it.
        address: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The folder has a recording.
    #[error("{0} has a manifest.json already: a recording needs a folder of its own")]
    Recorded(PathBuf),
    /// The folder of the recording cannot be written.
    #[error("{path}: {source}")]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// The system did not give the address to listen on.
    #[error("{address}: cannot be served: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

type OnExchange = Box<dyn Fn(&Exchange) + Send + Sync>;

struct Inner {
    upstream: Upstream,
    recorder: Option<Recorder>,
    on_exchange: Option<OnExchange>,
    count: AtomicUsize,
    summary: Mutex<Summary>,
}

#[derive(Clone)]
struct Passing {
    inner: Arc<Inner>,
    bodies: Reader,
}

impl Proxy {
    /// A proxy in front of the server at that address: `https://diadoc-api.kontur.ru`.
    pub fn builder(upstream: impl Into<String>) -> ProxyBuilder {
        ProxyBuilder {
            upstream: upstream.into(),
            record: None,
            seed: None,
            on_exchange: None,
            limits: Limits::default(),
        }
    }

    /// Its address: `http://127.0.0.1:49152`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its address, as a socket has it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What passed so far.
    pub fn summary(&self) -> Summary {
        *self.inner.summary()
    }

    /// Stops it, and waits until the answers on their way are sent.
    ///
    /// # Errors
    ///
    /// The proxy failed while it ran.
    pub async fn stop(mut self) -> io::Result<Summary> {
        self.stop.send_replace(true);
        if let Some(task) = self.task.take() {
            task.await.map_err(io::Error::other)??;
        }
        Ok(self.summary())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl ProxyBuilder {
    /// Records what passes in that folder, which must have no `manifest.json` yet.
    pub fn record(mut self, folder: impl AsRef<Path>) -> Self {
        self.record = Some(folder.as_ref().to_owned());
        self
    }

    /// Replaces data the same way in all recordings with that text; without one, each recording has
    /// its own way. Whoever knows the text can try out what a value may have been: it is a secret, and
    /// should be long.
    pub fn seed(mut self, seed: impl Into<String>) -> Self {
        self.seed = Some(seed.into());
        self
    }

    /// Calls `with` with every exchange, once its answer is there and it is recorded.
    pub fn on_exchange(mut self, with: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        self.on_exchange = Some(Box::new(with));
        self
    }

    /// Refuses bodies of more bytes, in both directions: otherwise those beyond 100 MiB. The bodies of
    /// all requests on their way may have four times as much altogether.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.limits.body = bytes;
        self
    }

    /// Takes so many connections at a time, at least one; others wait until one ends. Otherwise 1000.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.limits.connections = connections;
        self
    }

    /// How long a client may take for what it sends and reads, see [`Timeouts`].
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.limits.timeouts = timeouts;
        self
    }

    /// Starts it at that address, in the background of the tokio runtime that this is called in. Port
    /// 0 takes a free one.
    ///
    /// # Errors
    ///
    /// The address of the server is none, the folder cannot be recorded in, or the system did not give
    /// the address to listen on.
    pub async fn start_at(self, address: SocketAddr) -> Result<Proxy, ProxyError> {
        let inner = Arc::new(Inner {
            upstream: Upstream::new(&self.upstream, self.limits.body)?,
            recorder: match &self.record {
                Some(folder) => Some(Recorder::new(folder, self.seed.as_deref())?),
                None => None,
            },
            on_exchange: self.on_exchange,
            count: AtomicUsize::new(0),
            summary: Mutex::default(),
        });
        let cannot_listen = |source| ProxyError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let stop = watch::Sender::new(false);
        let state = Passing {
            inner: inner.clone(),
            bodies: Reader::new(self.limits, stop.subscribe()),
        };
        let router = Router::new().fallback(pass).with_state(state);
        let server = server::listen(listener, router, stop.subscribe(), self.limits);
        Ok(Proxy {
            inner,
            address,
            stop,
            task: Some(tokio::spawn(server)),
        })
    }
}

async fn pass(State(passing): State<Passing>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let (body, _room) = match passing.bodies.read(body).await {
        Ok(read) => read,
        Err(why) => return (why.status(), format!("{why}\n")).into_response(),
    };
    let request = Request::from_parts(parts, body);
    let inner = passing.inner;
    // The client of HTTP and the file system block.
    let answered = tokio::task::spawn_blocking(move || inner.exchange(&request)).await;
    answered.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

impl Inner {
    fn exchange(&self, request: &Request<Bytes>) -> Response {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let mut exchange = Exchange::of(number, request);
        let call = match Call::from_http(request) {
            Ok(call) => Some(call),
            Err(error) => {
                exchange.notes.push(error.to_string());
                None
            }
        };
        let sent = call
            .as_ref()
            .and_then(|call| exchange.check_request(call, request.headers()));
        let answered = self.upstream.send(request);
        match &answered {
            Ok(answer) => exchange.status = answer.status().as_u16(),
            Err(why) => exchange
                .notes
                .push(format!("the server gave no answer: {why}")),
        }
        let secrets = secrets(call.as_ref(), request.headers());
        if let Some(call) = &call
            && let Ok(method) = Schema::diadoc().method(diadoc_api::Request::method(call).name)
        {
            let answer = answered.as_ref().ok();
            let passed = Passed {
                number,
                call,
                method,
                request: sent,
                response: answer
                    .and_then(|answer| exchange.check_response(call, method, answer, &secrets)),
                answer,
                secrets: &secrets,
            };
            self.record(&passed, &mut exchange);
        }
        self.summary().add(&exchange, answered.is_ok());
        if let Some(on_exchange) = &self.on_exchange {
            on_exchange(&exchange);
        }
        match answered {
            Ok(answer) => answer.map(Body::from),
            Err(why) => {
                let text = format!("the proxy got no answer of the server: {why}\n");
                (StatusCode::BAD_GATEWAY, text).into_response()
            }
        }
    }

    fn record(&self, passed: &Passed, exchange: &mut Exchange) {
        let Some(recorder) = &self.recorder else {
            return;
        };
        match recorder.record(passed) {
            Ok(written) => {
                exchange.files = written.files;
                exchange.notes.extend(written.notes);
            }
            Err(error) => exchange.notes.push(format!("not recorded: {error}")),
        }
    }

    fn summary(&self) -> MutexGuard<'_, Summary> {
        self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a request goes out with that nothing shows.
fn secrets(call: Option<&Call>, headers: &HeaderMap) -> Secrets {
    let credentials = headers.get(AUTHORIZATION);
    let credentials = credentials.and_then(|header| Credentials::from_header(header).ok());
    let secrets = call.map(diadoc_api::Request::secrets).unwrap_or_default();
    secrets.and(credentials.iter().flat_map(Secrets::from))
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("upstream", &self.upstream)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProxyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyBuilder")
            .field("upstream", &without_user(&self.upstream))
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}
