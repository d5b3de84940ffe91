//! Why a text is no base64, in both languages.

crate::words! {
    no_white_space: "{} (байт {}) — не пробельный символ JSON", "{}, byte {} of it, is no white space of JSON";
    no_symbol: "{} (байт {}) — не символ этого алфавита", "{}, byte {} of it, is no symbol";
    length_of_no_bytes: "её длина не подходит ни к какому числу байтов", "its length fits no number of bytes";
    other_padding: "её дополнение не подходит к её длине", "its padding does not fit its length";
    odd_bits: "в её последнем символе есть биты за последним байтом", "its last symbol has bits beyond the last byte";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(crate::faults_in_words(Words::ALL), [""; 0]);
    }
}
