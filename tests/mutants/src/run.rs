//! Runs the tests, each in a process of its own.

use std::collections::HashSet;
use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A change may make a test that much slower: both together.
const TIMES: u32 = 5;
const BESIDE: Duration = Duration::from_secs(4);

/// What a test is given without any change.
const AT_MOST: Duration = Duration::from_secs(900);

/// What a process may take of memory, in KiB: a change can make a loop that fills it.
const MEMORY: usize = 6 << 20;

/// A test.
#[derive(Debug)]
pub(crate) struct Test {
    binary: PathBuf,
    pub(crate) name: String,
    /// How long it takes without any change.
    pub(crate) time: Duration,
    /// The changes that it comes to.
    pub(crate) reaches: HashSet<usize>,
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Passed,
    Failed,
    TimedOut,
}

/// Where tests run.
#[derive(Debug)]
pub(crate) struct Runner {
    /// The root of the copy, and the folder of the package in it.
    pub(crate) copy: PathBuf,
    pub(crate) package: PathBuf,
    /// How many run at a time.
    pub(crate) jobs: usize,
    /// How many cases a property tries.
    pub(crate) cases: Option<&'static str>,
}

impl Runner {
    /// Runs every test of the binaries without any change, and gives those that pass, the quickest first.
    /// Where one fails, nothing can be told of changes.
    pub(crate) fn baseline(
        &self,
        binaries: &[PathBuf],
        without: &[&str],
        scratch: &Path,
    ) -> Result<Vec<Test>, Box<dyn Error>> {
        let mut tests = Vec::new();
        for binary in binaries {
            let listed = self
                .command(binary.as_ref())
                .args(["--list", "--format=terse"])
                .output()?;
            let listed = String::from_utf8(listed.stdout)?;
            let names = listed
                .lines()
                .filter_map(|line| line.strip_suffix(": test"));
            let names = names.filter(|name| !without.contains(name));
            tests.extend(names.map(|name| Test {
                binary: binary.clone(),
                name: name.to_owned(),
                time: Duration::ZERO,
                reaches: HashSet::new(),
            }));
        }
        let failed = Mutex::new(Vec::new());
        let traced = Mutex::new(Vec::new());
        self.each(tests.len(), |index| {
            let Some(test) = tests.get(index) else { return };
            let trace = scratch.join(format!("trace-{index}"));
            let _ = fs::remove_file(&trace);
            let start = Instant::now();
            let end = self.test(test, "DIADOC_MUTANT_TRACE", trace.as_ref(), AT_MOST);
            let time = start.elapsed();
            let reached = fs::read_to_string(&trace).unwrap_or_default();
            let _ = fs::remove_file(&trace);
            match end {
                Ok(End::Passed) => {
                    let reaches = reached.lines().filter_map(|line| line.parse().ok());
                    lock(&traced).push((index, time, reaches.collect::<HashSet<usize>>()));
                }
                Ok(_) => lock(&failed).push(test.name.clone()),
                Err(error) => lock(&failed).push(format!("{}: {error}", test.name)),
            }
        });
        let failed = failed.into_inner().unwrap_or_default();
        if !failed.is_empty() {
            return Err(format!("without any change fail: {}", failed.join(", ")).into());
        }
        for (index, time, reaches) in traced.into_inner().unwrap_or_default() {
            if let Some(test) = tests.get_mut(index) {
                test.time = time;
                test.reaches = reaches;
            }
        }
        tests.sort_by_key(|test| test.time);
        Ok(tests)
    }

    /// Runs the tests in turn with a change, until one notices it.
    pub(crate) fn with_change<'t>(
        &self,
        change: usize,
        tests: impl Iterator<Item = &'t Test>,
    ) -> Result<(End, &'t str), Box<dyn Error + Send + Sync>> {
        for test in tests {
            let limit = test.time * TIMES + BESIDE;
            let end = self.test(test, "DIADOC_MUTANT", change.to_string().as_ref(), limit)?;
            if end != End::Passed {
                return Ok((end, &test.name));
            }
        }
        Ok((End::Passed, ""))
    }

    /// Calls `work` for each number below `count`, several at a time.
    pub(crate) fn each(&self, count: usize, work: impl Fn(usize) + Sync) {
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..self.jobs {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= count {
                            break;
                        }
                        work(index);
                    }
                });
            }
        });
    }

    fn test(
        &self,
        test: &Test,
        variable: &str,
        value: &OsStr,
        limit: Duration,
    ) -> Result<End, std::io::Error> {
        let mut child = self
            .command(&test.binary)
            .args(["--exact", &test.name, "--test-threads=1", "--quiet"])
            .env(variable, value)
            .stdout(Stdio::null())
            .spawn()?;
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(if status.success() {
                    End::Passed
                } else {
                    End::Failed
                });
            }
            if start.elapsed() > limit {
                child.kill()?;
                child.wait()?;
                return Ok(End::TimedOut);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }

    /// A test binary, in the place and with the variables that cargo gives it, and little memory.
    fn command(&self, binary: &Path) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", "ulimit -v \"$0\" 2>/dev/null; exec \"$@\""])
            .arg(MEMORY.to_string())
            .arg(binary)
            .current_dir(&self.package)
            .env("CARGO_MANIFEST_DIR", &self.package)
            // Else every process asks cargo.
            .env("INSTA_WORKSPACE_ROOT", &self.copy)
            .env("INSTA_UPDATE", "no")
            // What fails need not be made small.
            .env("PROPTEST_MAX_SHRINK_ITERS", "0")
            .envs(self.cases.map(|cases| ("PROPTEST_CASES", cases)))
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
