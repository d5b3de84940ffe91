//! HTTP methods as different sources tell of them: our schema, an OpenAPI document, the code of an SDK.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{Cardinality, Kind};

use crate::compare::{Enum, enumeration};
use crate::schema::is_diadoc;
use crate::{BodyKind, Response, Schema};

/// The HTTP methods that a source tells of.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    pub origin: Origin,
    pub methods: Vec<Endpoint>,
    /// Enums that stand in parameters alone, by their full names.
    pub enums: BTreeMap<String, Enum>,
}

/// What a source is, and so what it can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Everything.
    Schema,
    /// Verb, path, parameters of the query, messages.
    Document,
    /// Path, parameters of the query.
    Sources,
}

/// A method, as far as a source tells of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoint {
    /// Full name of the rpc.
    pub name: Option<String>,
    /// As HTTP writes it: `GET`.
    pub verb: Option<String>,
    pub path: String,
    /// The parameters that travel in the query, and whether a request must have them; none where the
    /// source does not say.
    pub query: BTreeMap<String, Option<bool>>,
    /// The messages that it may send.
    pub sends: BTreeSet<String>,
    /// The messages that it may answer with.
    pub answers: BTreeSet<String>,
}

impl Endpoints {
    /// The methods of a schema; none where it has none.
    pub(crate) fn of(schema: &Schema) -> Option<Self> {
        let methods = schema.methods();
        let mut enums = BTreeMap::new();
        for parameter in methods.iter().flat_map(|method| &method.parameters) {
            if let Kind::Enum(item) = parameter.field.kind()
                && !is_diadoc(item.full_name())
            {
                enums.insert(item.full_name().to_owned(), enumeration(&item));
            }
        }
        let methods: Vec<_> = methods
            .iter()
            .map(|method| Endpoint {
                name: Some(method.full_name().to_owned()),
                verb: Some(method.verb.to_string()),
                path: method.path.clone(),
                query: method
                    .parameters
                    .iter()
                    .filter(|parameter| parameter.header.is_none())
                    .map(|parameter| {
                        let field = &parameter.field;
                        let required = field.cardinality() == Cardinality::Required;
                        (field.name().to_owned(), Some(required))
                    })
                    .collect(),
                sends: method
                    .bodies
                    .iter()
                    .filter_map(|body| match &body.kind {
                        BodyKind::Message(message) => Some(message.full_name().to_owned()),
                        BodyKind::Bytes | BodyKind::Text => None,
                    })
                    .collect(),
                answers: match &method.response {
                    Response::Message(message) => [message.full_name().to_owned()].into(),
                    Response::Bytes | Response::Text | Response::Nothing => BTreeSet::new(),
                },
            })
            .collect();
        (!methods.is_empty()).then_some(Self {
            origin: Origin::Schema,
            methods,
            enums,
        })
    }

    /// Whether a method has that label.
    pub(crate) fn has(&self, label: &str) -> bool {
        self.methods.iter().any(|method| method.label() == label)
    }

    /// Each path once, whatever the verb: what code tells, which calls it by. A parameter is required
    /// where it is so with each verb.
    pub(crate) fn by_path(&self) -> BTreeMap<String, Endpoint> {
        let mut all: BTreeMap<String, Endpoint> = BTreeMap::new();
        for method in &self.methods {
            let one = all.entry(method.path.clone()).or_insert_with(|| Endpoint {
                name: method.name.clone(),
                path: method.path.clone(),
                ..Endpoint::default()
            });
            for (name, required) in &method.query {
                one.query.entry(name.clone()).or_insert(*required);
            }
        }
        for method in &self.methods {
            let query = all.get_mut(&method.path).map(|one| &mut one.query);
            for (name, required) in query.into_iter().flatten() {
                if *required == Some(true) {
                    *required = method.query.get(name).copied().unwrap_or(Some(false));
                }
            }
        }
        all
    }
}

impl Endpoint {
    /// Its full name, or the verb and the path.
    pub(crate) fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.address())
    }

    /// `GET /V3/GetDocument`; without a verb where none is known.
    pub(crate) fn address(&self) -> String {
        match &self.verb {
            Some(verb) => format!("{verb} {}", self.path),
            None => self.path.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_verb_asks_for_is_required() {
        let method = |verb: &str, query: &[(&str, Option<bool>)]| Endpoint {
            verb: Some(verb.to_owned()),
            path: "/A".to_owned(),
            query: query
                .iter()
                .map(|(name, is)| ((*name).to_owned(), *is))
                .collect(),
            ..Endpoint::default()
        };
        let yes = Some(true);
        let all = Endpoints {
            origin: Origin::Document,
            methods: vec![
                method("GET", &[("a", yes), ("b", yes), ("c", yes)]),
                method("PUT", &[("a", yes), ("b", Some(false)), ("d", yes)]),
            ],
            enums: BTreeMap::new(),
        };
        let no = Some(false);
        let merged = method("", &[("a", yes), ("b", no), ("c", no), ("d", no)]);
        assert_eq!(all.by_path()["/A"].query, merged.query);
    }
}
