//! What is told of methods by a source that is no schema: an OpenAPI document, the code of an SDK.

use std::collections::{BTreeMap, BTreeSet};

use super::change::quoted;
use super::fields::{Hints, TOO_MANY};
use super::shape::{Label, label_name};
use super::verdicts as v;
use super::{ChangeKind, Comparison};
use crate::endpoints::{Endpoint, Endpoints, Origin};

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
        // Those that may be an old method with another verb.
        let mut others = BTreeMap::new();
        for (address, now) in news.iter().filter(|(other, _)| !olds.contains_key(*other)) {
            others.entry(&now.path).or_insert((address, now));
        }
        for (address, was) in &olds {
            // Another verb is the same method, unless that one stands on both sides.
            let same = news.get_key_value(address);
            let same = same.or_else(|| others.get(&was.path).copied());
            match same {
                Some((found, now)) => {
                    taken.insert(found);
                    self.endpoint(was, now, by_path);
                }
                None => {
                    let (label, was) = (was.label(), Some(address.clone()));
                    self.add(&label, ChangeKind::MethodRemoved, was, None, v::NOT_CALLED);
                }
            }
        }
        for (address, now) in &news {
            if !taken.contains(address) {
                let (label, now) = (now.label(), Some(address.clone()));
                self.add(
                    &label,
                    ChangeKind::MethodAdded,
                    None,
                    now,
                    v::CALLED_NOT_YET,
                );
            }
        }
    }

    fn endpoint(&mut self, old: &Endpoint, new: &Endpoint, by_path: bool) {
        let named = [old, new].into_iter().find(|one| one.name.is_some());
        let label = named.unwrap_or(old).label();
        let removed = only_in(&old.query, &new.query);
        let added = only_in(&new.query, &old.query);
        let hints = Hints::between(&removed, &added);
        for (index, (name, _)) in removed.iter().enumerate() {
            let path = format!("{label}.{name}");
            let kind = ChangeKind::ParameterRemoved;
            let was = Some((*name).clone());
            self.add(&path, kind, was, None, v::PARAMETER_GONE).hint = match (hints, index) {
                (Hints::Looked, _) => {
                    near(name, &added).map(|name| format!("did it become {}?", quoted(name)))
                }
                (Hints::TooMany, 0) => Some(TOO_MANY.to_owned()),
                (Hints::TooMany, _) => None,
            };
        }
        for (name, required) in &added {
            let path = format!("{label}.{name}");
            let kind = ChangeKind::ParameterAdded;
            let verdict = match required {
                Some(true) => v::PARAMETER_REQUIRED,
                Some(false) | None => v::PARAMETER_OPTIONAL,
            };
            let now = Some((*name).clone());
            self.add(&path, kind, None, now, verdict).hint = match hints {
                Hints::Looked => {
                    near(name, &removed).map(|name| format!("was it {}?", quoted(name)))
                }
                Hints::TooMany => None,
            };
        }
        for (name, was) in &old.query {
            // Where one side does not say, nothing is known to differ.
            if let (Some(was), Some(Some(now))) = (was, new.query.get(name))
                && was != now
            {
                let path = format!("{label}.{name}");
                let (was, now) = (Some(need(*was)), Some(need(*now)));
                let kind = ChangeKind::ParameterLabel;
                self.add(&path, kind, was, now, v::PARAMETER_LABEL);
            }
        }
        if by_path {
            return;
        }
        if old.verb != new.verb {
            let (was, now) = (Some(old.address()), Some(new.address()));
            self.add(&label, ChangeKind::MethodPath, was, now, v::OTHER_ADDRESS);
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
            self.add(
                &label,
                ChangeKind::MethodRequest,
                was,
                now,
                v::OTHER_REQUEST,
            );
        }
        if old.answers != new.answers {
            let (was, now) = (shown(&old.answers), shown(&new.answers));
            self.add(&label, ChangeKind::MethodAnswer, was, now, v::OTHER_ANSWER);
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

type Query = BTreeMap<String, Option<bool>>;

/// Parameters, and whether requests must have them.
type Parameters<'a> = Vec<(&'a String, &'a Option<bool>)>;

/// The parameters that one query has and the other has not.
fn only_in<'a>(one: &'a Query, other: &Query) -> Parameters<'a> {
    let only = one.iter().filter(|(name, _)| !other.contains_key(*name));
    only.collect()
}

/// `required`
fn need(required: bool) -> String {
    let label = match required {
        true => Label::Required,
        false => Label::Optional,
    };
    label_name(label).to_owned()
}

/// A name that is written much like this one.
fn near<'a>(name: &str, others: &[(&'a String, &'a Option<bool>)]) -> Option<&'a str> {
    crate::nearest(name, others.iter().map(|(name, _)| name.as_str()))
        .first()
        .copied()
}
