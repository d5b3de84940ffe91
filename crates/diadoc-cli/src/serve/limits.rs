//! What is borne of clients, by the fake and by the proxy.

use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use diadoc_fake::{Builder, ProxyBuilder, Timeouts};

/// Options that bound what clients take.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// How many requests are kept, for the page
    #[arg(long, value_name = "REQUESTS", default_value_t = 1000)]
    keep: usize,

    /// How many bytes they have altogether; beyond that the oldest are forgotten, but for the last one
    #[arg(long, value_name = "BYTES", default_value_t = 64 << 20)]
    keep_bytes: usize,

    /// The bytes of a body; a longer one is refused with 413, and with 503 one that goes beyond four
    /// times as much with all others that are not answered yet
    #[arg(long, value_name = "BYTES", default_value_t = 100 << 20)]
    max_body: usize,

    /// How many connections are taken at a time; others wait
    #[arg(
        long,
        value_name = "CONNECTIONS",
        default_value_t = 1000,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..)
    )]
    max_connections: usize,

    /// How long a client may take for the head of a request, from one to the next of a connection, and
    /// for the next part of a body or an answer
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        value_parser = RangedU64ValueParser::<u64>::new().range(1..=86_400)
    )]
    timeout: u64,
}

impl Arguments {
    pub(super) fn of_fake(&self, builder: Builder) -> Builder {
        builder
            .keep(self.keep, self.keep_bytes)
            .max_body(self.max_body)
            .max_connections(self.max_connections)
            .timeouts(self.timeouts())
    }

    pub(super) fn of_proxy(&self, builder: ProxyBuilder) -> ProxyBuilder {
        builder
            .max_body(self.max_body)
            .max_connections(self.max_connections)
            .timeouts(self.timeouts())
    }

    fn timeouts(&self) -> Timeouts {
        let mut timeouts = Timeouts::default();
        timeouts.head = Duration::from_secs(self.timeout);
        timeouts.pause = timeouts.head;
        timeouts.body = timeouts.body.max(timeouts.pause);
        timeouts
    }
}
