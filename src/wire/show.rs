//! What `Debug` shows of enums, and of secrets.

use std::fmt;
use std::marker::PhantomData;

pub(crate) use diadoc_core::secrets::Hidden;

/// A number of an enum, which `Debug` shows by its name where it has one.
pub(crate) struct Member<E>(i32, PhantomData<E>);

impl<E> Member<E> {
    pub(crate) fn new(number: i32) -> Self {
        Self(number, PhantomData)
    }
}

impl<E: TryFrom<i32> + fmt::Debug> fmt::Debug for Member<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match E::try_from(self.0) {
            Ok(member) => member.fmt(f),
            Err(_) => self.0.fmt(f),
        }
    }
}
