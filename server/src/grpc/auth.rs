//! `viva.v1.AuthService`.

use std::pin::Pin;

use futures::{Stream, StreamExt};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use viva_proto::v1::{self, auth_service_server::AuthService};

use super::{api_key, caller, convert, origin, request, status};
use crate::{
    domain::id::ApiKeyId,
    services::{accounts::Accounts, api_keys::ApiKeys, callers::Callers},
};

/// More bytes than any name or password has. What is longer is let go before it waits to be checked:
/// those who wait would hold as much as a request may have, each of them.
const LONGEST_SHOWN: usize = 4096;

/// What is shown to be checked; in place of what nobody can have, something else that nobody has.
fn shown(text: String) -> String {
    if text.len() > LONGEST_SHOWN { "\0".to_owned() } else { text }
}

/// The handlers.
pub(super) struct Auth {
    pub(super) callers: Callers,
    pub(super) accounts: Accounts,
    pub(super) keys: ApiKeys,
}

#[tonic::async_trait]
impl AuthService for Auth {
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
        let origin = origin::of(&request);
        let v1::LoginRequest { username, password } = request.into_inner();
        let (username, password) = (shown(username), shown(password));
        let tokens = self.accounts.login(&username, &password, origin).await.map_err(status::of)?;
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
        let caller = caller::any(&self.callers, &request).await?;
        let user = self.accounts.me(caller.user_id()).await.map_err(status::of)?;
        let notice = self.accounts.notice(&user).await.map_err(status::of)?.unwrap_or_default();
        Ok(Response::new(v1::GetMeResponse { user: Some(convert::user(user)), notice }))
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
        let keys = self.keys.list(caller).await.map_err(status::of)?;
        let api_keys = keys.into_iter().map(api_key::message).collect();
        Ok(Response::new(v1::ListApiKeysResponse { api_keys }))
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
