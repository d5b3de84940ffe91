//! `diadoc login`, `diadoc logout`, and `diadoc call` with what they keep, against `diadoc serve`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::serve::Served;
use crate::{BOX, Ran, diadoc, folder};

const SECRET: &str = "c4n4ry-of-the-program";
/// What the program takes its settings from.
pub(crate) const VARIABLES: [&str; 9] = [
    "DIADOC_URL",
    "DIADOC_TOKEN",
    "DIADOC_CLIENT_ID",
    "DIADOC_IDENTITY_URL",
    "DIADOC_OIDC_CLIENT_ID",
    "DIADOC_OIDC_CLIENT_SECRET",
    "DIADOC_OIDC_REFRESH_TOKEN",
    "DIADOC_OIDC_SCOPE",
    "DIADOC_SOLUTION_INFO",
];

/// Somebody with a home, and a program that the fake at that address may know.
struct User {
    home: tempfile::TempDir,
    settings: Vec<(&'static str, String)>,
}

impl User {
    fn of(url: &str) -> Self {
        Self {
            home: folder(&[]),
            settings: vec![
                ("DIADOC_URL", url.to_owned()),
                ("DIADOC_IDENTITY_URL", url.to_owned()),
                ("DIADOC_OIDC_CLIENT_ID", "id".to_owned()),
                ("DIADOC_OIDC_CLIENT_SECRET", SECRET.to_owned()),
            ],
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.settings.retain(|(key, _)| *key != name);
        self.settings.push((name, value.to_owned()));
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = diadoc();
        command.args(arguments).stdin(Stdio::null());
        for name in VARIABLES {
            command.env_remove(name);
        }
        command.env("XDG_CONFIG_HOME", self.home.path());
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let ran = self
            .command(arguments)
            .output()
            .expect("the program starts");
        let ran = Ran::from(ran);
        self.is_kept_secret(&ran);
        ran
    }

    fn call(&self, more: &[&str]) -> Ran {
        let box_id = format!("boxId={BOX}");
        let filter = "filterCategory=Any.Inbound";
        let call = ["call", "GetDocumentsV3", "-p", &box_id, "-p", filter];
        self.run(&[&call[..], more].concat())
    }

    /// Nothing that was printed holds a secret.
    #[track_caller]
    fn is_kept_secret(&self, ran: &Ran) {
        let given = self.settings.iter();
        let given = given.filter(|(name, _)| name.ends_with("SECRET") || name.ends_with("TOKEN"));
        let mut secrets: Vec<_> = given.map(|(_, value)| value.clone()).collect();
        if let Some(kept) = self.kept() {
            let kept = ["access_token", "refresh_token"].map(|key| kept[key].as_str());
            secrets.extend(kept.into_iter().flatten().map(str::to_owned));
        }
        let shown = ran.to_string();
        for secret in secrets {
            assert!(!shown.contains(&secret), "{secret} is in\n{ran}");
        }
        // No access, refresh or device token of the fake, whichever run it comes from.
        for token in ["access-", "refresh-", "device-"] {
            for (at, _) in shown.match_indices(token) {
                let rest = &shown[at + token.len()..];
                let is_hex = |letter: char| letter.is_ascii_hexdigit();
                assert!(!rest.starts_with(is_hex), "a token is in\n{ran}");
            }
        }
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("diadoc/tokens.json")
    }

    /// The one entry of the file.
    fn kept(&self) -> Option<serde_json::Value> {
        let text = fs::read(self.file()).ok()?;
        let kept: serde_json::Value = serde_json::from_slice(&text).ok()?;
        let tokens = kept["tokens"].as_array()?;
        assert_eq!(tokens.len(), 1);
        Some(tokens[0].clone())
    }

    /// Changes what is kept, as time does.
    fn change(&self, changes: &[(&str, serde_json::Value)]) {
        let mut entry = self.kept().expect("tokens are kept");
        for (key, value) in changes {
            entry[*key] = value.clone();
        }
        self.keep(&entry);
    }

    fn keep(&self, entry: &serde_json::Value) {
        fs::create_dir_all(self.file().parent().expect("a folder")).expect("a folder");
        let text = serde_json::json!({ "tokens": [entry] }).to_string();
        fs::write(self.file(), text).expect("a file");
    }

    fn kept_text(&self, key: &str) -> String {
        text(&self.kept().expect("tokens are kept"), key)
    }
}

fn text(kept: &serde_json::Value, key: &str) -> String {
    kept[key].as_str().expect("a text").to_owned()
}

/// Asserts that nobody else may read what lies in the folder.
#[cfg(unix)]
#[track_caller]
fn is_private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| {
        fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(folder), 0o700);
    let names = crate::names_in(folder);
    assert_eq!(
        names,
        ["tokens.json", "tokens.lock"],
        "nothing is left over"
    );
    for name in names {
        assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
    }
}

#[cfg(not(unix))]
fn is_private(_: &Path) {}

#[test]
fn signing_in_calling_and_signing_out() {
    // Tokens that have ended before they are used: each call refreshes.
    let served = Served::start(&["--oidc", "--token-life", "0", "--pending", "1"]);
    let user = User::of(&served.url);
    user.call(&[])
        .failed(2, &["there is no token", "`diadoc login`"]);
    let ran = user.run(&["login"]);
    assert_eq!((ran.code, ran.stdout()), (Some(0), ""), "{ran}");
    ran.says(&format!("Open {}/device?user_code=FAKE-", served.url));
    ran.says("and confirm the code FAKE-");
    ran.says("It is good for 5 minutes.\n");
    ran.says(&format!(
        "You are signed in; the tokens are in {}\n",
        user.file().display()
    ));
    is_private(&user.home.path().join("diadoc"));

    let first = user.kept_text("refresh_token");
    // The API refuses a token that lives for no time, and a new one as well.
    user.call(&[])
        .failed(1, &["unauthorized (status 401): Invalid auth token"]);
    assert_ne!(
        user.kept_text("refresh_token"),
        first,
        "but it was refreshed"
    );
    is_private(&user.home.path().join("diadoc"));

    let ran = user.run(&["logout"]);
    assert_eq!(
        ran.stderr,
        format!("{} is deleted\n", user.file().display())
    );
    assert!(!user.file().exists());
    assert_eq!(user.run(&["logout"]).stderr, "nobody is signed in\n");
    user.call(&[]).failed(2, &["there is no token"]);
}

#[test]
fn tokens_are_refreshed_when_they_are_due() {
    let served = Served::start(&["--oidc", "--token-life", "60"]);
    let user = User::of(&served.url);
    user.run(&["login"]);
    let login = user.kept().unwrap();
    user.call(&[]).ended(0);
    assert_eq!(user.kept().unwrap(), login, "what lives is used as it is");
    // Half a minute later, and a minute later.
    for changes in [
        &[("refresh_at", 1.into())][..],
        &[("refresh_at", 1.into()), ("ends_at", 1.into())],
    ] {
        let before = user.kept().unwrap();
        user.change(changes);
        user.call(&[]).ended(0);
        let after = user.kept().unwrap();
        for key in ["access_token", "refresh_token"] {
            assert_ne!(after[key], before[key]);
        }
    }
    is_private(&user.home.path().join("diadoc"));
}

#[test]
fn a_token_that_the_api_refuses_is_refreshed_once() {
    let served = Served::start(&["--oidc", "--fault", "GetDocumentsV3=401*1"]);
    let user = User::of(&served.url);
    user.run(&["login"]);
    let before = user.kept_text("access_token");
    user.call(&[]).ended(0);
    assert_ne!(user.kept_text("access_token"), before);
    let served = Served::start(&["--oidc", "--fault", "GetDocumentsV3=401"]);
    let user = User::of(&served.url);
    user.run(&["login"]);
    user.call(&[]).failed(1, &["unauthorized (status 401)"]);
}

#[test]
fn a_refresh_token_of_the_settings() {
    let served = Served::start(&["--oidc"]);
    let user = User::of(&served.url).with("DIADOC_OIDC_REFRESH_TOKEN", "issued-by-hand");
    user.call(&[]).ended(0);
    let first = user.kept().unwrap();
    is_private(&user.home.path().join("diadoc"));
    user.call(&[]).ended(0);
    assert_eq!(user.kept().unwrap(), first, "the kept access token is used");
    // The one of the settings is used up: the next refresh is with the one that followed it.
    user.change(&[("refresh_at", 1.into())]);
    user.call(&[]).ended(0);
    assert_ne!(
        user.kept_text("refresh_token"),
        text(&first, "refresh_token")
    );
    // One that was issued since goes before what is kept.
    let user = User {
        home: user.home,
        ..User::of(&served.url)
    };
    let user = user.with("DIADOC_OIDC_REFRESH_TOKEN", "issued-anew");
    let before = user.kept_text("access_token");
    user.call(&[]).ended(0);
    assert_ne!(user.kept_text("access_token"), before);
    assert_eq!(user.kept_text("began_with"), "issued-anew");
    // A token that is given goes before all of it.
    let user = user.with("DIADOC_TOKEN", "given-token");
    user.call(&[]).failed(1, &["Invalid auth token"]);
}

#[test]
fn what_goes_wrong_while_refreshing() {
    let served = Served::start(&["--oidc", "--fault", "/connect/token=503*2"]);
    let user = User::of(&served.url).with("DIADOC_OIDC_REFRESH_TOKEN", "issued-by-hand");
    let failed = "the identity server answered with status 503\n";
    user.call(&[]).failed(2, &[failed, "try again later"]);
    user.call(&[]).failed(2, &[failed]);
    user.call(&[]).ended(0);
    // While the old token lives, it does.
    let fault = "/connect/token=503";
    let served = Served::start(&["--oidc", "--token", "kept-token", "--fault", fault]);
    let user = User::of(&served.url);
    user.keep(&serde_json::json!({
        "api": format!("{}/", served.url), "identity": format!("{}/", served.url), "client_id": "id",
        "scope": "openid offline_access Diadoc.PublicAPI", "access_token": "kept-token",
        "refresh_at": 1, "ends_at": u64::MAX, "refresh_token": "kept-refresh", "began_with": null,
    }));
    let ran = user.call(&[]);
    assert_eq!(ran.code, Some(0), "{ran}");
    ran.says(&format!(
        "warning: the stored token could not be refreshed and is used as it is: {failed}"
    ));
    user.change(&[("ends_at", 1.into())]);
    user.call(&[]).failed(2, &[failed]);
    // One that no header takes.
    user.change(&[
        ("ends_at", serde_json::Value::Null),
        ("refresh_at", serde_json::Value::Null),
        ("access_token", "kept\ntoken".into()),
    ]);
    user.call(&[]).failed(
        2,
        &[
            "the token holds a line break",
            "sign in again with `diadoc login`",
        ],
    );

    let served = Served::start(&["--oidc"]);
    let used = User::of(&served.url).with("DIADOC_OIDC_REFRESH_TOKEN", "issued-by-hand");
    used.call(&[]).ended(0);
    fs::remove_file(used.file()).unwrap();
    used.call(&[]).failed(
        2,
        &[
            "invalid_grant (status 400)",
            "Sign in again with `diadoc login`",
        ],
    );
    let nobody = User::of("http://127.0.0.1:1").with("DIADOC_OIDC_REFRESH_TOKEN", "t0ken");
    nobody
        .call(&[])
        .failed(2, &["no whole answer came from http://127.0.0.1:1: "]);
    let broken = User::of(&served.url);
    fs::create_dir_all(broken.file().parent().unwrap()).unwrap();
    fs::write(broken.file(), "{\n\"tokens\": \"s3cr3t\"}").unwrap();
    let ran = broken.call(&[]);
    ran.failed(
        2,
        &[
            "tokens.json: line 2: this is no file of tokens",
            "`diadoc logout`",
        ],
    );
    assert!(!ran.stderr.contains("s3cr3t"), "{ran}");
    broken
        .run(&["login"])
        .failed(2, &["tokens.json: line 2: this is no file of tokens"]);
    broken.run(&["logout"]);
    broken.run(&["login"]);
    broken.call(&[]).ended(0);
}

#[test]
fn who_does_not_get_in() {
    let served = Served::start(&["--oidc", "--denied"]);
    let user = User::of(&served.url);
    let ran = user.run(&["login"]);
    assert_eq!((ran.code, ran.stdout()), (Some(1), ""), "{ran}");
    ran.says("error: the identity server refused: access_denied (status 400)");
    assert!(!user.file().exists());

    let no_program = User {
        settings: Vec::new(),
        ..user
    };
    let missing = "Set DIADOC_OIDC_CLIENT_ID and DIADOC_OIDC_CLIENT_SECRET";
    no_program
        .run(&["login"])
        .failed(2, &["there is no program to sign in with", missing]);
    let half = no_program.with("DIADOC_OIDC_CLIENT_ID", "id");
    half.run(&["login"])
        .failed(2, &["DIADOC_OIDC_CLIENT_SECRET is missing"]);
    half.call(&[])
        .failed(2, &["DIADOC_OIDC_CLIENT_SECRET is missing"]);
    // Who has a token need not sign in.
    let half = half.with("DIADOC_TOKEN", "t0ken");
    half.call(&["--dry-run"]).ended(0);
    // A refresh token is of no use to nobody.
    let missing = "DIADOC_OIDC_CLIENT_ID and DIADOC_OIDC_CLIENT_SECRET are missing";
    let only = User {
        home: folder(&[]),
        settings: vec![("DIADOC_OIDC_REFRESH_TOKEN", "issued-by-hand".to_owned())],
    };
    only.call(&[]).failed(2, &[missing]);
    only.run(&["login"]).failed(2, &[missing]);
    let only = only.with("DIADOC_TOKEN", "t0ken");
    only.call(&["--dry-run"]).ended(0);
    let nowhere = User::of("http://127.0.0.1:1");
    nowhere
        .run(&["login"])
        .failed(2, &["no whole answer came from http://127.0.0.1:1: "]);
    let no_address = nowhere.with("DIADOC_IDENTITY_URL", "kontur");
    let said = "the address does not begin with https:// or http://";
    no_address.run(&["login"]).failed(
        2,
        &[said, "https://identity.kontur.ru in DIADOC_IDENTITY_URL"],
    );
}

#[cfg(unix)]
#[test]
fn waiting_can_be_interrupted() {
    let served = Served::start(&["--oidc", "--pending", "1000"]);
    let user = User::of(&served.url);
    let mut command = user.command(&["login"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("confirm the code") {
        std::io::BufRead::read_line(&mut stderr, &mut said).unwrap();
    }
    let id = child.id().to_string();
    // Not SIGINT, which shells have programs in their background ignore.
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert!(!child.wait().unwrap().success());
    let left = crate::names_in(&user.home.path().join("diadoc"));
    assert_eq!(left, ["tokens.lock"], "nothing is kept");
}

#[test]
fn what_is_printed_and_not_sent() {
    let served = Served::start(&["--oidc"]);
    let user = User::of(&served.url);
    user.call(&["--dry-run"])
        .shows("authorization: (no token: set DIADOC_TOKEN)\n");
    user.run(&["login"]);
    user.call(&["--dry-run"])
        .shows("authorization: Bearer ***\n");
    let ran = user.call(&["--curl"]);
    ran.shows("Bearer $DIADOC_TOKEN");
    ran.says("DIADOC_TOKEN, which is not set: the stored one is not in it\n");
    ran.says(&format!(
        "Set it to the `access_token` in {}.\n",
        user.file().display()
    ));
    let given = User::of(&served.url).with("DIADOC_OIDC_REFRESH_TOKEN", "issued-by-hand");
    given
        .call(&["--dry-run"])
        .shows("authorization: Bearer ***\n");
    assert!(!given.file().exists(), "nothing was asked for");
}

#[test]
fn settings_in_the_file() {
    let served = Served::start(&["--oidc"]);
    let user = User {
        settings: Vec::new(),
        ..User::of(&served.url)
    };
    let config = user.home.path().join("diadoc/config.toml");
    fs::create_dir_all(config.parent().unwrap()).unwrap();
    let url = &served.url;
    let text = format!(
        "url = \"{url}\"\nidentity_url = \"{url}\"\noidc_client_id = \"id\"\n\
         oidc_client_secret = \"{SECRET}\"\noidc_scope = \"openid\"\n"
    );
    fs::write(&config, &text).unwrap();
    let ran = user.run(&["login"]);
    ran.says("There is no refresh token: when the access token ends, sign in again.\n");
    assert!(!ran.stderr.contains(SECRET));
    assert_eq!(user.kept().unwrap()["scope"], "openid");
    user.call(&[]).ended(0);
    user.change(&[("refresh_at", 1.into()), ("ends_at", 1.into())]);
    user.call(&[]).failed(
        2,
        &["the stored token has ended", "Sign in with `diadoc login`."],
    );
    // Another scope is another sign-in; the test installation has its own.
    let other = User {
        settings: vec![("DIADOC_OIDC_SCOPE", "other".to_owned())],
        ..user
    };
    other.call(&[]).failed(2, &["there is no token"]);
}

#[test]
fn stored_tokens_go_to_one_api() {
    let served = Served::start(&["--oidc"]);
    let user = User::of(&served.url);
    user.run(&["login"]);
    user.call(&[]).ended(0);
    let other = Served::start(&[]);
    let user = user.with("DIADOC_URL", &other.url);
    user.call(&[]).failed(2, &["there is no token"]);
}

#[test]
fn a_login_that_gets_no_answer() {
    // It gives a code, and is gone.
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        drop(listener);
        let mut request = BufReader::new(&stream);
        let (mut line, mut length) = (String::new(), 0);
        while request.read_line(&mut line).unwrap() > 2 {
            let header = line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length: ") {
                length = value.trim_end().parse().unwrap();
            }
            line.clear();
        }
        let mut form = vec![0; length];
        request.read_exact(&mut form).unwrap();
        let body = r#"{"device_code": "d", "user_code": "u", "verification_uri": "http://h/",
            "interval": 1, "expires_in": 2}"#;
        write!(
            &stream,
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
    });
    let ran = User::of(&url).run(&["login"]);
    server.join().unwrap();
    assert_eq!(ran.code, Some(2), "{ran}");
    ran.says(&format!(
        "error: the code was not confirmed in time: no whole answer came from {url}: "
    ));
}

#[test]
fn a_folder_that_is_none() {
    let served = Served::start(&["--oidc", "--token", "given-token"]);
    let user = User::of(&served.url);
    fs::write(user.home.path().join("diadoc"), "").unwrap();
    user.run(&["logout"])
        .failed(2, &["tokens.json: cannot be deleted: "]);
    user.call(&[]).failed(2, &["tokens.json: cannot be read: "]);
    // Who gives a token needs none.
    let user = user.with("DIADOC_TOKEN", "given-token");
    user.call(&[]).ended(0);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_file_stays() {
    let served = Served::start(&["--oidc"]);
    let user = User::of(&served.url);
    let real = folder(&[]);
    let real = real.path().join("kept.json");
    fs::create_dir_all(user.file().parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&real, user.file()).unwrap();
    // There is nothing yet, and then there is.
    for _ in 0..2 {
        user.run(&["login"]);
        assert!(user.file().is_symlink());
        user.call(&[]).ended(0);
    }
    assert_eq!(fs::read(user.file()).unwrap(), fs::read(&real).unwrap());
    user.run(&["logout"]);
    assert!(!real.exists(), "the tokens are gone");
}

/// Several runs at once use one refresh token once.
#[test]
fn runs_at_the_same_time() {
    let served = Served::start(&["--oidc"]);
    let user = User::of(&served.url).with("DIADOC_OIDC_REFRESH_TOKEN", "issued-by-hand");
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| user.call(&[]).ended(0));
        }
    });
    is_private(&user.home.path().join("diadoc"));
}
