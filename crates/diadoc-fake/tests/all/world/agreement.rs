//! Whatever happens, all that the fake shows of a document says the same: the document, its message, its
//! docflow in each version, lists, and both feeds. Random acts of both sides, and then everything is
//! held against everything.
//!
//! `DIADOC_AGREE_SECONDS=3600` has it go on for an hour, and say how far it is; `DIADOC_AGREE_SEED=17` has
//! it begin with that story.

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
    // In every other story things happen while the operator still checks those before them.
    if rng.bool() {
        fake.with_world(|world| world.set_operator_delay(acts::DELIVERY));
    }
    for _ in 0..ACTS {
        let done = known.act(&fake, &mut rng).await;
        known.log.push(done);
        let seconds = rng.u64(..20);
        fake.move_clock(Duration::from_secs(seconds));
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
    let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
    let first = number("DIADOC_AGREE_SEED").unwrap_or_default();
    let Some(seconds) = number("DIADOC_AGREE_SECONDS").map(Duration::from_secs) else {
        for seed in first..first + STORIES {
            story(seed).await;
        }
        return;
    };
    let began = Instant::now();
    let (mut acts, mut said) = (0, 0);
    let mut seeds = first..;
    while began.elapsed() < seconds {
        let seed = seeds.next().expect("there is always one more");
        acts += story(seed).await;
        if began.elapsed().as_secs() / 60 > said {
            said = began.elapsed().as_secs() / 60;
            eprintln!("{said} min: {seed} stories, {acts} acts");
        }
    }
}
