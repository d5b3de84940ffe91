//! HAR files, in which browsers and proxies save what they saw (HTTP Archive 1.2).

use std::borrow::Cow;

use diadoc_core::{Direction, base64};
use serde::Deserialize;

use crate::Exchange;

/// A body in a HAR file.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Which entry, from 1.
    pub number: usize,
    pub exchange: Exchange,
    pub body: Vec<u8>,
}

#[derive(Deserialize)]
struct File<'h> {
    #[serde(borrow)]
    log: Log<'h>,
}

#[derive(Deserialize)]
struct Log<'h> {
    #[serde(borrow)]
    entries: Vec<Pair<'h>>,
}

#[derive(Deserialize)]
struct Pair<'h> {
    #[serde(borrow)]
    request: Request<'h>,
    #[serde(borrow)]
    response: Response<'h>,
}

#[derive(Deserialize)]
struct Request<'h> {
    #[serde(borrow)]
    method: Cow<'h, str>,
    #[serde(borrow)]
    url: Cow<'h, str>,
    #[serde(borrow, rename = "postData")]
    body: Option<Content<'h>>,
}

#[derive(Deserialize)]
struct Response<'h> {
    status: u16,
    #[serde(borrow)]
    content: Option<Content<'h>>,
}

#[derive(Deserialize)]
struct Content<'h> {
    #[serde(borrow)]
    text: Option<Cow<'h, str>>,
    #[serde(borrow)]
    encoding: Option<Cow<'h, str>>,
}

/// The bodies of a HAR file, those that are not empty; none where the JSON is none.
pub(crate) fn read(json: &str) -> Option<Vec<Entry>> {
    let file: File<'_> = serde_json::from_str(json).ok()?;
    let mut entries = Vec::new();
    for (at, pair) in file.log.entries.into_iter().enumerate() {
        let Pair { request, response } = pair;
        let exchange = |status: Option<u16>| Exchange {
            verb: Some(request.method.clone().into_owned()),
            target: Some(request.url.clone().into_owned()),
            status,
            direction: match status {
                None => Direction::Request,
                Some(_) => Direction::Response,
            },
        };
        for (status, content) in [
            (None, &request.body),
            (Some(response.status), &response.content),
        ] {
            let body = content
                .as_ref()
                .and_then(bytes)
                .filter(|body| !body.is_empty());
            entries.extend(body.map(|body| Entry {
                number: at + 1,
                exchange: exchange(status),
                body,
            }));
        }
    }
    Some(entries)
}

fn bytes(content: &Content<'_>) -> Option<Vec<u8>> {
    let text = content.text.as_deref()?;
    match content.encoding.as_deref() {
        Some("base64") => base64::decode(text.as_bytes()),
        _ => Some(text.as_bytes().to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_requests_and_responses() {
        let har = r#"{"log": {"version": "1.2", "creator": {}, "entries": [
            {"request": {"method": "GET", "url": "https://a/b", "headers": []},
             "response": {"status": 200, "content": {"size": 0, "mimeType": "", "text": ""}}},
            {"request": {"method": "POST", "url": "https://a/c?d=e",
                         "postData": {"mimeType": "application/json", "text": "{\"a\": 1}"}},
             "response": {"status": 409, "content": {"text": "AQI=", "encoding": "base64"}}}]}}"#;
        let found: Vec<_> = read(har)
            .unwrap()
            .into_iter()
            .map(|entry| (entry.number, entry.exchange.status, entry.body))
            .collect();
        assert_eq!(
            found,
            [
                (2, None, b"{\"a\": 1}".to_vec()),
                (2, Some(409), vec![1, 2])
            ]
        );
        for other in ["{}", "[]", r#"{"log": {}}"#, r#"{"log": {"entries": [1]}}"#] {
            assert!(read(other).is_none(), "{other}");
        }
    }
}
