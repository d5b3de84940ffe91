//! From builders to the rows of an organization.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::BoxId;
use diadoc_core::rules::Format;
use uuid::Uuid;

use super::super::Making;
use super::{DepartmentBuilder, EmployeeBuilder, OrganizationBuilder};
use crate::world::HEAD_DEPARTMENT;
use crate::world::model::{Department, ExternalAccount, Group, Route, Step};

impl Making {
    /// Adds an organization, with all of it but its employees, groups and routes.
    pub(in super::super) fn organization(&mut self, builder: &OrganizationBuilder, place: &str) {
        let mut row = builder.row.clone();
        self.inn(&row.inn, format!("{place}.inn"));
        if let Some(kpp) = &row.kpp {
            self.form(Format::Kpp, kpp, format!("{place}.kpp"));
        }
        if row.fns_participant_id.is_empty() {
            let kpp = row.kpp.as_deref();
            let kpp = kpp.map(|kpp| format!("-{kpp}")).unwrap_or_default();
            row.fns_participant_id = format!("2BM-{}{kpp}-202601010000000000000", row.inn);
        }
        if row.short_name.is_empty() {
            self.fault(format!("{place}.name"), "an organization has a name");
        }
        let mut ids = BTreeMap::from([(String::new(), HEAD_DEPARTMENT)]);
        for (index, builder) in builder.departments.iter().enumerate() {
            let place = format!("{place}.departments[{index}]");
            let DepartmentBuilder { name, kpp, .. } = builder;
            let id = builder.id.unwrap_or_else(|| self.world.new_id());
            if id == HEAD_DEPARTMENT {
                let text = "the zero GUID is the id of the head department";
                self.fault(format!("{place}.id"), text);
            }
            let Some(parent) = ids.get(&builder.parent).copied() else {
                let text = format!("no department `{}` stands before this one", builder.parent);
                self.fault(format!("{place}.parent"), text);
                continue;
            };
            if let Some(kpp) = kpp {
                self.form(Format::Kpp, kpp, format!("{place}.kpp"));
            }
            if ids.insert(name.clone(), id).is_some() || row.departments.contains_key(&id) {
                self.fault(
                    &place,
                    format!("the department `{name}` stands there twice"),
                );
            }
            let department = Department {
                parent,
                name: name.clone(),
                abbreviation: name.clone(),
                kpp: kpp.clone(),
                address: None,
                routes_by_kpp: kpp.is_some(),
                routes_by_address: false,
                created: self.world.now(),
            };
            row.departments.insert(id, department);
        }
        let rows = &self.world.tables.organizations;
        let is_known = rows.contains(&row.box_id) || rows.iter().any(|(_, one)| one.id == row.id);
        if is_known {
            self.fault(format!("{place}.box"), "this box stands there twice");
        }
        self.world.tables.organizations.insert(row.box_id, row);
    }

    /// Adds the employees, groups and routes of an organization.
    pub(in super::super) fn members(&mut self, builder: &OrganizationBuilder, place: &str) {
        let box_id = builder.row.box_id;
        for (index, employee) in builder.employees.iter().enumerate() {
            self.employee(box_id, employee, &format!("{place}.employees[{index}]"));
        }
        if builder.employees.is_empty() {
            let everybody = self.world.everybody;
            let users: Vec<_> = match everybody {
                Some(user) => vec![user],
                None => self.logins.values().copied().collect(),
            };
            for user in users {
                let mut row = EmployeeBuilder::new("").row;
                row.created = self.world.now();
                self.world.tables.employees.insert((box_id, user), row);
            }
        }
        for (index, group) in builder.groups.iter().enumerate() {
            self.group(box_id, group, &format!("{place}.groups[{index}]"));
        }
        for (index, (name, steps)) in builder.routes.iter().enumerate() {
            let place = format!("{place}.routes[{index}]");
            let mut route = Route {
                name: name.clone(),
                steps: Vec::new(),
            };
            for (index, (login, asks_for_signature)) in steps.iter().enumerate() {
                let place = format!("{place}.steps[{index}].user");
                let Some(user) = self.user(login, &place) else {
                    continue;
                };
                if !self.world.tables.employees.contains(&(box_id, user)) {
                    self.fault(place, format!("`{login}` is no employee there"));
                }
                route.steps.push(Step {
                    user,
                    asks_for_signature: *asks_for_signature,
                });
            }
            let id = self.world.new_id();
            if let Some(row) = self.world.tables.organizations.edit(&box_id) {
                row.routes.insert(id, route);
            }
        }
    }

    fn employee(&mut self, box_id: BoxId, builder: &EmployeeBuilder, place: &str) {
        let mut row = builder.row.clone();
        row.created = self.world.now();
        if let Some(name) = &builder.department {
            let found = self.department(box_id, name, &format!("{place}.department"));
            row.department = found.unwrap_or_default();
        }
        for (index, name) in builder.selected.iter().enumerate() {
            let found = self.department(box_id, name, &format!("{place}.sees[{index}]"));
            row.selected_departments.extend(found);
        }
        row.external = builder.external.clone().map(|id| ExternalAccount {
            id,
            email: Some(builder.login.clone()),
        });
        let Some(user) = self.user(&builder.login, &format!("{place}.user")) else {
            return;
        };
        if self.world.tables.employees.contains(&(box_id, user)) {
            self.fault(place, "the employee stands there twice");
        }
        self.world.tables.employees.insert((box_id, user), row);
    }

    fn group(
        &mut self,
        box_id: BoxId,
        (name, departments, members): &(String, Vec<String>, Vec<BoxId>),
        place: &str,
    ) {
        let message = "Diadoc.Api.Proto.CounteragentGroups.CounteragentGroupToCreate";
        self.as_in(message, "Name", name, &format!("{place}.name"));
        let id = self.world.new_id();
        let mut open = BTreeSet::new();
        for (index, name) in departments.iter().enumerate() {
            open.extend(self.department(box_id, name, &format!("{place}.departments[{index}]")));
        }
        let group = Group {
            name: name.clone(),
            departments: Some(open).filter(|open| !open.is_empty()),
        };
        if let Some(row) = self.world.tables.organizations.edit(&box_id) {
            row.groups.insert(id, group);
        }
        for (index, member) in members.iter().enumerate() {
            match self.world.tables.relations.edit(&(box_id, *member)) {
                Some(relation) => relation.group = Some(id),
                None => self.fault(
                    format!("{place}.members[{index}]"),
                    format!("{} is no counteragent", member.guid()),
                ),
            }
        }
    }

    /// The department of that name; the empty one is the head department.
    fn department(&mut self, box_id: BoxId, name: &str, place: &str) -> Option<Uuid> {
        if name.is_empty() {
            return Some(HEAD_DEPARTMENT);
        }
        let organization = self.world.tables.organizations.get(&box_id)?;
        let mut departments = organization.departments.iter();
        let found = departments
            .find(|(_, row)| row.name == name)
            .map(|(id, _)| *id);
        if found.is_none() {
            self.fault(place, format!("there is no department `{name}`"));
        }
        found
    }
}
