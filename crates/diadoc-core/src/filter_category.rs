//! The filter of GetDocuments.

use std::fmt;
use std::str::FromStr;

/// Which documents GetDocuments lists: `<type>.<class><status>`.
///
/// ```
/// use diadoc_proto::{DocumentClass, DocumentStatus, FilterCategory};
///
/// let filter = FilterCategory::new("XmlTorg12", DocumentClass::Outbound)?
///     .with_status(DocumentStatus::WithRecipientSignature);
/// assert_eq!(filter.to_string(), "XmlTorg12.OutboundWithRecipientSignature");
///
/// let filter: FilterCategory = "Any.InboundNotRevoked".parse()?;
/// assert_eq!(filter, FilterCategory::any(DocumentClass::Inbound)
///     .with_status(DocumentStatus::NotRevoked));
///
/// // What the vendor adds after this version has no name here, and can be written all the same.
/// let filter = FilterCategory::any("Archived".parse()?);
/// assert_eq!(filter.to_string(), "Any.Archived");
/// # Ok::<(), diadoc_proto::FilterCategoryError>(())
/// ```
///
/// Whatever parses is printed as it was. Where a class or a status has no name here, the text may be
/// parted at another place than it was put together at.
///
/// Vendor page: `http/GetDocuments`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FilterCategory {
    document_type: String,
    class: DocumentClass,
    status: DocumentStatus,
}

/// Why a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilterCategoryError {
    /// There is no dot between the type and the class.
    NoDot,
    /// The type is empty, or holds other characters than Latin letters, digits, `-` and `_`.
    Type,
    /// After the dot stands what cannot be a class: it starts with a capital letter and has only
    /// Latin letters and digits.
    Class,
    /// After the class stands what cannot be a status: it starts with a capital letter and has only
    /// Latin letters and digits.
    Status,
}

impl fmt::Display for FilterCategoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoDot => "a filter is `<type>.<class><status>`; there is no dot",
            Self::Type => "the type of documents is no `TypeNamedId` and not `Any`",
            Self::Class => {
                "after the dot stands no class, such as Inbound, Outbound, Internal, Proxy and Deleted"
            }
            Self::Status => "after the class stands no status",
        })
    }
}

impl std::error::Error for FilterCategoryError {}

/// Class of documents in a [`FilterCategory`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentClass {
    /// Inbound documents.
    Inbound,
    /// Outbound documents.
    Outbound,
    /// Internal documents.
    Internal,
    /// Documents that pass through an intermediate recipient.
    Proxy,
    /// Documents that are marked as deleted; the vendor has the class since 2026-01-12.
    Deleted,
    /// A class that this version does not know; made by parsing one.
    Unknown(UnknownClass),
}

/// A class that this version does not know, as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnknownClass(String);

impl FilterCategory {
    /// All documents of a class, of whatever type.
    pub fn any(class: DocumentClass) -> Self {
        Self {
            document_type: "Any".to_owned(),
            class,
            status: DocumentStatus::AnyStatus,
        }
    }

    /// The documents of a type (its `TypeNamedId`, such as `UniversalTransferDocument`) and a
    /// class.
    ///
    /// # Errors
    ///
    /// [`FilterCategoryError::Type`] where the type cannot be one.
    pub fn new(
        document_type: impl Into<String>,
        class: DocumentClass,
    ) -> Result<Self, FilterCategoryError> {
        let document_type = document_type.into();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if document_type.is_empty() || !document_type.chars().all(allowed) {
            return Err(FilterCategoryError::Type);
        }
        Ok(Self {
            document_type,
            class,
            status: DocumentStatus::AnyStatus,
        })
    }

    /// Only those of a status.
    #[must_use]
    pub fn with_status(mut self, status: DocumentStatus) -> Self {
        self.status = status;
        self
    }

    /// The type: a `TypeNamedId`, or `Any`.
    pub fn document_type(&self) -> &str {
        &self.document_type
    }

    /// The class.
    pub fn class(&self) -> &DocumentClass {
        &self.class
    }

    /// The status.
    pub fn status(&self) -> &DocumentStatus {
        &self.status
    }

    /// Whether the server no longer takes this type: the groups of types
    /// `AnyInvoiceDocumentType`, `AnyBilateralDocumentType` and `AnyUnilateralDocumentType`.
    pub fn is_withdrawn(&self) -> bool {
        matches!(
            self.document_type.as_str(),
            "AnyInvoiceDocumentType" | "AnyBilateralDocumentType" | "AnyUnilateralDocumentType"
        )
    }
}

impl DocumentClass {
    /// All classes that the vendor names.
    pub const ALL: [Self; 5] = [
        Self::Inbound,
        Self::Outbound,
        Self::Internal,
        Self::Proxy,
        Self::Deleted,
    ];

    /// As the filter has it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
            Self::Internal => "Internal",
            Self::Proxy => "Proxy",
            Self::Deleted => "Deleted",
            Self::Unknown(class) => &class.0,
        }
    }

    /// Whether this version knows it.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

/// Reads the name of a class; one that is not known is kept.
impl FromStr for DocumentClass {
    type Err = FilterCategoryError;

    fn from_str(text: &str) -> Result<Self, FilterCategoryError> {
        match Self::ALL.into_iter().find(|class| class.as_str() == text) {
            Some(known) => Ok(known),
            None if is_name(text) => Ok(Self::Unknown(UnknownClass(text.to_owned()))),
            None => Err(FilterCategoryError::Class),
        }
    }
}

/// Whether a text may be the name of a class or a status.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

impl fmt::Display for DocumentClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for FilterCategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}{}", self.document_type, self.class, self.status)
    }
}

impl FromStr for FilterCategory {
    type Err = FilterCategoryError;

    fn from_str(text: &str) -> Result<Self, FilterCategoryError> {
        let (document_type, rest) = text.split_once('.').ok_or(FilterCategoryError::NoDot)?;
        let known = DocumentClass::ALL
            .into_iter()
            .find_map(|class| Some((rest.strip_prefix(class.as_str())?, class)));
        let (class, status) = match known {
            Some((status, class)) => (class, status.parse()?),
            None => unknown_class(rest)?,
        };
        Ok(Self::new(document_type, class)?.with_status(status))
    }
}

/// A class that has no name here, and the status behind it, which alone says where the class ends.
fn unknown_class(rest: &str) -> Result<(DocumentClass, DocumentStatus), FilterCategoryError> {
    let ending = DocumentStatus::ALL
        .iter()
        .filter_map(|status| Some((rest.strip_suffix(status.as_str())?, status)))
        .filter(|(class, _)| !class.is_empty())
        .min_by_key(|(class, _)| class.len());
    match ending {
        Some((class, status)) => Ok((class.parse()?, status.clone())),
        None => Ok((rest.parse()?, DocumentStatus::AnyStatus)),
    }
}

impl From<FilterCategory> for String {
    fn from(filter: FilterCategory) -> Self {
        filter.to_string()
    }
}

impl From<&FilterCategory> for String {
    fn from(filter: &FilterCategory) -> Self {
        filter.to_string()
    }
}

/// Makes the enum, its names and the list of its members from one table.
macro_rules! statuses {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// Status of documents in a [`FilterCategory`].
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum DocumentStatus {
            /// Any status: nothing follows the class.
            AnyStatus,
            $($(#[doc = $doc])+ $name,)+
            /// A status that this version does not know; made by parsing one.
            Unknown(UnknownStatus),
        }

        impl DocumentStatus {
            /// All statuses that the vendor names, `AnyStatus` aside.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// A regular expression of all filters whose status has a name here, and of no text.
            #[cfg(feature = "rules")]
            pub(crate) const FILTER_PATTERN: &'static str = concat!(
                "^([0-9A-Za-z_-]+\\.(Inbound|Outbound|Internal|Proxy|Deleted)(",
                $(stringify!($name), "|",)+
                "))?$"
            );

            /// A regular expression of the names, and of no text.
            #[cfg(feature = "rules")]
            pub(crate) const PATTERN: &'static str =
                concat!("^(", $(stringify!($name), "|",)+ ")$");

            /// As the filter has it; empty for any.
            pub fn as_str(&self) -> &str {
                match self {
                    Self::AnyStatus => "",
                    $(Self::$name => stringify!($name),)+
                    Self::Unknown(status) => &status.0,
                }
            }

            fn known(text: &str) -> Option<Self> {
                match text {
                    "" => Some(Self::AnyStatus),
                    $(stringify!($name) => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

statuses! {
    /// Not read yet.
    NotRead,
    /// No signature was asked of the recipient.
    NoRecipientSignatureRequest,
    /// The recipient's signature is awaited.
    WaitingForRecipientSignature,
    /// The recipient has signed.
    WithRecipientSignature,
    /// The recipient has signed with disagreements.
    WithRecipientPartiallySignature,
    /// The sender has signed.
    WithSenderSignature,
    /// The recipient has refused to sign.
    RecipientSignatureRequestRejected,
    /// Still to be signed and sent.
    WaitingForSenderSignature,
    /// The sender's signature is wrong: to be signed and sent again.
    InvalidSenderSignature,
    /// The recipient's signature is wrong: to be signed and sent again.
    InvalidRecipientSignature,
    /// Approved.
    Approved,
    /// Approval was denied.
    Disapproved,
    /// Waiting for approval or for a signature by an employee.
    WaitingForResolution,
    /// An employee has refused to sign.
    SignatureRequestRejected,
    /// The docflow is finished.
    Finished,
    /// A receipt is still to be signed.
    HaveToCreateReceipt,
    /// The docflow is not finished.
    NotFinished,
    /// A correction was asked for.
    InvoiceAmendmentRequested,
    /// This side has asked for a revocation.
    RevocationIsRequestedByMe,
    /// The counteragent has asked for a revocation.
    RequestsMyRevocation,
    /// Revoked.
    RevocationAccepted,
    /// The request for a revocation was rejected.
    RevocationRejected,
    /// The request for a revocation was approved.
    RevocationApproved,
    /// The request for a revocation was not approved.
    RevocationDisapproved,
    /// The request for a revocation waits for approval.
    WaitingForRevocationApprovement,
    /// Not revoked.
    NotRevoked,
    /// The signature of the intermediate recipient is awaited.
    WaitingForProxySignature,
    /// The intermediate recipient has signed.
    WithProxySignature,
    /// The signature of the intermediate recipient is wrong: to be signed and sent again.
    InvalidProxySignature,
    /// The intermediate recipient has refused to sign.
    ProxySignatureRejected,
    /// The receipt of an invoice is awaited.
    WaitingForInvoiceReceipt,
    /// A receipt is awaited.
    WaitingForReceipt,
    /// The counteragent has asked for a signature.
    RequestsMySignature,
    /// The delivery through another operator has failed.
    RoamingNotificationError,
    /// What was reported of the shipment of marked goods is to be taken back.
    HaveToCancelTtGisFixation,
}

/// A status that this version does not know, as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnknownStatus(String);

impl DocumentStatus {
    /// Whether this version knows it.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl fmt::Display for DocumentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads the name of a status, or nothing for any; one that is not known is kept.
impl FromStr for DocumentStatus {
    type Err = FilterCategoryError;

    fn from_str(text: &str) -> Result<Self, FilterCategoryError> {
        if let Some(known) = Self::known(text) {
            return Ok(known);
        }
        match is_name(text) {
            true => Ok(Self::Unknown(UnknownStatus(text.to_owned()))),
            false => Err(FilterCategoryError::Status),
        }
    }
}

#[cfg(all(test, feature = "rules"))]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_known_are_kept() {
        for text in ["Sideways", "S", "Sideways2"] {
            let class: DocumentClass = text.parse().unwrap();
            assert!(!class.is_known());
            assert_eq!(class.to_string(), text);
            let status: DocumentStatus = text.parse().unwrap();
            assert!(!status.is_known());
            assert_eq!(status.to_string(), text);
        }
        for text in ["sideways", "2", "S-1", "Я", " S", "S "] {
            assert_eq!(
                text.parse::<DocumentClass>(),
                Err(FilterCategoryError::Class),
                "{text}"
            );
            assert_eq!(
                text.parse::<DocumentStatus>(),
                Err(FilterCategoryError::Status),
                "{text}"
            );
        }
        assert_eq!("".parse::<DocumentClass>(), Err(FilterCategoryError::Class));
        assert_eq!("".parse(), Ok(DocumentStatus::AnyStatus));
        for class in DocumentClass::ALL {
            assert_eq!(class.as_str().parse(), Ok(class));
        }
        for status in DocumentStatus::ALL {
            assert_eq!(status.as_str().parse().as_ref(), Ok(status));
        }
    }

    #[test]
    fn filters_and_their_parts() {
        for (text, parts) in [
            ("Any.Inbound", Ok(("Any", "Inbound", ""))),
            ("a-1_B.DeletedNotRead", Ok(("a-1_B", "Deleted", "NotRead"))),
            ("Any.InboundSoon", Ok(("Any", "Inbound", "Soon"))),
            ("Any.Sideways", Ok(("Any", "Sideways", ""))),
            ("Any.SidewaysNotRead", Ok(("Any", "Sideways", "NotRead"))),
            // Of two statuses that end so the longer one.
            (
                "Any.SidewaysNotFinished",
                Ok(("Any", "Sideways", "NotFinished")),
            ),
            ("Any.NotRead", Ok(("Any", "NotRead", ""))),
            ("Any", Err(FilterCategoryError::NoDot)),
            (".Inbound", Err(FilterCategoryError::Type)),
            ("A b.Inbound", Err(FilterCategoryError::Type)),
            ("Any.", Err(FilterCategoryError::Class)),
            ("Any.inbound", Err(FilterCategoryError::Class)),
            ("Any.Inbound ", Err(FilterCategoryError::Status)),
            ("Any.Inbound.NotRead", Err(FilterCategoryError::Status)),
        ] {
            let filter = text.parse::<FilterCategory>();
            let found = filter.as_ref().map(|filter| {
                let (class, status) = (filter.class().as_str(), filter.status().as_str());
                (filter.document_type(), class, status)
            });
            assert_eq!(found, parts.as_ref().copied(), "{text}");
            if let Ok(filter) = filter {
                assert_eq!(String::from(&filter), text);
                assert_eq!(String::from(filter), text);
            }
        }
        for error in [
            FilterCategoryError::NoDot,
            FilterCategoryError::Type,
            FilterCategoryError::Class,
            FilterCategoryError::Status,
        ] {
            assert!(error.to_string().len() > 20, "{error}");
        }
    }

    #[test]
    fn groups_of_types_that_are_withdrawn() {
        for (document_type, is_withdrawn) in [
            ("AnyInvoiceDocumentType", true),
            ("AnyBilateralDocumentType", true),
            ("AnyUnilateralDocumentType", true),
            ("Any", false),
            ("Invoice", false),
        ] {
            let filter = FilterCategory::new(document_type, DocumentClass::Proxy).unwrap();
            assert_eq!(filter.is_withdrawn(), is_withdrawn, "{document_type}");
            assert_eq!(filter.to_string(), format!("{document_type}.Proxy"));
        }
    }

    #[test]
    fn the_pattern_has_the_classes_that_have_a_name() {
        let classes = DocumentClass::ALL.iter().map(DocumentClass::as_str);
        let classes = classes.collect::<Vec<_>>().join("|");
        let start = format!(r"^([0-9A-Za-z_-]+\.({classes})(");
        assert_eq!(
            DocumentStatus::FILTER_PATTERN.get(..start.len()),
            Some(&*start)
        );
    }
}
