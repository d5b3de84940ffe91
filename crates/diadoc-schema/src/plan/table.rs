//! Plans as generated tables.
//!
//! What the options of a schema say takes long to read, as do its descriptors. diadoc-codegen has it
//! written down here for the schema that comes with this crate.

use std::collections::HashSet;
use std::fmt::Write as _;

use prost_reflect::Kind;

use super::{FieldPlan, Plan, Plans, Shape};
use crate::deprecated::Obsolete;
use crate::schema::is_diadoc;
use crate::{BodyKind, Response, Schema};

#[cfg(feature = "bundled")]
pub(crate) use bundled::{Holds, MESSAGES, METHODS};

#[cfg(feature = "bundled")]
mod bundled {
    use std::borrow::Cow;
    use std::sync::OnceLock;

    use diadoc_core::rules::{FieldRule, MessageRule};
    use prost_reflect::Kind;

    use crate::ContentKind;
    use crate::computed_keys::KeyHolds;
    use crate::deprecated::Obsolete;
    use crate::json::range;
    use crate::plan::{FieldPlan, Members, Parts, Plan, Shape};
    use crate::protobuf::wire::WireType;

    /// A message.
    pub(crate) struct MessageTable {
        pub full_name: &'static str,
        pub obsolete: Option<Obsolete>,
        /// Keys that the server computes, with what they hold.
        pub computed: &'static [(&'static str, KeyHolds)],
        pub rules: &'static [MessageRule],
        pub fields: &'static [FieldTable],
    }

    /// A field.
    pub(crate) struct FieldTable {
        pub name: &'static str,
        pub key: &'static str,
        pub number: u32,
        pub holds: Holds,
        pub wire_type: WireType,
        pub is_list: bool,
        pub is_required: bool,
        pub must_have_content: bool,
        pub is_only_in_json: bool,
        pub is_secret: bool,
        pub rules: &'static [FieldRule],
        pub content: Option<ContentKind>,
        pub obsolete: Option<Obsolete>,
        pub default: Option<&'static str>,
    }

    /// A field with nothing that most fields do not have.
    const PLAIN: FieldTable = FieldTable {
        name: "",
        key: "",
        number: 0,
        holds: Holds::Bool,
        wire_type: WireType::Varint,
        is_list: false,
        is_required: false,
        must_have_content: false,
        is_only_in_json: false,
        is_secret: false,
        rules: &[],
        content: None,
        obsolete: None,
        default: None,
    };

    /// What a field holds; messages by their place in [`MESSAGES`].
    #[allow(dead_code, reason = "the schema has no maps and no floats")]
    pub(crate) enum Holds {
        Message(usize),
        Map(usize),
        Bool,
        String,
        Bytes,
        Enum(&'static EnumTable),
        Integer(Kind),
        Float,
    }

    /// An enum.
    pub(crate) struct EnumTable {
        pub full_name: &'static str,
        /// Names and numbers, and whether the number should not be sent.
        pub members: &'static [(&'static str, i32, bool)],
    }

    /// An HTTP method, with the places of its messages.
    pub(crate) struct MethodTable {
        pub name: &'static str,
        pub bodies: &'static [usize],
        pub answer: Option<usize>,
    }

    mod generated {
        #![allow(clippy::all, reason = "generated")]

        use std::borrow::Cow;

        use diadoc_core::rules::{
            Code, Demand, Evidence, FieldRule, Flag, Format, MessageRule, Quantity,
        };
        use prost_reflect::Kind;

        use super::{EnumTable, FieldTable, Holds, MessageTable, MethodTable, PLAIN};
        use crate::ContentKind;
        use crate::computed_keys::KeyHolds;
        use crate::deprecated::Obsolete;
        use crate::protobuf::wire::WireType;

        include!("../generated/plans.rs");
    }

    pub(crate) use generated::{MESSAGES, METHODS};

    impl Plan {
        pub(in crate::plan) fn of_table(table: &'static MessageTable) -> Self {
            let fields = table.fields.iter();
            let computed = table.computed.iter();
            Self::new(Parts {
                full_name: Cow::Borrowed(table.full_name),
                descriptor: OnceLock::new(),
                fields: fields
                    .map(|field| FieldPlan::of_table(table.full_name, field))
                    .collect(),
                computed: computed
                    .map(|(key, holds)| (Cow::Borrowed(*key), holds.clone()))
                    .collect(),
                rules: table.rules.to_vec(),
                obsolete: table.obsolete.clone(),
            })
        }
    }

    impl FieldPlan {
        fn of_table(owner: &'static str, table: &'static FieldTable) -> Self {
            let shape = match &table.holds {
                Holds::Message(place) => Shape::Message(*place),
                Holds::Map(place) => Shape::Map(*place),
                Holds::Bool => Shape::Bool,
                Holds::String => Shape::String,
                Holds::Bytes => Shape::Bytes,
                Holds::Enum(item) => Shape::Enum(Members::of_table(item)),
                Holds::Integer(kind) => match range(kind) {
                    Some(range) => Shape::Integer(kind.clone(), range),
                    None => Shape::Float,
                },
                Holds::Float => Shape::Float,
            };
            Self {
                owner: Cow::Borrowed(owner),
                descriptor: OnceLock::new(),
                name: Cow::Borrowed(table.name),
                key: Cow::Borrowed(table.key),
                number: table.number,
                shape,
                is_list: table.is_list,
                is_required: table.is_required,
                must_have_content: table.must_have_content,
                rules: Cow::Borrowed(table.rules),
                content: table.content,
                obsolete: table.obsolete.clone(),
                wire_type: table.wire_type,
                is_only_in_json: table.is_only_in_json,
                is_secret: table.is_secret,
                default: table.default.map(Cow::Borrowed),
            }
        }
    }

    impl Members {
        fn of_table(table: &'static EnumTable) -> Self {
            let members = table.members.iter();
            let members = members
                .map(|(name, number, is_obsolete)| (Cow::Borrowed(*name), *number, *is_obsolete));
            Self::new(
                Cow::Borrowed(table.full_name),
                members.collect(),
                OnceLock::new(),
            )
        }
    }
}

/// The plans of a schema as Rust, for diadoc-codegen: what is generated of the schema that comes with this
/// crate.
#[doc(hidden)]
pub fn plan_tables(schema: &Schema) -> String {
    let plans = Plans::of(schema.pool());
    Tables::new(&plans).text(schema)
}

/// Plans that are written down, in the order of their names.
struct Tables<'p> {
    plans: &'p Plans,
    /// The places of the messages.
    order: Vec<usize>,
}

impl<'p> Tables<'p> {
    /// The messages below Diadoc's package, and those that they hold.
    fn new(plans: &'p Plans) -> Self {
        let mut order: Vec<_> = plans
            .places()
            .filter(|place| is_diadoc(plans.full_name(*place)))
            .collect();
        let mut known: HashSet<_> = order.iter().copied().collect();
        let mut next = 0;
        while let Some(place) = order.get(next).copied() {
            next += 1;
            for field in &plans.at(place).fields {
                if let Shape::Message(inner) | Shape::Map(inner) = field.shape
                    && known.insert(inner)
                {
                    order.push(inner);
                }
            }
        }
        order.sort_by_key(|place| plans.full_name(*place));
        Self { plans, order }
    }

    /// Where a message stands in the table.
    fn index(&self, place: usize) -> Option<usize> {
        let name = self.plans.full_name(place);
        let place = |place: &usize| self.plans.full_name(*place);
        self.order.binary_search_by_key(&name, place).ok()
    }

    fn text(&self, schema: &Schema) -> String {
        let mut text = String::from("// @generated by diadoc-codegen\n\n");
        text += &self.messages();
        text += &self.enums();
        let methods = schema.methods();
        let _ = writeln!(
            text,
            "pub(crate) static METHODS: [MethodTable; {}] = [",
            methods.len()
        );
        for method in methods {
            let place = |name: &str| self.index(self.plans.find(name)?);
            let bodies = method.bodies.iter().filter_map(|body| match &body.kind {
                BodyKind::Message(body) => place(body.full_name()),
                BodyKind::Bytes | BodyKind::Text => None,
            });
            let answer = match &method.response {
                Response::Message(message) => place(message.full_name()),
                Response::Bytes | Response::Text | Response::Nothing => None,
            };
            let _ = writeln!(
                text,
                "    MethodTable {{ name: {:?}, bodies: &{:?}, answer: {answer:?} }},",
                method.name(),
                bodies.collect::<Vec<_>>(),
            );
        }
        text + "];\n"
    }

    fn messages(&self) -> String {
        let mut text = format!(
            "pub(crate) static MESSAGES: [MessageTable; {}] = [\n",
            self.order.len()
        );
        for place in &self.order {
            text += &self.message(self.plans.at(*place));
        }
        text + "];\n\n"
    }

    fn message(&self, plan: &Plan) -> String {
        let (_, computed) = &plan.computed;
        let computed = computed.iter();
        let computed: Vec<_> = computed
            .map(|(key, holds)| format!("({key:?}, {})", holds.expression()))
            .collect();
        let rules: Vec<_> = plan.rules.iter().map(|rule| rule.expression()).collect();
        let mut text = format!(
            "    MessageTable {{\n        full_name: {:?},\n        obsolete: {},\n        \
             computed: &[{}],\n        rules: &[{}],\n        fields: &[\n",
            plan.full_name,
            obsolete_expression(plan.obsolete.as_ref()),
            computed.join(", "),
            rules.join(", "),
        );
        for field in &plan.fields {
            text += &self.field(field);
        }
        text + "        ],\n    },\n"
    }

    fn field(&self, field: &FieldPlan) -> String {
        let holds = match &field.shape {
            Shape::Message(place) => format!("Message({})", self.index(*place).unwrap_or_default()),
            Shape::Map(place) => format!("Map({})", self.index(*place).unwrap_or_default()),
            Shape::Bool => "Bool".to_owned(),
            Shape::String => "String".to_owned(),
            Shape::Bytes => "Bytes".to_owned(),
            Shape::Enum(members) => format!("Enum(&{})", enum_name(&members.full_name)),
            Shape::Integer(kind, _) => format!("Integer(Kind::{})", integer(kind)),
            Shape::Float => "Float".to_owned(),
        };
        let FieldPlan {
            name,
            key,
            number,
            wire_type,
            rules,
            obsolete,
            default,
            ..
        } = field;
        let mut text = format!(
            "            FieldTable {{ name: {name:?}, key: {key:?}, number: {number}, \
             holds: Holds::{holds}, wire_type: WireType::{wire_type:?}"
        );
        // What most fields do not have is left to the plain one.
        for (flag, name) in [
            (field.is_list, "is_list"),
            (field.is_required, "is_required"),
            (field.must_have_content, "must_have_content"),
            (field.is_only_in_json, "is_only_in_json"),
            (field.is_secret, "is_secret"),
        ] {
            if flag {
                let _ = write!(text, ", {name}: true");
            }
        }
        if !rules.is_empty() {
            let rules: Vec<_> = rules.iter().map(|rule| rule.expression()).collect();
            let _ = write!(text, ", rules: &[{}]", rules.join(", "));
        }
        if let Some(content) = field.content {
            let _ = write!(text, ", content: Some(ContentKind::{content:?})");
        }
        if obsolete.is_some() {
            let obsolete = obsolete_expression(obsolete.as_ref());
            let _ = write!(text, ", obsolete: {obsolete}");
        }
        if default.is_some() {
            let _ = write!(text, ", default: {default:?}");
        }
        text + ", ..PLAIN },\n"
    }

    /// The enums that fields hold.
    fn enums(&self) -> String {
        let places = self.order.iter();
        let fields = places.flat_map(|place| &self.plans.at(*place).fields);
        let mut enums: Vec<_> = fields
            .filter_map(|field| match &field.shape {
                Shape::Enum(members) => Some(members),
                _ => None,
            })
            .collect();
        enums.sort_by(|a, b| a.full_name.cmp(&b.full_name));
        enums.dedup_by(|a, b| a.full_name == b.full_name);
        let mut text = String::new();
        for item in enums {
            let members = item.members.iter();
            let members: Vec<_> = members
                .map(|member| (&member.name, member.number, member.is_obsolete))
                .collect();
            let _ = writeln!(
                text,
                "static {}: EnumTable = EnumTable {{ full_name: {:?}, members: &{members:?} }};",
                enum_name(&item.full_name),
                item.full_name,
            );
        }
        text + "\n"
    }
}

fn obsolete_expression(obsolete: Option<&Obsolete>) -> String {
    match obsolete {
        Some(obsolete) => format!("Some({})", obsolete.expression()),
        None => "None".to_owned(),
    }
}

/// What an enum is called in Rust.
fn enum_name(full_name: &str) -> String {
    full_name.replace('.', "_").to_uppercase()
}

/// The variant of [`Kind`] for an integer.
fn integer(kind: &Kind) -> &'static str {
    match kind {
        Kind::Int32 => "Int32",
        Kind::Int64 => "Int64",
        Kind::Uint32 => "Uint32",
        Kind::Uint64 => "Uint64",
        Kind::Sint32 => "Sint32",
        Kind::Sint64 => "Sint64",
        Kind::Fixed32 => "Fixed32",
        Kind::Fixed64 => "Fixed64",
        Kind::Sfixed32 => "Sfixed32",
        Kind::Sfixed64 => "Sfixed64",
        _ => "Double",
    }
}

#[cfg(all(test, feature = "bundled"))]
mod tests {
    use super::{Plans, Tables};
    use crate::Schema;

    /// Plans of tables are those of descriptors, down to what is worked out of both.
    #[test]
    fn say_what_descriptors_say() {
        let schema = Schema::diadoc();
        let (ours, theirs) = (Plans::diadoc(), Plans::of(schema.pool()));
        let (ours, theirs) = (Tables::new(ours), Tables::new(&theirs));
        assert_eq!(ours.order.len(), theirs.order.len());
        assert_eq!(ours.order, (0..ours.order.len()).collect::<Vec<_>>());
        assert_eq!(ours.text(schema), theirs.text(schema));
        for (our, their) in ours.order.iter().zip(&theirs.order) {
            let (our, their) = (ours.plans.at(*our), theirs.plans.at(*their));
            assert_eq!(our.descriptor(), their.descriptor());
            assert_eq!(our.worked_out(), their.worked_out(), "{}", our.full_name);
            for (our, their) in our.fields.iter().zip(&their.fields) {
                assert_eq!(our.descriptor(), their.descriptor());
            }
        }
    }
}
