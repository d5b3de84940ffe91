//! `cargo run --release -p diadoc-bench --bin cost`: what a project pays that depends on
//! diadoc-proto, for each set of features.
//!
//! For each set, a small project is made in a temporary folder that reads a page and writes it
//! again in the ways that the set offers, with the versions of this workspace's `Cargo.lock`, and
//! built without the network:
//!
//! - `crates`: how many crates are compiled beside the project's own;
//! - `cold`: the first build, nothing compiled before, from start to end and as time of all
//!   processors together, which other work on the machine disturbs less;
//! - `touched`: the build after a line of the project has changed, the median of five;
//! - `size`: the project's program in the release profile, stripped.
//!
//! Sets can be named: `-- json json,serde`; a lone `-` is the set without features.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use diadoc_bench::counts::{cargo, processors};
use diadoc_bench::measure::median;
use diadoc_bench::table::{self, Table};

/// The sets that are measured where none is named.
const SETS: [&str; 6] = [
    "",
    "json",
    "serde",
    "json,serde",
    "json,registry",
    "json,reflection",
];

const TOUCHES: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let named: Vec<String> = std::env::args().skip(1).collect();
    let sets: Vec<&str> = match named.is_empty() {
        true => SETS.to_vec(),
        false => named.iter().map(|set| set.trim_matches('-')).collect(),
    };
    let mut table = Table::new([
        "features",
        "crates",
        "cold, dev",
        "CPU",
        "touched, dev",
        "cold, release",
        "CPU",
        "touched, release",
        "size",
    ]);
    for set in sets {
        let project = Project::new(set)?;
        let dev = project.build(&[])?;
        let dev_touched = project.touched(&[])?;
        let release = project.build(&["--release"])?;
        let release_touched = project.touched(&["--release"])?;
        table.row([
            match set {
                "" => "none: protobuf alone".to_owned(),
                set => format!("`{}`", set.replace(',', "`, `")),
            },
            dev.crates.to_string(),
            table::time(dev.time),
            dev.processors.map_or("?".into(), table::time),
            table::time(dev_touched),
            table::time(release.time),
            release.processors.map_or("?".into(), table::time),
            table::time(release_touched),
            table::size(project.program()?.len()),
        ]);
        eprintln!("{set:?} is done");
    }
    println!("{table}");
    Ok(())
}

/// A project that depends on diadoc-proto, in a folder that goes when this does.
struct Project {
    folder: tempfile::TempDir,
    code: String,
}

/// What one build took.
struct Build {
    crates: usize,
    /// Seconds.
    time: f64,
    /// Seconds of all processors together, where the system tells.
    processors: Option<f64>,
}

impl Project {
    fn new(set: &str) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let has = |feature: &str| set.split(',').any(|name| name == feature);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = root.canonicalize()?;
        let features: Vec<&str> = set.split(',').filter(|name| !name.is_empty()).collect();
        let mut manifest = format!(
            "[package]\nname = \"dependent\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [workspace]\n\n\
             [dependencies]\nprost = {{ version = \"0.14\", default-features = false }}\n\
             diadoc-proto = {{ path = {root:?}, default-features = false, features = {features:?} }}\n"
        );
        if has("serde") {
            manifest += "serde_json = \"1\"\n";
        }
        manifest += "\n[profile.release]\nstrip = true\n";
        fs::write(folder.path().join("Cargo.toml"), manifest)?;
        fs::copy(root.join("Cargo.lock"), folder.path().join("Cargo.lock"))?;
        fs::create_dir(folder.path().join("src"))?;
        let project = Self {
            folder,
            code: code(&has),
        };
        project.write(0)?;
        Ok(project)
    }

    /// The project's code, with a line of its own for each turn.
    fn write(&self, turn: usize) -> std::io::Result<()> {
        let code = self.code.replace("TURN", &turn.to_string());
        fs::write(self.folder.path().join("src/main.rs"), code)
    }

    fn build(&self, arguments: &[&str]) -> Result<Build, Box<dyn Error>> {
        let mut command = cargo();
        command
            .current_dir(self.folder.path())
            .args(["build", "--offline"])
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.folder.path().join("target"))
            .env("CARGO_TERM_COLOR", "never")
            // The cargo that runs this program may have been told otherwise.
            .env_remove("CARGO_INCREMENTAL")
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        let before = processors();
        let start = Instant::now();
        let output = command.output()?;
        let time = start.elapsed().as_secs_f64();
        let log = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("the project does not build:\n{log}").into());
        }
        let lines = log.lines().map(str::trim_start);
        let compiled = lines.filter(|line| line.starts_with("Compiling "));
        Ok(Build {
            crates: compiled.count().saturating_sub(1),
            time,
            processors: processors()
                .zip(before)
                .map(|(after, before)| after - before),
        })
    }

    fn touched(&self, arguments: &[&str]) -> Result<f64, Box<dyn Error>> {
        let mut times = Vec::new();
        for turn in 1..=TOUCHES {
            self.write(turn)?;
            times.push(self.build(arguments)?.time);
        }
        Ok(median(times))
    }

    fn program(&self) -> std::io::Result<fs::Metadata> {
        let name = format!("dependent{}", std::env::consts::EXE_SUFFIX);
        let folder: PathBuf = self.folder.path().join("target/release");
        fs::metadata(folder.join(name))
    }
}

/// A program that reads a page from a file and writes it again, in every way that the features
/// offer.
fn code(has: &dyn Fn(&str) -> bool) -> String {
    let mut code = String::from(
        "use diadoc_proto::documents::DocumentList;\n\
         use prost::Message as _;\n\n\
         fn main() {\n    \
         let body = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();\n    \
         let list = DocumentList::decode(&*body).unwrap();\n    \
         println!(\"turn TURN: {:?} bytes\", list.encode_to_vec().len());\n",
    );
    if has("json") {
        code += "    let list: DocumentList = diadoc_proto::json::from_slice(&body).unwrap();\n    \
                 println!(\"{}\", diadoc_proto::json::to_string(&list).unwrap());\n";
    }
    if has("serde") {
        code += "    let list: DocumentList = serde_json::from_slice(&body).unwrap();\n    \
                 println!(\"{}\", serde_json::to_string(&list).unwrap());\n";
    }
    if has("registry") {
        code += "    println!(\"{}\", diadoc_proto::registry::messages().len());\n";
    }
    if has("reflection") {
        code += "    println!(\"{}\", diadoc_proto::FILE_DESCRIPTOR_SET.len());\n";
    }
    code + "}\n"
}
