//! Strings that an organization keeps under keys.

use diadoc_proto::key_value_storage::{
    KeyValueStorageApiGetRequest, KeyValueStorageApiGetResponse, KeyValueStorageApiPutRequest,
    KeyValueStorageEntry,
};

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::{Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "KeyValueStorageGetV2" => get,
        "KeyValueStoragePutV2" => put,
        _ => return None,
    })
}

fn get(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let request: KeyValueStorageApiGetRequest = asked.message()?;
    let entries = world.stored(&actor, request.keys).into_iter();
    let entries = entries.map(|(key, value)| KeyValueStorageEntry { key, value });
    Ok(Answer::message(&KeyValueStorageApiGetResponse {
        entries: entries.collect(),
    }))
}

fn put(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let request: KeyValueStorageApiPutRequest = asked.message()?;
    for entry in request.entries {
        world.store(&actor, entry.key, entry.value);
    }
    Ok(Answer::nothing())
}
