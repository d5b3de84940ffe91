//! The languages in which people are spoken to.

use std::fmt;
use std::str::FromStr;

/// A language in which people are spoken to. Names of the schema, ids of rules and whatever programs read are
/// the same in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Russian.
    Russian,
}

/// A text that is neither `en` nor `ru`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageError;

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Russian, Self::English];

    /// As HTML and HTTP name it: `ru`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// As its speakers call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Russian => "Русский",
        }
    }

    /// The language of a locale as POSIX names it, `ru_RU.UTF-8`; none where it is another one.
    ///
    /// ```
    /// use diadoc_core::Language;
    ///
    /// assert_eq!(Language::of_locale("ru_RU.UTF-8"), Some(Language::Russian));
    /// assert_eq!(Language::of_locale("C"), None);
    /// ```
    pub fn of_locale(locale: &str) -> Option<Self> {
        let code = locale.split(['_', '.', '@', '-']).next();
        code.and_then(|code| code.to_ascii_lowercase().parse().ok())
    }
}

impl fmt::Display for LanguageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a language is `en` or `ru`")
    }
}

impl std::error::Error for LanguageError {}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let mut all = Self::ALL.into_iter();
        all.find(|one| one.code() == text).ok_or(LanguageError)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// Declares a table of what is said, both languages side by side: a name, the Russian and the English. `{}`
/// stands for a value. It makes a struct `Words` with a field per name, `Words::of` with what stands in it, and for
/// tests `Words::ALL` with all rows.
///
/// ```
/// diadoc_core::words! {
///     yes: "да", "yes";
/// }
/// assert_eq!(Words::of(diadoc_core::Language::Russian).yes, "да");
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! words {
    ($($name:ident: $russian:literal, $english:literal;)*) => {
        /// What is said in one language.
        #[derive(Debug)]
        pub(crate) struct Words { $(pub(crate) $name: &'static str,)* }

        impl Words {
            /// Name, Russian and English of each.
            #[allow(dead_code, reason = "for tests")]
            pub(crate) const ALL: &'static [(&'static str, &'static str, &'static str)] =
                &[$((stringify!($name), $russian, $english),)*];

            /// What is said in that language.
            pub(crate) const fn of(language: $crate::Language) -> &'static Self {
                const RUSSIAN: Words = Words { $($name: $russian,)* };
                const ENGLISH: Words = Words { $($name: $english,)* };
                match language {
                    $crate::Language::Russian => &RUSSIAN,
                    $crate::Language::English => &ENGLISH,
                }
            }
        }
    };
}

/// What is wrong with a table of [`words!`](crate::words): a row without Russian or with Russian in its English, or with
/// another number of values in each. For tests.
#[doc(hidden)]
pub fn faults_in_words(rows: &[(&str, &str, &str)]) -> Vec<String> {
    let is_cyrillic = |letter: char| ('\u{400}'..'\u{500}').contains(&letter);
    let values = |text: &str| text.matches("{}").count();
    let is_wrong = |(_, russian, english): &&(&str, &str, &str)| {
        let is_a_sign = english
            .chars()
            .filter(|letter| letter.is_alphabetic())
            .count()
            <= 2;
        !(russian.contains(is_cyrillic) || is_a_sign)
            || english.is_empty()
            || english.contains(is_cyrillic)
            || values(russian) != values(english)
    };
    let wrong = rows.iter().filter(is_wrong);
    wrong
        .map(|(name, russian, english)| format!("{name}: {russian} / {english}"))
        .collect()
}

/// A template of [`words!`](crate::words) with values in the places of its `{}`. What stands in a value is no
/// place.
#[doc(hidden)]
pub fn fill(template: &str, values: &[&dyn fmt::Display]) -> String {
    let mut parts = template.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (part, value) in parts.zip(values) {
        text += &format!("{value}{part}");
    }
    debug_assert_eq!(template.matches("{}").count(), values.len(), "{template}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::words! {
        one: "{} из {}", "{} of {}";
        sign: "№", "No.";
    }

    #[test]
    fn texts() {
        for language in Language::ALL {
            assert_eq!(language.to_string().parse(), Ok(language));
            assert!(Words::of(language).one.starts_with("{} "));
            assert!(Words::of(language).sign.starts_with(['N', '№']));
        }
        let error = "RU".parse::<Language>().unwrap_err();
        assert_eq!(error.to_string(), "a language is `en` or `ru`");
    }

    #[test]
    fn templates_are_filled() {
        assert_eq!(fill("no place", &[]), "no place");
        assert_eq!(fill("{} of {}", &[&"{}", &2]), "{} of 2");
        assert_eq!(fill("{}{}", &[&1, &""]), "1");
    }

    #[test]
    fn locales() {
        for (locale, language) in [
            ("ru", Some(Language::Russian)),
            ("RU-ru", Some(Language::Russian)),
            ("ru_RU.KOI8-R@x", Some(Language::Russian)),
            ("en_GB", Some(Language::English)),
            ("C.UTF-8", None),
            ("", None),
            ("rus", None),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
    }

    #[test]
    fn a_row_that_is_wrong_is_told() {
        assert_eq!(faults_in_words(Words::ALL), [""; 0]);
        let wrong = [
            ("a", "same", "same"),
            ("b", "да", "да"),
            ("c", "да {}", "yes"),
            ("d", "да", ""),
        ];
        assert_eq!(faults_in_words(&wrong).len(), wrong.len());
    }
}
