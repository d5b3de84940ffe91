//! `--color`: whether what is printed for people has colour.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal as _};

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;

#[derive(Debug, Clone, Copy, clap::Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// Whether to print in colour; `auto` goes by the terminal and by NO_COLOR, CLICOLOR_FORCE, CLICOLOR and TERM
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    color: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

impl Arguments {
    /// Whether standard output gets colour.
    pub(crate) fn of_stdout(self) -> bool {
        self.is_wanted(io::stdout().is_terminal(), |name| env::var_os(name))
    }

    fn is_wanted(self, is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
        let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let is = |name, text: &str| variable(name).is_some_and(|value| value == text);
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto if is_set("NO_COLOR") => false,
            When::Auto if is_set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") => true,
            When::Auto => is_terminal && !is("TERM", "dumb") && !is("CLICOLOR", "0"),
        }
    }
}

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();

/// A text in a style, where there is colour.
pub(crate) fn painted(text: &str, style: Style, colour: bool) -> String {
    match colour {
        true => format!("{style}{text}{style:#}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Variables, and whether there is colour on a terminal and off it.
    type Case = (&'static [(&'static str, &'static str)], [bool; 2]);

    #[test]
    fn colour_is_for_terminals_and_for_those_who_ask() {
        let cases: [Case; 9] = [
            (&[], [true, false]),
            (&[("TERM", "xterm")], [true, false]),
            (&[("TERM", "dumb")], [false, false]),
            (&[("NO_COLOR", "1")], [false, false]),
            (&[("NO_COLOR", "")], [true, false]),
            (&[("CLICOLOR", "0")], [false, false]),
            (&[("CLICOLOR_FORCE", "0")], [true, false]),
            (&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], [true, true]),
            (
                &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
                [false, false],
            ),
        ];
        for (set, expected) in cases {
            let variable = |name: &str| {
                let found = set.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| OsString::from(value))
            };
            let wanted = |color, is_terminal| Arguments { color }.is_wanted(is_terminal, variable);
            let auto = [true, false].map(|is_terminal| wanted(When::Auto, is_terminal));
            assert_eq!(auto, expected, "{set:?}");
            assert!(wanted(When::Always, false) && !wanted(When::Never, true));
        }
    }
}
