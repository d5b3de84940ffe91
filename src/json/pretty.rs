//! Lays compact JSON out over lines.

/// Compact JSON over several lines, indented by two spaces, as serde_json lays it out.
pub(crate) fn pretty(compact: &str) -> String {
    let mut text = String::with_capacity(compact.len() * 2);
    let mut level = 0_usize;
    let mut rest = compact;
    while let Some(at) = rest.find(['{', '[', '}', ']', ',', ':', '"']) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let token = match after.as_bytes() {
            [b'"', ..] => string_end(after),
            // Empty ones stay on their line.
            [b'{', b'}', ..] | [b'[', b']', ..] => 2,
            _ => 1,
        };
        let (token, after) = after.split_at(token);
        if let "}" | "]" = token {
            level = level.saturating_sub(1);
            new_line(&mut text, level);
        }
        text.push_str(token);
        match token {
            "{" | "[" => {
                level += 1;
                new_line(&mut text, level);
            }
            "," => new_line(&mut text, level),
            ":" => text.push(' '),
            _ => {}
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

fn new_line(text: &mut String, level: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", level));
}

/// The length of the string that `text` starts with.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn lines_are_those_of_serde_json() {
        for compact in [
            "{}",
            "[]",
            r#"{"a":[]}"#,
            r#"{"a":{},"b":[1,-2,"x"]}"#,
            r#"{"a":[[],[[1]],{}],"b":{"c":{"d":null}}}"#,
            r#"{"a \" b {":"} ] , : \\","\\":"\\\""}"#,
            r#"{"Акт":"№ 5","💼":true}"#,
        ] {
            let value: serde_json::Value = serde_json::from_str(compact).expect("JSON");
            let expected = serde_json::to_string_pretty(&value).expect("JSON");
            assert_eq!(pretty(compact), expected);
        }
    }
}
