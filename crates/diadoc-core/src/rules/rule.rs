//! The rules that a finding can go against.

use std::fmt;

use crate::Language;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident $id:literal, $russian:literal;)+) => {
        /// A rule, with an id that never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Rule {
            /// All rules, in the order in which they are documented.
            pub const ALL: &[Rule] = &[$(Rule::$variant),+];

            /// The stable id: `json.unknown-key`.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$variant => $id),+ }
            }

            /// The rule of an id.
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|rule| rule.id() == id)
            }

            /// What the rule says, in a sentence or two.
            pub fn summary(self, language: Language) -> &'static str {
                match language {
                    Language::English => {
                        match self { $(Rule::$variant => concat!($($doc),+).trim_ascii()),+ }
                    }
                    Language::Russian => match self { $(Rule::$variant => $russian),+ },
                }
            }
        }
    };
}

rules! {
    /// The body is not JSON: a bracket, comma, quote or value is wrong, or it ends too early.
    /// The place is the whole word, number or escape that is wrong, from its start on.
    JsonSyntax "json.syntax",
        "Тело — не JSON: неверны скобка, запятая, кавычка или значение, либо оно обрывается раньше времени. Место — ошибочное слово, число или escape-последовательность целиком, с самого начала.";
    /// A byte order mark stands before the body. It is skipped, but the vendor writes none.
    JsonByteOrderMark "json.byte-order-mark",
        "Перед телом стоит метка порядка байтов. Она пропускается, но вендор её не пишет.";
    /// The body is nested deeper than the server reads.
    JsonDepth "json.depth",
        "Вложенность тела больше, чем читает сервер.";
    /// A key is not in the schema. The server drops it from a request in silence.
    JsonUnknownKey "json.unknown-key",
        "Ключа нет в схеме. Из запроса сервер молча его отбрасывает.";
    /// A key is not in the schema, but the server is known to add it to its responses.
    JsonComputedKey "json.computed-key",
        "Ключа нет в схеме, но известно, что сервер добавляет его в свои ответы.";
    /// A key differs from the schema's in case only. The server reads it, readers of its answers do not.
    JsonKeyCase "json.key-case",
        "Ключ отличается от ключа в схеме только регистром. Сервер его читает, а читатели ответов сервера — нет.";
    /// A key stands twice in an object.
    JsonDuplicateKey "json.duplicate-key",
        "Ключ стоит в объекте дважды.";
    /// A value is of another JSON type than its field.
    JsonType "json.type",
        "Тип JSON у значения не тот, что нужен полю.";
    /// An integer does not fit its field's range.
    JsonIntegerRange "json.integer-range",
        "Целое число не входит в диапазон своего поля.";
    /// An integer field holds a number with a fraction or an exponent.
    JsonIntegerFraction "json.integer-fraction",
        "В поле для целых чисел стоит число с дробной частью или показателем степени.";
    /// An integer stands as a decimal string. It is read, but the vendor writes numbers.
    JsonIntegerString "json.integer-string",
        "Целое число записано десятичной строкой. Оно читается, но вендор пишет числа.";
    /// A boolean stands in a string, or as 0 or 1. It is read, but the vendor writes `true` and `false`.
    JsonBooleanForm "json.boolean-form",
        "Логическое значение записано строкой либо как 0 или 1. Оно читается, но вендор пишет `true` и `false`.";
    /// A number stands where a string is due. It is read as its text, but the vendor writes strings.
    JsonStringNumber "json.string-number",
        "Число стоит там, где нужна строка. Оно читается как его текст, но вендор пишет строки.";
    /// An enum has no member of that name.
    JsonEnumName "json.enum-name",
        "В перечислении нет значения с таким именем.";
    /// An enum's member is written in another case.
    JsonEnumCase "json.enum-case",
        "Имя значения перечисления написано в другом регистре.";
    /// An enum's member is written with a name that the vendor's JSON does not use.
    JsonEnumAlias "json.enum-alias",
        "Значение перечисления названо именем, которого в JSON вендора нет.";
    /// An enum's member is written as its number.
    JsonEnumNumber "json.enum-number",
        "Значение перечисления записано его номером.";
    /// An enum has no member of that number.
    JsonEnumUnknownNumber "json.enum-unknown-number",
        "В перечислении нет значения с таким номером.";
    /// A required field is missing.
    JsonRequired "json.required",
        "Нет обязательного поля.";
    /// A required field, or an element of a list, is null.
    JsonNull "json.null",
        "Обязательное поле или элемент списка — null.";
    /// A bytes field is not base64.
    JsonBase64 "json.base64",
        "Значение байтового поля — не base64.";
    /// A bytes field is base64, but URL-safe, without padding or with white space in it, which the
    /// vendor does not write.
    JsonBase64Form "json.base64-form",
        "Значение байтового поля — base64, но в алфавите для URL, без дополнения или с пробельными символами внутри, а вендор так не пишет.";

    /// The bytes end inside a field.
    WireTruncated "wire.truncated",
        "Байты обрываются внутри поля.";
    /// A varint is longer than ten bytes, a length larger than the body, or a key is not valid.
    WireMalformed "wire.malformed",
        "Число varint длиннее десяти байт, длина больше тела или ключ недопустим.";
    /// Messages are nested deeper than readers follow.
    WireDepth "wire.depth",
        "Структуры вложены глубже, чем заходят читатели.";
    /// A field has another wire type than the schema says.
    WireType "wire.type",
        "Тип кодирования у поля не тот, что указан в схеме.";
    /// A field number is not in the schema.
    WireUnknownField "wire.unknown-field",
        "Номера поля нет в схеме.";
    /// A required field is missing.
    WireRequired "wire.required",
        "Нет обязательного поля.";
    /// A field that is no list stands twice; readers take the last.
    WireDuplicateField "wire.duplicate-field",
        "Поле, которое не является списком, стоит дважды; читатели берут последнее.";
    /// An enum has no member of that number.
    WireEnumUnknownNumber "wire.enum-unknown-number",
        "В перечислении нет значения с таким номером.";
    /// A string is not UTF-8.
    WireUtf8 "wire.utf8",
        "Строка — не UTF-8.";
    /// An integer does not fit its field's 32 bits.
    WireIntegerRange "wire.integer-range",
        "Целое число не помещается в 32 бита своего поля.";

    /// Bytes are given, but there are none.
    ContentEmpty "content.empty",
        "Содержимое задано, но байтов в нём нет.";
    /// Bytes are base64 text again: they were encoded twice. The server takes such a document, and
    /// whoever receives it cannot read it.
    ContentBase64Twice "content.base64-twice",
        "Байты — снова текст base64: их закодировали дважды. Сервер принимает такой документ, а получатель не может его прочитать.";
    /// A signature is no CMS SignedData, or a certificate no X.509, both in DER: their first byte is
    /// 30. The server refuses such a signature.
    ContentNotCms "content.not-cms",
        "Подпись — не CMS SignedData в DER или сертификат — не X.509 в DER: и те и другие начинаются с байта 30. Такую подпись сервер отклоняет.";
    /// The XML declaration names another encoding than the bytes are in. The server refuses what it
    /// cannot read by the declaration.
    ContentXmlEncoding "content.xml-encoding",
        "В объявлении XML названа не та кодировка, в которой записаны байты. Сервер отклоняет то, что не может прочитать по объявлению.";
    /// Where XML is due stands something else: the first character is no `<`.
    ContentNotXml "content.not-xml",
        "Там, где нужен XML, стоит что-то другое: первый символ — не `<`.";
    /// Where text in UTF-8 is due stands XML, another file, or text in another encoding. The server
    /// refuses what is not UTF-8.
    ContentXmlInText "content.xml-in-text",
        "Там, где нужен текст в UTF-8, стоит XML, другой файл или текст в другой кодировке. Сервер отклоняет то, что не UTF-8.";

    /// A method has no parameter of that name.
    ParameterUnknown "parameter.unknown",
        "У метода нет параметра с таким именем.";
    /// A required parameter, or a body, is missing or empty.
    ParameterRequired "parameter.required",
        "Обязательного параметра или тела нет, или там пусто.";
    /// A parameter that takes one value is given twice.
    ParameterDuplicate "parameter.duplicate",
        "Параметр, который принимает одно значение, задан дважды.";
    /// The value of a parameter is not of its type, or no member of its enum.
    ParameterType "parameter.type",
        "Значение параметра не того типа, или его нет в перечислении параметра.";

    /// A string is shorter or longer than the field allows.
    FieldLength "field.length",
        "Строка короче или длиннее, чем допускает поле.";
    /// A list has fewer or more elements than the field allows.
    FieldItems "field.items",
        "Элементов в списке меньше или больше, чем допускает поле.";
    /// A number lies outside the field's range.
    FieldRange "field.range",
        "Число вне диапазона поля.";
    /// A string is not of the field's format, such as a date, a GUID or a box id.
    FieldFormat "field.format",
        "Строка записана не в формате поля, таком как дата, GUID или идентификатор ящика.";
    /// A string does not match the field's pattern.
    FieldPattern "field.pattern",
        "Строка не соответствует шаблону поля.";
    /// A number has bits that the field's mask does not know.
    FieldFlags "field.flags",
        "В числе есть биты, которых нет в маске поля.";
    /// A string or the content of a bytes field is larger, in bytes, than the field allows.
    FieldBytes "field.bytes",
        "Строка или содержимое байтового поля в байтах больше, чем допускает поле.";
    /// A number that stands for something is none of those that the field knows.
    FieldValue "field.value",
        "Число, которое что-то обозначает, — не из тех, что знает поле.";
    /// Of several fields at least one, or exactly one, must be set.
    MessageOneOf "message.one-of",
        "Из нескольких полей должно быть задано хотя бы одно или ровно одно.";
    /// Fields are set together that exclude each other.
    MessageExcludes "message.excludes",
        "Вместе заданы поля, которые исключают друг друга.";
    /// A field is not given, though what else stands in the body asks for it.
    MessageRequired "message.required",
        "Поле не задано, хотя остальное содержимое тела его требует.";
    /// A field is given, though what else stands in the body forbids it.
    MessageForbidden "message.forbidden",
        "Поле задано, хотя остальное содержимое тела его запрещает.";
    /// Fields have the same value that must differ.
    MessageDiffer "message.differ",
        "У полей, которые должны различаться, одно и то же значение.";
    /// A required string or content of a request is empty, which counts as absent.
    FieldEmpty "field.empty",
        "Обязательная строка или обязательное содержимое в запросе пусты, а это считается отсутствием.";

    /// The body is empty, and an empty body is no message.
    BodyEmpty "body.empty",
        "Тело пустое, а пустое тело — не структура.";
    /// The body is protobuf where JSON is due, or JSON where protobuf is.
    BodyForm "body.form",
        "Тело — protobuf там, где нужен JSON, или JSON там, где нужен protobuf.";
    /// The body is text, but not in UTF-8, or it is compressed.
    BodyEncoding "body.encoding",
        "Тело — текст, но не в UTF-8, или оно сжато.";
    /// The body is wrapped: in an object whose one key is the name of its message, or in a string.
    BodyWrapped "body.wrapped",
        "Тело обёрнуто: в объект, единственный ключ которого — имя структуры, или в строку.";
    /// The message knows no key of an object that has some: it is another message.
    BodyForeign "body.foreign",
        "Структура не знает ни одного ключа объекта, в котором ключи есть: это другая структура.";
    /// A text was read in another encoding than it was written in, or is percent-encoded, or is a
    /// word such as `null` that stands for no text.
    TextMangled "text.mangled",
        "Текст прочитан не в той кодировке, в которой записан, или закодирован для URL, или это слово вроде `null`, которое означает отсутствие текста.";

    /// A request uses a message, field or value that the vendor calls obsolete. The server takes it,
    /// as long as the vendor has not removed it. What is inside it is not told again.
    SchemaDeprecated "schema.deprecated",
        "В запросе есть структура, поле или значение, которые вендор называет устаревшими. Сервер их принимает, пока вендор их не убрал. О том, что внутри, ещё раз не сообщается.";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
