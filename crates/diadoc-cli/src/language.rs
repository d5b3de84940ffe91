//! `--lang`: the language in which the program speaks.

use std::env;

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

/// The language of messages, as POSIX looks it up: of these variables the first that is set and not empty.
fn of_locale() -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let set = names.iter().filter_map(|name| env::var(name).ok());
    let locale = set.into_iter().find(|locale| !locale.is_empty());
    let language = locale.and_then(|locale| Language::of_locale(&locale));
    language.unwrap_or_default()
}
