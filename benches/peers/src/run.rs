//! A run: one contender's way to do one operation with one workload.

use std::fmt::Display;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;

/// What all contenders of a column read and write.
#[derive(Debug)]
pub struct Workload {
    pub name: &'static str,
    /// The message's full protobuf name.
    pub message: String,
    /// The body as JSON.
    pub json: Vec<u8>,
    /// The same message as protobuf, as this workspace reads and writes it.
    pub protobuf: Bytes,
    /// The same message as this workspace writes it as JSON.
    pub written: Vec<u8>,
}

/// What is done with a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    ReadJson,
    WriteJson,
    ReadProtobuf,
    WriteProtobuf,
    ValidateJson,
    ValidateProtobuf,
}

impl Operation {
    pub const ALL: [Self; 6] = [
        Self::ReadJson,
        Self::WriteJson,
        Self::ReadProtobuf,
        Self::WriteProtobuf,
        Self::ValidateJson,
        Self::ValidateProtobuf,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::ReadJson => "JSON reading",
            Self::WriteJson => "JSON writing",
            Self::ReadProtobuf => "protobuf reading",
            Self::WriteProtobuf => "protobuf writing",
            Self::ValidateJson => "JSON validating",
            Self::ValidateProtobuf => "protobuf validating",
        }
    }

    /// The contender that the others are compared with.
    pub fn reference(self) -> &'static str {
        match self {
            Self::ReadJson | Self::WriteJson => crate::serde_derive::NAME,
            Self::ReadProtobuf | Self::WriteProtobuf => crate::plain_prost::NAME,
            Self::ValidateJson => "ours: json::from_slice",
            Self::ValidateProtobuf => "ours: decode from a slice",
        }
    }
}

/// One contender's way to do one operation with one workload.
pub struct Run<'a> {
    pub contender: &'static str,
    pub operation: Operation,
    check: Box<dyn Fn() -> Result<(), String> + 'a>,
    time: Box<dyn Fn(u32) -> Duration + 'a>,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.operation.title(), self.contender)
    }
}

impl<'a> Run<'a> {
    /// `run` does the work; `check` says whether what it made is right.
    pub fn new<T, E: Display>(
        contender: &'static str,
        operation: Operation,
        run: impl Fn() -> Result<T, E> + 'a,
        check: impl Fn(T) -> Result<(), String> + 'a,
    ) -> Self {
        let run = Rc::new(run);
        let checked = Rc::clone(&run);
        Self {
            contender,
            operation,
            check: Box::new(move || checked().map_err(|e| e.to_string()).and_then(&check)),
            time: Box::new(move |times| {
                let start = Instant::now();
                for _ in 0..times {
                    // What was made is dropped here too: whoever reads pays for that as well.
                    let _ = black_box(run());
                }
                start.elapsed()
            }),
        }
    }

    /// Does the work once and compares the result with ours.
    ///
    /// # Errors
    ///
    /// The work failed, or made something else.
    pub fn check(&self) -> Result<(), String> {
        (self.check)()
    }

    /// Does the work so many times; how long all of them took.
    pub fn time(&self, times: u32) -> Duration {
        (self.time)(times)
    }
}

/// Whether a message that a contender read is the one of the workload; `protobuf` is how the
/// contender writes it.
pub fn same_message(workload: &Workload, protobuf: &[u8]) -> Result<(), String> {
    if protobuf == workload.protobuf {
        Ok(())
    } else {
        Err("the message differs from ours".into())
    }
}

/// Whether JSON that a contender wrote in Diadoc's dialect says what ours says.
pub fn same_json(workload: &Workload, written: &[u8]) -> Result<(), String> {
    let parse = |text| serde_json::from_slice::<serde_json::Value>(text).map_err(|e| e.to_string());
    if parse(written)? == parse(&workload.written)? {
        Ok(())
    } else {
        Err("the JSON differs from ours".into())
    }
}
