//! A document is in a category if and only if its state says so.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_api::documents::{GetDocumentsV3, GetDocumentsV4};
use diadoc_fake::Fake;
use diadoc_proto::DocumentDirection;
use diadoc_proto::documents::{
    Document, DocumentList, GeneralReceiptStatus as Receipt, GetDocumentsV4Request,
    ProxySignatureStatus as Proxy, RecipientResponseStatus as Response, ResolutionStatusType,
    RevocationStatus as Revocation, SenderSignatureStatus as Sender,
};

use super::checks::Shown;
use crate::world::{address, both};

type Is = fn(&Document) -> bool;

/// Every status that a field of the document says.
const STATUSES: [(&str, Is); 29] = [
    ("NotRead", |one| !one.is_read()),
    ("NoRecipientSignatureRequest", |one| {
        one.recipient_response_status() == Response::RecipientResponseStatusNotAcceptable
    }),
    ("WaitingForRecipientSignature", |one| {
        one.recipient_response_status() == Response::WaitingForRecipientSignature
            && one.revocation_status() != Revocation::RevocationAccepted
    }),
    ("WithRecipientSignature", |one| {
        one.recipient_response_status() == Response::WithRecipientSignature
    }),
    ("WithRecipientPartiallySignature", |one| {
        one.recipient_response_status() == Response::WithRecipientPartiallySignature
    }),
    ("RecipientSignatureRequestRejected", |one| {
        one.recipient_response_status() == Response::RecipientSignatureRequestRejected
    }),
    ("InvalidRecipientSignature", |one| {
        one.recipient_response_status() == Response::InvalidRecipientSignature
    }),
    ("WaitingForSenderSignature", |one| {
        one.sender_signature_status() == Sender::WaitingForSenderSignature
    }),
    ("WithSenderSignature", |one| {
        let status = one.sender_signature_status();
        status == Sender::SenderSignatureUnchecked
            || status == Sender::SenderSignatureCheckedAndValid
    }),
    ("InvalidSenderSignature", |one| {
        one.sender_signature_status() == Sender::SenderSignatureCheckedAndInvalid
    }),
    ("Approved", |one| {
        resolution(one) == ResolutionStatusType::Approved
    }),
    ("Disapproved", |one| {
        resolution(one) == ResolutionStatusType::Disapproved
    }),
    ("SignatureRequestRejected", |one| {
        resolution(one) == ResolutionStatusType::SignatureDenied
    }),
    ("WaitingForResolution", |one| {
        matches!(
            resolution(one),
            ResolutionStatusType::ApprovementRequested
                | ResolutionStatusType::SignatureRequested
                | ResolutionStatusType::ActionsRequested
        )
    }),
    ("HaveToCreateReceipt", |one| {
        receipts(one).contains(&Receipt::HaveToCreateReceipt)
    }),
    ("WaitingForReceipt", |one| {
        receipts(one).contains(&Receipt::WaitingForReceipt)
    }),
    ("InvoiceAmendmentRequested", |one| {
        one.amendment_request_metadata.amendment_flags & 1 == 1
    }),
    ("RevocationIsRequestedByMe", |one| {
        one.revocation_status() == Revocation::RevocationIsRequestedByMe
    }),
    ("RequestsMyRevocation", |one| {
        one.revocation_status() == Revocation::RequestsMyRevocation
    }),
    ("RevocationAccepted", |one| {
        one.revocation_status() == Revocation::RevocationAccepted
    }),
    ("RevocationRejected", |one| {
        one.revocation_status() == Revocation::RevocationRejected
    }),
    ("NotRevoked", |one| {
        one.revocation_status() != Revocation::RevocationAccepted
    }),
    ("WaitingForProxySignature", |one| {
        one.proxy_signature_status() == Proxy::WaitingForProxySignature
    }),
    ("WithProxySignature", |one| {
        one.proxy_signature_status() == Proxy::WithProxySignature
    }),
    ("InvalidProxySignature", |one| {
        one.proxy_signature_status() == Proxy::InvalidProxySignature
    }),
    ("ProxySignatureRejected", |one| {
        one.proxy_signature_status() == Proxy::ProxySignatureRejected
    }),
    ("Finished", is_finished),
    ("NotFinished", |one| !is_finished(one)),
    ("", |_| true),
];

fn resolution(one: &Document) -> ResolutionStatusType {
    let status = one.resolution_status.as_ref();
    status.map_or(ResolutionStatusType::None, |status| status.r#type())
}

fn receipts(one: &Document) -> [Receipt; 2] {
    [
        one.recipient_receipt_metadata.receipt_status(),
        one.sender_receipt_metadata.receipt_status(),
    ]
}

/// What is revoked or has come and has its receipt and its answer, where nobody waits for one more.
fn is_finished(one: &Document) -> bool {
    let is_answered = !matches!(
        one.recipient_response_status(),
        Response::WaitingForRecipientSignature
            | Response::InvalidRecipientSignature
            | Response::RecipientResponseStatusUnknown
    );
    let receipt = one.recipient_receipt_metadata.receipt_status();
    let is_received = matches!(
        receipt,
        Receipt::Finished | Receipt::GeneralReceiptStatusNotAcceptable
    );
    one.revocation_status() == Revocation::RevocationAccepted
        || (one.delivery_timestamp_ticks() > 0 && is_answered && is_received)
}

fn ids(list: &DocumentList) -> BTreeSet<&str> {
    let documents = list.documents.iter();
    documents.map(|one| one.entity_id.as_str()).collect()
}

/// Asks for every status, and for every way that documents go.
pub(super) async fn check(fake: &Fake, side: &str, shown: &BTreeMap<String, Shown>, story: &str) {
    let all = || shown.values().map(|one| &one.document);
    for (status, is) in STATUSES {
        let body = GetDocumentsV4Request {
            document_category: "Any".to_owned(),
            document_statuses: [status]
                .iter()
                .filter(|one| !one.is_empty())
                .map(|one| (*one).to_owned())
                .collect(),
            count: Some(100),
            ..GetDocumentsV4Request::default()
        };
        let list = super::checks::ask(fake, &GetDocumentsV4::new(side, body)).await;
        let expected: BTreeSet<_> = all()
            .filter(|one| !one.is_deleted() && is(one))
            .map(|one| one.entity_id.as_str())
            .collect();
        assert_eq!(ids(&list), expected, "{side}: {status}\n{story}");
    }
    let is_through = |one: &Document| one.proxy_box_id.as_deref() == Some(&address(side));
    for class in ["Inbound", "Outbound", "Internal", "Proxy", "Deleted"] {
        let list = both(fake, GetDocumentsV3::new(side, format!("Any.{class}"))).await;
        let expected: BTreeSet<_> = all()
            .filter(|one| one.is_deleted() == (class == "Deleted"))
            .filter(|one| match class {
                "Deleted" => true,
                "Proxy" => one.proxy_box_id.as_deref().is_some_and(|id| !id.is_empty()),
                "Inbound" => {
                    one.document_direction() == DocumentDirection::Inbound && !is_through(one)
                }
                "Outbound" => one.document_direction() == DocumentDirection::Outbound,
                _ => one.document_direction() == DocumentDirection::Internal,
            })
            .map(|one| one.entity_id.as_str())
            .collect();
        assert_eq!(ids(&list), expected, "{side}: {class}\n{story}");
    }
}
