//! Why a call is refused.

use std::borrow::Cow;

/// A status and the sentence that goes with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {text}")]
pub struct Refusal {
    /// Status of HTTP, from 400 on.
    pub status: u16,
    /// The vendor's code of the error, for the header `X-Diadoc-ErrorCode`; empty where it has none.
    pub code: Cow<'static, str>,
    /// Why, in the server's own words where they are known.
    pub text: Cow<'static, str>,
    /// What is behind it, in words of this crate, for who looks at the fake; empty where there is nothing
    /// to say.
    pub hint: &'static str,
}

impl Refusal {
    fn new(status: u16, code: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code: code.into(),
            text: text.into(),
            hint: "",
        }
    }

    /// With what is behind it.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// With another code, such as `DocumentService.InvalidDocumentState`.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = code.into();
        self
    }

    /// 401: the token is nobody's.
    pub fn unauthorized(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(401, "", text)
    }

    /// 400: the request itself is wrong.
    pub fn bad_request(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "Http.BadRequest", text)
    }

    /// 402: the subscription of the box has ended.
    pub fn payment_required(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(402, "", text)
    }

    /// 403: the caller may not do this.
    pub fn forbidden(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(403, "", text)
    }

    /// 404: there is no such thing, or it is not for the caller's eyes.
    pub fn not_found(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(404, "DiadocApi.NotFound", text)
    }

    /// 500: the fake itself failed.
    pub(crate) fn failed(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(500, "", text)
    }

    /// 409: this cannot be done in the present state.
    pub fn conflict(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(409, "DiadocApi.Conflict", text)
    }
}
