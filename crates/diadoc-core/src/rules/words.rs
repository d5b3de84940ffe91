//! What the rules say, in both languages.

crate::words! {
    refused: "отклонено", "refused";
    foreign: "другая структура", "foreign";
    dropped: "отброшено", "dropped";
    unproven: "неизвестно", "unproven";
    drift: "расхождение", "drift";
    accepted: "принято", "accepted";
    server_refuses: "сервер ответил бы на это 400", "the server would answer 400 to this";
    readers_refuse: "читатели отклоняют такой ответ", "readers refuse this answer";
    is_foreign: "это другая структура", "this is another message";
    server_drops: "сервер принял бы это, но отбросил бы то, что помечено «отброшено»", "the server would take this, and ignore what is marked `dropped`";
    is_unproven: "неизвестно, отклонил бы это сервер или принял", "the server is not known to refuse this, and not known to take it";
    readers_take_drift: "читатели принимают такой ответ, хотя в схеме о нём сказано не всё", "readers take this answer, though the schema does not say all of it";
    server_takes: "сервер принял бы это", "the server would take this";
    readers_take: "читатели принимают такой ответ", "readers take this answer";

    no_elements: "нет элементов", "no elements";
    one_element: "один элемент", "one element";
    elements: "элементов: {}", "{} elements";
    and: "{} и {}", "{} and {}";
    or: "{} или {}", "{} or {}";
    more: "ещё {}", "{} more";

    exactly: "ровно {}", "exactly {}";
    from_to: "от {} до {}", "from {} to {}";
    at_least: "не меньше {}", "at least {}";
    at_most: "не больше {}", "at most {}";
    any: "любое", "any";
    one_element_exactly: "число элементов ровно {}", "exactly {} element";
    one_element_from_to: "число элементов от {} до {}", "from {} to {} element";
    one_element_at_least: "число элементов не меньше {}", "at least {} element";
    one_element_at_most: "число элементов не больше {}", "at most {} element";
    elements_exactly: "число элементов ровно {}", "exactly {} elements";
    elements_from_to: "число элементов от {} до {}", "from {} to {} elements";
    elements_at_least: "число элементов не меньше {}", "at least {} elements";
    elements_at_most: "число элементов не больше {}", "at most {} elements";
    elements_any: "любое число элементов", "any elements";
    one_character_exactly: "длина в символах ровно {}", "exactly {} character";
    one_character_from_to: "длина в символах от {} до {}", "from {} to {} character";
    one_character_at_least: "длина в символах не меньше {}", "at least {} character";
    one_character_at_most: "длина в символах не больше {}", "at most {} character";
    characters_exactly: "длина в символах ровно {}", "exactly {} characters";
    characters_from_to: "длина в символах от {} до {}", "from {} to {} characters";
    characters_at_least: "длина в символах не меньше {}", "at least {} characters";
    characters_at_most: "длина в символах не больше {}", "at most {} characters";
    characters_any: "любая длина", "any characters";
    number_exactly: "число, равное {}", "a number exactly {}";
    number_from_to: "число от {} до {}", "a number from {} to {}";
    number_at_least: "число не меньше {}", "a number of at least {}";
    number_at_most: "число не больше {}", "a number of at most {}";
    number_any: "любое число", "a number of any";

    matching: "по шаблону `{}`", "matching `{}`";
    string_matching: "строка по шаблону `{}`", "a string matching `{}`";
    mask: "маска из битов {}", "a mask of the bits {}";
    bytes_at_most: "не больше {} байт", "at most {} bytes";
    one_of_numbers: "одно из чисел {}", "one of the numbers {}";
    list_has: "в списке {}", "the list has {}";
    no_moment: "тики {} не обозначают никакого момента", "{} ticks are no moment";
    string_length: "длина строки в символах: {}", "the string is {} characters long";
    no_match: "строка не соответствует шаблону своего поля", "the string does not match the pattern of its field";
    out_of_range: "{} вне диапазона поля", "{} lies outside the range of the field";
    negative_mask: "маска не бывает отрицательной", "a mask is not negative";
    unknown_bits: "в маске есть неизвестные биты: {}", "the mask has the unknown bits {}";
    string_bytes: "байтов в строке (UTF-8): {}", "the string has {} bytes in UTF-8";
    content_bytes: "байтов в содержимом: {}", "the content has {} bytes";
    none_of_numbers: "{} — не из чисел, которые знает поле", "{} is none of the numbers that the field knows";

    other_format: "строка не в формате своего поля", "the string does not have the format of its field";
    no_filter: "строка — не фильтр: {}", "the string is no filter: {}";
    withdrawn_group: "сервер больше не принимает группу типов `{}`; запрашивайте каждый её тип или `Any`", "the server no longer takes the group of types `{}`; ask for each of its types, or for `Any`";
    unknown_class: "в фильтре класс, которого вендор не называет", "the filter has a class that the vendor does not name";
    unknown_status: "в фильтре статус, которого вендор не называет", "the filter has a status that the vendor does not name";
    filter_for_category: "строка — фильтр, как в GetDocuments (V3); здесь тип, класс и статус — три поля", "the string is a filter as GetDocuments (V3) has it; type, class and status are three fields here";
    no_category: "строка — не категория документов", "the string is no category of documents";
    no_status: "такого статуса документов вендор не называет", "the vendor names no such status of documents";
    filter_no_dot: "фильтр — это `<тип>.<класс><статус>`, а точки здесь нет", "a filter is `<type>.<class><status>`; there is no dot";
    filter_no_type: "тип документов — не `TypeNamedId` и не `Any`", "the type of documents is no `TypeNamedId` and not `Any`";
    filter_no_class: "после точки нет класса, такого как Inbound, Outbound, Internal, Proxy и Deleted", "after the dot stands no class, such as Inbound, Outbound, Internal, Proxy and Deleted";
    filter_no_status: "после класса стоит не статус", "after the class stands no status";

    without: "без {}", "no {}";
    at_least_one_of: "хотя бы одно из {}", "at least one of {}";
    exactly_one_of: "ровно одно из {}", "exactly one of {}";
    at_most_one_of: "не больше одного из {}", "at most one of {}";
    none_of: "ни одного из {}", "none of {}";
    different: "разные значения {}", "different values of {}";
    where_: "{}, если {}", "{} where {}";
    unless: "{}, кроме случаев, когда {}", "{}, unless {}";
    though: "{}, хотя {}", "{}, though {}";
    not_given: "не задано {}", "{} is not given";
    none_is_set: "не задано ни одно из {}", "none of {} is set";
    is_given: "задано {}", "{} is given";
    are_given: "заданы {}", "{} are given";
    set_together: "вместе заданы {}", "{} are set together";
    same_value: "у {} и {} одно и то же значение", "{} and {} have the same value";
    is_not: "{} — не {}", "{} is not {}";
    is_set: "задано {}", "{} is set";
    are_set: "заданы {}", "{} are set";
    named_in: "`{}` в `{}`", "`{}` in `{}`";
    subject_in: "{} в `{}`", "{} in `{}`";
    ends_with: "`{}` оканчивается на {}", "`{}` ends with {}";
    is_value: "`{}` равно {}", "`{}` is {}";
    or_more: "{} (и ещё {})", "{} or {} more";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(crate::faults_in_words(Words::ALL), [""; 0]);
    }
}
