//! `diadoc serve`: a fake Diadoc, or a proxy in front of a real one.

mod limits;
mod proxy;
mod stopping;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{NonEmptyStringValueParser, RangedU64ValueParser};
use diadoc_api::http::Uri;
use diadoc_fake::world::World;
use diadoc_fake::world::script::CounteragentScript;
use diadoc_fake::{Approval, Fake, FakeError, Mode, Oidc, PlannedFault, Received};
use diadoc_schema::Schema;

use crate::outcome::{Failure, Outcome};
use crate::output::{self, say};
use stopping::asked_to_stop;

/// Serves a fake Diadoc, to try a program against
///
/// It has boxes, messages, documents and events: what one box sends, the other receives, signs or
/// refuses, and every list, docflow and feed tells of it. It begins with two test organizations that are
/// counteragents and one user, whom every token stands for; --world FILE makes another beginning.
/// --store FILE keeps it all over restarts. A method that has nothing to do with that answers with the
/// body that the vendor's pages document, else with a valid example; with --stateless every method does.
///
/// Requests are read as the live server reads them: what it ignores is ignored, and told in the line of
/// the request; what it refuses gets 400, in the server's own words where these are known. Any bytes
/// are taken for a signature. With --strict, what the server would only ignore is refused, too, with
/// all that is wrong as text, and a signature has to look like one. A method or version that the vendor
/// has removed is refused, and what to use in its place is said.
///
/// Any token is accepted unless --token says which, or --oidc that it must be one of the fake's own.
///
/// It is an identity server, too: anybody can sign in at /connect/token, /connect/authorize and
/// /connect/deviceauthorization, and the user says yes. Users are sent back to addresses of their own
/// machine and to those of --redirect-uri.
///
/// With --upstream it is no fake: requests go on to a real Diadoc, and its answers come back, as they
/// are. Both are held against the schema, and what goes against it is told. --record writes them to a
/// folder for `diadoc check` and --fixtures, with other data in the place of every id, name, number,
/// address, text and content; tokens and queries are not written. Dates, sums and types of documents
/// stay.
///
/// The address goes to standard output, a line for each request to standard error, and one for what a
/// counteragent could not do by its script. A browser on this machine shows the requests, plans faults
/// and checks bodies at /_/.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A fault is METHOD=FAULT or METHOD=FAULT*TIMES; `*` as the method means every one, and a path such as
/connect/token the identity server. Faults:
  402, 500, ...    an answer of that status
  503:30           an answer of that status with Retry-After: 30
  storm:30         30 of 100 calls get 429 with Retry-After, spread evenly
  pending          the result is not ready yet
  slow:1500        the answer takes 1500 milliseconds
  no-answer        no answer ever comes
  cut              the connection ends in the middle of the body
  lost             the work is done, and the connection ends before the answer
  garbage          the body is not what the method answers with

A script is a list of rules, each an object:
  {\"box\": \"7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946\", \"then\": \"sign\", \"after\": \"5s\",
   \"when\": {\"event\": \"document\", \"type\": \"Contract\", \"number\": \"17*\"}}
`then` is receive, sign, refuse, request-correction, propose-revocation, accept-revocation,
refuse-revocation, approve or disapprove; `comment` says why, `title` names a file to sign with, and
`times` how often. `event` is document, revocation, correction-request or title; `function` and
`sender` are conditions as well.

Examples:
  diadoc serve --fault 'GetMessageV6=429*2' --fault 'GenerateDocumentZip=pending*3'
  diadoc serve --upstream https://diadoc-api.kontur.ru --record captured
and in another terminal:
  curl -H 'Authorization: Bearer any' -H 'Accept: application/json' \\
    'http://127.0.0.1:8070/V3/GetDocuments?boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3\
&filterCategory=Any.Inbound'
  curl -H 'X-Diadoc-Fake: yes' -d 'amount=10&unit=seconds' http://127.0.0.1:8070/_/clock")]
pub(crate) struct Arguments {
    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8070)]
    port: u16,

    /// The address of this machine to listen on
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into())]
    host: IpAddr,

    /// Ignore what the live server ignores; so it does by default
    #[arg(long, conflicts_with = "strict")]
    like_server: bool,

    /// Refuse what the live server only ignores, such as a parameter or a key that nobody knows
    #[arg(long)]
    strict: bool,

    /// A folder with a manifest.json whose bodies are the answers, in the place of the documented
    /// ones
    #[arg(long, value_name = "FOLDER")]
    fixtures: Option<PathBuf>,

    /// The world to begin with, as a file describes it (see `diadoc world schema`), in the place of two
    /// organizations
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fixtures", "stateless"])]
    world: Option<PathBuf>,

    /// Keep the world in this file, so that it goes on where it stopped; it is made where it is not there
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fixtures", "stateless"])]
    store: Option<PathBuf>,

    /// What counteragents do by themselves: a file of rules in JSON, see below
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fixtures", "stateless"])]
    script: Option<PathBuf>,

    /// Remember nothing: every method answers with an example
    #[arg(long)]
    stateless: bool,

    /// What goes wrong, see below; may be given several times
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<PlannedFault>,

    /// How long every answer takes, in milliseconds
    #[arg(
        long,
        value_name = "MILLISECONDS",
        default_value_t = 0,
        value_parser = RangedU64ValueParser::<u64>::new().range(..=86_400_000)
    )]
    latency: u64,

    /// The seconds that a result which is not ready asks to wait
    #[arg(long, value_name = "SECONDS", default_value_t = 1)]
    retry_after: u64,

    /// The only token that is accepted, beside those of --oidc; where the world has users of their own
    /// tokens and it is none of these, it is the first user's
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    token: Option<String>,

    /// Accept only access tokens that the fake has given, as long as they live; one that names no user
    /// is that of the user of every token, or where the world has none the first user's
    #[arg(long)]
    oidc: bool,

    /// How long they live; with --oidc
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 86_400,
        requires = "oidc"
    )]
    token_life: u64,

    /// The user of a device says yes after so many requests that ask in vain; with --oidc
    #[arg(long, value_name = "REQUESTS", default_value_t = 0, requires = "oidc")]
    pending: u32,

    /// The user says no; with --oidc
    #[arg(long, requires = "oidc", conflicts_with = "pending")]
    denied: bool,

    /// Sign-ins may send users back to this address, too; may be given several times
    #[arg(long = "redirect-uri", value_name = "URL", value_parser = redirect_uri)]
    redirects: Vec<String>,

    #[command(flatten)]
    limits: limits::Arguments,

    #[command(flatten)]
    proxy: proxy::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let address = SocketAddr::new(arguments.host, arguments.port);
    if arguments.proxy.is_wanted() {
        return proxy::run(&arguments.proxy, &arguments.limits, address);
    }
    let mut builder = Fake::builder()
        .latency(Duration::from_millis(arguments.latency))
        .retry_after(arguments.retry_after)
        .mode(match arguments.strict {
            true => Mode::Strict,
            false => Mode::LikeServer,
        })
        .on_request(log)
        .on_skipped(|note| say(&output::printable(&format!("skipped: {note}"))));
    builder = arguments.limits.of_fake(builder);
    if let Some(token) = &arguments.token {
        builder = builder.token(token.as_str());
    }
    let oidc = Oidc::default();
    let oidc = arguments
        .redirects
        .iter()
        .fold(oidc, |oidc, address| oidc.redirect_uri(address));
    builder = match arguments.oidc {
        true => {
            let approval = match arguments.denied {
                true => Approval::Denied,
                false => Approval::After(arguments.pending),
            };
            let life = Duration::from_secs(arguments.token_life);
            builder.oidc(oidc.approval(approval).token_life(life))
        }
        false => builder.signs_in(oidc),
    };
    if let Some(folder) = &arguments.fixtures {
        builder = builder.fixtures(folder).map_err(no_such_fake)?;
    } else if arguments.stateless {
        builder = builder.stateless();
    } else {
        builder = builder.world(world(arguments)?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::no_thread)?;
    let asked = asked_to_stop().map_err(Failure::no_thread)?;
    runtime.block_on(async {
        let cannot_serve = |error: io::Error| {
            Failure::new(format!(
                "{address}: cannot be served: {error}\n\
                 Name another port with --port; 0 takes a free one."
            ))
        };
        let fake = builder.start_at(address).await.map_err(cannot_serve)?;
        for fault in &arguments.faults {
            fake.plan(fault.clone()).map_err(no_such_fake)?;
        }
        output::to_stdout(format!("{}\n", fake.url()).as_bytes())?;
        let methods = Schema::diadoc().methods().len();
        say(&format!("serving {methods} methods; Ctrl-C ends it"));
        say(&how_to_call(arguments, &fake.url()));
        if let Some(page) = fake.page_url() {
            say(&format!("what comes in shows {page} in a browser"));
        }
        // An error says that nobody can ask any more, which cannot be while this waits.
        let _ = asked.await;
        say("stopping; Ctrl-C again ends it at once");
        fake.stop().await.map_err(cannot_serve)
    })?;
    Ok(Outcome::Fine)
}

/// How this program calls what is served.
fn how_to_call(arguments: &Arguments, url: &str) -> String {
    match (&arguments.token, arguments.oidc) {
        (Some(_), _) => format!(
            "DIADOC_URL={url} diadoc call GetMyOrganizations calls it, with the token in DIADOC_TOKEN"
        ),
        (None, true) => format!(
            "DIADOC_URL={url} DIADOC_IDENTITY_URL={url} DIADOC_OIDC_CLIENT_ID=any \
             DIADOC_OIDC_CLIENT_SECRET=any diadoc login signs in to it"
        ),
        (None, false) => {
            format!("DIADOC_URL={url} DIADOC_TOKEN=any diadoc call GetMyOrganizations calls it")
        }
    }
}

/// An address that a browser may be sent to: no script.
fn redirect_uri(text: &str) -> Result<String, String> {
    let uri = text.parse::<Uri>().map_err(|error| error.to_string())?;
    match uri.scheme_str() {
        Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => {
            Ok(text.to_owned())
        }
        _ => Err("an address such as https://example.com/signed-in is due".to_owned()),
    }
}

/// What the fake begins with.
fn world(arguments: &Arguments) -> Result<World, Failure> {
    if let (Some(world), Some(store)) = (&arguments.world, &arguments.store)
        && store.exists()
    {
        return Err(Failure::new(format!(
            "{} holds a world already, which would go on in the place of {}\n\
             Leave out --world, or name a file with --store that is not there.",
            store.display(),
            world.display()
        )));
    }
    let mut world = match &arguments.world {
        Some(path) => World::from_file(path).map_err(|error| Failure::new(error.to_string()))?,
        None => World::default(),
    };
    if let Some(path) = &arguments.store {
        let kept = world.kept_in(path);
        world = kept.map_err(|error| Failure::new(error.to_string()))?;
    }
    if let Some(path) = &arguments.script {
        let script = CounteragentScript::load(path);
        let script = script.map_err(|error| Failure::new(error.to_string()))?;
        world.set_counteragents(script).map_err(|error| {
            let lines = error.to_string();
            let lines = lines
                .lines()
                .map(|line| format!("{}: {line}", path.display()));
            Failure::new(lines.collect::<Vec<_>>().join("\n"))
        })?;
    }
    Ok(world)
}

fn no_such_fake(error: FakeError) -> Failure {
    Failure::new(format!(
        "{error}\n`diadoc serve --help` explains the options."
    ))
}

/// A line for a request: what came, the status of the answer, why it is so, and what is odd about the
/// request. The query is left out, since it may hold a secret.
fn log(received: &Received) {
    let status = match received.status {
        Some(status) => status.to_string(),
        None => "---".to_owned(),
    };
    let mut line = format!("{status} {} {}", received.verb, received.path);
    if let Some(method) = received.method {
        line += &format!("  {method}");
    }
    if let Some(note) = &received.note {
        line += &format!("  {note}");
    }
    if let Some(why) = first_of(&received.reasons) {
        line += &format!(": {why}");
    }
    if let Some(remark) = first_of(&received.remarks) {
        line += &format!("  ({remark})");
    }
    say(&output::printable(&line));
}

/// The first line, and how many more there are.
fn first_of(lines: &[String]) -> Option<String> {
    match lines {
        [] => None,
        [only] => Some(only.clone()),
        [first, more @ ..] => Some(format!("{first}, and {} more", more.len())),
    }
}
