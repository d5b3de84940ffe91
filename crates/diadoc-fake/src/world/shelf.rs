//! The shelves of users: files that wait to be sent or fetched.

use std::time::Duration;

use bytes::Bytes;
use diadoc_core::Ticks;
use uuid::Uuid;

use super::model::ShelfFile;
use super::{Refusal, World, clock};

/// The part of a name that stands for the calling user.
pub(crate) const USER: &str = "__userId__/";

/// How long a file lies there.
const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The bytes that a file has at most.
const MOST_BYTES: usize = 400 << 20;
/// How many parts it has at most.
const MOST_PARTS: usize = 10_000;
/// How many files there are at most, and of how many bytes altogether: beyond that the oldest go.
const MOST_FILES: usize = 10_000;
const MOST_ALTOGETHER: usize = 1 << 30;
/// What a part takes beside its bytes, roughly.
const PART: usize = 64;
/// How many of the missing parts are told at once.
pub(crate) const MOST_MISSING: usize = 1000;

impl World {
    /// Puts a part of a file onto the shelf of a user; the numbers of the parts that are missing.
    ///
    /// # Errors
    ///
    /// 400 where the file becomes too long. Files whose time has ended go, and where there is no room
    /// for all, the oldest others.
    pub(crate) fn put_on_shelf(
        &mut self,
        user: Uuid,
        name: &str,
        (index, part): (u32, Bytes),
        is_last: bool,
    ) -> Result<Vec<u32>, Refusal> {
        let mut file = self.shelf_file(user, name).cloned().unwrap_or_default();
        file.since.get_or_insert(self.now());
        put(&mut file, index, part, is_last).map_err(Refusal::bad_request)?;
        let missing = file.missing(MOST_MISSING);
        let key = (user, name.to_owned());
        let now = self.now();
        let (ended, others): (Vec<_>, Vec<_>) = self
            .tables
            .shelf
            .iter()
            .filter(|(other, _)| **other != key)
            .partition(|(_, other)| has_ended(other, now));
        let ended = ended.into_iter().map(|(other, _)| other.clone());
        let gone: Vec<_> = ended.chain(beyond(&file, others)).collect();
        for other in gone {
            self.tables.shelf.remove(&other);
        }
        self.tables.shelf.insert(key, file);
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
        (!has_ended(file, self.now())).then_some(file)
    }
}

fn has_ended(file: &ShelfFile, now: Ticks) -> bool {
    let end = |since: Ticks| clock::moved(since.get(), clock::ticks_of(LIFE));
    file.since.is_none_or(|since| now >= end(since))
}

/// Puts a part into a file.
///
/// # Errors
///
/// The file becomes too long, or has too many parts.
pub(crate) fn put(
    file: &mut ShelfFile,
    index: u32,
    part: Bytes,
    is_last: bool,
) -> Result<(), String> {
    file.put(index, part, is_last);
    let size: usize = file.parts.values().map(Bytes::len).sum();
    if size > MOST_BYTES {
        return Err(format!(
            "The file on the shelf is longer than {MOST_BYTES} bytes"
        ));
    }
    if file.parts.len() > MOST_PARTS {
        return Err(format!(
            "The file on the shelf has more than {MOST_PARTS} parts"
        ));
    }
    Ok(())
}

/// The files that have to go, so that there is room for one beside the others: the oldest.
pub(crate) fn beyond<'f, K: Clone + 'f>(
    file: &ShelfFile,
    others: impl IntoIterator<Item = (&'f K, &'f ShelfFile)>,
) -> Vec<K> {
    let mut others: Vec<_> = others.into_iter().collect();
    let sizes = others.iter().map(|(_, other)| size(other));
    let mut bytes = size(file) + sizes.sum::<usize>();
    let mut count = 1 + others.len();
    if count <= MOST_FILES && bytes <= MOST_ALTOGETHER {
        return Vec::new();
    }
    others.sort_by_key(|(_, other)| other.since);
    let mut gone = Vec::new();
    for (key, other) in others {
        if count <= MOST_FILES && bytes <= MOST_ALTOGETHER {
            break;
        }
        count -= 1;
        bytes -= size(other);
        gone.push(key.clone());
    }
    gone
}

/// What a file takes, roughly.
fn size(file: &ShelfFile) -> usize {
    file.parts.values().map(|part| PART + part.len()).sum()
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

    use super::{LIFE, MOST_ALTOGETHER, MOST_FILES, MOST_MISSING, MOST_PARTS, put};
    use crate::world::World;
    use crate::world::model::ShelfFile;

    #[test]
    fn a_great_number_of_parts_costs_nothing() {
        let mut world = World::default();
        let user = world.new_id();
        let last = (2_147_483_647, Bytes::from_static(b"x"));
        let missing = world.put_on_shelf(user, "a", last, true).unwrap();
        assert_eq!(missing.len(), MOST_MISSING);
        assert_eq!(world.on_shelf(user, "a"), None);
    }

    #[test]
    fn the_oldest_files_make_room() {
        let mut world = World::default();
        let user = world.new_id();
        let few = Bytes::from_static(b"x");
        for number in 0..MOST_FILES {
            let mut file = ShelfFile {
                since: Some(world.clock().now()),
                ..ShelfFile::default()
            };
            file.put(0, few.clone(), true);
            let key = (user, number.to_string());
            world.tables.shelf.insert(key, file);
        }
        let mut put = |name: &str, part: &Bytes| {
            let put = world.transact(|world| {
                world.put_on_shelf(user, name, (0, part.clone()), true)?;
                Ok(world.tables.shelf.len())
            });
            put.unwrap()
        };
        assert_eq!(put("last", &few), MOST_FILES);
        // The same memory many times, so that the test takes little.
        let much = Bytes::from(vec![0; 200 << 20]);
        let room = MOST_ALTOGETHER / much.len();
        for number in 0..=room {
            put(&format!("much-{number}"), &much);
        }
        assert_eq!(put("a", &few), room + 1);
        assert!(world.on_shelf(user, "much-0").is_none());
        assert!(world.on_shelf(user, "much-1").is_some());
        // The time of all of them ends.
        world.advance(LIFE);
        let put = world.transact(|world| world.put_on_shelf(user, "b", (0, few), true));
        put.unwrap();
        assert_eq!(world.tables.shelf.len(), 1);
    }

    #[test]
    fn a_file_has_so_many_parts() {
        let mut file = ShelfFile::default();
        let most = u32::try_from(MOST_PARTS).unwrap();
        for index in 0..most {
            file.put(index, Bytes::new(), false);
        }
        put(&mut file, 0, Bytes::new(), false).unwrap();
        put(&mut file, most, Bytes::new(), false).unwrap_err();
    }
}
