//! Many remarks about one field, as one.

use std::collections::HashMap;

/// Remarks that differ in list indices only.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The path, with `[*]` where the indices differ.
    pub path: String,
    /// The first of them, as an index into what was folded.
    pub first: usize,
    pub count: usize,
}

/// Folds remarks, each a path and a text, that differ in the list indices of the path only; the
/// groups stand in the order of their first.
pub(super) fn fold<'a>(remarks: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Group> {
    /// A group, with its first path and whether each index in it is the same in all.
    struct Open<'a> {
        path: &'a str,
        same: Vec<bool>,
        first: usize,
        count: usize,
    }
    let mut groups: Vec<Open<'_>> = Vec::new();
    let mut known = HashMap::new();
    for (at, (path, text)) in remarks.into_iter().enumerate() {
        let indices = indices(path);
        let all_starred = without_indices(path);
        let group = *known.entry((all_starred, text)).or_insert_with(|| {
            groups.push(Open {
                path,
                same: vec![true; indices.len()],
                first: at,
                count: 0,
            });
            groups.len() - 1
        });
        let group = &mut groups[group];
        let first = self::indices(group.path);
        for ((same, first), index) in group.same.iter_mut().zip(first).zip(indices) {
            *same &= first == index;
        }
        group.count += 1;
    }
    groups
        .into_iter()
        .map(|group| Group {
            path: starred(group.path, &group.same),
            first: group.first,
            count: group.count,
        })
        .collect()
}

/// The path with a star for each list index.
pub(super) fn without_indices(path: &str) -> String {
    starred(path, &vec![false; indices(path).len()])
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

/// The path with a star for each index that is not the same in all.
fn starred(path: &str, same: &[bool]) -> String {
    let mut result = String::new();
    let mut same = same.iter();
    for (text, index) in pieces(path) {
        result += text;
        if let Some(index) = index {
            let index = if same.next() == Some(&true) {
                index
            } else {
                "*"
            };
            result += &format!("[{index}]");
        }
    }
    result
}

#[cfg(test)]
mod tests {
    fn fold<'a>(remarks: &[(&'a str, &'a str)]) -> Vec<(String, usize, usize)> {
        super::fold(remarks.iter().copied())
            .into_iter()
            .map(|group| (group.path, group.first, group.count))
            .collect()
    }

    #[test]
    fn remarks_that_differ_in_indices_become_one() {
        let groups = fold(&[
            ("A[0].B[3].C", "unknown"),
            ("D", "unknown"),
            ("A[0].B[4].C", "unknown"),
            ("A[0].B[4].C", "missing"),
            ("A[0].B[5].C", "unknown"),
        ]);
        assert_eq!(
            groups,
            [
                ("A[0].B[*].C".to_owned(), 0, 3),
                ("D".to_owned(), 1, 1),
                ("A[0].B[4].C".to_owned(), 3, 1),
            ]
        );
    }

    #[test]
    fn brackets_in_keys_are_no_indices() {
        let groups = fold(&[
            ("a[].b[x][12].[7", ""),
            ("a[].b[x][13].[7", ""),
            ("ключ[", ""),
        ]);
        assert_eq!(
            groups,
            [
                ("a[].b[x][*].[7".to_owned(), 0, 2),
                ("ключ[".to_owned(), 2, 1)
            ]
        );
    }
}
