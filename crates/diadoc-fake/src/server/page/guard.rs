//! Who may see the page.
//!
//! Any site that a browser has open can send requests to this machine, and by DNS rebinding read the
//! answers as its own. So the page answers only where it is called by a name of this machine, takes
//! forms from itself alone, and says with each answer what a browser must not do with it.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

const SEC_FETCH_SITE: &str = "sec-fetch-site";
/// The header that a program sends, with the value `yes`, in the place of the token of a form.
const PROGRAM: &str = "x-diadoc-fake";

/// What marks the style and the script of one answer as the page's own.
#[derive(Debug, Clone)]
pub(super) struct Nonce(pub String);

/// Lets requests to this machine through, and says what browsers must not do with the answer.
pub(super) async fn guard(mut request: Request, next: Next) -> Response {
    let nonce = Uuid::new_v4().simple().to_string();
    let mut response = match host(request.headers()) {
        Some(host) if is_this_machine(host) => {
            request.extensions_mut().insert(Nonce(nonce.clone()));
            next.run(request).await
        }
        _ => {
            let text = "the page of the fake is for a browser on this machine: open it as 127.0.0.1 \
                        or localhost\n";
            (StatusCode::FORBIDDEN, text).into_response()
        }
    };
    protect(response.headers_mut(), &nonce);
    response
}

/// Whether a form comes from the page itself, as far as the browser says.
pub(super) fn is_from_the_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().ok());
    let site = text(SEC_FETCH_SITE).is_none_or(|site| site == Some("same-origin"));
    let origin = text(ORIGIN.as_str()).is_none_or(|origin| {
        let of_host = host(headers).map(|host| format!("http://{host}"));
        matches!((origin, of_host), (Some(origin), Some(host)) if origin.eq_ignore_ascii_case(&host))
    });
    site && origin
}

/// Whether a form comes from a program. A browser sends this header to another site only after a
/// preflight, which the fake never grants.
pub(super) fn is_from_a_program(headers: &HeaderMap) -> bool {
    headers.get(PROGRAM).is_some_and(|value| value == "yes")
}

fn host(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    }
}

/// Whether a host, with or without a port, is a name of this machine that no DNS can give away.
fn is_this_machine(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    if host.contains('@') {
        return false;
    }
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = |address: std::net::IpAddr| address.is_loopback();
    name.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(is_loopback)
}

fn protect(headers: &mut HeaderMap, nonce: &str) {
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // With `no-referrer` a browser would not say where a form comes from.
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8070",
            "127.1.2.3:1",
            "localhost:8070",
            "LocalHost",
            "[::1]:8070",
        ] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "",
            "fake",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1@evil.example",
            "evil.example@127.0.0.1",
            "192.168.0.1",
            "0.0.0.0:8070",
            "[::2]",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn forms_of_other_sites() {
        let from = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static("127.0.0.1:8070"));
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_from_the_page(&headers)
        };
        assert!(from(&[]));
        assert!(from(&[("origin", "http://127.0.0.1:8070")]));
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("origin", "http://127.0.0.1:8071")]));
        assert!(!from(&[("origin", "https://evil.example")]));
        assert!(!from(&[("origin", "null")]));
        assert!(!from(&[("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[
            ("origin", "http://127.0.0.1:8070"),
            ("sec-fetch-site", "cross-site")
        ]));
    }
}
