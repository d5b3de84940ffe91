//! Which random cases the properties try.
//!
//! They are the same in each run, so that a test that passes goes on passing until something changes. The
//! environment variable `DIADOC_SEED` sets others: a number, which stands for the same cases again, or
//! `fresh`, which is another number in each run, printed with what fails. proptest's own variables, such as
//! `PROPTEST_CASES`, count as ever.

use std::hash::{BuildHasher as _, DefaultHasher, Hasher as _, RandomState};
use std::sync::OnceLock;

use proptest::test_runner::{Config, RngSeed, TestRunner};

/// proptest's configuration for a property. Each has cases of its own: `of` names it, or what it is about.
///
/// ```
/// use diadoc_testkit::seeds;
/// use proptest::prelude::*;
///
/// proptest! {
///     #![proptest_config(seeds::config("all numbers are themselves"))]
///     fn all_numbers(number: u64) {
///         prop_assert_eq!(number, number);
///     }
/// }
/// all_numbers();
/// ```
pub fn config(of: &str) -> Config {
    let mut hasher = DefaultHasher::new();
    hasher.write(of.as_bytes());
    Config {
        rng_seed: RngSeed::Fixed(hasher.finish() ^ seed()),
        // The seed says which case failed.
        failure_persistence: None,
        ..Config::default()
    }
}

/// A runner with the cases of [`config`], for values without a property.
pub fn runner(of: &str) -> TestRunner {
    TestRunner::new(config(of))
}

/// How many cases a property tries: so many, unless `PROPTEST_CASES` sets another number.
pub fn cases(usual: u32) -> u32 {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => Config::default().cases,
        None => usual,
    }
}

/// The seed of this run; the same from its first use on.
///
/// # Panics
///
/// `DIADOC_SEED` is neither a number nor `fresh`.
#[allow(
    clippy::panic,
    reason = "a test with a seed that it was not given would tell nothing"
)]
pub fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    let seed = *SEED.get_or_init(|| match std::env::var("DIADOC_SEED") {
        Err(_) => 0,
        Ok(text) if text == "fresh" => RandomState::new().hash_one(0),
        Ok(text) => {
            let seed = text.parse();
            seed.unwrap_or_else(|_| panic!("DIADOC_SEED is a number or `fresh`, not `{text}`"))
        }
    });
    if seed != 0 {
        println!("DIADOC_SEED={seed}");
    }
    seed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::RngExt as _;

    use super::*;

    /// Of the same name always, of another name others.
    #[test]
    fn a_property_has_its_own_cases() {
        let first = |of: &str| runner(of).rng().random::<u64>();
        assert_eq!(first("one"), first("one"));
        assert_ne!(first("one"), first("another"));
    }
}
