//! Taking secrets out of what a server says.

use crate::Token;
use crate::query::percent_encoded;

/// What stands in the place of a secret.
const REDACTED: &str = "[redacted]";

/// A text of the server without what it may repeat of the request. The text is gone over once, so that
/// what stands in the place of one secret is not taken for another.
pub(crate) fn without(secrets: &[&Token], text: &str) -> String {
    let mut spellings = Vec::new();
    for secret in secrets {
        let plain = secret.expose();
        let form: String = form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        spellings.extend([plain.to_owned(), percent_encoded(plain), form]);
    }
    spellings.retain(|spelling| !spelling.is_empty());
    // Of two that begin alike the longer one is hidden whole.
    spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    let (mut shown, mut rest) = (String::new(), text);
    while let Some(letter) = rest.chars().next() {
        let secret = spellings
            .iter()
            .find_map(|secret| rest.strip_prefix(secret.as_str()));
        rest = match secret {
            Some(behind) => {
                shown.push_str(REDACTED);
                behind
            }
            None => {
                shown.push(letter);
                &rest[letter.len_utf8()..]
            }
        };
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_once() {
        let hidden = |secrets: &[&str], text: &str| {
            let secrets: Vec<_> = secrets.iter().map(|secret| Token::from(*secret)).collect();
            without(&secrets.iter().collect::<Vec<_>>(), text)
        };
        for (secrets, text, shown) in [
            (&["s3"][..], "not s3, but S3", "not [redacted], but S3"),
            // What stands in its place holds no secret.
            (&["s3", "e", "d"], "s3 d", "[redacted] [redacted]"),
            (&["s3", "s3cr3t"], "s3cr3t", "[redacted]"),
            (
                &["a b"],
                "a+b a%20b a b",
                "[redacted] [redacted] [redacted]",
            ),
            (&["у"], "ну", "н[redacted]"),
            (&[""], "text", "text"),
        ] {
            assert_eq!(hidden(secrets, text), shown, "{secrets:?}");
        }
    }
}
