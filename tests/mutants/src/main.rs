//! Mutation testing: changes the code of an area in one place after the other, and lists the changes that no
//! test notices.
//!
//! The code is compiled once, with all changes in it, each behind a switch. Its steps:
//!
//! 1. `points` finds what can be changed in the files of the area.
//! 2. `switches` writes it into a copy of the checkout, in `target/mutants/AREA`.
//! 3. `compile` has the copy checked; changes that the compiler does not take are left out.
//! 4. `run` runs each test by itself without any change, for its time and the changes that it comes to.
//! 5. With each change it runs the tests that come there, the quickest first, until one fails.
//!
//! What became of a change is kept in `target/mutants/AREA/outcomes`; `equivalent.toml` has the changes that
//! no test can notice. Not changed are constants, `const fn`, what macros are given, and conditions with `let`.

mod areas;
mod checkout;
mod compile;
mod known;
mod outcomes;
mod points;
mod run;
mod switches;
mod values;

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::{fmt, fs};

use areas::{AREAS, Area};
use clap::Parser;
use compile::{Cargo, CompileError};
use known::Known;
use outcomes::{Outcome, Outcomes};
use points::Point;
use regex_lite::Regex;
use run::{End, Runner, Test, lock};

/// The list of changes that make no difference.
const KNOWN: &str = "tests/mutants/equivalent.toml";

/// The module with the switch, which the changed code calls.
const SWITCH: &str = include_str!("../inserted/diadoc_mutant.rs");

/// What the compiler finds in a change, and would stop at.
const ALLOWED: &str =
    "#![allow(arithmetic_overflow, unconditional_panic, unconditional_recursion)] ";

#[derive(Debug, Parser)]
#[command(about = "Lists the changes of the code that no test notices")]
struct Arguments {
    /// core, client or codec
    area: String,
    /// Only changes whose name has this
    #[arg(long, value_name = "REGEX")]
    only: Option<Regex>,
    /// Prints the changes, and tries none
    #[arg(long)]
    list: bool,
    /// Tries once more what no test has noticed, and believes the rest of an earlier run
    #[arg(long)]
    again: bool,
    /// How many tests run at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 2)]
    jobs: usize,
}

/// A change, and where it is made.
#[derive(Debug)]
pub(crate) struct Change {
    file: PathBuf,
    line: usize,
    column: usize,
    what: String,
    /// The line that is changed.
    text: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, what) = (self.file.display(), &self.what);
        write!(f, "{file}:{}:{}: {what}", self.line, self.column)
    }
}

/// A file of the area.
#[derive(Debug)]
pub(crate) struct Source {
    path: PathBuf,
    text: String,
    points: Vec<Point>,
    /// The number of its first change.
    first: usize,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// The workspace, where this package stands in it.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
        .to_owned()
}

/// Whether nothing is left that a test should have noticed.
fn run(arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let Some(area) = Area::find(&arguments.area) else {
        let names = AREAS.map(|area| area.name).join(", ");
        return Err(format!("there is no area {}, but {names}", arguments.area).into());
    };
    let root = root();
    let paths = area.files(&root)?;
    let sources = sources(&root, &paths)?;
    let changes = changes(&sources);
    let wanted: HashSet<usize> = (0..changes.len())
        .filter(|number| {
            let name = changes[*number].to_string();
            arguments
                .only
                .as_ref()
                .is_none_or(|only| only.is_match(&name))
        })
        .collect();
    if arguments.list {
        for (number, change) in changes.iter().enumerate() {
            if wanted.contains(&number) {
                println!("{change}");
            }
        }
        return Ok(true);
    }
    let known = Known::read(&root.join(KNOWN))?;
    let stale = known.stale(&paths, &changes);

    let folder = root.join("target/mutants").join(area.name);
    let copy = folder.join("checkout");
    fs::create_dir_all(&folder)?;
    let files = checkout::read(&root)?;
    let digest = checkout::digest(&files);
    let mut outcomes = Outcomes::open(&folder.join("outcomes"), digest, arguments.again)?;
    let cargo = Cargo {
        copy: &copy,
        target: &folder.join("target"),
        area,
    };
    let dropped = compiled(&cargo, files, &sources, &changes, &mut outcomes)?;
    eprintln!(
        "{} changes, {} do not compile",
        changes.len(),
        dropped.len()
    );

    let runner = Runner {
        package: copy.join(Path::new(area.source).parent().unwrap_or(Path::new(""))),
        copy: copy.clone(),
        jobs: arguments.jobs,
        cases: area.cases,
    };
    let tests = runner.baseline(&cargo.tests()?, area.without, &folder)?;
    eprintln!("{} tests", tests.len());
    for test in tests.iter().rev().take(8) {
        eprintln!("{:8.1} s {}", test.time.as_secs_f64(), test.name);
    }

    let todo = (0..changes.len()).filter(|number| {
        let outcome = outcomes.get(&changes[*number]);
        wanted.contains(number)
            && outcome.is_none_or(|outcome| arguments.again && outcome.is_survived())
    });
    let todo: Vec<usize> = todo.collect();
    try_all(&runner, &tests, &changes, &todo, &mut outcomes)?;
    Ok(report(area, &changes, &wanted, &outcomes, &known, &stale))
}

/// Reads files, and finds what can be changed in them.
fn sources(root: &Path, paths: &[PathBuf]) -> Result<Vec<Source>, Box<dyn Error>> {
    let mut sources = Vec::new();
    let mut first = 0;
    for path in paths {
        let text = fs::read_to_string(root.join(path))?;
        let points =
            points::points(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let count: usize = points.iter().map(|point| point.variants().len()).sum();
        let path = path.clone();
        sources.push(Source {
            path,
            text,
            points,
            first,
        });
        first += count;
    }
    Ok(sources)
}

/// The changes of files, by their numbers.
fn changes(sources: &[Source]) -> Vec<Change> {
    let mut changes = Vec::new();
    for source in sources {
        let lines: Vec<&str> = source.text.lines().collect();
        for variant in source.points.iter().flat_map(Point::variants) {
            let line = variant.line.checked_sub(1).and_then(|line| lines.get(line));
            changes.push(Change {
                file: source.path.clone(),
                line: variant.line,
                column: variant.column,
                what: variant.what.clone(),
                text: line.map(|line| line.trim().to_owned()).unwrap_or_default(),
            });
        }
    }
    changes
}

/// Writes the copy with all changes that compile, and gives those that do not.
fn compiled(
    cargo: &Cargo<'_>,
    mut files: checkout::Files,
    sources: &[Source],
    changes: &[Change],
    outcomes: &mut Outcomes,
) -> Result<HashSet<usize>, Box<dyn Error>> {
    let library = Path::new(cargo.area.source).join("lib.rs");
    let plain = String::from_utf8(files.get(&library).cloned().ok_or("there is no lib.rs")?)?;
    let module = Path::new(cargo.area.source).join("diadoc_mutant.rs");
    let switch = format!("{SWITCH}\nconst COUNT: usize = {};\n", changes.len());
    files.insert(module, switch.into_bytes());
    let is_dropped = |number: &usize| {
        let change = &changes[*number];
        outcomes.get(change) == Some(Outcome::NotCompiled)
    };
    let mut dropped: HashSet<usize> = (0..changes.len()).filter(is_dropped).collect();
    loop {
        let mut places: BTreeMap<&Path, Vec<(usize, Range<usize>)>> = BTreeMap::new();
        let mut opened = plain.clone();
        for source in sources {
            let switched = switches::switched(&source.text, &source.points, source.first, &dropped);
            places.insert(&source.path, switched.places);
            if source.path == library {
                opened = switched.text;
            } else {
                files.insert(source.path.clone(), switched.text.into_bytes());
            }
        }
        let opened = format!("{ALLOWED}{opened}\nmod diadoc_mutant;\n");
        if let Some(places) = places.get_mut(&*library) {
            for (_, place) in places {
                *place = place.start + ALLOWED.len()..place.end + ALLOWED.len();
            }
        }
        files.insert(library.clone(), opened.into_bytes());
        checkout::write(&files, cargo.copy)?;
        let errors = cargo.check()?;
        if errors.is_empty() {
            return Ok(dropped);
        }
        eprintln!("the compiler has {} errors", errors.len());
        let before = dropped.len();
        for error in errors {
            let number = owed_to(&error, &places).filter(|number| dropped.insert(*number));
            let Some(number) = number else { continue };
            outcomes.add(&changes[number], Outcome::NotCompiled, "")?;
        }
        if dropped.len() == before {
            return Err("the copy does not compile, whatever is left out".into());
        }
    }
}

/// The change that an error is owed to: the one in whose code it is, or the one next to it.
fn owed_to(
    error: &CompileError,
    places: &BTreeMap<&Path, Vec<(usize, Range<usize>)>>,
) -> Option<usize> {
    let mut nearest = None;
    for place in &error.places {
        let Some(changes) = places.get(&*place.file) else {
            continue;
        };
        for (number, range) in changes {
            if range.start <= place.start && place.end <= range.end {
                return Some(*number);
            }
            let away = range.start.abs_diff(place.start);
            if nearest.is_none_or(|(_, least)| away < least) {
                nearest = Some((*number, away));
            }
        }
    }
    let nearest = nearest.map(|(number, _)| number);
    eprintln!("blamed on {nearest:?}: {}", error.rendered);
    nearest
}

/// Tries changes, and tells of those that no test notices.
fn try_all(
    runner: &Runner,
    tests: &[Test],
    changes: &[Change],
    todo: &[usize],
    outcomes: &mut Outcomes,
) -> Result<(), Box<dyn Error>> {
    let shared = Mutex::new((outcomes, 0_usize));
    let failed = Mutex::new(None);
    runner.each(todo.len(), |index| {
        let Some((number, change)) = todo
            .get(index)
            .and_then(|number| Some((*number, changes.get(*number)?)))
        else {
            return;
        };
        let mut reaching = tests
            .iter()
            .filter(|test| test.reaches.contains(&number))
            .peekable();
        let tried = if reaching.peek().is_none() {
            Ok((Outcome::NotReached, ""))
        } else {
            runner
                .with_change(number, reaching)
                .map(|(end, by)| match end {
                    End::Failed => (Outcome::Noticed, by),
                    End::TimedOut => (Outcome::TimedOut, by),
                    End::Passed => (Outcome::Unnoticed, by),
                })
        };
        let mut shared = lock(&shared);
        let (outcomes, done) = &mut *shared;
        let kept = tried.and_then(|(outcome, by)| {
            if outcome.is_survived() {
                eprintln!("{outcome}: {change}");
            }
            Ok(outcomes.add(change, outcome, by)?)
        });
        if let Err(error) = kept {
            *lock(&failed) = Some(error.to_string());
        }
        *done += 1;
        if *done % 50 == 0 {
            eprintln!("{done} of {}", todo.len());
        }
    });
    match failed.into_inner().unwrap_or_default() {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

/// Prints what came of it; whether nothing is left to be done.
fn report(
    area: &Area,
    changes: &[Change],
    wanted: &HashSet<usize>,
    outcomes: &Outcomes,
    known: &Known,
    stale: &[String],
) -> bool {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut left, mut compiled, mut same) = (Vec::new(), 0, 0);
    let mut wrong = stale.to_vec();
    for (number, change) in changes.iter().enumerate() {
        let Some(outcome) = outcomes.get(change).filter(|_| wanted.contains(&number)) else {
            continue;
        };
        *counts.entry(outcome.to_string()).or_default() += 1;
        compiled += usize::from(outcome != Outcome::NotCompiled);
        match (outcome.is_survived(), known.has(change)) {
            (true, true) => same += 1,
            (true, false) => left.push(format!("{outcome}: {change}")),
            (false, true) => wrong.push(format!("{outcome}: {change}")),
            (false, false) => {}
        }
    }
    println!("{}: {compiled} changes tried", area.name);
    for (outcome, count) in counts {
        println!("{count:6} {outcome}");
    }
    println!("{same:6} of these stand in {KNOWN}");
    for line in &left {
        println!("{line}");
    }
    for line in &wrong {
        println!("{KNOWN} has what it should not: {line}");
    }
    left.is_empty() && wrong.is_empty()
}
