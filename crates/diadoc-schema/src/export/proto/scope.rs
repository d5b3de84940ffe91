//! The shortest names that mean what they are to mean where they stand.

use std::collections::HashSet;

use prost_reflect::DescriptorPool;

/// The names in which others are looked up: packages, messages, enums, services and
/// extensions.
pub(super) struct Scope {
    names: HashSet<String>,
}

impl Scope {
    pub(super) fn of(pool: &DescriptorPool) -> Self {
        let mut names = HashSet::new();
        for file in pool.files() {
            let package = file.package_name();
            let ends = package.match_indices('.').map(|(end, _)| end);
            names.extend(
                ends.chain([package.len()])
                    .map(|end| package[..end].to_owned()),
            );
        }
        names.extend(
            pool.all_messages()
                .map(|message| message.full_name().to_owned()),
        );
        names.extend(pool.all_enums().map(|item| item.full_name().to_owned()));
        names.extend(
            pool.all_extensions()
                .map(|extension| extension.full_name().to_owned()),
        );
        names.extend(
            pool.services()
                .map(|service| service.full_name().to_owned()),
        );
        Self { names }
    }

    /// The shortest end of a full name that leads to it from a message or package. A compiler looks
    /// for the first part of a name, from the inside out, and for the rest of it only there.
    pub(super) fn shortest(&self, from: &str, full_name: &str) -> String {
        let starts = full_name.rmatch_indices('.').map(|(dot, _)| dot + 1);
        let mut tails = starts.chain([0]).map(|start| &full_name[start..]);
        match tails.find(|tail| self.lookup(from, tail) == full_name) {
            Some(tail) => tail.to_owned(),
            None => format!(".{full_name}"),
        }
    }

    /// The full name that a name means.
    fn lookup(&self, from: &str, name: &str) -> String {
        let first = name.split('.').next().unwrap_or(name);
        let mut scope = from;
        while !scope.is_empty() {
            if self.names.contains(&format!("{scope}.{first}")) {
                return format!("{scope}.{name}");
            }
            scope = scope.rfind('.').map_or("", |dot| &scope[..dot]);
        }
        name.to_owned()
    }
}
