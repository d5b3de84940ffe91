//! The oldest Rust that a package promises: nothing that it is built of asks for a newer one.
//!
//! What the code itself uses of the standard library, Clippy's `incompatible_msrv` holds.

use std::collections::{HashMap, HashSet};
use std::error::Error;

use cargo_metadata::{DependencyKind, Metadata, Package, PackageId};

/// What asks for a newer Rust than one of the packages promises, a line each.
pub(crate) fn faults(
    metadata: &Metadata,
    published: &[&Package],
) -> Result<Vec<String>, Box<dyn Error>> {
    let resolved = metadata.resolve.as_ref().ok_or("nothing is resolved")?;
    let nodes: HashMap<_, _> = resolved.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut faults = Vec::new();
    for package in published {
        let Some(promised) = &package.rust_version else {
            faults.push(format!("{} names no rust-version", package.name));
            continue;
        };
        let mut seen = HashSet::<&PackageId>::new();
        let mut left = vec![&package.id];
        while let Some(id) = left.pop() {
            if !seen.insert(id) {
                continue;
            }
            let asked = &metadata[id].rust_version;
            if asked.as_ref().is_some_and(|asked| asked > promised) {
                let (name, asked) = (&metadata[id].name, asked.as_ref().unwrap_or(promised));
                faults.push(format!(
                    "{} promises Rust {promised}, and {name} asks for {asked}",
                    package.name
                ));
            }
            let node = nodes.get(id).ok_or("a package is not resolved")?;
            let built = node.deps.iter().filter(|dependency| {
                let mut kinds = dependency.dep_kinds.iter();
                kinds.any(|asked| asked.kind != DependencyKind::Development)
            });
            left.extend(built.map(|dependency| &dependency.pkg));
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_rust_than_a_dependency_needs_is_told() {
        let metadata = crate::metadata().expect("cargo tells");
        let mut published = crate::published(&metadata);
        assert_eq!(faults(&metadata, &published).expect("faults"), [""; 0]);

        let mut old = published.remove(0).clone();
        old.rust_version = Some("1.0.0".parse().expect("a version"));
        let mut none = old.clone();
        none.rust_version = None;
        let faults = faults(&metadata, &[&old, &none]).expect("faults");
        let bytes = format!("{} promises Rust 1.0.0, and bytes asks for ", old.name);
        assert!(
            faults.iter().any(|fault| fault.starts_with(&bytes)),
            "{faults:?}"
        );
        assert!(faults.contains(&format!("{} names no rust-version", old.name)));
    }
}
