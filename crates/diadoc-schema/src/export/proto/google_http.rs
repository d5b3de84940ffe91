//! How methods travel, as `google.api.http` says it.

use prost_reflect::{FileDescriptor, MethodDescriptor};

use super::literal::Literal;
use crate::{Method, Verb};

/// The file that declares the option.
pub(super) const FILE: &str = "google/api/annotations.proto";

/// Whether a file has methods of HTTP.
pub(super) fn is_used(file: &FileDescriptor) -> bool {
    let mut services = file.services();
    services.any(|service| service.methods().any(|method| of_method(&method).is_some()))
}

/// The option of a method; none where it is no method of HTTP. Fields beside path and body are the query,
/// headers among them, of which the option knows nothing. Where the body is one of several, each
/// stands in a binding.
pub(super) fn of_method(descriptor: &MethodDescriptor) -> Option<(String, Literal)> {
    let method = Method::read(descriptor.clone())?;
    let verb = match method.verb {
        Verb::Get => "get",
        Verb::Post => "post",
    };
    let binding = |body: Option<&str>| {
        let mut rule = vec![(verb.to_owned(), Literal::text(&method.path))];
        rule.extend(body.map(|body| ("body".to_owned(), Literal::text(body))));
        rule
    };
    let mut bodies = method.bodies.iter().map(|body| body.field.name());
    let mut rule = binding(bodies.next());
    let others: Vec<_> = bodies
        .map(|body| Literal::Message(binding(Some(body))))
        .collect();
    if !others.is_empty() {
        rule.push(("additional_bindings".to_owned(), Literal::List(others)));
    }
    Some(("(google.api.http)".to_owned(), Literal::Message(rule)))
}
