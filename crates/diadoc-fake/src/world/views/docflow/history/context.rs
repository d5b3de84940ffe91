//! What a history tells of tags, and what the ids in it stand for.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::BoxId;
use diadoc_proto::Department;
use diadoc_proto::documents::document_history::document_history_item::EventType;
use diadoc_proto::documents::document_history::{
    DocumentHistoryItem, DocumentHistoryItemPayload, DocumentHistoryReferenceData,
    HistoryDepartmentReference, HistoryOrganizationBoxReference, TagChange, TagsChangedPayload,
};
use uuid::Uuid;

use super::{Docflows, Told};
use crate::world::HEAD_DEPARTMENT;
use crate::world::model::{Fact, Patch};

impl Docflows<'_> {
    /// How a patch changed the tags, which are `tags` before it and after it.
    pub(super) fn tags_changed(
        &self,
        patch: &Patch,
        tags: &mut BTreeMap<String, String>,
    ) -> Option<Told> {
        let before = tags.clone();
        for fact in &patch.facts {
            if let Fact::Tagged {
                document,
                key,
                value,
            } = fact
                && *document == self.state.key().entity
            {
                match value {
                    Some(value) => tags.insert(key.clone(), value.clone()),
                    None => tags.remove(key),
                };
            }
        }
        let mut changed = TagsChangedPayload::default();
        let keys: BTreeSet<_> = before.keys().chain(tags.keys()).collect();
        for key in keys {
            let change = TagChange {
                key: key.clone(),
                old_value: before.get(key).cloned(),
                new_value: tags.get(key).cloned(),
            };
            match (&change.old_value, &change.new_value) {
                (None, Some(_)) => changed.added.push(change),
                (Some(_), None) => changed.removed.push(change),
                (old, new) if old != new => changed.edited.push(change),
                _ => {}
            }
        }
        (changed != TagsChangedPayload::default()).then(|| {
            let payload = DocumentHistoryItemPayload {
                tags_changed: Some(Box::new(changed)),
                ..DocumentHistoryItemPayload::default()
            };
            (EventType::TagsChanged, payload)
        })
    }

    /// The names of what the events mention by id.
    pub(super) fn references(&self, items: &[DocumentHistoryItem]) -> DocumentHistoryReferenceData {
        let letter = self.state.letter;
        let boxes = letter.boxes().filter_map(|box_id| {
            let row = self.world.tables.organizations.get(&box_id)?;
            Some(HistoryOrganizationBoxReference {
                box_id: box_id.address().to_string(),
                box_title: row.short_name.clone(),
                organization_id: row.id.to_string(),
                organization_inn: row.inn.clone(),
                organization_kpp: row.kpp.clone(),
                organization_full_name: row.full_name.clone(),
                organization_short_name: Some(row.short_name.clone()),
            })
        });
        let moved = items.iter().filter_map(|item| {
            let moved = item.payload.as_ref()?.moved.as_ref()?;
            Some((self.state.viewer, moved.target_department_id.clone()?))
        });
        let parties = [Some(letter.sender), letter.proxy, letter.recipient];
        let departments: BTreeSet<_> = parties
            .into_iter()
            .flatten()
            .map(|party| (party.box_id, party.department.to_string()))
            .chain(moved)
            .collect();
        DocumentHistoryReferenceData {
            boxes: boxes.collect(),
            departments: departments
                .into_iter()
                .filter_map(|(box_id, id)| self.department(box_id, &id))
                .collect(),
        }
    }

    fn department(&self, box_id: BoxId, id: &str) -> Option<HistoryDepartmentReference> {
        let organization = self.world.tables.organizations.get(&box_id)?;
        let guid = Uuid::parse_str(id).ok()?;
        let (name, parent) = match guid {
            HEAD_DEPARTMENT => (organization.short_name.clone(), HEAD_DEPARTMENT),
            guid => {
                let row = organization.departments.get(&guid)?;
                (row.name.clone(), row.parent)
            }
        };
        Some(HistoryDepartmentReference {
            box_id: box_id.address().to_string(),
            department: Department {
                department_id: id.to_owned(),
                parent_department_id: parent.to_string(),
                name,
                ..Department::default()
            },
        })
    }
}
