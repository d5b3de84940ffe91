//! What a search for documents asks for.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use diadoc_core::{BoxId, DocumentDate, DocumentStatus, Ticks};
use uuid::Uuid;

use super::ListKey;
use crate::world::access::Actor;
use crate::world::index::Row;
use crate::world::model::DocumentDetails;
use crate::world::state::Direction;
use crate::world::workflow::Workflow;

/// A search for documents of a box. What a list is empty of, is not asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub category: Option<Category>,
    /// `TypeNamedId`s, and names of groups of them.
    pub types: Vec<String>,
    /// One of these statuses.
    pub statuses: Vec<DocumentStatus>,
    pub counteragents: Vec<BoxId>,
    /// Of internal documents.
    pub from_departments: Vec<Uuid>,
    /// Of internal documents.
    pub to_departments: Vec<Uuid>,
    /// In one of these departments; none for all of them.
    pub departments: Option<BTreeSet<Uuid>>,
    /// Parts of names of files.
    pub file_names: Vec<String>,
    pub numbers: Vec<String>,
    pub dates: Range<DocumentDate>,
    pub moments: Range<Ticks>,
    pub sums: Vec<f64>,
    pub sum: Range<f64>,
    /// Tags, where a value is given with that one.
    pub tags: Vec<(String, Option<String>)>,
    pub is_descending: bool,
    pub count: usize,
    pub after: Option<ListKey>,
}

/// Which way documents went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Category {
    Inbound,
    Outbound,
    Internal,
    /// Through an intermediate recipient.
    Proxy,
    /// Deleted ones of every kind, which belong to no other category.
    Deleted,
}

/// Bounds, both among what is meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range<T> {
    pub from: Option<T>,
    pub to: Option<T>,
}

impl<T> Default for Range<T> {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
        }
    }
}

impl<T: PartialOrd + Copy> Range<T> {
    fn is_open(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether a value lies within; what has none does where there are no bounds.
    fn contains(&self, value: Option<T>) -> bool {
        match value {
            None => self.is_open(),
            Some(value) => {
                self.from.is_none_or(|from| from <= value) && self.to.is_none_or(|to| value <= to)
            }
        }
    }
}

impl Filter {
    /// The moments of the rows that can be meant.
    pub(crate) fn span(&self) -> RangeInclusive<Ticks> {
        let Range { from, to } = self.moments;
        from.unwrap_or(Ticks::MIN)..=to.unwrap_or(Ticks::MAX)
    }

    /// Whether a document is meant, as far as its row says.
    pub(crate) fn fits(&self, row: &Row, actor: &Actor) -> bool {
        let is_deleted = self.category == Some(Category::Deleted);
        let one_of = |wanted: &[Uuid], department: Option<Uuid>| {
            wanted.is_empty() || department.is_some_and(|one| wanted.contains(&one))
        };
        let statuses = &self.statuses;
        let departments = &self.departments;
        row.is_deleted == is_deleted
            && self.is_of_category(row)
            && (statuses.is_empty() || statuses.iter().any(|one| row.statuses.contains(one)))
            && actor.sees(row.department)
            && departments
                .as_ref()
                .is_none_or(|departments| departments.contains(&row.department))
            && (self.counteragents.is_empty()
                || row
                    .counteragent
                    .is_some_and(|one| self.counteragents.contains(&one)))
            && one_of(&self.from_departments, row.internal_from)
            && one_of(&self.to_departments, row.internal_to)
            && self.tags.iter().all(|(key, value)| {
                let found = row.tags.iter().find(|(one, _)| is_same(one, key));
                found.is_some_and(|(_, one)| value.as_ref().is_none_or(|value| value == one))
            })
    }

    fn is_of_category(&self, row: &Row) -> bool {
        match self.category {
            None | Some(Category::Deleted) => true,
            Some(Category::Proxy) => row.has_proxy,
            Some(Category::Inbound) => row.direction == Direction::Inbound && !row.is_proxy,
            Some(Category::Outbound) => row.direction == Direction::Outbound,
            Some(Category::Internal) => row.direction == Direction::Internal,
        }
    }

    /// Whether a document is meant, by what it is itself.
    pub(crate) fn fits_details(
        &self,
        details: &DocumentDetails,
        file_name: Option<&str>,
        workflow: Workflow,
    ) -> bool {
        let sum = || {
            let sum = details.metadata("TotalSum")?;
            sum.parse::<f64>().ok()
        };
        let date = || details.metadata("DocumentDate")?.parse().ok();
        let number = details.metadata("DocumentNumber");
        let file_name = file_name.unwrap_or_default().to_lowercase();
        (self.types.is_empty()
            || self
                .types
                .iter()
                .any(|name| is_of_type(name, details, workflow)))
            && (self.file_names.is_empty()
                || self
                    .file_names
                    .iter()
                    .any(|part| file_name.contains(&part.to_lowercase())))
            && (self.numbers.is_empty()
                || number.is_some_and(|number| self.numbers.iter().any(|one| one == number)))
            && (self.dates.is_open() || self.dates.contains(date()))
            && (self.sums.is_empty() || sum().is_some_and(|sum| self.sums.contains(&sum)))
            && (self.sum.is_open() || self.sum.contains(sum()))
    }
}

/// Keys of tags are the same in either case.
fn is_same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

fn is_of_type(name: &str, details: &DocumentDetails, workflow: Workflow) -> bool {
    const INVOICES: [&str; 4] = [
        "Invoice",
        "InvoiceRevision",
        "InvoiceCorrection",
        "InvoiceCorrectionRevision",
    ];
    let kind = details.type_named_id.as_str();
    match name {
        "Any" => true,
        "AnyInvoiceDocumentType" => INVOICES.contains(&kind),
        "AnyBilateralDocumentType" => workflow.expects_response(),
        "AnyUnilateralDocumentType" => !workflow.expects_response(),
        name => name == kind,
    }
}
