//! A call that may be sent.

use std::path::Path;

use diadoc_api::http::Request;
use diadoc_api::{Call, Config, Form, Method, Request as _};
use diadoc_schema::Schema;

use super::request::{self, BodySource, GivenBody};
use super::shell;
use crate::opening;
use crate::outcome::Failure;
use crate::session::{Session, Store};
use crate::settings::Settings;

/// What somebody asks for.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// A name of a method.
    pub method: &'a str,
    /// Names and values.
    pub parameters: Vec<(&'a str, &'a str)>,
    pub body: Option<BodySource>,
    /// Which body it is, of a method that takes one of several.
    pub body_name: Option<&'a str>,
    pub opening: &'a opening::Arguments,
    /// The form in which messages travel.
    pub form: Form,
    /// Whether it is sent even where it goes against the schema.
    pub unchecked: bool,
    /// The file with the settings, where another one than the usual is named.
    pub config: Option<&'a Path>,
}

/// A call that was held against the schema, and on whose behalf it is sent.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub call: Call,
    pub(super) body: Option<GivenBody>,
    pub form: Form,
    /// The address, and the credentials that are given as they are.
    pub config: Config,
    /// Who signs in.
    pub session: Option<Session>,
}

/// The method that has a name.
fn method(name: &str) -> Result<&'static Method, Failure> {
    let found = Schema::diadoc().method(name).map_err(|error| {
        Failure::new(format!(
            "{error}\n`diadoc list --methods` prints all methods."
        ))
    })?;
    // Both come from the same schema.
    Method::find(found.name())
        .ok_or_else(|| Failure::new(format!("{} cannot be called", found.name())))
}

impl Prepared {
    /// Reads what is asked for, and holds it against the schema.
    pub(crate) fn new(asked: Asked<'_>) -> Result<Self, Failure> {
        let method = method(asked.method)?;
        let mut call = Call::new(method);
        for (name, value) in asked.parameters {
            call = call.parameter(name, value);
        }
        let body = asked
            .body
            .map(|source| GivenBody::read(method, source, asked.body_name, asked.opening));
        let body = body.transpose()?;
        if let Some(body) = &body {
            call = body.add_to(call, asked.form)?;
        }
        if !asked.unchecked {
            request::check(&call, body.as_ref())?;
        }
        let settings = Settings::read(asked.config)?;
        Ok(Self {
            call,
            body,
            form: asked.form,
            config: settings.config.clone().unchecked(),
            session: Session::new(&settings),
        })
    }

    /// What the vendor says of the method, where it gives it up.
    pub(crate) fn news(&self) -> Option<String> {
        let method = self.call.method();
        method.news().map(|news| format!("{}: {news}", method.name))
    }

    /// The request as it would be sent, with `***` in the place of secrets.
    pub(crate) fn http(&self) -> Result<String, Failure> {
        let (http, config) = self.shown()?;
        Ok(shell::http(&self.call, &http, &config))
    }

    /// The command of curl that sends it, and what there is to say of it.
    pub(super) fn curl(&self) -> Result<(String, Vec<String>), Failure> {
        let (http, config) = self.shown()?;
        let mut remarks = Vec::new();
        if self.takes_stored_token()? {
            remarks.push(format!(
                "the command takes its token from DIADOC_TOKEN, which is not set: the stored one is not in it\n\
                 Set it to the `access_token` in {}.",
                Store::usual()?
            ));
        }
        for (variable, parameter) in shell::variables(&self.call) {
            remarks.push(format!(
                "the command takes `{parameter}` from {variable}, which has to be set"
            ));
        }
        let text = shell::curl(&self.call, &http, &config, self.body.as_ref(), self.form);
        Ok((text, remarks))
    }

    /// The request, without credentials, and a config with those that it would be sent with: what a token is,
    /// nobody shows.
    fn shown(&self) -> Result<(Request<bytes::Bytes>, Config), Failure> {
        super::send::check_credentials(&self.config)?;
        let bare = self.config.clone().without_credentials();
        let http = self.call.to_http(&bare, self.form);
        let http = http.map_err(|error| Failure::new(error.to_string()))?;
        let config = self.config.clone();
        Ok(match self.takes_stored_token()? {
            true => (http, config.bearer("")),
            false => (http, config),
        })
    }

    /// Whether it needs a token that the settings do not give.
    pub(super) fn needs_sign_in(&self) -> bool {
        let token = self.config.credentials().and_then(|given| given.token());
        !self.call.method().anonymous && token.is_none()
    }

    /// Whether it is sent with the token of who is signed in.
    fn takes_stored_token(&self) -> Result<bool, Failure> {
        Ok(match &self.session {
            Some(session) => self.needs_sign_in() && session.is_signed_in()?,
            None => false,
        })
    }
}
