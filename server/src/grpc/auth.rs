//! `viva.v1.AuthService`.

use tonic::{Request, Response, Status};
use viva_proto::v1::{self, auth_service_server::AuthService};

use super::{api_key, caller, convert, origin, request, status};
use crate::{
    domain::id::ApiKeyId,
    services::{accounts::Accounts, api_keys::ApiKeys, callers::Callers},
};

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
        self.accounts.logout(caller).await.map_err(status::of)?;
        Ok(Response::new(v1::LogoutResponse {}))
    }

    async fn get_me(
        &self,
        request: Request<v1::GetMeRequest>,
    ) -> Result<Response<v1::GetMeResponse>, Status> {
        let caller = caller::any(&self.callers, &request).await?;
        let user = self.accounts.me(caller.user_id()).await.map_err(status::of)?;
        Ok(Response::new(v1::GetMeResponse { user: Some(convert::user(user)) }))
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
