//! Rows by key, with what it takes to undo and to store a change.

use std::collections::BTreeMap;
#[cfg(any(feature = "store", test))]
use std::collections::BTreeSet;
use std::ops::RangeBounds;
use std::sync::Arc;

/// Rows in the order of their keys.
///
/// Since the last [`commit`](Self::commit) every change is journalled: it can be rolled back, and a store
/// can ask which rows it has to write.
#[derive(Debug)]
pub(crate) struct Table<K, V> {
    rows: BTreeMap<K, Arc<V>>,
    /// The rows before each change, in the order of the changes.
    journal: Vec<(K, Option<Arc<V>>)>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            journal: Vec::new(),
        }
    }
}

impl<K: Ord + Clone, V: Clone> Table<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key).map(|row| &**row)
    }

    /// The row, to keep while the world changes.
    pub(crate) fn shared(&self, key: &K) -> Option<Arc<V>> {
        self.rows.get(key).cloned()
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.rows.contains_key(key)
    }

    #[cfg(any(feature = "page", test))]
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.iter().map(|(key, row)| (key, &**row))
    }

    pub(crate) fn range(
        &self,
        range: impl RangeBounds<K>,
    ) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.range(range).map(|(key, row)| (key, &**row))
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        let before = self.rows.insert(key.clone(), Arc::new(value));
        self.journal.push((key, before));
    }

    /// The row, to be changed.
    pub(crate) fn edit(&mut self, key: &K) -> Option<&mut V> {
        let row = self.rows.get_mut(key)?;
        self.journal.push((key.clone(), Some(row.clone())));
        Some(Arc::make_mut(row))
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<Arc<V>> {
        let before = self.rows.remove(key)?;
        self.journal.push((key.clone(), Some(before.clone())));
        Some(before)
    }

    /// The keys of all rows that were changed since the last commit, removed ones among them.
    #[cfg(any(feature = "store", test))]
    pub(crate) fn changed(&self) -> BTreeSet<&K> {
        self.journal.iter().map(|(key, _)| key).collect()
    }

    /// Whether anything was changed since the last commit.
    #[cfg(feature = "store")]
    pub(crate) fn is_changed(&self) -> bool {
        !self.journal.is_empty()
    }

    /// Makes every row count as changed.
    #[cfg(any(feature = "store", test))]
    pub(crate) fn touch_all(&mut self) {
        let rows = self.rows.iter();
        let rows = rows.map(|(key, row)| (key.clone(), Some(row.clone())));
        self.journal.extend(rows);
    }

    pub(crate) fn commit(&mut self) {
        self.journal.clear();
    }

    pub(crate) fn roll_back(&mut self) {
        while let Some((key, before)) = self.journal.pop() {
            match before {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn what_is_not_committed_can_be_undone() {
        let mut table = Table::default();
        table.insert(1, "one");
        table.insert(2, "two");
        table.commit();
        table.insert(3, "three");
        *table.edit(&1).unwrap() = "uno";
        *table.edit(&1).unwrap() = "ein";
        table.remove(&2);
        table.insert(2, "dos");
        assert_eq!(
            table.changed().into_iter().collect::<Vec<_>>(),
            [&1, &2, &3]
        );
        table.roll_back();
        let rows: Vec<_> = table.iter().map(|(key, row)| (*key, *row)).collect();
        assert_eq!(rows, [(1, "one"), (2, "two")]);
        assert!(table.changed().is_empty());
    }
}
