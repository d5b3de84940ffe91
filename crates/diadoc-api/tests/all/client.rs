//! The client over real sockets.

mod feed;
mod mixed;
mod readme;
mod repeat;
mod server;
mod service;
mod shelf;
mod sign_in;
mod size;
mod time;

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::{BOX, GUID, letter};
use diadoc_api::client::{Client, ClientBuilder, ClientError, RetryPolicy, SignIn};
use diadoc_api::documents::{Delete, GetDocumentsV3, GetEntityContentV4};
use diadoc_api::messages::PostMessageV3;
use diadoc_api::oidc::Application;
use diadoc_api::print_forms::{GenerateDocumentZip, GeneratePrintForm};
use diadoc_api::signing::CloudSign;
use diadoc_api::{Call, Config, Credentials, ErrorKind, Form, METHODS, Method, PollPolicy};
use diadoc_proto::CloudSignRequest;
use diadoc_proto::events::MessageToPost;
use futures_util::{StreamExt as _, TryStreamExt as _};
use server::{Reply, Server, answer_with, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const EMPTY: &str = r#"{"TotalCount": 0}"#;

/// A client that is quick to try again.
fn builder(server: &Server) -> ClientBuilder {
    let mut retry = RetryPolicy::default();
    retry.delay = Duration::from_millis(1);
    let mut polling = PollPolicy::default();
    polling.delay = Duration::from_millis(1);
    Client::builder(server.config.clone())
        .form(Form::Json)
        .retry(retry)
        .polling(polling)
}

fn client(server: &Server) -> Client {
    builder(server).build().unwrap()
}

fn documents() -> GetDocumentsV3 {
    GetDocumentsV3::new(BOX, "Any.Inbound")
}

fn failed(status: u16) -> Reply {
    answer_with(status, &[("X-Diadoc-ErrorCode", "Code")], "why")
}

fn kind(error: &ClientError) -> ErrorKind {
    match error {
        ClientError::Api(error) => error.kind(),
        other => panic!("{other:?}"),
    }
}

fn late(delay: Duration, reply: Reply) -> Reply {
    match reply {
        Reply::Bytes(bytes) => Reply::Late(delay, bytes),
        other => other,
    }
}

#[tokio::test]
async fn a_request_and_its_answer() {
    let server = Server::start(vec![json(r#"{"TotalCount": 7}"#)]).await;
    let list = client(&server).send(documents()).await.unwrap();
    assert_eq!(list.total_count, 7);
    let seen = server.seen();
    let line = format!("GET /V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound");
    assert_eq!(seen[0].line, line);
    assert_eq!(seen[0].header("authorization"), Some("Bearer first-token"));
    assert_eq!(seen[0].header("accept"), Some("application/json"));
    let agent = seen[0].header("user-agent").unwrap();
    assert!(agent.starts_with("diadoc-api/"));
}

#[tokio::test]
async fn nothing_is_sent_that_goes_against_the_rules() {
    let server = Server::start(vec![]).await;
    let error = client(&server).send(documents().count(101)).await;
    let error = error.unwrap_err();
    assert!(matches!(error, ClientError::Request(_)), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn what_may_be_repeated_is_sent_again() {
    let cut =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"To";
    let cut = Reply::Bytes(cut.to_vec());
    let server = Server::start(vec![failed(500), failed(429), cut, json(EMPTY)]).await;
    client(&server).send(documents()).await.unwrap();
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn after_so_many_attempts_the_error_is_final() {
    let server = Server::start(vec![failed(500), failed(503), failed(502), failed(500)]).await;
    let error = client(&server).send(documents()).await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::Server);
    assert_eq!(server.seen().len(), 4);
    let server = Server::start(vec![failed(500)]).await;
    let once = builder(&server).retry(RetryPolicy::never());
    let once = once.build().unwrap();
    once.send(documents()).await.unwrap_err();
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_stays_wrong() {
    for status in [400, 402, 403, 404, 405, 409, 410] {
        let server = Server::start(vec![failed(status)]).await;
        let error = client(&server).send(documents()).await.unwrap_err();
        assert!(!matches!(kind(&error), ErrorKind::Other), "{status}");
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn what_may_work_twice_is_not_repeated() {
    let server = Server::start(vec![failed(500)]).await;
    let sign = CloudSign::new(CloudSignRequest::default());
    let error = client(&server).send(sign.clone()).await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::Server);
    // Too many requests: it surely was not served.
    let server = Server::start(vec![failed(429), json(r#"{"TaskId": "a"}"#)]).await;
    client(&server).send(sign).await.unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn posts_are_repeated_as_they_are() {
    let message = r#"{"MessageId": "m", "TimestampTicks": 0, "LastPatchTimestampTicks": 0}"#;
    let server = Server::start(vec![failed(500), json(message)]).await;
    let post = || PostMessageV3::new(letter());
    client(&server).send(post()).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /V3/PostMessage");
    assert_eq!(
        (&seen[0].line, &seen[0].body),
        (&seen[1].line, &seen[1].body)
    );

    let server = Server::start(vec![json(message)]).await;
    let mine = post().operation_id("mine");
    client(&server).send(mine).await.unwrap();
    assert!(server.seen()[0].line.ends_with("?operationId=mine"));
    // Without the server's help it would be done twice.
    let server = Server::start(vec![failed(500)]).await;
    let undetected = post()
        .operation_id("mine")
        .disable_duplicates_detection(true);
    let error = client(&server).send(undetected).await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::Server);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_body_that_lacks_something_is_not_sent() {
    let server = Server::start(vec![json("{}")]).await;
    let post = PostMessageV3::new(MessageToPost::default());
    let error = client(&server).send(post).await.unwrap_err();
    let said = error.to_string();
    for part in [
        "PostMessageV3 was not sent",
        "body.FromBoxId",
        "message.one-of",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn the_servers_delay_is_kept() {
    let wait = answer_with(429, &[("Retry-After", "1")], "");
    let server = Server::start(vec![wait, json(EMPTY)]).await;
    let start = Instant::now();
    client(&server).send(documents()).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
    // A delay that is too long is for the caller to know.
    let server = Server::start(vec![answer_with(503, &[("Retry-After", "3600")], "")]).await;
    let error = client(&server).send(documents()).await.unwrap_err();
    let ClientError::Api(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn a_server_that_never_answers() {
    let server = Server::start(vec![Reply::Silence, Reply::Silence]).await;
    let mut retry = RetryPolicy::default();
    retry.attempts = 2;
    retry.delay = Duration::from_millis(1);
    let timeout = Duration::from_millis(100);
    let client = builder(&server).retry(retry).timeout(timeout);
    let client = client.build().unwrap();
    let error = client.send(documents()).await.unwrap_err();
    let ClientError::Timeout { after, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(after, timeout);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn nobody_there() {
    let server = Server::start(vec![]).await;
    // The listener is gone once its replies are.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let error = client(&server).send(documents()).await.unwrap_err();
    let ClientError::Transport { is_connect, .. } = &error else {
        panic!("{error}");
    };
    assert!(is_connect, "{error:?}");
    // Neither the address with its query nor the token is shown.
    let shown = format!("{error} {error:?}");
    for secret in [BOX, "first-token"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// A token that the server repeats comes into no error and no log.
#[tokio::test]
async fn a_token_that_comes_back_is_not_shown() {
    let said = "`Bearer first-token` is not valid";
    for reply in [
        answer_with(401, &[("X-Kontur-Trace-Id", "first-token")], said),
        answer_with(400, &[("X-Diadoc-ErrorCode", "first-token")], said),
        answer_with(200, &[("Content-Type", "text/first-token")], said),
    ] {
        let server = Server::start(vec![reply]).await;
        let error = client(&server).send(documents()).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("first-token"), "{shown}");
        assert!(shown.contains("***"), "{shown}");
    }
}

/// What a reporter prints that goes from cause to cause.
fn reported(error: &ClientError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text += &format!(": {cause}");
        next = cause.source();
    }
    text
}

async fn fails_at(address: &str) -> ClientError {
    let config = Config::new().with_address(address).unwrap();
    let client = Client::builder(config.bearer("token"));
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    client.send(documents()).await.unwrap_err()
}

#[tokio::test]
async fn the_text_ends_in_the_root_cause_and_says_it_once() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let refused = std::net::TcpStream::connect(closed)
        .unwrap_err()
        .to_string();
    let error = fails_at(&format!("http://{closed}")).await;
    let text = error.to_string();
    let start = "GetDocumentsV3: no whole answer came: error sending request: ";
    assert!(
        text.starts_with(start) && text.ends_with(&refused),
        "{text}"
    );
    assert_eq!(text.matches(&refused).count(), 1, "{text}");
    assert_eq!(reported(&error), text);

    // No name has a label of more than 63 letters, so nobody is asked for it.
    let address = format!("http://{}.invalid", "a".repeat(64));
    let text = fails_at(&address).await.to_string();
    assert!(
        text.contains("failed to lookup address information"),
        "{text}"
    );

    // Plain HTTP where TLS is spoken.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        assert_ne!(connection.read(&mut [0; 1024]).await.unwrap(), 0);
        connection
            .write_all(b"HTTP/1.1 400 No\r\n\r\n")
            .await
            .unwrap();
    });
    let error = fails_at(&format!("https://{address}")).await;
    let text = error.to_string();
    assert!(text.contains("received corrupt message"), "{text}");
    assert_eq!(reported(&error), text);

    let renew = |_: Option<Credentials>| async {
        let root = std::io::Error::other("no token today");
        let why = Box::<dyn Error + Send + Sync>::from(OfTheKeeper(root));
        Err::<Credentials, _>(why)
    };
    let client = Client::builder(Config::new()).renew_with(renew);
    let error = client.build().unwrap().send(documents()).await.unwrap_err();
    let said = "no new token could be got: the keeper is away: no token today";
    assert_eq!(reported(&error), said);
}

/// An error whose text leaves out its cause.
#[derive(Debug)]
struct OfTheKeeper(std::io::Error);

impl std::fmt::Display for OfTheKeeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the keeper is away")
    }
}

impl Error for OfTheKeeper {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[tokio::test]
async fn a_token_is_renewed_once_for_all() {
    // So late that all of them are on their way with the old token.
    let refused = || late(Duration::from_millis(300), failed(401));
    let mut replies: Vec<_> = (0..3).map(|_| refused()).collect();
    replies.extend((0..3).map(|_| json(EMPTY)));
    let server = Server::start(replies).await;
    let renewals = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&renewals);
    let client = builder(&server)
        .per_second(10_000)
        .renew_with(move |refused: Option<Credentials>| {
            assert_eq!(refused, Some(Credentials::bearer("first-token")));
            count.fetch_add(1, Ordering::SeqCst);
            async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Ok(Credentials::bearer("second-token"))
            }
        })
        .build()
        .unwrap();
    let send = || client.send(documents());
    let (a, b, c) = tokio::join!(send(), send(), send());
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
    assert_eq!(renewals.load(Ordering::SeqCst), 1);
    let seen = server.seen();
    let tokens = seen
        .iter()
        .map(|seen| seen.header("authorization").unwrap());
    let (old, new) = ("Bearer first-token", "Bearer second-token");
    assert!(tokens.eq([old, old, old, new, new, new]));
}

#[tokio::test]
async fn a_renewed_token_that_is_refused_too_is_an_error() {
    let server = Server::start(vec![failed(401), failed(401)]).await;
    let renew = |_: Option<Credentials>| async { Ok(Credentials::bearer("second-token")) };
    let client = builder(&server).renew_with(renew).build().unwrap();
    let error = client.send(documents()).await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::Unauthorized);
    assert_eq!(server.seen().len(), 2);
    // Without a way to a new one, at once.
    let server = Server::start(vec![failed(401)]).await;
    let error = self::client(&server).send(documents()).await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::Unauthorized);

    let server = Server::start(vec![failed(401)]).await;
    let renew = |_: Option<Credentials>| async { Err::<Credentials, _>("no token today".into()) };
    let client = builder(&server).renew_with(renew).build().unwrap();
    let error = client.send(documents()).await.unwrap_err();
    assert!(matches!(error, ClientError::Renewal(_)));
    assert!(error.to_string().contains("no token today"));
}

/// A token that was refused is not sent again, not by the next call either.
#[tokio::test]
async fn a_new_token_that_is_refused_is_replaced_for_the_next_call() {
    let server = Server::start(vec![failed(401), failed(401), json(EMPTY)]).await;
    let given = AtomicUsize::new(0);
    let renew = move |_: Option<Credentials>| {
        let number = given.fetch_add(1, Ordering::SeqCst);
        async move { Ok(Credentials::bearer(format!("token-{number}"))) }
    };
    let client = builder(&server).renew_with(renew).build().unwrap();
    let error = client.send(documents()).await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::Unauthorized);
    client.send(documents()).await.unwrap();
    let seen = server.seen();
    let sent = ["first-token", "token-0", "token-1"].map(|token| format!("Bearer {token}"));
    assert_eq!(seen.len(), sent.len());
    for (seen, sent) in seen.iter().zip(&sent) {
        assert_eq!(seen.header("authorization"), Some(&**sent));
    }
}

/// Every method that needs no token is called with what the config has: other credentials are not asked
/// for, neither before nor after a refusal, since such a method may be what they are got with.
#[tokio::test]
async fn what_needs_no_token_asks_for_none() {
    let mut methods = 0;
    for method in METHODS.iter().filter(|method| method.anonymous) {
        methods += 1;
        for (status, has_credentials) in [(200, true), (200, false), (401, true), (401, false)] {
            let server = Server::start(vec![failed(status), failed(status)]).await;
            let address = server.config.address().to_string();
            let config = match has_credentials {
                true => server.config.clone(),
                false => Config::new().with_address(&address).unwrap(),
            };
            let renewals = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&renewals);
            let renew = move |_: Option<Credentials>| {
                count.fetch_add(1, Ordering::SeqCst);
                async { Ok(Credentials::bearer("second-token")) }
            };
            let client = Client::builder(config.unchecked()).renew_with(renew);
            let client = client.retry(RetryPolicy::never()).build().unwrap();
            let result = client.send(Call::new(method)).await;
            if status == 401 {
                assert_eq!(kind(&result.unwrap_err()), ErrorKind::Unauthorized);
            }
            let seen = server.seen();
            assert_eq!(seen.len(), 1, "{} {status}", method.name);
            let expected = has_credentials.then_some("Bearer first-token");
            assert_eq!(seen[0].header("authorization"), expected, "{}", method.name);
            assert_eq!(renewals.load(Ordering::SeqCst), 0, "{}", method.name);
        }
    }
    assert!(methods > 0);
}

#[tokio::test]
async fn pages_come_as_a_stream() {
    let page = |keys: &[&str]| {
        let rest = r#""MessageId":"m","EntityId":"e","CreationTimestampTicks":0"#;
        let documents = keys
            .iter()
            .map(|key| format!(r#"{{"IndexKey":"{key}",{rest}}}"#));
        let documents = documents.collect::<Vec<_>>().join(",");
        json(&format!(r#"{{"TotalCount":3,"Documents":[{documents}]}}"#))
    };
    let server = Server::start(vec![page(&["a+", "b/"]), page(&["c="]), page(&[])]).await;
    let pages = client(&server).pages(documents());
    let keys = pages.map_ok(|document| document.index_key().to_owned());
    let keys: Vec<_> = keys.try_collect().await.unwrap();
    assert_eq!(keys, ["a+", "b/", "c="]);
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert!(lines[1].ends_with("afterIndexKey=b%2F"), "{}", lines[1]);
    assert!(lines[2].ends_with("afterIndexKey=c%3D"), "{}", lines[2]);

    let server = Server::start(vec![page(&["a"]), failed(403)]).await;
    let items: Vec<_> = client(&server).pages(documents()).collect().await;
    assert_eq!(items.len(), 2);
    assert_eq!(kind(items[1].as_ref().unwrap_err()), ErrorKind::Forbidden);
}

#[tokio::test]
async fn waiting_for_an_archive() {
    let soon = || answer_with(204, &[("Retry-After", "0")], "");
    let done = json(r#"{"ZipFileNameOnShelf": "a.zip"}"#);
    let server = Server::start(vec![soon(), soon(), done]).await;
    let request = GenerateDocumentZip::new(BOX, GUID, GUID, true);
    let zip = client(&server).wait(request.clone()).await.unwrap();
    assert_eq!(zip.zip_file_name_on_shelf(), "a.zip");

    let server = Server::start(vec![answer_with(204, &[("Retry-After", "7")], "")]).await;
    let error = client(&server).send(request.clone()).await.unwrap_err();
    let seven = Some(Duration::from_secs(7));
    assert!(matches!(error, ClientError::Pending { retry_after, .. } if retry_after == seven));

    let server = Server::start(vec![answer_with(204, &[("Retry-After", "7")], "")]).await;
    let polling = PollPolicy::within(Duration::from_secs(5));
    let client = builder(&server).polling(polling).build().unwrap();
    let error = client.wait(request).await.unwrap_err();
    assert!(matches!(error, ClientError::Polling(_)), "{error}");
}

#[tokio::test]
async fn a_task_and_its_outcome() {
    let started = json(&format!(r#"{{"TaskId": "{GUID}"}}"#));
    let soon = answer_with(204, &[("Retry-After", "0")], "");
    let server = Server::start(vec![started, soon, json(r#"{"Token": "t"}"#)]).await;
    let sign = CloudSign::new(CloudSignRequest::default());
    let result = client(&server).run(sign.clone()).await.unwrap();
    assert_eq!(result.token(), "t");
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert!(lines[0].starts_with("POST /CloudSign"), "{}", lines[0]);
    assert_eq!(lines[1], format!("GET /CloudSignResult?taskId={GUID}"));

    let server = Server::start(vec![json("{}")]).await;
    let error = client(&server).run(sign).await.unwrap_err();
    assert!(matches!(error, ClientError::NoTask { .. }), "{error}");
}

#[tokio::test]
async fn content_is_streamed() {
    let named = ("Content-Disposition", "attachment; filename=\"a.xml\"");
    let file = answer_with(200, &[named], "<xml/>");
    let server = Server::start(vec![failed(500), file]).await;
    let request = GetEntityContentV4::new(BOX, GUID, GUID);
    let download = client(&server).download(request.clone()).await.unwrap();
    assert_eq!(download.file_name.as_deref(), Some("a.xml"));
    assert_eq!(download.size, Some(6));
    let pieces: Vec<_> = download.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"<xml/>");

    // Cut short, it is gone on with; not where nobody tries again, and where it is another one since.
    let cut = || Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<xm".to_vec());
    let again = |with: &'static str| vec![cut(), answer_with(200, &[], with)];
    for (replies, retry, expected) in [
        (again("<xml/>"), RetryPolicy::default(), Ok("<xml/>")),
        (
            again("<xml/>"),
            RetryPolicy::never(),
            Err("; 3 bytes of the file had come"),
        ),
        (
            again("<yml/>"),
            RetryPolicy::default(),
            Err("the file has become another one while it came; 3 bytes had come"),
        ),
        (
            again("<x"),
            RetryPolicy::default(),
            Err("the file has become another one while it came; 3 bytes had come"),
        ),
    ] {
        let server = Server::start(replies).await;
        let client = builder(&server).retry(retry).build().unwrap();
        let download = client.download(request.clone()).await.unwrap();
        let pieces: Result<Vec<_>, _> = download.try_collect().await;
        match (pieces, expected) {
            (Ok(pieces), Ok(expected)) => assert_eq!(pieces.concat(), expected.as_bytes()),
            (Err(error), Err(expected)) => {
                let said = error.to_string();
                assert!(said.ends_with(expected), "{said}");
                assert!(error.may_be_done());
            }
            (pieces, expected) => panic!("{pieces:?}, {expected:?}"),
        }
    }

    let server = Server::start(vec![failed(404)]).await;
    let error = client(&server).download(request).await.unwrap_err();
    assert_eq!(kind(&error), ErrorKind::NotFound);
    let server = Server::start(vec![answer_with(204, &[("Retry-After", "2")], "")]).await;
    let print = GeneratePrintForm::new(BOX, GUID, GUID);
    let error = client(&server).download(print.clone()).await.unwrap_err();
    assert!(matches!(error, ClientError::Pending { .. }), "{error}");
    let not_ready = answer_with(204, &[("Retry-After", "0")], "");
    let server = Server::start(vec![not_ready, answer_with(200, &[], "%PDF")]).await;
    let download = client(&server).wait_download(print).await.unwrap();
    let pieces: Vec<_> = download.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"%PDF");
}

/// Who waits is told of each attempt that is to come; and a call that is known at run time alone can be taken
/// piece by piece as well, whatever it is answered with.
#[tokio::test]
async fn what_is_told_of_attempts() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let server = Server::start(vec![failed(500), failed(503), json(EMPTY)]).await;
    let client = builder(&server)
        .on_retry(move |next| {
            let error = next.error.to_string();
            log.lock().unwrap().push((next.method, next.attempt, error));
        })
        .build()
        .unwrap();
    let call = Call::new(Method::find("GetDocumentsV3").unwrap())
        .parameter("boxId", BOX)
        .parameter("filterCategory", "Any.Inbound");
    let download = client.download(call).await.unwrap();
    let pieces: Vec<_> = download.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), EMPTY.as_bytes());
    let told = told.lock().unwrap();
    let attempts: Vec<_> = told
        .iter()
        .map(|(method, attempt, _)| (*method, *attempt))
        .collect();
    assert_eq!(attempts, [("GetDocumentsV3", 2), ("GetDocumentsV3", 3)]);
    assert!(told[1].2.contains("503"), "{told:?}");
}

#[tokio::test]
async fn so_many_requests_at_a_time() {
    let late = || late(Duration::from_millis(100), json(EMPTY));
    let server = Server::start((0..6).map(|_| late()).collect()).await;
    let client = builder(&server).at_a_time(2).build().unwrap();
    let start = Instant::now();
    let all = (0..6).map(|_| client.send(documents()));
    futures_util::future::try_join_all(all).await.unwrap();
    assert!(
        start.elapsed() >= Duration::from_millis(300),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn what_debug_shows() {
    let server = Server::start(vec![answer_with(
        200,
        &[("Content-Type", "text/plain")],
        "abc",
    )])
    .await;
    let builder = builder(&server).at_a_time(7);
    let shown = format!("{builder:?}");
    assert!(
        shown.starts_with("ClientBuilder { config: Config {"),
        "{shown}"
    );
    assert!(shown.contains("at_a_time: 7"), "{shown}");
    let sign_in = SignIn::new(Application::new("id", "s3cr3t"), "r3fr3sh").unwrap();
    let shown = format!("{sign_in:?}");
    assert!(
        shown.starts_with("SignIn { application: Application {"),
        "{shown}"
    );
    assert!(
        !shown.contains("s3cr3t") && !shown.contains("r3fr3sh"),
        "{shown}"
    );
    let request = GetEntityContentV4::new(BOX, GUID, GUID);
    let download = builder.build().unwrap().download(request).await.unwrap();
    assert_eq!(
        format!("{download:?}"),
        "Download { file_name: None, content_type: Some(\"text/plain\"), size: Some(3), .. }"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let away = answer_with(302, &[("Location", "http://127.0.0.1:1/")], "");
    let server = Server::start(vec![away]).await;
    let error = client(&server)
        .send(Delete::new(BOX, GUID))
        .await
        .unwrap_err();
    assert_eq!(kind(&error), ErrorKind::Other);
}

#[tokio::test]
async fn calls_can_be_spawned() {
    let server = Server::start((0..6).map(|_| json(EMPTY)).collect()).await;
    let file = || GetEntityContentV4::new(BOX, GUID, GUID);
    let clients = [(); 6].map(|()| client(&server));
    let [one, two, three, four, five, six] = clients;
    let task = tokio::spawn(async move { one.send(documents()).await });
    let pages = tokio::spawn(async move { two.pages(documents()).count().await });
    let wait = tokio::spawn(async move { three.wait(documents()).await });
    let file_of = tokio::spawn(async move { four.download(file()).await });
    let waited = tokio::spawn(async move { five.wait_download(file()).await });
    let upload = tokio::spawn(async move {
        let content = std::io::Cursor::new(b"z");
        six.upload(content, ".bin").await
    });
    task.await.unwrap().unwrap();
    assert_eq!(pages.await.unwrap(), 0);
    wait.await.unwrap().unwrap();
    let pieces: Vec<_> = file_of.await.unwrap().unwrap().try_collect().await.unwrap();
    assert_eq!(pieces.concat(), EMPTY.as_bytes());
    waited.await.unwrap().unwrap();
    upload.await.unwrap().unwrap();
}
