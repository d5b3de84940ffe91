//! Where the page of the identity server sends users back to.

use std::net::IpAddr;

use axum::http::Uri;

/// Whether users are sent to an address: a registered one, letter by letter, or one of their own machine
/// (RFC 8252, section 7.3). To others anybody could have them sent by a link.
pub(super) fn is_taken(address: &str, registered: &[String]) -> bool {
    registered.iter().any(|one| one == address) || is_own(address)
}

fn is_own(address: &str) -> bool {
    // Browsers read a backslash as a slash, and pass over what is no character.
    let is_odd = |character: char| character == '\\' || character.is_ascii_control();
    if address.contains(is_odd) {
        return false;
    }
    let Ok(uri) = address.parse::<Uri>() else {
        return false;
    };
    let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    // A user before the host may look like one.
    if authority.as_str().contains('@') {
        return false;
    }
    let host = authority.host();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_taken;

    #[test]
    fn the_own_machine_and_what_is_registered() {
        let registered = ["https://example.com/back".to_owned()];
        for address in [
            "http://127.0.0.1:8080/back?a=b",
            "http://127.9.9.9/",
            "http://[::1]:1/back",
            "HTTP://LOCALHOST/back",
            "https://localhost:1",
            "https://example.com/back",
        ] {
            assert!(is_taken(address, &registered), "{address}");
        }
        for address in [
            "https://example.com/back/",
            "https://example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://localhost@example.com/",
            "http://localhost:80@example.com/",
            "http://example.com\\@localhost/",
            "http://localhost\t@example.com",
            "//localhost/",
            "/back",
            "javascript://localhost/%0aalert(1)",
            "data:text/html,localhost",
            "app:/back",
            "http://2130706433/",
            "http://0.0.0.0/",
            "",
        ] {
            assert!(!is_taken(address, &registered), "{address}");
        }
    }
}
