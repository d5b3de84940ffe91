//! How much the findings of each rule weigh.

use std::collections::{BTreeMap, HashMap};
use std::env;
use std::path::{Path, PathBuf};

use diadoc_core::{files, fill};
use diadoc_schema::{Level, Levels, Rule, nearest};
use serde::Deserialize;

use super::words::words;
use crate::input::Input;
use crate::outcome::Failure;

/// The file that is looked for.
const FILE_NAME: &str = "diadoc.toml";

/// What the options say, and the files beside or above the bodies.
#[derive(Debug, Default)]
pub(super) struct LevelsOf {
    options: Vec<(Rule, Level)>,
    /// What is said in each folder that has been asked about.
    known: HashMap<PathBuf, Levels>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rules: BTreeMap<toml::Spanned<String>, toml::Spanned<String>>,
}

impl LevelsOf {
    pub(super) fn new(options: Vec<(Rule, Level)>) -> Self {
        Self {
            options,
            known: HashMap::new(),
        }
    }

    /// The levels for a body: the options', then those of the nearest file.
    pub(super) fn of(&mut self, input: &Input) -> Result<Levels, Failure> {
        let folder = match input {
            Input::Stdin => PathBuf::new(),
            Input::File(path) => path.parent().unwrap_or(Path::new("")).to_owned(),
        };
        if let Some(levels) = self.known.get(&folder) {
            return Ok(levels.clone());
        }
        let mut levels = match nearest_file(&folder) {
            Some(path) => read(&path)?,
            None => Levels::default(),
        };
        for (rule, level) in &self.options {
            levels.set(*rule, *level);
        }
        self.known.insert(folder, levels.clone());
        Ok(levels)
    }
}

/// The file in the folder, or in the nearest above it.
fn nearest_file(folder: &Path) -> Option<PathBuf> {
    let folder = env::current_dir().ok()?.join(folder);
    // A link leads to where the body is.
    let folder = folder.canonicalize().unwrap_or(folder);
    let mut files = folder.ancestors().map(|folder| folder.join(FILE_NAME));
    files.find(|file| file.is_file())
}

fn read(path: &Path) -> Result<Levels, Failure> {
    let text =
        files::text(path).map_err(|error| Input::File(path.to_owned()).unreadable(&error))?;
    let failed = |at: Option<usize>, what: &str| {
        let before = text.get(..at.unwrap_or_default()).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Failure::new(fill(words().wrong_levels, &[&path.display(), &line, &what]))
    };
    let file: File = toml::from_str(&text)
        .map_err(|error| failed(error.span().map(|span| span.start), error.message()))?;
    let mut levels = Levels::default();
    for (id, level) in file.rules {
        let rule = rule(id.get_ref()).map_err(|what| failed(Some(id.span().start), &what))?;
        let place = level.span().start;
        let level = level.get_ref().parse::<Level>();
        let level = level.map_err(|_| failed(Some(place), words().level))?;
        levels.set(rule, level);
    }
    Ok(levels)
}

/// The rule of an id.
pub(crate) fn rule(id: &str) -> Result<Rule, String> {
    Rule::from_id(id).ok_or_else(|| {
        if id.starts_with("check.") {
            return fill(words().rule_of_check, &[&id]);
        }
        let ids = Rule::ALL.iter().map(|rule| rule.id());
        match nearest(id, ids).first() {
            Some(near) => fill(words().near_rule, &[&id, near]),
            None => fill(words().no_rule, &[&id]),
        }
    })
}
