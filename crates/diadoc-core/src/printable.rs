//! Foreign text on a terminal.

/// The text on one line, with the characters escaped that would move a terminal's cursor or turn
/// its reading direction.
///
/// ```
/// use diadoc_core::printable;
///
/// assert_eq!(printable("Счёт № 1"), "Счёт № 1");
/// assert_eq!(printable("a\u{1b}[2Jb\nc\u{202e}"), r"a\u{1b}[2Jb\nc\u{202e}");
/// ```
pub fn printable(text: &str) -> String {
    escaped(text, |_| false)
}

/// The same, but lines stay lines, and tabs stay.
///
/// ```
/// use diadoc_core::printable_lines;
///
/// assert_eq!(printable_lines("a\tb\r\n\u{9b}2J\n"), "a\tb\\r\n\\u{9b}2J\n");
/// ```
pub fn printable_lines(text: &str) -> String {
    escaped(text, |letter| matches!(letter, '\n' | '\t'))
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut result = String::with_capacity(text.len());
    for letter in text.chars() {
        if !stays(letter) && (letter.is_control() || turns(letter)) {
            result.extend(letter.escape_default());
        } else {
            result.push(letter);
        }
    }
    result
}

/// Whether a character changes the direction in which text is read.
fn turns(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}
