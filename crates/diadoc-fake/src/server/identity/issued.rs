//! What the identity server has given, and when it ends.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use diadoc_api::oidc::code_challenge;
use diadoc_core::base64::encode_url_safe;
use serde_json::{Value, json};

use super::{Approval, Error, Oidc};

/// What `slow_down` adds to the interval (RFC 8628, section 3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// The scope of a refresh token that was issued before the fake began.
const SCOPE: &str = "offline_access Diadoc.PublicAPI";

/// The memory of the identity server.
#[derive(Debug)]
pub(in super::super) struct Identity {
    /// How far its clock is ahead.
    ahead: Duration,
    approval: Approval,
    /// Tells the tokens of this fake from those of another one.
    run: u64,
    count: u32,
    /// Access tokens, and when they end; none where no clock gets there.
    access: HashMap<String, Option<Instant>>,
    /// Refresh tokens, and their scope; none of one that was used.
    refresh: HashMap<String, Option<String>>,
    codes: HashMap<String, Code>,
    devices: HashMap<String, Device>,
}

/// A code of the page, until it is used.
#[derive(Debug)]
struct Code {
    client_id: String,
    redirect_uri: String,
    scope: String,
    challenge: Option<String>,
    nonce: Option<String>,
    end: Option<Instant>,
}

/// A code of a device, until it is used.
#[derive(Debug)]
struct Device {
    client_id: String,
    scope: String,
    interval: Duration,
    asked: u32,
    last: Option<Instant>,
    end: Option<Instant>,
}

/// What a program gets.
#[derive(Debug)]
pub(in super::super) struct Given {
    access_token: String,
    refresh_token: Option<String>,
    life: Duration,
    scope: String,
    nonce: Option<String>,
}

impl Identity {
    pub(in super::super) fn new(oidc: &Oidc) -> Self {
        let issued = oidc.refresh_token.iter();
        Self {
            ahead: Duration::ZERO,
            approval: oidc.approval,
            run: RandomState::new().hash_one(0),
            count: 0,
            access: HashMap::new(),
            refresh: issued
                .map(|token| (token.clone(), Some(SCOPE.to_owned())))
                .collect(),
            codes: HashMap::new(),
            devices: HashMap::new(),
        }
    }

    pub(in super::super) fn move_clock(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(by);
    }

    pub(in super::super) fn set_approval(&mut self, approval: Approval) {
        self.approval = approval;
    }

    /// Whether the API takes that access token.
    pub(in super::super) fn takes(&self, access_token: &str) -> bool {
        let end = self.access.get(access_token);
        end.is_some_and(|end| !self.is_past(*end))
    }

    pub(super) fn refresh(&mut self, oidc: &Oidc, token: &str) -> Result<Given, Error> {
        let scope = match self.refresh.get(token) {
            Some(Some(scope)) => scope.clone(),
            None if oidc.refresh_token.is_none() => SCOPE.to_owned(),
            // Unknown, or used already.
            _ => return Err("invalid_grant"),
        };
        let mut given = self.give(oidc, scope.clone(), None);
        if oidc.rotates {
            self.refresh.insert(token.to_owned(), None);
            given.refresh_token = Some(self.new_refresh_token(scope));
        }
        Ok(given)
    }

    pub(super) fn code(
        &mut self,
        oidc: &Oidc,
        client_id: &str,
        redirect_uri: &str,
        scope: &str,
        challenge: Option<&str>,
        nonce: Option<&str>,
    ) -> Result<String, Error> {
        if !matches!(self.approval, Approval::After(_)) {
            return Err("access_denied");
        }
        let code = self.name("code");
        let kept = Code {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            scope: scope.to_owned(),
            challenge: challenge.map(str::to_owned),
            nonce: nonce.map(str::to_owned),
            end: self.end(oidc.code_life),
        };
        self.codes.insert(code.clone(), kept);
        Ok(code)
    }

    pub(super) fn exchange(
        &mut self,
        oidc: &Oidc,
        client_id: &str,
        code: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
    ) -> Result<Given, Error> {
        // Whoever shows it, right or wrong, has used it.
        let code = self.codes.remove(code).ok_or("invalid_grant")?;
        let is_verified = match (&code.challenge, verifier) {
            (None, None) => true,
            (Some(challenge), Some(verifier)) => code_challenge(verifier) == *challenge,
            _ => false,
        };
        let is_the_same = code.client_id == client_id
            && redirect_uri == Some(code.redirect_uri.as_str())
            && is_verified;
        if self.is_past(code.end) || !is_the_same {
            return Err("invalid_grant");
        }
        Ok(self.sign_in(oidc, code.scope, code.nonce))
    }

    /// The code of the device, and the one for its user.
    pub(super) fn device(&mut self, oidc: &Oidc, client_id: &str, scope: &str) -> (String, String) {
        let device_code = self.name("device");
        let user_code = format!("FAKE-{:04}", self.count);
        let kept = Device {
            client_id: client_id.to_owned(),
            scope: scope.to_owned(),
            interval: oidc.interval,
            asked: 0,
            last: None,
            end: self.end(oidc.code_life),
        };
        self.devices.insert(device_code.clone(), kept);
        (device_code, user_code)
    }

    pub(super) fn poll(
        &mut self,
        oidc: &Oidc,
        client_id: &str,
        device_code: &str,
    ) -> Result<Given, Error> {
        let now = self.now();
        let device = self.devices.get_mut(device_code);
        let device = device.filter(|device| device.client_id == client_id);
        let device = device.ok_or("invalid_grant")?;
        let last = device.last.replace(now);
        if device.end.is_some_and(|end| end <= now) {
            return Err("expired_token");
        }
        if last.is_some_and(|last| now.saturating_duration_since(last) < device.interval) {
            device.interval = device.interval.saturating_add(SLOWER);
            return Err("slow_down");
        }
        device.asked = device.asked.saturating_add(1);
        match self.approval {
            Approval::After(asked) if device.asked > asked => {
                let scope = std::mem::take(&mut device.scope);
                self.devices.remove(device_code);
                Ok(self.sign_in(oidc, scope, None))
            }
            Approval::After(_) | Approval::Never => Err("authorization_pending"),
            Approval::Denied => Err("access_denied"),
        }
    }

    /// The first tokens of a sign-in.
    fn sign_in(&mut self, oidc: &Oidc, scope: String, nonce: Option<String>) -> Given {
        let mut given = self.give(oidc, scope, nonce);
        if has(&given.scope, "offline_access") {
            given.refresh_token = Some(self.new_refresh_token(given.scope.clone()));
        }
        given
    }

    fn give(&mut self, oidc: &Oidc, scope: String, nonce: Option<String>) -> Given {
        let access_token = self.name("access");
        let end = self.end(oidc.token_life);
        self.access.insert(access_token.clone(), end);
        Given {
            access_token,
            refresh_token: None,
            life: oidc.token_life,
            scope,
            nonce,
        }
    }

    fn new_refresh_token(&mut self, scope: String) -> String {
        let token = self.name("refresh");
        self.refresh.insert(token.clone(), Some(scope));
        token
    }

    fn name(&mut self, what: &str) -> String {
        self.count = self.count.wrapping_add(1);
        format!("{what}-{:016x}-{}", self.run, self.count)
    }

    fn now(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.ahead).unwrap_or(now)
    }

    fn end(&self, life: Duration) -> Option<Instant> {
        self.now().checked_add(life)
    }

    fn is_past(&self, end: Option<Instant>) -> bool {
        end.is_some_and(|end| end <= self.now())
    }
}

impl Given {
    pub(super) fn json(self, issuer: &str, client_id: &str) -> Value {
        let mut body = json!({
            "access_token": self.access_token,
            "token_type": "Bearer",
            "expires_in": self.life.as_secs(),
            "scope": self.scope,
        });
        if let Some(token) = self.refresh_token {
            body["refresh_token"] = token.into();
        }
        if has(&self.scope, "openid") {
            let mut claims = json!({ "iss": issuer, "sub": "fake-user", "aud": client_id });
            if let Some(nonce) = self.nonce {
                claims["nonce"] = nonce.into();
            }
            let part = |value: Value| encode_url_safe(value.to_string().as_bytes());
            // Nobody signs it.
            let token = format!("{}.{}.", part(json!({ "alg": "none" })), part(claims));
            body["id_token"] = token.into();
        }
        body
    }
}

fn has(scope: &str, word: &str) -> bool {
    scope.split(' ').any(|one| one == word)
}
