//! Who may do what.

use std::collections::BTreeSet;

use diadoc_core::BoxId;
use diadoc_proto::DocumentAccessLevel;
use uuid::Uuid;

use super::model::{Action, Author, DocumentKey, Employee, Organization, User};
use super::state::DocumentState;
use super::{HEAD_DEPARTMENT, Refusal, World};

/// An employee at work: the box, the user, and what the user may do in it.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub box_id: BoxId,
    pub user: Uuid,
    pub employee: Employee,
    /// The departments whose documents the employee sees; none for all of them.
    departments: Option<BTreeSet<Uuid>>,
}

impl World {
    /// The user who makes a call: who has signed in, else the one whose token it is, else the user of
    /// every token.
    ///
    /// # Errors
    ///
    /// 401 where that is nobody.
    pub(crate) fn user_of(
        &self,
        signed_in: Option<Uuid>,
        token: Option<&str>,
    ) -> Result<Uuid, Refusal> {
        let owner = || token.and_then(|token| self.owner_of(token));
        let user = signed_in.or_else(owner).or(self.everybody);
        user.ok_or_else(|| Refusal::unauthorized("Invalid auth token"))
    }

    /// The user who comes first, in the order of ids.
    pub(crate) fn first_user(&self) -> Option<Uuid> {
        self.tables.users.iter().next().map(|(id, _)| *id)
    }

    /// The user whose token that is.
    pub(crate) fn owner_of(&self, token: &str) -> Option<Uuid> {
        let mut users = self.tables.users.iter();
        let owner = users.find(|(_, user)| user.token.as_deref() == Some(token));
        owner.map(|(id, _)| *id)
    }

    /// The user of a login signs in.
    pub(crate) fn sign_in(&mut self, login: &str) -> Option<Uuid> {
        let id = self.user_named(login)?.id;
        let signed_in = self.transact(|world| {
            if let Some(user) = world.tables.users.edit(&id) {
                user.is_registered = true;
            }
            Ok(id)
        });
        signed_in.ok()
    }

    /// The token of a user, who gets one here where there is none.
    pub(crate) fn token_of(&mut self, user: Uuid) -> Option<String> {
        let new = self.new_id().simple().to_string();
        let user = self.tables.users.edit(&user)?;
        user.is_registered = true;
        Some(user.token.get_or_insert(new).clone())
    }

    /// The organization of an id.
    ///
    /// # Errors
    ///
    /// 404 where there is none.
    pub(crate) fn organization_by_id(&self, id: Uuid) -> Result<&Organization, Refusal> {
        let mut rows = self.tables.organizations.iter().map(|(_, row)| row);
        let found = rows.find(|row| row.id == id);
        found.ok_or_else(|| Refusal::not_found(format!("Organization {id} not found")))
    }

    /// Whether a box has taken part in the exchange.
    pub(crate) fn has_exchanged(&self, box_id: BoxId) -> bool {
        let events = self.tables.events.last_number(box_id);
        events > 0 || self.relations_of(box_id).next().is_some()
    }

    /// The departments of an organization that a counteragent may write to, and those above them; none
    /// for all.
    pub(crate) fn departments_for(
        &self,
        organization: &Organization,
        counteragent: BoxId,
    ) -> Option<BTreeSet<Uuid>> {
        let relation = self
            .tables
            .relations
            .get(&(organization.box_id, counteragent))?;
        let group = self.group(organization.box_id, relation.group.unwrap_or_default());
        let mut open = group.ok()?.departments?;
        let mut next: Vec<_> = open.iter().copied().collect();
        while let Some(id) = next.pop() {
            let row = organization.departments.get(&id);
            next.extend(
                row.map(|row| row.parent)
                    .filter(|parent| open.insert(*parent)),
            );
        }
        Some(open)
    }

    /// Lets a user into a box.
    ///
    /// # Errors
    ///
    /// 403 for who has no access to it, and where there is no such box; 402 where its subscription has
    /// ended.
    pub(crate) fn enter(&self, user: Uuid, box_id: BoxId) -> Result<Actor, Refusal> {
        let employee = self.tables.employees.get(&(box_id, user));
        let employee = employee.filter(|employee| !employee.is_blocked);
        let denied = || Refusal::forbidden(format!("Access to Box [{}] is denied", box_id.guid()));
        let employee = employee.ok_or_else(denied)?.clone();
        let organization = self.tables.organizations.get(&box_id).ok_or_else(denied)?;
        match organization.is_subscribed {
            true => Ok(Actor {
                box_id,
                user,
                departments: visible(organization, &employee),
                employee,
            }),
            false => Err(Refusal::payment_required(
                "Доступ запрещён. Необходима оплата тарифа АПИ",
            )),
        }
    }
}

impl World {
    /// The present state of a document for an employee.
    ///
    /// # Errors
    ///
    /// 404 where the box knows of no such document, 403 where it is not for the employee's eyes.
    pub(crate) fn document_for(
        &self,
        actor: &Actor,
        document: DocumentKey,
    ) -> Result<DocumentState<'_>, Refusal> {
        let DocumentKey { letter, entity } = document;
        let state = self
            .tables
            .letters
            .get(&letter)
            .and_then(|row| DocumentState::of(row, entity, actor.box_id, row.patches.len()));
        let not_found = || Refusal::not_found(format!("Document {letter}:{entity} not found"));
        let state = state.ok_or_else(not_found)?;
        match actor.sees(state.flags.department) {
            true => Ok(state),
            false => Err(Refusal::forbidden("У вас нет доступа к документу")
                .code("DocumentService.EmployeeCannotAccessDocument")),
        }
    }

    /// The employee who acts for a box by itself: its first administrator who may work.
    pub(crate) fn employee_at_work(&self, box_id: BoxId) -> Result<Actor, Refusal> {
        let all = (box_id, Uuid::nil())..=(box_id, Uuid::max());
        let mut employees = self.tables.employees.range(all);
        let administrator = employees.find(|(_, one)| one.is_administrator && !one.is_blocked);
        let Some(((_, user), _)) = administrator else {
            let text = format!("Box {} has no administrator", box_id.guid());
            return Err(Refusal::forbidden(text));
        };
        self.enter(*user, box_id)
    }

    /// Last name, first name and middle name of a user; empty where there is no such user.
    pub(crate) fn name_of(&self, user: Uuid) -> String {
        let user = self.tables.users.get(&user);
        user.map(User::full_name).unwrap_or_default()
    }
}

impl Actor {
    /// As the author of a patch.
    pub(crate) fn author(&self) -> Author {
        Author::User {
            box_id: self.box_id,
            user: self.user,
        }
    }

    /// Whether the employee may do that.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.employee.is_administrator || self.employee.actions.contains(&action)
    }

    /// Whether the employee sees the documents of that department.
    pub(crate) fn sees(&self, department: Uuid) -> bool {
        let mut known = self.departments.iter();
        known.all(|known| known.contains(&department))
    }

    /// Whether the employee sees the documents of every department.
    pub(crate) fn sees_all(&self) -> bool {
        self.departments.is_none()
    }

    /// Refuses who does not see the documents of every department.
    ///
    /// # Errors
    ///
    /// 403.
    pub(crate) fn needs_all(&self) -> Result<(), Refusal> {
        let text = format!("Access to Box [{}] is denied", self.box_id.guid());
        let hint = "the employee does not see the documents of every department";
        self.sees_all()
            .then_some(())
            .ok_or_else(|| Refusal::forbidden(text).hint(hint))
    }

    /// Refuses who may not do that.
    ///
    /// # Errors
    ///
    /// 403.
    pub(crate) fn needs(&self, action: Action) -> Result<(), Refusal> {
        match (self.may(action), action) {
            (true, _) => Ok(()),
            (false, Action::SignDocuments) => {
                let refusal = Refusal::forbidden("У вас нет права подписи в организации");
                Err(refusal.code("DocumentService.EmployeeCannotSignDocuments"))
            }
            (false, _) => Err(Refusal::forbidden(format!(
                "The employee has no right to {}",
                action.as_str()
            ))),
        }
    }

    /// Refuses who is no administrator of the organization.
    ///
    /// # Errors
    ///
    /// 403.
    pub(crate) fn needs_administrator(&self) -> Result<(), Refusal> {
        let text = "Only administrators of the organization may do this";
        self.employee
            .is_administrator
            .then_some(())
            .ok_or_else(|| Refusal::forbidden(text))
    }
}

impl Organization {
    /// Whether it has that department.
    pub(crate) fn has_department(&self, department: Uuid) -> bool {
        department == HEAD_DEPARTMENT || self.departments.contains_key(&department)
    }

    /// A department and all that are below it.
    pub(crate) fn department_tree(&self, department: Uuid) -> BTreeSet<Uuid> {
        let mut found = BTreeSet::from([department]);
        let mut last = vec![department];
        while let Some(parent) = last.pop() {
            for (id, row) in &self.departments {
                if row.parent == parent && found.insert(*id) {
                    last.push(*id);
                }
            }
        }
        found
    }
}

/// The departments whose documents an employee sees; none for all of them.
fn visible(organization: &Organization, employee: &Employee) -> Option<BTreeSet<Uuid>> {
    match employee.access {
        DocumentAccessLevel::AllDocuments => None,
        DocumentAccessLevel::DepartmentAndSubdepartments => {
            Some(organization.department_tree(employee.department))
        }
        DocumentAccessLevel::SelectedDepartments => Some(employee.selected_departments.clone()),
        // The narrowest one, for a level that is not known as well.
        _ => Some([employee.department].into()),
    }
}
