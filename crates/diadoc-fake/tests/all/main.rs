//! The fake Diadoc, over real sockets.

mod answers;
mod checks;
mod client;
mod deviations;
mod every_method;
mod faults;
mod http;
mod identity;
mod log;
mod paging;
mod shelf;

use diadoc_fake::Fake;

const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";

async fn started() -> Fake {
    Fake::builder().start().await.expect("a port")
}
