//! Organizations, their departments and employees, and their relations.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::{BoxId, Ticks};
use diadoc_proto::{AcquireCounteragentRequest, Address, DocumentAccessLevel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::DocumentKey;

/// An organization and its one box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    pub id: Uuid,
    /// Its box.
    pub box_id: BoxId,
    /// Tax number of 10 or 12 digits.
    pub inn: String,
    /// Tax registration code; persons have none.
    pub kpp: Option<String>,
    /// State registration number.
    pub ogrn: Option<String>,
    /// As participant of the exchange: `2BM-…`.
    pub fns_participant_id: String,
    /// Its name in full.
    pub full_name: String,
    /// Its name in short.
    pub short_name: String,
    /// It is for tests: it may sign with test signatures, and nothing has legal force.
    pub is_test: bool,
    /// It is a branch of another organization.
    pub is_branch: bool,
    /// It takes documents from counteragents alone.
    pub counteragents_only: bool,
    /// Its subscription to the API has not ended; otherwise calls are answered with 402.
    pub is_subscribed: bool,
    /// Departments besides the head department.
    pub departments: BTreeMap<Uuid, Department>,
    /// Groups of counteragents.
    pub groups: BTreeMap<Uuid, Group>,
    /// Routes of approval.
    pub routes: BTreeMap<Uuid, Route>,
}

/// A department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// The department above; the head department is the nil GUID.
    pub parent: Uuid,
    /// Its name.
    pub name: String,
    /// Its name in short.
    pub abbreviation: String,
    /// Its own tax registration code.
    pub kpp: Option<String>,
    /// Its own address.
    #[serde(with = "super::as_protobuf_if_any", default)]
    pub address: Option<Address>,
    /// Documents with its KPP come to it.
    pub routes_by_kpp: bool,
    /// Documents with its address come to it.
    pub routes_by_address: bool,
    /// When it was made.
    pub created: Ticks,
}

/// A group of counteragents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The departments that its members may write to; none for every one.
    pub departments: Option<BTreeSet<Uuid>>,
}

/// A route of approval: the steps that a document takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Its name.
    pub name: String,
    /// The employees who are asked, one after the other.
    pub steps: Vec<Step>,
}

/// A step of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who is asked.
    pub user: Uuid,
    /// For what: an approval, or with true an approving signature.
    pub asks_for_signature: bool,
}

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id, everywhere the same.
    pub id: Uuid,
    /// The login, mostly an e-mail address.
    pub login: String,
    /// Last name.
    pub last_name: String,
    /// First name.
    pub first_name: String,
    /// Middle name.
    pub middle_name: Option<String>,
    /// The access token that stands for this user, beside those of the identity server.
    pub token: Option<String>,
    /// The user has signed in before; one whom an administrator has added has not yet.
    pub is_registered: bool,
}

impl User {
    /// Last, first and middle name.
    pub fn full_name(&self) -> String {
        let mut name = format!("{} {}", self.last_name, self.first_name);
        if let Some(middle_name) = &self.middle_name {
            name = format!("{name} {middle_name}");
        }
        name.trim().to_owned()
    }
}

/// A user in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employee {
    /// The department where the employee works.
    pub department: Uuid,
    /// May do everything in the organization.
    pub is_administrator: bool,
    /// Whose documents the employee sees.
    #[serde(with = "super::access_level")]
    pub access: DocumentAccessLevel,
    /// With access to selected departments: which.
    pub selected_departments: BTreeSet<Uuid>,
    /// What the employee may do.
    pub actions: BTreeSet<Action>,
    /// Access is closed, with a comment.
    pub is_blocked: bool,
    /// Why.
    pub block_comment: Option<String>,
    /// Position.
    pub position: String,
    /// May be invited for a chat.
    pub can_be_invited_for_chat: bool,
    /// The notifications that the employee does not want, as `Subscription.Id` has them.
    pub unsubscribed: BTreeSet<String>,
    /// The account with the provider of the single sign-on.
    pub external: Option<ExternalAccount>,
    /// Since when.
    pub created: Ticks,
}

/// An account with the provider of a single sign-on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalAccount {
    /// Its id.
    pub id: String,
    /// The e-mail address that the provider knows.
    pub email: Option<String>,
}

/// What an employee may be allowed to do, as `EmployeeAction.Name` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Action {
    /// Create and edit documents and drafts.
    CreateDocuments,
    /// Delete and restore documents.
    DeleteRestoreDocuments,
    /// Sign documents, and what is sent with them.
    SignDocuments,
    /// Approve and refuse to approve.
    AddResolutions,
    /// Ask others for approval and signatures.
    RequestResolutions,
    /// Invite counteragents and break with them.
    ManageCounteragents,
    /// Send receipts, requests for correction and refusals.
    AttachUniversalMessages,
    /// Sign with a personal certificate of Goskey.
    UseGoskey,
    /// Create payment orders.
    CreatePaymentOrders,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::CreateDocuments,
        Self::DeleteRestoreDocuments,
        Self::SignDocuments,
        Self::AddResolutions,
        Self::RequestResolutions,
        Self::ManageCounteragents,
        Self::AttachUniversalMessages,
        Self::UseGoskey,
        Self::CreatePaymentOrders,
    ];

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }

    /// As the API has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateDocuments => "CreateDocuments",
            Self::DeleteRestoreDocuments => "DeleteRestoreDocuments",
            Self::SignDocuments => "SignDocuments",
            Self::AddResolutions => "AddResolutions",
            Self::RequestResolutions => "RequestResolutions",
            Self::ManageCounteragents => "ManageCounteragents",
            Self::AttachUniversalMessages => "AttachUniversalMessages",
            Self::UseGoskey => "UseGoskey",
            Self::CreatePaymentOrders => "CreatePaymentOrders",
        }
    }
}

/// How one box stands to another. The other one has a row of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// As the first box sees it.
    pub state: RelationState,
    /// When it last changed.
    pub changed: Ticks,
    /// What the first box wrote.
    pub message_to: Option<String>,
    /// What the second box wrote.
    pub message_from: Option<String>,
    /// The document that came with the invitation.
    pub invitation: Option<DocumentKey>,
    /// That document is to be signed: nothing but the signature accepts the invitation.
    pub wants_signature: bool,
    /// What the state was before the invitation, and is again once it is withdrawn.
    pub before: Option<RelationState>,
    /// The group that the first box has put the second into.
    pub group: Option<Uuid>,
}

impl Relation {
    /// In that state since then, with nothing else known of it.
    pub fn new(state: RelationState, changed: Ticks) -> Self {
        Self {
            state,
            changed,
            message_to: None,
            message_from: None,
            invitation: None,
            wants_signature: false,
            before: None,
            group: None,
        }
    }
}

/// The state of a [`Relation`], as `CounteragentStatus` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelationState {
    /// Both have agreed.
    Counteragents,
    /// The other one invites.
    InvitesMe,
    /// This one invites.
    IsInvitedByMe,
    /// The other one has refused, or has broken with this one.
    RejectsMe,
    /// This one has.
    IsRejectedByMe,
}

/// What changed in the relations of a box, in its feed of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationEvent {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Ticks,
    /// With whom.
    pub counteragent: BoxId,
    /// What happened.
    pub changes: Vec<RelationChange>,
    /// How the relations were then; none where there were none any more.
    pub relation: Option<Relation>,
    /// What was written with it.
    pub comment: Option<String>,
}

/// What happened in relations, as `CounteragentEventType` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelationChange {
    /// This side has invited.
    IInvited,
    /// The other side has.
    InvitedMe,
    /// The other side has accepted.
    TheyAccepted,
    /// This side has.
    IAccepted,
    /// This side has withdrawn its invitation.
    IWithdrew,
    /// The other side has.
    TheyWithdrew,
    /// This side has refused.
    IRejected,
    /// The other side has.
    TheyRejected,
    /// This side has broken with the other one.
    IBrokeUp,
    /// The other side has.
    TheyBrokeUp,
    /// This side has a counteragent by what both have signed.
    IMade,
    /// The other side has.
    TheyMade,
    /// Nothing but the group of the counteragent.
    Group,
}

/// An invitation that is being dealt with, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    /// Who invites.
    pub box_id: BoxId,
    /// Which user.
    pub user: Uuid,
    /// The department on whose behalf.
    pub department: Uuid,
    /// Who is invited, and with what.
    #[serde(with = "super::as_protobuf")]
    pub request: AcquireCounteragentRequest,
    /// What came of it; none as long as it is being dealt with.
    pub outcome: Option<InvitationOutcome>,
}

/// What came of an [`Invitation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitationOutcome {
    /// It was sent, or accepted.
    Done {
        /// To whom.
        counteragent: BoxId,
        /// The document that went with it.
        document: Option<DocumentKey>,
    },
    /// It could not be.
    Failed {
        /// Why, in the server's words.
        text: String,
    },
}
