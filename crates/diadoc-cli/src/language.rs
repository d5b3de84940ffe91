//! `--lang`: the language in which the program speaks.

use std::cell::Cell;
use std::env;
use std::ffi::OsString;
use std::sync::OnceLock;

use diadoc_schema::Language;

#[derive(Debug, Clone, Copy, clap::Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// The language of what is printed for people: `en` or `ru` [default: that of the locale, else English]
    #[arg(long, value_name = "LANGUAGE")]
    lang: Option<Language>,
}

impl Arguments {
    pub(crate) fn language(self) -> Language {
        self.lang.unwrap_or_else(of_locale)
    }
}

/// What the program speaks from now on.
static SPOKEN: OnceLock<Language> = OnceLock::new();

/// Speaks a language to its end: one process runs one command. What fails anywhere in it says so in this
/// language; until then, and where a program reads what is printed, that is English.
pub(crate) fn speak(language: Language) {
    let _ = SPOKEN.set(language);
}

thread_local! {
    /// What is spoken on this thread alone.
    static SPOKEN_HERE: Cell<Option<Language>> = const { Cell::new(None) };
}

/// Speaks a language on this thread while `work` is done, whatever the program speaks.
pub(crate) fn within<T>(language: Language, work: impl FnOnce() -> T) -> T {
    struct Before(Option<Language>);
    impl Drop for Before {
        fn drop(&mut self) {
            SPOKEN_HERE.set(self.0);
        }
    }
    let _before = Before(SPOKEN_HERE.replace(Some(language)));
    work()
}

/// The language that is spoken.
pub(crate) fn spoken() -> Language {
    let here = SPOKEN_HERE.get();
    here.or_else(|| SPOKEN.get().copied()).unwrap_or_default()
}

/// The language in which help is asked for: before arguments are read, which may be wrong ones.
pub(crate) fn of_arguments(arguments: &[OsString]) -> Language {
    let texts = || arguments.iter().filter_map(|argument| argument.to_str());
    let behind = texts().skip_while(|text| *text != "--lang").nth(1);
    let within = texts().find_map(|text| text.strip_prefix("--lang="));
    let asked = behind.or(within).and_then(|text| text.parse().ok());
    asked.unwrap_or_else(of_locale)
}

/// The language of messages, as POSIX looks it up: of these variables the first that is set and not empty.
fn of_locale() -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let set = names.iter().filter_map(|name| env::var(name).ok());
    let locale = set.into_iter().find(|locale| !locale.is_empty());
    let language = locale.and_then(|locale| Language::of_locale(&locale));
    language.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_asked_for_in_a_language() {
        for arguments in [
            "d check --lang ru --help",
            "d --lang=ru",
            "d check -h --lang ru",
        ] {
            let arguments: Vec<_> = arguments.split(' ').map(OsString::from).collect();
            assert_eq!(of_arguments(&arguments), Language::Russian);
        }
        let arguments = "d check --lang en".split(' ').map(OsString::from);
        assert_eq!(
            of_arguments(&arguments.collect::<Vec<_>>()),
            Language::English
        );
    }

    #[test]
    fn a_thread_speaks_for_a_while() {
        let outside = spoken();
        let inside = within(Language::Russian, || {
            let inner = within(Language::English, spoken);
            let other = std::thread::spawn(spoken).join().expect("it ends");
            (inner, spoken(), other)
        });
        assert_eq!(inside, (Language::English, Language::Russian, outside));
        assert_eq!(spoken(), outside);
    }
}
