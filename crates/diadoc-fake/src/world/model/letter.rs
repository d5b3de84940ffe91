//! Letters, drafts and templates, and what became of them.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::{BoxId, Ticks};
use diadoc_proto::LockMode;
use diadoc_proto::events::Entity;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patches::Patches;

/// A letter, a draft or a template, with all its patches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: MessageKind,
    /// Who sends it.
    pub sender: Party,
    /// Who gets it; a draft may have none yet.
    pub recipient: Option<Party>,
    /// Who has to sign before the recipient gets it.
    pub proxy: Option<Party>,
    /// It goes from department to department of one organization.
    pub is_internal: bool,
    /// Both sides are test organizations.
    pub is_test: bool,
    /// How its documents hang together.
    #[serde(with = "super::lock_mode")]
    pub lock: LockMode,
    /// Of a draft: documents can neither be added nor taken away.
    pub draft_is_locked: bool,
    /// The draft that it was made of.
    pub created_from_draft: Option<Uuid>,
    /// Of a template: the letter that is to be made of it.
    pub template: Option<Template>,
    /// What happened: first the message itself, then the patches, in the order of time.
    pub patches: Patches,
}

/// What a [`Letter`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageKind {
    /// A letter.
    Letter,
    /// A draft.
    Draft,
    /// A template.
    Template,
}

/// A box and the department of it that takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The box.
    pub box_id: BoxId,
    /// The department; the head department is the nil GUID.
    pub department: Uuid,
}

/// The letter that a template is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Who will send it.
    pub sender: Party,
    /// Who will get it.
    pub recipient: Party,
    /// Who will have to sign in between.
    pub proxy: Option<Party>,
    /// Any number of letters can be made of it.
    pub is_reusable: bool,
    /// The documents that the recipient may not refuse.
    pub irrefusable: BTreeSet<Uuid>,
}

/// What happened to a letter at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Patch {
    /// Its id, which is the id of the event in the feeds as well; of the first one the letter's own.
    pub id: Uuid,
    /// When.
    pub at: Ticks,
    /// Who did it.
    pub author: Author,
    /// Who learns of it.
    pub scope: Scope,
    /// What it was.
    pub facts: Vec<Fact>,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// The operator.
    Operator,
    /// A user, in a box.
    User {
        /// The box.
        box_id: BoxId,
        /// The user.
        user: Uuid,
    },
}

/// Who learns of a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// Every side of the letter, the recipient as soon as the letter is delivered.
    Everybody,
    /// The organization that made it, and every other side once the operator has checked its signatures
    /// and delivered it: see [`Fact::PatchDelivered`].
    OnceDelivered(BoxId),
    /// One organization, such as the one whose employees approve.
    Only(BoxId),
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// A file or a signature was added.
    Added(Box<Piece>),
    /// The letter reached that box, which sees it from now on.
    Delivered(BoxId),
    /// The box has read a document.
    Read {
        /// By whom.
        box_id: BoxId,
        /// What.
        document: Uuid,
    },
    /// The box has deleted a document, or with none the whole letter.
    Deleted {
        /// By whom.
        box_id: BoxId,
        /// What.
        document: Option<Uuid>,
    },
    /// The box has restored a document, or with none the whole letter.
    Restored {
        /// By whom.
        box_id: BoxId,
        /// What.
        document: Option<Uuid>,
    },
    /// The box has moved a document to another of its departments.
    Moved {
        /// By whom.
        box_id: BoxId,
        /// What.
        document: Uuid,
        /// Where to.
        department: Uuid,
    },
    /// A tag of a document was set, or with none removed.
    Tagged {
        /// The document.
        document: Uuid,
        /// Which tag.
        key: String,
        /// Its value.
        value: Option<String>,
    },
    /// A document came into a packet, or with none left its own.
    Packed {
        /// The document.
        document: Uuid,
        /// The packet.
        packet: Option<Uuid>,
    },
    /// The content of an unsigned entity became another.
    Edited {
        /// The entity.
        entity: Uuid,
        /// The content.
        content: ContentRef,
    },
    /// The patch of that id reached the other sides, which see it from now on.
    PatchDelivered(Uuid),
    /// A route of approval has asked for its next step.
    Routed {
        /// In which organization.
        box_id: BoxId,
        /// The document.
        document: Uuid,
        /// The request.
        request: Uuid,
        /// The route.
        route: Uuid,
        /// Which step it is, from 0.
        step: usize,
    },
    /// A draft or a template was used up.
    Recycled {
        /// The letters that were made of it.
        letters: Vec<Uuid>,
    },
}

/// An entity: a file or a signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// Its id.
    pub id: Uuid,
    /// The entity that it hangs on.
    pub parent: Option<Uuid>,
    /// As the API shows it, but for both ids, for the bytes of its content and for what is computed:
    /// `DocumentInfo`, `PacketId`.
    #[serde(with = "super::as_protobuf")]
    pub entity: Entity,
    /// Its content.
    pub content: Option<ContentRef>,
    /// Of a document of a user: what is known beyond the entity.
    pub document: Option<Box<DocumentDetails>>,
    /// Of a signature.
    pub signature: Option<SignatureDetails>,
    /// The one box that knows of it, such as of a confirmation that the operator made for it; none where
    /// the patch alone says who does.
    pub only: Option<BoxId>,
}

/// Where a content lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentRef {
    /// Its key in the table of contents.
    pub id: Uuid,
    /// Its bytes.
    pub size: i32,
}

/// What is known of a document of a user, a first title, since it was posted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentDetails {
    /// Its type, such as `UniversalTransferDocument`.
    pub type_named_id: String,
    /// The function of the type, such as `СЧФДОП` or `default`.
    pub function: String,
    /// The version of type and function, such as `utd970_05_03_01`.
    pub version: String,
    /// The kind of docflow.
    pub workflow_id: i32,
    /// Its metadata, in their order.
    pub metadata: Vec<(String, String)>,
    /// The id in the sender's own system.
    pub custom_document_id: Option<String>,
    /// The sender asks for a signature, where the type leaves it open.
    pub needs_recipient_signature: bool,
    /// The sender asks for a receipt, where the type leaves it open.
    pub needs_receipt: bool,
    /// Documents that this one belongs to.
    pub initial: Vec<DocumentKey>,
    /// Documents that belong to this one.
    pub subordinate: Vec<DocumentKey>,
    /// Tags at the beginning.
    pub custom_data: BTreeMap<String, String>,
    /// The packet at the beginning.
    pub packet: Option<Uuid>,
    /// Which part of it can be edited before it is signed.
    pub editing_setting_id: Option<String>,
    /// The draft or template that it was made of.
    pub origin: Option<Origin>,
    /// Its content is encrypted.
    pub is_encrypted: bool,
    /// It came with an invitation to be counteragents.
    pub is_invitation: bool,
}

/// What a document was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// A draft or a template.
    pub kind: MessageKind,
    /// Its id.
    pub letter: Uuid,
}

/// A document, by its letter and its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentKey {
    /// The letter.
    pub letter: Uuid,
    /// The entity.
    pub entity: Uuid,
}

/// What is known of a signature beyond its entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureDetails {
    /// Whose it is; of the operator the nil box.
    pub signer: Party,
    /// It approves, as opposed to the one that the docflow waits for.
    pub is_approvement: bool,
    /// The fake made it: it stands for a real one.
    pub is_test: bool,
    /// What the check finds. It is known from the beginning and told when the check is over, see
    /// `DocumentState::verdict`.
    pub is_valid: bool,
    /// Of a signature with a time stamp, which the operator makes of one that it found right: the
    /// signature as it was made. The new one stands for it from then on.
    pub original: Option<Uuid>,
}

impl Letter {
    /// When it was made.
    pub fn created(&self) -> Ticks {
        self.patches.first().map_or(Ticks::MIN, |first| first.at)
    }

    /// Of a draft or a template: it is used up.
    pub fn is_recycled(&self) -> bool {
        let mut facts = self.patches.iter().flat_map(|patch| &patch.facts);
        facts.any(|fact| matches!(fact, Fact::Recycled { .. }))
    }

    /// When something last happened to it.
    pub fn changed(&self) -> Ticks {
        self.patches.last().map_or(Ticks::MIN, |last| last.at)
    }

    /// The boxes of its sides, each once.
    pub fn boxes(&self) -> impl Iterator<Item = BoxId> {
        let recipient = self.recipient.map(|party| party.box_id);
        let recipient = recipient.filter(|box_id| *box_id != self.sender.box_id);
        let proxy = self.proxy.map(|party| party.box_id);
        let proxy =
            proxy.filter(|box_id| *box_id != self.sender.box_id && Some(*box_id) != recipient);
        std::iter::once(self.sender.box_id)
            .chain(proxy)
            .chain(recipient)
    }

    /// The side that a box has in it.
    pub fn party(&self, box_id: BoxId) -> Option<Party> {
        let parties = [Some(self.sender), self.proxy, self.recipient];
        let mut parties = parties.into_iter().flatten();
        parties.find(|party| party.box_id == box_id)
    }

    /// Every entity, whoever may see it.
    pub fn pieces(&self) -> impl DoubleEndedIterator<Item = &Piece> {
        self.patches.iter().flat_map(Patch::pieces)
    }

    /// That entity.
    pub fn piece(&self, id: Uuid) -> Option<&Piece> {
        self.patches.piece(id)
    }

    /// The documents of users.
    pub fn documents(&self) -> impl DoubleEndedIterator<Item = (&Piece, &DocumentDetails)> {
        let documents = self.patches.documents().iter();
        documents.filter_map(|id| {
            let piece = self.piece(*id)?;
            Some((piece, piece.document.as_deref()?))
        })
    }

    /// The document that an entity belongs to: itself, or the one that it hangs on.
    pub fn document_of(&self, entity: Uuid) -> Option<&Piece> {
        self.piece(self.patches.document_of(entity)?)
    }
}

impl DocumentDetails {
    /// The value of a metadata item, where it is there and not empty.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        let (_, value) = self.metadata.iter().find(|(one, _)| one == key)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

impl Patch {
    /// Nobody is told of it: it makes no event, and no time of change.
    pub fn is_silent(&self) -> bool {
        let is_silent = |fact: &Fact| matches!(fact, Fact::Read { .. });
        self.facts.iter().all(is_silent)
    }

    /// A user of that box has signed one of these entities by it.
    pub(crate) fn is_signed_by(&self, box_id: BoxId, is_meant: impl Fn(Uuid) -> bool) -> bool {
        let is_users = matches!(self.author, Author::User { box_id: one, .. } if one == box_id);
        is_users
            && self
                .pieces()
                .any(|piece| piece.signature.is_some() && piece.parent().is_some_and(&is_meant))
    }

    /// What it added.
    pub fn pieces(&self) -> impl DoubleEndedIterator<Item = &Piece> {
        self.facts.iter().filter_map(|fact| match fact {
            Fact::Added(piece) => Some(&**piece),
            _ => None,
        })
    }

    /// What it added, as far as a box knows of it.
    pub fn pieces_for(&self, box_id: BoxId) -> impl DoubleEndedIterator<Item = &Piece> {
        self.pieces().filter(move |piece| piece.is_for(box_id))
    }
}

impl Scope {
    /// Whether a box learns of it at once.
    pub fn reaches(self, box_id: BoxId) -> bool {
        match self {
            Self::Everybody => true,
            Self::OnceDelivered(only) | Self::Only(only) => only == box_id,
        }
    }
}

impl Author {
    /// The box that did it; none for the operator.
    pub fn box_id(self) -> Option<BoxId> {
        match self {
            Self::Operator => None,
            Self::User { box_id, .. } => Some(box_id),
        }
    }
}

impl Piece {
    /// The id of its entity.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The entity that it hangs on.
    pub fn parent(&self) -> Option<Uuid> {
        self.parent
    }

    /// Whether a box that knows of its patch knows of it.
    pub fn is_for(&self, box_id: BoxId) -> bool {
        self.only.is_none_or(|only| only == box_id)
    }
}
