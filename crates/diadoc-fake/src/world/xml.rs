//! What is read of titles in XML.
//!
//! Only what the metadata of a document are made of, by the names of attributes that the formats of the
//! tax service share. Nothing is held against a schema.

use roxmltree::{Document, Node};

pub(crate) mod windows_1251;

/// What a title says of its document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Title {
    /// `ИдФайл`: the name of the file, without its extension.
    pub file_id: Option<String>,
    /// `Функция`.
    pub function: Option<String>,
    pub number: Option<String>,
    /// As `dd.MM.yyyy`.
    pub date: Option<String>,
    pub total: Option<String>,
    pub vat: Option<String>,
    /// Digits, `643` for roubles.
    pub currency: Option<String>,
    pub seller_inn: Option<String>,
    /// It corrects an earlier document.
    pub is_correction: bool,
    /// It puts an earlier document right.
    pub is_revision: bool,
}

/// Elements that name the document, with the attributes of its number and its date.
const NAMES: [(&str, &[&str], &[&str]); 4] = [
    (
        "СвСчФакт",
        &["НомерДок", "НомерСчФ"],
        &["ДатаДок", "ДатаСчФ"],
    ),
    (
        "СвКСчФ",
        &["НомерКСчФ", "НомерДок"],
        &["ДатаКСчФ", "ДатаДок"],
    ),
    (
        "ИдентДок",
        &["НомДокПТ", "НомДокПРУ", "НомерДок", "НомДок"],
        &["ДатаДокПТ", "ДатаДокПРУ", "ДатаДок"],
    ),
    (
        "СвДок",
        &["НомерДок", "НомДок", "НомДокТор"],
        &["ДатаДок", "ДатаДокТор"],
    ),
];

impl Title {
    /// Reads a title.
    ///
    /// # Errors
    ///
    /// What is wrong with the file, where it is no XML.
    pub(crate) fn read(content: &[u8]) -> Result<Self, String> {
        let text = text_of(content)?;
        let document = Document::parse(&text).map_err(|error| error.to_string())?;
        let root = document.root_element();
        let file_id = attribute(root, "ИдФайл");
        let function = find(root, "Документ").and_then(|node| attribute(node, "Функция"));
        let named = NAMES.iter().find_map(|(element, numbers, dates)| {
            let node = find(root, element)?;
            Some((first_of(node, numbers), first_of(node, dates)))
        });
        let (number, date) = named.unwrap_or_default();
        let is_correction = file_id.as_deref().is_some_and(|id| id.contains("KORSCH"));
        Ok(Self {
            is_revision: ["ИспрДок", "ИспрСчФ", "ИспрКСчФ"]
                .iter()
                .any(|name| find(root, name).is_some()),
            is_correction,
            total: anywhere(root, &["СтТовУчНалВсего", "СтУчНДСВсего", "СтУчНДС"]),
            vat: vat(root),
            currency: anywhere(root, &["КодОКВ"]),
            seller_inn: find(root, "СвПрод").and_then(|node| anywhere(node, &["ИННЮЛ", "ИННФЛ"])),
            file_id,
            function,
            number,
            date,
        })
    }
}

/// The text of a file, in the encoding that it declares: windows-1251, or else UTF-8.
pub(crate) fn text_of(content: &[u8]) -> Result<String, String> {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    let head = &content[..content.len().min(200)];
    let declaration = String::from_utf8_lossy(head).to_ascii_lowercase();
    if declaration.starts_with("<?xml") && declaration.contains("windows-1251") {
        return Ok(windows_1251::decode(content));
    }
    String::from_utf8(content.to_vec()).map_err(|error| error.to_string())
}

fn find<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    let mut nodes = node.descendants();
    nodes.find(|node| node.is_element() && node.tag_name().name() == name)
}

fn attribute(node: Node<'_, '_>, name: &str) -> Option<String> {
    let value = node.attribute(name).map(str::trim);
    value
        .filter(|value| !value.is_empty())
        .map(ToOwned::to_owned)
}

fn first_of(node: Node<'_, '_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| attribute(node, name))
}

/// The first of these attributes, wherever it stands.
fn anywhere(node: Node<'_, '_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let mut nodes = node.descendants();
        nodes.find_map(|node| attribute(node, name))
    })
}

/// The tax of the whole document.
fn vat(root: Node<'_, '_>) -> Option<String> {
    let all = find(root, "ВсегоОпл").and_then(|node| find(node, "СумНалВсего"));
    let sum = all.and_then(|node| find(node, "СумНал"))?;
    let text = sum.text().map(str::trim).filter(|text| !text.is_empty());
    text.map(ToOwned::to_owned)
        .or_else(|| attribute(sum, "СумНДС"))
}

#[cfg(test)]
mod tests {
    use super::{Title, windows_1251};

    const UTD: &str = r#"<?xml version="1.0" encoding="windows-1251"?>
<Файл ИдФайл="ON_NSCHFDOPPR_2BM-1_2BM-2_20260925_1" ВерсФорм="5.03">
<Документ КНД="1115131" Функция="СЧФДОП">
<СвСчФакт НомерДок="17" ДатаДок="25.09.2026"><СвПрод><ИдСв><СвЮЛУч ИННЮЛ="7705000010"/></ИдСв></СвПрод>
<ДенИзм КодОКВ="643"/></СвСчФакт>
<ТаблСчФакт><ВсегоОпл СтТовУчНалВсего="122.00"><СумНалВсего><СумНал>22.00</СумНал></СумНалВсего></ВсегоОпл></ТаблСчФакт>
</Документ></Файл>"#;

    #[test]
    fn a_universal_transfer_document_says_what_it_is() {
        let text = |text: &str| Some(text.to_owned());
        let expected = Title {
            file_id: text("ON_NSCHFDOPPR_2BM-1_2BM-2_20260925_1"),
            function: text("СЧФДОП"),
            number: text("17"),
            date: text("25.09.2026"),
            total: text("122.00"),
            vat: text("22.00"),
            currency: text("643"),
            seller_inn: text("7705000010"),
            is_correction: false,
            is_revision: false,
        };
        assert_eq!(
            Title::read(&windows_1251::encode(UTD)),
            Ok(expected.clone())
        );
        let utf_8 = UTD.replace("windows-1251", "utf-8");
        assert_eq!(Title::read(utf_8.as_bytes()), Ok(expected));
    }

    #[test]
    fn what_is_no_xml_is_refused_and_what_is_not_there_is_absent() {
        assert!(Title::read(b"PDF").is_err());
        assert!(Title::read(&[0xFF, 0xFE, 0x00]).is_err());
        assert_eq!(Title::read(b"<a/>"), Ok(Title::default()));
    }
}
