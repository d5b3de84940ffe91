use insta::assert_snapshot;

use crate::run;

#[test]
fn every_rule_on_a_line() {
    let ran = run(&["rules"]);
    ran.ended(0);
    assert_snapshot!("rules", ran.stdout());
    run(&["rules", "json.type"]).failed(2, &["unexpected argument"]);
}
