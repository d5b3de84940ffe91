//! Every HTTP method of the Kontur Diadoc API as a typed request, free of I/O.
//!
//! A module per group of methods holds a request per method, named as the vendor names it:
//! [`documents::GetDocumentsV3`]. Required parameters stand in `new`, optional ones have a method
//! each:
//!
//! ```
//! use diadoc_api::documents::GetDocumentsV3;
//! use diadoc_api::{Config, Form, Request};
//!
//! let config = Config::new().bearer("token");
//! let request = GetDocumentsV3::new("1f208d03-2a60-4f64-91b1-b7aad54cfaf3", "Any.Inbound")
//!     .after_index_key("0210+/=")
//!     .count(50);
//! let http = request.to_http(&config, Form::Json)?;
//! assert_eq!(
//!     http.uri().to_string(),
//!     "https://diadoc-api.kontur.ru/V3/GetDocuments?boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3\
//!      &filterCategory=Any.Inbound&afterIndexKey=0210%2B%2F%3D&count=50"
//! );
//!
//! // Send it with any HTTP client, and hand in what came back.
//! let answer = http::Response::builder()
//!     .header("Content-Type", "application/json")
//!     .body(r#"{"TotalCount": 0, "HasMoreResults": false}"#.into())?;
//! let list = request.outcome(answer)?.ready().expect("a list is never pending");
//! assert_eq!(list.total_count, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Request::to_http`] holds the parameters and the body against the rules that the vendor
//!   states before anything is sent, and names what goes against them.
//! - [`Request::outcome`] reads the answer in the form that its `Content-Type` names, tells «not
//!   ready yet» from a result ([`Outcome`]), and errors by their meaning ([`ApiError`]).
//! - [`Pages`] turns the pages of a list, and [`Polling`] waits for a result, as plain state
//!   machines.
//! - [`Call`] is a request of a method that is known at run time only, and [`METHODS`] lists all
//!   methods as data.
//!
//! # Errors
//!
//! The text of every error of this crate ends in the root cause, so that printing the error is enough:
//! «no whole answer came: error sending request: … Connection refused». Behind it an [`ApiError`] names
//! the id of the request in the vendor's logs alone. What the text says already is
//! not given by [`source`](std::error::Error::source), which is empty, so that reporters such as anyhow
//! do not say it twice; a program finds the cause in the variant, or in [`ApiError::cause`].
//!
//! # Features
//!
//! - `oidc`: the module `oidc`, signing in by OpenID Connect, free of I/O as well.
//! - `client`: the module `client`, a client over reqwest, rustls and tokio; it turns on `oidc`.
//! - `reqwest`: a `reqwest::Client` of one's own in the client; reqwest itself is re-exported.
//! - `obsolete`: the methods that the vendor calls obsolete, each marked as deprecated with its
//!   successor and the day of its removal.
#![forbid(unsafe_code)]
// No input may panic, see SECURITY.md: what cannot happen is allowed place by place, with its reason.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod call;
mod chain;
mod check;
#[cfg(feature = "client")]
pub mod client;
mod config;
mod credentials;
mod error;
mod following;
pub mod headers;
#[allow(deprecated)]
#[rustfmt::skip]
mod generated;
mod method;
#[cfg(feature = "oidc")]
pub mod oidc;
mod outcome;
mod paging;
mod parts;
mod polling;
pub mod query;
mod request;
mod retired;
mod secrets;
mod upload;

pub use answer::{Answer, Content};
pub use call::{Call, CallBody, CallError, CallMessage, CallResponse};
pub use check::{CheckError, Checked, Checker, Violation};
pub use config::{Config, ConfigError};
pub use credentials::{Credentials, CredentialsError, Token};
pub use diadoc_core::rules::{Code, FieldRule, Flag, Format, Quantity, Rule};
#[doc(hidden)]
pub use diadoc_core::rules::{Demand, Evidence, Given, MessageRule};
pub use diadoc_core::secrets::{HIDDEN, Hidden, sounds_secret, values_of, without_values_of};
pub use diadoc_core::{
    DocumentClass, DocumentStatus, FilterCategory, FilterCategoryError, Form, Limit, LimitError,
    Limits, Stage, UnknownClass, UnknownStatus,
};
pub use error::{ApiError, ErrorKind};
pub use following::{Feed, Following};
pub use generated::*;
pub use http;
pub use method::{
    Body, BodyKind, Idempotency, Method, Parameter, ParameterKind, Pending, PendingField, PollWith,
    ResponseKind, SecretKeys,
};
pub use outcome::Outcome;
pub use paging::{Paged, Pages, PagingError};
pub use parts::{Parts, Value};
pub use polling::{PollPolicy, Polling, PollingError, StartsTask, Step};
pub use request::{Request, RequestError};
#[cfg(feature = "reqwest")]
pub use reqwest;
pub use retired::Retired;
pub use secrets::Secrets;
pub use upload::{Upload, UploadError, UploadRequest};
pub use {bytes, diadoc_proto};

/// Runs the README's Rust as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
