//! Types of documents: what can be sent, and what is known of it by its type, function and version.
//!
//! Vendor pages: `docflows/formats`, `instructions/documents/getdoctypes`, `docflows/Workflows`. Where
//! they do not name the docflow of a function, the one of its nearest kin stands here.
#![expect(
    deprecated,
    reason = "documents are told of with their value in the enum of old, too"
)]

use diadoc_proto::DocumentType as LegacyType;
use diadoc_proto::events::AttachmentType;

use super::model::DocumentDetails;

mod list;

use list::TYPES;

/// A type of documents.
#[derive(Debug)]
pub(crate) struct DocumentType {
    /// Its `TypeNamedId`.
    pub name: &'static str,
    /// Its name for people, with which the titles of its documents begin.
    pub title: &'static str,
    /// Its functions; the first one is meant where a document names none.
    pub functions: &'static [Function],
    /// Its value in the enum of old.
    pub legacy: LegacyType,
    /// What the entity of a document is.
    pub attachment: AttachmentType,
    /// What the entity of the recipient's title is.
    pub recipient_title: AttachmentType,
    /// The organization must have filed the application of a participant of the exchange.
    pub requires_registration: bool,
    /// It can go from department to department.
    pub is_internal: bool,
}

/// A function of a type.
#[derive(Debug)]
pub(crate) struct Function {
    pub name: &'static str,
    /// Its versions; the first one is meant where a document names none.
    pub versions: &'static [Version],
}

/// A version of a function.
#[derive(Debug)]
pub(crate) struct Version {
    pub name: &'static str,
    /// It is an XML file of a set structure.
    pub is_formal: bool,
    /// It is in force.
    pub is_actual: bool,
    /// The kinds of docflow that a document may follow; the first one is the default.
    pub workflows: &'static [i32],
    /// What the sender has to tell of the document beside its content.
    pub metadata: &'static [Item],
    /// The types of the content of the first and the second title; empty where nobody has seen it.
    pub content_types: [&'static str; 2],
    /// What the first and the second title say of the signer, as `ExtendedDocumentTitleType` has it.
    pub signers: [i32; 2],
}

/// An item of metadata.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub key: &'static str,
    pub kind: ItemKind,
    pub is_required: bool,
}

/// The type of a value of metadata, with its number in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemKind {
    Text = 0,
    Decimal = 2,
    Date = 3,
}

/// A type with a function and a version of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    pub kind: &'static DocumentType,
    pub function: &'static Function,
    pub version: &'static Version,
}

impl DocumentType {
    /// All types.
    pub(crate) fn all() -> &'static [Self] {
        &TYPES
    }

    /// The type of that `TypeNamedId`.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        TYPES.iter().find(|one| one.name == name)
    }
}

impl Format {
    /// That type, with that function and version of it; without them the first ones.
    pub(crate) fn find(name: &str, function: Option<&str>, version: Option<&str>) -> Option<Self> {
        let kind = DocumentType::find(name)?;
        let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let (function, version) = (given(function), given(version));
        let mut functions = kind.functions.iter();
        let function = match function {
            Some(name) => functions.find(|one| one.name == name)?,
            None => functions.find(|one| {
                let versions = one.versions;
                version
                    .as_deref()
                    .is_none_or(|name| versions.iter().any(|one| one.name == name))
            })?,
        };
        let mut versions = function.versions.iter();
        let version = match version {
            Some(name) => versions.find(|one| one.name == name)?,
            None => versions.next()?,
        };
        Some(Self {
            kind,
            function,
            version,
        })
    }

    /// The format of a document that was posted.
    pub(crate) fn of(details: &DocumentDetails) -> Option<Self> {
        let function = Some(details.function.as_str());
        Self::find(&details.type_named_id, function, Some(&details.version))
    }

    /// The kind of docflow that is followed where a document names none.
    pub(crate) fn default_workflow(self) -> i32 {
        self.version.workflows.first().copied().unwrap_or(1)
    }

    /// The document is an invoice, or one and more.
    pub(crate) fn is_invoice(self) -> bool {
        self.kind.name.starts_with("Invoice") || self.function.name.contains("СЧФ")
    }

    /// What the entity of a receipt is.
    pub(crate) fn receipt(self) -> AttachmentType {
        match self.is_invoice() {
            true => AttachmentType::InvoiceReceipt,
            false => AttachmentType::Receipt,
        }
    }

    /// The recipient may ask for an amendment.
    pub(crate) fn supports_amendment_request(self) -> bool {
        self.is_invoice() || self.version.name.starts_with("utd970")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{DocumentType, Format};
    use crate::world::workflow::Kind;

    #[test]
    fn every_format_is_found_by_its_names_and_follows_a_known_docflow() {
        let mut seen = BTreeSet::new();
        for kind in DocumentType::all() {
            assert!(seen.insert(kind.name), "{} stands there twice", kind.name);
            for function in kind.functions {
                for version in function.versions {
                    let name = format!("{} {} {}", kind.name, function.name, version.name);
                    let found = Format::find(kind.name, Some(function.name), Some(version.name));
                    let found = found.unwrap_or_else(|| panic!("{name}"));
                    assert!(std::ptr::eq(found.version, version), "{name}");
                    assert!(!version.workflows.is_empty(), "{name}");
                    let known = version
                        .workflows
                        .iter()
                        .all(|id| Kind::all().iter().any(|kind| kind.id == *id));
                    assert!(known, "{name}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_named_is_the_first_one() {
        let found = Format::find("XmlAcceptanceCertificate", None, Some("")).unwrap();
        assert_eq!(found.function.name, "default");
        // A version decides on the function where only one of them has it.
        let found = Format::find("ReconciliationAct", None, Some("v1")).unwrap();
        assert!(!found.version.is_formal);
        assert!(Format::find("ReconciliationAct", Some("СЧФ"), None).is_none());
        assert!(Format::find("Unknown", None, None).is_none());
    }
}
