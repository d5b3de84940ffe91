//! What a change breaks, as a set.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

use serde::{Serialize, Serializer};

/// What a change breaks: a set, empty for a change that breaks nothing.
///
/// Wire and JSON are after the categories WIRE and WIRE_JSON of `buf breaking`. Both directions
/// count: what is written by one schema is read by the other. It serialises to a list of names, and
/// prints as words.
///
/// ```
/// use diadoc_schema::Breaks;
///
/// let breaks = Breaks::WIRE | Breaks::JSON;
/// assert!(breaks.wire() && breaks.json() && !breaks.http());
/// assert_eq!(breaks.to_string(), "the wire and JSON");
/// assert_eq!(Breaks::NOTHING.to_string(), "nothing");
/// assert_eq!(serde_json::to_string(&breaks)?, r#"["wire","json"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Breaks(u8);

impl Breaks {
    /// Bodies and requests of either schema are taken by the other.
    pub const NOTHING: Self = Self(0);
    /// protobuf bodies are refused or misread.
    pub const WIRE: Self = Self(1);
    /// JSON bodies are refused or misread.
    pub const JSON: Self = Self(1 << 1);
    /// Requests do not reach their method as they are meant, or answers are taken for something else.
    pub const HTTP: Self = Self(1 << 2);
    /// What is valid by one schema may be a fault by the other.
    pub const VALIDATION: Self = Self(1 << 3);
    /// Nobody has said what such a change breaks: an option that the table of options lacks.
    pub const UNJUDGED: Self = Self(1 << 4);

    /// The members that a set may have, with their names in JSON and as words.
    const MEMBERS: [(Self, &'static str, &'static str); 5] = [
        (Self::WIRE, "wire", "the wire"),
        (Self::JSON, "json", "JSON"),
        (Self::HTTP, "http", "HTTP"),
        (Self::VALIDATION, "validation", "validation"),
        (Self::UNJUDGED, "unjudged", "what nobody has judged"),
    ];

    /// Whether protobuf bodies break.
    pub fn wire(self) -> bool {
        self.has(Self::WIRE)
    }

    /// Whether JSON bodies break.
    pub fn json(self) -> bool {
        self.has(Self::JSON)
    }

    /// Whether requests or answers break.
    pub fn http(self) -> bool {
        self.has(Self::HTTP)
    }

    /// Whether the validity of bodies or parameters changes.
    pub fn validation(self) -> bool {
        self.has(Self::VALIDATION)
    }

    /// Whether it is not known what breaks.
    pub fn unjudged(self) -> bool {
        self.has(Self::UNJUDGED)
    }

    /// Whether nothing breaks.
    pub fn is_nothing(self) -> bool {
        self == Self::NOTHING
    }

    /// Both sets together; what `|` does, for constants.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// How many things break.
    pub(super) fn count(self) -> u32 {
        self.0.count_ones()
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The sets of one member, from the first to look at to the last.
    pub(super) fn members() -> impl Iterator<Item = Self> {
        Self::MEMBERS.into_iter().map(|(member, ..)| member)
    }

    fn names(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let members = Self::MEMBERS.into_iter();
        members.filter_map(move |(member, id, words)| self.has(member).then_some((id, words)))
    }
}

impl BitOr for Breaks {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

impl BitOrAssign for Breaks {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl fmt::Display for Breaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.names().map(|(_, words)| words).collect();
        match words.split_last() {
            None => f.write_str("nothing"),
            Some((only, [])) => f.write_str(only),
            Some((last, rest)) => write!(f, "{} and {last}", rest.join(", ")),
        }
    }
}

impl Serialize for Breaks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names().map(|(id, _)| id))
    }
}
