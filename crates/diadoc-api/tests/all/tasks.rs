//! Tasks, and requests that may be sent twice.

use diadoc_api::messages::PostMessageV3;
use diadoc_api::powers_of_attorney::{RegisterPowerOfAttorney, RegisterPowerOfAttorneyResult};
use diadoc_api::signing::{CloudSign, CloudSignResult};
use diadoc_api::{Call, Config, Form, Idempotency, METHODS, Request, StartsTask};
use diadoc_proto::powers_of_attorney::PowerOfAttorneyToRegister;
use diadoc_proto::{AsyncMethodResult, CloudSignRequest};

use crate::{BOX, GUID, letter};

fn started(task_id: &str) -> AsyncMethodResult {
    AsyncMethodResult {
        task_id: Some(task_id.to_owned()),
    }
}

#[test]
fn the_outcome_of_a_task() {
    let start = CloudSign::new(CloudSignRequest::default());
    assert_eq!(
        start.result(&started(GUID)),
        Some(CloudSignResult::new(GUID))
    );
    assert_eq!(start.result(&started("")), None);
    assert_eq!(start.result(&AsyncMethodResult::default()), None);
    let start = RegisterPowerOfAttorney::new(BOX, PowerOfAttorneyToRegister::default());
    let expected = RegisterPowerOfAttorneyResult::new(BOX, GUID);
    assert_eq!(start.result(&started(GUID)), Some(expected));
}

/// No request gets an id that its caller did not give; an empty one is none.
#[test]
fn an_operation_id_is_the_callers() {
    let query = |request: &PostMessageV3| {
        let http = request.to_http(&Config::new(), Form::Protobuf).unwrap();
        assert_eq!(http.headers()["Content-Type"], "application/x-protobuf");
        assert_eq!(http.headers()["Accept"], "application/x-protobuf");
        http.uri().query().map(str::to_owned)
    };
    let request = PostMessageV3::new(letter());
    assert_eq!(query(&request), None);
    assert_eq!(query(&request.clone().operation_id("")), None);
    let named = request.operation_id("first");
    assert_eq!(query(&named).as_deref(), Some("operationId=first"));
}

/// Of every method: what posts may be repeated, but for one that switches duplicates off.
#[test]
fn what_may_be_repeated() {
    const OFF: &str = "disableDuplicatesDetection";
    for method in METHODS {
        let call = || Call::new(method);
        let expected = method.idempotency != Idempotency::Unstated;
        assert_eq!(call().is_repeatable(), expected, "{}", method.name);
        if method.parameter(OFF).is_none() {
            continue;
        }
        for (value, repeatable) in [
            ("true", false),
            ("True", false),
            ("1", false),
            ("yes", false),
            ("", true),
            ("false", true),
        ] {
            for id in ["", "mine"] {
                let call = call().parameter(OFF, value).parameter("operationId", id);
                assert_eq!(call.is_repeatable(), repeatable, "{} {value}", method.name);
            }
        }
    }
    let post = || PostMessageV3::new(letter()).operation_id("");
    assert!(post().disable_duplicates_detection(false).is_repeatable());
    assert!(!post().disable_duplicates_detection(true).is_repeatable());
}
