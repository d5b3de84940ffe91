//! What was uploaded can be downloaded.

use crate::http::{Call, JSON};
use crate::{BOX, started};

const BYTES: &str = "application/octet-stream";

#[tokio::test]
async fn in_one_piece() {
    let fake = started().await;
    let call = Call::post("/V2/ShelfUpload?fileExtension=.xml", BYTES, "<a/>");
    let came = call.send(&fake).await;
    let name = came.text().to_owned();
    assert!(name.ends_with(".xml"), "{name}");
    for target in [
        format!("/V2/ShelfDownload?fileName={name}"),
        format!("/ShelfDownload?nameOnShelf=__userId__/{name}"),
    ] {
        let came = Call::get(target).send(&fake).await;
        assert_eq!((came.status, came.text()), (200, "<a/>"));
    }
    // The newer version wants the name alone.
    let call = Call::get(format!("/V2/ShelfDownload?fileName=__userId__/{name}"));
    let came = call.send(&fake).await;
    assert_eq!(came.status, 404);
    let call = Call::get(format!("/V2/ShelfDownload?fileName={name}&makeBase64=true"));
    let came = call.send(&fake).await;
    assert_eq!(came.text(), "PGEvPg==");
}

#[tokio::test]
async fn in_parts() {
    let fake = started().await;
    let call = Call::post("/ShelfUploadPartInit", BYTES, "one ");
    let name = call.send(&fake).await.text().to_owned();
    let part = |index, last| {
        format!("/ShelfUploadPart?fileName={name}&partIndex={index}&isLastPart={last}")
    };
    let came = Call::post(part(2, true), BYTES, "three").send(&fake).await;
    assert_eq!(came.text(), "[1]");
    let came = Call::post(part(1, false), BYTES, "two ").send(&fake).await;
    assert_eq!(came.text(), "[]");
    let call = Call::get(format!("/ShelfDownload?nameOnShelf=__userId__/{name}"));
    let came = call.send(&fake).await;
    assert_eq!(came.text(), "one two three");
    let unknown = "/ShelfUploadPart?fileName=other&partIndex=1";
    assert_eq!(
        Call::post(unknown, BYTES, "x").send(&fake).await.status,
        404
    );
}

#[tokio::test]
async fn the_archive_of_a_document() {
    let fake = started().await;
    let zip = format!(
        "/GenerateDocumentZip?boxId={BOX}&messageId={BOX}&documentId={BOX}&fullDocflow=true"
    );
    assert_eq!(Call::get(&zip).accept(JSON).send(&fake).await.status, 204);
    let came = Call::get(&zip).accept(JSON).send(&fake).await.json();
    let name = came["ZipFileNameOnShelf"].as_str().unwrap();
    let name = name.strip_prefix("__userId__/").unwrap();
    let call = Call::get(format!("/V2/ShelfDownload?fileName={name}"));
    let came = call.send(&fake).await;
    assert_eq!(came.header("content-type"), Some("application/zip"));
    assert!(came.body.starts_with(b"PK\x03\x04"));
    assert!(
        came.body.windows(4).any(|four| four == b"PK\x05\x06"),
        "the archive has its end"
    );
}
