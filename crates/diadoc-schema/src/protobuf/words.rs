//! What is said of bodies of protobuf, in both languages.

diadoc_core::words! {
    other_type: "тип поля — {}, а записано: {}", "the field is {}, not {}";
    twice_merged: "поле стоит дважды; читатели объединят структуры", "the field stands twice; readers merge the messages";
    twice_last: "поле стоит дважды; читатели возьмут последнее", "the field stands twice; readers take the last";
    one_value: "одно значение", "one value";
    unknown_dropped: "в структуре `{}` нет поля {}; сервер молча его отбросит", "`{}` has no field {}; the server drops it in silence";
    unknown: "в структуре `{}` нет поля {}", "`{}` has no field {}";
    a_group: "группа", "a group";
    missing: "нет обязательного поля `{}` ({})", "the required field `{}` ({}) is missing";
    quoted_start: "\"{}…\" (байт: {})", "\"{}…\" ({} bytes)";
    bytes_start: "{}… (байт: {})", "{}… ({} bytes)";
    not_utf8: "строка — не UTF-8", "the string is not UTF-8";
    no_member: "в перечислении `{}` нет значения {}", "`{}` has no member {}";
    member_of: "значение перечисления `{}`", "a member of `{}`";
    low_bits: "varint не помещается в {}; читатели оставят его младшие 32 бита, {}", "the varint does not fit {}; readers keep its low 32 bits, {}";
    is_json: "тело — JSON, а не protobuf", "the body is JSON, not protobuf";
    or: "{} или {}", "{} or {}";
    fits_better: "байтам больше подходит {}, чем `{}`: {}", "the bytes fit {} better than `{}`: {}";

    length_delimited: "значение с длиной впереди", "length-delimited";
    group: "группа", "group";
    group_end: "конец группы", "group end";
    a_byte_missing: "тело обрывается внутри этого поля: не хватает байта", "the body ends inside this field: a byte is missing";
    bytes_missing: "тело обрывается внутри этого поля: не хватает байт: {}", "the body ends inside this field: {} bytes are missing";
    message_ends: "поле выходит за конец своей структуры или списка; какая-то длина неверна", "the field goes on beyond the end of its message or list; a length is wrong";
    varint_too_long: "varint не заканчивается в пределах 64 бит", "a varint does not end within 64 bits";
    length_too_large: "длина {} больше, чем бывает у структуры (2 ГиБ)", "the length {} is larger than any message may be (2 GiB)";
    key_too_large: "номер поля {} больше наибольшего возможного (536870911)", "the field number {} is larger than any may be (536870911)";
    field_zero: "номер поля — 0", "the field number is 0";
    no_wire_type: "типа кодирования {} нет", "there is no wire type {}";
    group_not_open: "конец группы {}, которая не открыта", "the end of a group {} that is not open";
    too_deep: "вложенность больше {}", "nested deeper than {} levels";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(diadoc_core::faults_in_words(Words::ALL), [""; 0]);
    }
}
