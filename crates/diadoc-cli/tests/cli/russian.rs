//! `check`, `detect` and `rules` in Russian.

use insta::assert_snapshot;

use crate::{Ran, diadoc, folder, run, run_in, run_with_input};

const POST: &str = r#"{
  "FromBoxId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe@diadoc.ru",
  "ToBoxId": "09ae254c5cd0408284de7ccb46d86f82@diadoc.ru",
  "DocumentAttachments": [{
      "TypeNamedId": "Nonformalized",
      "SignedContent": { "Content": "JVBERi0xLjQK", "Signatur": "MIIB" },
      "Comment": "\u0410\u043a\u0442",
      "Metadata": { "Key": "FileName", "Value": "акт.pdf" }
  }]
}
"#;

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..='\u{4ff}').contains(&letter)
}

#[test]
fn a_body_is_checked() {
    let folder = folder(&[
        ("post.json", POST),
        ("id.json", r#"{"MessageId": "", "EntityID": 1}"#),
        ("none.json", r#"{"qwerty": 1}"#),
        ("broken.json", r#"{"TotalCount": 1, "Documents": ["#),
    ]);
    let check = |more: &[&str]| {
        let arguments = [&["check", "--lang", "ru"], more].concat();
        run_in(folder.path(), &arguments)
    };
    let ran = check(&["post.json"]);
    ran.shows("  ОТКЛОНЕНО, как запрос, который принимает ");
    ran.shows("отброшено[json.unknown-key]: ");
    assert_snapshot!("russian_post", ran);
    // A message that goes both ways, a guess, several bodies, and what cannot be read.
    let several = check(&["id.json", "none.json", "broken.json", "absent.json"]);
    assert_snapshot!("russian_several", several);
    let english = run_in(folder.path(), &["check", "post.json"]);
    assert_eq!(english.code, ran.code);
    assert!(
        !english
            .stdout()
            .replace("акт.pdf", "")
            .contains(is_cyrillic)
    );
}

#[test]
fn what_passes_and_what_a_manifest_says() {
    let ran = run(&["check", "--lang", "ru"]);
    ran.ended(0);
    ran.shows("\nвсего тел ");
    ran.shows("всё как сказано в манифесте\n");
    let folder = folder(&[
        (
            "manifest.json",
            r#"[{"file": "a.json", "message": "Timestamp", "direction": "response", "refused_at": "Ticks"}]"#,
        ),
        ("a.json", r#"{"Ticks": 1}"#),
        ("b.json", r#"{"Ticks": 1}"#),
    ]);
    let ran = run_in(folder.path(), &["check", "--lang", "ru", "."]);
    ran.shows("ПРОХОДИТ, но в манифесте сказано: отклонено в Ticks");
    ran.shows("НЕТ В МАНИФЕСТЕ");
    ran.shows("; нет в своём манифесте: ещё 1\n");
}

#[test]
fn the_locale_says_the_language() {
    for (locale, word) in [("ru_RU.UTF-8", "отклонено["), ("en_US.UTF-8", "refused[")] {
        let mut command = diadoc();
        command.args(["check", "-m", "Timestamp", "-d", "response", "-"]);
        command
            .stdin(std::process::Stdio::null())
            .env("LC_ALL", locale);
        Ran::from(command.output().unwrap()).shows(word);
    }
    run(&["check", "--lang", "de"]).says("a language is `en` or `ru`");
}

/// What programs read is the same in each language.
#[test]
fn programs_read_english() {
    for format in ["json", "sarif"] {
        let arguments = ["check", "-m", "DocumentId", "--format", format, "-"];
        let english = run_with_input(&arguments, b"{\"Neu\": 1}");
        let russian = [&arguments[..], &["--lang", "ru"]].concat();
        let russian = run_with_input(&russian, b"{\"Neu\": 1}");
        assert_eq!(english.stdout(), russian.stdout());
        assert!(!english.stdout().contains(is_cyrillic), "{english}");
    }
}

#[test]
fn failures_are_told() {
    let ran = run(&["check", "--lang", "ru", "-m", "Documentlist", "absent.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr
            .starts_with("ошибка: ни структуры, ни метода с именем `Documentlist` нет\n"),
        "{ran}"
    );
    ran.says("Возможно, имелось в виду:");
    let ran = run(&["check", "--lang", "ru", "absent/*.json"]);
    ran.says("под шаблон");
    let ran = run_with_input(&["detect", "--lang", "ru", "-"], b"[]");
    assert_eq!(ran.code, Some(1));
    ran.says("ни одна структура не подходит к этому телу");
    let ran = run_with_input(&["detect", "--lang", "ru", "-"], b"{]");
    ran.says("это не JSON");
}

#[test]
fn a_message_is_detected() {
    let body = br#"{"MessageId": "", "EntityId": "", "New": 1}"#;
    let ran = run_with_input(&["detect", "--lang", "ru", "-"], body);
    ran.ended(0);
    ran.shows("известны и подходят ключи: 2 из 3");
}

#[test]
fn rules_are_listed_and_explained() {
    let ran = run(&["rules", "--lang", "ru"]);
    ran.ended(0);
    for line in ran.stdout().lines() {
        assert!(line.contains(is_cyrillic), "{line}");
    }
    let ran = run(&["rules", "--lang", "ru", "json.base64-form"]);
    ran.ended(0);
    assert_snapshot!("russian_explained", ran.stdout());
    let described = run(&["describe", "--lang", "ru", "json.base64-form"]);
    assert_eq!(described.stdout(), ran.stdout());
}

#[test]
fn help_is_in_russian() {
    for command in ["check", "detect", "describe", "search", "rules"] {
        let ran = run(&[command, "--lang", "ru", "-h"]);
        ran.ended(0);
        ran.shows("Язык того, что выводится для людей");
    }
    let mut command = diadoc();
    command
        .args(["call", "--help"])
        .env("LC_ALL", "ru_RU.UTF-8");
    let ran = Ran::from(command.output().unwrap());
    ran.shows("Вызывает метод API и выводит его ответ\n\nParameters and body");
    let check = run(&["check", "--lang", "ru", "-h"]);
    assert_snapshot!("russian_help", check.stdout());
}
