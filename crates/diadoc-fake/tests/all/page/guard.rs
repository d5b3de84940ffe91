//! Who gets the page, and in which language.

use diadoc_fake::Fake;

use super::{HOST, form, open, page, token};
use crate::http::Call;
use crate::started;

const PAGES: [&str; 13] = [
    "/_/",
    "/_/world",
    "/_/world/1f208d03-2a60-4f64-91b1-b7aad54cfaf3",
    "/_/requests",
    "/_/requests/1",
    "/_/faults",
    "/_/check",
    "/_/check?name=PostMessageV3",
    "/_/reference",
    "/_/reference?q=zip",
    "/_/reference/GetDocumentsV3",
    "/_/reference/DocumentList",
    "/_/reference/DocumentDirection",
];

#[tokio::test]
async fn every_page_says_what_browsers_must_not_do() {
    let fake = Fake::builder().start().await.unwrap();
    Call::get("/Nothing").send(&fake).await;
    for path in PAGES {
        let came = page(&fake, path).await;
        assert_eq!(came.status, 200, "{path}");
        assert_eq!(
            came.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let policy = came.header("content-security-policy").expect("a policy");
        let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
        let nonce = rest.split('\'').next().expect("its end");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        came.says(&format!("<style nonce=\"{nonce}\">"));
        came.says(&format!("<script nonce=\"{nonce}\">"));
        assert_eq!(came.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(came.header("x-frame-options"), Some("DENY"));
        assert_eq!(came.header("cache-control"), Some("no-store"));
        // Nothing is loaded from elsewhere, and nothing but the one script runs.
        for text in [" src=", "href=\"http", "url(", " onclick", " style=\""] {
            came.does_not_say(text);
        }
        assert_eq!(came.text().matches("<script").count(), 1, "{path}");
        assert_eq!(came.text().matches("<h1>").count(), 1, "{path}");
        assert_eq!(came.text().matches("<main ").count(), 1, "{path}");
        let again = page(&fake, path).await;
        assert_ne!(again.header("content-security-policy"), Some(policy));
    }
}

#[tokio::test]
async fn it_is_no_part_of_the_api() {
    let fake = started().await;
    for path in PAGES {
        page(&fake, path).await;
    }
    let came = page(&fake, "/_/nothing/here").await;
    assert_eq!(came.status, 404);
    came.says("There is no such page");
    assert_eq!(page(&fake, "/_").await.header("location"), Some("/_/"));
    assert!(fake.received().is_empty());
    assert_eq!(fake.page_url(), Some(format!("{}/_/", fake.url())));
}

#[tokio::test]
async fn it_can_be_left_out() {
    let fake = Fake::builder().page(false).start().await.unwrap();
    let came = page(&fake, "/_/").await;
    assert!(came.status >= 400);
    came.does_not_say("<html");
    assert_eq!((fake.received().len(), fake.page_url()), (1, None));
    // On an address that others reach there is none, unless it is asked for.
    let anywhere = "0.0.0.0:0".parse().unwrap();
    let fake = Fake::builder().start_at(anywhere).await.unwrap();
    assert_eq!(fake.page_url(), None);
    let fake = Fake::builder().page(true).start_at(anywhere).await.unwrap();
    assert!(fake.page_url().is_some());
}

#[tokio::test]
async fn other_hosts_and_other_sites_get_nothing() {
    let fake = started().await;
    for host in [
        "evil.example",
        "fake",
        "192.168.0.1:8070",
        "localhost.evil.example",
    ] {
        let came = open("/_/").with("Host", host).send(&fake).await;
        assert_eq!(came.status, 403, "{host}");
        came.does_not_say("<html");
        assert_eq!(came.header("x-content-type-options"), Some("nosniff"));
    }
    for host in ["localhost:8070", "[::1]:8070", "127.0.0.1"] {
        assert_eq!(open("/_/").with("Host", host).send(&fake).await.status, 200);
    }
    let token = token(&fake).await;
    let fields = [("method", "*"), ("kind", "429"), ("times", "1")];
    let fault = |token: &str| form("/_/faults", token, &fields);
    let refused = [
        fault("wrong"),
        fault(""),
        fault(&token).with("Origin", "https://evil.example"),
        fault(&token).with("Origin", "null"),
        fault(&token).with("Origin", "http://127.0.0.1:1"),
        fault(&token).with("Sec-Fetch-Site", "cross-site"),
        fault(&token).with("Sec-Fetch-Site", "same-site"),
        fault(&token)
            .with("Host", "evil.example")
            .with("Origin", "http://evil.example"),
    ];
    for call in refused {
        assert_eq!(call.send(&fake).await.status, 403);
    }
    assert!(fake.faults().is_empty());
    assert_eq!(fault(&token).send(&fake).await.status, 303);
    assert_eq!(fake.faults().len(), 1);
    // A link of another site does not change anything either.
    let came = open("/_/faults/remove?number=1").send(&fake).await;
    assert_eq!((came.status, fake.faults().len()), (405, 1));
}

/// A program in any language moves the clock and plans faults without having read the page.
#[tokio::test]
async fn programs_send_forms_by_a_header() {
    let fake = started().await;
    let clock = || {
        Call::post("/_/clock", super::FORM, "amount=10&unit=seconds")
            .with("Host", HOST)
            .with("X-Diadoc-Fake", "yes")
    };
    let came = clock().send(&fake).await;
    assert_eq!(came.status, 303);
    let moved = came.header("location").expect("where it is said");
    assert!(moved.contains("moved=10"), "{moved}");
    let fault = Call::post("/_/faults", super::FORM, "method=*&kind=429&times=2");
    let fault = fault.with("Host", HOST).with("X-Diadoc-Fake", "yes");
    assert_eq!(
        (fault.send(&fake).await.status, fake.faults().len()),
        (303, 1)
    );
    for refused in [
        clock().with("X-Diadoc-Fake", ""),
        clock().with("X-Diadoc-Fake", "no"),
        clock().with("Origin", "https://evil.example"),
        clock().with("Sec-Fetch-Site", "cross-site"),
        clock().with("Host", "evil.example"),
    ] {
        assert_eq!(refused.send(&fake).await.status, 403);
    }
    // No site is let to send the header.
    let preflight = Call::new("OPTIONS", "/_/clock".to_owned())
        .with("Host", HOST)
        .with("Origin", "https://evil.example")
        .with("Access-Control-Request-Headers", "x-diadoc-fake");
    let came = preflight.send(&fake).await;
    assert_eq!(came.status, 405);
    assert_eq!(came.header("access-control-allow-origin"), None);
    assert_eq!(came.header("access-control-allow-headers"), None);
}

#[tokio::test]
async fn both_languages() {
    let fake = started().await;
    let asked = |language: &str| open("/_/").with("Accept-Language", language);
    let came = asked("ru-RU,ru;q=0.9,en;q=0.8").send(&fake).await;
    came.says("<html lang=\"ru\">");
    came.says("Последние запросы");
    came.says("href=\"/_/?lang=en\"");
    assert_eq!(came.header("set-cookie"), None);
    asked("de").send(&fake).await.says("The last requests");

    let chosen = open("/_/reference?q=%22a+b%22&lang=ru").send(&fake).await;
    chosen.says("<html lang=\"ru\">");
    chosen.says("href=\"/_/reference?q=%22a%20b%22&amp;lang=en\"");
    let cookie = chosen.header("set-cookie").expect("a cookie");
    assert_eq!(
        cookie,
        "diadoc-fake-lang=ru; Path=/_/; Max-Age=31536000; SameSite=Strict; HttpOnly"
    );
    let kept = open("/_/").with("Cookie", "a=b; diadoc-fake-lang=ru");
    kept.send(&fake).await.says("<html lang=\"ru\">");
    let unknown = page(&fake, "/_/?lang=xx").await;
    unknown.says("<html lang=\"en\">");
    assert_eq!(unknown.header("set-cookie"), None);
    assert_eq!(open("/_/").with("Host", HOST).send(&fake).await.status, 200);
}

/// A form takes what its few fields take: many small ones are refused.
#[tokio::test]
async fn a_form_of_many_fields() {
    let fake = started().await;
    let many = "&a=b".repeat(100);
    let form = format!("amount=1&unit=days{many}");
    let came = Call::post("/_/clock", super::FORM, form)
        .with("Host", HOST)
        .with("X-Diadoc-Fake", "yes")
        .send(&fake)
        .await;
    assert_eq!(came.status, 413);
}
