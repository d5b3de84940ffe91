//! The shelves of users: files that wait to be sent or fetched.

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
pub(crate) const MOST_MISSING: usize = 1000;

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
        file.put(index, part, is_last);
        let size: usize = file.parts.values().map(Bytes::len).sum();
        if size > MOST_BYTES {
            let text = format!("The file on the shelf is longer than {MOST_BYTES} bytes");
            return Err(Refusal::bad_request(text));
        }
        let missing = file.missing(MOST_MISSING);
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
        self.shelf_file(user, bare(name))?.content()
    }

    fn shelf_file(&self, user: Uuid, name: &str) -> Option<&ShelfFile> {
        let file = self.tables.shelf.get(&(user, name.to_owned()))?;
        let since = file.since?;
        let end = clock::moved(since.get(), clock::ticks_of(LIFE));
        (self.now() < end).then_some(file)
    }
}

/// A name without what stands for the user.
pub(crate) fn bare(name: &str) -> &str {
    name.strip_prefix(USER).unwrap_or(name)
}

/// The numbers of missing parts as the server lists them.
pub(crate) fn listed(missing: &[u32]) -> String {
    let missing: Vec<_> = missing.iter().map(u32::to_string).collect();
    format!("[{}]", missing.join(","))
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
