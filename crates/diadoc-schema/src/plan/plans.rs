//! The plans of a schema.

use std::collections::HashMap;
#[cfg(feature = "bundled")]
use std::sync::LazyLock;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use prost_reflect::{DescriptorPool, MessageDescriptor};

#[cfg(feature = "bundled")]
use super::table;
use super::{Plan, last_name};
use crate::Schema;

/// The plans of a schema, each made when it is first asked for.
#[derive(Debug)]
pub(crate) struct Plans {
    source: Source,
    plans: Vec<OnceLock<Plan>>,
}

/// What plans are made from.
#[derive(Debug)]
enum Source {
    /// The descriptors of a pool.
    Pool {
        schema: Schema,
        messages: Vec<MessageDescriptor>,
        places: HashMap<String, usize>,
    },
    /// The generated tables, which say the same of the schema that comes with this crate: reading its
    /// descriptors takes longer than checking most bodies.
    #[cfg(feature = "bundled")]
    Tables,
}

impl Plans {
    /// The plans of a pool. Those of the few pools that were asked for last are kept.
    pub(crate) fn of(pool: &DescriptorPool) -> Arc<Self> {
        const MOST_KEPT: usize = 8;
        static KEPT: Mutex<Vec<Arc<Plans>>> = Mutex::new(Vec::new());

        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.iter().position(|plans| plans.is_of(pool)) {
            Some(0) => {}
            Some(place) => kept[..=place].rotate_right(1),
            None => {
                kept.truncate(MOST_KEPT - 1);
                kept.insert(0, Arc::new(Self::new(pool)));
            }
        }
        Arc::clone(&kept[0])
    }

    /// The plans of the schema that comes with this crate.
    #[cfg(feature = "bundled")]
    pub(crate) fn diadoc() -> &'static Arc<Self> {
        static PLANS: LazyLock<Arc<Plans>> = LazyLock::new(|| {
            let plans = table::MESSAGES.iter().map(|_| OnceLock::new());
            Arc::new(Plans {
                source: Source::Tables,
                plans: plans.collect(),
            })
        });
        &PLANS
    }

    fn new(pool: &DescriptorPool) -> Self {
        let messages: Vec<_> = pool.all_messages().collect();
        let names = messages
            .iter()
            .map(|message| message.full_name().to_owned());
        Self {
            plans: messages.iter().map(|_| OnceLock::new()).collect(),
            source: Source::Pool {
                schema: Schema::of_pool(pool),
                places: names.zip(0..).collect(),
                messages,
            },
        }
    }

    /// Whether they are made from the generated tables.
    pub(crate) fn is_bundled(&self) -> bool {
        !matches!(self.source, Source::Pool { .. })
    }

    fn is_of(&self, pool: &DescriptorPool) -> bool {
        match &self.source {
            Source::Pool { schema, .. } => schema.pool() == pool,
            #[cfg(feature = "bundled")]
            Source::Tables => false,
        }
    }

    /// The schema, whose lists are made once.
    pub(crate) fn schema(&self) -> &Schema {
        match &self.source {
            Source::Pool { schema, .. } => schema,
            #[cfg(feature = "bundled")]
            Source::Tables => Schema::diadoc(),
        }
    }

    /// The plan at a place that [`Shape::Message`] names.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> &Plan {
        self.plans[place].get_or_init(|| match &self.source {
            Source::Pool { messages, .. } => Plan::of_descriptor(self, &messages[place]),
            #[cfg(feature = "bundled")]
            Source::Tables => Plan::of_table(&table::MESSAGES[place]),
        })
    }

    /// The full name of the message at that place.
    pub(crate) fn full_name(&self, place: usize) -> &str {
        match &self.source {
            Source::Pool { messages, .. } => messages[place].full_name(),
            #[cfg(feature = "bundled")]
            Source::Tables => table::MESSAGES[place].full_name,
        }
    }

    /// The name of the message at that place, without its package.
    pub(crate) fn name(&self, place: usize) -> &str {
        last_name(self.full_name(place))
    }

    /// The place of a message of the schema.
    pub(crate) fn place(&self, message: &MessageDescriptor) -> usize {
        // Every message of a schema is in the list that the places were made from.
        self.find(message.full_name()).unwrap_or_default()
    }

    /// The place of the message of that full name.
    pub(crate) fn find(&self, full_name: &str) -> Option<usize> {
        match &self.source {
            Source::Pool { places, .. } => places.get(full_name).copied(),
            #[cfg(feature = "bundled")]
            Source::Tables => table::MESSAGES
                .binary_search_by_key(&full_name, |message| message.full_name)
                .ok(),
        }
    }

    /// The places of all messages.
    pub(crate) fn places(&self) -> std::ops::Range<usize> {
        0..self.plans.len()
    }
}
