//! Signs in, pages through the inbound documents of a month, and fetches the archive of the first.
#![allow(unreachable_pub, reason = "a test calls `client` and `archive`")]

use std::env::var;
use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::pin::pin;

use diadoc_api::client::{Client, SignIn};
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::oidc::Application;
use diadoc_api::print_forms::GenerateDocumentZip;
use diadoc_api::shelf::ShelfDownloadV2;
use diadoc_api::{Config, DocumentClass, FilterCategory};
use diadoc_proto::Ticks;
use futures_util::TryStreamExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = var("DIADOC_OIDC_CLIENT_ID")?;
    let identity = var("DIADOC_IDENTITY_URL").unwrap_or(Config::IDENTITY_ADDRESS.into());
    let application = Application::new(id, var("DIADOC_OIDC_CLIENT_SECRET")?);
    let application = application.with_identity(&identity)?;
    let url = var("DIADOC_URL").unwrap_or(Config::ADDRESS.into());
    let client = client(&url, application, "refresh-token.txt")?;
    archive(&client, "archive.zip").await
}

/// A client that signs in with the refresh token in a file, and keeps the one that follows it there.
pub fn client(url: &str, application: Application, file: &str) -> Result<Client, Box<dyn Error>> {
    let (token, file) = (fs::read_to_string(file)?, file.to_owned());
    let sign_in = SignIn::new(application, token.trim())?.on_rotation(move |token| {
        let kept = keep(token.expose(), &file);
        async { Ok(kept?) }
    });
    let config = Config::new().with_address(url)?;
    Ok(Client::builder(config).renew_with(sign_in).build()?)
}

/// Writes a token beside the file, for the owner's eyes alone, and puts it in the place of the old one.
fn keep(token: &str, file: &str) -> io::Result<()> {
    let next = format!("{file}.next");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&next)?;
    written.write_all(token.as_bytes())?;
    written.sync_all()?;
    fs::rename(next, file)
}

pub async fn archive(client: &Client, to: &str) -> Result<(), Box<dyn Error>> {
    let box_id = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
    let inbound = GetDocumentsV3::new(box_id, FilterCategory::any(DocumentClass::Inbound))
        .timestamp_from_ticks("2025-07-01T00:00:00Z".parse::<Ticks>()?)
        .timestamp_to_ticks("2025-07-31T23:59:59.9999999Z".parse::<Ticks>()?);
    let mut documents = pin!(client.pages(inbound));
    let mut first = None;
    while let Some(document) = documents.try_next().await? {
        println!("{} of {}", document.title, document.document_date());
        first.get_or_insert(document);
    }
    let Some(document) = first else {
        return Ok(());
    };

    // The archive is made on request: this waits for as long as the server asks.
    let (message_id, entity_id) = (&document.message_id, &document.entity_id);
    let zip = GenerateDocumentZip::new(box_id, message_id, entity_id, true);
    let zip = client.wait(zip).await?;
    // The shelf takes the name without the part that stands for the calling user.
    let name = zip.zip_file_name_on_shelf();
    let name = name.strip_prefix("__userId__/").unwrap_or(name);
    let mut pieces = client.download(ShelfDownloadV2::new(name)).await?;
    let mut file = fs::File::create(to)?;
    while let Some(piece) = pieces.try_next().await? {
        file.write_all(&piece)?;
    }
    println!("{to} is there");
    Ok(())
}
