//! A message: a letter that is sent at once or later, or a draft.

use diadoc_core::BoxId;
use diadoc_proto::LockMode;
use diadoc_proto::events::MessageToPost;
use uuid::Uuid;

use super::documents::Purpose;
use super::route::{Named, party_of};
use super::{attachments, box_of, guid_of, is_same};
use crate::world::access::Actor;
use crate::world::model::{Action, Fact, Letter, MessageKind, Party, Patch, Patches, Scope, Task};
use crate::world::{HEAD_DEPARTMENT, Refusal, World};

/// A message holds at most so many documents.
const MAX_DOCUMENTS: usize = 40;

/// Who takes part in a letter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parties {
    pub sender: Party,
    pub recipient: Option<Party>,
    pub proxy: Option<Party>,
    pub is_internal: bool,
}

impl World {
    /// Posts a message; its id.
    ///
    /// # Errors
    ///
    /// 400: the message is not right; 402 and 403: the user may not do it; 404: a department or a linked
    /// document does not exist; 409: the recipient does not want it.
    pub(crate) fn post_message(
        &mut self,
        user: Uuid,
        message: &MessageToPost,
    ) -> Result<Uuid, Refusal> {
        self.post(user, message, false)
    }

    /// Posts the document of an invitation, which its recipient gets whoever may write to it; its id.
    ///
    /// # Errors
    ///
    /// As [`post_message`](Self::post_message).
    pub(crate) fn post_invitation(
        &mut self,
        user: Uuid,
        message: &MessageToPost,
    ) -> Result<Uuid, Refusal> {
        self.post(user, message, true)
    }

    fn post(
        &mut self,
        user: Uuid,
        message: &MessageToPost,
        is_invitation: bool,
    ) -> Result<Uuid, Refusal> {
        let actor = self.enter(user, box_of(&message.from_box_id)?)?;
        actor.needs(Action::CreateDocuments)?;
        let mut documents = attachments::of_message(message);
        for document in &mut documents {
            document.is_invitation = is_invitation;
        }
        match documents.len() {
            0 => {
                let text = "MessageToPost should contain at least one attachment";
                return Err(Refusal::bad_request(text));
            }
            count if count > MAX_DOCUMENTS => {
                let text = "превышено максимально допустимое количество документов";
                return Err(Refusal::bad_request(text));
            }
            _ => {}
        }
        let is_draft = message.is_draft();
        let is_unsigned = is_draft || message.delay_send();
        if !is_unsigned {
            actor.needs(Action::SignDocuments)?;
        }
        let parties = self.parties(actor.box_id, message)?;
        if !is_draft && !is_invitation {
            self.may_go(parties)?;
        }
        let lock = lock_of(message);
        let id = self.new_id();
        let purpose = Purpose {
            letter: id,
            sender: parties.sender,
            is_unsigned,
            is_strict: !is_draft || message.strict_draft_validation(),
            is_packet: lock != LockMode::None,
            origin: None,
        };
        let data = &message.structured_data_attachments;
        let facts = self.write_documents(&actor, &documents, data, purpose)?;
        let kind = match is_draft {
            true => MessageKind::Draft,
            false => MessageKind::Letter,
        };
        let mut letter = self.letter(id, kind, parties, lock, &actor, facts);
        letter.draft_is_locked = is_draft && message.lock_draft();
        self.add_letter(letter);
        self.send(id);
        Ok(id)
    }

    /// A letter with its first patch.
    pub(super) fn letter(
        &self,
        id: Uuid,
        kind: MessageKind,
        parties: Parties,
        lock: LockMode,
        actor: &Actor,
        facts: Vec<Fact>,
    ) -> Letter {
        let boxes = [Some(parties.sender), parties.recipient];
        let boxes = boxes.into_iter().flatten().map(|party| party.box_id);
        Letter {
            id,
            kind,
            sender: parties.sender,
            recipient: parties.recipient,
            proxy: parties.proxy,
            is_internal: parties.is_internal,
            is_test: self.is_test(boxes),
            lock,
            draft_is_locked: false,
            created_from_draft: None,
            template: None,
            patches: Patches::from(Patch {
                id,
                at: self.now(),
                author: actor.author(),
                scope: Scope::Everybody,
                facts,
            }),
        }
    }

    /// Hands a letter to the operator, where there is anything in it that was signed.
    pub(crate) fn send(&mut self, letter: Uuid) {
        let Some(row) = self.tables.letters.get(&letter) else {
            return;
        };
        let is_signed = row.pieces().any(|piece| piece.signature.is_some());
        if is_signed && row.kind == MessageKind::Letter {
            self.later(self.operator_delay, Task::Deliver { letter });
        }
    }

    fn parties(&self, from: BoxId, message: &MessageToPost) -> Result<Parties, Refusal> {
        let department = guid_of(
            message.from_department_id.as_deref(),
            "MessageToPost.FromDepartmentId",
        )?;
        let sender = self.sender(from, department)?;
        if message.is_internal() {
            return self.internal(sender, message);
        }
        let to = Named {
            at: "MessageToPost.To",
            box_id: message.to_box_id.as_deref(),
            department: message.to_department_id.as_deref(),
        };
        let proxy = Named {
            at: "MessageToPost.Proxy",
            box_id: message.proxy_box_id.as_deref(),
            department: message.proxy_department_id.as_deref(),
        };
        Ok(Parties {
            sender,
            recipient: party_of(self, to)?,
            proxy: party_of(self, proxy)?,
            is_internal: false,
        })
    }

    /// From one department to another.
    fn internal(&self, sender: Party, message: &MessageToPost) -> Result<Parties, Refusal> {
        // The head department's zero GUID counts as none here.
        let department = guid_of(
            message.to_department_id.as_deref(),
            "MessageToPost.ToDepartmentId",
        )?;
        let department = department.filter(|department| *department != HEAD_DEPARTMENT);
        let required =
            |name: &str| Refusal::bad_request(format!("MessageToPost.{name} is required field."));
        if sender.department == HEAD_DEPARTMENT {
            return Err(required("FromDepartmentId"));
        }
        let department = department.ok_or_else(|| required("ToDepartmentId"))?;
        let recipient = self.sender(sender.box_id, Some(department)).map_err(|_| {
            Refusal::not_found("Department wasn't found")
                .code("OrganizationBoxService.Department.NotFound")
        })?;
        if is_same(sender, recipient) {
            let text = "Подразделение получатель совпадает с отправителем";
            return Err(Refusal::bad_request(text));
        }
        Ok(Parties {
            sender,
            recipient: Some(recipient),
            proxy: None,
            is_internal: true,
        })
    }

    /// Refuses a letter that nobody gets, or nobody wants.
    pub(super) fn may_go(&self, parties: Parties) -> Result<(), Refusal> {
        let from = parties.sender.box_id;
        let Some(recipient) = parties.recipient else {
            let text = "MessageToPost.ToBoxId is required field";
            return Err(Refusal::bad_request(text));
        };
        if parties.is_internal {
            return Ok(());
        }
        if recipient.box_id == from {
            let text = "MessageToPost.ToBoxId is the box of the sender";
            return Err(Refusal::bad_request(text));
        }
        self.may_send(from, recipient.box_id)?;
        match parties.proxy {
            Some(proxy) if proxy.box_id == from || proxy.box_id == recipient.box_id => {
                let text = "MessageToPost.ProxyBoxId is the box of another side";
                Err(Refusal::bad_request(text))
            }
            Some(proxy) => self.may_send(from, proxy.box_id),
            None => Ok(()),
        }
    }
}

/// How the documents are bound together.
fn lock_of(message: &MessageToPost) -> LockMode {
    match message.lock_mode() {
        _ if message.lock_packet() => LockMode::Full,
        LockMode::Unknown => LockMode::None,
        mode => mode,
    }
}
