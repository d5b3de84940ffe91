//! `diadoc completions`: the program's arguments for a shell, names of the schema among them.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::{env, io};

use clap::Command;
use clap_complete::Shell;
use clap_complete::engine::{CompletionCandidate, complete};
use clap_complete::env::Shells;
use diadoc_api::{Method, ParameterKind};
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{Found, Item, Rule, Schema};

use crate::outcome::{Failure, Outcome};
use crate::{language, names, output};

/// The variable of the environment in which the scripts name their shell when they ask.
const VARIABLE: &str = "DIADOC_COMPLETE";

/// Writes the completions for a shell
///
/// Prints a script that teaches the shell the program's commands and options, and the names of
/// messages, methods, parameters and rules: it asks the program while you type. Load it where the
/// shell starts, so that it goes with the program that is installed; the examples are the usual places.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  echo 'source <(diadoc completions bash)' >> ~/.bashrc
  echo 'source <(diadoc completions zsh)' >> ~/.zshrc
  echo 'diadoc completions fish | source' > ~/.config/fish/completions/diadoc.fish")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let shells = Shells::builtins();
    let shell = arguments.shell.to_string();
    let mut script = Vec::new();
    if let Some(shell) = shells.completer(&shell) {
        let written = shell.write_registration(VARIABLE, "diadoc", "diadoc", "diadoc", &mut script);
        written.map_err(output::stdout_failed)?;
    }
    output::to_stdout(&script)?;
    Ok(Outcome::Fine)
}

/// Answers a script that asks for completions; false where nobody does.
pub(crate) fn answer(arguments: &[OsString], mut command: Command) -> bool {
    let asked = env::var(VARIABLE).unwrap_or_default();
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(&asked) else {
        return false;
    };
    let typed = arguments.iter().skip_while(|argument| *argument != "--");
    let typed: Vec<_> = typed.skip(1).cloned().collect();
    command.build();
    let folder = env::current_dir().ok();
    let mut answer = Vec::new();
    if asked == "bash" {
        let index = env::var("_CLAP_COMPLETE_INDEX").ok();
        let index = index
            .and_then(|index| index.parse().ok())
            .unwrap_or(typed.len());
        let (words, index, before) = joined(typed, index);
        let found = complete(&mut command, words, index, folder.as_deref()).unwrap_or_default();
        let found = found.iter().map(|one| {
            let word = one.get_value().to_string_lossy().into_owned();
            // Bash puts it behind the `=`.
            word.strip_prefix(&before).unwrap_or(&word).to_owned()
        });
        let separator = env::var("_CLAP_IFS").unwrap_or("\n".to_owned());
        let text = found.collect::<Vec<_>>().join(&separator);
        let _ = io::stdout().write_all(text.as_bytes());
        return true;
    }
    // Where there is nobody to tell, nothing is completed.
    let written = shell.write_complete(&mut command, typed, folder.as_deref(), &mut answer);
    let _ = written.and_then(|()| io::stdout().write_all(&answer));
    true
}

/// The words of a command, which bash takes apart at each `=`; the number of the one that is completed, and what of it
/// stands before the last `=`.
fn joined(typed: Vec<OsString>, index: usize) -> (Vec<OsString>, usize, String) {
    let mut words: Vec<OsString> = Vec::new();
    let (mut place, mut before) = (index, String::new());
    let mut is_open = false;
    for (number, word) in typed.into_iter().enumerate() {
        let is_sign = word == "=";
        match words.last_mut() {
            Some(last) if (is_sign || is_open) && number > 1 => {
                if number == index {
                    before = last.to_string_lossy().into_owned();
                    if is_sign {
                        before.push('=');
                    }
                }
                last.push(&word);
            }
            _ => words.push(word),
        }
        is_open = is_sign;
        if number == index {
            place = words.len() - 1;
        }
    }
    (words, place, before)
}

/// Names of messages, and of methods, which have some.
pub(crate) fn of_messages(typed: &OsStr) -> Vec<CompletionCandidate> {
    let schema = Schema::diadoc();
    let messages = registry::messages().iter().filter_map(|message| {
        let name = name_of(message, typed)?;
        let item = Item::Message(schema.message(message.full_name()).ok()?);
        Some(candidate(&name, &item))
    });
    let mut found: Vec<_> = messages.collect();
    found.extend(of_methods(typed));
    found
}

/// The shortest name of a message, or the full one where that was begun; none where another was.
fn name_of(message: &MessageType, typed: &OsStr) -> Option<String> {
    let short = names::short(message);
    let names = [short, message.full_name()];
    let name = names.into_iter().find(|name| begins(name, typed))?;
    Some(name.to_owned())
}

/// Names of methods.
pub(crate) fn of_methods(typed: &OsStr) -> Vec<CompletionCandidate> {
    let methods = Schema::diadoc().methods().iter();
    let methods = methods.filter(|method| begins(method.name(), typed));
    methods
        .map(|method| candidate(method.name(), &Item::Method(method)))
        .collect()
}

/// Names of all that can be explained: behind a dot, the fields of a message and the values of an enum.
pub(crate) fn of_names(typed: &OsStr) -> Vec<CompletionCandidate> {
    let schema = Schema::diadoc();
    if let Some((owner, _)) = typed.to_str().and_then(|typed| typed.rsplit_once('.')) {
        let members = match schema.resolve(owner) {
            Ok(Item::Message(message)) => message.fields().map(Item::Field).collect(),
            Ok(Item::Enum(item)) => item.values().map(Item::Value).collect(),
            _ => Vec::new(),
        };
        let members: Vec<_> = members
            .iter()
            .map(|member| candidate(&format!("{owner}.{}", member.name()), member))
            .filter(|member| begins(&member.get_value().to_string_lossy(), typed))
            .collect();
        if !members.is_empty() {
            return members;
        }
    }
    let mut found = of_messages(typed);
    let enums = schema.enums().filter(|item| begins(item.name(), typed));
    found.extend(enums.map(|item| candidate(item.name(), &Item::Enum(item.clone()))));
    found.extend(of_rules(typed));
    found
}

/// Ids of rules.
pub(crate) fn of_rules(typed: &OsStr) -> Vec<CompletionCandidate> {
    let rules = Rule::ALL.iter().filter(|rule| begins(rule.id(), typed));
    rules
        .map(|rule| {
            let summary = rule.summary(language::of_arguments(&[]));
            CompletionCandidate::new(rule.id()).help(Some(summary.into()))
        })
        .collect()
}

/// The parameters of the method that stands in the same command, and behind `=` the values that an enum has.
pub(crate) fn of_parameters(typed: &OsStr) -> Vec<CompletionCandidate> {
    let words: Vec<_> = env::args_os().collect();
    let mut methods = words.iter().filter_map(|word| {
        let method = Schema::diadoc().method(word.to_str()?).ok()?;
        Method::find(method.name())
    });
    let Some(method) = methods.next_back() else {
        return Vec::new();
    };
    let typed = typed.to_string_lossy();
    let value = typed.split_once('=').map(|(name, _)| name);
    let texts: BTreeSet<String> = match value {
        None => {
            let parameters = method.parameters.iter();
            parameters.map(|one| format!("{}=", one.name)).collect()
        }
        Some(name) => match method.parameter(name).map(|one| one.kind) {
            Some(ParameterKind::Enum(values)) => {
                values.iter().map(|one| format!("{name}={one}")).collect()
            }
            Some(ParameterKind::Bool) => ["true", "false"]
                .iter()
                .map(|one| format!("{name}={one}"))
                .collect(),
            _ => BTreeSet::new(),
        },
    };
    let texts = texts.into_iter().filter(|text| text.starts_with(&*typed));
    texts.map(CompletionCandidate::new).collect()
}

/// Whether a name begins with what was typed, whatever its case.
fn begins(name: &str, typed: &OsStr) -> bool {
    let typed = typed.to_string_lossy();
    let start = name.get(..typed.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(&typed))
}

/// A name with what it means, for the shells that show that.
fn candidate(name: &str, item: &Item<'_>) -> CompletionCandidate {
    let found = Found::of(item);
    let about = match (language::of_arguments(&[]), found.title) {
        (diadoc_schema::Language::Russian, Some(title)) => title,
        _ => found.summary,
    };
    CompletionCandidate::new(name).help(Some(about.into()))
}
