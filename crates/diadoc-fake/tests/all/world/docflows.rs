//! Documents with their docflow: by id, by packet, by a query, as a feed, and what can be done with them.

use diadoc_api::docflows::{
    GetDocflowEventsV4, GetDocflowsByPacketIdV4, GetDocflowsV4, GetDocflowsV5, SearchDocflowsV5,
};
use diadoc_api::documents::{Delete, GetDocumentActions, GetDocumentHistory, Restore};
use diadoc_api::messages::PostMessagePatchV4;
use diadoc_api::organizations::GetResolutionRoutes;
use diadoc_api::print_forms::GenerateDocumentProtocol;
use diadoc_fake::Fake;
use diadoc_proto::docflow::{
    GetDocflowBatchRequest, GetDocflowBatchResponseV4, GetDocflowEventsRequest, GetDocflowRequest,
    GetDocflowsByPacketIdRequest, SearchDocflowsRequest, SearchScope,
};
use diadoc_proto::documents::DocumentActionType as Type;
use diadoc_proto::documents::RecipientResponseStatus;
use diadoc_proto::documents::document_history::document_history_item::EventType;
use diadoc_proto::events::{
    DocumentSignature, Message, MessagePatchToPostV2, ResolutionAttachment,
    ResolutionRequestAttachment,
};
use diadoc_proto::json::{self, JsonMessage};
use diadoc_proto::{CustomDataItem, DocumentId, ResolutionRequestType, ResolutionType};
use serde_json::Value;

use super::{
    FIRST, SECOND, address, assert_same, both, contract, document, fake, post, refused, send,
};

fn id_of(message: &Message, index: usize) -> DocumentId {
    let documents = message
        .entities
        .iter()
        .filter(|one| one.document_info.is_some());
    let entity = documents
        .skip(index)
        .map(|one| one.entity_id.clone())
        .next();
    DocumentId {
        message_id: message.message_id.clone(),
        entity_id: entity.expect("a document"),
    }
}

fn ask(ids: &[DocumentId]) -> GetDocflowBatchRequest {
    GetDocflowBatchRequest {
        requests: ids
            .iter()
            .map(|id| GetDocflowRequest {
                document_id: id.clone(),
                ..GetDocflowRequest::default()
            })
            .collect(),
    }
}

async fn sign(fake: &Fake, side: &str, id: &DocumentId) {
    let body = MessagePatchToPostV2 {
        box_id: address(side),
        message_id: id.message_id.clone(),
        signatures: vec![DocumentSignature {
            parent_entity_id: id.entity_id.clone(),
            sign_with_test_signature: Some(true),
            ..DocumentSignature::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    send(fake, PostMessagePatchV4::new(body)).await;
}

/// An approval goes on while anybody is asked, though somebody else has answered last.
#[tokio::test]
async fn an_approval_with_an_open_request_is_not_finished() {
    let fake = fake().await;
    let id = id_of(&post(&fake, vec![contract("1")]).await, 0);
    let patch = |with: &dyn Fn(&mut MessagePatchToPostV2)| {
        let mut body = MessagePatchToPostV2 {
            box_id: address(SECOND),
            message_id: id.message_id.clone(),
            ..MessagePatchToPostV2::default()
        };
        with(&mut body);
        PostMessagePatchV4::new(body)
    };
    let request = patch(&|body| {
        body.resolution_requests.push(ResolutionRequestAttachment {
            initial_document_id: id.entity_id.clone(),
            r#type: ResolutionRequestType::ApprovementRequest.into(),
            target_user_id: Some("c41f2ab6-5b0e-4f7a-8a57-3d9c6f12e8b0".to_owned()),
            ..ResolutionRequestAttachment::default()
        });
    });
    let approval = patch(&|body| {
        body.resolutions.push(ResolutionAttachment {
            initial_document_id: id.entity_id.clone(),
            resolution_type: ResolutionType::Approve.into(),
            ..ResolutionAttachment::default()
        });
    });
    for (operation, (call, open)) in [
        (request.clone(), 1),
        (request, 2),
        (approval.clone(), 1),
        (approval, 0),
    ]
    .into_iter()
    .enumerate()
    {
        send(&fake, call.operation_id(operation.to_string())).await;
        let shown = both(
            &fake,
            GetDocflowsV4::new(SECOND, ask(std::slice::from_ref(&id))),
        )
        .await;
        let docflow = &shown.documents[0].docflow;
        let entities = docflow.resolution_entities.as_ref().unwrap();
        let requests = entities.requests.iter();
        assert_eq!(
            requests.filter(|one| one.resolved_with.is_none()).count(),
            open
        );
        let resolution = docflow.resolution.as_ref().unwrap();
        assert_eq!(resolution.is_finished, open == 0);
        let shown = both(
            &fake,
            GetDocflowsV5::new(SECOND, ask(std::slice::from_ref(&id))),
        )
        .await;
        let resolution = shown.documents[0].docflow.resolution.as_ref();
        assert_eq!(resolution.unwrap().is_finished, open == 0);
    }
}

/// The vendor's own example of a contract, as its recipient sees it, without what differs each time.
#[tokio::test]
async fn a_contract_is_what_the_vendor_shows() {
    let fake = fake().await;
    let mut attachment = contract("23");
    attachment.comment = Some("Посмотрите".into());
    let posted = post(&fake, vec![attachment]).await;
    let shown = both(&fake, GetDocflowsV4::new(SECOND, ask(&[id_of(&posted, 0)]))).await;
    let page = include_str!("../../../../../fixtures/SearchDocflows_V4_response.json");
    let page: Value = serde_json::from_str(page).unwrap();
    let mut shown = value(&shown)["Documents"][0].clone();
    let mut expected = value::<GetDocflowBatchResponseV4>(
        &json::from_str(&page.to_string()).unwrap(),
    )["Documents"][0]
        .clone();
    for one in [&mut shown, &mut expected] {
        // The page's document is approved, and older than these.
        for key in ["Resolution", "ResolutionEntities", "DocflowStatus"] {
            one["Docflow"][key] = Value::Null;
        }
        for key in [
            "HasUnreadOutOfWorkflowUniversalMessages",
            "IsRead",
            "LetterInfo",
        ] {
            one["DocumentInfo"][key] = Value::Null;
        }
        bare(one);
    }
    assert_same("docflow", &shown, &expected);
}

fn value<M: JsonMessage>(message: &M) -> Value {
    serde_json::from_str(&json::to_string(message).unwrap()).unwrap()
}

fn bare(value: &mut Value) {
    const DIFFERS: [&str; 12] = [
        "MessageId",
        "EntityId",
        "EventId",
        "BoxId",
        "SignerBoxId",
        "Ticks",
        "Size",
        "AttachmentFilename",
        "PowerOfAttorneyAttachmentStatus",
        "SignatureTypeInfo",
        "IsCrossBorder",
        "IsRoaming",
    ];
    match value {
        Value::Object(members) => {
            members.retain(|key, value| !DIFFERS.contains(&key.as_str()) && !value.is_null());
            let name = members.get("Key").and_then(Value::as_str);
            if name == Some("FileName") {
                members["Value"] = Value::Null;
            }
            members.values_mut().for_each(bare);
        }
        Value::Array(items) => items.iter_mut().for_each(bare),
        _ => {}
    }
}

#[tokio::test]
async fn documents_come_in_the_order_of_the_call_and_as_they_were_then() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1"), contract("2")]).await;
    let (first, second) = (id_of(&posted, 0), id_of(&posted, 1));
    let before = both(
        &fake,
        GetDocflowsV5::new(SECOND, ask(&[second.clone(), first.clone()])),
    )
    .await;
    let ids: Vec<_> = before
        .documents
        .iter()
        .map(|one| &one.document_id)
        .collect();
    assert_eq!(ids, [&second, &first]);
    sign(&fake, SECOND, &first).await;
    let status = |answer: &GetDocflowBatchResponseV4| {
        let response = answer.documents[0].docflow.recipient_response.as_ref();
        response.expect("a response").response_status()
    };
    let now = both(
        &fake,
        GetDocflowsV4::new(FIRST, ask(std::slice::from_ref(&first))),
    )
    .await;
    assert_eq!(
        status(&now),
        RecipientResponseStatus::WithRecipientSignature
    );
    let mut then = ask(&[first]);
    then.requests[0].last_event_id = Some(before.documents[0].last_event.event_id.clone());
    then.requests[0].inject_entity_content = Some(true);
    let then = both(&fake, GetDocflowsV4::new(SECOND, then)).await;
    assert_eq!(
        status(&then),
        RecipientResponseStatus::WaitingForRecipientSignature
    );
    let file = &then.documents[0].docflow.sender_title.attachment.attachment;
    let content = file
        .entity
        .as_ref()
        .and_then(|entity| entity.content.as_ref());
    assert!(content.is_some_and(|content| content.data.is_some()));
    let unknown = DocumentId {
        message_id: posted.message_id.clone(),
        entity_id: FIRST.to_owned(),
    };
    let why = refused(&fake, GetDocflowsV4::new(SECOND, ask(&[unknown]))).await;
    assert_eq!((why.status, why.code.as_str()), (404, "DiadocApi.NotFound"));
}

#[tokio::test]
async fn a_query_finds_words_and_tags() {
    let fake = fake().await;
    let mut tagged = document("Nonformalized", &[("FileName", "Смета на ремонт.pdf")]);
    tagged.custom_data.push(CustomDataItem {
        key: "Склад".into(),
        value: Some("Южный берег".into()),
    });
    let posted = post(&fake, vec![contract("23"), tagged]).await;
    let found = async |query: &str, scope: SearchScope| {
        let body = SearchDocflowsRequest {
            query_string: query.into(),
            scope: Some(scope.into()),
            ..SearchDocflowsRequest::default()
        };
        let page = both(&fake, SearchDocflowsV5::new(SECOND, body)).await;
        assert!(!page.have_more_documents);
        let documents = page.documents.into_iter();
        documents.map(|one| one.document_id).collect::<Vec<_>>()
    };
    let (contract, plan) = (id_of(&posted, 0), id_of(&posted, 1));
    let any = SearchScope::SearchScopeAny;
    assert_eq!(
        found("Договор 1.1.2000", any).await,
        std::slice::from_ref(&contract)
    );
    assert_eq!(
        found("29.05.2025", SearchScope::SearchScopeInbound).await,
        [contract]
    );
    assert_eq!(found("СМЕТА", any).await, std::slice::from_ref(&plan));
    assert_eq!(
        found("склад: Южный берег", any).await,
        std::slice::from_ref(&plan)
    );
    assert_eq!(found("склад: Южный", any).await, []);
    assert_eq!(found("смета", SearchScope::SearchScopeOutbound).await, []);
    assert_eq!(found("7705000010", any).await.len(), 2);
    let delete = Delete::new(SECOND, &plan.message_id).document_id(&plan.entity_id);
    send(&fake, delete).await;
    assert_eq!(found("смета", any).await, []);
    assert_eq!(
        found("смета", SearchScope::SearchScopeDeleted).await,
        [plan]
    );
}

#[tokio::test]
async fn a_packet_comes_in_pages() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1"), contract("2"), contract("3")]).await;
    let packet = posted.entities[0].packet_id.clone().expect("a packet");
    let mut numbers = Vec::new();
    let mut after = None;
    // A page of none is none of the last ones.
    for count in [0, 2, 0, 2, 2] {
        let body = GetDocflowsByPacketIdRequest {
            packet_id: packet.clone(),
            count: Some(count),
            after_index_key: after,
            ..GetDocflowsByPacketIdRequest::default()
        };
        let page = both(&fake, GetDocflowsByPacketIdV4::new(SECOND, body)).await;
        assert!(page.documents.len() <= count as usize);
        numbers.extend(
            page.documents
                .iter()
                .map(|one| one.document.document_id.clone()),
        );
        after = page.next_page_index_key;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(after, None);
    assert_eq!(numbers, [0, 1, 2].map(|index| id_of(&posted, index)));
}

#[tokio::test]
async fn changes_come_by_document_with_what_was_before() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1")]).await;
    sign(&fake, SECOND, &id_of(&posted, 0)).await;
    let body = GetDocflowEventsRequest {
        populate_documents: Some(true),
        populate_previous_document_states: Some(true),
        document_directions: vec!["OUTBOUND".into()],
        type_named_ids: vec!["Contract".into()],
        counteragent_box_id: Some(SECOND.into()),
        ..GetDocflowEventsRequest::default()
    };
    let all = both(&fake, GetDocflowEventsV4::new(FIRST, body.clone())).await;
    assert_eq!(all.total_count, i32::try_from(all.events.len()).ok());
    assert!(all.events.len() >= 3);
    for pair in all.events.windows(2) {
        assert_eq!(pair[1].previous_event_id.as_ref(), Some(&pair[0].event_id));
        assert_eq!(pair[1].previous_document_state, pair[0].document);
        assert!(pair[0].timestamp.ticks < pair[1].timestamp.ticks);
    }
    let mut rest = body.clone();
    rest.after_index_key = Some(all.events[0].index_key.clone());
    rest.limit = Some(1);
    let page = both(&fake, GetDocflowEventsV4::new(FIRST, rest)).await;
    assert_eq!(
        (page.events.as_slice(), page.total_count),
        (&all.events[1..2], all.total_count)
    );
    let mut inbound = body;
    inbound.document_directions = vec!["inbound".into()];
    let none = both(&fake, GetDocflowEventsV4::new(FIRST, inbound)).await;
    assert_eq!((none.events.len(), none.total_count), (0, Some(0)));
}

#[tokio::test]
async fn what_can_be_done_and_what_happened_follow_the_state() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1")]).await;
    let DocumentId {
        message_id,
        entity_id,
    } = id_of(&posted, 0);
    let can = async |side: &str| {
        let list = both(
            &fake,
            GetDocumentActions::new(side, &message_id, &entity_id),
        )
        .await;
        list.actions
            .iter()
            .map(|one| one.r#type())
            .collect::<Vec<_>>()
    };
    let (sender, recipient) = (can(FIRST).await, can(SECOND).await);
    assert!(sender.contains(&Type::RevokeUnilaterally));
    assert!(!sender.contains(&Type::SignParticipantTitle));
    assert!(recipient.contains(&Type::SignParticipantTitle));
    assert!(recipient.contains(&Type::RejectParticipantTitleSigning));
    sign(&fake, SECOND, &id_of(&posted, 0)).await;
    let (sender, recipient) = (can(FIRST).await, can(SECOND).await);
    assert!(sender.contains(&Type::RequestRevocation));
    assert!(!recipient.contains(&Type::SignParticipantTitle));
    let delete = || Delete::new(SECOND, &message_id);
    send(&fake, delete()).await;
    let why = refused(
        &fake,
        GetDocumentActions::new(SECOND, &message_id, &entity_id),
    )
    .await;
    assert_eq!(why.status, 404);
    send(&fake, Restore::new(SECOND, &message_id)).await;
    let history = both(
        &fake,
        GetDocumentHistory::new(SECOND, &message_id, &entity_id),
    )
    .await;
    let kinds: Vec<_> = history.items.iter().map(|item| item.r#type()).collect();
    assert_eq!(
        kinds,
        [
            EventType::Sent,
            EventType::Received,
            EventType::Signed,
            EventType::Deleted,
            EventType::Restored
        ]
    );
    let protocol = GenerateDocumentProtocol::new(SECOND, &message_id, &entity_id);
    let protocol = both(&fake, protocol).await;
    assert!(protocol.print_form.starts_with(b"%PDF"));
    let routes = both(&fake, GetResolutionRoutes::new(FIRST)).await;
    assert!(routes.resolution_routes.is_empty());
}
