//! Files that are made for documents of the world, to be signed and sent.

use diadoc_proto::events::{
    DocumentPatchedContent, PrepareDocumentsToSignRequest, PrepareDocumentsToSignResponse,
};
use diadoc_proto::invoicing::{
    InvoiceCorrectionRequestGenerationRequestV2, ReceiptGenerationRequestV2, RevocationRequestInfo,
    SignatureRejectionGenerationRequestV2,
};
use uuid::Uuid;

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::generation::{Generated, Wanted};
use crate::world::posting::box_of;
use crate::world::service::Service;
use crate::world::{Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GenerateReceiptXmlV2" => receipt,
        "GenerateInvoiceCorrectionRequestXmlV2" => correction_request,
        "GenerateSignatureRejectionXmlV2" => rejection,
        "GenerateRevocationRequestXmlV2" => revocation_request,
        "GenerateUniversalMessage" => universal_message,
        "GenerateTitleXml" => title,
        "GenerateTtGisFixationCancellationRequest" => fixation_cancellation,
        "PrepareDocumentsToSign" => prepare,
        _ => return None,
    })
}

fn receipt(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let body: ReceiptGenerationRequestV2 = asked.message()?;
    let wanted = wanted(Service::Receipt, &body.message_id, &body.attachment_id, "");
    generate(world, asked, &wanted)
}

fn correction_request(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let body: InvoiceCorrectionRequestGenerationRequestV2 = asked.message()?;
    let service = Service::CorrectionRequest;
    let (letter, entity) = (&body.message_id, &body.attachment_id);
    let wanted = wanted(service, letter, entity, &body.error_message);
    generate(world, asked, &wanted)
}

fn rejection(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let body: SignatureRejectionGenerationRequestV2 = asked.message()?;
    let (letter, entity) = (&body.message_id, &body.attachment_id);
    let wanted = wanted(Service::Rejection, letter, entity, body.error_message());
    generate(world, asked, &wanted)
}

fn revocation_request(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let body: RevocationRequestInfo = asked.message()?;
    let wanted = Wanted {
        service: Service::Revocation,
        letter: asked.guid("messageId")?,
        entity: asked.guid("attachmentId")?,
        comment: body.comment().to_owned(),
        data: bytes::Bytes::new(),
    };
    generate(world, asked, &wanted)
}

fn universal_message(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let wanted = Wanted {
        service: Service::UniversalMessage,
        letter: asked.guid("messageId")?,
        entity: asked.guid("attachmentId")?,
        comment: String::new(),
        data: asked.received.body.clone(),
    };
    generate(world, asked, &wanted)
}

/// The title of a participant after the first one is made for a document of the world; the first title
/// knows no document yet.
fn title(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let index: i32 = asked.optional("titleIndex")?.unwrap_or(0);
    let data = asked.received.body.clone();
    let made = match index {
        0 => world.generate_first_title(
            &actor,
            [
                asked.text("documentTypeNamedId").unwrap_or_default(),
                asked.text("documentFunction").unwrap_or_default(),
                asked.text("documentVersion").unwrap_or_default(),
            ],
            &data,
        )?,
        _ => {
            let wanted = Wanted {
                service: Service::Title,
                letter: asked.guid("letterId")?,
                entity: asked.guid("documentId")?,
                comment: String::new(),
                data,
            };
            world.generate(&actor, &wanted)?
        }
    };
    Ok(file(made))
}

fn fixation_cancellation(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let (letter, document) = (asked.guid("messageId")?, asked.guid("documentId")?);
    Ok(file(world.generate_fixation_cancellation(
        &actor, letter, document,
    )?))
}

fn wanted(service: Service, letter: &str, entity: &str, comment: &str) -> Wanted {
    Wanted {
        service,
        letter: Uuid::parse_str(letter).unwrap_or_default(),
        entity: Uuid::parse_str(entity).unwrap_or_default(),
        comment: comment.to_owned(),
        data: bytes::Bytes::new(),
    }
}

fn generate(world: &mut World, asked: &Asked<'_>, wanted: &Wanted) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    Ok(file(world.generate(&actor, wanted)?))
}

fn file(made: Generated) -> Answer {
    Answer::bytes(made.content)
        .content_type(made.media_type)
        .file_name(&made.name)
}

/// Contents to sign: of each document that can be prepared, drafts and letters alike.
fn prepare(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let body: PrepareDocumentsToSignRequest = asked.message()?;
    let box_id = box_of(&body.box_id)?;
    let actor = world.enter(asked.user, box_id)?;
    let with_content = asked.text("excludeContent") != Some("true");
    let drafts = body.draft_documents.into_iter().map(|one| one.document_id);
    let documents = body.documents.into_iter().map(|one| one.document_id);
    let mut contents = Vec::new();
    for id in drafts.chain(documents) {
        let letter = Uuid::parse_str(&id.message_id).unwrap_or_default();
        let entity = Uuid::parse_str(&id.entity_id).unwrap_or_default();
        let Some((patched_content_id, content)) = world.prepare(&actor, letter, entity)? else {
            continue;
        };
        contents.push(DocumentPatchedContent {
            document_id: id,
            patched_content_id,
            content: with_content.then_some(content),
        });
    }
    Ok(Answer::message(&PrepareDocumentsToSignResponse {
        document_patched_contents: contents,
    }))
}
