//! How a world begins.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::{BoxId, Ticks};
use diadoc_proto::DocumentAccessLevel;
use uuid::{Uuid, uuid};

use super::model::{Action, Employee, Organization, Relation, RelationState, User};
use super::{Clock, HEAD_DEPARTMENT, World};

/// The box of the first organization of the default world, which the vendor's pages have as well.
pub const FIRST_BOX: BoxId = box_id(uuid!("1f208d03-2a60-4f64-91b1-b7aad54cfaf3"));
/// The box of the second organization of the default world.
pub const SECOND_BOX: BoxId = box_id(uuid!("7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946"));

const fn box_id(guid: Uuid) -> BoxId {
    BoxId::from_bytes(*guid.as_bytes())
}

impl Default for World {
    /// Two test organizations that are counteragents, and one user, an administrator of both, whom every
    /// token stands for.
    fn default() -> Self {
        let mut world = Self::empty(Clock::SYSTEM, None);
        let since = world.now();
        let user = uuid!("c41f2ab6-5b0e-4f7a-8a57-3d9c6f12e8b0");
        world.tables.users.insert(
            user,
            User {
                id: user,
                login: "ivanova@example.ru".to_owned(),
                last_name: "Иванова".to_owned(),
                first_name: "Анна".to_owned(),
                middle_name: Some("Петровна".to_owned()),
                token: None,
                is_registered: true,
            },
        );
        world.everybody = Some(user);
        let names = [
            (FIRST_BOX, "7705000010", "770501001", "Ромашка"),
            (SECOND_BOX, "7810000019", "781001001", "Василёк"),
        ];
        for (box_id, inn, kpp, name) in names {
            let organization = organization(box_id, inn, kpp, name);
            world.tables.organizations.insert(box_id, organization);
            world
                .tables
                .employees
                .insert((box_id, user), administrator(since));
        }
        for (from, to) in [(FIRST_BOX, SECOND_BOX), (SECOND_BOX, FIRST_BOX)] {
            world.tables.relations.insert(
                (from, to),
                Relation {
                    state: RelationState::Counteragents,
                    changed: since,
                    message_to: None,
                    message_from: None,
                    invitation: None,
                    wants_signature: false,
                    before: None,
                    group: None,
                },
            );
        }
        world.tables.commit();
        world
    }
}

fn organization(box_id: BoxId, inn: &str, kpp: &str, name: &str) -> Organization {
    Organization {
        id: Uuid::from_bytes(box_id.as_bytes().map(|byte| !byte)),
        box_id,
        inn: inn.to_owned(),
        kpp: Some(kpp.to_owned()),
        ogrn: None,
        fns_participant_id: format!("2BM-{inn}-{kpp}-202601010000000000000"),
        full_name: format!("Общество с ограниченной ответственностью «{name}»"),
        short_name: format!("ООО «{name}»"),
        is_test: true,
        is_branch: false,
        counteragents_only: false,
        is_subscribed: true,
        departments: BTreeMap::new(),
        groups: BTreeMap::new(),
        routes: BTreeMap::new(),
    }
}

fn administrator(since: Ticks) -> Employee {
    Employee {
        department: HEAD_DEPARTMENT,
        is_administrator: true,
        access: DocumentAccessLevel::AllDocuments,
        selected_departments: BTreeSet::new(),
        actions: Action::ALL.into(),
        is_blocked: false,
        block_comment: None,
        position: "Директор".to_owned(),
        can_be_invited_for_chat: true,
        unsubscribed: BTreeSet::new(),
        external: None,
        created: since,
    }
}
