//! The methods as data.

use diadoc_schema::{BodyKind, Idempotency, Method, Response, Schema, Verb};
use prost_reflect::{Cardinality, FieldDescriptor};

use super::static_name;
use crate::{Error, modules};
use diadoc_core::rules::{FieldRule, Flag};
use diadoc_schema::{field_rules, message_rules};

/// `methods.rs`: a static per method, and a list of them.
pub(super) fn generate(described: &Schema) -> Result<Vec<u8>, Error> {
    let mut code = String::from(
        "#[allow(unused_imports)]\nuse std::borrow::Cow;\n#[allow(unused_imports)]\nuse crate::{Flag};\nuse crate::{Body, BodyKind, Format, Idempotency, Method, Parameter, Pending, \
         ResponseKind, FieldRule, Quantity};\n",
    );
    let mut names = String::new();
    for method in described.methods() {
        names += &format!("&{},\n", static_name(method));
        code += &entry(method)?;
    }
    code += &format!(
        "/// All methods of the API, obsolete ones included, in the order of their groups.\n\
         pub static METHODS: [&Method; {}] = [\n{names}];\n",
        described.methods().len()
    );
    modules::format("Diadoc.Api.Methods", &code, "a static per method")
}

fn entry(method: &Method) -> Result<String, Error> {
    let mut parameters = String::new();
    for parameter in &method.parameters {
        let required = parameter.field.cardinality() == Cardinality::Required;
        let kind = if required { "required" } else { "optional" };
        let header = match &parameter.header {
            Some(header) => format!(".in_header({header:?})"),
            None => String::new(),
        };
        let comma = if parameter.comma {
            ".with_commas()"
        } else {
            ""
        };
        let rules = rules(&parameter.field);
        parameters += &format!(
            "Parameter::{kind}({:?}, &{rules}){header}{comma},\n",
            parameter.field.name()
        );
    }
    let bodies: String = method
        .bodies
        .iter()
        .map(|body| {
            let kind = match &body.kind {
                BodyKind::Message(message) => format!("Message({:?})", message.full_name()),
                BodyKind::Text => "Text".into(),
                _ => "Bytes".into(),
            };
            format!("Body::new({:?}, BodyKind::{kind}),\n", body.field.name())
        })
        .collect();
    let response = match &method.response {
        Response::Message(message) => format!("Message({:?})", message.full_name()),
        Response::Text => "Text".into(),
        Response::Nothing => "Nothing".into(),
        _ => "Bytes".into(),
    };
    let pending: String = method
        .pending
        .iter()
        .map(|pending| {
            let field = pending.field.as_ref().map(|field| (field, &pending.values));
            let field = match field {
                Some((field, values)) => format!("Some(({field:?}, &{values:?}))"),
                None => "None".into(),
            };
            format!(
                "Pending {{ status: {}, delay_header: {:?}, header_required: {}, field: {field} }},\n",
                pending.status, pending.delay_header, pending.header_required
            )
        })
        .collect();
    let sets: String = message_rules(&method.request())
        .into_iter()
        .map(|(quantity, set)| format!("(Quantity::{quantity:?}, &{set:?}), "))
        .collect();
    Ok(format!(
        "pub(super) static {}: Method = Method {{\n\
         service: {:?},\nname: {:?},\nverb: http::Method::{},\npath: {:?},\n\
         parameters: &[{parameters}],\nbodies: &[{bodies}],\n\
         response: ResponseKind::{response},\nsets: &[{sets}],\n\
         pending: &[{pending}],\nabsent: {:?},\nidempotency: Idempotency::{},\n\
         poll_with: {:?},\nobsolete: {},\nsuccessor: {:?},\nremoval_after: {:?},\nanonymous: {},\n\
         }};\n",
        static_name(method),
        method.service().name(),
        method.name(),
        match method.verb {
            Verb::Post => "POST",
            _ => "GET",
        },
        method.path,
        method.absent,
        match method.idempotency {
            Idempotency::NoSideEffects => "NoSideEffects",
            Idempotency::Idempotent => "Idempotent",
            _ => "Unstated",
        },
        method.poll_with,
        method.deprecated,
        method.successor,
        method.removal_after,
        method.anonymous,
    ))
}

/// The rules of a field, as an array of `FieldRule`.
pub(super) fn rules(field: &FieldDescriptor) -> String {
    let rules: Vec<_> = field_rules(field)
        .iter()
        .map(|rule| match rule {
            FieldRule::Items { .. } | FieldRule::Length { .. } | FieldRule::Range { .. } => {
                format!("FieldRule::{rule:?}")
            }
            FieldRule::Format(format) => format!("FieldRule::Format(Format::{format:?})"),
            FieldRule::Pattern(pattern) => {
                format!("FieldRule::Pattern(Cow::Borrowed({pattern:?}))")
            }
            FieldRule::Flags(flags) => {
                let flags: String = flags
                    .iter()
                    .map(|flag| {
                        let Flag { name, bit } = flag;
                        format!("Flag {{ name: Cow::Borrowed({name:?}), bit: {bit} }}, ")
                    })
                    .collect();
                format!("FieldRule::Flags(Cow::Borrowed(&[{flags}]))")
            }
        })
        .collect();
    format!("[{}]", rules.join(", "))
}
