//! Listening on a port, and stopping.

use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long the head of a request may take.
const LONGEST_HEAD: Duration = Duration::from_secs(30);
/// How long answers on their way may take once the fake stops.
const GRACE: Duration = Duration::from_secs(2);
/// How long to wait where the system gives no connection: it has no files left, as a rule.
const BEFORE_NEXT: Duration = Duration::from_millis(100);

/// Ends when the fake stops.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error says that the sender is gone, which is a stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves until the fake stops; then no connection that is taken lasts longer than [`GRACE`].
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut stopping = stop.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(answer(stream, router.clone(), stop.clone()));
                }
                Err(error) if is_of_one(&error) => {}
                Err(_) => tokio::time::sleep(BEFORE_NEXT).await,
            },
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    // What is left then ends with the set.
    let _ = tokio::time::timeout(GRACE, all).await;
    Ok(())
}

/// Answers the requests of a connection.
async fn answer(stream: TcpStream, router: Router, mut stop: watch::Receiver<bool>) {
    // Answers are small, and tests wait for them.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    // How a connection ends is its client's affair.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stopped(&mut stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Whether an error is about the one connection that was to be taken.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
