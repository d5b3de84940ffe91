//! Results that are not ready at once.

use std::time::{Duration, Instant};

use diadoc_api::PollPolicy;
use diadoc_api::client::ClientError;
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::print_forms::GenerateDocumentZip;
use diadoc_api::shelf::ShelfDownloadV2;
use diadoc_api::signing::{CloudSign, DssSignResult};
use diadoc_fake::{Fake, Fault, Times};
use diadoc_proto::dss::DssOperationStatus;
use diadoc_proto::{CloudSignRequest, DocumentDate, Ticks};
use futures_util::TryStreamExt as _;

use super::{BOTH, BOX, GUID, builder, client_of, started};

fn zip() -> GenerateDocumentZip {
    GenerateDocumentZip::new(BOX, GUID, GUID, true)
}

#[tokio::test]
async fn an_archive_from_204_to_200() {
    for wire in BOTH {
        let fake = Fake::builder()
            .stateless()
            .retry_after(1)
            .start()
            .await
            .unwrap();
        fake.fault("GenerateDocumentZip", Fault::Pending, 1)
            .unwrap();
        let client = client_of(&fake, wire);
        let start = Instant::now();
        let made = client.wait(zip()).await.unwrap();
        // Once as it was told, and once as it does by itself.
        assert!(
            start.elapsed() >= Duration::from_secs(2),
            "never less than it was asked to"
        );
        let statuses: Vec<_> = fake.received().iter().map(|one| one.status).collect();
        assert_eq!(statuses, [Some(204), Some(204), Some(200)]);
        let name = made
            .zip_file_name_on_shelf()
            .trim_start_matches("__userId__/");
        let archive = client.send(ShelfDownloadV2::new(name)).await.unwrap();
        assert!(archive.content.starts_with(b"PK\x03\x04"));
        assert_eq!(archive.content_type.as_deref(), Some("application/zip"));
    }
}

#[tokio::test]
async fn what_is_not_waited_for() {
    let fake = Fake::builder()
        .stateless()
        .retry_after(7)
        .start()
        .await
        .unwrap();
    let client = builder(&fake).build().unwrap();
    let error = client.send(zip()).await.unwrap_err();
    let ClientError::Pending { retry_after, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(retry_after, Some(Duration::from_secs(7)));
    fake.fault("GenerateDocumentZip", Fault::Pending, Times::Always)
        .unwrap();
    let hasty = builder(&fake)
        .polling(PollPolicy::within(Duration::from_secs(1)))
        .build()
        .unwrap();
    let error = hasty.wait(zip()).await.unwrap_err();
    assert!(matches!(error, ClientError::Polling(_)), "{error}");
}

#[tokio::test]
async fn the_outcome_of_a_task() {
    for wire in BOTH {
        let fake = started().await;
        fake.fault("CloudSignResult", Fault::Pending, 2).unwrap();
        let client = client_of(&fake, wire);
        client
            .run(CloudSign::new(CloudSignRequest::default()))
            .await
            .unwrap();
        assert_eq!(fake.received_of("CloudSign").len(), 1);
        assert_eq!(fake.received_of("CloudSignResult").len(), 3);
    }
}

/// The whole way from a token to the archive of a document.
#[tokio::test]
async fn the_archive_of_an_inbound_document_of_a_month() {
    for wire in BOTH {
        let fake = started().await;
        let client = client_of(&fake, wire);
        let request = GetDocumentsV3::new(BOX, "Any.Inbound")
            .from_document_date(DocumentDate::new(2025, 7, 1).unwrap())
            .to_document_date(DocumentDate::new(2025, 7, 31).unwrap());
        let documents: Vec<_> = client.pages(request).try_collect().await.unwrap();
        let first = documents.first().unwrap();
        let zip = GenerateDocumentZip::new(BOX, &first.message_id, &first.entity_id, true);
        let zip = client.wait(zip).await.unwrap();
        let name = zip
            .zip_file_name_on_shelf()
            .strip_prefix("__userId__/")
            .unwrap();
        let download = client.download(ShelfDownloadV2::new(name)).await.unwrap();
        assert_eq!(download.file_name.as_deref(), Some(name));
        let archive: Vec<_> = download.try_collect().await.unwrap();
        assert!(archive.concat().starts_with(b"PK\x03\x04"));
        // By the moments when they came, too.
        let request = GetDocumentsV3::new(BOX, "Any.Inbound")
            .timestamp_from_ticks(Ticks::new(638_869_248_000_000_000).unwrap())
            .timestamp_to_ticks(Ticks::new(638_896_031_999_999_999).unwrap());
        let documents: Vec<_> = client.pages(request).try_collect().await.unwrap();
        assert!(!documents.is_empty());
    }
}

/// Some methods say it in a field.
#[tokio::test]
async fn an_operation_in_progress() {
    for wire in BOTH {
        let fake = started().await;
        fake.fault("DssSignResult", Fault::Pending, 2).unwrap();
        let result = client_of(&fake, wire)
            .wait(DssSignResult::new(BOX, GUID))
            .await
            .unwrap();
        assert_ne!(result.operation_status(), DssOperationStatus::InProgress);
        assert_eq!(fake.received().len(), 3);
    }
}
