//! Values that are texts: what is read is written and read again as the same; formats keep to their patterns,
//! rules and base64 to their phrases.

#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::sync::LazyLock;

use diadoc_core::box_id::guid_from_field;
use diadoc_core::rules::{FieldRule, FieldValue, Format, nearest};
use diadoc_core::{
    BoxId, Direction, DocumentClass, DocumentDate, DocumentStatus, FilterCategory, Form, Inn, Kpp,
    Language, Ticks, base64, dialect,
};
use diadoc_fake::PlannedFault;
use libfuzzer_sys::fuzz_target;
use regex_lite::Regex;

static PATTERNS: LazyLock<Vec<(Format, Regex)>> = LazyLock::new(|| {
    let formats = Format::ALL.iter();
    let patterns = formats.filter_map(|format| Some((*format, format.pattern()?)));
    patterns
        .map(|(format, pattern)| (format, Regex::new(pattern).expect("a pattern")))
        .collect()
});

/// The value of a text, which it is again when it is written.
fn value<T>(text: &str) -> Option<T>
where
    T: FromStr<Err: Display> + Display + Debug + PartialEq,
{
    let value = match text.parse::<T>() {
        Ok(value) => value,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    let written = value.to_string();
    let again = written.parse::<T>().map_err(|error| error.to_string());
    assert_eq!(again.as_ref(), Ok(&value), "{written}");
    Some(value)
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some(category) = value::<FilterCategory>(text) {
        assert_eq!(category.to_string(), text);
    }
    value::<DocumentClass>(text);
    value::<DocumentStatus>(text);
    value::<Inn>(text);
    value::<Kpp>(text);
    value::<Form>(text);
    value::<Direction>(text);
    value::<PlannedFault>(text);
    value::<DocumentDate>(text);
    if let Some(ticks) = value::<Ticks>(text) {
        // The last hours of the year 9999 jiff does not have.
        if let Ok(moment) = jiff::Timestamp::try_from(ticks) {
            assert_eq!(text.parse().ok(), Some(moment));
        }
    }
    if let Some(id) = value::<BoxId>(text) {
        assert_eq!(id.address().to_string().parse(), Ok(id));
        assert!(Format::BoxId.fits_text(text));
        let guid = guid_from_field(text).ok().flatten();
        assert!(text.contains('@') || guid.map(BoxId::from) == Some(id));
    }
    for (format, pattern) in &*PATTERNS {
        let fits = format.fits_text(text);
        assert!(!fits || pattern.is_match(text), "{format:?}: {text}");
        let rule = FieldRule::Format(*format);
        let violation = rule.check(FieldValue::Text(text), Language::English);
        assert_eq!(violation.is_none(), fits, "{format:?}: {text}");
    }
    match base64::decode(text.as_bytes()) {
        Some(bytes) => {
            let written = base64::encode_to_string(&bytes);
            assert_eq!(base64::decode(written.as_bytes()).as_ref(), Some(&bytes));
            assert_eq!(base64::decode_plain(written.as_bytes()), Some(bytes));
        }
        None => assert!(!base64::reason(text, Language::English).is_empty()),
    }
    assert!(dialect::decimal(text).is_none_or(|number| text.parse() == Ok(number)));
    let known = DocumentStatus::ALL.iter().map(DocumentStatus::as_str);
    assert!(
        nearest(text, known.clone())
            .iter()
            .all(|near| known.clone().any(|one| one == *near))
    );
});
