//! Letters that were sent before a world begins.

use std::time::Duration;

use bytes::Bytes;
use diadoc_core::{BoxId, Ticks};
use diadoc_proto::events::{DocumentAttachment, MessageToPost, MetadataItem, SignedContent};
use uuid::Uuid;

use super::Making;
use crate::world::document_types::Format;
use crate::world::model::Action;
use crate::world::xml::windows_1251;
use crate::world::{Clock, Refusal, World, clock, signature};

mod answer;

/// The time between two letters of one entry.
const PAUSE: Duration = Duration::from_secs(1);

/// A letter with one document, or many alike.
#[derive(Debug, Clone)]
#[must_use]
pub struct LetterBuilder {
    from: BoxId,
    to: BoxId,
    document_type: String,
    function: Option<String>,
    version: Option<String>,
    file: Option<String>,
    number: Option<String>,
    date: Option<String>,
    sum: Option<String>,
    vat: Option<String>,
    comment: Option<String>,
    when: Option<Ticks>,
    state: LetterState,
    repeat: usize,
}

/// What became of a letter before a world begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum LetterState {
    /// It is a draft.
    Draft,
    /// Its sender has to sign it first.
    Unsigned,
    /// The recipient has it.
    #[default]
    Delivered,
    /// The recipient has signed it, or answered with a title.
    Signed,
    /// The recipient has refused to sign it.
    Refused,
}

impl LetterState {
    pub(in crate::world) const NAMES: &[&str] =
        &["draft", "unsigned", "delivered", "signed", "refused"];

    pub(in crate::world) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "draft" => Self::Draft,
            "unsigned" => Self::Unsigned,
            "delivered" => Self::Delivered,
            "signed" => Self::Signed,
            "refused" => Self::Refused,
            _ => return None,
        })
    }
}

impl LetterBuilder {
    /// A letter from one box to another, with a document without form.
    pub fn new(from: BoxId, to: BoxId) -> Self {
        Self {
            from,
            to,
            document_type: "Nonformalized".to_owned(),
            function: None,
            version: None,
            file: None,
            number: None,
            date: None,
            sum: None,
            vat: None,
            comment: None,
            when: None,
            state: LetterState::default(),
            repeat: 1,
        }
    }

    /// With a document of that type, such as `UniversalTransferDocument`.
    pub fn document_type(mut self, type_named_id: impl Into<String>) -> Self {
        self.document_type = type_named_id.into();
        self
    }

    /// With that function of the type.
    pub fn function(mut self, function: impl Into<String>) -> Self {
        self.function = Some(function.into());
        self
    }

    /// With that version of type and function.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// With that name of the file, where the content does not tell it.
    pub fn file(mut self, name: impl Into<String>) -> Self {
        self.file = Some(name.into());
        self
    }

    /// With that number; `1` otherwise.
    pub fn number(mut self, number: impl Into<String>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// With that date, `dd.MM.yyyy`; otherwise with that of the letter.
    pub fn date(mut self, date: impl Into<String>) -> Self {
        self.date = Some(date.into());
        self
    }

    /// With that sum, such as `1200.00`: digits, with a point before those of kopecks, and a minus where
    /// it is less than nothing.
    pub fn sum(mut self, sum: impl Into<String>) -> Self {
        self.sum = Some(sum.into());
        self
    }

    /// With that VAT, written as the sum.
    pub fn vat(mut self, vat: impl Into<String>) -> Self {
        self.vat = Some(vat.into());
        self
    }

    /// With a comment.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// Sent at that moment; otherwise when the world begins.
    pub fn when(mut self, when: Ticks) -> Self {
        self.when = Some(when);
        self
    }

    /// What became of it; by default it was delivered.
    pub fn state(mut self, state: LetterState) -> Self {
        self.state = state;
        self
    }

    /// So many of them, a second apart, each with an end of its own to its number.
    pub fn repeat(mut self, times: usize) -> Self {
        self.repeat = times;
        self
    }

    /// The message of the letter with that place among its like.
    fn message(&self, world: &World, place: usize) -> Result<MessageToPost, Refusal> {
        let format = self.format()?;
        let number = self.number.as_deref().unwrap_or("1");
        let number = match self.repeat {
            0 | 1 => number.to_owned(),
            _ => format!("{number}-{}", place + 1),
        };
        let date = self.date.clone().unwrap_or_else(|| date_of(world.now()));
        let (content, metadata) = match format.version.is_formal {
            true => (self.title(world, &number, &date, place), Vec::new()),
            false => {
                let text = format!("{} {number} {date}", self.document_type);
                (text.into(), self.metadata(format, &number, &date))
            }
        };
        let is_signed = !matches!(self.state, LetterState::Draft | LetterState::Unsigned);
        let mut attachment = DocumentAttachment {
            signed_content: SignedContent {
                content: Some(content),
                signature: is_signed.then(|| signature::made_up("sender")),
                ..SignedContent::default()
            },
            type_named_id: self.document_type.clone(),
            function: self.function.clone(),
            version: self.version.clone(),
            comment: self.comment.clone(),
            metadata,
            ..DocumentAttachment::default()
        };
        // Whom nobody asks for a signature does not sign.
        let is_answered = matches!(self.state, LetterState::Signed | LetterState::Refused);
        attachment.need_recipient_signature = Some(is_answered);
        Ok(MessageToPost {
            from_box_id: self.from.address().to_string(),
            to_box_id: Some(self.to.address().to_string()),
            is_draft: Some(self.state == LetterState::Draft),
            delay_send: Some(self.state == LetterState::Unsigned),
            document_attachments: vec![attachment],
            ..MessageToPost::default()
        })
    }

    fn format(&self) -> Result<Format, Refusal> {
        let found = Format::find(
            &self.document_type,
            self.function.as_deref(),
            self.version.as_deref(),
        );
        found.ok_or_else(|| {
            Refusal::bad_request(format!(
                "there is no type {} of that function and version",
                self.document_type
            ))
        })
    }

    /// What the type takes of what is known.
    fn metadata(&self, format: Format, number: &str, date: &str) -> Vec<MetadataItem> {
        let file = self.file.clone();
        let file = file.unwrap_or_else(|| format!("{} {number}.pdf", self.document_type));
        let known = [
            ("FileName", Some(file)),
            ("DocumentNumber", Some(number.to_owned())),
            ("DocumentDate", Some(date.to_owned())),
            ("TotalSum", self.sum.clone()),
            ("TotalVat", self.vat.clone()),
            ("ContractPrice", self.sum.clone()),
        ];
        let taken = known.into_iter().filter_map(|(key, value)| {
            let is_taken = format.version.metadata.iter().any(|item| item.key == key);
            let value = value.filter(|_| is_taken)?;
            Some(MetadataItem {
                key: key.to_owned(),
                value,
            })
        });
        taken.collect()
    }

    /// A title with what metadata are made of, and nothing more.
    fn title(&self, world: &World, number: &str, date: &str, place: usize) -> Bytes {
        let inn_of = |box_id| {
            let row = world.tables.organizations.get(&box_id);
            row.map(|row| row.inn.clone()).unwrap_or_default()
        };
        let element = match self.document_type.contains("Correction") {
            true => "СвКСчФ",
            false => "СвСчФакт",
        };
        let [number, date, function, sum, vat] = [
            number,
            date,
            self.function.as_deref().unwrap_or("СЧФДОП"),
            self.sum.as_deref().unwrap_or("0.00"),
            self.vat.as_deref().unwrap_or("0.00"),
        ]
        .map(escaped);
        let id = format!(
            "ON_NSCHFDOPPR_2BM-{}_{number}_{}",
            inn_of(self.to),
            place + 1
        );
        let seller = inn_of(self.from);
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\r\n<Файл ИдФайл=\"{id}\" \
             ВерсФорм=\"5.03\"><Документ Функция=\"{function}\"><{element} НомерДок=\"{number}\" \
             ДатаДок=\"{date}\"><СвПрод><ИдСв><СвЮЛУч ИННЮЛ=\"{seller}\"/></ИдСв></СвПрод>\
             <ДенИзм КодОКВ=\"643\"/></{element}><ТаблСчФакт><ВсегоОпл СтТовУчНалВсего=\"{sum}\">\
             <СумНалВсего><СумНал>{vat}</СумНал></СумНалВсего></ВсегоОпл></ТаблСчФакт></Документ>\
             </Файл>\r\n"
        );
        windows_1251::encode(&text).into()
    }
}

/// `dd.MM.yyyy`.
fn date_of(ticks: Ticks) -> String {
    let text = ticks.to_string();
    let mut parts = text.split(['-', 'T']);
    let [year, month, day] = [(); 3].map(|()| parts.next().unwrap_or_default());
    format!("{day}.{month}.{year}")
}

/// Whether a text is an amount of money.
fn is_sum(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, parts) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole.strip_prefix('-').unwrap_or(whole)) && is_digits(parts)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

impl Making {
    /// Tells sums that are no numbers: of types that take none as well.
    pub(super) fn sums(&mut self, letters: &[LetterBuilder]) {
        for (index, letter) in letters.iter().enumerate() {
            for (key, sum) in [("sum", &letter.sum), ("vat", &letter.vat)] {
                if let Some(sum) = sum.as_deref().filter(|sum| !is_sum(sum)) {
                    let text = format!("`{key}` is a sum such as 1200.00, not `{sum}`");
                    self.fault(format!("letters[{index}].{key}"), text);
                }
            }
        }
    }

    /// Sends letters in the order of their moments, as calls would have done it then.
    pub(super) fn letters(&mut self, letters: &[LetterBuilder], clock: Clock) {
        let start = clock.now();
        let mut order: Vec<_> = letters.iter().enumerate().collect();
        order.sort_by_key(|(_, letter)| letter.when.unwrap_or(start));
        // What was sent before was sent while the subscription went on.
        let organizations = self.world.tables.organizations.iter();
        let ended: Vec<_> = organizations
            .filter(|(_, row)| !row.is_subscribed)
            .map(|(box_id, row)| (*box_id, row.clone()))
            .collect();
        for (box_id, _) in &ended {
            if let Some(row) = self.world.tables.organizations.edit(box_id) {
                row.is_subscribed = true;
            }
        }
        self.world.tables.commit();
        let begins = order.iter().filter_map(|(_, letter)| letter.when).min();
        self.world.now = begins.unwrap_or(Ticks::UNIX_EPOCH).min(start);
        for (index, letter) in order {
            let last =
                clock::ticks_of(PAUSE).saturating_mul(letter.repeat.saturating_sub(1) as i64);
            // Those without a moment end with the present one.
            let when = letter
                .when
                .unwrap_or_else(|| clock::moved(start.get(), -last));
            if clock::moved(when.get(), last) > start {
                let text = "it is sent after the moment that the clock shows when the world begins";
                self.fault(format!("letters[{index}]"), text);
                continue;
            }
            for place in 0..letter.repeat {
                let ahead = clock::ticks_of(PAUSE).saturating_mul(place as i64);
                self.world.clock = Clock::stopped_at(clock::moved(when.get(), ahead));
                if let Err(why) = self.send(letter, place) {
                    self.fault(format!("letters[{index}]"), why.text);
                    break;
                }
            }
        }
        self.world.clock = clock;
        for (box_id, row) in ended {
            self.world.tables.organizations.insert(box_id, row);
        }
        self.world.tables.commit();
    }

    fn send(&mut self, letter: &LetterBuilder, place: usize) -> Result<(), Refusal> {
        let sender = self.signer(letter.from)?;
        let id = self.world.transact(|world| {
            let message = letter.message(world, place)?;
            world.post_message(sender, &message)
        })?;
        if !matches!(letter.state, LetterState::Signed | LetterState::Refused) {
            return Ok(());
        }
        let recipient = self.signer(letter.to)?;
        self.world.transact(|world| {
            let actor = world.enter(recipient, letter.to)?;
            let order = world.answer_to(id, letter)?;
            world.patch_letter(&actor, id, order).map(|_| ())
        })
    }

    /// An employee who may send and sign.
    fn signer(&self, box_id: BoxId) -> Result<Uuid, Refusal> {
        let employees = self.world.employees_of(box_id).into_iter();
        let mut able = employees.filter(|(_, row)| {
            !row.is_blocked
                && (row.is_administrator || row.actions.contains(&Action::SignDocuments))
        });
        let found = able.next().map(|(user, _)| user.id);
        found.ok_or_else(|| Refusal::forbidden("nobody there may sign documents"))
    }
}
