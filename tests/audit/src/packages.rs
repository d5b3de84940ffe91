//! What is built, held against `deny.toml`: the part of cargo-deny that needs neither its installation nor
//! the network.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use cargo_metadata::Metadata;
use cargo_metadata::semver::{Version, VersionReq};
use serde::Deserialize;
use spdx::{Expression, LicenseReq, ParseMode};

/// What this program reads of `deny.toml`; the rest is cargo-deny's.
#[derive(Debug, Deserialize)]
pub(crate) struct Rules {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    package: String,
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    skip: Vec<Skip>,
}

#[derive(Debug, Deserialize)]
struct Skip {
    #[serde(rename = "crate")]
    package: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// A package that something of the workspace is built of.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) version: Version,
    pub(crate) license: Option<String>,
    /// `None` for a package of the workspace.
    pub(crate) source: Option<String>,
}

/// The packages of a lock file.
pub(crate) fn found(metadata: &Metadata) -> Vec<Found> {
    let packages = metadata.packages.iter().map(|package| Found {
        name: package.name.to_string(),
        version: package.version.clone(),
        license: package.license.clone(),
        source: package.source.as_ref().map(|source| source.repr.clone()),
    });
    packages.collect()
}

impl Rules {
    /// Reads `deny.toml`.
    pub(crate) fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(toml::from_str(&fs::read_to_string(file)?)?)
    }

    /// What goes against the rules, and which of the rules nothing goes by any more.
    pub(crate) fn judge(&self, packages: &[Found]) -> Vec<String> {
        let mut faults = Vec::new();
        for package in packages {
            faults.extend(self.license_fault(package));
            faults.extend(self.source_fault(package));
        }
        faults.extend(self.unmet_licenses(packages));
        faults.extend(self.version_faults(packages));
        faults
    }

    /// The licences that are allowed and that no package names.
    fn unmet_licenses(&self, packages: &[Found]) -> Vec<String> {
        let licenses = packages
            .iter()
            .filter_map(|package| expression(package.license.as_ref()?));
        let met: HashSet<_> = licenses.flat_map(|license| names(&license)).collect();
        let unmet = self
            .licenses
            .allow
            .iter()
            .filter(|name| !met.contains(*name));
        unmet
            .map(|name| format!("deny.toml allows {name}, which no package has"))
            .collect()
    }

    fn license_fault(&self, package: &Found) -> Option<String> {
        let Found { name, version, .. } = package;
        let Some(license) = &package.license else {
            return Some(format!("{name} {version} names no licence"));
        };
        let Some(expression) = expression(license) else {
            return Some(format!(
                "{name} {version}: `{license}` is no expression of SPDX"
            ));
        };
        let exception = self
            .licenses
            .exceptions
            .iter()
            .find(|one| one.package == *name);
        let exception = exception.map_or(&[][..], |one| &one.allow);
        let is_allowed = |asked: &LicenseReq| {
            let asked = asked.to_string();
            self.licenses.allow.contains(&asked) || exception.contains(&asked)
        };
        match expression.evaluate(is_allowed) {
            true => None,
            false => Some(format!(
                "{name} {version}: the licence {license} is not allowed"
            )),
        }
    }

    fn source_fault(&self, package: &Found) -> Option<String> {
        let source = package.source.as_ref()?;
        let registry = source.strip_prefix("registry+");
        match registry
            .is_some_and(|one| self.sources.allow_registry.iter().any(|other| other == one))
        {
            true => None,
            false => Some(format!(
                "{} {} comes from {source}",
                package.name, package.version
            )),
        }
    }

    /// Of each package one version is built, but for those that are skipped for a reason.
    fn version_faults(&self, packages: &[Found]) -> Vec<String> {
        let mut versions = BTreeMap::<&str, Vec<&Version>>::new();
        for package in packages {
            versions
                .entry(&package.name)
                .or_default()
                .push(&package.version);
        }
        let mut faults = Vec::new();
        for skip in &self.bans.skip {
            match skip.parts() {
                Some((name, asked)) if versions.get(name).is_some_and(|all| all.len() > 1) => {
                    let all = versions.entry(name).or_default();
                    let count = all.len();
                    all.retain(|version| !asked.matches(version));
                    if all.len() == count {
                        faults.push(format!(
                            "deny.toml skips {}, which is not built",
                            skip.package
                        ));
                    }
                }
                Some(_) => faults.push(format!(
                    "deny.toml skips {}, of which no two versions are built",
                    skip.package
                )),
                None => faults.push(format!("deny.toml: {} is no name@version", skip.package)),
            }
            if skip.reason.trim().is_empty() {
                faults.push(format!("deny.toml says no reason for {}", skip.package));
            }
        }
        for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
            let versions: Vec<_> = versions.iter().map(ToString::to_string).collect();
            faults.push(format!(
                "{name} is built in several versions: {}",
                versions.join(", ")
            ));
        }
        faults
    }
}

/// A licence as packages name it, also as Cargo took it once: `MIT/Apache-2.0`.
fn expression(license: &str) -> Option<Expression> {
    Expression::parse_mode(license, ParseMode::LAX).ok()
}

/// The licences in an expression.
fn names(expression: &Expression) -> Vec<String> {
    let asked = expression.requirements();
    asked.map(|asked| asked.req.to_string()).collect()
}

impl Skip {
    fn parts(&self) -> Option<(&str, VersionReq)> {
        let (name, version) = self.package.split_once('@')?;
        Some((name, VersionReq::parse(version).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn rules() -> Rules {
        let rules = r#"
            [licenses]
            allow = ["MIT", "Apache-2.0"]
            exceptions = [{ crate = "roots", allow = ["CDLA-Permissive-2.0"] }]
            [bans]
            skip = [{ crate = "twice@1", reason = "old asks for it" }]
            [sources]
            allow-registry = ["https://github.com/rust-lang/crates.io-index"]
        "#;
        toml::from_str(rules).expect("rules")
    }

    fn package(name: &str, version: &str, license: &str, source: &str) -> Found {
        Found {
            name: name.to_owned(),
            version: version.parse().expect("a version"),
            license: Some(license.to_owned()).filter(|license| !license.is_empty()),
            source: Some(source.to_owned()).filter(|source| !source.is_empty()),
        }
    }

    /// The packages that the rules ask for.
    fn sound() -> Vec<Found> {
        vec![
            package("ours", "0.1.0", "MIT OR Apache-2.0", ""),
            package("twice", "1.2.3", "MIT", CRATES),
            package("twice", "2.0.0", "MIT", CRATES),
        ]
    }

    #[test]
    fn what_keeps_to_the_rules_passes() {
        let mut packages = sound();
        for license in [
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "Apache-2.0 AND MIT",
        ] {
            packages.push(package(&format!("of {license}"), "1.0.0", license, CRATES));
        }
        packages.push(package("roots", "1.0.0", "CDLA-Permissive-2.0", CRATES));
        assert_eq!(rules().judge(&packages), [""; 0]);
    }

    #[test]
    fn what_goes_against_a_rule_is_told() {
        let cases = [
            (
                package("a", "1.0.0", "", CRATES),
                "a 1.0.0 names no licence",
            ),
            (
                package("a", "1.0.0", "free for all", CRATES),
                "a 1.0.0: `free for all` is no expression of SPDX",
            ),
            (
                package("a", "1.0.0", "MIT AND GPL-3.0-only", CRATES),
                "a 1.0.0: the licence MIT AND GPL-3.0-only is not allowed",
            ),
            (
                package("a", "1.0.0", "Apache-2.0 WITH LLVM-exception", CRATES),
                "a 1.0.0: the licence Apache-2.0 WITH LLVM-exception is not allowed",
            ),
            (
                package("a", "1.0.0", "CDLA-Permissive-2.0", CRATES),
                "a 1.0.0: the licence CDLA-Permissive-2.0 is not allowed",
            ),
            (
                package("a", "1.0.0", "MIT", "git+https://example.com/a"),
                "a 1.0.0 comes from git+https://example.com/a",
            ),
            (
                package("a", "1.0.0", "MIT", "registry+https://example.com/index"),
                "a 1.0.0 comes from registry+https://example.com/index",
            ),
            (
                package("twice", "3.0.0", "MIT", CRATES),
                "twice is built in several versions: 2.0.0, 3.0.0",
            ),
            (
                package("ours", "0.2.0", "MIT", CRATES),
                "ours is built in several versions: 0.1.0, 0.2.0",
            ),
        ];
        for (package, fault) in cases {
            let mut packages = sound();
            packages.push(package);
            assert_eq!(rules().judge(&packages), [fault]);
        }
    }

    #[test]
    fn a_rule_that_nothing_goes_by_is_told() {
        let mut packages = sound();
        packages.remove(1);
        let fault = "deny.toml skips twice@1, of which no two versions are built";
        assert_eq!(rules().judge(&packages), [fault]);

        packages.push(package("twice", "3.0.0", "MIT", CRATES));
        let faults = [
            "deny.toml skips twice@1, which is not built",
            "twice is built in several versions: 2.0.0, 3.0.0",
        ];
        assert_eq!(rules().judge(&packages), faults);
    }

    #[test]
    fn a_licence_that_nothing_has_is_told() {
        let mut rules = rules();
        rules.licenses.allow.push("Zlib".to_owned());
        let fault = "deny.toml allows Zlib, which no package has";
        assert_eq!(rules.judge(&sound()), [fault]);
        let mut packages = sound();
        packages.push(package("a", "1.0.0", "Zlib OR MIT", CRATES));
        assert_eq!(rules.judge(&packages), [""; 0]);
    }

    #[test]
    fn a_reason_is_asked_for() {
        let mut rules = rules();
        rules.bans.skip[0].reason = " ".to_owned();
        assert_eq!(
            rules.judge(&sound()),
            ["deny.toml says no reason for twice@1"]
        );
    }
}
