//! Follows what happens in a box, from where it ended the last time.
#![allow(unreachable_pub, reason = "a test calls `follow`")]

use std::env::{args, var};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use diadoc_api::client::Client;
use diadoc_api::events::GetNewEventsV8;
use diadoc_api::{Config, Feed as _};
use diadoc_proto::events::BoxEvent;
use futures_util::StreamExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = var("DIADOC_URL").unwrap_or(Config::ADDRESS.into());
    let config = Config::new().with_address(&url)?;
    let client = Client::new(config.bearer(var("DIADOC_TOKEN")?))?;
    let box_id = args().nth(1).ok_or("give a box")?;
    let delay = Duration::from_secs(30);
    let show = |event: &BoxEvent| println!("{}", event.event_id);
    follow(&client, &box_id, Path::new("last-event.txt"), delay, show).await
}

/// Hands on each event once it has come, and keeps in a file how far it got. It ends with an error of that file
/// alone: one of the network is told, and tried again after the delay.
pub async fn follow(
    client: &Client,
    box_id: &str,
    file: &Path,
    delay: Duration,
    mut handle: impl FnMut(&BoxEvent),
) -> Result<(), Box<dyn Error>> {
    let mut first = GetNewEventsV8::new(box_id);
    if fs::exists(file)? {
        first = first.after(fs::read_to_string(file)?);
    }
    let mut feed = pin!(client.follow(first, delay));
    while let Some(batch) = feed.next().await {
        match batch {
            Ok(batch) => {
                batch.items.iter().for_each(&mut handle);
                // Behind the last event that is done with: after a crash in between, events come twice, but none
                // is lost.
                fs::write(file, &batch.key)?;
            }
            Err(error) => eprintln!("{error}"),
        }
    }
    Ok(())
}
