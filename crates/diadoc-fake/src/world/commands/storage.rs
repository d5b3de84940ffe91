//! Strings that an organization keeps under keys.

use crate::world::World;
use crate::world::access::Actor;

impl World {
    /// The strings that are kept under some of these keys, with the keys.
    pub(crate) fn stored(
        &self,
        actor: &Actor,
        keys: impl IntoIterator<Item = String>,
    ) -> Vec<(String, String)> {
        let entries = keys.into_iter().filter_map(|key| {
            let value = self.tables.storage.get(&(actor.box_id, key.clone()))?;
            Some((key, value.clone()))
        });
        entries.collect()
    }

    /// Keeps a string, in the place of the one of the same key.
    pub(crate) fn store(&mut self, actor: &Actor, key: String, value: String) {
        self.tables.storage.insert((actor.box_id, key), value);
    }
}
