//! `viva.v1.AuthService`.

use std::pin::Pin;

use futures::{Stream, StreamExt};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use viva_proto::v1::{self, auth_service_server::AuthService};

use super::{
    api_key, caller, convert, memory_message, origin, paging, request, status, user_agent,
};
use crate::{
    domain::{
        api_key::Bearer,
        id::{ApiKeyId, SessionId},
    },
    services::{accounts::Accounts, api_keys::ApiKeys, callers::Callers},
};

/// More bytes than any name or password has. A longer text is dropped before the call waits for its
/// turn, since each waiting call would otherwise hold as much memory as a request may take.
const LONGEST_SHOWN: usize = 4096;

/// Returns the text to check; for a text that is too long, a short one that nobody can have either.
fn shown(text: String) -> String {
    if text.len() > LONGEST_SHOWN { "\0".to_owned() } else { text }
}

/// The name of the list of API keys in page tokens.
const KEYS: &str = "keys";

/// The handlers.
pub(super) struct AuthHandlers {
    pub(super) callers: Callers,
    pub(super) accounts: Accounts,
    pub(super) keys: ApiKeys,
}

#[tonic::async_trait]
impl AuthService for AuthHandlers {
    async fn register(
        &self,
        request: Request<v1::RegisterRequest>,
    ) -> Result<Response<v1::RegisterResponse>, Status> {
        let registration = request::registration(request.get_ref()).map_err(status::of)?;
        let origin = origin::of(&request);
        let user = self.accounts.register(registration, origin).await.map_err(status::of)?;
        let message = format!("Welcome, {}. Your account is ready.", user.username);
        Ok(Response::new(v1::RegisterResponse { user_id: user.id.get(), message }))
    }

    async fn login(
        &self,
        request: Request<v1::LoginRequest>,
    ) -> Result<Response<v1::LoginResponse>, Status> {
        let (origin, client) = (origin::of(&request), user_agent::of(&request));
        let v1::LoginRequest { username, password } = request.into_inner();
        let (username, password) = (shown(username), shown(password));
        let tokens = self.accounts.login(&username, &password, origin, client).await;
        let tokens = tokens.map_err(status::of)?;
        Ok(Response::new(v1::LoginResponse { session: Some(convert::session(tokens)) }))
    }

    async fn refresh(
        &self,
        request: Request<v1::RefreshRequest>,
    ) -> Result<Response<v1::RefreshResponse>, Status> {
        let origin = origin::of(&request);
        let token = request.into_inner().refresh_token;
        let tokens = self.accounts.refresh(&token, origin).await.map_err(status::of)?;
        Ok(Response::new(v1::RefreshResponse { session: Some(convert::session(tokens)) }))
    }

    async fn logout(
        &self,
        request: Request<v1::LogoutRequest>,
    ) -> Result<Response<v1::LogoutResponse>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        let ended = if request.get_ref().everywhere {
            self.accounts.logout_everywhere(caller).await
        } else {
            self.accounts.logout(caller).await
        };
        ended.map_err(status::of)?;
        Ok(Response::new(v1::LogoutResponse {}))
    }

    async fn list_sessions(
        &self,
        request: Request<v1::ListSessionsRequest>,
    ) -> Result<Response<v1::ListSessionsResponse>, Status> {
        let caller = caller::says_of(&self.callers, &request).await?;
        let sessions = self.accounts.sessions(caller).await;
        let bearer = Bearer::Session(caller);
        let sessions = sessions.map_err(|error| caller::failed(&request, bearer, error))?;
        let message = |session| convert::active_session(session, caller.session_id);
        let sessions = sessions.into_iter().map(message).collect();
        Ok(Response::new(v1::ListSessionsResponse { sessions }))
    }

    async fn end_session(
        &self,
        request: Request<v1::EndSessionRequest>,
    ) -> Result<Response<v1::EndSessionResponse>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        let id = SessionId::new(request.get_ref().session_id);
        self.accounts.end_session(caller, id).await.map_err(status::of)?;
        Ok(Response::new(v1::EndSessionResponse { was_current: id == caller.session_id }))
    }

    async fn end_other_sessions(
        &self,
        request: Request<v1::EndOtherSessionsRequest>,
    ) -> Result<Response<v1::EndOtherSessionsResponse>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        self.accounts.end_other_sessions(caller).await.map_err(status::of)?;
        Ok(Response::new(v1::EndOtherSessionsResponse {}))
    }

    async fn change_password(
        &self,
        request: Request<v1::ChangePasswordRequest>,
    ) -> Result<Response<v1::ChangePasswordResponse>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        let new = request::new_password(request.get_ref()).map_err(status::of)?;
        let origin = origin::of(&request);
        let v1::ChangePasswordRequest { current_password, revoke_api_keys, .. } =
            request.into_inner();
        let current_password = shown(current_password);
        let changed =
            self.accounts.change_password(caller, &current_password, &new, revoke_api_keys, origin);
        let api_keys = i32::try_from(changed.await.map_err(status::of)?).unwrap_or(i32::MAX);
        Ok(Response::new(v1::ChangePasswordResponse { api_keys }))
    }

    async fn delete_account(
        &self,
        request: Request<v1::DeleteAccountRequest>,
    ) -> Result<Response<v1::DeleteAccountResponse>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        let origin = origin::of(&request);
        let password = shown(request.into_inner().password);
        self.accounts.delete(caller, &password, origin).await.map_err(status::of)?;
        Ok(Response::new(v1::DeleteAccountResponse {}))
    }

    type ExportAccountStream =
        Pin<Box<dyn Stream<Item = Result<v1::ExportAccountResponse, Status>> + Send>>;

    async fn export_account(
        &self,
        request: Request<v1::ExportAccountRequest>,
    ) -> Result<Response<Self::ExportAccountStream>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        let chunks = self.accounts.export(caller).await.map_err(status::of)?;
        // The stream is read after the call has returned; its errors still belong to the call.
        let span = tracing::Span::current();
        let messages = ReceiverStream::new(chunks).map(move |chunk| {
            let chunk = chunk.map_err(|error| span.in_scope(|| status::of(error)))?;
            Ok(v1::ExportAccountResponse { chunk })
        });
        Ok(Response::new(Box::pin(messages)))
    }

    async fn get_me(
        &self,
        request: Request<v1::GetMeRequest>,
    ) -> Result<Response<v1::GetMeResponse>, Status> {
        let caller = caller::says(&self.callers, &request).await?;
        let me = self.accounts.me(caller).await;
        let me = me.map_err(|error| caller::failed(&request, caller, error))?;
        let user = Some(convert::user(me.user));
        Ok(Response::new(v1::GetMeResponse { user, notice: me.notice.unwrap_or_default() }))
    }

    async fn set_time_zone(
        &self,
        request: Request<v1::SetTimeZoneRequest>,
    ) -> Result<Response<v1::SetTimeZoneResponse>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        let zone = memory_message::required_zone(&request.get_ref().time_zone);
        let zone = zone.map_err(status::of)?;
        let user = self.accounts.set_time_zone(caller, &zone).await.map_err(status::of)?;
        Ok(Response::new(v1::SetTimeZoneResponse { user: Some(convert::user(user)) }))
    }

    async fn create_api_key(
        &self,
        request: Request<v1::CreateApiKeyRequest>,
    ) -> Result<Response<v1::CreateApiKeyResponse>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        let draft = api_key::draft(request.get_ref(), self.keys.now()).map_err(status::of)?;
        let new = self.keys.create(caller, draft).await.map_err(status::of)?;
        let api_key = Some(api_key::message(new.key));
        Ok(Response::new(v1::CreateApiKeyResponse { api_key, secret: new.issued.secret }))
    }

    async fn list_api_keys(
        &self,
        request: Request<v1::ListApiKeysRequest>,
    ) -> Result<Response<v1::ListApiKeysResponse>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        let v1::ListApiKeysRequest { page_size, page_token } = request.get_ref();
        let page = paging::asked(KEYS, *page_size, page_token).map_err(status::of)?;
        let keys = self.keys.list(caller).await.map_err(status::of)?;
        let (keys, next_page_token) = page.of(
            KEYS,
            keys,
            |key| key.id.to_string(),
            // The list begins with the newest.
            |key, after| after.parse().is_ok_and(|after: i64| key.id.get() < after),
        );
        let api_keys = keys.into_iter().map(api_key::message).collect();
        Ok(Response::new(v1::ListApiKeysResponse { api_keys, next_page_token }))
    }

    async fn revoke_api_key(
        &self,
        request: Request<v1::RevokeApiKeyRequest>,
    ) -> Result<Response<v1::RevokeApiKeyResponse>, Status> {
        let caller = caller::of(&self.callers, &request).await?;
        let id = ApiKeyId::new(request.get_ref().api_key_id);
        self.keys.revoke(caller, id).await.map_err(status::of)?;
        Ok(Response::new(v1::RevokeApiKeyResponse {}))
    }
}
