//! Worlds made to measure.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::rules::Format;
use diadoc_core::{BoxId, Language, Ticks};
use diadoc_schema::{Checks, Direction, Form, Schema};
use serde_json::json;
use uuid::Uuid;

use super::model::{Relation, RelationState, User};
use super::{Clock, World};
use crate::check_digits;

mod letter;
mod organization;

pub use letter::{LetterBuilder, LetterState};
pub use organization::{DepartmentBuilder, EmployeeBuilder, OrganizationBuilder};

/// Who and what a world begins with.
///
/// ```
/// use diadoc_fake::world::model::RelationState;
/// use diadoc_fake::world::{EmployeeBuilder, OrganizationBuilder, UserBuilder, World};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let buyer = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3".parse()?;
/// let seller = "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946".parse()?;
/// let world = World::builder()
///     .user(UserBuilder::new("ivanova@example.ru").name("Иванова", "Анна").token("hers"))
///     .organization(
///         OrganizationBuilder::new(buyer, "7705000010", "Ромашка")
///             .kpp("770501001")
///             .department("Склад")
///             .employee(EmployeeBuilder::new("ivanova@example.ru").department("Склад")),
///     )
///     .organization(OrganizationBuilder::new(seller, "7810000019", "Василёк").kpp("781001001"))
///     .relation(buyer, seller, RelationState::IsInvitedByMe)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct WorldBuilder {
    clock: Option<Clock>,
    seed: Option<u64>,
    everybody: Option<String>,
    users: Vec<UserBuilder>,
    organizations: Vec<OrganizationBuilder>,
    relations: Vec<(BoxId, BoxId, RelationState)>,
    letters: Vec<LetterBuilder>,
}

/// A person who can sign in.
#[derive(Debug, Clone)]
#[must_use]
pub struct UserBuilder {
    id: Option<Uuid>,
    login: String,
    last_name: String,
    first_name: String,
    middle_name: Option<String>,
    token: Option<String>,
}

/// What is wrong with the description of a world.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.faults))]
pub struct WorldError {
    /// All that is wrong.
    pub faults: Vec<WorldFault>,
}

/// What is wrong in one place of the description of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorldFault {
    /// Where: `organizations[1].inn`.
    pub place: String,
    /// In a file the line and the column in characters, both from 1.
    pub line_and_column: Option<(usize, usize)>,
    /// What is wrong there.
    pub message: String,
}

fn lines(faults: &[WorldFault]) -> String {
    let lines = faults.iter().map(|fault| match fault.line_and_column {
        Some((line, column)) => format!("{line}:{column}: {}", fault.message),
        None => format!("{}: {}", fault.place, fault.message),
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl UserBuilder {
    /// A user of that login.
    pub fn new(login: impl Into<String>) -> Self {
        Self {
            id: None,
            login: login.into(),
            last_name: String::new(),
            first_name: String::new(),
            middle_name: None,
            token: None,
        }
    }

    /// With that id; otherwise it gets a new one.
    pub fn id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    /// With that last and first name.
    pub fn name(mut self, last: impl Into<String>, first: impl Into<String>) -> Self {
        self.last_name = last.into();
        self.first_name = first.into();
        self
    }

    /// With that middle name.
    pub fn middle_name(mut self, middle: impl Into<String>) -> Self {
        self.middle_name = Some(middle.into());
        self
    }

    /// Whoever has this access token is the user.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }
}

impl WorldBuilder {
    /// With that clock; otherwise with the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// New ids are the same ones in every run.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// With that user. Where none has a token, the first one is who comes with any token.
    pub fn user(mut self, user: UserBuilder) -> Self {
        self.users.push(user);
        self
    }

    /// Whoever comes with a token that is nobody's is the user of that login; otherwise such a token is
    /// refused with 401.
    pub fn everybody(mut self, login: impl Into<String>) -> Self {
        self.everybody = Some(login.into());
        self
    }

    /// With that organization. One without employees has the user of every token as its administrator,
    /// or where there is none every user.
    pub fn organization(mut self, organization: OrganizationBuilder) -> Self {
        self.organizations.push(organization);
        self
    }

    /// The first box stands so to the second; the other way round it follows from that.
    pub fn relation(mut self, one: BoxId, other: BoxId, state: RelationState) -> Self {
        self.relations.push((one, other, state));
        self
    }

    /// A letter was sent before the world begins.
    pub fn letter(mut self, letter: LetterBuilder) -> Self {
        self.letters.push(letter);
        self
    }

    /// The world.
    ///
    /// # Errors
    ///
    /// All that is wrong with it: what is named is not there, or stands there twice, numbers have no
    /// form of such numbers, a letter could not be sent.
    pub fn build(self) -> Result<World, WorldError> {
        let clock = self.clock.unwrap_or(Clock::SYSTEM);
        let mut making = Making {
            world: World::empty(clock, self.seed),
            logins: BTreeMap::new(),
            faults: Vec::new(),
        };
        making.users(&self.users, self.everybody.as_deref());
        for (index, organization) in self.organizations.iter().enumerate() {
            making.organization(organization, &format!("organizations[{index}]"));
        }
        making.relations(&self.relations);
        for (index, organization) in self.organizations.iter().enumerate() {
            making.members(organization, &format!("organizations[{index}]"));
        }
        making.sums(&self.letters);
        making.world.tables.commit();
        // Letters can only be sent by and to what is right.
        if making.faults.is_empty() {
            making.letters(&self.letters, clock);
        }
        match making.faults.is_empty() {
            true => Ok(making.world),
            false => Err(WorldError {
                faults: making.faults,
            }),
        }
    }
}

/// A world half made.
struct Making {
    world: World,
    /// Users by their logins in lower case.
    logins: BTreeMap<String, Uuid>,
    faults: Vec<WorldFault>,
}

impl Making {
    fn fault(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.faults.push(WorldFault {
            place: place.into(),
            line_and_column: None,
            message: message.into(),
        });
    }

    fn users(&mut self, users: &[UserBuilder], everybody: Option<&str>) {
        let mut tokens = BTreeSet::new();
        for (index, user) in users.iter().enumerate() {
            let place = format!("users[{index}]");
            let id = user.id.unwrap_or_else(|| self.world.new_id());
            if user.login.is_empty() {
                self.fault(&place, "a user has a login");
            }
            if self.logins.insert(user.login.to_lowercase(), id).is_some() {
                let text = format!("there are two users `{}`", user.login);
                self.fault(format!("{place}.login"), text);
            }
            if user
                .token
                .as_ref()
                .is_some_and(|token| !tokens.insert(token))
            {
                self.fault(format!("{place}.token"), "two users have this token");
            }
            let row = User {
                id,
                login: user.login.clone(),
                last_name: user.last_name.clone(),
                first_name: user.first_name.clone(),
                middle_name: user.middle_name.clone(),
                token: user.token.clone(),
                is_registered: true,
            };
            self.world.tables.users.insert(id, row);
        }
        self.world.everybody = match everybody {
            Some(login) => self.user(login, "everybody"),
            None if tokens.is_empty() => {
                let first = users.first();
                first.and_then(|user| self.logins.get(&user.login.to_lowercase()).copied())
            }
            None => None,
        };
        if users.is_empty() {
            self.fault("users", "there is no user");
        }
    }

    /// The user of a login.
    fn user(&mut self, login: &str, place: &str) -> Option<Uuid> {
        let found = self.logins.get(&login.to_lowercase()).copied();
        if found.is_none() {
            self.fault(place, format!("there is no user `{login}`"));
        }
        found
    }

    fn relations(&mut self, relations: &[(BoxId, BoxId, RelationState)]) {
        let changed = self.world.now();
        for (index, (one, other, state)) in relations.iter().enumerate() {
            let place = format!("relations[{index}]");
            for (key, box_id) in [("from", one), ("to", other)] {
                if !self.world.tables.organizations.contains(box_id) {
                    let text = format!("there is no box {}", box_id.guid());
                    self.fault(format!("{place}.{key}"), text);
                }
            }
            if one == other || self.world.tables.relations.contains(&(*one, *other)) {
                let text = "two different boxes have one relation with each other";
                self.fault(&place, text);
                continue;
            }
            for (key, state) in [((*one, *other), *state), ((*other, *one), state.mirrored())] {
                let relation = Relation::new(state, changed);
                self.world.tables.relations.insert(key, relation);
            }
        }
    }

    /// Holds a text against the rules that the schema has for it as a field of that message.
    fn as_in(&mut self, message: &str, field: &str, value: &str, place: &str) {
        let Ok(message) = Schema::diadoc().message(message) else {
            return;
        };
        let body = json!({ field: value }).to_string();
        let checks = Checks::new(Direction::Request);
        let report = checks.check(&message, Form::Json, body.as_bytes());
        let mut findings = report.findings.into_iter();
        let found = findings.find(|one| one.path == field && one.effect.is_fault());
        if let Some(finding) = found {
            self.fault(place, finding.message);
        }
    }

    fn inn(&mut self, inn: &str, place: String) {
        match Format::Inn.fits_text(inn) && !check_digits::are_right(inn) {
            true => self.fault(place, "the check digits of this INN are wrong"),
            false => self.form(Format::Inn, inn, place),
        }
    }

    fn form(&mut self, format: Format, value: &str, place: String) {
        if value.is_empty() || !format.fits_text(value) {
            self.fault(
                place,
                format!("this has to be {}", format.phrase(Language::English)),
            );
        }
    }
}

impl RelationState {
    /// The same, as the other side sees it.
    fn mirrored(self) -> Self {
        match self {
            Self::Counteragents => Self::Counteragents,
            Self::InvitesMe => Self::IsInvitedByMe,
            Self::IsInvitedByMe => Self::InvitesMe,
            Self::RejectsMe => Self::IsRejectedByMe,
            Self::IsRejectedByMe => Self::RejectsMe,
        }
    }
}

impl World {
    /// A world made to measure.
    pub fn builder() -> WorldBuilder {
        WorldBuilder::default()
    }
}

/// The beginning of the time that a system's clock can tell of.
pub(super) const FIRST_MOMENT: Ticks = Ticks::UNIX_EPOCH;
