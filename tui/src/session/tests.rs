//! Refresh tokens work once, so these tests check that none is lost and none is used twice.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::net::TcpListener;
use tonic::{
    Code, Request, Response, Status, async_trait,
    service::InterceptorLayer,
    transport::{Endpoint, Server, server::TcpIncoming},
};
use tonic_types::{ErrorDetails, StatusExt as _};
use viva_proto::v1::auth_service_server::{AuthService, AuthServiceServer};

use super::*;
use crate::paths;

/// A server that issues numbered tokens and accepts each refresh token once.
#[derive(Clone, Default)]
struct Numbers {
    given: Arc<AtomicUsize>,
    // As received, in order of the calls.
    deadlines: Arc<Mutex<Vec<String>>>,
}

impl Numbers {
    fn next(&self) -> v1::Session {
        let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        v1::Session {
            access_token: format!("access-{number}"),
            refresh_token: format!("refresh-{number}"),
            ..v1::Session::default()
        }
    }
}

#[async_trait]
impl AuthService for Numbers {
    async fn login(
        &self,
        _: Request<v1::LoginRequest>,
    ) -> Result<Response<v1::LoginResponse>, Status> {
        Ok(Response::new(v1::LoginResponse { session: Some(self.next()) }))
    }

    async fn refresh(
        &self,
        request: Request<v1::RefreshRequest>,
    ) -> Result<Response<v1::RefreshResponse>, Status> {
        let latest = format!("refresh-{}", self.given.load(Ordering::SeqCst));
        if request.into_inner().refresh_token != latest {
            let details = ErrorDetails::with_error_info("SESSION_ENDED", "viva", []);
            let ended = "Session has ended";
            return Err(Status::with_error_details(Code::Unauthenticated, ended, details));
        }
        Ok(Response::new(v1::RefreshResponse { session: Some(self.next()) }))
    }

    async fn register(
        &self,
        _: Request<v1::RegisterRequest>,
    ) -> Result<Response<v1::RegisterResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn logout(
        &self,
        _: Request<v1::LogoutRequest>,
    ) -> Result<Response<v1::LogoutResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn set_time_zone(
        &self,
        _: Request<v1::SetTimeZoneRequest>,
    ) -> Result<Response<v1::SetTimeZoneResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn list_sessions(
        &self,
        _: Request<v1::ListSessionsRequest>,
    ) -> Result<Response<v1::ListSessionsResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn end_session(
        &self,
        _: Request<v1::EndSessionRequest>,
    ) -> Result<Response<v1::EndSessionResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn end_other_sessions(
        &self,
        _: Request<v1::EndOtherSessionsRequest>,
    ) -> Result<Response<v1::EndOtherSessionsResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn change_password(
        &self,
        _: Request<v1::ChangePasswordRequest>,
    ) -> Result<Response<v1::ChangePasswordResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn delete_account(
        &self,
        _: Request<v1::DeleteAccountRequest>,
    ) -> Result<Response<v1::DeleteAccountResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    type ExportAccountStream = tokio_stream::Empty<Result<v1::ExportAccountResponse, Status>>;

    async fn export_account(
        &self,
        _: Request<v1::ExportAccountRequest>,
    ) -> Result<Response<Self::ExportAccountStream>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn get_me(
        &self,
        _: Request<v1::GetMeRequest>,
    ) -> Result<Response<v1::GetMeResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn create_api_key(
        &self,
        _: Request<v1::CreateApiKeyRequest>,
    ) -> Result<Response<v1::CreateApiKeyResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn list_api_keys(
        &self,
        _: Request<v1::ListApiKeysRequest>,
    ) -> Result<Response<v1::ListApiKeysResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn revoke_api_key(
        &self,
        _: Request<v1::RevokeApiKeyRequest>,
    ) -> Result<Response<v1::RevokeApiKeyResponse>, Status> {
        Err(Status::unimplemented(""))
    }
}

/// A server and a home folder; each process is a session opened on both.
pub(crate) struct World {
    home: tempfile::TempDir,
    url: ServerUrl,
    server: Numbers,
}

impl World {
    pub(crate) async fn start() -> Self {
        let server = Numbers::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let service = AuthServiceServer::new(server.clone());
        let deadlines = server.deadlines.clone();
        let record = move |request: Request<()>| {
            let deadline = request.metadata().get("grpc-timeout");
            let deadline = deadline.map(|deadline| deadline.to_str().unwrap().to_owned());
            deadlines.lock().unwrap().extend(deadline);
            Ok(request)
        };
        let serve = Server::builder().layer(InterceptorLayer::new(record)).add_service(service);
        tokio::spawn(serve.serve_with_incoming(TcpIncoming::from(listener)));
        Self { home: tempfile::tempdir().unwrap(), url, server }
    }

    fn process(&self) -> Session {
        Session::open(&paths::tests::below(self.home.path()), &self.url, self.channel())
    }

    /// The deadlines of the calls so far.
    pub(crate) fn deadlines(&self) -> Vec<String> {
        self.server.deadlines.lock().unwrap().clone()
    }

    /// A channel to the server.
    pub(crate) fn channel(&self) -> Channel {
        Endpoint::from(self.url.uri().clone()).connect_lazy()
    }

    pub(crate) async fn signed_in(&self) -> Session {
        let session = self.process();
        session.sign_in("ana", &"secret".into()).await.unwrap();
        session
    }
}

async fn token(session: &Session) -> String {
    session.bearer().await.unwrap().expose_secret().to_owned()
}

#[tokio::test]
async fn a_session_outlives_its_process() {
    let world = World::start().await;
    assert_eq!(world.process().bearer().await.unwrap_err().kind, ProblemKind::SignIn);
    world.signed_in().await;
    let later = world.process();
    assert_eq!(token(&later).await, "access-1");
    assert_eq!(later.username().await.as_deref(), Some("ana"));
}

#[tokio::test]
async fn many_calls_with_a_stale_token_refresh_once() {
    let world = World::start().await;
    let session = world.signed_in().await;
    let stale = session.bearer().await.unwrap();
    let calls = (0..8).map(|_| session.renew(&stale));
    for renewed in futures::future::join_all(calls).await {
        assert_eq!(renewed.unwrap().expose_secret(), "access-2");
    }
    assert_eq!(world.server.given.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn another_process_uses_the_token_that_the_first_refreshed() {
    let world = World::start().await;
    let first = world.signed_in().await;
    let second = world.process();
    let stale = first.bearer().await.unwrap();
    first.renew(&stale).await.unwrap();
    assert_eq!(second.renew(&stale).await.unwrap().expose_secret(), "access-2");
    assert_eq!(world.server.given.load(Ordering::SeqCst), 2, "nothing was refreshed twice");
}

#[tokio::test]
async fn a_refresh_continues_if_its_caller_is_dropped() {
    let world = World::start().await;
    let session = world.signed_in().await;
    let stale = session.bearer().await.unwrap();
    let mut renewal = Box::pin(session.renew(&stale));
    assert!(futures::poll!(renewal.as_mut()).is_pending());
    drop(renewal);
    // Waits for the dropped caller's refresh, and uses its token.
    assert_eq!(session.renew(&stale).await.unwrap().expose_secret(), "access-2");
    assert_eq!(token(&world.process()).await, "access-2");
}

#[tokio::test]
async fn an_ended_session_is_forgotten_but_a_late_refusal_keeps_the_new_one() {
    let world = World::start().await;
    let session = world.signed_in().await;
    let old = session.bearer().await.unwrap();
    world.server.next();
    assert_eq!(session.renew(&old).await.unwrap_err().kind, ProblemKind::SignIn);
    assert!(world.process().bearer().await.is_err(), "the file is gone");
    session.sign_in("ana", &"secret".into()).await.unwrap();
    session.reject(&old).await.unwrap();
    assert_eq!(token(&session).await, "access-3");
}
