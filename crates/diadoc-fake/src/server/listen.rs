//! Listening on a port, and stopping.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use std::{future, io};

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncWriteExt as _, copy, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::limits::{LONGEST_HEAD, Limits};
use super::patient::Patient;

/// How long to wait where the system gives no connection: it has no files left, as a rule.
const BEFORE_NEXT: Duration = Duration::from_millis(100);
/// How long what still comes is thrown away after the last answer of a connection. A connection that is
/// closed before it is read to its end takes the answer with it, and whoever sends a body that is too
/// long would not learn why it is refused.
const LINGERING: Duration = Duration::from_secs(1);

/// Ends when the fake stops.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        // The sender is gone without a word: a router is never told to stop, whoever serves it ends.
        future::pending().await
    }
}

/// Serves until the fake stops; then no connection that is taken lasts longer than its time for that.
/// Beyond so many connections as there may be at a time, others wait to be taken.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    stop: watch::Receiver<bool>,
    limits: Limits,
) -> io::Result<()> {
    let mut stopping = stop.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < limits.connections.max(1) => {
                match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(answer(stream, router.clone(), stop.clone(), limits));
                    }
                    Err(error) if is_of_one(&error) => {}
                    Err(_) => tokio::time::sleep(BEFORE_NEXT).await,
                }
            }
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    // What is left then ends with the set.
    let _ = tokio::time::timeout(limits.timeouts.stop, all).await;
    Ok(())
}

/// Answers the requests of a connection.
async fn answer(
    stream: TcpStream,
    router: Router,
    mut stop: watch::Receiver<bool>,
    limits: Limits,
) {
    // Answers are small, and tests wait for them.
    let _ = stream.set_nodelay(true);
    let stream = Patient::new(stream, limits.timeouts.pause);
    let router = TowerToHyperService::new(router);
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.timeouts.head)
        .max_header_size(LONGEST_HEAD)
        .serve_connection(
            TokioIo::new(stream),
            service_fn(move |request| Box::pin(router.call(request))),
        );
    // How a connection ends is its client's affair.
    let has_ended = tokio::select! {
        _ = poll_fn(|context| connection.poll_without_shutdown(context)) => true,
        () = stopped(&mut stop) => false,
    };
    if !has_ended {
        Pin::new(&mut connection).graceful_shutdown();
        let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    }
    let mut stream = connection.into_parts().io.into_inner();
    if stream.shutdown().await.is_ok() {
        let mut nowhere = sink();
        let rest = copy(&mut stream, &mut nowhere);
        tokio::select! {
            _ = tokio::time::timeout(LINGERING, rest) => {}
            () = stopped(&mut stop) => {}
        }
    }
}

/// Whether an error is about the one connection that was to be taken.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
