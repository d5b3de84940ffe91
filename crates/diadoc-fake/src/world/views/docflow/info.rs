//! What does not depend on the state of the docflow: type, participants, metadata, links, packet.

use diadoc_core::BoxId;
use diadoc_proto::docflow::{
    DocumentDraftInfo, DocumentInfoV3, DocumentInfoV5, DocumentLetterInfo, DocumentLinks,
    DocumentParticipant, DocumentParticipants, DocumentTemplateInfo, DocumentTemplateInfoV2,
    PacketInfo, TemplateRefusalInfo,
};
use diadoc_proto::documents::{DocumentParticipantV2, DocumentParticipantsV2, MessageType, Origin};
use diadoc_proto::events::{AttachmentType, MetadataItem};
use diadoc_proto::workflows::participant_type::ParticipantType;
use diadoc_proto::{DocumentId, FullVersion};

use super::parts::boxed;
use super::{Docflows, document_id};
use crate::world::model::{DocumentKey, Fact, MessageKind, Party};
use crate::world::state::DocumentState;
use crate::world::views::document;
use crate::world::views::participants::participant;

impl Docflows<'_> {
    pub(super) fn info_v3(&self) -> DocumentInfoV3 {
        let v5 = self.info_v5();
        let letter = self.state.letter;
        DocumentInfoV3 {
            full_version: v5.full_version,
            message_type: v5.message_type,
            workflow_id: v5.workflow_id,
            participants: participants(
                letter.sender,
                letter.proxy,
                letter.recipient,
                letter.is_internal,
            ),
            document_direction: v5.document_direction,
            department_id: v5.department_id,
            custom_document_id: v5.custom_document_id,
            metadata: v5.metadata,
            custom_data: v5.custom_data,
            document_links: v5.document_links,
            packet_info: v5.packet_info,
            is_read: v5.is_read,
            is_deleted: v5.is_deleted,
            is_invitation: v5.is_invitation,
            letter_info: v5.letter_info,
            draft_info: v5.draft_info,
            template_info: self.template_info().map(Box::new),
            origin: v5.origin,
            editing_setting_id: v5.editing_setting_id,
            has_unread_out_of_workflow_universal_messages: v5
                .has_unread_out_of_workflow_universal_messages,
        }
    }

    pub(super) fn info_v5(&self) -> DocumentInfoV5 {
        let state = self.state;
        let details = state.details;
        let letter = state.letter;
        let proxy = self.proxy_participant();
        let participants = [
            Some(self.sender_participant()),
            proxy,
            self.recipient_participant(),
        ];
        DocumentInfoV5 {
            full_version: FullVersion {
                type_named_id: details.type_named_id.clone(),
                function: details.function.clone(),
                version: details.version.clone(),
            },
            message_type: message_type(letter.kind).into(),
            workflow_id: details.workflow_id,
            participants: DocumentParticipantsV2 {
                participants: participants.into_iter().flatten().collect(),
            },
            document_direction: document::direction(state).into(),
            department_id: state.flags.department.to_string(),
            custom_document_id: details.custom_document_id.clone(),
            metadata: metadata(state),
            custom_data: document::custom_data(state),
            document_links: self.links(),
            packet_info: self.packet_info(),
            is_read: state.flags.is_read,
            is_deleted: state.flags.is_deleted,
            is_invitation: details.is_invitation,
            letter_info: (letter.kind == MessageKind::Letter).then(|| {
                Box::new(DocumentLetterInfo {
                    is_encrypted: details.is_encrypted,
                    forward_document_events: Vec::new(),
                    is_test: letter.is_test,
                })
            }),
            draft_info: (letter.kind == MessageKind::Draft).then(|| {
                Box::new(DocumentDraftInfo {
                    is_recycled: state.flags.is_recycled,
                    is_locked: letter.draft_is_locked,
                    transformed_to_letter_ids: self.transformed_to(),
                })
            }),
            template_info: self.template_info_v2().map(Box::new),
            origin: details.origin.map(|origin| {
                Box::new(Origin {
                    message_type: message_type(origin.kind).into(),
                    message_id: origin.letter.to_string(),
                })
            }),
            editing_setting_id: Some(details.editing_setting_id.clone().unwrap_or_default()),
            has_unread_out_of_workflow_universal_messages: Some(false),
        }
    }

    /// The documents that this one hangs together with, those that the viewer knew of at that time.
    pub(super) fn links(&self) -> DocumentLinks {
        let key = self.state.key();
        let details = self.state.details;
        let tables = &self.world.tables;
        let of = |given: &[DocumentKey],
                  found: Option<&std::collections::BTreeSet<DocumentKey>>| {
            let mut keys = given.to_vec();
            for found in found.into_iter().flatten() {
                if !keys.contains(found) {
                    keys.push(*found);
                }
            }
            let known = keys.into_iter().filter(|key| self.knows(*key));
            known.map(document_id).collect::<Vec<DocumentId>>()
        };
        DocumentLinks {
            initial_ids: of(&details.initial, tables.above.get(&key)),
            subordinate_ids: of(&details.subordinate, tables.below.get(&key)),
        }
    }

    /// Whether the viewer knew of another document at the time of the state.
    fn knows(&self, other: DocumentKey) -> bool {
        let own = &self.state.letter.patches;
        if self.state.upto == own.len() {
            return self.world.knows(self.state.viewer, other);
        }
        let last = self.state.upto.checked_sub(1);
        let moment = last.and_then(|last| own.get(last)).map(|patch| patch.at);
        let Some(letter) = self.world.tables.letters.get(&other.letter) else {
            return false;
        };
        let upto = moment.map_or(0, |moment| letter.patches.upto(moment));
        letter
            .piece_of(self.state.viewer, upto, other.entity)
            .is_some()
    }

    fn packet_info(&self) -> PacketInfo {
        let state = self.state;
        let packet = state
            .flags
            .packet
            .filter(|_| state.letter.kind == MessageKind::Letter);
        let mut patches = state.letter.patches_of(state.viewer, state.upto);
        let about = state.key().entity;
        let added = patches.rfind(|(_, patch)| {
            let mut facts = patch.facts.iter();
            facts.any(|fact| matches!(fact, Fact::Packed { document, .. } if *document == about))
        });
        let added = added.map_or(state.created(), |(_, patch)| patch.at);
        PacketInfo {
            lock_mode: state.letter.lock.into(),
            packet_id: packet.map(|packet| packet.to_string()),
            added_at: packet.and_then(|_| boxed(added)),
        }
    }

    fn transformed_to(&self) -> Vec<String> {
        let letters = self.state.flags.transformed_to.iter();
        letters.map(ToString::to_string).collect()
    }

    fn template_info(&self) -> Option<DocumentTemplateInfo> {
        let v2 = self.template_info_v2()?;
        let template = self.state.letter.template.as_ref()?;
        let recipient = Some(template.recipient);
        Some(DocumentTemplateInfo {
            letter_participants: participants(template.sender, template.proxy, recipient, false),
            transformed_to_letter_ids: v2.transformed_to_letter_ids,
            template_transformation_infos: v2.template_transformation_infos,
            template_refusal_info: v2.template_refusal_info,
            is_reusable: v2.is_reusable,
        })
    }

    fn template_info_v2(&self) -> Option<DocumentTemplateInfoV2> {
        let template = self.state.letter.template.as_ref()?;
        let parties = [
            Some((template.sender, ParticipantType::Sender)),
            template.proxy.map(|proxy| (proxy, ParticipantType::Proxy)),
            Some((template.recipient, ParticipantType::Recipient)),
        ];
        Some(DocumentTemplateInfoV2 {
            letter_participants: DocumentParticipantsV2 {
                participants: parties
                    .into_iter()
                    .flatten()
                    .map(|(party, kind)| participant(self.state, party, kind))
                    .collect(),
            },
            transformed_to_letter_ids: self.transformed_to(),
            template_transformation_infos: Vec::new(),
            template_refusal_info: self.template_refusal().map(Box::new),
            is_reusable: Some(template.is_reusable),
        })
    }

    fn template_refusal(&self) -> Option<TemplateRefusalInfo> {
        let document = self.state.key().entity;
        let refusal = self
            .state
            .children(document, AttachmentType::TemplateRefusal)
            .next()?;
        let info = refusal.piece.entity.template_refusal_info.clone()?;
        Some(TemplateRefusalInfo {
            box_id: info.box_id,
            author_user_id: Some(super::resolution::author(refusal)),
            comment: info.comment,
        })
    }

    pub(super) fn sender_participant(&self) -> DocumentParticipantV2 {
        let letter = self.state.letter;
        participant(self.state, letter.sender, ParticipantType::Sender)
    }

    pub(super) fn proxy_participant(&self) -> Option<DocumentParticipantV2> {
        let party = self.state.letter.proxy?;
        Some(participant(self.state, party, ParticipantType::Proxy))
    }

    pub(super) fn recipient_participant(&self) -> Option<DocumentParticipantV2> {
        let party = self.state.letter.recipient?;
        Some(participant(self.state, party, ParticipantType::Recipient))
    }

    /// The participant whose box that is.
    pub(super) fn participant_of(&self, box_id: BoxId) -> Option<DocumentParticipantV2> {
        let letter = self.state.letter;
        let is = |party: Option<Party>| party.is_some_and(|party| party.box_id == box_id);
        match () {
            () if letter.sender.box_id == box_id => Some(self.sender_participant()),
            () if is(letter.recipient) => self.recipient_participant(),
            () if is(letter.proxy) => self.proxy_participant(),
            () => None,
        }
    }
}

fn participants(
    sender: Party,
    proxy: Option<Party>,
    recipient: Option<Party>,
    is_internal: bool,
) -> DocumentParticipants {
    let of = |party: Party| DocumentParticipant {
        box_id: party.box_id.address().to_string(),
        department_id: Some(party.department.to_string()),
        is_roaming: false,
    };
    DocumentParticipants {
        sender: of(sender),
        proxy: proxy.map(|party| Box::new(of(party))),
        recipient: recipient.map(|party| Box::new(of(party))),
        is_internal,
        is_cross_border: false,
    }
}

fn message_type(kind: MessageKind) -> MessageType {
    match kind {
        MessageKind::Letter => MessageType::Letter,
        MessageKind::Draft => MessageType::Draft,
        MessageKind::Template => MessageType::Template,
    }
}

/// The metadata with dates as these methods have them: `2025-05-29T00:00:00.0000000Z`.
fn metadata(state: &DocumentState<'_>) -> Vec<MetadataItem> {
    let items = document::metadata(state).into_iter();
    items
        .map(|MetadataItem { key, value }| MetadataItem {
            value: iso_date(&value).unwrap_or(value),
            key,
        })
        .collect()
}

/// A day `dd.MM.yyyy` as its first moment in ISO 8601; none of another text.
fn iso_date(text: &str) -> Option<String> {
    let is_digit = |at: usize| text.as_bytes()[at].is_ascii_digit();
    let is_day = text.len() == 10
        && (0..10).all(|at| match at {
            2 | 5 => text.as_bytes()[at] == b'.',
            at => is_digit(at),
        });
    is_day.then(|| {
        let (day, month, year) = (&text[..2], &text[3..5], &text[6..]);
        format!("{year}-{month}-{day}T00:00:00.0000000Z")
    })
}

#[cfg(test)]
mod tests {
    use super::iso_date;

    #[test]
    fn days_alone_become_moments() {
        let known = Some("2025-05-29T00:00:00.0000000Z".to_owned());
        assert_eq!(iso_date("29.05.2025"), known);
        for other in ["", "29.05.25", "29-05-2025", "Договор", "2905.20255"] {
            assert_eq!(iso_date(other), None, "{other}");
        }
    }
}
