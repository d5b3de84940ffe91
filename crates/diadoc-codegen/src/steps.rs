//! Adaptations of code that other generators write.
//!
//! Each is a pattern in that code, what stands there instead, and the number of places that the
//! schema says it must hit. A step that hits another number fails the run, so that neither a new
//! version of the generator nor a new kind of field slips through.

use std::collections::BTreeMap;

use regex::Regex;

use crate::Error;

/// One adaptation.
#[derive(Debug)]
pub struct Step {
    pub name: &'static str,
    pub why: &'static str,
    /// A regular expression.
    pub pattern: String,
    /// What stands in its place, where `$1` is its first group.
    pub replacement: &'static str,
    /// How many places it changes.
    pub expected: usize,
}

/// Takes all steps in turn in the code of all packages; `part` is what the log calls it.
pub fn apply(
    part: &str,
    steps: &[Step],
    packages: &mut BTreeMap<String, String>,
    log: &mut Vec<String>,
) -> Result<(), Error> {
    for step in steps {
        let (name, mut found) = (step.name, 0);
        let pattern = Regex::new(&step.pattern)
            .map_err(|error| Error::Schema(format!("step `{name}`: {error}")))?;
        for code in packages.values_mut() {
            found += pattern.find_iter(code).count();
            *code = pattern.replace_all(code, step.replacement).into_owned();
        }
        if found != step.expected {
            return Err(Error::Step {
                step: name,
                why: step.why,
                expected: step.expected,
                found,
            });
        }
        log.push(format!("{part}: step `{name}`, {found} places"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_hits_another_number_of_places_fails_the_run() {
        let step = |expected| Step {
            name: "name",
            why: "because",
            pattern: "a(.)".into(),
            replacement: "$1",
            expected,
        };
        let code = || BTreeMap::from(["x", "y"].map(|name| (name.to_owned(), "ab ac".to_owned())));
        let (mut packages, mut log) = (code(), Vec::new());
        apply("part", &[step(4)], &mut packages, &mut log).unwrap();
        assert!(packages.values().all(|code| code == "b c"), "{packages:?}");
        assert_eq!(log, ["part: step `name`, 4 places"]);
        let error = apply("part", &[step(3)], &mut code(), &mut log).unwrap_err();
        assert_eq!(
            error.to_string(),
            "step `name` changed 4 places, but the schema has 3: because"
        );
    }
}
