//! Titles and service documents: receipts, requests to correct, refusals, proposals to revoke.

use diadoc_proto::documents::GeneralReceiptStatus;
#[expect(deprecated, reason = "what the server still takes, is taken")]
use diadoc_proto::events::RequestedSignatureRejection;
use diadoc_proto::events::{
    AttachmentType, CorrectionRequestAttachment, ReceiptAttachment, RecipientTitleAttachment,
    RevocationRequestAttachment, RevocationRequestInfo, SignedContent,
    TtGisFixationCancellationRequestAttachment, UniversalMessageAttachment,
    XmlSignatureRejectionAttachment,
};
use diadoc_proto::{
    UniversalMessageBehaviour, UniversalMessageCodeGroup, UniversalMessageCreator,
    UniversalMessageEvent, UniversalMessageInfo,
};

use super::assembly::{Assembly, File, Place};
use super::files::file_name;
use super::{refusals, status};
use crate::world::Refusal;
use crate::world::document_types::Format;
use crate::world::model::Patch;
use crate::world::workflow::Response;

impl Assembly<'_> {
    pub(super) fn title(
        &mut self,
        at: &Place,
        one: &RecipientTitleAttachment,
    ) -> Result<(), Refusal> {
        let state = self.state(at)?;
        if at.entity != at.document {
            return Err(refusals::wrong_parent(at));
        }
        if state.is_revoked() || state.is_being_revoked() {
            return Err(refusals::revoked_or_being_revoked());
        }
        let takes = [state.workflow.response, state.workflow.proxy_response];
        if !takes.contains(&Response::Title) {
            return Err(Refusal::conflict(
                "Команда добавления титула не поддерживается документом",
            )
            .code("DocumentService.CommandIsNotSupported"));
        }
        if !state.can_add_title() {
            return Err(refusals::state_forbids("его подписать"));
        }
        let (kind, content_type_id) = match Format::of(state.details) {
            Some(format) if state.is_for_viewer() => {
                let [_, content_type] = format.version.content_types;
                (format.kind.recipient_title, content_type)
            }
            _ => (AttachmentType::Title, ""),
        };
        let version = state.details.version.clone();
        let file = File {
            kind,
            parent: at.entity,
            content_type_id,
            labels: &one.labels,
            is_xml: true,
            ..File::default()
        };
        let needs_receipt = one.need_receipt;
        let id = self.add_signed(at, file, &one.signed_content, |entity| {
            entity.need_receipt = Some(needs_receipt);
            entity.version = Some(version);
        })?;
        self.is_for_others();
        self.go_on(at, id, true)
    }

    pub(super) fn receipt(&mut self, at: &Place, one: &ReceiptAttachment) -> Result<(), Refusal> {
        let kind = self.receipt_kind(at)?;
        let file = File {
            kind,
            parent: at.entity,
            labels: &one.labels,
            ..File::default()
        };
        self.add_signed(at, file, &one.signed_content, |_| {})?;
        self.is_for_others();
        Ok(())
    }

    /// What the entity of a receipt is; refused where none is due.
    fn receipt_kind(&self, at: &Place) -> Result<AttachmentType, Refusal> {
        let state = self.state(at)?;
        let title = state.recipient_title().map(|title| title.file.id());
        let is_request = self.parent_kind(at) == Some(AttachmentType::InvoiceCorrectionRequest);
        let can = match at.entity {
            entity if entity == at.document => {
                let status = state.receipt_status();
                let is_never = GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable;
                if status == is_never && state.is_for_viewer() && state.delivered.is_some() {
                    return Err(refusals::unsupported(at));
                }
                state.can_receive()
            }
            entity if Some(entity) == title => state.can_receive_title(),
            entity if is_request => state.is_from_viewer() && state.receipt(entity).is_none(),
            _ => return Err(refusals::unsupported(at)),
        };
        match can {
            true => Ok(Format::of(state.details).map_or(AttachmentType::Receipt, Format::receipt)),
            false => Err(refusals::invalid_state()),
        }
    }

    pub(super) fn request_correction(
        &mut self,
        at: &Place,
        one: &CorrectionRequestAttachment,
    ) -> Result<(), Refusal> {
        let state = self.state(at)?;
        if at.entity != at.document {
            return Err(refusals::wrong_parent(at));
        }
        if !state.can_request_correction() {
            return Err(refusals::invalid_state());
        }
        let file = File {
            kind: AttachmentType::InvoiceCorrectionRequest,
            parent: at.entity,
            labels: &one.labels,
            ..File::default()
        };
        self.add_signed(at, file, &one.signed_content, |_| {})?;
        self.is_for_others();
        Ok(())
    }

    pub(super) fn reject(
        &mut self,
        at: &Place,
        one: &XmlSignatureRejectionAttachment,
    ) -> Result<(), Refusal> {
        let kind = AttachmentType::XmlSignatureRejection;
        self.refuse(at, kind, &one.labels, &one.signed_content)
    }

    #[expect(deprecated, reason = "what the server still takes, is taken")]
    pub(super) fn reject_in_words(
        &mut self,
        at: &Place,
        one: &RequestedSignatureRejection,
    ) -> Result<(), Refusal> {
        let kind = AttachmentType::SignatureRequestRejection;
        self.refuse(at, kind, &one.labels, &one.signed_content)
    }

    fn refuse(
        &mut self,
        at: &Place,
        kind: AttachmentType,
        labels: &[String],
        content: &SignedContent,
    ) -> Result<(), Refusal> {
        let is_revocation = self.parent_kind(at) == Some(AttachmentType::RevocationRequest);
        let state = self.state(at)?;
        let current = state.revocation().map(|one| one.request.file.id());
        let can = match is_revocation {
            true => current == Some(at.entity) && state.can_answer_revocation(),
            false if at.entity != at.document => return Err(refusals::wrong_parent(at)),
            false if state.is_revoked() || state.is_being_revoked() => {
                return Err(refusals::revoked_or_being_revoked());
            }
            false => state.can_reject(),
        };
        if !can {
            return Err(refusals::invalid_state());
        }
        let is_xml = kind == AttachmentType::XmlSignatureRejection;
        let content_type_id = match is_xml {
            true => "signature_rejection_02",
            false => "",
        };
        let file = File {
            kind,
            parent: at.entity,
            content_type_id,
            labels,
            is_xml,
            ..File::default()
        };
        self.add_signed(at, file, content, |_| {})?;
        self.is_for_others();
        Ok(())
    }

    pub(super) fn revoke(
        &mut self,
        at: &Place,
        one: &RevocationRequestAttachment,
    ) -> Result<(), Refusal> {
        let state = self.state(at)?;
        match () {
            () if at.entity != at.document => return Err(refusals::wrong_parent(at)),
            () if state.is_revoked() => return Err(refusals::revoked()),
            () if state.is_being_revoked() => return Err(refusals::revoked_or_being_revoked()),
            () if !state.can_revoke() => {
                let what = "создать запрос на аннулирование или выполнить отзыв";
                return Err(refusals::state_forbids(what));
            }
            () => {}
        }
        let file = File {
            kind: AttachmentType::RevocationRequest,
            parent: at.entity,
            content_type_id: "revocation_request_02",
            labels: &one.labels,
            ..File::default()
        };
        let initiator = self.actor.box_id.address().to_string();
        let author = self.actor.user.to_string();
        self.add_signed(at, file, &one.signed_content, |entity| {
            entity.author_user_id = Some(author);
            entity.revocation_request_info = Some(Box::new(RevocationRequestInfo {
                initiator_box_id: initiator,
            }));
        })?;
        self.is_for_others();
        Ok(())
    }

    /// A universal message. Where its code is not of what is due, or is sent a second time, it stays
    /// without influence on the docflow.
    pub(super) fn say(
        &mut self,
        at: &Place,
        one: &UniversalMessageAttachment,
    ) -> Result<(), Refusal> {
        let content = self.unsigned(at, &one.universal_message_content)?;
        let group = one.code_group();
        let wants = one.behaviour() != UniversalMessageBehaviour::DoesNotAffectWorkflow;
        let events = status::read(&content)
            .into_iter()
            .map(|code| UniversalMessageEvent {
                status_code: code,
                plain_text: None,
            });
        let info = UniversalMessageInfo {
            code_group: Some(group as i32),
            events: events.collect(),
            universal_message_creator: UniversalMessageCreator {
                box_id: self.actor.box_id.address().to_string(),
                department_id: self.state(at)?.flags.department.to_string(),
            },
            is_out_of_workflow: Some(!wants || !self.is_due(at, group)?),
        };
        let file = File {
            kind: AttachmentType::UniversalMessage,
            parent: at.entity,
            name: Some(file_name(at, AttachmentType::UniversalMessage, &content)),
            content: Some(content),
            labels: &one.labels,
            ..File::default()
        };
        self.add_file(file, |entity| {
            entity.universal_message_info = Some(Box::new(info));
        });
        self.is_for_others();
        Ok(())
    }

    /// Whether a universal message of that group is due: by itself, or beside the service document in the
    /// format of old that came in the same patch.
    fn is_due(&self, at: &Place, group: UniversalMessageCodeGroup) -> Result<bool, Refusal> {
        let kinds: &[AttachmentType] = match group {
            UniversalMessageCodeGroup::Receipt => {
                &[AttachmentType::Receipt, AttachmentType::InvoiceReceipt]
            }
            UniversalMessageCodeGroup::AmendmentRequest => {
                &[AttachmentType::InvoiceCorrectionRequest]
            }
            UniversalMessageCodeGroup::Rejection => &[AttachmentType::XmlSignatureRejection],
            _ => return Ok(false),
        };
        let mut made = self
            .letter
            .patches
            .last()
            .into_iter()
            .flat_map(Patch::pieces);
        let is_beside = made.any(|piece| {
            piece.parent() == Some(at.entity) && kinds.contains(&piece.entity.attachment_type())
        });
        let state = self.state(at)?;
        let is_revocation = self.parent_kind(at) == Some(AttachmentType::RevocationRequest);
        let title = state.recipient_title().map(|title| title.file.id());
        let is_title = title == Some(at.entity);
        let is_document = at.entity == at.document;
        Ok(is_beside
            || match group {
                UniversalMessageCodeGroup::Receipt => self.receipt_kind(at).is_ok(),
                UniversalMessageCodeGroup::AmendmentRequest if is_title => {
                    state.can_request_correction_of_title()
                }
                UniversalMessageCodeGroup::AmendmentRequest => {
                    is_document && state.can_request_correction()
                }
                _ if is_revocation => state.can_answer_revocation(),
                _ => is_document && state.can_reject(),
            })
    }

    pub(super) fn cancel_fixation(
        &mut self,
        at: &Place,
        one: &TtGisFixationCancellationRequestAttachment,
    ) -> Result<(), Refusal> {
        if at.entity != at.document {
            return Err(refusals::wrong_parent(at));
        }
        let state = self.state(at)?;
        if !state.is_from_viewer() || !state.is_sent() {
            return Err(Refusal::bad_request(format!(
                "{}: only the sender of the document can cancel its fixation",
                at.path
            )));
        }
        let file = File {
            kind: AttachmentType::TtGisFixationCancellationRequest,
            parent: at.entity,
            ..File::default()
        };
        self.add_signed(at, file, &one.signed_content, |_| {})?;
        self.is_for_others();
        Ok(())
    }
}
