//! The client of diadoc-api against the fake, over real sockets.
#![allow(deprecated, reason = "obsolete methods are called, too")]

mod every_method;
mod failures;
#[rustfmt::skip]
mod generated;
mod lists;
mod waiting;

use std::time::Duration;

use diadoc_api::client::{Client, ClientBuilder, RetryPolicy};
use diadoc_api::{Config, Form, PollPolicy};
use diadoc_fake::Fake;

use crate::BOX;

const GUID: &str = "ba04162c-e26f-448f-a370-299b4f15b6d1";
const BOTH: [Form; 2] = [Form::Protobuf, Form::Json];

/// A client of a fake that does not wait longer than it is asked to.
fn builder(fake: &Fake) -> ClientBuilder {
    let config = Config::new().with_address(&fake.url());
    let mut retry = RetryPolicy::default();
    retry.delay = Duration::from_millis(1);
    let mut polling = PollPolicy::default();
    polling.delay = Duration::from_millis(1);
    Client::builder(config.expect("an address").bearer("token"))
        .per_second(10_000)
        .retry(retry)
        .polling(polling)
}

fn client_of(fake: &Fake, wire: Form) -> Client {
    builder(fake).form(wire).build().expect("a client")
}

async fn started() -> Fake {
    Fake::builder()
        .stateless()
        .retry_after(0)
        .start()
        .await
        .expect("a port")
}
