//! What reading and writing makes of a body: the round trip, and what it changes.

use std::collections::HashSet;

use diadoc_api::Form;
use diadoc_proto::Limits;
use diadoc_proto::registry::MessageType;
use diadoc_schema::Report;
use diadoc_testkit::changes::Changes;
use diadoc_testkit::normalise::Note;
use diadoc_testkit::round_trip::{self, Loss};
use serde::Serialize;

use crate::input::found;

/// What reading and writing makes of a body, beyond what the report says.
#[derive(Debug, Default, Serialize)]
pub(super) struct Trip {
    pub refused: Option<Refusal>,
    pub changed: Vec<Changed>,
    /// What is left out, and what is made up.
    #[serde(flatten)]
    pub changes: Changes,
    /// What the rules change, where the report has nothing about the place.
    #[serde(serialize_with = "as_texts")]
    pub notes: Vec<Note>,
}

/// Why a body cannot be read.
#[derive(Debug, Serialize)]
pub(super) struct Refusal {
    pub path: String,
    pub message: String,
    /// What stood there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// Whether the report has something at that place.
    #[serde(skip)]
    pub reported: bool,
}

/// Where reading and writing changes a body.
#[derive(Debug, Serialize)]
pub(super) struct Changed {
    pub step: &'static str,
    pub differences: Vec<String>,
}

fn as_texts<S: serde::Serializer>(notes: &[Note], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(notes.iter().map(Note::to_string))
}

/// Takes a body there and back; `reports` say what was found in it.
pub(super) fn trip(
    message: &MessageType,
    body: &[u8],
    form: Form,
    reports: &[Report],
    limits: &Limits,
) -> Trip {
    let findings = || reports.iter().flat_map(|report| &report.findings);
    if form == Form::Protobuf {
        let refused = message.decode_within(body, limits).err().map(|error| {
            let first = findings().find(|finding| finding.effect.is_fault());
            Refusal {
                path: first.map_or_else(String::new, |finding| finding.path.clone()),
                message: error.to_string(),
                found: None,
                reported: first.is_some(),
            }
        });
        return Trip {
            refused,
            changes: Changes::of_protobuf(message, body),
            ..Trip::default()
        };
    }

    let round_trip = round_trip::check_within(message, body, limits);
    let mut trip = Trip {
        changes: round_trip.changes(),
        ..Trip::default()
    };
    for loss in round_trip.losses {
        match loss {
            Loss::Refused(error) => {
                trip.refused = Some(Refusal {
                    path: error.path().to_owned(),
                    reported: findings().any(|finding| finding.path == error.path())
                        || reports
                            .iter()
                            .any(|report| report.is_allowed_at(error.path())),
                    found: found(&error, body),
                    message: error.to_string(),
                });
            }
            Loss::Changed { step, differences } => trip.changed.push(Changed { step, differences }),
            other => trip.changed.push(Changed {
                step: "round trip",
                differences: vec![format!("{other:?}")],
            }),
        }
    }
    // Reports that leave something out have said enough.
    if reports.iter().all(|report| report.left_out == 0) {
        let reported: HashSet<_> = findings().map(|f| f.path.as_str()).collect();
        let notes = round_trip.notes.into_iter();
        trip.notes = notes
            .filter(|note| !reported.contains(note.path.as_str()))
            .collect();
    }
    trip
}
