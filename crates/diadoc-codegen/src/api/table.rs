//! The methods as data.

use diadoc_schema::{BodyKind, Idempotency, Method, Response, Schema, Verb};
use prost_reflect::{Cardinality, FieldDescriptor};

use super::static_name;
use crate::rules::options::{self, Format};
use crate::{Error, modules};

/// `methods.rs`: a static per method, and a list of them.
pub(super) fn generate(described: &Schema) -> Result<Vec<u8>, Error> {
    let mut code = String::from(
        "use crate::{Body, BodyKind, Format, Idempotency, Method, Parameter, Pending, \
         ResponseKind, Rules};\n",
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
        if options::of_field(&parameter.field).max_items.is_some() {
            return Err(super::fault(method, "the number of values is not checked"));
        }
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
        let rules = rules(&method.name(), &parameter.field)?;
        parameters += &format!(
            "Parameter::{kind}({:?}, {rules}){header}{comma},\n",
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
    let rules = options::of_message(&method.request());
    let sets = |sets: &[Vec<String>]| {
        let sets: Vec<_> = sets.iter().map(|set| format!("&{set:?}")).collect();
        format!("&[{}]", sets.join(", "))
    };
    Ok(format!(
        "pub(super) static {}: Method = Method {{\n\
         service: {:?},\nname: {:?},\nverb: http::Method::{},\npath: {:?},\n\
         parameters: &[{parameters}],\nbodies: &[{bodies}],\n\
         response: ResponseKind::{response},\nany_of: {},\none_of: {},\nexcludes: {},\n\
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
        sets(&rules.any_of),
        sets(&rules.one_of),
        sets(&rules.excludes),
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

/// The rules of the values of a field, as an expression.
pub(super) fn rules(
    owner: &impl std::fmt::Display,
    field: &FieldDescriptor,
) -> Result<String, Error> {
    let rules = options::of_field(field);
    if !rules.flags.is_empty() {
        let what = format!("{owner}.{}: masks are not checked", field.name());
        return Err(Error::Schema(what));
    }
    let format = rules.format.map(|format| match format {
        Format::Guid => "Guid",
        Format::BoxId => "BoxId",
        Format::Date => "Date",
        Format::Ticks => "Ticks",
        Format::Inn => "Inn",
        Format::FilterCategory => "FilterCategory",
    });
    let calls = [
        format.map(|format| format!(".format(Format::{format})")),
        rules.min_len.map(|value| format!(".min_len({value})")),
        rules.max_len.map(|value| format!(".max_len({value})")),
        rules.pattern.map(|value| format!(".pattern({value:?})")),
        rules.gte.map(|value| format!(".gte({value})")),
        rules.lte.map(|value| format!(".lte({value})")),
    ];
    let calls: String = calls.into_iter().flatten().collect();
    Ok(format!("Rules::ANY{calls}"))
}
