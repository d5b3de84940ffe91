//! `diadoc rules`: what `diadoc check` looks for.

use clap_complete::ArgValueCompleter;
use diadoc_core::fill;
use diadoc_core::rules::Evidence;
use diadoc_schema::{Language, Rule, Severity, Taken, verdicts, verdicts_json, verdicts_markdown};

use crate::check::rule_of_id;
use crate::outcome::{Failure, Outcome};
use crate::words::Words;
use crate::{completions, language, output};

/// Lists the rules that bodies are checked against, or explains some
///
/// Prints the id of each rule, which never changes its meaning, and what it says, one rule per
/// line. Of a rule that is named: what the server does about each kind of deviation that it tells of,
/// how well that is known, and from where. The rules of a particular field, such as its length, stand
/// in `diadoc describe`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc rules | grep enum
  diadoc rules json.base64-form")]
pub(crate) struct Arguments {
    /// The table of all kinds of deviation, as Markdown
    #[arg(long, conflicts_with = "rules")]
    markdown: bool,

    /// The same table as JSON, which `diadoc diff` takes
    #[arg(long, conflicts_with_all = ["rules", "markdown"])]
    json: bool,

    /// Ids of rules to explain
    #[arg(value_name = "RULE", value_parser = rule_of_id, add = ArgValueCompleter::new(completions::of_rules))]
    rules: Vec<Rule>,

    #[command(flatten)]
    language: language::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let language = arguments.language.language();
    language::speak(language);
    let text = match (arguments.markdown, arguments.rules.as_slice()) {
        _ if arguments.json => verdicts_json().to_owned(),
        (true, _) => verdicts_markdown(),
        (false, []) => list(language),
        (false, rules) => {
            let explained: Vec<_> = rules.iter().map(|rule| explain(*rule, language)).collect();
            explained.join("\n")
        }
    };
    output::to_stdout(text.as_bytes())?;
    Ok(Outcome::Fine)
}

fn list(language: Language) -> String {
    let ids = Rule::ALL.iter().map(|rule| rule.id().len());
    let width = ids.max().unwrap_or_default();
    Rule::ALL
        .iter()
        .map(|rule| format!("{:width$}  {}\n", rule.id(), rule.summary(language)))
        .collect()
}

/// What a rule says, and what is known of each kind of deviation that it tells of.
pub(crate) fn explain(rule: Rule, language: Language) -> String {
    let words = Words::of(language);
    let mut text = format!("{rule}\n    {}\n", rule.summary(language));
    for verdict in verdicts().iter().filter(|verdict| verdict.rule == rule) {
        let effect = |taken: Taken| match taken {
            Taken::Nothing => words.nothing.to_owned(),
            Taken::As(effect, Severity::Info) => fill(words.a_note, &[&effect.heading(language)]),
            Taken::As(effect, _) => effect.heading(language).to_owned(),
        };
        let known = match verdict.evidence {
            Evidence::Proven => words.proven,
            Evidence::Likely => words.likely,
            Evidence::Open => words.open,
        };
        text += &fill(
            words.verdict,
            &[
                &verdict.what(language),
                &effect(verdict.request),
                &effect(verdict.response),
                &known,
                &verdict.sources.join("; "),
            ],
        );
    }
    text
}
