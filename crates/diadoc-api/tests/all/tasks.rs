//! Tasks, and requests that may be sent twice.

use diadoc_api::messages::PostMessageV3;
use diadoc_api::powers_of_attorney::{RegisterPowerOfAttorney, RegisterPowerOfAttorneyResult};
use diadoc_api::signing::{CloudSign, CloudSignResult};
use diadoc_api::{Config, Form, Request, StartsTask};
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

#[test]
fn an_operation_id_is_kept() {
    let mut request = PostMessageV3::new(letter());
    request.set_operation_id(|| "first".into());
    request.set_operation_id(|| "second".into());
    assert_eq!(request.operation_id.as_deref(), Some("first"));
    let http = request.to_http(&Config::new(), Form::Protobuf).unwrap();
    assert_eq!(http.uri().query(), Some("operationId=first"));
    assert_eq!(http.headers()["Content-Type"], "application/x-protobuf");
    assert_eq!(http.headers()["Accept"], "application/x-protobuf");
}
