//! What to do about a call that failed.
#![allow(unreachable_pub, reason = "a test calls `what_to_do`")]

use std::env::{args, var};
use std::error::Error;

use diadoc_api::client::{Client, ClientError};
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::{Config, ErrorKind};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = var("DIADOC_URL").unwrap_or(Config::ADDRESS.into());
    let config = Config::new().with_address(&url)?;
    let client = Client::new(config.bearer(var("DIADOC_TOKEN")?))?;
    let box_id = args().nth(1).ok_or("give a box")?;
    match client
        .send(GetDocumentsV3::new(box_id, "Any.Inbound"))
        .await
    {
        Ok(list) => println!("{} documents", list.total_count),
        // The text goes down to the root cause, and has the id by which the vendor finds the call in its logs.
        Err(error) => println!("{error}\n{}", what_to_do(&error)),
    }
    Ok(())
}

/// What the one who called should do. What another attempt may help against, the client has tried again already.
pub fn what_to_do(error: &ClientError) -> &'static str {
    match error {
        ClientError::Request(_) => "correct the request: it was not sent",
        ClientError::Pending { .. } => "wait for the result with `Client::wait`",
        ClientError::Renewal(_) => "sign in again",
        ClientError::Api(error) => match error.kind() {
            ErrorKind::Unauthorized => "sign in again",
            ErrorKind::BadRequest => "correct the request: the server says what is wrong",
            ErrorKind::SubscriptionEnded => "see to the subscription of the box",
            ErrorKind::Forbidden => "ask for the right to it",
            ErrorKind::NotFound | ErrorKind::Gone => "it is not there, or not for this user",
            ErrorKind::Conflict => "read what is there: it was done before, or has changed",
            ErrorKind::TooManyRequests => "call less often",
            _ => "send the same value again later, or ask the vendor with the id that the text has",
        },
        // The same value again is the same operation: it is done once, and its result is told.
        other if other.may_be_done() => {
            "send the same value again later: nobody knows whether it was done"
        }
        _ => "send the same value again later: nothing was done",
    }
}
