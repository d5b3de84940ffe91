//! The form in which messages travel.

use std::fmt;
use std::str::FromStr;

/// The form in which a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Form {
    /// Protobuf, which the vendor recommends.
    #[default]
    Protobuf,
    /// Diadoc's JSON.
    Json,
}

impl Form {
    /// The media type by which a request names it: `application/json`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }

    /// The form that a `Content-Type` or `Accept` names, parameters aside; none where it names
    /// neither. Some of the vendor's examples part the charset with a space.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        let end = media_type.find([';', ' ', ',']).unwrap_or(media_type.len());
        let media_type = media_type[..end].to_ascii_lowercase();
        match media_type.as_str() {
            "application/json" | "text/json" => Some(Self::Json),
            "application/x-protobuf"
            | "application/protobuf"
            | "application/vnd.google.protobuf" => Some(Self::Protobuf),
            other => other.ends_with("+json").then_some(Self::Json),
        }
    }

    /// Its name: `json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Protobuf => "protobuf",
            Self::Json => "json",
        }
    }
}

/// A text that is neither `json` nor `protobuf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormError;

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a form is `json` or `protobuf`")
    }
}

impl std::error::Error for FormError {}

impl FromStr for Form {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        let mut forms = [Self::Json, Self::Protobuf].into_iter();
        forms.find(|form| form.as_str() == text).ok_or(FormError)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, FormError};

    #[test]
    fn texts() {
        for form in [Form::Json, Form::Protobuf] {
            assert_eq!(form.to_string().parse(), Ok(form));
        }
        assert_eq!("JSON".parse::<Form>(), Err(FormError));
        assert_eq!(FormError.to_string(), "a form is `json` or `protobuf`");
        assert_eq!(format!("{:>6}", Form::Json), "  json");
        let vendors = "application/vnd.google.protobuf";
        assert_eq!(Form::of_media_type(vendors), Some(Form::Protobuf));
        assert_eq!(Form::of_media_type("text/json, */*"), Some(Form::Json));
    }

    #[test]
    fn media_types() {
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/json charset=utf-8",
            "application/problem+json",
        ] {
            assert_eq!(Form::of_media_type(json), Some(Form::Json), "{json}");
        }
        for form in [Form::Json, Form::Protobuf] {
            assert_eq!(Form::of_media_type(form.media_type()), Some(form));
        }
        for other in ["text/html", "application/octet-stream", ""] {
            assert_eq!(Form::of_media_type(other), None);
        }
    }
}
