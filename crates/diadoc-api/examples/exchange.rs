//! Sends a document from one box, signs it in the other, and pages through both.
#![allow(unreachable_pub, reason = "a test calls `client` and `exchange`")]

use std::env::var;
use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::pin::pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diadoc_api::client::{Client, SignIn};
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::messages::{PostMessagePatchV4, PostMessageV3};
use diadoc_api::oidc::Application;
use diadoc_api::organizations::GetMyOrganizations;
use diadoc_api::print_forms::GenerateDocumentZip;
use diadoc_api::shelf::ShelfDownloadV2;
use diadoc_api::{Config, DocumentClass, DocumentStatus, FilterCategory};
use diadoc_proto::documents::Document;
use diadoc_proto::events::{
    DocumentAttachment, DocumentSignature, MessagePatchToPostV2, MessageToPost, MetadataItem,
    SignedContent,
};
use futures_util::TryStreamExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = var("DIADOC_OIDC_CLIENT_ID")?;
    let identity = var("DIADOC_IDENTITY_URL").unwrap_or(Config::IDENTITY_ADDRESS.into());
    let application = Application::new(id, var("DIADOC_OIDC_CLIENT_SECRET")?);
    let application = application.with_identity(&identity)?;
    let url = var("DIADOC_URL").unwrap_or(Config::ADDRESS.into());
    let client = client(&url, application, "refresh-token.txt")?;
    exchange(&client, "archive.zip").await
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

/// The user has to be an employee of two test organizations: only these may sign for tests.
pub async fn exchange(client: &Client, archive: &str) -> Result<(), Box<dyn Error>> {
    let mine = client.send(GetMyOrganizations::new()).await?;
    let organizations = mine.organizations.iter().filter(|one| one.is_test());
    let boxes: Vec<_> = organizations.flat_map(|one| &one.boxes).collect();
    let [from, to, ..] = boxes[..] else {
        return Err("the user has no two test organizations".into());
    };
    println!("from {} to {}", from.title, to.title);

    send(client, &from.box_id, &to.box_id).await?;
    let document = receive(client, &to.box_id).await?;
    sign(client, &to.box_id, &document).await?;
    let classes = [
        (from, DocumentClass::Outbound),
        (to, DocumentClass::Inbound),
    ];
    for (each, class) in classes {
        println!("{class:?} of {}:", each.title);
        let list = GetDocumentsV3::new(&each.box_id, FilterCategory::any(class));
        let mut documents = pin!(client.pages(list));
        while let Some(document) = documents.try_next().await? {
            let status = document.docflow_status.primary_status.status_text();
            println!("  {}: {status}", document.title);
        }
    }
    download(client, &to.box_id, &document, archive).await
}

/// Sends a text that the other side has to sign.
async fn send(client: &Client, from: &str, to: &str) -> Result<(), Box<dyn Error>> {
    let document = DocumentAttachment {
        type_named_id: "Nonformalized".to_owned(),
        signed_content: SignedContent {
            content: Some("Счет на оплату".into()),
            sign_with_test_signature: Some(true),
            ..Default::default()
        },
        need_recipient_signature: Some(true),
        metadata: vec![MetadataItem {
            key: "FileName".to_owned(),
            value: "счет.txt".to_owned(),
        }],
        ..Default::default()
    };
    let message = MessageToPost {
        from_box_id: from.to_owned(),
        to_box_id: Some(to.to_owned()),
        document_attachments: vec![document],
        ..Default::default()
    };
    // Without an id the same body is the same operation, and is sent once: each run is one of its own.
    let run = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    let post = PostMessageV3::new(message).operation_id(run.to_string());
    let message = client.send(post).await?;
    println!("sent {}", message.message_id);
    Ok(())
}

/// The first document that waits for a signature. Delivery takes the server a while.
async fn receive(client: &Client, box_id: &str) -> Result<Document, Box<dyn Error>> {
    let waiting = FilterCategory::any(DocumentClass::Inbound)
        .with_status(DocumentStatus::WaitingForRecipientSignature);
    for _ in 0..60 {
        let list = GetDocumentsV3::new(box_id, waiting.clone()).count(1);
        let mut found = client.send(list).await?.documents;
        if let Some(document) = found.pop() {
            println!("received {}", document.message_id);
            return Ok(document);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Err("nothing has come within a minute".into())
}

/// Signs a document with a signature for tests.
async fn sign(client: &Client, box_id: &str, document: &Document) -> Result<(), Box<dyn Error>> {
    let patch = MessagePatchToPostV2 {
        box_id: box_id.to_owned(),
        message_id: document.message_id.clone(),
        signatures: vec![DocumentSignature {
            parent_entity_id: document.entity_id.clone(),
            sign_with_test_signature: Some(true),
            ..Default::default()
        }],
        ..Default::default()
    };
    client.send(PostMessagePatchV4::new(patch)).await?;
    println!("signed {}", document.title);
    Ok(())
}

/// Fetches the archive of a document and all its signatures.
async fn download(
    client: &Client,
    box_id: &str,
    document: &Document,
    archive: &str,
) -> Result<(), Box<dyn Error>> {
    let (message_id, entity_id) = (&document.message_id, &document.entity_id);
    // The archive is made on request: this waits for as long as the server asks.
    let zip = GenerateDocumentZip::new(box_id, message_id, entity_id, true);
    let zip = client.wait(zip).await?;
    // The shelf takes the name without the part that stands for the calling user.
    let name = zip.zip_file_name_on_shelf();
    let name = name.strip_prefix("__userId__/").unwrap_or(name);
    let mut pieces = client.download(ShelfDownloadV2::new(name)).await?;
    let mut file = fs::File::create(archive)?;
    while let Some(piece) = pieces.try_next().await? {
        file.write_all(&piece)?;
    }
    println!("{archive} is there");
    Ok(())
}
