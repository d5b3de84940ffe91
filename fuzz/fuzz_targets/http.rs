//! HTTP from outside: answers of every method and of the identity server, requests as a server gets them,
//! queries.

#![no_main]

use bytes::Bytes;
use diadoc_api::headers::{LONGEST_DELAY, content_disposition, file_name, retry_after};
use diadoc_api::http::header::CONTENT_DISPOSITION;
use diadoc_api::http::{
    HeaderMap, HeaderValue, Method as Verb, Request as Http, Response, StatusCode, Uri,
};
use diadoc_api::oidc::Application;
use diadoc_api::query::{pairs, percent_encoded};
use diadoc_api::{Call, Config, Form, METHODS, Outcome, Request, StartsTask, Token};
use diadoc_fuzz::{choose, lines};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((kind, data)) = data.split_first() else {
        return;
    };
    match kind % 4 {
        0 => answer(data),
        1 => request(data),
        2 => identity(data),
        _ => query(data),
    }
});

/// A method, a status, headers and a body.
fn answer(data: &[u8]) {
    let Some((method, data)) = choose(data, METHODS.len()) else {
        return;
    };
    let Some(response) = response(data) else {
        return;
    };
    let call = Call::new(&METHODS[method]);
    let headers = response.headers();
    assert!(retry_after(headers).is_none_or(|delay| delay <= LONGEST_DELAY));
    if let Some(name) = file_name(headers) {
        assert!(!name.is_empty());
        let value = HeaderValue::try_from(content_disposition(&name)).expect("it is ASCII");
        let written = HeaderMap::from_iter([(CONTENT_DISPOSITION, value)]);
        assert_eq!(file_name(&written), Some(name));
    }
    let brings_result = call.brings_result(response.status(), headers);
    match call.outcome(response) {
        Ok(Outcome::Ready(result)) => {
            assert!(brings_result);
            call.result(&result);
        }
        Ok(Outcome::Pending { retry_after }) => {
            assert!(retry_after.is_none_or(|delay| delay <= LONGEST_DELAY));
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            error.may_pass();
        }
    }
}

fn response(data: &[u8]) -> Option<Response<Bytes>> {
    let (status, headers, body) = lines::parts(data);
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_bytes(status).ok()?;
    *response.headers_mut() = headers;
    Some(response)
}

/// A verb and a path with its query: what a server makes of them, sent again, is the same.
fn request(data: &[u8]) {
    let (first, headers, body) = lines::parts(data);
    let Some(space) = first.iter().position(|byte| *byte == b' ') else {
        return;
    };
    let (Ok(verb), Ok(uri)) = (
        Verb::from_bytes(&first[..space]),
        Uri::try_from(&first[space + 1..]),
    ) else {
        return;
    };
    let mut request = Http::new(body);
    *request.method_mut() = verb;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    let call = match Call::from_http(&request) {
        Ok(call) => call,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    if let Err(error) = call.check() {
        assert!(!error.to_string().is_empty());
    }
    // Spellings differ from what came, but not any more from there on.
    let config = Config::new().unchecked();
    let Ok(sent) = call.to_http(&config, Form::Json) else {
        return;
    };
    let received = Call::from_http(&sent).expect("the method that it was read as");
    let again = received.to_http(&config, Form::Json).expect("it was sent");
    assert_eq!(again.uri(), sent.uri());
    assert_eq!(again.headers(), sent.headers());
    assert_eq!(again.body(), sent.body());
}

/// What the identity server answers, and where it sends the user.
fn identity(data: &[u8]) {
    let application = Application::new("client", "secret");
    if let Some(response) = response(data) {
        let tokens = application
            .refresh(&Token::from("refresh"))
            .outcome(response.clone());
        if let Err(error) = &tokens {
            assert!(!error.to_string().is_empty());
        }
        let _ = application.device().outcome(response);
    }
    let (first, ..) = lines::parts(data);
    if let Ok(uri) = Uri::try_from(first) {
        let sent = application.authorization("http://127.0.0.1/", [7; 64]);
        let _ = sent.redirected(&uri);
    }
}

fn query(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let read = pairs(text);
    let written: Vec<_> = read
        .iter()
        .map(|(name, value)| format!("{}={}", percent_encoded(name), percent_encoded(value)))
        .collect();
    let again = pairs(&written.join("&"));
    assert_eq!(again, read);
}
