//! Faults to try a client with.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What goes wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The answer takes so long.
    Slow(Duration),
    /// No answer ever comes.
    NoAnswer,
    /// The result is not ready yet, said in the way of the method: 204 with `Retry-After`, or a
    /// field of the answer. Of a method that is always ready, 204 with `Retry-After`; of the identity
    /// server, 400 and `authorization_pending`.
    Pending,
    /// 429 with `Retry-After`.
    TooManyRequests,
    /// 429 with `Retry-After` for so many of a hundred calls, from 1 to 100, spread evenly. A call that
    /// is spared meets the next fault.
    Storm(u8),
    /// An answer of that status, such as 402 or 500, with a text and no other header.
    Status(u16),
    /// An answer of that status with `Retry-After` in seconds.
    StatusAfter(u16, u64),
    /// The connection ends in the middle of the body.
    Cut,
    /// The work is done, and the connection ends before the first byte of the answer.
    Lost,
    /// The status is 200, but the body is not what the method answers with.
    Garbage,
}

/// How many calls a fault meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Every call.
    Always,
    /// The next ones.
    Next(u32),
}

/// A fault, the method that it meets, and how often: what `GetMessageV6=429*2` says.
///
/// Before `=` stands the name of a method, or `*` for every method. Then comes the fault, and after
/// `*` how many calls it meets; without it, every call:
///
/// | fault | what it is |
/// | --- | --- |
/// | `402`, `500`, … | [`Fault::Status`]; `429` is [`Fault::TooManyRequests`] |
/// | `409:5`, `503:30` | [`Fault::StatusAfter`] with the seconds of `Retry-After` |
/// | `pending` | [`Fault::Pending`] |
/// | `slow:1500` | [`Fault::Slow`], in milliseconds |
/// | `no-answer` | [`Fault::NoAnswer`] |
/// | `storm:30` | [`Fault::Storm`], in calls of a hundred |
/// | `cut` | [`Fault::Cut`] |
/// | `lost` | [`Fault::Lost`] |
/// | `garbage` | [`Fault::Garbage`] |
///
/// ```
/// use diadoc_fake::{Fault, PlannedFault, Times};
///
/// let planned: PlannedFault = "GetMessageV6=429*2".parse()?;
/// assert_eq!(planned.method, "GetMessageV6");
/// assert_eq!(planned.fault, Fault::TooManyRequests);
/// assert_eq!(planned.times, Times::Next(2));
/// assert_eq!(planned.to_string(), "GetMessageV6=429*2");
/// # Ok::<(), diadoc_fake::PlannedFaultError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlannedFault {
    /// The method's name, or `*`.
    pub method: String,
    /// What goes wrong.
    pub fault: Fault,
    /// How often.
    pub times: Times,
}

/// Why a text plans no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlannedFaultError {
    /// There is no `=`.
    #[error("a fault is written as METHOD=FAULT or METHOD=FAULT*TIMES, such as GetMessageV6=429*2")]
    NoMethod,
    /// What follows `*` is no number from 1.
    #[error("`{0}` is not how often: a number from 1")]
    Times(String),
    /// No fault is called so.
    #[error(
        "`{0}` is no fault: a status from 400 to 599, a status with seconds (503:30), pending, \
         slow:MILLISECONDS, storm:PERCENT, no-answer, cut, lost or garbage"
    )]
    Fault(String),
}

impl From<u32> for Times {
    fn from(next: u32) -> Self {
        Self::Next(next)
    }
}

impl FromStr for PlannedFault {
    type Err = PlannedFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (method, rest) = text.split_once('=').ok_or(PlannedFaultError::NoMethod)?;
        if method.is_empty() {
            return Err(PlannedFaultError::NoMethod);
        }
        let (fault, times) = match rest.split_once('*') {
            None => (rest, Times::Always),
            Some((fault, times)) => match times.parse() {
                Ok(next @ 1..) => (fault, Times::Next(next)),
                _ => return Err(PlannedFaultError::Times(times.to_owned())),
            },
        };
        Ok(Self {
            method: method.to_owned(),
            fault: fault.parse()?,
            times,
        })
    }
}

impl FromStr for Fault {
    type Err = PlannedFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let none = || PlannedFaultError::Fault(text.to_owned());
        let status = |text: &str| {
            let status = text.parse().ok();
            status
                .filter(|status| (400..600).contains(status))
                .ok_or_else(none)
        };
        Ok(match text.split_once(':') {
            None => match text {
                "pending" => Self::Pending,
                "no-answer" => Self::NoAnswer,
                "cut" => Self::Cut,
                "lost" => Self::Lost,
                "garbage" => Self::Garbage,
                "429" => Self::TooManyRequests,
                other => Self::Status(status(other)?),
            },
            Some(("slow", milliseconds)) => Self::Slow(Duration::from_millis(
                milliseconds.parse().map_err(|_| none())?,
            )),
            Some(("storm", percent)) => match percent.parse() {
                Ok(percent @ 1..=100) => Self::Storm(percent),
                _ => return Err(none()),
            },
            Some((code, seconds)) => {
                Self::StatusAfter(status(code)?, seconds.parse().map_err(|_| none())?)
            }
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow(delay) => write!(f, "slow:{}", delay.as_millis()),
            Self::NoAnswer => f.write_str("no-answer"),
            Self::Pending => f.write_str("pending"),
            Self::TooManyRequests => f.write_str("429"),
            Self::Storm(percent) => write!(f, "storm:{percent}"),
            Self::Status(status) => write!(f, "{status}"),
            Self::StatusAfter(status, seconds) => write!(f, "{status}:{seconds}"),
            Self::Cut => f.write_str("cut"),
            Self::Lost => f.write_str("lost"),
            Self::Garbage => f.write_str("garbage"),
        }
    }
}

impl fmt::Display for PlannedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.method, self.fault)?;
        match self.times {
            Times::Always => Ok(()),
            Times::Next(next) => write!(f, "*{next}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_faults() {
        for text in [
            "GetMessageV6=429*2",
            "*=500",
            "GetMessageV6=409:5*1",
            "GetMessageV6=slow:1500",
            "GenerateDocumentZip=pending*3",
            "*=no-answer*1",
            "*=cut*1",
            "*=lost*1",
            "*=storm:30",
            "GetMessageV6=storm:100*5",
            "*=garbage*1",
        ] {
            let planned: PlannedFault = text.parse().unwrap();
            assert_eq!(planned.to_string(), text);
        }
        for text in [
            "GetMessageV6",
            "=429",
            "GetMessageV6=",
            "GetMessageV6=200",
            "GetMessageV6=600",
            "GetMessageV6=429*0",
            "GetMessageV6=429*x",
            "GetMessageV6=slow",
            "GetMessageV6=slow:x",
            "GetMessageV6=503:",
            "GetMessageV6=sloth",
            "GetMessageV6=storm",
            "GetMessageV6=storm:0",
            "GetMessageV6=storm:101",
        ] {
            assert!(text.parse::<PlannedFault>().is_err(), "{text}");
        }
    }
}
