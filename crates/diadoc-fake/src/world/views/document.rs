//! Documents.

use diadoc_core::Ticks;
use diadoc_proto::docflow::ResolutionStatus as Approval;
use diadoc_proto::documents::{
    AmendmentRequestMetadata, ConfirmationMetadata, Document, GeneralReceiptStatus, Origin,
    RecipientReceiptMetadata, ResolutionStatus, ResolutionStatusType, RoamingNotificationStatus,
    SenderReceiptMetadata,
};
use diadoc_proto::events::MetadataItem;
use diadoc_proto::{
    Content, CustomDataItem, DocumentDirection, DocumentId, DocumentType as LegacyType, LockMode,
    TtGisFixationCancellationStatus,
};
use uuid::Uuid;

use super::participants::{participants, titles};
use super::{Status, address, legacy};
use crate::world::World;
use crate::world::document_types::DocumentType;
use crate::world::model::{Author, DocumentDetails, DocumentKey, MessageKind};
use crate::world::state::{Direction, DocumentState, Sighted};

impl World {
    /// A document as a box sees it, without the bytes of its content.
    pub(crate) fn document_view(&self, state: &DocumentState<'_>) -> Document {
        let key = state.key();
        let entity = &state.document.piece.entity;
        let details = state.details;
        let letter = state.letter;
        let amendments = self.amendments(state);
        let mut document = Document {
            message_id: key.letter.to_string(),
            entity_id: key.entity.to_string(),
            creation_timestamp_ticks: state.created().get(),
            counteragent_box_id: Some(
                state
                    .counteragent()
                    .map(|party| address(party.box_id))
                    .unwrap_or_default(),
            ),
            document_type: Some(document_type(state)),
            initial_document_ids: self.linked(&self.tables.above, state),
            subordinate_document_ids: self.linked(&self.tables.below, state),
            content: state
                .content_size()
                .map(|size| Content { size, data: None }.into()),
            file_name: entity.file_name.clone(),
            document_date: Some(
                details
                    .metadata("DocumentDate")
                    .unwrap_or_default()
                    .to_owned(),
            ),
            document_number: details.metadata("DocumentNumber").map(str::to_owned),
            is_deleted: Some(state.flags.is_deleted),
            department_id: Some(state.flags.department.to_string()),
            is_test: Some(letter.is_test),
            from_department_id: Some(letter.sender.department.to_string()),
            to_department_id: letter.recipient.map(|to| to.department.to_string()),
            custom_document_id: details.custom_document_id.clone(),
            resolution_status: self.approval(state).map(Into::into),
            revocation_status: Some(state.revocation_status().into()),
            send_timestamp_ticks: Some(state.sent().map_or(0, Ticks::get)),
            delivery_timestamp_ticks: Some(state.delivered.map_or(0, Ticks::get)),
            roaming_notification_status: Some(
                RoamingNotificationStatus::RoamingNotificationStatusNone.into(),
            ),
            has_custom_print_form: Some(false),
            custom_data: custom_data(state),
            packet_id: state.flags.packet.map(|packet| packet.to_string()),
            document_direction: Some(direction(state).into()),
            last_modification_timestamp_ticks: Some(state.last_patch().at.get()),
            is_encrypted_content: Some(details.is_encrypted),
            sender_signature_status: Some(state.sender_signature_status().into()),
            is_read: Some(state.flags.is_read),
            packet_is_locked: Some(letter.lock == LockMode::Full),
            resolution_route_id: state.open_route().map(|route| route.to_string()),
            proxy_signature_status: Some(state.proxy_status().into()),
            type_named_id: details.type_named_id.clone(),
            function: details.function.clone(),
            workflow_id: details.workflow_id,
            title: title(state),
            metadata: metadata(state),
            recipient_receipt_metadata: recipient_receipt(state),
            confirmation_metadata: confirmation(state, key.entity),
            recipient_response_status: state.response_status().into(),
            amendment_request_metadata: amendment_request(amendments),
            origin: details.origin.map(|origin| {
                Origin {
                    message_type: match origin.kind {
                        MessageKind::Letter => diadoc_proto::documents::MessageType::Letter,
                        MessageKind::Draft => diadoc_proto::documents::MessageType::Draft,
                        MessageKind::Template => diadoc_proto::documents::MessageType::Template,
                    }
                    .into(),
                    message_id: origin.letter.to_string(),
                }
                .into()
            }),
            editing_setting_id: Some(details.editing_setting_id.clone().unwrap_or_default()),
            lock_mode: letter.lock.into(),
            sender_receipt_metadata: SenderReceiptMetadata {
                receipt_status: state.title_receipt_status().into(),
            },
            version: details.version.clone(),
            proxy_box_id: letter.proxy.map(|proxy| address(proxy.box_id)),
            proxy_department_id: letter.proxy.map(|proxy| proxy.department.to_string()),
            docflow_status: Status::of(state).to_v3(),
            tt_gis_fixation_cancellation_status: Some(
                TtGisFixationCancellationStatus::TtGisFixationCancellationStatusNone.into(),
            ),
            has_unread_out_of_workflow_universal_messages: Some(false),
            participants: participants(state),
            title_docflows: titles(state),
            recipient_response_amendment_request_metadata: Some(
                amendment_request(state.asks_to_amend_title().into()).into(),
            ),
            ..Document::default()
        };
        legacy::fill(&mut document, state, amendments);
        document
    }

    /// The documents on the other end of links that the viewer knows of.
    fn linked(
        &self,
        links: &crate::world::table::Table<DocumentKey, std::collections::BTreeSet<DocumentKey>>,
        state: &DocumentState<'_>,
    ) -> Vec<DocumentId> {
        let linked = links.get(&state.key()).into_iter().flatten();
        let known = linked.filter(|key| self.knows(state.viewer, **key));
        known
            .map(|key| DocumentId {
                message_id: key.letter.to_string(),
                entity_id: key.entity.to_string(),
            })
            .collect()
    }

    /// Whether a box knows of a document.
    pub(crate) fn knows(&self, box_id: diadoc_core::BoxId, key: DocumentKey) -> bool {
        let letter = self.tables.letters.get(&key.letter);
        letter.is_some_and(|letter| {
            let piece = letter.piece_of(box_id, letter.patches.len(), key.entity);
            piece.is_some_and(|(_, piece)| piece.document.is_some())
        })
    }

    /// What happened to a document after it was sent, as the bits of `AmendmentFlags`.
    pub(super) fn amendments(&self, state: &DocumentState<'_>) -> i32 {
        let was_requested = i32::from(state.amendment_requests().next().is_some());
        let below = self.tables.below.get(&state.key()).into_iter().flatten();
        let types = below
            .filter(|key| self.knows(state.viewer, **key))
            .filter_map(|key| {
                let letter = self.tables.letters.get(&key.letter)?;
                let details = letter.piece(key.entity)?.document.as_deref()?;
                Some(details.type_named_id.as_str())
            });
        types.fold(was_requested, |flags, kind| match kind {
            kind if kind.ends_with("Revision") => flags | 2,
            kind if kind.contains("Correction") => flags | 4,
            _ => flags,
        })
    }

    /// Where the approval in the viewer's organization stands; none where nobody has asked for any.
    fn approval(&self, state: &DocumentState<'_>) -> Option<ResolutionStatus> {
        let resolutions = state.resolutions();
        let kind = match resolutions.status() {
            Approval::Approved | Approval::SignedWithApprovingSignature => {
                ResolutionStatusType::Approved
            }
            Approval::Disapproved => ResolutionStatusType::Disapproved,
            Approval::ApprovementRequested => ResolutionStatusType::ApprovementRequested,
            Approval::ApprovementSignatureRequested | Approval::PrimarySignatureRequested => {
                ResolutionStatusType::SignatureRequested
            }
            Approval::SignatureRequestRejected => ResolutionStatusType::SignatureDenied,
            Approval::ActionsRequested => ResolutionStatusType::ActionsRequested,
            _ => return None,
        };
        let last = resolutions.last?;
        let request = last.piece.entity.resolution_request_info.as_ref();
        let (author_user_id, author_fio) = self.author_of(last);
        Some(ResolutionStatus {
            r#type: Some(kind.into()),
            target: request.and_then(|request| request.target.clone()),
            author_user_id,
            author_fio,
        })
    }

    /// The id and the name of the user who brought an entity.
    fn author_of(&self, sighted: Sighted<'_>) -> (String, String) {
        let Author::User { user, .. } = sighted.patch.author else {
            return (Uuid::nil().to_string(), String::new());
        };
        let row = self.tables.users.get(&user);
        (
            user.to_string(),
            row.map(|user| user.full_name()).unwrap_or_default(),
        )
    }
}

/// The type as a value of the old enum; newer types have none.
fn document_type(state: &DocumentState<'_>) -> i32 {
    let found = DocumentType::find(&state.details.type_named_id);
    found
        .map_or(LegacyType::UnknownDocumentType, |found| found.legacy)
        .into()
}

pub(crate) fn direction(state: &DocumentState<'_>) -> DocumentDirection {
    direction_of(state.direction())
}

pub(crate) fn direction_of(direction: Direction) -> DocumentDirection {
    match direction {
        Direction::Inbound => DocumentDirection::Inbound,
        Direction::Outbound => DocumentDirection::Outbound,
        Direction::Internal => DocumentDirection::Internal,
    }
}

pub(super) fn custom_data(state: &DocumentState<'_>) -> Vec<CustomDataItem> {
    let tags = state.flags.tags.iter();
    tags.map(|(key, value)| CustomDataItem {
        key: key.clone(),
        value: Some(value.clone()),
    })
    .collect()
}

/// The metadata, the name of the file first.
pub(super) fn metadata(state: &DocumentState<'_>) -> Vec<MetadataItem> {
    const FILE_NAME: &str = "FileName";
    let file_name = state.document.piece.entity.file_name.clone();
    let file_name = file_name.filter(|_| state.details.metadata(FILE_NAME).is_none());
    let first = file_name.map(|name| (FILE_NAME.to_owned(), name));
    first
        .into_iter()
        .chain(state.details.metadata.iter().cloned())
        .map(|(key, value)| MetadataItem { key, value })
        .collect()
}

fn recipient_receipt(state: &DocumentState<'_>) -> RecipientReceiptMetadata {
    let receipt = state.receipt(state.key().entity);
    let confirmation = match receipt {
        Some(receipt) => confirmation(state, receipt.file.id()),
        None => confirmed(0),
    };
    RecipientReceiptMetadata {
        receipt_status: state.receipt_status().into(),
        confirmation_metadata: Some(confirmation.into()),
    }
}

/// The operator's confirmation for a file.
fn confirmation(state: &DocumentState<'_>, file: Uuid) -> ConfirmationMetadata {
    let confirmation = state.confirmation(file);
    confirmed(confirmation.map_or(0, |confirmation| confirmation.file.at().get()))
}

fn confirmed(ticks: i64) -> ConfirmationMetadata {
    ConfirmationMetadata {
        receipt_status: GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable.into(),
        date_time_ticks: ticks,
    }
}

fn amendment_request(flags: i32) -> AmendmentRequestMetadata {
    AmendmentRequestMetadata {
        amendment_flags: flags,
        receipt_status: GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable.into(),
    }
}

/// The title for people: of a document without number and date the name of its file.
pub(super) fn title(state: &DocumentState<'_>) -> String {
    let file_name = state.document.piece.entity.file_name.as_deref();
    title_of(state.details, file_name)
}

pub(crate) fn title_of(details: &DocumentDetails, file_name: Option<&str>) -> String {
    let found = DocumentType::find(&details.type_named_id);
    let name = found.map_or(details.type_named_id.as_str(), |found| found.title);
    let number = details.metadata("DocumentNumber");
    let date = details.metadata("DocumentDate");
    let mut title = match (number, date, file_name) {
        (None, None, Some(file_name)) => return capitalized(file_name),
        _ => name.to_owned(),
    };
    if let Some(number) = number {
        title += &format!(" №{number}");
    }
    if let Some(date) = date {
        title += &format!(" от {}", short(date));
    }
    title
}

/// `dd.MM.yyyy` with two digits of the year.
fn short(date: &str) -> String {
    match date.rsplit_once('.') {
        Some((day, year)) if year.len() == 4 => format!("{day}.{}", &year[2..]),
        _ => date.to_owned(),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}
