//! Data of signatures and of their certificates.

use diadoc_core::{BoxId, Ticks};
use diadoc_proto::certificates::CertificateSubjectType;
use diadoc_proto::{
    CertificateChainElement, CertificateVerificationResult, SignatureInfo,
    SignatureVerificationResult, Timestamp,
};
use uuid::Uuid;

use crate::world::model::{Author, Letter, Patch, Piece};
use crate::world::{World, clock};

/// A certificate of the chain is not valid at this time, its issuer is not trusted, and so on: what the
/// server says of a certificate that it knows nothing of.
const UNKNOWN_ISSUER: i32 = 16_842_816;
/// How long before the signature a made-up certificate begins, and how long it is good.
const DAY: i64 = 24 * 3600 * Ticks::PER_SECOND;

/// Whom a certificate was given to.
#[derive(Default)]
struct Holder {
    organization: Option<String>,
    inn: Option<String>,
    position: String,
    first_name: String,
    surname: String,
}

impl World {
    /// What there is to know of a signature; none where the entity is no signature that the box knows of.
    ///
    /// The certificate is made up: the fake reads none out of signatures.
    pub(crate) fn signature_view(
        &self,
        letter: &Letter,
        viewer: BoxId,
        id: Uuid,
    ) -> Option<SignatureInfo> {
        let upto = letter.patches.len();
        let pieces: Vec<_> = letter.pieces_of(viewer, upto).collect();
        let (patch, piece) = *pieces.iter().find(|(_, piece)| piece.id() == id)?;
        let details = piece.signature.as_ref()?;
        let is_checked_by = |other: &Piece| {
            let original = other.signature.as_ref().and_then(|other| other.original);
            original == Some(id) || (other.parent() == Some(id) && other.signature.is_none())
        };
        let checked = pieces.iter().find(|(_, other)| is_checked_by(other));
        let checked = checked.map_or(patch.at, |(patch, _)| patch.at);
        // The time stamp is what an original one gets by the check.
        let is_valid = details.is_valid;
        let signed = if is_valid { checked } else { patch.at };
        let holder = self.holder(patch, piece);
        Some(SignatureInfo {
            signing_time: timestamp(signed),
            signature_verification_time: Some(timestamp(checked).into()),
            signature_verification_result: Some(verification(checked, is_valid).into()),
            thumbprint: hex(&[piece.id(), guid(details.signer.box_id)], 20),
            serial_number: hex(&[guid(details.signer.box_id)], 16),
            issuer: Some("УЦ EasyCert".to_owned()),
            start_date: Some(short_date(clock::moved(signed.get(), -30 * DAY))),
            end_date: Some(short_date(clock::moved(signed.get(), 335 * DAY))),
            certificate_subject_type: Some(
                match holder.inn.as_deref().map(str::len) {
                    Some(10) => CertificateSubjectType::LegalEntity,
                    Some(12) => CertificateSubjectType::IndividualEntity,
                    _ => CertificateSubjectType::UnknownCertificateSubjectType,
                }
                .into(),
            ),
            org_name: holder.organization,
            org_inn: holder.inn,
            job_title: Some(holder.position),
            first_name: Some(holder.first_name),
            surname: Some(holder.surname),
            ..SignatureInfo::default()
        })
    }

    fn holder(&self, patch: &Patch, piece: &Piece) -> Holder {
        let Some(details) = piece.signature.as_ref().filter(|details| details.is_valid) else {
            return Holder::default();
        };
        let box_id = details.signer.box_id;
        let organization = self.tables.organizations.get(&box_id);
        let Some(organization) = organization.filter(|_| !details.is_test) else {
            // The certificate with which the server signs for tests.
            return Holder {
                organization: Some("Тестовая организация".to_owned()),
                inn: Some("6663003127".to_owned()),
                position: "директор".to_owned(),
                first_name: "Сертификат Тестовый".to_owned(),
                surname: "Диадок".to_owned(),
            };
        };
        let user = piece.entity.author_user_id.as_deref();
        let user = user.and_then(|user| Uuid::parse_str(user).ok());
        let user = user.or(match patch.author {
            Author::User { user, .. } => Some(user),
            Author::Operator => None,
        });
        let employee = user.and_then(|user| self.tables.employees.get(&(box_id, user)));
        let user = user.and_then(|user| self.tables.users.get(&user));
        Holder {
            organization: Some(organization.short_name.clone()),
            inn: Some(organization.inn.clone()),
            position: employee
                .map(|employee| employee.position.clone())
                .unwrap_or_default(),
            first_name: user.map_or_else(String::new, |user| {
                let middle = user.middle_name.as_deref().unwrap_or_default();
                format!("{} {middle}", user.first_name).trim().to_owned()
            }),
            surname: user.map(|user| user.last_name.clone()).unwrap_or_default(),
        }
    }
}

/// What the check said: the mathematics is right in either case, the certificate is not.
fn verification(at: Ticks, is_valid: bool) -> SignatureVerificationResult {
    let flags: &[i32] = if is_valid { &[0, 0] } else { &[UNKNOWN_ISSUER] };
    let chain = flags.iter().map(|flags| CertificateChainElement {
        certificate_chain_status_flags: *flags,
        ..CertificateChainElement::default()
    });
    let whole = at.get() - at.get() % Ticks::PER_SECOND;
    SignatureVerificationResult {
        is_valid: true,
        certificate_status: Some(
            CertificateVerificationResult {
                is_valid,
                certificate_chain: chain.collect(),
                verification_time: timestamp(at),
            }
            .into(),
        ),
        signature_timestamp: is_valid.then(|| Timestamp { ticks: whole }.into()),
    }
}

fn guid(box_id: BoxId) -> Uuid {
    Uuid::from_bytes(*box_id.as_bytes())
}

fn timestamp(at: Ticks) -> Timestamp {
    Timestamp { ticks: at.get() }
}

/// A day as `dd.MM.yy`.
fn short_date(at: Ticks) -> String {
    let iso = at.to_string();
    match (iso.get(2..4), iso.get(5..7), iso.get(8..10)) {
        (Some(year), Some(month), Some(day)) => format!("{day}.{month}.{year}"),
        _ => String::new(),
    }
}

/// So many bytes of these GUIDs, one after the other, in upper-case hex.
fn hex(ids: &[Uuid], count: usize) -> String {
    let bytes = ids.iter().flat_map(|id| *id.as_bytes()).cycle();
    bytes
        .take(count)
        .map(|byte| format!("{byte:02X}"))
        .collect()
}
