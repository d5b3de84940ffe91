//! Enums.

use diadoc_core::fill;
use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind};

use super::Validator;
use super::say::{quotable, standing};
use super::suggest::suggest_member;
use super::words::Words;
use crate::deprecated;
use crate::enums::{first_name, members, unknown_member};
use crate::plan::Members;
use crate::{Deviation, Finding, Rule, Span};

/// The most names that are listed as what was expected.
const MOST_LISTED: usize = 8;

impl Validator<'_> {
    /// A string where the field holds an enum.
    pub(super) fn enum_name(
        &mut self,
        field: &FieldDescriptor,
        named: &Members,
        name: &str,
        span: Span,
    ) {
        let kind = named.descriptor();
        let token = self.tokens.slice(span);
        let words = self.words();
        let found = || standing(words.string, token);
        if let Some(member) = named.named(name.as_bytes()) {
            if !member.is_first {
                let first = first_name(kind, member.number).map(str::to_owned);
                let finding = Finding::new(Deviation::EnumAlias, span, words.enum_alias);
                self.findings.add(finding.found(found()).suggestion(first));
            }
            if member.is_obsolete {
                self.deprecated_value(kind, member.number, span);
            }
            return;
        }
        let other_case = members(kind).any(|(member, _)| member.eq_ignore_ascii_case(name));
        let (refused, consequence) = consequence(field, kind, words);
        let deviation = match (other_case, refused) {
            (true, true) => Deviation::EnumCaseRequired,
            (true, false) => Deviation::EnumCase,
            (false, true) => Deviation::EnumNameRequired,
            (false, false) => Deviation::EnumName,
        };
        let mut message = fill(words.no_member, &[&kind.name(), &quotable(token)]);
        if !self.findings.is_request() {
            message += &format!("; {consequence}");
        }
        let suggestion = suggest_member(kind, name, self.findings.has_room(Rule::JsonEnumName));
        let finding = Finding::new(deviation, span, message);
        let finding = finding.expected(names(kind, words)).found(found());
        self.findings.add(finding.suggestion(suggestion));
    }

    /// A number where the field holds an enum; the name that it stands for, or the number.
    pub(super) fn enum_number(
        &mut self,
        kind: &EnumDescriptor,
        number: &str,
        span: Span,
    ) -> String {
        let Some(whole) = self.whole_number(&Kind::Int32, number, span) else {
            return number.to_owned();
        };
        let name = i32::try_from(whole)
            .ok()
            .and_then(|number| first_name(kind, number));
        let words = self.words();
        let (deviation, message) = match name {
            Some(name) => (Deviation::EnumAsNumber, fill(words.enum_number, &[&name])),
            None => (
                Deviation::EnumUnknownNumber,
                fill(words.no_member_of_number, &[&kind.name()]),
            ),
        };
        let finding = Finding::new(deviation, span, message);
        let finding = finding
            .expected(names(kind, words))
            .found(whole.to_string());
        self.findings
            .add(finding.suggestion(name.map(str::to_owned)));
        if let Ok(number) = i32::try_from(whole) {
            self.deprecated_value(kind, number, span);
        }
        name.unwrap_or(number).to_owned()
    }

    fn deprecated_value(&mut self, kind: &EnumDescriptor, number: i32, span: Span) {
        let value = kind.get_value(number);
        let obsolete = value.as_ref().and_then(deprecated::of_value);
        if let Some(obsolete) = obsolete {
            self.findings.tell_deprecated(&obsolete, span);
        }
    }
}

/// Whether readers refuse a name that the enum does not have, and what they make of it.
fn consequence(field: &FieldDescriptor, kind: &EnumDescriptor, words: &Words) -> (bool, String) {
    match (unknown_member(kind), field.cardinality()) {
        (Some(unknown), _) => (false, fill(words.read_as, &[&unknown])),
        (None, Cardinality::Required) => (true, words.body_refused.to_owned()),
        (None, Cardinality::Repeated) => (false, words.element_dropped.to_owned()),
        (None, Cardinality::Optional) => (false, words.left_unset.to_owned()),
    }
}

/// The names that JSON writes, where they are few.
fn names(kind: &EnumDescriptor, words: &Words) -> String {
    let mut seen = Vec::new();
    let mut names = Vec::new();
    for (name, number) in members(kind) {
        if !seen.contains(&number) {
            seen.push(number);
            names.push(format!("`{name}`"));
        }
    }
    match names.as_slice() {
        names if names.len() > MOST_LISTED => fill(words.name_of, &[&kind.name()]),
        [] => words.some_name.to_owned(),
        [one] => one.clone(),
        [most @ .., last] => fill(words.or, &[&most.join(", "), last]),
    }
}
