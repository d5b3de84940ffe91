//! Every method once in each form: the typed request, the fake, the typed response.

use std::collections::BTreeSet;

use bytes::Bytes;
use diadoc_api::client::Client;
use diadoc_api::{METHODS, Request, Wire, authorization, shelf};
use diadoc_fake::Fake;
use diadoc_proto::LoginPassword;
use diadoc_schema::{Example, Schema, example};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client_of;

/// A function per group of methods that calls each of them with what it requires. A parameter is a
/// text, bytes, or a value of another type; its name is that of the schema. `with` gives one
/// that need not be there, where the rules want one of several.
macro_rules! calls {
    ($($module:ident { $($method:ident($($kind:ident $name:literal),*)
            $(with $setter:ident($more:ident $one:literal))?;)* })*) => {
        mod groups {
            use super::*;

            $(pub async fn $module(calls: &mut Calls) {
                $(
                    let request = diadoc_api::$module::$method::new(
                        $($kind(stringify!($method), $name)),*
                    )$(.$setter($more(stringify!($method), $one)))?;
                    calls.send(request).await;
                )*
            })*
        }

        async fn call_each(calls: &mut Calls) {
            // A future of its own for each group, so that none becomes too large for the stack.
            $(Box::pin(groups::$module(calls)).await;)*
        }
    };
}

calls! {
    authorization {
        GetExternalServiceAuthInfo(text "key");
    }
    counteragents {
        AcquireCounteragent(text "myOrgId", text "counteragentOrgId");
        AcquireCounteragentV2(text "myOrgId", value "body");
        AcquireCounteragentV3(text "myBoxId", value "body");
        AcquireCounteragentResult(text "taskId");
        AcquireCounteragentResultV2(text "taskId");
        AcquireCounteragentResultV3(text "myBoxId", text "taskId");
        AddCounteragentToGroup(text "boxId", text "counteragentBoxId", text "counteragentGroupId");
        BreakWithCounteragent(text "myOrgId", text "counteragentOrgId");
        BreakWithCounteragentV2(text "myBoxId", text "counteragentBoxId");
        CreateCounteragentGroup(text "boxId", value "body");
        DeleteCounteragentGroup(text "boxId", text "counteragentGroupId");
        GetCounteragent(text "myOrgId", text "counteragentOrgId");
        GetCounteragentV2(text "myOrgId", text "counteragentOrgId");
        GetCounteragentV3(text "myBoxId", text "counteragentBoxId");
        GetCounteragentCertificates(text "myOrgId", text "counteragentOrgId");
        GetCounteragentCertificatesV2(text "myBoxId", text "counteragentBoxId");
        GetCounteragentGroup(text "boxId", text "counteragentGroupId");
        GetCounteragentGroups(text "boxId");
        GetCounteragents(text "myOrgId");
        GetCounteragentsV2(text "myOrgId");
        GetCounteragentsV3(text "myBoxId");
        GetCounteragentsFromGroup(text "boxId", text "counteragentGroupId");
        UpdateCounteragentGroup(text "boxId", text "counteragentGroupId", value "body");
    }
    docflows {
        GetDocflowEventsV2(text "boxId", value "body");
        GetDocflowEventsV3(text "boxId", value "body");
        GetDocflowEventsV4(text "boxId", value "body");
        GetDocflowEventsV5(text "boxId", value "body");
        GetDocflowsV2(text "boxId", value "body");
        GetDocflowsV3(text "boxId", value "body");
        GetDocflowsV4(text "boxId", value "body");
        GetDocflowsV5(text "boxId", value "body");
        GetDocflowsByPacketIdV2(text "boxId", value "body");
        GetDocflowsByPacketIdV3(text "boxId", value "body");
        GetDocflowsByPacketIdV4(text "boxId", value "body");
        GetDocflowsByPacketIdV5(text "boxId", value "body");
        SearchDocflowsV2(text "boxId", value "body");
        SearchDocflowsV3(text "boxId", value "body");
        SearchDocflowsV4(text "boxId", value "body");
        SearchDocflowsV5(text "boxId", value "body");
    }
    documents {
        Delete(text "boxId", text "messageId");
        DetectDocumentTitlesOnShelf(text "boxId", text "nameOnShelf");
        DetectDocumentTitles(text "boxId", bytes "body");
        DetectDocumentTypesOnShelf(text "boxId", text "nameOnShelf");
        DetectDocumentTypes(text "boxId", bytes "body");
        GetContent(text "typeNamedId", text "function", text "version", value "titleIndex");
        GetDocumentV3(text "boxId", text "messageId", text "entityId");
        GetDocumentActions(text "boxId", text "messageId", text "entityId");
        GetDocumentHistory(text "boxId", text "messageId", text "entityId");
        GetDocumentTypesV2(text "boxId");
        GetDocumentTypesV3(text "boxId");
        GetDocumentsV3(text "boxId", text "filterCategory");
        GetDocumentsV4(text "boxId", value "body");
        GetDocumentsByCustomId(text "boxId", text "customDocumentId");
        GetDocumentsByMessageId(text "boxId", text "messageId");
        GetEntityContentV4(text "boxId", text "messageId", text "entityId");
        GetInvoiceCorrectionRequestInfo(text "boxId", text "messageId", text "entityId");
        GetSignatureInfo(text "boxId", text "messageId", text "entityId");
        GetWorkflowsSettings(text "boxId");
        GetWorkflowsSettingsV2(text "boxId");
        GetWorkflowsSettingsV3(text "boxId");
        MoveDocuments(value "body");
        RecycleDraft(text "boxId", text "draftId");
        Restore(text "boxId", text "messageId");
    }
    employees {
        CanSendInvoice(text "boxId", bytes "body");
        CreateEmployee(text "boxId", value "body");
        DeleteEmployee(text "boxId", text "userId");
        GetEmployee(text "boxId", text "userId");
        GetEmployees(text "boxId");
        GetEmployeesByExternalId(text "boxId", text "externalId");
        GetMyCertificates(text "boxId");
        GetMyEmployee(text "boxId");
        GetMyPermissions(text "orgId");
        GetMyUser();
        GetMyUserV2();
        GetOrganizationUsers(text "orgId");
        GetOrganizationUsersV2(text "boxId");
        GetSubscriptions(text "boxId", text "userId");
        UpdateEmployee(text "boxId", text "userId", value "body");
        UpdateMyUser(bytes "body");
        UpdateSubscriptions(text "boxId", text "userId", value "body");
    }
    events {
        GetCounteragentEventsV1(text "boxId");
        GetEventV2(text "boxId", text "eventId");
        GetEventV3(text "boxId", text "eventId");
        GetLastEvent(text "boxId");
        GetLastEventV2(text "boxId");
        GetNewEventsV4(text "boxId");
        GetNewEventsV5(text "boxId");
        GetNewEventsV6(text "boxId");
        GetNewEventsV7(text "boxId");
        GetNewEventsV8(text "boxId");
        GetPartnerEvents(value "body");
        GetSecurityEventsV1(text "boxId");
    }
    forwarding {
        ForwardDocumentV2(text "boxId", value "body");
        GenerateForwardedDocumentPrintForm(text "boxId", text "fromBoxId", text "messageId", text "documentId", text "forwardEventId");
        GenerateForwardedDocumentProtocolV2(text "boxId", text "fromBoxId", text "messageId", text "documentId", text "forwardEventId");
        GetForwardedDocumentEventsV2(text "boxId", value "body");
        GetForwardedDocumentsV2(text "boxId", value "body");
        GetForwardedEntityContentV2(text "boxId", text "fromBoxId", text "messageId", text "documentId", text "forwardEventId", text "entityId");
    }
    generation {
        GenerateAcceptanceCertificateXmlForBuyer(text "boxId", text "sellerTitleMessageId", text "sellerTitleAttachmentId") with act(value "act");
        GenerateAcceptanceCertificateXmlForSeller() with act(value "act");
        GenerateDocumentReceiptXml(text "boxId", text "messageId", text "attachmentId", value "body");
        GenerateInvoiceCorrectionRequestXml(text "boxId", text "messageId", text "attachmentId", value "body");
        GenerateInvoiceCorrectionRequestXmlV2(text "boxId", value "body");
        GenerateInvoiceDocumentReceiptXml(text "boxId", text "messageId", text "attachmentId", value "body");
        GenerateInvoiceXml() with invoice(value "invoice");
        GenerateReceiptXml(text "boxId", text "messageId", text "attachmentId", value "body");
        GenerateReceiptXmlV2(text "boxId", value "body");
        GenerateRecipientTitleXml(text "boxId", text "senderTitleMessageId", text "senderTitleAttachmentId", bytes "body");
        GenerateRevocationRequestXml(text "boxId", text "messageId", text "attachmentId", value "body");
        GenerateRevocationRequestXmlV2(text "boxId", text "messageId", text "attachmentId", value "body");
        GenerateSenderTitleXml(text "boxId", text "documentTypeNamedId", text "documentFunction", bytes "body");
        GenerateSignatureRejectionXml(text "boxId", text "messageId", text "attachmentId", value "body");
        GenerateSignatureRejectionXmlV2(text "boxId", value "body");
        GenerateTitleXml(text "boxId", text "documentTypeNamedId", text "documentFunction", text "documentVersion", value "titleIndex", bytes "body");
        GenerateTorg12XmlForBuyer(text "boxId", text "sellerTitleMessageId", text "sellerTitleAttachmentId") with torg12(value "torg12");
        GenerateTorg12XmlForSeller() with torg12(value "torg12");
        GenerateTtGisFixationCancellationRequest(text "boxId", text "messageId", text "documentId");
        GenerateUniversalMessage(text "boxId", text "messageId", text "attachmentId", bytes "body");
        GenerateUniversalTransferDocumentXmlForBuyer(text "boxId", text "sellerTitleMessageId", text "sellerTitleAttachmentId", value "body");
        GenerateUniversalTransferDocumentXmlForSeller() with utd(value "utd");
        ParseAcceptanceCertificateBuyerTitleXml(bytes "body");
        ParseAcceptanceCertificateSellerTitleXml(bytes "body");
        ParseGarAddressV1(text "address");
        ParseInvoiceXml(bytes "body");
        ParseRevocationRequestXml(bytes "body");
        ParseRussianAddress(text "address");
        ParseSignatureRejectionXml(bytes "body");
        ParseTitleXml(text "boxId", text "documentTypeNamedId", text "documentFunction", text "documentVersion", value "titleIndex", bytes "body");
        ParseTorg12BuyerTitleXml(bytes "body");
        ParseTorg12SellerTitleXml(bytes "body");
        ParseUniversalCorrectionDocumentBuyerTitleXml(bytes "body");
        ParseUniversalCorrectionDocumentSellerTitleXml(bytes "body");
        ParseUniversalMessage(text "boxId", text "messageId", text "attachmentId");
        ParseUniversalMessageXml(bytes "body");
        ParseUniversalTransferDocumentBuyerTitleXml(bytes "body");
        ParseUniversalTransferDocumentSellerTitleXml(bytes "body");
    }
    key_value_storage {
        KeyValueStorageGetV2(text "boxId", value "body");
        KeyValueStoragePutV2(text "boxId", value "body");
    }
    messages {
        CanPostMessage(value "body");
        GetMessageV4(text "boxId", text "messageId");
        GetMessageV5(text "boxId", text "messageId");
        GetMessageV6(text "boxId", text "messageId");
        GetTemplate(text "boxId", text "templateId");
        PostMessageV3(value "body");
        PostMessagePatchV3(value "body");
        PostMessagePatchV4(value "body");
        PostRoamingNotification(value "body");
        PostTemplate(value "body");
        PostTemplatePatch(text "boxId", text "templateId", value "body");
        SendDraft(value "body");
        TransformTemplateToMessage(value "body");
    }
    operators {
        GetRoamingOperators(text "boxId");
    }
    organizations {
        AdminCreateDepartment(text "boxId", value "body");
        AdminDeleteDepartment(text "boxId", text "departmentId");
        GetBox(text "boxId");
        GetDepartment(text "orgId", text "departmentId");
        AdminGetDepartment(text "boxId", text "departmentId");
        GetDepartmentV2(text "boxId", text "departmentId");
        AdminGetDepartments(text "boxId");
        GetMyOrganizations();
        GetOrganization() with box_id(text "boxId");
        GetOrganizationFeatures(text "boxId");
        GetOrganizationsByForeignTaxpayerCode(text "foreignTaxpayerCode");
        GetOrganizationsByInnKpp(text "inn");
        GetOrganizationsByInnList(value "body");
        GetOrganizationsByInnListV2(value "body");
        GetResolutionRoutes(text "boxId");
        GetResolutionRoutesForOrganization(text "orgId");
        Register(value "body");
        RegisterConfirm(value "body");
        SendFnsRegistrationMessage(text "boxId", value "body");
        AdminUpdateDepartment(text "boxId", text "departmentId", value "body");
        UpdateOrganizationProperties(value "body");
    }
    powers_of_attorney {
        AddEmployeePowerOfAttorney(text "boxId", text "registrationNumber", text "issuerInn");
        AddEmployeePowerOfAttorneyV2(text "boxId", value "body");
        DeleteEmployeePowerOfAttorney(text "boxId", text "registrationNumber", text "issuerInn");
        DeleteEmployeePowerOfAttorneyV2(text "boxId", value "body");
        GetEmployeePowersOfAttorney(text "boxId");
        GetPowerOfAttorneyContent(text "boxId", text "messageId", text "entityId");
        GetPowerOfAttorneyContentV2(text "boxId", text "messageId", text "entityId");
        GetPowerOfAttorneyInfo(text "boxId", text "messageId", text "entityId");
        PrevalidatePowerOfAttorney(text "boxId", text "registrationNumber", text "issuerInn", value "body");
        PrevalidatePowerOfAttorneyV2(text "boxId", value "body");
        RegisterPowerOfAttorney(text "boxId", value "body");
        RegisterPowerOfAttorneyResult(text "boxId", text "taskId");
        UpdateEmployeePowerOfAttorney(text "boxId", text "registrationNumber", text "issuerInn", value "body");
        UpdateEmployeePowerOfAttorneyV2(text "boxId", value "body");
    }
    print_forms {
        DetectCustomPrintForms(text "boxId", value "body");
        GenerateDocumentProtocol(text "boxId", text "messageId", text "documentId");
        GenerateDocumentZip(text "boxId", text "messageId", text "documentId", value "fullDocflow");
        GeneratePrintForm(text "boxId", text "messageId", text "documentId");
        GeneratePrintFormFromAttachment(text "documentType", bytes "body");
        GetGeneratedPrintForm(text "printFormId");
    }
    shelf {
        ShelfDownload(text "nameOnShelf");
        ShelfDownloadV2(text "fileName");
        ShelfUpload(text "nameOnShelf", value "partIndex", bytes "body");
        ShelfUploadV2(bytes "body");
        ShelfUploadPartInit(bytes "body");
    }
    signing {
        AutoSignReceipts(text "boxId");
        AutoSignReceiptsResult(text "taskId");
        CloudSign(value "body");
        CloudSignConfirm(text "token", text "confirmationCode");
        CloudSignConfirmResult(text "taskId");
        CloudSignResult(text "taskId");
        DssSign(text "boxId", value "body");
        DssSignV2(text "boxId", value "body");
        DssSignResult(text "boxId", text "taskId");
        GetSignerDetails(text "boxId", text "thumbprint");
        PostSignerDetails(text "boxId", text "thumbprint", value "body");
        GetSignerDetailsV2(text "boxId", text "thumbprint", value "documentTitleType");
        PostSignerDetailsV2(text "boxId", text "thumbprint", value "documentTitleType", value "body");
        PrepareDocumentsToSign(value "body");
    }
}

struct Calls {
    client: Client,
    called: BTreeSet<&'static str>,
}

impl Calls {
    async fn send<R: Request>(&mut self, request: R) {
        let name = R::METHOD.name;
        let answer = self.client.wait(request).await;
        assert!(answer.is_ok(), "{name}: {}", answer.err().unwrap());
        self.called.insert(name);
    }
}

/// What the schema gives as an example of a parameter.
fn sample(method: &str, name: &str) -> Value {
    let method = Schema::diadoc().method(method).unwrap();
    example(&method.request(), Example::Minimal)[name].clone()
}

fn text(method: &str, name: &str) -> String {
    value(method, name)
}

fn bytes(_: &str, _: &str) -> Bytes {
    Bytes::from_static(b"content")
}

fn value<T: DeserializeOwned>(method: &str, name: &str) -> T {
    let read = serde_json::from_value(sample(method, name));
    read.unwrap_or_else(|error| panic!("{method}, {name}: {error}"))
}

async fn call_every_method(wire: Wire) {
    let fake = Fake::builder().retry_after(0).start().await.unwrap();
    let mut calls = Calls {
        client: client_of(&fake, wire),
        called: BTreeSet::new(),
    };
    call_each(&mut calls).await;
    // What takes one of several bodies, and what needs another call before it.
    let password = LoginPassword {
        login: "login".into(),
        password: "password".into(),
    };
    let log_in = authorization::AuthenticateV3::new("password").login_password(password);
    calls.send(log_in).await;
    calls
        .send(authorization::AuthenticateConfirmV2::new("dG9rZW4=").thumbprint("AB"))
        .await;
    calls
        .send(authorization::AuthenticateConfirmV3::new("dG9rZW4=").body(bytes("", "")))
        .await;
    let name = calls
        .client
        .send(shelf::ShelfUploadPartInit::new(bytes("", "")))
        .await
        .unwrap();
    calls
        .send(shelf::ShelfUploadPart::new(name, 1, bytes("", "")))
        .await;

    let all: BTreeSet<_> = METHODS.iter().map(|method| method.name).collect();
    assert_eq!(calls.called, all);
    let asked = fake.received_of("GetDocumentsV3");
    let form = match wire {
        Wire::Json => "application/json",
        Wire::Protobuf => "application/x-protobuf",
    };
    assert_eq!(asked[0].header("accept"), Some(form));
}

#[tokio::test]
async fn in_protobuf() {
    call_every_method(Wire::Protobuf).await;
}

#[tokio::test]
async fn in_json() {
    call_every_method(Wire::Json).await;
}
