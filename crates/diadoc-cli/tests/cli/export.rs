use std::fs;

use serde_json::Value;

use crate::{folder, names_in, run, run_in};

fn json_schema(more: &[&str]) -> Value {
    let ran = run(&[&["export", "json-schema"], more].concat());
    ran.ended(0);
    ran.json()
}

#[test]
fn a_json_schema_of_one_message_of_two_and_of_all() {
    let one = json_schema(&["DocumentId"]);
    assert_eq!(
        one["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(one["$ref"], "#/$defs/Diadoc.Api.Proto.DocumentId");
    let count = |schema: &Value| schema["$defs"].as_object().unwrap().len();
    assert_eq!(count(&one), 1);
    assert_eq!(count(&json_schema(&["DocumentId", "Proto.Timestamp"])), 2);
    assert!(count(&json_schema(&[])) > 600);

    let definition = |schema: &Value| schema["$defs"]["Diadoc.Api.Proto.DocumentId"].clone();
    let of = |profile: &str| definition(&json_schema(&["--profile", profile, "DocumentId"]));
    assert_eq!(of("request"), definition(&one));
    let id = |profile: &str| of(profile)["properties"]["EntityId"].to_string();
    // The requests without empty ids, the closed answers, the reader.
    assert!(id("request").contains("minLength"));
    assert!(!id("response").contains("minLength"));
    assert!(of("response")["required"].is_array());
    assert!(of("tolerant")["required"].is_null());
}

/// The help lists what JSON Schema cannot say, by the ids of the rules.
#[test]
fn differences_stand_in_the_help() {
    let ran = run(&["export", "json-schema", "--help"]);
    // Long lines are broken.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = words(ran.stdout());
    for (rule, difference) in diadoc_schema::DIFFERENCES {
        let line = words(&format!("{rule}: {difference}"));
        assert!(help.contains(&line), "{line}");
    }
}

#[test]
fn markdown() {
    let ran = run(&["export", "markdown"]);
    ran.ended(0);
    assert!(ran.stdout().starts_with("# "));
    ran.shows("TotalCount");
}

#[test]
fn the_descriptor_is_that_of_its_own_command() {
    let ran = run(&["export", "descriptor"]);
    ran.ended(0);
    assert_eq!(ran.stdout, run(&["descriptor"]).stdout);
}

#[test]
fn into_files() {
    let folder = folder(&[("out", "old"), ("sub/x", "")]);
    let path = folder.path();
    for form in [
        &["json-schema", "DocumentId"][..],
        &["markdown"],
        &["descriptor"],
    ] {
        let export = |output| run_in(path, &[&["export"], form, &["-o", output]].concat());
        let ran = export("out");
        ran.ended(0);
        assert!(ran.stdout.is_empty());
        assert_eq!(fs::read(path.join("out")).unwrap(), export("-").stdout);
        export("sub").failed(2, &["sub: cannot be written: "]);
        export("gone/out").failed(2, &["gone/out: cannot be written: ", "-o"]);
    }
    assert_eq!(names_in(path), ["out", "sub"]);
}

#[test]
fn wrong_usage() {
    let folder = folder(&[]);
    let ran = run_in(
        folder.path(),
        &["export", "json-schema", "DocumentIdd", "-o", "out"],
    );
    ran.failed(
        2,
        &[
            "no message and no method is called `DocumentIdd`",
            "Diadoc.Api.Proto.DocumentId\n",
        ],
    );
    assert!(names_in(folder.path()).is_empty());
    run(&["export", "json-schema", "--profile", "strict"])
        .failed(2, &["request, response, tolerant"]);
    run(&["export", "json-schem"]).failed(2, &["'json-schema'"]);
    let nothing = run(&["export"]);
    assert_eq!((nothing.code, nothing.stdout()), (Some(2), ""));
    nothing.says("Usage: diadoc export <COMMAND>");
}
