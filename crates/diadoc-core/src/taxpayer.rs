//! Numbers of the tax service: INN and KPP.

use std::fmt;
use std::str::FromStr;

/// A taxpayer number (ИНН): 10 digits of an organization or 12 of a person.
///
/// Check digits are not looked at.
///
/// ```
/// use diadoc_proto::Inn;
///
/// let inn: Inn = "9667505080".parse()?;
/// assert!(!inn.is_of_person());
/// assert!("96675050".parse::<Inn>().is_err());
/// # Ok::<(), diadoc_proto::TaxpayerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inn(String);

/// The code of the reason for registration (КПП): four digits, two digits or capital Latin letters,
/// three digits. One organization has several.
///
/// ```
/// use diadoc_proto::Kpp;
///
/// let kpp: Kpp = "966743000".parse()?;
/// assert_eq!(kpp.as_str(), "966743000");
/// # Ok::<(), diadoc_proto::TaxpayerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kpp(String);

/// Why a text is no number of the tax service.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaxpayerError {
    /// The text is not 10 or 12 digits.
    Inn,
    /// The text is not four digits, two digits or capital letters, and three digits.
    Kpp,
}

impl fmt::Display for TaxpayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inn => f.write_str("an INN is 10 or 12 digits"),
            Self::Kpp => f.write_str(
                "a KPP is 9 digits, of which the fifth and sixth may be capital Latin letters",
            ),
        }
    }
}

impl std::error::Error for TaxpayerError {}

impl Inn {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is that of a person, of 12 digits.
    pub fn is_of_person(&self) -> bool {
        self.0.len() == 12
    }

    /// Whether a text is one.
    pub fn is_valid(text: &str) -> bool {
        matches!(text.len(), 10 | 12) && text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl Kpp {
    /// The digits and letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a text is one.
    pub fn is_valid(text: &str) -> bool {
        text.len() == 9
            && text.bytes().enumerate().all(|(place, byte)| {
                byte.is_ascii_digit() || matches!(place, 4 | 5) && byte.is_ascii_uppercase()
            })
    }
}

macro_rules! text_value {
    ($type:ident) => {
        impl FromStr for $type {
            type Err = TaxpayerError;

            fn from_str(text: &str) -> Result<Self, TaxpayerError> {
                match Self::is_valid(text) {
                    true => Ok(Self(text.to_owned())),
                    false => Err(TaxpayerError::$type),
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
    };
}

text_value!(Inn);
text_value!(Kpp);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, of_person) in [("9667505080", false), ("966750508012", true)] {
            let inn: Inn = text.parse().unwrap();
            assert_eq!((inn.as_str(), inn.is_of_person()), (text, of_person));
            assert_eq!(String::from(inn), text);
        }
        for text in ["", "966750508", "96675050801", "966750508X", "９667505080"] {
            assert_eq!(text.parse::<Inn>(), Err(TaxpayerError::Inn), "{text}");
        }
        for text in ["966743000", "9667AZ000"] {
            let kpp: Kpp = text.parse().unwrap();
            assert_eq!(kpp.as_str(), text);
            assert_eq!(String::from(kpp), text);
        }
        for text in ["", "96674300", "9667az000", "A66743000", "9667430001"] {
            assert_eq!(text.parse::<Kpp>(), Err(TaxpayerError::Kpp), "{text}");
        }
        assert_eq!(TaxpayerError::Inn.to_string(), "an INN is 10 or 12 digits");
        let kpp = "a KPP is 9 digits, of which the fifth and sixth may be capital Latin letters";
        assert_eq!(TaxpayerError::Kpp.to_string(), kpp);
    }
}
