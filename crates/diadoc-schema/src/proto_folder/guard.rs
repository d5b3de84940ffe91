//! What the text of a `.proto` file may not have before it is compiled: the compiler calls itself for each
//! level of brackets, and keeps each part of a name.

use diadoc_core::Limits;

/// How many brackets lie in each other, and how many parts a name has, at most.
const MOST: usize = Limits::DEPTH;

/// What is wrong with the text of a `.proto` file, with its line.
pub(super) fn fault(text: &str) -> Option<String> {
    let (mut depth, mut parts, mut line) = (0_usize, 0_usize, 1);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        parts = match letter {
            '.' => parts + 1,
            _ if letter.is_alphanumeric() || letter == '_' => parts,
            _ => 0,
        };
        match letter {
            '{' | '[' | '<' => depth += 1,
            '}' | ']' | '>' => depth = depth.saturating_sub(1),
            '\n' => line += 1,
            '"' | '\'' => line += skip_string(&mut letters, letter),
            '/' if letters.peek() == Some(&'/') => {
                letters.by_ref().find(|letter| *letter == '\n');
                line += 1;
            }
            '/' if letters.peek() == Some(&'*') => line += skip_comment(&mut letters),
            _ => {}
        }
        if depth > MOST {
            return Some(format!(
                "line {line}: brackets lie more than {MOST} deep in each other"
            ));
        }
        if parts > MOST {
            return Some(format!("line {line}: a name has more than {MOST} parts"));
        }
    }
    None
}

/// Goes on behind the quote that ends a string; how many lines end in it, which is one at most.
fn skip_string(letters: &mut impl Iterator<Item = char>, quote: char) -> usize {
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '\n' => return 1,
            end if end == quote => return 0,
            _ => {}
        }
    }
    0
}

/// Goes on behind a comment over lines; how many end in it.
fn skip_comment(letters: &mut impl Iterator<Item = char>) -> usize {
    let (mut before, mut lines) = (' ', 0);
    // Behind the star that begins it.
    for letter in letters.skip(1) {
        lines += usize::from(letter == '\n');
        if (before, letter) == ('*', '/') {
            break;
        }
        before = letter;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let (open, close) = ("{".repeat(MOST), "}".repeat(MOST));
        let deep = format!("{{{open}{close}}}");
        let long = format!("package a{};", ".a".repeat(MOST + 1));
        for (text, line) in [
            (deep.clone(), Some(1)),
            (
                format!("// {{\n/* {{\n{{ */ '{{\\'{{' \"{{\n{deep}"),
                Some(4),
            ),
            (format!("\n{long}"), Some(2)),
            (format!("{open}{close}{open}{close}"), None),
            (format!("// {deep}\n/* {deep} */ \"{deep}\""), None),
            (format!("package a{};", ".a".repeat(MOST)), None),
            ("a.b ".repeat(1_000), None),
            ("/".to_owned(), None),
            ("/*".to_owned(), None),
            ("\"\\".to_owned(), None),
        ] {
            let fault = super::fault(&text);
            let line = line.map(|line| format!("line {line}: "));
            match (fault, line) {
                (None, None) => {}
                (Some(fault), Some(line)) => assert!(fault.starts_with(&line), "{fault}"),
                (fault, _) => panic!("{fault:?}: {text}"),
            }
        }
    }
}
