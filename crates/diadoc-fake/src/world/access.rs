//! Who may do what.

use diadoc_core::BoxId;
use uuid::Uuid;

use super::model::{Action, Author, Employee, Organization};
use super::{Refusal, World};

/// An employee at work: the box, the user, and what the user may do in it.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub box_id: BoxId,
    pub user: Uuid,
    pub employee: Employee,
}

impl World {
    /// The user whom a token stands for: the one that has it, or else the user of every token.
    pub(crate) fn user_of(&self, token: Option<&str>) -> Result<Uuid, Refusal> {
        let mut users = self.tables.users.iter();
        let owner = users.find(|(_, user)| user.token.is_some() && user.token.as_deref() == token);
        let user = owner.map(|(id, _)| *id).or(self.everybody);
        user.ok_or_else(|| Refusal::unauthorized("the token is nobody's"))
    }

    /// The organizations whose employee a user is.
    pub(crate) fn organizations_of(&self, user: Uuid) -> impl Iterator<Item = &Organization> {
        self.tables
            .organizations
            .iter()
            .filter_map(move |(box_id, row)| {
                let employee = self.tables.employees.get(&(*box_id, user))?;
                (!employee.is_blocked).then_some(row)
            })
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
                employee,
            }),
            false => Err(Refusal::payment_required(
                "Доступ запрещён. Необходима оплата тарифа АПИ",
            )),
        }
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
}
