//! What is told of a document: its format and its metadata, from the call or from the content.

use super::attachments::NewDocument;
use crate::world::Refusal;
use crate::world::document_types::{Format, Item};
use crate::world::xml::Title;

/// A document as its content and its metadata show it.
#[derive(Debug, Clone)]
pub(super) struct Described {
    pub format: Format,
    pub file_name: Option<String>,
    pub metadata: Vec<(String, String)>,
    pub workflow_id: i32,
}

/// Metadata that an encrypted document is told of beside its content.
const OF_ENCRYPTED: [&str; 8] = [
    "FileName",
    "FileId",
    "DocumentNumber",
    "DocumentDate",
    "SellerFnsParticipantId",
    "BuyerFnsParticipantId",
    "TotalSum",
    "TotalVat",
];

impl Described {
    /// Works out what a document is. `content` is not looked into where it is not to be checked.
    ///
    /// # Errors
    ///
    /// 400: it cannot be sent in this format, its metadata are not those of its type, or its content is
    /// no XML where it has to be.
    pub(super) fn of(
        document: &NewDocument,
        content: &[u8],
        is_strict: bool,
    ) -> Result<Self, Refusal> {
        let at = &document.at;
        let named = format_of(
            document,
            document.function.as_deref(),
            &document.type_named_id,
        );
        let is_formal = named.is_some_and(|format| format.version.is_formal);
        let title = match is_formal && !document.is_encrypted {
            true if is_strict => Some(title_of(content, at)?),
            true => Title::read(content).ok(),
            false => None,
        };
        let format = match &title {
            Some(title) => of_content(document, title).or(named),
            None => named,
        };
        let format = format.ok_or_else(|| unfit(at))?;
        let (file_name, metadata) = match (&title, document.is_encrypted) {
            (_, true) => of_encrypted(document)?,
            (Some(title), _) => of_title(document, title)?,
            (None, _) if format.version.is_formal => (None, document.metadata.clone()),
            (None, _) => of_free_form(document, format.version.metadata)?,
        };
        Ok(Self {
            workflow_id: workflow(document, format)?,
            format,
            file_name,
            metadata,
        })
    }
}

fn unfit(at: &str) -> Refusal {
    Refusal::bad_request(format!(
        "{at}: Документ не может быть отправлен в указанном формате"
    ))
}

fn format_of(document: &NewDocument, function: Option<&str>, name: &str) -> Option<Format> {
    // An invitation goes with a request to be counteragents, and not in a message.
    let is_invitation = name == "TrustConnectionRequest";
    let found = Format::find(name, function, document.version.as_deref());
    found.filter(|_| is_invitation == document.is_invitation)
}

/// Where the call leaves it open, the content says which function it has, and of which kind an invoice is.
fn of_content(document: &NewDocument, title: &Title) -> Option<Format> {
    let name = match (
        document.is_some_invoice,
        title.is_correction,
        title.is_revision,
    ) {
        (false, ..) => document.type_named_id.as_str(),
        (true, false, false) => "Invoice",
        (true, false, true) => "InvoiceRevision",
        (true, true, false) => "InvoiceCorrection",
        (true, true, true) => "InvoiceCorrectionRevision",
    };
    let given = document.function.as_deref().filter(|text| !text.is_empty());
    let of_file = given.or(title.function.as_deref());
    format_of(document, of_file, name).or_else(|| format_of(document, given, name))
}

fn workflow(document: &NewDocument, format: Format) -> Result<i32, Refusal> {
    match document.workflow_id.filter(|id| *id != 0) {
        None => Ok(format.default_workflow()),
        Some(id) if format.version.workflows.contains(&id) => Ok(id),
        Some(id) => Err(Refusal::bad_request(format!(
            "{}: WorkflowId {id} is not allowed for {} {} {}",
            document.at, format.kind.name, format.function.name, format.version.name
        ))),
    }
}

/// The title in a content that has to be one.
///
/// # Errors
///
/// 400: it is no XML. `at` is the place in the call.
pub(crate) fn title_of(content: &[u8], at: &str) -> Result<Title, Refusal> {
    Title::read(content).map_err(|error| {
        let why = match begins_like_xml(content) {
            true => &error,
            false => "Data at the root level is invalid. Line 1, position 1.",
        };
        Refusal::bad_request(format!("{at}: {why}"))
    })
}

fn begins_like_xml(content: &[u8]) -> bool {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    content.trim_ascii_start().starts_with(b"<")
}

type Told = (Option<String>, Vec<(String, String)>);

fn of_title(document: &NewDocument, title: &Title) -> Result<Told, Refusal> {
    refuse_odd(document, |_| false)?;
    let file_name = title.file_id.as_ref().map(|id| format!("{id}.xml"));
    let is_summed = title.total.is_some();
    let zero = || is_summed.then(|| "0".to_owned());
    let items = [
        ("FileName", file_name.clone()),
        ("DocumentNumber", title.number.clone()),
        ("DocumentDate", title.date.clone()),
        ("TotalSum", title.total.clone()),
        ("TotalVat", title.vat.clone()),
        ("CurrencyCode", title.currency.clone()),
        ("TotalVat10", zero()),
        ("TotalVat18", zero()),
        ("TotalVat20", zero()),
        ("SellerInn", title.seller_inn.clone()),
    ];
    Ok((file_name, given(items)))
}

fn of_encrypted(document: &NewDocument) -> Result<Told, Refusal> {
    refuse_odd(document, |key| OF_ENCRYPTED.contains(&key))?;
    let file_name = value(document, "FileName").or_else(|| value(document, "FileId"));
    Ok((file_name, document.metadata.clone()))
}

fn of_free_form(document: &NewDocument, items: &'static [Item]) -> Result<Told, Refusal> {
    refuse_odd(document, |key| items.iter().any(|item| item.key == key))?;
    let mut metadata = Vec::new();
    for item in items {
        match (value(document, item.key), item.key) {
            (Some(text), key) => metadata.push((key.to_owned(), text)),
            // What is not said to be in another currency is in roubles.
            (None, "CurrencyCode") => metadata.push((item.key.to_owned(), "643".to_owned())),
            (None, key) if item.is_required => {
                return Err(Refusal::bad_request(format!(
                    "{}: Невозможно получить данные по ключу: {key}",
                    document.at
                )));
            }
            (None, _) => {}
        }
    }
    Ok((value(document, "FileName"), metadata))
}

fn refuse_odd(document: &NewDocument, is_known: impl Fn(&str) -> bool) -> Result<(), Refusal> {
    let keys = document.metadata.iter().map(|(key, _)| key.as_str());
    let odd: Vec<_> = keys.filter(|key| !is_known(key)).collect();
    match odd.is_empty() {
        true => Ok(()),
        false => Err(Refusal::bad_request(format!(
            "{}: Provided odd metadata items. Keys: {}",
            document.at,
            odd.join(", ")
        ))),
    }
}

fn value(document: &NewDocument, key: &str) -> Option<String> {
    let mut items = document.metadata.iter();
    let found = items.find(|(name, value)| name == key && !value.is_empty());
    found.map(|(_, value)| value.clone())
}

fn given<const N: usize>(items: [(&str, Option<String>); N]) -> Vec<(String, String)> {
    let items = items.into_iter();
    items
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}
