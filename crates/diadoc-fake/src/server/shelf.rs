//! The document shelf: what was uploaded can be downloaded.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use bytes::Bytes;
use diadoc_api::query;
use diadoc_core::{Ticks, base64};

use super::{Answer, Received, Script, defaults};
use crate::world::model::ShelfFile;
use crate::world::shelf::{MOST_MISSING, USER, bare, beyond, listed, put};

/// How many archives are remembered as asked for.
const MOST_ASKED: usize = 10_000;

/// What lies on the shelf, and which archives were asked for.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    files: HashMap<String, ShelfFile>,
    /// How many files were given a name.
    named: usize,
    /// The queries of GenerateDocumentZip so far, as many as are remembered, hashed: of a query of any
    /// length a number is kept.
    asked: HashSet<u64>,
    hash: RandomState,
}

impl Shelf {
    /// Whether an archive was asked for by that query before.
    pub(super) fn asked_before(&mut self, query: &[(String, String)]) -> bool {
        if self.asked.len() >= MOST_ASKED {
            self.asked.clear();
        }
        !self.asked.insert(self.hash.hash_one(query))
    }

    /// Puts a part into a file; the numbers of the parts that are missing, or why it is refused.
    fn put(
        &mut self,
        name: &str,
        index: u32,
        part: Bytes,
        is_last: bool,
    ) -> Result<Vec<u32>, String> {
        let mut file = self.files.get(name).cloned().unwrap_or_default();
        // The oldest go first where there is no room.
        file.since
            .get_or_insert_with(|| Ticks::now().unwrap_or(Ticks::UNIX_EPOCH));
        put(&mut file, index, part, is_last)?;
        let missing = file.missing(MOST_MISSING);
        self.files.insert(name.to_owned(), file);
        let others = self.files.iter().filter(|(other, _)| *other != name);
        for beyond in beyond(&self.files[name], others) {
            self.files.remove(&beyond);
        }
        Ok(missing)
    }
}

/// A part of a file whose name the caller gives.
pub(super) fn upload(script: &Script, received: &Received) -> Answer {
    put_part(script, received, "nameOnShelf")
}

/// A further part of a file.
pub(super) fn upload_part(script: &Script, received: &Received) -> Answer {
    let name = bare(received.parameter("fileName").unwrap_or_default());
    let is_known = script.with_shelf(|shelf| shelf.files.contains_key(name));
    if !is_known {
        return Answer::error(404, "the shelf has no file of that name\n");
    }
    put_part(script, received, "fileName")
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
    let put = script.with_shelf(|shelf| {
        shelf.named += 1;
        let name = format!("file-{}{extension}", shelf.named);
        let put = shelf.put(&name, 0, received.body.clone(), is_last);
        put.map(|_| name)
    });
    match put {
        Ok(name) => Answer::text(name),
        Err(why) => Answer::error(400, why + "\n"),
    }
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

fn put_part(script: &Script, received: &Received, parameter: &str) -> Answer {
    let name = bare(received.parameter(parameter).unwrap_or_default());
    // The check of the request has seen to it that there is a number.
    let index = received
        .parameter("partIndex")
        .and_then(|index| index.parse().ok());
    let (part, is_last) = (received.body.clone(), is_last(received));
    let put = script.with_shelf(|shelf| shelf.put(name, index.unwrap_or(0), part, is_last));
    match put {
        Ok(missing) => Answer::text(listed(&missing)),
        Err(why) => Answer::error(400, why + "\n"),
    }
}

fn is_last(received: &Received) -> bool {
    is_set(received, "isLastPart")
}

fn is_set(received: &Received, flag: &str) -> bool {
    received.parameter(flag).and_then(query::flag) == Some(true)
}
