//! Calls of every kind at once, while all that can go wrong does: nothing is done twice that must not be,
//! and each call has an outcome that is true.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, Instant};

use bytes::Bytes;
use diadoc_api::client::{Client, ClientError, RetryPolicy};
use diadoc_api::counteragents::{CreateCounteragentGroup, GetCounteragentGroups};
use diadoc_api::documents::{GetDocumentsV3, GetEntityContentV4};
use diadoc_api::messages::{GetMessageV6, PostMessagePatchV4, PostMessageV3};
use diadoc_api::print_forms::GenerateDocumentZip;
use diadoc_api::{Config, Form, PollPolicy};
use diadoc_fake::world::World;
use diadoc_fake::{Fake, Fault, Received};
use diadoc_proto::counteragent_groups::CounteragentGroupToCreate;
use diadoc_proto::documents::Document;
use diadoc_proto::events::{DocumentSignature, EntityType, MessagePatchToPostV2};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::repeat::{HASTE, TO, faults, message};
use crate::BOX as FROM;

/// How many calls there are where the environment does not say.
const CALLS: usize = 1_000;
/// How many go at a time.
const AT_A_TIME: usize = 16;
/// How long a call may take in all, and how much later its outcome may be there.
const DEADLINE: Duration = Duration::from_secs(2);
const SLACK: Duration = Duration::from_secs(2);

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Post,
    /// With an id of its own.
    NamedPost,
    /// Without the server's help against duplicates.
    UndetectedPost,
    Patch,
    Group,
    List,
    Zip,
    Download,
}

const KINDS: [Kind; 8] = [
    Kind::Post,
    Kind::NamedPost,
    Kind::UndetectedPost,
    Kind::Patch,
    Kind::Group,
    Kind::List,
    Kind::Zip,
    Kind::Download,
];

impl Kind {
    fn method(self) -> &'static str {
        match self {
            Self::Post | Self::NamedPost | Self::UndetectedPost => "PostMessageV3",
            Self::Patch => "PostMessagePatchV4",
            Self::Group => "CreateCounteragentGroup",
            Self::List => "GetDocumentsV3",
            Self::Zip => "GenerateDocumentZip",
            Self::Download => "GetEntityContentV4",
        }
    }
}

/// A call by its kind and number; what it is about bears its name.
#[derive(Clone)]
struct Planned {
    kind: Kind,
    number: usize,
    /// The letter that it is about, of those that were there before.
    about: Document,
}

impl fmt::Debug for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.kind, self.number)
    }
}

impl Planned {
    fn name(&self) -> String {
        format!("call-{}-", self.number)
    }

    fn post(&self) -> PostMessageV3 {
        let mut body = message();
        body.document_attachments[0].custom_document_id = Some(self.name());
        let post = PostMessageV3::new(body);
        match self.kind {
            Kind::NamedPost => post.operation_id(self.name()),
            Kind::UndetectedPost => post.disable_duplicates_detection(true),
            _ => post,
        }
    }

    fn patch(&self) -> PostMessagePatchV4 {
        PostMessagePatchV4::new(MessagePatchToPostV2 {
            box_id: TO.to_owned(),
            message_id: self.about.message_id.clone(),
            signatures: vec![DocumentSignature {
                parent_entity_id: self.about.entity_id.clone(),
                sign_with_test_signature: Some(true),
                ..DocumentSignature::default()
            }],
            ..MessagePatchToPostV2::default()
        })
    }

    fn group(&self) -> CreateCounteragentGroup {
        let body = CounteragentGroupToCreate {
            name: self.name(),
            ..CounteragentGroupToCreate::default()
        };
        CreateCounteragentGroup::new(FROM, body)
    }

    /// Makes the call; its result is looked at, so that nothing is taken for it that is none.
    async fn make(&self, client: &Client) -> Result<(), ClientError> {
        let (letter, document) = (&self.about.message_id, &self.about.entity_id);
        match self.kind {
            Kind::Post | Kind::NamedPost | Kind::UndetectedPost => {
                let sent = client.send(self.post()).await?;
                assert!(!sent.message_id.is_empty() && !sent.entities.is_empty());
            }
            Kind::Patch => {
                let patch = client.send(self.patch()).await?;
                assert_eq!(&patch.message_id, letter);
                assert!(!patch.patch_id.is_empty());
            }
            Kind::Group => {
                let group = client.send(self.group()).await?;
                assert_eq!(group.name, self.name());
            }
            Kind::List => {
                let list = GetDocumentsV3::new(FROM, "Any.Outbound").count(3);
                let list = client.send(list).await?;
                assert!(list.total_count > 0 && !list.documents.is_empty());
            }
            Kind::Zip => {
                let zip = GenerateDocumentZip::new(FROM, letter, document, true);
                let zip = client.wait(zip).await?;
                assert!(!zip.zip_file_name_on_shelf().is_empty());
            }
            Kind::Download => {
                let content = GetEntityContentV4::new(FROM, letter, document);
                let pieces: Vec<Bytes> = client.download(content).await?.try_collect().await?;
                assert_eq!(pieces.concat(), b"content");
            }
        }
        Ok(())
    }
}

/// What is known of a call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Known {
    Done,
    NotDone,
    /// The server may have done it.
    Open,
}

fn known(outcome: &Result<(), ClientError>) -> Known {
    match outcome {
        Ok(()) => Known::Done,
        Err(ClientError::Request(error)) => panic!("{error}"),
        Err(error) if error.may_be_done() => Known::Open,
        Err(_) => Known::NotDone,
    }
}

fn client(fake: &Fake, form: Form, hasty: bool) -> Client {
    let mut retry = RetryPolicy::default();
    retry.delay = Duration::from_millis(1);
    let mut polling = PollPolicy::within(DEADLINE);
    polling.delay = Duration::from_millis(20);
    let config = Config::new().with_address(&fake.url()).unwrap();
    let builder = Client::builder(config.bearer("token"))
        .form(form)
        .at_a_time(AT_A_TIME)
        .per_second(100_000);
    let builder = match hasty {
        true => builder
            .retry(retry)
            .polling(polling)
            .timeout(HASTE)
            .deadline(DEADLINE),
        false => builder,
    };
    builder.build().unwrap()
}

/// Whether the server said of a request that it did nothing, so that any may be sent again: that there are
/// too many, or of what posts that an earlier one is still running.
fn is_spared(received: &Received) -> bool {
    let note = received.note.as_deref().unwrap_or_default();
    let mut faults = ["fault: 429", "fault: storm"].into_iter();
    let posts = received.method == Some("PostMessageV3");
    let runs = posts
        && ["fault: pending", "fault: 409:"]
            .iter()
            .any(|fault| note.starts_with(fault));
    runs || faults.any(|fault| note.starts_with(fault))
}

/// The name of the call that a body comes from; empty where there is none.
fn name_in(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let number = text
        .split_once("call-")
        .and_then(|(_, rest)| rest.split_once('-'));
    number
        .map(|(number, _)| format!("call-{number}-"))
        .unwrap_or_default()
}

/// All items of a list, by the names of the calls that made them.
fn by_name<T>(items: Vec<T>, name: impl Fn(&T) -> String) -> HashMap<String, Vec<T>> {
    let mut named = HashMap::<_, Vec<_>>::new();
    for item in items {
        named.entry(name(&item)).or_default().push(item);
    }
    named
}

async fn documents(client: &Client) -> HashMap<String, Vec<Document>> {
    let sent = client.pages(GetDocumentsV3::new(FROM, "Any.Outbound"));
    let sent: Vec<Document> = sent.try_collect().await.unwrap();
    by_name(sent, |document| document.custom_document_id().to_owned())
}

/// The calls, each about a letter of its own.
async fn plan(calm: &Client, calls: usize) -> Vec<Planned> {
    let letters = (0..calls).map(async |number| {
        let mut letter = message();
        let document = &mut letter.document_attachments[0];
        document.custom_document_id = Some(format!("letter-{number}"));
        document.need_recipient_signature = Some(true);
        calm.send(PostMessageV3::new(letter)).await.unwrap();
    });
    // A few letters are asked for many times; each patch has its own.
    let letters = letters.step_by(KINDS.len());
    stream::iter(letters)
        .buffer_unordered(AT_A_TIME)
        .collect::<()>()
        .await;
    let letters = documents(calm).await;
    let planned = (0..calls).map(|number| Planned {
        kind: KINDS[number % KINDS.len()],
        number,
        about: letters[&format!("letter-{}", number - number % KINDS.len())][0].clone(),
    });
    planned.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_every_kind_under_every_fault() {
    let calls = std::env::var("DIADOC_CALLS").ok();
    let calls = calls.map_or(CALLS, |calls| calls.parse().expect("a number of calls"));
    let fake = Fake::builder()
        .world(World::without_letters())
        .retry_after(0)
        .keep(100 * calls, 4 << 30);
    let fake = fake.start().await.unwrap();
    let calm = client(&fake, Form::Protobuf, false);
    let planned = plan(&calm, calls).await;
    let hasty = [Form::Json, Form::Protobuf].map(|form| client(&fake, form, true));

    // Each time the same.
    let mut chance = fastrand::Rng::with_seed(7);
    let mut met = HashMap::<_, usize>::new();
    let made = planned.iter().map(|call| {
        // Of a file nobody can tell garbage, which says that it is one.
        let faults = faults()
            .into_iter()
            .filter(|fault| (call.kind, fault) != (Kind::Download, &Fault::Garbage));
        let faults: Vec<_> = faults.collect();
        let fault = faults[chance.usize(..faults.len())].clone();
        // What is sent once meets one at most, or no call would come through.
        let times = match call.kind {
            Kind::Group | Kind::UndetectedPost => 1,
            _ => chance.u32(1..5),
        };
        if chance.bool() {
            *met.entry(fault.to_string()).or_default() += 1;
            fake.fault(call.kind.method(), fault, times).unwrap();
        }
        let client = &hasty[call.number / KINDS.len() % 2];
        async move {
            let start = Instant::now();
            let outcome = call.make(client).await;
            let took = start.elapsed();
            assert!(took < DEADLINE + SLACK, "{call:?}: {took:?}: {outcome:?}");
            (call, outcome)
        }
    });
    // The next fault is planned as the next call begins.
    let start = Instant::now();
    let made: Vec<_> = stream::iter(made)
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    let took = start.elapsed();
    assert_eq!(made.len(), calls);
    assert_eq!(met.len(), faults().len(), "{met:?}");
    for (number, _) in fake.faults() {
        fake.remove_fault(number);
    }

    // What the server was asked and did, held against what the callers were told.
    let received = fake.received();
    let mut served = HashMap::<_, usize>::new();
    for one in received.iter().filter(|one| !is_spared(one)) {
        *served.entry(name_in(&one.body)).or_default() += 1;
    }
    let mut counts = HashMap::<_, usize>::new();
    let sent = documents(&calm).await;
    let groups = calm.pages(GetCounteragentGroups::new(FROM));
    let groups: Vec<_> = groups.try_collect().await.unwrap();
    let groups = by_name(groups, |group| group.name.clone());
    for (call, outcome) in &made {
        let (name, known) = (call.name(), known(outcome));
        *counts.entry((call.kind, known)).or_default() += 1;
        let done = match call.kind {
            Kind::Post | Kind::NamedPost | Kind::UndetectedPost => {
                sent.get(&name).map_or(0, Vec::len)
            }
            Kind::Group => groups.get(&name).map_or(0, Vec::len),
            Kind::Patch => signatures(&calm, &call.about).await,
            Kind::List | Kind::Zip | Kind::Download => continue,
        };
        match known {
            Known::Done => assert_eq!(done, 1, "{call:?}: {outcome:?}"),
            Known::NotDone => assert_eq!(done, 0, "{call:?}: {outcome:?}"),
            Known::Open => assert!(done <= 1, "{call:?}: {outcome:?}"),
        }
        if matches!(call.kind, Kind::Group | Kind::UndetectedPost) {
            let served = served.get(&name).copied().unwrap_or_default();
            assert!(served <= 1, "{call:?}: {outcome:?}");
        }
    }
    // Who does not know sends the same value again, and it is done once.
    for (call, outcome) in &made {
        let repeatable = matches!(call.kind, Kind::Post | Kind::NamedPost | Kind::Patch);
        if repeatable && outcome.is_err() {
            let form = call.number / KINDS.len() % 2;
            let form = [Form::Json, Form::Protobuf][form];
            call.make(&client(&fake, form, false)).await.unwrap();
        }
    }
    let sent = documents(&calm).await;
    for (call, _) in &made {
        match call.kind {
            Kind::Post | Kind::NamedPost => assert_eq!(sent[&call.name()].len(), 1, "{call:?}"),
            Kind::Patch => assert_eq!(signatures(&calm, &call.about).await, 1, "{call:?}"),
            _ => {}
        }
    }
    let mut counts: Vec<_> = counts
        .into_iter()
        .map(|count| format!("{count:?}"))
        .collect();
    counts.sort();
    println!(
        "{calls} calls, {} requests in {took:?}\nfaults: {met:?}\n{}",
        received.len(),
        counts.join("\n")
    );
    for kind in KINDS {
        let none = made
            .iter()
            .all(|(call, outcome)| call.kind != kind || outcome.is_err());
        assert!(!none, "no {kind:?} came through");
    }
}

/// How many signatures of the side that received it a document has.
async fn signatures(client: &Client, document: &Document) -> usize {
    let letter = GetMessageV6::new(TO, &document.message_id);
    let letter = client.send(letter).await.unwrap();
    let signatures = letter.entities.iter().filter(|entity| {
        entity.entity_type() == EntityType::Signature
            && entity.parent_entity_id() == document.entity_id
            && entity.signer_box_id().replace("@diadoc.ru", "") == TO.replace('-', "")
    });
    signatures.count()
}
