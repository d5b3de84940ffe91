//! Drafts: they become letters, or are thrown away.

use diadoc_core::BoxId;
use diadoc_proto::LockMode;
use diadoc_proto::events::{DocumentSenderSignature, DraftToSend};
use uuid::Uuid;

use super::copy::pack;
use super::message::Parties;
use super::route::{Named, party_of};
use super::{box_of, guid_of};
use crate::world::access::Actor;
use crate::world::model::{
    Action, ContentRef, DocumentKey, Fact, Letter, MessageKind, Party, Scope,
};
use crate::world::patching::prepared;
use crate::world::pieces::{Given, GivenSignature};
use crate::world::state::DocumentState;
use crate::world::{Refusal, World};

impl World {
    /// Makes a letter of a draft, and sends it; the letter's id.
    ///
    /// # Errors
    ///
    /// 400: a signature is missing, or there is no recipient; 402 and 403; 404: there is no such draft;
    /// 409: it is used up or deleted, or the recipient does not want it.
    pub(crate) fn send_draft(&mut self, user: Uuid, send: &DraftToSend) -> Result<Uuid, Refusal> {
        let actor = self.enter(user, box_of(&send.box_id)?)?;
        actor.needs(Action::CreateDocuments)?;
        actor.needs(Action::SignDocuments)?;
        let draft = guid_of(Some(&send.draft_id), "DraftToSend.DraftId")?.unwrap_or_default();
        let source = self.draft(&actor, draft)?;
        let parties = self.parties_of_draft(&source, send)?;
        self.may_go(parties)?;
        let id = self.new_id();
        let facts = self.signed_copies(&actor, &source, id, parties.sender, send)?;
        let lock = source.lock;
        let mut letter = self.letter(id, MessageKind::Letter, parties, lock, &actor, facts);
        letter.created_from_draft = Some(draft);
        self.add_letter(letter);
        self.recycle(&actor, draft, vec![id])?;
        self.send(id);
        Ok(id)
    }

    /// Throws a draft away.
    ///
    /// # Errors
    ///
    /// 402 and 403; 404: there is no such draft; 409: it is used up or deleted.
    pub(crate) fn recycle_draft(
        &mut self,
        user: Uuid,
        box_id: BoxId,
        draft: Uuid,
    ) -> Result<(), Refusal> {
        let actor = self.enter(user, box_id)?;
        actor.needs(Action::CreateDocuments)?;
        self.draft(&actor, draft)?;
        self.recycle(&actor, draft, Vec::new())
    }

    pub(super) fn recycle(
        &mut self,
        actor: &Actor,
        letter: Uuid,
        letters: Vec<Uuid>,
    ) -> Result<(), Refusal> {
        let facts = vec![Fact::Recycled { letters }];
        self.add_patch(letter, actor.author(), Scope::Everybody, facts)?;
        Ok(())
    }

    /// A draft that can still be sent, for an employee who sees all that is left of it.
    fn draft(&self, actor: &Actor, id: Uuid) -> Result<std::sync::Arc<Letter>, Refusal> {
        let box_id = actor.box_id;
        let letter = self.tables.letters.shared(&id);
        let letter = letter
            .filter(|letter| letter.kind == MessageKind::Draft && letter.sender.box_id == box_id);
        let letter = letter.ok_or_else(|| Refusal::not_found(format!("Draft {id} not found")))?;
        if letter.is_recycled() {
            return Err(Refusal::conflict(format!("Draft {id} is recycled already")));
        }
        let left = left(&letter);
        if left.is_empty() {
            let refusal = Refusal::conflict(format!("Draft {id} is deleted"));
            return Err(refusal.code("DocumentService.InvalidDocumentState"));
        }
        for entity in left {
            self.document_for(actor, DocumentKey { letter: id, entity })?;
        }
        Ok(letter)
    }

    fn parties_of_draft(&self, draft: &Letter, send: &DraftToSend) -> Result<Parties, Refusal> {
        let to = Named {
            at: "DraftToSend.To",
            box_id: send.to_box_id.as_deref(),
            department: send.to_department_id.as_deref(),
        };
        let proxy = Named {
            at: "DraftToSend.Proxy",
            box_id: send.proxy_box_id.as_deref(),
            department: send.proxy_department_id.as_deref(),
        };
        Ok(Parties {
            sender: draft.sender,
            recipient: match draft.is_internal {
                true => draft.recipient,
                false => party_of(self, to)?.or(draft.recipient),
            },
            proxy: party_of(self, proxy)?.or(draft.proxy),
            is_internal: draft.is_internal,
        })
    }

    /// The documents of a draft that are not deleted, each with its signature.
    fn signed_copies(
        &mut self,
        actor: &Actor,
        draft: &Letter,
        to: Uuid,
        signer: Party,
        send: &DraftToSend,
    ) -> Result<Vec<Fact>, Refusal> {
        let documents = left(draft);
        let ids = self.new_ids(documents.iter().copied());
        let mut facts = Vec::new();
        for document in &documents {
            let (at, given) = signature_for(send, *document)?;
            let mut copies = self.copied(draft, *document, to, &ids, None);
            let Some(Fact::Added(copy)) = copies.first_mut() else {
                continue;
            };
            if let Some(patched) = given
                .patched_content_id
                .as_deref()
                .filter(|id| !id.is_empty())
            {
                let content = self.prepared(actor.box_id, draft.id, *document, patched)?;
                copy.content = Some(content);
            }
            let (new, content) = (copy.id(), copy.content);
            let bytes = content.and_then(|content| self.tables.contents.get(&content.id));
            let bytes = bytes.cloned().unwrap_or_default();
            let signature = GivenSignature {
                given: Given {
                    bytes: given.signature.as_ref(),
                    on_shelf: None,
                },
                is_test: given.sign_with_test_signature(),
                power_of_attorney: given.power_of_attorney.as_deref(),
            };
            let signing = self.signing(actor, signature, &bytes, &at)?;
            let signing = signing
                .ok_or_else(|| Refusal::bad_request(format!("{at}.Signature is required field")))?;
            let signature = self.signature(new, signer, actor.user, signing);
            copies.push(Fact::Added(Box::new(signature)));
            facts.append(&mut copies);
        }
        if documents.len() > 1 || draft.lock != LockMode::None {
            let packet = self.new_id();
            pack(&mut facts, packet);
        }
        Ok(facts)
    }
}

impl World {
    /// The content that was prepared for signing a document.
    fn prepared(
        &self,
        box_id: BoxId,
        letter: Uuid,
        document: Uuid,
        id: &str,
    ) -> Result<ContentRef, Refusal> {
        let key = prepared::key_of(id, box_id, letter, document);
        let bytes = key.and_then(|key| Some((key, self.tables.contents.get(&key)?)));
        let (id, bytes) =
            bytes.ok_or_else(|| Refusal::conflict(format!("Patched content {id} not found")))?;
        let size = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        Ok(ContentRef { id, size })
    }
}

/// The documents of a draft that are not deleted.
fn left(draft: &Letter) -> Vec<Uuid> {
    let (viewer, upto) = (draft.sender.box_id, draft.patches.len());
    let documents = draft.documents().map(|(piece, _)| piece.id());
    documents
        .filter(|document| {
            let state = DocumentState::of(draft, *document, viewer, upto);
            state.is_some_and(|state| !state.flags.is_deleted)
        })
        .collect()
}

/// The signature that a call gives for a document, with its place.
fn signature_for(
    send: &DraftToSend,
    document: Uuid,
) -> Result<(String, &DocumentSenderSignature), Refusal> {
    let signatures = send.document_signatures.iter().enumerate();
    let mut found = signatures.filter(|(_, one)| {
        Uuid::parse_str(&one.parent_entity_id).is_ok_and(|parent| parent == document)
    });
    let found = found.next().ok_or_else(|| {
        Refusal::bad_request(format!(
            "DraftToSend.DocumentSignatures has no signature of document {document}"
        ))
    })?;
    Ok((
        format!("DraftToSend.DocumentSignatures[{}]", found.0),
        found.1,
    ))
}
