//! Service documents as files: receipts, requests to correct, refusals, proposals to revoke, and what the
//! operator confirms.
//!
//! They are XML in windows-1251, as the vendor's are, with what the world knows of the document. They say
//! of themselves that they are made up, and follow no schema of the tax service.

use bytes::Bytes;
use diadoc_core::Ticks;
use uuid::Uuid;

use super::model::Organization;
use super::xml::windows_1251;

/// What a service document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Извещение о получении.
    Receipt,
    /// Уведомление об уточнении.
    CorrectionRequest,
    /// Отказ в подписи.
    Rejection,
    /// Предложение об аннулировании.
    Revocation,
    /// Универсальное сообщение.
    UniversalMessage,
    /// The operator's confirmation for who has posted a file: it has come in.
    CameIn,
    /// The operator's confirmation for who is to get a file: it has been sent.
    WasSent,
    /// A title of a document, whose content nobody has given.
    Title,
}

/// A service document to be made.
#[derive(Debug)]
pub(crate) struct Form<'a> {
    pub service: Service,
    pub id: Uuid,
    pub at: Ticks,
    /// Who makes it; none for the operator.
    pub author: Option<&'a Organization>,
    /// Who is to get it.
    pub reader: Option<&'a Organization>,
    /// The name of the file that it is about.
    pub about: &'a str,
    /// Who signs it, where a person does.
    pub signer: &'a str,
    pub comment: &'a str,
    /// Codes of a universal message, with their texts.
    pub codes: &'a [(i32, String)],
    /// Of a first title: the document that it is.
    pub named: Option<Named<'a>>,
}

/// What a first title says of its document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    pub function: &'a str,
    pub number: &'a str,
    pub date: &'a str,
}

/// What stands in each of them.
const MADE_UP: &str = "Составлено для тестов: не является документом и не имеет юридической силы";

impl Service {
    /// How the name of its file begins.
    fn prefix(self) -> &'static str {
        match self {
            Self::Receipt => "DP_IZVPOL",
            Self::CorrectionRequest | Self::Rejection => "DP_UVUTOCH",
            Self::Revocation => "DP_PRANNUL",
            Self::UniversalMessage => "DP_UNIVSOOB",
            Self::CameIn => "DP_PDPOL",
            Self::WasSent => "DP_PDOTPR",
            Self::Title => "ON_TITUL",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Receipt => "Извещение о получении",
            Self::CorrectionRequest => "Уведомление об уточнении",
            Self::Rejection => "Отказ в подписи",
            Self::Revocation => "Предложение об аннулировании",
            Self::UniversalMessage => "Универсальное сообщение",
            Self::CameIn => "Подтверждение даты получения",
            Self::WasSent => "Подтверждение даты отправки",
            Self::Title => "Титул",
        }
    }
}

impl Form<'_> {
    /// The name of the file, without its extension.
    pub(crate) fn file_id(&self) -> String {
        let participant = |one: Option<&Organization>| {
            one.map_or("2BM", |one| one.fns_participant_id.as_str())
                .to_owned()
        };
        let moment = self.at.to_string();
        let date = moment.get(..10).unwrap_or_default().replace('-', "");
        format!(
            "{}_{}_{}_{date}_{}",
            self.service.prefix(),
            participant(self.reader),
            participant(self.author),
            self.id
        )
    }

    /// The file, in windows-1251.
    pub(crate) fn content(&self) -> Bytes {
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<!-- {MADE_UP} -->\n<Файл ИдФайл=\"{}\" \
             ВерсПрог=\"diadoc-fake\">\n<Документ Вид=\"{}\" Момент=\"{}\"{}>\n",
            escaped(&self.file_id()),
            self.service.title(),
            self.at,
            self.named
                .map(|named| format!(" Функция=\"{}\"", escaped(named.function)))
                .unwrap_or_default()
        );
        if let Some(named) = self.named {
            text += &format!(
                "<СвСчФакт НомерДок=\"{}\" ДатаДок=\"{}\"/>\n",
                escaped(named.number),
                escaped(named.date)
            );
        }
        for (role, one) in [("Составитель", self.author), ("Получатель", self.reader)]
        {
            if let Some(one) = one {
                text += &format!(
                    "<{role} ИдУчастЭДО=\"{}\" НаимОрг=\"{}\" ИНН=\"{}\"/>\n",
                    escaped(&one.fns_participant_id),
                    escaped(&one.short_name),
                    escaped(&one.inn)
                );
            }
        }
        if !self.about.is_empty() {
            text += &format!("<СведФайл ИмяФайл=\"{}\"/>\n", escaped(self.about));
        }
        for (code, comment) in self.codes {
            let comment = escaped(comment);
            text += &format!("<Статус Код=\"{code}\">{comment}</Статус>\n");
        }
        if !self.comment.is_empty() {
            text += &format!("<Текст>{}</Текст>\n", escaped(self.comment));
        }
        if !self.signer.is_empty() {
            text += &format!("<Подписант ФИО=\"{}\"/>\n", escaped(self.signer));
        }
        text += "</Документ>\n</Файл>\n";
        windows_1251::encode(&text).into()
    }
}

/// A text as XML holds it; what XML cannot hold is left out, what windows-1251 cannot, is told by number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\u{0}'..='\u{8}'
            | '\u{B}'
            | '\u{C}'
            | '\u{E}'..='\u{1F}'
            | '\u{FFFE}'
            | '\u{FFFF}' => {}
            other if windows_1251::has(other) => out.push(other),
            other => out += &format!("&#{};", u32::from(other)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use diadoc_core::Ticks;
    use uuid::Uuid;

    use super::{Form, Service};
    use crate::world::xml::text_of;

    #[test]
    fn any_comment_makes_well_formed_xml() {
        let form = Form {
            service: Service::Rejection,
            id: Uuid::nil(),
            at: Ticks::UNIX_EPOCH,
            author: None,
            reader: None,
            about: "a \"b\".xml",
            signer: "",
            comment: "нет <&> \u{1} ♥",
            codes: &[],
            named: None,
        };
        let text = text_of(&form.content()).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        let comment = document
            .descendants()
            .find(|node| node.has_tag_name("Текст"));
        assert_eq!(comment.unwrap().text(), Some("нет <&>  ♥"));
        assert!(form.file_id().starts_with("DP_UVUTOCH_2BM_2BM_19700101_"));
    }
}
