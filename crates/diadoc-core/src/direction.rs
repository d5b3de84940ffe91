//! Which way a body goes.

use std::fmt;
use std::str::FromStr;

/// Which way a body goes. The same fault weighs differently: a key that the schema does not know is
/// an error in a request, because the server would drop it in silence, and news in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
}

/// A text that is neither `request` nor `response`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectionError;

impl fmt::Display for DirectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a direction is `request` or `response`")
    }
}

impl std::error::Error for DirectionError {}

impl FromStr for Direction {
    type Err = DirectionError;

    fn from_str(text: &str) -> Result<Self, DirectionError> {
        match text {
            "request" => Ok(Self::Request),
            "response" => Ok(Self::Response),
            _ => Err(DirectionError),
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Request => "request",
            Self::Response => "response",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for direction in [Direction::Request, Direction::Response] {
            assert_eq!(direction.to_string().parse(), Ok(direction));
        }
        let error = "Request".parse::<Direction>().unwrap_err();
        assert_eq!(error.to_string(), "a direction is `request` or `response`");
        assert_eq!(format!("{:>9}", Direction::Request), "  request");
    }
}
