//! The document shelf.

use bytes::Bytes;
use diadoc_core::base64;

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::shelf::{USER, bare, listed};
use crate::world::{Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "ShelfUpload" => upload,
        "ShelfUploadV2" => upload_whole,
        "ShelfUploadPartInit" => upload_first,
        "ShelfUploadPart" => upload_part,
        "ShelfDownload" | "ShelfDownloadV2" => download,
        _ => return None,
    })
}

/// A part of a file whose name the caller gives.
fn upload(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let name = asked.text("nameOnShelf").unwrap_or_default();
    let Some(name) = name.strip_prefix(USER) else {
        let text = "Files can't be put into the public part of the shelf";
        return Err(Refusal::bad_request(text));
    };
    put(world, asked, name)
}

/// A further part of a file.
fn upload_part(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let name = bare(asked.text("fileName").unwrap_or_default());
    match world.is_on_shelf(asked.user, name) {
        true => put(world, asked, name),
        false => Err(unknown(name)),
    }
}

/// A whole file: the answer is the name that the shelf made.
fn upload_whole(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let name = new_name(world, asked);
    world.put_on_shelf(asked.user, &name, (0, body(asked)), true)?;
    Ok(Answer::text(name))
}

/// The first part of a file: the answer is the name that the shelf made.
fn upload_first(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let name = new_name(world, asked);
    world.put_on_shelf(
        asked.user,
        &name,
        (0, body(asked)),
        asked.flag("isLastPart")? == Some(true),
    )?;
    Ok(Answer::text(name))
}

fn download(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let name = match asked.text("fileName") {
        // The newer version wants the name alone.
        Some(name) if name.starts_with(USER) => return Err(unknown(name)),
        Some(name) => name,
        None => bare(asked.text("nameOnShelf").unwrap_or_default()),
    };
    let content = world.on_shelf(asked.user, name);
    let content = content.ok_or_else(|| unknown(name))?;
    if asked.flag("makeBase64")? == Some(true) {
        return Ok(Answer::text(base64::encode_to_string(&content)));
    }
    let answer = Answer::bytes(content).file_name(name);
    Ok(match name.ends_with(".zip") {
        true => answer.content_type("application/zip"),
        false => answer,
    })
}

fn put(world: &mut World, asked: &Asked<'_>, name: &str) -> Result<Answer, Refusal> {
    let index = asked.optional("partIndex")?.unwrap_or(0);
    let is_last = asked.flag("isLastPart")? == Some(true);
    let missing = world.put_on_shelf(asked.user, name, (index, body(asked)), is_last)?;
    Ok(Answer::text(listed(&missing)))
}

fn new_name(world: &mut World, asked: &Asked<'_>) -> String {
    world.new_shelf_name(asked.text("fileExtension").unwrap_or_default())
}

fn body(asked: &Asked<'_>) -> Bytes {
    asked.received.body.clone()
}

fn unknown(name: &str) -> Refusal {
    Refusal::not_found(format!("File {name} not found on the shelf"))
}
