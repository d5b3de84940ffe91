//! A fake Diadoc over HTTP, on loopback.
//!
//! It has boxes, messages, documents and events ([`world`]), and serves every method of the schema, in
//! protobuf and in JSON as the server writes it. A method answers with what a test put in; else with
//! what follows from its world; else, where the world has nothing to say, with the body that the
//! vendor's pages document or with a valid example. A request that the server would refuse, or would take and ignore a part of, gets 400
//! with the server's own sentence, where that is known, and with the report. With [`Mode::LikeServer`]
//! what the server ignores is ignored.
//!
//! ```
//! use diadoc_fake::{Answer, Fake, Fault};
//! use diadoc_proto::documents::{Document, DocumentList};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let fake = Fake::builder().start().await?;
//! println!("the client under test calls {}", fake.url());
//!
//! // A list comes in pages, as the method's own parameters ask for them.
//! let documents = (0..250).map(|_| Document::default());
//! fake.answer("GetDocumentsV3", Answer::list(documents))?;
//! // The next two calls are refused.
//! fake.fault("GetDocumentsV3", Fault::TooManyRequests, 2)?;
//!
//! // ... and afterwards:
//! assert!(fake.received().is_empty(), "nobody has called yet");
//! # Ok(())
//! # }
//! ```
//!
//! # Signing in
//!
//! It is an identity server as well: `/connect/token` gives tokens for refresh tokens, authorization
//! codes (with PKCE) and device codes, whose user says yes at once; nobody signs its id tokens.
//! [`Builder::oidc`] makes the API take these tokens alone, and says how long they live.
//!
//! # The world
//!
//! Without more ado there are two test organizations that are counteragents, and one user, whom every
//! token stands for. [`Builder::world`] has it begin with another [`World`](world::World),
//! [`Builder::stateless`] with none. [`Script::move_clock`] moves its time, and
//! [`World::set_counteragents`](world::World::set_counteragents) has counteragents act by a script.
//!
//! # The page
//!
//! A browser on this machine shows at `/_/` what comes in, what the world holds and the schema; there
//! faults are planned, the clock is moved, and bodies are held against the schema. [`Fake::page_url`] is
//! its address, [`Builder::page`] leaves it out.
//!
//! # Features
//!
//! - `page` (default): the page.
//! - `server` (default): all of that. Without it there is [`manifest`] alone, for tools that read
//!   folders of bodies and need no server.
//! - `store`: worlds that are kept in a file.
//! - `proxy`: `Proxy`, which stands in front of a real Diadoc, holds what passes against the schema and
//!   records it with other data.

#![forbid(unsafe_code)]
// No input may panic, see SECURITY.md: what cannot happen is allowed place by place, with its reason.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "server")]
mod check_digits;
#[cfg(feature = "server")]
#[rustfmt::skip]
mod generated;
pub mod manifest;
mod places;
#[cfg(feature = "proxy")]
mod proxy;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "server")]
pub mod world;

#[cfg(feature = "proxy")]
pub use proxy::{Exchange, Proxy, ProxyBuilder, ProxyError, Summary};
#[cfg(feature = "server")]
pub use server::{
    Answer, Approval, Builder, Fake, FakeError, Fault, Mode, Oidc, PlannedFault, PlannedFaultError,
    Received, Script, Subscription, Timeouts, Times, call_with, example_call,
};

/// Runs the README's Rust as a doctest.
#[cfg(all(doctest, feature = "server"))]
#[doc = include_str!("../README.md")]
struct Readme;
