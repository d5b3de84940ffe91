//! Dumps of HTTP: a head, an empty line, and a body.

use std::borrow::Cow;

use diadoc_core::Direction;

use crate::Exchange;

/// How long a head is at most: longer than any server takes.
const LONGEST_HEAD: usize = 64 << 10;

/// A request or a response in a dump.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dump<'b> {
    pub exchange: Exchange,
    /// Where the body starts.
    pub start: usize,
    /// The body, put together where it came in chunks.
    pub body: Cow<'b, [u8]>,
    /// The label of its encoding, if the head declares one.
    pub charset: Option<String>,
}

/// Reads a dump; none where the bytes do not begin with a head.
pub(crate) fn read(bytes: &[u8]) -> Option<Dump<'_>> {
    let head = match bytes.first()? {
        b'*' | b'>' | b'<' => verbose(bytes)?,
        _ => plain(bytes)?,
    };
    let (mut charset, mut is_chunked) = (None, false);
    for line in &head.fields {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim().to_ascii_lowercase();
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => {
                let parameters = value
                    .split(';')
                    .filter_map(|one| one.trim().split_once('='));
                let mut charsets = parameters.filter(|(name, _)| *name == "charset");
                charset = charsets
                    .next()
                    .map(|(_, label)| label.trim_matches('"').to_owned());
            }
            "transfer-encoding" => is_chunked = value.ends_with("chunked"),
            _ => {}
        }
    }
    let rest = &bytes[head.end..];
    // Programs that show answers have mostly put them together.
    let whole = if is_chunked { chunks(rest) } else { None };
    Some(Dump {
        exchange: head.exchange,
        start: head.end,
        body: whole.map_or(Cow::Borrowed(rest), Cow::Owned),
        charset,
    })
}

struct Head {
    exchange: Exchange,
    fields: Vec<String>,
    end: usize,
}

/// The lines of the head of a dump, each with where the next one starts.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (&str, usize)> {
    let head = &bytes[..bytes.len().min(LONGEST_HEAD)];
    let mut at = 0;
    head.split_inclusive(|byte| *byte == b'\n')
        .map_while(move |line| {
            at += line.len();
            let line = str::from_utf8(line).ok()?;
            Some((line.trim_end_matches(['\n', '\r']), at))
        })
}

/// A head as it goes over the wire, and as `curl --include` writes it.
fn plain(bytes: &[u8]) -> Option<Head> {
    let mut lines = lines(bytes);
    let exchange = first_line(lines.next()?.0)?;
    let mut fields = Vec::new();
    for (line, next) in lines {
        if line.is_empty() {
            let end = next;
            // Redirects and `100 Continue` have heads of their own.
            return match plain(&bytes[end..]) {
                Some(inner) => Some(Head {
                    end: end + inner.end,
                    ..inner
                }),
                None => Some(Head {
                    exchange,
                    fields,
                    end,
                }),
            };
        }
        if !line.contains(':') {
            return None;
        }
        fields.push(line.to_owned());
    }
    None
}

/// The heads as `curl --verbose` writes them, with what it says by itself.
fn verbose(bytes: &[u8]) -> Option<Head> {
    let (mut exchange, mut fields, mut end) = (None::<Exchange>, Vec::new(), 0);
    for (line, next) in lines(bytes) {
        let (mark, rest) = match line.split_at_checked(1) {
            Some((mark, rest)) if ["*", ">", "<", "{", "}"].contains(&mark) => (mark, rest),
            _ => break,
        };
        let is_said = rest.is_empty() || rest.starts_with(' ');
        if !is_said {
            break;
        }
        end = next;
        if let (">" | "<", Some(first)) = (mark, first_line(rest.trim_start())) {
            let asked = exchange.take();
            fields.clear();
            exchange = Some(Exchange {
                verb: first
                    .verb
                    .or(asked.as_ref().and_then(|asked| asked.verb.clone())),
                target: first.target.or(asked.and_then(|asked| asked.target)),
                ..first
            });
        } else if mark != "*" {
            fields.push(rest.to_owned());
        }
    }
    Some(Head {
        exchange: exchange?,
        fields,
        end,
    })
}

/// What the first line of a head says.
fn first_line(line: &str) -> Option<Exchange> {
    let mut words = line.split(' ');
    let (first, second) = (words.next()?, words.next()?);
    if first.starts_with("HTTP/") {
        return Some(Exchange {
            verb: None,
            target: None,
            status: Some(second.parse().ok()?),
            direction: Direction::Response,
        });
    }
    let is_verb = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_version = words
        .next()
        .is_some_and(|version| version.starts_with("HTTP/"));
    (is_verb && is_version && words.next().is_none()).then(|| Exchange {
        verb: Some(first.to_owned()),
        target: Some(second.to_owned()),
        status: None,
        direction: Direction::Request,
    })
}

/// A body that came in chunks (RFC 9112, section 7.1); none where it is not written so.
fn chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line_end = rest.iter().position(|byte| *byte == b'\n')?;
        let (line, behind) = rest.split_at_checked(line_end + 1)?;
        let size = str::from_utf8(line).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let (chunk, behind) = behind.split_at_checked(size)?;
        body.extend_from_slice(chunk);
        rest = behind
            .strip_prefix(b"\r\n")
            .or(behind.strip_prefix(b"\n"))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(dump: &[u8]) -> Option<(Exchange, String)> {
        let dump = read(dump)?;
        Some((
            dump.exchange,
            String::from_utf8(dump.body.into_owned()).unwrap(),
        ))
    }

    fn response(status: u16) -> Exchange {
        Exchange {
            verb: None,
            target: None,
            status: Some(status),
            direction: Direction::Response,
        }
    }

    fn request() -> Exchange {
        Exchange {
            verb: Some("POST".to_owned()),
            target: Some("/V3/PostMessage?a=1".to_owned()),
            status: None,
            direction: Direction::Request,
        }
    }

    #[test]
    fn heads() {
        for (dump, expected) in [
            (
                "HTTP/1.1 200 OK\r\nA: b\r\n\r\n{}",
                Some((response(200), "{}")),
            ),
            ("HTTP/2 200 \nA: b\n\n{}\n", Some((response(200), "{}\n"))),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 409 Conflict\r\n\r\nno",
                Some((response(409), "no")),
            ),
            (
                "POST /V3/PostMessage?a=1 HTTP/1.1\r\nHost: a\r\n\r\n{}",
                Some((request(), "{}")),
            ),
            (
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\n{\"\r\n4;x=y\r\na\":1\r\n1\r\n}\r\n0\r\n\r\n",
                Some((response(200), "{\"a\":1}")),
            ),
            (
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n{\"a\":1}",
                Some((response(200), "{\"a\":1}")),
            ),
            (
                "* Trying 127.0.0.1\n> POST /V3/PostMessage?a=1 HTTP/1.1\n> Host: a\n>\n} [2 bytes data]\n\
                 < HTTP/1.1 200 OK\n< A: b\n<\n{\"a\": 1}",
                Some((
                    Exchange {
                        status: Some(200),
                        direction: Direction::Response,
                        ..request()
                    },
                    "{\"a\": 1}",
                )),
            ),
            ("HTTP/1.1 200 OK\r\nA: b", None),
            ("GET /", None),
            ("Post it to HTTP/1.1\n\n", None),
            ("<xml/>", None),
            ("* a list\n* of words", None),
            ("", None),
        ] {
            let expected = expected.map(|(exchange, body)| (exchange, body.to_owned()));
            assert_eq!(body(dump.as_bytes()), expected, "{dump}");
        }
    }

    #[test]
    fn the_encoding_that_is_declared() {
        let dump =
            b"HTTP/1.1 200 OK\nContent-Type: application/json; Charset=\"windows-1251\"\n\n{}";
        assert_eq!(read(dump).unwrap().charset.as_deref(), Some("windows-1251"));
    }
}
