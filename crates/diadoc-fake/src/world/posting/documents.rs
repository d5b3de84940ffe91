//! From the documents of a call to the entities of a letter.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use diadoc_proto::events::{AttachmentType, StructuredDataAttachment};
use uuid::Uuid;

use super::attachments::NewDocument;
use super::content::Described;
use super::links::{Linked, Links};
use crate::world::access::Actor;
use crate::world::model::{DocumentDetails, Fact, Origin, Party, Piece};
use crate::world::pieces::Signing;
use crate::world::{Refusal, World};

/// What documents are written for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purpose {
    /// The letter that they are for.
    pub letter: Uuid,
    pub sender: Party,
    /// They are not signed yet: in a draft, a template, or a letter that is sent later.
    pub is_unsigned: bool,
    /// Titles in XML have to be readable.
    pub is_strict: bool,
    /// They form a packet, however few they are.
    pub is_packet: bool,
    pub origin: Option<Origin>,
}

/// A document of a call that has been checked.
#[derive(Debug)]
struct Checked<'m> {
    document: &'m NewDocument,
    id: Uuid,
    content: Bytes,
    described: Described,
    signing: Option<Signing>,
}

impl World {
    /// The facts that documents of a call make. Nothing is published by it.
    ///
    /// # Errors
    ///
    /// 400: something about a document is wrong; 404: a document that one is to be linked with does not
    /// exist.
    pub(super) fn write_documents(
        &mut self,
        actor: &Actor,
        documents: &[NewDocument],
        data: &[StructuredDataAttachment],
        purpose: Purpose,
    ) -> Result<Vec<Fact>, Refusal> {
        let mut checked = Vec::with_capacity(documents.len());
        let mut known = BTreeMap::new();
        for document in documents {
            let one = self.check(actor, document, purpose)?;
            if let Some(custom) = custom_id(document)
                && known.insert(custom.to_owned(), one.id).is_some()
            {
                return Err(Refusal::bad_request(format!(
                    "{}.CustomDocumentId is not unique within the message: {custom}",
                    document.at
                )));
            }
            checked.push(one);
        }
        let is_packet = purpose.is_packet || documents.len() > 1;
        let mut links = self.links(actor, documents, purpose.letter, &known)?;
        let packet = self.packet_for(actor, &links, is_packet)?;
        let mut facts = Vec::new();
        for (one, linked) in checked.into_iter().zip(links.drain(..)) {
            self.add_document(actor, one, linked, packet, purpose, &mut facts);
        }
        self.add_data(data, &known, &mut facts)?;
        Ok(facts)
    }

    fn check<'m>(
        &mut self,
        actor: &Actor,
        document: &'m NewDocument,
        purpose: Purpose,
    ) -> Result<Checked<'m>, Refusal> {
        let at = &document.at;
        let content = self.bytes_of(actor.user, document.content(), at)?;
        let content = content.ok_or_else(|| {
            Refusal::bad_request(format!("{at}.SignedContent.Content is required field"))
        })?;
        let described = Described::of(document, &content, purpose.is_strict)?;
        if purpose.is_unsigned && document.signature().is_given() {
            return Err(Refusal::bad_request(format!(
                "{at}.SignedContent.Signature should be empty in draft or delayed send"
            )));
        }
        let signing = self.signing(actor, document.signature(), &content, at)?;
        tags(document)?;
        Ok(Checked {
            document,
            id: self.new_id(),
            content,
            described,
            signing,
        })
    }

    fn add_document(
        &mut self,
        actor: &Actor,
        checked: Checked<'_>,
        linked: Linked,
        packet: Option<Uuid>,
        purpose: Purpose,
        facts: &mut Vec<Fact>,
    ) {
        let (document, id) = (checked.document, checked.id);
        let piece = self.document_piece(&checked, linked, packet, purpose);
        facts.push(Fact::Added(Box::new(piece)));
        let comment = document.comment.clone().filter(|text| !text.is_empty());
        if let Some(comment) = comment {
            let kind = AttachmentType::AttachmentComment;
            let piece = self.file(kind, Some(id), None, Some(comment.into()));
            facts.push(Fact::Added(Box::new(piece)));
        }
        if let Some(signing) = checked.signing {
            let piece = self.signature(id, purpose.sender, actor.user, signing);
            facts.push(Fact::Added(Box::new(piece)));
        }
    }

    fn document_piece(
        &mut self,
        checked: &Checked<'_>,
        linked: Linked,
        packet: Option<Uuid>,
        purpose: Purpose,
    ) -> Piece {
        let (document, described) = (checked.document, &checked.described);
        let format = described.format;
        let content = Some(checked.content.clone());
        let file_name = described.file_name.clone();
        let mut piece = self.file(format.kind.attachment, None, file_name, content);
        piece.id = checked.id;
        let entity = &mut piece.entity;
        entity.need_recipient_signature = Some(match described.workflow_id {
            2 | 14 => true,
            1 | 7 => document.needs_recipient_signature,
            _ => false,
        });
        entity.need_receipt = Some(document.needs_receipt);
        entity.is_encrypted_content = Some(document.is_encrypted);
        entity.version = Some(format.version.name.to_owned());
        let [content_type, _] = format.version.content_types;
        entity.content_type_id = Some(content_type.to_owned());
        let data = document.custom_data.iter();
        piece.document = Some(Box::new(DocumentDetails {
            type_named_id: format.kind.name.to_owned(),
            function: format.function.name.to_owned(),
            version: format.version.name.to_owned(),
            workflow_id: described.workflow_id,
            metadata: described.metadata.clone(),
            custom_document_id: custom_id(document).map(ToOwned::to_owned),
            needs_recipient_signature: document.needs_recipient_signature,
            needs_receipt: document.needs_receipt,
            initial: linked.initial,
            subordinate: linked.subordinate,
            custom_data: data
                .map(|tag| (tag.key.clone(), tag.value().to_owned()))
                .collect(),
            packet,
            editing_setting_id: document
                .editing_setting_id
                .clone()
                .filter(|id| !id.is_empty()),
            origin: purpose.origin,
            is_encrypted: document.is_encrypted,
            is_invitation: document.is_invitation,
        }));
        piece
    }

    /// Files of additional data, which belong to documents of the message.
    fn add_data(
        &mut self,
        data: &[StructuredDataAttachment],
        known: &BTreeMap<String, Uuid>,
        facts: &mut Vec<Fact>,
    ) -> Result<(), Refusal> {
        for (index, one) in data.iter().enumerate() {
            let parent = known.get(&one.parent_custom_document_id).ok_or_else(|| {
                Refusal::bad_request(format!(
                    "MessageToPost.StructuredDataAttachments[{index}].ParentCustomDocumentId is no \
                     document of the message: {}",
                    one.parent_custom_document_id
                ))
            })?;
            let kind = AttachmentType::StructuredData;
            let name = Some(one.file_name.clone());
            let piece = self.file(kind, Some(*parent), name, Some(one.content.clone()));
            facts.push(Fact::Added(Box::new(piece)));
        }
        Ok(())
    }

    /// The packet of the documents: the one of a document that they are linked with, or a new one.
    fn packet_for(
        &mut self,
        actor: &Actor,
        links: &Links,
        is_packet: bool,
    ) -> Result<Option<Uuid>, Refusal> {
        let others: BTreeSet<_> = links.iter().flat_map(|linked| &linked.others).collect();
        if others.is_empty() {
            return Ok(is_packet.then(|| self.new_id()));
        }
        let mut found = None;
        let mut alone = Vec::new();
        for key in others {
            match self.state_of(actor.box_id, *key)?.flags.packet {
                Some(packet) => found = found.or(Some(packet)),
                None => alone.push(*key),
            }
        }
        let packet = match found {
            Some(packet) => packet,
            None => self.new_id(),
        };
        for key in alone {
            self.put_into_packet(actor, key, packet)?;
        }
        Ok(Some(packet))
    }
}

fn custom_id(document: &NewDocument) -> Option<&str> {
    let id = document.custom_document_id.as_deref();
    id.filter(|id| !id.is_empty())
}

/// Keys of tags are the same in any letter case, and each stands there once.
fn tags(document: &NewDocument) -> Result<(), Refusal> {
    let mut keys = BTreeSet::new();
    for (index, tag) in document.custom_data.iter().enumerate() {
        if !keys.insert(tag.key.to_lowercase()) {
            return Err(Refusal::bad_request(format!(
                "{}.CustomData[{index}].Key is not unique: {}",
                document.at, tag.key
            )));
        }
    }
    Ok(())
}
