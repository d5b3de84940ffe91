//! The place in a body that is being read, and the patterns of places: `Documents[*].Content`.

use std::collections::HashMap;
use std::fmt::Write as _;

use diadoc_core::dialect::{push_index, push_key};

use crate::report::pattern;

/// The place in the body, as two strings that grow and shrink with the reading, so that values without
/// faults cost no allocation.
#[derive(Default)]
pub(super) struct Place {
    pub path: String,
    pub pointer: String,
    levels: Vec<Level>,
}

/// A step of the path.
struct Level {
    /// Where it begins in the path.
    start: usize,
    is_index: bool,
    /// The pattern of the path up to its end, once that was asked for.
    pattern: Option<Pattern>,
}

/// A place to go back to: the lengths of its path and pointer, and how many levels it has.
#[derive(Clone, Copy)]
pub(crate) struct Outside(usize, usize, usize);

impl Outside {
    /// The place of the body as a whole.
    pub(super) const BODY: Self = Self(0, 0, 0);
}

impl Place {
    fn enter(&mut self, is_index: bool) -> Outside {
        let (start, pointer) = (self.path.len(), self.pointer.len());
        let outside = Outside(start, pointer, self.levels.len());
        self.levels.push(Level {
            start,
            is_index,
            pattern: None,
        });
        outside
    }

    /// Enters a field under the name that readers give it and the key that stands in the body.
    pub(super) fn enter_field(&mut self, name: &str, key: &str) -> Outside {
        let outside = self.enter(false);
        push_key(&mut self.path, name);
        self.pointer.push('/');
        match key.contains(['~', '/']) {
            true => {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                self.pointer.push_str(&escaped);
            }
            false => self.pointer.push_str(key),
        }
        outside
    }

    pub(super) fn enter_index(&mut self, index: usize) -> Outside {
        let outside = self.enter(true);
        push_index(&mut self.path, index);
        // Writing to a string cannot fail.
        let _ = write!(self.pointer, "/{index}");
        outside
    }

    pub(super) fn leave(&mut self, Outside(path, pointer, levels): Outside) {
        self.path.truncate(path);
        self.pointer.truncate(pointer);
        self.levels.truncate(levels);
    }

    /// Goes to a place that was left.
    pub(super) fn go_to(&mut self, path: String, pointer: String) {
        self.leave(Outside::BODY);
        if !path.is_empty() {
            self.enter(false);
        }
        (self.path, self.pointer) = (path, pointer);
    }

    /// The pattern of the path; none where it is new and is not to be added.
    pub(super) fn pattern(&mut self, patterns: &mut Patterns, add: bool) -> Option<Pattern> {
        // What lies around it has one already, as a rule: each level is looked up once.
        let known = self
            .levels
            .iter()
            .rposition(|level| level.pattern.is_some());
        let mut at = known.map_or(Some(Pattern::BODY), |known| self.levels[known].pattern)?;
        for place in known.map_or(0, |known| known + 1)..self.levels.len() {
            let end = self.levels.get(place + 1).map(|next| next.start);
            let level = &mut self.levels[place];
            let step = &self.path[level.start..end.unwrap_or(self.path.len())];
            at = match level.is_index {
                true => patterns.inside(at, "[*]", add)?,
                false if step.contains('[') => patterns.inside(at, &pattern(step), add)?,
                false => patterns.inside(at, step, add)?,
            };
            level.pattern = Some(at);
        }
        Some(at)
    }
}

/// A path with `[*]` for each index of a list, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Pattern(usize);

impl Pattern {
    const BODY: Self = Self(0);
}

/// All patterns that are counted, each as a step from another, so that a long path is not gone through for
/// each finding at its end.
pub(super) struct Patterns(Vec<Steps>);

#[derive(Default)]
struct Steps {
    outside: usize,
    /// The step that leads to it.
    last: Box<str>,
    inside: HashMap<Box<str>, Pattern>,
}

impl Default for Patterns {
    fn default() -> Self {
        Self(vec![Steps::default()])
    }
}

impl Patterns {
    fn inside(&mut self, Pattern(outside): Pattern, step: &str, add: bool) -> Option<Pattern> {
        if let Some(known) = self.0[outside].inside.get(step) {
            return Some(*known);
        }
        if !add {
            return None;
        }
        let new = Pattern(self.0.len());
        self.0.push(Steps {
            outside,
            last: step.into(),
            inside: HashMap::new(),
        });
        self.0[outside].inside.insert(step.into(), new);
        Some(new)
    }

    pub(super) fn text(&self, Pattern(mut at): Pattern) -> String {
        let mut steps = Vec::new();
        while at != 0 {
            let Steps { outside, last, .. } = &self.0[at];
            steps.push(&**last);
            at = *outside;
        }
        steps.into_iter().rev().collect()
    }
}
