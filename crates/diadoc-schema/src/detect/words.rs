//! Why a message fits a body, in both languages.

diadoc_core::words! {
    only_member: "единственный ключ известен и подходит", "the only member is known and fits";
    one_member: "известен и подходит 1 ключ из {}", "1 of {} members is known and fits";
    all_members: "все ключи ({}) известны и подходят", "all {} members are known and fit";
    members: "известны и подходят ключи: {} из {}", "{} of {} members are known and fit";
    one_field: "1 поле известно и подходит", "1 field is known and fits";
    fields: "поля ({}) известны и подходят", "{} fields are known and fit";
    one_odd: "{}, из них 1 со странным значением", "{}, 1 with an odd value";
    odd: "{}, из них со странным значением: {}", "{}, {} with odd values";
    one_missing: "{}; нет одного обязательного поля", "{}; 1 required field is missing";
    missing: "{}; нет обязательных полей: {}", "{}; {} required fields are missing";
    and: "{} и {}", "{} and {}";
    version_fits: "{}; {} подходит так же, первой стоит новейшая", "{}; {} fits just as well, the newest is first";
    versions_fit: "{}; {} подходят так же, первой стоит новейшая", "{}; {} fit just as well, the newest is first";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(diadoc_core::faults_in_words(Words::ALL), [""; 0]);
    }
}
