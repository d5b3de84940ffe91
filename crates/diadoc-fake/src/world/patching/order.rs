//! What a patch asks for, whichever version of the method it came by.

use diadoc_proto::events::{
    CorrectionRequestAttachment, CustomDataPatch, DocumentSignature, EditDocumentPacketCommand,
    EditingPatch, MessagePatchToPostV2, ReceiptAttachment, RecipientTitleAttachment,
    ResolutionAttachment, ResolutionRequestAttachment, ResolutionRequestCancellationAttachment,
    ResolutionRequestDenialAttachment, ResolutionRequestDenialCancellationAttachment,
    ResolutionRouteAssignment, ResolutionRouteRemoval, RevocationRequestAttachment,
    SignatureVerification, TtGisFixationCancellationRequestAttachment, UniversalMessageAttachment,
    XmlSignatureRejectionAttachment,
};

#[expect(deprecated, reason = "what the server still takes, is taken")]
use diadoc_proto::events::{MessagePatchToPost, RequestedSignatureRejection};

use crate::world::model::Action;

/// A patch to be made: what to do, in order.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub elements: Vec<Element>,
}

/// One thing to do, and where the patch says so.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// As the server's sentences have it: `MessagePatchToPost.Receipts[0]`.
    pub place: String,
    pub command: Command,
}

/// A thing to do.
#[expect(deprecated, reason = "what the server still takes, is taken")]
#[derive(Debug, Clone)]
pub(crate) enum Command {
    Sign(DocumentSignature),
    Title(RecipientTitleAttachment),
    Receipt(ReceiptAttachment),
    RequestCorrection(CorrectionRequestAttachment),
    Reject(XmlSignatureRejectionAttachment),
    RejectInWords(RequestedSignatureRejection),
    Revoke(RevocationRequestAttachment),
    Resolve(ResolutionAttachment),
    RequestResolution(ResolutionRequestAttachment),
    CancelRequest(ResolutionRequestCancellationAttachment),
    DenyRequest(ResolutionRequestDenialAttachment),
    CancelDenial(ResolutionRequestDenialCancellationAttachment),
    PutOnRoute(ResolutionRouteAssignment),
    TakeOffRoute(ResolutionRouteRemoval),
    Tag(CustomDataPatch),
    Pack(EditDocumentPacketCommand),
    Edit(EditingPatch),
    Verify(SignatureVerification),
    Say(UniversalMessageAttachment),
    CancelFixation(TtGisFixationCancellationRequestAttachment),
}

/// The elements of a body in the order in which they are done: lists that every version has, and between
/// them titles, refusals and messages, which differ.
macro_rules! elements {
    ($body:ident;
        titles { $($titles:tt)* }
        refusals { $($refusals:tt)* }
        messages { $($messages:tt)* }
    ) => {
        elements!(@lists $body;
            editing_patches "EditingPatches" Edit;
            signatures "Signatures" Sign;
            recipient_titles "RecipientTitles" Title;
            $($titles)*
            receipts "Receipts" Receipt;
            correction_requests "CorrectionRequests" RequestCorrection;
            xml_signature_rejections "XmlSignatureRejections" Reject;
            $($refusals)*
            revocation_requests "RevocationRequests" Revoke;
            $($messages)*
            resolution_route_removals "ResolutionRouteRemovals" TakeOffRoute;
            resolution_route_assignments "ResolutionRouteAssignments" PutOnRoute;
            resolutions "Resolutions" Resolve;
            resolution_request_cancellations "ResolutionRequestCancellations" CancelRequest;
            resolution_request_denials "ResolutionRequestDenials" DenyRequest;
            resolution_request_denial_cancellations "ResolutionRequestDenialCancellations" CancelDenial;
            resolution_requests "ResolutionRequests" RequestResolution;
            signature_verifications "SignatureVerifications" Verify;
            custom_data_patches "CustomDataPatches" Tag;
            edit_document_packet_commands "EditDocumentPacketCommands" Pack;
            tt_gis_fixation_cancellation_requests "TtGisFixationCancellationRequests" CancelFixation;
        )
    };
    (@lists $body:ident; $($list:ident $name:literal $command:ident;)*) => {{
        let mut elements = Vec::new();
        $(for (index, item) in $body.$list.into_iter().enumerate() {
            elements.push(Element {
                place: format!("MessagePatchToPost.{}[{index}]", $name),
                command: Command::$command(item),
            });
        })*
        elements
    }};
}

#[expect(deprecated, reason = "what the server still takes, is taken")]
impl From<MessagePatchToPost> for Order {
    fn from(body: MessagePatchToPost) -> Self {
        let elements = elements!(body;
            titles {
                xml_torg12_buyer_titles "XmlTorg12BuyerTitles" Title;
                xml_acceptance_certificate_buyer_titles "XmlAcceptanceCertificateBuyerTitles" Title;
                universal_transfer_document_buyer_titles "UniversalTransferDocumentBuyerTitles" Title;
            }
            refusals { requested_signature_rejections "RequestedSignatureRejections" RejectInWords; }
            messages {}
        );
        Self { elements }
    }
}

impl From<MessagePatchToPostV2> for Order {
    fn from(body: MessagePatchToPostV2) -> Self {
        let elements = elements!(body;
            titles {}
            refusals {}
            messages { universal_messages "UniversalMessages" Say; }
        );
        Self { elements }
    }
}

#[expect(deprecated, reason = "what the server still takes, is taken")]
impl Command {
    /// The entity that it is about, as the body names it.
    pub(super) fn target(&self) -> &str {
        match self {
            Self::Sign(one) => &one.parent_entity_id,
            Self::Title(one) => &one.parent_entity_id,
            Self::Receipt(one) => &one.parent_entity_id,
            Self::RequestCorrection(one) => &one.parent_entity_id,
            Self::Reject(one) => &one.parent_entity_id,
            Self::RejectInWords(one) => &one.parent_entity_id,
            Self::Revoke(one) => &one.parent_entity_id,
            Self::Resolve(one) => &one.initial_document_id,
            Self::RequestResolution(one) => &one.initial_document_id,
            Self::CancelRequest(one) => &one.initial_resolution_request_id,
            Self::DenyRequest(one) => &one.initial_resolution_request_id,
            Self::CancelDenial(one) => &one.initial_resolution_request_denial_id,
            Self::PutOnRoute(one) => &one.initial_document_id,
            Self::TakeOffRoute(one) => &one.parent_entity_id,
            Self::Tag(one) => &one.parent_entity_id,
            Self::Pack(one) => &one.document_id,
            Self::Edit(one) => &one.parent_entity_id,
            Self::Verify(one) => &one.initial_document_id,
            Self::Say(one) => &one.parent_entity_id,
            Self::CancelFixation(one) => &one.document_id,
        }
    }

    /// It is about a document, or a file that belongs to one, as opposed to a request.
    pub(super) fn is_about_document(&self) -> bool {
        !matches!(
            self,
            Self::CancelRequest(_) | Self::DenyRequest(_) | Self::CancelDenial(_)
        )
    }

    /// As sentences of the server call it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Sign(_) => "AddSignature",
            Self::Title(_) => "AddRecipientTitle",
            Self::Receipt(_) => "AddCommonReceipt",
            Self::RequestCorrection(_) => "AddCorrectionRequest",
            Self::Reject(_) | Self::RejectInWords(_) => "AddSignatureRejection",
            Self::Revoke(_) => "AddRevocationRequest",
            Self::Resolve(_) => "AddResolution",
            Self::RequestResolution(_) => "AddResolutionRequest",
            Self::CancelRequest(_) => "AddResolutionRequestCancellation",
            Self::DenyRequest(_) => "AddResolutionRequestDenial",
            Self::CancelDenial(_) => "AddResolutionRequestDenialCancellation",
            Self::PutOnRoute(_) => "AddResolutionRouteAssignment",
            Self::TakeOffRoute(_) => "AddResolutionRouteRemoval",
            Self::Tag(_) => "EditCustomData",
            Self::Pack(_) => "EditDocumentPacket",
            Self::Edit(_) => "EditDocument",
            Self::Verify(_) => "AddSignatureVerification",
            Self::Say(_) => "AddUniversalMessage",
            Self::CancelFixation(_) => "AddTtGisFixationCancellationRequest",
        }
    }

    /// The right that it takes; none where everybody in the box may do it.
    pub(super) fn right(&self) -> Option<Action> {
        match self {
            Self::Edit(_) => Some(Action::CreateDocuments),
            Self::Resolve(_) => Some(Action::AddResolutions),
            Self::RequestResolution(_)
            | Self::CancelRequest(_)
            | Self::PutOnRoute(_)
            | Self::TakeOffRoute(_) => Some(Action::RequestResolutions),
            Self::Sign(_)
            | Self::Title(_)
            | Self::Receipt(_)
            | Self::RequestCorrection(_)
            | Self::Reject(_)
            | Self::RejectInWords(_)
            | Self::Revoke(_)
            | Self::CancelFixation(_) => Some(Action::SignDocuments),
            Self::DenyRequest(_)
            | Self::CancelDenial(_)
            | Self::Tag(_)
            | Self::Pack(_)
            | Self::Say(_)
            | Self::Verify(_) => None,
        }
    }

    /// In a locked packet it has to be done to all documents at once.
    pub(super) fn is_for_whole_packet(&self) -> bool {
        matches!(
            self,
            Self::Sign(_)
                | Self::Title(_)
                | Self::Reject(_)
                | Self::RejectInWords(_)
                | Self::Revoke(_)
                | Self::Resolve(_)
                | Self::RequestResolution(_)
        )
    }
}
