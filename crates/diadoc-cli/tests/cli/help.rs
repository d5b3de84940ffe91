use insta::assert_snapshot;

use crate::run;

#[test]
fn each_command_explains_itself() {
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help_check", &["check", "--help"]),
        ("help_convert", &["convert", "--help"]),
        ("help_list", &["list", "--help"]),
        ("help_descriptor", &["descriptor", "--help"]),
        ("help_detect", &["detect", "--help"]),
        ("help_describe", &["describe", "--help"]),
        ("help_search", &["search", "--help"]),
        ("help_example", &["example", "--help"]),
        ("help_rules", &["rules", "--help"]),
        ("help_manifest", &["manifest", "--help"]),
        ("help_manifest_init", &["manifest", "init", "--help"]),
        ("help_manifest_schema", &["manifest", "schema", "--help"]),
        ("help_world", &["world", "--help"]),
        ("help_world_check", &["world", "check", "--help"]),
        ("help_world_schema", &["world", "schema", "--help"]),
        ("help_call", &["call", "--help"]),
        ("help_login", &["login", "--help"]),
        ("help_logout", &["logout", "--help"]),
        ("help_serve", &["serve", "--help"]),
        ("help_mcp", &["mcp", "--help"]),
        ("help_merge", &["merge", "--help"]),
        ("help_upload", &["upload", "--help"]),
        ("help_diff", &["diff", "--help"]),
        ("help_export", &["export", "--help"]),
        ("help_completions", &["completions", "--help"]),
        ("help_man", &["man", "--help"]),
        (
            "help_export_json_schema",
            &["export", "json-schema", "--help"],
        ),
        ("help_export_markdown", &["export", "markdown", "--help"]),
        (
            "help_export_descriptor",
            &["export", "descriptor", "--help"],
        ),
        ("help_export_catalog", &["export", "catalog", "--help"]),
        ("help_export_openapi", &["export", "openapi", "--help"]),
        ("help_export_proto", &["export", "proto", "--help"]),
    ] {
        let ran = run(arguments);
        ran.ended(0);
        assert!(ran.stdout().contains("Example"), "{name}");
        assert_snapshot!(name, ran.stdout());
    }
}

#[test]
fn the_version() {
    let ran = run(&["--version"]);
    ran.ended(0);
    assert_eq!(
        ran.stdout(),
        concat!("diadoc ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn without_a_command() {
    let ran = run(&[]);
    assert_eq!((ran.code, ran.stdout()), (Some(2), ""));
    ran.says("Usage: diadoc <COMMAND>");
    run(&["chek"]).failed(2, &["'check'"]);
}

#[test]
fn each_command_has_a_help_that_is_tested() {
    let help = run(&["--help"]);
    let (_, commands) = help.stdout().split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    let snapshots =
        crate::names_in(&crate::repository().join("crates/diadoc-cli/tests/cli/snapshots"));
    for command in commands
        .lines()
        .map(|line| line.split_whitespace().next().unwrap())
    {
        let snapshot = format!("cli__help__help_{command}.snap");
        assert!(
            command == "help" || snapshots.contains(&snapshot),
            "{command}"
        );
    }
}

/// What an argument holds moves no cursor and colours nothing.
#[test]
fn wrong_arguments_are_quoted_with_their_controls_escaped() {
    for arguments in [
        &["\u{1b}[31m"][..],
        &["rules", "\u{1b}[31m"],
        &["check", "--format", "\u{9b}31m"],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(2));
        assert!(!ran.stderr.contains(['\u{1b}', '\u{9b}']), "{ran}");
    }
}
