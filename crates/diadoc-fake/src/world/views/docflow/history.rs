//! The history of a document: what happened to it, as far as the viewer knows.

use diadoc_core::BoxId;
use diadoc_proto::documents::document_history::document_history_item::EventType;
use diadoc_proto::documents::document_history::{
    AmendmentRequestedPayload, ApprovedWithSignaturePayload, DocumentHistory, DocumentHistoryItem,
    DocumentHistoryItemCategory, DocumentHistoryItemPayload, EditedPayload, HistoryAuthor,
    HistoryParentEntity, HistoryParentEntityType, MovedPayload, ReceiptSentPayload,
    ReceivedPayload, RejectedPayload, RevocationAcceptedPayload, RevocationRejectedPayload,
    RevocationRequestedPayload, RevokedPayload, SentPayload, SignedPayload,
};
use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::parts::boxed;
use super::{Contents, Docflows};
use crate::world::World;
use crate::world::model::{Author, Fact, Patch, Scope};
use crate::world::state::{DocumentState, Sighted};

mod approval;
mod context;

/// Which contents a history comes with.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Embedded {
    pub comments: bool,
    pub resolutions: bool,
}

/// An event: its kind and its data.
type Told = (EventType, DocumentHistoryItemPayload);

impl World {
    /// What happened to a document, the oldest first.
    pub(crate) fn history_view(
        &self,
        state: &DocumentState<'_>,
        contents: &Contents,
        embedded: Embedded,
    ) -> DocumentHistory {
        let docflows = Docflows {
            world: self,
            state,
            contents,
        };
        let mut tags = state.details.custom_data.clone();
        let mut items = Vec::new();
        for (_, patch) in state.letter.patches_of(state.viewer, state.upto) {
            let mut told = Vec::new();
            for fact in &patch.facts {
                told.extend(docflows.told_by(fact, embedded));
            }
            told.extend(docflows.tags_changed(patch, &mut tags));
            let items_of = told.into_iter();
            items.extend(items_of.map(|(kind, payload)| docflows.item(patch, kind, payload)));
        }
        DocumentHistory {
            reference_data: Some(Box::new(docflows.references(&items))),
            items,
        }
    }
}

impl<'a> Docflows<'a> {
    fn item(
        &self,
        patch: &Patch,
        kind: EventType,
        payload: DocumentHistoryItemPayload,
    ) -> DocumentHistoryItem {
        let box_id = self.box_of(patch);
        let category = match patch.scope {
            Scope::Only(_) => DocumentHistoryItemCategory::Internal,
            _ if self.state.letter.is_internal => DocumentHistoryItemCategory::Internal,
            _ if kind == EventType::Received && !self.state.is_from_viewer() => {
                DocumentHistoryItemCategory::Incoming
            }
            _ if box_id == self.state.viewer => DocumentHistoryItemCategory::Outgoing,
            _ => DocumentHistoryItemCategory::Incoming,
        };
        let party = self.state.letter.party(box_id);
        let is_empty = payload == DocumentHistoryItemPayload::default();
        DocumentHistoryItem {
            occurred_at: boxed(patch.at),
            category: Some(category.into()),
            r#type: Some(kind.into()),
            box_id: box_id.address().to_string(),
            author: self.author(patch).map(Box::new),
            department_id: party.map(|party| party.department.to_string()),
            payload: (!is_empty).then(|| Box::new(payload)),
        }
    }

    /// Whose event it is: that of who did it, or of who got something by the operator.
    fn box_of(&self, patch: &Patch) -> BoxId {
        let delivered = patch.facts.iter().find_map(|fact| match fact {
            Fact::Delivered(box_id) => Some(*box_id),
            _ => None,
        });
        let author = patch.author.box_id().or(delivered);
        author.unwrap_or(self.state.letter.sender.box_id)
    }

    /// The user who did it; of another organization its name alone.
    fn author(&self, patch: &Patch) -> Option<HistoryAuthor> {
        let Author::User { box_id, user } = patch.author else {
            return None;
        };
        if box_id != self.state.viewer {
            return Some(HistoryAuthor {
                display_name: Some(self.world.title_of(box_id)),
                ..HistoryAuthor::default()
            });
        }
        let employee = self.world.tables.employees.get(&(box_id, user));
        let row = self.world.tables.users.get(&user);
        Some(HistoryAuthor {
            user_id: Some(user.to_string()),
            display_name: row.map(|row| row.full_name()),
            gender: None,
            position: employee.map(|employee| employee.position.clone()),
        })
    }

    fn told_by(&self, fact: &Fact, embedded: Embedded) -> Option<Told> {
        let document = self.state.key().entity;
        let is_this = |one: &Uuid| *one == document;
        let mut payload = DocumentHistoryItemPayload::default();
        match fact {
            Fact::Added(piece) => {
                let sighted = self.state.pieces.get(piece.id())?;
                self.told_by_entity(sighted, embedded)
            }
            Fact::Delivered(box_id) => {
                payload.received = Some(Box::new(ReceivedPayload {
                    recipients: self.participant_of(*box_id).into_iter().collect(),
                    title_index: Some(0),
                    title_entity_id: Some(document.to_string()),
                }));
                Some((EventType::Received, payload))
            }
            Fact::Moved {
                document: one,
                department,
                ..
            } if is_this(one) => {
                payload.moved = Some(Box::new(MovedPayload {
                    target_department_id: Some(department.to_string()),
                }));
                Some((EventType::Moved, payload))
            }
            Fact::Deleted { box_id, document } if self.is_own(*box_id, document.as_ref()) => {
                Some((EventType::Deleted, payload))
            }
            Fact::Restored { box_id, document } if self.is_own(*box_id, document.as_ref()) => {
                Some((EventType::Restored, payload))
            }
            _ => None,
        }
    }

    fn is_own(&self, box_id: BoxId, document: Option<&Uuid>) -> bool {
        box_id == self.state.viewer
            && document.is_none_or(|document| *document == self.state.key().entity)
    }

    /// What an entity tells: a signature tells of what it signs.
    fn told_by_entity(&self, sighted: Sighted<'a>, embedded: Embedded) -> Option<Told> {
        let mut payload = DocumentHistoryItemPayload::default();
        let details = sighted.piece.signature.as_ref();
        if let Some(details) = details {
            let is_new = details.original.is_none() && details.signer.box_id != operator();
            return match details.is_approvement {
                _ if !is_new => None,
                true => {
                    payload.approved_with_signature =
                        Some(Box::new(ApprovedWithSignaturePayload {
                            signature: Some(Box::new(self.signature(sighted))),
                            parent: self.parent_of(sighted),
                            resolution_request_id: None,
                        }));
                    Some((EventType::ApprovedWithSignature, payload))
                }
                false => self.told_by_signature(sighted, embedded),
            };
        }
        let signed = self.state.signed(sighted);
        let file = || Some(Box::new(self.signed(signed)));
        let author = || {
            let participant = self.participant_of(sighted.author()?)?;
            Some(Box::new(participant))
        };
        let parent = sighted.piece.parent()?;
        let (title_index, title_entity_id) = self.title(parent);
        self.contents.inject(embedded.resolutions);
        let told = match sighted.piece.entity.attachment_type() {
            AttachmentType::Receipt | AttachmentType::InvoiceReceipt => {
                payload.receipt_sent = Some(Box::new(ReceiptSentPayload {
                    receipt: file(),
                    title_index,
                    title_entity_id,
                    universal_message: None,
                    receipt_sent_by: author(),
                }));
                EventType::ReceiptSent
            }
            AttachmentType::InvoiceCorrectionRequest => {
                payload.amendment_requested = Some(Box::new(AmendmentRequestedPayload {
                    amendment_request: file(),
                    universal_message: None,
                    amendment_requested_by: author(),
                    plain_text: self.plain_text(sighted),
                    title_index,
                    title_entity_id,
                }));
                EventType::AmendmentRequested
            }
            AttachmentType::XmlSignatureRejection | AttachmentType::SignatureRequestRejection
                if title_index.is_some() =>
            {
                payload.rejected = Some(Box::new(RejectedPayload {
                    rejection: file(),
                    title_index,
                    title_entity_id,
                    universal_message: None,
                    rejected_by: author(),
                    plain_text: self.plain_text(sighted),
                }));
                EventType::Rejected
            }
            AttachmentType::XmlSignatureRejection | AttachmentType::SignatureRequestRejection => {
                payload.revocation_rejected = Some(Box::new(RevocationRejectedPayload {
                    rejection: file(),
                    universal_message: None,
                    revocation_rejected_by: author(),
                    plain_text: self.plain_text(sighted),
                }));
                EventType::RevocationRejected
            }
            AttachmentType::RevocationRequest => self.told_by_revocation(sighted, &mut payload),
            AttachmentType::Edition => {
                payload.edited = Some(Box::new(EditedPayload {
                    edition_entity: Some(Box::new(self.entity(sighted))),
                }));
                EventType::Edited
            }
            _ => self.told_by_approval(sighted, &mut payload)?,
        };
        self.contents.inject(false);
        Some((told, payload))
    }

    /// A signature sends the document, answers it, or accepts its revocation; one under anything else
    /// comes with what it signs.
    fn told_by_signature(&self, signature: Sighted<'a>, embedded: Embedded) -> Option<Told> {
        let state = self.state;
        let file = signature.piece.parent()?;
        let signer = signature.signed_by()?;
        let shown = Some(Box::new(self.signature(signature)));
        let participant = self.participant_of(signer).map(Box::new);
        let mut payload = DocumentHistoryItemPayload::default();
        let before = state.pieces.below(file);
        let mut before = before.take_while(|one| one.at() < signature.at());
        let is_first = !before.any(|one| one.signed_by() == Some(signer));
        let is_sender = signer == state.letter.sender.box_id;
        if file == state.key().entity && is_sender && (is_first || !state.letter.is_internal) {
            let kind = AttachmentType::AttachmentComment;
            self.contents.inject(embedded.comments);
            let comment = state.children(file, kind).next();
            payload.sent = Some(Box::new(SentPayload {
                signature: shown,
                comment_entity: comment.map(|comment| Box::new(self.entity(comment))),
            }));
            self.contents.inject(false);
            return Some((EventType::Sent, payload));
        }
        if let (title_index @ Some(_), title_entity_id) = self.title(file) {
            payload.signed = Some(Box::new(SignedPayload {
                signature: shown,
                title_index,
                title_entity_id,
                signed_by: participant,
            }));
            return Some((EventType::Signed, payload));
        }
        let request = state.pieces.get(file)?;
        let is_request =
            request.piece.entity.attachment_type() == AttachmentType::RevocationRequest;
        (is_request && (request.author() != Some(signer) || !is_first)).then(|| {
            payload.revocation_accepted = Some(Box::new(RevocationAcceptedPayload {
                acceptance_signature: shown,
                revocation_accepted_by: participant,
            }));
            (EventType::RevocationAccepted, payload)
        })
    }

    fn told_by_revocation(
        &self,
        request: Sighted<'a>,
        payload: &mut DocumentHistoryItemPayload,
    ) -> EventType {
        let file = Some(Box::new(self.signed(self.state.signed(request))));
        let author = request
            .author()
            .and_then(|author| self.participant_of(author));
        let plain_text = self.plain_text(request);
        let is_alone = request.author() == Some(self.state.letter.sender.box_id)
            && !self.state.was_answered(Some(request.at()));
        match is_alone {
            true => {
                payload.revoked_unilaterally = Some(Box::new(RevokedPayload {
                    revocation_request: file,
                    revoked_by: author.map(Box::new),
                    plain_text,
                }));
                EventType::RevokedUnilaterally
            }
            false => {
                payload.revocation_requested = Some(Box::new(RevocationRequestedPayload {
                    revocation_request: file,
                    revocation_requested_by: author.map(Box::new),
                    plain_text,
                }));
                EventType::RevocationRequested
            }
        }
    }

    /// The index and the id of a title; none of anything else.
    fn title(&self, file: Uuid) -> (Option<i32>, Option<String>) {
        let second = self.state.recipient_title().map(|title| title.file.id());
        let index = match () {
            () if file == self.state.key().entity => 0,
            () if Some(file) == second => 1,
            () => return (None, None),
        };
        (Some(index), Some(file.to_string()))
    }

    /// What something of an approval is about: the document, or a proposal to revoke it.
    fn parent_of(&self, sighted: Sighted<'_>) -> Option<Box<HistoryParentEntity>> {
        let mut id = sighted.piece.parent()?;
        let find = |id: Uuid| self.state.pieces.get(id);
        // A denial hangs on its request, and that on what is approved.
        if find(id).is_some_and(|one| one.piece.entity.resolution_request_info.is_some()) {
            id = find(id)?.piece.parent()?;
        }
        let is_document = id == self.state.key().entity;
        let kind = match is_document {
            true => HistoryParentEntityType::Document,
            false => HistoryParentEntityType::Revocation,
        };
        Some(Box::new(HistoryParentEntity {
            r#type: Some(kind.into()),
            entity_id: id.to_string(),
        }))
    }
}

/// The box that stands for the operator.
fn operator() -> BoxId {
    BoxId::from_bytes([0; 16])
}
