//! The reference and its search.

use diadoc_schema::{ItemKind, Schema};

use super::page;
use crate::started;

#[tokio::test]
async fn words_find_names_paths_and_comments() {
    let fake = started().await;
    let came = page(&fake, "/_/reference?q=generatedocumentzip").await;
    came.says("href=\"/_/reference/Diadoc.Api.Methods.");
    came.says("GenerateDocumentZip</code>");
    page(&fake, "/_/reference?q=TORG-12").await.says("Found: ");
    let none = page(&fake, "/_/reference?q=xyzzyplugh").await;
    none.says("Found: 0");
    // Russian words stand in the comments, whatever their case.
    assert!(
        !Schema::diadoc().search("АУТЕНТИФИКАЦИЯ").is_empty()
            || !Schema::diadoc().search("акт").is_empty()
    );
}

#[tokio::test]
async fn a_page_for_each_name() {
    let fake = started().await;
    let method = page(&fake, "/_/reference/GetDocumentsV3").await;
    method.says("GET /V3/GetDocuments");
    method.says("<code>filterCategory</code>");
    method.says("href=\"/_/reference/Diadoc.Api.Proto.Documents.DocumentList\"");
    let message = page(
        &fake,
        "/_/reference/Diadoc.Api.Proto.Documents.DocumentList",
    )
    .await;
    message.says("<code>TotalCount</code>");
    message.says("href=\"/_/check?name=Diadoc.Api.Proto.Documents.DocumentList\"");
    message.says("href=\"/_/reference/Documents.GetDocumentsV3\"");
    let value = page(&fake, "/_/reference/DocumentDirection.Inbound").await;
    value.says("<span class=\"tag\">value</span>");
    let unknown = page(&fake, "/_/reference/DocumentLst").await;
    assert_eq!(unknown.status, 404);
    unknown.says("href=\"/_/reference/Documents.DocumentList\"");
    let several = page(&fake, "/_/reference/Department").await;
    assert_eq!(several.status, 300);
    several.says("is the name of several things");
}

#[tokio::test]
async fn every_link_of_a_page_leads_somewhere() {
    let fake = started().await;
    let schema = Schema::diadoc();
    for start in [
        "GetDocumentsV3",
        "Document",
        "DocumentDirection",
        "PostMessageV3",
    ] {
        let came = page(&fake, &format!("/_/reference/{start}")).await;
        let links = came.text().split("href=\"/_/reference/").skip(1);
        let names: Vec<_> = links
            .filter_map(|rest| rest.split(['"', '?']).next())
            .collect();
        assert!(names.len() > 2, "{start}");
        for name in names {
            assert!(schema.resolve(name).is_ok(), "{start}: {name}");
        }
    }
    for kind in [
        ItemKind::Method,
        ItemKind::Message,
        ItemKind::Enum,
        ItemKind::Field,
    ] {
        let found = schema.search("document");
        let found = found.iter().find(|found| found.kind == kind);
        let name = &found.expect("one of each kind").name;
        assert_eq!(
            page(&fake, &format!("/_/reference/{name}")).await.status,
            200,
            "{name}"
        );
    }
}
