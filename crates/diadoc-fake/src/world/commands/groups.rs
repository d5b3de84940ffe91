//! Groups of counteragents.

use std::collections::BTreeSet;

use diadoc_core::BoxId;
use uuid::Uuid;

use crate::world::access::Actor;
use crate::world::model::{Action, Group, RelationChange, RelationState};
use crate::world::{Refusal, World};

/// The group that every counteragent is in first: nobody made it, and nobody can delete it.
pub(crate) const DEFAULT_GROUP: Uuid = Uuid::nil();
/// Its name.
const DEFAULT_NAME: &str = "По умолчанию";

impl World {
    /// A group; of the default one what users have changed of it, else that it lets write to everybody.
    ///
    /// # Errors
    ///
    /// 404 where there is none.
    pub(crate) fn group(&self, box_id: BoxId, group: Uuid) -> Result<Group, Refusal> {
        let organization = self.tables.organizations.get(&box_id);
        let found = organization.and_then(|row| row.groups.get(&group)).cloned();
        let default = || Group {
            name: DEFAULT_NAME.to_owned(),
            departments: None,
        };
        found
            .or_else(|| (group == DEFAULT_GROUP).then(default))
            .ok_or_else(|| Refusal::not_found(format!("Counteragent group {group} not found")))
    }

    /// All groups with their ids, the default one first.
    pub(crate) fn groups(&self, box_id: BoxId) -> Vec<(Uuid, Group)> {
        let organization = self.tables.organizations.get(&box_id);
        let made = organization.into_iter().flat_map(|row| &row.groups);
        let made = made.filter(|(id, _)| **id != DEFAULT_GROUP);
        let default = self.group(box_id, DEFAULT_GROUP).ok();
        let default = default.map(|group| (DEFAULT_GROUP, group)).into_iter();
        default
            .chain(made.map(|(id, group)| (*id, group.clone())))
            .collect()
    }

    /// The counteragents in a group, in the order of their boxes.
    pub(crate) fn group_members(&self, box_id: BoxId, group: Uuid) -> Vec<BoxId> {
        let relations = self.relations_of(box_id);
        let members = relations.filter(|(_, relation)| {
            relation.state == RelationState::Counteragents
                && relation.group.unwrap_or(DEFAULT_GROUP) == group
        });
        members.map(|(counteragent, _)| counteragent).collect()
    }

    /// Makes a group; its id.
    ///
    /// # Errors
    ///
    /// 403 for who may not, 404 for an unknown department, 409 where the name is taken.
    pub(crate) fn create_group(&mut self, actor: &Actor, group: Group) -> Result<Uuid, Refusal> {
        may_change(actor)?;
        self.check_departments(actor.box_id, group.departments.as_ref())?;
        let id = self.new_id();
        self.check_group_name(actor.box_id, id, &group.name)?;
        if let Some(organization) = self.tables.organizations.edit(&actor.box_id) {
            organization.groups.insert(id, group);
        }
        Ok(id)
    }

    /// Changes a group: its name where one is given, and its departments where they are.
    ///
    /// # Errors
    ///
    /// As [`create_group`](Self::create_group); 400 for another name of the default group.
    pub(crate) fn update_group(
        &mut self,
        actor: &Actor,
        id: Uuid,
        name: Option<String>,
        departments: Option<Option<BTreeSet<Uuid>>>,
    ) -> Result<(), Refusal> {
        may_change(actor)?;
        let mut group = self.group(actor.box_id, id)?;
        if let Some(name) = name.filter(|name| *name != group.name) {
            if id == DEFAULT_GROUP {
                let text = "The default counteragent group can't be renamed";
                return Err(Refusal::bad_request(text));
            }
            self.check_group_name(actor.box_id, id, &name)?;
            group.name = name;
        }
        if let Some(departments) = departments {
            self.check_departments(actor.box_id, departments.as_ref())?;
            group.departments = departments;
        }
        if let Some(organization) = self.tables.organizations.edit(&actor.box_id) {
            organization.groups.insert(id, group);
        }
        Ok(())
    }

    /// Deletes a group; its members are in the default one from then on.
    ///
    /// # Errors
    ///
    /// 403 for who may not, 404 where there is none, 409 for the default group.
    pub(crate) fn delete_group(&mut self, actor: &Actor, id: Uuid) -> Result<(), Refusal> {
        may_change(actor)?;
        self.group(actor.box_id, id)?;
        if id == DEFAULT_GROUP {
            let text = "The default counteragent group can't be deleted";
            return Err(Refusal::conflict(text));
        }
        let relations = self.relations_of(actor.box_id);
        let members = relations.filter(|(_, relation)| relation.group == Some(id));
        let members: Vec<_> = members.map(|(counteragent, _)| counteragent).collect();
        for member in members {
            self.put_in_group(actor.box_id, member, None);
        }
        if let Some(organization) = self.tables.organizations.edit(&actor.box_id) {
            organization.groups.remove(&id);
        }
        Ok(())
    }

    /// Puts a counteragent into a group.
    ///
    /// # Errors
    ///
    /// 403 for who may not, 404 where there is no such group, 409 for who is no counteragent.
    pub(crate) fn add_to_group(
        &mut self,
        actor: &Actor,
        counteragent: BoxId,
        id: Uuid,
    ) -> Result<(), Refusal> {
        may_change(actor)?;
        self.group(actor.box_id, id)?;
        let relation = self.tables.relations.get(&(actor.box_id, counteragent));
        if relation.is_none_or(|relation| relation.state != RelationState::Counteragents) {
            let text = format!("Box [{}] is not a counteragent", counteragent.guid());
            return Err(Refusal::conflict(text));
        }
        let group = Some(id).filter(|id| *id != DEFAULT_GROUP);
        self.put_in_group(actor.box_id, counteragent, group);
        Ok(())
    }

    fn put_in_group(&mut self, box_id: BoxId, counteragent: BoxId, group: Option<Uuid>) {
        let relation = self.tables.relations.edit(&(box_id, counteragent));
        if let Some(relation) = relation.filter(|relation| relation.group != group) {
            relation.group = group;
            self.tell_relation(box_id, counteragent, vec![RelationChange::Group], None);
        }
    }

    fn check_departments(
        &self,
        box_id: BoxId,
        departments: Option<&BTreeSet<Uuid>>,
    ) -> Result<(), Refusal> {
        let organization = self.tables.organizations.get(&box_id);
        let mut named = departments.into_iter().flatten();
        let is_known = |id: &Uuid| organization.is_some_and(|row| row.has_department(*id));
        match named.find(|id| !is_known(id)) {
            Some(_) => Err(super::departments::unknown()),
            None => Ok(()),
        }
    }

    fn check_group_name(&self, box_id: BoxId, id: Uuid, name: &str) -> Result<(), Refusal> {
        let groups = self.groups(box_id);
        let mut others = groups.iter().filter(|(other, _)| *other != id);
        match others.any(|(_, group)| group.name == name) {
            true => {
                let text = format!("Counteragent group with name {name} already exists");
                Err(Refusal::conflict(text))
            }
            false => Ok(()),
        }
    }
}

fn may_change(actor: &Actor) -> Result<(), Refusal> {
    actor.needs_administrator()?;
    // An administrator who has not got the right explicitly may not do this either.
    match actor
        .employee
        .actions
        .contains(&Action::ManageCounteragents)
    {
        true => Ok(()),
        false => Err(Refusal::forbidden(
            "The employee has no right to ManageCounteragents",
        )),
    }
}
