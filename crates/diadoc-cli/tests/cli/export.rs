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

#[test]
fn proto_files_for_other_compilers() {
    let folder = folder(&[]);
    let folder = folder.path();
    let export = |more: &[&str]| {
        let mut arguments = vec!["export", "proto", "-o", "schema"];
        arguments.extend(more);
        run_in(folder, &arguments)
    };
    let ran = export(&["--proto3", "--rules", "protovalidate", "--http", "google"]);
    ran.ended(0);
    let text = |name: &str| fs::read_to_string(folder.join("schema").join(name)).unwrap();
    let organization = text("diadoc/organization.proto");
    assert!(
        organization.contains("syntax = \"proto3\";"),
        "{organization}"
    );
    assert!(
        organization.contains("(buf.validate.field)"),
        "{organization}"
    );
    assert!(text("diadoc/methods/shelf.proto").contains("(google.api.http)"));
    assert!(text("buf.yaml").contains("buf.build/bufbuild/protovalidate"));
    // Another form of the same files takes their place.
    export(&["--plain"]).ended(0);
    assert!(text("diadoc/organization.proto").contains("syntax = \"proto2\";"));
    // What a form has not, goes where another form has left it.
    export(&[]).ended(0);
    assert!(text("diadoc/json.proto").contains("extend "));
    export(&["--without-required"]).ended(0);
    assert!(!folder.join("schema/diadoc/json.proto").exists());
    // What is somebody's own stays, and would be compiled with it.
    for (name, said) in [
        ("diadoc/json.proto", "other .proto files"),
        ("buf.yaml", "buf.yaml"),
    ] {
        let path = folder.join("schema").join(name);
        let before = fs::read(&path).ok();
        fs::write(&path, "// Mine.").unwrap();
        export(&["--plain"]).failed(2, &[said, "Nothing was written"]);
        assert_eq!(text(name), "// Mine.");
        match before {
            Some(before) => fs::write(&path, before).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
    }
    assert!(!text("diadoc/organization.proto").contains("required "));
    run_in(folder, &["export", "proto", "-o", "-"]).failed(2, &["Name a folder"]);

    run(&["export", "proto"]).failed(2, &["--output <FOLDER>"]);
    fs::write(folder.join("file"), "").unwrap();
    let ran = run_in(folder, &["export", "proto", "-o", "file"]);
    ran.failed(2, &["file: cannot be read"]);
}

/// Each entry of the catalogue leads to a schema, which takes what the message is and refuses what it is not.
#[test]
fn a_catalogue_for_editors() {
    use serde_json::{Value, json};

    let folder = crate::folder(&[]);
    let ran = crate::run_in(folder.path(), &["export", "catalog", "-o", "deep/schemas"]);
    ran.ended(0);
    let place = folder.path().join("deep/schemas");
    let read = |name: &str| -> Value {
        let text = std::fs::read(place.join(name)).expect("a file");
        serde_json::from_slice(&text).expect("JSON")
    };
    let catalogue = read("catalog.json");
    let entries = catalogue["schemas"].as_array().expect("entries");
    assert!(entries.len() > 100, "{}", entries.len());
    let settings = read("settings.json");
    let of_editor = settings["json.schemas"].as_array().expect("entries");
    assert_eq!(of_editor.len(), entries.len());
    assert_eq!(
        of_editor[0]["url"],
        format!(
            "./deep/schemas/{}",
            entries[0]["url"].as_str().expect("a name")
        )
    );
    let mut shared = std::collections::BTreeMap::new();
    for entry in entries {
        let schema = read(entry["url"].as_str().expect("a name"));
        let target = schema["$ref"].as_str().expect("a reference");
        let (file, name) = target.split_once("#/$defs/").expect("a definition");
        let definitions = shared.entry(file.to_owned()).or_insert_with(|| read(file));
        assert!(definitions["$defs"][name].is_object(), "{target}");
    }
    // The two documents of a schema as one.
    let schema = |name: &str| {
        let own = read(&format!("{name}.schema.json"));
        let (file, definition) = own["$ref"]
            .as_str()
            .expect("a reference")
            .split_once('#')
            .expect("a part");
        let mut whole = read(file);
        whole["$ref"] = json!(format!("#{definition}"));
        whole.as_object_mut().expect("an object").remove("oneOf");
        whole.as_object_mut().expect("an object").remove("anyOf");
        jsonschema::validator_for(&whole).expect("a schema")
    };
    let example: Value = crate::run(&["example", "MessageToPost", "--full"]).json();
    assert!(schema("MessageToPost").is_valid(&example));
    assert!(!schema("MessageToPost").is_valid(&json!({"FromBoxId": 1})));
    let example: Value =
        crate::run(&["example", "DocumentList", "--full", "--server-style"]).json();
    assert!(schema("DocumentList").is_valid(&example));
    crate::run_in(
        folder.path(),
        &["export", "catalog", "-o", "deep/schemas/catalog.json"],
    )
    .failed(2, &["this folder cannot be made"]);
}
