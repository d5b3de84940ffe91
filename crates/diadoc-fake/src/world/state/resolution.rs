//! Approval within an organization.

use std::collections::{BTreeSet, HashMap};

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

impl DocumentState<'_> {
    /// The resolution, the signature or the denial that ended a request; none where it is open or taken
    /// back.
    pub(crate) fn resolved_with(&self, request: Uuid) -> Option<Uuid> {
        let ended = self.ended.get_or_init(|| {
            let is_request = |sighted: &Sighted<'_>| {
                sighted.piece.entity.attachment_type() == AttachmentType::ResolutionRequest
            };
            let requests = self.pieces.iter().filter(is_request);
            let files: BTreeSet<_> = requests.filter_map(|one| one.piece.parent()).collect();
            let asked = files
                .into_iter()
                .flat_map(|file| self.resolutions_on(file).requests);
            asked
                .filter_map(|asked| Some((asked.request.id(), asked.resolved_with?)))
                .collect()
        });
        ended.get(&request).copied()
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
            .below(file)
            .filter(|sighted| {
                let signature = sighted.piece.signature.as_ref();
                signature.is_some_and(|one| one.is_approvement) && !state.is_stamped(sighted.id())
            })
            .collect();
        let ends = Ends::of(state, file, &resolutions, &denials);
        let requests = requests
            .into_iter()
            .map(|request| Asked {
                request,
                resolved_with: ends.of_request(request),
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

/// What can end the requests about a file.
struct Ends<'w> {
    /// The first resolution that names a request.
    resolutions: HashMap<Uuid, Sighted<'w>>,
    /// The first denial of a request.
    denials: HashMap<Uuid, Sighted<'w>>,
    /// Signatures of the viewer, approving ones apart.
    approving: Vec<Sighted<'w>>,
    signing: Vec<Sighted<'w>>,
}

impl<'w> Ends<'w> {
    fn of(
        state: &DocumentState<'w>,
        file: Uuid,
        resolutions: &[Sighted<'w>],
        denials: &[Sighted<'w>],
    ) -> Self {
        let named = |resolution: &Sighted<'w>| {
            let info = resolution.piece.entity.resolution_info.as_ref()?;
            let request = Uuid::parse_str(info.initial_request_id.as_deref()?).ok()?;
            Some((request, *resolution))
        };
        let denied = |denial: &Sighted<'w>| Some((denial.piece.parent()?, *denial));
        let own = state.pieces.below(file).filter(|sighted| {
            sighted.signed_by() == Some(state.viewer) && !state.is_stamped(sighted.id())
        });
        let (approving, signing) = own.partition(|sighted| {
            let signature = sighted.piece.signature.as_ref();
            signature.is_some_and(|one| one.is_approvement)
        });
        // Of several the first counts, which is put in last.
        Self {
            resolutions: resolutions.iter().rev().filter_map(named).collect(),
            denials: denials.iter().rev().filter_map(denied).collect(),
            approving,
            signing,
        }
    }

    /// The entity that ended a request: it names the request, or is the signature that was asked for.
    fn of_request(&self, request: Sighted<'w>) -> Option<Uuid> {
        let id = request.id();
        let info = request.piece.entity.resolution_request_info.as_ref()?;
        let signatures = match info.request_type() {
            ResolutionRequestType::SignatureRequest => self.signing.as_slice(),
            ResolutionRequestType::ApprovementSignatureRequest => &self.approving,
            _ => &[],
        };
        let before = signatures.partition_point(|signature| signature.at() <= request.at());
        let named = self.resolutions.get(&id).or(self.denials.get(&id));
        let ended = named.or(signatures.get(before));
        ended.map(|sighted| sighted.id())
    }
}
