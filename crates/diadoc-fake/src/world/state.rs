//! What has become of a document: the one place where it is worked out.
//!
//! Every view, every filter and every check of a call asks here. A state is that of one document, as one
//! box sees it, after so many patches of the letter.

use std::cell::OnceCell;
use std::collections::HashMap;

use diadoc_core::{BoxId, Ticks};
use diadoc_proto::documents::{GeneralReceiptStatus, RecipientResponseStatus, RevocationStatus};
use diadoc_proto::events::{AttachmentType, EntityType};
use uuid::Uuid;

use super::model::{DocumentDetails, DocumentKey, Letter, MessageKind, Party, Patch};
use super::workflow::{Response, Workflow};

mod allowed;
mod answers;
mod direction;
mod flags;
mod pieces;
mod receipts;
mod resolution;
mod revocation;
mod route;
mod sighted;
mod signatures;

pub(crate) use direction::Direction;
pub(crate) use flags::Flags;
pub(crate) use pieces::Pieces;
pub(crate) use resolution::{Asked, Resolutions};
pub(crate) use revocation::Revocation;
pub(crate) use sighted::{Sighted, Signed};
pub(crate) use signatures::Verdict;

/// The state of a document.
#[derive(Debug)]
pub(crate) struct DocumentState<'w> {
    pub letter: &'w Letter,
    /// Who looks.
    pub viewer: BoxId,
    /// After how many patches.
    pub upto: usize,
    pub document: Sighted<'w>,
    pub details: &'w DocumentDetails,
    pub workflow: Workflow,
    /// Every entity that the viewer knows of and that hangs on the document, directly or not; the
    /// document among them.
    pub pieces: Pieces<'w>,
    pub flags: Flags,
    /// When the recipient got it.
    pub delivered: Option<Ticks>,
    /// What ended requests for approval, by the request; worked out when it is asked for.
    ended: OnceCell<HashMap<Uuid, Uuid>>,
}

impl<'w> DocumentState<'w> {
    /// The state of that document; none where the viewer does not know of it.
    pub(crate) fn of(
        letter: &'w Letter,
        document: Uuid,
        viewer: BoxId,
        upto: usize,
    ) -> Option<Self> {
        let (patch, piece) = letter.piece_of(viewer, upto, document)?;
        let details = piece.document.as_deref()?;
        Some(Self {
            letter,
            viewer,
            upto,
            document: Sighted { patch, piece },
            details,
            workflow: Workflow::of(details, letter),
            pieces: Pieces::of(letter, document, viewer, upto),
            flags: Flags::of(letter, document, details, viewer, upto),
            delivered: letter
                .recipient
                .and_then(|to| delivered(letter, document, to.box_id, upto)),
            ended: OnceCell::new(),
        })
    }

    pub(crate) fn key(&self) -> DocumentKey {
        DocumentKey {
            letter: self.letter.id,
            entity: self.document.piece.id(),
        }
    }

    /// When the document was posted.
    pub(crate) fn created(&self) -> Ticks {
        self.document.patch.at
    }

    /// When the sender sent it: by signing it.
    pub(crate) fn sent(&self) -> Option<Ticks> {
        let signature = self.sender_title().signature?;
        Some(self.as_made(signature).at())
    }

    /// When the viewer got it.
    pub(crate) fn seen(&self) -> Option<Ticks> {
        delivered(self.letter, self.key().entity, self.viewer, self.upto)
    }

    /// The bytes of its content, the last one where it was edited.
    pub(crate) fn content_size(&self) -> Option<i32> {
        let edited = self.flags.edited.get(&self.key().entity).copied();
        Some(edited.or(self.document.piece.content)?.size)
    }

    /// The last patch that the viewer knows of and that is about this document.
    pub(crate) fn last_patch(&self) -> &'w Patch {
        let mut patches = self.letter.patches_of(self.viewer, self.upto);
        let about = |patch: &Patch| {
            !patch.is_silent() && super::publish::touches(self.letter, patch, self.key().entity)
        };
        let last = patches.rfind(|(_, patch)| about(patch));
        last.map_or(self.document.patch, |(_, patch)| patch)
    }

    pub(crate) fn direction(&self) -> Direction {
        Direction::of(self.letter, self.viewer)
    }

    /// The viewer is the intermediate recipient.
    pub(crate) fn is_proxy(&self) -> bool {
        self.letter
            .proxy
            .is_some_and(|proxy| proxy.box_id == self.viewer)
    }

    /// The other side: of the sender the recipient, of all others the sender.
    pub(crate) fn counteragent(&self) -> Option<Party> {
        self.direction().counteragent(self.letter)
    }

    /// Entities of that type that hang directly on another one.
    pub(crate) fn children(
        &self,
        parent: Uuid,
        kind: AttachmentType,
    ) -> impl DoubleEndedIterator<Item = Sighted<'w>> {
        let kind = kind as i32;
        self.attached(parent)
            .filter(move |sighted| sighted.piece.entity.attachment_type == Some(kind))
    }

    /// Files that hang directly on an entity.
    pub(crate) fn attached(&self, parent: Uuid) -> impl DoubleEndedIterator<Item = Sighted<'w>> {
        let below = self.pieces.below(parent);
        below.filter(|sighted| sighted.piece.entity.entity_type() == EntityType::Attachment)
    }

    /// The letter has left the sender, if only for the intermediate recipient.
    pub(crate) fn is_sent(&self) -> bool {
        self.letter.patches.is_sent(self.upto)
    }

    /// The viewer is who has to answer.
    pub(crate) fn is_for_viewer(&self) -> bool {
        let recipient = self.letter.recipient;
        recipient.is_some_and(|recipient| recipient.box_id == self.viewer)
    }

    /// The last proposal to revoke the document.
    pub(crate) fn revocation(&self) -> Option<Revocation<'w>> {
        Revocation::of(self)
    }

    pub(crate) fn revocation_status(&self) -> RevocationStatus {
        match self.revocation() {
            None => RevocationStatus::RevocationStatusNone,
            Some(revocation) => revocation.status(self),
        }
    }

    /// Approvals of the document in the viewer's organization.
    pub(crate) fn resolutions(&self) -> Resolutions<'w> {
        self.resolutions_on(self.key().entity)
    }

    /// Approvals of a file that hangs on the document, such as a proposal to revoke it.
    pub(crate) fn resolutions_on(&self, file: Uuid) -> Resolutions<'w> {
        Resolutions::of(self, file)
    }

    /// Nothing more is due from anybody.
    pub(crate) fn is_finished(&self) -> bool {
        use RecipientResponseStatus as Answer;
        let response = self.response_status();
        let is_answered = matches!(
            response,
            Answer::WithRecipientSignature
                | Answer::WithRecipientPartiallySignature
                | Answer::RecipientSignatureRequestRejected
                | Answer::RecipientResponseStatusNotAcceptable
        ) || self.workflow.response == Response::Optional;
        let is_received = matches!(
            self.receipt_status(),
            GeneralReceiptStatus::Finished
                | GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable
        );
        let is_revoked = self.revocation_status() == RevocationStatus::RevocationAccepted;
        self.letter.kind == MessageKind::Letter
            && (is_revoked || (self.delivered.is_some() && is_answered && is_received))
    }
}

/// When a box got a document, of what happened in the first `upto` patches.
fn delivered(letter: &Letter, document: Uuid, box_id: BoxId, upto: usize) -> Option<Ticks> {
    let since = letter.seen_since(box_id)?;
    let since = match letter.kind {
        MessageKind::Letter => since.max(letter.released(document)?),
        _ => since,
    };
    let place = since.checked_sub(1).filter(|place| *place < upto)?;
    Some(letter.patches.get(place)?.at)
}
