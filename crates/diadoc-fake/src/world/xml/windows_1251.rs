//! The encoding of the tax service's files.

/// The characters of the bytes from 0x80 to 0xBF; from 0xC0 on the alphabet stands in its order.
const UPPER: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', //
    'ђ', '‘', '’', '“', '”', '•', '–', '—', '\u{98}', '™', 'љ', '›', 'њ', 'ќ', 'ћ', 'џ', //
    '\u{A0}', 'Ў', 'ў', 'Ј', '¤', 'Ґ', '¦', '§', 'Ё', '©', 'Є', '«', '¬', '\u{AD}', '®',
    'Ї', //
    '°', '±', 'І', 'і', 'ґ', 'µ', '¶', '·', 'ё', '№', 'є', '»', 'ј', 'Ѕ', 'ѕ', 'ї',
];

/// The text of bytes; every byte stands for a character.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let decoded = bytes.iter().map(|byte| match byte {
        0..0x80 => char::from(*byte),
        0x80..0xC0 => UPPER[usize::from(byte - 0x80)],
        // The Cyrillic letters from А to я.
        _ => char::from_u32(u32::from(byte - 0xC0) + 0x410).unwrap_or('?'),
    });
    decoded.collect()
}

/// The bytes of a text; what the encoding does not have becomes a question mark.
pub(crate) fn encode(text: &str) -> Vec<u8> {
    text.chars().map(byte_of).collect()
}

/// Whether the encoding has a character.
pub(crate) fn has(character: char) -> bool {
    character == '?' || byte_of(character) != b'?'
}

fn byte_of(character: char) -> u8 {
    match u32::from(character) {
        code @ 0..0x80 => u8::try_from(code).unwrap_or(b'?'),
        code @ 0x410..0x450 => u8::try_from(code - 0x410 + 0xC0).unwrap_or(b'?'),
        _ => {
            let place = UPPER.iter().position(|known| *known == character);
            let place = place.and_then(|place| u8::try_from(place).ok());
            place.map_or(b'?', |place| 0x80 + place)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn every_byte_has_a_character_of_its_own() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(encode(&decode(&all)), all);
        assert_eq!(decode(&[0xCF, 0xF0, 0xE8, 0xB9, 0xB8]), "При№ё");
        assert_eq!(encode("日"), b"?");
    }
}
