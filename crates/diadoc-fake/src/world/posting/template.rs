//! Templates: documents of which the other side, or the same one, makes letters.

use std::collections::BTreeSet;
use std::sync::Arc;

use diadoc_core::BoxId;
use diadoc_proto::events::{
    AttachmentType, TemplatePatchToPost, TemplateRefusalInfo, TemplateRefusalType, TemplateToPost,
    TemplateTransformationInfo, TemplateTransformationToPost,
};
use diadoc_proto::{DocumentId, LockMode};
use uuid::Uuid;

use super::copy::pack;
use super::documents::Purpose;
use super::message::Parties;
use super::route::{Named, party_of};
use super::{attachments, box_of, guid_of};
use crate::world::access::Actor;
use crate::world::model::{
    Action, DocumentKey, Fact, Letter, MessageKind, Piece, Scope, Task, Template,
};
use crate::world::{Refusal, World};

impl World {
    /// Posts a template; its id.
    ///
    /// # Errors
    ///
    /// 400: it is not right; 402 and 403; 404: there is no such department; 409: the recipient does not
    /// want it.
    pub(crate) fn post_template(
        &mut self,
        user: Uuid,
        template: &TemplateToPost,
    ) -> Result<Uuid, Refusal> {
        let actor = self.enter(user, box_of(&template.from_box_id)?)?;
        actor.needs(Action::CreateDocuments)?;
        let documents = attachments::of_template(template);
        if documents.is_empty() {
            let text = "TemplateToPost should contain at least one attachment";
            return Err(Refusal::bad_request(text));
        }
        let (parties, mut route) = self.route_of(actor.box_id, template)?;
        let lock = match template.lock_mode() {
            LockMode::Unknown => LockMode::None,
            mode => mode,
        };
        let id = self.new_id();
        let purpose = Purpose {
            letter: id,
            sender: parties.sender,
            is_unsigned: true,
            // With a setting for editing the file may lack what is edited later.
            is_strict: documents.iter().all(|one| one.editing_setting_id.is_none()),
            is_packet: lock != LockMode::None,
            origin: None,
        };
        let facts = self.write_documents(&actor, &documents, &[], purpose)?;
        let ids = facts.iter().filter_map(|fact| match fact {
            Fact::Added(piece) => piece.document.as_ref().map(|_| piece.id()),
            _ => None,
        });
        let attachments = ids.zip(&template.document_attachments);
        route.irrefusable = attachments
            .filter(|(_, one)| one.refusal_disabled())
            .map(|(id, _)| id)
            .collect();
        let mut letter = self.letter(id, MessageKind::Template, parties, lock, &actor, facts);
        letter.template = Some(route);
        self.add_letter(letter);
        self.later(self.operator_delay, Task::Deliver { letter: id });
        Ok(id)
    }

    fn route_of(
        &self,
        from: BoxId,
        template: &TemplateToPost,
    ) -> Result<(Parties, Template), Refusal> {
        let department = guid_of(
            template.from_department_id.as_deref(),
            "TemplateToPost.FromDepartmentId",
        )?;
        let sender = self.sender(from, department)?;
        let party = |at, box_id, department| {
            party_of(
                self,
                Named {
                    at,
                    box_id,
                    department,
                },
            )
        };
        let to = Some(template.to_box_id.as_str());
        let recipient = party(
            "TemplateToPost.To",
            to,
            template.to_department_id.as_deref(),
        )?;
        let message_from = Some(template.message_from_box_id.as_str());
        let letter_from = party("TemplateToPost.MessageFrom", message_from, None)?;
        let message_to = Some(template.message_to_box_id.as_str());
        let department = template.message_to_department_id.as_deref();
        let letter_to = party("TemplateToPost.MessageTo", message_to, department)?;
        let proxy = party(
            "TemplateToPost.MessageProxy",
            template.message_proxy_box_id.as_deref(),
            template.message_proxy_department_id.as_deref(),
        )?;
        let (Some(letter_from), Some(letter_to)) = (letter_from, letter_to) else {
            let text = "TemplateToPost.MessageFromBoxId and MessageToBoxId are required fields";
            return Err(Refusal::bad_request(text));
        };
        let parties = Parties {
            sender,
            recipient,
            proxy: None,
            is_internal: false,
        };
        self.may_go(parties)?;
        let template = Template {
            sender: letter_from,
            recipient: letter_to,
            proxy,
            is_reusable: template.is_reusable(),
            irrefusable: BTreeSet::new(),
        };
        Ok((parties, template))
    }

    /// Makes an unsent letter of documents of a template; the letter's id.
    ///
    /// # Errors
    ///
    /// 400: no document is named, or one that is none of the template; 402 and 403; 404: there is no such
    /// template; 409: a document is used up or refused, or the packet is bound together.
    pub(crate) fn transform_template(
        &mut self,
        user: Uuid,
        order: &TemplateTransformationToPost,
    ) -> Result<Uuid, Refusal> {
        let actor = self.enter(user, box_of(&order.box_id)?)?;
        actor.needs(Action::CreateDocuments)?;
        let at = "TemplateTransformationToPost";
        let id = guid_of(Some(&order.template_id), &format!("{at}.TemplateId"))?;
        let source = self.template(actor.box_id, id.unwrap_or_default())?;
        let route = source
            .template
            .clone()
            .ok_or_else(|| no_template(source.id))?;
        if route.sender.box_id != actor.box_id {
            let text = "Only the sender of the letters may make them of the template";
            return Err(Refusal::forbidden(text));
        }
        let mut chosen = Vec::new();
        for (index, one) in order.document_transformations.iter().enumerate() {
            let at = format!("{at}.DocumentTransformations[{index}].DocumentId");
            let document = guid_of(Some(&one.document_id), &at)?.unwrap_or_default();
            may_be_used(&source, document, &route, &at)?;
            self.document_for(&actor, key_in(&source, document))?;
            chosen.push((document, one.custom_document_id.as_deref()));
        }
        if chosen.is_empty() {
            let text = format!("{at}.DocumentTransformations is required field");
            return Err(Refusal::bad_request(text));
        }
        all_of_packet(&source, chosen.iter().map(|(document, _)| *document))?;
        self.letter_of_template(&actor, &source, &route, &chosen)
    }

    fn letter_of_template(
        &mut self,
        actor: &Actor,
        source: &Letter,
        route: &Template,
        chosen: &[(Uuid, Option<&str>)],
    ) -> Result<Uuid, Refusal> {
        let id = self.new_id();
        let ids = self.new_ids(chosen.iter().map(|(document, _)| *document));
        let mut facts = Vec::new();
        let mut told = Vec::new();
        for (document, custom_id) in chosen {
            facts.append(&mut self.copied(source, *document, id, &ids, *custom_id));
            let mut piece = self.told(actor, AttachmentType::TemplateTransformation, *document);
            let made = ids.get(document).map(|entity| DocumentId {
                message_id: id.to_string(),
                entity_id: entity.to_string(),
            });
            piece.entity.template_transformation_info =
                Some(Box::new(TemplateTransformationInfo {
                    transformed_to_document_id: made.map(Box::new),
                    author: Some(self.name_of(actor.user)),
                }));
            told.push(Fact::Added(Box::new(piece)));
        }
        if chosen.len() > 1 || source.lock != LockMode::None {
            let packet = self.new_id();
            pack(&mut facts, packet);
        }
        let parties = Parties {
            sender: route.sender,
            recipient: Some(route.recipient),
            proxy: route.proxy,
            is_internal: false,
        };
        let letter = self.letter(id, MessageKind::Letter, parties, source.lock, actor, facts);
        self.add_letter(letter);
        let left = source.documents().any(|(piece, _)| {
            !ids.contains_key(&piece.id()) && !is_transformed(source, piece.id())
        });
        if !route.is_reusable && !left {
            told.push(Fact::Recycled { letters: vec![id] });
        }
        self.add_patch(source.id, actor.author(), Scope::Everybody, told)?;
        Ok(id)
    }

    /// Refuses documents of a template, as its recipient, or withdraws them, as its sender; the number of
    /// its patches then.
    ///
    /// # Errors
    ///
    /// 400: a document is none of the template, or the packet is bound together; 402 and 403; 404: there
    /// is no such template; 409: a document is used up, or may not be refused.
    pub(crate) fn patch_template(
        &mut self,
        user: Uuid,
        box_id: BoxId,
        id: Uuid,
        patch: &TemplatePatchToPost,
    ) -> Result<usize, Refusal> {
        let actor = self.enter(user, box_id)?;
        actor.needs(Action::CreateDocuments)?;
        let source = self.template(box_id, id)?;
        let route = source.template.clone().ok_or_else(|| no_template(id))?;
        if patch.refusals.is_empty() {
            let text = "TemplatePatchToPost should contain at least one entity";
            return Err(Refusal::bad_request(text));
        }
        let is_senders = source.sender.box_id == box_id;
        let kind = match is_senders {
            true => TemplateRefusalType::Withdrawal,
            false => TemplateRefusalType::Refusal,
        };
        let mut facts = Vec::new();
        let mut refused = Vec::new();
        for (index, one) in patch.refusals.iter().enumerate() {
            let at = format!("TemplatePatchToPost.Refusals[{index}].DocumentId");
            let document = guid_of(Some(&one.document_id), &at)?.unwrap_or_default();
            may_be_used(&source, document, &route, &at)?;
            self.document_for(&actor, key_in(&source, document))?;
            if !is_senders && route.irrefusable.contains(&document) {
                return Err(wrong_state(format!(
                    "{at}: the template may not be refused"
                )));
            }
            let mut piece = self.told(&actor, AttachmentType::TemplateRefusal, document);
            piece.entity.labels.clone_from(&one.labels);
            piece.entity.template_refusal_info = Some(Box::new(TemplateRefusalInfo {
                r#type: kind as i32,
                box_id: box_id.address().to_string(),
                author: Some(self.name_of(user)),
                comment: one.comment.clone(),
            }));
            facts.push(Fact::Added(Box::new(piece)));
            refused.push(document);
        }
        all_of_packet(&source, refused.iter().copied()).map_err(|refusal| Refusal {
            status: 400,
            ..refusal
        })?;
        self.add_patch(id, actor.author(), Scope::Everybody, facts)
    }

    /// A template that a box knows of.
    ///
    /// # Errors
    ///
    /// 404.
    pub(crate) fn template(&self, box_id: BoxId, id: Uuid) -> Result<Arc<Letter>, Refusal> {
        let letter = self.tables.letters.shared(&id);
        let letter = letter.filter(|letter| {
            letter.kind == MessageKind::Template && letter.seen_since(box_id).is_some()
        });
        letter.ok_or_else(|| no_template(id))
    }

    /// An entity that tells what a user did with a document.
    fn told(&mut self, actor: &Actor, kind: AttachmentType, document: Uuid) -> Piece {
        let mut piece = self.file(kind, Some(document), None, None);
        piece.entity.author_user_id = Some(actor.user.to_string());
        piece
    }
}

fn no_template(id: Uuid) -> Refusal {
    Refusal::not_found(format!("Template {id} not found"))
}

fn key_in(source: &Letter, entity: Uuid) -> DocumentKey {
    DocumentKey {
        letter: source.id,
        entity,
    }
}

fn wrong_state(text: String) -> Refusal {
    Refusal::conflict(text).code("DocumentService.InvalidDocumentState")
}

/// Refuses what was refused, withdrawn or, of a template for one use, used.
fn may_be_used(source: &Letter, document: Uuid, route: &Template, at: &str) -> Result<(), Refusal> {
    let is_known = source.documents().any(|(piece, _)| piece.id() == document);
    if !is_known {
        let text = format!("{at} is no document of the template: {document}");
        return Err(Refusal::bad_request(text));
    }
    let is_refused = has(source, document, AttachmentType::TemplateRefusal);
    let is_used = !route.is_reusable && is_transformed(source, document);
    match is_refused || is_used {
        true => Err(wrong_state(format!(
            "{at}: the template is used up or refused"
        ))),
        false => Ok(()),
    }
}

fn is_transformed(source: &Letter, document: Uuid) -> bool {
    has(source, document, AttachmentType::TemplateTransformation)
}

fn has(source: &Letter, document: Uuid, kind: AttachmentType) -> bool {
    let mut pieces = source.pieces();
    pieces.any(|piece| {
        piece.parent() == Some(document) && piece.entity.attachment_type == Some(kind as i32)
    })
}

/// Refuses to part a packet that is bound together.
fn all_of_packet(source: &Letter, chosen: impl IntoIterator<Item = Uuid>) -> Result<(), Refusal> {
    let chosen: BTreeSet<_> = chosen.into_iter().collect();
    let mut documents = source.documents();
    let is_whole = documents.all(|(piece, _)| chosen.contains(&piece.id()));
    match is_whole || source.lock == LockMode::None {
        true => Ok(()),
        false => Err(super::locked()),
    }
}
