//! `diadoc export proto`: the schema as `.proto` files.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use diadoc_schema::{
    PROTOVALIDATE_DIFFERENCES, ProtoFile, ProtoForm, Schema, buf_yaml, proto_files,
};

use crate::outcome::{Failure, Outcome};
use crate::output::Output;

/// The configuration of buf beside the files.
const BUF_YAML: &str = "buf.yaml";

/// Writes the schema as .proto files, for compilers of other languages too
///
/// As it stands it has options of its own, which need the import of descriptor.proto. With --plain
/// every compiler takes it: no options of its own, the file options that other languages ask for, all
/// comments. Beside the files stands a buf.yaml. What compilers and runtimes make of each form says
/// docs/interop.md of the project.
#[derive(Debug, clap::Args)]
#[command(after_help = after_help())]
pub(super) struct Arguments {
    /// Without the options that the schema declares itself; the file options of other languages,
    /// such as csharp_namespace and go_package, take their place
    #[arg(long)]
    plain: bool,

    /// `optional` in the place of `required`, for readers that are to outlive a field; the comment says which
    /// are. Implies --plain
    #[arg(long)]
    without_required: bool,

    /// In the syntax proto3, for compilers that know no other, such as PHP's; a comment says what a default
    /// was. Implies --without-required
    #[arg(long)]
    proto3: bool,

    /// The rules of fields and messages too, as options of a library that holds bodies against them.
    /// Implies --plain
    #[arg(long, value_enum, value_name = "LIBRARY")]
    rules: Option<Rules>,

    /// Verb, path and body of each method too, as an option that gateways know. Implies --plain
    #[arg(long, value_enum, value_name = "OPTION")]
    http: Option<Http>,

    /// The folder to write to; it is made where it is not there
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rules {
    /// buf.validate, of protovalidate
    Protovalidate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Http {
    /// google.api.http, of grpc-gateway, Envoy and others
    Google,
}

fn after_help() -> String {
    let mut help = "\
Examples:
  diadoc export proto --plain -o diadoc-proto
  diadoc export proto --proto3 --rules protovalidate -o diadoc-proto

What protovalidate cannot say as `diadoc check` does:
"
    .to_owned();
    for (rule, difference) in PROTOVALIDATE_DIFFERENCES {
        help += &format!("  {rule}: {difference}\n");
    }
    help
}

impl Arguments {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        if self.output.as_os_str() == "-" {
            return Err(Failure::new(
                "the files do not fit into standard output\nName a folder with -o.",
            ));
        }
        let form = self.form();
        let files = proto_files(Schema::diadoc(), form);
        self.refuse_others(&files)?;
        let config = buf_yaml(form);
        for file in &files {
            let path = self.output.join(&file.name);
            let folder = path.parent().unwrap_or(&self.output);
            fs::create_dir_all(folder).map_err(|error| {
                Failure::new(format!("{}: cannot be made: {error}", folder.display()))
            })?;
            Output::File(path).write(file.text.as_bytes())?;
        }
        Output::File(self.output.join(BUF_YAML)).write(config.as_bytes())?;
        Ok(Outcome::Fine)
    }

    fn form(&self) -> ProtoForm {
        let mut form = ProtoForm::default();
        form.proto3 = self.proto3;
        form.without_required = self.without_required || self.proto3;
        form.protovalidate = self.rules == Some(Rules::Protovalidate);
        form.google_http = self.http == Some(Http::Google);
        form.plain = self.plain || form != ProtoForm::default();
        form
    }

    /// Other `.proto` files in the folder would be compiled with these: those of the form as it stands go,
    /// and what is somebody's own is not for us to remove.
    fn refuse_others(&self, files: &[ProtoFile]) -> Result<(), Failure> {
        let mut others = Vec::new();
        let mut folders = vec![self.output.clone()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => {
                    let folder = folder.display();
                    return Err(Failure::new(format!("{folder}: cannot be read: {error}")));
                }
            };
            for entry in entries.flatten() {
                let path = entry.path();
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "proto")
                    && !self.is_written(&path, files)
                {
                    others.push(path);
                }
            }
        }
        let config = self.output.join(BUF_YAML);
        // What this command writes starts alike in every form.
        let ours = buf_yaml(ProtoForm::default());
        let is_ours = |text: &str| text.lines().next() == ours.lines().next();
        if fs::read_to_string(&config).is_ok_and(|text| !is_ours(&text)) {
            return Err(Failure::new(format!(
                "{}: this file is not of this command\nNothing was written. Name another folder.",
                config.display()
            )));
        }
        if !others.is_empty() {
            let as_it_stands = proto_files(Schema::diadoc(), ProtoForm::default());
            let is_of_form = |path: &PathBuf| {
                let file = as_it_stands
                    .iter()
                    .find(|file| self.output.join(&file.name) == *path);
                file.is_some_and(|file| {
                    fs::read(path).is_ok_and(|text| text == file.text.as_bytes())
                })
            };
            let (of_form, own): (Vec<_>, Vec<_>) = others.into_iter().partition(is_of_form);
            others = own;
            if others.is_empty() {
                for path in of_form {
                    fs::remove_file(&path).map_err(|error| {
                        Failure::new(format!("{}: cannot be removed: {error}", path.display()))
                    })?;
                }
            }
        }
        others.sort();
        let Some(first) = others.first() else {
            return Ok(());
        };
        let more = match others.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        Err(Failure::new(format!(
            "{}: the folder has other .proto files: {}{more}\n\
             Nothing was written. Remove them, or name another folder.",
            self.output.display(),
            first.display(),
        )))
    }

    fn is_written(&self, path: &Path, files: &[ProtoFile]) -> bool {
        files
            .iter()
            .any(|file| self.output.join(&file.name) == path)
    }
}
