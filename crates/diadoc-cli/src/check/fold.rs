//! Many notes about one field, as one line.

use std::collections::HashMap;

use diadoc_testkit::dialect::Note;

/// Notes that differ in list indices only.
struct Group<'a> {
    first: &'a Note,
    /// For each index in the path whether it is the same in all notes.
    same: Vec<bool>,
    count: usize,
}

/// The notes as lines, in their order. Those that differ in list indices only become one line, with
/// `[*]` where the indices differ: `Documents[*].MessageIdGuid: unknown key, skipped (2 times)`.
pub fn fold(notes: &[Note]) -> Vec<String> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known = HashMap::new();
    for note in notes {
        let indices = indices(&note.path);
        let all_starred = line(note, &vec![false; indices.len()]);
        match known.get(&all_starred) {
            None => {
                known.insert(all_starred, groups.len());
                groups.push(Group {
                    first: note,
                    same: vec![true; indices.len()],
                    count: 1,
                });
            }
            Some(&known) => {
                let group = &mut groups[known];
                let first = self::indices(&group.first.path);
                for ((same, first), index) in group.same.iter_mut().zip(first).zip(indices) {
                    *same &= first == index;
                }
                group.count += 1;
            }
        }
    }
    let text = |group: &Group<'_>| {
        let line = line(group.first, &group.same);
        match group.count {
            1 => line,
            count => format!("{line} ({count} times)"),
        }
    };
    groups.iter().map(text).collect()
}

/// The list indices in a path.
fn indices(path: &str) -> Vec<&str> {
    pieces(path).filter_map(|(_, index)| index).collect()
}

/// The path's text up to each list index, with that index; last the rest.
fn pieces(path: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut from = 0;
        while let Some(open) = text[from..].find('[').map(|at| from + at) {
            let digits = text[open + 1..]
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            let close = open + 1 + digits;
            if digits > 0 && text[close..].starts_with(']') {
                rest = Some(&text[close + 1..]);
                return Some((&text[..open], Some(&text[open + 1..close])));
            }
            from = open + 1;
        }
        rest = None;
        Some((text, None))
    })
}

/// The note with a star for each index that is not the same in all.
fn line(note: &Note, same: &[bool]) -> String {
    let mut path = String::new();
    let mut same = same.iter();
    for (text, index) in pieces(&note.path) {
        path += text;
        if let Some(index) = index {
            let index = if same.next() == Some(&true) {
                index
            } else {
                "*"
            };
            path += &format!("[{index}]");
        }
    }
    let change = note.change;
    Note { path, change }.to_string()
}

#[cfg(test)]
mod tests {
    use diadoc_testkit::dialect::{Change, Note};

    fn fold(notes: &[(&str, Change)]) -> Vec<String> {
        let notes: Vec<_> = notes
            .iter()
            .map(|&(path, change)| Note {
                path: path.to_owned(),
                change,
            })
            .collect();
        super::fold(&notes)
    }

    #[test]
    fn notes_that_differ_in_indices_become_one() {
        use Change::{RequiredAdded, UnknownKey};
        let lines = fold(&[
            ("A[0].B[3].C", UnknownKey),
            ("D", UnknownKey),
            ("A[0].B[4].C", UnknownKey),
            ("A[0].B[4].C", RequiredAdded),
            ("A[0].B[5].C", UnknownKey),
        ]);
        assert_eq!(
            lines,
            [
                "A[0].B[*].C: unknown key, skipped (3 times)",
                "D: unknown key, skipped",
                "A[0].B[4].C: required field missing, default taken",
            ]
        );
    }

    #[test]
    fn brackets_in_keys_are_no_indices() {
        let lines = fold(&[
            ("a[].b[x][12].[7", Change::UnknownKey),
            ("a[].b[x][13].[7", Change::UnknownKey),
            ("ключ[", Change::UnknownKey),
        ]);
        assert_eq!(
            lines,
            [
                "a[].b[x][*].[7: unknown key, skipped (2 times)",
                "ключ[: unknown key, skipped",
            ]
        );
    }
}
