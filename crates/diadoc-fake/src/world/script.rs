//! Counteragents that act by themselves: they receive, sign and refuse what comes to their boxes.

use std::time::Duration;

use bytes::Bytes;
use diadoc_core::BoxId;
use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::World;
use super::model::{DocumentKey, Event, Letter, Task};

mod act;
mod read;

pub use read::{ScriptError, ScriptFault};

/// Why a world does not take a script: rules name boxes that it does not have. It prints as a line for
/// each rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(boxes))]
#[non_exhaustive]
pub struct UnknownBoxes {
    /// The numbers of these rules, from 1, each with the box.
    pub boxes: Vec<(usize, BoxId)>,
}

fn lines(boxes: &[(usize, BoxId)]) -> String {
    let lines = boxes
        .iter()
        .map(|(rule, box_id)| format!("rule {rule}: the world has no box {}", box_id.guid()));
    lines.collect::<Vec<_>>().join("\n")
}

/// What counteragents do by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CounteragentScript {
    /// Its rules. Each one that fits is followed, in their order.
    pub rules: Vec<Rule>,
}

/// When a box does something, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The box that acts.
    pub box_id: BoxId,
    /// What it waits for.
    pub when: When,
    /// What it does then.
    pub then: Act,
    /// How long after that.
    pub after: Duration,
    /// How often it does that; none for every time.
    pub times: Option<u32>,
}

/// What a rule waits for. What is none fits everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// What happens.
    pub happens: Happening,
    /// The `TypeNamedId` of the document.
    pub type_named_id: Option<String>,
    /// The function of its type.
    pub function: Option<String>,
    /// Its number, in which `*` stands for any characters.
    pub number: Option<String>,
    /// The box that sent the document.
    pub sender: Option<BoxId>,
}

/// What happens to a box.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Happening {
    /// A document arrives.
    #[default]
    Document,
    /// The other side proposes to revoke a document.
    Revocation,
    /// The other side asks to correct a document.
    CorrectionRequest,
    /// The other side answers with a title.
    Title,
}

/// What a box does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// Sends a receipt: for the document, or for the title or the request to correct that came.
    Receive,
    /// Signs the document, or answers with a title where one is due. Without a content the title is made
    /// up, and says so.
    Sign {
        /// The content of the title.
        title: Option<Bytes>,
    },
    /// Refuses to sign.
    Refuse {
        /// Why.
        comment: String,
    },
    /// Asks for a correction.
    RequestCorrection {
        /// What has to be corrected.
        comment: String,
    },
    /// Proposes to revoke the document.
    ProposeRevocation {
        /// Why.
        comment: String,
    },
    /// Accepts the proposal to revoke the document.
    AcceptRevocation,
    /// Refuses it.
    RefuseRevocation {
        /// Why.
        comment: String,
    },
    /// Approves the document within the organization.
    Approve {
        /// What the employee remarks.
        comment: String,
    },
    /// Refuses to approve it.
    Disapprove {
        /// Why.
        comment: String,
    },
}

/// The script of a world, and how often each rule was followed.
#[derive(Debug, Default)]
pub(super) struct Playing {
    script: CounteragentScript,
    followed: Vec<u32>,
    /// What could not be done at its time.
    skipped: Vec<String>,
    /// So many of these were told.
    told: usize,
}

/// So many notes of what was skipped are kept.
const MOST_NOTES: usize = 1000;

impl World {
    /// From now on counteragents act by that script, in the place of the one before.
    ///
    /// # Errors
    ///
    /// The world does not have a box that acts, or whose documents are waited for. Then the script before
    /// goes on.
    pub fn set_counteragents(&mut self, script: CounteragentScript) -> Result<(), UnknownBoxes> {
        let numbered = (1..).zip(&script.rules);
        let named = numbered.flat_map(|(number, rule)| {
            let boxes = [Some(rule.box_id), rule.when.sender].into_iter();
            boxes.flatten().map(move |box_id| (number, box_id))
        });
        let unknown = named.filter(|(_, box_id)| !self.tables.organizations.contains(box_id));
        let boxes: Vec<_> = unknown.collect();
        if !boxes.is_empty() {
            return Err(UnknownBoxes { boxes });
        }
        self.playing = Playing {
            followed: vec![0; script.rules.len()],
            script,
            ..Playing::default()
        };
        Ok(())
    }

    /// What counteragents could not do at its time, and why: a line each.
    pub fn skipped(&self) -> &[String] {
        &self.playing.skipped
    }

    /// What was skipped since this was asked last.
    pub(crate) fn newly_skipped(&mut self) -> Vec<String> {
        let playing = &mut self.playing;
        let new = playing.skipped.get(playing.told..).unwrap_or_default();
        let new = new.to_vec();
        playing.told = playing.skipped.len();
        new
    }

    fn skip(&mut self, note: String) {
        if self.playing.skipped.len() < MOST_NOTES {
            self.playing.skipped.push(note);
        }
    }

    /// Has done what the rules say to an event of a box.
    pub(super) fn react(&mut self, letter: &Letter, box_id: BoxId, event: &Event) {
        let rules = self.playing.script.rules.iter().enumerate();
        let mine: Vec<_> = rules
            .filter(|(_, rule)| rule.box_id == box_id)
            .map(|(index, rule)| (index, rule.clone()))
            .collect();
        if mine.is_empty() {
            return;
        }
        let happened = happened(letter, box_id, event);
        for (number, rule) in mine {
            for (happening, document) in &happened {
                if *happening == rule.when.happens && rule.when.fits(letter, *document) {
                    let task = Task::Act {
                        rule: number,
                        document: DocumentKey {
                            letter: letter.id,
                            entity: *document,
                        },
                    };
                    self.later(rule.after, task);
                }
            }
        }
    }
}

/// What an event means to a box, and to which of the letter's documents.
fn happened(letter: &Letter, box_id: BoxId, event: &Event) -> Vec<(Happening, Uuid)> {
    let news = letter.news_of(box_id, event.patches).into_iter();
    let of_others = news.filter(|(patch, _)| patch.author.box_id() != Some(box_id));
    let happened = of_others.filter_map(|(_, piece)| {
        let happening = match piece.entity.attachment_type() {
            _ if piece.signature.is_some() => return None,
            _ if piece.document.is_some() => Happening::Document,
            AttachmentType::RevocationRequest => Happening::Revocation,
            AttachmentType::InvoiceCorrectionRequest => Happening::CorrectionRequest,
            AttachmentType::Title
            | AttachmentType::XmlTorg12BuyerTitle
            | AttachmentType::XmlAcceptanceCertificateBuyerTitle
            | AttachmentType::UniversalTransferDocumentBuyerTitle
            | AttachmentType::UniversalCorrectionDocumentBuyerTitle => Happening::Title,
            _ => return None,
        };
        Some((happening, letter.document_of(piece.id())?.id()))
    });
    happened.collect()
}

impl When {
    /// Whether a document is one that the rule waits for.
    fn fits(&self, letter: &Letter, document: Uuid) -> bool {
        let Some(piece) = letter.piece(document) else {
            return false;
        };
        let Some(details) = piece.document.as_deref() else {
            return false;
        };
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == value)
        };
        let mut metadata = details.metadata.iter();
        let number = metadata.find(|(key, _)| key == "DocumentNumber");
        let number = number.map_or("", |(_, value)| value.as_str());
        is(&self.type_named_id, &details.type_named_id)
            && is(&self.function, &details.function)
            && self
                .number
                .as_deref()
                .is_none_or(|pattern| matches(pattern, number))
            && self
                .sender
                .is_none_or(|sender| sender == letter.sender.box_id)
    }
}

/// Whether a text fits a pattern in which `*` stands for any characters.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text) in [
            ("17", "17"),
            ("1*7", "17"),
            ("1*7", "1-7-7"),
            ("*", ""),
            ("А*-*Б", "А1-2Б"),
            ("*ab", "aab"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("17", "171"), ("1*7", "1"), ("a*a", "a"), ("*b*", "ac")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
