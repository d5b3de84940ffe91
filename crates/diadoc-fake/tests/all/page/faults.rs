//! Faults and the clock, by the forms of the page.

use diadoc_fake::{Fake, Fault, Oidc, Times};

use super::{FORM, page, submit};
use crate::http::Call;
use crate::{BOX, started};

fn call() -> Call {
    Call::get(format!("/V2/GetLastEvent?boxId={BOX}"))
}

#[tokio::test]
async fn planned_met_and_taken_back() {
    let fake = started().await;
    page(&fake, "/_/faults").await.says("No fault is planned.");
    let fields = [
        ("method", "GetLastEventV2"),
        ("kind", "503:#"),
        ("number", "7"),
        ("times", "2"),
    ];
    let came = submit(&fake, "/_/faults", &fields).await;
    assert_eq!(
        (came.status, came.header("location")),
        (303, Some("/_/faults"))
    );
    let came = call().send(&fake).await;
    assert_eq!((came.status, came.header("retry-after")), (503, Some("7")));
    let faults = fake.faults();
    assert_eq!(faults[0].1.to_string(), "GetLastEventV2=503:7*1");
    let list = page(&fake, "/_/faults").await;
    list.says("<code>503:7</code>");
    list.says("aria-label=\"Take back: GetLastEventV2=503:7*1\"");
    let number = faults[0].0.to_string();
    let came = submit(&fake, "/_/faults/remove", &[("number", &number)]).await;
    assert_eq!(came.status, 303);
    assert!(fake.faults().is_empty());
    assert_eq!(call().send(&fake).await.status, 200);
    // What is not there any more is as good as taken back.
    let came = submit(&fake, "/_/faults/remove", &[("number", &number)]).await;
    assert_eq!(came.status, 303);
}

#[tokio::test]
async fn what_tests_say_is_listed_as_well() {
    let fake = started().await;
    fake.fault("*", Fault::Status(500), Times::Always).unwrap();
    fake.fault("/connect/token", Fault::Cut, 3).unwrap();
    let faults: Vec<_> = fake
        .faults()
        .into_iter()
        .map(|(_, fault)| fault.to_string())
        .collect();
    assert_eq!(faults, ["*=500", "/connect/token=cut*3"]);
    let came = page(&fake, "/_/").await;
    came.says(">always<");
    came.says("<code>/connect/token</code>");
    assert!(fake.remove_fault(fake.faults()[0].0));
    assert!(!fake.remove_fault(99));
    // A number is never given twice.
    fake.reset();
    fake.fault("*", Fault::Cut, 1).unwrap();
    assert_eq!(fake.faults()[0].0, 3);
}

#[tokio::test]
async fn what_cannot_be_planned() {
    let fake = started().await;
    for (method, kind, number, times, why) in [
        ("GetNothing", "429", "", "1", "no method is called"),
        ("*", "slow:#", "", "1", "is no fault"),
        ("*", "#", "200", "1", "is no fault"),
        ("*", "429", "", "0", "is not how often"),
        ("", "429", "", "1", "a fault is written as"),
        ("*", "<b>", "", "1", "is no fault"),
    ] {
        let fields = [
            ("method", method),
            ("kind", kind),
            ("number", number),
            ("times", times),
        ];
        let came = submit(&fake, "/_/faults", &fields).await;
        assert_eq!(came.status, 400);
        came.says(why);
        came.says("role=\"alert\"");
        came.says(&format!("name=\"method\" value=\"{method}\""));
        came.does_not_say("<b>");
    }
    assert!(fake.faults().is_empty());
}

#[tokio::test]
async fn the_clock_moves() {
    let fake = Fake::builder()
        .stateless()
        .oidc(Oidc::default())
        .start()
        .await
        .unwrap();
    let form = "grant_type=refresh_token&refresh_token=a&client_id=b&client_secret=c";
    let came = Call::post("/connect/token", FORM, form).send(&fake).await;
    let token = came.json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let status = async || {
        let call = call().with("Authorization", &format!("Bearer {token}"));
        call.send(&fake).await.status
    };
    assert_eq!(status().await, 200);
    for (amount, unit) in [
        ("", "days"),
        ("0", "days"),
        ("-1", "days"),
        ("1", "ages"),
        ("9999", "days"),
    ] {
        let came = submit(&fake, "/_/clock", &[("amount", amount), ("unit", unit)]).await;
        assert_eq!(came.status, 400);
    }
    assert_eq!(status().await, 200);
    let came = submit(&fake, "/_/clock", &[("amount", "2"), ("unit", "days")]).await;
    assert_eq!(came.status, 303);
    let to = came.header("location").expect("where to go on").to_owned();
    page(&fake, to.split('#').next().unwrap())
        .await
        .says("moved ahead by 172800 s");
    assert_eq!(status().await, 401);
}
