//! The status of a docflow as texts for people.
//!
//! The vendor has no table of them: the texts are those that answers and the vendor's pages show.

use diadoc_proto::docflow::{ResolutionStatus, StatusName};
use diadoc_proto::documents::{
    GeneralReceiptStatus, ProxySignatureStatus, RecipientResponseStatus, RevocationStatus,
    SenderSignatureStatus,
};
use diadoc_proto::powers_of_attorney::{
    PowerOfAttorneyValidationStatus, PowerOfAttorneyValidationStatusNamedId,
};
use diadoc_proto::{DocflowStatusModelV3, DocflowStatusV3, Severity};

use crate::world::model::MessageKind;
use crate::world::state::DocumentState;

/// The status of a docflow, as the viewer's web interface shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Status {
    pub primary: Part,
    /// Of approvals in the viewer's organization.
    pub secondary: Option<Part>,
    /// A signature needs a power of attorney, and there is none.
    pub lacks_power_of_attorney: bool,
}

/// A text and how urgent it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub severity: Severity,
    pub text: String,
}

const SIGN_AND_SEND: &str = "Требуется подписать и отправить";
const BAD_SIGNATURE: &str = "Ошибка в подписи";

impl Status {
    /// The status of a document in that state.
    pub(crate) fn of(state: &DocumentState<'_>) -> Self {
        Self {
            primary: primary(state),
            secondary: secondary(state),
            lacks_power_of_attorney: lacks_power_of_attorney(state),
        }
    }

    /// In the form of documents and of docflows from V3 on.
    pub(crate) fn to_v3(&self) -> DocflowStatusV3 {
        DocflowStatusV3 {
            primary_status: self.primary.to_v3(),
            secondary_status: self.secondary.as_ref().map(|part| part.to_v3().into()),
            power_of_attorney_general_status: self
                .lacks_power_of_attorney
                .then(|| not_attached().into()),
            ..DocflowStatusV3::default()
        }
    }
}

impl Part {
    fn new(severity: Severity, text: impl Into<String>) -> Self {
        Self {
            severity,
            text: text.into(),
        }
    }

    fn to_v3(&self) -> DocflowStatusModelV3 {
        DocflowStatusModelV3 {
            severity: Some(self.severity.as_str_name().to_owned()),
            status_text: Some(self.text.clone()),
        }
    }

    /// With a second part, after a full stop.
    fn and(self, severity: Severity, text: &str) -> Self {
        Self::new(severity, format!("{}. {text}", self.text))
    }
}

/// The state of the powers of attorney where one is missing.
pub(crate) fn not_attached() -> PowerOfAttorneyValidationStatus {
    PowerOfAttorneyValidationStatus {
        severity: Some(Severity::Warning.into()),
        status_named_id: Some(PowerOfAttorneyValidationStatusNamedId::IsNotAttached.into()),
        status_text: Some("Не приложена доверенность".to_owned()),
        ..PowerOfAttorneyValidationStatus::default()
    }
}

fn lacks_power_of_attorney(state: &DocumentState<'_>) -> bool {
    state.pieces.iter().any(|sighted| {
        let status = &sighted.piece.entity.power_of_attorney_attachment_status;
        let status = status.as_ref();
        status.is_some_and(|status| status.status_name() == StatusName::PowerOfAttorneyRequired)
    })
}

fn primary(state: &DocumentState<'_>) -> Part {
    match state.letter.kind {
        MessageKind::Template => return template(state),
        MessageKind::Draft => return Part::new(Severity::Warning, SIGN_AND_SEND),
        MessageKind::Letter => {}
    }
    match state.sender_signature_status() {
        SenderSignatureStatus::WaitingForSenderSignature => {
            return Part::new(Severity::Warning, SIGN_AND_SEND);
        }
        SenderSignatureStatus::SenderSignatureCheckedAndInvalid => {
            return Part::new(Severity::Error, BAD_SIGNATURE);
        }
        _ => {}
    }
    match state.revocation_status() {
        RevocationStatus::RevocationAccepted => Part::new(Severity::Error, "Аннулирован"),
        RevocationStatus::RevocationIsRequestedByMe => {
            Part::new(Severity::Warning, "Ожидается аннулирование")
        }
        RevocationStatus::RequestsMyRevocation => {
            Part::new(Severity::Warning, "Требуется аннулирование")
        }
        RevocationStatus::RevocationRejected => {
            let main = main_part(state);
            let severity = main.severity;
            main.and(severity, "Отказано в аннулировании")
        }
        _ => main_part(state),
    }
}

fn template(state: &DocumentState<'_>) -> Part {
    let template = state.letter.template.as_ref();
    let makes = template.is_some_and(|template| template.sender.box_id == state.viewer);
    match () {
        () if state.flags.is_recycled => Part::new(Severity::Info, "Обработан"),
        () if makes => Part::new(Severity::Warning, "Требуется создать документ"),
        () => Part::new(Severity::Warning, "Ожидается создание документа"),
    }
}

/// Signatures, then receipts.
fn main_part(state: &DocumentState<'_>) -> Part {
    let receipt = match state.receipt_status() {
        GeneralReceiptStatus::WaitingForReceipt => Some("Ожидается извещение о получении"),
        GeneralReceiptStatus::HaveToCreateReceipt => Some("Требуется подписать извещение"),
        _ => None,
    };
    match (proxy(state).or_else(|| response(state)), receipt) {
        (Some(part), None) => part,
        (Some(part), Some(receipt)) => {
            let severity = match part.severity {
                Severity::Error => Severity::Error,
                _ => Severity::Warning,
            };
            part.and(severity, receipt)
        }
        (None, Some(receipt)) => Part::new(Severity::Warning, receipt),
        (None, None) if state.is_sent() => Part::new(Severity::Info, "Документооборот завершен"),
        // Nobody has seen what stands there while the operator checks the signature.
        (None, None) => Part::new(Severity::Warning, "Выполняется проверка подписи"),
    }
}

/// The answer of the intermediate recipient, as long as that is what counts.
fn proxy(state: &DocumentState<'_>) -> Option<Part> {
    let is_proxy = state.is_proxy();
    Some(match state.proxy_status() {
        ProxySignatureStatus::WaitingForProxySignature if is_proxy => {
            Part::new(Severity::Warning, "Требуется подпись")
        }
        ProxySignatureStatus::WaitingForProxySignature => {
            Part::new(Severity::Warning, "Ожидается промежуточная подпись")
        }
        ProxySignatureStatus::ProxySignatureRejected if is_proxy => {
            Part::new(Severity::Error, "Отказано в подписи")
        }
        ProxySignatureStatus::ProxySignatureRejected => Part::new(
            Severity::Error,
            "Промежуточный получатель отказал в подписи",
        ),
        ProxySignatureStatus::InvalidProxySignature if is_proxy => {
            Part::new(Severity::Error, BAD_SIGNATURE)
        }
        _ => return None,
    })
}

/// The recipient's answer.
fn response(state: &DocumentState<'_>) -> Option<Part> {
    use RecipientResponseStatus as Response;
    let is_mine = state.is_for_viewer();
    let pick = |mine: &'static str, theirs: &'static str| if is_mine { mine } else { theirs };
    Some(match state.response_status() {
        Response::WaitingForRecipientSignature => Part::new(
            Severity::Warning,
            pick("Требуется подпись", "Ожидается подпись контрагента"),
        ),
        Response::WithRecipientSignature => {
            Part::new(Severity::Success, pick("Подписан", "Подписан контрагентом"))
        }
        Response::WithRecipientPartiallySignature => Part::new(
            Severity::Success,
            pick(
                "Подписан с разногласиями",
                "Подписан контрагентом с разногласиями",
            ),
        ),
        Response::RecipientSignatureRequestRejected => Part::new(
            Severity::Error,
            pick("Отказано в подписи", "Контрагент отказал в подписи"),
        ),
        Response::InvalidRecipientSignature => Part::new(Severity::Error, BAD_SIGNATURE),
        _ => return None,
    })
}

/// Approvals of the document, or else of a proposal to revoke it.
fn secondary(state: &DocumentState<'_>) -> Option<Part> {
    let (severity, text) = match state.resolutions().status() {
        ResolutionStatus::Approved => (Severity::Success, "Согласован"),
        ResolutionStatus::Disapproved => (Severity::Error, "Отказано в согласовании"),
        ResolutionStatus::ApprovementRequested
        | ResolutionStatus::ApprovementSignatureRequested
        | ResolutionStatus::ActionsRequested => (Severity::Warning, "На согласовании"),
        ResolutionStatus::PrimarySignatureRequested => (Severity::Warning, "На подписании"),
        ResolutionStatus::SignatureRequestRejected => {
            (Severity::Error, "Отказано в запросе подписи")
        }
        ResolutionStatus::SignedWithApprovingSignature => (Severity::Success, "Согласован"),
        _ => return revocation_approval(state),
    };
    Some(Part::new(severity, text))
}

fn revocation_approval(state: &DocumentState<'_>) -> Option<Part> {
    let request = state.revocation()?.request.file.id();
    let (severity, text) = match state.resolutions_on(request).status() {
        ResolutionStatus::Approved => (Severity::Success, "Аннулирование одобрено"),
        ResolutionStatus::Disapproved => (Severity::Error, "Отказано в согласовании"),
        ResolutionStatus::ApprovementRequested => (Severity::Warning, "На согласовании"),
        _ => return None,
    };
    Some(Part::new(severity, text))
}
