//! Files that Diadoc makes for a user to sign: service documents and titles, and contents with their
//! signer.

use bytes::Bytes;
use diadoc_core::BoxId;
use diadoc_proto::UniversalMessageCodeGroup;
use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::access::Actor;
use super::document_types::Format;
use super::model::DocumentKey;
use super::patching::{prepared, status};
use super::service::{Form, Named, Service};
use super::state::DocumentState;
use super::xml::{text_of, windows_1251};
use super::{Refusal, World};

const XML: &str = "application/xml; charset=windows-1251";

/// A file that is wanted.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub service: Service,
    pub letter: Uuid,
    /// What it is about.
    pub entity: Uuid,
    pub comment: String,
    /// What the user gives, in simplified XML.
    pub data: Bytes,
}

/// A file that was made.
#[derive(Debug)]
pub(crate) struct Generated {
    pub name: String,
    pub media_type: &'static str,
    pub content: Bytes,
}

impl World {
    /// Makes a service document, or the title of a participant after the first one.
    ///
    /// # Errors
    ///
    /// 404 where there is no such entity, 403 where the user does not see its document, 400 where the data
    /// are not right, and 409 where no such file is due.
    pub(crate) fn generate(
        &mut self,
        actor: &Actor,
        wanted: &Wanted,
    ) -> Result<Generated, Refusal> {
        let id = self.new_id();
        let state = self.document_of(actor, wanted.letter, wanted.entity)?;
        let codes = match wanted.service {
            Service::UniversalMessage => codes(&wanted.data)?,
            _ => Vec::new(),
        };
        if !is_due(&state, wanted, &codes) {
            return Err(Refusal::conflict(format!(
                "The document cannot be generated for entity {}",
                wanted.entity
            )));
        }
        let reader = state.counteragent().map(|party| party.box_id);
        let about = state.letter.piece(wanted.entity);
        let codes: Vec<_> = codes
            .into_iter()
            .map(|code| (code, String::new()))
            .collect();
        let form = Form {
            service: wanted.service,
            id,
            at: self.now(),
            author: self.tables.organizations.get(&actor.box_id),
            reader: reader.and_then(|reader| self.tables.organizations.get(&reader)),
            about: about.map_or("", |piece| piece.entity.file_name()),
            signer: &self.name_of(actor.user),
            comment: &wanted.comment,
            codes: &codes,
            named: None,
        };
        Ok(xml(&form))
    }

    /// Makes the first title of a document that is not there yet.
    ///
    /// # Errors
    ///
    /// 400 where there is no such format, or the data are no XML.
    pub(crate) fn generate_first_title(
        &mut self,
        actor: &Actor,
        [kind, function, version]: [&str; 3],
        data: &[u8],
    ) -> Result<Generated, Refusal> {
        if Format::find(kind, Some(function), Some(version)).is_none() {
            return Err(Refusal::bad_request(format!(
                "Document type {kind} with function {function} and version {version} is not found"
            )));
        }
        let text = text_of(data).map_err(Refusal::bad_request)?;
        let data = roxmltree::Document::parse(&text);
        let data = data.map_err(|error| Refusal::bad_request(error.to_string()))?;
        let attribute = |name: &str| {
            let mut nodes = data.descendants();
            nodes.find_map(|node| node.attribute(name)).unwrap_or("")
        };
        let id = self.new_id();
        let form = Form {
            service: Service::Title,
            id,
            at: self.now(),
            author: self.tables.organizations.get(&actor.box_id),
            reader: None,
            about: "",
            signer: &self.name_of(actor.user),
            comment: "",
            codes: &[],
            named: Some(Named {
                function,
                number: attribute("DocumentNumber"),
                date: attribute("DocumentDate"),
            }),
        };
        Ok(xml(&form))
    }

    /// Makes the document that takes the reported shipment of a document back.
    ///
    /// # Errors
    ///
    /// 404 where there is no such document, 400 where another one sent it.
    pub(crate) fn generate_fixation_cancellation(
        &self,
        actor: &Actor,
        letter: Uuid,
        document: Uuid,
    ) -> Result<Generated, Refusal> {
        let state = self.document_of(actor, letter, document)?;
        let organization = self.tables.organizations.get(&actor.box_id);
        let Some(organization) = organization.filter(|_| state.is_from_viewer()) else {
            let text = "Only the sender of the document can cancel its fixation";
            return Err(Refusal::bad_request(text));
        };
        let content = serde_json::json!({
            "fixation_document_id": document.to_string(),
            "inn": organization.inn,
        });
        Ok(Generated {
            name: format!("{document}.json"),
            media_type: "application/json",
            content: content.to_string().into(),
        })
    }

    /// The content to sign of a document, with its id; none where the document does not support that.
    ///
    /// # Errors
    ///
    /// 404 where there is no such document, 403 where the user does not see it.
    pub(crate) fn prepare(
        &mut self,
        actor: &Actor,
        letter: Uuid,
        document: Uuid,
    ) -> Result<Option<(String, Bytes)>, Refusal> {
        let state = self.document_of(actor, letter, document)?;
        let format = Format::of(state.details);
        let is_formal = format.is_some_and(|format| format.version.is_formal);
        let edited = state.flags.edited.get(&document).copied();
        let content = edited.or(state.document.piece.content);
        let content = content.and_then(|content| self.tables.contents.get(&content.id));
        let Some(content) = content.filter(|_| is_formal) else {
            return Ok(None);
        };
        let content = with_signer(content, &self.name_of(actor.user));
        let kept = self.keep_content(content.clone());
        let id = prepared::id_of(kept.id, actor.box_id, letter, document);
        Ok(Some((id, content)))
    }

    /// The document that an entity belongs to, as the employee sees it.
    fn document_of(
        &self,
        actor: &Actor,
        letter: Uuid,
        entity: Uuid,
    ) -> Result<DocumentState<'_>, Refusal> {
        let gone = || Refusal::not_found(format!("Document {letter}:{entity} not found"));
        let row = self.tables.letters.get(&letter).ok_or_else(gone)?;
        let is_known = |box_id: BoxId| row.piece_of(box_id, row.patches.len(), entity).is_some();
        let document = row
            .document_of(entity)
            .filter(|_| is_known(actor.box_id))
            .ok_or_else(gone)?;
        let key = DocumentKey {
            letter,
            entity: document.id(),
        };
        let upto = row.patches.len();
        let state = DocumentState::of(row, key.entity, actor.box_id, upto).ok_or_else(gone)?;
        match actor.sees(state.flags.department) {
            true => Ok(state),
            false => Err(Refusal::forbidden("У вас нет доступа к документу")
                .code("DocumentService.EmployeeCannotAccessDocument")),
        }
    }
}

fn xml(form: &Form<'_>) -> Generated {
    Generated {
        name: format!("{}.xml", form.file_id()),
        media_type: XML,
        content: form.content(),
    }
}

/// The codes of the data for a universal message, if they go together.
fn codes(data: &[u8]) -> Result<Vec<i32>, Refusal> {
    let codes = status::read(data);
    let same = codes.windows(2).all(|pair| pair[0] == pair[1]);
    let amends = codes.iter().all(|code| [2007, 2999].contains(code));
    match !codes.is_empty() && (same || amends) {
        true => Ok(codes),
        false => Err(Refusal::bad_request(
            "UniversalMessageInfo.StatusCode: the codes of one message have to be the same",
        )),
    }
}

/// Whether such a file is due, by the state of the document.
fn is_due(state: &DocumentState<'_>, wanted: &Wanted, codes: &[i32]) -> bool {
    let document = state.key().entity;
    let is_document = wanted.entity == document;
    let title = state.recipient_title().map(|title| title.file.id());
    let is_title = title == Some(wanted.entity);
    let kind = state
        .letter
        .piece(wanted.entity)
        .map(|piece| piece.entity.attachment_type());
    let is_revocation = kind == Some(AttachmentType::RevocationRequest);
    let is_amendment = kind == Some(AttachmentType::InvoiceCorrectionRequest);
    let receipt = (is_document && state.can_receive())
        || (is_title && state.can_receive_title())
        || (is_amendment && state.is_from_viewer() && state.receipt(wanted.entity).is_none());
    let rejection =
        (is_document && state.can_reject()) || (is_revocation && state.can_answer_revocation());
    let amendment = is_document && state.can_request_correction();
    match wanted.service {
        Service::Receipt => receipt,
        Service::CorrectionRequest => amendment,
        Service::Rejection => rejection,
        Service::Revocation => is_document && state.can_revoke(),
        Service::Title => is_document && state.can_add_title(),
        Service::UniversalMessage => codes.iter().all(|code| match status::group_of(*code) {
            Some(UniversalMessageCodeGroup::Receipt) => receipt,
            Some(UniversalMessageCodeGroup::AmendmentRequest) => amendment,
            Some(UniversalMessageCodeGroup::Rejection) => rejection,
            _ => is_document || is_title,
        }),
        Service::CameIn | Service::WasSent => false,
    }
}

/// A file with its signer. Where in it a format has the signer, the fake does not know: a comment behind
/// the root names it.
fn with_signer(content: &Bytes, signer: &str) -> Bytes {
    let Ok(text) = text_of(content) else {
        return content.clone();
    };
    if roxmltree::Document::parse(&text).is_err() {
        return content.clone();
    }
    let name = signer.replace("--", "-");
    let text = format!(
        "{}\n<!-- Подписант (для тестов): {name} -->\n",
        text.trim_end()
    );
    match text.to_ascii_lowercase().contains("windows-1251") {
        true => windows_1251::encode(&text).into(),
        false => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{codes, with_signer};

    #[test]
    fn codes_of_a_message_go_together() {
        let read = |text: &str| codes(text.as_bytes()).map_err(|refusal| refusal.status);
        assert_eq!(
            read("<a><b c='2007'/><b c='2999'/></a>"),
            Ok(vec![2007, 2999])
        );
        assert_eq!(
            read("<a><b c='1999'/><b c='1999'/></a>"),
            Ok(vec![1999, 1999])
        );
        assert_eq!(read("<a><b c='1999'/><b c='3999'/></a>"), Err(400));
        assert_eq!(read("<a/>"), Err(400));
    }

    #[test]
    fn the_signer_leaves_the_file_well_formed() {
        let made = with_signer(&"<a/>".into(), "А--Б");
        let text = std::str::from_utf8(&made).unwrap();
        assert!(roxmltree::Document::parse(text).is_ok(), "{text}");
        assert_eq!(with_signer(&"PDF".into(), "А"), "PDF");
    }
}
