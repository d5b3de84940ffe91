//! Random acts of both sides.

use diadoc_api::documents::{Delete, GetDocumentActions, GetDocumentV3, Restore};
use diadoc_api::messages::{PostMessagePatchV4, PostMessageV3, SendDraft};
use diadoc_fake::Fake;
use diadoc_fake::world::BAD_SIGNATURE;
use diadoc_proto::documents::{DocumentAction, DocumentActionType as Type};
use diadoc_proto::events::{
    CorrectionRequestAttachment, CustomDataPatch, CustomDataPatchOperation, DocumentAttachment,
    DocumentSenderSignature, DocumentSignature, DraftToSend, EditDocumentPacketCommand,
    MessagePatchToPostV2, MessageToPost, ReceiptAttachment, ResolutionAttachment,
    ResolutionRequestAttachment, RevocationRequestAttachment, SignedContent,
    XmlSignatureRejectionAttachment,
};
use diadoc_proto::{DocumentId, ResolutionRequestType, ResolutionType};
use fastrand::Rng;

use super::SIDES;
use crate::world::{FIRST, address, contract, document, message, send};

/// The one user of the default world.
const USER: &str = "c41f2ab6-5b0e-4f7a-8a57-3d9c6f12e8b0";

/// A document.
#[derive(Debug, Clone)]
pub(super) struct Posted {
    pub message: String,
    pub entity: String,
}

/// What was posted so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub documents: Vec<Posted>,
    /// What was done, for who has to find out what went wrong.
    pub log: Vec<String>,
    number: usize,
}

impl Known {
    /// Does something.
    pub(super) async fn act(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        match rng.u8(..10) {
            _ if self.documents.is_empty() => self.post(fake, rng).await,
            0 | 1 => self.post(fake, rng).await,
            2 => self.draft(fake, rng).await,
            3 => self.housekeeping(fake, rng).await,
            _ => self.patch(fake, rng).await,
        }
    }

    fn attachment(&mut self, rng: &mut Rng) -> DocumentAttachment {
        self.number += 1;
        let number = self.number.to_string();
        let mut attachment = match rng.u8(..4) {
            0 => contract(&number),
            1 => document(
                "ProformaInvoice",
                &[
                    ("FileName", "bill.pdf"),
                    ("DocumentNumber", &number),
                    ("DocumentDate", "01.07.2025"),
                    ("TotalSum", "1200.00"),
                ],
            ),
            _ => {
                let mut plain = document("Nonformalized", &[("FileName", "letter.pdf")]);
                plain.need_recipient_signature = Some(rng.bool());
                plain
            }
        };
        attachment.need_receipt = Some(rng.bool());
        attachment.custom_document_id = Some(format!("own-{number}"));
        if rng.bool() {
            attachment.comment = Some("Посмотрите".into());
        }
        attachment
    }

    async fn post(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        let count = rng.usize(1..=3);
        let mut attachments: Vec<_> = (0..count).map(|_| self.attachment(rng)).collect();
        let is_delayed = rng.u8(..4) == 0;
        let is_bad = !is_delayed && rng.u8(..8) == 0;
        for attachment in &mut attachments {
            let content = &mut attachment.signed_content;
            if is_delayed || is_bad {
                content.sign_with_test_signature = None;
            }
            if is_bad {
                content.signature = Some(BAD_SIGNATURE.into());
            }
        }
        let sender = *rng.choice(SIDES.iter()).expect("a side");
        let mut body = message(attachments);
        turn(&mut body, sender);
        body.delay_send = Some(is_delayed);
        let posted = send(fake, PostMessageV3::new(body)).await;
        self.remember(&posted);
        format!("{sender} posts {count}, delayed {is_delayed}, bad {is_bad}")
    }

    fn remember(&mut self, posted: &diadoc_proto::events::Message) {
        for entity in posted
            .entities
            .iter()
            .filter(|one| one.document_info.is_some())
        {
            self.documents.push(Posted {
                message: posted.message_id.clone(),
                entity: entity.entity_id.clone(),
            });
        }
    }

    async fn draft(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        let mut attachment = self.attachment(rng);
        attachment.signed_content.sign_with_test_signature = None;
        let sender = *rng.choice(SIDES.iter()).expect("a side");
        let mut body = message(vec![attachment]);
        turn(&mut body, sender);
        body.is_draft = Some(true);
        let draft = send(fake, PostMessageV3::new(body)).await;
        let signatures = draft
            .entities
            .iter()
            .filter(|one| one.document_info.is_some());
        let posted = send(
            fake,
            SendDraft::new(DraftToSend {
                box_id: address(sender),
                draft_id: draft.message_id.clone(),
                document_signatures: signatures
                    .map(|entity| DocumentSenderSignature {
                        parent_entity_id: entity.entity_id.clone(),
                        sign_with_test_signature: Some(true),
                        ..DocumentSenderSignature::default()
                    })
                    .collect(),
                ..DraftToSend::default()
            }),
        )
        .await;
        self.remember(&posted);
        format!("{sender} sends the draft {}", draft.message_id)
    }

    /// Reads, deletes or restores a document.
    async fn housekeeping(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        let (side, one) = self.any(rng);
        let Some(state) = super::checks::document(fake, side, &one).await else {
            return format!("{side} does not see {}", one.entity);
        };
        match (state.is_deleted(), rng.u8(..3)) {
            (true, _) => {
                let call = Restore::new(side, &one.message).document_id(&one.entity);
                send(fake, call).await;
                format!("{side} restores {}", one.entity)
            }
            (false, 0) => {
                let call = Delete::new(side, &one.message).document_id(&one.entity);
                send(fake, call).await;
                format!("{side} deletes {}", one.entity)
            }
            (false, _) => {
                send(fake, GetDocumentV3::new(side, &one.message, &one.entity)).await;
                format!("{side} reads {}", one.entity)
            }
        }
    }

    fn any(&self, rng: &mut Rng) -> (&'static str, Posted) {
        let one = rng.choice(self.documents.iter()).expect("a document");
        let side = rng.choice(SIDES.iter()).expect("a side");
        (side, one.clone())
    }

    /// Does something of what the fake itself says can be done.
    async fn patch(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        let (side, one) = self.any(rng);
        let seen = super::checks::document(fake, side, &one).await;
        let Some(_) = seen.filter(|document| !document.is_deleted()) else {
            return format!("{side} sees no {}", one.entity);
        };
        let call = GetDocumentActions::new(side, &one.message, &one.entity);
        let actions = send(fake, call).await.actions;
        let other = self.any(rng).1;
        let patches = actions
            .iter()
            .filter_map(|action| Some((action, patch_for(action, &one, &other, rng)?)));
        let patches: Vec<_> = patches.collect();
        let Some((action, patch)) = rng.choice(patches) else {
            return format!("{side} can do nothing with {}", one.entity);
        };
        let body = MessagePatchToPostV2 {
            box_id: address(side),
            message_id: one.message.clone(),
            ..patch
        };
        send(
            fake,
            PostMessagePatchV4::new(body).disable_duplicates_detection(true),
        )
        .await;
        format!("{side}: {} {}", action.r#type().as_str_name(), one.entity)
    }
}

fn turn(body: &mut MessageToPost, sender: &str) {
    if sender != FIRST {
        body.to_box_id = Some(std::mem::replace(&mut body.from_box_id, address(sender)));
    }
}

fn signed(text: &str, rng: &mut Rng) -> SignedContent {
    let is_bad = rng.u8(..10) == 0;
    SignedContent {
        content: Some(format!("{text} {}", rng.u64(..)).into_bytes().into()),
        sign_with_test_signature: (!is_bad).then_some(true),
        signature: is_bad.then(|| BAD_SIGNATURE.into()),
        ..SignedContent::default()
    }
}

/// The patch that does what an action stands for; none where it needs more than is known here.
fn patch_for(
    action: &DocumentAction,
    one: &Posted,
    other: &Posted,
    rng: &mut Rng,
) -> Option<MessagePatchToPostV2> {
    let mut patch = MessagePatchToPostV2::default();
    let entity = one.entity.clone();
    let title = action.payload.as_ref().and_then(|payload| {
        let receipt = payload.confirm_receipt_of_title.as_ref()?;
        Some(receipt.title_index)
    });
    let signature = |is_approvement| DocumentSignature {
        parent_entity_id: one.entity.clone(),
        sign_with_test_signature: Some(true),
        is_approvement_signature: Some(is_approvement),
        ..DocumentSignature::default()
    };
    let request = |kind: ResolutionRequestType| ResolutionRequestAttachment {
        initial_document_id: one.entity.clone(),
        r#type: kind.into(),
        target_user_id: Some(USER.to_owned()),
        ..ResolutionRequestAttachment::default()
    };
    let resolution = |kind: ResolutionType| ResolutionAttachment {
        initial_document_id: one.entity.clone(),
        resolution_type: kind.into(),
        ..ResolutionAttachment::default()
    };
    match action.r#type() {
        Type::SignParticipantTitle => patch.signatures.push(signature(false)),
        Type::SignApprovingly => patch.signatures.push(signature(true)),
        Type::ConfirmReceiptOfTitle if title == Some(0) => patch.receipts.push(ReceiptAttachment {
            parent_entity_id: entity,
            signed_content: signed("Извещение", rng),
            labels: Vec::new(),
        }),
        Type::RequestAmendment => patch.correction_requests.push(CorrectionRequestAttachment {
            parent_entity_id: entity,
            signed_content: signed("Уточните", rng),
            labels: Vec::new(),
        }),
        Type::RejectParticipantTitleSigning => {
            patch
                .xml_signature_rejections
                .push(XmlSignatureRejectionAttachment {
                    parent_entity_id: entity,
                    signed_content: signed("Отказ", rng),
                    labels: Vec::new(),
                });
        }
        Type::RevokeUnilaterally | Type::RequestRevocation => {
            patch.revocation_requests.push(RevocationRequestAttachment {
                parent_entity_id: entity,
                signed_content: signed("Аннулировать", rng),
                labels: Vec::new(),
            });
        }
        Type::PatchCustomData => patch.custom_data_patches.push(CustomDataPatch {
            parent_entity_id: entity,
            operation: match rng.bool() {
                true => CustomDataPatchOperation::Set,
                false => CustomDataPatchOperation::Remove,
            }
            .into(),
            key: format!("Ключ-{}", rng.u8(..3)),
            value: Some(rng.u8(..).to_string()),
        }),
        Type::ChangePacket => {
            let id = DocumentId {
                message_id: other.message.clone(),
                entity_id: other.entity.clone(),
            };
            let mut command = EditDocumentPacketCommand {
                document_id: entity,
                ..EditDocumentPacketCommand::default()
            };
            // What the other side has not got cannot be put into a packet.
            if other.message != one.message {
                return None;
            }
            match rng.bool() {
                true => command.add_documents_to_packet.push(id),
                false => command.remove_documents_from_packet.push(id),
            }
            patch.edit_document_packet_commands.push(command);
        }
        Type::RequestApprovement => {
            let kind = ResolutionRequestType::ApprovementRequest;
            patch.resolution_requests.push(request(kind));
        }
        Type::RequestPrimarySignature => {
            let kind = ResolutionRequestType::SignatureRequest;
            patch.resolution_requests.push(request(kind));
        }
        Type::ResolveWithApprove => patch.resolutions.push(resolution(ResolutionType::Approve)),
        Type::ResolveWithDisapprove => {
            patch
                .resolutions
                .push(resolution(ResolutionType::Disapprove));
        }
        Type::CancelResolution => {
            patch
                .resolutions
                .push(resolution(ResolutionType::UndefinedResolutionType));
        }
        _ => return None,
    }
    Some(patch)
}
