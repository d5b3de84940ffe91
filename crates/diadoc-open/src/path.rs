//! Paths into JSON.

use std::fmt;
use std::str::FromStr;

/// A path into JSON, as `jq` writes it, `.log.body[0]`, or as a JSON Pointer (RFC 6901), `/log/body/0`.
///
/// ```
/// use diadoc_open::Path;
///
/// let path: Path = ".request.body".parse()?;
/// assert_eq!(path, "/request/body".parse()?);
/// assert_eq!(path.to_string(), ".request.body");
/// # Ok::<(), diadoc_open::PathError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Key(String),
    Index(usize),
}

/// A text that is no [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a path into JSON is written as `.body`, `.items[0].text` or `/items/0/text`")]
pub struct PathError;

impl Path {
    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        match text.strip_prefix('/') {
            Some(pointer) => Ok(Self(pointer.split('/').map(part_of_pointer).collect())),
            None => of_steps(text.strip_prefix('.').unwrap_or(text)).map(Self),
        }
    }
}

fn part_of_pointer(part: &str) -> Part {
    match part.parse() {
        Ok(index) => Part::Index(index),
        Err(_) => Part::Key(part.replace("~1", "/").replace("~0", "~")),
    }
}

fn of_steps(text: &str) -> Result<Vec<Part>, PathError> {
    let mut parts = Vec::new();
    for step in text.split('.') {
        let (key, indices) = match step.find('[') {
            Some(bracket) => step.split_at(bracket),
            None => (step, ""),
        };
        match (key, parts.is_empty() && !indices.is_empty()) {
            ("", false) => return Err(PathError),
            ("", true) => {}
            (key, _) => parts.push(Part::Key(key.to_owned())),
        }
        for index in indices.split_inclusive(']') {
            let index = index.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
            let index = index.and_then(|index| index.parse().ok());
            parts.push(Part::Index(index.ok_or(PathError)?));
        }
    }
    Ok(parts)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                Part::Key(key) => write!(f, ".{key}")?,
                Part::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (text, shown) in [
            (".body", ".body"),
            ("body", ".body"),
            ("body.text", ".body.text"),
            (".items[0].text", ".items[0].text"),
            ("[2].a", "[2].a"),
            (".a[1][2]", ".a[1][2]"),
            ("/items/0/a~1b", ".items[0].a/b"),
        ] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), shown);
        }
        for text in [
            "", ".", "..", "a..b", "a.", "a[", "a[x]", "a[-1]", "a[1]b", "a[]",
        ] {
            assert_eq!(text.parse::<Path>(), Err(PathError), "{text}");
        }
    }
}
