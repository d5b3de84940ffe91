//! What the page does not show.

use serde_json::Value;

/// What stands in the place of a secret.
pub(super) const HIDDEN: &str = "•••";

/// Whether the parameter, header or key of that name holds a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    let parts = [
        "token",
        "password",
        "secret",
        "authorization",
        "cookie",
        "servicekey",
        "apikey",
        "clientid",
    ];
    let whole = ["code", "usercode", "devicecode", "codeverifier", "ticket"];
    parts.iter().any(|part| name.contains(part)) || whole.contains(&name.as_str())
}

/// The value of something with that name, or what stands in its place.
pub(super) fn shown<'v>(name: &str, value: &'v str) -> &'v str {
    match is_secret(name) {
        true => HIDDEN,
        false => value,
    }
}

/// Hides what stands under the keys of secrets, at any depth.
pub(super) fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(text) if is_secret(key) => HIDDEN.clone_into(text),
                    value => hide(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "Authorization",
            "access_token",
            "ddauth_token",
            "Cookie",
            "code",
            "password",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "boxId",
            "afterIndexKey",
            "CurrencyCode",
            "operationId",
            "content-type",
        ] {
            assert!(!is_secret(name), "{name}");
        }
        let mut value =
            serde_json::json!({"a": [{"Token": "t", "Login": "l"}], "Token": {"x": "y"}});
        hide(&mut value);
        assert_eq!(
            value,
            serde_json::json!({"a": [{"Token": HIDDEN, "Login": "l"}], "Token": {"x": "y"}})
        );
    }
}
