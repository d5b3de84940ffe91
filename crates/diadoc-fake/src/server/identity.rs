//! The identity server of a fake: signing in by OpenID Connect.

use std::collections::HashSet;
use std::time::Duration;

use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderValue, LOCATION};
use axum::http::{Method as Verb, Request, StatusCode};
use bytes::Bytes;
use diadoc_api::Token;
use diadoc_api::oidc::{
    AUTHORIZATION_PATH, CODE_GRANT, DEVICE_GRANT, DEVICE_PATH, DISCOVERY_PATH, FORM,
    REFRESH_TOKEN_GRANT, TOKEN_PATH,
};
use diadoc_api::query::{pairs, percent_encoded};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Script;
use super::reply::{Body, Reply, Shell};

mod issued;
mod kept;
mod redirect;

pub(super) use issued::Identity;
use issued::Wanted;

/// Where the vendor's own page has it, too.
const USER_PAGE: &str = "/device";
/// The keys of the identity server; the vendor's are there, too.
const KEYS_PATH: &str = "/.well-known/openid-configuration/jwks";
/// What the API says to a token that it does not know, in the vendor's words.
pub(super) const INVALID_TOKEN: &str = "Invalid auth token";

/// Names the login of who signs in, in OpenID Connect.
const LOGIN_HINT: &str = "login_hint";

const JSON: &str = "application/json; charset=utf-8";

/// The bytes that a form or query of the identity server has at most: what it says is remembered.
const LONGEST_FORM: usize = 16 << 10;

/// How a fake lets programs sign in; see [`Builder::oidc`](super::Builder::oidc). `Debug` shows no
/// secret.
///
/// ```
/// use std::time::Duration;
/// use diadoc_fake::{Approval, Fake, Oidc};
///
/// let oidc = Oidc::default()
///     .application("client-id", "client-secret")
///     .token_life(Duration::from_secs(60))
///     .approval(Approval::After(2));
/// let builder = Fake::builder().oidc(oidc);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Oidc {
    application: Option<(String, Token)>,
    refresh_token: Option<Token>,
    redirects: Vec<String>,
    token_life: Duration,
    code_life: Duration,
    interval: Duration,
    rotates: bool,
    approval: Approval,
}

/// What the user does when a program asks for access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Approval {
    /// Says yes after so many requests that ask in vain; 0 for at once. On the page for browsers the
    /// user always says yes at once.
    After(u32),
    /// Says no.
    Denied,
    /// Never answers. On the page for browsers that is a no.
    Never,
}

impl Oidc {
    /// Only this program may sign in. Otherwise any may that has an id and a secret.
    pub fn application(
        mut self,
        client_id: impl Into<String>,
        client_secret: impl Into<Token>,
    ) -> Self {
        self.application = Some((client_id.into(), client_secret.into()));
        self
    }

    /// This refresh token was issued already, and no other. Otherwise any that the fake has not given
    /// counts as one, until it is used. It belongs to the program that uses it first.
    pub fn refresh_token(mut self, token: impl Into<Token>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    /// The page of the identity server may send users back to this address as well; several calls name
    /// several. Otherwise it sends them to addresses of their own machine alone: `localhost` and the
    /// loopback addresses, with `http` or `https` and any port.
    pub fn redirect_uri(mut self, address: impl Into<String>) -> Self {
        self.redirects.push(address.into());
        self
    }

    /// How long an access token lives; a day by default, as the vendor's do.
    pub fn token_life(mut self, life: Duration) -> Self {
        self.token_life = life;
        self
    }

    /// How long a code can be used, of a device or of the page; five minutes by default.
    pub fn code_life(mut self, life: Duration) -> Self {
        self.code_life = life;
        self
    }

    /// How long a device has to wait between two requests; a second by default. One that asks earlier
    /// gets `slow_down`, and has to wait 5 s more from then on.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// A refresh token stays the same. By default each refresh gives a new one, and the old one is
    /// refused from then on.
    pub fn without_rotation(mut self) -> Self {
        self.rotates = false;
        self
    }

    /// What the user does; says yes at once by default. [`Script::approval`] changes it later.
    pub fn approval(mut self, approval: Approval) -> Self {
        self.approval = approval;
        self
    }
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            application: None,
            refresh_token: None,
            redirects: Vec::new(),
            token_life: Duration::from_secs(86_400),
            code_life: Duration::from_secs(300),
            interval: Duration::from_secs(1),
            rotates: true,
            approval: Approval::After(0),
        }
    }
}

/// A place of the identity server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Token,
    Authorization,
    Device,
    Discovery,
    Keys,
    UserPage,
}

impl Place {
    const ALL: [(&'static str, Self); 6] = [
        (TOKEN_PATH, Self::Token),
        (AUTHORIZATION_PATH, Self::Authorization),
        (DEVICE_PATH, Self::Device),
        (DISCOVERY_PATH, Self::Discovery),
        (KEYS_PATH, Self::Keys),
        (USER_PAGE, Self::UserPage),
    ];

    pub(super) fn find(path: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|(known, _)| *known == path)
            .map(|(_, place)| *place)
    }

    pub(super) fn path(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(_, place)| *place == self)
            .map_or("", |(path, _)| path)
    }

    fn verb(self) -> Verb {
        match self {
            Self::Token | Self::Device => Verb::POST,
            Self::Authorization | Self::Discovery | Self::Keys | Self::UserPage => Verb::GET,
        }
    }
}

/// Why a request is refused, in the words of OAuth.
pub(super) type Error = &'static str;

/// What the identity server answers, and a note of what was asked for and why it was refused.
pub(super) fn answer(script: &Script, place: Place, request: &Request<Bytes>) -> (Reply, String) {
    if request.method() != place.verb() {
        let reply = Reply::text(StatusCode::METHOD_NOT_ALLOWED, "another verb is meant\n");
        let verb = HeaderValue::from_str(place.verb().as_str());
        let verb = verb.unwrap_or(HeaderValue::from_static("GET"));
        return (reply.with(ALLOW, verb), "refused".to_owned());
    }
    match place {
        Place::Token => {
            let form = Form::of_body(request);
            let grant = match &form {
                Ok(form) => form.field("grant_type").unwrap_or("no grant_type"),
                Err(_) => "no form",
            };
            // What stands in the note is ours, not what somebody sent.
            let known = [REFRESH_TOKEN_GRANT, CODE_GRANT, DEVICE_GRANT];
            let grant = known.into_iter().find(|known| *known == grant);
            let given = form
                .as_ref()
                .map_err(|error| *error)
                .and_then(|form| tokens(script, form, &base(request)));
            outcome(given, grant.unwrap_or("another grant"))
        }
        Place::Device => {
            let given = Form::of_body(request).and_then(|form| device(script, &form, request));
            outcome(given, "device code")
        }
        Place::Authorization => authorize(script, request),
        Place::Discovery => {
            let reply = in_json(StatusCode::OK, &discovery(&base(request)));
            (reply, "discovery".to_owned())
        }
        Place::Keys => {
            let reply = in_json(StatusCode::OK, &json!({ "keys": [] }));
            (reply, "keys".to_owned())
        }
        Place::UserPage => {
            let text = "This is a fake: codes are confirmed by themselves.\n";
            (Reply::text(StatusCode::OK, text), "page".to_owned())
        }
    }
}

/// A refusal in the words of OAuth.
pub(super) fn refusal(error: Error) -> Reply {
    in_json(StatusCode::BAD_REQUEST, &json!({ "error": error }))
}

fn outcome(given: Result<Value, Error>, asked: &str) -> (Reply, String) {
    match given {
        Ok(body) => (in_json(StatusCode::OK, &body), asked.to_owned()),
        Err(error) => (refusal(error), format!("{asked}: {error}")),
    }
}

fn in_json(status: StatusCode, body: &Value) -> Reply {
    let reply = Reply {
        shell: Shell {
            status,
            ..Shell::ok()
        },
        body: Body::Raw(body.to_string().into(), HeaderValue::from_static(JSON)),
    };
    reply.with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

/// The fields of a form or query.
struct Form(Vec<(String, String)>);

impl Form {
    fn of_body(request: &Request<Bytes>) -> Result<Self, Error> {
        let media_type = request.headers().get(CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let media_type = media_type.and_then(|value| value.split(';').next());
        if !media_type.is_some_and(|value| value.trim().eq_ignore_ascii_case(FORM)) {
            return Err("invalid_request");
        }
        let text = str::from_utf8(request.body()).map_err(|_| "invalid_request")?;
        Self::of_text(text)
    }

    /// No field may stand twice (RFC 6749, sections 3.1 and 3.2).
    fn of_text(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST_FORM {
            return Err("invalid_request");
        }
        let pairs = pairs(text);
        let mut names = HashSet::new();
        match pairs.iter().all(|(name, _)| names.insert(name)) {
            true => Ok(Self(pairs)),
            false => Err("invalid_request"),
        }
    }

    /// One without a value counts as left out.
    fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        let (_, value) = fields.find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    fn needed(&self, name: &str) -> Result<&str, Error> {
        self.field(name).ok_or("invalid_request")
    }

    /// The program that asks, once its secret is right.
    fn application(&self, oidc: &Oidc) -> Result<&str, Error> {
        let given = (self.field("client_id"), self.field("client_secret"));
        match (given, &oidc.application) {
            ((Some(id), Some(_)), None) => Ok(id),
            ((Some(id), Some(secret)), Some(known))
                if (id, secret) == (&known.0, known.1.expose()) =>
            {
                Ok(id)
            }
            _ => Err("invalid_client"),
        }
    }
}

fn tokens(script: &Script, form: &Form, issuer: &str) -> Result<Value, Error> {
    let oidc = &script.options().identity;
    let client_id = form.application(oidc)?;
    // A refresh token that was issued before the fake began may be the login of a user.
    let named = user_named(script, form.field("refresh_token"));
    script.with_identity(|identity| {
        let given = match form.needed("grant_type")? {
            REFRESH_TOKEN_GRANT => {
                let token = form.needed("refresh_token")?.into();
                identity.refresh(oidc, client_id, token, named)?
            }
            CODE_GRANT => identity.exchange(
                oidc,
                client_id,
                &form.needed("code")?.into(),
                form.field("redirect_uri"),
                form.field("code_verifier"),
            )?,
            DEVICE_GRANT => identity.poll(oidc, client_id, &form.needed("device_code")?.into())?,
            _ => return Err("unsupported_grant_type"),
        };
        Ok(given.json(issuer, client_id))
    })
}

fn device(script: &Script, form: &Form, request: &Request<Bytes>) -> Result<Value, Error> {
    let oidc = &script.options().identity;
    let client_id = form.application(oidc)?;
    let scope = form.field("scope").ok_or("invalid_scope")?;
    let user = user_named(script, form.field(LOGIN_HINT));
    let (device_code, user_code) =
        script.with_identity(|identity| identity.device(oidc, client_id, scope, user));
    let page = format!("{}{USER_PAGE}", base(request));
    Ok(json!({
        "device_code": device_code.expose(),
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "expires_in": whole_seconds(oidc.code_life),
        "interval": whole_seconds(oidc.interval),
    }))
}

/// The page where users sign in: it sends them back at once.
fn authorize(script: &Script, request: &Request<Bytes>) -> (Reply, String) {
    let oidc = &script.options().identity;
    let refused = |text: &str| {
        let reply = Reply::text(StatusCode::BAD_REQUEST, format!("{text}\n"));
        (reply, "authorization: refused".to_owned())
    };
    let Ok(form) = Form::of_text(request.uri().query().unwrap_or_default()) else {
        return refused("a parameter stands there twice, or the query is longer than 16 KiB");
    };
    // To an address that nobody vouches for, no user is sent.
    let client_id = form.field("client_id");
    let known = oidc.application.as_ref().map(|(id, _)| id.as_str());
    let (Some(client_id), Some(redirect_uri)) = (
        client_id.filter(|id| known.is_none_or(|known| known == *id)),
        form.field("redirect_uri"),
    ) else {
        return refused("there is no client_id of a known program, or no redirect_uri");
    };
    if !redirect::is_taken(redirect_uri, &oidc.redirects) {
        return refused(
            "redirect_uri is neither an address of this machine, such as http://127.0.0.1/back, nor one \
             that `Oidc::redirect_uri` or `diadoc serve --redirect-uri` names",
        );
    }
    let user = user_named(script, form.field(LOGIN_HINT));
    let given = script.with_identity(|identity| -> Result<Token, Error> {
        if form.needed("response_type")? != "code" {
            return Err("unsupported_response_type");
        }
        let scope = form.field("scope").ok_or("invalid_scope")?;
        let challenge = form.field("code_challenge");
        if challenge.is_some() && form.field("code_challenge_method") != Some("S256") {
            return Err("invalid_request");
        }
        let wanted = Wanted {
            redirect_uri,
            scope,
            challenge,
            nonce: form.field("nonce"),
            user,
        };
        identity.code(oidc, client_id, wanted)
    });
    let (name, value, note) = match &given {
        Ok(code) => ("code", code.expose(), "authorization".to_owned()),
        Err(error) => ("error", *error, format!("authorization: {error}")),
    };
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    let mut target = format!("{redirect_uri}{separator}{name}={}", percent_encoded(value));
    if let Some(state) = form.field("state") {
        target += &format!("&state={}", percent_encoded(state));
    }
    match HeaderValue::try_from(target) {
        Ok(target) => {
            let reply = Reply {
                shell: Shell {
                    status: StatusCode::FOUND,
                    ..Shell::ok()
                },
                body: Body::Nothing,
            };
            (reply.with(LOCATION, target), note)
        }
        Err(_) => refused("redirect_uri is no address"),
    }
}

/// The user of the world whose login that is; none stands for the user of every token.
fn user_named(script: &Script, login: Option<&str>) -> Option<Uuid> {
    let login = login?;
    script.with_world(|world| world.sign_in(login))?
}

/// A time in the unit of OAuth. What is left of a second counts as one: 0 would mean that it has ended.
fn whole_seconds(time: Duration) -> u64 {
    let left = u64::from(time.subsec_nanos() > 0);
    time.as_secs().saturating_add(left)
}

fn discovery(base: &str) -> Value {
    json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}{AUTHORIZATION_PATH}"),
        "token_endpoint": format!("{base}{TOKEN_PATH}"),
        "device_authorization_endpoint": format!("{base}{DEVICE_PATH}"),
        "jwks_uri": format!("{base}{KEYS_PATH}"),
        "response_types_supported": ["code"],
        "grant_types_supported": [REFRESH_TOKEN_GRANT, CODE_GRANT, DEVICE_GRANT],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "scopes_supported": ["openid", "offline_access", "Diadoc.PublicAPI",
                             "Diadoc.PublicAPI.Staging"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["none"],
    })
}

/// The address that the request came to.
fn base(request: &Request<Bytes>) -> String {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("localhost"))
}
