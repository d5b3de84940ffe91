//! The participants of a docflow, and what became of each title.

use diadoc_proto::documents::{
    DocumentParticipantFlags, DocumentParticipantInfo, DocumentParticipantV2,
    RecipientResponseStatus, SenderSignatureStatus, TitleDocflowSummary,
    TitleParticipantDocflowSummary,
};
use diadoc_proto::workflows::participant_type::ParticipantType;

use super::address;
use crate::world::model::Party;
use crate::world::state::{DocumentState, Sighted, Signed};
use crate::world::workflow::Response;

/// All participants in their order, with what the viewer knows of their answers.
pub(super) fn participants(state: &DocumentState<'_>) -> Vec<DocumentParticipantInfo> {
    let sender = (
        participant(state, state.letter.sender, ParticipantType::Sender),
        RecipientResponseStatus::RecipientResponseStatusUnknown,
    );
    let proxy = state.letter.proxy.map(|proxy| {
        (
            participant(state, proxy, ParticipantType::Proxy),
            proxy_response(state),
        )
    });
    let recipient = state.letter.recipient.map(|recipient| {
        (
            participant(state, recipient, ParticipantType::Recipient),
            state.response_status(),
        )
    });
    [Some(sender), proxy, recipient]
        .into_iter()
        .flatten()
        .map(|(participant, response)| DocumentParticipantInfo {
            participant,
            recipient_response_status: Some(response.into()),
        })
        .collect()
}

/// One participant.
pub(crate) fn participant(
    state: &DocumentState<'_>,
    party: Party,
    kind: ParticipantType,
) -> DocumentParticipantV2 {
    let role = match kind {
        ParticipantType::Proxy => "default:proxy",
        ParticipantType::Recipient => "default:recipient",
        _ => "default:sender",
    };
    DocumentParticipantV2 {
        box_id: address(party.box_id),
        department_id: Some(party.department.to_string()),
        role: role.to_owned(),
        flags: DocumentParticipantFlags::default(),
        r#type: kind.into(),
        is_current_box: party.box_id == state.viewer,
    }
}

fn proxy_response(state: &DocumentState<'_>) -> RecipientResponseStatus {
    use diadoc_proto::documents::ProxySignatureStatus as Proxy;
    match state.proxy_status() {
        Proxy::WaitingForProxySignature => RecipientResponseStatus::WaitingForRecipientSignature,
        Proxy::WithProxySignature => RecipientResponseStatus::WithRecipientSignature,
        Proxy::ProxySignatureRejected => RecipientResponseStatus::RecipientSignatureRequestRejected,
        Proxy::InvalidProxySignature => RecipientResponseStatus::InvalidRecipientSignature,
        _ => RecipientResponseStatus::RecipientResponseStatusNotAcceptable,
    }
}

/// The titles of a document, the expected one among them.
pub(super) fn titles(state: &DocumentState<'_>) -> Vec<TitleDocflowSummary> {
    let Some(recipient) = state.letter.recipient else {
        return Vec::new();
    };
    let sender = participant(state, state.letter.sender, ParticipantType::Sender);
    let recipient = participant(state, recipient, ParticipantType::Recipient);
    let answer = answer(state);
    let first = TitleDocflowSummary {
        participant_docflows: vec![TitleParticipantDocflowSummary {
            participant: recipient.clone(),
            response_status: state.response_status().into(),
            response_entity_id: answer.map(|answer| answer.id().to_string()),
            receipt_status: state.receipt_status().into(),
            receipt_entity_id: receipt(state.receipt(state.key().entity)),
        }],
        ..title(
            0,
            sender.clone(),
            Some(state.document),
            state.sender_signature_status(),
        )
    };
    let mut titles = vec![first];
    if state.workflow.response == Response::Title {
        let second = state.recipient_title();
        let receipt = second.and_then(|title| state.receipt(title.file.id()));
        titles.push(TitleDocflowSummary {
            participant_docflows: vec![TitleParticipantDocflowSummary {
                participant: sender,
                response_status: RecipientResponseStatus::RecipientResponseStatusNotAcceptable
                    .into(),
                response_entity_id: None,
                receipt_status: state.title_receipt_status().into(),
                receipt_entity_id: receipt.map(|receipt| receipt.file.id().to_string()),
            }],
            ..title(
                1,
                recipient,
                second.map(|title| title.file),
                author_status(second),
            )
        });
    }
    titles
}

fn title(
    index: i32,
    author: DocumentParticipantV2,
    file: Option<Sighted<'_>>,
    status: SenderSignatureStatus,
) -> TitleDocflowSummary {
    let name = file.and_then(|file| file.piece.entity.file_name.clone());
    TitleDocflowSummary {
        title_index: index,
        title_entity_id: file.map(|file| file.id().to_string()),
        title_attachment_filename: name.clone(),
        title_display_filename: name,
        author,
        author_signature_status: status.into(),
        participant_docflows: Vec::new(),
    }
}

fn receipt(receipt: Option<Signed<'_>>) -> Option<String> {
    receipt.map(|receipt| receipt.file.id().to_string())
}

/// The signature, title or refusal of the recipient.
fn answer<'w>(state: &DocumentState<'w>) -> Option<Sighted<'w>> {
    let title = state.recipient_title().map(|title| title.file);
    let rejection = state.rejection().map(|rejection| rejection.file);
    state.recipient_signature().or(title).or(rejection)
}

fn author_status(title: Option<Signed<'_>>) -> SenderSignatureStatus {
    match title.and_then(|title| title.signature) {
        None => SenderSignatureStatus::WaitingForSenderSignature,
        Some(signature) if signature.is_valid() => {
            SenderSignatureStatus::SenderSignatureCheckedAndValid
        }
        Some(_) => SenderSignatureStatus::SenderSignatureCheckedAndInvalid,
    }
}
