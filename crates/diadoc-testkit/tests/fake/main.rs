//! The fake Diadoc, over real sockets.

mod client;

mod answers;
mod checks;
mod every_method;
mod faults;
mod paging;
mod shelf;

use diadoc_testkit::fake::Fake;

const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";

async fn started() -> Fake {
    Fake::builder().start().await.expect("a port")
}
