//! How a counteragent does what its rule says: by the same commands as calls.

use bytes::Bytes;
use diadoc_proto::ResolutionType;
use diadoc_proto::events::{
    CorrectionRequestAttachment, DocumentSignature, ReceiptAttachment, RecipientTitleAttachment,
    ResolutionAttachment, RevocationRequestAttachment, SignedContent,
    XmlSignatureRejectionAttachment,
};
use uuid::Uuid;

use super::{Act, Happening, Rule};
use crate::world::access::Actor;
use crate::world::model::DocumentKey;
use crate::world::patching::{Command, Element, Order};
use crate::world::service::{Form, Service};
use crate::world::state::DocumentState;
use crate::world::{Refusal, World, signature};

impl World {
    /// Does what a rule says, unless it was followed often enough; what cannot be done is noted.
    pub(in crate::world) fn act(
        &mut self,
        number: usize,
        document: DocumentKey,
    ) -> Result<(), Refusal> {
        let Some(rule) = self.playing.script.rules.get(number).cloned() else {
            return Ok(());
        };
        let followed = self.playing.followed[number];
        if rule.times.is_some_and(|times| followed >= times) {
            return Ok(());
        }
        match self.follow(&rule, document) {
            Ok(()) => {
                self.playing.followed[number] += 1;
                Ok(())
            }
            Err(refusal) => {
                self.skip(format!(
                    "{}: rule {} was not followed for {}:{}: {refusal}",
                    self.now(),
                    number + 1,
                    document.letter,
                    document.entity
                ));
                Err(refusal)
            }
        }
    }

    fn follow(&mut self, rule: &Rule, document: DocumentKey) -> Result<(), Refusal> {
        let actor = self.employee_at_work(rule.box_id)?;
        let element = Element {
            place: "CounteragentScript".to_owned(),
            command: self.command(rule, &actor, document)?,
        };
        let order = Order {
            elements: vec![element],
        };
        self.patch_letter(&actor, document.letter, order)?;
        Ok(())
    }

    fn command(
        &mut self,
        rule: &Rule,
        actor: &Actor,
        document: DocumentKey,
    ) -> Result<Command, Refusal> {
        let id = self.new_id();
        let letter = self.tables.letters.shared(&document.letter);
        let gone = || Refusal::not_found("there is no such document");
        let letter = letter.ok_or_else(gone)?;
        let state = DocumentState::of(&letter, document.entity, rule.box_id, letter.patches.len());
        let state = state.ok_or_else(gone)?;
        let made = |service, comment: &str| self.made_up(actor, &state, service, id, comment);
        let parent_entity_id = document.entity.to_string();
        Ok(match &rule.then {
            Act::Receive => Command::Receipt(ReceiptAttachment {
                parent_entity_id: received(&state, rule.when.happens).to_string(),
                signed_content: made(Service::Receipt, ""),
                labels: Vec::new(),
            }),
            Act::Sign { title } if state.can_add_title() => {
                Command::Title(RecipientTitleAttachment {
                    parent_entity_id,
                    signed_content: match title {
                        Some(title) => signed(title.clone()),
                        None => made(Service::Title, ""),
                    },
                    ..RecipientTitleAttachment::default()
                })
            }
            Act::Sign { .. } => Command::Sign(by_hand(document.entity)),
            Act::Refuse { comment } => Command::Reject(XmlSignatureRejectionAttachment {
                parent_entity_id,
                signed_content: made(Service::Rejection, comment),
                labels: Vec::new(),
            }),
            Act::RequestCorrection { comment } => {
                Command::RequestCorrection(CorrectionRequestAttachment {
                    parent_entity_id,
                    signed_content: made(Service::CorrectionRequest, comment),
                    labels: Vec::new(),
                })
            }
            Act::ProposeRevocation { comment } => Command::Revoke(RevocationRequestAttachment {
                parent_entity_id,
                signed_content: made(Service::Revocation, comment),
                labels: Vec::new(),
            }),
            Act::AcceptRevocation => Command::Sign(by_hand(revocation(&state)?)),
            Act::RefuseRevocation { comment } => Command::Reject(XmlSignatureRejectionAttachment {
                parent_entity_id: revocation(&state)?.to_string(),
                signed_content: made(Service::Rejection, comment),
                labels: Vec::new(),
            }),
            Act::Approve { comment } => resolution(parent_entity_id, true, comment),
            Act::Disapprove { comment } => resolution(parent_entity_id, false, comment),
        })
    }

    /// A service document of an employee, with a signature, both made up.
    fn made_up(
        &self,
        actor: &Actor,
        state: &DocumentState<'_>,
        service: Service,
        id: Uuid,
        comment: &str,
    ) -> SignedContent {
        let organization = |box_id| self.tables.organizations.get(&box_id);
        let reader = state.counteragent().map(|party| party.box_id);
        let form = Form {
            service,
            id,
            at: self.now(),
            author: organization(actor.box_id),
            reader: reader.and_then(organization),
            about: state.document.piece.entity.file_name(),
            signer: &self.name_of(actor.user),
            comment,
            codes: &[],
            named: None,
        };
        signed(form.content())
    }
}

/// What a receipt is for: the title or the request that came, or else the document.
fn received(state: &DocumentState<'_>, happening: Happening) -> Uuid {
    let came = match happening {
        Happening::Title => state.recipient_title(),
        Happening::CorrectionRequest => state.amendment_requests().next_back(),
        _ => None,
    };
    came.map_or(state.key().entity, |came| came.file.id())
}

/// The proposal to revoke the document.
fn revocation(state: &DocumentState<'_>) -> Result<Uuid, Refusal> {
    let none = || Refusal::conflict("nobody has proposed to revoke the document");
    let revocation = state.revocation().ok_or_else(none)?;
    Ok(revocation.request.file.id())
}

fn signed(content: Bytes) -> SignedContent {
    SignedContent {
        content: Some(content),
        signature: Some(signature::made_up("подпись контрагента")),
        ..SignedContent::default()
    }
}

fn by_hand(parent: Uuid) -> DocumentSignature {
    DocumentSignature {
        parent_entity_id: parent.to_string(),
        signature: Some(signature::made_up("подпись контрагента")),
        ..DocumentSignature::default()
    }
}

fn resolution(initial_document_id: String, approves: bool, comment: &str) -> Command {
    let kind = match approves {
        true => ResolutionType::Approve,
        false => ResolutionType::Disapprove,
    };
    Command::Resolve(ResolutionAttachment {
        initial_document_id,
        resolution_type: kind as i32,
        comment: Some(comment.to_owned()),
        labels: Vec::new(),
    })
}
