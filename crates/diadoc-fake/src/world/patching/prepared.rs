//! Contents that were prepared for signing: their ids, `patched-content/<box>/<message>/<entity>/<content>`.

use diadoc_core::BoxId;
use uuid::Uuid;

/// The id of a content that was prepared for a document.
pub(crate) fn id_of(content: Uuid, box_id: BoxId, letter: Uuid, entity: Uuid) -> String {
    let box_id = box_id.guid();
    format!("patched-content/{box_id}/{letter}/{entity}/{content}")
}

/// The key of a content, where the id is of one for that document.
pub(crate) fn key_of(id: &str, box_id: BoxId, letter: Uuid, entity: Uuid) -> Option<Uuid> {
    let prefix = id_of(Uuid::nil(), box_id, letter, entity);
    let prefix = prefix.strip_suffix(&Uuid::nil().to_string())?;
    Uuid::parse_str(id.strip_prefix(prefix)?).ok()
}
