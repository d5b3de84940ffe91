//! Writes a file with all its changes in it, each behind a switch.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::Range;

use crate::points::{Point, Variant};

/// The function that says whether a change is on: that of `inserted/diadoc_mutant.rs`.
const IS: &str = "crate::diadoc_mutant::is";

/// A file with switches.
#[derive(Debug)]
pub(crate) struct Switched {
    pub(crate) text: String,
    /// Where the code of each change stands in it.
    pub(crate) places: Vec<(usize, Range<usize>)>,
}

/// Puts the points of a file in, whose changes are numbered from `first`; those of `dropped` are left out.
/// Of an expression in another one only the outer copy that nothing changes has switches, for but one change
/// is on at a time.
pub(crate) fn switched(
    source: &str,
    points: &[Point],
    first: usize,
    dropped: &HashSet<usize>,
) -> Switched {
    let mut number = first;
    let numbered = points.iter().map(|point| {
        let start = number;
        number += point.variants().len();
        (start, point)
    });
    let numbered: Vec<_> = numbered.collect();
    let mut writer = Writer {
        source,
        dropped,
        out: Switched {
            text: String::new(),
            places: Vec::new(),
        },
    };
    writer.write(0..source.len(), &numbered);
    writer.out
}

struct Writer<'a> {
    source: &'a str,
    dropped: &'a HashSet<usize>,
    out: Switched,
}

impl Writer<'_> {
    /// Writes a part of the file with the points in it.
    fn write(&mut self, range: Range<usize>, points: &[(usize, &Point)]) {
        let mut at = range.start;
        let mut rest = points;
        while let [(number, point), after @ ..] = rest {
            let place = point.range();
            let inner = after
                .iter()
                .take_while(|(_, other)| other.range().end <= place.end && !place.is_empty())
                .count();
            self.copy(at..place.start);
            self.point(*number, point, &after[..inner]);
            at = place.end;
            rest = &after[inner..];
        }
        self.copy(at..range.end);
    }

    fn point(&mut self, number: usize, point: &Point, inner: &[(usize, &Point)]) {
        match point {
            Point::Expression { range, variants } => {
                let live = self.live(number, variants);
                self.put(if live.is_empty() { "" } else { "(" });
                for (number, variant) in &live {
                    let _ = write!(self.out.text, "if {IS}({number}) {{ ");
                    self.code(*number, &variant.code);
                    self.put(" } else ");
                }
                self.put(if live.is_empty() { "" } else { "{ " });
                self.write(range.clone(), inner);
                self.put(if live.is_empty() { "" } else { " })" });
            }
            Point::Body { variants, .. } => {
                for (number, variant) in self.live(number, variants) {
                    let _ = write!(self.out.text, " if {IS}({number}) {{ ");
                    self.code(number, &variant.code);
                    self.put(" }");
                }
            }
            Point::Guard { range, gone, .. } => {
                if gone.is_some() {
                    self.not(number + 2);
                    self.put(" && ");
                }
                self.put("(");
                let _ = write!(self.out.text, "{IS}({number}) || ");
                self.not(number + 1);
                self.put(" && (");
                self.write(range.clone(), inner);
                self.put("))");
            }
            Point::Arm { .. } => {
                if !self.dropped.contains(&number) {
                    self.put(" if ");
                    self.not(number);
                }
            }
        }
    }

    fn live<'v>(&self, first: usize, variants: &'v [Variant]) -> Vec<(usize, &'v Variant)> {
        let numbered = (first..).zip(variants);
        numbered
            .filter(|(number, _)| !self.dropped.contains(number))
            .collect()
    }

    fn not(&mut self, number: usize) {
        self.code(number, &format!("!{IS}({number})"));
    }

    fn code(&mut self, number: usize, code: &str) {
        let start = self.out.text.len();
        self.put(code);
        let place = start..self.out.text.len();
        self.out.places.push((number, place));
    }

    fn copy(&mut self, range: Range<usize>) {
        self.out.text += self.source.get(range).unwrap_or_default();
    }

    fn put(&mut self, text: &str) {
        self.out.text += text;
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::points::points;

    /// The changes of a source, and the source with all of them but those of `dropped` in it.
    fn shown(source: &str, dropped: &[usize]) -> String {
        let points = points(source).expect("it parses");
        let mut shown = String::new();
        let variants = points.iter().flat_map(Point::variants);
        for (number, variant) in variants.enumerate() {
            let (line, column) = (variant.line, variant.column);
            let _ = writeln!(shown, "{number} {line}:{column} {}", variant.what);
        }
        let dropped = dropped.iter().copied().collect();
        let switched = switched(source, &points, 0, &dropped);
        syn::parse_file(&switched.text).expect("what is written parses");
        for (number, place) in &switched.places {
            assert!(!dropped.contains(number));
            assert!(!switched.text[place.clone()].is_empty());
        }
        shown + &switched.text.replace(IS, "is")
    }

    #[test]
    fn expressions_in_expressions() {
        let source = "fn f(a: &mut X, b: u8) {\n    *a += b;\n    if !(*a < b + 1) && g() {}\n}\n";
        assert_eq!(
            shown(source, &[0, 2, 3, 4]),
            "\
0 1:24 replace f with ()
1 2:8 replace += with -= in f
2 2:8 replace += with *= in f
3 3:22 replace && with || in f
4 3:8 delete ! in f
5 3:13 replace < with == in f
6 3:13 replace < with > in f
7 3:13 replace < with <= in f
8 3:17 replace + with - in f
9 3:17 replace + with * in f
fn f(a: &mut X, b: u8) {
    (if is(1) { (*a) -= (b) } else { *a += b });
    if !((if is(5) { (*a) == (b + 1) } else if is(6) { (*a) > (b + 1) } \
else if is(7) { (*a) <= (b + 1) } \
else { *a < (if is(8) { (b) - (1) } else if is(9) { (b) * (1) } else { b + 1 }) })) && g() {}
}
"
        );
    }

    #[test]
    fn bodies_and_arms() {
        let source = "\
impl<T> Try for S<T> {
    fn f(&self) -> Option<bool> {
        match self.0 {
            1 if self.g() => None,
            2 => Some(-A),
            _ => None,
        }
    }
}
";
        assert_eq!(
            shown(source, &[]),
            "\
0 2:33 replace <impl Try for S<T>>::f with None
1 2:33 replace <impl Try for S<T>>::f with Some(true)
2 2:33 replace <impl Try for S<T>>::f with Some(false)
3 4:18 replace match guard with true in <impl Try for S<T>>::f
4 4:18 replace match guard with false in <impl Try for S<T>>::f
5 4:13 delete match arm 1 in <impl Try for S<T>>::f
6 5:13 delete match arm 2 in <impl Try for S<T>>::f
7 5:23 delete - in <impl Try for S<T>>::f
impl<T> Try for S<T> {
    fn f(&self) -> Option<bool> { if is(0) { return None; } if is(1) { return Some(true); } \
if is(2) { return Some(false); }
        match self.0 {
            1 if !is(5) && (is(3) || !is(4) && (self.g())) => None,
            2 if !is(6) => Some((if is(7) { A } else { -A })),
            _ => None,
        }
    }
}
"
        );
    }

    /// What the compiler works out, what macros are given, conditions with `let`, tests, and a body that is
    /// its value already.
    #[test]
    fn what_is_left_alone() {
        for source in [
            "const A: u8 = 1 + 2;",
            "static A: [u8; 1 + 1] = [1 + 1; 2];",
            "const fn f(a: u8) -> bool { a < 1 }",
            "enum E { A = 1 + 1 }",
            "struct S([u8; 1 + 1]);",
            "macro_rules! m { ($a:expr) => { $a + 1 }; }",
            "fn f() -> impl X { m!(1 + 1) }",
            "#[cfg(test)] mod tests { fn f() -> u8 { 1 + 1 } }",
            "#[test] fn f() { g(1 + 1) }",
            "fn f() {}",
            "trait T { fn f(a: u8) -> Vec<dyn X> { let _ = a; Vec::new() } }",
            "fn f() -> impl X { if let Some(-1) = g() && h() {} g() }",
            "impl Default for S { fn default() -> Self { S::default() } }",
        ] {
            assert_eq!(shown(source, &[]), source);
        }
    }
}
