//! New GUIDs.

use uuid::{Builder, Uuid};

/// Where new GUIDs come from: from chance, or, with a seed, the same ones in every run.
#[derive(Debug)]
pub(super) struct Ids(fastrand::Rng);

impl Ids {
    pub(super) fn random() -> Self {
        Self(fastrand::Rng::new())
    }

    pub(super) fn seeded(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    pub(super) fn next(&mut self) -> Uuid {
        Builder::from_random_bytes(self.0.u128(..).to_be_bytes()).into_uuid()
    }
}
