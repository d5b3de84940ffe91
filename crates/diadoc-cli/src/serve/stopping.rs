//! Ctrl-C, and what service managers send.

use std::future::poll_fn;
use std::io;
use std::process;
use std::task::Poll;
use std::thread;

use tokio::sync::oneshot;

/// What ends when the program is asked to stop for the first time.
pub(super) type AskedToStop = oneshot::Receiver<()>;

/// Waits for signals in a thread of its own. The first one asks to stop; with the second the program ends at
/// once, whatever it does.
///
/// # Errors
///
/// The system gave no thread, or no signals.
pub(super) fn asked_to_stop() -> io::Result<AskedToStop> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut signals = {
        let _entered = runtime.enter();
        Signals::new()?
    };
    let (ask, asked) = oneshot::channel();
    let wait = move || {
        runtime.block_on(async {
            signals.next().await;
            // Who does not listen any more has ended.
            let _ = ask.send(());
            signals.next().await;
            process::exit(0)
        })
    };
    thread::Builder::new().spawn(wait)?;
    Ok(asked)
}

#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 2]);

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self([interrupt, signal(SignalKind::terminate())?]))
    }

    async fn next(&mut self) {
        let one = poll_fn(|context| {
            let mut signals = self.0.iter_mut();
            match signals.any(|signal| signal.poll_recv(context).is_ready()) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        });
        one.await;
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        let _ = self.0.recv().await;
    }
}
