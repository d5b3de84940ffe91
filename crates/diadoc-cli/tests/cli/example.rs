use crate::{run, run_with_input, to_convert};

#[test]
fn each_kind_is_read_back() {
    let mut sizes = Vec::new();
    for more in [
        "--minimal",
        "--full",
        "--random --seed 7",
        "--full --server-style",
    ] {
        let arguments: Vec<_> = ["example", "DocumentList"]
            .into_iter()
            .chain(more.split(' '))
            .collect();
        let ran = run(&arguments);
        ran.ended(0);
        assert!(ran.stdout().starts_with("{\n  \"TotalCount\": "), "{ran}");
        run_with_input(&to_convert("DocumentList", "json", "json"), &ran.stdout).ended(0);
        sizes.push(ran.stdout.len());
    }
    assert!(sizes[0] < sizes[2] && sizes[2] < sizes[1], "{sizes:?}");
    assert_eq!(run(&["example", "DocumentList"]).stdout.len(), sizes[0]);
}

#[test]
fn a_seed_gives_the_same_body() {
    let seeded = |seed: &str| run(&["example", "DocumentList", "--random", "--seed", seed]);
    assert_eq!(seeded("1").stdout, seeded("1").stdout);
    assert_ne!(seeded("1").stdout, seeded("2").stdout);

    let unseeded = run(&["example", "DocumentList", "--random"]);
    assert_eq!(unseeded.code, Some(0));
    let seed = unseeded.stderr.trim().strip_prefix("seed: ").unwrap();
    assert_eq!(seeded(seed).stdout, unseeded.stdout);
}

#[test]
fn as_the_server_writes_it() {
    let body = |more: &[&str]| {
        let ran = run(&[&["example", "ForwardedDocumentId"], more].concat());
        ran.ended(0);
        ran.json()
    };
    assert!(body(&["--full", "--server-style"])["ForwardEventIdGuid"].is_null());
    let computed = body(&["--full", "--server-style", "--computed-keys"]);
    assert!(computed["ForwardEventIdGuid"].is_string());
    let list = run(&["example", "DocumentList", "--server-style"]);
    list.shows("\"Documents\": []");
}

#[test]
fn wrong_usage() {
    run(&["example", "DocumentLst"]).failed(
        2,
        &["Did you mean:\n  Diadoc.Api.Proto.Documents.DocumentList"],
    );
    run(&["example", "Timestamp", "--seed", "1"]).failed(2, &["--random"]);
    run(&["example", "Timestamp", "--computed-keys"]).failed(2, &["--server-style"]);
    run(&["example", "Timestamp", "--full", "--minimal"]).failed(2, &["cannot be used with"]);
    run(&["example", "Timestamp", "--full", "--random"]).failed(2, &["cannot be used with"]);
    run(&["example", "Timestamp", "--random", "--seed", "-1"]).failed(2, &["'-1'"]);
    run(&["example"]).failed(2, &["<NAME>"]);
}
