//! What comes with an element: contents and signatures, in the body or on the shelf.

use bytes::Bytes;
use diadoc_proto::events::{AttachmentType, Entity, SignedContent, UnsignedContent};
use uuid::Uuid;

use super::assembly::{Assembly, File, Place};
use super::refusals;
use crate::world::Refusal;
use crate::world::model::Action;
use crate::world::pieces::{Given, GivenSignature, Signing};
use crate::world::posting::title_of;
use crate::world::xml::Title;

/// So many wrong signatures of an entity are taken in a day; any more are refused.
const MOST_FAILURES: usize = 3;

impl Assembly<'_> {
    /// The signature that an element brings, if the employee may sign.
    ///
    /// # Errors
    ///
    /// 403 for who may not sign, 400 where there is none or more than one, 409 where it is wrong once too
    /// often.
    pub(super) fn signing(
        &self,
        at: &Place,
        path: &str,
        given: GivenSignature<'_>,
        signed: &[u8],
    ) -> Result<Signing, Refusal> {
        self.actor.needs(Action::SignDocuments)?;
        let signing = self.world.signing(&self.actor, given, signed, path)?;
        let signing = signing
            .ok_or_else(|| Refusal::bad_request(format!("{path}.Signature is required field.")))?;
        match signing.is_valid() || self.failures(at.entity) < MOST_FAILURES {
            true => Ok(signing),
            false => Err(refusals::too_many_failures()),
        }
    }

    /// The bytes of a content that has to be there.
    fn bytes_of(&self, path: &str, given: Given<'_>) -> Result<Bytes, Refusal> {
        let bytes = self.world.bytes_of(self.actor.user, given, path)?;
        bytes
            .filter(|bytes| !bytes.is_empty())
            .ok_or_else(|| Refusal::bad_request(format!("{path}.Content is required field.")))
    }

    /// The bytes of a content without a signature.
    pub(super) fn unsigned(&self, at: &Place, content: &UnsignedContent) -> Result<Bytes, Refusal> {
        let given = Given {
            bytes: content.content.as_ref(),
            on_shelf: content.name_on_shelf.as_deref(),
        };
        self.bytes_of(&at.path, given)
    }

    /// Adds a file with its signature; the id of the file.
    pub(super) fn add_signed(
        &mut self,
        at: &Place,
        file: File<'_>,
        content: &SignedContent,
        fill: impl FnOnce(&mut Entity),
    ) -> Result<Uuid, Refusal> {
        let path = format!("{}.SignedContent", at.path);
        let given = Given {
            bytes: content.content.as_ref(),
            on_shelf: content.name_on_shelf.as_deref(),
        };
        let bytes = self.bytes_of(&path, given)?;
        if file.is_xml {
            title_of(&bytes, &at.path)?;
        }
        let given = GivenSignature {
            given: Given {
                bytes: content.signature.as_ref(),
                on_shelf: content.signature_name_on_shelf.as_deref(),
            },
            is_test: content.sign_with_test_signature(),
            power_of_attorney: content.power_of_attorney.as_deref(),
        };
        let signing = self.signing(at, &path, given, &bytes)?;
        let labels = file.labels;
        let file = File {
            name: Some(file_name(at, file.kind, &bytes)),
            content: Some(bytes),
            ..file
        };
        let id = self.add_file(file, fill);
        self.add_signature(at, id, signing, labels, false);
        Ok(id)
    }
}

/// The name of a file: an XML file tells it itself, others are named by what they are.
pub(super) fn file_name(at: &Place, kind: AttachmentType, content: &[u8]) -> String {
    if let Some(id) = Title::read(content).ok().and_then(|title| title.file_id) {
        return format!("{id}.xml");
    }
    let prefix = match kind {
        AttachmentType::Receipt | AttachmentType::InvoiceReceipt => "DP_IZVPOL",
        AttachmentType::RevocationRequest => "DP_PRANNUL",
        AttachmentType::InvoiceCorrectionRequest | AttachmentType::XmlSignatureRejection => {
            "DP_UVUTOCH"
        }
        AttachmentType::UniversalMessage => "DP_UNIVSOOB",
        AttachmentType::SignatureRequestRejection => return "Отказ.txt".to_owned(),
        AttachmentType::TtGisFixationCancellationRequest => {
            return format!("{}.json", at.document);
        }
        _ => "ON_TITUL",
    };
    format!("{prefix}_{}.xml", at.document)
}
