//! What is told of methods by a source that is no schema: an OpenAPI document, the code of an SDK.

use std::collections::{BTreeMap, BTreeSet};

use super::verdicts::Verdict;
use super::{Breaks, ChangeKind, Comparison};
use crate::endpoints::{Endpoint, Endpoints, Origin};

const CALLED_NOT_YET: Verdict = (Breaks::Nothing, "no client of the old schema calls it");
const NOT_CALLED: Verdict = (
    Breaks::Both,
    "clients of the old schema call it, and nobody says what they get",
);
const OTHER_ADDRESS: Verdict = (
    Breaks::Both,
    "requests of one schema do not reach the method of the other",
);
const OTHER_REQUEST: Verdict = (Breaks::Both, "the request is another one");
const OTHER_ANSWER: Verdict = (Breaks::Both, "the answer's body is of another message");
const PARAMETER_OPTIONAL: Verdict = (
    Breaks::Nothing,
    "requests of the old schema lack it, and may",
);
const PARAMETER_GONE: Verdict = (
    Breaks::Both,
    "clients of the old schema send it, and it is not known any more",
);

impl Comparison<'_> {
    /// Methods, where one side has them from elsewhere than a schema: by their addresses, as far as
    /// both sides tell of them.
    pub(super) fn endpoints(&mut self) {
        let (Some(old), Some(new)) = (&self.old.endpoints, &self.new.endpoints) else {
            return;
        };
        let origins = [old.origin, new.origin];
        if origins == [Origin::Schema; 2] {
            return;
        }
        let by_path = origins.contains(&Origin::Sources);
        let (olds, news) = (by_address(old, by_path), by_address(new, by_path));
        let mut taken = BTreeSet::new();
        for (address, was) in &olds {
            // Another verb is the same method, unless that one stands on both sides.
            let same = news.get_key_value(address).or_else(|| {
                let mut others = news
                    .iter()
                    .filter(|(other, now)| now.path == was.path && !olds.contains_key(*other));
                others.next()
            });
            match same {
                Some((found, now)) => {
                    taken.insert(found);
                    self.endpoint(was, now, by_path);
                }
                None => {
                    let (label, was) = (was.label(), Some(address.clone()));
                    self.add(&label, ChangeKind::MethodRemoved, was, None, NOT_CALLED);
                }
            }
        }
        for (address, now) in &news {
            if !taken.contains(address) {
                let (label, now) = (now.label(), Some(address.clone()));
                self.add(&label, ChangeKind::MethodAdded, None, now, CALLED_NOT_YET);
            }
        }
    }

    fn endpoint(&mut self, old: &Endpoint, new: &Endpoint, by_path: bool) {
        let named = [old, new].into_iter().find(|one| one.name.is_some());
        let label = named.unwrap_or(old).label();
        for name in old.query.difference(&new.query) {
            let near = near(name, new.query.difference(&old.query));
            let path = format!("{label}.{name}");
            let kind = ChangeKind::ParameterRemoved;
            self.add(&path, kind, Some(name.clone()), None, PARAMETER_GONE)
                .hint = near.map(|name| format!("did it become `{name}`?"));
        }
        for name in new.query.difference(&old.query) {
            let near = near(name, old.query.difference(&new.query));
            let path = format!("{label}.{name}");
            let kind = ChangeKind::ParameterAdded;
            self.add(&path, kind, None, Some(name.clone()), PARAMETER_OPTIONAL)
                .hint = near.map(|name| format!("was it `{name}`?"));
        }
        if by_path {
            return;
        }
        if old.verb != new.verb {
            let (was, now) = (Some(old.address()), Some(new.address()));
            self.add(&label, ChangeKind::MethodPath, was, now, OTHER_ADDRESS);
        }
        let shown = |names: &BTreeSet<String>| {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            Some(match names.is_empty() {
                true => "no message".to_owned(),
                false => names.join(", "),
            })
        };
        if old.sends != new.sends {
            let (was, now) = (shown(&old.sends), shown(&new.sends));
            self.add(&label, ChangeKind::MethodRequest, was, now, OTHER_REQUEST);
        }
        if old.answers != new.answers {
            let (was, now) = (shown(&old.answers), shown(&new.answers));
            self.add(&label, ChangeKind::MethodAnswer, was, now, OTHER_ANSWER);
        }
    }
}

fn by_address(all: &Endpoints, by_path: bool) -> BTreeMap<String, Endpoint> {
    if by_path {
        return all.by_path();
    }
    let methods = all.methods.iter();
    methods
        .map(|method| (method.address(), method.clone()))
        .collect()
}

/// A name that is written much like this one.
fn near<'a>(name: &str, others: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    crate::nearest(name, others.map(String::as_str))
        .first()
        .copied()
}
