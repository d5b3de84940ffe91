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

#[cfg(test)]
mod tests {
    use super::{printable, printable_lines};

    #[test]
    fn what_moves_a_terminal_is_escaped() {
        for (text, on_one_line, on_lines) in [
            ("Счёт № 1", "Счёт № 1", "Счёт № 1"),
            ("a\tb\r\n", r"a\tb\r\n", "a\tb\\r\n"),
            ("\u{1b}[2J", r"\u{1b}[2J", r"\u{1b}[2J"),
            ("\u{7f}\u{9b}", r"\u{7f}\u{9b}", r"\u{7f}\u{9b}"),
        ] {
            assert_eq!(printable(text), on_one_line);
            assert_eq!(printable_lines(text), on_lines);
        }
    }

    #[test]
    fn what_turns_the_direction_is_escaped_and_its_neighbours_are_not() {
        let turning = [
            0x61c..=0x61c,
            0x200e..=0x200f,
            0x202a..=0x202e,
            0x2066..=0x2069,
        ];
        for number in 0x600..0x2100 {
            let letter = char::from_u32(number).unwrap().to_string();
            let turns = turning.iter().any(|range| range.contains(&number));
            assert_eq!(printable(&letter) != letter, turns, "{number:x}");
            assert_eq!(printable_lines(&letter) != letter, turns, "{number:x}");
        }
    }
}
