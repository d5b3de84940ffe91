use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::time::{advance, sleep};

use super::*;

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
    let keeper = Keeper::new(None, Some(Box::new(counter.clone())));
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
        // The first renews, the others go on with what still does.
        let sent: Vec<_> = many(&keeper)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert_eq!(sent.iter().filter(|sent| **sent == token(2)).count(), 1);
        assert_eq!(sent.iter().filter(|sent| **sent == token(1)).count(), 19);
        assert_eq!(keeper.current().await.unwrap(), Some(token(2)));
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
async fn a_failure_that_passes_is_not_seen_while_the_old_ones_live() {
    let (counter, keeper) = keeper(Some(MINUTE));
    keeper.current().await.unwrap();
    *counter.fails.lock().unwrap() = Some(RenewError::passing);
    advance(MINUTE / 2).await;
    for _ in 0..20 {
        assert_eq!(keeper.current().await.unwrap(), Some(token(1)));
    }
    // Not at each request anew.
    assert_eq!(counter.asked.load(Ordering::SeqCst), 2);
    advance(PAUSE).await;
    assert_eq!(keeper.current().await.unwrap(), Some(token(1)));
    assert_eq!(counter.asked.load(Ordering::SeqCst), 3);
    // Once they have ended, it is.
    advance(MINUTE / 2).await;
    let error = keeper.current().await.unwrap_err();
    assert!(
        error.may_pass() && error.to_string() == "no token today",
        "{error:?}"
    );
    *counter.fails.lock().unwrap() = None;
    assert_eq!(keeper.current().await.unwrap(), Some(token(2)));
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_lasts_is_seen_at_once() {
    let (counter, keeper) = keeper(Some(MINUTE));
    keeper.current().await.unwrap();
    *counter.fails.lock().unwrap() = Some(RenewError::lasting);
    advance(MINUTE / 2).await;
    assert!(!keeper.current().await.unwrap_err().may_pass());
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
    assert_eq!(Keeper::new(None, None).at_once(), Some(None));
}
