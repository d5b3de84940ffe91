//! `diadoc serve --upstream`: a proxy in front of a real Diadoc.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use diadoc_fake::{Exchange, Proxy, ProxyError, Summary};
use diadoc_schema::{Finding, Report, Severity};

use super::limits;
use super::stopping::asked_to_stop;
use crate::outcome::{Failure, Outcome};
use crate::output::{self, say};

/// The options of the proxy.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// Send every request on to the Diadoc at this address, and hold what passes against the schema
    #[arg(
        long,
        value_name = "URL",
        conflicts_with_all = [
            "like_server", "strict", "fixtures", "store", "stateless", "faults", "latency",
            "retry_after", "token", "oidc", "redirects", "keep", "keep_bytes",
        ]
    )]
    upstream: Option<String>,

    /// Write what passes to this folder, with a manifest.json and all data replaced; with --upstream
    #[arg(long, value_name = "FOLDER", requires = "upstream")]
    record: Option<PathBuf>,

    /// Replace data the same way in all recordings with this text, which is a secret: it lets others
    /// try out what a value was; with --record
    #[arg(
        long,
        value_name = "TEXT",
        requires = "record",
        value_parser = NonEmptyStringValueParser::new()
    )]
    seed: Option<String>,
}

impl Arguments {
    pub(super) fn is_wanted(&self) -> bool {
        self.upstream.is_some()
    }
}

pub(super) fn run(
    arguments: &Arguments,
    limits: &limits::Arguments,
    address: SocketAddr,
) -> Result<Outcome, Failure> {
    let upstream = arguments.upstream.as_deref().unwrap_or_default();
    let mut builder = limits.of_proxy(Proxy::builder(upstream).on_exchange(log));
    if let Some(folder) = &arguments.record {
        builder = builder.record(folder);
    }
    if let Some(seed) = &arguments.seed {
        builder = builder.seed(seed);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::no_thread)?;
    let asked = asked_to_stop().map_err(Failure::no_thread)?;
    let served = runtime.block_on(async {
        let cannot_serve = |source| ProxyError::Listen { address, source };
        let proxy = builder.start_at(address).await.map_err(no_such_proxy)?;
        output::to_stdout(format!("{}\n", proxy.url()).as_bytes())?;
        say(&output::printable(&format!(
            "passing requests on to {upstream}; Ctrl-C ends it"
        )));
        // An error says that nobody can ask any more, which cannot be while this waits.
        let _ = asked.await;
        say("stopping; Ctrl-C again ends it at once");
        let summary = proxy.stop().await;
        say(&counts(
            &summary.map_err(cannot_serve).map_err(no_such_proxy)?,
        ));
        Ok(Outcome::Fine)
    });
    // An answer that nobody waits for any more does not hold the program up.
    runtime.shutdown_background();
    served
}

fn no_such_proxy(error: ProxyError) -> Failure {
    let hint = match error {
        ProxyError::Listen { .. } => "Name another port with --port; 0 takes a free one.",
        _ => "`diadoc serve --help` explains the options.",
    };
    Failure::new(format!("{error}\n{hint}"))
}

/// A line for an exchange, and one for each direction that goes against the schema. Like the paths of
/// the fake they are without the query, which may hold a secret.
fn log(exchange: &Exchange) {
    let Exchange {
        status, verb, path, ..
    } = exchange;
    let mut line = format!("{status} {verb} {path}");
    if let Some(method) = exchange.method {
        line += &format!("  {method}");
    }
    if !exchange.notes.is_empty() {
        line += &format!("  {}", exchange.notes.join("; "));
    }
    let violations = exchange.violations.iter().map(ToString::to_string);
    let request = violations.chain(found(exchange.request.as_ref()));
    let response = found(exchange.response.as_ref());
    let mut lines = vec![line];
    lines.extend(direction("request", request.collect()));
    lines.extend(direction("response", response.collect()));
    let lines: Vec<_> = lines.iter().map(|line| output::printable(line)).collect();
    say(&lines.join("\n"));
}

/// A line for what goes against the schema in one direction; none where nothing does.
fn direction(name: &str, findings: Vec<String>) -> Option<String> {
    let more = match findings.len() {
        0 | 1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    findings
        .first()
        .map(|first| format!("  {name}: {first}{more}"))
}

/// Errors and warnings, the errors first.
fn found(report: Option<&Report>) -> impl Iterator<Item = String> {
    let findings = |severity| {
        let findings = report.into_iter().flat_map(|report| &report.findings);
        findings.filter(move |finding: &&Finding| finding.severity == severity)
    };
    let all = findings(Severity::Error).chain(findings(Severity::Warning));
    all.map(|one| format!("{} [{}]", finding(one), one.rule))
}

fn finding(finding: &Finding) -> String {
    match finding.path.as_str() {
        "" => finding.message.clone(),
        path => format!("{path}: {}", finding.message),
    }
}

/// What passed, as a sentence.
fn counts(summary: &Summary) -> String {
    let mut text = format!("{} requests passed", summary.requests);
    let counts = [
        (summary.unknown, "of no method"),
        (summary.wrong_requests, "against the schema"),
        (summary.wrong_responses, "with an answer against the schema"),
        (summary.refused, "refused by the server"),
        (summary.unanswered, "without an answer"),
    ];
    for (count, what) in counts {
        if count > 0 {
            text += &format!(", {count} {what}");
        }
    }
    if summary.files > 0 {
        text += &format!("; {} files written", summary.files);
    }
    text
}
