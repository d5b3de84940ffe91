//! Who takes part besides the two sides: the own employees, other departments, an intermediate recipient.

use diadoc_api::organizations::GetResolutionRoutes;
use diadoc_fake::world::BAD_SIGNATURE;
use diadoc_proto::documents::{
    ProxySignatureStatus, RecipientResponseStatus as Answer, SenderSignatureStatus,
};
use diadoc_proto::events::{
    AttachmentType, DocumentSignature, MessageToPost, ResolutionAttachment,
    ResolutionRouteAssignment,
};
use diadoc_proto::{DocumentDirection, ResolutionType};

use super::{FIRST, FORMS, SECOND, Stage, both};
use crate::world::three::{OFFICE, STORE, THIRD, world};
use crate::world::{address, contract, message};

#[tokio::test]
async fn a_route_of_approval_goes_to_its_end() {
    for form in FORMS {
        let stage = Stage::of(world(), form).await;
        let posted = stage.post(vec![contract("1")]).await;
        let routes = both(&stage.fake, GetResolutionRoutes::new(SECOND)).await;
        let mut body = posted.by(SECOND);
        body.resolution_route_assignments
            .push(ResolutionRouteAssignment {
                initial_document_id: posted.first().to_owned(),
                route_id: routes.resolution_routes[0].route_id.clone(),
                comment: Some("Прошу".to_owned()),
                labels: Vec::new(),
            });
        stage.patch(body).await;
        for step in [1, 2] {
            let kind = AttachmentType::ResolutionRequest;
            assert_eq!(stage.count(SECOND, &posted, kind).await, step);
            let mut body = posted.by(SECOND);
            body.resolutions.push(ResolutionAttachment {
                initial_document_id: posted.first().to_owned(),
                resolution_type: ResolutionType::Approve.into(),
                comment: Some("Согласен".to_owned()),
                labels: Vec::new(),
            });
            stage.patch(body).await;
        }
        let status = stage.document(SECOND, &posted).await.docflow_status;
        let secondary = status.secondary_status.expect("it is approved");
        assert_eq!(secondary.status_text.as_deref(), Some("Согласован"));
        // That is nobody else's business.
        let theirs = stage.document(FIRST, &posted).await.docflow_status;
        assert_eq!(theirs.secondary_status, None);
        let kind = AttachmentType::Resolution;
        assert_eq!(stage.count(FIRST, &posted, kind).await, 0);
    }
}

fn through_the_third() -> MessageToPost {
    let mut body = message(vec![contract("1")]);
    body.proxy_box_id = Some(address(THIRD));
    body
}

#[tokio::test]
async fn an_intermediate_recipient_signs_and_the_letter_goes_on() {
    for form in FORMS {
        let stage = Stage::of(world(), form).await;
        let posted = stage.post_message(through_the_third()).await;
        assert!(stage.is_hidden(SECOND, &posted).await);
        assert_eq!(stage.status(THIRD, &posted).await, "Требуется подпись");
        let mut early = posted.by(SECOND);
        early.signatures.push(super::signature(posted.first()));
        assert_eq!(stage.not_patched(early).await.status, 404);
        stage.sign(THIRD, &posted, posted.first()).await;
        for side in [FIRST, SECOND, THIRD] {
            let document = stage.document(side, &posted).await;
            let status = document.proxy_signature_status();
            assert_eq!(status, ProxySignatureStatus::WithProxySignature);
        }
        assert_eq!(stage.status(SECOND, &posted).await, "Требуется подпись");
        stage.sign(SECOND, &posted, posted.first()).await;
        for side in [FIRST, SECOND, THIRD] {
            let document = stage.document(side, &posted).await;
            let answer = document.recipient_response_status();
            assert_eq!(answer, Answer::WithRecipientSignature, "{side}");
        }
    }
}

#[tokio::test]
async fn an_intermediate_recipient_refuses_and_the_letter_stops() {
    for form in FORMS {
        let stage = Stage::of(world(), form).await;
        let posted = stage.post_message(through_the_third()).await;
        stage.patch(posted.refusal(THIRD, posted.first())).await;
        for side in [FIRST, THIRD] {
            let document = stage.document(side, &posted).await;
            let status = document.proxy_signature_status();
            assert_eq!(status, ProxySignatureStatus::ProxySignatureRejected);
        }
        assert!(stage.is_hidden(SECOND, &posted).await);
    }
}

#[tokio::test]
async fn a_letter_goes_from_one_department_to_another() {
    for form in FORMS {
        let stage = Stage::of(world(), form).await;
        let mut attachment = contract("1");
        attachment.need_recipient_signature = Some(true);
        let mut body = message(vec![attachment]);
        body.is_internal = Some(true);
        body.to_box_id = None;
        body.from_department_id = Some(STORE.to_owned());
        body.to_department_id = Some(OFFICE.to_owned());
        let posted = stage.post_message(body).await;
        let document = stage.document(FIRST, &posted).await;
        assert_eq!(document.document_direction(), DocumentDirection::Internal);
        let sent = document.send_timestamp_ticks();
        // The signature of the other department is wrong first: the sender's stays right.
        let mut body = posted.by(FIRST);
        body.signatures.push(DocumentSignature {
            parent_entity_id: posted.first().to_owned(),
            signature: Some(BAD_SIGNATURE.into()),
            ..DocumentSignature::default()
        });
        stage.patch(body).await;
        let document = stage.document(FIRST, &posted).await;
        let answer = document.recipient_response_status();
        assert_eq!(answer, Answer::InvalidRecipientSignature);
        stage.sign(FIRST, &posted, posted.first()).await;
        let document = stage.document(FIRST, &posted).await;
        let answer = document.recipient_response_status();
        assert_eq!(answer, Answer::WithRecipientSignature);
        assert_eq!(document.send_timestamp_ticks(), sent);
        let status = document.sender_signature_status();
        assert_eq!(
            status,
            SenderSignatureStatus::SenderSignatureCheckedAndValid
        );
        // Nobody confirms what stays at home.
        let kind = AttachmentType::InvoiceConfirmation;
        assert_eq!(stage.count(FIRST, &posted, kind).await, 0);
    }
}
