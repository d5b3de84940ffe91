//! What is kept, as a tree beside the message, and how it follows a message that has changed.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use diadoc_core::dialect::{push_index, push_key};

use super::fields::Fields;
use super::{Lost, Unknown, UnknownKind, Why};

/// A form of messages, in which something unknown is kept as it stood: a `String` of JSON, a `Vec` of
/// protobuf.
pub(crate) trait Form: Default {
    /// A message in this form, or one of its values.
    type Text: ?Sized + Eq + Hash;
    /// What is wrong with a text.
    type Error;
    /// The kind of what a message of this form has without a field for it.
    const KIND: UnknownKind;

    /// The text.
    fn text(&self) -> &Self::Text;

    /// The values of a message, as they are written.
    fn parts<'t>(
        text: &'t Self::Text,
        fields: &'static Fields,
    ) -> Result<Parts<'t, Self::Text>, Self::Error>;

    /// The names of what is kept of one message: keys, or numbers of fields.
    fn names(&self) -> Vec<String>;
}

/// Values by the index of their field and by their place in it. A list of messages has a value for
/// each of them, every other field one.
pub(crate) type Parts<'t, T> = BTreeMap<Place, &'t T>;

/// A field's index, and an element in it.
pub(crate) type Place = (usize, usize);

/// All places of a field.
pub(crate) fn places_of(field: usize) -> std::ops::RangeInclusive<Place> {
    (field, 0)..=(field, usize::MAX)
}

/// What is kept of one message and of those in it.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Node<F> {
    /// What is in the message without a field for it: the members of an object without its brackets,
    /// or fields of the wire.
    pub(crate) own: F,
    /// By field what is written for the members of an enum, where not all of them are known.
    pub(crate) names: BTreeMap<usize, Names>,
    /// What is kept of the messages in it.
    pub(crate) inner: BTreeMap<Place, Self>,
}

/// The value of an enum field, or of a list of such, as JSON.
#[derive(Clone, PartialEq)]
pub(crate) struct Names {
    pub(crate) text: String,
    /// The elements that are unknown, where it is a list.
    pub(crate) elements: Option<Vec<usize>>,
}

impl<F: Form + PartialEq> Node<F> {
    pub(crate) fn is_empty(&self) -> bool {
        self.own == F::default() && self.names.is_empty() && self.inner.is_empty()
    }

    /// Everything that is kept, with its path; `at` is the path of the message itself.
    pub(crate) fn list(&self, fields: &'static Fields, at: &str, all: &mut Vec<Unknown>) {
        for name in self.own.names() {
            let path = join(at, &name);
            all.push(Unknown {
                path,
                kind: F::KIND,
            });
        }
        for (field, names) in &self.names {
            names.list(fields, *field, at, all);
        }
        for (place, inner) in &self.inner {
            let at = path_of(fields, *place, at);
            if let Some(fields) = fields.inside(place.0) {
                inner.list(fields, &at, all);
            }
        }
    }

    /// Keeps what has a place in a message that was written as `old` and is now written as `new`; the
    /// rest is lost.
    ///
    /// The two are the same message. Those in it are known again by what is written for them, or,
    /// where the change was made `in_place`, by where they are.
    pub(crate) fn follow(
        &mut self,
        fields: &'static Fields,
        (old, new): (&F::Text, &F::Text),
        in_place: bool,
        at: &str,
        lost: &mut Vec<Lost>,
    ) -> Result<(), F::Error> {
        if old == new {
            return Ok(());
        }
        let (old, new) = (F::parts(old, fields)?, F::parts(new, fields)?);
        self.names.retain(|field, names| {
            let place = (*field, 0);
            let stays = old.get(&place) == new.get(&place);
            if !stays {
                let mut gone = Vec::new();
                names.list(fields, *field, at, &mut gone);
                lost.extend(gone.into_iter().map(Lost::because(Why::Replaced)));
            }
            stays
        });
        let moved = Moved::new(&old, &new);
        for (place, mut inner) in std::mem::take(&mut self.inner) {
            let Some(fields_inside) = fields.inside(place.0) else {
                continue;
            };
            let path = path_of(fields, place, at);
            let stays = in_place && count(&old, place.0) == count(&new, place.0);
            let now = if stays {
                Some(place)
            } else {
                moved.to(&old, place)
            };
            match now.and_then(|now| Some((now, *old.get(&place)?, *new.get(&now)?))) {
                Some((now, old, new)) => {
                    inner.follow(fields_inside, (old, new), in_place, &path, lost)?;
                    self.inner.insert(now, inner);
                }
                None => {
                    let mut gone = Vec::new();
                    inner.list(fields_inside, &path, &mut gone);
                    lost.extend(gone.into_iter().map(Lost::because(Why::Gone)));
                }
            }
        }
        Ok(())
    }
}

impl Names {
    fn list(&self, fields: &'static Fields, field: usize, at: &str, all: &mut Vec<Unknown>) {
        let path = join(at, fields.name(field));
        let kind = match fields.members(field).and_then(|members| members.unknown) {
            Some(_) => UnknownKind::Name,
            None => UnknownKind::NameLeftOut,
        };
        match &self.elements {
            None => all.push(Unknown { path, kind }),
            Some(elements) => all.extend(elements.iter().map(|element| {
                let mut path = path.clone();
                push_index(&mut path, *element);
                Unknown { path, kind }
            })),
        }
    }
}

/// Where the messages of one text are in another, by what is written for them.
struct Moved<'t, T: ?Sized> {
    /// For what is written in a field the elements that it is, in both texts.
    elements: HashMap<(usize, &'t T), [Vec<usize>; 2]>,
}

impl<'t, T: ?Sized + Eq + Hash> Moved<'t, T> {
    fn new(old: &Parts<'t, T>, new: &Parts<'t, T>) -> Self {
        let mut elements: HashMap<_, [Vec<usize>; 2]> = HashMap::new();
        for (side, parts) in [old, new].into_iter().enumerate() {
            for ((field, element), text) in parts {
                let both = elements.entry((*field, *text)).or_default();
                both[side].push(*element);
            }
        }
        Self { elements }
    }

    /// Where the message of a place is now. Those that are written alike keep their order, and are
    /// told apart by it as long as they are as many as before.
    fn to(&self, old: &Parts<'t, T>, place: Place) -> Option<Place> {
        let (field, element) = place;
        let [before, now] = self.elements.get(&(field, *old.get(&place)?))?;
        if before.len() != now.len() {
            return None;
        }
        let nth = before.binary_search(&element).ok()?;
        Some((field, *now.get(nth)?))
    }
}

/// How many values a field has.
fn count<T: ?Sized>(parts: &Parts<'_, T>, field: usize) -> usize {
    let last = parts.range(places_of(field)).next_back();
    last.map_or(0, |((_, element), _)| element + 1)
}

fn join(at: &str, name: &str) -> String {
    let mut path = at.to_owned();
    push_key(&mut path, name);
    path
}

/// The path of a message in a field.
fn path_of(fields: &Fields, (field, element): Place, at: &str) -> String {
    let mut path = join(at, fields.name(field));
    if fields.is_list(field) {
        push_index(&mut path, element);
    }
    path
}
