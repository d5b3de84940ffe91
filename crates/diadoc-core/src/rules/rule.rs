//! The rules that a finding can go against.

use std::fmt;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident $id:literal,)+) => {
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
            pub fn summary(self) -> &'static str {
                match self { $(Rule::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

rules! {
    /// The body is not JSON: a bracket, comma, quote or value is wrong, or it ends too early.
    /// The place is the whole word, number or escape that is wrong, from its start on.
    JsonSyntax "json.syntax",
    /// A byte order mark stands before the body. It is skipped, but the vendor writes none.
    JsonByteOrderMark "json.byte-order-mark",
    /// The body is nested deeper than the server reads.
    JsonDepth "json.depth",
    /// A key is not in the schema. The server drops it from a request in silence.
    JsonUnknownKey "json.unknown-key",
    /// A key is not in the schema, but the server is known to add it to its responses.
    JsonComputedKey "json.computed-key",
    /// A key differs from the schema's in case only. The server reads it, readers of its answers do not.
    JsonKeyCase "json.key-case",
    /// A key stands twice in an object.
    JsonDuplicateKey "json.duplicate-key",
    /// A value is of another JSON type than its field.
    JsonType "json.type",
    /// An integer does not fit its field's range.
    JsonIntegerRange "json.integer-range",
    /// An integer field holds a number with a fraction or an exponent.
    JsonIntegerFraction "json.integer-fraction",
    /// An integer stands as a decimal string. It is read, but the vendor writes numbers.
    JsonIntegerString "json.integer-string",
    /// A boolean stands in a string, or as 0 or 1. It is read, but the vendor writes `true` and `false`.
    JsonBooleanForm "json.boolean-form",
    /// A number stands where a string is due. It is read as its text, but the vendor writes strings.
    JsonStringNumber "json.string-number",
    /// An enum has no member of that name.
    JsonEnumName "json.enum-name",
    /// An enum's member is written in another case.
    JsonEnumCase "json.enum-case",
    /// An enum's member is written with a name that the vendor's JSON does not use.
    JsonEnumAlias "json.enum-alias",
    /// An enum's member is written as its number.
    JsonEnumNumber "json.enum-number",
    /// An enum has no member of that number.
    JsonEnumUnknownNumber "json.enum-unknown-number",
    /// A required field is missing.
    JsonRequired "json.required",
    /// A required field, or an element of a list, is null.
    JsonNull "json.null",
    /// A bytes field is not base64.
    JsonBase64 "json.base64",
    /// A bytes field is base64, but URL-safe, without padding or with white space in it, which the
    /// vendor does not write.
    JsonBase64Form "json.base64-form",

    /// The bytes end inside a field.
    WireTruncated "wire.truncated",
    /// A varint is longer than ten bytes, a length larger than the body, or a key is not valid.
    WireMalformed "wire.malformed",
    /// Messages are nested deeper than readers follow.
    WireDepth "wire.depth",
    /// A field has another wire type than the schema says.
    WireType "wire.type",
    /// A field number is not in the schema.
    WireUnknownField "wire.unknown-field",
    /// A required field is missing.
    WireRequired "wire.required",
    /// A field that is no list stands twice; readers take the last.
    WireDuplicateField "wire.duplicate-field",
    /// An enum has no member of that number.
    WireEnumUnknownNumber "wire.enum-unknown-number",
    /// A string is not UTF-8.
    WireUtf8 "wire.utf8",
    /// An integer does not fit its field's 32 bits.
    WireIntegerRange "wire.integer-range",

    /// Bytes are given, but there are none.
    ContentEmpty "content.empty",
    /// Bytes are base64 text again: they were encoded twice. The server takes such a document, and
    /// whoever receives it cannot read it.
    ContentBase64Twice "content.base64-twice",
    /// A signature is no CMS SignedData, or a certificate no X.509, both in DER: their first byte is
    /// 30. The server refuses such a signature.
    ContentNotCms "content.not-cms",
    /// The XML declaration names another encoding than the bytes are in. The server refuses what it
    /// cannot read by the declaration.
    ContentXmlEncoding "content.xml-encoding",
    /// Where XML is due stands something else: the first character is no `<`.
    ContentNotXml "content.not-xml",
    /// Where text in UTF-8 is due stands XML, another file, or text in another encoding. The server
    /// refuses what is not UTF-8.
    ContentXmlInText "content.xml-in-text",

    /// A method has no parameter of that name.
    ParameterUnknown "parameter.unknown",
    /// A required parameter, or a body, is missing or empty.
    ParameterRequired "parameter.required",
    /// A parameter that takes one value is given twice.
    ParameterDuplicate "parameter.duplicate",
    /// The value of a parameter is not of its type, or no member of its enum.
    ParameterType "parameter.type",

    /// A string is shorter or longer than the field allows.
    FieldLength "field.length",
    /// A list has fewer or more elements than the field allows.
    FieldItems "field.items",
    /// A number lies outside the field's range.
    FieldRange "field.range",
    /// A string is not of the field's format, such as a date, a GUID or a box id.
    FieldFormat "field.format",
    /// A string does not match the field's pattern.
    FieldPattern "field.pattern",
    /// A number has bits that the field's mask does not know.
    FieldFlags "field.flags",
    /// A string or the content of a bytes field is larger, in bytes, than the field allows.
    FieldBytes "field.bytes",
    /// A number that stands for something is none of those that the field knows.
    FieldValue "field.value",
    /// Of several fields at least one, or exactly one, must be set.
    MessageOneOf "message.one-of",
    /// Fields are set together that exclude each other.
    MessageExcludes "message.excludes",
    /// A field is not given, though what else stands in the body asks for it.
    MessageRequired "message.required",
    /// A field is given, though what else stands in the body forbids it.
    MessageForbidden "message.forbidden",
    /// Fields have the same value that must differ.
    MessageDiffer "message.differ",
    /// A required string or content of a request is empty, which counts as absent.
    FieldEmpty "field.empty",

    /// The body is empty, and an empty body is no message.
    BodyEmpty "body.empty",
    /// The body is protobuf where JSON is due, or JSON where protobuf is.
    BodyForm "body.form",
    /// The body is text, but not in UTF-8, or it is compressed.
    BodyEncoding "body.encoding",
    /// The body is wrapped: in an object whose one key is the name of its message, or in a string.
    BodyWrapped "body.wrapped",
    /// The message knows no key of an object that has some: it is another message.
    BodyForeign "body.foreign",
    /// A text was read in another encoding than it was written in, or is percent-encoded, or is a
    /// word such as `null` that stands for no text.
    TextMangled "text.mangled",

    /// A request uses a message, field or value that the vendor calls obsolete. The server takes it,
    /// as long as the vendor has not removed it. What is inside it is not told again.
    SchemaDeprecated "schema.deprecated",
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
