//! Organizations and their employees.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::BoxId;
use diadoc_proto::DocumentAccessLevel;
use uuid::Uuid;

use crate::world::HEAD_DEPARTMENT;
use crate::world::model::{Action, Employee, Organization};

mod making;

/// An organization with its box.
#[derive(Debug, Clone)]
#[must_use]
pub struct OrganizationBuilder {
    row: Organization,
    departments: Vec<DepartmentBuilder>,
    employees: Vec<EmployeeBuilder>,
    groups: Vec<(String, Vec<String>, Vec<BoxId>)>,
    routes: Vec<(String, Vec<(String, bool)>)>,
}

/// A department besides the head one.
#[derive(Debug, Clone)]
#[must_use]
pub struct DepartmentBuilder {
    id: Option<Uuid>,
    name: String,
    parent: String,
    kpp: Option<String>,
}

/// A user in an organization, with all rights unless something else is said.
#[derive(Debug, Clone)]
#[must_use]
pub struct EmployeeBuilder {
    login: String,
    department: Option<String>,
    selected: Vec<String>,
    external: Option<String>,
    row: Employee,
}

impl OrganizationBuilder {
    /// An organization for tests with that box, INN and name in short.
    pub fn new(box_id: BoxId, inn: impl Into<String>, name: impl Into<String>) -> Self {
        let (inn, name) = (inn.into(), name.into());
        Self {
            row: Organization {
                // As good as any other, and the same in every run.
                id: Uuid::from_bytes(box_id.as_bytes().map(|byte| !byte)),
                box_id,
                kpp: None,
                ogrn: None,
                fns_participant_id: String::new(),
                full_name: name.clone(),
                short_name: name,
                is_test: true,
                is_branch: false,
                counteragents_only: false,
                is_subscribed: true,
                departments: BTreeMap::new(),
                groups: BTreeMap::new(),
                routes: BTreeMap::new(),
                inn,
            },
            departments: Vec::new(),
            employees: Vec::new(),
            groups: Vec::new(),
            routes: Vec::new(),
        }
    }

    /// With that id of the organization.
    pub fn id(mut self, id: Uuid) -> Self {
        self.row.id = id;
        self
    }

    /// With that KPP.
    pub fn kpp(mut self, kpp: impl Into<String>) -> Self {
        self.row.kpp = Some(kpp.into());
        self
    }

    /// With that OGRN.
    pub fn ogrn(mut self, ogrn: impl Into<String>) -> Self {
        self.row.ogrn = Some(ogrn.into());
        self
    }

    /// With that id as a participant of the exchange; otherwise it is made of INN and KPP.
    pub fn fns_participant_id(mut self, id: impl Into<String>) -> Self {
        self.row.fns_participant_id = id.into();
        self
    }

    /// With that name in full.
    pub fn full_name(mut self, name: impl Into<String>) -> Self {
        self.row.full_name = name.into();
        self
    }

    /// Whether it is for tests; it is by default.
    pub fn test(mut self, is_test: bool) -> Self {
        self.row.is_test = is_test;
        self
    }

    /// Whether it is a branch of another one with the same INN.
    pub fn branch(mut self, is_branch: bool) -> Self {
        self.row.is_branch = is_branch;
        self
    }

    /// Whether it takes documents from its counteragents alone.
    pub fn counteragents_only(mut self, only: bool) -> Self {
        self.row.counteragents_only = only;
        self
    }

    /// Whether its subscription goes on; otherwise calls for its box get 402.
    pub fn subscribed(mut self, is_subscribed: bool) -> Self {
        self.row.is_subscribed = is_subscribed;
        self
    }

    /// With that department; those above it stand before it.
    pub fn department(mut self, department: impl Into<DepartmentBuilder>) -> Self {
        self.departments.push(department.into());
        self
    }

    /// With that employee.
    pub fn employee(mut self, employee: EmployeeBuilder) -> Self {
        self.employees.push(employee);
        self
    }

    /// With a group of those counteragents, who may write to the departments of those names, or where
    /// none is named to all.
    pub fn group(
        mut self,
        name: impl Into<String>,
        departments: Vec<String>,
        members: Vec<BoxId>,
    ) -> Self {
        self.groups.push((name.into(), departments, members));
        self
    }

    /// With a route of approval: the logins of those who are asked one after the other, and whether for
    /// a signature.
    pub fn route(mut self, name: impl Into<String>, steps: Vec<(String, bool)>) -> Self {
        self.routes.push((name.into(), steps));
        self
    }
}

impl DepartmentBuilder {
    /// A department of that name, right below the head one.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            id: None,
            name: name.into(),
            parent: String::new(),
            kpp: None,
        }
    }

    /// With that id; otherwise it gets a new one.
    pub fn id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    /// Below the department of that name.
    pub fn below(mut self, parent: impl Into<String>) -> Self {
        self.parent = parent.into();
        self
    }

    /// With a KPP of its own, by which documents come to it.
    pub fn kpp(mut self, kpp: impl Into<String>) -> Self {
        self.kpp = Some(kpp.into());
        self
    }
}

impl From<&str> for DepartmentBuilder {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl EmployeeBuilder {
    /// The user of that login, as an administrator with all rights, in the head department.
    pub fn new(login: impl Into<String>) -> Self {
        Self {
            login: login.into(),
            department: None,
            selected: Vec::new(),
            external: None,
            row: Employee {
                department: HEAD_DEPARTMENT,
                is_administrator: true,
                access: DocumentAccessLevel::AllDocuments,
                selected_departments: BTreeSet::new(),
                actions: Action::ALL.into(),
                is_blocked: false,
                block_comment: None,
                position: "Сотрудник".to_owned(),
                can_be_invited_for_chat: true,
                unsubscribed: BTreeSet::new(),
                external: None,
                created: super::FIRST_MOMENT,
            },
        }
    }

    /// In the department of that name.
    pub fn department(mut self, name: impl Into<String>) -> Self {
        self.department = Some(name.into());
        self
    }

    /// Whether the employee administers the organization.
    pub fn administrator(mut self, is_administrator: bool) -> Self {
        self.row.is_administrator = is_administrator;
        self
    }

    /// Whose documents the employee sees.
    pub fn access(mut self, access: DocumentAccessLevel) -> Self {
        self.row.access = access;
        self
    }

    /// The employee sees the documents of those departments alone.
    pub fn sees(mut self, departments: impl IntoIterator<Item = String>) -> Self {
        self.row.access = DocumentAccessLevel::SelectedDepartments;
        self.selected = departments.into_iter().collect();
        self
    }

    /// What the employee may do, and nothing else.
    pub fn actions(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.row.actions = actions.into_iter().collect();
        self
    }

    /// The employee's position.
    pub fn position(mut self, position: impl Into<String>) -> Self {
        self.row.position = position.into();
        self
    }

    /// Access is closed.
    pub fn blocked(mut self, comment: impl Into<String>) -> Self {
        self.row.is_blocked = true;
        self.row.block_comment = Some(comment.into());
        self
    }

    /// The employee's account with the provider of a single sign-on.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external = Some(id.into());
        self
    }
}
