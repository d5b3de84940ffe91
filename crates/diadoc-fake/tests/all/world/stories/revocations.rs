//! Documents are taken back.

use diadoc_proto::documents::RevocationStatus;
use diadoc_proto::events::AttachmentType;

use super::{FIRST, FORMS, Posted, SECOND, Stage};
use crate::world::contract;

async fn statuses(stage: &Stage, posted: &Posted) -> [String; 2] {
    [
        stage.status(FIRST, posted).await,
        stage.status(SECOND, posted).await,
    ]
}

async fn signed(stage: &Stage) -> Posted {
    let posted = stage.post(vec![contract("1")]).await;
    stage.sign(SECOND, &posted, posted.first()).await;
    posted
}

#[tokio::test]
async fn both_sides_take_a_signed_document_back() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let posted = signed(&stage).await;
        let made = stage.patch(posted.revocation(FIRST)).await;
        let expected = ["Ожидается аннулирование", "Требуется аннулирование"];
        assert_eq!(statuses(&stage, &posted).await, expected);
        let request = &made.entities[0];
        assert_eq!(request.attachment_type(), AttachmentType::RevocationRequest);
        stage.sign(SECOND, &posted, &request.entity_id).await;
        assert_eq!(statuses(&stage, &posted).await, ["Аннулирован"; 2]);
        let refusal = stage.not_patched(posted.revocation(FIRST)).await;
        assert_eq!(refusal.text, "Документ уже аннулирован");
    }
}

#[tokio::test]
async fn the_sender_alone_takes_back_what_is_not_answered() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let posted = stage.post(vec![contract("1")]).await;
        let refusal = stage.not_patched(posted.revocation(SECOND)).await;
        assert_eq!(refusal.status, 409);
        stage.patch(posted.revocation(FIRST)).await;
        assert_eq!(statuses(&stage, &posted).await, ["Аннулирован"; 2]);
    }
}

#[tokio::test]
async fn the_other_side_does_not_agree() {
    for form in FORMS {
        let stage = Stage::new(form).await;
        let posted = signed(&stage).await;
        let made = stage.patch(posted.revocation(SECOND)).await;
        let request = made.entities[0].entity_id.clone();
        // Nobody answers a proposal of one's own.
        let own = stage.not_patched(posted.refusal(SECOND, &request)).await;
        assert_eq!(own.status, 409);
        stage.patch(posted.refusal(FIRST, &request)).await;
        for side in [FIRST, SECOND] {
            let status = stage.document(side, &posted).await.revocation_status();
            assert_eq!(status, RevocationStatus::RevocationRejected);
        }
        let expected = [
            "Подписан контрагентом. Отказано в аннулировании",
            "Подписан. Отказано в аннулировании",
        ];
        assert_eq!(statuses(&stage, &posted).await, expected);
    }
}
