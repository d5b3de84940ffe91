//! Types of documents and kinds of docflow.
#![expect(
    deprecated,
    reason = "the server still has the first version of the settings"
)]

use diadoc_proto::documents::types::{
    DocumentFunctionV2, DocumentMetadataItemV2, DocumentTitleV2, DocumentTypeDescriptionV2,
    DocumentTypeDescriptionV3, DocumentVersionV2, DocumentWorkflowV2, GetDocumentTypesResponseV2,
    GetDocumentTypesResponseV3, SignerInfoV2, SupportedRejectionType,
};
use diadoc_proto::workflows::amendment_request_response_behavior::AmendmentRequestResponseBehavior as Amendment;
use diadoc_proto::workflows::invitation_behavior::InvitationBehavior as Invitation;
use diadoc_proto::workflows::operator_confirmation_behavior::OperatorConfirmationBehavior as Confirmation;
use diadoc_proto::workflows::operator_confirmation_receipt_behavior::OperatorConfirmationReceiptBehavior as ConfirmationReceipt;
use diadoc_proto::workflows::participant_action::ParticipantAction as Action;
use diadoc_proto::workflows::participant_type::ParticipantType as Side;
use diadoc_proto::workflows::receipt_operator_confirmation_receipt_behavior::ReceiptOperatorConfirmationReceiptBehavior as ReceiptConfirmationReceipt;
use diadoc_proto::workflows::roaming_confirmation_behavior::RoamingConfirmationBehavior as Roaming;
use diadoc_proto::workflows::title_receipt_behavior::TitleReceiptBehavior as TitleReceipt;
use diadoc_proto::workflows::{
    DocumentWorkflowSettings, DocumentWorkflowSettingsList, DocumentWorkflowSettingsListV2,
    DocumentWorkflowSettingsListV3, DocumentWorkflowSettingsV2, DocumentWorkflowSettingsV3,
    ParticipantActionSettingV3, ParticipantSetting, ParticipantSettingV2, ParticipantSettingV3,
};

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::document_types::{DocumentType, Format, Function, Version};
use crate::world::workflow::{Answer as Reply, Kind, Receipt, Response};
use crate::world::{Refusal, World};

/// When universal messages replace receipts, requests to amend and refusals: the day up to which the
/// vendor keeps the older PostMessagePatch.
const UNIVERSAL_MESSAGES_START: &str = "2027-04-03";

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetDocumentTypesV2" => types_v2,
        "GetDocumentTypesV3" => types_v3,
        "GetWorkflowsSettings" => settings,
        "GetWorkflowsSettingsV2" => settings_v2,
        "GetWorkflowsSettingsV3" => settings_v3,
        _ => return None,
    })
}

fn types_v2(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    world.enter(asked.user, asked.box_id("boxId")?)?;
    Ok(Answer::message(&GetDocumentTypesResponseV2 {
        document_types: DocumentType::all().iter().map(kind).collect(),
    }))
}

fn types_v3(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    world.enter(asked.user, asked.box_id("boxId")?)?;
    let types = DocumentType::all().iter().map(kind);
    Ok(Answer::message(&GetDocumentTypesResponseV3 {
        document_types: types
            .map(|kind| DocumentTypeDescriptionV3 {
                name: kind.name,
                title: kind.title,
                supported_docflows: kind.supported_docflows,
                requires_fns_registration: kind.requires_fns_registration,
                functions: kind.functions,
                universal_messages_start_date: UNIVERSAL_MESSAGES_START.to_owned(),
            })
            .collect(),
    }))
}

fn kind(kind: &'static DocumentType) -> DocumentTypeDescriptionV2 {
    DocumentTypeDescriptionV2 {
        name: kind.name.to_owned(),
        title: kind.title.to_owned(),
        supported_docflows: match kind.is_internal {
            true => vec![1, 0],
            false => vec![0],
        },
        requires_fns_registration: kind.requires_registration,
        functions: kind
            .functions
            .iter()
            .map(|function| DocumentFunctionV2 {
                name: function.name.to_owned(),
                versions: function
                    .versions
                    .iter()
                    .map(|version| version_of(kind, function, version))
                    .collect(),
            })
            .collect(),
    }
}

fn version_of(
    kind: &'static DocumentType,
    function: &'static Function,
    version: &'static Version,
) -> DocumentVersionV2 {
    let format = Format {
        kind,
        function,
        version,
    };
    let workflows = version.workflows.iter().enumerate();
    let has_recipient_title = version.workflows.iter().any(|id| {
        let found = Kind::all().iter().find(|kind| kind.id == *id);
        found.is_some_and(|kind| matches!(kind.response, Reply::Title))
    });
    let titles = match has_recipient_title {
        true => 2,
        false => 1,
    };
    DocumentVersionV2 {
        version: version.name.to_owned(),
        supports_content_patching: version.is_formal,
        supports_encrypting: version.is_formal,
        titles: (0..titles).map(|index| title(format, index)).collect(),
        is_actual: version.is_actual,
        workflows: workflows
            .map(|(index, id)| DocumentWorkflowV2 {
                id: *id,
                is_default: index == 0,
            })
            .collect(),
        supports_predefined_recipient_title: false,
        supports_amendment_request: format.supports_amendment_request(),
        rejection_type: Some(SupportedRejectionType::UniversalMessage as i32),
    }
}

fn title(format: Format, index: usize) -> DocumentTitleV2 {
    let (kind, function, version) = (format.kind, format.function, format.version);
    let url = |content: &str| {
        let (name, function, version) = (kind.name, function.name, version.name);
        version_url(
            name,
            function,
            version,
            index,
            content,
            format.version.is_formal,
        )
    };
    let signer = version.signers.get(index).copied().unwrap_or(-1);
    let metadata = version.metadata.iter().filter(|_| index == 0);
    DocumentTitleV2 {
        is_formal: version.is_formal,
        xsd_url: url("TitleXsd"),
        metadata_items: metadata
            .map(|item| DocumentMetadataItemV2 {
                id: item.key.to_owned(),
                r#type: item.kind as i32,
                is_required: item.is_required,
                source: 1,
            })
            .collect(),
        encrypted_metadata_items: Vec::new(),
        user_data_xsd_url: url("UserContractXsd"),
        signer_info: SignerInfoV2 {
            signer_type: match (version.is_formal, signer) {
                (false, _) => 0,
                // Of order 970 the signer has a file of its own.
                (true, 12 | 13) => 3,
                (true, -1) => 1,
                (true, _) => 2,
            },
            extended_document_title_type: signer,
            signer_user_data_xsd_url: match signer {
                12 | 13 => url("SignerUserContractXsd"),
                _ => None,
            },
        },
        index: i32::try_from(index).unwrap_or(i32::MAX),
    }
}

fn version_url(
    kind: &str,
    function: &str,
    version: &str,
    index: usize,
    content: &str,
    is_formal: bool,
) -> Option<String> {
    is_formal.then(|| {
        format!(
            "/GetContent?typeNamedId={kind}&function={function}&version={version}\
             &titleIndex={index}&contentType={content}"
        )
    })
}

fn settings(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    world.enter(asked.user, asked.box_id("boxId")?)?;
    let all = Kind::all().iter().map(Settings::of);
    Ok(Answer::message(&DocumentWorkflowSettingsList {
        document_workflow_settings: all.map(Settings::v1).collect(),
    }))
}

fn settings_v2(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    world.enter(asked.user, asked.box_id("boxId")?)?;
    let all = Kind::all().iter().map(Settings::of);
    Ok(Answer::message(&DocumentWorkflowSettingsListV2 {
        document_workflow_settings: all.map(Settings::v2).collect(),
    }))
}

fn settings_v3(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    world.enter(asked.user, asked.box_id("boxId")?)?;
    let all = Kind::all().iter().map(Settings::of);
    Ok(Answer::message(&DocumentWorkflowSettingsListV3 {
        document_workflow_settings: all.map(Settings::v3).collect(),
    }))
}

/// The settings of a kind of docflow, before they are those of a version.
struct Settings {
    id: i32,
    sides: Vec<(Side, Action, TitleReceipt)>,
    confirmation_receipt: ConfirmationReceipt,
    receipt_confirmation_receipt: ReceiptConfirmationReceipt,
    receipt_confirmation: Confirmation,
    amendment: Amendment,
    roaming: Roaming,
    invitation: Invitation,
}

impl Settings {
    fn of(kind: &Kind) -> Self {
        let is_old = kind.is_of_old();
        let confirms = kind.confirms_receipts();
        Self {
            id: kind.id,
            sides: sides(kind),
            confirmation_receipt: match is_old {
                true => ConfirmationReceipt::Always,
                false => ConfirmationReceipt::Never,
            },
            receipt_confirmation_receipt: match is_old {
                true => ReceiptConfirmationReceipt::Always,
                false => ReceiptConfirmationReceipt::Never,
            },
            receipt_confirmation: match (is_old, confirms) {
                (true, _) => Confirmation::Initiator,
                (_, true) => Confirmation::InitiatorCounterpart,
                _ => Confirmation::Never,
            },
            amendment: match kind.id {
                7 => Amendment::None,
                14 => Amendment::Receipt,
                _ if confirms => Amendment::OperatorConfirmation,
                _ => Amendment::OperatorConfirmationOrReceipt,
            },
            roaming: match confirms {
                true => Roaming::Always,
                false => Roaming::Never,
            },
            invitation: match kind.id {
                7 => Invitation::Always,
                8 => Invitation::DefineByUser,
                _ => Invitation::Never,
            },
        }
    }

    fn v1(self) -> DocumentWorkflowSettings {
        let sides = self.sides.into_iter();
        DocumentWorkflowSettings {
            id: self.id,
            participants: sides
                .map(|(side, action, receipt)| ParticipantSetting {
                    participant: Some(side as i32),
                    participant_action: Some(action as i32),
                    title_receipt_behavior: Some(receipt as i32),
                    // What the vendor no longer tells of, in any of the later versions.
                    operator_confirmation_behavior: None,
                    roaming_confirmation_behavior: None,
                })
                .collect(),
            operator_confirmation_receipt_behavior: Some(self.confirmation_receipt as i32),
            receipt_operator_confirmation_receipt_behavior: Some(
                self.receipt_confirmation_receipt as i32,
            ),
            receipt_operator_confirmation_behavior: Some(self.receipt_confirmation as i32),
            amendment_request_response_behavior: Some(self.amendment as i32),
            amendment_request_operator_confirmation_behavior: None,
            receipt_roaming_confirmation_behavior: Some(self.roaming as i32),
            amendment_request_roaming_confirmation_behavior: None,
            invitation_behavior: Some(self.invitation as i32),
        }
    }

    fn v2(self) -> DocumentWorkflowSettingsV2 {
        let sides = self.sides.into_iter();
        DocumentWorkflowSettingsV2 {
            id: self.id,
            participants: sides
                .map(|(side, action, receipt)| ParticipantSettingV2 {
                    participant: Some(side as i32),
                    participant_action: Some(action as i32),
                    title_receipt_behavior: Some(receipt as i32),
                })
                .collect(),
            operator_confirmation_receipt_behavior: Some(self.confirmation_receipt as i32),
            receipt_operator_confirmation_receipt_behavior: Some(
                self.receipt_confirmation_receipt as i32,
            ),
            receipt_operator_confirmation_behavior: Some(self.receipt_confirmation as i32),
            amendment_request_response_behavior: Some(self.amendment as i32),
            receipt_roaming_confirmation_behavior: Some(self.roaming as i32),
            invitation_behavior: Some(self.invitation as i32),
        }
    }

    fn v3(self) -> DocumentWorkflowSettingsV3 {
        let sides = self.sides.into_iter();
        DocumentWorkflowSettingsV3 {
            id: self.id,
            participants: sides
                .map(|(side, action, receipt)| ParticipantSettingV3 {
                    participant: side as i32,
                    actions: vec![ParticipantActionSettingV3 {
                        title_index: title_index(self.id, side, action),
                        participant_action: action as i32,
                        title_receipt_behavior: receipt as i32,
                    }],
                })
                .collect(),
            operator_confirmation_receipt_behavior: self.confirmation_receipt as i32,
            receipt_operator_confirmation_receipt_behavior: self.receipt_confirmation_receipt
                as i32,
            receipt_operator_confirmation_behavior: self.receipt_confirmation as i32,
            amendment_request_response_behavior: self.amendment as i32,
            receipt_roaming_confirmation_behavior: self.roaming as i32,
            invitation_behavior: self.invitation as i32,
        }
    }
}

/// The title that an action is about: a signature is one under the first title, and of three titles the
/// recipient's is the last.
fn title_index(kind: i32, side: Side, action: Action) -> i32 {
    match (side, action) {
        (Side::Recipient, Action::Title) if kind == 13 => 2,
        (Side::Proxy | Side::Recipient, Action::Title) => 1,
        _ => 0,
    }
}

fn sides(kind: &Kind) -> Vec<(Side, Action, TitleReceipt)> {
    let mut sides = vec![(Side::Sender, Action::Title, receipt(kind.receipt))];
    let proxy = match kind.proxy {
        Response::Signature | Response::Optional => Some(Action::Signature),
        Response::Title => Some(Action::Title),
        Response::None => None,
    };
    sides.extend(proxy.map(|action| (Side::Proxy, action, TitleReceipt::Never)));
    let recipient = match kind.response {
        Reply::Nothing => None,
        Reply::IfAsked => Some(Action::OptionalSignature),
        Reply::Signature => Some(Action::Signature),
        Reply::Title => Some(Action::Title),
    };
    let title_receipt = receipt(kind.title_receipt);
    sides.extend(recipient.map(|action| (Side::Recipient, action, title_receipt)));
    sides
}

fn receipt(receipt: Receipt) -> TitleReceipt {
    match receipt {
        Receipt::Always => TitleReceipt::Always,
        Receipt::OnRequest => TitleReceipt::DefineByUser,
        Receipt::Never => TitleReceipt::Never,
    }
}
