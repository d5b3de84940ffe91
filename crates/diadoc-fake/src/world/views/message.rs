//! Messages, patches and templates.

use std::collections::BTreeSet;

use diadoc_core::BoxId;
use diadoc_proto::LockMode;
use diadoc_proto::documents::MessageType;
use diadoc_proto::events::{
    EntityPatch, Message, MessagePatch, Template, TemplateToLetterTransformationInfo,
};
use uuid::Uuid;

use super::address;
use super::entity::is_shown;
use crate::world::World;
use crate::world::model::{self, Fact, Letter, MessageKind, Party, Patch};
use crate::world::state::Flags;

/// How much of a message is shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    /// With the bytes of contents.
    pub contents: bool,
    /// Signatures as they were made, in the place of those with a time stamp.
    pub original_signatures: bool,
    /// Only the entities of this document.
    pub document: Option<Uuid>,
    /// Without the entities of these documents, which the user may not see.
    pub hidden: BTreeSet<Uuid>,
}

impl World {
    /// A letter as a box sees it after its first `upto` patches.
    pub(crate) fn message_view(
        &self,
        letter: &Letter,
        viewer: BoxId,
        upto: usize,
        shown: &Shown,
    ) -> Message {
        let mut told = letter.patches_of(viewer, upto);
        let last = told.rfind(|(_, patch)| !patch.is_silent());
        let is_draft = letter.kind == MessageKind::Draft;
        let recycled = Recycled::of(letter, upto);
        let title = |party: &Party| self.title_of(party.box_id);
        let recipient = letter.recipient.as_ref().filter(|_| !letter.is_internal);
        Message {
            message_id: letter.id.to_string(),
            timestamp_ticks: letter.created().get(),
            last_patch_timestamp_ticks: last.map_or(letter.created(), |(_, patch)| patch.at).get(),
            from_box_id: address(letter.sender.box_id),
            from_title: title(&letter.sender),
            to_box_id: Some(box_or_nothing(recipient)),
            to_title: Some(recipient.map(title).unwrap_or_default()),
            entities: self.entities(letter, viewer, upto, shown),
            is_draft: Some(is_draft),
            draft_is_locked: Some(letter.draft_is_locked),
            draft_is_recycled: Some(is_draft && recycled.is_recycled),
            created_from_draft_id: Some(
                letter
                    .created_from_draft
                    .map(|draft| draft.to_string())
                    .unwrap_or_default(),
            ),
            draft_is_transformed_to_message_id_list: match is_draft {
                true => recycled.letters,
                false => Vec::new(),
            },
            is_deleted: Some(is_deleted(letter, viewer, upto)),
            is_test: Some(letter.is_test),
            is_internal: Some(letter.is_internal),
            is_proxified: Some(letter.proxy.is_some()),
            proxy_box_id: Some(box_or_nothing(letter.proxy.as_ref())),
            proxy_title: Some(letter.proxy.as_ref().map(title).unwrap_or_default()),
            packet_is_locked: Some(letter.lock == LockMode::Full),
            lock_mode: letter.lock.into(),
            message_type: kind_of(letter).into(),
            template_to_letter_transformation_info: letter
                .template
                .as_ref()
                .map(|template| transformation(template).into()),
            is_reusable: Some(is_reusable(letter)),
        }
    }

    /// A template as a box sees it after its first `upto` patches.
    pub(crate) fn template_view(
        &self,
        letter: &Letter,
        viewer: BoxId,
        upto: usize,
        shown: &Shown,
    ) -> Template {
        let template = letter.template.as_ref();
        let sender = template.map_or(letter.sender, |template| template.sender);
        let recipient = template.map(|template| template.recipient);
        let proxy = template.and_then(|template| template.proxy);
        Template {
            message_id: letter.id.to_string(),
            timestamp_ticks: letter.created().get(),
            from_box_id: address(letter.sender.box_id),
            to_box_id: box_or_nothing(letter.recipient.as_ref()),
            message_from_box_id: address(sender.box_id),
            message_to_box_id: box_or_nothing(recipient.as_ref()),
            entities: self.entities(letter, viewer, upto, shown),
            is_deleted: Some(is_deleted(letter, viewer, upto)),
            message_to_department_id: recipient.map(|to| to.department.to_string()),
            lock_mode: letter.lock.into(),
            message_proxy_box_id: proxy.map(|proxy| address(proxy.box_id)),
            message_proxy_department_id: proxy.map(|proxy| proxy.department.to_string()),
            is_reusable: Some(is_reusable(letter)),
        }
    }

    /// The patch that was the `number`-th of a letter, counted from 1, as a box sees it; none where the
    /// box does not know of it.
    pub(crate) fn patch_view(
        &self,
        letter: &Letter,
        viewer: BoxId,
        number: usize,
        shown: &Shown,
    ) -> Option<MessagePatch> {
        let mut known = letter.patches_of(viewer, number);
        let (_, patch) = known.rfind(|(index, _)| index + 1 == number)?;
        let is_draft = letter.kind == MessageKind::Draft;
        let recycled = Recycled::by(patch);
        let entities = self.new_entities(letter, viewer, number, shown);
        let not_delivered = entities
            .iter()
            .find_map(|entity| entity.not_delivered_event_id.clone());
        let reached = patch.facts.iter().find_map(|fact| match fact {
            Fact::PatchDelivered(patch) => Some(patch.to_string()),
            _ => None,
        });
        let was_deleted = is_deleted(letter, viewer, number - 1);
        let is_deleted = is_deleted(letter, viewer, number);
        Some(MessagePatch {
            message_id: letter.id.to_string(),
            timestamp_ticks: patch.at.get(),
            entities,
            for_draft: Some(is_draft),
            draft_is_recycled: Some(is_draft && recycled.is_recycled),
            draft_is_transformed_to_message_id_list: match is_draft {
                true => recycled.letters,
                false => Vec::new(),
            },
            draft_is_locked: Some(false),
            message_is_deleted: Some(is_deleted && !was_deleted),
            entity_patches: entity_patches(letter, viewer, patch, shown),
            message_is_restored: Some(was_deleted && !is_deleted),
            message_is_delivered: Some(
                patch
                    .facts
                    .iter()
                    .any(|fact| matches!(fact, Fact::Delivered(_))),
            ),
            delivered_patch_id: reached,
            patch_id: patch.id.to_string(),
            not_delivered_event_id: not_delivered,
            message_type: kind_of(letter).into(),
        })
    }

    /// What an organization is called in messages.
    pub(crate) fn title_of(&self, box_id: BoxId) -> String {
        let organization = self.tables.organizations.get(&box_id);
        organization.map_or_else(String::new, |row| row.short_name.clone())
    }
}

/// What became of a draft or a template.
struct Recycled {
    is_recycled: bool,
    letters: Vec<String>,
}

impl Recycled {
    fn of(letter: &Letter, upto: usize) -> Self {
        let patches = letter.patches.iter().take(upto).map(Self::by);
        patches.fold(
            Self {
                is_recycled: false,
                letters: Vec::new(),
            },
            |before, now| Self {
                is_recycled: before.is_recycled || now.is_recycled,
                letters: [before.letters, now.letters].concat(),
            },
        )
    }

    fn by(patch: &Patch) -> Self {
        let recycled: Vec<_> = patch
            .facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Recycled { letters } => Some(letters),
                _ => None,
            })
            .collect();
        Self {
            is_recycled: !recycled.is_empty(),
            letters: recycled
                .into_iter()
                .flatten()
                .map(Uuid::to_string)
                .collect(),
        }
    }
}

/// The letter that a template is for.
fn transformation(template: &model::Template) -> TemplateToLetterTransformationInfo {
    let (sender, recipient) = (template.sender, template.recipient);
    TemplateToLetterTransformationInfo {
        letter_from_box_id: address(sender.box_id),
        letter_to_box_id: address(recipient.box_id),
        letter_from_department_id: Some(sender.department.to_string()),
        letter_to_department_id: Some(recipient.department.to_string()),
        letter_proxy_box_id: template.proxy.map(|proxy| address(proxy.box_id)),
        letter_proxy_department_id: template.proxy.map(|proxy| proxy.department.to_string()),
    }
}

fn box_or_nothing(party: Option<&Party>) -> String {
    party.map(|party| address(party.box_id)).unwrap_or_default()
}

/// The kind of a message.
pub(super) fn kind_of(letter: &Letter) -> MessageType {
    match letter.kind {
        MessageKind::Letter => MessageType::Letter,
        MessageKind::Draft => MessageType::Draft,
        MessageKind::Template => MessageType::Template,
    }
}

fn is_reusable(letter: &Letter) -> bool {
    let template = letter.template.as_ref();
    template.is_some_and(|template| template.is_reusable)
}

/// All documents that the box knows of are deleted.
fn is_deleted(letter: &Letter, viewer: BoxId, upto: usize) -> bool {
    let mut documents = letter
        .documents_of(viewer, upto)
        .map(|(piece, details)| Flags::of(letter, piece.id(), details, viewer, upto).is_deleted)
        .peekable();
    documents.peek().is_some() && documents.all(|is_deleted| is_deleted)
}

/// What a patch changed about entities that were there.
fn entity_patches(
    letter: &Letter,
    viewer: BoxId,
    patch: &Patch,
    shown: &Shown,
) -> Vec<EntityPatch> {
    let all = || letter.documents().map(|(piece, _)| piece.id()).collect();
    let these = |one: &Option<Uuid>| -> Vec<Uuid> { one.map_or_else(all, |one| vec![one]) };
    let mut found = Vec::new();
    for fact in &patch.facts {
        let (entities, change): (Vec<Uuid>, EntityPatch) = match fact {
            Fact::Deleted { box_id, document } if *box_id == viewer => {
                let change = EntityPatch {
                    document_is_deleted: Some(true),
                    ..EntityPatch::default()
                };
                (these(document), change)
            }
            Fact::Restored { box_id, document } if *box_id == viewer => {
                let change = EntityPatch {
                    document_is_restored: Some(true),
                    ..EntityPatch::default()
                };
                (these(document), change)
            }
            Fact::Moved {
                box_id,
                document,
                department,
            } if *box_id == viewer => {
                let change = EntityPatch {
                    moved_to_department: Some(department.to_string()),
                    ..EntityPatch::default()
                };
                (vec![*document], change)
            }
            Fact::Edited { entity, .. } => {
                let change = EntityPatch {
                    content_is_patched: Some(true),
                    ..EntityPatch::default()
                };
                (vec![*entity], change)
            }
            _ => continue,
        };
        found.extend(entities.into_iter().map(|entity| EntityPatch {
            entity_id: entity.to_string(),
            document_is_deleted: Some(change.document_is_deleted()),
            document_is_restored: Some(change.document_is_restored()),
            content_is_patched: Some(change.content_is_patched()),
            ..change.clone()
        }));
    }
    found.retain(|change| {
        let piece = Uuid::parse_str(&change.entity_id)
            .ok()
            .and_then(|id| letter.piece(id));
        piece.is_some_and(|piece| is_shown(letter, piece, shown))
    });
    found
}
