//! The versions of a document's docflow, held against the document and against each other.

use diadoc_proto::docflow::TitleAuthorStatusV5;
use diadoc_proto::documents::{
    GeneralReceiptStatus, RecipientResponseStatus, RevocationStatus, SenderSignatureStatus,
};
use serde_json::Value;

use super::{Shown, id_of, ticks, value};
use crate::world::assert_same;

pub(super) fn agree(shown: &Shown, story: &str) {
    document_and_v4(shown, story);
    statuses(shown, story);
    v3_and_v4(shown);
    v5_and_v4(shown, story);
    v2_and_v4(shown, story);
}

fn document_and_v4(shown: &Shown, story: &str) {
    let Shown { document, v4, .. } = shown;
    let info = &v4.document_info;
    let flow = &v4.docflow;
    assert_eq!(v4.document_id, id_of(document));
    assert_eq!(info.full_version.type_named_id, document.type_named_id);
    assert_eq!(info.full_version.function, document.function);
    assert_eq!(info.full_version.version, document.version);
    assert_eq!(info.workflow_id, document.workflow_id);
    assert_eq!(info.document_direction(), document.document_direction());
    assert_eq!(Some(&info.department_id), document.department_id.as_ref());
    assert_eq!(info.custom_document_id, document.custom_document_id);
    assert_eq!(info.is_read, document.is_read(), "{story}");
    assert_eq!(info.is_deleted, document.is_deleted(), "{story}");
    assert_eq!(info.packet_info.packet_id, document.packet_id, "{story}");
    assert_eq!(info.packet_info.lock_mode, document.lock_mode);
    assert_eq!(info.custom_data, document.custom_data, "{story}");
    let links = &info.document_links;
    assert_eq!(links.initial_ids, document.initial_document_ids);
    assert_eq!(links.subordinate_ids, document.subordinate_document_ids);
    let keys = |items: &[diadoc_proto::events::MetadataItem]| {
        items
            .iter()
            .map(|item| item.key.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&info.metadata), keys(&document.metadata));
    let title = &flow.sender_title;
    let sent = ticks(title.sent_at.as_deref());
    assert_eq!(sent, document.send_timestamp_ticks(), "{story}");
    let delivered = ticks(title.delivered_at.as_deref());
    assert_eq!(delivered, document.delivery_timestamp_ticks(), "{story}");
    let confirmed = flow.confirmation.as_ref();
    let confirmed = ticks(confirmed.and_then(|one| one.confirmed_at.as_deref()));
    assert_eq!(
        confirmed, document.confirmation_metadata.date_time_ticks,
        "{story}"
    );
    assert_eq!(
        title.attachment.attachment.display_filename.as_deref(),
        Some(document.title.as_str())
    );
    let participants = document.participants.iter();
    let participants: Vec<_> = participants.map(|one| one.participant.clone()).collect();
    assert_eq!(
        shown.v5.document_info.participants.participants,
        participants
    );
}

fn statuses(shown: &Shown, story: &str) {
    let Shown { document, v4, .. } = shown;
    let flow = &v4.docflow;
    let status = &document.docflow_status;
    assert_eq!(flow.docflow_status, *status, "{story}");
    assert_eq!(shown.v5.docflow.docflow_status, *status, "{story}");
    assert_eq!(
        flow.sender_title.sender_signature_status(),
        document.sender_signature_status(),
        "{story}"
    );
    let response = flow.recipient_response.as_ref();
    let none = RecipientResponseStatus::RecipientResponseStatusNotAcceptable;
    let response = response.map_or(none, |response| response.response_status());
    assert_eq!(response, document.recipient_response_status(), "{story}");
    let receipt = flow.recipient_receipt.as_ref();
    let none = GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable;
    let receipt = receipt.map_or(none, |receipt| receipt.status());
    let metadata = &document.recipient_receipt_metadata;
    assert_eq!(receipt, metadata.receipt_status(), "{story}");
    let revocation = flow.revocation.as_ref();
    let none = RevocationStatus::RevocationStatusNone;
    let revocation = revocation.map_or(none, |one| one.revocation_status());
    assert_eq!(revocation, document.revocation_status(), "{story}");
    let amended = flow.amendment_request.as_ref();
    assert_eq!(
        amended.map_or(0, |one| one.amendment_flags),
        document.amendment_request_metadata.amendment_flags,
        "{story}"
    );
    // The resolution of the docflow may be that of its revocation.
    if flow.revocation.is_none() {
        assert_eq!(
            flow.resolution.is_some(),
            document.resolution_status.is_some(),
            "{story}"
        );
    }
}

/// Version 3 is version 4 without universal messages.
fn v3_and_v4(shown: &Shown) {
    let mut v3 = value(&shown.v3);
    let mut v4 = value(&shown.v4);
    if v4.to_string().contains("UniversalMessage\":{") {
        return;
    }
    for value in [&mut v3, &mut v4] {
        bare(value);
    }
    assert_same("V3 and V4", &v3, &v4);
}

/// Drops lists of universal messages, and lists without anything.
fn bare(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, value| !matches!(value, Value::Array(items) if items.is_empty()));
            members.values_mut().for_each(bare);
        }
        Value::Array(items) => items.iter_mut().for_each(bare),
        _ => {}
    }
}

fn v5_and_v4(shown: &Shown, story: &str) {
    use SenderSignatureStatus as Old;
    use TitleAuthorStatusV5 as New;
    let Shown { v4, v5, .. } = shown;
    assert_eq!(v4.last_event, v5.last_event);
    let mut old = value(&v4.document_info);
    let mut new = value(&v5.document_info);
    for info in [&mut old, &mut new] {
        info["Participants"] = Value::Null;
    }
    assert_same("V4 and V5", &old, &new);
    let first = &v5.docflow.titles[0];
    let title = first.author_signing.title.as_deref();
    assert_eq!(title, Some(&v4.docflow.sender_title.attachment));
    let status = match first.author_signing.status() {
        New::TitleAuthorStatusWaiting => Old::WaitingForSenderSignature,
        New::TitleAuthorStatusVerifying => Old::SenderSignatureUnchecked,
        New::TitleAuthorStatusSigned => Old::SenderSignatureCheckedAndValid,
        New::TitleAuthorStatusInvalidSignature => Old::SenderSignatureCheckedAndInvalid,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        status,
        v4.docflow.sender_title.sender_signature_status(),
        "{story}"
    );
    let recipient = first.participant_docflows.last().expect("a recipient");
    let delivery = recipient.title_delivery.as_ref().expect("a delivery");
    let delivery = delivery.delivery.as_ref().expect("a delivery");
    assert_eq!(delivery.sent_at, v4.docflow.sender_title.sent_at);
    assert_eq!(delivery.delivered_at, v4.docflow.sender_title.delivered_at);
    let response = recipient.response.as_ref();
    let old = v4.docflow.recipient_response.as_ref();
    if v5.docflow.titles.len() == 1 {
        assert_eq!(
            response.and_then(|one| one.signature.as_ref()),
            old.and_then(|one| one.signature.as_ref()),
            "{story}"
        );
        assert_eq!(
            response.and_then(|one| one.rejection.as_ref()),
            old.and_then(|one| one.rejection.as_ref()),
            "{story}"
        );
    }
    let receipt = recipient.receipt.as_ref().map(|one| one.status());
    let old = v4
        .docflow
        .recipient_receipt
        .as_ref()
        .map(|one| one.status());
    assert_eq!(receipt, old, "{story}");
    let revocation = v5
        .docflow
        .revocation
        .as_ref()
        .map(|one| one.revocation_status());
    let old = v4
        .docflow
        .revocation
        .as_ref()
        .map(|one| one.revocation_status());
    assert_eq!(revocation, old, "{story}");
}

fn v2_and_v4(shown: &Shown, story: &str) {
    let Shown {
        document, v2, v4, ..
    } = shown;
    let flow = v2.docflow.as_deref().expect("a docflow");
    assert_eq!(
        v2.last_event_id.as_deref(),
        Some(v4.last_event.event_id.as_str())
    );
    assert_eq!(v2.document_id.as_deref(), Some(&v4.document_id));
    assert_eq!(flow.packet_id, document.packet_id);
    assert_eq!(flow.document_is_deleted, Some(document.is_deleted()));
    assert_eq!(flow.custom_data, document.custom_data);
    assert_eq!(flow.send_timestamp, v4.docflow.sender_title.sent_at);
    assert_eq!(
        flow.delivery_timestamp,
        v4.docflow.sender_title.delivered_at
    );
    let text = flow.docflow_status.as_ref().and_then(|status| {
        let primary = status.primary_status.as_ref()?;
        primary.status_text.clone()
    });
    let primary = &document.docflow_status.primary_status;
    assert_eq!(text, primary.status_text, "{story}");
    let revocation = flow.revocation_docflow.as_ref();
    assert_eq!(
        revocation.is_some_and(|one| one.is_revocation_accepted()),
        document.revocation_status() == RevocationStatus::RevocationAccepted,
        "{story}"
    );
    let filled = [
        flow.bilateral_docflow.is_some(),
        flow.unilateral_docflow.is_some(),
        flow.xml_bilateral_docflow.is_some(),
        flow.inbound_invoice_docflow.is_some(),
        flow.outbound_invoice_docflow.is_some(),
        flow.inbound_universal_transfer_document_docflow.is_some(),
        flow.outbound_universal_transfer_document_docflow.is_some(),
    ];
    assert_eq!(filled.iter().filter(|filled| **filled).count(), 1);
    if let Some(bilateral) = &flow.bilateral_docflow {
        let response = document.recipient_response_status();
        let is_signed = response == RecipientResponseStatus::WithRecipientSignature;
        assert_eq!(
            bilateral.is_document_signed_by_recipient,
            Some(is_signed),
            "{story}"
        );
    }
}
