//! Archives and print forms of documents, made in the background.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};

use bytes::Bytes;
use diadoc_core::BoxId;
use diadoc_proto::events::EntityType;
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::access::Actor;
use super::model::{DocumentKey, Task};
use super::state::{DocumentState, Sighted};
use super::{Refusal, World, pdf};

/// What a shelf has under a name, once it is made.
pub(crate) enum Made {
    /// It is on the shelf under that name.
    Ready(String),
    /// It is being made.
    Pending,
}

/// The names of files within an archive are no longer than this: Windows takes paths of 260 characters.
const LONGEST_NAME: usize = 120;

impl World {
    /// The archive of a document, or word that it is being made.
    ///
    /// A new archive is made whenever something has happened to the document since the last one.
    ///
    /// # Errors
    ///
    /// 404 where the box knows of no such document, 403 where it is not for the employee's eyes.
    pub(crate) fn archive(
        &mut self,
        actor: &Actor,
        document: DocumentKey,
        is_full: bool,
    ) -> Result<Made, Refusal> {
        let state = self.document_for(actor, document)?;
        let suffix = if is_full { ".FullDocflow_" } else { "" };
        let name = format!(
            "Diadoc.Documents.{}.{}.{}.{}{suffix}.zip",
            actor.box_id.guid(),
            document.letter,
            document.entity,
            state.last_patch().at.get(),
        );
        if self.is_on_shelf(actor.user, &name) {
            return Ok(Made::Ready(name));
        }
        let task = Task::Archive {
            box_id: actor.box_id,
            user: actor.user,
            document,
            is_full,
            name,
        };
        let is_due = self.tables.tasks.iter().any(|(_, other)| *other == task);
        if !is_due {
            self.later(self.archive_delay, task);
        }
        Ok(Made::Pending)
    }

    /// Puts an archive on the shelf of a user.
    pub(super) fn make_archive(
        &mut self,
        box_id: BoxId,
        user: Uuid,
        document: DocumentKey,
        is_full: bool,
        name: String,
    ) -> Result<(), Refusal> {
        let gone = || Refusal::not_found("the document is there no longer");
        let letter = self.tables.letters.get(&document.letter).ok_or_else(gone)?;
        let upto = letter.patches.len();
        let state = DocumentState::of(letter, document.entity, box_id, upto).ok_or_else(gone)?;
        let content = self.pack(&state, is_full);
        let content = content.map_err(|error| Refusal::failed(error.to_string()))?;
        self.put_on_shelf(user, &name, (0, content.into()), true)?;
        Ok(())
    }

    fn pack(
        &self,
        state: &DocumentState<'_>,
        is_full: bool,
    ) -> Result<Vec<u8>, zip::result::ZipError> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let mut names = Names::default();
        let mut add = |name: &str, content: &[u8]| {
            archive.start_file(names.free(name), options)?;
            archive
                .write_all(content)
                .map_err(zip::result::ZipError::from)
        };
        let document = state.key().entity;
        let files = state.pieces.iter().filter(|sighted| {
            let id = sighted.id();
            let is_wanted = is_full || id == document || sighted.piece.parent() == Some(document);
            // The one with a time stamp holds it.
            is_wanted && !state.is_stamped(id)
        });
        for sighted in files {
            if let Some(content) = self.content_of(state, sighted) {
                add(&name_of(state, sighted), &content)?;
            }
        }
        let title = name_of(state, state.document);
        add(
            &format!("Протокол {title}.pdf"),
            &pdf::page("Transfer protocol"),
        )?;
        add(
            &format!("Печатная форма {title}.pdf"),
            &pdf::page("Print form"),
        )?;
        Ok(archive.finish()?.into_inner())
    }

    /// The bytes of an entity, as they are after what the state knows.
    pub(crate) fn content_of(
        &self,
        state: &DocumentState<'_>,
        sighted: Sighted<'_>,
    ) -> Option<Bytes> {
        let edited = state.flags.edited.get(&sighted.id()).copied();
        let content = edited.or(sighted.piece.content)?;
        self.tables.contents.get(&content.id).cloned()
    }
}

/// A name for an entity: its own, or what it is, and under which file.
fn name_of(state: &DocumentState<'_>, sighted: Sighted<'_>) -> String {
    let entity = &sighted.piece.entity;
    let is_signature = entity.entity_type() == EntityType::Signature;
    if let Some(name) = entity.file_name.as_deref().filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    let parent = sighted.piece.parent();
    let parent = parent.and_then(|parent| state.pieces.get(parent));
    match (is_signature, parent) {
        (true, Some(file)) => format!("{}.sig", name_of(state, file)),
        (true, None) => "signature.sig".to_owned(),
        (false, _) => format!("{}.txt", entity.attachment_type().as_str_name()),
    }
}

/// The names in an archive, each once.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// A name that no path can hide in and that is not taken yet.
    fn free(&mut self, wanted: &str) -> String {
        let is_kept = |c: char| !c.is_control() && !r#"/\:*?"<>|"#.contains(c);
        let clean: String = wanted
            .chars()
            .map(|c| if is_kept(c) { c } else { '_' })
            .collect();
        let (stem, extension) = match clean.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
            _ => (&*clean, String::new()),
        };
        let room = LONGEST_NAME
            .saturating_sub(extension.chars().count())
            .max(1);
        let stem: String = stem.chars().take(room).collect();
        let mut name = format!("{stem}{extension}");
        let mut number = 1;
        while !self.0.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{stem} ({number}){extension}");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_free_of_paths_and_of_each_other() {
        let mut names = Names::default();
        assert_eq!(names.free("../акт.pdf"), ".._акт.pdf");
        assert_eq!(names.free("акт.pdf"), "акт.pdf");
        assert_eq!(names.free("Акт.PDF"), "Акт (2).PDF");
        assert_eq!(names.free(".env"), ".env");
        assert!(names.free(&"д".repeat(400)).chars().count() <= 120);
    }
}
