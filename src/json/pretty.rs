//! Lays compact JSON out over lines, indented by two spaces, as serde_json lays it out.

/// Compact JSON over several lines.
pub(crate) fn pretty(compact: &str) -> String {
    let mut text = String::with_capacity(compact.len() * 2);
    Layout::default().lay(compact, &mut text);
    text
}

/// How far compact JSON that comes in parts has been laid out.
#[derive(Debug, Default)]
pub(super) struct Layout {
    level: usize,
    /// Whether a bracket has just been opened: an empty object or list stays on its line.
    opened: bool,
    /// Inside a string, whether a backslash came last.
    string: Option<bool>,
}

impl Layout {
    /// Lays out the next part, which may end anywhere between two characters.
    pub(super) fn lay(&mut self, part: &str, text: &mut String) {
        let mut rest = part;
        while !rest.is_empty() {
            let plain = match self.string {
                Some(_) => self.string_end(rest),
                None => rest
                    .find(['{', '[', '}', ']', ',', ':', '"'])
                    .unwrap_or(rest.len()),
            };
            let (before, after) = rest.split_at(plain);
            if !before.is_empty() {
                self.begin(text);
                text.push_str(before);
            }
            let mut chars = after.chars();
            if let Some(token) = chars.next() {
                self.token(token, text);
            }
            rest = chars.as_str();
        }
    }

    /// Where the string ends, at its quote or with the part.
    fn string_end(&mut self, rest: &str) -> usize {
        let mut escaped = self.string == Some(true);
        let end = rest.bytes().position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        self.string = Some(escaped);
        end.unwrap_or(rest.len())
    }

    fn token(&mut self, token: char, text: &mut String) {
        if let '}' | ']' = token {
            self.level = self.level.saturating_sub(1);
            if !std::mem::take(&mut self.opened) {
                self.new_line(text);
            }
        } else {
            self.begin(text);
        }
        text.push(token);
        match token {
            '{' | '[' => {
                self.level += 1;
                self.opened = true;
            }
            ',' => self.new_line(text),
            ':' => text.push(' '),
            '"' => self.string = self.string.is_none().then_some(false),
            _ => {}
        }
    }

    /// Begins what stands in brackets on a line of its own.
    fn begin(&mut self, text: &mut String) {
        if std::mem::take(&mut self.opened) {
            self.new_line(text);
        }
    }

    fn new_line(&self, text: &mut String) {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", self.level));
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, pretty};

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
            let mut text = String::new();
            let mut layout = Layout::default();
            for part in compact.split_inclusive(|_| true) {
                layout.lay(part, &mut text);
            }
            assert_eq!(text, expected, "char by char");
        }
    }
}
