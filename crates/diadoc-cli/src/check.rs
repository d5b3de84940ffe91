//! `diadoc check`: what is wrong with bodies, and whether they survive reading and writing.

mod direction;
mod find;
mod guess;
mod judge;
mod levels;
mod print;
mod progress;
mod queue;
mod source;
mod summary;
mod trip;
mod verdict;
mod words;

use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use clap_complete::ArgValueCompleter;
use diadoc_api::Form;
use diadoc_core::fill;
use diadoc_open::Path;
use diadoc_proto::Limits;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Checks, Direction, Level, Levels, Rule};

use crate::input::Input;
use crate::opening::{self, InputFormat};
use crate::outcome::{Failure, Outcome};
use crate::{colour, completions, language, limits, names, output};
pub(crate) use direction::WaysOf;
use find::{Finder, Found, Unreadable};
use judge::{Judge, Judged};
use levels::LevelsOf;
pub(crate) use levels::rule as rule_of_id;
pub(crate) use print::OutputFormat;
use print::{Printer, Shown};
pub(crate) use print::{REPORT_START, report_end};
use source::{DIRECTIONS, Place, Source};
pub(crate) use summary::Counts;
use words::words;

/// Checks bodies against the schema
///
/// Each body is held against its message: every finding is shown with what the server does about it,
/// its place, what was expected there, and what may have been meant. Of a request, `refused` means
/// that the server would answer 400, `dropped` that it would ignore this, `accepted` that it would take
/// it; of a response, `refused` that readers refuse it, `foreign` that it is another message, `drift`
/// that the schema lags behind the server. `unproven` means that nobody has seen what the server does.
/// A JSON body is also read, written back and compared, then taken through protobuf and compared again.
///
/// A file diadoc.toml beside a body or in a folder above gives rules other levels: under `rules` a line
/// "json.unknown-key" = "deny", "warn" or "allow". --deny, --warn and --allow come before it.
///
/// Without --message, the message of each body stands in a manifest.json beside the bodies: that of
/// a folder named, or of the folder `fixtures` here or in the nearest folder above where nothing is
/// named. The manifest also says which bodies are wrong on purpose, and where they must be refused. It
/// is itself held against the schema and its folder: a body there that it does not name is a finding.
/// Where there is no manifest, the message that fits a body best is taken, and the output says which
/// and why.
///
/// The exit code is 1 where a request has something refused or dropped or a response something refused
/// or foreign, where a body does not do what its manifest says, and where a round trip changes it;
/// else 0. It is 2 when something could not be read or has no body in it; the rest is checked all the
/// same. In folders a file that fits no message is skipped, as are hidden files, what .gitignore names, and
/// node_modules. Named pipes, sockets and devices are read where an argument names them, and passed over in
/// folders and patterns.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc check
  diadoc check body.json --direction request
  diadoc check --message 'POST /V3/PostMessage' < body.json
  diadoc check --message DocumentList answer.json captured/
  diadoc check browser.har server.log body.json.gz
  diadoc check --at .request.body captured.json
  diadoc check --message Message --format sarif 'captured/**/*.json' log.ndjson > diadoc.sarif")]
pub(crate) struct Arguments {
    /// The message of all the bodies: its full name, or a tail of it that no other message has; or a
    /// method, for what it sends or, with `--direction response`, answers with
    #[arg(short, long, value_name = "NAME", add = ArgValueCompleter::new(completions::of_messages))]
    message: Option<String>,

    /// Which way the bodies go [default: as the manifest says, else as the methods of the API have the
    /// message; where they have it both ways, both are judged]
    #[arg(short, long, value_name = "DIRECTION")]
    direction: Option<Way>,

    #[command(flatten)]
    opening: opening::Arguments,

    /// Every input has one JSON body a line, as *.ndjson and *.jsonl files always have
    #[arg(long)]
    ndjson: bool,

    /// Every finding counts, warnings and notes too
    #[arg(long)]
    strict: bool,

    /// Findings of this rule are errors; `diadoc rules` lists the rules
    #[arg(long, value_name = "RULE", value_parser = levels::rule, add = ArgValueCompleter::new(completions::of_rules))]
    deny: Vec<Rule>,

    /// Findings of this rule are warnings
    #[arg(long, value_name = "RULE", value_parser = levels::rule, add = ArgValueCompleter::new(completions::of_rules))]
    warn: Vec<Rule>,

    /// Findings of this rule are left out
    #[arg(long, value_name = "RULE", value_parser = levels::rule, add = ArgValueCompleter::new(completions::of_rules))]
    allow: Vec<Rule>,

    /// Do not look into documents, signatures and texts in the bodies
    #[arg(long)]
    no_contents: bool,

    /// Files and folders to pass over in folders and patterns, in the way of .gitignore: `old/`,
    /// `*.meta.json`
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,

    /// Look through folders without regard to .gitignore, hidden files and node_modules too
    #[arg(long)]
    no_ignore: bool,

    /// What is merely worth knowing too, and what there is to say of each body that passes
    #[arg(long)]
    notes: bool,

    /// Print nothing of bodies that do what is expected of them
    #[arg(short, long)]
    quiet: bool,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,

    /// Files (`-` is standard input, which is also read where nothing is named and something is sent to
    /// it), patterns such as `captured/**/*.json`, and folders: those with
    /// a manifest.json, unless --message is given, else all bodies in them at any depth, by the ends
    /// of their names: .json, .ndjson, .jsonl; for protobuf .bin, .binpb, .pb
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    language: language::Arguments,

    #[command(flatten)]
    colour: colour::Arguments,

    #[command(flatten)]
    limits: limits::Arguments,
}

/// Which way a body goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// From the client to the server
    Request,
    /// From the server to the client
    Response,
}

impl From<Way> for Direction {
    fn from(way: Way) -> Self {
        match way {
            Way::Request => Self::Request,
            Way::Response => Self::Response,
        }
    }
}

impl Arguments {
    /// The levels of rules that the options give.
    fn levels(&self) -> Vec<(Rule, Level)> {
        let all = |rules: &[Rule], level| rules.iter().map(move |rule| (*rule, level)).collect();
        let parts: [Vec<_>; 3] = [
            all(&self.warn, Level::Warn),
            all(&self.allow, Level::Allow),
            all(&self.deny, Level::Deny),
        ];
        parts.concat()
    }
}

/// What is asked of requests, and of responses.
fn checks(levels: &Levels, contents: bool) -> [Checks; 2] {
    DIRECTIONS.map(|direction| {
        let checks = Checks::new(direction).levels(levels.clone());
        checks.contents(contents).language(language::spoken())
    })
}

/// How bodies in memory are checked.
#[derive(Debug)]
pub(crate) struct InMemory {
    pub message: Option<&'static MessageType>,
    pub direction: Option<Direction>,
    /// None where the bodies tell it.
    pub form: Option<Form>,
    pub at: Option<Path>,
    pub strict: bool,
    pub levels: Levels,
    pub format: OutputFormat,
}

impl InMemory {
    /// What a check of bodies prints; each comes with what it is called in the result.
    pub(crate) fn check(
        self,
        bodies: impl IntoIterator<Item = (PathBuf, Vec<u8>)>,
        ways: &Arc<WaysOf>,
    ) -> Result<String, Failure> {
        let judge = Judge {
            strict: self.strict,
            ways: Arc::clone(ways),
            limits: Limits::new(),
            at: self.at,
        };
        let shown = Shown {
            notes: true,
            quiet: false,
            colour: false,
        };
        let mut printer = Printer::new(Vec::new(), self.format, shown, &[]);
        let style = printer.style();
        printer.start()?;
        for (name, bytes) in bodies {
            let source = Source {
                input: Arc::new(Input::File(name)),
                form: self.form,
                lines: false,
                message: self.message,
                direction: self.direction,
                checks: checks(&self.levels, true),
                expected: None,
                may_be_foreign: false,
            };
            let place = Place::whole(Arc::clone(&source.input));
            if let Err(error) = judge.limits.check_bytes(bytes.len()) {
                printer.unreadable(&place, &Failure::new(error.to_string()))?;
                continue;
            }
            let judged = judge.judge(&source, place, bytes, |judgement| {
                (style.body(judgement), style.tally(judgement))
            });
            for (place, judged) in &judged {
                match judged {
                    Ok(Judged::Body((text, tally))) => printer.body(place, text, tally)?,
                    // The document has a place for bodies alone.
                    Ok(Judged::PassedOver(_)) => true,
                    Err(failure) => printer.unreadable(place, failure)?,
                };
            }
        }
        printer.end()?;
        let printed = printer.into_inner();
        String::from_utf8(printed).map_err(|error| Failure::new(error.to_string()))
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    if arguments.format == OutputFormat::Text {
        language::speak(arguments.language.language());
    }
    if arguments.ndjson && arguments.opening.from == InputFormat::Protobuf {
        return Err(Failure::new(words().ndjson_of_protobuf));
    }
    let asked = arguments.direction.map(Direction::from);
    let (message, direction) = match &arguments.message {
        Some(name) => {
            let (message, direction) = names::resolve_for(name, asked)?;
            (Some(message), direction)
        }
        None => (None, asked),
    };
    let finder = Finder {
        message,
        direction,
        form: arguments.opening.from.form(),
        ndjson: arguments.ndjson,
        excluded: find::excluding(&arguments.exclude)?,
        no_ignore: arguments.no_ignore,
        strict: arguments.strict,
    };
    let judge = Judge {
        strict: arguments.strict,
        ways: Arc::default(),
        limits: arguments.limits.limits(),
        at: arguments.opening.at.clone(),
    };
    let Found {
        mut sources,
        unnamed,
        unreadable: not_found,
    } = finder.find(&arguments.paths)?;
    let mut levels = LevelsOf::new(arguments.levels());
    for source in &mut sources {
        let levels = levels.of(&source.input)?;
        source.checks = checks(&levels, !arguments.no_contents);
    }
    let progress = progress::over(&sources);
    let shown = Shown {
        // What counts is shown.
        notes: arguments.notes || arguments.strict,
        quiet: arguments.quiet,
        colour: arguments.colour.of_stdout(),
    };
    let out = BufWriter::new(io::stdout());
    let mut printer = Printer::new(out, arguments.format, shown, &sources);
    let style = printer.style();
    let mut results = queue::run(sources, move |source, job| {
        let (place, bytes) = job.read(&judge.limits);
        match bytes {
            Ok(bytes) => judge.judge(source, place, bytes, |judgement| {
                (style.body(judgement), style.tally(judgement))
            }),
            Err(failure) => vec![(place, Err(failure))],
        }
    })?;

    let (mut unreadable, mut as_expected) = (false, unnamed.is_empty());
    // A reader that goes away has seen what it wanted.
    let mut read_on = printer.start()?;
    for Unreadable { path, failure } in &not_found {
        unreadable = true;
        progress.aside(|| output::report(failure));
        let place = Place::whole(Arc::new(Input::File(path.clone())));
        read_on = read_on && printer.unreadable(&place, failure)?;
    }
    while read_on {
        if !results.ready() {
            read_on = printer.flush()?;
        }
        let Some((bodies, size)) = results.next()? else {
            break;
        };
        for (place, judged) in &bodies {
            // A body that was read in vain has its verdict all the same.
            read_on &= match judged {
                Ok(Judged::Body((text, tally))) => {
                    as_expected &= tally.as_expected;
                    printer.body(place, text, tally)?
                }
                Ok(Judged::PassedOver(why)) => {
                    progress.aside(|| output::say(&fill(words().passed_over, &[place, why])));
                    true
                }
                Err(failure) => {
                    unreadable = true;
                    progress.aside(|| output::report(failure));
                    printer.unreadable(place, failure)?
                }
            };
        }
        progress.add(size);
    }
    progress.finish();
    for unnamed in &unnamed {
        read_on = read_on && printer.unnamed(unnamed)?;
    }
    if read_on {
        printer.end()?;
    }
    Ok(match (unreadable, as_expected) {
        (true, _) => Outcome::Unreadable,
        (false, true) => Outcome::Fine,
        (false, false) => Outcome::Findings,
    })
}
