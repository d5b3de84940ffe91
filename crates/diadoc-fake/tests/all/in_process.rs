//! A fake that is asked without a socket: as a service of the process itself.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use diadoc_fake::{Builder, Fake, Received, Script};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use crate::BOX;

/// The router of a fake, and its handle.
pub(crate) struct InProcess {
    service: TowerToHyperService<axum::Router>,
    pub script: Script,
}

/// What came of a request.
pub(crate) struct Came {
    pub status: u16,
    pub text: String,
    pub received: Received,
}

impl InProcess {
    pub(crate) fn new(builder: Builder) -> Self {
        let (router, script) = builder.router();
        Self {
            service: TowerToHyperService::new(router),
            script,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Came {
        let response = self.service.call(request).await.expect("an answer");
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await;
        Came {
            status,
            text: String::from_utf8_lossy(&body.expect("a body")).into_owned(),
            received: self.script.received().pop().expect("it was received"),
        }
    }
}

/// Nobody tells a router to stop: it answers as long as it is asked.
#[tokio::test]
async fn a_router_goes_on() {
    let fake = InProcess::new(Fake::builder());
    for _ in 0..50 {
        let request = Request::get(format!("/GetBox?boxId={BOX}"))
            .header("Authorization", "Bearer some-token")
            .body(Body::empty());
        let came = fake.send(request.expect("a request")).await;
        assert_eq!((came.status, came.received.reasons), (200, vec![]));
    }
}
