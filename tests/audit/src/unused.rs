//! Dependencies that nothing names.
//!
//! The compiler's own lint knows them for a library and not for its tests, whose binaries each name a few.
//! So the words of the code are looked through: the name of a dependency is one of them.

use std::collections::HashSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, Package};
use proc_macro2::{TokenStream, TokenTree};

/// The dependencies of a package that no code names which can: a line each.
///
/// A dependency of the library has to be named in `src/` or in what the build script writes, one of the
/// build script there, one of tests anywhere, examples in comments and pages among it. The package itself,
/// with other features, needs no name.
pub(crate) fn unused(
    metadata: &Metadata,
    package: &Package,
) -> Result<Vec<String>, Box<dyn Error>> {
    let words = Words::of(package)?;
    let resolved = metadata.resolve.as_ref().ok_or("nothing is resolved")?;
    let node = resolved.nodes.iter().find(|node| node.id == package.id);
    let dependencies = &node.ok_or("a package is not resolved")?.deps;
    let mut faults = Vec::new();
    for dependency in dependencies.iter().filter(|one| one.pkg != package.id) {
        for asked in &dependency.dep_kinds {
            let places = match asked.kind {
                DependencyKind::Normal => &words.source,
                DependencyKind::Build => &words.build,
                _ => &words.anywhere,
            };
            if !places.contains(&dependency.name) {
                let (package, kind, name) = (&package.name, asked.kind, &dependency.name);
                faults.push(format!(
                    "{package}: nothing names the {kind} dependency {name}"
                ));
            }
        }
    }
    Ok(faults)
}

/// The words of a package's code, by who could mean a dependency with them.
#[derive(Default)]
struct Words {
    source: HashSet<String>,
    build: HashSet<String>,
    anywhere: HashSet<String>,
}

impl Words {
    fn of(package: &Package) -> Result<Self, Box<dyn Error>> {
        let root = package
            .manifest_path
            .parent()
            .ok_or("a manifest stands in a folder")?
            .as_std_path();
        let mut words = Self::default();
        for file in files(root)? {
            let text = fs::read_to_string(&file)?;
            if file.extension().is_some_and(|extension| extension == "rs") {
                words.code(file.strip_prefix(root)?, &text)?;
            } else {
                words.anywhere.extend(split(&text));
            }
        }
        Ok(words)
    }

    /// Takes the words of a file, by its path in the package.
    fn code(&mut self, file: &Path, text: &str) -> Result<(), Box<dyn Error>> {
        let stream: TokenStream = text
            .parse()
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let (words, literals) = words(stream);
        if file.starts_with("build") || file == Path::new("build.rs") {
            self.build.extend(words.iter().cloned());
            // The code that it writes is in them; comments that document are, too.
            self.source
                .extend(literals.iter().flat_map(|literal| split(literal)));
        } else if file.starts_with("src") {
            self.source.extend(words.iter().cloned());
        }
        self.anywhere.extend(words);
        let comments = text
            .lines()
            .map(str::trim_start)
            .filter(|line| line.starts_with("//"));
        self.anywhere.extend(comments.flat_map(split));
        Ok(())
    }
}

/// The Rust files and pages of a package, without those of packages in it.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target")
                && !path.join("Cargo.toml").exists()
            {
                files.extend(self::files(&path)?);
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "md")
        {
            files.push(path);
        }
    }
    Ok(files)
}

/// The identifiers and the literals of code, comments left out.
fn words(stream: TokenStream) -> (Vec<String>, Vec<String>) {
    let (mut words, mut literals) = (Vec::new(), Vec::new());
    let mut streams = vec![stream];
    while let Some(stream) = streams.pop() {
        for token in stream {
            match token {
                TokenTree::Ident(word) => words.push(word.to_string()),
                TokenTree::Literal(literal) => literals.push(literal.to_string()),
                TokenTree::Group(group) => streams.push(group.stream()),
                TokenTree::Punct(_) => {}
            }
        }
    }
    (words, literals)
}

/// The words of a text.
fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(|char: char| !char.is_alphanumeric() && char != '_')
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, text: &str) -> Words {
        let mut words = Words::default();
        words.code(Path::new(file), text).expect("code");
        words
    }

    fn names(words: &HashSet<String>) -> Vec<&str> {
        let names = ["bytes", "prost", "serde", "toml"];
        names
            .into_iter()
            .filter(|name| words.contains(*name))
            .collect()
    }

    #[test]
    fn who_is_meant_depends_on_the_place() {
        let text = "// prost\n/// serde::X\nuse bytes::{Buf as _}; const A: &str = \"toml::Y\";";
        let words = read("src/a.rs", text);
        assert_eq!(names(&words.source), ["bytes"]);
        assert_eq!(names(&words.build), [""; 0]);
        assert_eq!(names(&words.anywhere), ["bytes", "prost", "serde"]);

        let words = read("tests/a.rs", text);
        assert_eq!(names(&words.source), [""; 0]);
        assert_eq!(names(&words.anywhere), ["bytes", "prost", "serde"]);

        for file in ["build.rs", "build/a.rs"] {
            let words = read(file, text);
            assert_eq!(names(&words.source), ["serde", "toml"]);
            assert_eq!(names(&words.build), ["bytes"]);
        }
    }

    #[test]
    fn a_dependency_that_nothing_names_is_told() {
        let metadata = crate::metadata().expect("cargo tells");
        let packages = metadata.workspace_packages();
        let ours = packages
            .iter()
            .find(|one| one.name == env!("CARGO_PKG_NAME"))
            .expect("ours");
        assert_eq!(unused(&metadata, ours).expect("words"), [""; 0]);

        // The same package, with its code somewhere else: nothing there names what it depends on.
        let mut moved = (*ours).clone();
        moved.manifest_path = metadata.workspace_root.join("fixtures/Cargo.toml");
        let faults = unused(&metadata, &moved).expect("words");
        let fault = "diadoc-audit: nothing names the normal dependency public_api";
        assert!(faults.iter().any(|one| one == fault), "{faults:?}");
        let fault = "diadoc-audit: nothing names the dev dependency serde_json";
        assert!(faults.iter().any(|one| one == fault), "{faults:?}");
    }
}
