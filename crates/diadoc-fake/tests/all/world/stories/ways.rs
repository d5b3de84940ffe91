//! How documents come into the world: in packets, out of drafts and templates, signed later.

use std::time::Duration;

use diadoc_api::messages::{PostMessageV3, PostTemplate, SendDraft, TransformTemplateToMessage};
use diadoc_fake::world::World;
use diadoc_fake::world::script::{Act, CounteragentScript, Happening, Rule, When};
use diadoc_proto::LockMode;
use diadoc_proto::events::{
    DocumentSenderSignature, DocumentTransformation, DraftToSend, TemplateDocumentAttachment,
    TemplateToPost, TemplateTransformationToPost, UnsignedContent,
};

use super::{FIRST, FORMS, Posted, SECOND, Stage, box_of, signature, unsigned};
use crate::world::{address, contract, message};

#[tokio::test]
async fn a_closed_packet_is_answered_as_a_whole() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let mut body = message(vec![contract("1"), contract("2")]);
        body.lock_mode = Some(LockMode::Full.into());
        let posted = stage.post_message(body).await;
        let code = "DocumentService.NotAllowedForLockedPacket";
        let mut part = posted.by(SECOND);
        part.signatures.push(signature(&posted.documents[1]));
        let parts = [
            part.clone(),
            posted.refusal(SECOND, posted.first()),
            posted.revocation(FIRST),
        ];
        for one in parts {
            let refusal = stage.not_patched(one).await;
            assert_eq!((refusal.status, refusal.code.as_str()), (409, code));
        }
        part.signatures.push(signature(&posted.documents[0]));
        stage.patch(part).await;
        for index in [0, 1] {
            let document = stage.nth(FIRST, &posted, index).await;
            let text = document.docflow_status.primary_status.status_text;
            assert_eq!(text.as_deref(), Some("Подписан контрагентом"));
        }
    }
}

#[tokio::test]
async fn a_draft_is_sent() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let mut body = message(vec![unsigned(contract("1"))]);
        body.is_draft = Some(true);
        let draft = stage.post_message(body).await;
        assert!(stage.is_hidden(SECOND, &draft).await);
        let order = DraftToSend {
            box_id: address(FIRST),
            draft_id: draft.message_id.clone(),
            document_signatures: vec![DocumentSenderSignature {
                parent_entity_id: draft.first().to_owned(),
                sign_with_test_signature: Some(true),
                ..DocumentSenderSignature::default()
            }],
            ..DraftToSend::default()
        };
        let posted = Posted::of(stage.send(SendDraft::new(order)).await);
        assert!(stage.message(FIRST, &draft).await.draft_is_recycled());
        stage.sign(SECOND, &posted, posted.first()).await;
        assert_eq!(stage.status(FIRST, &posted).await, "Подписан контрагентом");
        let mut late = draft.by(FIRST);
        late.signatures.push(signature(draft.first()));
        assert_eq!(stage.not_patched(late).await.status, 404);
    }
}

#[tokio::test]
async fn a_letter_is_signed_later() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let mut body = message(vec![unsigned(contract("1")), unsigned(contract("2"))]);
        body.delay_send = Some(true);
        let posted = stage.post_message(body).await;
        let status = stage.status(FIRST, &posted).await;
        assert_eq!(status, "Требуется подписать и отправить");
        assert!(stage.is_hidden(SECOND, &posted).await);
        stage.sign(FIRST, &posted, posted.first()).await;
        assert_eq!(stage.status(SECOND, &posted).await, "Требуется подпись");
        let there = Posted::of(stage.message(SECOND, &posted).await).documents;
        assert_eq!(there, posted.documents[..1]);
        stage.fake.move_clock(Duration::from_secs(3600));
        stage.sign(FIRST, &posted, &posted.documents[1]).await;
        for side in [FIRST, SECOND] {
            let first = stage.nth(side, &posted, 0).await;
            let second = stage.nth(side, &posted, 1).await;
            let hour = 36_000_000_000;
            let apart = second.delivery_timestamp_ticks() - first.delivery_timestamp_ticks();
            assert!(apart >= hour, "{side}: {apart} ticks");
            let apart = second.send_timestamp_ticks() - first.send_timestamp_ticks();
            assert!(apart >= hour, "{side}: {apart} ticks");
        }
    }
}

#[tokio::test]
async fn a_template_becomes_a_letter_of_the_other_side() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let contract = contract("1");
        let body = TemplateToPost {
            from_box_id: address(FIRST),
            to_box_id: address(SECOND),
            message_from_box_id: address(SECOND),
            message_to_box_id: address(FIRST),
            document_attachments: vec![TemplateDocumentAttachment {
                unsigned_content: UnsignedContent {
                    content: contract.signed_content.content,
                    ..UnsignedContent::default()
                },
                type_named_id: contract.type_named_id,
                metadata: contract.metadata,
                ..TemplateDocumentAttachment::default()
            }],
            ..TemplateToPost::default()
        };
        let template = stage.send(PostTemplate::new(body)).await;
        let made = stage
            .send(TransformTemplateToMessage::new(
                TemplateTransformationToPost {
                    box_id: address(SECOND),
                    template_id: template.message_id.clone(),
                    document_transformations: vec![DocumentTransformation {
                        document_id: template.entities[0].entity_id.clone(),
                        ..DocumentTransformation::default()
                    }],
                },
            ))
            .await;
        let posted = Posted::of(made);
        let status = stage.status(SECOND, &posted).await;
        assert_eq!(status, "Требуется подписать и отправить");
        stage.sign(SECOND, &posted, posted.first()).await;
        assert_eq!(stage.status(FIRST, &posted).await, "Требуется подпись");
        let origin = stage.document(FIRST, &posted).await.origin;
        assert_eq!(origin.expect("an origin").message_id, template.message_id);
        stage.sign(FIRST, &posted, posted.first()).await;
        assert_eq!(stage.status(SECOND, &posted).await, "Подписан контрагентом");
    }
}

#[tokio::test]
async fn a_counteragent_answers_in_its_own_time() {
    for form in FORMS {
        let mut world = World::without_letters();
        let script = CounteragentScript {
            rules: vec![Rule {
                box_id: box_of(SECOND),
                when: When {
                    happens: Happening::Document,
                    number: Some("2*".to_owned()),
                    ..When::default()
                },
                then: Act::Sign { title: None },
                after: Duration::from_secs(3600),
                times: None,
            }],
        };
        world.set_counteragents(script).unwrap();
        let stage = Stage::of(world, form).await;
        let one = stage.post(vec![contract("17")]).await;
        let other = stage.post(vec![contract("23")]).await;
        let waits = "Ожидается подпись контрагента";
        stage.fake.move_clock(Duration::from_secs(3599));
        assert_eq!(stage.status(FIRST, &other).await, waits);
        stage.fake.move_clock(Duration::from_secs(2));
        assert_eq!(stage.status(FIRST, &other).await, "Подписан контрагентом");
        assert_eq!(stage.status(FIRST, &one).await, waits);
    }
}

#[tokio::test]
async fn the_same_order_is_carried_out_once() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let call = || PostMessageV3::new(message(vec![contract("1")])).operation_id("one");
        let (one, again) = (stage.send(call()).await, stage.send(call()).await);
        assert_eq!(one.message_id, again.message_id);
    }
}
