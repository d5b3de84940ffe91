//! Why a patch is refused, in the server's sentences where they are known.

use diadoc_core::BoxId;
use uuid::Uuid;

use super::assembly::Place;
use crate::world::Refusal;

pub(super) fn no_message(box_id: BoxId, letter: Uuid) -> Refusal {
    let text = format!("Сообщение {}:{letter} не найдено", box_id.guid());
    Refusal::not_found(text).code("DocumentService.DocumentNotFound")
}

/// The employee does not see the document.
pub(super) fn no_access() -> Refusal {
    Refusal::forbidden("У вас нет доступа к документу")
        .code("DocumentService.EmployeeCannotAccessDocument")
}

/// The present state of the document does not allow it, and the server has no sentence for that.
pub(super) fn invalid_state() -> Refusal {
    Refusal::conflict("ErrorCode: DocumentService.InvalidDocumentState (Http.Conflict)")
        .code("DocumentService.InvalidDocumentState")
}

/// The present state of the document does not allow to do that.
pub(super) fn state_forbids(what: &str) -> Refusal {
    let text = format!("Текущее состояние документа не позволяет {what}");
    Refusal::conflict(text).code("DocumentService.InvalidDocumentState")
}

pub(super) fn revoked() -> Refusal {
    Refusal::conflict("Документ уже аннулирован").code("DocumentService.DocumentIsRevoked")
}

pub(super) fn revoked_or_being_revoked() -> Refusal {
    Refusal::conflict("Документ аннулирован или находится в процессе аннулирования")
        .code("DocumentService.DocumentIsRevokedOrRevocationIsInProgress")
}

/// Documents of that kind never take such an element.
pub(super) fn unsupported(at: &Place) -> Refusal {
    let text = format!(
        "Команда {} не поддерживается документом {}:{}:{}",
        at.command,
        at.box_id.guid(),
        at.letter,
        at.document
    );
    Refusal::conflict(text).code("DocumentService.CommandIsNotSupported")
}

/// The element hangs on something of another kind.
pub(super) fn wrong_parent(at: &Place) -> Refusal {
    Refusal::bad_request(format!(
        "{}: Некорректная ссылка на родительский файл",
        at.path
    ))
}

pub(super) fn no_root(path: &str, letter: Uuid, entity: &str) -> Refusal {
    Refusal::bad_request(format!(
        "{path}: Не найден корневой документ для сущности MessageId: {letter}, EntityId: {entity}"
    ))
}

pub(super) fn nothing_to_cancel(at: &Place) -> Refusal {
    Refusal::bad_request(format!("{}: Не найдена сущность для отмены", at.path))
}

pub(super) fn locked_packet() -> Refusal {
    Refusal::conflict("ErrorCode: DocumentService.NotAllowedForLockedPacket (Http.Conflict)")
        .code("DocumentService.NotAllowedForLockedPacket")
}

pub(super) fn too_many_failures() -> Refusal {
    Refusal::conflict(
        "Too many failed signatures today. There were 3 attempts, but max allowed per day is 3",
    )
}
