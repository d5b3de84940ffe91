//! Reports of parts are those of the whole.

use serde_json::Value;

use crate::{diadoc, folder, run_in, run_with_input};

#[test]
fn parts_add_up_to_the_whole() {
    let files = [
        ("a.json", r#"{"TotalCount": 1, "Documents": []}"#),
        ("b.json", r#"{"TotalCount": "x"}"#),
        ("c.json", "{"),
        ("d.json", r#"{"TotalCount": 1, "Nope": 1}"#),
        ("e.json", r#"{"Nothing": "of ours"}"#),
    ];
    let folder = folder(&files);
    let check = |names: &[&str]| {
        let more = ["check", "--format", "json", "--notes"];
        run_in(folder.path(), &[&more, names].concat())
    };
    let names = files.map(|(name, _)| name);
    let whole = check(&names);
    // One file with two reports in it, one with one.
    let (first, second) = names.split_at(2);
    let (one, other) = (first[..1].to_vec(), first[1..].to_vec());
    let together = format!("{}{}", check(&one).stdout(), check(&other).stdout());
    std::fs::write(folder.path().join("1.report"), together).unwrap();
    std::fs::write(folder.path().join("2.report"), check(second).stdout()).unwrap();
    let merged = run_in(folder.path(), &["merge", "1.report", "2.report"]);
    assert_eq!(merged.stdout(), whole.stdout());
    assert_eq!(merged.code, whole.code);
    assert_eq!(merged.code, Some(1));
    let summary = run_in(
        folder.path(),
        &["merge", "--summary", "1.report", "2.report"],
    );
    assert_eq!(summary.json(), whole.json()["summary"]);
    assert_eq!(summary.json()["unexpected"], 3, "{summary}");
    // The functions say the same.
    let [a, b] = ["1.report", "2.report"]
        .map(|name| std::fs::read_to_string(folder.path().join(name)).unwrap());
    assert_eq!(
        diadoc_cli::functions::merge([&*a, &*b]).unwrap(),
        whole.stdout()
    );
}

/// The exit code is that of a check, whatever there was.
#[test]
fn how_it_ends() {
    for (body, code) in [(r#"{"TotalCount": 1}"#, 0), (r#"{"TotalCount": "x"}"#, 1)] {
        let report = run_with_input(
            &["check", "--format", "json", "-m", "DocumentList", "-"],
            body.as_bytes(),
        );
        assert_eq!(report.code, Some(code));
        let merged = run_with_input(&["merge"], &report.stdout);
        assert_eq!(
            (merged.code, merged.stdout()),
            (Some(code), report.stdout())
        );
    }
    let unreadable = diadoc()
        .args(["check", "--format", "json", "/nowhere"])
        .output()
        .unwrap();
    let merged = run_with_input(&["merge", "-"], &unreadable.stdout);
    assert_eq!(merged.code, Some(2), "{merged}");
    assert_eq!(merged.json()["summary"]["unreadable"], 1);
}

#[test]
fn what_is_no_report() {
    let report = run_with_input(
        &["check", "--format", "json", "-m", "DocumentList", "-"],
        b"{}",
    );
    let text = report.stdout();
    let cut = &text[..text.len() - 40];
    let mut older: Value = serde_json::from_str(text).unwrap();
    older["summary"]
        .as_object_mut()
        .unwrap()
        .remove("unexpected");
    let most = text.replace("\"bodies\":1", &format!("\"bodies\":{}", u64::MAX));
    let more = text.replace("{\"bodies\": [\n", "{\"bodies\": [\n{},\n{},\n");
    let no_bodies = text.replace("{\"bodies\": [\n", "{\"bodies\": [\n1,\n");
    let as_list = format!("[[], {}]", report.json()["summary"]);
    for wrong in [
        more.as_str(),
        &no_bodies,
        &as_list,
        "",
        "{}",
        "[]",
        cut,
        &older.to_string(),
        &format!("{text}{most}"),
        &format!("{text} x"),
    ] {
        let ran = run_with_input(&["merge"], wrong.as_bytes());
        assert_eq!(ran.code, Some(2), "{wrong}: {ran}");
        ran.says("standard input: this is no whole report of `diadoc check --format json`");
        assert!(diadoc_cli::functions::merge([wrong]).is_err());
    }
}

/// What was summed may go on being summed: reports without bodies count as well.
#[test]
fn summaries_alone() {
    let report = run_with_input(
        &["check", "--format", "json", "-m", "DocumentList", "-"],
        b"{}",
    );
    let summary = format!("{{\"summary\": {}}}", report.json()["summary"]);
    let three = [summary.as_str(), &summary, report.stdout()].concat();
    let merged = run_with_input(&["merge"], three.as_bytes());
    assert_eq!(merged.json()["summary"]["bodies"], 3, "{merged}");
    assert_eq!(merged.json()["bodies"].as_array().map(Vec::len), Some(1));
}

/// Many bodies at once are what each is alone.
#[test]
fn bodies_are_checked_together() {
    use diadoc_cli::functions::{Check, check, check_all, merge};

    let bodies = [r#"{"TotalCount": 1}"#, "{", r#"{"TotalCount": "x"}"#];
    let asked = Check {
        message: Some("DocumentList"),
        ..Check::default()
    };
    let names = ["a", "b", "c"];
    let all = check_all(names.into_iter().zip(bodies.map(str::as_bytes)), &asked).unwrap();
    let each = names.into_iter().zip(bodies).map(|(name, body)| {
        let asked = Check {
            name: Some(name),
            ..asked
        };
        check(body.as_bytes(), &asked).unwrap()
    });
    let each: Vec<_> = each.collect();
    assert_eq!(all, merge(each.iter().map(String::as_str)).unwrap());
    let none = check_all([], &asked).unwrap();
    assert_eq!(merge([none.as_str(), &all]).unwrap(), all);
}
