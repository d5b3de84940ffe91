//! Searches for documents.

use std::collections::BTreeSet;

use diadoc_core::{BoxId, DocumentClass, DocumentDate, DocumentStatus, FilterCategory, Ticks};
use diadoc_proto::SortDirection;
use diadoc_proto::documents::{DocumentList, GetDocumentsV4Request};
use uuid::Uuid;

use super::{Asked, Handler, documents};
use crate::server::Answer;
use crate::world::access::Actor;
use crate::world::lists::{Category, Filter, ListKey, Range};
use crate::world::{HEAD_DEPARTMENT, Refusal, World};

/// The documents of a page, at most and by default.
const COUNT: usize = 100;

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetDocumentsV3" => by_query,
        "GetDocumentsV4" => by_body,
        _ => return None,
    })
}

fn by_query(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let category: FilterCategory = asked.required("filterCategory")?;
    let department: Option<Uuid> = asked.optional("departmentId")?;
    let department = (
        department.unwrap_or(HEAD_DEPARTMENT),
        asked.flag("excludeSubdepartments")?.unwrap_or(false),
    );
    let filter = Filter {
        category: class(category.class())?,
        types: vec![category.document_type().to_owned()],
        statuses: vec![category.status().clone()],
        counteragents: list(asked.optional("counteragentBoxId")?),
        from_departments: list(asked.optional("fromDepartmentId")?),
        to_departments: list(asked.optional("toDepartmentId")?),
        departments: within(world, &actor, &[department]),
        numbers: list(asked.optional("documentNumber")?),
        dates: Range {
            from: asked.optional("fromDocumentDate")?,
            to: asked.optional("toDocumentDate")?,
        },
        moments: Range {
            from: asked.ticks("timestampFromTicks")?,
            to: asked.ticks("timestampToTicks")?,
        },
        is_descending: is_descending(asked.text("sortDirection")),
        count: asked.optional("count")?.unwrap_or(COUNT).min(COUNT),
        after: cursor(asked.text("afterIndexKey"))?,
        ..Filter::default()
    };
    answer(world, &actor, &filter)
}

fn by_body(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let body: GetDocumentsV4Request = asked.message()?;
    let departments: Result<Vec<_>, Refusal> = body
        .departments
        .iter()
        .map(|one| {
            let id = read("Departments", &one.department_id)?;
            Ok((id, one.exclude_subdepartments()))
        })
        .collect();
    let departments = match departments? {
        none if none.is_empty() => vec![(HEAD_DEPARTMENT, false)],
        some => some,
    };
    let statuses: Result<Vec<DocumentStatus>, _> =
        read_all("DocumentStatuses", &body.document_statuses);
    let filter = Filter {
        category: match body.document_category.as_str() {
            "Incoming" => Some(Category::Inbound),
            "Outgoing" => Some(Category::Outbound),
            "Any" => None,
            other => class(&read("DocumentCategory", other)?)?,
        },
        types: body.document_type_named_ids.clone(),
        statuses: statuses?,
        counteragents: read_all::<BoxId>("CounteragentBoxIds", &body.counteragent_box_ids)?,
        from_departments: read_all("FromDepartmentIds", &body.from_department_ids)?,
        to_departments: read_all("ToDepartmentIds", &body.to_department_ids)?,
        departments: within(world, &actor, &departments),
        file_names: body.file_names.clone(),
        numbers: body.document_numbers.clone(),
        dates: Range {
            from: optional("FromDocumentDate", body.from_document_date.as_deref())?,
            to: optional::<DocumentDate>("ToDocumentDate", body.to_document_date.as_deref())?,
        },
        moments: Range {
            from: ticks(body.from_timestamp.as_ref().map(|from| from.ticks))?,
            to: ticks(body.to_timestamp.as_ref().map(|to| to.ticks))?,
        },
        sums: read_all("TotalSums", &body.total_sums)?,
        sum: Range {
            from: optional("FromTotalSum", body.from_total_sum.as_deref())?,
            to: optional("ToTotalSum", body.to_total_sum.as_deref())?,
        },
        tags: body
            .custom_data
            .iter()
            .map(|tag| (tag.key.clone(), tag.value.clone()))
            .collect(),
        is_descending: body.sort_direction() == SortDirection::Descending,
        count: usize::try_from(body.count()).unwrap_or(0).min(COUNT),
        after: cursor(
            body.after_index_key
                .as_deref()
                .filter(|key| !key.is_empty()),
        )?,
    };
    answer(world, &actor, &filter)
}

fn answer(world: &World, actor: &Actor, filter: &Filter) -> Result<Answer, Refusal> {
    let found = world.search(actor, filter);
    let mut page = Vec::new();
    for key in found.page {
        let mut document = documents::view(world, actor, key.document)?;
        document.index_key = Some(key.write());
        page.push(document);
    }
    Ok(Answer::message(&DocumentList {
        total_count: i32::try_from(found.total).unwrap_or(i32::MAX),
        documents: page,
        has_more_results: Some(found.is_cut),
    }))
}

/// The departments of a search; none for all, as for the head department with those below it.
fn within(world: &World, actor: &Actor, asked: &[(Uuid, bool)]) -> Option<BTreeSet<Uuid>> {
    if asked.contains(&(HEAD_DEPARTMENT, false)) {
        return None;
    }
    let organization = world.tables.organizations.get(&actor.box_id);
    let found = asked
        .iter()
        .flat_map(|(department, is_alone)| match is_alone {
            true => [*department].into(),
            false => organization
                .map(|organization| organization.department_tree(*department))
                .unwrap_or_default(),
        });
    Some(found.collect())
}

fn class(class: &DocumentClass) -> Result<Option<Category>, Refusal> {
    Ok(Some(match class {
        DocumentClass::Inbound => Category::Inbound,
        DocumentClass::Outbound => Category::Outbound,
        DocumentClass::Internal => Category::Internal,
        DocumentClass::Proxy => Category::Proxy,
        DocumentClass::Deleted => Category::Deleted,
        other => {
            let text = format!("there is no class of documents `{other}`");
            return Err(Refusal::bad_request(text));
        }
    }))
}

fn is_descending(direction: Option<&str>) -> bool {
    direction == Some(SortDirection::Descending.as_str_name())
}

fn cursor(key: Option<&str>) -> Result<Option<ListKey>, Refusal> {
    let wrong = || Refusal::bad_request("afterIndexKey query param has incorrect size");
    key.map(|key| ListKey::read(key).ok_or_else(wrong))
        .transpose()
}

/// A bound in ticks; 0 is none.
fn ticks(ticks: Option<i64>) -> Result<Option<Ticks>, Refusal> {
    let read = ticks.map(Ticks::from_field).transpose();
    let read = read.map_err(|error| Refusal::bad_request(error.to_string()))?;
    Ok(read.flatten())
}

fn list<T>(one: Option<T>) -> Vec<T> {
    one.into_iter().collect()
}

fn read<T: std::str::FromStr>(field: &str, text: &str) -> Result<T, Refusal> {
    let wrong = |_| Refusal::bad_request(format!("{field}: `{text}` cannot be read"));
    text.parse().map_err(wrong)
}

/// The values of a list; an empty one is none.
fn read_all<T: std::str::FromStr>(field: &str, texts: &[String]) -> Result<Vec<T>, Refusal> {
    let given = texts.iter().filter(|text| !text.is_empty());
    given.map(|text| read(field, text)).collect()
}

/// A value that may be left out; an empty one is left out.
fn optional<T: std::str::FromStr>(field: &str, text: Option<&str>) -> Result<Option<T>, Refusal> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| read(field, text)).transpose()
}
