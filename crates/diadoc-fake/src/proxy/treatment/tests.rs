use std::collections::BTreeMap;
use std::fmt::Write as _;

use diadoc_schema::Schema;
use prost_reflect::Kind;

use super::{BY_END, BY_NAME, Treatment, of};

/// All fields of strings and bytes of all bodies, with what becomes of them.
fn fields() -> Vec<(Treatment, String)> {
    let messages = Schema::diadoc().messages();
    let fields = messages.flat_map(|message| message.fields().collect::<Vec<_>>());
    let fields = fields.filter(|field| matches!(field.kind(), Kind::String | Kind::Bytes));
    let name = |full_name: &str| full_name.trim_start_matches("Diadoc.Api.Proto.").to_owned();
    fields
        .map(|field| (of(&field), name(field.full_name())))
        .collect()
}

/// The snapshot is for a reviewer to read: what is kept, where it has the form of what is kept, and how
/// many fields are replaced in which way.
#[test]
fn what_is_kept() {
    let mut page = String::new();
    let mut counts = BTreeMap::new();
    for (treatment, _) in fields() {
        *counts.entry(treatment).or_insert(0) += 1;
    }
    for (treatment, count) in counts {
        let _ = writeln!(page, "{treatment:?}: {count}");
    }
    for kept in [Treatment::Code, Treatment::Date, Treatment::Amount] {
        let _ = writeln!(page, "\n{kept:?}");
        let mut names: Vec<_> = fields()
            .into_iter()
            .filter(|(one, _)| *one == kept)
            .collect();
        names.sort();
        names.iter().for_each(|(_, name)| {
            let _ = writeln!(page, "  {name}");
        });
    }
    insta::assert_snapshot!(page);
}

#[test]
fn every_name_in_the_tables_is_that_of_a_field() {
    let fields = fields();
    for name in BY_NAME.iter().flat_map(|(_, names)| *names) {
        let end = format!(".{name}");
        assert!(
            fields
                .iter()
                .any(|(_, field)| format!(".{field}").ends_with(&end)),
            "{name}"
        );
    }
    for end in BY_END.iter().flat_map(|(_, ends)| *ends) {
        assert!(
            fields.iter().any(|(_, field)| field.ends_with(end)),
            "{end}"
        );
    }
}
