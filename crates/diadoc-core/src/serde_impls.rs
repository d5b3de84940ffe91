//! The values in serde's formats: ticks as their number, all else as its text.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use crate::{BoxId, Direction, DocumentDate, FilterCategory, Inn, Kpp, Ticks};

impl Serialize for Ticks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.get())
    }
}

impl<'de> Deserialize<'de> for Ticks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(i64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

macro_rules! as_text {
    ($($type:ty),+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )+};
}

as_text!(BoxId, Direction, DocumentDate, FilterCategory, Inn, Kpp);

#[cfg(feature = "rules")]
macro_rules! as_name {
    ($($type:ty),+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = Cow::<str>::deserialize(deserializer)?;
                let known = Self::ALL.into_iter().find(|known| known.as_str() == name);
                known.ok_or_else(|| {
                    let names = Self::ALL.map(Self::as_str).join("`, `");
                    D::Error::custom(format_args!("`{name}` is none of `{names}`"))
                })
            }
        }
    )+};
}

#[cfg(feature = "rules")]
as_name!(crate::rules::Effect, crate::rules::Evidence);

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    fn round_trips<T>(json: &str, refused: &str)
    where
        T: Debug + Serialize + for<'de> Deserialize<'de>,
    {
        let value: T = serde_json::from_str(json).expect("the value is right");
        assert_eq!(serde_json::to_string(&value).expect("it is written"), json);
        serde_json::from_str::<T>(refused).expect_err("the value is wrong");
    }

    #[test]
    fn values() {
        round_trips::<Ticks>("638884242433705569", "-1");
        round_trips::<BoxId>("\"1f208d03-2a60-4f64-91b1-b7aad54cfaf3\"", "\"1f208d03\"");
        round_trips::<Direction>("\"request\"", "\"Request\"");
        round_trips::<DocumentDate>("\"29.02.2024\"", "\"29.02.2023\"");
        round_trips::<FilterCategory>("\"Any.InboundNotRead\"", "\"Inbound\"");
        round_trips::<Inn>("\"9667505080\"", "9667505080");
        round_trips::<Kpp>("\"966743000\"", "\"\"");
    }

    #[cfg(feature = "rules")]
    #[test]
    fn names() {
        for effect in crate::rules::Effect::ALL {
            round_trips::<crate::rules::Effect>(&format!("\"{effect}\""), "\"Refused\"");
        }
        for evidence in crate::rules::Evidence::ALL {
            let name = format!("\"{}\"", evidence.as_str());
            round_trips::<crate::rules::Evidence>(&name, "0");
        }
    }
}
