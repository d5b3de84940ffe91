//! The language of the page.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};

use diadoc_core::Language;

/// The cookie, and the parameter of the query, that hold the choice.
pub(super) const COOKIE_NAME: &str = "diadoc-fake-lang";
pub(super) const PARAMETER: &str = "lang";

/// The language that was chosen before, or else the one that the browser asks for.
pub(super) fn of_headers(headers: &HeaderMap) -> Language {
    let chosen = values(headers, COOKIE)
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .and_then(|(_, code)| code.parse().ok());
    chosen
        .or_else(|| values(headers, ACCEPT_LANGUAGE).find_map(accepted))
        .unwrap_or_default()
}

fn values(headers: &HeaderMap, name: axum::http::HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter();
    values.filter_map(|value| value.to_str().ok())
}

/// The first of the languages that the page has, by their weights: `ru-RU,ru;q=0.9,en;q=0.8`.
fn accepted(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for part in header.split(',') {
        let (range, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("0");
        let weight: f32 = weight.parse().unwrap_or(0.0);
        let primary = range.trim().split('-').next().unwrap_or_default();
        let Ok(lang) = primary.to_ascii_lowercase().parse() else {
            continue;
        };
        if weight > best.map_or(0.0, |(heaviest, _)| heaviest) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_language_that_is_asked_for() {
        let of = |accept: &'static str, cookie: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
            headers.insert(COOKIE, HeaderValue::from_static(cookie));
            of_headers(&headers)
        };
        assert_eq!(of("ru-RU,ru;q=0.9,en;q=0.8", ""), Language::Russian);
        assert_eq!(of("en-US,en;q=0.9,ru;q=0.8", ""), Language::English);
        assert_eq!(of("de, ru;q=0.5, en;q=0.4", ""), Language::Russian);
        assert_eq!(of("de", ""), Language::English);
        assert_eq!(of("ru;q=0", ""), Language::English);
        assert_eq!(of("en", "a=b; diadoc-fake-lang=ru"), Language::Russian);
        assert_eq!(of("ru", "diadoc-fake-lang=xx"), Language::Russian);
    }
}
