//! Who takes part besides the two sides: the own employees, other departments, an intermediate recipient.

use diadoc_api::organizations::GetResolutionRoutes;
use diadoc_fake::world::model::RelationState;
use diadoc_fake::world::{
    DepartmentBuilder, EmployeeBuilder, OrganizationBuilder, UserBuilder, World,
};
use diadoc_proto::documents::{ProxySignatureStatus, RecipientResponseStatus as Answer};
use diadoc_proto::events::{
    AttachmentType, MessageToPost, ResolutionAttachment, ResolutionRouteAssignment,
};
use diadoc_proto::{DocumentDirection, ResolutionType};

use super::{FIRST, FORMS, SECOND, Stage, both, box_of};
use crate::world::{address, contract, message};

/// The box of an organization that stands between the other two.
const THIRD: &str = "5b3c9a10-7d14-4c52-9f0a-3e6d81c2b7f4";
/// The departments of the first organization.
const STORE: &str = "9d1f4e62-0b7a-4c83-8a55-6f2e13d7c904";
const OFFICE: &str = "2f86c0d1-5e39-4b7a-9c14-a07d3be5f128";

/// Three organizations; the first has departments, the second a route of two steps.
fn world() -> World {
    let organization = |box_id, inn: &str, kpp: &str, name: &str| {
        OrganizationBuilder::new(box_id, inn, name)
            .kpp(kpp)
            .test(true)
            .employee(EmployeeBuilder::new("anna@example.ru"))
    };
    let department =
        |name: &str, id: &str| DepartmentBuilder::new(name).id(id.parse().expect("a GUID"));
    let first = organization(box_of(FIRST), "7705000010", "770501001", "Ромашка")
        .department(department("Склад", STORE))
        .department(department("Контора", OFFICE));
    let steps = vec![
        ("anna@example.ru".to_owned(), false),
        ("anna@example.ru".to_owned(), false),
    ];
    let second =
        organization(box_of(SECOND), "7810000019", "781001001", "Василёк").route("Двое", steps);
    let built = World::builder()
        .user(UserBuilder::new("anna@example.ru").name("Иванова", "Анна"))
        .organization(first)
        .organization(second)
        .organization(organization(
            box_of(THIRD),
            "5003000017",
            "500301001",
            "Лютик",
        ))
        .relation(box_of(FIRST), box_of(SECOND), RelationState::Counteragents)
        .build();
    built.unwrap_or_else(|error| panic!("{error}"))
}

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
        stage.sign(FIRST, &posted, posted.first()).await;
        let document = stage.document(FIRST, &posted).await;
        let answer = document.recipient_response_status();
        assert_eq!(answer, Answer::WithRecipientSignature);
        // Nobody confirms what stays at home.
        let kind = AttachmentType::InvoiceConfirmation;
        assert_eq!(stage.count(FIRST, &posted, kind).await, 0);
    }
}
