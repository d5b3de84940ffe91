//! What every version shows of a file: its entity, its signature, its comment.

use diadoc_core::Ticks;
use diadoc_proto::docflow::qualified_details::QualifiedSignatureSource;
use diadoc_proto::docflow::{
    Attachment, Entity, QualifiedDetails, SignatureType, SignatureTypeInfo, SignatureV3,
    SignedAttachmentV3,
};
use diadoc_proto::events::AttachmentType;
use diadoc_proto::{SignatureVerificationResult, Timestamp};

use super::Docflows;
use super::service;
use crate::world::state::{Sighted, Signed, Verdict};
use crate::world::views::document::title;

/// Signatures that were made from 5 June 2025, 12:00 UTC, on have their legal kind.
const FIRST_WITH_TYPE: i64 = 638_847_216_000_000_000;

/// As structures have it.
pub(super) fn timestamp(at: Ticks) -> Timestamp {
    Timestamp { ticks: at.get() }
}

/// As optional fields have it.
pub(super) fn boxed(at: Ticks) -> Option<Box<Timestamp>> {
    Some(Box::new(timestamp(at)))
}

impl<'a> Docflows<'a> {
    /// Id, moment and content of an entity.
    pub(super) fn entity(&self, sighted: Sighted<'_>) -> Entity {
        let edited = self.state.flags.edited.get(&sighted.id()).copied();
        let content = edited.or(sighted.piece.content);
        Entity {
            entity_id: Some(sighted.id().to_string()),
            creation_timestamp: boxed(sighted.at()),
            content: content.map(|content| Box::new(self.contents.get(self.world, content))),
        }
    }

    /// A file with its names.
    pub(super) fn attachment(&self, file: Sighted<'_>) -> Attachment {
        Attachment {
            entity: Some(Box::new(self.entity(file))),
            attachment_filename: file.piece.entity.file_name.clone(),
            display_filename: self.display_name(file),
        }
    }

    fn display_name(&self, file: Sighted<'_>) -> Option<String> {
        match file.id() == self.state.key().entity {
            true => Some(title(self.state)),
            false => service::display_name(file.piece).map(str::to_owned),
        }
    }

    /// A file with the signature under it and its comment.
    pub(super) fn signed(&self, signed: Signed<'a>) -> SignedAttachmentV3 {
        let file = signed.file;
        let mut comments = self
            .state
            .children(file.id(), AttachmentType::AttachmentComment);
        let content_type = file.piece.entity.content_type_id.clone();
        SignedAttachmentV3 {
            attachment: self.attachment(file),
            signature: signed
                .signature
                .map(|signature| Box::new(self.signature(signature))),
            comment: comments.next().map(|one| Box::new(self.entity(one))),
            content_type_id: content_type.unwrap_or_default(),
        }
    }

    /// The form of a signature with a time stamp, once the operator has checked it.
    pub(super) fn stamp<'w>(&self, signature: Sighted<'w>) -> Option<Sighted<'w>> {
        let details = signature.piece.signature.as_ref()?;
        // The operator's own signatures have it from the beginning.
        let is_operators = details.signer.box_id.as_bytes() == &[0; 16];
        (details.original.is_some() || is_operators).then_some(signature)
    }

    /// A signature, as it was made and with its time stamp.
    pub(super) fn signature(&self, last: Sighted<'a>) -> SignatureV3 {
        let stamped = self.stamp(last);
        let signature = self.state.as_made(last);
        let is_checked = stamped.is_some() || self.state.verdict(last) != Verdict::Unchecked;
        let is_valid = signature.is_valid() || !is_checked;
        let entity = &signature.piece.entity;
        let signer = signature.piece.signature.as_ref();
        let signer_box = signer.map(|one| one.signer.box_id.address().to_string());
        let department = signer.map(|one| one.signer.department).unwrap_or_default();
        SignatureV3 {
            cms: self.entity(signature),
            cades_t: stamped.map(|stamped| Box::new(self.entity(stamped))),
            signer_box_id: signer_box.unwrap_or_default(),
            signer_department_id: department.to_string(),
            is_valid,
            verification_result: (self.contents.injects() && is_checked).then(|| {
                Box::new(SignatureVerificationResult {
                    is_valid: signature.is_valid(),
                    ..SignatureVerificationResult::default()
                })
            }),
            delivered_at: stamped.and_then(|stamped| boxed(stamped.at())),
            power_of_attorney: None,
            power_of_attorney_attachment_status: entity.power_of_attorney_attachment_status.clone(),
            signature_type_info: (signature.at().get() >= FIRST_WITH_TYPE)
                .then(|| Box::new(kind_of(is_checked, signature.is_valid()))),
        }
    }
}

/// The legal kind of a signature. The ones that the fake makes stand for qualified ones.
fn kind_of(is_checked: bool, is_valid: bool) -> SignatureTypeInfo {
    let kind = match (is_checked, is_valid) {
        (false, _) => SignatureType::OnVerification,
        (true, true) => SignatureType::Qualified,
        (true, false) => SignatureType::UnknownSignatureType,
    };
    SignatureTypeInfo {
        signature_type: kind.into(),
        qualified_details: (kind == SignatureType::Qualified).then(|| {
            Box::new(QualifiedDetails {
                signature_source: QualifiedSignatureSource::Default.into(),
            })
        }),
        non_qualified_details: None,
    }
}
