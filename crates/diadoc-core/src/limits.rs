//! How much reading one body may take.
//!
//! A body says little about the memory of the message in it: `{}` is two bytes of JSON, two bytes of
//! protobuf are an empty message, and either becomes a struct of up to a kilobyte and a half. So what
//! a message takes is counted while it is read, and reading ends with an error that names the limit.

use std::error::Error;
use std::fmt;

/// Bounds of reading one body, in JSON and in protobuf.
///
/// The defaults pass every body that the vendor documents, and let a message take at most four times
/// its body and four mebibytes. What is longer or larger on purpose is read with limits of one's own:
///
/// ```
/// use diadoc_core::Limits;
///
/// let limits = Limits::new().bytes(64 << 20).elements(100_000);
/// assert_eq!(limits.most_elements(), 100_000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limits {
    bytes: usize,
    depth: usize,
    elements: usize,
    memory: Option<usize>,
}

impl Limits {
    /// The bytes of a body, by default: a gibibyte. The vendor's largest document has 70 MB, its
    /// largest file 400 MB.
    pub const BYTES: usize = 1 << 30;
    /// How many levels a body may be deep: as many as readers of protobuf follow. So what is read in one form
    /// can be written and read in the other. No legal body has ten.
    pub const DEPTH: usize = 100;
    /// The elements of lists in a body, all together, by default.
    pub const ELEMENTS: usize = 10_000_000;
    /// The bytes that structs and lists may take, by default, for each byte of the body...
    pub const MEMORY_FOR_A_BYTE: usize = 3;
    /// ...and beside that: small bodies are of no danger, and have the largest structs for their size.
    pub const MEMORY_AT_LEAST: usize = 4 << 20;

    /// The defaults.
    pub const fn new() -> Self {
        Self {
            bytes: Self::BYTES,
            depth: Self::DEPTH,
            elements: Self::ELEMENTS,
            memory: None,
        }
    }

    /// How many bytes a body may have.
    #[must_use]
    pub const fn bytes(mut self, most: usize) -> Self {
        self.bytes = most;
        self
    }

    /// How many levels a body may be deep, in either form. A level is a message in another that is optional or
    /// in a list; a required one is a part of its message. In what the schema does not know each object and
    /// list is a level, and in protobuf each field, in a group or not. More than [`Limits::DEPTH`] is as
    /// much as that.
    #[must_use]
    pub const fn depth(mut self, most: usize) -> Self {
        self.depth = if most < Self::DEPTH {
            most
        } else {
            Self::DEPTH
        };
        self
    }

    /// How many elements the lists of a message may have, all together. What is skipped has none.
    #[must_use]
    pub const fn elements(mut self, most: usize) -> Self {
        self.elements = most;
        self
    }

    /// How many bytes the structs and lists of a message may take. Its texts and contents are not
    /// counted: they take no more than the body. A list that grows counts with its old place and the new
    /// one, which has room for up to twice as many elements.
    #[must_use]
    pub const fn memory(mut self, most: usize) -> Self {
        self.memory = Some(most);
        self
    }

    /// How many bytes a body may have.
    pub const fn most_bytes(&self) -> usize {
        self.bytes
    }

    /// How many levels a body may be deep.
    pub const fn most_depth(&self) -> usize {
        self.depth
    }

    /// How many elements the lists of a body may have.
    pub const fn most_elements(&self) -> usize {
        self.elements
    }

    /// How many bytes the structs and lists of a message may take whose body has so many.
    pub const fn most_memory(&self, body: usize) -> usize {
        match self.memory {
            Some(most) => most,
            None => body
                .saturating_mul(Self::MEMORY_FOR_A_BYTE)
                .saturating_add(Self::MEMORY_AT_LEAST),
        }
    }

    /// Refuses a body of more bytes than may be.
    ///
    /// # Errors
    ///
    /// It has more.
    pub fn check_bytes(&self, body: usize) -> Result<(), LimitError> {
        match body > self.bytes {
            true => Err(LimitError::new(Limit::Bytes, self.bytes)),
            false => Ok(()),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

/// One of the [`Limits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::bytes`].
    Bytes,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::elements`].
    Elements,
    /// [`Limits::memory`].
    Memory,
}

/// A body goes beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LimitError {
    limit: Limit,
    most: usize,
}

impl LimitError {
    /// The body goes beyond that limit, which is so much.
    pub const fn new(limit: Limit, most: usize) -> Self {
        Self { limit, most }
    }

    /// Which limit it is.
    pub const fn limit(&self) -> Limit {
        self.limit
    }

    /// How much may be.
    pub const fn most(&self) -> usize {
        self.most
    }

    /// What may be: ``at most 100 elements in lists (`Limits::elements`)``. A depth that cannot be raised
    /// does not say how.
    pub fn expected(&self) -> String {
        if (self.limit, self.most) == (Limit::Depth, Limits::DEPTH) {
            return format!("at most {} levels of nesting", self.most);
        }
        let (what, name) = match self.limit {
            Limit::Bytes => ("bytes of body", "bytes"),
            Limit::Depth => ("levels of nesting", "depth"),
            Limit::Elements => ("elements in lists", "elements"),
            Limit::Memory => ("bytes of memory for structs and lists", "memory"),
        };
        format!("at most {} {what} (`Limits::{name}`)", self.most)
    }
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found more", self.expected())
    }
}

impl Error for LimitError {}

/// From how many bytes on the room of a list is not taken for granted.
const MUCH: usize = 1 << 20;

/// What is left of the limits while a body is read.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    body: usize,
    elements: usize,
    memory: usize,
}

impl Budget {
    /// All of it, for a body of so many bytes.
    pub const fn new(limits: &Limits, body: usize) -> Self {
        Self {
            limits: *limits,
            body,
            elements: limits.most_elements(),
            memory: limits.most_memory(body),
        }
    }

    /// Adds an element to a list.
    ///
    /// # Errors
    ///
    /// There are too many elements, or the list would take too much.
    #[inline]
    pub fn push<T>(&mut self, list: &mut Vec<T>, element: T) -> Result<(), LimitError> {
        self.room(list, || 0)?;
        list.push(element);
        Ok(())
    }

    /// Counts an element, and makes room for it in a list; in one that has none yet, for as many as
    /// `ahead` says that there are.
    ///
    /// # Errors
    ///
    /// There are too many elements, or the list would take too much.
    #[inline]
    pub fn room<T>(
        &mut self,
        list: &mut Vec<T>,
        ahead: impl FnOnce() -> usize,
    ) -> Result<(), LimitError> {
        match self.elements.checked_sub(1) {
            Some(left) => self.elements = left,
            None => {
                let most = self.limits.most_elements();
                return Err(LimitError::new(Limit::Elements, most));
            }
        }
        if list.len() == list.capacity() {
            let ahead = if list.is_empty() { ahead() } else { 0 };
            self.grow(list, ahead)?;
        }
        Ok(())
    }

    /// Takes the room that a list has beyond its elements, where that is worth it: nothing is added to it
    /// any more.
    #[inline]
    pub fn fit<T>(&mut self, list: &mut Vec<T>) {
        let spare = (list.capacity() - list.len()) * size_of::<T>();
        if spare >= MUCH {
            list.shrink_to_fit();
            self.memory += spare;
        }
    }

    /// Takes so many bytes for a struct or an entry.
    ///
    /// # Errors
    ///
    /// There are not so many left.
    #[inline]
    pub fn take(&mut self, bytes: usize) -> Result<(), LimitError> {
        match self.memory.checked_sub(bytes) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => Err(self.no_memory()),
        }
    }

    /// Doubles a list, as `Vec` does by itself, a large one by a quarter, or makes it as long as is known. Old
    /// and new exist side by side for a moment.
    fn grow<T>(&mut self, list: &mut Vec<T>, ahead: usize) -> Result<(), LimitError> {
        let old = list.capacity();
        let least = if size_of::<T>() <= 1024 { 4 } else { 1 };
        let new = match ahead {
            0 if old.saturating_mul(size_of::<T>()) >= MUCH => old + old / 4,
            0 => old.saturating_mul(2).max(least),
            ahead => ahead,
        };
        self.take(new.saturating_mul(size_of::<T>()))?;
        list.reserve_exact(new - list.len());
        self.memory += old * size_of::<T>();
        Ok(())
    }

    #[cold]
    fn no_memory(&self) -> LimitError {
        LimitError::new(Limit::Memory, self.limits.most_memory(self.body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_grows_until_its_memory_is_used_up() {
        let limits = Limits::new().memory(8 * 100);
        let mut budget = Budget::new(&limits, 1);
        let mut list = Vec::<u64>::new();
        let error = loop {
            if let Err(error) = budget.push(&mut list, 7) {
                break error;
            }
        };
        assert_eq!(error, LimitError::new(Limit::Memory, 800));
        // 64 entries beside 32 would be 96, and 128 beside 64 are more than 100.
        assert_eq!(list.len(), 64);
        assert_eq!(list.capacity(), 64);
        assert!(budget.take(8 * 36).is_ok());
        assert!(budget.take(1).is_err());
        let text = "expected at most 800 bytes of memory for structs and lists (`Limits::memory`), \
                    found more";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn a_list_is_as_long_as_is_known() {
        let mut budget = Budget::new(&Limits::new().memory(80), 1);
        let mut list = Vec::<u64>::new();
        assert!(budget.room(&mut list, || 11).is_err());
        assert_eq!(list.capacity(), 0);
        assert!(budget.room(&mut list, || 10).is_ok());
        assert_eq!(list.capacity(), 10);
        // Where there is room, nobody is asked.
        assert!(budget.room(&mut list, || unreachable!()).is_ok());
    }

    #[test]
    fn a_list_gives_back_what_it_does_not_need() {
        let mut budget = Budget::new(&Limits::new().memory(8 << 20), 1);
        let mut list = Vec::<[u8; 1024]>::new();
        budget.room(&mut list, || 4 << 10).expect("there is room");
        list.push([0; 1024]);
        assert!(budget.take(5 << 20).is_err());
        budget.fit(&mut list);
        assert_eq!(list.capacity(), 1);
        assert!(budget.take(5 << 20).is_ok());
        // It is not worth it for a few.
        list.reserve_exact(9);
        budget.fit(&mut list);
        assert!(list.capacity() > list.len());
    }

    #[test]
    fn what_is_worth_giving_back_is_counted_to_the_byte() {
        for (spare, given_back) in [(MUCH - 1, 0), (MUCH, MUCH), (MUCH + 1, MUCH + 1)] {
            let mut list = Vec::<u8>::with_capacity(spare + 8);
            list.extend([7; 8]);
            let mut budget = Budget::new(&Limits::new().memory(100), 1);
            budget.fit(&mut list);
            assert_eq!(list.capacity(), spare + 8 - given_back);
            assert!(budget.take(100 + given_back).is_ok());
            assert!(budget.take(1).is_err());
        }
    }

    #[test]
    fn a_large_list_grows_by_a_quarter() {
        let mut budget = Budget::new(&Limits::new().memory(64 << 20), 1);
        let mut list = Vec::<[u8; 1024]>::new();
        let mut capacities = Vec::new();
        for _ in 0..1_300 {
            budget.push(&mut list, [0; 1024]).expect("there is room");
            capacities.push(list.capacity());
        }
        capacities.dedup();
        assert_eq!(
            capacities,
            [4, 8, 16, 32, 64, 128, 256, 512, 1024, 1280, 1600]
        );
    }

    #[test]
    fn elements_count_in_all_lists_together() {
        let mut budget = Budget::new(&Limits::new().elements(3), 1);
        let (mut one, mut other) = (Vec::new(), Vec::new());
        assert!(budget.push(&mut one, 1).is_ok());
        assert!(budget.push(&mut other, "two").is_ok());
        assert!(budget.push(&mut one, 3).is_ok());
        let error = budget.push(&mut other, "four").expect_err("one too many");
        assert_eq!((error.limit(), error.most()), (Limit::Elements, 3));
        assert_eq!(other, ["two"]);
    }

    #[test]
    fn memory_grows_with_the_body_where_nothing_else_is_said() {
        let limits = Limits::default();
        assert_eq!(limits.most_memory(0), 4 << 20);
        assert_eq!(limits.most_memory(1 << 30), (3 << 30) + (4 << 20));
        assert_eq!(limits.most_memory(usize::MAX), usize::MAX);
        assert_eq!(limits.memory(5).most_memory(1 << 30), 5);
        assert!(limits.check_bytes(Limits::BYTES).is_ok());
        assert!(limits.check_bytes(Limits::BYTES + 1).is_err());
    }
}
