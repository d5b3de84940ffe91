use insta::assert_snapshot;

use crate::run;

#[test]
fn every_rule_on_a_line() {
    let ran = run(&["rules"]);
    ran.ended(0);
    assert_snapshot!("rules", ran.stdout());
    run(&["rules", "--no-such"]).failed(2, &["unexpected argument"]);
}

#[test]
fn a_rule_is_explained() {
    let ran = run(&["rules", "json.base64-form"]);
    assert_snapshot!("explained", ran);
    run(&["rules", "json.base64"]).ended(0);
    run(&["rules", "json.base65"]).failed(2, &["did you mean `json.base64`?"]);
}

/// The page has the table that the validator goes by.
#[test]
fn the_page_is_the_table() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/server.md");
    let page = std::fs::read_to_string(page).unwrap().replace("\r\n", "\n");
    let table = run(&["rules", "--markdown"]).stdout().to_owned();
    assert!(
        page.ends_with(&table),
        "docs/server.md does not end with what `diadoc rules --markdown` prints"
    );
}
