//! Long runs: once all that is kept has filled, the heap stays as it is.

use diadoc_fake::Fake;
use diadoc_fake::world::{FIRST_BOX, World};

use super::wire::Wire;
use super::{MIB, begin, most, started};

/// How many requests there are where the environment does not say.
const REQUESTS: usize = 2_000;
/// The bytes of a body.
const BODY: usize = 29_000;
/// What is kept of requests.
const KEPT: usize = 4 * MIB;
/// How much more there may be at any time than after the first quarter of a run.
const SLACK: usize = 3 * MIB;
/// What a sign-in leaves: two tokens, of which no more than so many are remembered.
const SIGN_IN: usize = 2 << 10;
const MOST_SIGN_INS: usize = 10_000;

pub(crate) async fn stays_the_memory_over_a_long_run() {
    let requests = std::env::var("DIADOC_REQUESTS").ok();
    let requests = requests.map_or(REQUESTS, |text| text.parse().expect("a number of requests"));
    for is_stateless in [false, true] {
        let builder = Fake::builder().keep(100_000, KEPT);
        let fake = started(match is_stateless {
            true => builder.stateless(),
            false => builder.world(World::without_letters()),
        })
        .await;
        // Who subscribes and does not listen holds nothing.
        let behind = fake.subscribe();
        let mut wire = Wire::new(fake.address());
        let mut statuses = std::collections::BTreeMap::<_, usize>::new();
        for number in 0..requests {
            if number == requests / 4 {
                begin();
            }
            let (name, request) = request(number);
            let status = wire.exchange(&request).await;
            *statuses.entry((name, status)).or_default() += 1;
        }
        let grown = most();
        println!("stateless {is_stateless}: {requests} requests, {grown} bytes more at most");
        println!("{statuses:?}");
        assert!(
            !statuses.keys().any(|(_, status)| status.is_none()),
            "{statuses:?}"
        );
        let sign_ins = (requests / KINDS).min(MOST_SIGN_INS) * SIGN_IN;
        assert!(grown < SLACK + sign_ins, "{grown}");
        let kept: usize = fake
            .received_since(0)
            .iter()
            .map(|one| one.body.len())
            .sum();
        assert!(kept <= KEPT, "{kept}");
        let kept = fake.received_since(0).len();
        assert_eq!(fake.forgotten() as usize + kept, requests);
        drop(behind);
    }
}

/// How many kinds of requests there are.
const KINDS: usize = 8;

/// A request, whose kind follows from its number.
fn request(number: usize) -> (&'static str, Vec<u8>) {
    let json = |body: &str| format!("{body}{}", " ".repeat(BODY - body.len()));
    let post = |target: &str, form: &str, body: &str| {
        format!(
            "POST {target} HTTP/1.1\r\nHost: fake\r\nAuthorization: Bearer any\r\n\
             Accept: application/json\r\nContent-Type: {form}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let (name, text) = match number % KINDS {
        0 => (
            "unknown path",
            post(&format!("/Nothing{number}"), "text/plain", &json("x")),
        ),
        1 => {
            let body = json("{\"FromBoxId\": \"");
            (
                "no JSON",
                post("/V3/PostMessage", "application/json", &body),
            )
        }
        2 => {
            let body = json(&format!("{{\"Unknown{number}\": 1, \"FromBoxId\": 7}}"));
            (
                "refused",
                post("/V3/PostMessage", "application/json", &body),
            )
        }
        3 => {
            let target = format!(
                "/ShelfUpload?nameOnShelf=__userId__/file-{}&partIndex=0&isLastPart=1",
                number % 5
            );
            (
                "shelf",
                post(&target, "application/octet-stream", &json("x")),
            )
        }
        4 => {
            let target = format!(
                "/ShelfUpload?nameOnShelf=a&partIndex={}&isLastPart=1",
                number % 3
            );
            (
                "shelf, refused",
                post(&target, "application/octet-stream", &json("x")),
            )
        }
        5 => {
            let body = format!(
                "grant_type=refresh_token&refresh_token=token-{number}&client_id=a&client_secret=b"
            );
            let form = "application/x-www-form-urlencoded";
            ("sign-in", post("/connect/token", form, &body))
        }
        6 => {
            let body = json("{}");
            let target = format!("/V3/PostMessage?q={number}");
            (
                "unknown parameter",
                post(&target, "application/json", &body),
            )
        }
        _ => {
            let target = format!(
                "/V3/GetDocuments?boxId={FIRST_BOX}&filterCategory=Any.Inbound&count={}",
                1 + number % 100
            );
            let text = format!(
                "GET {target} HTTP/1.1\r\nHost: fake\r\nAuthorization: Bearer any\r\n\
                 X-Long: {}\r\n\r\n",
                "x".repeat(BODY)
            );
            ("list", text)
        }
    };
    (name, text.into_bytes())
}
