//! As much of WebDriver as these tests need.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// The key, as WebDriver writes it.
pub(super) const TAB: &str = "\u{e004}";
/// The member that holds the id of an element, in the words of the standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const TIME: Duration = Duration::from_secs(20);

/// A browser without a window, and the program that drives it.
pub(super) struct Browser {
    driver: Child,
    address: SocketAddr,
    session: String,
    profile: PathBuf,
}

impl Browser {
    /// A new browser; none where no ChromeDriver is named.
    pub(super) async fn start() -> Option<Self> {
        static STARTED_SO_FAR: AtomicU32 = AtomicU32::new(0);
        let path = std::env::var_os("DIADOC_CHROMEDRIVER")?;
        let address = free_address();
        let driver = Command::new(path)
            .arg(format!("--port={}", address.port()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("ChromeDriver starts");
        let number = STARTED_SO_FAR.fetch_add(1, Ordering::Relaxed);
        let profile = format!("diadoc-fake-browser-{}-{number}", std::process::id());
        let mut browser = Self {
            driver,
            address,
            session: String::new(),
            profile: std::env::temp_dir().join(profile),
        };
        let profile = format!("--user-data-dir={}", browser.profile.display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--accept-lang=en-US",
            &profile,
        ];
        browser.wait_until_it_listens().await;
        let options = json!({ "args": arguments });
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options });
        let begun = browser
            .ask(
                "POST",
                "",
                &json!({ "capabilities": { "alwaysMatch": wanted } }),
            )
            .await;
        browser.session = format!("/{}", begun["sessionId"].as_str().expect("a session"));
        // What a click leads to may take a while: an element is waited for.
        let patience = json!({ "implicit": TIME.as_millis() / 2 });
        browser.ask("POST", "/timeouts", &patience).await;
        Some(browser)
    }

    pub(super) async fn open(&self, url: &str) {
        self.ask("POST", "/url", &json!({ "url": url })).await;
        let watch = "window.violations = window.violations || [];
            document.addEventListener('securitypolicyviolation', (event) =>
                window.violations.push(event.violatedDirective))";
        self.run(watch).await;
    }

    /// The value of a script.
    pub(super) async fn run(&self, script: &str) -> Value {
        let body = json!({ "script": script, "args": [] });
        self.ask("POST", "/execute/sync", &body).await
    }

    /// How many elements there are.
    pub(super) async fn count(&self, selector: &str) -> usize {
        let body = json!({ "using": "css selector", "value": selector });
        let found = self.ask("POST", "/elements", &body).await;
        found.as_array().expect("a list").len()
    }

    pub(super) async fn text(&self, selector: &str) -> String {
        let path = format!("/element/{}/text", self.find(selector).await);
        let text = self.ask("GET", &path, &Value::Null).await;
        text.as_str().expect("a text").to_owned()
    }

    pub(super) async fn click(&self, selector: &str) {
        let path = format!("/element/{}/click", self.find(selector).await);
        self.ask("POST", &path, &json!({})).await;
    }

    /// Types a text in the place of what a field holds.
    pub(super) async fn fill(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        self.ask("POST", &format!("/element/{element}/clear"), &json!({}))
            .await;
        let path = format!("/element/{element}/value");
        self.ask("POST", &path, &json!({ "text": text })).await;
    }

    /// Chooses the option with that value.
    pub(super) async fn choose(&self, selector: &str, value: &str) {
        self.click(&format!("{selector} option[value='{value}']"))
            .await;
    }

    pub(super) async fn press(&self, key: &str) {
        let keys = [("keyDown", key), ("keyUp", key)];
        let keys = keys.map(|(kind, key)| json!({ "type": kind, "value": key }));
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": keys }] });
        self.ask("POST", "/actions", &actions).await;
    }

    /// Waits until an element has that text in it.
    pub(super) async fn wait_for(&self, selector: &str, text: &str) {
        let script = "const it = document.querySelector(arguments[0]);
            return it === null || it.hidden ? '' : it.textContent";
        let body = json!({ "script": script, "args": [selector] });
        let begun = Instant::now();
        loop {
            let seen = self.ask("POST", "/execute/sync", &body).await;
            let seen = seen.as_str().unwrap_or_default();
            if seen.contains(text) {
                return;
            }
            assert!(
                begun.elapsed() < TIME,
                "{selector} does not become {text}: {seen}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn wait_until_it_listens(&self) {
        let begun = Instant::now();
        while TcpStream::connect(self.address).await.is_err() {
            assert!(begun.elapsed() < TIME, "ChromeDriver does not listen");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn find(&self, selector: &str) -> String {
        let body = json!({ "using": "css selector", "value": selector });
        let found = self.ask("POST", "/element", &body).await;
        found[ELEMENT].as_str().expect("an element").to_owned()
    }

    async fn ask(&self, verb: &str, path: &str, body: &Value) -> Value {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let head = format!(
            "{verb} /session{}{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            self.session,
            self.address,
            body.len()
        );
        let came = tokio::time::timeout(TIME, self.exchange(head + &body)).await;
        let (status, mut answer) = came.expect("the browser answers in time");
        assert_eq!(status, "200", "{path}: {body}: {answer}");
        answer["value"].take()
    }

    /// Sends a request; status and body of the answer. ChromeDriver keeps the connection open, so that
    /// the length says where an answer ends.
    async fn exchange(&self, request: String) -> (String, Value) {
        let mut stream = TcpStream::connect(self.address).await.expect("it listens");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it is sent");
        let mut stream = BufReader::new(stream);
        let (mut status, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            stream
                .read_line(&mut line)
                .await
                .expect("a line of the head");
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().expect("a length");
                }
                Some(_) => {}
                None => status = line.split(' ').nth(1).expect("a status").to_owned(),
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.expect("the whole body");
        (status, serde_json::from_slice(&body).expect("JSON"))
    }
}

/// An address that nobody listened on just now: what ChromeDriver says of its own is not to be had
/// before it ends.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address")
}

impl Drop for Browser {
    /// Ends the browser, and then what drives it: the other way round the browser would go on.
    fn drop(&mut self) {
        let _ = self.end_session();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

impl Browser {
    /// Asks for the end of the browser, and waits for the answer.
    fn end_session(&self) -> io::Result<()> {
        let mut stream = std::net::TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(TIME))?;
        let (session, address) = (&self.session, self.address);
        let request = format!("DELETE /session{session} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        stream.read_exact(&mut [0; 16])
    }
}
