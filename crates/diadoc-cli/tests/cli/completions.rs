use crate::run;

#[test]
fn each_shell_learns_each_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = run(&["completions", shell]);
        ran.ended(0);
        for command in ["check", "convert", "json-schema", "completions"] {
            assert!(ran.stdout().contains(command), "{command} in {shell}");
        }
    }
}

#[test]
fn wrong_usage() {
    run(&["completions", "bsh"]).failed(2, &["a similar value exists: 'bash'"]);
    run(&["completions"]).failed(2, &["<SHELL>"]);
}
