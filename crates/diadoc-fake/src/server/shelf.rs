//! The document shelf: what was uploaded can be downloaded.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use diadoc_api::query;
use diadoc_core::base64;

use super::{Answer, Received, Script, defaults};
use crate::world::model::ShelfFile;
use crate::world::shelf::{MOST_MISSING, USER, bare, listed};

/// How many archives are remembered as asked for.
const MOST_ASKED: usize = 10_000;

/// What lies on the shelf, and which archives were asked for.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    files: HashMap<String, ShelfFile>,
    /// The queries of GenerateDocumentZip so far, as many as are remembered.
    asked: HashSet<Vec<(String, String)>>,
}

impl Shelf {
    /// Whether an archive was asked for by that query before.
    pub(super) fn asked_before(&mut self, query: &[(String, String)]) -> bool {
        if self.asked.len() >= MOST_ASKED {
            self.asked.clear();
        }
        !self.asked.insert(query.to_vec())
    }
}

/// A part of a file whose name the caller gives.
pub(super) fn upload(script: &Script, received: &Received) -> Answer {
    put(script, received, "nameOnShelf")
}

/// A further part of a file.
pub(super) fn upload_part(script: &Script, received: &Received) -> Answer {
    let name = bare(received.parameter("fileName").unwrap_or_default());
    let is_known = script.with_shelf(|shelf| shelf.files.contains_key(name));
    if !is_known {
        return Answer::error(404, "the shelf has no file of that name\n");
    }
    put(script, received, "fileName")
}

/// A whole file: the answer is the name that the shelf made.
pub(super) fn upload_whole(script: &Script, received: &Received) -> Answer {
    put_new(script, received, true)
}

/// The first part of a file: the answer is the name that the shelf made.
pub(super) fn upload_first(script: &Script, received: &Received) -> Answer {
    put_new(script, received, is_last(received))
}

fn put_new(script: &Script, received: &Received, is_last: bool) -> Answer {
    let extension = received.parameter("fileExtension").unwrap_or_default();
    let name = script.with_shelf(|shelf| {
        let name = format!("file-{}{extension}", shelf.files.len() + 1);
        let file = shelf.files.entry(name.clone()).or_default();
        file.put(0, received.body.clone(), is_last);
        name
    });
    Answer::text(name)
}

/// What was uploaded; of any other name an archive, as if GenerateDocumentZip had made it.
pub(super) fn download(script: &Script, received: &Received) -> Answer {
    let name = match received.parameter("fileName") {
        Some(name) if name.starts_with(USER) => {
            let text = format!("the shelf has no file of that name; leave out `{USER}`\n");
            return Answer::error(404, text);
        }
        Some(name) => name,
        None => bare(received.parameter("nameOnShelf").unwrap_or_default()),
    };
    let uploaded = script.with_shelf(|shelf| shelf.files.get(name).map(ShelfFile::content));
    let is_archive = uploaded.is_none();
    let Some(content) = uploaded.unwrap_or(Some(Bytes::from_static(defaults::ARCHIVE))) else {
        return Answer::error(404, "parts of the file are missing on the shelf\n");
    };
    if is_set(received, "makeBase64") {
        return Answer::text(base64::encode_to_string(&content));
    }
    let answer = Answer::bytes(content).file_name(name);
    match is_archive {
        true => answer.content_type("application/zip"),
        false => answer,
    }
}

fn put(script: &Script, received: &Received, parameter: &str) -> Answer {
    let name = bare(received.parameter(parameter).unwrap_or_default());
    // The check of the request has seen to it that there is a number.
    let index = received
        .parameter("partIndex")
        .and_then(|index| index.parse().ok());
    let missing = script.with_shelf(|shelf| {
        let file = shelf.files.entry(name.to_owned()).or_default();
        file.put(index.unwrap_or(0), received.body.clone(), is_last(received));
        file.missing(MOST_MISSING)
    });
    Answer::text(listed(&missing))
}

fn is_last(received: &Received) -> bool {
    is_set(received, "isLastPart")
}

fn is_set(received: &Received, flag: &str) -> bool {
    received.parameter(flag).and_then(query::flag) == Some(true)
}
