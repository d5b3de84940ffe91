//! Sending requests on.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, HeaderValue,
    PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use axum::http::{HeaderMap, Request, Response, Uri};
use bytes::Bytes;
use ureq::Agent;
use ureq::config::AutoHeaderValue;
use ureq::tls::{RootCerts, TlsConfig};

use super::ProxyError;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(300);

/// Headers that are about one connection.
const OF_CONNECTION: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The Diadoc behind the proxy.
#[derive(Debug)]
pub(super) struct Upstream {
    agent: Agent,
    /// `https://diadoc-api.kontur.ru`, perhaps with a path, without a slash at the end.
    address: String,
    /// The bytes of an answer.
    most_bytes: usize,
}

impl Upstream {
    pub(super) fn new(address: &str, most_bytes: usize) -> Result<Self, ProxyError> {
        let wrong = |why| ProxyError::Upstream {
            why,
            address: without_user(address),
        };
        let uri: Uri = address.parse().map_err(|_| wrong("it is no URL"))?;
        let authority = uri.authority().ok_or_else(|| wrong("it has no host"))?;
        if !matches!(uri.scheme_str(), Some("https" | "http")) {
            return Err(wrong("it starts neither with https:// nor with http://"));
        }
        if authority.as_str().contains('@') {
            return Err(wrong(
                "it has a user in it; tokens are the client's to send",
            ));
        }
        if uri.query().is_some() {
            return Err(wrong("it has a query"));
        }
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            // A redirect is the client's to follow.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The client says who asks, and for what.
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .build();
        Ok(Self {
            agent: agent.into(),
            address: address.trim_end_matches('/').to_owned(),
            most_bytes,
        })
    }

    /// What the server answers to a request; the text says why there is no answer.
    pub(super) fn send(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, String> {
        let path = request.uri().path_and_query();
        let path = path.map_or("/", |path| path.as_str());
        let mut sent = Request::builder()
            .method(request.method())
            .uri(format!("{}{path}", self.address))
            .body(request.body().to_vec())
            .map_err(|error| error.to_string())?;
        *sent.headers_mut() = of_request(request.headers());
        // What asks has no body at all, not an empty one.
        let has_body = !request.body().is_empty() || request.headers().contains_key(CONTENT_LENGTH);
        let answered = match has_body {
            true => self.agent.run(sent),
            false => self.agent.run(sent.map(|_| ())),
        };
        let (mut parts, mut body) = answered.map_err(why)?.into_parts();
        let most = self.most_bytes;
        let limit = u64::try_from(most).unwrap_or(u64::MAX);
        let body = body.with_config().limit(limit).read_to_vec();
        let body = body.map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(_) => {
                format!("the answer is longer than {most} bytes")
            }
            error => why(error),
        })?;
        parts.headers = without_those_of_connection(&parts.headers);
        // The server of the proxy says it anew.
        parts.headers.remove(CONTENT_LENGTH);
        Ok(Response::from_parts(parts, body.into()))
    }
}

/// Why there is no answer, without the query, which may hold a secret.
fn why(error: ureq::Error) -> String {
    match error {
        ureq::Error::BadUri(_) => "the address cannot be asked".to_owned(),
        error => error.to_string(),
    }
}

/// The headers of a request as they are sent on. The answer is asked for as it is, without
/// compression, to look into it.
fn of_request(headers: &HeaderMap) -> HeaderMap {
    let mut sent = without_those_of_connection(headers);
    for name in [HOST, CONTENT_LENGTH, EXPECT] {
        sent.remove(name);
    }
    sent.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    sent
}

fn without_those_of_connection(headers: &HeaderMap) -> HeaderMap {
    let named = headers.get_all(CONNECTION).iter();
    let named = named.filter_map(|value| value.to_str().ok());
    let named: Vec<_> = named
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let mut kept = headers.clone();
    for name in &OF_CONNECTION {
        kept.remove(name);
    }
    for name in named {
        kept.remove(name.as_str());
    }
    kept
}

/// An address without what stands before its host, which may be a password.
pub(super) fn without_user(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => address.to_owned(),
    }
}
