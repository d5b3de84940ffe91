//! Lists that come in pages: each item once, however the pages are split.

use bytes::Bytes;
use diadoc_api::counteragents::{GetCounteragentsFromGroup, GetCounteragentsV3};
use diadoc_api::docflows::{GetDocflowEventsV4, GetDocflowsByPacketIdV4, SearchDocflowsV4};
use diadoc_api::documents::{GetDocumentsV3, GetDocumentsV4};
use diadoc_api::employees::GetEmployees;
use diadoc_api::events::{GetNewEventsV6, GetNewEventsV8};
use diadoc_api::{Paged, Pages, PagingError};
use diadoc_proto::counteragent_groups::CounteragentFromGroupResponse;
use diadoc_proto::docflow::{
    DocflowEventV4, DocumentWithDocflowV4, FetchedDocumentV4, GetDocflowEventsRequest,
    GetDocflowEventsResponseV4, GetDocflowsByPacketIdRequest, GetDocflowsByPacketIdResponseV4,
    SearchDocflowsRequest, SearchDocflowsResponseV4,
};
use diadoc_proto::documents::{Document, DocumentList, GetDocumentsV4Request};
use diadoc_proto::employees::{Employee, EmployeeList};
use diadoc_proto::events::{BoxEvent, BoxEventList};
use diadoc_proto::{Counteragent, CounteragentList, DocumentId};
use proptest::prelude::*;

use crate::BOX;

const ENOUGH: usize = 1000;

/// Reads a list to its end, with `server` answering.
fn read<R: Paged>(
    first: R,
    mut server: impl FnMut(&R) -> R::Response,
) -> Result<Vec<R::Item>, PagingError> {
    let mut pages = Pages::new(first);
    let mut items = Vec::new();
    for _ in 0..ENOUGH {
        let Some(request) = pages.request() else {
            assert_eq!(pages.seen(), items.len());
            return Ok(items);
        };
        let page = server(request);
        items.extend(pages.accept(page)?);
    }
    panic!("the list does not end");
}

/// Where each page starts and ends, by the sizes of the pages; some may be empty.
fn bounds(sizes: &[usize]) -> Vec<(usize, usize)> {
    let mut start = 0;
    let next = |size: &usize| {
        let bounds = (start, start + size);
        start += size;
        bounds
    };
    sizes.iter().map(next).collect()
}

/// The page after an item, as servers do that know the key of an item.
fn after(bounds: &[(usize, usize)], start: usize) -> std::ops::Range<usize> {
    let page = bounds.iter().find(|(from, to)| *from == start && to > from);
    page.map_or(start..start, |(from, to)| *from..*to)
}

fn key(place: usize) -> String {
    format!("+/{place}=")
}

fn place(key: Option<&str>) -> usize {
    let number = key.map(|key| key.trim_matches(['+', '/', '=']).parse::<usize>());
    number.map_or(0, |place| place.unwrap() + 1)
}

fn document(place: usize) -> Document {
    Document {
        index_key: Some(key(place)),
        entity_id: place.to_string(),
        ..Document::default()
    }
}

proptest! {
    #![proptest_config(diadoc_testkit::seeds::config(module_path!()))]

    #[test]
    fn documents(sizes in prop::collection::vec(1_usize..5, 0..8)) {
        let (bounds, total) = (bounds(&sizes), sizes.iter().sum::<usize>());
        let page = |cursor: Option<&str>| DocumentList {
            total_count: i32::try_from(total).unwrap(),
            documents: after(&bounds, place(cursor)).map(document).collect(),
            has_more_results: None,
        };
        let expected: Vec<_> = (0..total).map(document).collect();
        let first = GetDocumentsV3::new(BOX, "Any.Inbound").count(3);
        let items = read(first, |request| page(request.after_index_key.as_deref()));
        prop_assert_eq!(items.unwrap(), expected.clone());
        let first = GetDocumentsV4::new(BOX, GetDocumentsV4Request::default());
        let items = read(first, |request| page(request.body.after_index_key.as_deref()));
        prop_assert_eq!(items.unwrap(), expected);
    }

    /// The vendor says that a page of a packet may be empty.
    #[test]
    fn packets_with_empty_pages(sizes in prop::collection::vec(0_usize..4, 1..9)) {
        let (bounds, total) = (bounds(&sizes), sizes.iter().sum::<usize>());
        let fetched = |place: usize| FetchedDocumentV4 {
            index_key: Bytes::from(key(place)),
            ..FetchedDocumentV4::default()
        };
        let first = GetDocflowsByPacketIdV4::new(BOX, GetDocflowsByPacketIdRequest::default());
        let items = read(first, |request| {
            let number = request.body.after_index_key.as_ref();
            let number = number.map_or(0, |key| usize::from(key[0]));
            let (from, to) = bounds[number];
            let next = number + 1;
            GetDocflowsByPacketIdResponseV4 {
                documents: (from..to).map(fetched).collect(),
                next_page_index_key: (next < bounds.len())
                    .then(|| Bytes::from(vec![u8::try_from(next).unwrap()])),
            }
        });
        prop_assert_eq!(items.unwrap(), (0..total).map(fetched).collect::<Vec<_>>());
    }

    /// Found documents are counted; a page without any moves on by a whole page, as the server
    /// leaves out documents that the user may not read.
    #[test]
    fn searches_with_empty_pages(full in prop::collection::vec(any::<bool>(), 1..9)) {
        const SIZE: usize = 3;
        let found = |place: usize| DocumentWithDocflowV4 {
            document_id: DocumentId { entity_id: place.to_string(), ..DocumentId::default() },
            ..DocumentWithDocflowV4::default()
        };
        let body = SearchDocflowsRequest { count: Some(3), ..SearchDocflowsRequest::default() };
        let items = read(SearchDocflowsV4::new(BOX, body), |request| {
            let start = usize::try_from(request.body.first_index.unwrap_or(0)).unwrap();
            let number = start / SIZE;
            let documents = if full[number] { start..start + SIZE } else { start..start };
            SearchDocflowsResponseV4 {
                documents: documents.map(found).collect(),
                have_more_documents: Some(number + 1 < full.len()),
            }
        });
        let expected = full.iter().enumerate().filter(|(_, full)| **full);
        let expected: Vec<_> = expected
            .flat_map(|(number, _)| number * SIZE..(number + 1) * SIZE)
            .map(found)
            .collect();
        prop_assert_eq!(items.unwrap(), expected);
    }

    #[test]
    fn employees_by_number_of_page(total in 0_usize..60, size in 1_usize..20, counted: bool) {
        let employee = |place: usize| Employee {
            position: place.to_string(),
            ..Employee::default()
        };
        let mut asked = 0;
        let items = read(GetEmployees::new(BOX), |request| {
            asked += 1;
            let page = usize::try_from(request.page.unwrap_or(1)).unwrap();
            let from = ((page - 1) * size).min(total);
            EmployeeList {
                employees: (from..(from + size).min(total)).map(employee).collect(),
                // A server that counts wrong does not keep the list from its end.
                total_count: if counted { i32::try_from(total).unwrap() } else { i32::MAX },
            }
        });
        prop_assert_eq!(items.unwrap(), (0..total).map(employee).collect::<Vec<_>>());
        let needed = total.div_ceil(size).max(1);
        let exactly = !counted && total > 0;
        prop_assert_eq!(asked, needed + usize::from(exactly));
    }

    #[test]
    fn events(sizes in prop::collection::vec(1_usize..5, 0..8)) {
        let (bounds, total) = (bounds(&sizes), sizes.iter().sum::<usize>());
        let event = |place: usize| BoxEvent {
            event_id: place.to_string(),
            index_key: Some(key(place)),
            ..BoxEvent::default()
        };
        let page = |start: usize| BoxEventList {
            events: after(&bounds, start).map(event).collect(),
            ..BoxEventList::default()
        };
        let expected: Vec<_> = (0..total).map(event).collect();
        let items = read(GetNewEventsV8::new(BOX), |request| {
            page(place(request.after_index_key.as_deref()))
        });
        prop_assert_eq!(items.unwrap(), expected.clone());
        let items = read(GetNewEventsV6::new(BOX), |request| {
            page(place(request.after_event_id.as_deref()))
        });
        prop_assert_eq!(items.unwrap(), expected);

        let event = |place: usize| DocflowEventV4 {
            index_key: Bytes::from(key(place)),
            ..DocflowEventV4::default()
        };
        let first = GetDocflowEventsV4::new(BOX, GetDocflowEventsRequest::default());
        let items = read(first, |request| {
            let cursor = request.body.after_index_key.as_deref();
            let start = place(cursor.map(|cursor| std::str::from_utf8(cursor).unwrap()));
            GetDocflowEventsResponseV4 {
                events: after(&bounds, start).map(event).collect(),
                ..GetDocflowEventsResponseV4::default()
            }
        });
        prop_assert_eq!(items.unwrap(), (0..total).map(event).collect::<Vec<_>>());
    }

    #[test]
    fn counteragents_of_a_group(sizes in prop::collection::vec(1_usize..5, 0..8), last_key: bool) {
        let (bounds, total) = (bounds(&sizes), sizes.iter().sum::<usize>());
        let items = read(GetCounteragentsFromGroup::new(BOX, crate::GUID), |request| {
            let page = after(&bounds, place(request.after_index_key.as_deref()));
            // Whether the last page has a key too, the vendor does not say.
            let more = page.end < total || last_key;
            CounteragentFromGroupResponse {
                after_index_key: (!page.is_empty() && more).then(|| key(page.end - 1)),
                counteragent_box_id: page.map(|place| place.to_string()).collect(),
                total_count: i32::try_from(total).unwrap(),
            }
        });
        let expected: Vec<_> = (0..total).map(|place| place.to_string()).collect();
        prop_assert_eq!(items.unwrap(), expected);
    }
}

#[test]
fn events_after_an_event_go_on_by_key() {
    #[allow(deprecated)]
    let first = GetNewEventsV8::new(BOX).after_event_id(crate::GUID);
    let page = BoxEventList {
        events: vec![BoxEvent {
            index_key: Some("a".into()),
            ..BoxEvent::default()
        }],
        ..BoxEventList::default()
    };
    let next = first.next(&page, 1).unwrap().unwrap();
    assert_eq!(next, GetNewEventsV8::new(BOX).after_index_key("a"));
}

#[test]
fn a_search_of_counteragents_is_one_page() {
    let page = CounteragentList {
        counteragents: vec![Counteragent {
            index_key: Some("a".into()),
            ..Counteragent::default()
        }],
        ..CounteragentList::default()
    };
    let search = GetCounteragentsV3::new(BOX).query("Ромашка");
    assert_eq!(search.next(&page, 1), Ok(None));
    let all = GetCounteragentsV3::new(BOX).page_size(1);
    let next = all.next(&page, 1).unwrap().unwrap();
    assert_eq!(next, all.after_index_key("a"));
}

#[test]
fn a_list_that_cannot_go_on_is_an_error() {
    let page = |key: Option<&str>| DocumentList {
        documents: vec![Document {
            index_key: key.map(str::to_owned),
            ..Document::default()
        }],
        ..DocumentList::default()
    };
    let request = GetDocumentsV3::new(BOX, "Any.Inbound").after_index_key("a");
    let method = "GetDocumentsV3";
    for (key, error) in [
        (None, PagingError::NoKey { method }),
        (Some(""), PagingError::NoKey { method }),
    ] {
        assert_eq!(request.next(&page(key), 1), Err(error));
    }
    let mut pages = Pages::new(request.clone());
    assert!(pages.accept(page(None)).is_err());
    assert!(pages.request().is_none());
    let ways: [&[&str]; 4] = [&["a"], &["b", "a"], &["b", "b"], &["b", "c", "d", "c"]];
    for keys in ways {
        let mut pages = Pages::new(request.clone());
        for (number, key) in (1..).zip(keys) {
            let items = pages.accept(page(Some(key)));
            match number == keys.len() {
                true => assert_eq!(items, Err(PagingError::Circle { method }), "{keys:?}"),
                false => assert_eq!(items.unwrap().len(), 1, "{keys:?}"),
            }
        }
        assert!(pages.request().is_none(), "{keys:?}");
    }
}

/// A number that cannot grow any more is one that came already.
#[test]
fn numbers_end_too() {
    let page = || EmployeeList {
        employees: vec![Employee::default()],
        total_count: i32::MAX,
    };
    let mut pages = Pages::new(GetEmployees::new(BOX).page(i32::MAX - 1));
    assert!(pages.accept(page()).is_ok());
    let error = pages.accept(page()).unwrap_err();
    assert!(matches!(error, PagingError::Circle { .. }), "{error}");

    let body = SearchDocflowsRequest {
        first_index: Some(i32::MAX - 1),
        ..SearchDocflowsRequest::default()
    };
    let mut pages = Pages::new(SearchDocflowsV4::new(BOX, body));
    let page = || SearchDocflowsResponseV4 {
        documents: Vec::new(),
        have_more_documents: Some(true),
    };
    assert!(pages.accept(page()).is_ok());
    let error = pages.accept(page()).unwrap_err();
    assert!(matches!(error, PagingError::Circle { .. }), "{error}");
}
