//! Which way the bodies of a message go.

use diadoc_schema::{Direction, Schema};

use crate::message;

/// The methods of a message in one direction: those of which it is all of the body or answer, then
/// after `|` those that have it inside of one; the number alone where there are many.
fn told(names: &[String], whole: usize) -> String {
    let (whole, inside) = names.split_at(whole);
    let text = |names: &[String]| match names.len() {
        0..=4 => names.join(" "),
        _ => "many".to_owned(),
    };
    format!("{} | {}", text(whole), text(inside))
}

#[test]
fn the_methods_that_have_a_message() {
    const NONE: &str = " | ";
    const REQUEST: Option<Direction> = Some(Direction::Request);
    const RESPONSE: Option<Direction> = Some(Direction::Response);
    // The message, the methods that take it, those that answer with it, the one way.
    let cases = [
        ("MessageToPost", "PostMessageV3 | ", NONE, REQUEST),
        ("DocumentAttachment", " | PostMessageV3", NONE, REQUEST),
        ("SignatureInfo", NONE, "GetSignatureInfo | ", RESPONSE),
        ("Documents.Document", NONE, "GetDocumentV3 | many", RESPONSE),
        // A whole body weighs more than a part of one.
        (
            "ExtendedSigner",
            " | many",
            "GetSignerDetails PostSignerDetails | \
             ParseUniversalCorrectionDocumentBuyerTitleXml \
             ParseUniversalCorrectionDocumentSellerTitleXml \
             ParseUniversalTransferDocumentBuyerTitleXml \
             ParseUniversalTransferDocumentSellerTitleXml",
            RESPONSE,
        ),
        // Both ways, as a whole and inside.
        (
            "InvoiceInfo",
            "GenerateInvoiceXml | ",
            "ParseInvoiceXml | ",
            None,
        ),
        ("Timestamp", " | many", " | many", None),
        // What no method has, and what stands for bytes.
        ("MessageToSend", NONE, NONE, None),
        ("Diadoc.Http.Content", NONE, NONE, None),
    ];
    for (name, request, response, only) in cases {
        let found = Schema::diadoc().directions(&message(name));
        let requests = told(&found.request, found.whole_requests);
        assert_eq!(requests, request, "{name}");
        let responses = told(&found.response, found.whole_responses);
        assert_eq!(responses, response, "{name}");
        assert_eq!(found.only(), only, "{name}");
    }
}
