//! What cargo makes of the copy.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::Message;
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel, DiagnosticSpan};

use crate::areas::Area;

/// The copy, and where it is built: nowhere that the checkout is, for cargo tells the packages of a workspace
/// apart by where they stand in it, and would take one for the other.
#[derive(Debug)]
pub(crate) struct Cargo<'a> {
    pub(crate) copy: &'a Path,
    pub(crate) target: &'a Path,
    pub(crate) area: &'a Area,
}

/// A place that the compiler complains of: a file, by its path in the copy, and bytes of it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) file: PathBuf,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// An error of the compiler.
#[derive(Debug)]
pub(crate) struct CompileError {
    /// The places that it names, the first where it says that the error is.
    pub(crate) places: Vec<Place>,
    pub(crate) rendered: String,
}

impl Cargo<'_> {
    /// The errors in the library of the area.
    pub(crate) fn check(&self) -> Result<Vec<CompileError>, Box<dyn Error>> {
        let (messages, success) = self.run(&["check", "--lib"])?;
        let mut errors = Vec::new();
        for message in messages {
            if let Message::CompilerMessage(message) = message
                && matches!(message.message.level, DiagnosticLevel::Error)
                && !message.message.spans.is_empty()
            {
                let mut places = Vec::new();
                collect(&message.message, &mut places);
                let rendered = message.message.rendered.unwrap_or_default();
                errors.push(CompileError { places, rendered });
            }
        }
        if errors.is_empty() && !success {
            return Err("cargo check fails, and says no place".into());
        }
        Ok(errors)
    }

    /// Builds the tests, and gives the binaries.
    pub(crate) fn tests(&self) -> Result<Vec<PathBuf>, Box<dyn Error>> {
        let arguments = [&["test", "--no-run"], self.area.tests].concat();
        let (messages, success) = self.run(&arguments)?;
        if !success {
            for message in messages {
                if let Message::CompilerMessage(message) = message {
                    eprintln!("{}", message.message);
                }
            }
            return Err("the tests do not compile".into());
        }
        let binaries = messages.into_iter().filter_map(|message| match message {
            Message::CompilerArtifact(artifact) if artifact.profile.test => artifact.executable,
            _ => None,
        });
        Ok(binaries.map(Into::into).collect())
    }

    fn run(&self, arguments: &[&str]) -> Result<(Vec<Message>, bool), Box<dyn Error>> {
        let output = Command::new("cargo")
            .args(arguments)
            .args([
                "--quiet",
                "--locked",
                "--all-features",
                "--message-format=json",
            ])
            .args(["--package", self.area.package])
            .current_dir(self.copy)
            .env("CARGO_TARGET_DIR", self.target)
            .stderr(Stdio::inherit())
            .output()?;
        let messages: Result<Vec<_>, _> = Message::parse_stream(&*output.stdout).collect();
        Ok((messages?, output.status.success()))
    }
}

/// All places of an error, those that it says most about first.
fn collect(diagnostic: &Diagnostic, places: &mut Vec<Place>) {
    let (first, rest): (Vec<_>, Vec<_>) = diagnostic.spans.iter().partition(|span| span.is_primary);
    for span in first.into_iter().chain(rest) {
        let mut span: Option<&DiagnosticSpan> = Some(span);
        while let Some(one) = span {
            places.push(Place {
                file: one.file_name.clone().into(),
                start: one.byte_start as usize,
                end: one.byte_end as usize,
            });
            span = one.expansion.as_ref().map(|expansion| &expansion.span);
        }
    }
    for child in &diagnostic.children {
        collect(child, places);
    }
}
