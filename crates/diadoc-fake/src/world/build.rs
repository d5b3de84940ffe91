//! The world that a fake has where nobody says another.

use diadoc_core::BoxId;
use uuid::{Uuid, uuid};

use super::builder::{
    EmployeeBuilder, LetterBuilder, OrganizationBuilder, UserBuilder, WorldBuilder,
};
use super::model::RelationState;
use super::{Clock, World};

/// The box of the first organization of the default world, which the vendor's pages have as well.
pub const FIRST_BOX: BoxId = box_id(uuid!("1f208d03-2a60-4f64-91b1-b7aad54cfaf3"));
/// The box of the second organization of the default world.
pub const SECOND_BOX: BoxId = box_id(uuid!("7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946"));

/// The one user of the default world.
const USER: &str = "ivanova@example.ru";

const fn box_id(guid: Uuid) -> BoxId {
    BoxId::from_bytes(*guid.as_bytes())
}

impl Default for World {
    /// Two test organizations that are counteragents, and one user, an administrator of both, whom every
    /// token stands for. In July 2025 the second one has sent the first three documents.
    fn default() -> Self {
        let moments = [
            ("11", "2025-07-01T09:30:00Z", "1200.00", "200.00"),
            ("12", "2025-07-14T11:05:00Z", "3600.00", "600.00"),
            ("13", "2025-07-28T14:45:00Z", "480.00", "80.00"),
        ];
        let letters = moments.map(|(number, when, sum, vat)| {
            let letter = LetterBuilder::new(SECOND_BOX, FIRST_BOX)
                .document_type("UniversalTransferDocument")
                .function("СЧФДОП")
                .number(number)
                .sum(sum)
                .vat(vat);
            match when.parse() {
                Ok(when) => letter.when(when),
                Err(_) => letter,
            }
        });
        let builder = letters.into_iter().fold(two(), WorldBuilder::letter);
        builder.build().unwrap_or_else(|_| World::without_letters())
    }
}

impl World {
    /// The default world before anything was sent.
    pub fn without_letters() -> Self {
        let built = two().build();
        built.unwrap_or_else(|_| Self::empty(Clock::SYSTEM, None))
    }
}

/// Two organizations and who works there.
fn two() -> WorldBuilder {
    let user = UserBuilder::new(USER)
        .id(uuid!("c41f2ab6-5b0e-4f7a-8a57-3d9c6f12e8b0"))
        .name("Иванова", "Анна")
        .middle_name("Петровна");
    let organization = |box_id, inn: &str, kpp: &str, name: &str| {
        OrganizationBuilder::new(box_id, inn, format!("ООО «{name}»"))
            .kpp(kpp)
            .full_name(format!("Общество с ограниченной ответственностью «{name}»"))
            .employee(EmployeeBuilder::new(USER).position("Директор"))
    };
    World::builder()
        .user(user)
        .organization(organization(
            FIRST_BOX,
            "7705000010",
            "770501001",
            "Ромашка",
        ))
        .organization(organization(
            SECOND_BOX,
            "7810000019",
            "781001001",
            "Василёк",
        ))
        .relation(FIRST_BOX, SECOND_BOX, RelationState::Counteragents)
}

#[cfg(test)]
mod tests {
    use super::{FIRST_BOX, SECOND_BOX};
    use crate::world::World;

    #[test]
    fn the_default_world_has_three_letters() {
        let world = World::default();
        assert_eq!(world.tables.letters.len(), 3);
        for (_, letter) in world.tables.letters.iter() {
            assert_eq!(letter.sender.box_id, SECOND_BOX);
            assert!(letter.seen_since(FIRST_BOX).is_some());
        }
        assert_eq!(World::without_letters().tables.letters.len(), 0);
    }
}
