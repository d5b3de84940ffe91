//! What an action that the fake offers is as a patch.

use diadoc_fake::world::BAD_SIGNATURE;
use diadoc_proto::documents::{DocumentAction, DocumentActionType as Type};
use diadoc_proto::events::{
    AttachmentType, CorrectionRequestAttachment, CustomDataPatch, CustomDataPatchOperation,
    DocumentSignature, EditDocumentPacketCommand, Entity, Message, MessagePatchToPostV2,
    ReceiptAttachment, RecipientTitleAttachment, ResolutionAttachment, ResolutionRequestAttachment,
    ResolutionRequestCancellationAttachment, ResolutionRequestDenialAttachment,
    ResolutionRequestDenialCancellationAttachment, ResolutionRouteAssignment,
    ResolutionRouteRemoval, RevocationRequestAttachment, SignedContent, UniversalMessageAttachment,
    UnsignedContent, XmlSignatureRejectionAttachment,
};
use diadoc_proto::{
    DocumentId, ResolutionRequestType, ResolutionType, UniversalMessageBehaviour,
    UniversalMessageCodeGroup as Group,
};
use fastrand::Rng;

use super::acts::Posted;
use crate::world::three::USER;

/// Where a patch is made up: a document, and what its message has.
pub(super) struct Place<'m> {
    pub document: &'m str,
    pub message: &'m Message,
    /// A document to be packed together with it.
    pub other: &'m Posted,
    /// The route of approval of the box.
    pub route: Option<&'m str>,
}

impl Place<'_> {
    /// The last file of that type that hangs on the document.
    fn last(&self, kinds: &[AttachmentType]) -> Option<&Entity> {
        let mut entities = self.message.entities.iter();
        entities.rfind(|one| {
            one.parent_entity_id.as_deref() == Some(self.document)
                && kinds.contains(&one.attachment_type())
                && one.signer_box_id.as_deref().unwrap_or_default().is_empty()
        })
    }

    /// A universal message in the place of a service document.
    fn says(&self, group: Group, code: i32, parent: &str) -> UniversalMessageAttachment {
        let text = format!("<Файл ИдФайл=\"DP_UNIVERSAL_{code}\"><Код>{code}</Код></Файл>");
        UniversalMessageAttachment {
            parent_entity_id: parent.to_owned(),
            code_group: Some(group.into()),
            universal_message_content: UnsignedContent {
                content: Some(text.into_bytes().into()),
                ..UnsignedContent::default()
            },
            labels: Vec::new(),
            behaviour: Some(UniversalMessageBehaviour::AffectsWorkflow.into()),
        }
    }
}

fn signed(text: &str, rng: &mut Rng) -> SignedContent {
    let is_bad = rng.u8(..10) == 0;
    SignedContent {
        content: Some(
            format!("<Файл><Текст>{text} {}</Текст></Файл>", rng.u64(..))
                .into_bytes()
                .into(),
        ),
        sign_with_test_signature: (!is_bad).then_some(true),
        signature: is_bad.then(|| BAD_SIGNATURE.into()),
        ..SignedContent::default()
    }
}

fn signature(parent: &str, is_approvement: bool) -> DocumentSignature {
    DocumentSignature {
        parent_entity_id: parent.to_owned(),
        sign_with_test_signature: Some(true),
        is_approvement_signature: Some(is_approvement),
        ..DocumentSignature::default()
    }
}

/// The patch that does what an action stands for; none where it needs more than is known here.
pub(super) fn of(
    action: &DocumentAction,
    at: &Place<'_>,
    rng: &mut Rng,
) -> Option<MessagePatchToPostV2> {
    // Otherwise few documents would live long enough to be answered.
    if action.r#type() == Type::RevokeUnilaterally && rng.u8(..4) != 0 {
        return None;
    }
    let mut patch = MessagePatchToPostV2::default();
    let done = match action.r#type() {
        Type::PatchCustomData | Type::ChangePacket => edit(action.r#type(), at, rng, &mut patch),
        Type::SignParticipantTitle
        | Type::SignApprovingly
        | Type::AttachParticipantTitle
        | Type::ConfirmReceiptOfTitle
        | Type::RequestAmendment
        | Type::RejectParticipantTitleSigning => answer(action, at, rng, &mut patch),
        Type::RevokeUnilaterally
        | Type::RequestRevocation
        | Type::SignRevocationRequestByEndParticipant
        | Type::RejectRevocationRequestSigning => revoke(action.r#type(), at, rng, &mut patch),
        kind => resolve(kind, at, &mut patch),
    };
    done.map(|()| patch)
}

/// Whether an action says something to the other side.
pub(super) fn is_for_others(action: &DocumentAction) -> bool {
    matches!(
        action.r#type(),
        Type::SignParticipantTitle
            | Type::AttachParticipantTitle
            | Type::ConfirmReceiptOfTitle
            | Type::RequestAmendment
            | Type::RejectParticipantTitleSigning
            | Type::RevokeUnilaterally
            | Type::RequestRevocation
            | Type::SignRevocationRequestByEndParticipant
            | Type::RejectRevocationRequestSigning
    )
}

/// What a side says to the other about the document.
fn answer(
    action: &DocumentAction,
    at: &Place<'_>,
    rng: &mut Rng,
    patch: &mut MessagePatchToPostV2,
) -> Option<()> {
    let document = at.document;
    let is_universal = rng.u8(..4) == 0;
    match action.r#type() {
        Type::SignParticipantTitle => patch.signatures.push(signature(document, false)),
        Type::SignApprovingly => patch.signatures.push(signature(document, true)),
        Type::AttachParticipantTitle => patch.recipient_titles.push(RecipientTitleAttachment {
            parent_entity_id: document.to_owned(),
            signed_content: signed("Титул", rng),
            need_receipt: rng.bool(),
            ..RecipientTitleAttachment::default()
        }),
        Type::ConfirmReceiptOfTitle => {
            let payload = action.payload.as_ref()?.confirm_receipt_of_title.as_ref()?;
            let titles = &[
                AttachmentType::Title,
                AttachmentType::UniversalTransferDocumentBuyerTitle,
            ];
            let parent = match payload.title_index {
                0 => document,
                _ => at.last(titles)?.entity_id.as_str(),
            };
            match is_universal {
                true => patch
                    .universal_messages
                    .push(at.says(Group::Receipt, 1999, parent)),
                false => patch.receipts.push(ReceiptAttachment {
                    parent_entity_id: parent.to_owned(),
                    signed_content: signed("Извещение", rng),
                    labels: Vec::new(),
                }),
            }
        }
        Type::RequestAmendment if is_universal => {
            let message = at.says(Group::AmendmentRequest, 2999, document);
            patch.universal_messages.push(message);
        }
        Type::RequestAmendment => patch.correction_requests.push(CorrectionRequestAttachment {
            parent_entity_id: document.to_owned(),
            signed_content: signed("Уточните", rng),
            labels: Vec::new(),
        }),
        _ if is_universal => {
            let message = at.says(Group::Rejection, 3999, document);
            patch.universal_messages.push(message);
        }
        _ => patch.xml_signature_rejections.push(refusal(document, rng)),
    }
    Some(())
}

fn refusal(parent: &str, rng: &mut Rng) -> XmlSignatureRejectionAttachment {
    XmlSignatureRejectionAttachment {
        parent_entity_id: parent.to_owned(),
        signed_content: signed("Отказ", rng),
        labels: Vec::new(),
    }
}

/// What both sides say about taking the document back.
fn revoke(
    kind: Type,
    at: &Place<'_>,
    rng: &mut Rng,
    patch: &mut MessagePatchToPostV2,
) -> Option<()> {
    let request = || at.last(&[AttachmentType::RevocationRequest]);
    match kind {
        Type::SignRevocationRequestByEndParticipant => {
            patch
                .signatures
                .push(signature(&request()?.entity_id, false));
        }
        Type::RejectRevocationRequestSigning => {
            let request = request()?.entity_id.as_str();
            patch.xml_signature_rejections.push(refusal(request, rng));
        }
        _ => patch.revocation_requests.push(RevocationRequestAttachment {
            parent_entity_id: at.document.to_owned(),
            signed_content: signed("Аннулировать", rng),
            labels: Vec::new(),
        }),
    }
    Some(())
}

/// Tags and packets.
fn edit(kind: Type, at: &Place<'_>, rng: &mut Rng, patch: &mut MessagePatchToPostV2) -> Option<()> {
    if kind == Type::PatchCustomData {
        patch.custom_data_patches.push(CustomDataPatch {
            parent_entity_id: at.document.to_owned(),
            operation: match rng.bool() {
                true => CustomDataPatchOperation::Set,
                false => CustomDataPatchOperation::Remove,
            }
            .into(),
            key: format!("Ключ-{}", rng.u8(..3)),
            value: Some(rng.u8(..).to_string()),
        });
        return Some(());
    }
    // What the other side has not got cannot be put into a packet, nor what this side has not got.
    let mut seen = at.message.entities.iter();
    if !seen.any(|entity| entity.entity_id == at.other.entity) {
        return None;
    }
    let id = DocumentId {
        message_id: at.other.message.clone(),
        entity_id: at.other.entity.clone(),
    };
    let mut command = EditDocumentPacketCommand {
        document_id: at.document.to_owned(),
        ..EditDocumentPacketCommand::default()
    };
    match rng.bool() {
        true => command.add_documents_to_packet.push(id),
        false => command.remove_documents_from_packet.push(id),
    }
    patch.edit_document_packet_commands.push(command);
    Some(())
}

/// Approval within the organization.
fn resolve(kind: Type, at: &Place<'_>, patch: &mut MessagePatchToPostV2) -> Option<()> {
    let document = at.document.to_owned();
    let request = |kind: ResolutionRequestType| ResolutionRequestAttachment {
        initial_document_id: at.document.to_owned(),
        r#type: kind.into(),
        target_user_id: Some(USER.to_owned()),
        ..ResolutionRequestAttachment::default()
    };
    let resolution = |kind: ResolutionType| ResolutionAttachment {
        initial_document_id: at.document.to_owned(),
        resolution_type: kind.into(),
        ..ResolutionAttachment::default()
    };
    let requests = &mut patch.resolution_requests;
    let resolutions = &mut patch.resolutions;
    match kind {
        Type::RequestApprovement => {
            requests.push(request(ResolutionRequestType::ApprovementRequest));
        }
        Type::RequestPrimarySignature => {
            requests.push(request(ResolutionRequestType::SignatureRequest));
        }
        Type::RequestApprovementSignature => {
            requests.push(request(ResolutionRequestType::ApprovementSignatureRequest));
        }
        Type::ResolveWithApprove => resolutions.push(resolution(ResolutionType::Approve)),
        Type::ResolveWithDisapprove => resolutions.push(resolution(ResolutionType::Disapprove)),
        Type::CancelResolution => {
            resolutions.push(resolution(ResolutionType::UndefinedResolutionType));
        }
        Type::AssignResolutionRouteToParticipantTitle => {
            patch
                .resolution_route_assignments
                .push(ResolutionRouteAssignment {
                    initial_document_id: document,
                    route_id: at.route?.to_owned(),
                    ..ResolutionRouteAssignment::default()
                });
        }
        Type::RemoveResolutionRouteFromParticipantTitle => {
            patch
                .resolution_route_removals
                .push(ResolutionRouteRemoval {
                    parent_entity_id: document,
                    route_id: at.route?.to_owned(),
                    ..ResolutionRouteRemoval::default()
                });
        }
        _ => return take_back(kind, at, patch),
    }
    Some(())
}

/// What takes back what employees asked for or said. Which of several is still open is not known here, so
/// there has to be one alone.
fn take_back(kind: Type, at: &Place<'_>, patch: &mut MessagePatchToPostV2) -> Option<()> {
    let alone = |kind: AttachmentType| {
        let entities = at.message.entities.iter();
        let mut found = entities.filter(|one| {
            one.parent_entity_id.as_deref() == Some(at.document) && one.attachment_type() == kind
        });
        let one = found.next()?.entity_id.clone();
        found.next().is_none().then_some(one)
    };
    match kind {
        Type::CancelResolutionRequest => {
            let request = alone(AttachmentType::ResolutionRequest)?;
            let list = &mut patch.resolution_request_cancellations;
            list.push(ResolutionRequestCancellationAttachment {
                initial_resolution_request_id: request,
                ..ResolutionRequestCancellationAttachment::default()
            });
        }
        Type::DenySignatureRequest => {
            let request = alone(AttachmentType::ResolutionRequest)?;
            let list = &mut patch.resolution_request_denials;
            list.push(ResolutionRequestDenialAttachment {
                initial_resolution_request_id: request,
                ..ResolutionRequestDenialAttachment::default()
            });
        }
        Type::CancelSignatureRequestDenial => {
            let entities = at.message.entities.iter();
            let mut denials = entities
                .filter(|one| one.attachment_type() == AttachmentType::ResolutionRequestDenial);
            let denial = denials.next()?.entity_id.clone();
            let is_alone = denials.next().is_none();
            let list = &mut patch.resolution_request_denial_cancellations;
            list.push(ResolutionRequestDenialCancellationAttachment {
                initial_resolution_request_denial_id: denial,
            });
            return is_alone.then_some(());
        }
        _ => return None,
    }
    Some(())
}
