//! Puts a file of any size on the shelf, and sends it from there.
#![allow(unreachable_pub, reason = "a test calls `send_file`")]

use std::env::{args, var};
use std::error::Error;
use std::path::Path;

use diadoc_api::Config;
use diadoc_api::client::Client;
use diadoc_api::messages::PostMessageV3;
use diadoc_proto::events::{DocumentAttachment, MessageToPost, MetadataItem, SignedContent};
use tokio::fs::File;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = var("DIADOC_URL").unwrap_or(Config::ADDRESS.into());
    let config = Config::new().with_address(&url)?;
    let client = Client::new(config.bearer(var("DIADOC_TOKEN")?))?;
    let given: Vec<_> = args().skip(1).collect();
    let [from, to, path] = &given[..] else {
        return Err("give the box that sends, the box that receives, and a file".into());
    };
    let message_id = send_file(&client, from, to, Path::new(path)).await?;
    println!("sent {message_id}");
    Ok(())
}

/// Sends a file, and gives the id of its message. What is larger than a request may be goes over the shelf, in
/// parts; a part that fails goes again by itself.
pub async fn send_file(
    client: &Client,
    from: &str,
    to: &str,
    path: &Path,
) -> Result<String, Box<dyn Error>> {
    let name = path.file_name().ok_or("this is no file")?.to_string_lossy();
    let extension = path
        .extension()
        .map(|end| format!(".{}", end.to_string_lossy()));
    let extension = extension.unwrap_or_default();
    let on_shelf = client.upload(File::open(path).await?, &extension).await?;
    let document = DocumentAttachment {
        type_named_id: "Nonformalized".to_owned(),
        signed_content: SignedContent {
            name_on_shelf: Some(on_shelf),
            sign_with_test_signature: Some(true),
            ..Default::default()
        },
        metadata: vec![MetadataItem {
            key: "FileName".to_owned(),
            value: name.into_owned(),
        }],
        ..Default::default()
    };
    let message = MessageToPost {
        from_box_id: from.to_owned(),
        to_box_id: Some(to.to_owned()),
        document_attachments: vec![document],
        ..Default::default()
    };
    Ok(client.send(PostMessageV3::new(message)).await?.message_id)
}
