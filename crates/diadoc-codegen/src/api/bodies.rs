//! The rules of bodies.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_schema::{BodyKind, Schema};
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};

use super::{field_name, message_path, table};
use crate::{Error, modules};
use diadoc_schema::{field_rules, message_rules};

/// `bodies.rs`: for each message that a body holds, what its fields have to look like.
pub(super) fn generate(described: &Schema) -> Result<Vec<u8>, Error> {
    let bodies: Vec<_> = described
        .methods()
        .iter()
        .flat_map(|method| &method.bodies)
        .filter_map(|body| match &body.kind {
            BodyKind::Message(message) => Some(message.clone()),
            _ => None,
        })
        .collect();
    let reached = reached(&bodies);
    let ruled = ruled(&reached);
    let mut code = String::from(
        "use crate::check::{Checked, Checker};\n#[allow(unused_imports)]\nuse std::borrow::Cow;\n#[allow(unused_imports)]\nuse crate::{FieldRule, Flag, Format, Quantity};\n",
    );
    for (name, message) in &reached {
        let checked = bodies.iter().any(|body| body.full_name() == name) || ruled.contains(name);
        if checked {
            code += &implementation(message, &ruled)?;
        }
    }
    modules::format("Diadoc.Api.Proto", &code, "the rules of each body")
}

/// The messages and all that lies in them, by full name.
fn reached(bodies: &[MessageDescriptor]) -> BTreeMap<String, MessageDescriptor> {
    let mut reached = BTreeMap::new();
    let mut waiting = bodies.to_vec();
    while let Some(message) = waiting.pop() {
        let name = message.full_name().to_owned();
        if reached.insert(name, message.clone()).is_none() {
            waiting.extend(message.fields().filter_map(|field| inner(&field)));
        }
    }
    reached
}

/// Those that have rules, or hold ones that have.
fn ruled(reached: &BTreeMap<String, MessageDescriptor>) -> BTreeSet<String> {
    let own = |message: &MessageDescriptor| {
        !message_rules(message).is_empty()
            || message
                .fields()
                .any(|field| !field_rules(&field).is_empty())
    };
    let with_rules = reached.iter().filter(|(_, message)| own(message));
    let mut ruled: BTreeSet<String> = with_rules.map(|(name, _)| name.clone()).collect();
    loop {
        let holds_one = |message: &MessageDescriptor| {
            let inner = message.fields().filter_map(|field| inner(&field));
            inner
                .into_iter()
                .any(|inner| ruled.contains(inner.full_name()))
        };
        let holders = reached.iter().filter(|(_, message)| holds_one(message));
        let holders: Vec<_> = holders
            .map(|(name, _)| name.clone())
            .filter(|name| !ruled.contains(name))
            .collect();
        if holders.is_empty() {
            return ruled;
        }
        ruled.extend(holders);
    }
}

fn inner(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    match field.kind() {
        Kind::Message(message) => Some(message),
        _ => None,
    }
}

fn implementation(message: &MessageDescriptor, ruled: &BTreeSet<String>) -> Result<String, Error> {
    let mut lines = String::new();
    for field in message.fields() {
        lines += &of_field(&field, ruled)?;
    }
    for (quantity, set) in message_rules(message) {
        let mut fields = String::new();
        for name in set {
            let field = message.get_field_by_name(&name);
            let field = field.ok_or_else(|| {
                Error::Schema(format!("{} has no field {name}", message.full_name()))
            })?;
            fields += &format!("({name:?}, {}), ", is_set(&field));
        }
        lines += &format!("checker.set(Quantity::{quantity:?}, &[{fields}]);\n");
    }
    let checker = if lines.is_empty() {
        "_checker"
    } else {
        "checker"
    };
    Ok(format!(
        "impl Checked for {} {{\nfn check(&self, {checker}: &mut Checker<'_>) {{\n{lines}}}\n}}\n",
        message_path(message)
    ))
}

fn is_set(field: &FieldDescriptor) -> String {
    let name = field_name(field);
    match field.cardinality() {
        Cardinality::Required => "true".to_owned(),
        Cardinality::Optional => format!("self.{name}.is_some()"),
        Cardinality::Repeated => format!("!self.{name}.is_empty()"),
    }
}

fn of_field(field: &FieldDescriptor, ruled: &BTreeSet<String>) -> Result<String, Error> {
    let (name, rust_name) = (field.name(), field_name(field));
    let rules = table::rules(field);
    let has_rules = !field_rules(field).is_empty();
    let mut lines = String::new();
    if has_rules && field.is_list() {
        lines += &format!("checker.items({name:?}, self.{rust_name}.len(), &{rules});\n");
    }
    if let Some(inner) = inner(field) {
        if ruled.contains(inner.full_name()) {
            lines += &match field.cardinality() {
                Cardinality::Required => {
                    format!("checker.message({name:?}, Some(&self.{rust_name}));\n")
                }
                // Optional messages are boxed.
                Cardinality::Optional => {
                    format!("checker.message({name:?}, self.{rust_name}.as_deref());\n")
                }
                Cardinality::Repeated => {
                    format!("checker.messages({name:?}, &self.{rust_name});\n")
                }
            };
        }
        return Ok(lines);
    }
    if !has_rules {
        return Ok(lines);
    }
    let (call, values) = match (field.kind(), field.cardinality()) {
        (Kind::String, Cardinality::Required) => ("text", format!("Some(&self.{rust_name})")),
        (Kind::String, Cardinality::Optional) => ("text", format!("self.{rust_name}.as_ref()")),
        (Kind::String, Cardinality::Repeated) => ("texts", format!("&self.{rust_name}")),
        (Kind::Int64 | Kind::Sfixed64, Cardinality::Required) => {
            ("integer", format!("Some(self.{rust_name})"))
        }
        (Kind::Int64 | Kind::Sfixed64, Cardinality::Optional) => {
            ("integer", format!("self.{rust_name}"))
        }
        (_, Cardinality::Required) => ("integer", format!("Some(i64::from(self.{rust_name}))")),
        (_, Cardinality::Optional) => ("integer", format!("self.{rust_name}.map(i64::from)")),
        (_, Cardinality::Repeated) => {
            let what = format!("{}: lists of integers are not checked", field.full_name());
            return Err(Error::Schema(what));
        }
    };
    lines += &format!("checker.{call}({name:?}, {values}, &{rules});\n");
    Ok(lines)
}
