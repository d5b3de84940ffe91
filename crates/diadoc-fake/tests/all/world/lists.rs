//! Searches for documents.

use std::collections::BTreeSet;

use diadoc_api::documents::{Delete, GetDocumentV3, GetDocumentsV3, GetDocumentsV4};
use diadoc_api::messages::PostMessageV3;
use diadoc_fake::Fake;
use diadoc_proto::documents::{DocumentList, GetDocumentsV4Request};
use diadoc_proto::{SortDirection, Timestamp};

use super::{FIRST, SECOND, both, contract, document, fake, message, post, send};

/// The numbers of the documents of a list.
fn numbers(list: &DocumentList) -> Vec<&str> {
    let documents = list.documents.iter();
    documents
        .map(|document| document.document_number.as_deref().unwrap_or(""))
        .collect()
}

async fn list(fake: &Fake, side: &str, category: &str) -> DocumentList {
    both(fake, GetDocumentsV3::new(side, category)).await
}

#[tokio::test]
async fn a_document_is_in_the_categories_of_its_state() {
    let fake = fake().await;
    post(&fake, vec![contract("1")]).await;
    let mut file = document("Nonformalized", &[("FileName", "image1.png")]);
    file.need_recipient_signature = Some(false);
    post(&fake, vec![file]).await;
    let mut unsent = contract("2");
    unsent.signed_content.sign_with_test_signature = None;
    let mut unsent = message(vec![unsent]);
    unsent.delay_send = Some(true);
    send(&fake, PostMessageV3::new(unsent)).await;
    for (side, category, expected) in [
        (FIRST, "Any.Outbound", &["1", "", "2"][..]),
        (FIRST, "Contract.Outbound", &["1", "2"]),
        (FIRST, "Any.OutboundWaitingForRecipientSignature", &["1"]),
        (FIRST, "Any.OutboundWithSenderSignature", &["1", ""]),
        (FIRST, "Any.OutboundWaitingForSenderSignature", &["2"]),
        (FIRST, "Any.OutboundNoRecipientSignatureRequest", &[""]),
        (FIRST, "Any.OutboundFinished", &[""]),
        (FIRST, "Any.OutboundNotFinished", &["1", "2"]),
        (FIRST, "Any.OutboundRequestsMySignature", &[]),
        (FIRST, "Any.OutboundNotRevoked", &["1", "", "2"]),
        (FIRST, "Any.Inbound", &[]),
        (FIRST, "Any.Internal", &[]),
        (FIRST, "Any.Deleted", &[]),
        (SECOND, "Any.Inbound", &["1", ""]),
        (SECOND, "Any.InboundRequestsMySignature", &["1"]),
        (SECOND, "Any.InboundNotRead", &["1", ""]),
        (SECOND, "UniversalTransferDocument.Inbound", &[]),
    ] {
        let found = list(&fake, side, category).await;
        assert_eq!(numbers(&found), expected, "{side} {category}");
        assert_eq!(found.total_count as usize, expected.len());
        assert_eq!(found.has_more_results, Some(false));
    }
}

#[tokio::test]
async fn deleted_documents_are_in_a_category_of_their_own() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1"), contract("2")]).await;
    let id = posted.message_id.as_str();
    let first = posted.entities[0].entity_id.as_str();
    send(&fake, Delete::new(FIRST, id).document_id(first)).await;
    assert_eq!(numbers(&list(&fake, FIRST, "Any.Outbound").await), ["2"]);
    assert_eq!(numbers(&list(&fake, FIRST, "Any.Deleted").await), ["1"]);
    // Documents of one moment come in the order of their ids.
    let inbound = list(&fake, SECOND, "Any.Inbound").await;
    assert_eq!(BTreeSet::from_iter(numbers(&inbound)), ["1", "2"].into());
    // It can be read all the same.
    let read = send(&fake, GetDocumentV3::new(FIRST, id, first)).await;
    assert!(read.is_deleted());
}

#[tokio::test]
async fn pages_follow_each_other_in_both_directions() {
    let fake = fake().await;
    for number in 1..=7 {
        post(&fake, vec![contract(&number.to_string())]).await;
    }
    for (direction, expected) in [
        (
            SortDirection::Ascending,
            ["1", "2", "3", "4", "5", "6", "7"],
        ),
        (
            SortDirection::Descending,
            ["7", "6", "5", "4", "3", "2", "1"],
        ),
    ] {
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let request = GetDocumentsV3::new(SECOND, "Any.Inbound")
                .count(3)
                .sort_direction(direction)
                .after_index_key(after.as_str());
            let page = both(&fake, request).await;
            assert_eq!(page.total_count, 7);
            let Some(last) = page.documents.last() else {
                break;
            };
            last.index_key().clone_into(&mut after);
            seen.extend(numbers(&page).into_iter().map(str::to_owned));
        }
        assert_eq!(seen, expected);
    }
    let none = GetDocumentsV3::new(SECOND, "Any.Inbound").count(0);
    let none = both(&fake, none).await;
    assert_eq!((none.documents.len(), none.total_count), (0, 7));
    let wrong = GetDocumentsV3::new(SECOND, "Any.Inbound").after_index_key("0210AB");
    let said = super::refused(&fake, wrong).await;
    assert_eq!(said.status, 400);
    assert_eq!(said.text, "afterIndexKey query param has incorrect size");
}

#[tokio::test]
async fn what_a_document_is_itself_is_asked_for_as_well() {
    let fake = fake().await;
    let mut dated = contract("1");
    dated.metadata[2].value = "01.06.2025".into();
    post(&fake, vec![dated]).await;
    let second = post(&fake, vec![contract("2")]).await;
    let bill = [
        ("FileName", "Счет.PDF"),
        ("DocumentNumber", "3"),
        ("DocumentDate", "02.06.2025"),
        ("TotalSum", "100.50"),
    ];
    post(&fake, vec![document("ProformaInvoice", &bill)]).await;
    let any = || GetDocumentsV3::new(FIRST, "Any.Outbound");
    for (request, expected) in [
        (any().document_number("2"), &["2"][..]),
        (any().from_document_date("01.06.2025"), &["1", "3"]),
        (any().to_document_date("31.05.2025"), &["2"]),
        (any().counteragent_box_id(SECOND), &["1", "2", "3"]),
        (any().counteragent_box_id(FIRST), &[]),
        (
            any().timestamp_from_ticks(second.timestamp_ticks),
            &["2", "3"],
        ),
        (
            any().timestamp_to_ticks(second.timestamp_ticks),
            &["1", "2"],
        ),
        (any().timestamp_to_ticks(1), &[]),
        (
            any().department_id("00000000-0000-4000-8000-000000000001"),
            &[],
        ),
    ] {
        let found = both(&fake, request).await;
        assert_eq!(numbers(&found), expected);
    }
    let of = |change: fn(&mut GetDocumentsV4Request)| {
        let mut body = GetDocumentsV4Request {
            document_category: "Outgoing".into(),
            ..GetDocumentsV4Request::default()
        };
        change(&mut body);
        GetDocumentsV4::new(FIRST, body)
    };
    for (request, expected) in [
        (of(|_| ()), &["1", "2", "3"][..]),
        (
            of(|body| body.document_numbers = vec!["1".into(), "3".into()]),
            &["1", "3"],
        ),
        (of(|body| body.file_names = vec!["счет".into()]), &["3"]),
        (of(|body| body.total_sums = vec!["100.5".into()]), &["3"]),
        (of(|body| body.from_total_sum = Some("200".into())), &[]),
        (
            of(|body| body.document_type_named_ids = vec!["Contract".into()]),
            &["1", "2"],
        ),
        (
            of(|body| body.document_statuses = vec!["Finished".into()]),
            &["3"],
        ),
        (of(|body| body.document_category = "Incoming".into()), &[]),
        (of(|body| body.count = Some(1)), &["1"]),
        (
            of(|body| body.set_sort_direction(SortDirection::Descending)),
            &["3", "2", "1"],
        ),
    ] {
        let found = both(&fake, request).await;
        assert_eq!(numbers(&found), expected);
    }
    let mut body = GetDocumentsV4Request {
        document_category: "Outgoing".into(),
        ..GetDocumentsV4Request::default()
    };
    let ticks = second.timestamp_ticks;
    body.from_timestamp = Some(Timestamp { ticks }.into());
    let found = both(&fake, GetDocumentsV4::new(FIRST, body)).await;
    assert_eq!(numbers(&found), ["2", "3"]);
}
