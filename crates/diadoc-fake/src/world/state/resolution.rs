//! Approval within an organization.

use diadoc_proto::docflow::ResolutionStatus;
use diadoc_proto::events::AttachmentType;
use diadoc_proto::{ResolutionRequestType, ResolutionType};
use uuid::Uuid;

use super::{DocumentState, Sighted};

/// What the employees of the viewer's organization asked of each other about a file, and said.
#[derive(Debug)]
pub(crate) struct Resolutions<'w> {
    pub requests: Vec<Asked<'w>>,
    pub resolutions: Vec<Sighted<'w>>,
    pub approving_signatures: Vec<Sighted<'w>>,
    pub denials: Vec<Sighted<'w>>,
    /// The last of all these that still counts.
    pub last: Option<Sighted<'w>>,
}

/// A request, and what ended it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'w> {
    pub request: Sighted<'w>,
    /// The resolution, the signature or the denial.
    pub resolved_with: Option<Uuid>,
}

impl Asked<'_> {
    /// It asks for the signature that the docflow waits for.
    pub(crate) fn is_for_signature(&self) -> bool {
        let info = self.request.piece.entity.resolution_request_info.as_ref();
        info.is_some_and(|info| info.request_type() == ResolutionRequestType::SignatureRequest)
    }
}

impl<'w> Resolutions<'w> {
    pub(super) fn of(state: &DocumentState<'w>, file: Uuid) -> Self {
        let is_cancelled = |sighted: &Sighted<'w>| {
            let mut cancellations = state.children(sighted.id(), AttachmentType::Cancellation);
            cancellations.next().is_some()
        };
        let of = |kind| {
            let children = state.children(file, kind);
            children.filter(|sighted| !is_cancelled(sighted)).collect()
        };
        let resolutions: Vec<Sighted<'w>> = of(AttachmentType::Resolution);
        let requests: Vec<Sighted<'w>> = of(AttachmentType::ResolutionRequest);
        let denials: Vec<Sighted<'w>> = requests
            .iter()
            .flat_map(|request| {
                state.children(request.id(), AttachmentType::ResolutionRequestDenial)
            })
            .filter(|sighted| !is_cancelled(sighted))
            .collect();
        let approving_signatures: Vec<_> = state
            .pieces
            .iter()
            .copied()
            .filter(|sighted| {
                let signature = sighted.piece.signature.as_ref();
                sighted.piece.parent() == Some(file)
                    && signature.is_some_and(|one| one.is_approvement)
                    && !state.is_stamped(sighted.id())
            })
            .collect();
        let requests = requests
            .into_iter()
            .map(|request| Asked {
                request,
                resolved_with: resolved_with(state, request, &resolutions, &denials),
            })
            .collect::<Vec<_>>();
        let said = resolutions
            .iter()
            .chain(&denials)
            .chain(&approving_signatures);
        let open = requests
            .iter()
            .filter(|asked| asked.resolved_with.is_none());
        let last = said
            .copied()
            .chain(open.map(|asked| asked.request))
            .max_by_key(|sighted| sighted.at());
        Self {
            requests,
            resolutions,
            approving_signatures,
            denials,
            last,
        }
    }

    /// The requests that nobody has answered yet.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Asked<'w>> {
        let requests = self.requests.iter();
        requests.filter(|asked| asked.resolved_with.is_none())
    }

    /// Nobody is asked for anything: whatever came last, an older request may wait.
    pub(crate) fn is_finished(&self) -> bool {
        self.open().next().is_none()
    }

    /// Where the approval stands.
    pub(crate) fn status(&self) -> ResolutionStatus {
        let Some(last) = self.last else {
            return ResolutionStatus::None;
        };
        let entity = &last.piece.entity;
        if let Some(info) = &entity.resolution_info {
            return match info.resolution_type() {
                ResolutionType::Approve => ResolutionStatus::Approved,
                ResolutionType::Disapprove => ResolutionStatus::Disapproved,
                _ => ResolutionStatus::None,
            };
        }
        if let Some(info) = &entity.resolution_request_info {
            return match info.request_type() {
                ResolutionRequestType::ApprovementRequest => ResolutionStatus::ApprovementRequested,
                ResolutionRequestType::SignatureRequest => {
                    ResolutionStatus::PrimarySignatureRequested
                }
                ResolutionRequestType::ApprovementSignatureRequest => {
                    ResolutionStatus::ApprovementSignatureRequested
                }
                _ => ResolutionStatus::ActionsRequested,
            };
        }
        match last.piece.signature.is_some() {
            true => ResolutionStatus::SignedWithApprovingSignature,
            false => ResolutionStatus::SignatureRequestRejected,
        }
    }
}

/// The entity that ended a request: it names the request, or is the signature that was asked for.
fn resolved_with<'w>(
    state: &DocumentState<'w>,
    request: Sighted<'w>,
    resolutions: &[Sighted<'w>],
    denials: &[Sighted<'w>],
) -> Option<Uuid> {
    let id = request.id();
    let names =
        |initial: Option<&str>| initial.and_then(|text| Uuid::parse_str(text).ok()) == Some(id);
    let resolution = resolutions.iter().find(|resolution| {
        let info = resolution.piece.entity.resolution_info.as_ref();
        names(info.and_then(|info| info.initial_request_id.as_deref()))
    });
    let denial = denials
        .iter()
        .find(|denial| denial.piece.parent() == Some(id));
    let info = request.piece.entity.resolution_request_info.as_ref()?;
    let wants_approving = match info.request_type() {
        ResolutionRequestType::SignatureRequest => Some(false),
        ResolutionRequestType::ApprovementSignatureRequest => Some(true),
        _ => None,
    };
    let file = request.piece.parent()?;
    let signature = state.pieces.iter().find(|sighted| {
        let signature = sighted.piece.signature.as_ref();
        sighted.piece.parent() == Some(file)
            && sighted.at() > request.at()
            && sighted.signed_by() == Some(state.viewer)
            && !state.is_stamped(sighted.id())
            && signature.map(|one| one.is_approvement) == wants_approving
            && wants_approving.is_some()
    });
    let ended = resolution.or(denial).or(signature);
    ended.map(|sighted| sighted.id())
}
