//! What can be done with a document, what happened to it, its protocol, and routes of approval.

use diadoc_core::BoxId;
use diadoc_proto::documents::document_history::DocumentHistory;
use diadoc_proto::documents::{
    AssignResolutionRouteToParticipantTitleDocumentActionPayload,
    AttachParticipantTitleDocumentActionPayload, ConfirmReceiptOfTitleDocumentActionPayload,
    DocumentAction, DocumentActionList, DocumentActionPayload, DocumentActionType,
    DocumentProtocol, RejectParticipantTitleSigningDocumentActionPayload,
    RemoveResolutionRouteFromParticipantTitleDocumentActionPayload,
    SignParticipantTitleDocumentActionPayload,
};
use diadoc_proto::{ResolutionRoute, ResolutionRouteList};

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::access::Actor;
use crate::world::actions::Possible;
use crate::world::model::DocumentKey;
use crate::world::state::DocumentState;
use crate::world::views::docflow::{Contents, Embedded};
use crate::world::{Refusal, World, pdf, signature};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetDocumentActions" => actions,
        "GetDocumentHistory" => history,
        "GenerateDocumentProtocol" => protocol,
        "GetResolutionRoutes" => routes,
        "GetResolutionRoutesForOrganization" => routes_of_organization,
        _ => return None,
    })
}

/// The document that a call names, and who asks.
fn document<'w>(
    world: &'w World,
    asked: &Asked<'_>,
    entity: &str,
) -> Result<(Actor, DocumentState<'w>), Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let key = DocumentKey {
        letter: asked.guid("messageId")?,
        entity: asked.guid(entity)?,
    };
    let state = world.document_after(actor.box_id, key, None)?;
    actor.needs_document(&state)?;
    Ok((actor, state))
}

/// The same, where it is not deleted.
fn present<'w>(world: &'w World, asked: &Asked<'_>) -> Result<(Actor, DocumentState<'w>), Refusal> {
    let (actor, state) = document(world, asked, "entityId")?;
    match state.flags.is_deleted {
        false => Ok((actor, state)),
        true => {
            let DocumentKey { letter, entity } = state.key();
            Err(Refusal::not_found(format!(
                "Document {letter}:{entity} not found"
            )))
        }
    }
}

fn actions(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let (actor, state) = present(world, asked)?;
    let actions = world.actions(&actor, &state);
    Ok(Answer::message(&DocumentActionList {
        actions: actions.into_iter().map(action).collect(),
    }))
}

fn action(possible: Possible) -> DocumentAction {
    DocumentAction {
        r#type: possible.kind.into(),
        payload: payload(possible).map(Box::new),
    }
}

/// What an action needs to be known of it.
fn payload(possible: Possible) -> Option<DocumentActionPayload> {
    use DocumentActionType as Type;
    let title_index = possible.title.unwrap_or_default();
    let mut payload = DocumentActionPayload::default();
    match possible.kind {
        Type::RejectParticipantTitleSigning => {
            let title = RejectParticipantTitleSigningDocumentActionPayload { title_index };
            payload.reject_participant_title_signing = Some(Box::new(title));
        }
        Type::SignApprovingly => payload.sign_approvingly = Some(Box::default()),
        Type::RequestApprovement => payload.request_approvement = Some(Box::default()),
        Type::RequestPrimarySignature => payload.request_primary_signature = Some(Box::default()),
        Type::RequestApprovementSignature => {
            payload.request_approvement_signature = Some(Box::default());
        }
        Type::ResolveWithApprove => payload.resolve_with_approve = Some(Box::default()),
        Type::ResolveWithDisapprove => payload.resolve_with_disapprove = Some(Box::default()),
        Type::CancelResolution => payload.cancel_resolution = Some(Box::default()),
        Type::CancelResolutionRequest => payload.cancel_resolution_request = Some(Box::default()),
        Type::DenySignatureRequest => payload.deny_signature_request = Some(Box::default()),
        Type::CancelSignatureRequestDenial => {
            payload.cancel_signature_request_denial = Some(Box::default());
        }
        Type::AssignResolutionRouteToParticipantTitle => {
            let title =
                AssignResolutionRouteToParticipantTitleDocumentActionPayload { title_index };
            payload.assign_resolution_route_to_participant_title = Some(Box::new(title));
        }
        Type::RemoveResolutionRouteFromParticipantTitle => {
            let title =
                RemoveResolutionRouteFromParticipantTitleDocumentActionPayload { title_index };
            payload.remove_resolution_route_from_participant_title = Some(Box::new(title));
        }
        Type::AttachParticipantTitle => {
            let title = AttachParticipantTitleDocumentActionPayload {
                title_index,
                is_optional: false,
                predefined_operation_result: None,
            };
            payload.attach_participant_title = Some(Box::new(title));
        }
        Type::SignParticipantTitle => {
            let title = SignParticipantTitleDocumentActionPayload {
                title_index,
                predefined_operation_result: None,
            };
            payload.sign_participant_title = Some(Box::new(title));
        }
        Type::ConfirmReceiptOfTitle => {
            let title = ConfirmReceiptOfTitleDocumentActionPayload { title_index };
            payload.confirm_receipt_of_title = Some(Box::new(title));
        }
        _ => return None,
    }
    Some(payload)
}

fn history(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let (_, state) = present(world, asked)?;
    let mut embedded = Embedded::default();
    for name in asked.text("embed").unwrap_or_default().split(',') {
        match name.trim() {
            "" | "None" => {}
            "Comments" => embedded.comments = true,
            "ResolutionEntities" => embedded.resolutions = true,
            other => {
                let text = format!("embed: unknown value {other}");
                return Err(Refusal::bad_request(text));
            }
        }
    }
    let contents = Contents::new(false);
    let history: DocumentHistory = world.history_view(&state, &contents, embedded);
    Ok(Answer::message(&history))
}

/// A protocol that says it is made up, with a signature that is.
fn protocol(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    document(world, asked, "documentId")?;
    Ok(Answer::message(&DocumentProtocol {
        print_form: pdf::page("Transfer protocol").into(),
        signature: signature::made_up("подпись под протоколом передачи"),
    }))
}

fn routes(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let box_id = asked.box_id("boxId")?;
    routes_in(world, asked, box_id)
}

fn routes_of_organization(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let id = asked.guid("orgId")?;
    let mut organizations = world.tables.organizations.iter();
    let found = organizations.find(|(_, row)| row.id == id);
    let box_id = found.map(|(box_id, _)| *box_id);
    let box_id =
        box_id.ok_or_else(|| Refusal::not_found(format!("Organization {id} not found")))?;
    routes_in(world, asked, box_id)
}

fn routes_in(world: &World, asked: &Asked<'_>, box_id: BoxId) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, box_id)?;
    let organization = world.tables.organizations.get(&actor.box_id);
    let routes = organization.map(|row| &row.routes).into_iter().flatten();
    Ok(Answer::message(&ResolutionRouteList {
        resolution_routes: routes
            .map(|(id, route)| ResolutionRoute {
                route_id: id.to_string(),
                name: route.name.clone(),
            })
            .collect(),
    }))
}
