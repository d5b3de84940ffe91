//! The requests of diadoc-api, and the client.
#![allow(deprecated)]

mod answers;
mod call;
mod checks;
mod client;
mod documented;
mod filter_category;
mod paging;
mod query;
mod secrets;
mod table;
mod tasks;

use bytes::Bytes;
use diadoc_api::{Config, Form, Request};

const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
const GUID: &str = "ba04162c-e26f-448f-a370-299b4f15b6d1";

/// The path and query of a request.
fn path_and_query(request: &impl Request) -> String {
    let http = request.to_http(&Config::new(), Form::Json).unwrap();
    http.uri().path_and_query().unwrap().to_string()
}

/// A JSON answer.
fn json(status: u16, body: &str) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .header("Content-Type", "application/json; charset=utf-8")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}
