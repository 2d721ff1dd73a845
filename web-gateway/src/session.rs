//! The page's session. The page keeps the access token in memory; the refresh token is in a cookie
//! that no script can read and that is sent only here. Requests from other sites get nothing.

mod cookie;
mod origin;
mod problem;
mod rotation;

use std::{
    sync::{Arc, Once},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use tonic::{Code, Status};
use viva_proto::v1::{self, auth_service_client::AuthServiceClient};

use crate::{
    forward::{self, Peer},
    gateway::Gateway,
    local::Local,
    status,
    upstream::Upstream,
};
use cookie::Jar;
use problem::Problem;
use rotation::Rotations;

/// The largest body: a name, a password of 128 characters, and room to spare.
const MAX_BODY_BYTES: usize = 16 * 1024;

/// How long the server may take to reply to one of these calls.
const LIMIT: Duration = Duration::from_secs(10);

/// The pages' sessions. Clones share them.
#[derive(Clone, Default)]
pub struct Sessions {
    rotations: Rotations,
    owner: Option<Arc<Owner>>,
}

/// The embedded server's owner, who signs in with a code instead of a password.
struct Owner {
    local: Local,
    code: SecretString,
}

impl Sessions {
    /// Sessions that the embedded server's owner can open with a code, and the code: 128 random
    /// bits, valid for the lifetime of this process.
    pub fn with_owner(local: Local) -> (Self, SecretString) {
        let code = SecretString::from(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()));
        let owner = Owner { local, code: code.clone() };
        (Self { rotations: Rotations::default(), owner: Some(Arc::new(owner)) }, code)
    }

    /// Whether the owner's link is the only way to sign in.
    pub(crate) fn is_by_link(&self) -> bool {
        self.owner.is_some()
    }
}

/// What the page sends to sign in: a name and password, or the owner's code.
#[derive(Deserialize)]
struct Login {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    code: Option<String>,
}

/// What the page sends to sign out.
#[derive(Deserialize)]
struct Logout {
    #[serde(default)]
    everywhere: bool,
}

/// What the page gets back.
#[derive(Serialize)]
struct Opened {
    access_token: String,
    /// RFC 3339.
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
}

/// `GET /session`: whether people sign in with the owner's link or with a password, and whether the
/// operator allows speech, because a page cannot read its own headers.
pub(crate) async fn way_in(State(gateway): State<Gateway>) -> Response {
    let json = match (gateway.sessions.is_by_link(), gateway.speech) {
        (true, false) => r#"{"by":"link"}"#,
        (true, true) => r#"{"by":"link","speech":true}"#,
        (false, false) => r#"{"by":"password"}"#,
        (false, true) => r#"{"by":"password","speech":true}"#,
    };
    let mut response = empty(StatusCode::OK);
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    *response.body_mut() = Body::from(json);
    response
}

/// `POST /session/login`.
pub(crate) async fn login(State(gateway): State<Gateway>, request: Request) -> Response {
    let opened = async {
        let (request, body) = SessionRequest::of(&gateway, request).await?;
        let login: Login = read(&body)?;
        let session = match login.code {
            Some(code) => by_code(&gateway, &request, &code).await?,
            None if gateway.sessions.is_by_link() => return Err(status::by_link().into()),
            None => by_password(&gateway, &request, login.username, login.password).await?,
        };
        request.opened(&gateway, session).await
    };
    opened.await.unwrap_or_else(|problem: Problem| problem.into_response())
}

/// `POST /session/refresh`.
pub(crate) async fn refresh(State(gateway): State<Gateway>, request: Request) -> Response {
    let renewed = async {
        let (request, _) = SessionRequest::of(&gateway, request).await?;
        let token = request.jar.token(&request.head.headers).ok_or_else(status::session_ended)?;
        match renew(&gateway, &request, token).await {
            Ok(session) => request.opened(&gateway, session).await,
            // Remove a cookie that no longer opens a session.
            Err(error) if error.code() == Code::Unauthenticated => {
                Ok(request.closed(Problem::from(error).into_response()))
            }
            Err(error) => Err(error.into()),
        }
    };
    renewed.await.unwrap_or_else(|problem: Problem| problem.into_response())
}

/// `POST /session/logout`.
pub(crate) async fn logout(State(gateway): State<Gateway>, request: Request) -> Response {
    let ended = async {
        let (request, body) = SessionRequest::of(&gateway, request).await?;
        let logout: Logout = read(&body)?;
        let mut response = request.closed(empty(StatusCode::NO_CONTENT));
        if let Some(token) = request.jar.token(&request.head.headers) {
            match end(&gateway, &request, token, logout.everywhere).await {
                Ok(()) => request.remove_old(response.headers_mut()),
                // It has already ended, as requested.
                Err(error) if error.code() == Code::Unauthenticated => {}
                // The cookie stays, so that the page can ask again.
                Err(error) => return Err(error.into()),
            }
        }
        Ok(response)
    };
    ended.await.unwrap_or_else(|problem: Problem| problem.into_response())
}

async fn by_code(
    gateway: &Gateway,
    request: &SessionRequest,
    code: &str,
) -> Result<v1::Session, Status> {
    let owner = gateway.sessions.owner.as_ref().ok_or_else(status::wrong_code)?;
    let is_right = owner.code.expose_secret().as_bytes().ct_eq(code.as_bytes());
    if bool::from(is_right) {
        let user_agent = request.head.headers.get(header::USER_AGENT);
        let user_agent = user_agent.and_then(|value| value.to_str().ok()).unwrap_or_default();
        owner.local.open_owner_session(user_agent).await
    } else {
        Err(status::wrong_code())
    }
}

async fn by_password(
    gateway: &Gateway,
    request: &SessionRequest,
    username: String,
    password: String,
) -> Result<v1::Session, Status> {
    let mut server = server(gateway);
    let request = request.ask(v1::LoginRequest { username, password });
    let reply = server.login(request).await.map_err(known)?;
    reply.into_inner().session.ok_or_else(status::internal)
}

/// Exchanges a refresh token for the next tokens. A request with the same token at the same time,
/// or right after, gets the same result.
async fn renew(
    gateway: &Gateway,
    request: &SessionRequest,
    token: String,
) -> Result<v1::Session, Status> {
    let request = request.ask(v1::RefreshRequest { refresh_token: token.clone() });
    let upstream = gateway.clone();
    let exchange = async move {
        let mut server = server(&upstream);
        let reply = server.refresh(request).await.map_err(known)?;
        reply.into_inner().session.ok_or_else(status::internal)
    };
    gateway.sessions.rotations.once(&token, exchange).await
}

/// Ends the session that a refresh token belongs to, or every session of its account.
async fn end(
    gateway: &Gateway,
    request: &SessionRequest,
    token: String,
    everywhere: bool,
) -> Result<(), Status> {
    let session = renew(gateway, request, token.clone()).await?;
    let mut server = server(gateway);
    let request = request.ask_as(v1::LogoutRequest { everywhere }, &session);
    server.logout(request).await.map_err(known)?;
    gateway.sessions.rotations.forget(&token);
    Ok(())
}

fn server(gateway: &Gateway) -> AuthServiceClient<Upstream> {
    AuthServiceClient::new(gateway.upstream.clone())
}

/// Keeps an error from the server or from the connection to it. An error without a reason comes
/// from neither, and is replaced by one of ours.
fn known(error: Status) -> Status {
    if !error.details().is_empty() {
        return error;
    }
    tracing::warn!(%error, "the server's reply cannot be read");
    status::unavailable()
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Status> {
    serde_json::from_slice(body).map_err(|_| status::unreadable())
}

fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A request from the page itself.
struct SessionRequest {
    head: Parts,
    peer: Peer,
    jar: Jar,
}

impl SessionRequest {
    /// The request and its body, if it comes from the page itself and has the right content type.
    async fn of(gateway: &Gateway, request: Request) -> Result<(Self, bytes::Bytes), Problem> {
        let (head, body) = request.into_parts();
        let page = origin::of(&head, gateway.by_tls).ok_or_else(|| refused(&head))?;
        if !is_json(&head.headers) {
            return Err(Problem::kind());
        }
        let body = gateway.bodies.read(body, MAX_BODY_BYTES).await;
        let body = body.map_err(|_| status::unreadable())?;
        let peer = head.extensions.get().copied().unwrap_or(Peer(None));
        Ok((Self { head, peer, jar: Jar { is_secure: page.is_secure, port: page.port } }, body))
    }

    /// A message on the page's behalf.
    fn ask<T>(&self, message: T) -> tonic::Request<T> {
        let mut request = tonic::Request::new(message);
        *request.metadata_mut() = forward::metadata(&self.head.headers, self.peer);
        // Forward only the session's own credential, or none.
        request.metadata_mut().remove(header::AUTHORIZATION.as_str());
        request.set_timeout(LIMIT);
        request
    }

    /// The same, with a session's credential.
    fn ask_as<T>(&self, message: T, session: &v1::Session) -> tonic::Request<T> {
        let mut request = self.ask(message);
        if let Ok(mut value) = HeaderValue::try_from(format!("Bearer {}", session.access_token)) {
            value.set_sensitive(true);
            let mut headers = request.metadata().clone().into_headers();
            headers.insert(header::AUTHORIZATION, value);
            *request.metadata_mut() = tonic::metadata::MetadataMap::from_headers(headers);
        }
        request
    }

    /// Replies with the tokens, for the page and for the cookie.
    async fn opened(&self, gateway: &Gateway, session: v1::Session) -> Result<Response, Problem> {
        let username = self.username(gateway, &session).await;
        let expires = session.access_token_expires_at.ok_or_else(status::internal)?;
        let until = session.refresh_token_expires_at.ok_or_else(status::internal)?;
        let opened = Opened {
            access_token: session.access_token,
            expires_at: expires.to_string(),
            username,
        };
        let json = serde_json::to_vec(&opened).map_err(|_| status::internal())?;
        let mut response = empty(StatusCode::OK);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let cookie = self.jar.keep(&session.refresh_token, seconds_until(until.seconds));
        headers.insert(header::SET_COOKIE, cookie.ok_or_else(status::internal)?);
        self.remove_old(headers);
        *response.body_mut() = Body::from(json);
        Ok(response)
    }

    /// Removes the cookie with the old name, now that it has a successor.
    fn remove_old(&self, headers: &mut HeaderMap) {
        if let Some(old) = self.jar.remove_old(&self.head.headers) {
            headers.append(header::SET_COOKIE, old);
        }
    }

    /// Removes the cookie with the reply.
    fn closed(&self, mut response: Response) -> Response {
        response.headers_mut().insert(header::SET_COOKIE, self.jar.remove());
        response
    }

    /// The username of a session. Without one, the page asks for it itself.
    async fn username(&self, gateway: &Gateway, session: &v1::Session) -> Option<String> {
        let reply = server(gateway).get_me(self.ask_as(v1::GetMeRequest {}, session)).await.ok()?;
        Some(reply.into_inner().user?.username)
    }
}

/// Why a request is not accepted as the page's own. A fault that only the proxy's operator can fix
/// is logged, once.
fn refused(head: &Parts) -> Status {
    static LOGGED: Once = Once::new();
    let Some((origin, host)) = origin::changed_on_the_way(head) else { return status::foreign() };
    LOGGED.call_once(|| {
        tracing::error!(
            origin,
            host,
            "the browser's origin and the Host of its request differ, so nobody can sign in: have the proxy pass \
             the Host on, in nginx with  proxy_set_header Host $http_host;"
        );
    });
    status::host_changed()
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

fn seconds_until(moment: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    (moment - i64::try_from(now).unwrap_or(i64::MAX)).max(0)
}
