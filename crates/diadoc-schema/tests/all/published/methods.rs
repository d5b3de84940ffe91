//! Methods as the list has them, and which of them the vendor gives up.

use std::collections::BTreeMap;

use diadoc_schema::{BodyKind, Method, Response, Schema, Stage};

use super::{Held, List, PublishedMethod, Status, below_root, digest, list, made_up};

/// `POST /V2/ShelfUpload ?fileExtension, sends bytes, answers text`
fn declaration(
    address: &str,
    query: &[&str],
    sends: Option<&str>,
    answers: Option<&str>,
) -> String {
    let parts = [
        (!query.is_empty()).then(|| format!(" ?{}", query.join("&"))),
        sends.map(|body| format!(", sends {body}")),
        answers.map(|body| format!(", answers {body}")),
    ];
    let parts: String = parts.into_iter().flatten().collect();
    format!("{address}{parts}")
}

fn stated(method: &Method) -> String {
    let address = format!("{} {}", method.verb, method.path);
    let query = method.parameters.iter();
    let query: Vec<_> = query.map(|one| one.field.name()).collect();
    let bodies = method.bodies.iter().map(|body| match &body.kind {
        BodyKind::Message(message) => below_root(message.full_name()),
        other => format!("{other:?}").to_lowercase(),
    });
    let bodies: Vec<_> = bodies.collect();
    let sends = (!bodies.is_empty()).then(|| bodies.join(", "));
    let answers = match &method.response {
        Response::Message(message) => Some(below_root(message.full_name())),
        Response::Nothing => None,
        other => Some(format!("{other:?}").to_lowercase()),
    };
    declaration(&address, &query, sends.as_deref(), answers.as_deref())
}

fn published(row: &PublishedMethod) -> String {
    let query: Vec<_> = row.query.iter().map(String::as_str).collect();
    declaration(
        &row.is,
        &query,
        row.sends.as_deref(),
        row.answers.as_deref(),
    )
}

/// Of the methods that a list calls held, those are that stand in the schema as it says.
fn held(list: &List, schema: &Schema) -> Held {
    let methods = schema.methods().iter();
    let mut held = Held {
        rest: methods
            .map(|method| (method.name().to_owned(), stated(method)))
            .collect(),
        faults: Vec::new(),
    };
    assert_eq!(
        held.rest.len(),
        schema.methods().len(),
        "a name stands twice"
    );
    for row in list.source.iter().flat_map(|source| &source.method) {
        let is = published(row);
        let at_address = |method: &Method| format!("{} {}", method.verb, method.path) == row.is;
        match (row.status, held.rest.remove(&row.name)) {
            (Status::Held, Some(there)) if there == is => {}
            (Status::LeftOut, None) if !schema.methods().iter().any(at_address) => {}
            (status, there) => held.faults.push(format!(
                "{} is {status:?} by the list, as `{is}`, and in the schema {there:?}",
                row.name
            )),
        }
    }
    held
}

#[test]
fn methods_are_as_published() {
    let list = list();
    let held = held(&list, Schema::diadoc());
    assert_eq!(held.faults, Vec::<String>::new());
    assert_eq!(
        digest(&held.rest),
        (list.methods.elements, list.methods.digest),
        "a method is neither of those before the list nor in it, or has changed or is gone"
    );
}

#[test]
fn what_the_list_gets_wrong_of_methods_is_told() {
    let list = made_up(
        r#"
        [[source.method]]
        name = "GetBox"
        is = "GET /GetBox"
        query = ["boxId"]
        answers = "Box"
        [[source.method]]
        name = "GetMyUser"
        is = "POST /GetMyUser"
        answers = "User"
        [[source.method]]
        name = "GetWeather"
        is = "GET /GetWeather"
        [[source.method]]
        name = "GetAnotherBox"
        is = "GET /GetBox"
        status = "left out"
    "#,
    );
    let schema = Schema::diadoc();
    let held = held(&list, schema);
    let faults = [
        "GetMyUser is Held by the list, as `POST /GetMyUser, answers User`, and in the schema \
         Some(\"GET /GetMyUser, answers User\")",
        "GetWeather is Held by the list, as `GET /GetWeather`, and in the schema None",
        "GetAnotherBox is LeftOut by the list, as `GET /GetBox`, and in the schema None",
    ];
    assert_eq!(held.faults, faults);
    assert_eq!(held.rest.len(), schema.methods().len() - 2);
}

/// When the vendor gives a method up, and whether it has done so.
type GivenUp = BTreeMap<String, (Option<String>, Stage)>;

fn given_up_by(list: &List) -> GivenUp {
    let mut all = GivenUp::new();
    let mut add = |name: &String, after: Option<&String>, stage| {
        let before = all.insert(name.clone(), (after.cloned(), stage));
        assert!(before.is_none(), "{name} stands twice");
    };
    for (name, after) in &list.methods.removal {
        add(
            name,
            Some(after).filter(|day| !day.is_empty()),
            Stage::ToBeRemoved,
        );
    }
    for source in &list.source {
        for row in &source.removal {
            add(&row.name, row.after.as_ref(), Stage::ToBeRemoved);
        }
        for row in &source.gone {
            add(&row.name, row.after.as_ref(), Stage::Gone);
        }
    }
    all
}

fn given_up_in(schema: &Schema) -> GivenUp {
    let methods = schema.methods().iter();
    let given_up = methods.filter(|method| {
        let is_stage = matches!(method.stage, Stage::ToBeRemoved | Stage::Gone);
        is_stage || method.removal_after.is_some()
    });
    given_up
        .map(|method| {
            let state = (method.removal_after.clone(), method.stage);
            (method.name().to_owned(), state)
        })
        .collect()
}

/// What only one of the two says.
fn differences(list: &GivenUp, schema: &GivenUp) -> Vec<String> {
    let only_in = |one: &GivenUp, other: &GivenUp, whose: &str| -> Vec<String> {
        let lacking = one.iter().filter(|(name, is)| other.get(*name) != Some(is));
        lacking
            .map(|(name, is)| format!("{name} is {is:?} by the {whose} alone"))
            .collect()
    };
    let mut all = only_in(list, schema, "list");
    all.extend(only_in(schema, list, "schema"));
    all
}

#[test]
fn what_is_to_be_removed_says_so() {
    let (listed, marked) = (given_up_by(&list()), given_up_in(Schema::diadoc()));
    assert_eq!(differences(&listed, &marked), Vec::<String>::new());
    for name in listed.keys() {
        assert!(Schema::diadoc().method(name).unwrap().deprecated, "{name}");
    }
}

#[test]
fn what_the_list_gets_wrong_of_removals_is_told() {
    let listed = given_up_by(&made_up(
        r#"
        [[source.removal]]
        name = "A"
        after = "2026-11-30"
        [[source.removal]]
        name = "B"
        [[source.gone]]
        name = "C"
    "#,
    ));
    let state = |after: Option<&str>, stage| (after.map(str::to_owned), stage);
    let marked: GivenUp = [
        ("A".to_owned(), state(None, Stage::ToBeRemoved)),
        ("C".to_owned(), state(None, Stage::Gone)),
        (
            "D".to_owned(),
            state(Some("2027-04-03"), Stage::ToBeRemoved),
        ),
    ]
    .into();
    let found = [
        "A is (Some(\"2026-11-30\"), ToBeRemoved) by the list alone",
        "B is (None, ToBeRemoved) by the list alone",
        "A is (None, ToBeRemoved) by the schema alone",
        "D is (Some(\"2027-04-03\"), ToBeRemoved) by the schema alone",
    ];
    assert_eq!(differences(&listed, &marked), found);
}
