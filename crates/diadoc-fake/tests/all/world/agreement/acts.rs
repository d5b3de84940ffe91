//! Random acts of all sides.
#![expect(deprecated, reason = "an older version does the same")]

use std::time::Duration;

use diadoc_api::Form;
use diadoc_api::documents::{Delete, GetDocumentActions, GetDocumentV3, MoveDocuments, Restore};
use diadoc_api::messages::{
    GetMessageV6, PostMessagePatchV3, PostMessagePatchV4, PostMessageV3, PostTemplate, SendDraft,
    TransformTemplateToMessage,
};
use diadoc_api::organizations::GetResolutionRoutes;
use diadoc_fake::Fake;
use diadoc_fake::world::BAD_SIGNATURE;
use diadoc_proto::documents::DocumentsMoveOperation;
use diadoc_proto::events::{
    DocumentAttachment, DocumentSenderSignature, DocumentTransformation, DraftToSend, Message,
    MessagePatchToPost, MessagePatchToPostV2, MessageToPost, TemplateDocumentAttachment,
    TemplateToPost, TemplateTransformationToPost, UnsignedContent,
};
use diadoc_proto::{DocumentId, LockMode, json};
use fastrand::Rng;

use super::patches::{self, Place};
use super::{SIDES, checks};
use crate::world::three::{OFFICE, STORE, THIRD};
use crate::world::{FIRST, SECOND, address, contract, document, message, send, try_send};

/// What the operator takes at most.
pub(super) const DELIVERY: Duration = Duration::from_secs(20);
const HEAD: &str = "00000000-0000-0000-0000-000000000000";

/// A document, and what is known of it from the beginning.
#[derive(Debug, Clone)]
pub(super) struct Posted {
    pub sender: &'static str,
    pub message: String,
    pub entity: String,
    /// Who sees it at one time or another.
    pub sides: &'static [&'static str],
    /// Its packet is bound together.
    pub is_locked: bool,
}

/// What was posted so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub documents: Vec<Posted>,
    /// What was done, for who has to find out what went wrong.
    pub log: Vec<String>,
    number: usize,
}

impl Known {
    /// Does something.
    pub(super) async fn act(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        match rng.u8(..16) {
            _ if self.documents.is_empty() => self.post(fake, rng).await,
            0 | 1 => self.post(fake, rng).await,
            2 => self.draft(fake, rng).await,
            3 => self.template(fake, rng).await,
            4 | 5 => self.housekeeping(fake, rng).await,
            _ => self.patch(fake, rng).await,
        }
    }

    fn attachment(&mut self, rng: &mut Rng) -> DocumentAttachment {
        self.number += 1;
        let number = self.number.to_string();
        let mut attachment = match rng.u8(..6) {
            0 => contract(&number),
            1 => document(
                "ProformaInvoice",
                &[
                    ("FileName", "bill.pdf"),
                    ("DocumentNumber", &number),
                    ("DocumentDate", "01.07.2025"),
                    ("TotalSum", "1200.00"),
                ],
            ),
            2 => utd("СЧФДОП", &number),
            3 => utd("СЧФ", &number),
            _ => plain(rng),
        };
        attachment.need_receipt = Some(rng.bool());
        attachment.custom_document_id = Some(format!("own-{number}"));
        if rng.bool() {
            attachment.comment = Some("Посмотрите".into());
        }
        attachment
    }

    async fn post(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        let count = rng.usize(1..=3);
        let mut attachments: Vec<_> = (0..count).map(|_| self.attachment(rng)).collect();
        let is_delayed = rng.u8(..4) == 0;
        let is_bad = !is_delayed && rng.u8(..8) == 0;
        let mut sender = *rng.choice(SIDES[..2].iter()).expect("a side");
        let way = rng.u8(..6);
        if way < 2 {
            sender = FIRST;
        }
        for attachment in &mut attachments {
            // Not every kind of docflow knows an intermediate recipient.
            if way == 1 {
                let id = attachment.custom_document_id.take();
                *attachment = plain(rng);
                attachment.custom_document_id = id;
            }
            let content = &mut attachment.signed_content;
            if is_delayed || is_bad {
                content.sign_with_test_signature = None;
            }
            if is_bad {
                content.signature = Some(BAD_SIGNATURE.into());
            }
        }
        let mut body = message(attachments);
        turn(&mut body, sender);
        body.delay_send = Some(is_delayed);
        match way {
            0 => go_inside(&mut body),
            1 => body.proxy_box_id = Some(address(THIRD)),
            _ => {}
        }
        let lock = match rng.u8(..5) {
            0 => LockMode::Full,
            1 => LockMode::Send,
            _ => LockMode::None,
        };
        body.lock_mode = Some(lock.into());
        if lock == LockMode::None && rng.u8(..3) == 0 {
            self.link(&mut body, sender, rng);
        }
        let said = format!(
            "{sender} posts {count}, way {way}, delayed {is_delayed}, bad {is_bad}, {lock:?}"
        );
        let posted = send(fake, PostMessageV3::new(body)).await;
        self.remember(sender, &posted, lock != LockMode::None);
        format!("{said}: {}", posted.message_id)
    }

    /// Has the first document belong to one that the sender has sent before.
    fn link(&self, body: &mut MessageToPost, sender: &str, rng: &mut Rng) {
        let own = self.documents.iter();
        let own = own.filter(|one| one.sender == sender && !one.is_locked);
        if let Some(one) = rng.choice(own.collect::<Vec<_>>()) {
            let links = &mut body.document_attachments[0].initial_document_ids;
            links.push(DocumentId {
                message_id: one.message.clone(),
                entity_id: one.entity.clone(),
            });
        }
    }

    fn remember(&mut self, sender: &'static str, posted: &Message, is_locked: bool) {
        let documents = posted.entities.iter();
        for entity in documents.filter(|one| one.document_info.is_some()) {
            self.documents.push(Posted {
                sender,
                message: posted.message_id.clone(),
                entity: entity.entity_id.clone(),
                sides: match (posted.is_internal(), &posted.proxy_box_id) {
                    (true, _) => &SIDES[..1],
                    (false, Some(proxy)) if !proxy.is_empty() => &SIDES,
                    _ => &SIDES[..2],
                },
                is_locked,
            });
        }
    }

    async fn draft(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        let mut attachment = self.attachment(rng);
        attachment.signed_content.sign_with_test_signature = None;
        let sender = *rng.choice(SIDES[..2].iter()).expect("a side");
        let mut body = message(vec![attachment]);
        turn(&mut body, sender);
        body.is_draft = Some(true);
        let draft = send(fake, PostMessageV3::new(body)).await;
        let signatures = draft
            .entities
            .iter()
            .filter(|one| one.document_info.is_some());
        let order = DraftToSend {
            box_id: address(sender),
            draft_id: draft.message_id.clone(),
            document_signatures: signatures
                .map(|entity| DocumentSenderSignature {
                    parent_entity_id: entity.entity_id.clone(),
                    sign_with_test_signature: Some(true),
                    ..DocumentSenderSignature::default()
                })
                .collect(),
            ..DraftToSend::default()
        };
        let posted = send(fake, SendDraft::new(order)).await;
        self.remember(sender, &posted, false);
        format!("{sender} sends the draft {}", draft.message_id)
    }

    /// The first organization proposes what the second makes a letter of, which it has to sign.
    async fn template(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        let attachment = self.attachment(rng);
        let body = TemplateToPost {
            from_box_id: address(FIRST),
            to_box_id: address(SECOND),
            message_from_box_id: address(SECOND),
            message_to_box_id: address(FIRST),
            document_attachments: vec![TemplateDocumentAttachment {
                unsigned_content: UnsignedContent {
                    content: attachment.signed_content.content,
                    ..UnsignedContent::default()
                },
                type_named_id: attachment.type_named_id,
                metadata: attachment.metadata,
                need_recipient_signature: attachment.need_recipient_signature,
                ..TemplateDocumentAttachment::default()
            }],
            ..TemplateToPost::default()
        };
        let call = PostTemplate::new(body).disable_duplicates_detection(true);
        let template = send(fake, call).await;
        fake.move_clock(DELIVERY);
        let order = TemplateTransformationToPost {
            box_id: address(SECOND),
            template_id: template.message_id.clone(),
            document_transformations: vec![DocumentTransformation {
                document_id: template.entities[0].entity_id.clone(),
                custom_document_id: attachment.custom_document_id,
            }],
        };
        let posted = send(fake, TransformTemplateToMessage::new(order)).await;
        self.remember(SECOND, &posted, false);
        format!("{SECOND} makes a letter of {}", template.message_id)
    }

    /// Reads, moves, deletes or restores a document.
    async fn housekeeping(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        let (side, one) = self.any(rng);
        let Some(state) = checks::document(fake, side, &one).await else {
            return format!("{side} does not see {}", one.entity);
        };
        let id = &one.message;
        match (state.is_deleted(), rng.u8(..4)) {
            (true, _) if one.is_locked => send(fake, Restore::new(side, id)).await,
            (true, _) => send(fake, Restore::new(side, id).document_id(&one.entity)).await,
            (false, 0) if !one.is_locked => {
                send(fake, Delete::new(side, id).document_id(&one.entity)).await;
            }
            (false, 1) if side == FIRST && !one.is_locked => {
                let department = rng.choice([HEAD, STORE, OFFICE]).expect("a department");
                let operation = DocumentsMoveOperation {
                    box_id: address(side),
                    to_department_id: Some(department.to_owned()),
                    document_ids: vec![DocumentId {
                        message_id: id.clone(),
                        entity_id: one.entity.clone(),
                    }],
                };
                send(fake, MoveDocuments::new(operation)).await;
                return format!("{side} moves {} to {department}", one.entity);
            }
            (false, _) => {
                send(fake, GetDocumentV3::new(side, id, &one.entity)).await;
                return format!("{side} reads {}", one.entity);
            }
        }
        format!("{side} deletes or restores {}", one.entity)
    }

    fn any(&self, rng: &mut Rng) -> (&'static str, Posted) {
        let one = rng.choice(self.documents.iter()).expect("a document");
        let side = rng.choice(one.sides.iter()).expect("a side");
        (side, one.clone())
    }

    /// Does something of what the fake itself says can be done.
    async fn patch(&mut self, fake: &Fake, rng: &mut Rng) -> String {
        let mut found = None;
        for _ in 0..4 {
            let (side, one) = self.any(rng);
            let seen = checks::document(fake, side, &one).await;
            if seen.is_some_and(|document| !document.is_deleted()) {
                found = Some((side, one));
                break;
            }
        }
        let Some((side, one)) = found else {
            return "nobody sees anything".to_owned();
        };
        let routes = send(fake, GetResolutionRoutes::new(side)).await;
        let mut routes = routes.resolution_routes.iter();
        let route = routes.next().map(|route| route.route_id.clone());
        let call = GetDocumentActions::new(side, &one.message, &one.entity);
        let actions = send(fake, call).await.actions;
        let place = Place {
            document: &one.entity,
            message: &send(fake, GetMessageV6::new(side, &one.message)).await,
            other: &self.any(rng).1,
            route: route.as_deref(),
        };
        let patches = actions
            .iter()
            .filter_map(|action| Some((action, patches::of(action, &place, rng)?)));
        let (talk, own): (Vec<_>, Vec<_>) =
            patches.partition(|(action, _)| patches::is_for_others(action));
        // What a side does for itself is always possible; what it says to the other is not.
        let patches = match talk.is_empty() || rng.u8(..4) == 0 {
            true => own,
            false => talk,
        };
        let Some((action, patch)) = rng.choice(patches) else {
            return format!("{side} can do nothing with {}", one.entity);
        };
        let body = MessagePatchToPostV2 {
            box_id: address(side),
            message_id: one.message.clone(),
            ..patch
        };
        let said = format!("{side}: {} {}", action.r#type().as_str_name(), one.entity);
        let refused = put(fake, body, rng).await;
        match refused {
            None => said,
            // What is bound together is not signed or refused in parts.
            Some(refused) if one.is_locked => format!("{said}: {refused}"),
            Some(refused) => panic!("{said}: {refused}\n{}", self.log.join("\n")),
        }
    }
}

/// Posts a patch by one of the versions that take it; why it is refused.
async fn put(fake: &Fake, body: MessagePatchToPostV2, rng: &mut Rng) -> Option<String> {
    let is_old = body.universal_messages.is_empty() && rng.bool();
    let done = match is_old {
        true => {
            let text = json::to_string(&body).expect("it has JSON");
            let body: MessagePatchToPost = json::from_str(&text).expect("the older one has all");
            let call = PostMessagePatchV3::new(body).disable_duplicates_detection(true);
            try_send(fake, &call, Form::Protobuf, "token").await
        }
        false => {
            let call = PostMessagePatchV4::new(body).disable_duplicates_detection(true);
            try_send(fake, &call, Form::Json, "token").await
        }
    };
    done.err().map(|refused| refused.text)
}

fn turn(body: &mut MessageToPost, sender: &str) {
    if sender != FIRST {
        body.to_box_id = Some(std::mem::replace(&mut body.from_box_id, address(sender)));
    }
}

/// Has a message go from one department of the first organization to the other.
fn go_inside(body: &mut MessageToPost) {
    body.is_internal = Some(true);
    body.to_box_id = None;
    body.from_department_id = Some(STORE.to_owned());
    body.to_department_id = Some(OFFICE.to_owned());
}

fn plain(rng: &mut Rng) -> DocumentAttachment {
    let mut plain = document("Nonformalized", &[("FileName", "letter.pdf")]);
    plain.need_recipient_signature = Some(rng.bool());
    plain
}

/// A universal transfer document of that function.
fn utd(function: &str, number: &str) -> DocumentAttachment {
    let mut title = document("UniversalTransferDocument", &[]);
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл ИдФайл=\"ON_NSCHFDOPPR_{number}\">\
         <Документ Функция=\"{function}\"><СвСчФакт НомерДок=\"{number}\" ДатаДок=\"25.09.2026\"/>\
         </Документ></Файл>"
    );
    title.signed_content.content = Some(text.into_bytes().into());
    title
}
