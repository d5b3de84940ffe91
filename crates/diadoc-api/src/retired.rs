//! Paths that the API had once.

use std::fmt;

use crate::Method;

/// A path that the vendor has retired, and that the schema does not have. Methods that the schema
/// still has although the vendor gave them up are of [`Stage::Gone`](crate::Stage::Gone).
///
/// As a text it says since when and what to use: `/V3/GetMessage is retired: the vendor has not
/// had it since 2024-07-13; use GET /V6/GetMessage (GetMessageV6)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retired {
    /// The path.
    pub path: &'static str,
    since: Since,
    instead: Instead,
}

/// How the vendor gave a path up, and the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    /// Announced to be removed on that day; ever since the announcement each request is answered
    /// with 410 and does nothing.
    Removed(&'static str),
    /// The day that the vendor's pages, or its SDK where the pages never had it, dropped it.
    Dropped(&'static str),
}

/// What to use in the place of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instead {
    Method(&'static str),
    /// Tokens come from the identity server.
    SignIn,
    Nothing,
}

const fn retired(path: &'static str, since: Since, instead: Instead) -> Retired {
    Retired {
        path,
        since,
        instead,
    }
}

/// From the vendor's release notes of 2024-09-27, and from the history of diadoc/diadocapi-docs and
/// diadoc/diadocsdk-csharp: the day of the commit that took the path out.
const RETIRED: &[Retired] = {
    use Instead::{Method, Nothing, SignIn};
    use Since::{Dropped, Removed};
    &[
        retired("/Authenticate", Dropped("2022-08-22"), SignIn),
        retired("/V2/Authenticate", Dropped("2021-03-26"), SignIn),
        retired("/Devices", Removed("2025-04-07"), Nothing),
        retired(
            "/GetDocumentTypes",
            Dropped("2021-02-28"),
            Method("GetDocumentTypesV3"),
        ),
        retired(
            "/V3/GetMessage",
            Dropped("2024-07-13"),
            Method("GetMessageV6"),
        ),
        retired("/GetRecognized", Removed("2025-04-07"), Nothing),
        retired(
            "/GetResolutionChainsForOrganization",
            Dropped("2017-03-28"),
            Method("GetResolutionRoutes"),
        ),
        retired(
            "/KeyValueStorageGet",
            Dropped("2019-07-22"),
            Method("KeyValueStorageGetV2"),
        ),
        retired(
            "/KeyValueStoragePut",
            Dropped("2019-07-22"),
            Method("KeyValueStoragePutV2"),
        ),
        retired("/PostDraft", Removed("2025-04-07"), Method("PostMessageV3")),
        retired("/Recognize", Removed("2025-04-07"), Nothing),
        retired(
            "/SendMessage",
            Removed("2025-04-07"),
            Method("PostMessageV3"),
        ),
    ]
};

impl Retired {
    /// All of them that are known.
    pub fn all() -> &'static [Self] {
        RETIRED
    }

    /// The one with that path, whatever its case.
    pub fn find(path: &str) -> Option<&'static Self> {
        let mut all = RETIRED.iter();
        all.find(|retired| retired.path.eq_ignore_ascii_case(path))
    }

    /// The method to use in its place.
    pub fn instead(&self) -> Option<&'static Method> {
        match self.instead {
            Instead::Method(name) => Method::find(name),
            Instead::SignIn | Instead::Nothing => None,
        }
    }
}

impl fmt::Display for Retired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is retired: ", self.path)?;
        match self.since {
            Since::Removed(day) => write!(f, "the vendor removed it on {day}")?,
            Since::Dropped(day) => write!(f, "the vendor has not had it since {day}")?,
        }
        match (self.instead, self.instead()) {
            (Instead::SignIn, _) => f.write_str("; use an access token of OpenID Connect"),
            (_, Some(method)) => {
                write!(f, "; use {} {} ({})", method.verb, method.path, method.name)
            }
            (_, None) => f.write_str("; there is nothing in its place"),
        }
    }
}

impl std::error::Error for Retired {}
