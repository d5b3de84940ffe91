//! A message with what checks have to know of it at hand.

use std::sync::Arc;

use diadoc_core::Form;
use prost_reflect::MessageDescriptor;

#[cfg(feature = "bundled")]
use crate::directions;
use crate::json::carried::{self, OnlyInJson};
use crate::json::rewritten::{self, Rewrites};
use crate::plan::{Plan, Plans};
use crate::{Checks, Directions, Report, json, protobuf};

/// A message that bodies are held against, prepared once for any number of them.
///
/// ```
/// use diadoc_schema::{Checks, Direction, Form, Prepared};
///
/// let message = Prepared::diadoc("Diadoc.Api.Proto.Timestamp").expect("the schema has it");
/// let checks = Checks::new(Direction::Response);
/// assert_eq!(message.check(&checks, Form::Json, br#"{"Ticks": 638884246403244956}"#).total(), 0);
/// ```
#[derive(Debug, Clone)]
pub struct Prepared {
    plans: Arc<Plans>,
    place: usize,
}

impl Prepared {
    /// A message of any schema.
    pub fn new(message: &MessageDescriptor) -> Self {
        let plans = Plans::of(message.parent_pool());
        let place = plans.place(message);
        Self { plans, place }
    }

    /// The message of the Diadoc API of that full name.
    #[cfg(feature = "bundled")]
    pub fn diadoc(full_name: &str) -> Option<Self> {
        let plans = Arc::clone(Plans::diadoc());
        let place = plans.find(full_name)?;
        Some(Self { plans, place })
    }

    /// The methods that send the message and those that answer with it, as
    /// [`Schema::directions`](crate::Schema::directions) has them.
    pub fn directions(&self) -> Directions {
        match self.plans.is_bundled() {
            #[cfg(feature = "bundled")]
            true => directions::of_table(self.place),
            _ => self.plans.schema().directions(self.plan().descriptor()),
        }
    }

    fn plan(&self) -> &Plan {
        self.plans.at(self.place)
    }

    /// Holds a body against the message, as [`Checks::check`] does.
    pub fn check(&self, checks: &Checks, form: Form, body: &[u8]) -> Report {
        match form {
            Form::Json => json::check(&self.plans, self.plan(), body, checks),
            Form::Protobuf => protobuf::check(&self.plans, self.plan(), body, checks),
        }
    }

    /// What a reader of JSON that keeps the rules changes where it writes a body that it has read, in the
    /// order of the body; none where that is not certain without looking closer, as where a value is
    /// spelt in another way than it is written.
    ///
    /// ```
    /// use diadoc_schema::Prepared;
    ///
    /// let message = Prepared::diadoc("Diadoc.Api.Proto.Timestamp").expect("the schema has it");
    /// let written = r#"{"Ticks":1}"#;
    /// let rewrites = message.rewritten(br#"{"Ticks": 1, "New": 2}"#, written).expect("it is certain");
    /// assert_eq!(rewrites.changes[0].path, "New");
    /// assert_eq!(message.rewritten(br#"{"Ticks": 2}"#, written), None);
    /// ```
    pub fn rewritten(&self, body: &[u8], written: &str) -> Option<Rewrites> {
        rewritten::of_body(&self.plans, self.plan(), body, written)
    }

    /// What protobuf does not carry of JSON that a reader has written: the fields that only JSON has. None
    /// where that is not certain, as of a text that no reader writes.
    ///
    /// ```
    /// use diadoc_schema::Prepared;
    ///
    /// let message = Prepared::diadoc("Diadoc.Api.Proto.Documents.Document").expect("the schema has it");
    /// let written = r#"{"IsRead":true,"Participants":[{"BoxId":"b"}]}"#;
    /// let only = message.only_in_json(written).expect("it is certain");
    /// assert_eq!(only.paths().collect::<Vec<_>>(), ["Participants"]);
    /// assert!(only.is_carried_as(r#"{"IsRead":true}"#));
    /// ```
    pub fn only_in_json<'t>(&self, written: &'t str) -> Option<OnlyInJson<'t>> {
        carried::only_in_json(&self.plans, self.plan(), written)
    }
}
