//! A type per method.

use diadoc_schema::{
    Description, Method, ParameterDescription, Response, Schema, describe, is_secret,
};
use proc_macro2::{Ident, TokenStream};
use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;

use super::docs::Docs;
use super::{fault, paging, rust_type};
use crate::Error;
use crate::docs::attributes;
use crate::ident::{self, Path};

/// What the code of every module uses.
pub(super) fn uses() -> TokenStream {
    quote! {
        #[allow(unused_imports)]
        use crate::{
            paging, Answer, ApiError, Content, Hidden, Method, Paged, PagingError, Parts, Request, StartsTask,
        };
        #[allow(unused_imports)]
        use super::methods;
    }
}

/// An enum that parameters alone use.
pub(super) fn enumeration(docs: &mut Docs<'_>, item: &EnumDescriptor) -> TokenStream {
    let file = item.parent_file();
    let comment = docs.comment(&file, item.path());
    let (name, values): (_, Vec<_>) = (ident::camel(item.name()), item.values().collect());
    let comments = values.iter().map(|value| docs.comment(&file, value.path()));
    let comments: Vec<_> = comments.collect();
    let names: Vec<_> = values.iter().map(|value| value.name()).collect();
    let variants: Vec<_> = names.iter().map(|name| ident::camel(name)).collect();
    quote! {
        #comment
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name { #(#comments #variants,)* }
        impl #name {
            /// The name, as the query has it.
            pub fn as_str_name(&self) -> &'static str {
                match self { #(Self::#variants => #names,)* }
            }
        }
    }
}

/// The request of a method, and what it can do.
pub(super) fn request(
    schema: &Schema,
    docs: &mut Docs<'_>,
    method: &Method,
) -> Result<TokenStream, Error> {
    let page = describe(schema, method.full_name()).map_err(|error| fault(method, error))?;
    let fields = fields(method, &page)?;
    let name = ident::ident(method.name());
    let cfg_of = |obsolete: bool| obsolete.then(|| quote!(#[cfg(feature = "obsolete")]));
    let cfg = cfg_of(method.deprecated);
    let deprecated = method
        .news()
        .map(|note| quote!(#[deprecated(note = #note)]));
    let comment = docs.lines(&text(method, &page));
    let declared = fields.iter().map(|field| {
        let comment = field.docs(docs);
        let (name, declared_type) = (&field.name, field.declared_type());
        quote!(#comment pub #name: #declared_type)
    });
    let declared: Vec<_> = declared.collect();
    let secret = fields.iter().any(|field| is_secret(&field.descriptor));
    let debug = (!secret).then(|| quote!(Debug,));
    let default = (!fields.iter().any(Field::is_required)).then(|| quote!(Default,));
    let own_debug = secret.then(|| {
        let (method, shown) = (method.name(), fields.iter().map(Field::shown));
        quote! {
            #cfg
            /// Shows no secret of the request.
            impl std::fmt::Debug for #name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(#method) #(#shown)* .finish()
                }
            }
        }
    });
    let methods = methods_of(&name, &fields);
    let request = request_impl(method, &fields);
    let mut code = quote! {
        #cfg #comment #deprecated
        #[derive(#debug #default Clone, PartialEq)]
        #[non_exhaustive]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name { #(#declared,)* }
        #own_debug
        #cfg #methods
        #cfg #request
    };
    if let Some(paging) = &method.paging {
        let paged = paging::implementation(method, paging)?;
        code.extend(quote!(#cfg #paged));
    }
    if let Some(poll_with) = &method.poll_with {
        let result = schema
            .method(poll_with)
            .map_err(|error| fault(method, error))?;
        let cfg = cfg_of(method.deprecated || result.deprecated);
        let starts = starts_task(method, result)?;
        code.extend(quote!(#cfg #starts));
    }
    Ok(code)
}

/// A field of a request.
struct Field {
    descriptor: FieldDescriptor,
    name: Ident,
    rust_type: TokenStream,
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
                name: ident::snake(descriptor.name()),
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

    /// What `Debug` shows of it.
    fn shown(&self) -> TokenStream {
        let (name, shown) = (&self.name, self.name.unraw().to_string());
        let value = match (is_secret(&self.descriptor), self.descriptor.cardinality()) {
            (false, _) => quote!(self.#name),
            (true, Cardinality::Required) => quote!(Hidden),
            (true, Cardinality::Optional) => quote!(self.#name.as_ref().map(|_| Hidden)),
            (true, Cardinality::Repeated) => {
                quote!(self.#name.iter().map(|_| Hidden).collect::<Vec<_>>())
            }
        };
        quote!(.field(#shown, &#value))
    }

    fn declared_type(&self) -> TokenStream {
        let plain = &self.rust_type;
        match self.descriptor.cardinality() {
            Cardinality::Required => plain.clone(),
            Cardinality::Optional => quote!(Option<#plain>),
            Cardinality::Repeated => quote!(Vec<#plain>),
        }
    }

    /// The type of an argument, and how it becomes a value of the field's plain type.
    fn argument(&self) -> (TokenStream, Option<TokenStream>) {
        let plain = &self.rust_type;
        match self.descriptor.kind() {
            Kind::String | Kind::Bytes | Kind::Int64 => {
                (quote!(impl Into<#plain>), Some(quote!(.into())))
            }
            _ => (plain.clone(), None),
        }
    }

    fn docs(&self, docs: &mut Docs<'_>) -> TokenStream {
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
            let path = Path::of_message(message);
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

/// `new` with what is required, and a method for each of the others.
fn methods_of(name: &Ident, fields: &[Field]) -> TokenStream {
    let (mut arguments, mut values, mut setters) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields {
        let Field {
            name, rust_type, ..
        } = field;
        let (argument, convert) = field.argument();
        if field.is_required() {
            arguments.push(quote!(#name: #argument));
            values.push(match convert {
                None => quote!(#name),
                Some(convert) => quote!(#name: #name #convert),
            });
            continue;
        }
        let list = field.descriptor.is_list();
        values.push(match list {
            true => quote!(#name: Vec::new()),
            false => quote!(#name: None),
        });
        let (argument, value) = match (list, &convert) {
            (true, None) => (
                quote!(impl IntoIterator<Item = #rust_type>),
                quote!(#name.into_iter().collect()),
            ),
            (true, Some(_)) => (
                quote!(impl IntoIterator<Item = impl Into<#rust_type>>),
                quote!(#name.into_iter().map(Into::into).collect()),
            ),
            (false, _) => (argument, quote!(Some(#name #convert))),
        };
        let options = field.descriptor.field_descriptor_proto().options.as_ref();
        let deprecated = options
            .is_some_and(|options| options.deprecated())
            .then(|| quote!(#[deprecated(note = "the vendor calls this parameter obsolete")]));
        let shown = name.unraw();
        let comment = attributes(&format!("Sets [`{shown}`](Self#structfield.{shown})."));
        setters.push(quote! {
            #comment
            #deprecated
            pub fn #name(mut self, #name: #argument) -> Self {
                self.#name = #value;
                self
            }
        });
    }
    let allow = (arguments.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    quote! {
        impl #name {
            /// The request with what is required.
            #allow
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
            #(#setters)*
        }
    }
}

fn request_impl(method: &Method, fields: &[Field]) -> TokenStream {
    let parts: Vec<_> = fields.iter().map(part).collect();
    let parts = match parts[..] {
        [] => quote!(Parts::default()),
        _ => quote!(let mut parts = Parts::default(); #(#parts)* parts),
    };
    let (response, read) = match (&method.response, method.absent) {
        (Response::Message(message), absent) => {
            let path = Path::of_message(message);
            match absent {
                None => (quote!(#path), "message"),
                Some(_) => (quote!(Option<#path>), "message_or_absent"),
            }
        }
        (Response::Text, _) => (quote!(String), "text"),
        (Response::Nothing, _) => (quote!(()), "nothing"),
        _ => (quote!(Content), "content"),
    };
    let read = format_ident!("{read}");
    let (name, constant) = (ident::ident(method.name()), ident::shouty(method.name()));
    quote! {
        impl Request for #name {
            type Response = #response;
            fn method(&self) -> &'static Method {
                &methods::#constant
            }
            fn parts(&self) -> Parts<'_> { #parts }
            fn read(&self, answer: Answer) -> Result<Self::Response, ApiError> {
                answer.#read()
            }
        }
    }
}

/// The line that hands a field over.
fn part(field: &Field) -> TokenStream {
    let (name, member) = (field.descriptor.name(), &field.name);
    if field.is_body() {
        let kind = match field.descriptor.kind() {
            Kind::Message(_) => quote!(message),
            Kind::Bytes => quote!(bytes),
            _ => quote!(text),
        };
        return match field.is_required() {
            true => quote!(parts.#kind(#name, &self.#member);),
            false => quote!(if let Some(body) = &self.#member { parts.#kind(#name, body); }),
        };
    }
    let is_enum = matches!(field.descriptor.kind(), Kind::Enum(_));
    let is_text = matches!(field.descriptor.kind(), Kind::String);
    match field.descriptor.cardinality() {
        Cardinality::Required => {
            let value = match (is_enum, is_text) {
                (true, _) => quote!(self.#member.as_str_name()),
                (_, true) => quote!(&self.#member),
                _ => quote!(self.#member),
            };
            quote!(parts.required(#name, #value);)
        }
        Cardinality::Optional => {
            let value = match (is_enum, is_text) {
                (true, _) => quote!(.map(|value| value.as_str_name())),
                (_, true) => quote!(.as_deref()),
                _ => quote!(),
            };
            quote!(parts.optional(#name, self.#member #value);)
        }
        Cardinality::Repeated => {
            let value = match (is_enum, is_text) {
                (true, _) => quote!(map(|value| value.as_str_name())),
                (_, true) => quote!(map(String::as_str)),
                _ => quote!(copied()),
            };
            quote!(parts.list(#name, self.#member.iter().#value);)
        }
    }
}

/// The way from a task to the request for its outcome.
fn starts_task(method: &Method, result: &Method) -> Result<TokenStream, Error> {
    let mut arguments = Vec::new();
    for field in result.request().fields() {
        if field.cardinality() != Cardinality::Required {
            continue;
        }
        if field.name() == "taskId" {
            arguments.push(quote!(task_id));
            continue;
        }
        let own = method.request().get_field_by_name(field.name());
        if own.is_none_or(|own| own.cardinality() != Cardinality::Required) {
            let what = format!("{} needs {}", result.name(), field.name());
            return Err(fault(method, what));
        }
        let member = ident::snake(field.name());
        arguments.push(quote!(self.#member.clone()));
    }
    if result.service() != method.service() {
        return Err(fault(method, "its result lies in another service"));
    }
    let [name, outcome] = [method, result].map(|method| ident::ident(method.name()));
    Ok(quote! {
        impl StartsTask for #name {
            type Result = #outcome;
            fn result(&self, started: &Self::Response) -> Option<Self::Result> {
                let task_id = started.task_id.as_deref().filter(|id| !id.is_empty())?;
                Some(Self::Result::new(#(#arguments),*))
            }
        }
    })
}
