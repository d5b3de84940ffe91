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
    assert_eq!(fake.received().len(), 3);
    fake.reset();
    assert!(numbers(0).is_empty());
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
        let next = tokio::time::timeout(Duration::from_secs(5), requests.recv());
        let received = next.await.unwrap().unwrap();
        assert_eq!((received.number, received.status), (number, Some(status)));
    }
}
