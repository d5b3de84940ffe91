//! Signatures of a document and of what hangs on it, and what came of their checks.

use diadoc_core::BoxId;
use diadoc_proto::documents::SenderSignatureStatus;
use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::{DocumentState, Sighted, Signed};

/// What came of the check of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is not over yet.
    Unchecked,
    Valid,
    Invalid,
}

impl<'w> DocumentState<'w> {
    /// Signatures under a file, approving ones left out; one with a time stamp stands for the one that it
    /// was made of.
    pub(crate) fn signatures(&self, file: Uuid) -> impl DoubleEndedIterator<Item = Sighted<'w>> {
        let below = self.pieces.below(file);
        below.filter(|sighted| {
            let signature = sighted.piece.signature.as_ref();
            signature.is_some_and(|one| !one.is_approvement) && !self.is_stamped(sighted.id())
        })
    }

    /// Whether there is a signature with a time stamp for this one.
    pub(crate) fn is_stamped(&self, signature: Uuid) -> bool {
        self.pieces.is_stamped(signature)
    }

    /// The signature as it was made, which the operator has put a time stamp to.
    pub(crate) fn as_made(&self, signature: Sighted<'w>) -> Sighted<'w> {
        let details = signature.piece.signature.as_ref();
        let original = details.and_then(|details| details.original);
        let original = original.and_then(|id| self.pieces.get(id));
        original.unwrap_or(signature)
    }

    /// What the operator has said of a signature.
    pub(crate) fn verdict(&self, signature: Sighted<'_>) -> Verdict {
        let details = signature.piece.signature.as_ref();
        let report = AttachmentType::SignatureVerificationReport;
        match () {
            () if details.is_some_and(|one| one.original.is_some()) => Verdict::Valid,
            () if self.is_stamped(signature.id()) => Verdict::Valid,
            () if self.children(signature.id(), report).next().is_some() => Verdict::Invalid,
            () => Verdict::Unchecked,
        }
    }

    /// The last signature under a file that this box made.
    pub(crate) fn signature_of(&self, file: Uuid, box_id: BoxId) -> Option<Sighted<'w>> {
        self.signatures(file)
            .rfind(|sighted| sighted.signed_by() == Some(box_id))
    }

    /// A file with the signature of the one who made it.
    pub(crate) fn signed(&self, file: Sighted<'w>) -> Signed<'w> {
        Signed {
            file,
            signature: self.signatures(file.piece.id()).next(),
        }
    }

    /// The sender's title and signature.
    pub(crate) fn sender_title(&self) -> Signed<'w> {
        let id = self.document.piece.id();
        Signed {
            file: self.document,
            signature: match self.letter.is_internal {
                // Both sides are the same box: its first signature sends, what comes after it answers.
                true => self.signatures(id).next(),
                false => self.signature_of(id, self.letter.sender.box_id),
            },
        }
    }

    pub(crate) fn sender_signature_status(&self) -> SenderSignatureStatus {
        let signature = self.sender_title().signature;
        match signature.map(|signature| self.verdict(signature)) {
            None => SenderSignatureStatus::WaitingForSenderSignature,
            Some(Verdict::Unchecked) => SenderSignatureStatus::SenderSignatureUnchecked,
            Some(Verdict::Valid) => SenderSignatureStatus::SenderSignatureCheckedAndValid,
            Some(Verdict::Invalid) => SenderSignatureStatus::SenderSignatureCheckedAndInvalid,
        }
    }
}
