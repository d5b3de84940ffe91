//! What numbers of JSON are, in both languages.

crate::words! {
    exponent: "число с показателем степени", "a number with an exponent";
    fraction: "число с дробной частью", "a number with a fraction";
    integer: "целое число", "an integer";
    beyond_32: "целое число больше 32 бит", "an integer beyond 32 bits";
    beyond_64: "целое число больше 64 бит", "an integer beyond 64 bits";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(crate::faults_in_words(Words::ALL), [""; 0]);
    }
}
