//! Foreign text on a terminal.

/// The text on one line, with the characters escaped that would move a terminal's cursor or turn
/// its reading direction.
///
/// ```
/// use diadoc_schema::printable;
///
/// assert_eq!(printable("Счёт № 1"), "Счёт № 1");
/// assert_eq!(printable("a\u{1b}[2Jb\nc\u{202e}"), r"a\u{1b}[2Jb\nc\u{202e}");
/// ```
pub fn printable(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            result.extend(c.escape_default());
        } else {
            result.push(c);
        }
    }
    result
}
