//! What the recipient of a letter did with it.

use diadoc_proto::events::{
    self, DocumentSignature, RecipientTitleAttachment, SignedContent,
    XmlSignatureRejectionAttachment,
};
use uuid::Uuid;

use super::{LetterBuilder, LetterState};
use crate::world::model::DocumentKey;
use crate::world::patching::Order;
use crate::world::state::DocumentState;
use crate::world::workflow::Response;
use crate::world::{Refusal, World, signature};

impl World {
    /// The recipient's answer to a letter: a signature, a title or a refusal, as its document asks.
    #[expect(
        deprecated,
        reason = "refusals in formats of old are the ones that every type has"
    )]
    pub(super) fn answer_to(&self, id: Uuid, letter: &LetterBuilder) -> Result<Order, Refusal> {
        let gone = || Refusal::conflict("the letter has not been delivered");
        let row = self.tables.letters.get(&id).ok_or_else(gone)?;
        let (piece, _) = row.documents().next().ok_or_else(gone)?;
        let key = DocumentKey {
            letter: id,
            entity: piece.id(),
        };
        let upto = row.patches.len();
        let state = DocumentState::of(row, key.entity, letter.to, upto).ok_or_else(gone)?;
        let parent_entity_id = key.entity.to_string();
        let signed = |content: &'static str| SignedContent {
            content: Some(content.into()),
            signature: Some(signature::made_up("recipient")),
            ..SignedContent::default()
        };
        let mut patch = events::MessagePatchToPost {
            box_id: letter.to.address().to_string(),
            message_id: id.to_string(),
            ..events::MessagePatchToPost::default()
        };
        let is_formal = letter.format()?.version.is_formal;
        match (letter.state, state.workflow.response) {
            (LetterState::Refused, _) if is_formal => {
                let one = XmlSignatureRejectionAttachment {
                    parent_entity_id,
                    signed_content: signed("<Файл ИдФайл=\"DP_UVUTOCH\"/>"),
                    ..XmlSignatureRejectionAttachment::default()
                };
                patch.xml_signature_rejections.push(one);
            }
            (LetterState::Refused, _) => {
                let one = events::RequestedSignatureRejection {
                    parent_entity_id,
                    signed_content: signed("Отказ"),
                    ..events::RequestedSignatureRejection::default()
                };
                patch.requested_signature_rejections.push(one);
            }
            (_, Response::Title) => {
                let one = RecipientTitleAttachment {
                    parent_entity_id,
                    signed_content: signed("<Файл ИдФайл=\"ON_NSCHFDOPPOK\"/>"),
                    ..RecipientTitleAttachment::default()
                };
                patch.recipient_titles.push(one);
            }
            _ => {
                let one = DocumentSignature {
                    parent_entity_id,
                    signature: Some(signature::made_up("recipient")),
                    ..DocumentSignature::default()
                };
                patch.signatures.push(one);
            }
        }
        Ok(patch.into())
    }
}
