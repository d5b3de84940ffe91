//! From the tree of a file to the builder of a world.

use std::collections::BTreeMap;

use diadoc_core::{BoxId, Ticks};
use diadoc_proto::DocumentAccessLevel;
use uuid::Uuid;

use super::read::Node;
use crate::manifest::read::Faults;
use crate::world::Clock;
use crate::world::builder::{
    DepartmentBuilder, EmployeeBuilder, LetterBuilder, LetterState, OrganizationBuilder,
    UserBuilder, WorldBuilder,
};
use crate::world::model::{Action, RelationState};

pub(super) fn world(root: &Node, faults: &mut Faults) -> WorldBuilder {
    let mut converter = Converter {
        boxes: boxes(root),
        faults,
    };
    let mut builder = WorldBuilder::default();
    if let Some(now) = moment(root, "now") {
        builder = builder.clock(Clock::stopped_at(now));
    }
    if let Some(seed) = root.number("seed") {
        builder = builder.seed(seed.unsigned_abs());
    }
    if let Some(login) = root.text("everybody") {
        builder = builder.everybody(login);
    }
    for node in root.list("users") {
        builder = builder.user(user(node));
    }
    for node in root.list("organizations") {
        builder = builder.organization(converter.organization(node));
    }
    for node in root.list("relations") {
        let state = node.text("status").unwrap_or("IsMyCounteragent");
        let (from, to) = (converter.party(node, "from"), converter.party(node, "to"));
        if let (Some(from), Some(to)) = (from, to) {
            builder = builder.relation(from, to, relation_state(state));
        }
    }
    for node in root.list("letters") {
        if let Some(letter) = converter.letter(node) {
            builder = builder.letter(letter);
        }
    }
    builder
}

/// The boxes by all that they are called by; none where a name is of several.
fn boxes(root: &Node) -> BTreeMap<String, Option<BoxId>> {
    let mut boxes = BTreeMap::new();
    for node in root.list("organizations") {
        let (Some(id), Some(inn)) = (box_id(node), node.text("inn")) else {
            continue;
        };
        boxes.insert(id.guid().to_string(), Some(id));
        let known = boxes.entry(inn.to_owned()).or_insert(Some(id));
        if *known != Some(id) {
            *known = None;
        }
    }
    boxes
}

struct Converter<'f> {
    boxes: BTreeMap<String, Option<BoxId>>,
    faults: &'f mut Faults,
}

impl Converter<'_> {
    fn party(&mut self, node: &Node, key: &str) -> Option<BoxId> {
        self.box_of(node.get(key)?)
    }

    /// The box that is called by its id or by an INN.
    fn box_of(&mut self, node: &Node) -> Option<BoxId> {
        let text = node.as_text()?;
        let id: Option<BoxId> = text.parse().ok();
        let name = id.map_or_else(|| text.to_owned(), |id| id.guid().to_string());
        match self.boxes.get(&name) {
            Some(Some(id)) => return Some(*id),
            Some(None) => {
                let text = format!("several organizations have the INN {text}: name the box");
                self.faults.add(node.at, text);
            }
            None => {
                let text = format!("there is no organization with the box or INN `{text}`");
                self.faults.add(node.at, text);
            }
        }
        None
    }

    fn organization(&mut self, node: &Node) -> OrganizationBuilder {
        let text = |key| node.text(key).map(str::to_owned);
        // What is missing has been told.
        let id = box_id(node).unwrap_or(BoxId::from_bytes([0; 16]));
        let (inn, name) = (text("inn"), text("name"));
        let mut builder =
            OrganizationBuilder::new(id, inn.unwrap_or_default(), name.unwrap_or_default());
        builder = given(builder, guid(node, "id"), OrganizationBuilder::id);
        builder = given(builder, text("kpp"), OrganizationBuilder::kpp);
        builder = given(builder, text("ogrn"), OrganizationBuilder::ogrn);
        let participant = text("fns_participant_id");
        builder = given(
            builder,
            participant,
            OrganizationBuilder::fns_participant_id,
        );
        builder = given(builder, text("full_name"), OrganizationBuilder::full_name);
        builder = given(builder, node.flag("test"), OrganizationBuilder::test);
        builder = given(builder, node.flag("branch"), OrganizationBuilder::branch);
        let only = node.flag("counteragents_only");
        builder = given(builder, only, OrganizationBuilder::counteragents_only);
        builder = given(
            builder,
            node.flag("subscribed"),
            OrganizationBuilder::subscribed,
        );
        for node in node.list("departments") {
            builder = builder.department(department(node));
        }
        for node in node.list("employees") {
            builder = builder.employee(employee(node));
        }
        for node in node.list("groups") {
            let name = node.text("name").unwrap_or_default();
            let members = node.list("members").iter();
            let members = members.filter_map(|member| self.box_of(member)).collect();
            builder = builder.group(name, node.texts("departments"), members);
        }
        for node in node.list("routes") {
            let steps = node.list("steps").iter().map(|step| {
                let login = step.text("user").unwrap_or_default();
                (login.to_owned(), step.flag("signature").unwrap_or(false))
            });
            let name = node.text("name").unwrap_or_default();
            builder = builder.route(name, steps.collect());
        }
        builder
    }

    fn letter(&mut self, node: &Node) -> Option<LetterBuilder> {
        let (from, to) = (self.party(node, "from"), self.party(node, "to"));
        let text = |key| node.text(key).map(str::to_owned);
        let mut builder = LetterBuilder::new(from?, to?);
        builder = given(builder, text("type"), LetterBuilder::document_type);
        builder = given(builder, text("function"), LetterBuilder::function);
        builder = given(builder, text("version"), LetterBuilder::version);
        builder = given(builder, text("file"), LetterBuilder::file);
        builder = given(builder, text("number"), LetterBuilder::number);
        builder = given(builder, text("date"), LetterBuilder::date);
        builder = given(builder, text("sum"), LetterBuilder::sum);
        builder = given(builder, text("vat"), LetterBuilder::vat);
        builder = given(builder, text("comment"), LetterBuilder::comment);
        builder = given(builder, moment(node, "when"), LetterBuilder::when);
        let state = node.text("state").and_then(LetterState::from_name);
        builder = given(builder, state, LetterBuilder::state);
        let repeat = node.number("repeat");
        let repeat = repeat.and_then(|number| usize::try_from(number).ok());
        Some(given(builder, repeat, LetterBuilder::repeat))
    }
}

/// The builder with what the file gives.
fn given<B, T>(builder: B, value: Option<T>, set: impl FnOnce(B, T) -> B) -> B {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

fn user(node: &Node) -> UserBuilder {
    let text = |key| node.text(key).unwrap_or_default();
    let mut builder = UserBuilder::new(text("login"));
    builder = builder.name(text("last_name"), text("first_name"));
    builder = given(builder, guid(node, "id"), UserBuilder::id);
    builder = given(builder, node.text("middle_name"), UserBuilder::middle_name);
    given(builder, node.text("token"), UserBuilder::token)
}

fn department(node: &Node) -> DepartmentBuilder {
    let mut builder = DepartmentBuilder::new(node.text("name").unwrap_or_default());
    builder = given(builder, guid(node, "id"), DepartmentBuilder::id);
    builder = given(builder, node.text("parent"), DepartmentBuilder::below);
    given(builder, node.text("kpp"), DepartmentBuilder::kpp)
}

fn employee(node: &Node) -> EmployeeBuilder {
    let mut builder = EmployeeBuilder::new(node.text("user").unwrap_or_default());
    builder = given(
        builder,
        node.text("department"),
        EmployeeBuilder::department,
    );
    builder = given(
        builder,
        node.flag("administrator"),
        EmployeeBuilder::administrator,
    );
    let access = node
        .text("access")
        .and_then(DocumentAccessLevel::from_str_name);
    builder = given(builder, access, EmployeeBuilder::access);
    if node.get("sees").is_some() {
        builder = builder.sees(node.texts("sees"));
    }
    if node.get("actions").is_some() {
        let names = node.texts("actions");
        builder = builder.actions(names.iter().filter_map(|name| Action::from_name(name)));
    }
    builder = given(builder, node.text("position"), EmployeeBuilder::position);
    builder = given(builder, node.text("blocked"), EmployeeBuilder::blocked);
    given(
        builder,
        node.text("external_id"),
        EmployeeBuilder::external_id,
    )
}

fn relation_state(name: &str) -> RelationState {
    match name {
        "InvitesMe" => RelationState::InvitesMe,
        "IsInvitedByMe" => RelationState::IsInvitedByMe,
        "RejectsMe" => RelationState::RejectsMe,
        "IsRejectedByMe" => RelationState::IsRejectedByMe,
        _ => RelationState::Counteragents,
    }
}

fn box_id(node: &Node) -> Option<BoxId> {
    node.text("box")?.parse().ok()
}

fn guid(node: &Node, key: &str) -> Option<Uuid> {
    Uuid::parse_str(node.text(key)?).ok()
}

fn moment(node: &Node, key: &str) -> Option<Ticks> {
    node.text(key)?.parse().ok()
}
