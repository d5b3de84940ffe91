//! `diadoc rules`: what `diadoc check` looks for.

use diadoc_schema::{Rule, Severity, Taken, verdicts, verdicts_json, verdicts_markdown};

use crate::check::rule_of_id;
use crate::outcome::{Failure, Outcome};
use crate::output;

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
    #[arg(value_name = "RULE", value_parser = rule_of_id)]
    rules: Vec<Rule>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let text = match (arguments.markdown, arguments.rules.as_slice()) {
        _ if arguments.json => verdicts_json().to_owned(),
        (true, _) => verdicts_markdown(),
        (false, []) => list(),
        (false, rules) => {
            let explained: Vec<_> = rules.iter().map(|rule| explain(*rule)).collect();
            explained.join("\n")
        }
    };
    output::to_stdout(text.as_bytes())?;
    Ok(Outcome::Fine)
}

fn list() -> String {
    let ids = Rule::ALL.iter().map(|rule| rule.id().len());
    let width = ids.max().unwrap_or_default();
    Rule::ALL
        .iter()
        .map(|rule| format!("{:width$}  {}\n", rule.id(), rule.summary()))
        .collect()
}

/// What a rule says, and what is known of each kind of deviation that it tells of.
pub(crate) fn explain(rule: Rule) -> String {
    let mut text = format!("{rule}\n    {}\n", rule.summary());
    for verdict in verdicts().iter().filter(|verdict| verdict.rule == rule) {
        let effect = |taken: Taken| match taken {
            Taken::Nothing => "nothing".to_owned(),
            Taken::As(effect, Severity::Info) => format!("{effect}, a note"),
            Taken::As(effect, _) => effect.to_string(),
        };
        text += &format!(
            "    {}:\n        in a request {}, in a response {}; {} ({})\n",
            verdict.what,
            effect(verdict.request),
            effect(verdict.response),
            verdict.evidence,
            verdict.sources.join("; ")
        );
    }
    text
}
