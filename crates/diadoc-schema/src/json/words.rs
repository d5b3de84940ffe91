//! What is said of bodies of JSON, in both languages.

diadoc_core::words! {
    json_in_string: "здесь JSON внутри строки JSON, а не {}", "the value is JSON inside a JSON string, not {}";
    not_it: "здесь не {}", "the value is not {}";
    list_not_it: "здесь не {}, а список", "the value is not {}, but a list";
    list_around_it: "здесь не {}, а список: уберите внешние `[ ]`", "the value is not {}, but a list: take the `[ ]` around it off";
    bytes_as_list: "байты пишут как base64 в строке, а не как список чисел", "bytes are written as base64 in a string, not as a list of numbers";
    pairs_in_object: "нужен список ключей и значений, а не объект из них", "a list of keys and values is due, not an object of them";
    one_for_list: "нужен список, а не одно значение: заключите его в `[ ]`", "a list is due, not a single value: wrap it in `[ ]`";
    required_null: "обязательное поле — null", "a required field is null";
    element_null: "элемент списка — null", "an element of a list is null";
    missing: "нет обязательного поля `{}`", "the required field `{}` is missing";
    byte_order_mark: "перед телом стоит метка порядка байтов; она пропускается", "a byte order mark stands before the body; it is skipped";
    body_in_string: "тело — JSON внутри строки JSON: его перевели в JSON дважды", "the body is JSON inside a JSON string: it was turned to JSON twice";

    object: "объект", "an object";
    object_of: "объект ({})", "an object ({})";
    array: "массив", "an array";
    array_of: "массив объектов ({})", "an array of objects ({})";
    string: "строка", "a string";
    boolean: "логическое значение", "a boolean";
    number: "число", "a number";
    name_of: "имя значения перечисления `{}`", "a name of `{}`";
    some_name: "имя", "a name";
    or: "{} или {}", "{} or {}";
    integer_32: "32-битное целое", "a 32-bit integer";
    integer_64: "64-битное целое", "a 64-bit integer";
    unsigned_32: "32-битное целое без знака", "an unsigned 32-bit integer";
    unsigned_64: "64-битное целое без знака", "an unsigned 64-bit integer";
    range: "от {} до {}", "{} to {}";

    other_case_read: "ключ `{}` отличается от ключа в схеме регистром; сервер всё равно его прочитает", "the key `{}` differs from the schema's in case; the server reads it all the same";
    other_case_passed: "ключ `{}` отличается от ключа в схеме регистром; читатели его пропустят", "the key `{}` differs from the schema's in case; readers pass over it";
    wrapped: "структура обёрнута в собственное имя `{}`: отправляйте то, что внутри, без внешнего объекта", "the message is wrapped in its own name `{}`: send what is inside, without the object around it";
    keys_of: "ключи структуры `{}`: {} …", "the keys of `{}`: {} …";
    foreign_one_key: "структура `{}` не знает единственного ключа этого объекта", "`{}` does not know the one key of this object";
    foreign_keys: "структура `{}` не знает ни одного ключа этого объекта (всего их {})", "`{}` does not know any of the {} keys of this object";
    duplicate_key: "ключ `{}` стоит в объекте дважды", "the key `{}` stands twice in the object";
    duplicate_field: "поле `{}`, оно же `{}`, стоит в объекте дважды", "the field `{}`, also called `{}`, stands twice in the object";
    each_key_once: "каждый ключ один раз", "each key once";
    computed_ignored: "ключ `{}` сервер вычисляет для своих ответов, а здесь пропускает; что в нём: {}", "`{}` is a key that the server computes for its answers, and ignores here: it holds {}";
    computed: "ключа `{}` нет в схеме, но в JSON вендора он есть; что в нём: {}", "`{}` is not in the schema, though the vendor's JSON has it: {}";
    unknown_dropped: "в структуре `{}` нет ключа `{}`; сервер молча его отбросит", "`{}` has no key `{}`; the server drops it in silence";
    unknown: "по схеме в структуре `{}` нет ключа `{}`", "`{}` has no key `{}` in the schema";
    type_of_field: "это имя типа, такой тип у поля {}", "it is the name of a type, which {} has";
    type_of_fields: "это имя типа, такой тип у полей {}", "it is the name of a type, which {} have";
    move_inside: "он есть в `{}`: перенесите его внутрь, в `{}.{}`", "`{}` has it: move it inside, to `{}.{}`";
    move_out: "в структуре `{}` вокруг этого объекта есть `{}`: вынесите его туда", "`{}`, around this object, has `{}`: move it out";
    unwrapped: "то, что в нём, должно стоять прямо здесь: {}", "what is in it belongs here: {}";

    boolean_form: "логическое значение читается, но вендор пишет `true` и `false`", "the boolean is read, but the vendor writes `true` and `false`";
    number_as_text: "число читается как его текст, но вендор пишет строку", "the number is read as its text, but the vendor writes a string";
    fraction_64: "64-битное целое записано с дробной частью или показателем степени, от этого теряется точность", "a 64-bit integer is written with a fraction or an exponent, which loses precision";
    fraction: "целое число записано с дробной частью или показателем степени", "an integer is written with a fraction or an exponent";
    integer_in_string: "целое число записано строкой; оно читается, но вендор пишет числа", "the integer stands in a string; it is read, but the vendor writes numbers";
    does_not_fit: "число не помещается в {}", "the number does not fit {}";
    pem: "это PEM, пишите то, что стоит между его строками с дефисами", "it is PEM, write what stands between its lines of dashes";
    data_url: "это data URL, пишите то, что стоит в нём за запятой", "it is a data URL, write what stands behind its comma";
    cut_length: "её длина {} не делится на 4", "its length, {}, is no multiple of 4";
    no_base64: "строка — не base64: {}", "the string is not base64: {}";
    url_safe: "base64 в алфавите для URL, а у вендора в алфавите `+` и `/`", "the base64 is of the URL-safe alphabet, where the vendor's has `+` and `/`";
    unpadded: "в base64 нет дополнения: его длина не делится на 4, допишите в конце `=`", "the base64 lacks its padding: its length is no multiple of 4, write `=` at its end";
    white_space: "в base64 есть пробельные символы; он читается, но вендор их не пишет", "the base64 has white space in it; it is read, but the vendor writes none";
    standard_base64: "стандартный base64 с дополнением", "standard base64 with padding";

    enum_alias: "в JSON вендора у этого значения другое имя", "this is another name of the member than the vendor's JSON uses";
    no_member: "в перечислении `{}` нет значения `{}`", "`{}` has no member `{}`";
    read_as: "оно читается как `{}`", "it is read as `{}`";
    body_refused: "поле обязательное, поэтому тело отклоняется", "the field is required, so the body is refused";
    element_dropped: "элемент отбрасывается", "the element is dropped";
    left_unset: "поле остаётся незаданным", "the field is left unset";
    enum_number: "номер обозначает `{}`; вендор пишет имена", "the number stands for `{}`; the vendor writes names";
    no_member_of_number: "в перечислении `{}` нет значения с таким номером", "`{}` has no member of that number";

    other_encoding: "тело — {}, а нужен JSON в UTF-8", "the body is {}, where JSON in UTF-8 is due";
    is_protobuf: "тело — protobuf, а не JSON", "the body is protobuf, not JSON";
    fits_better: "телу больше подходит `{}`, чем `{}`: {}", "the body fits `{}` better than `{}`: {}";

    value: "значение", "a value";
    no_value: "значения нет, или это не JSON", "a value is missing or is not JSON";
    comma_or_brace: "`,` или `}`", "`,` or `}`";
    no_comma_in_object: "нет запятой, или объект не закрыт", "a comma is missing, or the object is not closed";
    key: "ключ в двойных кавычках", "a key in double quotes";
    no_key: "нет ключа", "a key is missing";
    no_colon: "после ключа нет двоеточия", "the colon after the key is missing";
    comma_or_bracket: "`,` или `]`", "`,` or `]`";
    no_comma_in_array: "нет запятой, или массив не закрыт", "a comma is missing, or the array is not closed";
    end: "конец тела", "the end of the body";
    something_follows: "после конца значения JSON есть что-то ещё", "something follows the end of the JSON value";
    too_deep: "вложенность тела слишком велика, дальше оно не читается", "the body is nested too deep to be read on";
    levels: "глубина вложенности не больше {}", "at most {} levels of nesting";
    one_more_level: "ещё один уровень", "one more level";
    comma_before_closing: "JSON не допускает запятой перед закрывающей скобкой", "JSON allows no comma before a closing bracket";
    key_after_comma: "ключ после запятой", "a key after the comma";
    value_after_comma: "значение после запятой", "a value after the comma";
    key_or_brace: "ключ или `}`", "a key or `}`";
    value_or_bracket: "значение или `]`", "a value or `]`";
    word: "`true`, `false` или `null`", "`true`, `false` or `null`";
    no_word: "такого слова в JSON нет: текст пишут в двойных кавычках", "this is no word of JSON: text stands in double quotes";
    digit_after_minus: "цифра после минуса", "a digit after the minus sign";
    no_leading_zeros: "число без нулей впереди", "a number without leading zeros";
    digit_after_point: "цифра после точки", "a digit after the point";
    digit_in_exponent: "цифра в показателе степени", "a digit in the exponent";
    wrong_number: "число записано не так, как требует JSON", "the number is not written as JSON wants it";
    quote_or_escape: "`\"` в конце строки или escape-последовательность, например `\\n`", "`\"` at the string's end, or an escape such as `\\n`";
    not_closed_or_control: "строка не закрыта, или в ней есть управляющий символ", "a string is not closed, or holds a control character";
    control_character: "управляющий символ U+{}", "the control character U+{}";
    not_closed: "строка не закрыта", "the string is not closed";
    escape: "escape-последовательность", "an escape";
    some_escape: "escape-последовательность, например `\\\\`, `\\n` или `\\u0041`", "an escape such as `\\\\`, `\\n` or `\\u0041`";
    no_such_escape: "такой escape-последовательности в JSON нет; саму обратную косую черту пишут дважды", "JSON has no such escape; a backslash itself is written twice";
    surrogates: "суррогатная пара, например `\\uD83D\\uDE00`", "a pair of surrogates such as `\\uD83D\\uDE00`";
    half_a_pair: "половина суррогатной пары стоит одна", "half of a pair of surrogates stands alone";
    four_digits: "четыре шестнадцатеричные цифры после `\\u`", "four hexadecimal digits after `\\u`";
    incomplete_escape: "escape-последовательность неполная", "the escape is not complete";
    digit: "цифра", "a digit";
    some_mark: "метка порядка байтов", "a byte order mark";
    not_utf8: "с этого места тело — не UTF-8", "the body is not UTF-8 from here on";
    byte_looks_like: "байт 0x{}; тело похоже на {}", "the byte 0x{}; the body looks like {}";
    byte: "байт 0x{}", "the byte 0x{}";
    too_early: "тело обрывается раньше времени", "the body ends too early";
    no_comments: "JSON не допускает комментариев", "JSON has no comments";
    no_comment: "без комментария", "no comment";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(diadoc_core::faults_in_words(Words::ALL), [""; 0]);
    }
}
