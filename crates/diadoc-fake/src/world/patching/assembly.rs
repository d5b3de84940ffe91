//! A patch in the making.

use bytes::Bytes;
use diadoc_core::{BoxId, Ticks};
use diadoc_proto::events::{AttachmentType, Entity, EntityType};
use uuid::Uuid;

use super::order::Element;
use super::refusals;
use crate::world::access::Actor;
use crate::world::model::{Author, Fact, Letter, MessageKind, Party, Patch, Scope};
use crate::world::pieces::Signing;
use crate::world::state::DocumentState;
use crate::world::{Refusal, World};

/// A copy of a letter with one more patch, the one in the making.
pub(super) struct Assembly<'w> {
    pub world: &'w mut World,
    pub actor: Actor,
    pub letter: Letter,
    /// It sends documents that were saved unsent.
    sends: bool,
    /// The other side has to get it, once it is checked.
    is_for_others: bool,
    /// It changes what every side sees at once.
    is_for_all: bool,
}

/// What came of it.
pub(super) struct Made {
    pub facts: Vec<Fact>,
    pub scope: Scope,
    pub sends: bool,
}

/// Where an element of the patch is, and what it is about.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub path: String,
    pub command: &'static str,
    pub box_id: BoxId,
    pub letter: Uuid,
    /// The entity that it hangs on.
    pub entity: Uuid,
    /// The document that this one belongs to.
    pub document: Uuid,
}

/// A file to be added.
#[derive(Debug, Default)]
pub(super) struct File<'a> {
    pub kind: AttachmentType,
    pub parent: Uuid,
    pub name: Option<String>,
    pub content: Option<Bytes>,
    pub content_type_id: &'a str,
    pub labels: &'a [String],
    /// The own organization alone knows of it.
    pub is_internal: bool,
    /// Its content has to be XML.
    pub is_xml: bool,
}

impl<'w> Assembly<'w> {
    pub(super) fn new(world: &'w mut World, actor: Actor, letter: &Letter) -> Self {
        let mut letter = letter.clone();
        letter.patches.push(Patch {
            id: Uuid::nil(),
            at: world.now(),
            author: actor.author(),
            scope: Scope::Only(actor.box_id),
            facts: Vec::new(),
        });
        Self {
            world,
            actor,
            letter,
            sends: false,
            is_for_others: false,
            is_for_all: false,
        }
    }

    pub(super) fn into_made(self) -> Made {
        let patch = self.letter.patches.into_last();
        let own = self.actor.box_id;
        Made {
            facts: patch.map(|patch| patch.facts).unwrap_or_default(),
            scope: match () {
                () if self.is_for_others => Scope::OnceDelivered(own),
                () if self.is_for_all || self.sends => Scope::Everybody,
                () => Scope::Only(own),
            },
            sends: self.sends,
        }
    }

    /// Finds what an element is about.
    ///
    /// # Errors
    ///
    /// 404 where there is no such entity, 403 where its document is not for this employee's eyes.
    pub(super) fn place(&self, element: &Element) -> Result<Place, Refusal> {
        let target = element.command.target();
        let entity = Uuid::parse_str(target).unwrap_or_default();
        let box_id = self.actor.box_id;
        let known = self.letter.piece_of(box_id, self.upto(), entity);
        let is_known = known.is_some();
        let document = self.letter.document_of(entity).filter(|_| is_known);
        let Some(document) = document else {
            let letter = self.letter.id;
            return Err(match element.command.is_about_document() {
                true => Refusal::not_found(format!("Document {letter}:{target} not found")),
                false => refusals::no_root(&element.place, letter, target),
            });
        };
        let place = Place {
            path: element.place.clone(),
            command: element.command.name(),
            box_id,
            letter: self.letter.id,
            entity,
            document: document.id(),
        };
        if self.letter.kind == MessageKind::Template {
            return Err(refusals::unsupported(&place));
        }
        let state = self.state(&place)?;
        match self.actor.sees(state.flags.department) {
            true if state.flags.is_deleted => Err(refusals::invalid_state()),
            true => Ok(place),
            false => Err(refusals::no_access()),
        }
    }

    fn upto(&self) -> usize {
        self.letter.patches.len()
    }

    /// The state of the document, with what the patch has done so far.
    pub(super) fn state(&self, at: &Place) -> Result<DocumentState<'_>, Refusal> {
        self.state_for(at, self.actor.box_id)
    }

    fn state_for(&self, at: &Place, viewer: BoxId) -> Result<DocumentState<'_>, Refusal> {
        DocumentState::of(&self.letter, at.document, viewer, self.upto())
            .ok_or_else(refusals::no_access)
    }

    /// The kind of the file that an element hangs on; none where it hangs on a signature.
    pub(super) fn parent_kind(&self, at: &Place) -> Option<AttachmentType> {
        let parent = self.letter.piece(at.entity)?;
        let is_file = parent.entity.entity_type() == EntityType::Attachment;
        is_file.then(|| parent.entity.attachment_type())
    }

    pub(super) fn now(&self) -> Ticks {
        self.world.now()
    }

    pub(super) fn add(&mut self, fact: Fact) {
        self.letter.patches.add(fact);
    }

    /// The other sides get what the patch adds, once it is checked.
    pub(super) fn is_for_others(&mut self) {
        self.is_for_others = true;
    }

    /// Every side sees at once what the patch changes.
    pub(super) fn is_for_all(&mut self) {
        self.is_for_all = true;
    }

    /// The patch sends documents.
    pub(super) fn sends(&mut self) {
        self.sends = true;
    }

    /// The bytes of an entity, as they are now.
    pub(super) fn content_of(&self, at: &Place, entity: Uuid) -> Option<Bytes> {
        let piece = self.letter.piece(entity)?;
        let edited = self.state(at).ok()?.flags.edited.get(&entity).copied();
        let content = edited.or(piece.content)?;
        self.world.tables.contents.get(&content.id).cloned()
    }

    /// Adds a file; its id.
    pub(super) fn add_file(&mut self, file: File<'_>, fill: impl FnOnce(&mut Entity)) -> Uuid {
        let parent = Some(file.parent);
        let mut piece = self.world.file(file.kind, parent, file.name, file.content);
        piece.entity.content_type_id = Some(file.content_type_id.to_owned());
        piece.entity.labels = file.labels.to_vec();
        piece.only = file.is_internal.then_some(self.actor.box_id);
        fill(&mut piece.entity);
        let id = piece.id();
        self.add(Fact::Added(Box::new(piece)));
        id
    }

    /// Adds a signature under a file; its id.
    pub(super) fn add_signature(
        &mut self,
        at: &Place,
        parent: Uuid,
        signing: Signing,
        labels: &[String],
        is_approvement: bool,
    ) -> Uuid {
        let signer = self.signer(at);
        let mut piece = self
            .world
            .signature(parent, signer, self.actor.user, signing);
        piece.entity.labels = labels.to_vec();
        piece.entity.is_approvement_signature = Some(is_approvement);
        if let Some(signature) = &mut piece.signature {
            signature.is_approvement = is_approvement;
        }
        let id = piece.id();
        self.add(Fact::Added(Box::new(piece)));
        id
    }

    /// Who signs: the box, and the department where its document lies.
    fn signer(&self, at: &Place) -> Party {
        let state = self.state(at);
        Party {
            box_id: self.actor.box_id,
            department: state.map_or(self.actor.employee.department, |state| {
                state.flags.department
            }),
        }
    }

    /// The name of a user.
    pub(super) fn full_name(&self, user: Uuid) -> String {
        self.world.name_of(user)
    }

    /// How often that box has signed an entity wrongly since this time yesterday.
    pub(super) fn failures(&self, entity: Uuid) -> usize {
        const DAY: i64 = 24 * 60 * 60 * 10_000_000;
        let own = self.actor.box_id;
        let since = self.now().get() - DAY;
        let recent = self.letter.patches.iter().filter(|patch| {
            patch.at.get() > since
                && matches!(patch.author, Author::User { box_id, .. } if box_id == own)
        });
        recent
            .flat_map(Patch::pieces)
            .filter(|piece| piece.parent() == Some(entity))
            .filter(|piece| piece.signature.as_ref().is_some_and(|one| !one.is_valid))
            .count()
    }
}
