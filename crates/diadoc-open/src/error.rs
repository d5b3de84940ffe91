//! What cannot be opened.

use diadoc_core::LimitError;

use crate::{Path, Step};

/// Why no body was found, and how far it was opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{trouble}", behind(steps))]
pub struct OpenError {
    /// What had been opened before.
    pub steps: Vec<Step>,
    /// Why it went no further.
    #[source]
    pub trouble: Trouble,
}

/// The wrappings in front of which an error speaks.
fn behind(steps: &[Step]) -> String {
    match steps {
        [] => String::new(),
        steps => {
            let steps: Vec<_> = steps.iter().map(Step::to_string).collect();
            format!("behind {}: ", steps.join(", "))
        }
    }
}

/// Why a body cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// There is nothing in it.
    #[error("there is no body in it")]
    Empty,
    /// It is neither JSON nor protobuf, nor anything that is opened.
    #[error("this is neither JSON nor protobuf{}", .looks_like.map(|it| format!(": it looks like {it}")).unwrap_or_default())]
    Unknown {
        /// What it looks like, if that is known.
        looks_like: Option<&'static str>,
    },
    /// It is packed, and breaks off or is damaged.
    #[error("the {packed} cannot be unpacked: {why}")]
    Damaged {
        /// What it is packed as.
        packed: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// What it unpacks to is too large.
    #[error("{0}")]
    Limit(LimitError),
    /// One wrapping stands in another, too many of them.
    #[error("more than {0} wrappings stand in each other")]
    Nested(usize),
    /// The path leads to nothing.
    #[error("nothing stands at {path}{}", .keys.as_deref().map(|keys| format!(": the keys there are {keys}")).unwrap_or_default())]
    NoSuchPart {
        /// The path.
        path: Path,
        /// The keys that stand where it ends.
        keys: Option<String>,
    },
    /// A path is only for JSON.
    #[error("{path} names a part of JSON, and this is none: {why}")]
    NotJson {
        /// The path.
        path: Path,
        /// What is wrong with it as JSON.
        why: String,
    },
}
