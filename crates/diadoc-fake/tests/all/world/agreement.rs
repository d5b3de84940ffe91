//! Whatever happens, all that the fake shows of a document says the same: the document, its message, its
//! docflow in each version, lists, and both feeds. Random acts of both sides, and then everything is
//! held against everything.
//!
//! `DIADOC_AGREE_SECONDS=3600` has it go on for an hour, and say how far it is.

mod acts;
mod categories;
#[expect(deprecated, reason = "the obsolete versions have to agree, too")]
mod checks;
mod patches;

use std::time::{Duration, Instant};

use diadoc_fake::Fake;
use fastrand::Rng;

use super::three::{THIRD, world};
use super::{FIRST, SECOND, of};
use acts::Known;

static SIDES: [&str; 3] = [FIRST, SECOND, THIRD];
/// The acts of a story.
const ACTS: usize = 48;
/// The stories that are told where nobody says how long.
const STORIES: u64 = 3;

/// Tells a story of random acts, and holds what each side sees against itself at its end.
async fn story(seed: u64) -> usize {
    let fake: Fake = of(world()).await;
    let mut rng = Rng::with_seed(seed);
    let mut known = Known::default();
    for _ in 0..ACTS {
        let done = known.act(&fake, &mut rng).await;
        known.log.push(done);
    }
    // Shown where something does not agree.
    eprintln!("story {seed}:\n{}", known.log.join("\n"));
    for side in SIDES {
        checks::all(&fake, side, &known).await;
    }
    known.log.len()
}

#[tokio::test]
async fn all_that_is_shown_of_a_document_says_the_same() {
    let seconds = std::env::var("DIADOC_AGREE_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok());
    let Some(seconds) = seconds.map(Duration::from_secs) else {
        for seed in 0..STORIES {
            story(seed).await;
        }
        return;
    };
    let began = Instant::now();
    let (mut acts, mut said) = (0, 0);
    let mut seeds = 0..;
    while began.elapsed() < seconds {
        let seed = seeds.next().expect("there is always one more");
        acts += story(seed).await;
        if began.elapsed().as_secs() / 60 > said {
            said = began.elapsed().as_secs() / 60;
            eprintln!("{said} min: {seed} stories, {acts} acts");
        }
    }
}
