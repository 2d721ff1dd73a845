//! `viva.v1.AuthService`.

use tonic::{Request, Response, Status};
use viva_proto::v1::{self, auth_service_server::AuthService};

use super::{caller, convert, origin, request, status};
use crate::services::accounts::Accounts;

/// The handlers.
pub(super) struct Auth {
    pub(super) accounts: Accounts,
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
        let caller = caller::of(&self.accounts, &request).await?;
        self.accounts.logout(caller).await.map_err(status::of)?;
        Ok(Response::new(v1::LogoutResponse {}))
    }

    async fn get_me(
        &self,
        request: Request<v1::GetMeRequest>,
    ) -> Result<Response<v1::GetMeResponse>, Status> {
        let caller = caller::of(&self.accounts, &request).await?;
        let user = self.accounts.me(caller).await.map_err(status::of)?;
        Ok(Response::new(v1::GetMeResponse { user: Some(convert::user(user)) }))
    }

    async fn create_api_key(
        &self,
        request: Request<v1::CreateApiKeyRequest>,
    ) -> Result<Response<v1::CreateApiKeyResponse>, Status> {
        caller::of(&self.accounts, &request).await?;
        Err(status::unimplemented("CreateApiKey"))
    }

    async fn list_api_keys(
        &self,
        request: Request<v1::ListApiKeysRequest>,
    ) -> Result<Response<v1::ListApiKeysResponse>, Status> {
        caller::of(&self.accounts, &request).await?;
        Err(status::unimplemented("ListApiKeys"))
    }

    async fn revoke_api_key(
        &self,
        request: Request<v1::RevokeApiKeyRequest>,
    ) -> Result<Response<v1::RevokeApiKeyResponse>, Status> {
        caller::of(&self.accounts, &request).await?;
        Err(status::unimplemented("RevokeApiKey"))
    }
}
