//! What a document's kind of docflow (вид документооборота) asks for.
//!
//! Vendor page: `docflows/Workflows`.

use super::model::{DocumentDetails, Letter};

/// What has to come before a docflow is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Workflow {
    /// How the recipient answers.
    pub response: Response,
    /// The recipient has to send a receipt for the sender's title.
    pub needs_receipt: bool,
    /// Whether the sender has to send one for the recipient's title.
    pub title_receipt: Receipt,
    /// How the intermediate recipient answers, if there is one.
    pub proxy_response: Response,
    /// The operator confirms the recipient's title, too.
    pub confirms_title: bool,
}

/// How a side answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    /// Not at all.
    None,
    /// By a signature under the document, as soon as it likes: nobody waits for it.
    Optional,
    /// By a signature under the document.
    Signature,
    /// By a title.
    Title,
}

/// Whether a receipt has to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receipt {
    Always,
    /// Where the one who sent the title asks for it.
    OnRequest,
    Never,
}

/// A row of the vendor's table.
#[derive(Debug)]
pub(crate) struct Kind {
    pub id: i32,
    /// How the recipient answers.
    pub response: Answer,
    /// Whether the sender's title has to be answered with a receipt.
    pub receipt: Receipt,
    /// Whether the recipient's has to be.
    pub title_receipt: Receipt,
    /// How the intermediate recipient answers.
    pub proxy: Response,
    confirms_title: bool,
}

/// As the table has it: before the document is known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    Nothing,
    /// By a signature, where the sender asks for it.
    IfAsked,
    Signature,
    Title,
}

const fn kind(
    id: i32,
    response: Answer,
    receipt: Receipt,
    title_receipt: Receipt,
    proxy: Response,
    confirms_title: bool,
) -> Kind {
    Kind {
        id,
        response,
        receipt,
        title_receipt,
        proxy,
        confirms_title,
    }
}

/// Kinds 4, 5, 10 and 12 ask for receipts of the operator's confirmations as well, as an order that is no
/// longer in force had it; here nobody has to send those.
#[rustfmt::skip]
const KINDS: [Kind; 19] = {
    use Answer::{IfAsked, Nothing, Signature, Title};
    use Receipt::{Always, Never, OnRequest};
    use Response as Proxy;
    [
        kind(1, IfAsked, OnRequest, Never, Proxy::Signature, false),
        kind(2, Signature, OnRequest, Never, Proxy::Signature, false),
        kind(3, Title, OnRequest, OnRequest, Proxy::Signature, false),
        kind(4, Nothing, Always, Never, Proxy::None, false),
        kind(5, Title, Always, Never, Proxy::None, false),
        kind(6, Nothing, OnRequest, Never, Proxy::Signature, false),
        kind(7, IfAsked, OnRequest, Never, Proxy::None, false),
        kind(8, Title, Never, Never, Proxy::None, false),
        kind(9, Nothing, OnRequest, Never, Proxy::Signature, false),
        kind(10, Nothing, Always, Never, Proxy::None, false),
        kind(11, Title, OnRequest, OnRequest, Proxy::Signature, false),
        kind(12, Title, Always, Never, Proxy::None, false),
        kind(13, Title, OnRequest, Never, Proxy::Title, false),
        kind(14, Signature, Always, Never, Proxy::None, false),
        kind(15, Nothing, Always, Never, Proxy::None, false),
        kind(16, Title, Always, OnRequest, Proxy::None, true),
        kind(17, Nothing, Always, Never, Proxy::None, false),
        kind(18, Title, Always, OnRequest, Proxy::None, true),
        kind(19, Title, OnRequest, OnRequest, Proxy::Signature, true),
    ]
};

impl Kind {
    /// All kinds.
    pub(crate) fn all() -> &'static [Self] {
        &KINDS
    }

    /// The operator's confirmations were answered with receipts, by an order that is no longer in force.
    pub(crate) fn is_of_old(&self) -> bool {
        matches!(self.id, 4 | 5 | 10 | 12)
    }

    /// The operator confirms receipts to both sides.
    pub(crate) fn confirms_receipts(&self) -> bool {
        matches!(self.id, 15..=18)
    }
}

impl Workflow {
    /// What a document's kind asks for; of a kind that is not in the table, what its sender asks for.
    pub(crate) fn of(details: &DocumentDetails, letter: &Letter) -> Self {
        let found = KINDS.iter().find(|kind| kind.id == details.workflow_id);
        let [by_request, ..] = &KINDS;
        let kind = found.unwrap_or(by_request);
        Self {
            response: match kind.response {
                Answer::Nothing => Response::None,
                Answer::IfAsked if details.needs_recipient_signature => Response::Signature,
                Answer::IfAsked => Response::Optional,
                Answer::Signature => Response::Signature,
                Answer::Title => Response::Title,
            },
            needs_receipt: match kind.receipt {
                Receipt::Always => true,
                Receipt::OnRequest => details.needs_receipt,
                Receipt::Never => false,
            },
            title_receipt: kind.title_receipt,
            proxy_response: match letter.proxy {
                Some(_) => kind.proxy,
                None => Response::None,
            },
            confirms_title: kind.confirms_title,
        }
    }

    /// Somebody waits for the recipient's answer.
    pub(crate) fn expects_response(&self) -> bool {
        matches!(self.response, Response::Signature | Response::Title)
    }
}
