//! YAML.

use serde_json::Value;

/// The JSON of YAML, if a text was meant as such: its lines are keys, items of a list or further indented.
pub(crate) fn to_json(text: &str) -> Option<String> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    if !lines.clone().any(is_pair) || !lines.all(is_line) {
        return None;
    }
    let value: Value = serde_saphyr::from_str(text).ok()?;
    let is_body = value.is_object() || value.is_array();
    is_body.then(|| value.to_string())
}

fn is_line(line: &str) -> bool {
    line.starts_with([' ', '#', '-', '}', ']', '%']) || line == "..." || is_pair(line)
}

/// Whether a line begins with a key of one word.
fn is_pair(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '-']);
    let Some((key, value)) = line.split_once(':') else {
        return false;
    };
    let is_letter = |letter: char| letter.is_alphanumeric() || "_-\"'".contains(letter);
    !key.is_empty() && key.chars().all(is_letter) && (value.is_empty() || value.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_is_json_of_another_form() {
        for (text, json) in [
            ("BoxId: a\nCount: 3\n", Some(r#"{"BoxId":"a","Count":3}"#)),
            (
                "---\n# a comment\nDocuments:\n  - Id: \"1\"\n    Sum: 1.5\n  - Id: b\nHas: true\nNone: null\n",
                Some(r#"{"Documents":[{"Id":"1","Sum":1.5},{"Id":"b"}],"Has":true,"None":null}"#),
            ),
            ("- A: 1\n- A: 2", Some(r#"[{"A":1},{"A":2}]"#)),
            ("Text: |\n  a\n  b\n", Some(r#"{"Text":"a\nb\n"}"#)),
            ("12:00 INFO: {\"a\": 1}", None),
            ("a word: of warning\nand no: more", None),
            ("just text", None),
            ("", None),
        ] {
            assert_eq!(to_json(text).as_deref(), json, "{text}");
        }
    }

    /// Aliases of aliases are a bomb.
    #[test]
    fn what_grows_without_end_is_refused() {
        let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for step in 1..12 {
            let before = format!("*a{},", step - 1).repeat(10);
            text += &format!("a{step}: &a{step} [{before}]\n");
        }
        assert_eq!(to_json(&text), None);
    }
}
