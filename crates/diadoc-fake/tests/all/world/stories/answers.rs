//! The recipient signs, confirms, refuses, and asks for a correction.

use diadoc_fake::world::BAD_SIGNATURE;
use diadoc_proto::documents::{
    GeneralReceiptStatus, RecipientResponseStatus as Answer, SenderSignatureStatus,
};
use diadoc_proto::events::{AttachmentType, CorrectionRequestAttachment, DocumentSignature};

use super::{FIRST, FORMS, SECOND, Stage, content, utd};
use crate::world::contract;

#[tokio::test]
async fn a_contract_is_sent_received_and_signed() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let posted = stage.post(vec![contract("1")]).await;
        let status = stage.status(FIRST, &posted).await;
        assert_eq!(status, "Ожидается подпись контрагента");
        assert_eq!(stage.status(SECOND, &posted).await, "Требуется подпись");
        stage.sign(SECOND, &posted, posted.first()).await;
        assert_eq!(stage.status(FIRST, &posted).await, "Подписан контрагентом");
        assert_eq!(stage.status(SECOND, &posted).await, "Подписан");
        for side in [FIRST, SECOND] {
            let document = stage.document(side, &posted).await;
            let answer = document.recipient_response_status();
            assert_eq!(answer, Answer::WithRecipientSignature);
        }
    }
}

#[tokio::test]
async fn a_transfer_document_goes_to_its_end_with_all_receipts() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let posted = stage.post(vec![utd()]).await;
        let status = stage.status(FIRST, &posted).await;
        let expected = "Ожидается подпись контрагента. Ожидается извещение о получении";
        assert_eq!(status, expected);
        stage.patch(posted.receipt(SECOND, posted.first())).await;
        let status = stage.status(FIRST, &posted).await;
        assert_eq!(status, "Ожидается подпись контрагента");
        let made = stage.patch(posted.title(SECOND, true)).await;
        let title = made.entities[0].entity_id.clone();
        let due = [
            (FIRST, GeneralReceiptStatus::HaveToCreateReceipt),
            (SECOND, GeneralReceiptStatus::WaitingForReceipt),
        ];
        for (side, expected) in due {
            let document = stage.document(side, &posted).await;
            let receipt = &document.sender_receipt_metadata;
            assert_eq!(receipt.receipt_status(), expected);
        }
        stage.patch(posted.receipt(FIRST, &title)).await;
        for side in [FIRST, SECOND] {
            let document = stage.document(side, &posted).await;
            let receipts = [
                document.recipient_receipt_metadata.receipt_status(),
                document.sender_receipt_metadata.receipt_status(),
            ];
            assert_eq!(receipts, [GeneralReceiptStatus::Finished; 2]);
            let answer = document.recipient_response_status();
            assert_eq!(answer, Answer::WithRecipientSignature);
            // Of the document, its receipt, the title and the title's receipt.
            let kind = AttachmentType::InvoiceConfirmation;
            assert_eq!(stage.count(side, &posted, kind).await, 4);
        }
        assert_eq!(stage.status(FIRST, &posted).await, "Подписан контрагентом");
        assert_eq!(stage.status(SECOND, &posted).await, "Подписан");
    }
}

#[tokio::test]
async fn a_contract_is_refused() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let posted = stage.post(vec![contract("1")]).await;
        stage.patch(posted.refusal(SECOND, posted.first())).await;
        let status = stage.status(FIRST, &posted).await;
        assert_eq!(status, "Контрагент отказал в подписи");
        assert_eq!(stage.status(SECOND, &posted).await, "Отказано в подписи");
        let mut late = posted.by(SECOND);
        late.signatures.push(super::signature(posted.first()));
        assert_eq!(stage.not_patched(late).await.status, 409);
    }
}

#[tokio::test]
async fn a_correction_is_asked_for_and_a_revision_comes() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let posted = stage.post(vec![utd()]).await;
        let mut body = posted.by(SECOND);
        body.correction_requests.push(CorrectionRequestAttachment {
            parent_entity_id: posted.first().to_owned(),
            signed_content: content("<Файл ИдФайл=\"DP_UVUTOCH_1\"/>"),
            labels: Vec::new(),
        });
        stage.patch(body).await;
        for side in [FIRST, SECOND] {
            let document = stage.document(side, &posted).await;
            let amendment = document.amendment_request_metadata;
            assert_eq!(amendment.amendment_flags & 1, 1);
        }
        let mut revision = utd();
        revision.initial_document_ids.push(posted.id(0));
        let revised = stage.post(vec![revision]).await;
        for side in [FIRST, SECOND] {
            let document = stage.document(side, &revised).await;
            assert_eq!(document.initial_document_ids, [posted.id(0)]);
            let first = stage.document(side, &posted).await;
            assert_eq!(first.subordinate_document_ids, [revised.id(0)]);
        }
        stage.patch(revised.title(SECOND, false)).await;
        let answer = stage.document(FIRST, &revised).await;
        let answer = answer.recipient_response_status();
        assert_eq!(answer, Answer::WithRecipientSignature);
    }
}

#[tokio::test]
async fn a_bad_signature_of_either_side_is_mended_by_a_second_one() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let mut bad = super::unsigned(contract("1"));
        bad.signed_content.signature = Some(BAD_SIGNATURE.into());
        let posted = stage.post(vec![bad]).await;
        let document = stage.document(FIRST, &posted).await;
        assert_eq!(
            document.sender_signature_status(),
            SenderSignatureStatus::SenderSignatureCheckedAndInvalid
        );
        assert!(stage.is_hidden(SECOND, &posted).await);

        let posted = stage.post(vec![contract("2")]).await;
        let mut body = posted.by(SECOND);
        body.signatures.push(DocumentSignature {
            parent_entity_id: posted.first().to_owned(),
            signature: Some(BAD_SIGNATURE.into()),
            ..DocumentSignature::default()
        });
        stage.patch(body).await;
        assert_eq!(stage.status(SECOND, &posted).await, "Ошибка в подписи");
        let status = stage.status(FIRST, &posted).await;
        assert_eq!(status, "Ожидается подпись контрагента");
        stage.sign(SECOND, &posted, posted.first()).await;
        assert_eq!(stage.status(SECOND, &posted).await, "Подписан");
        assert_eq!(stage.status(FIRST, &posted).await, "Подписан контрагентом");
    }
}
