//! The statuses that a search asks for.

use diadoc_core::DocumentStatus;
use diadoc_proto::docflow::ResolutionStatus;
use diadoc_proto::documents::{
    GeneralReceiptStatus, ProxySignatureStatus, RecipientResponseStatus, RevocationStatus,
    SenderSignatureStatus,
};

use crate::world::document_types::Format;
use crate::world::state::DocumentState;

/// A set of statuses: a bit for each member of [`DocumentStatus::ALL`], in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Statuses(u64);

impl Statuses {
    /// All that a document has.
    pub(crate) fn of(state: &DocumentState<'_>) -> Self {
        let facts = Facts::of(state);
        let statuses = DocumentStatus::ALL.iter().enumerate();
        let bits = statuses.filter(|(_, status)| facts.has(status));
        Self(bits.fold(0, |bits, (index, _)| bits | 1 << index))
    }

    /// Whether one is among them. Every document has any status, and none has one that is not known.
    pub(crate) fn contains(self, status: &DocumentStatus) -> bool {
        let index = DocumentStatus::ALL.iter().position(|one| one == status);
        match index {
            Some(index) => self.0 >> index & 1 == 1,
            None => *status == DocumentStatus::AnyStatus,
        }
    }
}

/// What statuses are told by.
struct Facts {
    sender: SenderSignatureStatus,
    response: RecipientResponseStatus,
    proxy: ProxySignatureStatus,
    receipts: [GeneralReceiptStatus; 2],
    revocation: RevocationStatus,
    approval: ResolutionStatus,
    revocation_approval: ResolutionStatus,
    is_read: bool,
    is_finished: bool,
    is_invoice: bool,
    is_to_be_amended: bool,
    /// The answer is the viewer's, as the recipient or as the intermediate one.
    asks_viewer: bool,
}

impl Facts {
    fn of(state: &DocumentState<'_>) -> Self {
        let response = state.response_status();
        let proxy = state.proxy_status();
        let waits = response == RecipientResponseStatus::WaitingForRecipientSignature;
        let proxy_waits = proxy == ProxySignatureStatus::WaitingForProxySignature;
        let revocation = state.revocation();
        Self {
            sender: state.sender_signature_status(),
            response,
            proxy,
            receipts: [state.receipt_status(), state.title_receipt_status()],
            revocation: state.revocation_status(),
            approval: state.resolutions().status(),
            revocation_approval: revocation.map_or(ResolutionStatus::None, |revocation| {
                state.resolutions_on(revocation.request.file.id()).status()
            }),
            is_read: state.flags.is_read,
            is_finished: state.is_finished(),
            is_invoice: Format::of(state.details).is_some_and(Format::is_invoice),
            is_to_be_amended: state.amendment_requests().next().is_some(),
            asks_viewer: (waits && state.is_for_viewer()) || (proxy_waits && state.is_proxy()),
        }
    }

    fn has(&self, status: &DocumentStatus) -> bool {
        use DocumentStatus as Status;
        use RecipientResponseStatus as Response;
        match status {
            Status::AnyStatus => true,
            Status::NotRead => !self.is_read,
            Status::Finished => self.is_finished,
            Status::NotFinished => !self.is_finished,
            Status::WaitingForSenderSignature => {
                self.sender == SenderSignatureStatus::WaitingForSenderSignature
            }
            Status::WithSenderSignature => matches!(
                self.sender,
                SenderSignatureStatus::SenderSignatureUnchecked
                    | SenderSignatureStatus::SenderSignatureCheckedAndValid
            ),
            Status::InvalidSenderSignature => {
                self.sender == SenderSignatureStatus::SenderSignatureCheckedAndInvalid
            }
            Status::NoRecipientSignatureRequest => {
                self.response == Response::RecipientResponseStatusNotAcceptable
            }
            // Nobody waits for an answer to what was taken back.
            Status::WaitingForRecipientSignature => {
                self.response == Response::WaitingForRecipientSignature && !self.is_revoked()
            }
            Status::WithRecipientSignature => self.response == Response::WithRecipientSignature,
            Status::WithRecipientPartiallySignature => {
                self.response == Response::WithRecipientPartiallySignature
            }
            Status::RecipientSignatureRequestRejected => {
                self.response == Response::RecipientSignatureRequestRejected
            }
            Status::InvalidRecipientSignature => {
                self.response == Response::InvalidRecipientSignature
            }
            Status::RequestsMySignature => self.asks_viewer && !self.is_revoked(),
            Status::HaveToCreateReceipt => self
                .receipts
                .contains(&GeneralReceiptStatus::HaveToCreateReceipt),
            Status::WaitingForReceipt => self.waits_for_receipt(),
            Status::WaitingForInvoiceReceipt => self.is_invoice && self.waits_for_receipt(),
            Status::InvoiceAmendmentRequested => self.is_to_be_amended,
            _ => self.has_of_others(status),
        }
    }

    fn is_revoked(&self) -> bool {
        self.revocation == RevocationStatus::RevocationAccepted
    }

    fn waits_for_receipt(&self) -> bool {
        self.receipts
            .contains(&GeneralReceiptStatus::WaitingForReceipt)
    }

    /// Statuses of the intermediate recipient, of approvals and of revocations.
    fn has_of_others(&self, status: &DocumentStatus) -> bool {
        use DocumentStatus as Status;
        match status {
            Status::WaitingForProxySignature => {
                self.proxy == ProxySignatureStatus::WaitingForProxySignature
            }
            Status::WithProxySignature => self.proxy == ProxySignatureStatus::WithProxySignature,
            Status::InvalidProxySignature => {
                self.proxy == ProxySignatureStatus::InvalidProxySignature
            }
            Status::ProxySignatureRejected => {
                self.proxy == ProxySignatureStatus::ProxySignatureRejected
            }
            Status::WaitingForResolution => is_open(self.approval),
            Status::Approved => is_approved(self.approval),
            Status::Disapproved => self.approval == ResolutionStatus::Disapproved,
            Status::SignatureRequestRejected => {
                self.approval == ResolutionStatus::SignatureRequestRejected
            }
            Status::RevocationIsRequestedByMe => {
                self.revocation == RevocationStatus::RevocationIsRequestedByMe
            }
            Status::RequestsMyRevocation => {
                self.revocation == RevocationStatus::RequestsMyRevocation
            }
            Status::RevocationAccepted => self.revocation == RevocationStatus::RevocationAccepted,
            Status::RevocationRejected => self.revocation == RevocationStatus::RevocationRejected,
            Status::NotRevoked => self.revocation != RevocationStatus::RevocationAccepted,
            Status::WaitingForRevocationApprovement => is_open(self.revocation_approval),
            Status::RevocationApproved => is_approved(self.revocation_approval),
            Status::RevocationDisapproved => {
                self.revocation_approval == ResolutionStatus::Disapproved
            }
            // Nothing goes to other operators or to the system of marked goods.
            _ => false,
        }
    }
}

fn is_open(status: ResolutionStatus) -> bool {
    matches!(
        status,
        ResolutionStatus::ApprovementRequested
            | ResolutionStatus::ApprovementSignatureRequested
            | ResolutionStatus::PrimarySignatureRequested
            | ResolutionStatus::ActionsRequested
    )
}

fn is_approved(status: ResolutionStatus) -> bool {
    matches!(
        status,
        ResolutionStatus::Approved | ResolutionStatus::SignedWithApprovingSignature
    )
}
