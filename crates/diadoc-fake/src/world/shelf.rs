//! The shelves of users: files that wait to be sent or fetched.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use super::model::ShelfFile;
use super::{Refusal, World, clock};

/// The part of a name that stands for the calling user.
pub(crate) const USER: &str = "__userId__/";

/// How long a file lies there.
const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The bytes that a file has at most.
const MOST_BYTES: usize = 400 << 20;
/// How many of the missing parts are told at once.
const MOST_MISSING: usize = 1000;

impl World {
    /// Puts a part of a file onto the shelf of a user; the numbers of the parts that are missing.
    ///
    /// # Errors
    ///
    /// 400 where the file becomes too long.
    pub(crate) fn put_on_shelf(
        &mut self,
        user: Uuid,
        name: &str,
        (index, part): (u32, Bytes),
        is_last: bool,
    ) -> Result<Vec<u32>, Refusal> {
        let mut file = self.shelf_file(user, name).cloned().unwrap_or_default();
        file.since.get_or_insert(self.now());
        file.parts.insert(index, part);
        if is_last {
            let count = index.saturating_add(1);
            file.count = Some(count);
            file.parts.split_off(&count);
        }
        let size: usize = file.parts.values().map(Bytes::len).sum();
        if size > MOST_BYTES {
            let text = format!("The file on the shelf is longer than {MOST_BYTES} bytes");
            return Err(Refusal::bad_request(text));
        }
        let missing = missing(&file.parts, file.count.unwrap_or(0));
        self.tables.shelf.insert((user, name.to_owned()), file);
        Ok(missing)
    }

    /// A name for a new file.
    pub(crate) fn new_shelf_name(&mut self, extension: &str) -> String {
        format!("{}{extension}", self.new_id())
    }

    /// Whether there is a file, whole or not.
    pub(crate) fn is_on_shelf(&self, user: Uuid, name: &str) -> bool {
        self.shelf_file(user, name).is_some()
    }

    /// The content of a file on the shelf of a user, by its name with or without `__userId__/`; none
    /// where it is not there, or where parts of it are missing.
    pub(crate) fn on_shelf(&self, user: Uuid, name: &str) -> Option<Bytes> {
        let name = name.strip_prefix(USER).unwrap_or(name);
        let file = self.shelf_file(user, name)?;
        let count = file.count?;
        if !missing(&file.parts, count).is_empty() {
            return None;
        }
        Some(match file.parts.values().next() {
            Some(only) if file.parts.len() == 1 => only.clone(),
            _ => file.parts.values().flatten().copied().collect(),
        })
    }

    fn shelf_file(&self, user: Uuid, name: &str) -> Option<&ShelfFile> {
        let file = self.tables.shelf.get(&(user, name.to_owned()))?;
        let since = file.since?;
        let end = clock::moved(since.get(), clock::ticks_of(LIFE));
        (self.now() < end).then_some(file)
    }
}

/// The numbers below `count` that have no part, as many as are told.
fn missing(parts: &BTreeMap<u32, Bytes>, count: u32) -> Vec<u32> {
    let missing = (0..count).filter(|index| !parts.contains_key(index));
    missing.take(MOST_MISSING).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::MOST_MISSING;
    use crate::world::World;

    #[test]
    fn a_great_number_of_parts_costs_nothing() {
        let mut world = World::default();
        let user = world.new_id();
        let last = (2_147_483_647, Bytes::from_static(b"x"));
        let missing = world.put_on_shelf(user, "a", last, true).unwrap();
        assert_eq!(missing.len(), MOST_MISSING);
        assert_eq!(world.on_shelf(user, "a"), None);
    }
}
