//! The page in a browser. `DIADOC_CHROMEDRIVER` names a ChromeDriver; without it nothing is tried.

mod driver;

use diadoc_fake::Fake;
use serde_json::json;

use crate::http::{Call, JSON};
use crate::{BOX, started};
use driver::{Browser, TAB};

fn call() -> Call {
    Call::get(format!("/V2/GetLastEvent?boxId={BOX}")).accept(JSON)
}

#[tokio::test]
async fn somebody_goes_through_the_page() {
    let Some(browser) = Browser::start().await else {
        diadoc_testkit::skipped("DIADOC_CHROMEDRIVER is not set: no browser is tried");
        return;
    };
    let fake = started().await;
    let page = fake.page_url().expect("a page");

    // A row comes by itself, and is said.
    browser.open(&page).await;
    assert_eq!(browser.text("h1").await, "Overview");
    browser
        .wait_for("#none-yet", "There were no requests yet.")
        .await;
    call().send(&fake).await;
    browser.wait_for("#r1", "/V2/GetLastEvent").await;
    browser.wait_for("#r1 .verdict", "fine").await;
    browser
        .wait_for("#news", "GET /V2/GetLastEvent 200 fine")
        .await;

    // Held, the list stays as it is; then it makes up for what it missed.
    browser.click("#pause").await;
    call().send(&fake).await;
    assert_eq!(browser.count("#r2").await, 0);
    browser.click("#pause").await;
    browser.wait_for("#r2", "GetLastEvent").await;
    browser.click("#r2 a").await;
    browser.wait_for("h1", "Request no. 2").await;

    // A fault is planned, meets a call, and is gone.
    browser.open(&format!("{page}faults")).await;
    browser.fill("#method", "GetLastEventV2").await;
    browser.choose("#kind", "503:#").await;
    browser.fill("#number", "7").await;
    browser.fill("#times", "1").await;
    browser.click("form[action='/_/faults'] button").await;
    browser.wait_for("tbody th", "GetLastEventV2").await;
    let came = call().send(&fake).await;
    assert_eq!((came.status, came.header("retry-after")), (503, Some("7")));
    browser.open(&format!("{page}faults")).await;
    assert_eq!(browser.count("tbody th").await, 0);

    // A fault is taken back.
    fake.plan("*=500".parse().unwrap()).unwrap();
    browser.open(&format!("{page}faults")).await;
    browser
        .click("form[action='/_/faults/remove'] button")
        .await;
    browser.wait_for("main", "No fault is planned.").await;
    assert!(fake.faults().is_empty());

    // A body is pasted, and what is wrong with it is shown.
    browser.open(&format!("{page}check")).await;
    browser.fill("#name", "PostMessageV3").await;
    browser
        .fill("#body", "{\"FromBoxIdd\": \"<b>x</b>\"}")
        .await;
    browser.click("main button").await;
    browser.wait_for("#result", "json.unknown-key").await;
    assert_eq!(browser.count("#result b").await, 0);

    // The boxes are there.
    let other = Fake::builder().start().await.expect("a port");
    browser
        .open(&format!("{}world", other.page_url().expect("a page")))
        .await;
    browser.click("tbody a").await;
    browser.wait_for("h1", "ООО").await;

    // The search finds a method, and its page has its path.
    browser.open(&format!("{page}reference")).await;
    browser.fill("#q", "GetDocumentsV3").await;
    browser.click("main form button").await;
    browser.click(".results a").await;
    browser.wait_for("main", "GET /V3/GetDocuments").await;

    // The other language is kept.
    browser.click(".languages a[lang='ru']").await;
    browser.wait_for("h2", "Параметры").await;
    browser.open(&page).await;
    assert_eq!(browser.text("h1").await, "Обзор");
    assert_eq!(
        browser.run("return document.documentElement.lang").await,
        json!("ru")
    );

    // Nothing was refused by the page's own policy.
    assert_eq!(browser.run("return window.violations").await, json!([]));
    // The browser asked the API for nothing by itself.
    assert!(
        fake.received()
            .iter()
            .all(|received| received.path == "/V2/GetLastEvent")
    );
}

#[tokio::test]
async fn keys_reach_everything_in_order() {
    let Some(browser) = Browser::start().await else {
        diadoc_testkit::skipped("DIADOC_CHROMEDRIVER is not set: no browser is tried");
        return;
    };
    let fake = started().await;
    call().send(&fake).await;
    browser
        .open(&format!("{}requests", fake.page_url().expect("a page")))
        .await;
    let focused = "const it = document.activeElement;
        return it.getAttribute('aria-label') || it.textContent";
    let mut seen = Vec::new();
    for _ in 0..13 {
        browser.press(TAB).await;
        let text = browser.run(focused).await;
        seen.push(text.as_str().expect("a text").to_owned());
        let outline = "return getComputedStyle(document.activeElement).outlineStyle";
        assert_ne!(browser.run(outline).await, json!("none"), "{seen:?}");
    }
    assert_eq!(
        seen,
        [
            "Skip to content",
            "Fake Diadoc",
            "Overview",
            "Boxes",
            "Requests",
            "Faults and clock",
            "Check",
            "Reference",
            "Русский",
            "English",
            "Pause",
            "Requests",
            "1",
        ]
    );
}
