//! Files of any size go to the shelf whatever happens on the way.

use std::io::{Cursor, SeekFrom};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{fs, io};

use diadoc_api::client::ClientError;
use diadoc_api::messages::GetMessageV6;
use diadoc_api::shelf::ShelfDownloadV2;
use diadoc_api::{Form, Upload, UploadError};
use diadoc_fake::{Answer, Fault};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};

use super::repeat::{TO, calm, fake, faults, hasty};
use crate::BOX as FROM;

#[path = "../../../examples/shelf.rs"]
#[allow(dead_code, reason = "`main` reads the environment")]
mod example;

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at % 251) as u8).collect()
}

#[tokio::test]
async fn files_of_every_size_arrive() {
    const PART: usize = Upload::PART as usize;
    let fake = fake().await;
    let client = calm(&fake, Form::Json);
    for size in [1, PART, PART + 1, 3 * PART] {
        let name = client
            .upload(Cursor::new(content(size)), ".bin")
            .await
            .unwrap();
        assert!(name.ends_with(".bin"), "{name}");
        let found = client
            .send(ShelfDownloadV2::new(bare(&name)))
            .await
            .unwrap();
        assert!(found.content == content(size), "{size}");
    }
}

/// The download wants the name alone.
fn bare(name: &str) -> &str {
    name.strip_prefix("__userId__/").unwrap_or(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_cost_a_part_and_not_the_file() {
    // Any text may be a name, and that of a part that is not the last does not matter.
    for fault in faults()
        .into_iter()
        .filter(|fault| *fault != Fault::Garbage)
    {
        let fake = fake().await;
        let client = hasty(&fake, Form::Json, 1, &fault);
        for method in ["ShelfUploadPartInit", "ShelfUploadPart"] {
            fake.fault(method, fault.clone(), 1).unwrap();
        }
        let (bytes, mut failures) = (content(50), 0);
        let mut upload = Upload::new(50).unwrap().part_size(20);
        let name = loop {
            match client.upload_rest(&mut upload, Cursor::new(&bytes)).await {
                Ok(name) => break name,
                Err(error) => failures += usize::from(!error.to_string().is_empty()),
            }
            assert!(failures < 200, "{fault}");
        };
        assert!(failures > 0, "{fault}");
        let found = calm(&fake, Form::Json)
            .send(ShelfDownloadV2::new(bare(&name)))
            .await;
        assert!(found.unwrap().content == bytes, "{fault}");
        // Nothing goes again that was taken, but where nobody could know that it was.
        let sent = fake.received_of("ShelfUploadPart").len();
        assert!(
            sent <= 2 + failures,
            "{fault}: {sent} parts after {failures} failures"
        );
    }
}

#[tokio::test]
async fn what_the_shelf_lacks_goes_again() {
    let fake = fake().await;
    let client = calm(&fake, Form::Json);
    fake.answer_next("ShelfUploadPart", Answer::text("[]"))
        .unwrap();
    let mut upload = Upload::new(50).unwrap().part_size(20);
    // The first further part is answered, and not kept; the last one tells.
    let name = client
        .upload_rest(&mut upload, Cursor::new(content(50)))
        .await
        .unwrap();
    let sent = fake.received_of("ShelfUploadPart");
    let sent: Vec<_> = sent
        .iter()
        .map(|sent| sent.parameter("partIndex").unwrap_or_default().to_owned())
        .collect();
    assert_eq!(sent, ["1", "2", "1", "2"]);
    let found = client
        .send(ShelfDownloadV2::new(bare(&name)))
        .await
        .unwrap();
    assert!(found.content == content(50));
    fake.answer("ShelfUploadPart", Answer::text("no list"))
        .unwrap();
    let mut upload = Upload::new(50).unwrap().part_size(20);
    let done = client
        .upload_rest(&mut upload, Cursor::new(content(50)))
        .await;
    let error = done.unwrap_err();
    assert!(
        matches!(error, ClientError::Upload(UploadError::Answer { .. })),
        "{error}"
    );
}

/// A file that changes while it is read.
struct Shrinking(Cursor<Vec<u8>>);

impl AsyncRead for Shrinking {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, to)
    }
}

impl AsyncSeek for Shrinking {
    fn start_seek(mut self: Pin<&mut Self>, to: SeekFrom) -> io::Result<()> {
        if to == SeekFrom::Start(0) {
            self.0.get_mut().truncate(10);
        }
        Pin::new(&mut self.0).start_seek(to)
    }

    fn poll_complete(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.0).poll_complete(context)
    }
}

#[tokio::test]
async fn a_file_that_shrinks_is_an_error() {
    let fake = fake().await;
    let shrinking = Shrinking(Cursor::new(content(20)));
    let error = calm(&fake, Form::Json)
        .upload(shrinking, "")
        .await
        .unwrap_err();
    let expected = UploadError::Content {
        expected: 20,
        found: 10,
    };
    assert!(
        matches!(&error, ClientError::Upload(error) if *error == expected),
        "{error}"
    );
    assert!(fake.received_of("ShelfUploadV2").is_empty());
}

#[tokio::test]
async fn the_program_sends_a_file() {
    let fake = fake().await;
    let client = calm(&fake, Form::Protobuf);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("акт.txt");
    let size = usize::try_from(Upload::PART).unwrap() + 1;
    fs::write(&path, content(size)).unwrap();
    let id = example::send_file(&client, FROM, TO, &path).await.unwrap();
    let message = client.send(GetMessageV6::new(FROM, id)).await.unwrap();
    assert_eq!(message.entities[0].file_name(), "акт.txt");
    assert_eq!(fake.received_of("ShelfUploadPart").len(), 1);
}

#[tokio::test]
async fn a_fault_for_long_is_an_error_in_the_end() {
    let fake = fake().await;
    fake.fault("ShelfUploadV2", Fault::Status(500), 100)
        .unwrap();
    let client = hasty(&fake, Form::Json, 3, &Fault::Status(500));
    assert!(client.upload(Cursor::new(content(1)), "").await.is_err());
    assert_eq!(
        fake.received_of("ShelfUploadV2").len(),
        3,
        "it may go again"
    );
}
