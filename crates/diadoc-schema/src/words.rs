//! What is said of bodies of either form, in both languages.

diadoc_core::words! {
    string: "строка", "a string";
    body_empty: "тело пустое, а пустое тело — не структура", "the body is empty, and an empty body is no message";
    field_empty: "обязательное поле `{}` пустое, а это считается отсутствием", "the required field `{}` is empty, which counts as missing";
    mojibake: "текст похож на UTF-8, прочитанный как windows-1251 или Latin-1", "the text looks like UTF-8 that was read as windows-1251 or Latin-1";
    percent_encoded: "текст закодирован для URL", "the text is percent-encoded, as in a URL";
    word_for_none: "этот текст — слово, означающее отсутствие значения: если значения нет, не пишите и ключ", "the text is a word for no value: leave the key out where there is none";

    obsolete_member: "вендор называет `{}` в `{}` устаревшим", "the vendor calls `{}` of `{}` obsolete";
    obsolete_message: "вендор называет структуру `{}` устаревшей", "the vendor calls the message `{}` obsolete";
    obsolete_enum: "вендор называет перечисление `{}` устаревшим", "the vendor calls the enum `{}` obsolete";
    as_guid: "`{}` в виде GUID", "`{}` as a GUID";
    as_date: "`{}` в виде даты", "`{}` as a date";
    as_ticks: "`{}` в тиках", "the ticks of `{}`";

}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(diadoc_core::faults_in_words(Words::ALL), [""; 0]);
    }
}
