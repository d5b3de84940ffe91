//! What the identity server has given, and when it ends.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use diadoc_api::Token;
use diadoc_api::oidc::{SLOW_DOWN, code_challenge};
use diadoc_core::base64::encode_url_safe;
use serde_json::{Value, json};
use uuid::Uuid;

use super::kept::Kept;
use super::{Approval, Error, Oidc, whole_seconds};

/// The scope of a refresh token that was issued before the fake began.
const SCOPE: &str = "offline_access Diadoc.PublicAPI";

/// The memory of the identity server. Whenever something is given, what has ended is forgotten, and of each
/// kind no more than [`MOST`](super::kept::MOST) are remembered.
#[derive(Debug)]
pub(in super::super) struct Identity {
    /// How far its clock is ahead.
    ahead: Duration,
    approval: Approval,
    /// Tells the tokens of this fake from those of another one.
    run: u64,
    count: u32,
    access: Kept<Access>,
    refresh: Kept<Refresh>,
    /// Refresh tokens that were used, of those that come from elsewhere: they would count as issued
    /// again. Those of the fake say themselves that they were given once.
    used: Kept<()>,
    codes: Kept<Code>,
    devices: Kept<Device>,
}

/// An access token that was given.
#[derive(Debug)]
struct Access {
    /// When it ends; none where no clock gets there.
    end: Option<Instant>,
    /// The user of the world whom it stands for; none for the one of every token.
    user: Option<Uuid>,
}

/// A refresh token that can be used.
#[derive(Debug)]
struct Refresh {
    /// None where it was issued before the fake began, until somebody uses it.
    client_id: Option<String>,
    scope: String,
    user: Option<Uuid>,
}

/// What a program asks of the page for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted<'r> {
    pub redirect_uri: &'r str,
    pub scope: &'r str,
    pub challenge: Option<&'r str>,
    pub nonce: Option<&'r str>,
    pub user: Option<Uuid>,
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
    user: Option<Uuid>,
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
    user: Option<Uuid>,
}

/// What a program gets.
#[derive(Debug)]
pub(in super::super) struct Given {
    access_token: Token,
    refresh_token: Option<Token>,
    /// When it was given, since the beginning of 1970.
    time: Duration,
    life: Duration,
    scope: String,
    nonce: Option<String>,
    user: Option<Uuid>,
}

impl Identity {
    pub(in super::super) fn new(oidc: &Oidc) -> Self {
        let mut refresh = Kept::default();
        if let Some(token) = &oidc.refresh_token {
            let kept = Refresh {
                client_id: None,
                scope: SCOPE.to_owned(),
                user: None,
            };
            refresh.insert(token.clone(), kept);
        }
        Self {
            ahead: Duration::ZERO,
            approval: oidc.approval,
            run: RandomState::new().hash_one(0),
            count: 0,
            access: Kept::default(),
            refresh,
            used: Kept::default(),
            codes: Kept::default(),
            devices: Kept::default(),
        }
    }

    pub(in super::super) fn move_clock(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(by);
    }

    pub(in super::super) fn set_approval(&mut self, approval: Approval) {
        self.approval = approval;
    }

    /// Whether the API takes that access token.
    pub(in super::super) fn takes(&self, access_token: &Token) -> bool {
        let access = self.access.get(access_token);
        access.is_some_and(|access| !self.is_past(access.end))
    }

    /// The user of the world whom an access token stands for.
    pub(in super::super) fn user_of(&self, access_token: &Token) -> Option<Uuid> {
        let access = self.access.get(access_token)?;
        access.user.filter(|_| !self.is_past(access.end))
    }

    pub(super) fn refresh(
        &mut self,
        oidc: &Oidc,
        client_id: &str,
        token: Token,
        named: Option<Uuid>,
    ) -> Result<Given, Error> {
        let is_own = |kept: &Refresh| kept.client_id.as_deref().is_none_or(|id| id == client_id);
        let (scope, user) = match self.refresh.get(&token) {
            Some(kept) if is_own(kept) => (kept.scope.clone(), kept.user.or(named)),
            None if self.counts_as_issued(oidc, &token) => (SCOPE.to_owned(), named),
            // Unknown, of another program, or used already.
            _ => return Err("invalid_grant"),
        };
        let mut given = self.give(oidc, scope.clone(), None, user);
        if oidc.rotates {
            if self.refresh.remove(&token).is_none() {
                self.used.insert(token, ());
            }
            given.refresh_token = Some(self.new_refresh_token(client_id, scope, user));
        } else {
            self.keep_refresh_token(token, client_id, scope, user);
        }
        Ok(given)
    }

    /// Whether a refresh token that is not kept counts as one that was issued before the fake began.
    fn counts_as_issued(&self, oidc: &Oidc, token: &Token) -> bool {
        let is_ours = token.expose().contains(&format!("-{:016x}-", self.run));
        oidc.refresh_token.is_none() && !is_ours && self.used.get(token).is_none()
    }

    pub(super) fn code(
        &mut self,
        oidc: &Oidc,
        client_id: &str,
        wanted: Wanted<'_>,
    ) -> Result<Token, Error> {
        if !matches!(self.approval, Approval::After(_)) {
            return Err("access_denied");
        }
        self.forget_ended(oidc);
        let code = self.name("code");
        let kept = Code {
            client_id: client_id.to_owned(),
            redirect_uri: wanted.redirect_uri.to_owned(),
            scope: wanted.scope.to_owned(),
            challenge: wanted.challenge.map(str::to_owned),
            nonce: wanted.nonce.map(str::to_owned),
            end: self.end(oidc.code_life),
            user: wanted.user,
        };
        self.codes.insert(code.clone(), kept);
        Ok(code)
    }

    pub(super) fn exchange(
        &mut self,
        oidc: &Oidc,
        client_id: &str,
        code: &Token,
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
        Ok(self.sign_in(oidc, client_id, code.scope, code.nonce, code.user))
    }

    /// The code of the device, and the one for its user.
    pub(super) fn device(
        &mut self,
        oidc: &Oidc,
        client_id: &str,
        scope: &str,
        user: Option<Uuid>,
    ) -> (Token, String) {
        self.forget_ended(oidc);
        let device_code = self.name("device");
        let user_code = format!("FAKE-{:04}", self.count);
        let kept = Device {
            client_id: client_id.to_owned(),
            scope: scope.to_owned(),
            interval: oidc.interval,
            asked: 0,
            last: None,
            end: self.end(oidc.code_life),
            user,
        };
        self.devices.insert(device_code.clone(), kept);
        (device_code, user_code)
    }

    pub(super) fn poll(
        &mut self,
        oidc: &Oidc,
        client_id: &str,
        device_code: &Token,
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
            device.interval = device.interval.saturating_add(SLOW_DOWN);
            return Err("slow_down");
        }
        device.asked = device.asked.saturating_add(1);
        match self.approval {
            Approval::After(asked) if device.asked > asked => {
                let (scope, user) = (std::mem::take(&mut device.scope), device.user);
                self.devices.remove(device_code);
                Ok(self.sign_in(oidc, client_id, scope, None, user))
            }
            Approval::After(_) | Approval::Never => Err("authorization_pending"),
            Approval::Denied => Err("access_denied"),
        }
    }

    /// The first tokens of a sign-in.
    fn sign_in(
        &mut self,
        oidc: &Oidc,
        client_id: &str,
        scope: String,
        nonce: Option<String>,
        user: Option<Uuid>,
    ) -> Given {
        let mut given = self.give(oidc, scope, nonce, user);
        if has(&given.scope, "offline_access") {
            let scope = given.scope.clone();
            given.refresh_token = Some(self.new_refresh_token(client_id, scope, user));
        }
        given
    }

    fn give(
        &mut self,
        oidc: &Oidc,
        scope: String,
        nonce: Option<String>,
        user: Option<Uuid>,
    ) -> Given {
        self.forget_ended(oidc);
        let access_token = self.name("access");
        let end = self.end(oidc.token_life);
        self.access
            .insert(access_token.clone(), Access { end, user });
        let time = SystemTime::now().duration_since(UNIX_EPOCH);
        Given {
            access_token,
            refresh_token: None,
            // A clock that stands before 1970 counts as one that stands there.
            time: time.unwrap_or_default().saturating_add(self.ahead),
            life: oidc.token_life,
            scope,
            nonce,
            user,
        }
    }

    fn new_refresh_token(&mut self, client_id: &str, scope: String, user: Option<Uuid>) -> Token {
        let token = self.name("refresh");
        self.keep_refresh_token(token.clone(), client_id, scope, user);
        token
    }

    fn keep_refresh_token(
        &mut self,
        token: Token,
        client_id: &str,
        scope: String,
        user: Option<Uuid>,
    ) {
        let kept = Refresh {
            client_id: Some(client_id.to_owned()),
            scope,
            user,
        };
        self.refresh.insert(token, kept);
    }

    fn forget_ended(&mut self, oidc: &Oidc) {
        let now = self.now();
        let lives = |end: Option<Instant>| end.is_none_or(|end| end > now);
        self.access.retain(|access| lives(access.end));
        self.codes.retain(|code| lives(code.end));
        // For the time of another life, whoever asks is told that it has ended.
        let forgotten = |device: &Device| device.end?.checked_add(oidc.code_life);
        self.devices.retain(|device| lives(forgotten(device)));
    }

    fn name(&mut self, what: &str) -> Token {
        self.count = self.count.wrapping_add(1);
        format!("{what}-{:016x}-{}", self.run, self.count).into()
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
            "access_token": self.access_token.expose(),
            "token_type": "Bearer",
            "expires_in": whole_seconds(self.life),
            "scope": self.scope,
        });
        if let Some(token) = self.refresh_token {
            body["refresh_token"] = token.expose().into();
        }
        if has(&self.scope, "openid") {
            let mut claims = json!({
                "iss": issuer,
                "sub": self.user.map_or_else(|| "fake-user".to_owned(), |user| user.to_string()),
                "aud": client_id,
                "iat": self.time.as_secs(),
                "exp": whole_seconds(self.time.saturating_add(self.life)),
            });
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

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(60);

    #[test]
    fn what_has_ended_is_forgotten() {
        let oidc = Oidc::default().token_life(LIFE).code_life(LIFE);
        let mut identity = Identity::new(&oidc);
        let wanted = Wanted {
            redirect_uri: "/",
            scope: "a",
            ..Wanted::default()
        };
        for _ in 0..5 {
            identity.code(&oidc, "id", wanted).unwrap();
            identity.device(&oidc, "id", "a", None);
            let device = identity.device(&oidc, "id", SCOPE, None).0;
            let given = identity.poll(&oidc, "id", &device).unwrap();
            let token = given.refresh_token.unwrap();
            identity.refresh(&oidc, "id", token, None).unwrap();
            identity.move_clock(LIFE);
        }
        identity.code(&oidc, "id", wanted).unwrap();
        // One device more: until another life has passed, its program is told that it has ended.
        let kept = (
            identity.access.len(),
            identity.codes.len(),
            identity.devices.len(),
        );
        assert_eq!(kept, (0, 1, 1));
        // One of each sign-in: it has no end. None is kept for being used.
        assert_eq!((identity.refresh.len(), identity.used.len()), (5, 0));
    }
}
