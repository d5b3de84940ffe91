//! Changes of what a document has: tags, content, and the recipient's own check of signatures.

use diadoc_proto::SignatureVerificationResult;
use diadoc_proto::events::{
    AttachmentType, CustomDataPatch, CustomDataPatchOperation, EditingPatch, SignatureVerification,
};
use prost::Message as _;

use super::assembly::{Assembly, File, Place};
use super::refusals;
use crate::world::Refusal;
use crate::world::model::{Action, Fact};

/// So many tags a document has at most.
const MOST_TAGS: usize = 30;

impl Assembly<'_> {
    pub(super) fn tag(&mut self, at: &Place, one: &CustomDataPatch) -> Result<(), Refusal> {
        if at.entity != at.document {
            return Err(refusals::wrong_parent(at));
        }
        let tags = &self.state(at)?.flags.tags;
        let lower = one.key.to_lowercase();
        let known = tags.keys().find(|key| key.to_lowercase() == lower).cloned();
        let value = match one.operation() {
            CustomDataPatchOperation::Set => Some(one.value().to_owned()),
            _ => None,
        };
        if value.is_some() && known.is_none() && tags.len() >= MOST_TAGS {
            return Err(Refusal::bad_request(format!(
                "{}: a document has at most {MOST_TAGS} tags",
                at.path
            )));
        }
        if value.is_none() && known.is_none() {
            // Nothing to remove; the patch says all the same that it was asked for.
            return Ok(());
        }
        self.add(Fact::Tagged {
            document: at.document,
            key: known.unwrap_or_else(|| one.key.clone()),
            value,
        });
        let author = self.actor.user.to_string();
        let file = File {
            kind: AttachmentType::CustomData,
            parent: at.document,
            ..File::default()
        };
        self.add_file(file, |entity| entity.author_user_id = Some(author));
        self.is_for_all();
        Ok(())
    }

    pub(super) fn edit(&mut self, at: &Place, one: &EditingPatch) -> Result<(), Refusal> {
        self.actor.needs(Action::CreateDocuments)?;
        if at.entity != at.document {
            return Err(refusals::wrong_parent(at));
        }
        let state = self.state(at)?;
        let can = state.details.editing_setting_id.is_some() && state.can_send();
        if !can {
            return Err(refusals::invalid_state());
        }
        let content = self.unsigned(at, &one.content)?;
        let content = self.world.keep_content(content);
        self.add(Fact::Edited {
            entity: at.entity,
            content,
        });
        let author = self.actor.user.to_string();
        let file = File {
            kind: AttachmentType::Edition,
            parent: at.document,
            labels: &one.labels,
            ..File::default()
        };
        self.add_file(file, |entity| entity.author_user_id = Some(author));
        self.is_for_all();
        Ok(())
    }

    pub(super) fn verify(
        &mut self,
        at: &Place,
        one: &SignatureVerification,
    ) -> Result<(), Refusal> {
        let state = self.state(at)?;
        if at.entity != at.document || !state.details.is_encrypted {
            return Err(refusals::unsupported(at));
        }
        if !state.is_for_viewer() {
            return Err(refusals::invalid_state());
        }
        let Some(signature) = state.sender_title().signature.map(|one| one.id()) else {
            return Err(refusals::invalid_state());
        };
        let result = SignatureVerificationResult {
            is_valid: one.is_valid,
            ..SignatureVerificationResult::default()
        };
        let file = File {
            kind: AttachmentType::SignatureVerificationReport,
            parent: signature,
            content: Some(result.encode_to_vec().into()),
            labels: &one.labels,
            is_internal: true,
            ..File::default()
        };
        self.add_file(file, |_| {});
        Ok(())
    }
}
