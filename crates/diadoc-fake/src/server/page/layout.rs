//! What all pages have: the head, the navigation, the style.

use diadoc_core::Language;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::visit::Visit;
use super::words::Words;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// A browser that finds no icon here would ask the API for one.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
    %3Crect width='16' height='16' rx='3' fill='%230b57d0'/%3E\
    %3Cpath d='M4 4h8M4 8h8M4 12h5' stroke='white' stroke-width='2'/%3E%3C/svg%3E";

/// A page of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Overview,
    World,
    Requests,
    Faults,
    Check,
    Reference,
}

impl Place {
    const ALL: [Self; 6] = [
        Self::Overview,
        Self::World,
        Self::Requests,
        Self::Faults,
        Self::Check,
        Self::Reference,
    ];

    pub(super) fn address(self) -> &'static str {
        match self {
            Self::Overview => super::ROOT,
            Self::World => "/_/world",
            Self::Requests => "/_/requests",
            Self::Faults => "/_/faults",
            Self::Check => "/_/check",
            Self::Reference => "/_/reference",
        }
    }

    pub(super) fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Overview => words.overview,
            Self::World => words.boxes,
            Self::Requests => words.requests,
            Self::Faults => words.faults,
            Self::Check => words.check,
            Self::Reference => words.reference,
        }
    }
}

/// A whole page with `body` below its title.
pub(super) fn page(visit: &Visit, here: Option<Place>, title: &str, body: &Markup) -> Markup {
    let words = visit.words;
    html! {
        (DOCTYPE)
        html lang=(visit.lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " — " (words.product) }
                link rel="icon" href=(ICON);
                style nonce=(visit.nonce) { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { (words.skip) }
                header.top {
                    a.product href=(super::ROOT) { (words.product) }
                    nav aria-label=(words.navigation) {
                        ul {
                            @for place in Place::ALL {
                                li {
                                    a href=(place.address()) aria-current=[(here == Some(place)).then_some("page")] {
                                        (place.name(words))
                                    }
                                }
                            }
                        }
                    }
                    (languages(visit))
                }
                main id="main" tabindex="-1" {
                    h1 { (title) }
                    (body)
                }
                footer { p { (words.footer) } }
                script nonce=(visit.nonce) { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn languages(visit: &Visit) -> Markup {
    html! {
        nav.languages aria-label=(visit.words.language) {
            ul {
                @for lang in Language::ALL {
                    li {
                        a href=(visit.in_lang(lang)) lang=(lang.code()) hreflang=(lang.code())
                            aria-current=[(lang == visit.lang).then_some("true")] {
                            (lang.name())
                        }
                    }
                }
            }
        }
    }
}

/// What a column of a table holds, by its name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column<'w> {
    Text(&'w str),
    Number(&'w str),
}

/// The head of a table.
pub(super) fn head(columns: &[Column<'_>]) -> Markup {
    html! {
        thead {
            tr {
                @for column in columns {
                    @match column {
                        Column::Text(name) => { th scope="col" { (name) } }
                        Column::Number(name) => { th.number scope="col" { (name) } }
                    }
                }
            }
        }
    }
}

/// What is wider than the window, and moves by itself; keys move it, too.
pub(super) fn wide(name: &str, content: &Markup) -> Markup {
    html! { div.wide tabindex="0" role="region" aria-label=(name) { (content) } }
}
