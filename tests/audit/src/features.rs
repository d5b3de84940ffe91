//! The sets of features that have to build.
//!
//! A dependent writes some features, with those by default or without: so each builds alone, and
//! each beside the default ones. With none a crate builds too, and with all the gate does everything else.
//! Among these sets are, for any two features, both, neither, and each without the other; what is
//! left are faults that take two features and the absence of a third.

use std::collections::BTreeSet;
use std::error::Error;

use cargo_metadata::Package;

const DEFAULT: &str = "default";

/// The sets for a package. Sets that come to the same are one; a package without features has none.
pub(crate) fn sets(package: &Package) -> Result<Vec<Vec<&str>>, Box<dyn Error>> {
    let names: Vec<&str> = package.features.keys().map(String::as_str).collect();
    let alone = names.iter().map(|name| vec![*name]);
    let beside = names.iter().map(|name| vec![DEFAULT, name]);
    let without = (!names.is_empty()).then(Vec::new);
    let mut known = BTreeSet::new();
    let mut sets = Vec::new();
    for set in without.into_iter().chain(alone).chain(beside) {
        if set.iter().all(|name| names.contains(name)) && known.insert(whole(package, &set)?) {
            sets.push(set);
        }
    }
    Ok(sets)
}

/// A set with all features that it turns on.
fn whole<'a>(package: &'a Package, set: &[&'a str]) -> Result<BTreeSet<&'a str>, Box<dyn Error>> {
    let mut whole = BTreeSet::new();
    let mut left = set.to_vec();
    while let Some(name) = left.pop() {
        let parts = package
            .features
            .get(name)
            .ok_or("a feature names another")?;
        if name == DEFAULT || whole.insert(name) {
            let parts = parts.iter().map(String::as_str);
            left.extend(parts.filter(|part| !part.contains([':', '/'])));
        }
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(features: &str) -> Package {
        let package = format!(
            r#"{{"name": "a", "version": "1.0.0", "id": "a", "dependencies": [], "targets": [],
                "features": {features}, "manifest_path": "/a/Cargo.toml"}}"#
        );
        serde_json::from_str(&package).expect("a package")
    }

    #[test]
    fn each_feature_is_alone_and_beside_the_default_ones() {
        let package = package(
            r#"{"default": ["json", "serde"], "json": ["dep:itoa"], "serde": ["json", "core/serde"],
                "time": [], "uuid": []}"#,
        );
        // `default` is what `serde` is, and what `default,json` is.
        let sets = sets(&package).expect("sets");
        let sets: Vec<_> = sets.iter().map(|set| set.join(",")).collect();
        let expected = [
            "",
            "default",
            "json",
            "time",
            "uuid",
            "default,time",
            "default,uuid",
        ];
        assert_eq!(sets, expected);
    }

    #[test]
    fn without_default_ones_each_is_alone() {
        let package = package(r#"{"client": ["oidc"], "oidc": []}"#);
        assert_eq!(
            sets(&package).expect("sets"),
            [vec![], vec!["client"], vec!["oidc"]]
        );
    }

    #[test]
    fn a_package_without_features_has_no_sets() {
        assert_eq!(sets(&package("{}")).expect("sets"), [[""; 0]; 0]);
    }
}
