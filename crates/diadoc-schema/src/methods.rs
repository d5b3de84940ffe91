//! The HTTP methods of the API, as the services of the schema describe them.

mod options;

use diadoc_core::rules::{Demand, Quantity};
use diadoc_core::{Language, Stage};
use prost_reflect::{FieldDescriptor, MessageDescriptor, MethodDescriptor, ServiceDescriptor};

use crate::describe::comment;
use crate::{Direction, Schema, SchemaError, message_rules};

/// The package of the messages that stand for bodies that are no messages.
const HTTP_PACKAGE: &str = "Diadoc.Http";

/// A method of the API over HTTP; [`Schema::methods`] lists them all.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Method {
    /// The rpc that describes it. Its input is the message whose fields are the parameters and the
    /// body.
    pub descriptor: MethodDescriptor,
    /// Verb of HTTP.
    pub verb: Verb,
    /// Path below the address of the API: `/V3/GetDocuments`.
    pub path: String,
    /// What travels in the query or in a header, in the order of the field numbers.
    pub parameters: Vec<Parameter>,
    /// What the body may be; exactly one of them where there are several, nothing where there is
    /// none.
    pub bodies: Vec<Body>,
    /// What a successful answer holds.
    pub response: Response,
    /// Answers that mean that the result is not ready yet.
    pub pending: Vec<Pending>,
    /// Name of the method that asks for the outcome of the task that this one starts: it takes the
    /// `TaskId` of this one's answer as `taskId`.
    pub poll_with: Option<String>,
    /// How to get all items of a list that comes in pages.
    pub paging: Option<Paging>,
    /// Whether the same request may be sent again.
    pub idempotency: Idempotency,
    /// Whether the vendor calls it obsolete.
    pub deprecated: bool,
    /// Name of the method to use in its place.
    pub successor: Option<String>,
    /// Day after which the vendor removes it, as `2027-04-03`.
    pub removal_after: Option<String>,
    /// How far the vendor is with giving it up.
    pub stage: Stage,
    /// Whether it needs no token of a user.
    pub anonymous: bool,
    /// Status of an answer without a body that says that there is nothing to answer with.
    pub absent: Option<u16>,
}

/// A verb of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// GET.
    Get,
    /// POST.
    Post,
}

/// A field of a request message that travels in the query or in a header.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Parameter {
    /// The field. An enum travels as the name of its value, a bool as `true` or `false`.
    pub field: FieldDescriptor,
    /// Name of the header that holds it; none where it stands in the query, under the field's name.
    pub header: Option<String>,
    /// Whether a list travels as one value with commas; otherwise the parameter stands once for
    /// each element.
    pub comma: bool,
}

/// A field of a request message that is the body.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Body {
    /// The field.
    pub field: FieldDescriptor,
    /// What it holds.
    pub kind: BodyKind,
}

/// What a body holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum BodyKind {
    /// A message, as protobuf or JSON.
    Message(MessageDescriptor),
    /// Bytes as they are.
    Bytes,
    /// Text as it is.
    Text,
}

/// What a successful answer holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Response {
    /// A message, as protobuf or JSON.
    Message(MessageDescriptor),
    /// The bytes of a file, with its name in a header where there is one.
    Bytes,
    /// A text.
    Text,
    /// Nothing.
    Nothing,
}

/// An answer that means that the result is not ready yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// Status code of such an answer.
    pub status: u16,
    /// Header with the delay in seconds after which to ask again.
    pub delay_header: String,
    /// Whether answers of that status without the header are results, or errors.
    pub header_required: bool,
    /// Field of the answer that tells.
    pub field: Option<String>,
    /// The values of the field that mean so.
    pub values: Vec<String>,
}

/// How to get all items of a list that comes in pages.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// Field of the request that takes the place to go on from: `afterIndexKey`, or
    /// `body.AfterIndexKey` inside the body.
    pub cursor: Option<String>,
    /// Field of the request that takes the number of the page, from 1; in the place of `cursor`.
    pub page: Option<String>,
    /// Field of the request that takes how many items a page has at most.
    pub size: Option<String>,
    /// List of the response that holds the items.
    pub items: String,
    /// Field of an item: in the last item of a page it is the place to go on from.
    pub item_cursor: Option<String>,
    /// Field of the response that is the place to go on from; in the place of `item_cursor`.
    /// Without a value there are no more pages.
    pub next_cursor: Option<String>,
    /// Field of the response that says whether there are more pages.
    pub more: Option<String>,
    /// Field of the response that says how many items there are in all.
    pub total: Option<String>,
    /// Field of the request that takes how many items to skip; in the place of `cursor`.
    pub offset: Option<String>,
    /// Whether a page without items is not the end.
    pub empty_pages: bool,
    /// Fields of the request that give way to `cursor` after the first page.
    pub replaces: Vec<String>,
}

/// Whether the same request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// Nothing is stated: it may do its work twice.
    Unstated,
    /// It changes nothing.
    NoSideEffects,
    /// A second time changes nothing more, given the same `operationId` where there is one.
    Idempotent,
}

impl Schema {
    /// The HTTP methods: every rpc with the option `Diadoc.Http.method`, in the order of the schema.
    ///
    /// ```
    /// use diadoc_schema::Schema;
    ///
    /// let current = Schema::diadoc().methods().iter().filter(|method| !method.deprecated);
    /// for method in current {
    ///     println!("{} {} {}", method.name(), method.verb, method.path);
    /// }
    /// ```
    pub fn methods(&self) -> &[Method] {
        self.methods.get_or_init(|| {
            let services = self.pool().services();
            services
                .flat_map(|service| service.methods().collect::<Vec<_>>())
                .filter_map(Method::read)
                .collect()
        })
    }

    /// The HTTP method with that verb and that path, query and address aside.
    pub fn method_at(&self, verb: Verb, path: &str) -> Option<&Method> {
        self.methods()
            .iter()
            .find(|method| method.verb == verb && method.path == path)
    }
}

impl Method {
    /// Its name: `GetDocumentsV3`.
    pub fn name(&self) -> &str {
        self.descriptor.name()
    }

    /// Its name with the service and the package.
    pub fn full_name(&self) -> &str {
        self.descriptor.full_name()
    }

    /// The service that it is one of.
    pub fn service(&self) -> &ServiceDescriptor {
        self.descriptor.parent_service()
    }

    /// The message whose fields are the parameters and the body.
    pub fn request(&self) -> MessageDescriptor {
        self.descriptor.input()
    }

    /// The message that it sends, or answers with.
    ///
    /// # Errors
    ///
    /// [`SchemaError::NoBody`] where it has none that way, [`SchemaError::Ambiguous`] where its body is one of
    /// several.
    pub fn message(&self, direction: Direction) -> Result<MessageDescriptor, SchemaError> {
        let messages: Vec<_> = match direction {
            Direction::Request => {
                let messages = self.bodies.iter().filter_map(|body| match &body.kind {
                    BodyKind::Message(message) => Some(message),
                    BodyKind::Bytes | BodyKind::Text => None,
                });
                messages.collect()
            }
            Direction::Response => match &self.response {
                Response::Message(message) => vec![message],
                Response::Bytes | Response::Text | Response::Nothing => Vec::new(),
            },
        };
        match messages[..] {
            [message] => Ok(message.clone()),
            [] => Err(SchemaError::NoBody {
                method: self.name().to_owned(),
                direction,
            }),
            ref several => Err(SchemaError::Ambiguous {
                name: self.name().to_owned(),
                candidates: several
                    .iter()
                    .map(|message| message.full_name().to_owned())
                    .collect(),
            }),
        }
    }

    /// What it does, as the schema's comment says.
    pub fn comment(&self) -> String {
        comment::of_method(&self.descriptor)
    }

    /// What the vendor says of it, where it gives the method up, and what to use in its place: `the
    /// vendor lists it for removal; use GetMessageV6`.
    pub fn news(&self) -> Option<String> {
        self.stage.news(
            self.removal_after.as_deref(),
            self.successor.as_deref(),
            Language::English,
        )
    }

    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.field.name() == name)
    }

    /// A field of the request by the path that [`Paging`] has it by: `afterIndexKey`, or `body.AfterIndexKey` inside
    /// the body.
    pub fn field_at(&self, path: &str) -> Option<FieldDescriptor> {
        let Some((body, name)) = path.split_once('.') else {
            return self.request().get_field_by_name(path);
        };
        let own = self.bodies.iter().find(|own| own.field.name() == body);
        match own.map(|own| &own.kind) {
            Some(BodyKind::Message(message)) => message.get_field_by_name(name),
            _ => None,
        }
    }

    /// The parameters beside which a list comes in one page: those that exclude the key to go on from, and do not
    /// give way to it.
    pub fn parameters_of_one_page(&self) -> Vec<String> {
        let Some(paging) = &self.paging else {
            return Vec::new();
        };
        let Some(cursor) = &paging.cursor else {
            return Vec::new();
        };
        let rules = message_rules(&self.request()).into_iter();
        let excludes = rules.filter(|rule| rule.demand == Demand::Given(Quantity::Excludes));
        let excludes = excludes.map(|rule| {
            let fields = rule.fields.iter();
            fields.map(ToString::to_string).collect::<Vec<_>>()
        });
        let with_cursor = excludes.filter(|set| set.contains(cursor)).flatten();
        with_cursor
            .filter(|name| name != cursor && !paging.replaces.contains(name))
            .collect()
    }

    /// What the rpc says; none where it is no method of HTTP.
    pub(crate) fn read(descriptor: MethodDescriptor) -> Option<Self> {
        let method = options::of_method(&descriptor)?;
        let request = descriptor.input();
        let (bodies, parameters): (Vec<_>, Vec<_>) = request
            .fields()
            .partition(|field| method.body.iter().any(|name| name == field.name()));
        let declared = descriptor.method_descriptor_proto().options.as_ref();
        let response = descriptor.output();
        Some(Self {
            verb: method.verb,
            path: method.path,
            parameters: parameters.into_iter().map(Parameter::read).collect(),
            bodies: bodies.into_iter().filter_map(Body::read).collect(),
            response: match response.full_name().strip_prefix(HTTP_PACKAGE) {
                Some(".Content") => Response::Bytes,
                Some(".Text") => Response::Text,
                Some(".Nothing") => Response::Nothing,
                _ => Response::Message(response),
            },
            pending: method.pending,
            poll_with: method.poll_with,
            paging: method.paging,
            idempotency: options::idempotency(declared),
            deprecated: declared.is_some_and(|options| options.deprecated()),
            successor: method.successor,
            removal_after: method.removal_after,
            stage: method.stage,
            anonymous: method.anonymous,
            absent: method.absent,
            descriptor,
        })
    }
}

impl Parameter {
    fn read(field: FieldDescriptor) -> Self {
        let (header, comma) = options::of_parameter(&field);
        Self {
            field,
            header,
            comma,
        }
    }
}

impl Body {
    fn read(field: FieldDescriptor) -> Option<Self> {
        let kind = match field.kind() {
            prost_reflect::Kind::Message(message) => BodyKind::Message(message),
            prost_reflect::Kind::Bytes => BodyKind::Bytes,
            prost_reflect::Kind::String => BodyKind::Text,
            _ => return None,
        };
        Some(Self { field, kind })
    }
}

impl Verb {
    /// As HTTP writes it: `GET`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }

    /// The verb of that name, in any case.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let verbs = [Self::Get, Self::Post];
        let mut verbs = verbs.into_iter();
        verbs.find(|verb| verb.as_str().eq_ignore_ascii_case(name))
    }
}

impl std::fmt::Display for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
