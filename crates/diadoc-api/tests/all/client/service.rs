//! A web service that hands contents through.

use diadoc_api::client::Client;
use diadoc_api::{Config, Form};
use diadoc_fake::{Answer, Fault};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::repeat::{calm, fake};
use super::server::Server;
use crate::{BOX, GUID};

#[path = "../../../examples/service.rs"]
#[allow(dead_code, reason = "`main` reads the environment")]
mod example;

/// The address of a service in front of a Diadoc.
async fn start(client: Client) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let service = example::service(client, BOX.to_owned());
        axum::serve(listener, service).await
    });
    address.to_string()
}

/// Status and body of an answer, of a version of HTTP in which bodies are as they are.
async fn get(address: &str, path: &str) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /{path} HTTP/1.0\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer.split_off(end + 4))
}

#[tokio::test]
async fn contents_are_handed_through() {
    let fake = fake().await;
    let url = start(calm(&fake, Form::Json)).await;
    let content: Vec<u8> = (0..2_000_000).map(|at| (at % 251) as u8).collect();
    fake.answer("GetEntityContentV4", Answer::bytes(content.clone()))
        .unwrap();
    // Also where the connection behind it breaks.
    fake.fault("GetEntityContentV4", Fault::Cut, 1).unwrap();
    let path = format!("{GUID}/{GUID}");
    let (status, body) = get(&url, &path).await;
    assert_eq!(status, 200);
    assert!(body == content);
    fake.reset();
    for (path, expected, said) in [
        (path.clone(), 404, "not found"),
        (format!("{GUID}/x"), 400, "entityId"),
    ] {
        let (status, body) = get(&url, &path).await;
        let text = String::from_utf8(body).unwrap();
        assert_eq!(status, expected, "{path}: {text}");
        assert!(text.contains(said), "{text}");
    }
    let nobody = Server::start(Vec::new()).await;
    let config: Config = nobody.config.clone();
    drop(nobody);
    let url = start(Client::new(config).unwrap()).await;
    let (status, _) = get(&url, &path).await;
    assert_eq!(status, 502);
}
