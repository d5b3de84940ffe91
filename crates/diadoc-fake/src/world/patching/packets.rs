//! Packets: what has to be done to all of its documents at once, and how their number changes.

use std::collections::BTreeSet;
use std::mem::discriminant;

use diadoc_core::BoxId;
use diadoc_proto::DocumentId;
use diadoc_proto::LockMode;
use diadoc_proto::events::EditDocumentPacketCommand;
use uuid::Uuid;

use super::assembly::{Assembly, Place};
use super::order::{Command, Order};
use super::refusals;
use crate::world::access::Actor;
use crate::world::filing::is_locked;
use crate::world::model::{DocumentKey, Fact, Letter, MessageKind, Scope};
use crate::world::state::DocumentState;
use crate::world::{Refusal, World};

/// Refuses a patch that does something to some documents of a locked packet, and not to the others.
pub(super) fn check_locks(letter: &Letter, actor: &Actor, order: &Order) -> Result<(), Refusal> {
    let upto = letter.patches.len();
    let state = |document| DocumentState::of(letter, document, actor.box_id, upto);
    let known: BTreeSet<Uuid> = letter
        .documents_of(actor.box_id, upto)
        .map(|(piece, _)| piece.id())
        .collect();
    let is_locked = match letter.lock {
        LockMode::Full => true,
        LockMode::Send => known
            .iter()
            .any(|document| state(*document).is_some_and(|state| state.can_send())),
        _ => false,
    };
    if !is_locked || known.len() < 2 {
        return Ok(());
    }
    let mut kinds: Vec<&Command> = Vec::new();
    for element in &order.elements {
        let command = &element.command;
        let is_new = kinds
            .iter()
            .all(|kind| discriminant(*kind) != discriminant(command));
        if command.is_for_whole_packet() && is_new {
            kinds.push(command);
        }
        if matches!(command, Command::Pack(_)) {
            return Err(refusals::locked_packet());
        }
    }
    // Documents of one packet may be answered by a signature or a title, as each asks for.
    let mut named = vec![BTreeSet::new(); kinds.len()];
    for element in &order.elements {
        let target = Uuid::parse_str(element.command.target()).unwrap_or_default();
        let Some(document) = letter.document_of(target) else {
            continue;
        };
        for (kind, named) in kinds.iter().zip(&mut named) {
            if is_alike(kind, &element.command) {
                named.insert(document.id());
            }
        }
    }
    let is_whole = |(kind, named): (&&Command, &BTreeSet<Uuid>)| {
        let mut states = known.iter().filter_map(|document| state(*document));
        states.all(|state| named.contains(&state.key().entity) || !takes(&state, kind))
    };
    match kinds.iter().zip(&named).all(is_whole) {
        true => Ok(()),
        false => Err(refusals::locked_packet()),
    }
}

/// Whether a document takes such a command now; one that does not can stay out of it.
fn takes(state: &DocumentState<'_>, command: &Command) -> bool {
    match command {
        Command::Sign(_) | Command::Title(_) => state.can_request_signature(),
        Command::Reject(_) | Command::RejectInWords(_) => {
            state.can_reject() || state.can_answer_revocation()
        }
        Command::Revoke(_) => state.can_revoke(),
        _ => state.can_resolve(),
    }
}

/// Both do the same to a document: sign it, or something of one kind.
fn is_alike(one: &Command, other: &Command) -> bool {
    let signs = |command: &Command| matches!(command, Command::Sign(_) | Command::Title(_));
    (signs(one) && signs(other)) || discriminant(one) == discriminant(other)
}

impl Assembly<'_> {
    pub(super) fn pack(
        &mut self,
        at: &Place,
        one: &EditDocumentPacketCommand,
    ) -> Result<(), Refusal> {
        if at.entity != at.document {
            return Err(refusals::wrong_parent(at));
        }
        let own = self.state(at)?.flags.packet;
        let mut packet = own;
        for id in &one.remove_documents_from_packet {
            let key = key_of(id);
            if own.is_some() && self.world.packet_of(at.box_id, key) == own {
                self.world.document_for(&self.actor, key)?;
                self.is_free(at, key)?;
                let alone = self.world.new_id();
                self.repack(at, key, alone)?;
                if key.entity == at.document {
                    packet = Some(alone);
                }
            }
        }
        let mut joining = BTreeSet::new();
        for id in &one.add_documents_to_packet {
            let key = key_of(id);
            let state = self.world.document_for(&self.actor, key)?;
            if state.letter.kind != MessageKind::Letter || state.flags.is_deleted {
                let text = format!("Document {}:{} not found", id.message_id, id.entity_id);
                return Err(Refusal::not_found(text));
            }
            match self.world.packet_of(at.box_id, key) {
                Some(other) if Some(other) == packet => {}
                Some(other) => joining.extend(self.world.packet_members(at.box_id, other)),
                None => {
                    joining.insert(key);
                }
            }
        }
        if joining.is_empty() {
            return Ok(());
        }
        for key in &joining {
            self.world.document_for(&self.actor, *key)?;
        }
        // Two packets that become one are a new one.
        let merged = self.world.new_id();
        if let Some(packet) = packet {
            joining.extend(self.world.packet_members(at.box_id, packet));
        }
        joining.insert(DocumentKey {
            letter: at.letter,
            entity: at.document,
        });
        for key in &joining {
            self.is_free(at, *key)?;
        }
        for key in joining {
            self.repack(at, key, merged)?;
        }
        Ok(())
    }

    /// Refuses a document of another letter that is bound together; the letter of the patch was checked
    /// before.
    fn is_free(&self, at: &Place, key: DocumentKey) -> Result<(), Refusal> {
        let letter = self.world.tables.letters.get(&key.letter);
        match letter.is_some_and(|letter| letter.id != at.letter && is_locked(letter)) {
            true => Err(refusals::locked_packet()),
            false => Ok(()),
        }
    }

    /// Puts a document into a packet: by this patch, or by one of its own letter.
    fn repack(&mut self, at: &Place, key: DocumentKey, packet: Uuid) -> Result<(), Refusal> {
        let fact = Fact::Packed {
            document: key.entity,
            packet: Some(packet),
        };
        self.is_for_all();
        if key.letter == at.letter {
            self.add(fact);
            return Ok(());
        }
        let author = self.actor.author();
        self.world
            .add_patch(key.letter, author, Scope::Everybody, vec![fact])?;
        Ok(())
    }
}

impl World {
    /// The state of a document now.
    pub(super) fn document_state(
        &self,
        box_id: BoxId,
        key: DocumentKey,
    ) -> Option<DocumentState<'_>> {
        let letter = self.tables.letters.get(&key.letter)?;
        DocumentState::of(letter, key.entity, box_id, letter.patches.len())
    }

    fn packet_of(&self, box_id: BoxId, key: DocumentKey) -> Option<Uuid> {
        self.document_state(box_id, key)?.flags.packet
    }

    /// The documents that are in a packet now.
    fn packet_members(&self, box_id: BoxId, packet: Uuid) -> Vec<DocumentKey> {
        let ever = self.tables.packets.get(&(box_id, packet));
        let ever = ever.into_iter().flatten().copied();
        ever.filter(|key| self.packet_of(box_id, *key) == Some(packet))
            .collect()
    }
}

fn key_of(id: &DocumentId) -> DocumentKey {
    DocumentKey {
        letter: Uuid::parse_str(&id.message_id).unwrap_or_default(),
        entity: Uuid::parse_str(&id.entity_id).unwrap_or_default(),
    }
}
