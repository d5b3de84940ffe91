//! Lines and columns of a text.

/// How many bytes there are at most from a known place to the next, so that a long line is not counted for
/// each place in it.
const STEP: usize = 1024;

/// A text whose lines and columns are asked for.
pub(crate) struct Places<'t> {
    text: &'t str,
    /// The start of every line, and places between.
    known: Vec<Place>,
}

struct Place {
    at: usize,
    line: usize,
    column: usize,
}

impl<'t> Places<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let (mut line, mut column) = (1, 1);
        let mut known = vec![Place {
            at: 0,
            line,
            column,
        }];
        let mut next = STEP;
        for (at, letter) in text.char_indices() {
            if at >= next {
                known.push(Place { at, line, column });
                next = at + STEP;
            }
            column += 1;
            if letter == '\n' {
                (line, column) = (line + 1, 1);
                known.push(Place {
                    at: at + 1,
                    line,
                    column,
                });
                next = at + 1 + STEP;
            }
        }
        Self { text, known }
    }

    /// The line of a byte and the character in it, both from 1.
    pub(crate) fn line_and_column(&self, at: usize) -> (usize, usize) {
        let behind = self.known.partition_point(|known| known.at <= at);
        let Some(known) = self.known[..behind].last() else {
            return (1, 1);
        };
        let between = self.text.get(known.at..at).unwrap_or_default();
        (known.line, known.column + between.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_where_counting_from_the_start_says() {
        for text in [
            "",
            "a\nж\n\nb",
            &"жa\"".repeat(2000),
            &format!("{}\n", "ж".repeat(3000)).repeat(3),
        ] {
            let places = Places::of(text);
            for (at, _) in text.char_indices() {
                let before = &text[..at];
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
                assert_eq!(places.line_and_column(at), (line, column));
            }
        }
    }
}
