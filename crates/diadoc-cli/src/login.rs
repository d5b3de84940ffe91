//! `diadoc login`: signing in.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use diadoc_api::Step;
use diadoc_api::oidc::{DeviceCode, DeviceLogin, OidcError, Tokens};

use crate::outcome::{Failure, Outcome};
use crate::output::say;
use crate::progress::Bar;
use crate::session::{Problem, Session};
use crate::settings::Settings;
use crate::transport::Transport;

/// Signs in, for `diadoc call`
///
/// Prints an address of the vendor and a code. Open the one, confirm the other, and the tokens are kept
/// in tokens.json beside the settings, where only you can read them. `diadoc call` takes them from
/// there and refreshes them; they are printed nowhere. Ctrl-C ends the waiting, and nothing is kept.
///
/// The settings stand in the environment or in config.toml, see `diadoc call --help`:
///
///   DIADOC_OIDC_CLIENT_ID      oidc_client_id      id and secret (the API key) of your program, from
///   DIADOC_OIDC_CLIENT_SECRET  oidc_client_secret  the vendor's integrator cabinet
///   DIADOC_OIDC_SCOPE          oidc_scope          what to ask for; access to the API, or to the test
///                                                  installation where DIADOC_URL is that
///   DIADOC_IDENTITY_URL        identity_url        the identity server; https://identity.kontur.ru by
///                                                  default
#[allow(rustdoc::bare_urls, reason = "the comment is the text of --help")]
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(after_help = "\
Exit codes: 0 you are signed in, 1 you said no or nothing in time, 2 the settings are wrong or no
answer came.

Examples:
  diadoc login && diadoc call GetMyOrganizations
  DIADOC_URL=https://diadoc-api-staging.kontur.ru diadoc login   at the test installation")]
pub(crate) struct Arguments {
    /// The file with the settings
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let settings = Settings::read(arguments.config.as_deref())?;
    let session = Session::new(&settings).ok_or_else(|| {
        Failure::new(
            "there is no program to sign in with\n\
             Set DIADOC_OIDC_CLIENT_ID and DIADOC_OIDC_CLIENT_SECRET, or put them into the file: \
             `diadoc login --help` says where.",
        )
    })?;
    // Before somebody is asked in vain.
    session.try_to_keep()?;
    let transport = Transport::to_identity();
    let code = device_code(&session, &transport).map_err(Problem::into_failure)?;
    let page = code.verification_uri_complete.as_ref();
    say(&format!(
        "Open {}\nand confirm the code {}. It is good for {}.",
        page.unwrap_or(&code.verification_uri),
        code.user_code,
        minutes(code.expires_in),
    ));
    let tokens = confirmed(&session, &transport, &code)?;
    let place = session.keep(&tokens)?;
    say(&format!("You are signed in; the tokens are in {place}"));
    if tokens.refresh_token.is_none() {
        say("There is no refresh token: when the access token ends, sign in again.");
    }
    Ok(Outcome::Fine)
}

fn device_code(session: &Session, transport: &Transport) -> Result<DeviceCode, Problem> {
    let request = session.application.device();
    let answer = transport.send(request.to_http()?);
    let identity = session.application.identity();
    let answer = answer.map_err(|error| Problem::no_answer(identity, &error))?;
    Ok(request.outcome(answer)?)
}

/// Waits until the user has confirmed the code.
fn confirmed(
    session: &Session,
    transport: &Transport,
    code: &DeviceCode,
) -> Result<Tokens, Failure> {
    let mut login = DeviceLogin::new(&session.application, code, Instant::now());
    let spinner = "{spinner} waiting for you, {elapsed}";
    let waiting = Bar::new(None, spinner, spinner, true);
    let mut delay = login.interval();
    let done = loop {
        thread::sleep(delay);
        let request = login.request().to_http();
        let request = request.map_err(|error| Problem::from(error).into_failure())?;
        let answer = transport.send(request);
        let now = Instant::now();
        let (step, lost) = match answer {
            Ok(answer) => (login.next(answer, now), None),
            Err(lost) => (login.no_answer(now).map(Step::Wait), Some(lost)),
        };
        match step {
            Ok(Step::Wait(next)) => delay = next,
            Ok(Step::Ready(tokens)) => break Ok(tokens),
            Err(error) => break Err(failure(session, error, lost)),
        }
    };
    waiting.finish();
    done
}

/// Why nothing was confirmed; where no answer came at last, why not.
fn failure(session: &Session, error: OidcError, lost: Option<ureq::Error>) -> Failure {
    match lost {
        Some(lost) => {
            let lost = Problem::no_answer(session.application.identity(), &lost).into_failure();
            Failure::new(format!("{error}: {lost}"))
        }
        None => Problem::from(error).into_failure(),
    }
}

fn minutes(time: Duration) -> String {
    match (time.as_secs() / 60, time.as_secs()) {
        (0, 1) => "1 second".to_owned(),
        (0, seconds) => format!("{seconds} seconds"),
        (1, _) => "1 minute".to_owned(),
        (minutes, _) => format!("{minutes} minutes"),
    }
}
