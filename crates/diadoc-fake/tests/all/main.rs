//! The fake Diadoc, over real sockets.

mod answers;
mod bounds;
mod checks;
mod client;
mod deviations;
mod every_method;
mod faults;
mod http;
mod identity;
mod in_process;
mod log;
mod modes;
#[cfg(feature = "page")]
mod page;
mod paging;
mod people;
#[cfg(feature = "proxy")]
mod proxy;
mod shelf;
mod stopping;
#[cfg(feature = "store")]
mod store;
mod world;

use diadoc_api::{METHODS, ResponseKind, Stage};
use diadoc_fake::{Answer, Fake, Script};
use diadoc_schema::{Example, Schema, example};

const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";

async fn started() -> Fake {
    Fake::builder().stateless().start().await.expect("a port")
}

/// Has the methods answer that the vendor has removed.
fn revive(fake: &Script) {
    for method in METHODS.iter().filter(|method| method.stage == Stage::Gone) {
        let answer = match method.response {
            ResponseKind::Message(full_name) => {
                let message = Schema::diadoc().message(full_name).expect("a message");
                Answer::json(example(&message, Example::Full))
            }
            ResponseKind::Bytes => Answer::bytes("sample"),
            ResponseKind::Text => Answer::text("sample"),
            ResponseKind::Nothing => Answer::nothing(),
            other => panic!("{}: {other:?}", method.name),
        };
        fake.answer(method.name, answer).expect("an answer of it");
    }
}
