//! What comes with an element: contents and signatures, in the body or on the shelf.

use bytes::Bytes;
use diadoc_proto::events::{AttachmentType, SignedContent, UnsignedContent};
use uuid::Uuid;

use super::draft::{Draft, File, Place, Signature};
use crate::world::Refusal;
use crate::world::model::Action;
use crate::world::xml::Title;

/// A signature as it was given.
pub(super) struct Given {
    pub bytes: Bytes,
    pub is_test: bool,
    pub is_valid: bool,
}

/// Where a signature is given: the same three fields in several messages.
pub(super) struct Fields<'a> {
    pub bytes: Option<&'a Bytes>,
    pub on_shelf: Option<&'a str>,
    pub is_test: bool,
}

impl Draft<'_> {
    /// The signature that an element brings, if the employee may sign.
    pub(super) fn given(&self, path: &str, fields: &Fields<'_>) -> Result<Given, Refusal> {
        self.actor.needs(Action::SignDocuments)?;
        let on_shelf = fields.on_shelf.filter(|name| !name.is_empty());
        match (fields.bytes.filter(|bytes| !bytes.is_empty()), on_shelf) {
            (Some(bytes), None) => Ok(self.check(bytes.clone())),
            (None, Some(name)) => Ok(self.check(self.on_shelf(path, name)?)),
            (None, None) if fields.is_test => self.test_signature(path),
            (None, None) => Err(Refusal::bad_request(format!(
                "{path}.Signature is required field."
            ))),
            (Some(_), Some(_)) => Err(Refusal::bad_request(format!(
                "{path}: either Signature or SignatureNameOnShelf should be specified"
            ))),
        }
    }

    fn check(&self, bytes: Bytes) -> Given {
        let is_valid = crate::world::signing::is_valid(&bytes);
        Given {
            bytes,
            is_test: false,
            is_valid,
        }
    }

    fn test_signature(&self, path: &str) -> Result<Given, Refusal> {
        let organization = self.world.tables.organizations.get(&self.actor.box_id);
        match organization.is_some_and(|row| row.is_test) {
            true => Ok(Given {
                bytes: crate::world::signing::test_signature(),
                is_test: true,
                is_valid: true,
            }),
            false => Err(Refusal::bad_request(format!(
                "{path}: only a test organization can sign with a test signature"
            ))),
        }
    }

    fn on_shelf(&self, path: &str, name: &str) -> Result<Bytes, Refusal> {
        self.world.on_shelf(self.actor.user, name).ok_or_else(|| {
            Refusal::bad_request(format!(
                "{path}: File '{name}' not found in temporary file storage"
            ))
        })
    }

    /// The bytes of a content.
    pub(super) fn bytes_of(
        &self,
        path: &str,
        content: Option<&Bytes>,
        on_shelf: Option<&str>,
    ) -> Result<Bytes, Refusal> {
        match (content, on_shelf.filter(|name| !name.is_empty())) {
            (_, Some(name)) => self.on_shelf(path, name),
            (Some(content), None) if !content.is_empty() => Ok(content.clone()),
            _ => Err(Refusal::bad_request(format!(
                "{path}.Content is required field."
            ))),
        }
    }

    /// The bytes of a content without a signature.
    pub(super) fn unsigned(
        &self,
        at: &Place,
        content: &UnsignedContent,
    ) -> Result<Bytes, Refusal> {
        let on_shelf = content.name_on_shelf.as_deref();
        self.bytes_of(&at.path, content.content.as_ref(), on_shelf)
    }

    /// Adds a file with its signature; the id of the file.
    pub(super) fn add_signed(
        &mut self,
        at: &Place,
        file: File<'_>,
        content: &SignedContent,
        fill: impl FnOnce(&mut diadoc_proto::events::Entity),
    ) -> Result<Uuid, Refusal> {
        let path = format!("{}.SignedContent", at.path);
        let on_shelf = content.name_on_shelf.as_deref();
        let bytes = self.bytes_of(&path, content.content.as_ref(), on_shelf)?;
        let given = self.given(
            &path,
            &Fields {
                bytes: content.signature.as_ref(),
                on_shelf: content.signature_name_on_shelf.as_deref(),
                is_test: content.sign_with_test_signature(),
            },
        )?;
        if !given.is_valid && self.failures(at.entity) >= MOST_FAILURES {
            return Err(super::refusals::too_many_failures());
        }
        let file = File {
            name: file.name.or_else(|| Some(self.file_name(at, file.kind, &bytes))),
            content: Some(bytes),
            ..file
        };
        let labels = file.labels;
        let id = self.add_file(file, fill);
        self.add_signature(
            at,
            Signature {
                parent: id,
                content: given.bytes,
                is_approvement: false,
                is_test: given.is_test,
                is_valid: given.is_valid,
                labels,
            },
        );
        Ok(id)
    }

    /// The name of a file: an XML file tells it itself, others are named as the vendor's are.
    fn file_name(&self, at: &Place, kind: AttachmentType, content: &[u8]) -> String {
        if let Some(id) = Title::read(content).ok().and_then(|title| title.file_id) {
            return format!("{id}.xml");
        }
        let prefix = match kind {
            AttachmentType::Receipt | AttachmentType::InvoiceReceipt => "DP_IZVPOL",
            AttachmentType::RevocationRequest => "DP_PRANNUL",
            AttachmentType::InvoiceCorrectionRequest | AttachmentType::XmlSignatureRejection => {
                "DP_UVUTOCH"
            }
            AttachmentType::SignatureRequestRejection => return "Отказ.txt".to_owned(),
            _ => "ON_TITLE",
        };
        format!("{prefix}_{}.xml", at.document)
    }
}

/// So many wrong signatures of an entity are taken in a day; any more are refused.
pub(super) const MOST_FAILURES: usize = 3;
