//! What is said of the bytes in bodies, in both languages.

diadoc_core::words! {
    document: "файл", "a file";
    signature: "CMS SignedData в DER", "CMS SignedData in DER";
    certificate: "сертификат X.509 в DER", "an X.509 certificate in DER";
    text: "текст в UTF-8", "text in UTF-8";
    xml: "файл XML", "an XML file";

    empty: "содержимое пустое: оно задано, но байтов в нём нет", "the content is empty: it is given, but has no bytes";
    base64_twice: "содержимое — текст base64: его закодировали дважды", "the content is base64 text: it was encoded twice";
    base64_twice_of: "содержимое — текст base64 (внутри: {}): его закодировали дважды", "the content is base64 text of {}: it was encoded twice";
    other_encoding: "байты XML — не {}, а {}", "the bytes of the XML are not {}, but {}";
    other_der: "байты — DER, но чего-то другого", "the bytes are DER, but of something else";
    no_length: "байты — не DER: {} — не длина", "the bytes are no DER: {} is no length";
    no_der: "байты — не DER: они начинаются с {}, а не с 30", "the bytes are no DER: they start with {}, not 30";
    not_utf8: "текст — не UTF-8", "the text is not UTF-8";
    zeros: "в тексте есть нулевые байты", "the text has zeros in it";
    xml_for_text: "там, где нужен текст, стоит XML", "XML stands where text is due";
    pdf_for_text: "там, где нужен текст, стоит PDF", "a PDF stands where text is due";
    no_xml: "байты — не XML: они не начинаются с `<`", "the bytes are no XML: they do not start with `<`";
    as_declared: "{} (так сказано в объявлении XML)", "{}, as the XML declaration says";
    by_default: "UTF-8 (другой кодировки в XML не объявлено)", "UTF-8, as the XML declares no other encoding";

    nothing: "ничего", "nothing";
    xml_with_root: "файл XML, {}, корень `{}`", "XML in {} with the root `{}`";
    xml_in: "файл XML, {}", "XML in {}";
    zip: "архив ZIP", "a ZIP archive";
    zip_document: "документ {}, архив ZIP", "a document of {}, a ZIP archive";
    some_certificate: "сертификат X.509", "an X.509 certificate";
    text_in: "текст в {}", "text in {}";
    base64_of: "base64, внутри {}", "base64 of {}";
    der: "DER другого вида", "DER of another kind";
    jpeg: "изображение JPEG", "a JPEG image";
    png: "изображение PNG", "a PNG image";
    rtf: "документ RTF", "an RTF document";
    old_office: "документ Office до версии 2003 включительно (OLE)", "a document of Office up to 2003 (OLE)";
    one_byte: "однобайтовая кодировка", "an encoding of one byte";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(diadoc_core::faults_in_words(Words::ALL), [""; 0]);
    }
}
