//! A type per method.

use diadoc_schema::{Description, Method, ParameterDescription, Response, Schema, describe};
use heck::ToUpperCamelCase as _;
use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind};

use super::docs::Docs;
use super::{enum_path, fault, field_name, message_path, paging, rust_type, static_name};
use crate::Error;

/// What the code of every module uses.
pub(super) const USES: &str = "#[allow(unused_imports)]\n\
    use crate::{paging, Answer, ApiError, Content, Method, Paged, PagingError, Parts, Request, \
    StartsTask};\n\
    #[allow(unused_imports)]\nuse super::methods;\n";

/// An enum that parameters alone use.
pub(super) fn enumeration(docs: &mut Docs<'_>, item: &EnumDescriptor) -> String {
    let file = item.parent_file();
    let name = item.name().to_upper_camel_case();
    let (mut variants, mut names) = (String::new(), String::new());
    for (place, value) in item.values().enumerate() {
        // Field 2 of an enum holds its values.
        let place = i32::try_from(place).unwrap_or(i32::MAX);
        let variant = value.name().to_upper_camel_case();
        variants += &docs.comment(&file, &[item.path(), &[2, place]].concat());
        variants += &format!("{variant},\n");
        names += &format!("Self::{variant} => {:?},\n", value.name());
    }
    format!(
        "{}#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]\n#[non_exhaustive]\n\
         pub enum {name} {{\n{variants}}}\n\
         impl {name} {{\n/// The name, as the query has it.\n\
         pub fn as_str_name(&self) -> &'static str {{\nmatch self {{\n{names}}}\n}}\n}}\n",
        docs.comment(&file, item.path()),
    )
}

/// The request of a method, and what it can do.
pub(super) fn request(
    schema: &Schema,
    docs: &mut Docs<'_>,
    method: &Method,
) -> Result<String, Error> {
    let page = describe(schema, method.full_name()).map_err(|error| fault(method, error))?;
    let fields = fields(method, &page)?;
    let name = method.name();
    let cfg = match method.deprecated {
        true => "#[cfg(feature = \"obsolete\")]\n",
        false => "",
    };
    let deprecated = match method.deprecated {
        true => format!("#[deprecated(note = {:?})]\n", deprecation(method)),
        false => String::new(),
    };

    let mut declared = String::new();
    for field in &fields {
        declared += &field.docs(docs);
        declared += &format!("pub {}: {},\n", field.name, field.declared_type());
    }
    let secret = method.anonymous;
    let mut derived = String::from(if secret { "" } else { "Debug, " });
    if !fields.iter().any(Field::is_required) {
        derived += "Default, ";
    }
    let mut code = format!(
        "{cfg}{}{deprecated}#[derive({derived}Clone, PartialEq)]\n#[non_exhaustive]\n\
         #[must_use = \"a request does nothing until it is sent\"]\n\
         pub struct {name} {{\n{declared}}}\n",
        docs.lines(&text(method, &page)),
    );
    if secret {
        code += &format!(
            "{cfg}/// Shows nothing of the request: it holds secrets.\n\
             impl std::fmt::Debug for {name} {{\n\
             fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n\
             f.debug_struct({name:?}).finish_non_exhaustive()\n}}\n}}\n"
        );
    }
    code += &format!("{cfg}{}", methods_of(name, &fields));
    code += &format!("{cfg}{}", request_impl(method, &fields)?);
    if let Some(paging) = &method.paging {
        code += &format!("{cfg}{}", paging::implementation(method, paging)?);
    }
    if let Some(poll_with) = &method.poll_with {
        let result = schema
            .method(poll_with)
            .map_err(|error| fault(method, error))?;
        let cfg = match method.deprecated || result.deprecated {
            true => "#[cfg(feature = \"obsolete\")]\n",
            false => "",
        };
        code += &format!("{cfg}{}", starts_task(method, result)?);
    }
    Ok(code)
}

/// A field of a request.
struct Field {
    descriptor: FieldDescriptor,
    name: String,
    rust_type: String,
    description: ParameterDescription,
}

fn fields(method: &Method, page: &Description) -> Result<Vec<Field>, Error> {
    let described = page.method.iter().flat_map(|method| &method.parameters);
    let described: Vec<_> = described.cloned().collect();
    let request = method.request();
    request
        .fields()
        .map(|descriptor| {
            let own = |description: &&ParameterDescription| description.name == descriptor.name();
            let description = described.iter().find(own).cloned();
            Ok(Field {
                name: field_name(&descriptor),
                rust_type: rust_type(method, &descriptor)?,
                description: description
                    .ok_or_else(|| fault(method, format!("{} is nowhere", descriptor.name())))?,
                descriptor,
            })
        })
        .collect()
}

impl Field {
    fn is_required(&self) -> bool {
        self.descriptor.cardinality() == Cardinality::Required
    }

    fn is_body(&self) -> bool {
        self.description.place == "body"
    }

    fn declared_type(&self) -> String {
        match self.descriptor.cardinality() {
            Cardinality::Required => self.rust_type.clone(),
            Cardinality::Optional => format!("Option<{}>", self.rust_type),
            Cardinality::Repeated => format!("Vec<{}>", self.rust_type),
        }
    }

    /// The type of an argument, and how it becomes a value of the field's plain type.
    fn argument(&self) -> (String, &'static str) {
        match self.descriptor.kind() {
            Kind::String | Kind::Bytes | Kind::Int64 => {
                (format!("impl Into<{}>", self.rust_type), ".into()")
            }
            _ => (self.rust_type.clone(), ""),
        }
    }

    fn docs(&self, docs: &mut Docs<'_>) -> String {
        let mut text = self.description.comment.clone();
        if let Some(default) = &self.description.default {
            text += &format!("\n\nWhere it is absent, the server takes `{default}`.");
        }
        if let Some(header) = self.description.place.strip_prefix("header ") {
            text += &format!("\n\nTravels in the header `{header}`.");
        }
        if !self.description.rules.is_empty() {
            text += &format!("\n\nRules: {}.", self.description.rules.join("; "));
        }
        docs.lines(&text)
    }
}

/// The comment of a method, with what its options say.
fn text(method: &Method, page: &Description) -> String {
    let mut text = format!("{}\n\n`{} {}`", page.comment, method.verb, method.path);
    text += &match &method.response {
        Response::Message(message) => {
            let path = message_path(message);
            // Without backticks, so that it is not linked once more.
            format!(", answers with [{}]({path}).", message.name())
        }
        Response::Text => ", answers with a text.".into(),
        Response::Nothing => ", answers with nothing.".into(),
        _ => ", answers with the bytes of a file.".into(),
    };
    if let Some(page) = &page.method {
        for pending in &page.pending {
            text += &format!("\n\nNot ready yet: {pending}.");
        }
    }
    if let Some(status) = method.absent {
        text += &format!("\n\nNone where the status is {status}.");
    }
    if let Some(poll_with) = &method.poll_with {
        text += &format!("\n\nStarts a task; `{poll_with}` tells its outcome.");
    }
    if !page.rules.is_empty() {
        text += &format!("\n\nRules: {}.", page.rules.join("; "));
    }
    text
}

fn deprecation(method: &Method) -> String {
    let mut note = String::from("the vendor calls it obsolete");
    if let Some(successor) = &method.successor {
        note += &format!("; use {successor}");
    }
    if let Some(day) = &method.removal_after {
        note += &format!("; it is removed after {day}");
    }
    note
}

/// `new` with what is required, and a method for each of the others.
fn methods_of(name: &str, fields: &[Field]) -> String {
    let (mut arguments, mut values, mut setters) = (String::new(), String::new(), String::new());
    for field in fields {
        let rust_name = &field.name;
        let (argument, convert) = field.argument();
        if field.is_required() {
            arguments += &format!("{rust_name}: {argument}, ");
            values += &match convert {
                "" => format!("{rust_name},\n"),
                convert => format!("{rust_name}: {rust_name}{convert},\n"),
            };
            continue;
        }
        let list = field.descriptor.is_list();
        values += &format!(
            "{rust_name}: {},\n",
            if list { "Vec::new()" } else { "None" }
        );
        let (argument, value) = match (list, convert) {
            (true, "") => (
                format!("impl IntoIterator<Item = {}>", field.rust_type),
                format!("{rust_name}.into_iter().collect()"),
            ),
            (true, _) => (
                format!("impl IntoIterator<Item = impl Into<{}>>", field.rust_type),
                format!("{rust_name}.into_iter().map(Into::into).collect()"),
            ),
            (false, _) => (argument, format!("Some({rust_name}{convert})")),
        };
        let options = field.descriptor.field_descriptor_proto().options.as_ref();
        let deprecated = match options.is_some_and(|options| options.deprecated()) {
            true => "#[deprecated(note = \"the vendor calls this parameter obsolete\")]\n",
            false => "",
        };
        setters += &format!(
            "/// Sets [`{0}`](Self#structfield.{0}).\n{deprecated}\
             pub fn {rust_name}(mut self, {rust_name}: {argument}) -> Self {{\n\
             self.{rust_name} = {value};\nself\n}}\n",
            rust_name.trim_start_matches("r#"),
        );
    }
    let count = fields.iter().filter(|field| field.is_required()).count();
    let allow = match count > 7 {
        true => "#[allow(clippy::too_many_arguments)]\n",
        false => "",
    };
    format!(
        "impl {name} {{\n/// The request with what is required.\n{allow}\
         pub fn new({arguments}) -> Self {{\nSelf {{\n{values}}}\n}}\n{setters}}}\n"
    )
}

fn request_impl(method: &Method, fields: &[Field]) -> Result<String, Error> {
    let mut parts = String::new();
    for field in fields {
        parts += &part(field);
    }
    let (response, read) = match (&method.response, method.absent) {
        (Response::Message(message), None) => (message_path(message), "message"),
        (Response::Message(message), Some(_)) => {
            let path = message_path(message);
            (format!("Option<{path}>"), "message_or_absent")
        }
        (Response::Text, _) => ("String".into(), "text"),
        (Response::Nothing, _) => ("()".into(), "nothing"),
        _ => ("Content".into(), "content"),
    };
    let operation_id = fields.iter().any(|field| {
        field.descriptor.name() == "operationId"
            && field.rust_type == "String"
            && !field.is_required()
    });
    let operation_id = match operation_id {
        true => {
            "fn set_operation_id(&mut self, make: impl FnOnce() -> String) {\n\
             self.operation_id.get_or_insert_with(make);\n}\n"
        }
        false => "",
    };
    let parts = match parts.is_empty() {
        true => "Parts::default()\n".to_owned(),
        false => format!("let mut parts = Parts::default();\n{parts}parts\n"),
    };
    Ok(format!(
        "impl Request for {} {{\ntype Response = {response};\n\
         const METHOD: &'static Method = &methods::{};\n\
         fn parts(&self) -> Parts<'_> {{\n{parts}}}\n\
         fn read(answer: Answer) -> Result<Self::Response, ApiError> {{\nanswer.{read}()\n}}\n\
         {}{operation_id}}}\n",
        method.name(),
        static_name(method),
        is_pending(method)?,
    ))
}

/// The line that hands a field over.
fn part(field: &Field) -> String {
    let (name, rust_name) = (field.descriptor.name(), &field.name);
    if field.is_body() {
        let kind = match field.descriptor.kind() {
            Kind::Message(_) => "message",
            Kind::Bytes => "bytes",
            _ => "text",
        };
        return match field.is_required() {
            true => format!("parts.{kind}({name:?}, &self.{rust_name});\n"),
            false => format!(
                "if let Some(body) = &self.{rust_name} {{\nparts.{kind}({name:?}, body);\n}}\n"
            ),
        };
    }
    let is_enum = matches!(field.descriptor.kind(), Kind::Enum(_));
    let is_text = matches!(field.descriptor.kind(), Kind::String);
    let (call, value) = match field.descriptor.cardinality() {
        Cardinality::Required if is_enum => ("required", ".as_str_name()"),
        Cardinality::Required => ("required", ""),
        Cardinality::Optional if is_enum => ("optional", ".map(|value| value.as_str_name())"),
        Cardinality::Optional if is_text => ("optional", ".as_deref()"),
        Cardinality::Optional => ("optional", ""),
        Cardinality::Repeated if is_enum => ("list", ".iter().map(|value| value.as_str_name())"),
        Cardinality::Repeated if is_text => ("list", ".iter().map(String::as_str)"),
        Cardinality::Repeated => ("list", ".iter().copied()"),
    };
    let borrow = match (call, is_text) {
        ("required", true) => "&",
        _ => "",
    };
    format!("parts.{call}({name:?}, {borrow}self.{rust_name}{value});\n")
}

/// Where a field of the response tells that there is no result yet.
fn is_pending(method: &Method) -> Result<String, Error> {
    let mut conditions = Vec::new();
    for pending in &method.pending {
        let Some(name) = &pending.field else {
            continue;
        };
        let Response::Message(message) = &method.response else {
            return Err(fault(method, "a field tells, but there is no message"));
        };
        let found = message.get_field_by_name(name);
        let field = found.ok_or_else(|| fault(method, format!("the response lacks {name}")))?;
        let (values, borrow) = match field.kind() {
            Kind::Enum(item) => {
                let path = enum_path(&item);
                let number =
                    |value: &String| format!("{path}::{} as i32", value.to_upper_camel_case());
                (pending.values.iter().map(number).collect::<Vec<_>>(), "")
            }
            Kind::String => {
                let text = |value: &String| format!("{value:?}");
                (pending.values.iter().map(text).collect(), ".as_str()")
            }
            other => return Err(fault(method, format!("{name} is {other:?}"))),
        };
        let (values, field_name) = (values.join(", "), field_name(&field));
        conditions.push(match (field.cardinality(), borrow) {
            (Cardinality::Required, borrow) => {
                format!("[{values}].contains(&response.{field_name}{borrow})")
            }
            (_, "") => {
                format!("response.{field_name}.is_some_and(|value| [{values}].contains(&value))")
            }
            _ => format!(
                "response.{field_name}.as_deref().is_some_and(|value| [{values}].contains(&value))"
            ),
        });
    }
    Ok(match conditions.is_empty() {
        true => String::new(),
        false => format!(
            "fn is_pending(response: &Self::Response) -> bool {{\n{}\n}}\n",
            conditions.join(" || ")
        ),
    })
}

/// The way from a task to the request for its outcome.
fn starts_task(method: &Method, result: &Method) -> Result<String, Error> {
    let mut arguments = Vec::new();
    for field in result.request().fields() {
        if field.cardinality() != Cardinality::Required {
            continue;
        }
        if field.name() == "taskId" {
            arguments.push("task_id".to_owned());
            continue;
        }
        let own = method.request().get_field_by_name(field.name());
        match own.filter(|own| own.cardinality() == Cardinality::Required) {
            Some(own) => arguments.push(format!("self.{}.clone()", field_name(&own))),
            None => {
                let what = format!("{} needs {}", result.name(), field.name());
                return Err(fault(method, what));
            }
        }
    }
    if result.service() != method.service() {
        return Err(fault(method, "its result lies in another service"));
    }
    Ok(format!(
        "impl StartsTask for {} {{\ntype Result = {};\n\
         fn result(&self, started: &Self::Response) -> Option<Self::Result> {{\n\
         let task_id = started.task_id.as_deref().filter(|id| !id.is_empty())?;\n\
         Some(Self::Result::new({}))\n}}\n}}\n",
        method.name(),
        result.name(),
        arguments.join(", "),
    ))
}
