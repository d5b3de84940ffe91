//! The check of a message before it is sent.

use diadoc_core::BoxId;
use diadoc_proto::events::{
    MessageToPostPrototype, MessageValidationError, MessageValidationErrorSeverity,
    MessageValidationResult,
};
use uuid::Uuid;

use super::message::Parties;
use super::route::{Named, party_of};
use super::{box_of, guid_of};
use crate::world::document_types::Format;
use crate::world::model::{Action, Party};
use crate::world::{Refusal, World};

impl World {
    /// What stands against a message; an empty list of errors means that nothing does.
    ///
    /// # Errors
    ///
    /// 400: a box or a department is none; 402 and 403.
    pub(crate) fn validate_message(
        &self,
        user: Uuid,
        prototype: &MessageToPostPrototype,
    ) -> Result<MessageValidationResult, Refusal> {
        let from = box_of(&prototype.from_box_id)?;
        let actor = self.enter(user, from)?;
        let mut errors = Vec::new();
        if let Err(refusal) = actor.needs(Action::CreateDocuments) {
            errors.push(error(&refusal, None, Some(from)));
        }
        match self.parties_of_prototype(from, prototype) {
            Ok(parties) => {
                if let Err(refusal) = self.may_go(parties) {
                    let to = parties.recipient.map(|party| party.box_id);
                    errors.push(error(&refusal, None, to));
                }
            }
            Err(refusal) => errors.push(error(&refusal, None, None)),
        }
        for one in &prototype.document_prototypes {
            let found = Format::find(
                &one.type_named_id,
                one.function.as_deref(),
                one.version.as_deref(),
            );
            if found.is_none() {
                let text = "Документ не может быть отправлен в указанном формате";
                let refusal = Refusal::bad_request(text);
                errors.push(error(&refusal, Some(&one.custom_document_id), None));
            }
        }
        let title = |text: Option<&str>| {
            let box_id = text.and_then(|text| box_of(text).ok());
            box_id.map(|box_id| self.title_of(box_id))
        };
        Ok(MessageValidationResult {
            from_box_id: from.address().to_string(),
            from_title: self.title_of(from),
            to_box_id: prototype.to_box_id.clone(),
            to_title: title(prototype.to_box_id.as_deref()),
            is_internal: Some(prototype.is_internal()),
            is_proxified: Some(
                prototype
                    .proxy_box_id
                    .as_deref()
                    .is_some_and(|id| !id.is_empty()),
            ),
            proxy_box_id: prototype.proxy_box_id.clone(),
            proxy_title: title(prototype.proxy_box_id.as_deref()),
            errors,
        })
    }

    fn parties_of_prototype(
        &self,
        from: BoxId,
        prototype: &MessageToPostPrototype,
    ) -> Result<Parties, Refusal> {
        let at = "MessageToPostPrototype";
        let department = guid_of(
            prototype.from_department_id.as_deref(),
            &format!("{at}.FromDepartmentId"),
        )?;
        let sender = self.sender(from, department)?;
        let named = |side: &str, box_id, department| -> Result<Option<Party>, Refusal> {
            let at = format!("{at}.{side}");
            party_of(
                self,
                Named {
                    at: &at,
                    box_id,
                    department,
                },
            )
        };
        let own = prototype.from_box_id.as_str();
        let to = match prototype.is_internal() {
            true => Some(own),
            false => prototype.to_box_id.as_deref(),
        };
        Ok(Parties {
            sender,
            recipient: named("To", to, prototype.to_department_id.as_deref())?,
            proxy: named(
                "Proxy",
                prototype.proxy_box_id.as_deref(),
                prototype.proxy_department_id.as_deref(),
            )?,
            is_internal: prototype.is_internal(),
        })
    }
}

fn error(
    refusal: &Refusal,
    document: Option<&str>,
    box_id: Option<BoxId>,
) -> MessageValidationError {
    MessageValidationError {
        severity: MessageValidationErrorSeverity::Error as i32,
        user_message: refusal.text.to_string(),
        api_message: refusal.text.to_string(),
        custom_document_id: document.map(ToOwned::to_owned),
        box_id: box_id.map(|box_id| box_id.address().to_string()),
        department_id: None,
    }
}
