//! What is wrong with the filters of documents, and what may have been meant.

use super::nearest;
use super::words::Words;
use crate::fill;
use crate::filter_category::{DocumentClass, DocumentStatus, FilterCategory, FilterCategoryError};

/// What GetDocuments (V4) calls the classes, in a field of its own. The vendor's pages do not have
/// `Any`; a client in use sends it.
static CATEGORIES: [(&str, Option<DocumentClass>); 6] = [
    ("Any", None),
    ("Incoming", Some(DocumentClass::Inbound)),
    ("Outgoing", Some(DocumentClass::Outbound)),
    ("Internal", Some(DocumentClass::Internal)),
    ("Proxy", Some(DocumentClass::Proxy)),
    ("Deleted", Some(DocumentClass::Deleted)),
];

/// What is wrong with a text, as a phrase, and what may have been meant.
type Fault = Option<(String, Option<String>)>;

/// What is wrong with a filter that is to be sent. Parsing is more tolerant: it keeps classes and
/// statuses that have no name here, and groups of types that the server no longer takes.
pub(super) fn filter_fault(text: &str, words: &Words) -> Fault {
    let (document_type, rest) = text.split_once('.').unwrap_or(("Any", text));
    let meant = |document_type: &str| {
        let rest = rest.replacen("Incoming", "Inbound", 1);
        let rest = nearest_class_and_status(&rest.replacen("Outgoing", "Outbound", 1))?;
        let filter = FilterCategory::new(document_type, DocumentClass::Inbound).ok()?;
        Some(format!("{}.{rest}", filter.document_type()))
    };
    match text.parse::<FilterCategory>() {
        Err(error) => Some((
            fill(words.no_filter, &[&no_filter(&error, words)]),
            meant(document_type),
        )),
        Ok(filter) if filter.is_withdrawn() => {
            let message = fill(words.withdrawn_group, &[&document_type]);
            Some((message, meant("Any")))
        }
        Ok(filter) if !filter.class().is_known() => {
            let message = words.unknown_class.to_owned();
            Some((message, meant(document_type)))
        }
        Ok(filter) if !filter.status().is_known() => {
            let message = words.unknown_status.to_owned();
            Some((message, meant(document_type)))
        }
        Ok(_) => None,
    }
}

/// Why a text is no filter.
fn no_filter(error: &FilterCategoryError, words: &Words) -> &'static str {
    match error {
        FilterCategoryError::NoDot => words.filter_no_dot,
        FilterCategoryError::Type => words.filter_no_type,
        FilterCategoryError::Class => words.filter_no_class,
        FilterCategoryError::Status => words.filter_no_status,
    }
}

/// What is wrong with a category of GetDocuments (V4).
pub(super) fn category_fault(text: &str, words: &Words) -> Fault {
    if CATEGORIES.iter().any(|(name, _)| *name == text) {
        return None;
    }
    let message = match text.contains('.') {
        true => words.filter_for_category,
        false => words.no_category,
    };
    // What follows a class is a status, which has its field.
    let class = text.rsplit('.').next().unwrap_or_default();
    let class = DocumentClass::ALL
        .into_iter()
        .find(|known| class.starts_with(known.as_str()));
    let named = |class: DocumentClass| {
        let mut categories = CATEGORIES.iter();
        categories.find(|(_, own)| own.as_ref() == Some(&class))
    };
    let meant = match class.and_then(named) {
        Some((name, _)) => Some(*name),
        None => {
            let near = nearest(text, CATEGORIES.iter().map(|(name, _)| *name));
            near.first().copied()
        }
    };
    Some((message.to_owned(), meant.map(str::to_owned)))
}

/// What is wrong with a status in a list of its own.
pub(super) fn status_fault(text: &str, words: &Words) -> Fault {
    if DocumentStatus::ALL
        .iter()
        .any(|known| known.as_str() == text)
    {
        return None;
    }
    let message = words.no_status.to_owned();
    // The class stands before the status in a filter of GetDocuments (V3) alone.
    let alone = text.rsplit('.').next().unwrap_or_default();
    let alone = DocumentClass::ALL
        .into_iter()
        .find_map(|class| alone.strip_prefix(class.as_str()))
        .unwrap_or(alone);
    let near = nearest(
        alone,
        DocumentStatus::ALL.iter().map(DocumentStatus::as_str),
    );
    Some((message, near.first().map(|&name| name.to_owned())))
}

/// What may have been meant behind the dot of a filter.
fn nearest_class_and_status(rest: &str) -> Option<String> {
    let classes = DocumentClass::ALL.into_iter();
    let known: Vec<_> = classes
        .flat_map(|class| {
            let statuses = [DocumentStatus::AnyStatus].into_iter();
            let statuses = statuses.chain(DocumentStatus::ALL.iter().cloned());
            statuses.map(move |status| format!("{class}{status}"))
        })
        .collect();
    let near = nearest(rest, known.iter().map(String::as_str));
    near.first().map(|&near| near.to_owned())
}
