//! Names that may have been meant.

/// No name is longer, in bytes; comparing longer text would only cost time.
const LONGEST: usize = 100;

/// The candidates near to `wanted`, each once, the nearest first: those that differ in case only;
/// where there are none, those within a third of its length in edits. Empty where nothing is near.
///
/// ```
/// use diadoc_core::rules::nearest;
///
/// assert_eq!(nearest("documentid", ["DocumentId", "Documents"]), ["DocumentId"]);
/// assert_eq!(nearest("Documnets", ["DocumentId", "Documents"]), ["Documents", "DocumentId"]);
/// assert!(nearest("Signature", ["DocumentId"]).is_empty());
/// ```
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if wanted.len() > LONGEST {
        return Vec::new();
    }
    let lower = wanted.to_lowercase();
    let length = wanted.chars().count();
    let most = length / 3;
    let distance = |name: &str| strsim::damerau_levenshtein(&lower, &name.to_lowercase());
    let mut near: Vec<_> = candidates
        .into_iter()
        .filter(|name| length.abs_diff(name.chars().count()) <= most)
        .map(|name| (distance(name), name))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    near.sort_unstable();
    near.dedup();
    if near.iter().any(|(distance, _)| *distance == 0) {
        near.retain(|(distance, _)| *distance == 0);
    }
    near.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_not_compared() {
        let (fits, long) = ("é".repeat(LONGEST / 2), "é".repeat(LONGEST / 2 + 1));
        assert_eq!(nearest(&fits, [fits.as_str()]), [fits.as_str()]);
        assert!(nearest(&long, [long.as_str()]).is_empty());
    }

    /// Candidates are not looked into whose length alone is too many edits away.
    #[test]
    fn long_candidates_are_not_near() {
        let long = format!("DocumentId{}", "s".repeat(100_000));
        assert_eq!(
            nearest("DocumentIds", [long.as_str(), "DocumentId"]),
            ["DocumentId"]
        );
    }
}
