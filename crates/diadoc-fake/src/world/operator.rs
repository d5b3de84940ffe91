//! What the operator does by itself: it checks signatures, delivers letters and confirms that it did.

use std::collections::BTreeSet;

use bytes::Bytes;
use diadoc_core::BoxId;
use diadoc_proto::events::AttachmentType;
use diadoc_proto::{LockMode, SignatureVerificationResult};
use prost::Message as _;
use uuid::Uuid;

use super::model::{Author, Fact, Letter, MessageKind, Party, Patch, Piece, Scope, Task};
use super::service::{Form, Service};
use super::{Refusal, World};

impl World {
    /// Does what is due.
    pub(super) fn perform(&mut self, task: Task) -> Result<(), Refusal> {
        match task {
            Task::Deliver { letter } => self.deliver(letter),
            Task::Act { rule, document } => self.act(rule, document),
            Task::CheckPatch { letter, patch } => self.check_patch(letter, patch),
            Task::Archive {
                box_id,
                user,
                document,
                is_full,
                name,
            } => self.make_archive(box_id, user, document, is_full, name),
            Task::Invite { invitation } => self.invite(invitation),
        }
    }

    /// Notes that a thing could not be done, where somebody will ask for it.
    pub(super) fn give_up(&mut self, task: Task, why: &Refusal) {
        match task {
            Task::Invite { invitation } => self.fail_invitation(invitation, why),
            Task::Deliver { .. }
            | Task::Archive { .. }
            | Task::Act { .. }
            | Task::CheckPatch { .. } => {}
        }
    }

    /// Checks the signatures of the sender that nobody has checked yet, and delivers the letter to its
    /// next reader: the intermediate recipient, or the recipient.
    ///
    /// Documents whose signature is wrong stay with the sender; of a packet that is bound together none
    /// leaves without the others.
    fn deliver(&mut self, id: Uuid) -> Result<(), Refusal> {
        let letter = self.tables.letters.shared(&id);
        let letter = letter.ok_or_else(|| Refusal::not_found(format!("Message {id} not found")))?;
        if let (MessageKind::Template, Some(next)) = (letter.kind, next_reader(&letter)) {
            let facts = vec![Fact::Delivered(next.box_id)];
            self.add_patch(id, Author::Operator, Scope::Everybody, facts)?;
            return Ok(());
        }
        let signatures = unchecked(&letter);
        let (right, wrong): (Vec<_>, Vec<_>) =
            signatures.into_iter().partition(|one| is_right(one));
        if !wrong.is_empty() {
            let sender = letter.sender.box_id;
            let facts = self.failure(&letter, &wrong, letter.id);
            self.add_patch(id, Author::Operator, Scope::Only(sender), facts)?;
        }
        let is_bound = letter.lock != LockMode::None;
        if is_bound && !(wrong.is_empty() && is_signed_whole(&letter)) {
            return Ok(());
        }
        let facts = self.delivery(&letter, &right);
        if !facts.is_empty() {
            self.add_patch(id, Author::Operator, Scope::Everybody, facts)?;
        }
        Ok(())
    }

    /// What a delivery adds to a letter; nothing where there is nothing to deliver.
    fn delivery(&mut self, letter: &Letter, right: &[&Piece]) -> Vec<Fact> {
        let sender = letter.sender.box_id;
        let mut facts = Vec::new();
        for signature in right {
            let stamped = self.stamped(signature);
            facts.push(Fact::Added(Box::new(stamped)));
        }
        let upto = letter.patches.len();
        let new: BTreeSet<_> = right
            .iter()
            .filter(|one| !is_approving(one))
            .filter_map(|one| one.parent())
            .collect();
        let released: Vec<_> = letter
            .documents()
            .map(|(piece, _)| piece)
            .filter(|piece| new.contains(&piece.id()) || letter.is_released(piece.id(), upto))
            .collect();
        let next = next_reader(letter).filter(|_| !released.is_empty());
        // Within an organization nothing is confirmed.
        let confirmed = released.into_iter().filter(|_| !letter.is_internal);
        for document in confirmed {
            let is_new = new.contains(&document.id());
            if is_new {
                self.confirm(Service::CameIn, sender, document, &mut facts);
            }
            // Who has the letter already gets the confirmations of the documents that come after it.
            let readers = readers(letter).filter(|_| is_new);
            let readers: BTreeSet<_> = readers.chain(next.map(|next| next.box_id)).collect();
            for reader in readers {
                self.confirm(Service::WasSent, reader, document, &mut facts);
            }
        }
        facts.extend(next.map(|next| Fact::Delivered(next.box_id)));
        facts
    }

    /// Confirms a file to one side: that it came in, or that it was sent.
    pub(super) fn confirm(
        &mut self,
        service: Service,
        side: BoxId,
        file: &Piece,
        facts: &mut Vec<Fact>,
    ) {
        let id = self.new_id();
        let form = Form {
            service,
            id,
            at: self.now(),
            author: None,
            reader: self.tables.organizations.get(&side),
            about: file.entity.file_name(),
            signer: "",
            comment: "",
            codes: &[],
            named: None,
        };
        let (name, content) = (format!("{}.xml", form.file_id()), form.content());
        let kind = AttachmentType::InvoiceConfirmation;
        let mut piece = self.file(kind, Some(file.id()), Some(name), Some(content));
        piece.id = id;
        let content_type = match service {
            Service::CameIn => "send_confirmation_133_01_03",
            _ => "delivery_confirmation_133_01_03",
        };
        piece.entity.content_type_id = Some(content_type.to_owned());
        piece.only = Some(side);
        let mut signature = self.operator_signature(id);
        signature.only = Some(side);
        // As every signature that is right, its own is there with a time stamp, too.
        let stamped = self.stamped(&signature);
        let pieces = [piece, signature, stamped].map(|piece| Fact::Added(Box::new(piece)));
        facts.extend(pieces);
    }

    /// What the operator tells who has made wrong signatures: what came of the check of each, and that the
    /// event was not delivered, or a part of it.
    pub(super) fn failure(
        &mut self,
        letter: &Letter,
        checked: &[&Piece],
        event: Uuid,
    ) -> Vec<Fact> {
        let mut facts = Vec::new();
        for signature in checked {
            let result = SignatureVerificationResult {
                is_valid: is_right(signature),
                ..SignatureVerificationResult::default()
            };
            let kind = AttachmentType::SignatureVerificationReport;
            let content = Bytes::from(result.encode_to_vec());
            let report = self.file(kind, Some(signature.id()), None, Some(content));
            facts.push(Fact::Added(Box::new(report)));
        }
        let text = format!(
            "Ваше сообщение (id = {}) или его часть не была доставлена, поскольку некоторые подписи в \
             ней были признаны недействительными.",
            letter.id
        );
        let kind = AttachmentType::DeliveryFailureNotification;
        let name = Some("Notification.txt".to_owned());
        let mut notice = self.file(kind, None, name, Some(text.into()));
        notice.entity.not_delivered_event_id = Some(event.to_string());
        facts.push(Fact::Added(Box::new(notice)));
        facts
    }
}

fn is_approving(signature: &Piece) -> bool {
    let details = signature.signature.as_ref();
    details.is_some_and(|details| details.is_approvement)
}

fn is_right(signature: &Piece) -> bool {
    let details = signature.signature.as_ref();
    details.is_some_and(|details| details.is_valid)
}

/// The sender's signatures under documents of which the operator has said nothing yet.
fn unchecked(letter: &Letter) -> Vec<&Piece> {
    let told: BTreeSet<_> = letter
        .pieces()
        .filter_map(|piece| {
            let original = piece.signature.as_ref().and_then(|one| one.original);
            let kind = piece.entity.attachment_type();
            let is_report = kind == AttachmentType::SignatureVerificationReport;
            original.or_else(|| piece.parent().filter(|_| is_report))
        })
        .collect();
    let documents: BTreeSet<_> = letter.documents().map(|(piece, _)| piece.id()).collect();
    let is_unchecked = |piece: &&Piece| {
        let signature = piece.signature.as_ref();
        let is_senders = signature.is_some_and(|signature| {
            signature.signer.box_id == letter.sender.box_id && signature.original.is_none()
        });
        let parent = piece.parent();
        let is_of_document = parent.is_some_and(|parent| documents.contains(&parent));
        is_senders && is_of_document && !told.contains(&piece.id()) && !is_answer(letter, piece)
    };
    // An approving signature that goes to the other side by itself is checked with its own patch.
    let goes_by_itself = |patch: &Patch| matches!(patch.scope, Scope::OnceDelivered(_));
    let pieces = letter.patches.iter().flat_map(|patch| {
        let is_left = goes_by_itself(patch);
        patch
            .pieces()
            .filter(move |piece| !(is_left && is_approving(piece)))
    });
    pieces.filter(is_unchecked).collect()
}

/// In an internal letter both sides are one box: what comes after the first signature is the answer.
fn is_answer(letter: &Letter, signature: &Piece) -> bool {
    let mut made = letter.pieces().filter(|piece| {
        let details = piece.signature.as_ref();
        piece.parent() == signature.parent()
            && details.is_some_and(|one| one.original.is_none() && !one.is_approvement)
    });
    letter.is_internal
        && !is_approving(signature)
        && made
            .next()
            .is_some_and(|first| first.id() != signature.id())
}

/// Every document has the sender's signature.
fn is_signed_whole(letter: &Letter) -> bool {
    letter.documents().all(|(document, _)| {
        letter.pieces().any(|piece| {
            let signature = piece.signature.as_ref();
            piece.parent() == Some(document.id())
                && signature.is_some_and(|signature| {
                    !signature.is_approvement && signature.signer.box_id == letter.sender.box_id
                })
        })
    })
}

/// Who gets a letter next; none where everybody has it, or the intermediate recipient has not signed.
fn next_reader(letter: &Letter) -> Option<Party> {
    let is_open = letter
        .proxy
        .is_none_or(|proxy| !has(letter, proxy.box_id) || has_signed(letter, proxy.box_id));
    let mut parties = [letter.proxy, letter.recipient].into_iter().flatten();
    parties.find(|party| is_open && !has(letter, party.box_id))
}

/// Whether a box has signed a document of the letter or has answered with a title, and rightly. What it
/// signs besides, such as a refusal or a receipt, sends nothing on.
fn has_signed(letter: &Letter, box_id: BoxId) -> bool {
    let is_answer = |id: Uuid| {
        letter.piece(id).is_some_and(|file| {
            file.document.is_some() || file.entity.attachment_type() == AttachmentType::Title
        })
    };
    letter.pieces().any(|piece| {
        let signature = piece.signature.as_ref();
        let is_right = signature
            .is_some_and(|one| one.signer.box_id == box_id && one.is_valid && !one.is_approvement);
        is_right && piece.parent().is_some_and(is_answer)
    })
}

/// Who has got a letter.
fn readers(letter: &Letter) -> impl Iterator<Item = BoxId> {
    let parties = [letter.proxy, letter.recipient].into_iter().flatten();
    parties
        .map(|party| party.box_id)
        .filter(|box_id| has(letter, *box_id))
}

fn has(letter: &Letter, box_id: BoxId) -> bool {
    let mut facts = letter.patches.iter().flat_map(|patch| &patch.facts);
    facts.any(|fact| *fact == Fact::Delivered(box_id))
}
