//! A world of three organizations, where a third one can stand between the two of the default world.

use diadoc_fake::world::model::RelationState;
use diadoc_fake::world::{
    Clock, DepartmentBuilder, EmployeeBuilder, OrganizationBuilder, UserBuilder, World,
};

use super::{FIRST, SECOND};

/// The box of the third organization.
pub(crate) const THIRD: &str = "5b3c9a10-7d14-4c52-9f0a-3e6d81c2b7f4";
/// The departments of the first organization.
pub(crate) const STORE: &str = "9d1f4e62-0b7a-4c83-8a55-6f2e13d7c904";
pub(crate) const OFFICE: &str = "2f86c0d1-5e39-4b7a-9c14-a07d3be5f128";
/// The one user, who works in all of them.
pub(crate) const USER: &str = "c41f2ab6-5b0e-4f7a-8a57-3d9c6f12e8b0";

const LOGIN: &str = "anna@example.ru";

/// The first organization has departments; the first two have a route of two steps. Its clock stands still
/// until it is moved.
pub(crate) fn world() -> World {
    let organization = |id: &str, inn: &str, kpp: &str, name: &str| {
        OrganizationBuilder::new(id.parse().expect("a box"), inn, name)
            .kpp(kpp)
            .test(true)
            .employee(EmployeeBuilder::new(LOGIN))
    };
    let department =
        |name: &str, id: &str| DepartmentBuilder::new(name).id(id.parse().expect("a GUID"));
    let steps = || vec![(LOGIN.to_owned(), false), (LOGIN.to_owned(), false)];
    let first = organization(FIRST, "7705000010", "770501001", "Ромашка")
        .department(department("Склад", STORE))
        .department(department("Контора", OFFICE))
        .route("Двое", steps());
    let second = organization(SECOND, "7810000019", "781001001", "Василёк").route("Двое", steps());
    let user = UserBuilder::new(LOGIN).id(USER.parse().expect("a GUID"));
    let began = "2026-09-25T10:00:00Z".parse().expect("a moment");
    let built = World::builder()
        .clock(Clock::stopped_at(began))
        .user(user.name("Иванова", "Анна"))
        .organization(first)
        .organization(second)
        .organization(organization(THIRD, "5003000015", "500301001", "Лютик"))
        .relation(
            FIRST.parse().expect("a box"),
            SECOND.parse().expect("a box"),
            RelationState::Counteragents,
        )
        .build();
    built.unwrap_or_else(|error| panic!("{error}"))
}
