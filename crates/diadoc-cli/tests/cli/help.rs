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
    assert!(ran.stderr.contains("Usage: diadoc <COMMAND>"));
    run(&["chek"]).failed(2, &["'check'"]);
}
