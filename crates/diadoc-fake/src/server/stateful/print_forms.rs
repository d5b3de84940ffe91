//! Archives and print forms.

use diadoc_proto::documents::DocumentZipGenerationResult;

use super::{Asked, Handler, pending};
use crate::server::Answer;
use crate::world::archive::Made;
use crate::world::model::DocumentKey;
use crate::world::shelf::USER;
use crate::world::{Refusal, World, pdf};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GenerateDocumentZip" => archive,
        "GeneratePrintForm" => print_form,
        _ => return None,
    })
}

fn archive(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let document = document(asked)?;
    match world.archive(&actor, document, asked.flag("fullDocflow")? == Some(true))? {
        Made::Pending => Ok(pending(asked)),
        Made::Ready(name) => Ok(Answer::message(&DocumentZipGenerationResult {
            zip_file_name_on_shelf: Some(format!("{USER}{name}")),
        })),
    }
}

/// The fake computes no print form: it makes one up that says so.
fn print_form(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let state = world.document_for(&actor, document(asked)?)?;
    let name = state.document.piece.entity.file_name.as_deref();
    let name = format!("{}.pdf", name.unwrap_or("document"));
    Ok(Answer::bytes(pdf::page("Print form"))
        .content_type("application/pdf")
        .file_name(&name))
}

fn document(asked: &Asked<'_>) -> Result<DocumentKey, Refusal> {
    Ok(DocumentKey {
        letter: asked.guid("messageId")?,
        entity: asked.guid("documentId")?,
    })
}
