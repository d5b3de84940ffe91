//! What the vendor says of giving up a method, in both languages.

crate::words! {
    obsolete: "вендор называет его устаревшим", "the vendor calls it obsolete";
    to_be_removed: "вендор собирается его удалить", "the vendor lists it for removal";
    removed_after: "вендор удалит его после {}", "the vendor removes it after {}";
    gone: "на страницах вендора его больше нет", "the vendor's pages no longer have it";
    gone_after: "на страницах вендора его больше нет, удалить его собирались после {}", "the vendor's pages no longer have it, its removal was set for after {}";
    use_other: "{}; вместо него есть {}", "{}; use {}";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(crate::faults_in_words(Words::ALL), [""; 0]);
    }
}
