//! Departments.

use diadoc_core::BoxId;
use diadoc_proto::Address;
use uuid::Uuid;

use crate::world::access::Actor;
use crate::world::model::{Department, Organization};
use crate::world::state::DocumentState;
use crate::world::{HEAD_DEPARTMENT, Refusal, World};

/// What is to change of a department; what is none stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct DepartmentChanges {
    pub parent: Option<Uuid>,
    /// Name and name in short.
    pub names: Option<(String, String)>,
    pub kpp: Option<Option<String>>,
    pub address: Option<Option<Address>>,
    /// Whether documents come to it by KPP, and by address.
    pub routing: Option<(bool, bool)>,
}

impl World {
    /// Makes a department; its id.
    ///
    /// # Errors
    ///
    /// 403 for who is no administrator, 404 where there is no department above, 409 where the KPP is
    /// taken, 400 where documents are to come by what it has not got.
    pub(crate) fn create_department(
        &mut self,
        actor: &Actor,
        department: Department,
    ) -> Result<Uuid, Refusal> {
        actor.needs_administrator()?;
        let id = self.new_id();
        let organization = self.organization(actor.box_id)?;
        check(organization, id, &department)?;
        if let Some(organization) = self.tables.organizations.edit(&actor.box_id) {
            organization.departments.insert(id, department);
        }
        Ok(id)
    }

    /// Changes a department.
    ///
    /// # Errors
    ///
    /// As [`create_department`](Self::create_department); 404 where there is none, 409 for the head
    /// department and for one that would be below itself.
    pub(crate) fn update_department(
        &mut self,
        actor: &Actor,
        id: Uuid,
        changes: DepartmentChanges,
    ) -> Result<(), Refusal> {
        actor.needs_administrator()?;
        let organization = self.organization(actor.box_id)?;
        if id == HEAD_DEPARTMENT {
            let text = "The head department can't be changed";
            return Err(Refusal::conflict(text));
        }
        let department = organization.departments.get(&id).ok_or_else(unknown)?;
        let mut department = department.clone();
        if let Some(parent) = changes.parent {
            if organization.department_tree(id).contains(&parent) {
                let text = "A department can't be below itself";
                return Err(Refusal::conflict(text));
            }
            department.parent = parent;
        }
        if let Some((name, abbreviation)) = changes.names {
            department.name = name;
            department.abbreviation = abbreviation;
        }
        department.kpp = changes.kpp.unwrap_or(department.kpp);
        department.address = changes.address.unwrap_or(department.address);
        if let Some((by_kpp, by_address)) = changes.routing {
            department.routes_by_kpp = by_kpp;
            department.routes_by_address = by_address;
        }
        check(organization, id, &department)?;
        if let Some(organization) = self.tables.organizations.edit(&actor.box_id) {
            organization.departments.insert(id, department);
        }
        Ok(())
    }

    /// Deletes a department.
    ///
    /// # Errors
    ///
    /// 403 for who is no administrator, 404 where there is none, 409 for the head department and where
    /// there are departments, documents or employees in it.
    pub(crate) fn delete_department(&mut self, actor: &Actor, id: Uuid) -> Result<(), Refusal> {
        actor.needs_administrator()?;
        let organization = self.organization(actor.box_id)?;
        if id == HEAD_DEPARTMENT {
            let text = "The head department can't be deleted";
            return Err(Refusal::conflict(text));
        }
        if !organization.departments.contains_key(&id) {
            return Err(unknown());
        }
        let held = match () {
            () if organization.department_tree(id).len() > 1 => Some("departments"),
            () if self.has_employees(actor.box_id, id) => Some("employees"),
            () if self.has_documents(actor.box_id, id) => Some("documents"),
            () => None,
        };
        if let Some(held) = held {
            let text = format!("Department can't be deleted: it has {held}");
            return Err(Refusal::conflict(text));
        }
        if let Some(organization) = self.tables.organizations.edit(&actor.box_id) {
            organization.departments.remove(&id);
            for group in organization.groups.values_mut() {
                if let Some(departments) = &mut group.departments {
                    departments.remove(&id);
                }
            }
        }
        Ok(())
    }

    /// The organization of a box.
    ///
    /// # Errors
    ///
    /// 404 where there is none.
    pub(crate) fn organization(&self, box_id: BoxId) -> Result<&Organization, Refusal> {
        let organization = self.tables.organizations.get(&box_id);
        organization.ok_or_else(|| Refusal::not_found(format!("Box [{}] not found", box_id.guid())))
    }

    fn has_employees(&self, box_id: BoxId, department: Uuid) -> bool {
        let all = (box_id, Uuid::nil())..=(box_id, Uuid::max());
        let mut employees = self.tables.employees.range(all);
        employees.any(|(_, employee)| employee.department == department)
    }

    fn has_documents(&self, box_id: BoxId, department: Uuid) -> bool {
        let mut rows = self.tables.documents.iter();
        rows.any(|((owner, ..), row)| {
            let letter = self.tables.letters.get(&row.document.letter);
            *owner == box_id
                && letter.is_some_and(|letter| {
                    let upto = letter.patches.len();
                    let state = DocumentState::of(letter, row.document.entity, box_id, upto);
                    state.is_some_and(|state| state.flags.department == department)
                })
        })
    }
}

/// There is no such department.
pub(crate) fn unknown() -> Refusal {
    let refusal = Refusal::not_found("Department wasn't found");
    refusal.code("OrganizationBoxService.Department.NotFound")
}

/// Whether a department fits into its organization.
fn check(organization: &Organization, id: Uuid, department: &Department) -> Result<(), Refusal> {
    if !organization.has_department(department.parent) {
        return Err(unknown());
    }
    let mut others = organization
        .departments
        .iter()
        .filter(|(other, _)| **other != id);
    let own = organization.kpp.as_ref();
    if let Some(kpp) = &department.kpp
        && (own == Some(kpp) || others.any(|(_, other)| other.kpp.as_ref() == Some(kpp)))
    {
        let text = format!("Department with KPP {kpp} already exists");
        return Err(Refusal::conflict(text));
    }
    let lacks = match department {
        _ if department.routes_by_kpp && department.kpp.is_none() => Some("Kpp"),
        _ if department.routes_by_address && department.address.is_none() => Some("Address"),
        _ => None,
    };
    match lacks {
        Some(field) => Err(Refusal::bad_request(format!(
            "{field} is required for routing by {field}"
        ))),
        None => Ok(()),
    }
}
