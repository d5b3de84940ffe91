//! What a report says of its own, in both languages.

diadoc_core::words! {
    left_out: "не показано: {}", "left out: {}";
    denied: "{}, но запрещено", "{}, denied";
    at: "где", "at";
    expected: "ожидалось", "expected";
    found: "найдено", "found";
    did_you_mean: "возможно, имелось в виду", "did you mean";
    server_says: "ответ сервера", "the server says";
    whole_body: "тело целиком", "the body as a whole";
    bytes: "{}, байты с {} по {}", "{}, bytes {} to {}";
    byte: "{}, байт {}", "{}, byte {}";
    line: "{}, строка {}, столбец {}", "{}, line {}, column {}";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(diadoc_core::faults_in_words(Words::ALL), [""; 0]);
    }
}
