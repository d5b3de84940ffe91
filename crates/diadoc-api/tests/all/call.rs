//! Methods that are known at run time only.

use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::{
    Call, CallError, CallResponse, Config, Form, METHODS, Method, Outcome, Request, Retired,
};

use crate::{BOX, json};

fn call(name: &str, parameters: &[(&str, &str)]) -> Call {
    let method = Method::find(name).expect("the method exists");
    let parameters = parameters.iter();
    parameters.fold(Call::new(method), |call, (name, value)| {
        call.parameter(*name, *value)
    })
}

#[test]
fn each_rule_of_parameters() {
    let right = [("boxId", BOX), ("filterCategory", "Any.Inbound")];
    let faults = |more: &[(&str, &str)]| {
        let error = call("GetDocumentsV3", &[&right, more].concat()).check();
        let faults = error.err().map(|error| {
            let faults = error.violations().iter();
            faults.map(ToString::to_string).collect::<Vec<_>>()
        });
        faults.unwrap_or_default()
    };
    for right in [
        ("count", "5"),
        ("excludeSubdepartments", "True"),
        ("sortDirection", "Ascending"),
        ("departmentId", ""),
        ("count", ""),
    ] {
        assert_eq!(faults(&[right]), [""; 0], "{right:?}");
    }
    let wrong = [
        ("cuont", "5"),
        ("boxId", BOX),
        ("count", "5.0"),
        ("sortDirection", "Down"),
    ];
    let wrong: Vec<_> = wrong.iter().flat_map(|one| faults(&[*one])).collect();
    let expected = "\
cuont: GetDocumentsV3 has no parameter `cuont`, did you mean `count`? (parameter.unknown)
boxId: the parameter is given twice, expected each parameter once (parameter.duplicate)
count: the value is not of the parameter's type, expected a 32-bit integer (parameter.type)
sortDirection: the value is not of the parameter's type, expected one of `UnknownSortDirection`, \
`Ascending` and `Descending` (parameter.type)";
    assert_eq!(wrong.join("\n"), expected);
    let error = call("GetDocumentsV3", &right[..1]).check().unwrap_err();
    assert_eq!(
        error.to_string(),
        "GetDocumentsV3 was not sent: filterCategory: the required parameter is missing, expected a \
         value (parameter.required)"
    );
    let error = call("GetDocflowsV4", &right[..1]).check().unwrap_err();
    assert!(error.to_string().contains("body: the body is missing"));
}

#[test]
fn a_call_is_what_the_typed_request_is() {
    let config = Config::new();
    let typed = GetDocumentsV3::new(BOX, "Any.Inbound")
        .count(5)
        .after_index_key("a+b/=");
    let parameters = [
        ("boxId", "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru"),
        ("filterCategory", "Any.Inbound"),
        ("afterIndexKey", "a+b/="),
        ("count", "5"),
    ];
    let call = call("GetDocumentsV3", &parameters);
    for form in [Form::Json, Form::Protobuf] {
        let (ours, typed) = (call.to_http(&config, form), typed.to_http(&config, form));
        let (ours, typed) = (ours.unwrap(), typed.unwrap());
        assert_eq!(ours.uri(), typed.uri());
        assert_eq!(ours.headers(), typed.headers());
    }
    let page = json(200, r#"{"TotalCount": 7, "New": 1}"#);
    let Outcome::Ready(CallResponse::Message(message)) = call.outcome(page).unwrap() else {
        panic!("no message");
    };
    assert_eq!(message.form, Form::Json);
    // As it came, with what the schema does not know.
    assert_eq!(&message.content[..], br#"{"TotalCount": 7, "New": 1}"#);
}

#[test]
fn a_server_finds_the_method() {
    let read = |verb: &str, path: &str| {
        let request = http::Request::builder().method(verb).uri(path);
        Call::from_http(&request.body(Default::default()).unwrap())
    };
    for method in METHODS {
        let call = read(method.verb.as_str(), method.path).unwrap();
        assert_eq!(call.method(), method);
    }
    let error = read("POST", "/V3/GetDocuments").unwrap_err();
    assert_eq!(error.to_string(), "/V3/GetDocuments takes GET, not POST");
    let error = read("GET", "/V3/GetDocumnets").unwrap_err();
    let CallError::Path { near, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(near, Some("/V3/GetDocuments"));
}

/// What is suggested is in use, whatever else is spelt alike.
#[test]
fn a_path_that_is_gone() {
    let said = |path: &str| {
        let request = http::Request::builder().uri(path);
        let call = Call::from_http(&request.body(Default::default()).unwrap());
        call.unwrap_err().to_string()
    };
    for (path, expected) in [
        (
            "/v3/getMessage",
            "/V3/GetMessage is retired: the vendor has not had it since 2024-07-13; use GET \
             /V6/GetMessage (GetMessageV6)",
        ),
        (
            "/Authenticate",
            "/Authenticate is retired: the vendor has not had it since 2022-08-22; use an access \
             token of OpenID Connect",
        ),
        (
            "/Devices",
            "/Devices is retired: the vendor removed it on 2025-04-07; there is nothing in its place",
        ),
        (
            "/V1/GetMessage",
            "no method has the path /V1/GetMessage; did you mean /V6/GetMessage?",
        ),
        (
            "/V2/GetNewEvents",
            "no method has the path /V2/GetNewEvents; did you mean /V8/GetNewEvents?",
        ),
        (
            "/V4/GetMesage",
            "no method has the path /V4/GetMesage; did you mean /V6/GetMessage?",
        ),
    ] {
        assert_eq!(said(path), expected);
    }
    assert!(Retired::all().len() > 10);
    for retired in Retired::all() {
        let instead = retired.instead();
        assert!(Method::at(retired.path).next().is_none(), "{retired}");
        assert!(instead.is_none_or(|method| !method.obsolete), "{retired}");
    }
}

#[test]
fn the_case_of_names_is_no_matter() {
    let request = http::Request::builder().uri("/v2/getlastevent?BOXID=1&Other=2");
    let call = Call::from_http(&request.body(Default::default()).unwrap()).unwrap();
    assert_eq!(call.method().name, "GetLastEventV2");
    assert_eq!(
        (call.value("boxId"), call.value("Other")),
        (Some("1"), Some("2"))
    );
}

#[test]
fn bodies_are_of_their_kind() {
    let faults = |method: &str, name: &str, form: Option<Form>, content: &'static [u8]| {
        let method = Method::find(method).expect("the method exists");
        let error = Call::new(method).body(name, form, content).check();
        let faults = error.err().into_iter().flat_map(|error| {
            let faults = error.violations().iter().map(ToString::to_string);
            let of_bodies = faults.filter(|fault| !fault.contains("required parameter"));
            of_bodies.collect::<Vec<_>>()
        });
        faults.collect::<Vec<_>>().join("\n")
    };
    let json = Some(Form::Json);
    for (method, name, form, content) in [
        ("SendDraft", "body", json, &b"{}"[..]),
        ("SendDraft", "body", Some(Form::Protobuf), b""),
        ("ShelfUploadV2", "body", None, b""),
        ("AuthenticateV3", "sid", None, b"sid"),
    ] {
        assert_eq!(faults(method, name, form, content), "", "{method}");
    }
    let wrong = [
        faults("SendDraft", "bdoy", json, b"{}"),
        faults("SendDraft", "body", None, b"{}"),
        faults("ShelfUploadV2", "body", json, b"{}"),
        faults("AuthenticateV3", "sid", None, b"\xff"),
        faults("GetBox", "body", None, b"x"),
    ];
    let expected = "\
bdoy: SendDraft has no body `bdoy`, did you mean `body`? (parameter.unknown)
body: the body is missing, expected a value (parameter.required)
body: the body is not of its type, expected a message as protobuf or JSON (parameter.type)
body: the body is not of its type, expected bytes (parameter.type)
sid: the body is not of its type, expected a text in UTF-8 (parameter.type)
body: GetBox has no body `body`, expected none (parameter.unknown)";
    assert_eq!(wrong.join("\n"), expected);
}

/// An empty parameter counts as not given, so it is none of a set.
#[test]
fn an_empty_parameter_is_none_of_a_set() {
    let excluded = |number: &str| {
        let parameters = [
            ("boxId", BOX),
            ("filterCategory", "Any.Inbound"),
            ("documentNumber", number),
            ("timestampFromTicks", "638884246403244956"),
        ];
        call("GetDocumentsV3", &parameters).check().is_err()
    };
    assert!(excluded("1"));
    assert!(!excluded(""));
}
