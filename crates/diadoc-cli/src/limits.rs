//! How much reading one body may take, as options.

use clap::builder::RangedU64ValueParser;
use diadoc_core::fill;
use diadoc_proto::Limits;

use crate::words::words;

/// What bounds the reading of a body.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Limits of one body")]
#[group(skip)]
pub(crate) struct Arguments {
    /// How many bytes it may have [default: 1 GiB]
    #[arg(long, value_name = "BYTES")]
    max_bytes: Option<usize>,

    /// How many levels it may be deep: messages in each other, and brackets under unknown keys [default, and
    /// at most: 100]
    #[arg(
        long,
        value_name = "LEVELS",
        value_parser = RangedU64ValueParser::<usize>::new().range(..=Limits::DEPTH as u64)
    )]
    max_depth: Option<usize>,

    /// How many elements its lists may have, all together [default: 10 000 000]
    #[arg(long, value_name = "COUNT")]
    max_elements: Option<usize>,

    /// How many bytes of memory its messages and lists may take [default: 3 for each byte of the body, and
    /// 4 MiB]
    #[arg(long, value_name = "BYTES")]
    max_memory: Option<usize>,
}

impl Arguments {
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::new();
        if let Some(most) = self.max_bytes {
            limits = limits.bytes(most);
        }
        if let Some(most) = self.max_depth {
            limits = limits.depth(most);
        }
        if let Some(most) = self.max_elements {
            limits = limits.elements(most);
        }
        if let Some(most) = self.max_memory {
            limits = limits.memory(most);
        }
        limits
    }
}

/// What to do where an error of reading says that a body goes beyond a limit; none where it says something
/// else, or the limit cannot be raised. prost's error has nothing but its text.
pub(crate) fn advice(error: &str) -> Option<String> {
    let (_, name) = error.split_once("(`Limits::")?;
    let (name, _) = name.split_once('`')?;
    Some(fill(words().allow_more, &[&name]))
}
