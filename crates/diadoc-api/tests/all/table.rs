//! The table of methods is what the schema says, and every request is one of it.

use diadoc_api::{BodyKind, METHODS, Method, ResponseKind};
use diadoc_schema::{Response, Schema};
use prost_reflect::Cardinality::Required;
use prost_reflect::FieldDescriptor;

#[test]
fn all_methods_of_the_schema() {
    assert_eq!(METHODS.len(), Schema::diadoc().methods().len());
    for (ours, schema) in METHODS.iter().zip(Schema::diadoc().methods()) {
        let name = ours.name;
        assert_eq!(name, schema.name());
        assert_eq!(ours.service, schema.service().name(), "{name}");
        assert_eq!(ours.verb.as_str(), schema.verb.as_str(), "{name}");
        assert_eq!(ours.path, schema.path, "{name}");
        assert_eq!(ours.obsolete, schema.deprecated, "{name}");
        assert_eq!(ours.successor, schema.successor.as_deref(), "{name}");
        assert_eq!(
            ours.removal_after,
            schema.removal_after.as_deref(),
            "{name}"
        );
        assert_eq!(ours.stage, schema.stage, "{name}");
        assert_eq!(ours.news(), schema.news(), "{name}");
        assert_eq!(ours.absent, schema.absent, "{name}");
        let may_be_empty = match &schema.response {
            Response::Message(message) => {
                let has_required = |field: FieldDescriptor| field.cardinality() == Required;
                !message.fields().any(has_required)
            }
            Response::Text => false,
            _ => true,
        };
        assert_eq!(ours.may_be_empty, may_be_empty, "{name}");
        let poll_with = ours.poll_with.map(|poll_with| poll_with.method);
        assert_eq!(poll_with, schema.poll_with.as_deref(), "{name}");
        let ours_names: Vec<_> = ours.parameters.iter().map(|p| p.name).collect();
        let names: Vec<_> = schema.parameters.iter().map(|p| p.field.name()).collect();
        assert_eq!(ours_names, names, "{name}");
        let ours_secret: Vec<_> = ours.parameters.iter().map(|p| p.secret).collect();
        let fields = schema.parameters.iter().map(|p| &p.field);
        let secret: Vec<_> = fields.map(diadoc_schema::is_secret).collect();
        assert_eq!(ours_secret, secret, "{name}");
        for (ours, body) in ours.bodies.iter().zip(&schema.bodies) {
            assert_eq!(ours.secret, diadoc_schema::is_secret(&body.field), "{name}");
            let keys = match &body.kind {
                diadoc_schema::BodyKind::Message(message) => diadoc_schema::secret_keys(message),
                _ => Vec::new(),
            };
            let ours = ours.secrets.map_or(&[][..], |secrets| secrets.keys);
            assert_eq!(ours, keys, "{name}");
        }
        let statuses: Vec<_> = ours.pending.iter().map(|p| p.status).collect();
        let expected: Vec<_> = schema.pending.iter().map(|p| p.status).collect();
        assert_eq!(statuses, expected, "{name}");
        assert_eq!(ours.bodies.len(), schema.bodies.len(), "{name}");
        assert_eq!(Method::find(name), Some(*ours));
    }
    assert_eq!(Method::find("GetDocuments"), None);
}

#[test]
fn rules_are_those_of_the_schema() {
    for (ours, schema) in METHODS.iter().zip(Schema::diadoc().methods()) {
        for (parameter, described) in ours.parameters.iter().zip(&schema.parameters) {
            let expected = diadoc_schema::field_rules(&described.field);
            assert_eq!(
                parameter.rules, expected,
                "{} {}",
                ours.name, parameter.name
            );
        }
        for (body, described) in ours.bodies.iter().zip(&schema.bodies) {
            let expected = diadoc_schema::field_rules(&described.field);
            assert_eq!(body.rules, expected, "{} {}", ours.name, body.name);
        }
    }
}

#[test]
fn messages_are_known() {
    for method in METHODS {
        let mut names = Vec::new();
        if let ResponseKind::Message(name) = method.response {
            names.push(name);
        }
        for body in method.bodies {
            if let BodyKind::Message(name) = body.kind {
                names.push(name);
            }
        }
        for name in names {
            assert!(Schema::diadoc().message(name).is_ok(), "{name}");
        }
    }
}

/// A pattern that does not compile would refuse every text.
#[test]
fn every_pattern_compiles() {
    let schema = Schema::diadoc();
    let messages = schema.pool().all_messages();
    let phrases = messages.flat_map(|message| {
        let fields: Vec<_> = message.fields().collect();
        fields
            .into_iter()
            .flat_map(|field| diadoc_schema::rules_of_field(&field))
    });
    let mut patterns = 0;
    for phrase in phrases {
        let Some((_, pattern)) = phrase.split_once("matching `") else {
            continue;
        };
        patterns += 1;
        let pattern = pattern.strip_suffix('`').unwrap();
        regex_lite::Regex::new(pattern).unwrap();
    }
    assert!(patterns > 20);
}
