//! What a fake keeps of the requests that came.

use std::time::Duration;

use diadoc_fake::Fake;

use crate::BOX;
use crate::http::{Call, JSON};

fn call() -> Call {
    Call::get(format!("/V2/GetLastEvent?boxId={BOX}")).accept(JSON)
}

fn upload(bytes: usize) -> Call {
    Call::post(
        "/ShelfUpload?nameOnShelf=a&partIndex=0",
        "application/octet-stream",
        vec![0; bytes],
    )
}

#[tokio::test]
async fn the_last_requests() {
    let fake = Fake::builder()
        .stateless()
        .keep(3, 1 << 20)
        .start()
        .await
        .unwrap();
    for _ in 0..5 {
        call().send(&fake).await;
    }
    let numbers = |since| -> Vec<u64> {
        let received = fake.received_since(since).into_iter();
        received.map(|one| one.number).collect()
    };
    assert_eq!(numbers(0), [3, 4, 5]);
    assert_eq!(numbers(4), [5]);
    assert!(numbers(5).is_empty());
    assert_eq!((fake.received().len(), fake.forgotten()), (3, 2));
    fake.reset();
    assert!(numbers(0).is_empty());
    assert_eq!(fake.forgotten(), 2);
    call().send(&fake).await;
    assert_eq!(numbers(0), [6]);
}

#[tokio::test]
async fn bodies_of_bounded_size() {
    let fake = Fake::builder()
        .stateless()
        .keep(100, 100_000)
        .start()
        .await
        .unwrap();
    for _ in 0..5 {
        assert_eq!(upload(40_000).send(&fake).await.status, 200);
    }
    assert_eq!(fake.received().len(), 2);
    // The last one is there, whatever its size.
    upload(200_000).send(&fake).await;
    let received = fake.received();
    assert_eq!((received.len(), received[0].body.len()), (1, 200_000));
    call().send(&fake).await;
    assert_eq!(fake.received().len(), 1);
}

#[tokio::test]
async fn subscribers() {
    let fake = Fake::builder().stateless().start().await.unwrap();
    let mut requests = fake.subscribe();
    call().send(&fake).await;
    Call::get("/nothing").send(&fake).await;
    for (number, status) in [(1, 200), (2, 501)] {
        let next = tokio::time::timeout(Duration::from_secs(5), requests.next());
        let received = next.await.unwrap().unwrap();
        assert_eq!((received.number, received.status), (number, Some(status)));
    }
}

/// Who follows the requests and does not ask for them keeps none of them.
#[tokio::test]
async fn a_subscriber_that_is_behind() {
    let fake = Fake::builder()
        .stateless()
        .keep(100, 100_000)
        .start()
        .await
        .unwrap();
    let mut requests = fake.subscribe();
    let mut bodies = Vec::new();
    for _ in 0..10 {
        upload(40_000).send(&fake).await;
        let last = fake.received_since(0).pop().unwrap();
        bodies.push(std::sync::Arc::downgrade(&last));
    }
    let held = bodies.iter().filter(|body| body.strong_count() > 0);
    assert_eq!(held.count(), 2);
    let next = requests.next().await.unwrap();
    assert_eq!((next.number, requests.missed()), (9, 8));
    drop(fake);
    while let Some(next) = requests.next().await {
        assert_eq!(next.number, 10);
    }
}

/// Many small things count as what they take, not as their bytes.
#[tokio::test]
async fn small_things_are_counted() {
    let fake = Fake::builder()
        .stateless()
        .keep(100, 4 << 20)
        .start()
        .await
        .unwrap();
    let many = "a&".repeat(25_000);
    for _ in 0..5 {
        Call::get(format!("/V2/GetLastEvent?{many}"))
            .send(&fake)
            .await;
    }
    assert_eq!(fake.received_since(0).len(), 1);
}
