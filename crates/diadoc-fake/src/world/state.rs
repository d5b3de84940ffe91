//! What has become of a document: the one place where it is worked out.
//!
//! Every view, every filter and every check of a call asks here. A state is that of one document, as one
//! box sees it, after so many patches of the letter.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use diadoc_core::{BoxId, Ticks};
use diadoc_proto::UniversalMessageCodeGroup;
use diadoc_proto::documents::{
    GeneralReceiptStatus, ProxySignatureStatus, RecipientResponseStatus, RevocationStatus,
    SenderSignatureStatus,
};
use diadoc_proto::events::{AttachmentType, EntityType};
use uuid::Uuid;

use super::model::{
    ContentRef, DocumentDetails, DocumentKey, Fact, Letter, MessageKind, Party, Patch, Piece,
    SignatureDetails,
};
use super::workflow::{Receipt, Response, Workflow};

mod allowed;
mod pieces;
mod resolution;
mod revocation;

pub(crate) use pieces::Pieces;
pub(crate) use resolution::{Asked, Resolutions};
pub(crate) use revocation::Revocation;

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

/// An entity with the patch that brought it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sighted<'w> {
    pub patch: &'w Patch,
    pub piece: &'w Piece,
}

/// A file with the signature under it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed<'w> {
    pub file: Sighted<'w>,
    pub signature: Option<Sighted<'w>>,
}

/// What came of the check of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is not over yet.
    Unchecked,
    Valid,
    Invalid,
}

/// What facts have made of the document for the viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flags {
    pub is_read: bool,
    pub is_deleted: bool,
    pub department: Uuid,
    pub tags: BTreeMap<String, String>,
    pub packet: Option<Uuid>,
    /// Contents that came in the place of the first ones, by entity.
    pub edited: BTreeMap<Uuid, ContentRef>,
    /// Of a draft or template: it is used up.
    pub is_recycled: bool,
    /// The letters that were made of it.
    pub transformed_to: Vec<Uuid>,
}

/// Which way a document goes for the viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Inbound,
    Outbound,
    Internal,
}

impl Direction {
    /// Which way a letter goes for a box.
    pub(crate) fn of(letter: &Letter, viewer: BoxId) -> Self {
        match () {
            () if letter.is_internal => Self::Internal,
            () if letter.sender.box_id == viewer => Self::Outbound,
            () => Self::Inbound,
        }
    }

    /// The other side of a letter that goes this way.
    pub(crate) fn counteragent(self, letter: &Letter) -> Option<Party> {
        match self {
            Self::Internal => None,
            Self::Outbound => letter.recipient,
            Self::Inbound => Some(letter.sender),
        }
    }
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

    /// The signature as it was made, which the operator has put a time stamp to.
    pub(crate) fn as_made(&self, signature: Sighted<'w>) -> Sighted<'w> {
        let details = signature.piece.signature.as_ref();
        let original = details.and_then(|details| details.original);
        let original = original.and_then(|id| self.pieces.get(id));
        original.unwrap_or(signature)
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

    /// The letter has left the sender, if only for the intermediate recipient.
    pub(crate) fn is_sent(&self) -> bool {
        self.letter.patches.is_sent(self.upto)
    }

    /// The confirmation of the operator for a file, the one that the viewer has.
    pub(crate) fn confirmation(&self, file: Uuid) -> Option<Signed<'w>> {
        let confirmation = self
            .children(file, AttachmentType::InvoiceConfirmation)
            .next();
        confirmation.map(|file| self.signed(file))
    }

    /// The receipt for a file.
    pub(crate) fn receipt(&self, file: Uuid) -> Option<Signed<'w>> {
        let kinds = &[AttachmentType::Receipt, AttachmentType::InvoiceReceipt];
        let mut receipts = self.service(file, kinds, UniversalMessageCodeGroup::Receipt);
        receipts.next()
    }

    /// Service documents that hang on a file and count: in their own formats or, where there is none such,
    /// as universal messages of that purpose.
    fn service(
        &self,
        file: Uuid,
        kinds: &[AttachmentType],
        purpose: UniversalMessageCodeGroup,
    ) -> impl DoubleEndedIterator<Item = Signed<'w>> {
        // Signatures are looked up for those alone that are of the kind.
        let counting = |is_meant: &dyn Fn(&Sighted<'w>) -> bool| -> Vec<_> {
            let meant = self.attached(file).filter(is_meant);
            let signed = meant.map(|file| self.signed(file));
            let is_wrong = |signature| self.verdict(signature) == Verdict::Invalid;
            signed
                .filter(|one| !one.signature.is_some_and(is_wrong))
                .collect()
        };
        let mut found = counting(&|file| kinds.contains(&file.piece.entity.attachment_type()));
        if found.is_empty() {
            found = counting(&|file| {
                let info = file.piece.entity.universal_message_info.as_ref();
                info.is_some_and(|info| info.code_group() == purpose && !info.is_out_of_workflow())
            });
        }
        found.into_iter()
    }

    /// Where the recipient's receipt for the document stands, as the viewer sees it.
    pub(crate) fn receipt_status(&self) -> GeneralReceiptStatus {
        let is_due = self.workflow.needs_receipt && self.letter.kind == MessageKind::Letter;
        match () {
            () if self.receipt(self.key().entity).is_some() => GeneralReceiptStatus::Finished,
            () if !is_due => GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable,
            () if self.sender_title().signature.is_none() => {
                GeneralReceiptStatus::GeneralReceiptStatusUnknown
            }
            () if self.is_for_viewer() => GeneralReceiptStatus::HaveToCreateReceipt,
            () => GeneralReceiptStatus::WaitingForReceipt,
        }
    }

    /// The viewer is who has to answer.
    pub(crate) fn is_for_viewer(&self) -> bool {
        let recipient = self.letter.recipient;
        recipient.is_some_and(|recipient| recipient.box_id == self.viewer)
    }

    /// The recipient's title.
    ///
    /// One whose signature was wrong can be followed by another: the last one counts.
    pub(crate) fn recipient_title(&self) -> Option<Signed<'w>> {
        let recipient = self.letter.recipient?.box_id;
        let title = self.attached(self.key().entity).rfind(|sighted| {
            sighted.author() == Some(recipient)
                && matches!(
                    sighted.piece.entity.attachment_type(),
                    AttachmentType::Title
                        | AttachmentType::XmlTorg12BuyerTitle
                        | AttachmentType::XmlAcceptanceCertificateBuyerTitle
                        | AttachmentType::UniversalTransferDocumentBuyerTitle
                        | AttachmentType::UniversalCorrectionDocumentBuyerTitle
                )
        });
        title.map(|file| self.signed(file))
    }

    /// The recipient's signature under the document itself, where no title is due.
    pub(crate) fn recipient_signature(&self) -> Option<Sighted<'w>> {
        let recipient = self.letter.recipient?;
        match self.letter.is_internal {
            true => self.signatures(self.key().entity).skip(1).last(),
            false => self.signature_of(self.key().entity, recipient.box_id),
        }
    }

    /// The recipient's refusal to sign the document.
    pub(crate) fn rejection(&self) -> Option<Signed<'w>> {
        self.rejection_of(self.key().entity, self.letter.recipient?.box_id)
    }

    /// The refusal of that box to sign a file.
    pub(crate) fn rejection_of(&self, file: Uuid, box_id: BoxId) -> Option<Signed<'w>> {
        let kinds = &[
            AttachmentType::XmlSignatureRejection,
            AttachmentType::SignatureRequestRejection,
        ];
        let mut rejections = self.service(file, kinds, UniversalMessageCodeGroup::Rejection);
        rejections.find(|rejection| rejection.file.author() == Some(box_id))
    }

    /// What the recipient has answered.
    pub(crate) fn response_status(&self) -> RecipientResponseStatus {
        let title = self.recipient_title().and_then(|title| title.signature);
        let signature = self.recipient_signature().or(title);
        let is_due = self.workflow.expects_response();
        match (signature, self.rejection()) {
            (Some(signature), _) if self.verdict(signature) == Verdict::Invalid => {
                RecipientResponseStatus::InvalidRecipientSignature
            }
            (Some(_), _) => RecipientResponseStatus::WithRecipientSignature,
            (None, Some(_)) => RecipientResponseStatus::RecipientSignatureRequestRejected,
            (None, None) if self.letter.kind != MessageKind::Letter || !is_due => {
                RecipientResponseStatus::RecipientResponseStatusNotAcceptable
            }
            (None, None) if !self.is_sent() && self.sender_title().signature.is_none() => {
                RecipientResponseStatus::RecipientResponseStatusUnknown
            }
            (None, None) => RecipientResponseStatus::WaitingForRecipientSignature,
        }
    }

    /// The signature of the intermediate recipient.
    pub(crate) fn proxy_signature(&self) -> Option<Sighted<'w>> {
        self.signature_of(self.key().entity, self.letter.proxy?.box_id)
    }

    /// What the intermediate recipient has answered.
    pub(crate) fn proxy_status(&self) -> ProxySignatureStatus {
        let is_due = self.workflow.proxy_response != Response::None;
        let title = self.proxy_title().and_then(|title| title.signature);
        let signature = self.proxy_signature().or(title);
        match signature.map(|signature| self.verdict(signature)) {
            Some(Verdict::Invalid) => ProxySignatureStatus::InvalidProxySignature,
            Some(_) => ProxySignatureStatus::WithProxySignature,
            None if self.proxy_rejection().is_some() => {
                ProxySignatureStatus::ProxySignatureRejected
            }
            None if is_due => ProxySignatureStatus::WaitingForProxySignature,
            None => ProxySignatureStatus::ProxySignatureStatusNone,
        }
    }

    /// Where the sender's receipt for the recipient's title stands, as the viewer sees it.
    pub(crate) fn title_receipt_status(&self) -> GeneralReceiptStatus {
        let Some(title) = self.recipient_title().filter(|title| title.is_valid()) else {
            return GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable;
        };
        let is_due = match self.workflow.title_receipt {
            Receipt::Always => true,
            Receipt::OnRequest => title.file.piece.entity.need_receipt(),
            Receipt::Never => false,
        };
        match () {
            () if self.receipt(title.file.id()).is_some() => GeneralReceiptStatus::Finished,
            () if !is_due => GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable,
            () if self.letter.sender.box_id == self.viewer => {
                GeneralReceiptStatus::HaveToCreateReceipt
            }
            () => GeneralReceiptStatus::WaitingForReceipt,
        }
    }

    /// The refusal of the intermediate recipient.
    pub(crate) fn proxy_rejection(&self) -> Option<Signed<'w>> {
        self.rejection_of(self.key().entity, self.letter.proxy?.box_id)
    }

    /// The requests to amend the document, each with its signature.
    pub(crate) fn amendment_requests(&self) -> impl DoubleEndedIterator<Item = Signed<'w>> {
        let kinds = &[AttachmentType::InvoiceCorrectionRequest];
        let purpose = UniversalMessageCodeGroup::AmendmentRequest;
        self.service(self.key().entity, kinds, purpose)
    }

    /// Somebody asked to amend the recipient's title.
    pub(crate) fn asks_to_amend_title(&self) -> bool {
        self.recipient_title().is_some_and(|title| {
            let kinds = &[AttachmentType::InvoiceCorrectionRequest];
            let purpose = UniversalMessageCodeGroup::AmendmentRequest;
            let mut requests = self.service(title.file.id(), kinds, purpose);
            requests.next().is_some()
        })
    }

    /// The route of approval that the document was put on and not taken off.
    fn assigned_route(&self) -> Option<Uuid> {
        let of = |kind| self.children(self.key().entity, kind).next_back();
        let assigned = of(AttachmentType::ResolutionRouteAssignmentAttachment)?;
        let removed = of(AttachmentType::ResolutionRouteRemovalAttachment);
        if removed.is_some_and(|removed| removed.at() >= assigned.at()) {
            return None;
        }
        let info = assigned
            .piece
            .entity
            .resolution_route_assignment_info
            .as_ref()?;
        Uuid::parse_str(&info.route_id).ok()
    }

    /// The route that asks for an answer now; none where it was refused, has come to its end, or the
    /// document was taken off it.
    pub(crate) fn open_route(&self) -> Option<Uuid> {
        self.assigned_route()?;
        let (request, route, _) = self.last_step()?;
        let resolutions = self.resolutions();
        let mut open = resolutions.open();
        open.any(|asked| asked.request.id() == request)
            .then_some(route)
    }

    /// The last request that the document's route has made, with the route and the step.
    pub(crate) fn last_step(&self) -> Option<(Uuid, Uuid, usize)> {
        let patches = self.letter.patches.iter().take(self.upto);
        let facts = patches.flat_map(|patch| &patch.facts);
        let mut steps = facts.filter_map(|fact| match fact {
            Fact::Routed {
                box_id,
                document,
                request,
                route,
                step,
            } if *box_id == self.viewer && *document == self.key().entity => {
                Some((*request, *route, *step))
            }
            _ => None,
        });
        steps.next_back()
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

impl Signed<'_> {
    /// The signature under it was found right.
    pub(crate) fn is_valid(&self) -> bool {
        self.signature.is_some_and(Sighted::is_valid)
    }
}

impl<'w> Sighted<'w> {
    pub(crate) fn id(self) -> Uuid {
        self.piece.id()
    }

    pub(crate) fn at(self) -> Ticks {
        self.patch.at
    }

    /// The box that brought it; none where it was the operator.
    pub(crate) fn author(self) -> Option<BoxId> {
        match self.patch.author {
            super::model::Author::Operator => None,
            super::model::Author::User { box_id, .. } => Some(box_id),
        }
    }

    /// The box that signed; none of a file.
    pub(crate) fn signed_by(self) -> Option<BoxId> {
        let signature: &SignatureDetails = self.piece.signature.as_ref()?;
        Some(signature.signer.box_id)
    }

    pub(crate) fn is_valid(self) -> bool {
        let signature = self.piece.signature.as_ref();
        signature.is_some_and(|signature| signature.is_valid)
    }
}

impl Flags {
    /// What facts among the first `upto` patches have made of a document.
    pub(crate) fn of(
        letter: &Letter,
        document: Uuid,
        details: &DocumentDetails,
        viewer: BoxId,
        upto: usize,
    ) -> Self {
        let party = letter.recipient.filter(|to| to.box_id == viewer);
        let party = party.or_else(|| letter.party(viewer));
        let mut flags = Self {
            is_read: letter.sender.box_id == viewer,
            is_deleted: false,
            department: party.map_or(super::HEAD_DEPARTMENT, |party| party.department),
            tags: details.custom_data.clone(),
            packet: details.packet,
            edited: BTreeMap::new(),
            is_recycled: false,
            transformed_to: Vec::new(),
        };
        for (_, patch) in letter.patches_of(viewer, upto) {
            for fact in &patch.facts {
                flags.take(fact, document, viewer);
            }
            // Reading by the API leaves no mark, but who signs a document counts as having read it.
            flags.is_read |= patch.is_signed_by(viewer, |entity| {
                letter.patches.document_of(entity) == Some(document)
            });
        }
        flags
    }

    fn take(&mut self, fact: &Fact, about: Uuid, viewer: BoxId) {
        let all_or_this = |document: &Option<Uuid>| document.is_none_or(|one| one == about);
        match fact {
            Fact::Read { box_id, document } if *box_id == viewer && *document == about => {
                self.is_read = true;
            }
            Fact::Deleted { box_id, document } if *box_id == viewer && all_or_this(document) => {
                self.is_deleted = true;
            }
            Fact::Restored { box_id, document } if *box_id == viewer && all_or_this(document) => {
                self.is_deleted = false;
            }
            Fact::Moved {
                box_id,
                document,
                department,
            } if *box_id == viewer && *document == about => self.department = *department,
            Fact::Tagged {
                document,
                key,
                value,
            } if *document == about => {
                match value {
                    Some(value) => self.tags.insert(key.clone(), value.clone()),
                    None => self.tags.remove(key),
                };
            }
            Fact::Packed { document, packet } if *document == about => self.packet = *packet,
            Fact::Edited { entity, content } => {
                self.edited.insert(*entity, *content);
            }
            Fact::Recycled { letters } => {
                self.is_recycled = true;
                self.transformed_to.extend(letters);
            }
            _ => {}
        }
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
