//! `cargo run --release -p diadoc-bench --bin cost`: what a project pays that depends on
//! diadoc-proto, for each set of features.
//!
//! For each set, a small project is made in a temporary folder that reads a page and writes it
//! again in the ways that the set offers, with the versions of this workspace's `Cargo.lock`, and
//! built without the network. The first project stands beside them: it has the whole schema as
//! prost-build writes it, with prost's derive, as a crate of its own. What is told of each:
//!
//! - `crates`: how many crates are compiled beside the project's own;
//! - `cold`: the first build, nothing compiled before, from start to end and as time of all
//!   processors together, which other work on the machine disturbs less, and that by the time of plain
//!   prost;
//! - `touched`: the build after a line of the project has changed, the median of five;
//! - `size`: the project's program in the release profile, stripped.
//!
//! Sets can be named: `-- json json,serde`; a lone `-` is the set without features. Plain prost is
//! always measured.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use diadoc_bench::counts::{cargo, processors};
use diadoc_bench::measure::median;
use diadoc_bench::table::{self, Table};
use diadoc_proto::FILE_DESCRIPTOR_SET;
use prost::Message as _;
use prost_types::FileDescriptorSet;

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
        "by plain prost",
        "touched, dev",
        "cold, release",
        "CPU",
        "by plain prost",
        "touched, release",
        "size",
    ]);
    let mut plain = None;
    let projects = sets
        .into_iter()
        .map(|set| (set_name(set), Project::new(set)));
    let first = ("plain prost, derived".to_owned(), Project::plain_prost());
    for (name, project) in [first].into_iter().chain(projects) {
        let project = project?;
        let dev = project.build(&[])?;
        let dev_touched = project.touched(&[])?;
        let release = project.build(&["--release"])?;
        let release_touched = project.touched(&["--release"])?;
        let by = |own: Option<f64>, plain: Option<f64>| match own.zip(plain) {
            Some((own, plain)) => format!("{:.2}", own / plain),
            None => "?".into(),
        };
        let (plain_dev, plain_release) = *plain.get_or_insert((dev.processors, release.processors));
        table.row([
            name.clone(),
            dev.crates.to_string(),
            table::time(dev.time),
            dev.processors.map_or("?".into(), table::time),
            by(dev.processors, plain_dev),
            table::time(dev_touched),
            table::time(release.time),
            release.processors.map_or("?".into(), table::time),
            by(release.processors, plain_release),
            table::time(release_touched),
            table::size(project.program()?.len()),
        ]);
        eprintln!("{name} is done");
    }
    println!("{table}");
    Ok(())
}

fn set_name(set: &str) -> String {
    match set {
        "" => "none: protobuf alone".to_owned(),
        set => format!("`{}`", set.replace(',', "`, `")),
    }
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
        let has = |feature: &str| set.split(',').any(|name| name == feature);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = root.canonicalize()?;
        let features: Vec<&str> = set.split(',').filter(|name| !name.is_empty()).collect();
        let mut dependencies = format!(
            "diadoc-proto = {{ path = {root:?}, default-features = false, features = {features:?} }}\n"
        );
        if has("serde") {
            dependencies += "serde_json = \"1\"\n";
        }
        Self::with(&dependencies, code(&has))
    }

    /// The project without diadoc-proto: the whole schema as prost-build writes it stands in a crate
    /// beside it.
    fn plain_prost() -> Result<Self, Box<dyn Error>> {
        let project = Self::with("schema = { path = \"schema\" }\n", plain_code())?;
        let source = project.folder.path().join("schema/src");
        fs::create_dir_all(&source)?;
        fs::write(
            project.folder.path().join("schema/Cargo.toml"),
            "[package]\nname = \"schema\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nprost = \"0.14\"\n",
        )?;
        let mut config = prost_build::Config::new();
        config.out_dir(&source).include_file("lib.rs");
        config.compile_fds(FileDescriptorSet::decode(FILE_DESCRIPTOR_SET)?)?;
        Ok(project)
    }

    fn with(dependencies: &str, code: String) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let manifest = format!(
            "[package]\nname = \"dependent\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [workspace]\n\n\
             [dependencies]\nprost = {{ version = \"0.14\", default-features = false }}\n\
             {dependencies}\n[profile.release]\nstrip = true\n"
        );
        fs::write(folder.path().join("Cargo.toml"), manifest)?;
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, folder.path().join("Cargo.lock"))?;
        fs::create_dir(folder.path().join("src"))?;
        let project = Self { folder, code };
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

/// A program that reads a page from a file and writes it again, up to its end; the type of the page is
/// that of the path.
fn start_of_code(path: &str) -> String {
    format!(
        "use {path};\n\
         use prost::Message as _;\n\n\
         fn main() {{\n    \
         let body = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();\n    \
         let list = DocumentList::decode(&*body).unwrap();\n    \
         println!(\"turn TURN: {{:?}} bytes\", list.encode_to_vec().len());\n"
    )
}

fn plain_code() -> String {
    start_of_code("schema::diadoc::api::proto::documents::DocumentList") + "}\n"
}

/// The program with all ways that the features offer.
fn code(has: &dyn Fn(&str) -> bool) -> String {
    let mut code = start_of_code("diadoc_proto::documents::DocumentList");
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
