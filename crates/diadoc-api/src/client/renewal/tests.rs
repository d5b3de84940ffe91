use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::time::{advance, sleep};

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

type Failing = fn(&'static str) -> RenewError;

/// Gives `token-1`, `token-2`, … after a second each; or fails.
#[derive(Clone, Default)]
struct Counter {
    given: Arc<AtomicU32>,
    asked: Arc<AtomicU32>,
    life: Option<Duration>,
    fails: Arc<Mutex<Option<Failing>>>,
}

impl Renew for Counter {
    fn renew(&self, old: Option<Credentials>) -> Renewing<'_> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            sleep(Duration::from_secs(1)).await;
            let fails = *self.fails.lock().unwrap();
            if let Some(fail) = fails {
                return Err(fail("no token today"));
            }
            let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
            let expected = (number > 1).then(|| token(number - 1));
            assert_eq!(old, expected, "the old ones are handed in");
            let new = Renewed::from(token(number));
            Ok(match self.life {
                Some(life) => new.living_for(life),
                None => new,
            })
        })
    }
}

fn token(number: u32) -> Credentials {
    Credentials::bearer(format!("token-{number}"))
}

fn keeper(life: Option<Duration>) -> (Counter, Arc<Keeper>) {
    let counter = Counter {
        life,
        ..Counter::default()
    };
    let keeper = Keeper::new(None, Some(Arc::new(counter.clone())), MINUTE);
    (counter, Arc::new(keeper))
}

/// What so many requests at once are sent with.
async fn many(keeper: &Arc<Keeper>) -> Vec<Result<Credentials, RenewError>> {
    let requests = (0..20).map(|_| {
        let keeper = Arc::clone(keeper);
        tokio::spawn(async move { keeper.current().await })
    });
    let mut sent = Vec::new();
    for request in requests.collect::<Vec<_>>() {
        sent.push(request.await.unwrap().map(|sent| sent.expect("a token")));
    }
    sent
}

#[tokio::test(start_paused = true)]
async fn credentials_are_renewed_before_their_end() {
    // The life, and when to renew.
    for (life, due) in [(86_400, 86_340), (120, 60), (60, 30), (2, 1)] {
        let (life, due) = (Duration::from_secs(life), Duration::from_secs(due));
        let (counter, keeper) = keeper(Some(life));
        assert!(
            many(&keeper)
                .await
                .iter()
                .all(|sent| sent.as_ref().is_ok_and(|sent| *sent == token(1)))
        );
        advance(due - Duration::from_millis(1)).await;
        assert_eq!(keeper.current().await.unwrap(), Some(token(1)), "{life:?}");
        assert_eq!(counter.asked.load(Ordering::SeqCst), 1, "{life:?}");
        advance(Duration::from_millis(1)).await;
        // It begins, and all go on with what still does.
        let sent = many(&keeper).await.into_iter().map(Result::unwrap);
        assert!(sent.into_iter().all(|sent| sent == token(1)), "{life:?}");
        // Of the shortest life the end comes in that second.
        sleep(SECOND / 2).await;
        assert_eq!(keeper.current().await.unwrap(), Some(token(1)), "{life:?}");
        sleep(SECOND).await;
        assert_eq!(keeper.at_once(), Some(Some(token(2))), "{life:?}");
        assert_eq!(counter.asked.load(Ordering::SeqCst), 2, "once for all");
    }
}

#[tokio::test(start_paused = true)]
async fn after_their_end_all_wait() {
    let (counter, keeper) = keeper(Some(MINUTE));
    for number in 1..=5 {
        let sent = many(&keeper).await;
        assert!(sent.into_iter().all(|sent| sent.unwrap() == token(number)));
        assert_eq!(counter.asked.load(Ordering::SeqCst), number);
        advance(MINUTE).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_nobody_knows_the_life_of_is_renewed_when_refused() {
    let (counter, keeper) = keeper(None);
    assert_eq!(keeper.current().await.unwrap(), Some(token(1)));
    advance(1000 * MINUTE).await;
    assert_eq!(keeper.current().await.unwrap(), Some(token(1)));
    let (one, two) = (token(1), token(1));
    let (a, b) = tokio::join!(keeper.replace(Some(&one)), keeper.replace(Some(&two)));
    assert!(a.unwrap() && b.unwrap());
    assert_eq!(keeper.current().await.unwrap(), Some(token(2)));
    // A late refusal of the old one changes nothing.
    assert!(keeper.replace(Some(&one)).await.unwrap());
    assert_eq!(counter.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn no_failure_is_seen_while_the_old_ones_live() {
    // How it fails, whether that may pass, and when to try again.
    let cases: [(Failing, bool, Duration); 4] = [
        (|why| RenewError::passing(why), true, PAUSE),
        (|why| RenewError::lasting(why), false, PAUSE),
        (
            |why| RenewError::passing(why).with_retry_after(2 * PAUSE),
            true,
            2 * PAUSE,
        ),
        // As long as they live, which is for 29 s more.
        (
            |why| RenewError::lasting(why).with_retry_after(Duration::MAX),
            false,
            MINUTE / 2 - Duration::from_secs(1),
        ),
    ];
    for (fail, may_pass, delay) in cases {
        let (counter, keeper) = keeper(Some(MINUTE));
        keeper.current().await.unwrap();
        *counter.fails.lock().unwrap() = Some(fail);
        advance(MINUTE / 2).await;
        let is_old = |sent: Result<Credentials, RenewError>| sent.is_ok_and(|one| one == token(1));
        assert!(many(&keeper).await.into_iter().all(is_old));
        let moment = Duration::from_millis(1);
        sleep(SECOND + moment).await;
        // It has failed. Not at each request anew.
        advance(delay - 2 * moment).await;
        assert!(many(&keeper).await.into_iter().all(is_old));
        assert_eq!(counter.asked.load(Ordering::SeqCst), 2);
        advance(moment).await;
        if delay < MINUTE / 4 {
            assert_eq!(keeper.current().await.unwrap(), Some(token(1)));
            sleep(moment).await;
            assert_eq!(counter.asked.load(Ordering::SeqCst), 3);
        }
        // Once they have ended, it is.
        advance(MINUTE / 2).await;
        let error = keeper.current().await.unwrap_err();
        assert_eq!(
            (error.may_pass(), error.to_string().as_str()),
            (may_pass, "no token today")
        );
        *counter.fails.lock().unwrap() = None;
        assert_eq!(keeper.current().await.unwrap(), Some(token(2)));
    }
}

/// Of a life that is nearly over the pause takes half of what is left.
#[tokio::test(start_paused = true)]
async fn a_short_life_has_short_pauses() {
    let (counter, keeper) = keeper(Some(8 * SECOND));
    keeper.current().await.unwrap();
    *counter.fails.lock().unwrap() = Some(RenewError::passing);
    // It is due after 4 s, and has failed after 5: the next try is due after 6.5.
    for (elapsed, asked) in [(3, 1), (1, 2), (1, 2), (1, 2), (1, 3)] {
        advance(elapsed * SECOND).await;
        keeper.current().await.unwrap();
        sleep(Duration::from_millis(1)).await;
        assert_eq!(counter.asked.load(Ordering::SeqCst), asked);
    }
}

/// A renewal that hangs holds up whoever has nothing else, and that for so long only.
#[tokio::test(start_paused = true)]
async fn what_never_comes() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let renew = move |old: Option<Credentials>| {
        let hangs = count.fetch_add(1, Ordering::SeqCst) > 0;
        async move {
            assert_eq!(old.is_some(), hangs);
            if hangs {
                std::future::pending::<()>().await;
            }
            Ok(Renewed::from(token(1)).living_for(4 * MINUTE))
        }
    };
    let keeper = Arc::new(Keeper::new(None, Some(Arc::new(renew)), MINUTE));
    keeper.current().await.unwrap();
    advance(3 * MINUTE).await;
    let start = Instant::now();
    let is_old = |sent: Result<Credentials, RenewError>| sent.is_ok_and(|one| one == token(1));
    assert!(many(&keeper).await.into_iter().all(is_old));
    assert_eq!(start.elapsed(), Duration::ZERO);
    // All wait for the same one, for a minute and not each for its own.
    advance(MINUTE + SECOND).await;
    let start = Instant::now();
    for sent in many(&keeper).await {
        let error = sent.unwrap_err();
        assert!(error.may_pass());
        assert_eq!(error.to_string(), "it took longer than 60s");
    }
    assert_eq!(start.elapsed(), MINUTE);
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

/// What has begun ends, whoever waits; and a renewal that panics is not the last one.
#[tokio::test(start_paused = true)]
async fn nobody_waits_to_its_end() {
    let (counter, keeper) = keeper(None);
    for _ in 0..3 {
        let waited = tokio::time::timeout(SECOND / 10, keeper.current()).await;
        assert!(waited.is_err());
    }
    sleep(SECOND).await;
    assert_eq!(keeper.at_once(), Some(Some(token(1))));
    assert_eq!(counter.asked.load(Ordering::SeqCst), 1);

    let asked = AtomicU32::new(0);
    let renew = move |_: Option<Credentials>| {
        let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            assert!(!first, "the first one panics");
            Ok(token(1))
        }
    };
    let keeper = Keeper::new(None, Some(Arc::new(renew)), MINUTE);
    assert!(keeper.current().await.unwrap_err().may_pass());
    assert_eq!(keeper.current().await.unwrap(), Some(token(1)));
}

#[tokio::test]
async fn how_a_closure_fails() {
    type Fail = fn() -> Result<Credentials, Box<dyn StdError + Send + Sync>>;
    let later = Duration::from_secs(7);
    // The closure, whether another try may help, and when.
    let cases: [(Fail, bool, Option<Duration>); 3] = [
        (|| Err("no token today".into()), false, None),
        (
            || Err(RenewError::passing("no token today").into()),
            true,
            None,
        ),
        (
            || {
                let error = RenewError::passing("no token today");
                Err(error.with_retry_after(Duration::from_secs(7)).into())
            },
            true,
            Some(later),
        ),
    ];
    for (fail, may_pass, retry_after) in cases {
        let renew = move |_: Option<Credentials>| async move { fail() };
        let error = renew.renew(None).await.unwrap_err();
        assert_eq!(
            (error.may_pass(), error.retry_after()),
            (may_pass, retry_after)
        );
        assert_eq!(error.to_string(), "no token today");
        assert_eq!(
            error.cause().to_string(),
            "no token today",
            "nothing is nested"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_not_sent_again() {
    let (counter, keeper) = keeper(Some(MINUTE));
    keeper.current().await.unwrap();
    *counter.fails.lock().unwrap() = Some(RenewError::passing);
    assert!(keeper.replace(Some(&token(1))).await.is_err());
    // By the clock they live, but the server does not take them.
    assert!(keeper.current().await.is_err());
    *counter.fails.lock().unwrap() = None;
    assert_eq!(keeper.current().await.unwrap(), Some(token(2)));
}

#[tokio::test(start_paused = true)]
async fn lives_beyond_any_clock() {
    let (_, keeper) = keeper(Some(Duration::MAX));
    assert_eq!(keeper.current().await.unwrap(), Some(token(1)));
    assert_eq!(keeper.current().await.unwrap(), Some(token(1)));
    let (counter, keeper) = self::keeper(Some(Duration::ZERO));
    keeper.current().await.unwrap();
    keeper.current().await.unwrap();
    assert_eq!(counter.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn without_waiting() {
    let (_, keeper) = keeper(Some(MINUTE));
    assert_eq!(keeper.at_once(), None, "there are none yet");
    keeper.current().await.unwrap();
    assert_eq!(keeper.at_once(), Some(Some(token(1))));
    advance(MINUTE / 2).await;
    assert_eq!(keeper.at_once(), Some(Some(token(1))), "due, but good");
    advance(MINUTE / 2).await;
    assert_eq!(keeper.at_once(), None);
    // Who cannot renew sends what there is.
    assert_eq!(Keeper::new(None, None, MINUTE).at_once(), Some(None));
}

#[test]
fn a_keeper_shows_no_credentials() {
    let keeper = Keeper::new(Some(token(1)), None, MINUTE);
    assert_eq!(format!("{keeper:?}"), "Keeper { .. }");
}
