//! The options of files that generators of other languages ask for.

use super::literal::Literal;

/// Where Java's code goes; projects have a domain of their own, and replace it.
const JAVA_PACKAGE: &str = "com.example.diadoc";
/// The module of Go's code.
const GO_PACKAGE: &str = "example.com/diadoc";
/// Three letters, as Apple asks for.
const OBJC_PREFIX: &str = "DDC";

/// The options of a file: names and values, in the order in which they are written.
pub(super) fn options(file: &str, package: &str) -> Vec<(String, Literal)> {
    let short = package.strip_prefix("Diadoc.").unwrap_or(package);
    let short = short.strip_prefix("Api.").unwrap_or(short);
    let path = file.strip_suffix(".proto").unwrap_or(file);
    let stem = path.rsplit('/').next().unwrap_or(path);
    // The first folder is the schema's own.
    let inside = path.split_once('/').map_or(path, |(_, inside)| inside);
    let text = |text: String| Literal::text(&text);
    [
        ("csharp_namespace", text(package.to_owned())),
        (
            "go_package",
            text(format!("{GO_PACKAGE}/{inside};{}pb", stem.replace('_', ""))),
        ),
        ("java_multiple_files", Literal::plain(true)),
        (
            "java_outer_classname",
            text(format!("{}Proto", camel(stem))),
        ),
        (
            "java_package",
            text(format!("{JAVA_PACKAGE}.{}", short.to_lowercase())),
        ),
        (
            "objc_class_prefix",
            text(format!(
                "{OBJC_PREFIX}{}",
                short
                    .strip_prefix("Proto")
                    .unwrap_or(short)
                    .replace('.', "")
            )),
        ),
        ("php_namespace", text(package.replace('.', "\\"))),
        ("ruby_package", text(package.replace('.', "::"))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// `get_documents-v3` as `GetDocumentsV3`.
fn camel(name: &str) -> String {
    let words = name.split(['_', '-']);
    let words = words.map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}
