//! Employees: who is added, changed and dismissed.

use std::collections::BTreeSet;

use diadoc_core::BoxId;
use diadoc_proto::DocumentAccessLevel;
use uuid::Uuid;

use crate::world::access::Actor;
use crate::world::model::{Action, Employee, User};
use crate::world::{Refusal, World};

/// What an employee can be told of by e-mail, as `Subscription.Id` has it.
pub(crate) const SUBSCRIPTIONS: [&str; 10] = [
    "CounteragentInvitation",
    "CounteragentInvitationResponses",
    "NewIncomingDocuments",
    "CounteragentSignatures",
    "CounteragentSignatureDenials",
    "ResolutionRequests",
    "ResolutionResults",
    "EmployeeRequests",
    "News",
    "ChatMessages",
];

/// Who is to become an employee.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewUser {
    /// An e-mail address; none for who has a certificate alone.
    pub login: Option<String>,
    /// Last, first and middle name.
    pub name: Option<(String, String, Option<String>)>,
}

/// What is to change of an employee; what is none stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct EmployeeChanges {
    pub department: Option<Uuid>,
    pub is_administrator: Option<bool>,
    pub access: Option<DocumentAccessLevel>,
    pub selected_departments: Option<BTreeSet<Uuid>>,
    /// What is allowed and what is not.
    pub actions: Vec<(Action, bool)>,
    /// Whether access is closed, and why.
    pub block: Option<(bool, Option<String>)>,
    pub position: Option<String>,
    pub can_be_invited_for_chat: Option<bool>,
}

impl World {
    /// Adds an employee; a user of that login is made where there is none. The user's id.
    ///
    /// # Errors
    ///
    /// 403 for who is no administrator, 404 for an unknown department, 409 for who is an employee.
    pub(crate) fn create_employee(
        &mut self,
        actor: &Actor,
        user: NewUser,
        employee: Employee,
    ) -> Result<Uuid, Refusal> {
        actor.needs_administrator()?;
        self.check_employee(actor.box_id, &employee)?;
        let known = user
            .login
            .as_deref()
            .and_then(|login| self.user_named(login));
        let id = match known {
            Some(known) => known.id,
            None => self.add_user(user),
        };
        if self.tables.employees.contains(&(actor.box_id, id)) {
            return Err(Refusal::conflict(
                "The user is an employee of the box already",
            ));
        }
        self.tables.dismissed.remove(&(actor.box_id, id));
        self.tables.employees.insert((actor.box_id, id), employee);
        Ok(id)
    }

    /// Changes an employee.
    ///
    /// # Errors
    ///
    /// 403 for who is no administrator, 404 for an unknown employee or department, 409 where nobody
    /// would administer the organization any more.
    pub(crate) fn update_employee(
        &mut self,
        actor: &Actor,
        user: Uuid,
        changes: EmployeeChanges,
    ) -> Result<(), Refusal> {
        actor.needs_administrator()?;
        let mut employee = self.employee(actor.box_id, user)?.clone();
        employee.department = changes.department.unwrap_or(employee.department);
        employee.is_administrator = changes
            .is_administrator
            .unwrap_or(employee.is_administrator);
        employee.access = changes.access.unwrap_or(employee.access);
        employee.position = changes.position.unwrap_or(employee.position);
        employee.can_be_invited_for_chat = changes
            .can_be_invited_for_chat
            .unwrap_or(employee.can_be_invited_for_chat);
        if let Some(departments) = changes.selected_departments {
            employee.selected_departments = departments;
        }
        for (action, is_allowed) in changes.actions {
            match is_allowed {
                true => employee.actions.insert(action),
                false => employee.actions.remove(&action),
            };
        }
        if let Some((is_blocked, comment)) = changes.block {
            employee.is_blocked = is_blocked;
            employee.block_comment = comment;
        }
        self.check_employee(actor.box_id, &employee)?;
        if !administers(&employee) {
            self.check_administrators(actor.box_id, user)?;
        }
        self.tables.employees.insert((actor.box_id, user), employee);
        Ok(())
    }

    /// Dismisses an employee; one who was dismissed before stays so.
    ///
    /// # Errors
    ///
    /// 403 for who is no administrator, 404 for who never was an employee, 409 for the last
    /// administrator.
    pub(crate) fn delete_employee(&mut self, actor: &Actor, user: Uuid) -> Result<(), Refusal> {
        actor.needs_administrator()?;
        let key = (actor.box_id, user);
        if self.tables.dismissed.contains(&key) {
            return Ok(());
        }
        self.employee(actor.box_id, user)?;
        self.check_administrators(actor.box_id, user)?;
        self.tables.employees.remove(&key);
        self.tables.dismissed.insert(key, self.now());
        Ok(())
    }

    /// Changes which notifications an employee wants.
    ///
    /// # Errors
    ///
    /// 403 for who is neither an administrator nor the employee, 404 for an unknown employee, 400 for
    /// an unknown notification.
    pub(crate) fn update_subscriptions(
        &mut self,
        actor: &Actor,
        user: Uuid,
        wanted: Vec<(String, bool)>,
    ) -> Result<(), Refusal> {
        self.may_see_subscriptions(actor, user)?;
        let mut employee = self.employee(actor.box_id, user)?.clone();
        for (name, is_wanted) in wanted {
            if !SUBSCRIPTIONS.contains(&&*name) {
                let text = format!("There is no subscription {name}");
                return Err(Refusal::bad_request(text));
            }
            match is_wanted {
                true => employee.unsubscribed.remove(&name),
                false => employee.unsubscribed.insert(name),
            };
        }
        self.tables.employees.insert((actor.box_id, user), employee);
        Ok(())
    }

    /// Refuses who may not see what notifications an employee wants.
    ///
    /// # Errors
    ///
    /// 403.
    pub(crate) fn may_see_subscriptions(&self, actor: &Actor, user: Uuid) -> Result<(), Refusal> {
        match actor.user == user {
            true => Ok(()),
            false => actor.needs_administrator(),
        }
    }

    /// An employee of a box.
    ///
    /// # Errors
    ///
    /// 404 where there is none.
    pub(crate) fn employee(&self, box_id: BoxId, user: Uuid) -> Result<&Employee, Refusal> {
        let employee = self.tables.employees.get(&(box_id, user));
        employee.ok_or_else(|| Refusal::not_found(format!("Employee {user} not found")))
    }

    /// All employees of a box: those who have signed in before, then the others, both by when they came.
    pub(crate) fn employees_of(&self, box_id: BoxId) -> Vec<(&User, &Employee)> {
        let all = (box_id, Uuid::nil())..=(box_id, Uuid::max());
        let rows = self.tables.employees.range(all);
        let mut employees: Vec<_> = rows
            .filter_map(|((_, id), employee)| Some((self.tables.users.get(id)?, employee)))
            .collect();
        employees.sort_by_key(|(user, employee)| (!user.is_registered, employee.created, user.id));
        employees
    }

    /// The user of a login, whatever its case.
    pub(crate) fn user_named(&self, login: &str) -> Option<&User> {
        let login = login.to_lowercase();
        let mut users = self.tables.users.iter().map(|(_, user)| user);
        users.find(|user| !login.is_empty() && user.login.to_lowercase() == login)
    }

    fn add_user(&mut self, user: NewUser) -> Uuid {
        let id = self.new_id();
        let (last_name, first_name, middle_name) = user.name.unwrap_or_default();
        self.tables.users.insert(
            id,
            User {
                id,
                login: user.login.unwrap_or_default(),
                last_name,
                first_name,
                middle_name,
                token: None,
                is_registered: false,
            },
        );
        id
    }

    fn check_employee(&self, box_id: BoxId, employee: &Employee) -> Result<(), Refusal> {
        let organization = self.organization(box_id)?;
        let mut named = employee
            .selected_departments
            .iter()
            .chain([&employee.department]);
        match named.all(|id| organization.has_department(*id)) {
            true => Ok(()),
            false => Err(super::departments::unknown()),
        }
    }

    /// Refuses where nobody else administers the organization.
    fn check_administrators(&self, box_id: BoxId, without: Uuid) -> Result<(), Refusal> {
        let all = (box_id, Uuid::nil())..=(box_id, Uuid::max());
        let employees = self.tables.employees.range(all);
        let (others, own): (Vec<_>, Vec<_>) = employees
            .filter(|(_, employee)| administers(employee))
            .partition(|((_, user), _)| *user != without);
        match own.is_empty() || !others.is_empty() {
            true => Ok(()),
            false => Err(Refusal::conflict(
                "The last administrator of the organization has to stay one",
            )),
        }
    }
}

fn administers(employee: &Employee) -> bool {
    employee.is_administrator && !employee.is_blocked
}
