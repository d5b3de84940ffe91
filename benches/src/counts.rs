//! How often a contender asks the allocator.
//!
//! Counting slows the allocator down, so it happens in a program of its own, `counted`, which runs
//! everything once. This side starts it and reads what it prints.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Command;

/// Allocations, reallocations included, by operation, workload and contender.
pub type Counts = BTreeMap<(String, String, String), u64>;

/// Counts every run of every workload.
///
/// # Errors
///
/// Cargo or the program fails.
pub fn counts() -> io::Result<Counts> {
    let mut counts = Counts::new();
    for line in lines(&[])? {
        let [operation, workload, contender, count] = cells(&line)?;
        let count = count.parse().map_err(io::Error::other)?;
        counts.insert((operation.into(), workload.into(), contender.into()), count);
    }
    Ok(counts)
}

/// The most bytes that reading and holding a page of so many documents takes on the heap, without
/// the body.
///
/// # Errors
///
/// Cargo or the program fails.
pub fn peaks(documents: &[usize]) -> io::Result<Vec<u64>> {
    let numbers: Vec<String> = documents.iter().map(usize::to_string).collect();
    let lines = lines(&numbers)?;
    let peaks = lines.iter().map(|line| line.parse());
    peaks.collect::<Result<_, _>>().map_err(io::Error::other)
}

/// What `counted` prints.
fn lines(arguments: &[String]) -> io::Result<Vec<String>> {
    let mut command = cargo();
    command
        .args(["run", "--quiet", "--package", "diadoc-bench"])
        .args(["--bin", "counted"])
        .args(profile())
        .arg("--")
        .args(arguments);
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("counted: {}", output.status)));
    }
    let text = String::from_utf8(output.stdout).map_err(io::Error::other)?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn cells(line: &str) -> io::Result<[&str; 4]> {
    let cells: Vec<&str> = line.split('\t').collect();
    let message = format!("counted printed `{line}`");
    cells.try_into().map_err(|_| io::Error::other(message))
}

/// The cargo that started this program, in this package's folder.
pub fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// Builds the program `diadoc` in the profile of this one; its path.
///
/// # Errors
///
/// Cargo fails.
pub fn program() -> io::Result<PathBuf> {
    let built = cargo()
        .args(["build", "--quiet", "--package", "diadoc-cli"])
        .args(profile())
        .status()?;
    if !built.success() {
        return Err(io::Error::other("the program diadoc does not build"));
    }
    let name = format!("diadoc{}", std::env::consts::EXE_SUFFIX);
    Ok(std::env::current_exe()?.with_file_name(name))
}

/// The flag for the profile that this program was built with.
pub fn profile() -> Option<&'static str> {
    (!cfg!(debug_assertions)).then_some("--release")
}

/// The seconds that all processors together have spent on processes that this one has started and
/// waited for, and on theirs: Linux tells.
pub fn processors() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field, the name, may hold spaces; the counted ones follow its parenthesis.
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    // cutime and cstime, in hundredths of a second: see proc(5).
    Some((ticks(16)? + ticks(17)?) / 100.0)
}
