//! Where results go.

mod unfinished;

use std::borrow::Cow;
use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use diadoc_core::fill;
pub(crate) use diadoc_schema::printable;
use diadoc_schema::printable_lines;
use serde::Serialize;

use crate::outcome::Failure;
use crate::words::words;
pub(crate) use unfinished::Unfinished;

/// How many links may lead from one to the next: what Linux allows.
const MOST_LINKS: usize = 40;

/// Standard output or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Output {
    /// Standard output because nothing else was named.
    Default,
    /// Standard output because it was asked for.
    Stdout,
    File(PathBuf),
}

impl Output {
    /// The output that an argument names: `-` is standard output.
    pub(crate) fn from_argument(path: Option<PathBuf>) -> Self {
        match path {
            None => Self::Default,
            Some(path) if path.as_os_str() == "-" => Self::Stdout,
            Some(path) => Self::File(path),
        }
    }

    /// Refuses to fill a terminal with bytes that nobody asked to see there.
    pub(crate) fn keep_binary_off_terminal(&self, what: &str) -> Result<(), Failure> {
        if *self == Self::Default && io::stdout().is_terminal() {
            return Err(Failure::new(format!(
                "{what} is binary and standard output is a terminal\n\
                 Name a file with -o FILE, or `-o -` to print it all the same."
            )));
        }
        Ok(())
    }

    /// Whether a person sees what is written.
    pub(crate) fn is_terminal(&self) -> bool {
        !matches!(self, Self::File(_)) && io::stdout().is_terminal()
    }

    /// Whether it can be written to, before there is something to write.
    pub(crate) fn try_out(&self) -> Result<(), Failure> {
        let Self::File(path) = self else {
            return Ok(());
        };
        let tried = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            // A device or a named pipe is opened when there is something for it.
            Ok(metadata) if !metadata.is_file() => Ok(()),
            _ => behind_links(path)
                .and_then(|target| beside(&target))
                .map(drop),
        };
        tried.map_err(|error| unwritable(path, &error))
    }

    /// Writes `bytes`: to a file as a whole or not at all.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.write_in_parts(|to| to.write_all(bytes))
    }

    /// Writes a text that came from elsewhere. On a terminal where nobody asked for it as it is, what
    /// would steer the terminal is escaped.
    pub(crate) fn write_text(&self, text: &str) -> Result<(), Failure> {
        self.write(self.shown_here(text).as_bytes())
    }

    /// A text as it is written where this leads.
    pub(crate) fn shown_here<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.shown(text, io::stdout().is_terminal())
    }

    fn shown<'t>(&self, text: &'t str, is_terminal: bool) -> Cow<'t, str> {
        match is_terminal && *self == Self::Default {
            true => printable_lines(text).into(),
            false => text.into(),
        }
    }

    /// Writes pieces as they come, until there is none; a file as a whole, and not at all where one does not come.
    pub(crate) fn write_pieces<P: AsRef<[u8]>>(
        &self,
        mut next: impl FnMut() -> Result<Option<P>, Failure>,
    ) -> Result<(), Failure> {
        let mut failure = None;
        let written = self.write_in_parts(|to| {
            loop {
                match next() {
                    Ok(Some(piece)) => {
                        to.write_all(piece.as_ref())?;
                        to.flush()?;
                    }
                    Ok(None) => return Ok(()),
                    Err(why) => {
                        failure = Some(why);
                        return Err(io::Error::other("it did not come to its end"));
                    }
                }
            }
        });
        failure.map_or(written, Err)
    }

    /// Writes what `parts` writes: to a file as a whole or not at all.
    pub(crate) fn write_in_parts(
        &self,
        parts: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        match self {
            Self::Default | Self::Stdout => {
                let mut stdout = io::stdout().lock();
                taken(parts(&mut stdout).and_then(|()| stdout.flush()))
            }
            Self::File(path) => to_file(path, parts).map_err(|error| unwritable(path, &error)),
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!(
        "{}: cannot be written: {error}\n\
         No file was changed. See to the folder and its permissions, or name another file with -o.",
        path.display()
    ))
}

/// Makes a folder, and those above it.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format!(
            "{}: this folder cannot be made: {error}\nName another folder with -o.",
            folder.display()
        ))
    })
}

/// Writes to standard output. A reader that went away has seen what it wanted.
pub(crate) fn to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    taken(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

/// Whether standard output took what was written.
fn taken(written: io::Result<()>) -> Result<(), Failure> {
    let Err(error) = written else {
        return Ok(());
    };
    // The error may have passed through a writer that has an error of its own.
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return Ok(());
        }
        cause = match io.and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    Err(stdout_failed(error))
}

/// Standard output took no more.
pub(crate) fn stdout_failed(error: io::Error) -> Failure {
    Failure::new(fill(words().stdout_failed, &[&error]))
}

/// Prints a failure.
pub(crate) fn report(failure: &Failure) {
    say(&fill(words().error, &[failure]));
}

/// Lines to standard error; where that is gone too, there is nobody to tell.
pub(crate) fn say(text: &str) {
    let lines: Vec<_> = text.lines().map(printable).collect();
    let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
}

/// Writes a file beside its place and moves it there, so that nobody sees half of it.
fn to_file(
    path: &Path,
    parts: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let (target, permissions) = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        // A device or a named pipe cannot be replaced.
        Ok(metadata) if !metadata.is_file() => {
            return parts(&mut OpenOptions::new().write(true).open(path)?);
        }
        Ok(metadata) if metadata.permissions().readonly() => {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "it is read-only",
            ));
        }
        Ok(metadata) => (behind_links(path)?, Some(metadata.permissions())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (behind_links(path)?, None),
        Err(error) => return Err(error),
    };
    let mut file = beside(&target).map_err(|error| match target == path {
        true => error,
        false => io::Error::new(
            error.kind(),
            format!("it is a link to {}: {error}", target.display()),
        ),
    })?;
    parts(&mut file)?;
    file.as_file().sync_all()?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.persist(&target)
}

/// Where links lead in the end, whether or not a file is there, so that it is replaced or made and no link
/// is; other paths as they are.
pub(crate) fn behind_links(path: &Path) -> io::Result<PathBuf> {
    if !path.is_symlink() {
        return Ok(path.to_owned());
    }
    if let Ok(target) = fs::canonicalize(path) {
        return Ok(target);
    }
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(to) = fs::read_link(&target) else {
            return Ok(target);
        };
        target = target.parent().unwrap_or(Path::new("")).join(to);
    }
    Err(io::Error::other("it is a link that leads in a circle"))
}

/// Writes a file as a whole where there is none yet; one that is there is an error and stays.
pub(crate) fn to_new_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    put(&mut file, bytes)?;
    file.persist_noclobber(path)
}

/// A temporary file in the folder of `target`, as the umask gives it; it goes unless it is kept.
fn beside(target: &Path) -> io::Result<Unfinished> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    let as_umask_gives = {
        use std::os::unix::fs::PermissionsExt as _;
        fs::Permissions::from_mode(0o666)
    };
    #[cfg(unix)]
    builder.permissions(as_umask_gives);
    in_folder_of(target, &mut builder)
}

/// The same, but nobody else may read it (where the system is Unix; elsewhere the folder says who may).
pub(crate) fn private_beside(target: &Path) -> io::Result<Unfinished> {
    // That is what temporary files are without further words.
    in_folder_of(target, &mut tempfile::Builder::new())
}

fn in_folder_of(target: &Path, builder: &mut tempfile::Builder<'_, '_>) -> io::Result<Unfinished> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Said of the folder itself, not of the file that is written first.
    fs::metadata(folder)?;
    Unfinished::in_folder(folder, builder)
}

/// Writes all of a file, and moves it to its place.
pub(crate) fn finish(mut file: Unfinished, bytes: &[u8], target: &Path) -> io::Result<()> {
    put(&mut file, bytes)?;
    file.persist(target)
}

fn put(file: &mut Unfinished, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.as_file().sync_all()
}

/// A value as JSON over several lines, for programs to read.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(|e| stdout_failed(e.into()))?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_on_one() {
        let text = "a\tb\n\u{1b}[2J\u{9b}\u{202e}";
        let escaped = "a\tb\n\\u{1b}[2J\\u{9b}\\u{202e}";
        let file = Output::File("file".into());
        for (output, is_terminal, shown) in [
            (&Output::Default, true, escaped),
            (&Output::Default, false, text),
            (&Output::Stdout, true, text),
            (&file, true, text),
        ] {
            assert_eq!(output.shown(text, is_terminal), shown, "{output:?}");
        }
    }
}
