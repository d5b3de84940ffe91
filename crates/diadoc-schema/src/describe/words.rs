//! What the pages of the manual say of their own, in both languages, in one table.

diadoc_core::words! {
    name: "ИМЯ", "NAME";
    description: "ОПИСАНИЕ", "DESCRIPTION";
    fields: "ПОЛЯ", "FIELDS";
    values: "ЗНАЧЕНИЯ", "VALUES";
    rules: "ПРАВИЛА", "RULES";
    place: "ГДЕ ОБЪЯВЛЕНО", "WHERE";
    used_by: "ГДЕ ВСТРЕЧАЕТСЯ", "USED BY";
    methods: "МЕТОДЫ", "METHODS";
    field: "ПОЛЕ", "FIELD";
    value: "ЗНАЧЕНИЕ", "VALUE";
    request: "ЗАПРОС", "REQUEST";
    parameters: "ПАРАМЕТРЫ", "PARAMETERS";
    body: "ТЕЛО", "BODY";
    answer: "ОТВЕТ", "ANSWER";
    usage: "ПРИМЕНЕНИЕ", "USE";

    message_kind: "сообщение", "message";
    enum_kind: "перечисление", "enum";
    field_kind: "поле", "field";
    value_kind: "значение перечисления", "enum value";
    method_kind: "метод", "method";

    required: "обязательное", "required";
    optional: "необязательное", "optional";
    repeated: "список", "repeated";
    with_commas: "список через запятую", "repeated, with commas";
    in_header: "в заголовке {}", "header {}";

    none: "(нет)", "(none)";
    deprecated: "устарело", "deprecated";
    only_json: "только в JSON", "only in JSON";
    key: "в JSON {}", "in JSON {}";
    default: "по умолчанию {}", "default {}";
    empty: "\"\" (пусто)", "\"\" (empty)";
    alias: "другое имя значения {}, которое пишет JSON", "another name of {}, which JSON writes";
    rule: "Правило: {}.", "Rule: {}.";
    several_rules: "Правила: {}.", "Rules: {}.";

    package: "пакет", "package";
    file: "файл", "file";
    rust: "в Rust", "Rust";
    rust_field: "{}, поле {}", "{}, field {}";
    kind: "тип", "type";
    number: "номер", "number";
    no_number: "нет, поле есть только в JSON", "none, only JSON has the field";
    in_json: "в JSON", "JSON";

    bytes: "файл", "bytes";
    text: "текст", "text";
    nothing: "ничего", "nothing";
    absent: "Статус {}: отвечать нечем.", "Status {}: there is nothing to answer with.";
    pending: "Ещё не готово: {}.", "Not ready yet: {}.";
    task: "Начинает задачу; результат отдаёт {}.", "Starts a task; ask for its outcome with {}.";
    pages: "Страницы: {}.", "Pages: {}.";
    repeat: "Повтор запроса: {}.", "The request {}.";
    no_side_effects: "ничего не меняет, можно повторять", "changes nothing, may be sent again";
    idempotent: "можно повторять с тем же `operationId`", "may be sent again with the same `operationId`";
    unstated: "может выполнить работу дважды", "may do its work twice when sent again";
    anonymous: "Токен пользователя не нужен.", "It needs no token of a user.";
    given_up: "Не начинайте с него: {}.", "Do not begin with it: {}.";
}

/// What descriptions as data say too.
pub(crate) const ENGLISH: &Words = Words::of(diadoc_core::Language::English);

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(diadoc_core::faults_in_words(Words::ALL), [""; 0]);
    }
}
