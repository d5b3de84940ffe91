//! The pages in both languages say the same in the same order: headings, tables and code are held against each
//! other, prose is not.

use std::fs;

use crate::support::repository;

/// The pages that there are in English and in Russian.
const PAGES: &[[&str; 2]] = &[
    ["README.md", "README.ru.md"],
    ["docs/guide.md", "docs/guide.ru.md"],
];

/// A part of a page that both languages have.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Of a heading the level.
    Heading(usize),
    /// Of each row the number of cells, and what stands in it as code, sorted.
    Table(Vec<(usize, Vec<String>)>),
    /// What it is, and its lines.
    Code(String, Vec<String>),
}

/// The parts of a page, each with its line.
fn parts(page: &str) -> Vec<(usize, Part)> {
    let mut parts = Vec::new();
    let mut lines = page.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let inside = lines.by_ref().map(|(_, line)| line);
            let inside = inside.take_while(|line| *line != "```");
            let inside = inside.map(|line| without_comment(kind, line).to_owned());
            let mut inside: Vec<_> = inside.collect();
            // What a program says in a language of people, and what stands in a picture.
            if matches!(kind, "console" | "mermaid") {
                inside = vec![format!("{} lines", inside.len())];
            }
            parts.push((number + 1, Part::Code(kind.to_owned(), inside)));
        } else if line.starts_with('|') {
            let mut rows = vec![row(line)];
            while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with('|')) {
                rows.push(row(line));
            }
            parts.push((number + 1, Part::Table(rows)));
        } else if line.starts_with('#') {
            let level = line.chars().take_while(|char| *char == '#').count();
            parts.push((number + 1, Part::Heading(level)));
        }
    }
    parts
}

/// A line of code up to the comment at its end, which is for people.
fn without_comment<'l>(kind: &str, line: &'l str) -> &'l str {
    let mark = match kind {
        "sh" | "toml" | "python" => "# ",
        "rust" | "rust,ignore" | "js" => "// ",
        _ => return line,
    };
    line.find(mark)
        .map_or(line, |comment| line[..comment].trim_end())
}

fn row(line: &str) -> (usize, Vec<String>) {
    let line = line.replace("\\|", "");
    let code = line.split('`').skip(1).step_by(2).map(str::to_owned);
    let mut code: Vec<_> = code.collect();
    code.sort();
    (line.matches('|').count(), code)
}

#[test]
fn both_languages_say_the_same() {
    let mut faults = Vec::new();
    for [english, russian] in PAGES {
        let read = |page: &str| fs::read_to_string(repository().join(page)).expect("a page");
        let (ours, theirs) = (parts(&read(english)), parts(&read(russian)));
        for ((line, part), (other, same)) in ours.iter().zip(&theirs) {
            if part != same {
                faults.push(format!(
                    "{english}:{line} and {russian}:{other} differ:\n  {part:?}\n  {same:?}"
                ));
            }
        }
        if ours.len() != theirs.len() {
            let counts = (ours.len(), theirs.len());
            faults.push(format!("{english} and {russian} have {counts:?} parts"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn differences_are_seen() {
    let page = "# A\n\n| a | `b` |\n| - | - |\n\n```rust\nlet a = 1; // one\n```\n";
    let same = "# Б\n\n| б | `b` |\n| - | - |\n\n```rust\nlet a = 1; // один\n```\n";
    let of = |page: &str| -> Vec<_> { parts(page).into_iter().map(|(_, part)| part).collect() };
    assert_eq!(of(page), of(same));
    for (from, to) in [
        ("# Б", "## Б"),
        ("`b`", "`c`"),
        ("| б |", "| б | |"),
        ("a = 1", "a = 2"),
        ("```rust", "```text"),
        ("| - | - |\n", ""),
    ] {
        assert_ne!(of(page), of(&same.replacen(from, to, 1)), "{from}");
    }
}
