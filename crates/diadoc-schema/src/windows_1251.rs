//! The code page windows-1251, in which the Russian tax service has its files.

/// The characters of the bytes 80 to BF; those above are the letters from А to я in order. 98 stands
/// for nothing, and is read as a control character.
const MIDDLE: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', //
    'ђ', '‘', '’', '“', '”', '•', '–', '—', '\u{98}', '™', 'љ', '›', 'њ', 'ќ', 'ћ', 'џ', //
    '\u{a0}', 'Ў', 'ў', 'Ј', '¤', 'Ґ', '¦', '§', 'Ё', '©', 'Є', '«', '¬', '\u{ad}', '®',
    'Ї', //
    '°', '±', 'І', 'і', 'ґ', 'µ', '¶', '·', 'ё', '№', 'є', '»', 'ј', 'Ѕ', 'ѕ', 'ї',
];

pub(crate) fn decode(byte: u8) -> char {
    match byte {
        0..=0x7F => char::from(byte),
        0x80..=0xBF => MIDDLE[usize::from(byte - 0x80)],
        0xC0..=0xFF => char::from_u32(u32::from('А') + u32::from(byte - 0xC0)).unwrap_or_default(),
    }
}

pub(crate) fn encode(character: char) -> Option<u8> {
    match character {
        '\0'..='\x7f' => u8::try_from(character).ok(),
        'А'..='я' => u8::try_from(u32::from(character) - u32::from('А') + 0xC0).ok(),
        _ => {
            let place = MIDDLE.iter().position(|middle| *middle == character)?;
            u8::try_from(place + 0x80).ok()
        }
    }
}

pub(crate) fn decode_all(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| decode(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_all, encode};

    #[test]
    fn each_byte_comes_back() {
        for byte in 0..=u8::MAX {
            assert_eq!(encode(decode(byte)), Some(byte), "{byte:02x}");
        }
        assert_eq!(encode('é'), None);
    }

    #[test]
    fn letters_stand_where_the_code_page_has_them() {
        let bytes = b"\xD4\xE0\xE9\xEB \xB95 \xAB\xA8\xB8\xBB \x97 \x88";
        assert_eq!(decode_all(bytes), "Файл №5 «Ёё» — €");
    }
}
