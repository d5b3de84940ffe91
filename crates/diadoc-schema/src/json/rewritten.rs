//! Whether a reader has written of a JSON body what it had to write.
//!
//! One pass over both texts side by side, along the plan of their message. It knows of what bodies have
//! as the server writes them: keys that the schema does not have, nulls, empty lists, required fields
//! that are missing. Of everything else it does not know whether it is right, and says so: then values
//! have to be compared. It owes nothing to the codec of diadoc-proto, as all of this crate.

use std::borrow::Cow;

use prost_reflect::Kind;
use simdutf8::basic::from_utf8;

use super::scan::Scan;
use super::steps::{Step, path};
use crate::Report;
use crate::plan::{Bits, FieldPlan, Plan, Plans, Shape, bit, places};

/// What a reader changes by the rules, where it writes a body that it has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// Where, as `Documents[0].MessageIdGuid`.
    pub path: String,
    /// Whether a required field was added there with its default; else a key was left out that the
    /// schema does not have.
    pub is_added: bool,
}

/// What a reader changed, in the order of the body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rewrites {
    /// Of the keys that were left out and of the fields that were added each the first
    /// [`Report::MOST_OF_A_RULE`].
    pub changes: Vec<Rewritten>,
    /// How many more there are.
    pub left_out: usize,
}

/// What a reader had to change to write this of a body; none where that is not
/// certain.
pub(crate) fn of_body(plans: &Plans, plan: &Plan, body: &[u8], written: &str) -> Option<Rewrites> {
    let body = from_utf8(body).ok()?;
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    let mut pair = Pair::new(plans);
    pair.whole(plan, body, written)?;
    Some(pair.rewrites)
}

/// Two texts that are read side by side. Its methods are `None` where nothing is certain.
struct Pair<'t> {
    plans: &'t Plans,
    steps: Vec<Step<'t>>,
    rewrites: Rewrites,
    /// How many keys that were left out are told, and how many fields that were added.
    told: [usize; 2],
    /// Whether changes are not told: inside of what was added as a whole.
    is_silent: bool,
    /// Unknown keys of the objects that are being read.
    unknown: Vec<&'t str>,
    /// Members of the second text, in the objects that are being read, that come later in the first.
    early: Vec<(usize, Scan<'t>)>,
}

/// An object of the second text.
struct Members {
    /// Whether there is a member that has not been looked at.
    more: bool,
    /// The members that have been looked at.
    seen: Bits,
    /// Where the early ones begin.
    early: usize,
}

impl<'t> Pair<'t> {
    fn new(plans: &'t Plans) -> Self {
        Self {
            plans,
            steps: Vec::new(),
            rewrites: Rewrites::default(),
            told: [0; 2],
            is_silent: false,
            unknown: Vec::new(),
            early: Vec::new(),
        }
    }

    fn whole(&mut self, plan: &'t Plan, first: &'t str, second: &'t str) -> Option<()> {
        let (mut first, mut second) = (Scan::new(first), Scan::new(second));
        first.space()?;
        second.space()?;
        self.object(plan, &mut first, &mut second)?;
        (first.is_at_end() && second.is_at_end()).then_some(())
    }

    /// An object, whose brackets come next.
    fn object(
        &mut self,
        plan: &'t Plan,
        first: &mut Scan<'t>,
        second: &mut Scan<'t>,
    ) -> Option<()> {
        if plan.is_wide || first.peek()? != b'{' || second.peek()? != b'{' {
            return None;
        }
        let mut members = Members {
            more: second.enter(b'}')?,
            seen: 0,
            early: self.early.len(),
        };
        let unknown = self.unknown.len();
        let (mut stood, mut matched) = (0, 0);
        let mut last = None;
        let mut more = first.enter(b'}')?;
        while more {
            if let Some((place, key)) = self.key(plan, last, unknown, first)? {
                if stood & bit(place) != 0 {
                    return None;
                }
                stood |= bit(place);
                last = Some(place);
                first.colon()?;
                let field = plan.fields.get(place)?;
                if self.is_written(field, first)? {
                    matched |= bit(place);
                    self.steps.push(Step::Key(key));
                    self.member(plan, place, &mut members, first, second)?;
                    self.steps.pop();
                }
            }
            more = first.another(b'}')?;
        }
        self.unknown.truncate(unknown);
        self.added(plan, plan.required & !matched, &mut members, second)
    }

    /// A key of the first text: the place of its field, and the key; none of one that the schema does not
    /// have, which is passed over.
    #[inline]
    fn key(
        &mut self,
        plan: &'t Plan,
        last: Option<usize>,
        unknown: usize,
        first: &mut Scan<'t>,
    ) -> Option<Option<(usize, &'t str)>> {
        let start = first.at;
        let guess = plan.next(last);
        if first.guessed(&plan.fields.get(guess)?.key) {
            return Some(Some((guess, first.slice(start + 1, first.at - 1))));
        }
        let Cow::Borrowed(key) = first.string()? else {
            return None;
        };
        if let Some(place) = plan.key(key.as_bytes()) {
            return Some(Some((place, key)));
        }
        // Of a key that stands twice the last value counts, and so there is one change.
        let others = self.unknown.get(unknown..)?;
        if others.len() >= MOST_UNKNOWN || others.contains(&key) {
            return None;
        }
        self.unknown.push(key);
        self.change(key, false);
        first.colon()?;
        first.skip()?;
        Some(None)
    }

    /// Whether a value of the first text, which comes next, is one that is written: otherwise it is passed
    /// over.
    #[inline]
    fn is_written(&mut self, field: &FieldPlan, first: &mut Scan<'t>) -> Option<bool> {
        let byte = first.space()?;
        if byte == b'n' {
            first.word("null")?;
            return Some(false);
        }
        if field.is_list && byte == b'[' {
            let mut ahead = first.clone();
            if !ahead.enter(b']')? {
                *first = ahead;
                return Some(false);
            }
        }
        Some(true)
    }

    /// A member that has to stand in both texts; its value in the first comes next.
    #[inline]
    fn member(
        &mut self,
        plan: &'t Plan,
        place: usize,
        members: &mut Members,
        first: &mut Scan<'t>,
        second: &mut Scan<'t>,
    ) -> Option<()> {
        let field = plan.fields.get(place)?;
        let early = self.early.get(members.early..)?;
        if let Some(index) = early.iter().position(|(other, _)| *other == place) {
            let (_, mut value) = self.early.swap_remove(members.early + index);
            return self.value(field, first, &mut value);
        }
        while self.next(plan, Some(place), members, second)? != place {}
        self.value(field, first, second)?;
        members.more = second.another(b'}')?;
        Some(())
    }

    /// The place of the next member of the second text, whose value comes next then; unless it is the one
    /// that is wanted, it is kept for later and passed over.
    #[inline]
    fn next(
        &mut self,
        plan: &'t Plan,
        wanted: Option<usize>,
        members: &mut Members,
        second: &mut Scan<'t>,
    ) -> Option<usize> {
        if !members.more {
            return None;
        }
        let place = match wanted.and_then(|place| plan.fields.get(place)) {
            Some(field) if second.guessed(&field.key) => wanted?,
            _ => {
                let key = second.string()?;
                let place = plan.key(key.as_bytes())?;
                (*plan.fields.get(place)?.key == *key).then_some(place)?
            }
        };
        if members.seen & bit(place) != 0 {
            return None;
        }
        members.seen |= bit(place);
        second.colon()?;
        second.space()?;
        if wanted != Some(place) {
            self.early.push((place, second.clone()));
            second.skip()?;
            members.more = second.another(b'}')?;
        }
        Some(place)
    }

    /// The rest of the second text's object: what the first lacks, and has to have.
    fn added(
        &mut self,
        plan: &'t Plan,
        lacking: Bits,
        members: &mut Members,
        second: &mut Scan<'t>,
    ) -> Option<()> {
        while members.more {
            self.next(plan, None, members, second)?;
        }
        for place in places(lacking) {
            let field = plan.fields.get(place)?;
            let early = self.early.get(members.early..)?;
            let index = early.iter().position(|(other, _)| *other == place)?;
            let (_, mut value) = self.early.swap_remove(members.early + index);
            self.change(&field.key, true);
            self.is_default(field, &mut value)?;
        }
        // What is left was made up.
        (self.early.len() == members.early).then_some(())
    }

    /// Holds what was added against the default of its field.
    fn is_default(&mut self, field: &'t FieldPlan, value: &mut Scan<'t>) -> Option<()> {
        if let Shape::Message(place) = &field.shape {
            let outside = std::mem::replace(&mut self.is_silent, true);
            self.object(self.plans.at(*place), &mut Scan::new("{}"), value)?;
            self.is_silent = outside;
            return Some(());
        }
        let start = value.at;
        value.skip()?;
        let default = field.default.as_deref()?;
        (value.slice(start, value.at) == default).then_some(())
    }

    /// A value of a field; both come next.
    #[inline]
    fn value(
        &mut self,
        field: &'t FieldPlan,
        first: &mut Scan<'t>,
        second: &mut Scan<'t>,
    ) -> Option<()> {
        if !field.is_list {
            return self.single(field, first, second);
        }
        if first.peek()? != b'[' || second.peek()? != b'[' {
            return None;
        }
        let mut index = 0;
        let (mut more, mut also) = (first.enter(b']')?, second.enter(b']')?);
        while more && also {
            first.space()?;
            second.space()?;
            self.steps.push(Step::Index(index));
            self.single(field, first, second)?;
            self.steps.pop();
            index += 1;
            (more, also) = (first.another(b']')?, second.another(b']')?);
        }
        (!more && !also).then_some(())
    }

    #[inline]
    fn single(
        &mut self,
        field: &'t FieldPlan,
        first: &mut Scan<'t>,
        second: &mut Scan<'t>,
    ) -> Option<()> {
        let byte = first.peek()?;
        match (&field.shape, byte) {
            (Shape::Message(place), b'{') => {
                // What a reader has written is as deep as what it has read.
                first.descend()?;
                self.object(self.plans.at(*place), first, second)?;
                first.ascend();
                Some(())
            }
            (Shape::String, b'"') => {
                let text = first.string()?;
                second.repeats(text)
            }
            // A reader takes the text of a number, as it stands.
            (Shape::String, b'-' | b'0'..=b'9') => {
                let text = first.number()?;
                second.repeats(Cow::Borrowed(text))
            }
            (Shape::Bool, b't') => {
                first.word("true")?;
                second.word("true")
            }
            (Shape::Bool, b'f') => {
                first.word("false")?;
                second.word("false")
            }
            (Shape::Bool, b'"') => {
                let text = first.string()?.to_lowercase();
                let is_flag = matches!(&*text, "true" | "false");
                is_flag.then(|| second.word(&text))?
            }
            (Shape::Bool, b'0' | b'1') => match first.number()? {
                "1" => second.word("true"),
                "0" => second.word("false"),
                _ => None,
            },
            (Shape::Enum(members), b'-' | b'0'..=b'9') => {
                let number: i32 = first.number()?.parse().ok()?;
                match members.numbered(number) {
                    Some(member) => second.repeats(Cow::Borrowed(&member.name)),
                    None => is_same_integer(&number.to_string(), second.number()?),
                }
            }
            (Shape::Enum(members), b'"') => {
                let name = first.string()?;
                let is_written = members.named(name.as_bytes())?.is_first;
                is_written.then(|| second.repeats(name))?
            }
            (Shape::Integer(kind, _), b'"') => {
                let reads_texts = matches!(
                    kind,
                    Kind::Int32 | Kind::Sfixed32 | Kind::Int64 | Kind::Sfixed64
                );
                if !reads_texts {
                    return None;
                }
                let text = first.string()?;
                is_same_integer(&text, second.number()?)
            }
            (Shape::Integer(..), b'-' | b'0'..=b'9') => {
                is_same_integer(first.number()?, second.number()?)
            }
            (Shape::Float, b'-' | b'0'..=b'9') => {
                (first.number()? == second.number()?).then_some(())
            }
            (Shape::Bytes, b'"') => {
                let text = first.string()?;
                let is_as_written = text.len().is_multiple_of(4)
                    && (text.bytes())
                        .all(|byte| !byte.is_ascii_whitespace() && !b"-_".contains(&byte));
                is_as_written.then(|| second.repeats(text))?
            }
            _ => None,
        }
    }

    fn change(&mut self, key: &str, is_added: bool) {
        if self.is_silent {
            return;
        }
        let told = &mut self.told[usize::from(is_added)];
        if *told == Report::MOST_OF_A_RULE {
            self.rewrites.left_out += 1;
            return;
        }
        *told += 1;
        let path = path(&self.steps, key);
        self.rewrites.changes.push(Rewritten { path, is_added });
    }
}

/// How many unknown keys of an object are told apart.
const MOST_UNKNOWN: usize = 64;

/// Whether the text of an integer is written as itself.
fn is_same_integer(text: &str, written: &str) -> Option<()> {
    let is_same = match text {
        "-0" => written == "0",
        _ => text == written && text.parse::<i64>().is_ok(),
    };
    is_same.then_some(())
}

#[cfg(test)]
mod tests;
