//! Every method once in each form: the typed request, the fake, the typed response. Where the
//! vendor's pages show bodies, these are sent and come back.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;
use std::{fmt, fs};

use bytes::Bytes;
use diadoc_api::authorization::AuthenticateConfirmV3;
use diadoc_api::client::Client;
use diadoc_api::documents::{GetEntityContentV4, GetSignatureInfo};
use diadoc_api::shelf::ShelfUpload;
use diadoc_api::{Form, METHODS, Request};
use diadoc_fake::Answer;
use diadoc_fake::manifest::{self, Fixture};
use diadoc_proto::json::{self, JsonMessage};
use diadoc_schema::{ComputedKeys, Direction, Example, Schema, example, render_like_server};
use prost::Name;
use serde::de::DeserializeOwned;

use super::generated::call_each;
use super::{BOTH, BOX, GUID, client_of, started};
use crate::revive;

pub(super) struct Calls {
    client: Client,
    form: Form,
    called: BTreeSet<&'static str>,
    compared: usize,
}

impl Calls {
    pub(super) async fn send<R: Request>(&mut self, request: R) -> R::Response {
        let name = request.method().name;
        self.called.insert(name);
        let answer = self.client.wait(request).await;
        answer.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Sends a request and compares the answer with the page's.
    pub(super) async fn send_and_compare<R>(&mut self, request: R)
    where
        R: Request<Response: JsonMessage + Name + PartialEq + fmt::Debug>,
    {
        let name = request.method().name;
        let answer = self.send(request).await;
        let Some(page) = page(name, Direction::Response) else {
            return;
        };
        let expected = match self.form {
            // JSON of the server shows defaults.
            Form::Json => {
                let message = Schema::diadoc().message(&R::Response::full_name()).unwrap();
                let body = serde_json::from_str(&page).unwrap();
                let body = render_like_server(&message, &body, ComputedKeys::With);
                json::from_str(&body.to_string())
            }
            _ => json::from_str(&page),
        };
        assert_eq!(answer, expected.unwrap(), "{name}");
        self.compared += 1;
    }
}

/// The bodies that the pages show whole.
static PAGES: LazyLock<Vec<Fixture>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let manifest = manifest::load(&folder, Schema::diadoc()).unwrap();
    let mut pages = manifest.fixtures;
    pages.retain(|page| page.refused_at.is_none());
    pages
});

fn page(method: &str, direction: Direction) -> Option<String> {
    let shown = PAGES
        .iter()
        .find(|page| page.direction == direction && page.method.as_deref() == Some(method));
    shown.map(|page| fs::read_to_string(&page.file).unwrap())
}

pub(super) fn bytes() -> Bytes {
    Bytes::from_static(b"content")
}

/// The value of a parameter: the body that the pages show, or what the schema gives as an example in
/// the smallest request, or in the fullest where the smallest has none.
pub(super) fn value<T: DeserializeOwned>(method: &str, name: &str) -> T {
    let described = Schema::diadoc().method(method).unwrap();
    let read = match page(method, Direction::Request).filter(|_| name == "body") {
        Some(page) => serde_json::from_str(&page),
        None => {
            let found = example(&described.request(), Example::Minimal)
                .get(name)
                .cloned();
            let full = || example(&described.request(), Example::Full)[name].take();
            serde_json::from_value(found.unwrap_or_else(full))
        }
    };
    read.unwrap_or_else(|error| panic!("{method}, {name}: {error}"))
}

async fn call_every_method(form: Form) {
    let fake = started().await;
    revive(&fake);
    let mut calls = Calls {
        client: client_of(&fake, form),
        form,
        called: BTreeSet::new(),
        compared: 0,
    };
    // The file that ShelfDownload finds whole, and that ShelfUploadPart adds to.
    let name: String = value("ShelfUploadPart", "fileName");
    let upload = ShelfUpload::new(name, 0, bytes()).is_last_part(true);
    calls.send(upload).await;
    call_each(&mut calls).await;
    // By the certificate in place of its thumbprint.
    let confirm = AuthenticateConfirmV3::new("dG9rZW4=").body(bytes());
    calls.send(confirm).await;

    let all: BTreeSet<_> = METHODS.iter().map(|method| method.name).collect();
    assert_eq!(calls.called, all);
    let responses = PAGES
        .iter()
        .filter(|page| page.direction == Direction::Response);
    let shown: BTreeSet<_> = responses.map(|page| &page.method).collect();
    assert_eq!(calls.compared, shown.len());
    let asked = fake.received_of("GetDocumentsV3");
    assert_eq!(asked[0].header("accept"), Some(form.media_type()));
}

#[tokio::test]
async fn in_protobuf() {
    call_every_method(Form::Protobuf).await;
}

#[tokio::test]
async fn in_json() {
    call_every_method(Form::Json).await;
}

/// The page cuts the certificates of GetSignatureInfo, and shows no content of GetEntityContent.
#[tokio::test]
async fn what_the_pages_do_not_show_whole() {
    for wire in BOTH {
        let fake = started().await;
        let client = client_of(&fake, wire);
        let info = client
            .send(GetSignatureInfo::new(BOX, GUID, GUID))
            .await
            .unwrap();
        assert_eq!(info.thumbprint, "EE67A684C341A0B1F48C0135ECED866A67EFA1E1");
        let content = Answer::bytes("content").file_name("акт.xml");
        fake.answer("GetEntityContentV4", content).unwrap();
        let content = client
            .send(GetEntityContentV4::new(BOX, GUID, GUID))
            .await
            .unwrap();
        assert_eq!(&content.content[..], b"content");
        assert_eq!(content.file_name.as_deref(), Some("акт.xml"));
    }
}
