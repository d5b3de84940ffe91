//! How entities are made: files, signatures, and what the operator makes of them.

use bytes::Bytes;
use diadoc_core::BoxId;
use diadoc_proto::docflow::{PowerOfAttorneyAttachmentStatus, StatusName};
use diadoc_proto::events::{AttachmentType, Entity, EntityType, PowerOfAttorneyToPost};
use uuid::Uuid;

use super::access::Actor;
use super::model::{ContentRef, Party, Piece, SignatureDetails};
use super::shelf::bare;
use super::{HEAD_DEPARTMENT, Refusal, World, signature};

/// A content of a call: the bytes themselves, or the name of a file on the shelf.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<'m> {
    pub bytes: Option<&'m Bytes>,
    pub on_shelf: Option<&'m str>,
}

/// A signature of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GivenSignature<'m> {
    pub given: Given<'m>,
    /// The server is to make one, with a certificate for tests.
    pub is_test: bool,
    pub power_of_attorney: Option<&'m PowerOfAttorneyToPost>,
}

/// Bytes of a signature, with what is known of them.
#[derive(Debug, Clone)]
pub(crate) struct Signing {
    bytes: Bytes,
    is_test: bool,
    is_valid: bool,
    power_of_attorney: StatusName,
}

impl Signing {
    /// What the check will find.
    pub(crate) fn is_valid(&self) -> bool {
        self.is_valid
    }
}

impl Given<'_> {
    /// Whether anything is given; an empty text or no bytes are nothing.
    pub(crate) fn is_given(&self) -> bool {
        self.bytes.is_some_and(|bytes| !bytes.is_empty())
            || self.on_shelf.is_some_and(|name| !name.is_empty())
    }
}

impl GivenSignature<'_> {
    /// Whether there is one, in whatever way.
    pub(crate) fn is_given(&self) -> bool {
        self.is_test || self.given.is_given()
    }
}

impl World {
    /// Keeps a content.
    pub(crate) fn keep_content(&mut self, bytes: Bytes) -> ContentRef {
        let id = self.new_id();
        let size = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.tables.contents.insert(id, bytes);
        ContentRef { id, size }
    }

    /// The bytes of a content of a call; none where it gives none.
    ///
    /// # Errors
    ///
    /// 400: the shelf of the user has no such file, or only parts of it. `at` is the place in the call.
    pub(crate) fn bytes_of(
        &self,
        user: Uuid,
        given: Given<'_>,
        at: &str,
    ) -> Result<Option<Bytes>, Refusal> {
        let name = given.on_shelf.filter(|name| !name.is_empty());
        let Some(name) = name else {
            return Ok(given.bytes.cloned());
        };
        let whole = self.on_shelf(user, name);
        whole.map(Some).ok_or_else(|| {
            let name = bare(name);
            Refusal::bad_request(format!(
                "{at}: File '{name}' not found in temporary file storage"
            ))
        })
    }

    /// The signature of a call under `signed`; none where it gives none.
    ///
    /// # Errors
    ///
    /// 400: more than one is given, the shelf has no such file, or a test signature is asked for where
    /// there can be none. `at` is the place in the call.
    pub(crate) fn signing(
        &self,
        actor: &Actor,
        given: GivenSignature<'_>,
        signed: &[u8],
        at: &str,
    ) -> Result<Option<Signing>, Refusal> {
        let power_of_attorney = match given.power_of_attorney {
            Some(_) => StatusName::PowerOfAttorneyAttached,
            None => StatusName::PowerOfAttorneyNotRequired,
        };
        if given.is_test {
            self.may_sign_for_test(actor, given, at)?;
            return Ok(Some(Signing {
                bytes: signature::made_up("подпись для теста"),
                is_test: true,
                is_valid: true,
                power_of_attorney,
            }));
        }
        let bytes = self.bytes_of(actor.user, given.given, at)?;
        let bytes = bytes.filter(|bytes| !bytes.is_empty());
        Ok(bytes.map(|bytes| Signing {
            is_test: false,
            is_valid: signature::is_right(&bytes, signed),
            bytes,
            power_of_attorney,
        }))
    }

    fn may_sign_for_test(
        &self,
        actor: &Actor,
        given: GivenSignature<'_>,
        at: &str,
    ) -> Result<(), Refusal> {
        let organization = self.tables.organizations.get(&actor.box_id);
        let is_test = organization.is_some_and(|organization| organization.is_test);
        match () {
            () if given.given.is_given() => Err(Refusal::bad_request(format!(
                "{at}: a signature and SignWithTestSignature exclude each other"
            ))),
            () if given.power_of_attorney.is_some() => Err(Refusal::bad_request(format!(
                "{at}: a test signature is not made with a power of attorney"
            ))
            .code("DocumentService.NotAllowedToSignWithPowerOfAttorney")),
            () if !is_test => Err(Refusal::bad_request(format!(
                "{at}: test signatures are for test organizations alone"
            ))),
            () => Ok(()),
        }
    }

    /// Bytes that count as a signature that is right.
    #[cfg(test)]
    pub(crate) fn signing_of(&self, bytes: &'static str) -> Signing {
        Signing {
            bytes: bytes.into(),
            is_test: false,
            is_valid: true,
            power_of_attorney: StatusName::PowerOfAttorneyNotRequired,
        }
    }

    /// A file, such as a comment, a receipt or a confirmation.
    pub(crate) fn file(
        &mut self,
        kind: AttachmentType,
        parent: Option<Uuid>,
        file_name: Option<String>,
        content: Option<Bytes>,
    ) -> Piece {
        let entity = Entity {
            entity_type: Some(EntityType::Attachment as i32),
            attachment_type: Some(kind as i32),
            file_name,
            raw_creation_date: Some(self.now().get()),
            ..Entity::default()
        };
        Piece {
            id: self.new_id(),
            parent,
            entity,
            content: content.map(|bytes| self.keep_content(bytes)),
            document: None,
            signature: None,
            only: None,
        }
    }

    /// A signature under the file `parent`, by the employee `author` of that party.
    pub(crate) fn signature(
        &mut self,
        parent: Uuid,
        signer: Party,
        author: Uuid,
        signing: Signing,
    ) -> Piece {
        let mut entity = self.signature_entity(signer);
        entity.author_user_id = Some(author.to_string());
        entity.power_of_attorney_attachment_status = attachment_of(signing.power_of_attorney);
        Piece {
            id: self.new_id(),
            parent: Some(parent),
            entity,
            content: Some(self.keep_content(signing.bytes)),
            document: None,
            signature: Some(SignatureDetails {
                signer,
                is_approvement: false,
                is_test: signing.is_test,
                is_valid: signing.is_valid,
                original: None,
            }),
            only: None,
        }
    }

    /// The operator's signature under a file that it made.
    pub(crate) fn operator_signature(&mut self, parent: Uuid) -> Piece {
        let signer = Party {
            box_id: BoxId::from_bytes([0; 16]),
            department: HEAD_DEPARTMENT,
        };
        let mut entity = self.signature_entity(signer);
        entity.power_of_attorney_attachment_status =
            attachment_of(StatusName::PowerOfAttorneyNotRequired);
        Piece {
            id: self.new_id(),
            parent: Some(parent),
            entity,
            content: Some(self.keep_content(signature::made_up("подпись оператора"))),
            document: None,
            signature: Some(SignatureDetails {
                signer,
                is_approvement: false,
                is_test: true,
                is_valid: true,
                original: None,
            }),
            only: None,
        }
    }

    /// The signature that the operator makes of one that it found right, with a time stamp. It has the
    /// same bytes: the fake has no service of time stamps.
    pub(crate) fn stamped(&mut self, original: &Piece) -> Piece {
        let mut piece = original.clone();
        let id = original.id();
        piece.id = self.new_id();
        piece.entity.raw_creation_date = Some(self.now().get());
        if let Some(details) = &mut piece.signature {
            details.original = Some(id);
        }
        piece
    }

    fn signature_entity(&self, signer: Party) -> Entity {
        Entity {
            entity_type: Some(EntityType::Signature as i32),
            attachment_type: Some(AttachmentType::Nonformalized as i32),
            signer_box_id: Some(signer.box_id.address().to_string()),
            signer_department_id: Some(signer.department.to_string()),
            raw_creation_date: Some(self.now().get()),
            ..Entity::default()
        }
    }
}

/// Whether a power of attorney goes with a signature.
fn attachment_of(status: StatusName) -> Option<Box<PowerOfAttorneyAttachmentStatus>> {
    Some(Box::new(PowerOfAttorneyAttachmentStatus {
        status_name: status as i32,
        comment: None,
    }))
}
