//! Names, string literals and punctuation of C# and Java: as much of their grammar as it takes to find
//! calls.

/// A token; numbers and characters are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or a keyword.
    Name(&'a str),
    /// What stands between the quotes, escapes and holes as they are written.
    Text(&'a str),
    /// `=>`
    Arrow,
    Mark(char),
}

/// The tokens of a source, comments left out. What is no C# or Java makes tokens all the same.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        if let Some((text, length)) = literal(rest) {
            found.push(Token::Text(text));
            rest = &rest[length..];
            continue;
        }
        let (token, length) = match first {
            _ if rest.starts_with("//") => (None, line_end(rest)),
            _ if rest.starts_with("/*") => (None, after(rest, 2, "*/")),
            '\'' => (None, quoted(rest, '\'')),
            _ if rest.starts_with("=>") => (Some(Token::Arrow), 2),
            _ if is_name(first) => {
                let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                let name = &rest[..length];
                let is_number = first.is_ascii_digit();
                ((!is_number).then_some(Token::Name(name)), length)
            }
            _ if first.is_whitespace() => (None, first.len_utf8()),
            _ => (Some(Token::Mark(first)), first.len_utf8()),
        };
        found.extend(token);
        rest = &rest[length..];
    }
    found
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_end(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// The place behind the first `end` from `start` on.
fn after(rest: &str, start: usize, end: &str) -> usize {
    let found = rest[start..].find(end);
    found.map_or(rest.len(), |place| start + place + end.len())
}

/// A string literal with its length: plain, verbatim (`@"…"`), with holes (`$"…"`), of several lines
/// (`"""`).
fn literal(rest: &str) -> Option<(&str, usize)> {
    let start = rest.find(|c| c != '$' && c != '@')?;
    let body = rest.get(start..)?;
    if let Some(text) = body.strip_prefix("\"\"\"") {
        let text = text.split("\"\"\"").next().unwrap_or(text);
        return Some((text, start + after(body, 3, "\"\"\"")));
    }
    if !body.starts_with('"') {
        return None;
    }
    let length = match rest[..start].contains('@') {
        true => verbatim(body),
        false => quoted(body, '"'),
    };
    let text = &body[1..length];
    Some((text.strip_suffix('"').unwrap_or(text), start + length))
}

/// The length of what begins with a quote and ends with one, or with the line.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (place, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return place,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return place + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The length of a verbatim literal, in which two quotes stand for one.
fn verbatim(body: &str) -> usize {
    let mut place = 1;
    while let Some(end) = body[place..].find('"') {
        place += end + 1;
        match body[place..].starts_with('"') {
            true => place += 1,
            false => return place,
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::Token::{Arrow, Mark, Name, Text};
    use super::*;

    #[test]
    fn literals_of_every_form() {
        let texts = |source| -> Vec<&str> {
            let tokens = tokens(source).into_iter();
            tokens
                .filter_map(|token| match token {
                    Text(text) => Some(text),
                    _ => None,
                })
                .collect()
        };
        assert_eq!(texts(r#" "a" + "b\"c" "#), ["a", r#"b\"c"#]);
        assert_eq!(
            texts(r#" $"/A?b={c}" $@"x" @"1\" @"2""3" "#),
            ["/A?b={c}", "x", r"1\", "2\"\"3"]
        );
        assert_eq!(
            texts("\"\"\"two\n\"lines\"\"\" \"next\""),
            ["two\n\"lines", "next"]
        );
        assert_eq!(
            texts("// \"no\"\n/* \"no\" */ \"yes\" '\"' \"too\""),
            ["yes", "too"]
        );
        assert_eq!(
            texts("\"without an end\n\"next\" \""),
            ["without an end", "next", ""]
        );
        assert_eq!(texts("\"\"\"without an end"), ["without an end"]);
        assert_eq!(texts("@ $ @\"\" $\"\"\"\"\"\""), ["", ""]);
    }

    #[test]
    fn names_and_marks() {
        assert_eq!(
            tokens("Имя1(x_2) => 3.5;"),
            [
                Name("Имя1"),
                Mark('('),
                Name("x_2"),
                Mark(')'),
                Arrow,
                Mark('.'),
                Mark(';')
            ]
        );
        assert_eq!(tokens("/* no end"), []);
        assert_eq!(tokens("'"), []);
    }
}
