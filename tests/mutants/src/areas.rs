//! The parts of the workspace that can be tried.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Files of one package whose changes the tests of that package are to notice.
#[derive(Debug)]
pub(crate) struct Area {
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
    /// The folder of the package's code.
    pub(crate) source: &'static str,
    /// Files and folders in it.
    files: &'static [&'static str],
    /// The tests, as arguments of cargo.
    pub(crate) tests: &'static [&'static str],
    /// Tests that are left out, because they take minutes.
    pub(crate) without: &'static [&'static str],
    /// How many cases a property tries, where that is to be fewer than usual.
    pub(crate) cases: Option<&'static str>,
}

pub(crate) const AREAS: [Area; 3] = [
    Area {
        name: "core",
        package: "diadoc-core",
        source: "crates/diadoc-core/src",
        files: &[""],
        tests: &["--lib", "--tests"],
        without: &[],
        cases: None,
    },
    Area {
        name: "client",
        package: "diadoc-api",
        source: "crates/diadoc-api/src",
        files: &[
            "check.rs",
            "client",
            "client.rs",
            "credentials.rs",
            "headers/delay.rs",
            "paging.rs",
            "polling.rs",
            "retired.rs",
        ],
        tests: &["--lib", "--tests"],
        without: &[],
        cases: None,
    },
    Area {
        name: "codec",
        package: "diadoc-proto",
        source: "src",
        files: &["json", "json.rs", "timestamp.rs", "wire", "wire.rs"],
        // Not `memory`, whose one test takes minutes, too.
        tests: &["--lib", "--test=all"],
        without: &[
            "agreement::fixtures_and_their_variants",
            "agreement::random_messages",
            "hostile::every_prefix_of_every_body_is_an_error",
        ],
        // Of every message of the schema.
        cases: Some("2"),
    },
];

impl Area {
    /// The area of that name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        AREAS.iter().find(|area| area.name == name)
    }

    /// Its files, by their paths from `root`, in order; those of tests alone left out.
    pub(crate) fn files(&self, root: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
        let mut files = Vec::new();
        for name in self.files {
            below(root, &Path::new(self.source).join(name), &mut files)?;
        }
        files.sort();
        Ok(files)
    }
}

fn below(root: &Path, path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    let full = root.join(path);
    if full.is_dir() {
        for entry in fs::read_dir(full)? {
            below(root, &path.join(entry?.file_name()), files)?;
        }
    } else if !fs::exists(&full)? {
        return Err(format!("{} is not there", path.display()).into());
    } else if path.file_name().is_some_and(|name| name != "tests.rs") {
        files.push(path.components().collect());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_has_files_and_none_of_tests_alone() {
        for area in &AREAS {
            let files = area.files(&crate::root()).expect("files");
            assert!(files.iter().any(|file| file.starts_with(area.source)));
            assert!(!files.iter().any(|file| file.ends_with("tests.rs")));
        }
    }
}
