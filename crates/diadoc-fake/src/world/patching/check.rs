//! What the operator does with a patch: it checks the signatures, confirms what has to be confirmed, and
//! delivers it to the other sides.

use diadoc_core::BoxId;
use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::refusals;
use crate::world::document_types::Format;
use crate::world::model::{Author, Fact, Letter, Patch, Piece, Scope, Task};
use crate::world::service::Service;
use crate::world::{Refusal, World};

impl World {
    /// Checks a patch and delivers it, or tells its author why not.
    pub(in crate::world) fn check_patch(
        &mut self,
        letter: Uuid,
        patch: Uuid,
    ) -> Result<(), Refusal> {
        let row = self.tables.letters.shared(&letter);
        let row = row.ok_or_else(refusals::invalid_state)?;
        let made = row.patches.iter().find(|one| one.id == patch);
        let made = made.ok_or_else(refusals::invalid_state)?;
        let Author::User { box_id, .. } = made.author else {
            return Ok(());
        };
        match signatures(made).all(is_valid) {
            true => self.deliver_patch(&row, made, box_id),
            false => self.refuse_patch(&row, made, box_id),
        }
    }

    fn deliver_patch(
        &mut self,
        letter: &Letter,
        made: &Patch,
        author: BoxId,
    ) -> Result<(), Refusal> {
        let mut facts = Vec::new();
        let has_stamp = |signature: &&Piece| {
            let mut stamped = letter.pieces().filter_map(|piece| piece.signature.as_ref());
            stamped.any(|one| one.original == Some(signature.id()))
        };
        // What was signed before the letter was sent may have one already.
        for signature in signatures(made).filter(|one| !has_stamp(one)) {
            let stamped = self.stamped(signature);
            facts.push(Fact::Added(Box::new(stamped)));
        }
        let other = match author == letter.sender.box_id {
            true => letter.recipient.map(|party| party.box_id),
            false => Some(letter.sender.box_id),
        };
        let confirmed = made.pieces().filter(|piece| is_confirmed(letter, piece));
        for file in confirmed.filter(|_| !letter.is_internal) {
            self.confirm(Service::CameIn, author, file, &mut facts);
            if let Some(other) = other {
                self.confirm(Service::WasSent, other, file, &mut facts);
            }
        }
        facts.push(Fact::PatchDelivered(made.id));
        self.add_patch(letter.id, Author::Operator, Scope::Everybody, facts)?;
        let is_proxy = letter.proxy.is_some_and(|proxy| proxy.box_id == author);
        let recipient = letter.recipient.map(|recipient| recipient.box_id);
        let is_on_its_way = recipient.is_some_and(|to| letter.seen_since(to).is_none());
        if is_proxy && is_on_its_way && signatures(made).next().is_some() {
            let letter = letter.id;
            self.later(self.operator_delay, Task::Deliver { letter });
        }
        Ok(())
    }

    /// Tells the author that the patch was not delivered: what came of its signatures, and that.
    fn refuse_patch(
        &mut self,
        letter: &Letter,
        made: &Patch,
        author: BoxId,
    ) -> Result<(), Refusal> {
        let signatures: Vec<_> = signatures(made).collect();
        let facts = self.failure(letter, &signatures, made.id);
        self.add_patch(letter.id, Author::Operator, Scope::Only(author), facts)?;
        Ok(())
    }
}

/// Signatures of a patch as they were made.
fn signatures(patch: &Patch) -> impl Iterator<Item = &Piece> {
    patch.pieces().filter(|piece| {
        let signature = piece.signature.as_ref();
        signature.is_some_and(|signature| signature.original.is_none())
    })
}

fn is_valid(piece: &Piece) -> bool {
    piece.signature.as_ref().is_some_and(|one| one.is_valid)
}

/// Whether the operator confirms a file, by the docflow of its document.
fn is_confirmed(letter: &Letter, file: &Piece) -> bool {
    let document = letter.document_of(file.id());
    let Some(details) = document.and_then(|document| document.document.as_deref()) else {
        return false;
    };
    let workflow = details.workflow_id;
    match file.entity.attachment_type() {
        AttachmentType::Title
        | AttachmentType::XmlTorg12BuyerTitle
        | AttachmentType::XmlAcceptanceCertificateBuyerTitle
        | AttachmentType::UniversalTransferDocumentBuyerTitle
        | AttachmentType::UniversalCorrectionDocumentBuyerTitle => {
            matches!(workflow, 16 | 18 | 19)
        }
        // Kinds 4, 5, 10 and 12 knew it as well, in an order that is no longer in force.
        AttachmentType::Receipt | AttachmentType::InvoiceReceipt => {
            matches!(workflow, 4 | 5 | 10 | 12 | 15..=18)
        }
        AttachmentType::InvoiceCorrectionRequest => workflow != 14,
        AttachmentType::XmlSignatureRejection => {
            Format::of(details).is_some_and(|format| format.version.is_formal)
        }
        AttachmentType::UniversalMessage => true,
        _ => false,
    }
}
