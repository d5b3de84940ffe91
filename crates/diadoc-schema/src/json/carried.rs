//! What protobuf carries of JSON: all but the fields that only JSON has.

use std::borrow::Cow;
use std::ops::Range;

use super::scan::Scan;
use super::steps::{Step, path};
use crate::plan::{FieldPlan, Plan, Plans, Shape};

/// JSON that a reader has written, with what protobuf does not carry of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlyInJson<'t> {
    written: &'t str,
    /// The path of each field that only JSON has, and where its member stands with one of its commas.
    members: Vec<(String, Range<usize>)>,
}

impl<'t> OnlyInJson<'t> {
    /// Where such fields stand, as `Documents[0].Participants`; what is inside of one is not listed.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(path, _)| path.as_str())
    }

    /// The text without them, piece by piece: what a reader writes of the message once it has gone over
    /// protobuf.
    pub fn carried(&self) -> impl Iterator<Item = &'t str> {
        let starts = self.members.iter().map(|(_, span)| span.end);
        let ends = self.members.iter().map(|(_, span)| span.start);
        let starts = std::iter::once(0).chain(starts);
        let ends = ends.chain([self.written.len()]);
        let written = self.written;
        starts
            .zip(ends)
            .map(move |(start, end)| written.get(start..end).unwrap_or_default())
    }

    /// Whether that is this text.
    pub fn is_carried_as(&self, text: &str) -> bool {
        let mut rest = Some(text);
        for piece in self.carried() {
            rest = rest.and_then(|rest| rest.strip_prefix(piece));
        }
        rest == Some("")
    }
}

/// What protobuf does not carry of JSON that a reader has written; none where that is not certain, as of a
/// text that no reader writes.
pub(crate) fn only_in_json<'t>(
    plans: &Plans,
    plan: &Plan,
    written: &'t str,
) -> Option<OnlyInJson<'t>> {
    let mut walk = Walk {
        plans,
        scan: Scan::new(written),
        steps: Vec::new(),
        members: Vec::new(),
    };
    walk.object(plan)?;
    let members = walk.members;
    walk.scan
        .is_at_end()
        .then_some(OnlyInJson { written, members })
}

/// Its methods are `None` where nothing is certain.
struct Walk<'t, 'p> {
    plans: &'p Plans,
    scan: Scan<'t>,
    steps: Vec<Step<'t>>,
    members: Vec<(String, Range<usize>)>,
}

impl Walk<'_, '_> {
    /// An object, which comes next.
    fn object(&mut self, plan: &Plan) -> Option<()> {
        if self.scan.space()? != b'{' {
            return None;
        }
        let mut more = self.scan.enter(b'}')?;
        // Where the last member ends, once there is one that is carried.
        let mut behind = None;
        while more {
            let start = self.scan.at;
            let Cow::Borrowed(key) = self.scan.string()? else {
                return None;
            };
            let field = plan.fields.get(plan.key(key.as_bytes())?)?;
            self.scan.colon()?;
            if field.is_only_in_json {
                self.scan.skip()?;
                let end = self.scan.at;
                more = self.scan.another(b'}')?;
                // The comma before it goes with it; before the first there is none.
                let span = match behind {
                    Some(behind) => behind..end,
                    None if more => start..self.scan.at,
                    None => start..end,
                };
                self.members.push((path(&self.steps, key), span));
                behind = behind.map(|_| end);
            } else {
                self.steps.push(Step::Key(key));
                self.value(field)?;
                self.steps.pop();
                behind = Some(self.scan.at);
                more = self.scan.another(b'}')?;
            }
        }
        Some(())
    }

    /// The value of a field, or of a list's element.
    fn value(&mut self, field: &FieldPlan) -> Option<()> {
        let Shape::Message(place) = &field.shape else {
            return self.scan.skip();
        };
        let inner = self.plans.at(*place);
        if !field.is_list && field.is_required {
            return self.object(inner);
        }
        self.scan.descend()?;
        self.inner(inner)?;
        self.scan.ascend();
        Some(())
    }

    /// A message that is not required, or a list of them.
    fn inner(&mut self, inner: &Plan) -> Option<()> {
        if self.scan.space()? != b'[' {
            return self.object(inner);
        }
        let mut more = self.scan.enter(b']')?;
        let mut index = 0;
        while more {
            self.steps.push(Step::Index(index));
            self.object(inner)?;
            self.steps.pop();
            index += 1;
            more = self.scan.another(b']')?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::only_in_json;
    use crate::Schema;
    use crate::plan::Plans;

    #[test]
    fn what_is_left_is_json_wherever_the_members_stand() {
        let message = Schema::diadoc().message("Documents.Document");
        let message = message.expect("the message");
        let plans = Plans::of(message.parent_pool());
        let plan = plans.at(plans.place(&message));
        let only = r#""Participants":[{"BoxId":"b, }"}]"#;
        let other = r#""TitleDocflows":[]"#;
        for (members, left) in [
            (vec![], ""),
            (vec![only], ""),
            (vec![only, other], ""),
            (vec![r#""IsRead":true"#], r#""IsRead":true"#),
            (vec![only, r#""IsRead":true"#], r#""IsRead":true"#),
            (vec![r#""IsRead":true"#, only], r#""IsRead":true"#),
            (vec![r#""IsRead":true"#, only, other], r#""IsRead":true"#),
            (vec![only, r#""IsRead":true"#, other], r#""IsRead":true"#),
            (vec![only, other, r#""IsRead":true"#], r#""IsRead":true"#),
            (
                vec![r#""IsRead":true"#, only, r#""IsTest":true"#, other],
                r#""IsRead":true,"IsTest":true"#,
            ),
        ] {
            let written = format!("{{{}}}", members.join(","));
            let found = only_in_json(&plans, plan, &written).expect("it is certain");
            let text: String = found.carried().collect();
            assert_eq!(text, format!("{{{left}}}"), "{written}");
            assert!(found.is_carried_as(&text));
            assert!(!found.is_carried_as(&text[1..]));
            assert!(!found.is_carried_as(&format!("{text} ")));
            let named = members.iter().filter(|member| !left.contains(**member));
            assert_eq!(found.paths().count(), named.count(), "{written}");
        }
        for text in ["", "{", "{}{", "[]", r#"{"New":1}"#, r#"{"IsRead":}"#] {
            assert_eq!(only_in_json(&plans, plan, text), None, "{text}");
        }
    }
}
