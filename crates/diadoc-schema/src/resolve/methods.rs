//! HTTP methods as people write them.

use diadoc_core::Stage;

use crate::names::version;
use crate::{Item, Method, Schema, Verb};

/// An HTTP method as it stands in code, on the vendor's pages or in a log:
/// `GetDocumentsV3`, `GetDocuments (V3)`, `GetDocuments_V3`, `/V3/GetDocuments`, `GET /V3/GetDocuments`, with an
/// address before it and a query behind, or without a version.
#[derive(Debug, PartialEq)]
pub(super) struct Written {
    verb: Option<Verb>,
    /// The path, where it is one.
    path: Option<String>,
    /// The name without a version, in small letters.
    name: String,
    version: Option<u32>,
}

impl Written {
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim();
        let (verb, text) = match text.split_once(char::is_whitespace) {
            Some((verb, rest)) => match Verb::of_name(verb) {
                Some(verb) => (Some(verb), rest.trim_start()),
                None => (None, text),
            },
            None => (None, text),
        };
        let text = match text.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => text,
        };
        let text = text.split(['?', '#']).next().unwrap_or_default();
        // Of a line of a log or an HTTP message the version of HTTP stands behind.
        let text = text.trim().trim_end_matches(" HTTP/1.1");
        let (path, (name, version)) = match text.strip_prefix('/') {
            Some(path) => (Some(text.to_owned()), name_of_path(path)),
            None => (None, name_of_title(text)),
        };
        Self {
            verb,
            path,
            name: name.to_lowercase(),
            version,
        }
    }

    /// The methods that are meant: that of the path, else all of the name and version; without a version
    /// the newest of those that the vendor has not given up.
    pub(super) fn find<'s>(&self, schema: &'s Schema) -> Vec<Item<'s>> {
        let of_verb = |method: &&Method| self.verb.is_none_or(|verb| verb == method.verb);
        let methods = || schema.methods().iter().filter(of_verb);
        if let Some(path) = &self.path {
            let at: Vec<_> = methods()
                .filter(|method| method.path.eq_ignore_ascii_case(path))
                .collect();
            if !at.is_empty() {
                return at.into_iter().map(Item::Method).collect();
            }
        }
        let called = methods().filter(|method| self.is_name_of(method));
        if self.version.is_some() {
            return called.map(Item::Method).collect();
        }
        newest(called).into_iter().map(Item::Method).collect()
    }

    /// The name without a version, in small letters.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn is_name_of(&self, method: &Method) -> bool {
        let (name, of) = version(method.name());
        name.to_lowercase() == self.name && self.version.is_none_or(|version| version == of)
    }
}

/// The newest of several versions of a method that the vendor has not given up, else the newest.
pub(super) fn newest<'s>(versions: impl Iterator<Item = &'s Method>) -> Option<&'s Method> {
    versions.max_by_key(|method| {
        let is_current = method.stage == Stage::Current && !method.deprecated;
        (is_current, version(method.name()).1)
    })
}

/// `V3/GetDocuments`: the name and the version.
fn name_of_path(path: &str) -> (String, Option<u32>) {
    match path.split_once('/') {
        Some((first, rest)) if version_of(first).is_some() => {
            (rest.replace('/', ""), version_of(first))
        }
        _ => (path.replace('/', ""), None),
    }
}

/// `GetDocuments (V3)`, `GetDocuments_V3`, `GetDocumentsV3`: the name and the version.
fn name_of_title(title: &str) -> (String, Option<u32>) {
    let title: String = title
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '_' | '-'))
        .collect();
    let stem = title.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let name = title[..stem].strip_suffix(['V', 'v']);
    match (name, title[stem..].parse()) {
        (Some(name), Ok(version)) => (name.to_owned(), Some(version)),
        _ => (title, None),
    }
}

/// The 3 of `V3`.
fn version_of(text: &str) -> Option<u32> {
    text.strip_prefix(['V', 'v'])?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Written;
    use crate::names::version;
    use crate::{Item, Schema, SchemaError};

    #[test]
    fn each_way_to_write_a_method_finds_it() {
        for (written, found) in [
            ("GetDocumentsV3", "GetDocumentsV3"),
            ("GetDocuments (V3)", "GetDocumentsV3"),
            ("getdocuments v3", "GetDocumentsV3"),
            ("GetDocuments_V3", "GetDocumentsV3"),
            ("/V3/GetDocuments", "GetDocumentsV3"),
            ("/v3/getdocuments", "GetDocumentsV3"),
            ("GET /V3/GetDocuments", "GetDocumentsV3"),
            ("get  /V3/GetDocuments?boxId=1#x", "GetDocumentsV3"),
            ("GET /V3/GetDocuments HTTP/1.1", "GetDocumentsV3"),
            (
                "https://diadoc-api.kontur.ru/V3/GetDocuments?boxId=1",
                "GetDocumentsV3",
            ),
            // The newest.
            ("PostMessage", "PostMessageV3"),
            ("/PostMessage", "PostMessageV3"),
            ("POST /GetDocuments", "GetDocumentsV4"),
            ("GetMessage", "GetMessageV6"),
        ] {
            let methods = Written::read(written).find(Schema::diadoc());
            let names: Vec<_> = methods.iter().map(Item::name).collect();
            assert_eq!(names, [found], "{written}");
        }
    }

    #[test]
    fn near_methods_are_told_however_they_are_written() {
        for written in [
            "POST /V3/PostMesage",
            "/PostMesage",
            "PostMesageV3",
            "Messages.PostMesage",
        ] {
            match Schema::diadoc().method(written) {
                Err(SchemaError::NoMethod { near, .. }) => assert_eq!(near, ["PostMessageV3"]),
                other => panic!("{written}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_no_method_finds_none() {
        for written in [
            "",
            "/",
            "GET",
            "POST /V3/GetDocuments",
            "V3",
            "GetDocuments (V9)",
            "https://x",
        ] {
            assert!(
                Written::read(written).find(Schema::diadoc()).is_empty(),
                "{written}"
            );
        }
    }

    #[test]
    fn every_method_is_found_by_its_name_its_title_and_its_path() {
        let schema = Schema::diadoc();
        for method in schema.methods() {
            let (name, version) = version(method.name());
            for written in [
                method.name().to_owned(),
                format!("{name} (V{version})"),
                format!("{} {}", method.verb, method.path),
            ] {
                let found = schema.method(&written).expect(&written);
                assert_eq!(found.full_name(), method.full_name(), "{written}");
            }
        }
    }
}
