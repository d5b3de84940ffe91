//! Identifiers of boxes in their two spellings.

use std::fmt;
use std::str::FromStr;

const DOMAIN: &str = "diadoc.ru";
/// Where the hyphens of a GUID stand.
const HYPHENS: &[usize] = &[8, 13, 18, 23];

/// The identifier of a box (ящик), read from any of Diadoc's spellings.
///
/// A query wants the GUID, `1f208d03-2a60-4f64-91b1-b7aad54cfaf3` (`Box.BoxIdGuid`); bodies and
/// responses mostly carry the address, `1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru` (`Box.BoxId`).
/// The server also takes the address without `@diadoc.ru`. All say the same 16 bytes, and a `BoxId`
/// equals another whichever way either was spelled.
///
/// [`Display`](fmt::Display) writes the GUID in lower case; [`BoxId::address`] the other form.
///
/// Vendor page: `proto/Organization`.
///
/// ```
/// use diadoc_proto::BoxId;
///
/// let id: BoxId = "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru".parse()?;
/// assert_eq!(id, "1F208D03-2A60-4F64-91B1-B7AAD54CFAF3".parse()?);
///
/// assert_eq!(
///     format!("GetBox?boxId={}", id.guid()),
///     "GetBox?boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3",
/// );
/// assert_eq!(id.address().to_string(), "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru");
/// # Ok::<(), diadoc_proto::BoxIdError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoxId([u8; 16]);

impl BoxId {
    /// From the 16 bytes in the order of the text: `1f`, `20`, `8d`…
    ///
    /// .NET's `Guid.ToByteArray` has another order, with the first three groups reversed.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes in the order of the text.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The GUID: `1f208d03-2a60-4f64-91b1-b7aad54cfaf3`, as queries want it.
    pub fn guid(self) -> impl fmt::Display + fmt::Debug + Copy {
        self
    }

    /// The address: `1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru`, as bodies carry it.
    pub fn address(self) -> impl fmt::Display + fmt::Debug + Copy {
        Address(self)
    }

    /// All 32 digits without hyphens.
    fn digits(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }

    /// Reads digits with hyphens at these offsets. `None` if all stands in order, but the number of
    /// digits is another than 32.
    fn read(text: &str, hyphens: &[usize]) -> Result<Option<Self>, BoxIdError> {
        if let Some(id) = Self::read_right(text.as_bytes(), hyphens) {
            return Ok(Some(id));
        }
        for (offset, found) in text.chars().enumerate() {
            let hyphen = hyphens.contains(&offset);
            match found {
                '-' if hyphen => {}
                _ if hyphen => return Err(BoxIdError::NoHyphen { offset, found }),
                '-' => return Err(BoxIdError::MisplacedHyphen { offset }),
                _ if found.is_ascii_hexdigit() => {}
                _ => return Err(BoxIdError::NotHex { offset, found }),
            }
        }
        Ok(None)
    }

    /// Reads a text without fault.
    fn read_right(text: &[u8], hyphens: &[usize]) -> Option<Self> {
        if text.len() != 32 + hyphens.len() {
            return None;
        }
        let mut id: u128 = 0;
        let mut start = 0;
        for end in hyphens.iter().copied().chain([text.len()]) {
            for byte in text.get(start..end)? {
                id = id << 4 | u128::from(char::from(*byte).to_digit(16)?);
            }
            if end < text.len() && text[end] != b'-' {
                return None;
            }
            start = end + 1;
        }
        Some(Self(id.to_be_bytes()))
    }
}

#[derive(Debug, Clone, Copy)]
struct Address(BoxId);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}@{DOMAIN}", self.0.digits()))
    }
}

/// The GUID, in lower case.
impl fmt::Display for BoxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut guid = self.digits();
        for &hyphen in HYPHENS {
            guid.insert(hyphen, '-');
        }
        f.pad(&guid)
    }
}

/// Reads the GUID, the address, or the 32 digits of either alone, with hex digits in either case.
///
/// # Errors
/// [`BoxIdError`] for any other spelling, among them spaces around and braces.
impl FromStr for BoxId {
    type Err = BoxIdError;

    fn from_str(text: &str) -> Result<Self, BoxIdError> {
        // Most are GUIDs.
        if let Some(id) = Self::read_right(text.as_bytes(), HYPHENS) {
            return Ok(id);
        }
        if text.is_empty() {
            return Err(BoxIdError::Empty);
        }
        if let Some((digits, domain)) = text.split_once('@') {
            let found = digits.chars().count();
            let id = Self::read(digits, &[])?.ok_or(BoxIdError::AddressLength { found })?;
            if domain != DOMAIN {
                return Err(BoxIdError::Domain);
            }
            return Ok(id);
        }
        if let Ok(Some(id)) = Self::read(text, &[]) {
            return Ok(id);
        }
        let found = text.chars().count();
        Self::read(text, HYPHENS)?.ok_or(BoxIdError::GuidLength { found })
    }
}

/// The same as [`FromStr`].
impl TryFrom<&str> for BoxId {
    type Error = BoxIdError;

    fn try_from(text: &str) -> Result<Self, BoxIdError> {
        text.parse()
    }
}

/// The GUID, as queries want it.
impl From<BoxId> for String {
    fn from(id: BoxId) -> Self {
        id.to_string()
    }
}

/// The GUID.
#[cfg(feature = "uuid")]
impl From<BoxId> for uuid::Uuid {
    fn from(id: BoxId) -> Self {
        Self::from_bytes(id.0)
    }
}

#[cfg(feature = "uuid")]
impl From<uuid::Uuid> for BoxId {
    fn from(guid: uuid::Uuid) -> Self {
        Self(guid.into_bytes())
    }
}

/// The GUID of a field such as `Message.MessageId`; none where the field is empty.
///
/// # Errors
///
/// The text is neither empty nor a GUID.
///
/// ```
/// use diadoc_core::box_id::{BoxId, guid_from_field};
///
/// let guid = guid_from_field("1f208d03-2a60-4f64-91b1-b7aad54cfaf3")?.expect("it is not empty");
/// assert_eq!(BoxId::from(guid).address().to_string(), "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru");
/// assert_eq!(guid_from_field("")?, None);
/// # Ok::<(), uuid::Error>(())
/// ```
#[cfg(feature = "uuid")]
pub fn guid_from_field(text: &str) -> Result<Option<uuid::Uuid>, uuid::Error> {
    match text {
        "" => Ok(None),
        text => uuid::Uuid::try_parse(text).map(Some),
    }
}

/// Why a text is not the identifier of a box.
///
/// An offset is a number of characters from the start of the text, counted from 0. Of the text
/// itself, an error quotes the offending character at most.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BoxIdError {
    /// There is no text.
    Empty,
    /// A GUID with too few or too many characters.
    GuidLength {
        /// The characters there.
        found: usize,
    },
    /// An address with too few or too many hex digits.
    AddressLength {
        /// The characters before the `@`.
        found: usize,
    },
    /// A character that is no hex digit.
    NotHex {
        /// Characters before it.
        offset: usize,
        /// The character.
        found: char,
    },
    /// Something else where a GUID has a hyphen.
    NoHyphen {
        /// Characters before it: 8, 13, 18 or 23.
        offset: usize,
        /// The character.
        found: char,
    },
    /// A hyphen where a hex digit is expected, or anywhere in an address.
    MisplacedHyphen {
        /// Characters before it.
        offset: usize,
    },
    /// Something other than `diadoc.ru` behind the `@`.
    Domain,
}

impl fmt::Display for BoxIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a box id is empty"),
            Self::GuidLength { found } => {
                write!(f, "a box id has {found} characters where a GUID has 36")
            }
            Self::AddressLength { found } => write!(
                f,
                "a box id has {found} characters before the `@` where an address has 32"
            ),
            Self::NotHex { offset, found } => write!(
                f,
                "a box id has {found:?} at offset {offset} where a hex digit is expected"
            ),
            Self::NoHyphen { offset, found } => write!(
                f,
                "a box id has {found:?} at offset {offset} where a GUID has a hyphen"
            ),
            Self::MisplacedHyphen { offset } => write!(
                f,
                "a box id has a hyphen at offset {offset} where a hex digit is expected"
            ),
            Self::Domain => {
                f.write_str("a box id has another domain than `diadoc.ru` behind the `@`")
            }
        }
    }
}

impl std::error::Error for BoxIdError {}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
    const ADDRESS: &str = "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru";
    const BYTES: [u8; 16] = 0x1f208d03_2a60_4f64_91b1_b7aad54cfaf3_u128.to_be_bytes();

    #[test]
    fn all_spellings() {
        let upper = GUID.to_uppercase();
        let upper_address = ADDRESS.replace('f', "F");
        let digits = ADDRESS.strip_suffix("@diadoc.ru").unwrap();
        for text in [GUID, ADDRESS, digits, &upper, &upper_address] {
            let id = BoxId::try_from(text).unwrap();
            assert_eq!(id.as_bytes(), &BYTES);
            assert_eq!(id.to_string(), GUID);
            assert_eq!(id.guid().to_string(), GUID);
            assert_eq!(id.address().to_string(), ADDRESS);
        }
        let padded = format!("{:>38}", BoxId::from_bytes(BYTES));
        assert_eq!(padded, format!("  {GUID}"));
    }

    #[cfg(feature = "uuid")]
    #[test]
    fn as_guids_of_the_uuid_crate() {
        let uuid = uuid::Uuid::from_bytes(BYTES);
        assert_eq!(uuid::Uuid::from(BoxId::from_bytes(BYTES)), uuid);
        assert_eq!(BoxId::from(uuid), BoxId::from_bytes(BYTES));
        assert_eq!(guid_from_field(GUID), Ok(Some(uuid)));
        assert_eq!(guid_from_field(""), Ok(None));
        assert!(guid_from_field("-").is_err());
    }

    #[test]
    fn round_trips() {
        let edges = [[0; 16], [0xff; 16], BYTES, [0x0a; 16]];
        for id in edges.map(BoxId::from_bytes) {
            assert_eq!(String::from(id), id.guid().to_string());
            assert_eq!(id.guid().to_string().parse(), Ok(id));
            assert_eq!(id.address().to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn order_is_that_of_the_text() {
        let low: BoxId = "00000001-0000-0000-0000-000000000000".parse().unwrap();
        let high: BoxId = "01000000-0000-0000-0000-000000000000".parse().unwrap();
        assert!(low < high);
    }

    #[test]
    fn other_spellings() {
        use BoxIdError::*;

        let guid = |found| GuidLength { found };
        let address = |found| AddressLength { found };
        let not_hex = |offset, found| NotHex { offset, found };
        let no_hyphen = |offset, found| NoHyphen { offset, found };
        let misplaced = |offset| MisplacedHyphen { offset };
        for (text, error) in [
            ("", Empty),
            ("1f208d032a604f6491b1b7aad54cfaf", no_hyphen(8, '2')),
            ("1f208d03-2a60-4f64-91b1-b7aad54cfaf", guid(35)),
            ("1f208d03-2a60-4f64-91b1-b7aad54cfaf30", guid(37)),
            ("1f208d03", guid(8)),
            ("@diadoc.ru", address(0)),
            ("1f208d032a604f6491b1b7aad54cfaf@diadoc.ru", address(31)),
            ("1f208d032a604f6491b1b7aad54cfaf30@diadoc.ru", address(33)),
            (" 1f208d03-2a60-4f64-91b1-b7aad54cfaf3", not_hex(0, ' ')),
            ("{1f208d03-2a60-4f64-91b1-b7aad54cfaf3}", not_hex(0, '{')),
            ("1f208d03-2a60-4f64-91b1-b7aad54cfag3", not_hex(34, 'g')),
            (
                "1f208d0\u{0441}-2a60-4f64-91b1-b7aad54cfaf3",
                not_hex(7, 'с'),
            ),
            (
                "1f208d032a604f6491b1b7aad54cfa\u{ff13}3@diadoc.ru",
                not_hex(30, '３'),
            ),
            ("1f208d032a60-4f64-91b1-b7aad54cfaf3", no_hyphen(8, '2')),
            ("1f208d03-2a60_4f64-91b1-b7aad54cfaf3", no_hyphen(13, '_')),
            ("1f208d0-32a60-4f64-91b1-b7aad54cfaf3", misplaced(7)),
            ("1f208d03-2a60-4f64-91b1-b7aad54cfaf3-", misplaced(36)),
            (
                "1f208d03-2a60-4f64-91b1-b7aad54cfaf3@diadoc.ru",
                misplaced(8),
            ),
            ("1f208d032a604f6491b1b7aad54cfaf3@", Domain),
            ("1f208d032a604f6491b1b7aad54cfaf3@diadoc.com", Domain),
            ("1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru ", Domain),
            (
                "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru@diadoc.ru",
                Domain,
            ),
        ] {
            assert_eq!(text.parse::<BoxId>(), Err(error), "{text}");
        }
    }

    /// One character more, less, or of another case.
    #[test]
    fn no_other_domain() {
        let (digits, domain) = ADDRESS.split_once('@').unwrap();
        for at in 0..domain.len() {
            let (before, here, after) = (&domain[..at], &domain[at..=at], &domain[at + 1..]);
            for other in [&here.to_uppercase(), "", "x", ". ", "\u{0430}"] {
                let other = format!("{before}{other}{after}");
                let expected = match other == domain {
                    true => Ok(BoxId::from_bytes(BYTES)),
                    false => Err(BoxIdError::Domain),
                };
                assert_eq!(format!("{digits}@{other}").parse(), expected, "{other}");
            }
        }
    }

    #[test]
    fn messages() {
        let message = |text: &str| text.parse::<BoxId>().unwrap_err().to_string();
        let said = message("1f208d03\n2a60-4f64-91b1-b7aad54cfaf3");
        assert_eq!(
            said,
            "a box id has '\\n' at offset 8 where a GUID has a hyphen"
        );
        let said = message("1f208d03");
        assert_eq!(said, "a box id has 8 characters where a GUID has 36");
    }
}
