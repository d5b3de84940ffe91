//! What changed in the methods.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::elements::Rpc;
use super::shape::Shape;
use super::verdicts as v;
use super::{ChangeKind, Comparison};

impl Comparison<'_> {
    /// Methods are the same by their full names, or by verb and path.
    pub(super) fn methods(&mut self) {
        if !self.on_wire || self.old.annotated != self.new.annotated {
            return;
        }
        let (old, new) = (self.old, self.new);
        for name in old.services.intersection(&new.services) {
            self.stated(name, name, name);
        }
        for name in old.services.difference(&new.services) {
            self.add(
                name,
                ChangeKind::ServiceRemoved,
                None,
                None,
                v::SERVICE_NAME,
            );
        }
        for name in new.services.difference(&old.services) {
            self.add(name, ChangeKind::ServiceAdded, None, None, v::SERVICE_NAME);
        }
        let pairs = pairs(old, new);
        let mut requests = BTreeMap::<_, Vec<_>>::new();
        for (old_name, new_name) in &pairs {
            let (was, now) = (&old.methods[*old_name], &new.methods[*new_name]);
            self.stated(old_name, old_name, new_name);
            if old_name != new_name {
                self.pair(
                    old_name,
                    ChangeKind::MethodRenamed,
                    old_name,
                    new_name,
                    v::RPC_NAME,
                );
            }
            self.request(old_name, was, now);
            let both = (&*was.request, &*now.request);
            requests.entry(both).or_default().push(*old_name);
            if was.answer != now.answer {
                let breaks = self.likeness.in_place_of(&was.answer, &now.answer);
                let verdict = v::other_message(breaks, v::SAME_SHAPE, v::OTHER_ANSWER);
                self.pair(
                    old_name,
                    ChangeKind::MethodAnswer,
                    &was.answer,
                    &now.answer,
                    verdict,
                );
            }
        }
        // The fields that are bodies, by the old request.
        let mut bodies = HashMap::<_, HashSet<_>>::new();
        for rpc in old.methods.values() {
            let bodies = bodies.entry(&*rpc.request).or_default();
            bodies.extend(rpc.bodies.iter().map(String::as_str));
        }
        // Pairs of requests are compared once, however many methods have them.
        for (both, methods) in requests {
            let bodies = bodies.get(both.0).cloned().unwrap_or_default();
            self.parameters(both, &bodies, &methods);
        }
        self.queried();
        let taken: BTreeSet<_> = pairs.values().copied().collect();
        let address = |rpc: &Rpc| rpc.address.clone();
        for (name, rpc) in &old.methods {
            if !pairs.contains_key(name.as_str()) {
                self.add(
                    name,
                    ChangeKind::MethodRemoved,
                    address(rpc),
                    None,
                    v::NOT_CALLED,
                );
            }
        }
        for (name, rpc) in &new.methods {
            if !taken.contains(name.as_str()) {
                self.add(
                    name,
                    ChangeKind::MethodAdded,
                    None,
                    address(rpc),
                    v::CALLED_NOT_YET,
                );
            }
        }
    }

    /// The request of a method; where both are known, its fields are told apart.
    fn request(&mut self, path: &str, was: &Rpc, now: &Rpc) {
        let known = self.old.requests.contains_key(&was.request)
            && self.new.requests.contains_key(&now.request);
        if was.request != now.request {
            let verdict = match known {
                true => v::REQUEST_NAME,
                false => v::OTHER_REQUEST,
            };
            self.pair(
                path,
                ChangeKind::MethodRequest,
                &was.request,
                &now.request,
                verdict,
            );
        }
    }

    fn pair(&mut self, path: &str, kind: ChangeKind, was: &str, now: &str, verdict: v::Verdict) {
        self.add(
            path,
            kind,
            Some(was.to_owned()),
            Some(now.to_owned()),
            verdict,
        );
    }
}

fn pairs<'a>(old: &'a Shape, new: &'a Shape) -> BTreeMap<&'a str, &'a str> {
    let mut pairs: BTreeMap<&str, &str> = BTreeMap::new();
    for name in old.methods.keys() {
        if new.methods.contains_key(name) {
            pairs.insert(name, name);
        }
    }
    // Of several methods at one address the first counts.
    let mut left: BTreeMap<_, &str> = BTreeMap::new();
    for (name, rpc) in &new.methods {
        if let (Some(address), false) = (&rpc.address, pairs.contains_key(name.as_str())) {
            left.entry(address).or_insert(name);
        }
    }
    for (name, rpc) in &old.methods {
        if let Some(address) = &rpc.address
            && !pairs.contains_key(name.as_str())
            && let Some(new_name) = left.remove(address)
        {
            pairs.insert(name, new_name);
        }
    }
    pairs
}
